//! Enhetsregisteret: the national file once, then the feed; and the file again from time to time, for what the feed did not tell.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tildel_registers::enhetsregisteret::{FeedCursor, UnitKind as Half, bulk_file};
use tildel_registers::fetch::{FileSink, Found};

use super::book::Memory;
use super::bulk::{self, Place};
use super::error::IngestError;
use super::feed;
use super::files::failed;
use super::ingest::End;
use super::reading::Reading;
use super::vanished;
use crate::failure::Failure;

/// Where a half of the register is read to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cursor {
    /// The feed is read from here, as long as no entry is read.
    pub(super) from: Timestamp,
    /// The last entry that was acted upon.
    pub(super) after: Option<FeedCursor>,
    /// When a national file was last read; not known where that was before this was remembered.
    #[serde(default)]
    pub(super) file_read: Option<Timestamp>,
}

impl Cursor {
    /// As it is remembered.
    pub(super) fn memory(self, data_as_of: Timestamp) -> Result<Memory, IngestError> {
        let cursor = serde_json::to_value(self).map_err(Failure::Json)?;
        Ok(Memory { cursor: Some(cursor), data_as_of: Some(data_as_of), ..Memory::default() })
    }
}

/// The instant of which a national file surely knows. It is built at night and dated when it is done, and what was entered meanwhile may be
/// missing: so what it says is dated a day back, and the feed is read from there. Then neither hides what the other knows better.
pub(super) fn surely_known(made: Timestamp) -> Timestamp {
    made.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN)
}

/// Reads the national file if nothing was read yet, then all that is new in the feed. Where the file is due again it comes last, so that the feed goes
/// on though the file may fail.
pub(super) fn read(reading: &mut Reading<'_>, half: Half) -> Result<End, IngestError> {
    tidy(reading);
    let Some(known) = reading.cursor::<Cursor>() else {
        let cursor = read_file(reading, half, None)?;
        return feed::follow(reading, half, cursor);
    };
    let end = feed::follow(reading, half, known)?;
    // The feed has moved it.
    let known = reading.cursor().unwrap_or(known);
    if !is_file_due(reading, known) {
        return Ok(end);
    }
    read_file(reading, half, Some(known))?;
    Ok(End { unchanged: reading.fetch.changed == 0, ..end })
}

/// Whether the national file is to be read again, or was being read when the last reading was broken off.
fn is_file_due(reading: &Reading<'_>, known: Cursor) -> bool {
    let every = reading.ingest.parts.file_every_seconds;
    let age = reading.ingest.parts.service.now().duration_since(known.file_read.unwrap_or(known.from));
    reading.position::<Place>().is_some() || (every > 0 && age.as_secs() >= i64::from(every))
}

/// How long to wait for another file where one can not be used: they are made each night.
const NEXT_FILE: SignedDuration = SignedDuration::from_hours(24);

/// Reads the national file; where one was read before, asks for what is in it no more. A file that can not be read to its end, or is only a part of
/// one, is not tried again: the next reading does not go on with it.
fn read_file(reading: &mut Reading<'_>, half: Half, known: Option<Cursor>) -> Result<Cursor, IngestError> {
    let read = read_file_on(reading, half, known);
    if matches!(read, Err(IngestError::Bulk(_) | IngestError::TooMuchGone { .. })) {
        let _ = std::fs::remove_file(path_of(reading));
        reading.fetch.position = None;
        reading.of_file = None;
        let memory = match known {
            Some(known) => {
                let every = SignedDuration::from_secs(reading.ingest.parts.file_every_seconds.into());
                let wait = every.min(NEXT_FILE);
                let due = reading.ingest.parts.service.now().checked_sub(every - wait).ok();
                Cursor { file_read: due, ..known }.memory(known.from)?
            }
            None => Memory::default(),
        };
        reading.commit(&memory, |_, _| Ok(super::book::Tally::default()))?;
    }
    read
}

/// Where the file of a reading lies.
fn path_of(reading: &Reading<'_>) -> PathBuf {
    reading.ingest.parts.folder.join(format!("{}{}.json.gz", prefix(reading), reading.fetch.id))
}

fn read_file_on(reading: &mut Reading<'_>, half: Half, known: Option<Cursor>) -> Result<Cursor, IngestError> {
    let (folder, path) = (reading.ingest.parts.folder.clone(), path_of(reading));
    let mut place = match reading.position::<Place>() {
        Some(place) if is_of(&path, reading.fetch.content_hash.as_deref()) => place,
        _ => {
            // Half a file never bears the name of a whole one, nor a file of one reading that of another.
            let unfinished = path.with_extension("unfinished");
            std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
            let file = std::fs::File::create(&unfinished).map_err(|error| failed(&unfinished, &error))?;
            let request = bulk_file(&reading.ingest.parts.bases.enhetsregisteret, half);
            let fetcher = reading.ingest.fetcher(&request.url)?;
            let mut sink = FileSink::new(file);
            let answer = reading.ingest.parts.runtime.block_on(fetcher.fetch_file(&request, &mut sink))?;
            if answer.found != Found::Content {
                return Err(IngestError::Empty);
            }
            let made = answer.marks.last_modified.as_deref().and_then(made_at).ok_or(IngestError::Undated)?;
            let made = reading.dated(made);
            std::fs::rename(&unfinished, &path).map_err(|error| failed(&path, &error))?;
            let place = Place { file: 0, made, at: None, asked: None };
            reading.fetch.content_hash = Some(answer.hash.to_string());
            reading.set_position(&place)?;
            reading.commit(&Memory::default(), |_, _| {
                Ok(super::book::Tally { bytes: answer.bytes, ..super::book::Tally::default() })
            })?;
            place
        }
    };
    bulk::read(reading, &path, half, &mut place)?;
    let from = surely_known(place.made);
    if known.is_some() {
        vanished::ask(reading, half, &path, &mut place)?;
    }
    let cursor = Cursor {
        file_read: Some(reading.ingest.parts.service.now()),
        ..known.unwrap_or(Cursor { from, after: None, file_read: None })
    };
    reading.fetch.position = None;
    reading.of_file = None;
    reading.commit(&cursor.memory(from)?, |_, _| Ok(super::book::Tally::default()))?;
    // It is only kept while it is needed: if it can not be deleted now, the next one takes its place.
    let _ = std::fs::remove_file(&path);
    Ok(cursor)
}

/// What the names of files of a source begin with; the id of the reading follows.
fn prefix(reading: &Reading<'_>) -> String {
    format!("{}-", reading.fetch.source)
}

/// Removes files of readings that nobody goes on with any more.
fn tidy(reading: &Reading<'_>) {
    let Ok(files) = std::fs::read_dir(&reading.ingest.parts.folder) else { return };
    let (prefix, own) = (prefix(reading), reading.fetch.id.to_string());
    for file in files.flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let is_left = name.strip_prefix(&prefix).is_some_and(|rest| !rest.starts_with(&own));
        if is_left && let Err(error) = std::fs::remove_file(file.path()) {
            tracing::warn!(name, %error, "failed to remove a file of an earlier reading");
        }
    }
}

/// Whether a file is there and is what was downloaded: it may have been cut or replaced since.
fn is_of(path: &Path, hash: Option<&str>) -> bool {
    let digest = || {
        let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
        let mut part = vec![0; 64 * 1024];
        loop {
            match file.read(&mut part)? {
                0 => return Ok::<_, std::io::Error>(hex::encode(hasher.finalize())),
                length => hasher.update(&part[..length]),
            }
        }
    };
    digest().is_ok_and(|digest| Some(digest.as_str()) == hash)
}

/// Reads a `Last-Modified`.
pub(super) fn made_at(header: &str) -> Option<Timestamp> {
    rfc2822::parse(header).ok().map(|zoned| zoned.timestamp())
}
