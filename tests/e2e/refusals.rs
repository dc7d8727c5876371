//! Every "no" of the domain, provoked over HTTP: its status, code and rule, and its words in three languages.
//!
//! The acts play one after another on one stage; at the end the guard compares what was provoked with what there is.

mod access;
mod appeals;
mod awards;
mod changes;
mod forum;
mod money;
mod recommendations;
mod rounds;

use std::collections::BTreeSet;

use serde_json::Value;
use tildel_domain::refusal::RefusalCode;
use tildel_test_support::TestStore;
use tildel_tests::{Client, Reply};

use crate::stage::Stage;

/// Each refusal as the contract and `docs/rules.md` have it: code, status, rule.
const REFUSALS: &[(&str, u16, &str)] = &[
    ("not_found", 404, "access"),
    ("role_not_allowed", 403, "access"),
    ("other_office", 403, "access"),
    ("other_organisation", 403, "access"),
    ("not_chair", 403, "access"),
    ("wrong_state", 409, "lifecycle"),
    ("reason_required", 422, "lifecycle"),
    ("round_not_open", 409, "lifecycle"),
    ("deadline_passed", 409, "lifecycle"),
    ("application_incomplete", 422, "lifecycle"),
    ("partner_not_confirmed", 409, "lifecycle"),
    ("duplicate_party", 409, "lifecycle"),
    ("deferral_not_later", 422, "lifecycle"),
    ("screening_incomplete", 409, "lifecycle"),
    ("letter_not_written", 409, "lifecycle"),
    ("plan_missing", 409, "lifecycle"),
    ("scenario_not_run", 409, "lifecycle"),
    ("invalid_value", 422, "values"),
    ("unknown_reference", 422, "values"),
    ("already_exists", 409, "values"),
    ("not_your_seat", 403, "rule-1"),
    ("not_on_roster", 403, "rule-1"),
    ("roster_incomplete", 422, "rule-1"),
    ("recused", 403, "rule-1"),
    ("seat_held_by_another", 403, "rule-1"),
    ("ruling_not_yours", 403, "rule-1"),
    ("recusal_not_ruled", 409, "rule-1"),
    ("invalid_vote", 422, "rule-1"),
    ("score_off_scale", 422, "rule-1"),
    ("scores_incomplete", 422, "rule-1"),
    ("too_many_points", 422, "rule-1"),
    ("votes_secret", 403, "access"),
    ("ballot_frozen", 409, "rule-2"),
    ("agreement_test_missing", 409, "rule-3"),
    ("agreement_reached", 409, "rule-3"),
    ("quorum_not_met", 409, "rule-3"),
    ("recommendation_without_basis", 409, "rule-3"),
    ("departure_from_count_unexplained", 422, "rule-3"),
    ("office_has_no_vote", 422, "rule-4"),
    ("departure_without_reason_code", 422, "rule-5"),
    ("departure_without_reason", 422, "rule-5"),
    ("departure_without_legal_basis", 422, "rule-5"),
    ("decision_line_missing", 422, "rule-5"),
    ("renewal_line_missing", 422, "rule-5"),
    ("criterion_not_assessed", 422, "rule-5"),
    ("recommendation_missing", 409, "rule-5"),
    ("same_person_approves", 403, "rule-6"),
    ("approver_has_interest", 403, "rule-6"),
    ("appeal_not_admissible", 422, "appeals"),
    ("appeal_not_upheld", 409, "appeals"),
    ("frame_exceeded", 409, "rule-7"),
    ("places_exceeded", 409, "rule-7"),
    ("frame_unknown", 409, "rule-7"),
    ("amount_not_of_run", 422, "rule-8"),
    ("decided_amount_fixed", 409, "rule-8"),
    ("payment_exceeds_amount", 409, "rule-8"),
    ("impact_report_not_open", 409, "rule-8"),
    ("change_not_open", 409, "changes"),
    ("headcount_set_by_person", 409, "changes"),
    ("counted_as_whole", 409, "changes"),
    ("change_stale", 409, "changes"),
    ("change_not_assessed", 409, "changes"),
    ("units_not_taken_in", 409, "changes"),
    ("scenario_not_computable", 422, "rule-9"),
    ("amount_pending", 409, "rule-12"),
    ("shares_not_whole", 422, "rule-13"),
    ("successor_circle", 422, "rule-13"),
];

/// Refusals that nobody can provoke over HTTP, and why.
const NOT_OVER_HTTP: &[(&str, &str)] = &[];

/// A play: the stage, and the refusals that were provoked on it.
pub(crate) struct Play {
    /// The stage.
    pub(crate) stage: Stage,
    provoked: BTreeSet<&'static str>,
}

impl Play {
    /// Calls an operation in each language and checks that it is refused in every detail. A refusal changes nothing, so
    /// it can be had three times.
    pub(crate) async fn refused(
        &mut self,
        who: &Client,
        operation: &str,
        ids: &[&str],
        body: Value,
        code: &str,
    ) -> Reply {
        let (code, status, rule) = *REFUSALS
            .iter()
            .find(|(known, ..)| *known == code)
            .unwrap_or_else(|| panic!("{code} is not in the table"));
        let mut told = BTreeSet::new();
        let mut last = None;
        for language in ["nn", "en", "nb"] {
            let reply = self.stage.call_in(who, operation, ids, &body, language).await;
            let reply = reply.expect_problem(status, code);
            assert_eq!(reply.text("/rule"), rule, "{operation}");
            assert_eq!(reply.header("content-language"), Some(language), "{operation}");
            assert!(reply.text("/type").ends_with(code), "{operation}");
            for text in [reply.text("/title"), reply.text("/detail")] {
                assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{operation}: {text}");
            }
            told.insert(reply.text("/detail"));
            last = Some(reply);
        }
        assert_eq!(told.len(), 3, "{code} has the same words in two languages: {told:?}");
        self.provoked.insert(code);
        last.expect("three answers")
    }
}

tildel_test_support::both_backends! {
    /// Every refusal over HTTP, and none forgotten.
    async fn every_refusal_names_its_rule_in_three_languages(store: TestStore) {
        let mut play = Play { stage: Stage::set(store).await, provoked: BTreeSet::new() };
        access::play(&mut play).await;
        rounds::play(&mut play).await;
        forum::play(&mut play).await;
        recommendations::play(&mut play).await;
        awards::play(&mut play).await;
        money::play(&mut play).await;
        appeals::play(&mut play).await;
        changes::play(&mut play).await;

        let provoked: Vec<_> = play.provoked.iter().copied().collect();
        let mut accounted: Vec<_> =
            provoked.iter().copied().chain(NOT_OVER_HTTP.iter().map(|(code, _)| *code)).collect();
        let mut all: Vec<_> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
        accounted.sort_unstable();
        all.sort_unstable();
        assert_eq!(
            accounted, all,
            "each refusal is either provoked here or in the list with a reason, not both"
        );
    }
}
