//! What an amount is made of.

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Band, BasePer, CountFilter, Divide, LumpPer, Rate};
use crate::{Nok, Share};

/// A part of an amount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Component {
    /// A fixed amount.
    Base {
        /// The name of the component, unique in the model.
        id: String,
        /// The legal basis, where it is not that of the model.
        #[serde(skip_serializing_if = "Option::is_none")]
        legal_basis: Option<String>,
        /// For what it is paid.
        per: BasePer,
        /// The amount.
        #[serde(with = "crate::money::plain")]
        #[schemars(with = "String")]
        amount: Nok,
    },
    /// A rate times people.
    PerHead {
        /// The name of the component, unique in the model.
        id: String,
        /// The legal basis, where it is not that of the model.
        #[serde(skip_serializing_if = "Option::is_none")]
        legal_basis: Option<String>,
        /// The rates, the oldest first.
        rates: Vec<Rate>,
        /// Who counts.
        count: Vec<CountFilter>,
    },
    /// An amount by size.
    Lump {
        /// The name of the component, unique in the model.
        id: String,
        /// The legal basis, where it is not that of the model.
        #[serde(skip_serializing_if = "Option::is_none")]
        legal_basis: Option<String>,
        /// Whose size it is.
        per: LumpPer,
        /// The bands, the smallest first.
        bands: Vec<Band>,
        /// Who counts.
        count: Vec<CountFilter>,
    },
    /// A part of the frame that is set aside for a purpose.
    Share {
        /// The name of the component, unique in the model.
        id: String,
        /// The legal basis, where it is not that of the model.
        #[serde(skip_serializing_if = "Option::is_none")]
        legal_basis: Option<String>,
        /// The tag of the projects that share it; `newcomers` for those who were never served.
        purpose: String,
        /// The part of the frame.
        #[schemars(with = "String")]
        share: Share,
        /// How it is divided.
        divide: Divide,
    },
}

/// The purpose of a share that lets newcomers in.
pub(crate) const NEWCOMERS: &str = "newcomers";

impl Component {
    /// The name.
    pub fn id(&self) -> &str {
        match self {
            Self::Base { id, .. }
            | Self::PerHead { id, .. }
            | Self::Lump { id, .. }
            | Self::Share { id, .. } => id,
        }
    }

    /// Its own legal basis, where it has one.
    pub fn legal_basis(&self) -> Option<&str> {
        match self {
            Self::Base { legal_basis, .. }
            | Self::PerHead { legal_basis, .. }
            | Self::Lump { legal_basis, .. }
            | Self::Share { legal_basis, .. } => legal_basis.as_deref(),
        }
    }

    /// Who counts in it.
    pub fn count(&self) -> &[CountFilter] {
        match self {
            Self::PerHead { count, .. } | Self::Lump { count, .. } => count,
            Self::Base { .. } | Self::Share { .. } => &[],
        }
    }
}

/// A component as it is written. All fields are optional here so that an error names the field that is wrong, which a tagged
/// enum can not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    kind: Kind,
    id: String,
    legal_basis: Option<String>,
    per: Option<Per>,
    #[serde(default, with = "crate::money::plain::option")]
    amount: Option<Nok>,
    rates: Option<Vec<Rate>>,
    count: Option<Vec<CountFilter>>,
    bands: Option<Vec<Band>>,
    purpose: Option<String>,
    share: Option<Share>,
    divide: Option<Divide>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Base,
    PerHead,
    Lump,
    Share,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Per {
    Project,
    Partner,
    Municipality,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::PerHead => "per_head",
            Self::Lump => "lump",
            Self::Share => "share",
        }
    }
}

impl<'de> Deserialize<'de> for Component {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Written::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

impl TryFrom<Written> for Component {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let kind = written.kind;
        let given = [
            ("per", written.per.is_some()),
            ("amount", written.amount.is_some()),
            ("rates", written.rates.is_some()),
            ("count", written.count.is_some()),
            ("bands", written.bands.is_some()),
            ("purpose", written.purpose.is_some()),
            ("share", written.share.is_some()),
            ("divide", written.divide.is_some()),
        ];
        let wanted: &[&str] = match kind {
            Kind::Base => &["per", "amount"],
            Kind::PerHead => &["rates", "count"],
            Kind::Lump => &["per", "bands", "count"],
            Kind::Share => &["purpose", "share", "divide"],
        };
        for (field, there) in given {
            match (there, wanted.contains(&field)) {
                (true, false) => {
                    return Err(format!("a component of kind {} has no field `{field}`", kind.name()));
                }
                (false, true) => {
                    return Err(format!("a component of kind {} needs the field `{field}`", kind.name()));
                }
                _ => {}
            }
        }
        let (id, legal_basis) = (written.id, written.legal_basis);
        let (count, per) = (written.count.unwrap_or_default(), written.per);
        Ok(match kind {
            Kind::Base => Self::Base {
                id,
                legal_basis,
                per: match per {
                    Some(Per::Partner) => BasePer::Partner,
                    Some(Per::Municipality) => BasePer::Municipality,
                    _ => BasePer::Project,
                },
                amount: written.amount.unwrap_or_default(),
            },
            Kind::PerHead => {
                Self::PerHead { id, legal_basis, rates: written.rates.unwrap_or_default(), count }
            }
            Kind::Lump => Self::Lump {
                id,
                legal_basis,
                per: match per {
                    Some(Per::Partner) => LumpPer::Partner,
                    Some(Per::Municipality) => {
                        return Err("a component of kind lump is per project or per partner".to_owned());
                    }
                    _ => LumpPer::Project,
                },
                bands: written.bands.unwrap_or_default(),
                count,
            },
            Kind::Share => Self::Share {
                id,
                legal_basis,
                purpose: written.purpose.unwrap_or_default(),
                share: written.share.unwrap_or(Share::ZERO),
                divide: written.divide.unwrap_or(Divide::Equal),
            },
        })
    }
}
