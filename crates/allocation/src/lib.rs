#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

pub mod apportionment;
mod bundle;
mod canonical;
pub mod compare;
mod exact;
pub mod fairness;
mod headcount;
pub mod impact;
mod input;
mod instalments;
mod language;
pub mod model;
mod money;
mod plan;
mod quantity;
pub mod scenario;
mod sentences;
mod share;
mod text;
mod trace;

pub use bundle::{Bundle, BundleError, hash_of};
pub use canonical::{CanonicalError, canonical_json};
pub use exact::{Exact, ExactParseError};
pub use headcount::{CountedUnit, Headcount, HeadcountRecord, Measure, Ownership, UnitKind};
pub use input::{
    FrameInput, FrameStatus, OrganisationInput, PlanInput, ProjectInput, ProjectStatus, PromiseState,
    PromisedYear, RenewalInput, RenewalOutcome, ServedYear, SuccessorInput,
};
pub use instalments::{InstalmentError, Payments, payments};
pub use language::Language;
pub use model::{FundingModel, ModelError, ModelProblem};
pub use money::{Nok, NokParseError, Overflow, plain};
pub use plan::{
    Account, Flag, FlagCode, InputProblem, Instalment, LineState, MAX_HORIZON_YEARS, Plan, PlanError,
    PlanLine, Recipient, RoundingTie, Waiting, WaitingReason, YearTotal, plan,
};
pub use quantity::{Quantity, QuantityError};
pub use share::{Share, ShareParseError};
pub use text::Text;
pub use trace::{Step, StepInput, StepKind, StepRounding, StepSubject};
