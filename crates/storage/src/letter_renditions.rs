//! Written letters: the bytes of each format, of the newest version that was written.
//!
//! The body is base64, as both databases keep only texts, whole numbers and times in the same way.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use tildel_domain::id::LetterId;

use crate::db::on_each_backend;
use crate::schema::awards::letter_renditions;
use crate::stored::key;
use crate::{Db, Place, StorageError};

/// A written letter in one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// The version of the letter that it shows.
    pub letter_version: i64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The document.
    pub bytes: Vec<u8>,
}

/// Keeps a written letter in place of the one before, unless that shows a newer version.
///
/// # Errors
/// [`StorageError::ForeignKeyViolation`] where there is no such letter; otherwise what the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn put(
    db: &mut Db,
    letter_id: LetterId,
    letter_version: i64,
    format: &str,
    sha256: &str,
    bytes: &[u8],
) -> Result<(), StorageError> {
    use diesel::query_dsl::methods::FilterDsl;
    use diesel::upsert::excluded;
    let values = (
        letter_renditions::letter_id.eq(key(letter_id)),
        letter_renditions::format.eq(format),
        letter_renditions::letter_version.eq(letter_version),
        letter_renditions::sha256.eq(sha256),
        letter_renditions::body.eq(STANDARD.encode(bytes)),
    );
    on_each_backend!(db, connection => FilterDsl::filter(
        diesel::insert_into(letter_renditions::table)
            .values(values)
            .on_conflict((letter_renditions::letter_id, letter_renditions::format))
            .do_update()
            .set((
                letter_renditions::letter_version.eq(excluded(letter_renditions::letter_version)),
                letter_renditions::sha256.eq(excluded(letter_renditions::sha256)),
                letter_renditions::body.eq(excluded(letter_renditions::body)),
            )),
        letter_renditions::letter_version.le(excluded(letter_renditions::letter_version)),
    )
    .execute(connection))?;
    Ok(())
}

/// The written letter in a format.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find(db: &mut Db, letter_id: LetterId, format: &str) -> Result<Option<Rendition>, StorageError> {
    let row: Option<(i64, String, String)> = letter_renditions::table
        .filter(letter_renditions::letter_id.eq(key(letter_id)))
        .filter(letter_renditions::format.eq(format))
        .select((letter_renditions::letter_version, letter_renditions::sha256, letter_renditions::body))
        .first(db)
        .optional()?;
    let Some((letter_version, sha256, body)) = row else { return Ok(None) };
    let place = Place::new("letter_renditions", format_args!("{letter_id}/{format}"), "body");
    let bytes = STANDARD.decode(body).map_err(|error| place.inconsistent(error))?;
    Ok(Some(Rendition { letter_version, sha256, bytes }))
}
