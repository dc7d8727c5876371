//! What a new plan moves, and why: read before anything that was told to anybody changes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::compare::Computed;
use crate::{
    CountedUnit, FrameInput, FundingModel, HeadcountRecord, LineState, Measure, Nok, OrganisationInput,
    Ownership, PlanInput, PlanLine, ProjectInput, PromisedYear, UnitKind,
};

/// An amount that a new plan moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Move {
    /// The project's id.
    pub project: String,
    /// Its reference.
    pub reference: String,
    /// The number of the organisation that answers for it.
    pub organisation: String,
    /// The budget year.
    pub year: i16,
    /// How firm the amount is in the new plan, or was in the old one if it is gone.
    pub state: LineState,
    /// The amount before; none where there was none.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<Nok>,
    /// The amount now; none where there is none.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Nok>,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
}

/// Why an amount moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Reason {
    /// The project is new in the plan.
    ProjectAdded,
    /// The project is not in the plan any more.
    ProjectRemoved,
    /// The project was let in, or is no longer.
    AdmissionChanged,
    /// The parties, years, list place or purposes of the project changed.
    ProjectChanged,
    /// The forum renewed or stopped it.
    RenewalChanged,
    /// Something was decided, pre-notified or paid.
    PromiseChanged {
        /// The year that it is about.
        year: i16,
    },
    /// A headcount changed.
    HeadcountChanged {
        /// The organisation's number.
        organisation: String,
        /// The kind of unit.
        unit_kind: UnitKind,
        /// What is counted.
        measure: Measure,
        /// Of which units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ownership: Option<Ownership>,
        /// The unit, where the organisation's units are counted one by one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<CountedUnit>,
        /// The date of the record.
        date: Date,
        /// The records before, as JSON values.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        from: Vec<crate::Headcount>,
        /// The records now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<crate::Headcount>,
    },
    /// An organisation ceased, or its successors changed.
    SuccessorsChanged {
        /// The organisation's number.
        organisation: String,
    },
    /// Another version of the funding model holds, or a new key.
    ModelChanged {
        /// The one before, `key@version`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// The one now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// The money or the places of a year changed.
    FrameChanged {
        /// The year.
        year: i16,
        /// The money before.
        #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
        from: Option<Nok>,
        /// The money now.
        #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
        to: Option<Nok>,
    },
    /// A difference of earlier years is settled otherwise.
    SettlementChanged {
        /// The part of the amount before.
        #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
        from: Option<Nok>,
        /// The part now.
        #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
        to: Option<Nok>,
    },
    /// Nothing of its own changed: others take more or less of what is shared.
    OthersChanged,
}

/// What a new plan moves, by reference and year.
pub fn impact(before: Computed<'_>, after: Computed<'_>) -> Vec<Move> {
    type OldAndNew<'p> = (Option<&'p PlanLine>, Option<&'p PlanLine>);
    let mut lines: BTreeMap<(&str, i16), OldAndNew<'_>> = BTreeMap::new();
    for line in &before.1.lines {
        lines.entry((&line.reference, line.year)).or_default().0 = Some(line);
    }
    for line in &after.1.lines {
        lines.entry((&line.reference, line.year)).or_default().1 = Some(line);
    }
    let inputs = Inputs::new(before.0, after.0);
    lines
        .into_iter()
        .filter_map(|((reference, year), (old, new))| {
            let (from, to) = (old.and_then(|line| line.amount), new.and_then(|line| line.amount));
            let any = new.or(old)?;
            if from == to {
                return None;
            }
            let projects = (inputs.before.project(&any.project), inputs.after.project(&any.project));
            Some(Move {
                project: any.project.clone(),
                reference: reference.to_owned(),
                organisation: projects
                    .1
                    .or(projects.0)
                    .map(|project| project.lead.clone())
                    .unwrap_or_default(),
                year,
                state: any.state,
                from,
                to,
                reasons: inputs.reasons(year, projects, (old, new)),
            })
        })
        .collect()
}

struct Side<'i> {
    input: &'i PlanInput,
    projects: BTreeMap<&'i str, &'i ProjectInput>,
    organisations: BTreeMap<&'i str, &'i OrganisationInput>,
}

impl<'i> Side<'i> {
    fn new(input: &'i PlanInput) -> Self {
        Self {
            input,
            projects: input.projects.iter().map(|project| (project.id.as_str(), project)).collect(),
            organisations: input
                .organisations
                .iter()
                .map(|organisation| (organisation.number.as_str(), organisation))
                .collect(),
        }
    }

    fn project(&self, id: &str) -> Option<&'i ProjectInput> {
        self.projects.get(id).copied()
    }

    fn model(&self, year: i16) -> Option<&'i FundingModel> {
        self.input.models.iter().filter(|model| model.holds_in(year)).max_by_key(|model| model.version)
    }

    fn frame(&self, year: i16) -> Option<&'i FrameInput> {
        self.input.frames.iter().filter(|frame| frame.year == year).max_by_key(|frame| frame.status)
    }
}

struct Inputs<'i> {
    before: Side<'i>,
    after: Side<'i>,
}

impl<'i> Inputs<'i> {
    fn new(before: &'i PlanInput, after: &'i PlanInput) -> Self {
        Self { before: Side::new(before), after: Side::new(after) }
    }

    fn reasons(
        &self,
        year: i16,
        (old, new): (Option<&'i ProjectInput>, Option<&'i ProjectInput>),
        lines: (Option<&PlanLine>, Option<&PlanLine>),
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        match (old, new) {
            (None, _) => reasons.push(Reason::ProjectAdded),
            (Some(_), None) => reasons.push(Reason::ProjectRemoved),
            (Some(old), Some(new)) => self.project_reasons(year, old, new, lines, &mut reasons),
        }
        self.common_reasons(year, &mut reasons);
        if reasons.is_empty() {
            reasons.push(Reason::OthersChanged);
        }
        reasons
    }

    fn project_reasons(
        &self,
        year: i16,
        old: &'i ProjectInput,
        new: &'i ProjectInput,
        (old_line, new_line): (Option<&PlanLine>, Option<&PlanLine>),
        reasons: &mut Vec<Reason>,
    ) {
        if old.status != new.status || old_line.is_some() != new_line.is_some() {
            reasons.push(Reason::AdmissionChanged);
        }
        let shape = |project: &'i ProjectInput| {
            let years = (project.first_year, project.last_year, project.priority);
            (years, &project.lead, &project.partners, &project.supporters, &project.tags)
        };
        if shape(old) != shape(new) {
            reasons.push(Reason::ProjectChanged);
        }
        if old.renewals != new.renewals {
            reasons.push(Reason::RenewalChanged);
        }
        let promises = |project: &'i ProjectInput| -> BTreeMap<i16, &'i PromisedYear> {
            project.years.iter().map(|promised| (promised.year, promised)).collect()
        };
        let (before, after) = (promises(old), promises(new));
        for promised in before.keys().chain(after.keys()).copied().collect::<BTreeSet<i16>>() {
            if promised <= year && before.get(&promised) != after.get(&promised) {
                reasons.push(Reason::PromiseChanged { year: promised });
            }
        }
        for party in old.parties().chain(new.parties()).collect::<BTreeSet<&str>>() {
            self.party_reasons(year, party, reasons);
        }
        let adjust = |line: Option<&PlanLine>| line.and_then(|line| line.adjust);
        if adjust(old_line) != adjust(new_line) {
            reasons.push(Reason::SettlementChanged { from: adjust(old_line), to: adjust(new_line) });
        }
    }

    /// What changed of a party's people, dated in or before the year, and of what became of it.
    fn party_reasons(&self, year: i16, number: &str, reasons: &mut Vec<Reason>) {
        // By number: a unit that is called otherwise is the same one.
        type Subject<'i> = (UnitKind, Measure, Option<Ownership>, Option<&'i str>, Date);
        let records = |side: &Side<'i>| -> BTreeMap<Subject<'i>, Vec<&'i HeadcountRecord>> {
            let mut records: BTreeMap<Subject<'i>, Vec<&'i HeadcountRecord>> = BTreeMap::new();
            let all =
                side.organisations.get(number).into_iter().flat_map(|organisation| &organisation.headcounts);
            for record in all.filter(|record| record.date.year() <= year) {
                let unit = record.unit.as_ref().map(|unit| unit.number.as_str());
                let subject = (record.unit_kind, record.measure, record.ownership, unit, record.date);
                records.entry(subject).or_default().push(record);
            }
            for same in records.values_mut() {
                same.sort_unstable();
            }
            records
        };
        let (before, after) = (records(&self.before), records(&self.after));
        let values = |records: Option<&Vec<&'i HeadcountRecord>>| {
            records.into_iter().flatten().map(|record| record.value).collect::<Vec<_>>()
        };
        for subject in before.keys().chain(after.keys()).copied().collect::<BTreeSet<Subject<'i>>>() {
            let (from, to) = (values(before.get(&subject)), values(after.get(&subject)));
            if from != to {
                let (unit_kind, measure, ownership, unit, date) = subject;
                let organisation = number.to_owned();
                // As it is called now.
                let mut told = [&after, &before].into_iter().filter_map(|side| side.get(&subject)).flatten();
                let unit = unit.and_then(|_| told.find_map(|record| record.unit.clone()));
                reasons.push(Reason::HeadcountChanged {
                    organisation,
                    unit_kind,
                    measure,
                    ownership,
                    unit,
                    date,
                    from,
                    to,
                });
            }
        }
        self.succession_reasons(number, reasons);
    }

    /// What became otherwise of a party, or of those who came after it, over as many steps as there are.
    fn succession_reasons(&self, number: &str, reasons: &mut Vec<Reason>) {
        let fate = |side: &Side<'i>, number: &str| {
            side.organisations.get(number).map(|organisation| (organisation.ceased, &organisation.successors))
        };
        let (mut open, mut seen) = (vec![number], BTreeSet::new());
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                continue;
            }
            let (before, after) = (fate(&self.before, number), fate(&self.after, number));
            let told = Reason::SuccessorsChanged { organisation: number.to_owned() };
            // Who comes in as a successor is not in the input of before.
            let changed = before.unwrap_or((None, &Vec::new())) != after.unwrap_or((None, &Vec::new()));
            if changed && !reasons.contains(&told) {
                reasons.push(told);
            }
            let sides = [&self.before, &self.after];
            let organisations = sides.into_iter().filter_map(|side| side.organisations.get(number));
            open.extend(
                organisations
                    .flat_map(|organisation| &organisation.successors)
                    .map(|successor| successor.organisation.as_str()),
            );
        }
    }

    /// What changed for all: the model of the year, and frames up to it, as money is carried over.
    fn common_reasons(&self, year: i16, reasons: &mut Vec<Reason>) {
        let (old, new) = (self.before.model(year), self.after.model(year));
        if old != new {
            let rule = |model: Option<&FundingModel>| model.map(FundingModel::rule);
            reasons.push(Reason::ModelChanged { from: rule(old), to: rule(new) });
        }
        let first = self.before.input.first_year.min(self.after.input.first_year);
        for earlier in first..=year {
            let (old, new) = (self.before.frame(earlier), self.after.frame(earlier));
            let money_and_places =
                |frame: Option<&FrameInput>| frame.map(|frame| (frame.amount, frame.places));
            if money_and_places(old) != money_and_places(new) {
                let amount = |frame: Option<&FrameInput>| frame.and_then(|frame| frame.amount);
                reasons.push(Reason::FrameChanged { year: earlier, from: amount(old), to: amount(new) });
            }
        }
    }
}
