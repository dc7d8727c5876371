//! Broken and odd input of every kind: no reader panics, none takes long, and what it says is an error or a record.
//!
//! Seeds are printed; `TILDEL_TEST_SEED` repeats one, and `TILDEL_TEST_ROUNDS` says how many mutants each reader gets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may stop at once")]

mod bulk;
mod findings;
mod history;
mod mutant;
mod readers;
