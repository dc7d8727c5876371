//! Bodies that several resources share, and the two macros that a resource's file is written with.

use serde::{Deserialize, Serialize};
use tildel_usecases::Page;
use tildel_usecases::domain::allocation::Nok;
use tildel_usecases::domain::{Refusal, text};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::cursor_of;

/// A thing of the domain that has a body on the wire.
pub trait Resource: Sized + Send + 'static {
    /// The body.
    type Body: Serialize + From<Self>;
    /// Where things of this kind are, without a slash at the end; none for things without a place of their own.
    const COLLECTION: Option<&'static str>;

    /// The id.
    fn id(&self) -> Uuid;
    /// The version; 1 for things that never change.
    fn version(&self) -> i64;
}

/// Says which body a thing of the domain has, and where it is.
///
/// `resource!(domain::Round => Round at "/v1/rounds")` for things with `id` and `version`;
/// `resource!(domain::Run => Run at "/v1/runs", unversioned)` for things that never change, or have no version.
macro_rules! resource {
    ($domain:ty => $body:ident at $collection:literal $(, $unversioned:ident)?) => {
        impl $crate::body::Resource for $domain {
            type Body = $body;
            const COLLECTION: Option<&'static str> = Some($collection);

            fn id(&self) -> uuid::Uuid {
                self.id.into()
            }

            resource!(@version $($unversioned)?);
        }
    };
    (@version unversioned) => {
        fn version(&self) -> i64 {
            1
        }
    };
    (@version) => {
        fn version(&self) -> i64 {
            self.version
        }
    };
}

/// Writes an enum of the domain for the wire, in snake case, with conversions both ways.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident = $domain:ty { $($(#[$variant_meta:meta])* $variant:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                type Domain = $domain;
                match value { $(Domain::$variant => Self::$variant,)+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                type Domain = $domain;
                match value { $($name::$variant => Domain::$variant,)+ }
            }
        }
    };
}

/// Writes the tag of one branch of a union: an enum of one word, in snake case.
macro_rules! tag {
    ($(#[$meta:meta])* $name:ident = $word:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            #[doc = "The one word."]
            $word,
        }
    };
}

pub(crate) use {resource, tag, wire_enum};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageBody<T> {
    /// The things on this page, in order.
    pub items: Vec<T>,
    /// Give it as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> PageBody<T> {
    /// The body of a page.
    pub fn of<D>(page: Page<D>) -> Self
    where
        T: From<D>,
    {
        Self { items: page.items.into_iter().map(T::from).collect(), next_cursor: page.next.map(cursor_of) }
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Kroner with at most two decimals.
    #[schema(pattern = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?$", example = "125000.00")]
    pub amount: String,
    /// The currency.
    pub currency: Currency,
}

/// The one currency of the grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Currency {
    /// Norwegian kroner.
    #[serde(rename = "NOK")]
    Nok,
}

impl From<Nok> for Money {
    fn from(amount: Nok) -> Self {
        Self { amount: amount.to_string(), currency: Currency::Nok }
    }
}

impl Money {
    /// Reads the amount of the field at `pointer`.
    pub fn read(&self, pointer: &str) -> Result<Nok, Refusal> {
        self.amount.parse().map_err(|error| Refusal::invalid(&format!("{pointer}/amount"), error))
    }
}

/// An amount of money that may be below zero, such as a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedMoney {
    /// Kroner with two decimals.
    #[schema(pattern = r"^-?(0|[1-9][0-9]{0,16})\.[0-9]{2}$", example = "-125000.00")]
    pub amount: String,
    /// The currency.
    pub currency: Currency,
}

impl From<Nok> for SignedMoney {
    fn from(amount: Nok) -> Self {
        Self { amount: amount.to_string(), currency: Currency::Nok }
    }
}

wire_enum! {
    /// A language: Norwegian bokmål, Norwegian nynorsk or English.
    Language = text::Language {
        /// Bokmål.
        Nb,
        /// Nynorsk.
        Nn,
        /// English.
        En,
    }
}

/// A text for people, by language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// Bokmål; also what stands in for a language that is missing.
    #[schema(min_length = 1, max_length = 2000)]
    pub nb: String,
    /// Nynorsk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub nn: Option<String>,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub en: Option<String>,
}

impl From<text::LocalText> for LocalText {
    fn from(text: text::LocalText) -> Self {
        Self { nb: text.nb, nn: text.nn, en: text.en }
    }
}

impl From<LocalText> for text::LocalText {
    fn from(text: LocalText) -> Self {
        Self { nb: text.nb, nn: text.nn, en: text.en }
    }
}

/// One line of an address or of a list of addressees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(min_length = 1, max_length = 200)]
pub struct Line(pub String);

/// Long work that has begun.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Begun {
    /// The operation that tells how it goes, at `/v1/operations/{id}`.
    pub operation_id: Uuid,
}
