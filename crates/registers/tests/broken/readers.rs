//! Each reader of answers.

use std::time::{Duration, Instant};

use tildel_registers::Table;
use tildel_registers::enhetsregisteret::{Complaint, FeedCursor, FeedPage, SearchPage, Unit};
use tildel_registers::geonorge::read_map;
use tildel_registers::kartverket::{read_counties, read_county, read_municipalities};
use tildel_registers::klass::{KlassFile, read_changes, read_codes, read_correspondences};
use tildel_registers::pxweb::Dataset;
use tildel_registers::read::{Limits, json};
use tildel_registers::statistikkbanken::read_statistics;
use tildel_registers::udir::{UdirPage, UdirUnit};

use crate::mutant::{mutant, random, rounds};

/// Longer than any reader may take for some kilobytes, on a busy machine.
const LONG: Duration = Duration::from_secs(2);

type Reader = fn(&[u8]) -> bool;

const UNIT: &[u8] = include_bytes!("seeds/unit.json");
const SEARCH: &[u8] = include_bytes!("seeds/search.json");
const COMPLAINT: &[u8] = include_bytes!("seeds/complaint.json");
const FEED: &[u8] = include_bytes!("seeds/feed.json");
const SCHOOL: &[u8] = include_bytes!("seeds/school.json");
const SCHOOLS: &[u8] = include_bytes!("seeds/schools.json");
const CHANGES: &[u8] = include_bytes!("seeds/changes.json");
const CODES: &[u8] = include_bytes!("seeds/codes.json");
const TABLE: &[u8] = include_bytes!("seeds/table.json");
const MUNICIPALITIES: &[u8] = include_bytes!("seeds/municipalities.json");
const COUNTIES: &[u8] = include_bytes!("seeds/counties.json");
const MAP: &[u8] = include_bytes!("seeds/map.json");
const STATISTICS: &[u8] = include_bytes!("seeds/statistics.json");
const CORRESPONDENCE: &[u8] = include_bytes!("seeds/correspondence.csv");

/// Each reader with a seed that it takes, and whether it took it.
const READERS: &[(&str, &[u8], Reader)] = &[
    ("unit", UNIT, |bytes| {
        json::<Unit>(bytes, Limits::ANSWER).is_ok_and(|unit| {
            let _ = (unit.headcount(), unit.activity(), unit.kind(), unit.municipality(), unit.is_deleted());
            true
        })
    }),
    ("search", SEARCH, |bytes| SearchPage::read(bytes).is_ok()),
    ("feed", FEED, |bytes| {
        FeedPage::read(bytes)
            .is_ok_and(|page| FeedCursor::START.take(&page.entries).cursor >= FeedCursor::START)
    }),
    ("complaint", COMPLAINT, |bytes| !Complaint::read(bytes).sentences.is_empty()),
    ("school", SCHOOL, |bytes| {
        UdirUnit::read(bytes).is_ok_and(|unit| {
            let _ = (unit.headcount(), unit.is_school(), unit.is_private(), unit.has_ended());
            true
        })
    }),
    ("schools", SCHOOLS, |bytes| UdirPage::read(bytes).is_ok()),
    ("changes", CHANGES, |bytes| read_changes(bytes).is_ok() && KlassFile::read(bytes).is_ok()),
    ("codes", CODES, |bytes| read_codes(bytes).is_ok() && KlassFile::read(bytes).is_ok()),
    ("table", TABLE, |bytes| {
        Dataset::read(bytes).is_ok_and(|table| {
            let first: Vec<&str> = table
                .dimensions
                .iter()
                .filter_map(|dimension| dimension.codes.first())
                .map(String::as_str)
                .collect();
            let _ = table.cell(&first).map(tildel_registers::pxweb::Cell::headcount);
            true
        })
    }),
    ("municipalities", MUNICIPALITIES, |bytes| {
        Dataset::read(bytes).is_ok_and(|table| table.by_municipality("Region", "Ansatte").is_ok())
    }),
    ("counties", COUNTIES, |bytes| read_counties(bytes).is_ok()),
    ("map", MAP, |bytes| read_map(bytes).is_ok()),
    ("statistics", STATISTICS, |bytes| read_statistics(bytes).is_ok()),
    ("correspondence", CORRESPONDENCE, |bytes| {
        read_correspondences(bytes).is_ok() && Table::read(bytes).is_ok()
    }),
];

#[test]
fn each_reader_takes_its_seed() {
    for (name, seed, read) in READERS {
        assert!(read(seed), "{name}");
    }
}

#[test]
fn no_mutant_is_too_much_for_a_reader() {
    let mut random = random("readers");
    let seeds: Vec<&[u8]> = READERS.iter().map(|(_, seed, _)| *seed).collect();
    for (name, own, read) in READERS {
        let (mut taken, rounds) = (0, rounds(4000));
        for round in 0..rounds {
            // Most of its own, some of others.
            let bytes =
                if round % 8 == 0 { mutant(&seeds, &mut random) } else { mutant(&[own], &mut random) };
            let begun = Instant::now();
            taken += usize::from(read(&bytes));
            assert!(begun.elapsed() < LONG, "{name}, round {round}: {} bytes", bytes.len());
        }
        // The mutants reach both what is read and what is refused.
        assert!(0 < taken && taken < rounds, "{name}: {taken} of {rounds} taken");
    }
}

#[test]
fn what_is_deep_or_long_ends_soon() {
    let deep = [b"[".repeat(1_000_000), b"{\"a\":".repeat(200_000), b"[{\"navn\":".repeat(100_000)];
    let long = [
        b"\"".repeat(1_000_000),
        b"\\".repeat(1_000_000),
        b"{\"a\":1,".repeat(100_000),
        vec![0xff; 1_000_000],
    ];
    for bytes in deep.iter().chain(&long) {
        for (name, _, read) in READERS {
            let begun = Instant::now();
            if *name != "complaint" && *name != "correspondence" {
                assert!(!read(bytes), "{name}");
            }
            assert!(begun.elapsed() < LONG, "{name}");
        }
        assert!(read_county(bytes).is_err() && read_municipalities(bytes).is_err());
    }
}
