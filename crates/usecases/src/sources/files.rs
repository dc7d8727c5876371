//! Files instead of answers: whatever somebody saved of a source is read like what it answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use tildel_domain::register::RegisterKey;
use tildel_registers::enhetsregisteret::{
    FeedAction, FeedCursor, FeedEntry, FeedPage, SearchPage, Unit, UnitKind as Half,
};
use tildel_registers::read::{Limits, json};

use super::book::Memory;
use super::bulk::{self, Place};
use super::enhetsregisteret::{Cursor, surely_known};
use super::error::IngestError;
use super::feed;
use super::ingest::{Asked, End};
use super::reading::{Batch, Reading};

/// Records of one transaction.
const RECORDS: usize = 1000;

/// What a `.gz` file begins with.
const PACKED: [u8; 2] = [0x1f, 0x8b];

/// The name of a file, without where it lies.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The error of a file.
pub(super) fn failed(path: &Path, what: &dyn Display) -> IngestError {
    IngestError::File { path: path.display().to_string(), what: what.to_string() }
}

/// The bytes of a file that holds one answer.
pub(super) fn answer(path: &Path) -> Result<Vec<u8>, IngestError> {
    let limit = u64::try_from(Limits::ANSWER.bytes).unwrap_or(u64::MAX);
    let mut body = Vec::new();
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    file.take(limit.saturating_add(1)).read_to_end(&mut body).map_err(|error| failed(path, &error))?;
    Ok(body)
}

/// What a file of Enhetsregisteret holds.
enum Content {
    /// A national file, whole and packed.
    National,
    /// An array of units.
    Array,
    /// One answer.
    Answer,
}

fn content(path: &Path) -> Result<Content, IngestError> {
    let mut beginning = Vec::new();
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    file.take(64).read_to_end(&mut beginning).map_err(|error| failed(path, &error))?;
    if beginning.starts_with(&PACKED) {
        return Ok(Content::National);
    }
    let first = beginning.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(if first == Some(&b'[') { Content::Array } else { Content::Answer })
}

/// What single answers hold together.
#[derive(Default)]
struct Answers {
    units: Vec<Unit>,
    entries: Vec<FeedEntry>,
    /// Numbers of units of which the answer was 410.
    removed: Vec<String>,
    bytes: u64,
}

/// Reads files of Enhetsregisteret. Arrays come first, in their order, then all single answers together: entries of a feed date the units that
/// are given beside them, as there is nobody to ask.
pub(super) fn read(reading: &mut Reading<'_>, asked: &Asked, half: Half) -> Result<End, IngestError> {
    let begun: Option<Place> = reading.position();
    let mut answers = Answers::default();
    let mut national = None;
    for (file, path) in asked.files.iter().enumerate() {
        let content = content(path)?;
        if matches!(content, Content::Answer) {
            answers.add(path)?;
            continue;
        }
        let made = asked.as_of.ok_or_else(|| IngestError::AsOfNeeded { path: path.display().to_string() })?;
        if matches!(content, Content::National) {
            national = Some(made);
        }
        let mut place = match begun {
            Some(begun) if file < begun.file => continue,
            Some(begun) if file == begun.file && begun.made == made => begun,
            _ => Place { file, made, at: None, asked: None },
        };
        bulk::read(reading, path, half, &mut place)?;
    }
    reading.of_file = None;
    answers.store(reading, asked, half)?;
    // A whole file is what the feed goes on from; anything else is a part of who knows what.
    let memory = match (national, reading.cursor::<Cursor>()) {
        (Some(made), None) => {
            let (from, file_read) = (surely_known(made), Some(reading.ingest.parts.service.now()));
            Cursor { from, after: None, file_read }.memory(from)?
        }
        _ => Memory::default(),
    };
    Ok(End { unchanged: reading.fetch.changed == 0, memory })
}

impl Answers {
    fn add(&mut self, path: &Path) -> Result<(), IngestError> {
        #[derive(Deserialize)]
        struct Beginning {
            #[serde(default, rename = "_embedded")]
            embedded: Option<serde_json::Map<String, serde_json::Value>>,
            #[serde(default, rename = "organisasjonsnummer")]
            number: Option<String>,
            #[serde(default, rename = "navn")]
            name: Option<String>,
            #[serde(default)]
            page: Option<serde_json::Value>,
        }
        let body = answer(path)?;
        self.bytes += body.len() as u64;
        let of_file = |error: tildel_registers::read::ReadError| failed(path, &error);
        let beginning: Beginning = json(&body, Limits::ANSWER).map_err(of_file)?;
        let is_feed = beginning
            .embedded
            .as_ref()
            .is_some_and(|lists| lists.keys().any(|key| key.starts_with("oppdaterte")));
        match beginning {
            _ if is_feed => self.entries.extend(FeedPage::read(&body).map_err(of_file)?.entries),
            Beginning { number: Some(_), name: Some(_), .. } => {
                self.units.push(json(&body, Limits::ANSWER).map_err(of_file)?);
            }
            // What is left of a removed unit.
            Beginning { number: Some(number), .. } => self.removed.push(number),
            Beginning { page: Some(_), .. } => {
                self.units.extend(SearchPage::read(&body).map_err(of_file)?.units);
            }
            _ => return Err(failed(path, &"neither units nor entries of Enhetsregisteret")),
        }
        Ok(())
    }

    fn store(self, reading: &mut Reading<'_>, asked: &Asked, half: Half) -> Result<(), IngestError> {
        let taken = FeedCursor::START.take(&self.entries);
        let dated: BTreeMap<(i64, &str), Timestamp> = self
            .entries
            .iter()
            .map(|entry| ((entry.id, entry.number.as_str()), reading.dated(entry.at)))
            .collect();
        let mut since_of: BTreeMap<&str, Timestamp> = BTreeMap::new();
        let mut whole = Batch { bytes: self.bytes, ..Batch::default() };
        for (id, number, action) in &taken.actions {
            let Some(since) = dated.get(&(*id, number.as_str())).copied() else { continue };
            match action {
                FeedAction::Purge => whole.removed.push((number.as_str().to_owned(), since)),
                FeedAction::Read => {
                    since_of.insert(number.as_str(), since);
                }
            }
        }
        let undated = || IngestError::AsOfNeeded {
            path: asked.files.iter().map(|path| name(path)).collect::<Vec<String>>().join(", "),
        };
        let date = |number: &str| since_of.get(number).copied().or(asked.as_of).ok_or_else(undated);
        // Who is removed by an entry stays away, also where an answer beside it still has the unit: to purge too much is mended by reading again.
        let purged: BTreeSet<String> = whole.removed.iter().map(|(number, _)| number.clone()).collect();
        for unit in self.units.iter().filter(|unit| !purged.contains(unit.number.as_str())) {
            feed::add(&mut whole, unit, half, date(unit.number.as_str())?);
        }
        for number in &self.removed {
            whole.removed.push((number.clone(), date(number)?));
        }
        // Entries of units that no file holds say nothing.
        let given = |number: &str| self.units.iter().any(|unit| unit.number.as_str() == number);
        whole.unreadable = since_of.keys().filter(|number| !given(number)).count();
        let records = self.units.len() + self.removed.len() + taken.actions.len();
        if records == 0 && self.bytes == 0 {
            return Ok(());
        }
        let newest = self.entries.iter().map(|entry| reading.dated(entry.at)).max().max(asked.as_of);
        let memory = Memory { data_as_of: newest, ..Memory::default() };
        let mut first = Some((records, whole.unreadable, whole.bytes));
        let (removed, persons) = (std::mem::take(&mut whole.removed), std::mem::take(&mut whole.persons));
        let mut states = whole.states.chunks(RECORDS);
        loop {
            let chunk = states.next();
            let (records, unreadable, bytes) = match (first.take(), chunk) {
                (Some(counts), _) => counts,
                (None, Some(_)) => (0, 0, 0),
                (None, None) => return Ok(()),
            };
            let is_first = records > 0 || bytes > 0;
            let batch = Batch {
                states: chunk.unwrap_or_default().to_vec(),
                removed: if is_first { removed.clone() } else { Vec::new() },
                persons: if is_first { persons.clone() } else { Vec::new() },
                unreadable,
                records,
                bytes,
            };
            reading.commit_units(&memory, &batch, RegisterKey::Enhetsregisteret)?;
        }
    }
}
