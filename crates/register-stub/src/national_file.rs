//! A national file of units that nobody has, in the shape that Enhetsregisteret's file has.
//!
//! The same seed makes the same bytes, so figures measured on it can be measured again.

mod unit;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::random::Random;
use crate::scene::test_numbers;

/// Writes a file of so many units from a seed, packed by gzip.
///
/// # Errors
/// What the system says of the file; that gzip is not there or failed.
pub fn make(out: &Path, count: u64, seed: u64) -> io::Result<()> {
    let file = File::create(out)?;
    // Without name and time, so that the bytes are the same each time.
    let mut gzip =
        Command::new("gzip").args(["-n", "-6", "-c"]).stdin(Stdio::piped()).stdout(file).spawn()?;
    if let Some(input) = gzip.stdin.take() {
        write(&mut BufWriter::with_capacity(256 * 1024, input), count, seed)?;
    }
    if gzip.wait()?.success() { Ok(()) } else { Err(io::Error::other("gzip failed")) }
}

/// One array, a unit on each line.
fn write(out: &mut impl Write, count: u64, seed: u64) -> io::Result<()> {
    let mut random = Random::new(seed);
    let mut numbers = test_numbers();
    out.write_all(b"[")?;
    for place in 0..count {
        let number =
            numbers.next().ok_or_else(|| io::Error::other("there are no more organisation numbers"))?;
        let separator = if place == 0 { "" } else { ",\n" };
        write!(out, "{separator}{}", unit::unit(number, &mut random))?;
    }
    out.write_all(b"]\n")?;
    out.flush()
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
