//! Renewals, payments, impact reports and scenarios.

use tildel_domain::allocation::impact::{Move, Reason};
use tildel_domain::allocation::scenario::Change;
use tildel_domain::allocation::{LineState, RenewalOutcome};
use tildel_domain::grant::{GrantPayment, GrantRenewal};
use tildel_domain::impact::{ImpactReport, ImpactReportState};
use tildel_domain::scenario::{Scenario, ScenarioOutcome};

use super::{kroner, run};
use crate::{id, start};

/// The first grant goes on in 2021.
pub(crate) fn renewal(n: u128) -> GrantRenewal {
    GrantRenewal {
        id: id(n).into(),
        grant_id: id(1).into(),
        year: 2021,
        outcome: RenewalOutcome::Renewed,
        conditions: Some("Rapport om våren".to_owned()),
        reason: "Prosjektet følger planen.".to_owned(),
        decision_id: Some(id(1).into()),
        recommendation_id: Some(id(1).into()),
        recorded_by: id(1).into(),
        recorded_at: start(),
    }
}

/// 100 kroner of what is decided for the first grant in 2020.
pub(crate) fn payment(n: u128) -> GrantPayment {
    GrantPayment {
        id: id(n).into(),
        grant_id: id(1).into(),
        year: 2020,
        sequence: u32::try_from(n).unwrap(),
        amount: kroner(100),
        paid_on: "2020-09-15".parse().unwrap(),
        recorded_by: id(1).into(),
        recorded_at: start(),
    }
}

/// The nth report is on the nth run, and open.
pub(crate) fn report(n: u128) -> ImpactReport {
    let told = Move {
        project: id(1).to_string(),
        reference: "RO-2020-0201".to_owned(),
        organisation: "964965137".to_owned(),
        year: 2021,
        state: LineState::PreNotified,
        from: Some(kroner(250)),
        to: None,
        reasons: vec![Reason::RenewalChanged, Reason::PromiseChanged { year: 2020 }],
    };
    ImpactReport {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        run_id: id(n).into(),
        previous_run_id: None,
        moves: vec![told],
        state: ImpactReportState::Open,
        created_at: start(),
        accepted_by: None,
        accepted_at: None,
        version: 1,
    }
}

pub(crate) fn accepted(report: ImpactReport) -> ImpactReport {
    ImpactReport {
        state: ImpactReportState::Accepted,
        accepted_by: Some(id(1).into()),
        accepted_at: Some(start()),
        ..report
    }
}

pub(crate) fn scenario(n: u128) -> Scenario {
    Scenario {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        name: format!("Scenario {n}"),
        changes: vec![Change::SetBase { component: "base".to_owned(), amount: kroner(200_000) }],
        created_by: id(1).into(),
        created_at: start(),
        outcome: None,
        version: 1,
    }
}

pub(crate) fn computed(scenario: Scenario) -> Scenario {
    let run = run(1);
    let outcome = ScenarioOutcome {
        run_id: run.id,
        computed_at: start(),
        input_hash: run.input_hash,
        result_hash: run.result_hash,
        input: run.input,
        plan: run.plan,
    };
    Scenario { outcome: Some(outcome), ..scenario }
}
