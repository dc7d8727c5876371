//! Every trigger is provoked with plain SQL, and lets pass what it must.

use std::collections::BTreeSet;

use tildel_storage::{Backend, guards};
use tildel_test_support::{TestStore, both_backends};

use super::constraints::execute;
use super::schema::lines;
use super::world::play;

/// What each trigger refuses; `@n` stands for the nth id.
const REFUSED: &[(&str, &str)] = &[
    (guards::BALLOTS_FROZEN_RULES, "update ballots set rules = '{}' where id = '@1'"),
    (guards::BALLOTS_FROZEN_RULES, "update ballots set frozen = false where id = '@1'"),
    (guards::BALLOTS_FROZEN_RULES, "update ballots set round_id = '@1' where id = '@1'"),
    (guards::BALLOTS_FROZEN_RULES, "update ballots set application_id = '@1' where id = '@1'"),
    (
        guards::VOTES_OPEN_BALLOT,
        "insert into votes (ballot_id, seat_id, revision, person_id, content, recused_on, cast_at, superseded) \
         values ('@2', '@1', 1, '@1', '{}', '[]', '2020-06-01T10:00:00.000000Z', false)",
    ),
    (guards::VOTES_KEPT, "update votes set content = '{}' where revision = 2"),
    (guards::VOTES_KEPT, "update votes set recused_on = '[1]' where revision = 2"),
    (guards::VOTES_KEPT, "update votes set superseded = false where revision = 1"),
    (guards::VOTES_KEPT, "update votes set receipt = '00' where revision = 2"),
    (guards::VOTES_NOT_DELETED, "delete from votes where revision = 1"),
    (guards::BALLOTS_COUNTED_FIXED, "update ballots set tally = null where id = '@3'"),
    (guards::MINUTES_APPROVED_FIXED, "update minutes set content = '{}' where number = 1"),
    (guards::MINUTES_APPROVED_FIXED, "delete from minutes where number = 1"),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "update recommendations set lines = '[]' where id = '@1'"),
    (
        guards::RECOMMENDATIONS_ADOPTED_FIXED,
        "update recommendations set state = 'draft', adopted_by = null, adopted_at = null where id = '@1'",
    ),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "update recommendations set meeting_id = null where id = '@1'"),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "delete from recommendations where id = '@1'"),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "update recommendations set dissent = '[1]' where id = '@7'"),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "update recommendations set renewals = '[]' where id = '@7'"),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "update recommendations set signed_by = '@2' where id = '@7'"),
    (
        guards::RECOMMENDATIONS_ADOPTED_FIXED,
        "update recommendations set state = 'adopted', signed_by = null, signed_at = null where id = '@7'",
    ),
    (
        guards::RECOMMENDATIONS_ADOPTED_FIXED,
        "update recommendations set state = 'superseded', lines = '[]' where id = '@7'",
    ),
    (guards::RECOMMENDATIONS_ADOPTED_FIXED, "delete from recommendations where id = '@7'"),
    (guards::RUNS_FIXED, "update runs set plan = '{}' where id = '@1'"),
    (guards::RUNS_FIXED, "delete from runs where id = '@1'"),
    (guards::DECISIONS_APPROVED_FIXED, "update decisions set lines = '[]' where id = '@1'"),
    (guards::DECISIONS_APPROVED_FIXED, "update decisions set approved_by = '@3' where id = '@1'"),
    (
        guards::DECISIONS_APPROVED_FIXED,
        "update decisions set state = 'draft', approved_by = null, approved_at = null where id = '@1'",
    ),
    (guards::DECISIONS_APPROVED_FIXED, "delete from decisions where id = '@1'"),
    (guards::DECISIONS_NOTICES_FIXED, "update decisions set appeal_id = '@1' where id = '@3'"),
    (guards::APPEALS_FIXED, "update appeals set grounds = 'andre' where id = '@1'"),
    (guards::APPEALS_FIXED, "update appeals set late = true where id = '@1'"),
    (guards::APPEALS_FIXED, "update appeals set rulings = '[]' where id = '@2'"),
    (guards::APPEALS_FIXED, "update appeals set state = 'received' where id = '@2'"),
    (guards::APPEALS_FIXED, "delete from appeals where id = '@1'"),
    (guards::APPEAL_RERUNS_FIXED, "update appeal_reruns set result_hash = input_hash where id = '@1'"),
    (guards::APPEAL_RERUNS_FIXED, "delete from appeal_reruns where id = '@1'"),
    (guards::GRANT_RENEWALS_FIXED, "update grant_renewals set outcome = 'stopped' where id = '@1'"),
    (guards::GRANT_RENEWALS_FIXED, "delete from grant_renewals where id = '@1'"),
    (guards::GRANT_PAYMENTS_FIXED, "update grant_payments set amount_ore = 1 where id = '@1'"),
    (guards::GRANT_PAYMENTS_FIXED, "delete from grant_payments where id = '@1'"),
    // Of 300 kroner, 100 are paid.
    (
        guards::GRANT_PAYMENTS_WITHIN_DECIDED,
        "insert into grant_payments (id, grant_id, year, sequence, amount_ore, paid_on, recorded_by, recorded_at) \
         values ('@9', '@1', 2020, 2, 20001, '2020-06-01', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        guards::GRANT_PAYMENTS_WITHIN_DECIDED,
        "insert into grant_payments (id, grant_id, year, sequence, amount_ore, paid_on, recorded_by, recorded_at) \
         values ('@9', '@1', 2021, 1, 1, '2020-06-01', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (guards::IMPACT_REPORTS_FIXED, "update impact_reports set moves = '[1]' where id = '@2'"),
    (guards::IMPACT_REPORTS_FIXED, "update impact_reports set run_id = '@3' where id = '@2'"),
    (
        guards::IMPACT_REPORTS_FIXED,
        "update impact_reports set state = 'superseded', accepted_by = null, accepted_at = null where id = '@1'",
    ),
    (guards::IMPACT_REPORTS_FIXED, "delete from impact_reports where id = '@2'"),
    // The report is open; another run than the report's; a decided amount.
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "update grant_years set promised_ore = 7, promised_run_id = '@2', impact_report_id = '@2' \
         where grant_id = '@1' and year = 2021",
    ),
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "update grant_years set promised_ore = 7, promised_run_id = '@2', impact_report_id = '@1' \
         where grant_id = '@1' and year = 2021",
    ),
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "update grant_years set promised_ore = 7, promised_run_id = '@1', impact_report_id = '@1' \
         where grant_id = '@1' and year = 2020",
    ),
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "update grant_years set promised_ore = 1 where grant_id = '@1' and year = 2020",
    ),
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "update grant_years set state = 'planned', promised_ore = null, promised_run_id = null, decision_id = null \
         where grant_id = '@1' and year = 2021",
    ),
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "update grant_years set year = 2022 where grant_id = '@1' and year = 2021",
    ),
    (
        guards::GRANT_YEARS_PROMISE_BY_DECISION,
        "delete from grant_years where grant_id = '@1' and year = 2021",
    ),
    (guards::CHANGES_FIXED, "update changes set kind = 'closed' where id = '@1'"),
    (guards::CHANGES_FIXED, "update changes set after = '{}' where id = '@1'"),
    (guards::CHANGES_FIXED, "update changes set state = 'open' where id = '@3'"),
    (guards::CHANGES_FIXED, "delete from changes where id = '@1'"),
    (guards::LETTERS_APPROVED_FIXED, "update letters set content = '{}' where id = '@1'"),
    (guards::LETTERS_APPROVED_FIXED, "update letters set texts = '{}' where id = '@1'"),
    (
        guards::LETTERS_APPROVED_FIXED,
        "update letters set dispatched_at = '2020-06-01T10:00:00.000000Z' where id = '@1'",
    ),
    (
        guards::LETTERS_APPROVED_FIXED,
        "update letters set state = 'approved', dispatched_at = null where id = '@1'",
    ),
    (guards::LETTERS_APPROVED_FIXED, "delete from letters where id = '@1'"),
];

/// What stands beside it and must pass, in this order.
const LET_PASS: &[&str] = &[
    // Frozen rules do not keep a ballot from going on, and a ballot without votes may be rewritten.
    "update ballots set state = 'closed', title = 'Sak 2', version = 2 where id = '@1'",
    "update ballots set rules = '{}' where id = '@2'",
    "update ballots set frozen = true where id = '@2'",
    "update ballots set state = 'annulled', annulment_reason = 'feil liste', version = 2 where id = '@3'",
    "update votes set superseded = true where revision = 2",
    "update recommendations set lines = '[]' where id = '@2'",
    // Members dissent until the sign-off; a later version takes the place.
    "update recommendations set dissent = '[]', version = 2 where id = '@1'",
    "update recommendations set state = 'signed_off', signed_by = '@1', signed_at = '2020-06-01T10:00:00.000000Z' where id = '@1'",
    "update recommendations set state = 'superseded', version = 2 where id = '@7'",
    "delete from recommendations where id = '@2'",
    // The recipients of an approved decision are told.
    "update decisions set state = 'notified', version = 2 where id = '@1'",
    "update decisions set lines = '[]' where id = '@3'",
    // An open appeal goes on, and a decision follows an upheld one.
    "update appeals set state = 'withdrawn', version = 2 where id = '@1'",
    "update appeals set followed_by = '@3', version = 2 where id = '@2'",
    // The rest of the 300 kroner is paid.
    "insert into grant_payments (id, grant_id, year, sequence, amount_ore, paid_on, recorded_by, recorded_at) \
     values ('@9', '@1', 2020, 2, 20000, '2020-06-01', '@1', '2020-06-01T10:00:00.000000Z')",
    // A new plan beside a promise, and a new promise by another decision.
    "update grant_years set planned_ore = 7 where grant_id = '@1' and year = 2020",
    "update grant_years set promised_ore = 7, decision_id = '@3' where grant_id = '@1' and year = 2020",
    // An accepted report moves what is pre-notified; an open one gives way.
    "update grant_years set promised_ore = 7, promised_run_id = '@1', impact_report_id = '@1' \
     where grant_id = '@1' and year = 2021",
    "update impact_reports set state = 'superseded', version = 2 where id = '@2'",
    // A change that waits is assessed, and decided by somebody; one that was accepted keeps its state.
    "update changes set effect = '{}', version = 2 where id = '@1'",
    "update changes set state = 'accepted', version = 2 where id = '@2'",
    "update changes set version = 2 where id = '@3'",
    "update letters set content = '{}' where id = '@2'",
    "update letters set state = 'approved', approved_by = '@2', approved_at = '2020-06-01T10:00:00.000000Z' where id = '@2'",
    "update letters set state = 'dispatched', dispatched_at = '2020-06-02T10:00:00.000000Z' where id = '@2'",
];

both_backends! {
    fn every_trigger_refuses(store: TestStore) {
        play(&store);
        for (name, sql) in REFUSED {
            let error = execute(&store, sql).expect_err(sql);
            assert!(error.is_check_violation(name), "{sql}: {error}");
        }
    }

    fn every_trigger_lets_pass_what_it_must(store: TestStore) {
        play(&store);
        for sql in LET_PASS {
            execute(&store, sql).expect(sql);
        }
    }
}

#[test]
fn no_trigger_is_left_out_of_this_list() {
    let triggers_of = |store: &TestStore, sql| -> BTreeSet<String> {
        let all = lines(store, sql).into_iter().filter(|name| !name.starts_with("journal_"));
        all.map(|name| name.rsplit_once('_').unwrap().0.to_owned()).collect()
    };
    let provoked: BTreeSet<String> = REFUSED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let postgres = TestStore::open(Backend::Postgres).unwrap();
    let sqlite = TestStore::open(Backend::Sqlite).unwrap();
    let in_postgres =
        triggers_of(&postgres, "select tgname::text as line from pg_trigger where not tgisinternal");
    let in_sqlite = triggers_of(&sqlite, "select name as line from sqlite_master where type = 'trigger'");
    assert_eq!(in_postgres, provoked);
    assert_eq!(in_sqlite, provoked);
}
