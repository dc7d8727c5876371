//! Runs, decisions, grants and letters.

use serde_json::json;
use tildel_domain::allocation::RenewalOutcome;
use tildel_domain::allocation::{Headcount, PlanInput, Quantity};
use tildel_domain::appeal_rule::{AppealNotice, AppealRule};
use tildel_domain::decision::{
    AmountLine, AwardLine, DecidedOutcome, Decision, DecisionMatter, DecisionState,
};
use tildel_domain::grant::{Grant, GrantState, GrantYear, GrantYearState};
use tildel_domain::id::{ApplicationId, DecisionId, GrantId, PersonId};
use tildel_domain::letter::{Letter, LetterState};
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::renewal_decision::RenewalLine;
use tildel_domain::run::Run;

use super::{funding_model, headcount, kroner, letter_texts};
use crate::{id, start};

pub(crate) fn run(n: u128) -> Run {
    let count = headcount(1, Headcount::Known(Quantity::from_whole(7))).record;
    let input: PlanInput = serde_json::from_value(json!({
        "scheme": "kompetanseloftet-1", "office": "RO", "firstYear": 2020, "lastYear": 2021,
        "models": [funding_model(1).model],
        "frames": [],
        "organisations": [{ "number": "964965137", "name": "Sandnes", "headcounts": [count] }],
        "projects": [{
            "id": id(1), "reference": "RO-2020-0001", "title": "Lesing", "firstYear": 2020, "lastYear": 2021,
            "status": "running", "lead": "964965137",
        }],
    }))
    .unwrap();
    let bundle = tildel_domain::allocation::Bundle::compute(input).unwrap();
    Run {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        input_hash: bundle.input_hash,
        result_hash: bundle.result_hash,
        input: bundle.input,
        plan: bundle.result,
        created_at: start(),
    }
}

pub(crate) fn award_line(application: u128) -> AwardLine {
    AwardLine {
        application_id: ApplicationId(id(application)),
        outcome: DecidedOutcome::Granted,
        first_year: Some(2020),
        last_year: Some(2021),
        deferred_to_year: None,
        reason_code: None,
        reason: None,
        legal_basis: None,
    }
}

/// A draft of an award, prepared by the first person.
pub(crate) fn award(n: u128) -> Decision {
    Decision {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 100 + n),
        office_id: id(1).into(),
        matter: DecisionMatter::Award { round_id: id(1).into(), lines: vec![award_line(1)] },
        state: DecisionState::Draft,
        prepared_by: id(1).into(),
        approved_by: None,
        approved_at: None,
        appeal_id: None,
        notified_at: None,
        notices: Vec::new(),
        version: 1,
    }
}

pub(crate) fn amounts(n: u128) -> Decision {
    let line = AmountLine {
        grant_id: GrantId(id(1)),
        year: 2020,
        amount: kroner(300),
        reason_code: None,
        reason: None,
        legal_basis: None,
    };
    Decision { matter: DecisionMatter::Amounts { run_id: id(1).into(), lines: vec![line] }, ..award(n) }
}

/// On whether the first grant goes on in 2021.
pub(crate) fn renewals(n: u128) -> Decision {
    let line = RenewalLine {
        grant_id: GrantId(id(1)),
        outcome: RenewalOutcome::Stopped,
        conditions: None,
        reason_code: None,
        reason: Some("Lagt ned".to_owned()),
        legal_basis: Some("Retningslinjene punkt 5".to_owned()),
    };
    let matter = DecisionMatter::Renewals { scheme_id: id(1).into(), year: 2021, lines: vec![line] };
    Decision { matter, ..award(n) }
}

/// Approved by the second person.
pub(crate) fn approved(decision: Decision) -> Decision {
    Decision {
        state: DecisionState::Approved,
        approved_by: Some(PersonId(id(2))),
        approved_at: Some(start()),
        ..decision
    }
}

/// Two years, nothing planned; the nth grant answers the nth application.
pub(crate) fn grant(n: u128) -> Grant {
    Grant {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 200 + n),
        application_id: id(n).into(),
        round_id: id(1).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        decision_id: id(1).into(),
        lead_id: id(1).into(),
        name: "Jærskolene".to_owned(),
        title: "Lesing".to_owned(),
        state: GrantState::Offered,
        stopped_from: None,
        years: vec![GrantYear::new(2020), GrantYear::new(2021)],
        answered_at: None,
        version: 1,
    }
}

/// Promised by the second decision: 300 kroner in 2020, decided, and 250 in 2021, conditional.
pub(crate) fn promised(grant: Grant) -> Grant {
    let year = |year, state, amount| GrantYear {
        year,
        state,
        planned: Some(kroner(amount)),
        planned_run_id: Some(id(1).into()),
        promised: Some(kroner(amount)),
        promised_run_id: Some(id(1).into()),
        decision_id: Some(DecisionId(id(2))),
        impact_report_id: None,
        conditional: state == GrantYearState::PreNotified,
        judgement: None,
    };
    let years = vec![year(2020, GrantYearState::Decided, 300), year(2021, GrantYearState::PreNotified, 250)];
    Grant { years, ..grant }
}

/// A draft, prepared by the first person.
pub(crate) fn letter(n: u128) -> Letter {
    let content = json!({
        "kind": "information", "language": "nb", "recipients": ["Kommunene"], "caseNumber": "2020/1", "date": "2020-06-30",
        "sender": {"name": "Fylkesmannen", "organisationNumber": "974763230", "department": "Utdanning", "address": []},
        "contact": {"name": "Person 1", "title": "rådgiver", "phone": "51000000"},
        "facts": {
            "scheme": "Kompetanseløftet", "round": "høsten 2020", "meetings": [{"forum": "ordningen", "date": "2020-06-01"}],
            "applicants": [{"kind": "municipality", "count": 3}], "places": 2, "projects": [], "model": "et grunnbeløp",
            "computingBody": "Udir", "amounts": null, "periodYears": 6, "deferred": [], "events": [], "pending": [],
            "greeting": null,
        },
        "signatories": [{"name": "Person 2", "title": "direktør"}], "approved": null,
    });
    Letter {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 300 + n),
        office_id: id(1).into(),
        round_id: id(1).into(),
        decision_id: id(1).into(),
        content: serde_json::from_value(content).unwrap(),
        texts: letter_texts(),
        state: LetterState::Draft,
        prepared_by: id(1).into(),
        approved_by: None,
        approved_at: None,
        dispatched_at: None,
        version: 1,
    }
}

/// Approved by the second person and sent.
pub(crate) fn dispatched(letter: Letter) -> Letter {
    Letter {
        state: LetterState::Dispatched,
        approved_by: Some(id(2).into()),
        approved_at: Some(start()),
        dispatched_at: Some(start()),
        ..letter
    }
}

/// What the lead of the first application was told.
pub(crate) fn notice() -> AppealNotice {
    let rule = AppealRule::default_for(OrganisationKind::IndependentSchool);
    AppealNotice {
        application_id: id(1).into(),
        organisation_id: id(1).into(),
        rule,
        received_on: "2020-06-19".parse().unwrap(),
        ends_at: Some("2020-07-10T22:00:00Z".parse().unwrap()),
    }
}
