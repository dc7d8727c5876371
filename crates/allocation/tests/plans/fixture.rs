//! A small practice round: two projects with real man-years (school year 2019-20, from the public school statistics).

use tildel_allocation::{
    FundingModel, Headcount, HeadcountRecord, Measure, Nok, PartyInput, PlanInput, ProjectInput, Quantity,
    UnitKind,
};

/// Teaching man-years 2019-20 by municipality.
pub(crate) const MAN_YEARS: [(&str, &str); 5] =
    [("Sandnes", "1029.2"), ("Gjesdal", "154.5"), ("Klepp", "266.7"), ("Time", "243.8"), ("Hå", "260.1")];

/// A model that counts teaching man-years; base and rate are practice values.
pub(crate) fn model(base: &str, rate: &str) -> FundingModel {
    FundingModel {
        key: "practice".to_owned(),
        version: 1,
        valid_from_year: 2020,
        valid_to_year: 2025,
        legal_basis: "practice regulation § 1".to_owned(),
        base: base.parse().unwrap(),
        rate: rate.parse().unwrap(),
        counted: vec![(UnitKind::PrimarySchool, Measure::ManYears)],
        withheld_assumed: Quantity::from_whole(3),
    }
}

/// A record of teaching man-years.
pub(crate) fn record(date: &str, value: Headcount) -> HeadcountRecord {
    HeadcountRecord {
        unit_kind: UnitKind::PrimarySchool,
        measure: Measure::ManYears,
        date: date.parse().unwrap(),
        value,
        source: "Skoleporten".to_owned(),
        practice: false,
    }
}

/// A known count.
pub(crate) fn known(count: &str) -> Headcount {
    Headcount::Known(count.parse().unwrap())
}

/// A party whose number is its place in the table.
pub(crate) fn party(index: usize) -> PartyInput {
    let (name, count) = MAN_YEARS[index];
    PartyInput {
        organisation_number: format!("practice-{index}"),
        name: name.to_owned(),
        headcounts: vec![record("2019-10-01", known(count))],
    }
}

/// A project for five years from 2020.
pub(crate) fn project(id: &str, parties: Vec<PartyInput>) -> ProjectInput {
    ProjectInput {
        id: id.to_owned(),
        reference: format!("RO-2020-{id}"),
        title: "Practice".to_owned(),
        first_year: 2020,
        last_year: 2024,
        parties,
    }
}

/// Sandnes alone and the four Jæren municipalities together, 2020 to 2024.
pub(crate) fn round(model: FundingModel) -> PlanInput {
    PlanInput {
        scheme_key: "practice".to_owned(),
        office_key: "rogaland".to_owned(),
        first_year: 2020,
        last_year: 2024,
        models: vec![model],
        frames: Vec::new(),
        projects: vec![
            project("1", vec![party(0)]),
            project("2", vec![party(1), party(2), party(3), party(4)]),
        ],
    }
}

/// Whole kroner.
pub(crate) fn kroner(kroner: i64) -> Nok {
    Nok::from_kroner(kroner).unwrap()
}
