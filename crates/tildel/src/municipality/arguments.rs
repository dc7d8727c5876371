//! What the command line says.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

/// Which number, on which day, by which files.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The number, four digits such as 1102.
    #[arg(value_parser = four_digits)]
    pub(crate) number: String,
    /// The day to tell it for; today where nothing is said.
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<Date>,
    /// Answers of SSB's Klass in files: changes of classification 131, any number of them in any order, and lists of its codes, which tell of
    /// numbers that no change mentions. Without any, what was read of the source klass-municipalities is asked.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) from: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

fn four_digits(text: &str) -> Result<String, String> {
    let is_number = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(text.to_owned()) } else { Err("give four digits, such as 1102 or 0301".to_owned()) }
}
