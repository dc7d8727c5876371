#![doc = include_str!("../README.md")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "tests may stop at once"
)]

pub mod ballot_kinds;
mod client;
pub mod forum_stage;
pub mod histories;
pub mod interference;
mod world;

pub use client::{Client, Reply};
pub use world::{START, World};
