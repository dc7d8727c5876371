//! The history of municipality codes: what a number was, is and became.
//!
//! A number is a name for a while: it is given up, and given to another place later. So the history has *lives*: a number from a first day to the day on
//! which it is not valid any more, with the names it had. *Steps* lead from one life to another. A life that ended goes on in those its
//! steps lead to, with shares that add up to one; a life that has not ended stays itself, whatever parts it gave away. How steps are told apart
//! from the rows of Klass is in `docs/decisions/0019-what-a-change-of-codes-is.md`.

mod build;
mod change_day;
mod finding;
mod given;
mod history;
mod life;
mod resolve;
mod shares;
mod told;

pub use finding::Finding;
pub use history::{History, HistoryBuilder};
pub use life::{Life, LifeId, NameSince, Step, StepKind};
pub use resolve::{Resolved, Successor};
pub use shares::SplitWeights;
pub use told::{Told, ToldLife, ToldPlace, ToldStep, ToldSuccessor, tell};
