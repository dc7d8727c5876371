//! Starts and stops the PostgreSQL clusters that the tests of this checkout share.
//!
//! Tests start the cluster by themselves; this program is for those who want it up before, or gone at once after.
//! `start` prints the URL of the server and ends with 3 where no PostgreSQL is installed.

use std::process::ExitCode;

use tildel_test_support::{MissingPostgres, server_url, stop_clusters};

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    let done = match command.as_deref() {
        Some("start") => server_url().map(|url| println!("{url}")),
        Some("stop") => stop_clusters(),
        _ => {
            eprintln!("usage: test-postgres start | stop");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            if error.is::<MissingPostgres>() { ExitCode::from(3) } else { ExitCode::FAILURE }
        }
    }
}
