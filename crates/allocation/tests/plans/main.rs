//! Plans against hand calculations and general properties.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod fixture;
mod hand_calculated;
mod properties;
