//! Funding models (tildelingsmodell): versioned documents of rules that turn headcounts into amounts.

mod check;
mod component;
mod document;
mod settings;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Nok, Quantity, Share};

pub use check::{ModelError, ModelProblem};
pub use component::Component;
pub(crate) use component::NEWCOMERS;
pub use document::{
    DocumentError, DocumentFormat, DocumentProblem, funding_model_schema, place_in_document, read_document,
};
pub use settings::{
    Admission, AdmissionRule, Band, BasePer, Completion, CountFilter, Divide, Fit, InstalmentShare, Limits,
    LumpPer, OnShortage, PayTo, Rate, Renewal, Rounding, Settlement,
};

/// A funding model. The meaning of each part is in `docs/bundle.md`, sections 4 to 8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FundingModel {
    /// The stable name of the model, such as `kompetanseloftet-2020`.
    pub key: String,
    /// The version, from 1; where several versions are valid in a year, the highest one rules.
    pub version: u32,
    /// The first year in which the model holds.
    pub valid_from_year: i16,
    /// The last year in which the model holds.
    pub valid_to_year: i16,
    /// The legal basis (hjemmel) that letters cite.
    pub legal_basis: String,
    /// Amounts are whole multiples of it.
    #[serde(default = "krone", with = "crate::money::plain")]
    #[schemars(with = "String")]
    pub unit: Nok,
    /// How amounts that were fitted to a frame are rounded together.
    #[serde(default)]
    pub rounding: Rounding,
    /// How the amounts are fitted to the frame.
    #[serde(default)]
    pub fit: Fit,
    /// What an amount is made of, added in this order.
    pub components: Vec<Component>,
    /// The least that a project gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floors: Option<Limits>,
    /// The most that a project gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Limits>,
    /// What is assumed where a register withholds a count of one to four.
    #[schemars(with = "String")]
    pub withheld_assumed: Quantity,
    /// Whether a rate or a headcount that changes inside a year splits it, by days.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub split_year: bool,
    /// Whether the forum must renew a grant for each year after its first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Renewal>,
    /// How waiting projects are let in.
    #[serde(default)]
    pub admission: Admission,
    /// What becomes of the difference where a decided year would be another amount today.
    #[serde(default)]
    pub settlement: Settlement,
    /// The largest part of a year's frame that may be carried into the next year.
    #[serde(default = "nothing")]
    #[schemars(with = "String")]
    pub carry_over: Share,
    /// The own contribution (egenandel) as a part of the grant; 30 per cent where nothing else is said.
    #[serde(default = "three_tenths")]
    #[schemars(with = "String")]
    pub own_contribution: Share,
    /// The part of the grant that goes to the provider (UH partner).
    #[serde(default = "nothing")]
    #[schemars(with = "String")]
    pub provider_share: Share,
    /// Who receives the money.
    #[serde(default)]
    pub pay_to: PayTo,
    /// In which parts a year's amount is paid; none for a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<InstalmentShare>,
    /// A published seed, in hexadecimal: with it, ties in rounding are broken by lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie_seed: Option<String>,
}

const fn krone() -> Nok {
    Nok::from_ore(100)
}

const fn nothing() -> Share {
    Share::ZERO
}

fn three_tenths() -> Share {
    Share::new(3, 10).unwrap_or(Share::ZERO)
}

impl FundingModel {
    /// Whether the model holds in a year.
    pub fn holds_in(&self, year: i16) -> bool {
        (self.valid_from_year..=self.valid_to_year).contains(&year)
    }

    /// The name and version, `kompetanseloftet-2020@1`.
    pub fn rule(&self) -> String {
        format!("{}@{}", self.key, self.version)
    }

    /// The simplest model: a base per project and a rate per counted person, in whole kroner, without fitting.
    pub fn base_and_rate(
        key: impl Into<String>,
        years: std::ops::RangeInclusive<i16>,
        legal_basis: impl Into<String>,
        base: Nok,
        rate: Nok,
        count: Vec<CountFilter>,
    ) -> Self {
        let mut components = vec![Component::Base {
            id: "base".to_owned(),
            legal_basis: None,
            per: BasePer::Project,
            amount: base,
        }];
        if !count.is_empty() {
            components.push(Component::PerHead {
                id: "per-head".to_owned(),
                legal_basis: None,
                rates: vec![Rate { from: None, rate }],
                count,
            });
        }
        Self {
            key: key.into(),
            version: 1,
            valid_from_year: *years.start(),
            valid_to_year: *years.end(),
            legal_basis: legal_basis.into(),
            unit: krone(),
            rounding: Rounding::default(),
            fit: Fit::default(),
            components,
            floors: None,
            caps: None,
            withheld_assumed: Quantity::from_whole(3),
            split_year: false,
            renewal: None,
            admission: Admission::default(),
            settlement: Settlement::default(),
            carry_over: nothing(),
            own_contribution: three_tenths(),
            provider_share: nothing(),
            pay_to: PayTo::default(),
            instalments: Vec::new(),
            tie_seed: None,
        }
    }
}
