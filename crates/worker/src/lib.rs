#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod handlers;
mod lease;
mod schedule;
mod sources;
mod worker;

pub use sources::Sources;
pub use worker::{Worker, WorkerSettings};
