//! Apportionment against published numbers, hand calculations, brute force and general properties.
//!
//! The vectors shared with other implementations are looked for in `data/apportionment.json` under the folder
//! `shared` beside the repository, and else under the folder that `TILDEL_SHARED` names; where neither is there, a line
//! says so, and the cases written out in these files still run. A seed that was printed is repeated with
//! `TILDEL_TEST_SEED`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod bounded;
mod brute_force;
mod golden;
mod large;
mod methods;
mod properties;
mod support;
mod tie_order;
mod vectors;
mod written_weights;
