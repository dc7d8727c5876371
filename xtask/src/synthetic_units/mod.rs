//! `cargo xtask synthetic-units`: a national file of units that nobody has, in the shape that Enhetsregisteret's file has.
//!
//! The same seed makes the same bytes, so figures measured on it can be measured again.

mod random;
mod unit;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;

use random::Random;

/// How many, from which seed, and where to.
#[derive(Args)]
pub(crate) struct Options {
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

/// Writes the file.
pub(crate) fn run(options: &Options) -> Result<()> {
    let file = File::create(&options.out)
        .with_context(|| format!("failed to create the file {}", options.out.display()))?;
    // Without name and time, so that the bytes are the same each time.
    let mut gzip = Command::new("gzip")
        .args(["-n", "-6", "-c"])
        .stdin(Stdio::piped())
        .stdout(file)
        .spawn()
        .context("failed to run gzip (is it installed?)")?;
    {
        let input = gzip.stdin.take().context("failed to write to gzip")?;
        write(&mut BufWriter::with_capacity(256 * 1024, input), options.count, options.seed)?;
    }
    ensure!(gzip.wait()?.success(), "gzip failed");
    println!("{} units of seed {} in {}", options.count, options.seed, options.out.display());
    Ok(())
}

/// One array, a unit on each line.
fn write(out: &mut impl Write, count: u64, seed: u64) -> Result<()> {
    let mut random = Random::new(seed);
    let mut numbers = unit::numbers();
    out.write_all(b"[")?;
    for place in 0..count {
        let number = numbers.next().context("there are no more organisation numbers")?;
        let separator = if place == 0 { "" } else { ",\n" };
        write!(out, "{separator}{}", unit::unit(number, &mut random))?;
    }
    out.write_all(b"]\n")?;
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::write;

    fn made(seed: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, 500, seed).unwrap();
        bytes
    }

    #[test]
    fn the_same_seed_makes_the_same_units_of_the_recorded_shape() {
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        let units: Vec<Value> = serde_json::from_slice(&made(1)).unwrap();
        assert_eq!(units.len(), 500);
        let count = |test: &dyn Fn(&Value) -> bool| units.iter().filter(|unit| test(unit)).count();
        assert_eq!(
            count(
                &|unit| unit["respons_klasse"] == "Enhet" && unit["harRegistrertAntallAnsatte"].is_boolean()
            ),
            500
        );
        // Some show their employees, some have them withheld, most have none registered.
        let withheld =
            count(&|unit| unit["harRegistrertAntallAnsatte"] == true && unit.get("antallAnsatte").is_none());
        let shown = count(&|unit| unit["antallAnsatte"].as_u64().is_some_and(|count| count >= 5));
        assert!(withheld > 20 && shown > 20 && withheld + shown < 250, "{withheld}, {shown}");
    }
}
