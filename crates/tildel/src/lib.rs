#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod apportion;
pub mod case;
mod cli;
mod commands;
mod count;
mod database;
mod embedded;
mod listener;
mod municipality;
pub mod plan_case;
mod private_file;
mod readiness;
mod settings;
mod stop;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Failed};

/// Runs the program: reads the command line and the configuration, does what they say, and tells in one sentence what
/// went wrong if it did not work.
pub fn run() -> ExitCode {
    let outcome = Cli::try_parse().map_err(Failed::from).and_then(commands::run);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => failed.tell(),
    }
}
