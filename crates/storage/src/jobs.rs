//! The job queue: work that is enqueued in the transaction that causes it and done by any worker.
//!
//! A worker claims a job in a short transaction and holds it by a lease that it renews. A job whose worker is gone comes
//! back when its lease ends, so handlers must be idempotent. A [`Ticket`] fences: once the lease was taken over, the
//! late worker's heartbeat, completion and failure touch nothing and answer [`Lease::Lost`].
//!
//! ```text
//! ready → running → done
//!   ↑        │  └──→ dead → (retry) ready
//!   └────────┘  ready, running → cancelled
//! ```

mod job;
mod overview;
mod queue;
mod work;

pub use job::{Job, JobState, NewJob, Progress, Ticket};
pub use overview::{JobFilter, QueueStatus, find, has_key, next_due, page, status};
pub use queue::{Enqueued, cancel, enqueue, retry};
pub use work::{Failure, Lease, Reclaimed, claim, complete, fail, heartbeat, reclaim, release};
