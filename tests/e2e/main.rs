//! The journeys over HTTP, on SQLite and on PostgreSQL, one file each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod appeals;
mod authorisation;
mod ballots;
mod campaigns;
mod change_effects;
mod change_order;
mod change_races;
mod changes;
mod contract;
mod document;
mod forgotten;
mod idempotency;
mod interests;
mod meetings;
mod money;
mod props;
mod reading;
mod recommendations;
mod refusals;
mod register_units;
mod registers;
mod renewals;
mod rogaland;
mod scenes;
mod stage;
mod successions;
