//! What must hold of a funding model.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::component::NEWCOMERS;
use super::{AdmissionRule, Component, CountFilter, Fit, FundingModel, Limits, OnShortage};
use crate::{Exact, Nok, Share};

/// Registers withhold counts of one to four, so an assumption about them lies there.
const WITHHELD_MILLI: RangeInclusive<i64> = 1000..=4000;
/// More would be a mistake, and the work of a plan grows with it.
const MAX_LIST: usize = 100;
/// The longest text of a model.
const MAX_TEXT: usize = 1000;

/// Something wrong with a funding model, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {problem}")]
pub struct ModelError {
    /// The field, as a JSON pointer: `/components/1/rates/0/rate`.
    pub pointer: String,
    /// What is wrong with it.
    pub problem: ModelProblem,
}

/// What is wrong with a field of a funding model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelProblem {
    /// A text is empty or longer than it may be.
    #[error("give a text of 1 to 1000 characters")]
    Text,
    /// Versions start at 1.
    #[error("the version is zero; versions start at 1")]
    VersionZero,
    /// The last year lies before the first.
    #[error("the last valid year {to} is before the first {from}")]
    YearsReversed {
        /// The first valid year.
        from: i16,
        /// The last valid year.
        to: i16,
    },
    /// An amount is below zero.
    #[error("the amount {0} is below zero")]
    Negative(Nok),
    /// The unit is not above zero.
    #[error("the unit {0} is not above zero; whole kroner are 1.00")]
    Unit(Nok),
    /// A list is empty.
    #[error("the list is empty")]
    Empty,
    /// A list is longer than 100.
    #[error("the list has more than 100 entries")]
    TooMany,
    /// The same thing stands twice and would count twice.
    #[error("this stands twice")]
    Twice,
    /// A list of dates or sizes does not rise.
    #[error("entries must rise; this one does not come after the one before")]
    NotRising,
    /// The assumption lies outside what registers withhold.
    #[error("the count assumed for withheld headcounts is not between 1 and 4")]
    WithheldOutsideRange,
    /// Shares that should add up to 1 do not.
    #[error("the shares add up to {0}, not to 1")]
    SharesNotWhole(String),
    /// Shares of the frame add up to more than all of it.
    #[error("the shares set aside add up to more than the whole frame")]
    SharesTooLarge,
    /// A floor lies above a cap of the same kind.
    #[error("the floor {floor} is above the cap {cap}")]
    FloorAboveCap {
        /// The floor.
        floor: Nok,
        /// The cap.
        cap: Nok,
    },
    /// `partial` without `by_priority`.
    #[error("partial amounts need the fit by_priority")]
    PartialNeedsPriority,
    /// A reserved share without exactly one share for newcomers, or the other way round.
    #[error("the rule reserved_share goes with exactly one share component for the purpose newcomers")]
    NewcomerShare,
    /// A field that only accounts use.
    #[error("only the rule accounts has this field")]
    OnlyAccounts,
    /// Not a date of the year.
    #[error("give month and day such as 03-15")]
    MonthAndDay,
    /// Not hexadecimal.
    #[error("give an even number of hexadecimal digits, at most 128")]
    Seed,
}

struct Checker {
    errors: Vec<ModelError>,
}

impl Checker {
    fn must(&mut self, holds: bool, pointer: impl Into<String>, problem: ModelProblem) {
        if !holds {
            self.errors.push(ModelError { pointer: pointer.into(), problem });
        }
    }

    fn text(&mut self, pointer: impl Into<String>, text: &str) {
        self.must(
            !text.trim().is_empty() && text.len() <= MAX_TEXT && !text.contains('\0'),
            pointer,
            ModelProblem::Text,
        );
    }

    fn amount(&mut self, pointer: impl Into<String>, amount: Nok) {
        self.must(amount >= Nok::ZERO, pointer, ModelProblem::Negative(amount));
    }

    fn list<T>(&mut self, pointer: &str, list: &[T]) {
        self.must(!list.is_empty(), pointer, ModelProblem::Empty);
        self.must(list.len() <= MAX_LIST, pointer, ModelProblem::TooMany);
    }
}

impl FundingModel {
    /// Whether the model is usable; tells all that is wrong, not only the first.
    pub fn validate(&self) -> Result<(), Vec<ModelError>> {
        let mut check = Checker { errors: Vec::new() };
        check.text("/key", &self.key);
        check.must(self.version > 0, "/version", ModelProblem::VersionZero);
        let (from, to) = (self.valid_from_year, self.valid_to_year);
        check.must(from <= to, "/validToYear", ModelProblem::YearsReversed { from, to });
        check.text("/legalBasis", &self.legal_basis);
        check.must(self.unit > Nok::ZERO, "/unit", ModelProblem::Unit(self.unit));
        check.must(
            WITHHELD_MILLI.contains(&self.withheld_assumed.milli()),
            "/withheldAssumed",
            ModelProblem::WithheldOutsideRange,
        );
        check.list("/components", &self.components);
        let mut ids = BTreeSet::new();
        for (index, component) in self.components.iter().enumerate() {
            let at = format!("/components/{index}");
            check.text(format!("{at}/id"), component.id());
            check.must(ids.insert(component.id()), format!("{at}/id"), ModelProblem::Twice);
            if let Some(basis) = component.legal_basis() {
                check.text(format!("{at}/legalBasis"), basis);
            }
            check.component(&at, component);
        }
        check.limits(self.floors.as_ref(), self.caps.as_ref());
        check.admission(self);
        check.instalments(self);
        if let Some(seed) = &self.tie_seed {
            let sound = seed.len() <= 128 && hex::decode(seed).is_ok() && !seed.is_empty();
            check.must(sound, "/tieSeed", ModelProblem::Seed);
        }
        if check.errors.is_empty() { Ok(()) } else { Err(check.errors) }
    }
}

impl Checker {
    fn component(&mut self, at: &str, component: &Component) {
        match component {
            Component::Base { amount, .. } => self.amount(format!("{at}/amount"), *amount),
            Component::PerHead { rates, count, .. } => {
                self.list(&format!("{at}/rates"), rates);
                for (index, rate) in rates.iter().enumerate() {
                    self.amount(format!("{at}/rates/{index}/rate"), rate.rate);
                    let rising = index == 0 || rates[index - 1].from < rate.from;
                    self.must(rising, format!("{at}/rates/{index}/from"), ModelProblem::NotRising);
                }
                self.count(at, count);
            }
            Component::Lump { bands, count, .. } => {
                self.list(&format!("{at}/bands"), bands);
                for (index, band) in bands.iter().enumerate() {
                    self.amount(format!("{at}/bands/{index}/amount"), band.amount);
                    self.amount(format!("{at}/bands/{index}/rate"), band.rate);
                    let rising = index == 0 || bands[index - 1].from < band.from;
                    self.must(rising, format!("{at}/bands/{index}/from"), ModelProblem::NotRising);
                }
                self.count(at, count);
            }
            Component::Share { purpose, .. } => self.text(format!("{at}/purpose"), purpose),
        }
    }

    fn count(&mut self, at: &str, count: &[CountFilter]) {
        self.list(&format!("{at}/count"), count);
        for (index, filter) in count.iter().enumerate() {
            // Without an ownership a filter counts all of them, so it overlaps with each.
            let overlaps = |other: &CountFilter| {
                (other.unit_kind, other.measure) == (filter.unit_kind, filter.measure)
                    && (other.ownership == filter.ownership
                        || other.ownership.is_none()
                        || filter.ownership.is_none())
            };
            let alone = !count[..index].iter().any(overlaps);
            self.must(alone, format!("{at}/count/{index}"), ModelProblem::Twice);
        }
    }

    fn limits(&mut self, floors: Option<&Limits>, caps: Option<&Limits>) {
        let of = |limits: Option<&Limits>| {
            let limits = limits.cloned().unwrap_or_default();
            [("project", limits.project), ("perHead", limits.per_head), ("municipality", limits.municipality)]
        };
        for ((name, floor), (_, cap)) in of(floors).into_iter().zip(of(caps)) {
            if let Some(floor) = floor {
                self.amount(format!("/floors/{name}"), floor);
            }
            if let Some(cap) = cap {
                self.amount(format!("/caps/{name}"), cap);
            }
            if let (Some(floor), Some(cap)) = (floor, cap) {
                self.must(
                    floor <= cap,
                    format!("/floors/{name}"),
                    ModelProblem::FloorAboveCap { floor, cap },
                );
            }
        }
    }

    fn admission(&mut self, model: &FundingModel) {
        let admission = &model.admission;
        let partial = admission.on_shortage == OnShortage::Partial;
        self.must(
            !partial || model.fit == Fit::ByPriority,
            "/admission/onShortage",
            ModelProblem::PartialNeedsPriority,
        );
        let shares = || {
            model.components.iter().filter_map(|component| match component {
                Component::Share { purpose, share, .. } => Some((purpose, share)),
                _ => None,
            })
        };
        let newcomers = shares().filter(|(purpose, _)| *purpose == NEWCOMERS).count();
        let wanted = usize::from(admission.rule == AdmissionRule::ReservedShare);
        self.must(newcomers == wanted, "/admission/rule", ModelProblem::NewcomerShare);
        let whole = Exact::checked_sum(shares().map(|(_, share)| share.exact()));
        self.must(
            whole.is_ok_and(|whole| whole <= Share::ONE.exact()),
            "/components",
            ModelProblem::SharesTooLarge,
        );
        if admission.rule != AdmissionRule::Accounts {
            self.must(admission.account_cap.is_none(), "/admission/accountCap", ModelProblem::OnlyAccounts);
            self.must(admission.completion.is_none(), "/admission/completion", ModelProblem::OnlyAccounts);
        }
    }

    fn instalments(&mut self, model: &FundingModel) {
        let instalments = &model.instalments;
        if instalments.is_empty() {
            return;
        }
        self.list("/instalments", instalments);
        for (index, instalment) in instalments.iter().enumerate() {
            if let Some(date) = &instalment.date {
                // 2023 is no leap year: a payment day must exist in each year.
                let sound = date.len() == 5 && format!("2023-{date}").parse::<jiff::civil::Date>().is_ok();
                self.must(sound, format!("/instalments/{index}/date"), ModelProblem::MonthAndDay);
            }
        }
        let whole = Exact::checked_sum(instalments.iter().map(|instalment| instalment.share.exact()));
        let sound = whole.is_ok_and(|whole| whole == Share::ONE.exact());
        let told = whole.map_or_else(
            |_| "a number that does not fit".to_owned(),
            |whole| format!("{}/{}", whole.numerator(), whole.denominator()),
        );
        self.must(sound, "/instalments", ModelProblem::SharesNotWhole(told));
    }
}
