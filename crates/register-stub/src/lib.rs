#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may stop at once")
)]

mod enhetsregisteret;
mod fault;
mod klass;
pub mod national_file;
mod places;
mod practice;
mod random;
mod routes;
mod scene;
pub mod server;
mod synthetic;
mod udir;

pub use routes::Stub;
pub use scene::Scene;
