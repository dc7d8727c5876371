//! Codes of municipalities and counties, and the history that they make.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use tildel_domain::source::SourceMarks;
use tildel_registers::fetch::Answer;
use tildel_registers::klass::{self, CodeChange, CodeName, KlassCode, KlassFile};
use tildel_registers::municipality::History;
use tildel_storage::columns::DbDate;
use tildel_storage::klass::{
    KlassChangeRow, KlassCodeRow, Rest, UNTOLD, changes, codes, save_changes, save_codes,
};

use super::book::{Memory, Tally};
use super::enhetsregisteret::made_at;
use super::error::IngestError;
use super::files::{answer, failed};
use super::ingest::{Asked, End};
use super::reading::Reading;
use crate::context::Context;
use crate::failure::Outcome;

pub(super) use tildel_registers::klass::{COUNTIES, MUNICIPALITIES};

/// The first day for which Klass has municipalities.
const FIRST: Date = date(1838, 1, 1);

/// The history of municipality numbers, from all that was read of Klass.
pub fn municipality_history(cx: &mut Context<'_>) -> Outcome<History> {
    history(cx, MUNICIPALITIES)
}

fn history(cx: &mut Context<'_>, classification: u32) -> Outcome<History> {
    let named = |code: String, name: String| (!code.is_empty()).then_some(CodeName { code, name });
    let changes = changes(cx.db, classification.into())?.into_iter().map(|row| CodeChange {
        on: row.changed_on.0,
        old: named(row.old_code, row.old_name),
        new: named(row.new_code, row.new_name),
    });
    let codes = codes(cx.db, classification.into())?.into_iter().map(|row| KlassCode {
        code: row.code,
        parent: None,
        level: None,
        name: row.name,
        from: Some(row.valid_from.0).filter(|from| *from != UNTOLD),
        to: row.valid_to.map(|DbDate(to)| to),
    });
    Ok(History::builder().changes(changes).codes(codes).build())
}

/// Reads a classification from its address or from files.
pub(super) fn read(
    reading: &mut Reading<'_>,
    asked: &Asked,
    classification: u32,
) -> Result<End, IngestError> {
    let mut memory = Memory::default();
    if asked.files.is_empty() {
        let base = reading.ingest.parts.bases.klass.clone();
        let parts = [
            ("changes", klass::changes(&base, classification, FIRST, Date::MAX)),
            ("codes", klass::codes(&base, classification, FIRST, Date::MAX)),
        ];
        let mut fresh: Vec<(Answer, SourceMarks)> = Vec::new();
        for (what, request) in parts {
            let answer = reading.ask(&reading.unless_unchanged(what, request))?;
            if let Some(marks) = reading.marks_if_new(what, &answer) {
                memory.marks.insert(what.to_owned(), marks.clone());
                fresh.push((answer, marks));
            }
        }
        for (answer, marks) in &fresh {
            let made = marks.last_modified.as_deref().and_then(made_at).map(|made| reading.dated(made));
            memory.data_as_of = memory.data_as_of.max(made);
            let file = KlassFile::read(&answer.body)?;
            store(reading, classification, &file, answer.body.len(), Rest::Goes)?;
        }
    } else {
        for path in &asked.files {
            let body = answer(path)?;
            let file = KlassFile::read(&body).map_err(|error| failed(path, &error))?;
            store(reading, classification, &file, body.len(), Rest::Stays)?;
        }
        memory.data_as_of = asked.as_of;
    }
    // Also where nothing is new: what is to be looked at stays so until somebody does.
    let found = reading
        .ingest
        .parts
        .service
        .read_blocking(&super::ingest::system(), |cx| history(cx, classification))?;
    reading.fetch.findings.extend(found.findings().iter().map(ToString::to_string));
    Ok(End { unchanged: reading.fetch.changed == 0, memory })
}

fn store(
    reading: &mut Reading<'_>,
    classification: u32,
    file: &KlassFile,
    bytes: usize,
    rest: Rest,
) -> Result<(), IngestError> {
    let records = match file {
        KlassFile::Changes(changes) => changes.len(),
        KlassFile::Codes(codes) => codes.len(),
    };
    // Nothing at all would take away everything that is there.
    if records == 0 && rest == Rest::Goes {
        return Err(IngestError::Empty);
    }
    let classification = i64::from(classification);
    if rest == Rest::Goes {
        refuse_a_part(reading, classification, file)?;
    }
    reading.commit(&Memory { marks: BTreeMap::new(), ..Memory::default() }, |cx, _| {
        let changed = match file {
            KlassFile::Changes(changes) => {
                save_changes(cx.db, classification, change_rows(classification, changes), rest)?
            }
            KlassFile::Codes(codes) => {
                save_codes(cx.db, classification, code_rows(classification, codes), rest)?
            }
        };
        Ok(Tally { bytes: bytes as u64, records, changed, ..Tally::default() })
    })
}

/// Rows that may go in any case.
const GONE_MAX: usize = 2;

/// Refuses an answer that lacks more than a twentieth of the rows that stand: it is cut, and would take away what plans rest on.
fn refuse_a_part(reading: &Reading<'_>, classification: i64, file: &KlassFile) -> Result<(), IngestError> {
    let (gone, standing) =
        reading.ingest.parts.service.read_blocking(&super::ingest::system(), |cx| match file {
            KlassFile::Changes(given) => {
                let key = |row: KlassChangeRow| (row.changed_on, row.old_code, row.new_code);
                let given = change_rows(classification, given).into_iter().map(key).collect();
                Ok(lacking(changes(cx.db, classification)?.into_iter().map(key), &given))
            }
            KlassFile::Codes(given) => {
                let key = |row: KlassCodeRow| (row.code, row.valid_from);
                let given = code_rows(classification, given).into_iter().map(key).collect();
                Ok(lacking(codes(cx.db, classification)?.into_iter().map(key), &given))
            }
        })?;
    if gone > GONE_MAX.max(standing / 20) {
        return Err(IngestError::TooMuchGone { gone, standing });
    }
    Ok(())
}

/// How many of the rows that stand are not given, and how many stand.
fn lacking<K: Ord>(standing: impl Iterator<Item = K>, given: &BTreeSet<K>) -> (usize, usize) {
    standing.fold((0, 0), |(gone, all), key| (gone + usize::from(!given.contains(&key)), all + 1))
}

fn change_rows(classification: i64, changes: &[CodeChange]) -> Vec<KlassChangeRow> {
    let split = |code: &Option<CodeName>| {
        code.as_ref().map(|code| (code.code.clone(), code.name.clone())).unwrap_or_default()
    };
    let rows = changes.iter().map(|change| {
        let ((old_code, old_name), (new_code, new_name)) = (split(&change.old), split(&change.new));
        KlassChangeRow {
            classification,
            changed_on: DbDate(change.on),
            old_code,
            old_name,
            new_code,
            new_name,
        }
    });
    rows.filter(|row| !(row.old_code.is_empty() && row.new_code.is_empty())).collect()
}

fn code_rows(classification: i64, codes: &[KlassCode]) -> Vec<KlassCodeRow> {
    let places = codes.iter().filter(|code| !code.is_unspecified());
    let rows = places.map(|code| KlassCodeRow {
        classification,
        code: code.code.clone(),
        valid_from: DbDate(code.from.unwrap_or(UNTOLD)),
        valid_to: code.to.map(DbDate),
        name: code.name.clone(),
    });
    rows.collect()
}
