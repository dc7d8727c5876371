//! Builders: organisations with real man-years (school year 2019-20, from the public school statistics), and the smallest parts
//! of an input.

use std::ops::RangeInclusive;

use tildel_allocation::model::{
    Admission, AdmissionRule, Band, BasePer, Component, CountFilter, Divide, Limits, LumpPer, OnShortage,
    Rate,
};
use tildel_allocation::{
    FrameInput, FrameStatus, FundingModel, Headcount, HeadcountRecord, Measure, Nok, OrganisationInput, Plan,
    PlanInput, PlanLine, ProjectInput, ProjectStatus, PromiseState, PromisedYear, RenewalInput,
    RenewalOutcome, Share, SuccessorInput, UnitKind, WaitingReason, YearTotal, plan,
};

/// Teaching man-years 2019-20 by municipality.
pub(crate) const MAN_YEARS: [(&str, &str); 5] =
    [("Sandnes", "1029.2"), ("Gjesdal", "154.5"), ("Klepp", "266.7"), ("Time", "243.8"), ("Hå", "260.1")];

/// Teaching man-years of all owners.
pub(crate) const MAN_YEARS_FILTER: CountFilter =
    CountFilter { unit_kind: UnitKind::PrimarySchool, measure: Measure::ManYears, ownership: None };

/// Whole kroner.
pub(crate) fn kr(kroner: i64) -> Nok {
    Nok::from_kroner(kroner).unwrap()
}

/// An amount as it is written.
pub(crate) fn nok(text: &str) -> Nok {
    text.parse().unwrap()
}

/// A share as it is written.
pub(crate) fn share(text: &str) -> Share {
    text.parse().unwrap()
}

/// A model in whole kroner for 2018 to 2030 without anything but the components: no own contribution, no fitting.
pub(crate) fn model(components: Vec<Component>) -> FundingModel {
    FundingModel {
        components,
        own_contribution: Share::ZERO,
        ..FundingModel::base_and_rate("practice", 2018..=2030, "practice § 1", Nok::ZERO, Nok::ZERO, vec![])
    }
}

/// A model that counts teaching man-years; base and rate are practice values.
pub(crate) fn base_and_rate(base_amount: &str, rate: &str) -> FundingModel {
    model(vec![base("base", base_amount), per_head("per-head", rate)])
}

/// A base per project.
pub(crate) fn base(id: &str, amount: &str) -> Component {
    base_per(id, BasePer::Project, amount)
}

pub(crate) fn base_per(id: &str, per: BasePer, amount: &str) -> Component {
    Component::Base { id: id.to_owned(), legal_basis: None, per, amount: nok(amount) }
}

/// A rate for each man-year.
pub(crate) fn per_head(id: &str, rate: &str) -> Component {
    let rates = vec![Rate { from: None, rate: nok(rate) }];
    Component::PerHead { id: id.to_owned(), legal_basis: None, rates, count: vec![MAN_YEARS_FILTER] }
}

/// Bands over man-years: from, amount and rate of each.
pub(crate) fn lump(id: &str, per: LumpPer, bands: &[(&str, &str, &str)]) -> Component {
    let bands = bands
        .iter()
        .map(|(from, amount, rate)| Band {
            from: from.parse().unwrap(),
            amount: nok(amount),
            rate: nok(rate),
        })
        .collect();
    Component::Lump { id: id.to_owned(), legal_basis: None, per, bands, count: vec![MAN_YEARS_FILTER] }
}

/// A part of the frame set aside.
pub(crate) fn set_aside(purpose: &str, part: &str, divide: Divide) -> Component {
    Component::Share {
        id: format!("share-{purpose}"),
        legal_basis: None,
        purpose: purpose.to_owned(),
        share: share(part),
        divide,
    }
}

pub(crate) fn admission(rule: AdmissionRule, on_shortage: OnShortage) -> Admission {
    Admission { rule, on_shortage, ..Admission::default() }
}

/// Limits of a project's amount.
#[expect(clippy::unnecessary_wraps, reason = "the shape of the field that it fills")]
pub(crate) fn of_project(amount: &str) -> Option<Limits> {
    Some(Limits { project: Some(nok(amount)), ..Limits::default() })
}

pub(crate) fn record(date: &str, value: Headcount) -> HeadcountRecord {
    HeadcountRecord {
        unit_kind: UnitKind::PrimarySchool,
        measure: Measure::ManYears,
        ownership: None,
        date: date.parse().unwrap(),
        value,
        source: "Skoleporten".to_owned(),
        practice: false,
        unit: None,
    }
}

pub(crate) fn known(count: &str) -> Headcount {
    Headcount::Known(count.parse().unwrap())
}

/// An organisation in a municipality of its own, with man-years at 1 October 2019.
pub(crate) fn org(number: &str, count: &str) -> OrganisationInput {
    OrganisationInput {
        number: number.to_owned(),
        name: number.to_owned(),
        municipality: Some(format!("M{number}")),
        ceased: None,
        successors: Vec::new(),
        headcounts: vec![record("2019-10-01", known(count))],
    }
}

/// What became of an organisation.
pub(crate) fn ceased(
    mut organisation: OrganisationInput,
    date: &str,
    to: &[(&str, &str)],
) -> OrganisationInput {
    organisation.ceased = Some(date.parse().unwrap());
    organisation.successors = to
        .iter()
        .map(|(number, part)| SuccessorInput { organisation: (*number).to_owned(), share: share(part) })
        .collect();
    organisation
}

/// A running project of one organisation; its id is its reference.
pub(crate) fn running(reference: &str, lead: &str, years: RangeInclusive<i16>) -> ProjectInput {
    ProjectInput {
        id: format!("id-{reference}"),
        reference: reference.to_owned(),
        title: "Practice".to_owned(),
        first_year: *years.start(),
        last_year: *years.end(),
        status: ProjectStatus::Running,
        priority: None,
        lead: lead.to_owned(),
        partners: Vec::new(),
        supporters: Vec::new(),
        tags: Vec::new(),
        renewals: Vec::new(),
        years: Vec::new(),
    }
}

/// A waiting project with its place on the list.
pub(crate) fn waiting(
    reference: &str,
    priority: u32,
    lead: &str,
    years: RangeInclusive<i16>,
) -> ProjectInput {
    let status = ProjectStatus::Waiting;
    ProjectInput { status, priority: Some(priority), ..running(reference, lead, years) }
}

pub(crate) fn with_partners(project: ProjectInput, partners: &[&str]) -> ProjectInput {
    ProjectInput { partners: texts(partners), ..project }
}

pub(crate) fn with_supporters(project: ProjectInput, supporters: &[&str]) -> ProjectInput {
    ProjectInput { supporters: texts(supporters), ..project }
}

pub(crate) fn tagged(project: ProjectInput, tags: &[&str]) -> ProjectInput {
    ProjectInput { tags: texts(tags), ..project }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A promise for a year; `paid` are the instalments that went out.
pub(crate) fn promised(
    mut project: ProjectInput,
    year: i16,
    state: PromiseState,
    amount: &str,
) -> ProjectInput {
    let amount = nok(amount);
    project.years.push(PromisedYear { year, state, amount, run: None, decision: None, paid: Vec::new() });
    project
}

pub(crate) fn decided(project: ProjectInput, year: i16, amount: &str) -> ProjectInput {
    promised(project, year, PromiseState::Decided, amount)
}

pub(crate) fn renewal(mut project: ProjectInput, year: i16, outcome: RenewalOutcome) -> ProjectInput {
    project.renewals.push(RenewalInput { year, outcome });
    project
}

/// A decided frame of money.
pub(crate) fn frame(year: i16, amount: &str) -> FrameInput {
    FrameInput { year, status: FrameStatus::Decided, amount: Some(nok(amount)), places: None }
}

/// A decided frame of places.
pub(crate) fn places(year: i16, places: u32) -> FrameInput {
    FrameInput { year, status: FrameStatus::Decided, amount: None, places: Some(places) }
}

pub(crate) fn input(
    years: RangeInclusive<i16>,
    model: FundingModel,
    frames: Vec<FrameInput>,
    organisations: Vec<OrganisationInput>,
    projects: Vec<ProjectInput>,
) -> PlanInput {
    PlanInput {
        office: "rogaland".to_owned(),
        scheme: "practice".to_owned(),
        first_year: *years.start(),
        last_year: *years.end(),
        carried_in: None,
        models: vec![model],
        frames,
        organisations,
        projects,
        history: Vec::new(),
    }
}

/// Sandnes alone and the four Jæren municipalities together, 2020 to 2024, without frames.
pub(crate) fn round(model: FundingModel) -> PlanInput {
    let organisations = MAN_YEARS.iter().zip(0..).map(|((name, count), place)| OrganisationInput {
        name: (*name).to_owned(),
        ..org(&format!("practice-{place}"), count)
    });
    let projects = vec![
        running("RO-1", "practice-0", 2020..=2024),
        with_partners(
            running("RO-2", "practice-1", 2020..=2024),
            &["practice-2", "practice-3", "practice-4"],
        ),
    ];
    input(2020..=2024, model, Vec::new(), organisations.collect(), projects)
}

/// The plan of an input that has one.
pub(crate) fn planned(input: &PlanInput) -> Plan {
    plan(input).unwrap()
}

/// The amounts of a project over its years.
pub(crate) fn amounts(plan: &Plan, reference: &str) -> Vec<Option<Nok>> {
    plan.lines.iter().filter(|line| line.reference == reference).map(|line| line.amount).collect()
}

/// The amounts of all projects in a year, by reference, in whole kroner.
pub(crate) fn in_year(plan: &Plan, year: i16) -> Vec<(&str, i64)> {
    let lines = plan.lines.iter().filter(|line| line.year == year);
    lines
        .map(|line| {
            let ore = line.amount.unwrap().ore();
            assert_eq!(ore % 100, 0, "{} is not whole kroner", line.reference);
            (line.reference.as_str(), ore / 100)
        })
        .collect()
}

pub(crate) fn line<'p>(plan: &'p Plan, reference: &str, year: i16) -> &'p PlanLine {
    plan.lines.iter().find(|line| line.reference == reference && line.year == year).unwrap()
}

pub(crate) fn total(plan: &Plan, year: i16) -> &YearTotal {
    plan.years.iter().find(|total| total.year == year).unwrap()
}

/// Who was let in in a year, by reference.
pub(crate) fn admitted(plan: &Plan, year: i16) -> Vec<&str> {
    let lines = plan.lines.iter().filter(|line| line.year == year && line.admitted);
    lines.map(|line| line.reference.as_str()).collect()
}

/// Who was not let in in a year, and why.
pub(crate) fn reasons(plan: &Plan, year: i16) -> Vec<(&str, WaitingReason)> {
    let waiting = plan.waiting.iter().filter(|waiting| waiting.year == year);
    waiting.map(|waiting| (waiting.reference.as_str(), waiting.reason)).collect()
}

/// The codes of a line's flags, as JSON writes them.
pub(crate) fn flags(line: &PlanLine) -> Vec<String> {
    let code = |flag| serde_json::to_value(flag).unwrap()["code"].as_str().unwrap().to_owned();
    line.flags.iter().map(code).collect()
}

/// The recipients of a line with their amounts as text.
pub(crate) fn recipients(line: &PlanLine) -> Vec<(&str, String)> {
    let recipients = line.recipients.iter();
    recipients.map(|recipient| (recipient.organisation.as_str(), recipient.amount.to_string())).collect()
}
