//! National files that are broken, cut, packed to burst, and taken up again.

use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::RngExt;
use tildel_registers::bulk::{BulkError, BulkItem, BulkLimits, BulkReader, Position};
use tildel_registers::read::ReadError;

use crate::mutant::{mutant, random, rounds};

const UNIT: &str = include_str!("seeds/unit.json");

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// So many units, each with its own name.
fn file(units: usize) -> Vec<u8> {
    let units: Vec<String> =
        (0..units).map(|unit| UNIT.trim().replace("LILLEBY", &format!("LILLEBY {unit}"))).collect();
    format!("[{}]\n", units.join(",\n")).into_bytes()
}

fn open(bytes: Vec<u8>) -> BulkReader {
    BulkReader::open(Cursor::new(bytes), BulkLimits::default(), None).unwrap()
}

/// Names of all units, and how it ended.
fn names(reader: &mut BulkReader) -> (Vec<String>, Result<(), BulkError>) {
    let mut names = Vec::new();
    let take = |item| {
        if let BulkItem::Unit(unit) = item {
            names.push(unit.name);
        }
        ControlFlow::Continue(())
    };
    let outcome = reader.read_on(1000, take, |_| ());
    (names, outcome)
}

#[test]
fn packed_and_plain_files_are_read_alike() {
    for bytes in [file(3000), gzip(&file(3000)), [gzip(b"["), gzip(&file(3000)[1..])].concat()] {
        let size = bytes.len() as u64;
        let mut reader = open(bytes);
        let (names, outcome) = names(&mut reader);
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!((names.len(), names[2999].as_str()), (3000, "LILLEBY 2999 BARNEHAGE"));
        let progress = reader.progress();
        assert_eq!((progress.records, progress.packed_bytes), (3000, size));
    }
    assert_eq!(names(&mut open(gzip(b"[]"))).0, Vec::<String>::new());
}

#[test]
fn a_file_is_taken_up_again_where_it_was_left() {
    let mut random = random("bulk positions");
    let packed = gzip(&file(2500));
    let whole = names(&mut open(packed.clone())).0;
    for _ in 0..20 {
        let (mut got, mut position): (Vec<String>, Option<Position>) = (Vec::new(), None);
        // Stopped again and again.
        while got.len() < whole.len() {
            let mut reader =
                BulkReader::open(Cursor::new(packed.clone()), BulkLimits::default(), position).unwrap();
            for _ in 0..random.random_range(1..1500) {
                match reader.next_item().unwrap() {
                    Some(BulkItem::Unit(unit)) => got.push(unit.name),
                    _ => break,
                }
            }
            position = Some(reader.position());
        }
        assert_eq!(got, whole);
    }
    // Another file, or the same one changed before the position, is not gone on with.
    let mut reader = open(packed);
    for _ in 0..100 {
        reader.next_item().unwrap();
    }
    let position = reader.position();
    let open_at =
        |bytes: Vec<u8>| BulkReader::open(Cursor::new(gzip(&bytes)), BulkLimits::default(), Some(position));
    let mut other = file(2500);
    other[40] ^= 1;
    assert!(matches!(open_at(other), Err(BulkError::OtherFile)));
    assert!(matches!(open_at(file(10)), Err(BulkError::OtherFile)));
    assert!(open_at(file(2500)).is_ok());
}

#[test]
fn limits_hold() {
    let limits = BulkLimits { bytes: 600_000, record_bytes: 2000, depth: 4, unreadable: 2 };
    let outcome = |bytes: Vec<u8>| {
        let mut reader = BulkReader::open(Cursor::new(gzip(&bytes)), limits, None).unwrap();
        names(&mut reader).1.unwrap_err()
    };
    assert!(matches!(outcome(file(1000)), BulkError::TooLarge { limit: 600_000 }));
    let long = format!("[{}]", UNIT.replace("LILLEBY", &"L".repeat(2000)));
    assert!(matches!(outcome(long.into_bytes()), BulkError::RecordTooLarge { at: 0, limit: 2000 }));
    assert!(matches!(
        outcome(format!("[{}", " ".repeat(500_000)).into_bytes()),
        BulkError::RecordTooLarge { .. }
    ));
    assert!(matches!(outcome(b"[{\"a\":[[[[".to_vec()), BulkError::TooDeep { at: 9, limit: 4 }));
    assert!(matches!(
        outcome(b"[{},{},{}]".to_vec()),
        BulkError::TooManyUnreadable { limit: 2, last: ReadError::Shape { .. } }
    ));
    assert!(matches!(outcome(b"<html>".to_vec()), BulkError::NotRecords { at: 0 }));
    assert!(matches!(outcome(b"[{}".to_vec()), BulkError::CutShort { at: 3 }));
    // A bomb: a gigabyte of spaces in a megabyte. What is unpacked ahead is some parts, and the first is too much already.
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    let mut reader = BulkReader::open(Cursor::new(bomb), limits, None).unwrap();
    assert!(matches!(reader.next_record(), Err(BulkError::RecordTooLarge { .. })));
}

#[test]
fn a_record_that_can_not_be_read_is_passed_over() {
    let text = format!("[{UNIT},{{\"organisasjonsnummer\":5}},{UNIT}]");
    let mut reader = open(text.into_bytes());
    assert!(matches!(reader.next_item(), Ok(Some(BulkItem::Unit(_)))));
    assert!(matches!(reader.next_item(), Ok(Some(BulkItem::Unreadable { record: 1, .. }))));
    assert!(matches!(reader.next_item(), Ok(Some(BulkItem::Unit(_)))));
    assert!(matches!(reader.next_item(), Ok(None)));
}

#[test]
fn a_file_that_is_cut_is_told_wherever_it_is_cut() {
    let packed = gzip(&file(40));
    for length in 2..packed.len() {
        let (_, outcome) = names(&mut open(packed[..length].to_vec()));
        assert!(matches!(outcome, Err(BulkError::CutShort { .. })), "{length}: {outcome:?}");
    }
}

#[test]
fn a_source_that_fails_is_told() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let mut reader = BulkReader::open(Fails, BulkLimits::default(), None).unwrap();
    assert!(matches!(reader.next_record(), Err(BulkError::Source(_))));
}

#[test]
fn no_mutant_is_too_much() {
    let mut random = random("bulk files");
    let (plain, packed) = (file(8), gzip(&file(8)));
    let (mut taken, rounds) = (0, rounds(3000));
    for _ in 0..rounds {
        let bytes = mutant(&[&plain, &packed], &mut random);
        taken += usize::from(names(&mut open(bytes)).1.is_ok());
    }
    assert!(0 < taken && taken < rounds, "{taken} of {rounds} taken");
}
