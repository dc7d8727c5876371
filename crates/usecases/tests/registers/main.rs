//! Reading registers into a database: on both, broken off anywhere, and from answers that come twice, out of order or not at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may stop at once")]

mod control_totals;
mod feed;
mod files;
mod klass;
mod recorded;
mod server;
mod setting;
mod trouble;
mod udir;
mod vanished;
