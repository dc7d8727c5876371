//! Budget votes.

mod adversarial;
mod choices;
mod expected;
pub(crate) use expected::folder;
mod literature;
mod plain;
mod random;
