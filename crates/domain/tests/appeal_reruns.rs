//! What an appellant would have got, and what that would have taken from others.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

use serde_json::{Value, json};
use tildel_domain::allocation::compare::compare;
use tildel_domain::allocation::{Bundle, Nok};
use tildel_domain::appeal_rerun::{Appellant, Assumption, GrantedYears, recompute};
use tildel_domain::run::Run;
use tildel_domain::{Actor, RefusalCode};
use uuid::Uuid;

const LEAD: &str = "964965137";
const APPELLANT: &str = "964978573";

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn project(n: u128, status: &str, lead: &str) -> Value {
    json!({
        "id": id(n), "reference": format!("RO-2020-000{n}"), "title": "Lesing", "firstYear": 2020, "lastYear": 2020,
        "status": status, "lead": lead,
    })
}

fn organisation(number: &str) -> Value {
    json!({ "number": number, "name": number, "headcounts": [] })
}

/// A base of 100 000 kroner, all of it scaled down to a frame of 150 000; one project runs, and `others` are there too.
fn run(others: &[Value]) -> Run {
    let mut projects = vec![project(1, "running", LEAD)];
    projects.extend_from_slice(others);
    let input = serde_json::from_value(json!({
        "scheme": "kompetanseloftet-1", "office": "RO", "firstYear": 2020, "lastYear": 2020,
        "models": [{
            "key": "model", "version": 1, "validFromYear": 2020, "validToYear": 2025, "legalBasis": "Øving", "withheldAssumed": "2.5",
            "fit": "scale_all",
            "components": [{ "kind": "base", "id": "base", "per": "project", "amount": "100000.00" }],
        }],
        "frames": [{ "year": 2020, "status": "decided", "amount": "150000.00", "places": 1 }],
        "organisations": [organisation(LEAD), organisation(APPELLANT)],
        "projects": projects,
    }))
    .unwrap();
    let bundle = Bundle::compute(input).unwrap();
    Run {
        id: id(9).into(),
        office_id: id(8).into(),
        scheme_id: id(7).into(),
        input_hash: bundle.input_hash,
        result_hash: bundle.result_hash,
        input: bundle.input,
        plan: bundle.result,
        created_at: "2020-06-09T12:00:00Z".parse().unwrap(),
    }
}

fn appellant() -> Appellant {
    Appellant {
        project: serde_json::from_value(project(2, "running", APPELLANT)).unwrap(),
        organisations: vec![serde_json::from_value(organisation(APPELLANT)).unwrap()],
    }
}

fn granted() -> Assumption {
    Assumption { granted: Some(GrantedYears { first_year: 2020, last_year: 2020 }), headcounts: Vec::new() }
}

fn kroner(amount: i64) -> Nok {
    Nok::from_kroner(amount).unwrap()
}

/// Alone, the first project gets its 100 000. Two of them share 150 000: 75 000 each. So the appellant would have got 75 000, and the other one
/// 25 000 less. It makes no difference whether the run knew the appellant from its waiting list.
#[test]
fn what_the_appellant_would_have_got_is_taken_from_others() {
    for others in [vec![], vec![project(2, "waiting", APPELLANT)]] {
        let run = run(&others);
        let bundle = recompute(&run, &appellant(), &granted(), &Actor::SYSTEM).unwrap();
        let compared = compare((&run.input, &run.plan), (&bundle.input, &bundle.result)).unwrap();
        let amounts = |number: &str| {
            let found = compared.recipients.iter().find(|recipient| recipient.organisation == number);
            found.map(|recipient| (recipient.from, recipient.to))
        };
        assert_eq!(amounts(LEAD), Some((kroner(100_000), kroner(75_000))));
        assert_eq!(amounts(APPELLANT), Some((Nok::ZERO, kroner(75_000))));
        // Computed again it is the same, to the hash; and the run itself was left alone.
        let again = recompute(&run, &appellant(), &granted(), &Actor::SYSTEM).unwrap();
        assert_eq!((&again.input_hash, &again.result_hash), (&bundle.input_hash, &bundle.result_hash));
        assert_eq!(run, self::run(&others));
    }
}

#[test]
fn what_is_granted_already_or_not_assumed_is_refused() {
    let code = |run: &Run, assumption: &Assumption| {
        recompute(run, &appellant(), assumption, &Actor::SYSTEM).unwrap_err().code
    };
    let nothing = Assumption { granted: None, headcounts: Vec::new() };
    assert_eq!(code(&run(&[]), &nothing), RefusalCode::InvalidValue);
    assert_eq!(code(&run(&[project(2, "running", APPELLANT)]), &granted()), RefusalCode::InvalidValue);
    let backwards = Assumption {
        granted: Some(GrantedYears { first_year: 2021, last_year: 2020 }),
        headcounts: Vec::new(),
    };
    assert_eq!(code(&run(&[]), &backwards), RefusalCode::InvalidValue);
    assert_eq!(
        recompute(&run(&[]), &appellant(), &granted(), &Actor::PUBLIC).unwrap_err().code,
        RefusalCode::OtherOffice
    );
}
