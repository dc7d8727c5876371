//! Units that a newer national file does not have any more. The feed should have told of each; what it did not tell, or what was lost, is asked for.

use std::path::Path;

use serde::Deserialize;
use tildel_domain::register::RegisterKey;
use tildel_registers::RegisterNumber;
use tildel_registers::enhetsregisteret::UnitKind as Half;
use tildel_registers::read::{Limits, json};
use tildel_storage::register_units;

use super::book::Memory;
use super::bulk::{Place, open};
use super::enhetsregisteret::surely_known;
use super::error::IngestError;
use super::feed;
use super::ingest::system;
use super::reading::Reading;

/// Numbers that are read of the database at a time.
const NUMBERS: usize = 10_000;

/// Units that are asked for at a time, which is one transaction.
const UNITS: usize = 500;

/// Units that may be missing in any case. More than these and than a hundredth of what stands means that the file is a part.
const GONE_MAX: usize = 1000;

/// Asks for each unit that stood when the file was made, and that it does not have.
pub(super) fn ask(
    reading: &mut Reading<'_>,
    half: Half,
    path: &Path,
    place: &mut Place,
) -> Result<(), IngestError> {
    let (listed, since) = (numbers(path)?, surely_known(place.made));
    let mut after = place.asked.map_or_else(String::new, |number| format!("{number:09}"));
    let (mut standing, mut gone) = (0, Vec::new());
    loop {
        let page = reading.ingest.parts.service.read_blocking(&system(), |cx| {
            let (of, is_sub_unit) = (RegisterKey::Enhetsregisteret, half == Half::Sub);
            Ok(register_units::living_before(cx.db, (of, is_sub_unit), since, &after, NUMBERS)?)
        })?;
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        standing += page.len();
        let is_listed =
            |number: &String| number.parse().is_ok_and(|number| listed.binary_search(&number).is_ok());
        gone.extend(page.into_iter().filter(|number| !is_listed(number)));
    }
    if gone.len() > GONE_MAX.max(standing / 100) {
        return Err(IngestError::TooMuchGone { gone: gone.len(), standing });
    }
    for numbers in gone.chunks(UNITS) {
        let numbers: Vec<RegisterNumber> = numbers.iter().map(RegisterNumber::new).collect();
        let open = numbers.iter().map(|number| (number, since)).collect();
        let (batch, unknown) = feed::ask(reading, half, open)?;
        for number in unknown {
            let text = "stands here, and is neither in the national file nor known to the register any more";
            reading.fetch.findings.push(format!("{number} {text}"));
        }
        place.asked = numbers.last().and_then(|number| number.as_str().parse().ok());
        reading.set_position(place)?;
        reading.commit_units(&Memory::default(), &batch, RegisterKey::Enhetsregisteret)?;
    }
    Ok(())
}

/// The numbers of a file, in order: a million of them are four megabytes.
fn numbers(path: &Path) -> Result<Vec<u32>, IngestError> {
    #[derive(Deserialize)]
    struct Numbered {
        #[serde(rename = "organisasjonsnummer")]
        number: String,
    }
    let mut reader = open(path, None)?;
    let mut numbers: Vec<u32> = Vec::new();
    while let Some(record) = reader.next_record()? {
        let numbered = json::<Numbered>(record, Limits::ANSWER).ok();
        numbers.extend(numbered.and_then(|numbered| numbered.number.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
