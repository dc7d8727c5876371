//! The real program: what it says, what it leaves behind, and how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod case_ballots;
mod count;
mod embedded;
mod money;
mod municipality;
mod operator;
mod processes;
mod refusals;
mod running;
mod setting;
mod shipped_cases;
mod sources;
mod tls;

pub(crate) use running::Running;
pub(crate) use setting::Setting;
