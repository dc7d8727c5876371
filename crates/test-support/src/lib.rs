//! What tests of every crate share: stores on both databases, a clock that stands still, and seeded randomness.
//!
//! ```ignore
//! use tildel_test_support::{TestStore, both_backends};
//!
//! both_backends! {
//!     fn a_new_store_is_migrated(store: TestStore) {
//!         assert!(store.pending_migrations().unwrap().is_empty());
//!     }
//! }
//! ```
//!
//! The macro makes two tests of it, `a_new_store_is_migrated::sqlite` and `a_new_store_is_migrated::postgres`, each
//! with a database of its own, cloned from a migrated template and dropped at the end.
//!
//! PostgreSQL comes from `TILDEL_TEST_POSTGRES` (the URL of a server on which databases may be created), else from a
//! private cluster on installed binaries. The first test that needs the cluster starts it; the tests of all processes
//! share it; it stops by itself when no test has used it for a while, and at once by `test-postgres stop`. Where
//! there is no PostgreSQL a test fails and says what to install: it is never skipped.
//!
//! | variable | meaning |
//! |---|---|
//! | `TILDEL_TEST_POSTGRES` | URL of a server to use instead of a private cluster |
//! | `PG_BIN` | folder that holds `initdb` and `pg_ctl` |
//! | `TILDEL_TEST_KEEP` | if set, databases are kept after the test, and their URLs printed |
//! | `TILDEL_TEST_SEED` | seed of [`TestRandom`], to repeat a run |
//!
//! `tildel-storage` itself must use this crate from its `tests/` folder, not from unit tests inside `src/`:
//! there the `Store` under test and the one of this crate are two different types to the compiler.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod both_backends;
mod clock;
mod dump;
mod postgres;
mod random;
mod scratch;
mod sqlite;
mod store;

pub use clock::TestClock;
pub use dump::{Dump, dump, dump_at};
pub use postgres::{MissingPostgres, server_url, stop_clusters};
pub use random::TestRandom;
pub use store::TestStore;
pub use tildel_storage::Backend;

#[doc(hidden)]
pub use both_backends::{block_on, start};
