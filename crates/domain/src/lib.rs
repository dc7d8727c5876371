#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

pub mod application;
pub mod ballot;
mod ballot_count;
mod ballot_matter;
mod ballot_rules;
mod budget;
pub mod decision;
pub mod entry;
pub mod forum;
pub mod grant;
mod grant_year;
pub mod id;
pub mod impact;
pub mod letter;
pub mod letter_content;
pub mod meeting;
pub mod notification;
pub mod organisation;
pub mod pabulib;
pub mod paper;
pub mod person;
pub mod policy;
pub mod recommendation;
pub mod recusal;
pub mod refusal;
pub mod round;
pub mod run;
pub mod scenario;
pub mod scheme;
pub mod standing;
pub mod text;
mod vote;

pub use entry::{Entry, Subject};
pub use person::{Actor, Role};
pub use refusal::{Refusal, RefusalCode};
pub use tildel_allocation as allocation;
pub use tildel_voting as voting;
