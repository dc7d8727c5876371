//! Counts against the literature, hand calculations and general properties.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod fixture;
mod literature;
mod means;
mod motions;
mod properties;
mod recusal_and_ties;
