//! The short forms of the two campaigns on forums; `cargo xtask interference` and `cargo xtask histories` run the long ones.

use tildel_test_support::{Backend, TestRandom, block_on};
use tildel_tests::{histories, interference};

/// Who is recused gets the same answers to the byte whatever the others vote, say and write; who is not, sees a difference.
#[test]
fn recused_members_learn_nothing_on_sqlite() {
    let report = block_on(interference::report(Backend::Sqlite, 4, &TestRandom::from_environment()));
    println!("{}", report.expect("the worlds look the same"));
}

#[test]
fn recused_members_learn_nothing_on_postgres() {
    let report = block_on(interference::report(Backend::Postgres, 2, &TestRandom::from_environment()));
    println!("{}", report.expect("the worlds look the same"));
}

/// Eight clients at once: one vote for each seat, none after the close, and each seat a linearizable register.
#[test]
fn histories_of_votes_can_have_happened_on_sqlite() {
    let report = block_on(histories::report(Backend::Sqlite, 2, &TestRandom::from_environment()));
    println!("{}", report.expect("a possible history"));
}

#[test]
fn histories_of_votes_can_have_happened_on_postgres() {
    let report = block_on(histories::report(Backend::Postgres, 4, &TestRandom::from_environment()));
    println!("{}", report.expect("a possible history"));
}
