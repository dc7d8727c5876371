//! Where a decision stands, for every mixture of appeals, before and after the end of the appeal period.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

use jiff::Timestamp;
use serde_json::json;
use tildel_domain::appeal::{Appeal, AppealState};
use tildel_domain::appeal_rule::{AppealNotice, AppealRule};
use tildel_domain::decision::{Decision, DecisionMatter, DecisionState};
use tildel_domain::organisation::OrganisationKind;
use uuid::Uuid;

const ENDS_AT: &str = "2020-07-02T22:00:00Z";

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn notice(ends_at: Option<&str>) -> AppealNotice {
    AppealNotice {
        application_id: Uuid::from_u128(1).into(),
        organisation_id: Uuid::from_u128(1).into(),
        rule: AppealRule::default_for(OrganisationKind::IndependentSchool),
        received_on: "2020-06-11".parse().unwrap(),
        ends_at: ends_at.map(instant),
    }
}

fn decision(state: DecisionState, notices: Vec<AppealNotice>) -> Decision {
    Decision {
        id: Uuid::from_u128(2).into(),
        reference: "RO-2020-0100".into(),
        office_id: Uuid::from_u128(3).into(),
        matter: DecisionMatter::Award { round_id: Uuid::from_u128(4).into(), lines: Vec::new() },
        state,
        prepared_by: Uuid::from_u128(5).into(),
        approved_by: None,
        approved_at: None,
        appeal_id: None,
        notified_at: state.is_notified().then(|| instant("2020-06-11T07:00:00Z")),
        notices,
        version: 1,
    }
}

fn appeal(state: AppealState) -> Appeal {
    let id = |n| Uuid::from_u128(n).to_string();
    serde_json::from_value(json!({
        "id": id(6), "reference": "RO-2020-0101", "office_id": id(3), "decision_id": id(2), "application_id": id(1),
        "organisation_id": id(1), "grounds": "Nei", "channel": "electronic", "received_on": "2020-06-18", "posted_on": null,
        "registered_at": "2020-06-18T08:00:00Z", "registered_by": id(7), "late": false, "without_right": false,
        "state": state, "handled_by": null, "rulings": [], "prepared_by": null, "approved_by": null, "followed_by": null,
        "version": 1,
    }))
    .unwrap()
}

const CLOSED: [AppealState; 4] =
    [AppealState::Upheld, AppealState::NotUpheld, AppealState::Dismissed, AppealState::Withdrawn];
const OPEN: [AppealState; 4] =
    [AppealState::Received, AppealState::UnderReview, AppealState::Proposed, AppealState::SentOn];

/// All subsets of the eight states: 256 mixtures, each before, at and after the end, from each state that a notified decision can be in.
#[test]
fn every_mixture_of_appeals_ends_as_the_table_says() {
    let all: Vec<AppealState> = OPEN.into_iter().chain(CLOSED).collect();
    let mut seen = 0;
    for subset in 0_u32..256 {
        let states: Vec<AppealState> = all
            .iter()
            .enumerate()
            .filter(|(bit, _)| subset & (1 << bit) != 0)
            .map(|(_, state)| *state)
            .collect();
        let has = |state| states.contains(&state);
        let at_the_end = match () {
            () if has(AppealState::Upheld) => DecisionState::Changed,
            () if has(AppealState::NotUpheld) => DecisionState::Upheld,
            () if has(AppealState::Dismissed) => DecisionState::Dismissed,
            () => DecisionState::Final,
        };
        let is_open = OPEN.into_iter().any(has);
        for (now, over) in [("2020-07-02T21:59:59Z", false), (ENDS_AT, true), ("2021-01-01T00:00:00Z", true)]
        {
            let expected = match (is_open, over) {
                (true, _) => DecisionState::Appealed,
                (false, false) => DecisionState::Notified,
                (false, true) => at_the_end,
            };
            for from in [DecisionState::Notified, DecisionState::Appealed, DecisionState::Final] {
                let mut decision = decision(from, vec![notice(None), notice(Some(ENDS_AT))]);
                let appeals: Vec<Appeal> = states.iter().map(|state| appeal(*state)).collect();
                let entry = decision.settle(&appeals, instant(now));
                assert_eq!(decision.state, expected, "{states:?} at {now} from {from:?}");
                assert_eq!(entry.is_some(), from != expected);
                assert!(decision.settle(&appeals, instant(now)).is_none(), "asking twice changes nothing");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 256 * 3 * 3);
}

/// Until the recipients are told there is no end, and where none of them may appeal it is the notification.
#[test]
fn what_nobody_was_told_does_not_end() {
    for state in [DecisionState::Draft, DecisionState::Proposed, DecisionState::Approved] {
        let mut decision = decision(state, Vec::new());
        assert_eq!(decision.appeal_period_ends_at(), None);
        assert!(decision.settle(&[], instant("2030-01-01T00:00:00Z")).is_none());
    }
    let mut without_right = decision(DecisionState::Notified, vec![notice(None)]);
    let notified_at = without_right.notified_at.unwrap();
    assert_eq!(without_right.appeal_period_ends_at(), Some(notified_at));
    assert!(without_right.settle(&[], notified_at).is_some());
    assert_eq!(without_right.state, DecisionState::Final);
}
