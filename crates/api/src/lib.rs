#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

pub mod body;
pub mod call;
mod contract;
mod document;
mod etag;
mod health;
mod limits;
mod middleware;
pub mod problem;
pub mod routes;
mod schema;
mod server;
mod settings;

pub use document::openapi_json;
pub use server::serve;
pub use settings::{ApiSettings, Check, Readiness};

/// The version of the contract, as every success tells it.
pub const API_VERSION: &str = "1.0.0";
