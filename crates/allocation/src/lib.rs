#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod exact;
mod headcount;
mod input;
mod language;
mod model;
mod money;
mod plan;
mod quantity;
mod sentences;
mod trace;

pub use exact::ExactAmount;
pub use headcount::{Headcount, HeadcountRecord, Measure, UnitKind};
pub use input::{FrameInput, FrameStatus, PartyInput, PlanInput, ProjectInput};
pub use language::Language;
pub use model::{FundingModel, ModelError};
pub use money::{Nok, NokParseError, Overflow};
pub use plan::{Flag, HeadcountSubject, MAX_HORIZON_YEARS, Plan, PlanError, PlanLine, YearTotal, plan};
pub use quantity::{Quantity, QuantityError};
pub use trace::{Component, Rounding, RoundingMethod, Step, Trace, TraceInput, TraceValue};
