//! The information letter of the Rogaland 2020 round: what it says, when it says it, and the form it has.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod facts;
mod fixture;
mod forms;
mod rules;
