//! What the Norwegian registers say: typed records, the history of municipalities, bulk files and polite fetching.
//!
//! The crate knows neither a database nor our own API. It turns bytes into records ([`enhetsregisteret`], [`udir`], [`klass`],
//! [`pxweb`], [`kartverket`], [`geonorge`], [`statistikkbanken`]), changes of municipality codes into a history
//! ([`municipality`]), a national file into units one by one ([`bulk`]), and an address into an answer ([`fetch`]).
//!
//! Three rules hold for every record. A field that the system has no use for is not read. A value that is missing stays missing: it is never
//! zero. What a register writes is kept as it is written, also where it is no valid organisation number.
//!
//! | word | meaning |
//! |---|---|
//! | unit | what a register lists under one number: a legal entity, a part of one, or a place of work |
//! | head unit, sub-unit | `enhet`, `underenhet` in Enhetsregisteret |
//! | code | a municipality or county number in Klass; valid in a period, and reused over time |

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may stop at once")
)]

pub mod bulk;
mod delimited;
pub mod enhetsregisteret;
pub mod fetch;
pub mod geonorge;
pub mod kartverket;
pub mod klass;
pub mod municipality;
mod number;
pub mod pxweb;
pub mod read;
pub mod statistikkbanken;
pub mod udir;

pub use delimited::{Row, Table};
pub use number::RegisterNumber;
