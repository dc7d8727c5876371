//! The fetcher against a server in this process that has every fault there is, with a clock that only waiting moves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may stop at once")]

mod faults;
mod feed;
mod kindness;
mod named;
mod server;
mod setting;
