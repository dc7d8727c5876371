//! Counts against the literature, hand calculations and general properties.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod budget;
mod fixture;
mod literature;
mod means;
mod motions;
mod pabulib;
mod properties;
mod recusal_and_ties;
