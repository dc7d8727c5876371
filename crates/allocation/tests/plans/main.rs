//! Plans against hand calculations, the specification in `docs/bundle.md`, and general properties.
//!
//! Expected values come from the specification and are worked out in comments; none was read off the program.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod accounts;
mod admission;
mod bad_input;
mod bundle;
mod checks;
mod components;
mod controls;
mod documents;
mod fairness;
mod fits;
mod fixture;
mod generated_models;
mod generator;
mod golden;
mod hand_calculated;
mod impacts;
mod instalments;
mod limits;
mod monotony;
mod perpetual;
mod properties;
mod reach;
mod scenarios;
mod schema;
mod successors;
mod traces;
mod units;
mod years;
