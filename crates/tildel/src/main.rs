//! The tildel program.

use std::process::ExitCode;

fn main() -> ExitCode {
    tildel::run()
}
