//! Funding models: versioned rules that turn headcounts into amounts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Measure, Nok, Quantity, UnitKind};

/// Registers withhold counts of one to four, so an assumption about them lies there.
const WITHHELD_MILLI: std::ops::RangeInclusive<i64> = 1000..=4000;

/// A funding model (tildelingsmodell): a base amount per project and a rate per counted person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// The amount per project and year.
    pub base: Nok,
    /// The amount per unit of headcount and year.
    pub rate: Nok,
    /// Which records count: unit kind and measure, each pair once.
    pub counted: Vec<(UnitKind, Measure)>,
    /// What is assumed where a register withholds a count of one to four.
    pub withheld_assumed: Quantity,
}

/// What is wrong with a funding model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// `key` is empty.
    #[error("the key is empty")]
    EmptyKey,
    /// `version` is zero.
    #[error("the version is zero; versions start at 1")]
    VersionZero,
    /// `validToYear` lies before `validFromYear`.
    #[error("the last valid year {to} is before the first {from}")]
    YearsReversed {
        /// The first valid year.
        from: i16,
        /// The last valid year.
        to: i16,
    },
    /// `legalBasis` is empty, so that no letter could say why.
    #[error("the legal basis is empty")]
    NoLegalBasis,
    /// `base` is below zero.
    #[error("the base {0} is below zero")]
    NegativeBase(Nok),
    /// `rate` is below zero.
    #[error("the rate {0} is below zero")]
    NegativeRate(Nok),
    /// There is a rate, and nothing to multiply it with.
    #[error("there is a rate but nothing is counted")]
    NothingCounted,
    /// A pair of unit kind and measure stands twice and would count twice.
    #[error("{0:?} by {1:?} is counted twice")]
    CountedTwice(UnitKind, Measure),
    /// `withheldAssumed` lies outside what registers withhold.
    #[error("the count {0} assumed for withheld headcounts is not between 1 and 4")]
    WithheldOutsideRange(Quantity),
}

impl FundingModel {
    /// Whether the model is usable; tells all that is wrong, not only the first.
    pub fn validate(&self) -> Result<(), Vec<ModelError>> {
        let mut errors = Vec::new();
        if self.key.trim().is_empty() {
            errors.push(ModelError::EmptyKey);
        }
        if self.version == 0 {
            errors.push(ModelError::VersionZero);
        }
        if self.valid_to_year < self.valid_from_year {
            errors.push(ModelError::YearsReversed { from: self.valid_from_year, to: self.valid_to_year });
        }
        if self.legal_basis.trim().is_empty() {
            errors.push(ModelError::NoLegalBasis);
        }
        if self.base < Nok::ZERO {
            errors.push(ModelError::NegativeBase(self.base));
        }
        if self.rate < Nok::ZERO {
            errors.push(ModelError::NegativeRate(self.rate));
        }
        if self.rate != Nok::ZERO && self.counted.is_empty() {
            errors.push(ModelError::NothingCounted);
        }
        let mut seen = BTreeSet::new();
        for &(unit_kind, measure) in &self.counted {
            if !seen.insert((unit_kind, measure)) {
                errors.push(ModelError::CountedTwice(unit_kind, measure));
            }
        }
        if !WITHHELD_MILLI.contains(&self.withheld_assumed.milli()) {
            errors.push(ModelError::WithheldOutsideRange(self.withheld_assumed));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Whether the model holds in a year.
    pub fn holds_in(&self, year: i16) -> bool {
        (self.valid_from_year..=self.valid_to_year).contains(&year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> FundingModel {
        FundingModel {
            key: "practice".to_owned(),
            version: 1,
            valid_from_year: 2020,
            valid_to_year: 2025,
            legal_basis: "Practice regulation § 1".to_owned(),
            base: Nok::from_ore(10_000_000),
            rate: Nok::from_ore(50_000),
            counted: vec![(UnitKind::PrimarySchool, Measure::ManYears)],
            withheld_assumed: Quantity::from_whole(3),
        }
    }

    #[test]
    fn a_sound_model_passes() {
        assert_eq!(sound().validate(), Ok(()));
        let base_only = FundingModel { rate: Nok::ZERO, counted: vec![], ..sound() };
        assert_eq!(base_only.validate(), Ok(()));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let pair = (UnitKind::Kindergarten, Measure::Employees);
        let broken = FundingModel {
            key: " ".to_owned(),
            version: 0,
            valid_from_year: 2021,
            valid_to_year: 2020,
            legal_basis: String::new(),
            base: Nok::from_ore(-1),
            rate: Nok::from_ore(-2),
            counted: vec![pair, pair],
            withheld_assumed: Quantity::ZERO,
        };
        let expected = vec![
            ModelError::EmptyKey,
            ModelError::VersionZero,
            ModelError::YearsReversed { from: 2021, to: 2020 },
            ModelError::NoLegalBasis,
            ModelError::NegativeBase(Nok::from_ore(-1)),
            ModelError::NegativeRate(Nok::from_ore(-2)),
            ModelError::CountedTwice(pair.0, pair.1),
            ModelError::WithheldOutsideRange(Quantity::ZERO),
        ];
        assert_eq!(broken.validate(), Err(expected));
        let idle = FundingModel { counted: vec![], ..sound() };
        assert_eq!(idle.validate(), Err(vec![ModelError::NothingCounted]));
    }
}
