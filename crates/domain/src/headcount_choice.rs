//! Which of several sources a plan counts by.
//!
//! Sources are judged within one **scope**: one unit, kind and measure, or an organisation as a whole with its kind, measure and
//! ownership. What is chosen of a record never depends on a record that is dated later, so that no early year moves (rule 10).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Headcount, HeadcountRecord, Measure, Ownership, UnitKind};

use crate::id::HeadcountId;
use crate::organisation::OrganisationHeadcount;
use crate::register::RegisterKey;

/// The rule by which a record counts or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceRule {
    /// Somebody set it and said why: it stands from its date on.
    SetByPerson,
    /// It was recorded as it is, from a source that is no register that is read.
    Recorded,
    /// The school or kindergarten register goes first.
    SectorRegister,
    /// Enhetsregisteret counts, as the school or kindergarten register has not answered yet.
    EntityRegister,
    /// Enhetsregisteret counts, as the school or kindergarten register has no answer any more.
    FallsBack,
    /// The unit closed or went to another owner that day: it counts none from then on, whichever register said so.
    UnitLeft,
    /// It does not count: a value that somebody set with a reason stands, and this contradicts it.
    Contradicts,
    /// It does not count: the school or kindergarten register has answered by then.
    SectorRegisterGoesFirst,
    /// It does not count: the register has no answer, and Enhetsregisteret has one.
    NoAnswer,
    /// It does not count: the same source was recorded again for the same day, or the unit left that day.
    RecordedAgain,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The record.
    pub id: HeadcountId,
    /// Whether a plan counts by it.
    pub chosen: bool,
    /// Why.
    pub rule: ChoiceRule,
    /// The record that it contradicts, set by a person with a reason.
    pub contradicts: Option<HeadcountId>,
}

/// What is chosen of the records of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// One for each record, in their order.
    pub verdicts: Vec<Verdict>,
    /// What a plan counts by.
    pub records: Vec<HeadcountRecord>,
}

/// What is told of the same people.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Scope<'h> {
    Unit(&'h str, UnitKind, Measure),
    Whole(UnitKind, Measure, Option<Ownership>),
}

/// Chooses among the records of one organisation.
pub fn choose(headcounts: &[OrganisationHeadcount]) -> Choice {
    let mut scopes: BTreeMap<Scope<'_>, Vec<usize>> = BTreeMap::new();
    for (place, headcount) in headcounts.iter().enumerate() {
        let record = &headcount.record;
        let scope = match &record.unit {
            // A register may not tell who owns a unit, which is one unit all the same.
            Some(unit) => Scope::Unit(&unit.number, record.unit_kind, record.measure),
            None => Scope::Whole(record.unit_kind, record.measure, record.ownership),
        };
        scopes.entry(scope).or_default().push(place);
    }
    let mut verdicts: Vec<Option<Verdict>> = vec![None; headcounts.len()];
    let mut records = Vec::with_capacity(headcounts.len());
    for places in scopes.into_values() {
        let mut theirs: Vec<(usize, &OrganisationHeadcount)> =
            places.into_iter().map(|place| (place, &headcounts[place])).collect();
        // What was recorded last comes last among those of a day.
        theirs.sort_by_key(|(_, headcount)| (headcount.record.date, headcount.id));
        let scope = ScopeChoice { all: theirs.iter().map(|(_, headcount)| *headcount).collect() };
        for (place, headcount) in &theirs {
            let (rule, contradicts) = scope.rule(headcount);
            let chosen = rule.counts();
            if chosen {
                records.push(scope.record(headcount));
            }
            verdicts[*place] = Some(Verdict { id: headcount.id, chosen, rule, contradicts });
        }
        records.extend(scope.fallbacks(&mut verdicts, &theirs));
    }
    Choice { verdicts: verdicts.into_iter().flatten().collect(), records }
}

impl ChoiceRule {
    /// Whether a record to which the rule applies counts.
    pub const fn counts(self) -> bool {
        matches!(
            self,
            Self::SetByPerson
                | Self::Recorded
                | Self::SectorRegister
                | Self::EntityRegister
                | Self::FallsBack
                | Self::UnitLeft
        )
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetByPerson => "set_by_person",
            Self::Recorded => "recorded",
            Self::SectorRegister => "sector_register",
            Self::EntityRegister => "entity_register",
            Self::FallsBack => "falls_back",
            Self::UnitLeft => "unit_left",
            Self::Contradicts => "contradicts",
            Self::SectorRegisterGoesFirst => "sector_register_goes_first",
            Self::NoAnswer => "no_answer",
            Self::RecordedAgain => "recorded_again",
        }
    }
}

/// The records of one scope, by date and by when they were recorded.
struct ScopeChoice<'h> {
    all: Vec<&'h OrganisationHeadcount>,
}

impl<'h> ScopeChoice<'h> {
    fn rule(&self, headcount: &OrganisationHeadcount) -> (ChoiceRule, Option<HeadcountId>) {
        if self.is_recorded_again(headcount) {
            return (ChoiceRule::RecordedAgain, None);
        }
        let Some(register) = headcount.register else {
            let by_person = headcount.reason.is_some();
            return (if by_person { ChoiceRule::SetByPerson } else { ChoiceRule::Recorded }, None);
        };
        if let Some(standing) = self.set_by_person(headcount.record.date) {
            return (ChoiceRule::Contradicts, Some(standing.id));
        }
        if headcount.departs {
            return (ChoiceRule::UnitLeft, None);
        }
        let date = headcount.record.date;
        let rule = match (register, self.sector(date)) {
            (RegisterKey::Enhetsregisteret, Some(sector)) if answers(sector) => {
                ChoiceRule::SectorRegisterGoesFirst
            }
            (RegisterKey::Enhetsregisteret, Some(_)) if self.has_answered(date) => ChoiceRule::FallsBack,
            (RegisterKey::Enhetsregisteret, _) => ChoiceRule::EntityRegister,
            (RegisterKey::Nsr | RegisterKey::Nbr, _)
                if !answers(headcount) && self.entity(date).is_some() =>
            {
                ChoiceRule::NoAnswer
            }
            (RegisterKey::Nsr | RegisterKey::Nbr, _) => ChoiceRule::SectorRegister,
        };
        (rule, None)
    }

    /// The record as a plan counts it.
    fn record(&self, headcount: &OrganisationHeadcount) -> HeadcountRecord {
        let mut record = headcount.record.clone();
        if record.unit.is_some() && record.ownership.is_none() {
            // Records that do not tell ownership apart would go before all others of the organisation.
            let mut earlier = self.all.iter().rev().filter(|other| other.record.date <= record.date);
            record.ownership = earlier.find_map(|other| other.record.ownership);
        }
        record
    }

    /// Where a register has no answer any more, what Enhetsregisteret has said before counts from that day on.
    fn fallbacks(
        &self,
        verdicts: &mut [Option<Verdict>],
        theirs: &[(usize, &'h OrganisationHeadcount)],
    ) -> Vec<HeadcountRecord> {
        let mut records = Vec::new();
        for (_, silent) in theirs.iter().filter(|(_, other)| self.rule(other).0 == ChoiceRule::NoAnswer) {
            let date = silent.record.date;
            let Some(entity) = self.entity(date) else { continue };
            let rule = self.rule(entity).0;
            // One of the day itself, or one that counts since no register has answered, needs no other date.
            if rule.counts() && (entity.record.date == date || !self.has_answered(date)) {
                continue;
            }
            let source = format!("{} ({})", entity.record.source, entity.record.date);
            records.push(HeadcountRecord { date, source, ..self.record(entity) });
            for (place, other) in theirs {
                if other.id == entity.id
                    && let Some(verdict) = &mut verdicts[*place]
                {
                    (verdict.chosen, verdict.rule) = (true, ChoiceRule::FallsBack);
                }
            }
        }
        records
    }

    /// What a person has set that stands on a day.
    fn set_by_person(&self, day: Date) -> Option<&'h OrganisationHeadcount> {
        let set = |other: &&&OrganisationHeadcount| {
            other.register.is_none() && other.reason.is_some() && other.record.date <= day
        };
        self.all.iter().rev().find(set).copied()
    }

    /// The newest record of a register on a day, which is the last one recorded.
    fn newest(&self, day: Date, is_of: impl Fn(RegisterKey) -> bool) -> Option<&'h OrganisationHeadcount> {
        let fits = |other: &&&OrganisationHeadcount| other.register.is_some_and(&is_of);
        self.since_departure(day).iter().rev().find(fits).copied()
    }

    /// What was told up to a day since the unit left last. What a register said of it before says nothing of a unit that comes back.
    fn since_departure(&self, day: Date) -> &[&'h OrganisationHeadcount] {
        let end = self.all.partition_point(|other| other.record.date <= day);
        let left = |other: &&OrganisationHeadcount| other.departs && !self.is_recorded_again(other);
        let start = self.all[..end].iter().rposition(left).map_or(0, |place| place + 1);
        &self.all[start..end]
    }

    fn sector(&self, day: Date) -> Option<&'h OrganisationHeadcount> {
        self.newest(day, |register| register != RegisterKey::Enhetsregisteret)
    }

    fn entity(&self, day: Date) -> Option<&'h OrganisationHeadcount> {
        self.newest(day, |register| register == RegisterKey::Enhetsregisteret)
    }

    /// Whether the school or kindergarten register had answered before or on a day.
    fn has_answered(&self, day: Date) -> bool {
        self.since_departure(day).iter().any(|other| {
            other.register.is_some_and(|register| register != RegisterKey::Enhetsregisteret)
                && answers(other)
                && !self.is_recorded_again(other)
        })
    }

    /// Whether the same source was recorded again for the same day: a register's reading, or what a person set with a reason. A
    /// departure goes before all that was recorded of its day until then, and gives way to what a register says of it afterwards.
    fn is_recorded_again(&self, headcount: &OrganisationHeadcount) -> bool {
        let departure = headcount.reason.is_none()
            && self.all.iter().any(|other| {
                let decides = other.departs || (headcount.departs && other.register.is_some());
                decides && other.record.date == headcount.record.date && other.id > headcount.id
            });
        if departure {
            return true;
        }
        let (same_register, by_person) = (headcount.register, headcount.reason.is_some());
        (same_register.is_some() || by_person)
            && self.all.iter().any(|other| {
                other.register == same_register
                    && other.reason.is_some() == by_person
                    && other.record.date == headcount.record.date
                    && other.id > headcount.id
            })
    }
}

/// Whether a register says anything of the people.
fn answers(headcount: &OrganisationHeadcount) -> bool {
    headcount.record.value != Headcount::Unknown
}

/// How the people of an organisation are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Nobody is counted yet: the count of one unit would stand for all of them.
    NotYet,
    /// Unit by unit: the count of one unit more can stand beside the others.
    ByUnit,
    /// As a whole, which the count of one unit would take the place of.
    AsWhole,
}

/// How people are counted on a day, by the newest that counts then.
pub fn counting(
    records: &[HeadcountRecord],
    (unit_kind, measure, ownership): (UnitKind, Measure, Option<Ownership>),
    day: Date,
) -> Counting {
    let of_these = |record: &&HeadcountRecord| {
        let owner = record.ownership.is_none() || ownership.is_none() || record.ownership == ownership;
        record.unit_kind == unit_kind && record.measure == measure && record.date <= day && owner
    };
    let newest = records.iter().filter(of_these).max_by_key(|record| (record.date, record.unit.is_some()));
    match newest {
        None => Counting::NotYet,
        Some(record) if record.unit.is_some() => Counting::ByUnit,
        Some(_) => Counting::AsWhole,
    }
}
