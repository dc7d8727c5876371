//! Mutants of good input.

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Pieces that matter to readers of JSON and tables.
const PIECES: &[&str] = &[
    "null",
    "\"\"",
    "{}",
    "[]",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "-1",
    "0",
    "1e999",
    "0.1",
    "99999999999999999999",
    "4294967296",
    "true",
    "\u{feff}",
    "\u{0}",
    ";",
    "\n",
    "\r\n",
    "æ",
    "2026-02-30",
    "0000-00-00",
    "-262144-01-01",
    "\"organisasjonsnummer\":",
    "1970-01-01T25:00:00Z",
];

/// The generator of a test, and its seed on a printed line.
pub(crate) fn random(test: &str) -> ChaCha8Rng {
    let named = std::env::var_os("TILDEL_TEST_SEED").and_then(|seed| seed.to_str()?.parse().ok());
    let seed = named.unwrap_or(1838);
    println!("{test}: seed {seed}");
    ChaCha8Rng::seed_from_u64(seed)
}

/// How many mutants a reader gets.
pub(crate) fn rounds(usual: usize) -> usize {
    let named = std::env::var_os("TILDEL_TEST_ROUNDS").and_then(|rounds| rounds.to_str()?.parse().ok());
    named.unwrap_or(usual)
}

/// A mutant of one of the seeds, with one to four changes.
pub(crate) fn mutant(seeds: &[&[u8]], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = seeds.choose(random).unwrap().to_vec();
    for _ in 0..random.random_range(1..=4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.random_range(0..bytes.len());
        let to = random.random_range(at..=bytes.len());
        match random.random_range(0..7) {
            0 => bytes[at] = random.random(),
            1 => bytes[at] ^= 1 << random.random_range(0..8),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..to)),
            4 => {
                let piece = PIECES.choose(random).unwrap();
                bytes.splice(at..at, piece.bytes());
            }
            5 => {
                let piece = PIECES.choose(random).unwrap();
                bytes.splice(at..to.min(at + 12), piece.bytes());
            }
            _ => {
                let again = bytes[at..to.min(at + 400)].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}
