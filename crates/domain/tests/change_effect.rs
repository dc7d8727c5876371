//! On which effects a change may be accepted: each way in which nobody can have read what it does now.

#![allow(clippy::unwrap_used, reason = "tests may stop at once")]

use tildel_domain::change::{
    Change, ChangeEffect, ChangeKind, ChangeState, PlanEffect, PlanStanding, Touches,
};
use tildel_domain::register::RegisterKey;
use uuid::Uuid;

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn told(scheme: u128, run: Option<u128>, input_hash: &str) -> PlanEffect {
    PlanEffect {
        office_id: id(1),
        scheme_id: id(scheme),
        run_id: run.map(id),
        input_hash: input_hash.to_owned(),
        result_hash: String::new(),
        moves: Vec::new(),
    }
}

fn stands(scheme: u128, run: Option<u128>, input_hash: &str) -> PlanStanding {
    PlanStanding {
        office_id: id(1),
        scheme_id: id(scheme),
        run_id: run.map(id),
        input_hash: input_hash.to_owned(),
    }
}

fn change(effect: Option<ChangeEffect>) -> Change {
    Change {
        id: id(7),
        register: RegisterKey::Nbr,
        unit_number: "974101".to_owned(),
        organisation_id: id(2),
        to_organisation_id: None,
        kind: ChangeKind::HeadcountChanged,
        effective_on: "2025-02-01".parse().unwrap(),
        since: "2025-02-01T11:00:00Z".parse().unwrap(),
        before: None,
        after: None,
        related: Vec::new(),
        fetch_id: id(3),
        state: ChangeState::Open,
        touches: Touches::default(),
        effect,
        decided_by: None,
        decided_at: None,
        reason: None,
        created_at: "2025-02-01T12:00:00Z".parse().unwrap(),
        version: 1,
    }
}

fn effect(plans: Vec<PlanEffect>, refusal: Option<&str>) -> ChangeEffect {
    let assessed_at = "2025-02-01T12:00:00Z".parse().unwrap();
    ChangeEffect { plans, refusal: refusal.map(str::to_owned), ..ChangeEffect::at(assessed_at) }
}

fn refused(effect: impl Into<Option<ChangeEffect>>, plans: &[PlanStanding]) -> Option<&'static str> {
    change(effect.into()).require_assessed(plans).err().map(|refusal| refusal.code.as_str())
}

#[test]
fn what_was_told_as_it_stands_is_enough() {
    let plans = vec![told(1, Some(10), "a"), told(2, None, "b")];
    assert_eq!(refused(effect(plans.clone(), None), &[stands(1, Some(10), "a"), stands(2, None, "b")]), None);
    // A plan that is not there any more does no harm; and one that touches rounds alone has none.
    assert_eq!(refused(effect(plans, None), &[stands(1, Some(10), "a")]), None);
    assert_eq!(refused(effect(Vec::new(), None), &[]), None);
}

#[test]
fn what_nobody_can_have_read_is_refused() {
    let plans = || vec![told(1, Some(10), "a")];
    let code = Some("change_not_assessed");
    assert_eq!(refused(None, &[]), code, "no effect, though nothing is planned");
    assert_eq!(refused(None, &[stands(1, Some(10), "a")]), code, "no effect");
    assert_eq!(refused(effect(plans(), None), &[stands(1, Some(11), "a")]), code, "a newer run");
    let before_any = vec![told(1, None, "a")];
    assert_eq!(refused(effect(before_any, None), &[stands(1, Some(10), "a")]), code, "the first run");
    assert_eq!(
        refused(effect(plans(), None), &[stands(1, Some(10), "b")]),
        code,
        "something else has changed"
    );
    let both = [stands(1, Some(10), "a"), stands(2, Some(20), "b")];
    assert_eq!(refused(effect(plans(), None), &both), code, "a plan that is touched by now");
    let was_refused = effect(Vec::new(), Some("counted_as_whole"));
    assert_eq!(refused(was_refused, &[]), code, "it would have been refused when it was computed");
}
