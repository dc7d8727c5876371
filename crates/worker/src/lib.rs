#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod handlers;
mod lease;
mod schedule;
mod worker;

pub use worker::{Worker, WorkerSettings};
