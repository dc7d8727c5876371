#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

pub mod accounts;
pub mod aggregate;
pub mod ambient;
pub mod appeal_reruns;
pub mod appeal_rules;
pub mod appeals;
pub mod applications;
pub mod ballots;
pub mod changes;
pub mod context;
pub mod decisions;
pub mod failure;
pub mod forums;
pub mod grants;
pub mod impact;
pub mod jobs;
pub mod journal;
pub mod letters;
pub mod live;
pub mod meetings;
pub mod minutes;
pub mod notifications;
pub mod operations;
pub mod pabulib;
pub mod papers;
pub mod plans;
pub mod recommendations;
pub mod recusals;
pub mod registry;
pub mod renewals;
pub mod reserve;
pub mod rounds;
pub mod scenarios;
pub mod service;
pub mod sources;
pub mod treatments;
mod viewer;
pub mod votes;

pub use ambient::{Clock, Randomness, SystemClock, SystemRandomness};
pub use context::{Context, Expected};
pub use failure::Failure;
pub use service::{Answer, Credentials, Idempotency, Service, ServiceParts, Write};
pub use tildel_domain as domain;
pub use tildel_storage::{Page, PageOrder, PageRequest};
