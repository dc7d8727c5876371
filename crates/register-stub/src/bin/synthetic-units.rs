//! Makes a national file of units.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tildel_register_stub::national_file;

/// Makes up a national file of units in the shape of Enhetsregisteret's, from a seed.
#[derive(Parser)]
struct Options {
    /// Units.
    #[arg(long, default_value_t = 1_200_000)]
    count: u64,
    /// What they are made up from.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// The file, packed by gzip.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn main() -> ExitCode {
    let Options { count, seed, out } = Options::parse();
    match national_file::make(&out, count, seed) {
        Ok(()) => {
            println!("{count} units of seed {seed} in {}", out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: failed to make {} with gzip: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
