//! Personal access tokens. The hash goes in with a new token and never comes out again.

use diesel::prelude::*;
use tildel_domain::id::{AccessTokenId, PersonId};
use tildel_domain::person::{AccessToken, Person};

use crate::columns::{DbId, DbInstant};
use crate::repository::{load_page, narrow, reading, row, updating};
use crate::schema::registry::access_tokens;
use crate::stored::key;
use crate::{Db, Page, PageRequest, Place, StorageError, persons};

row! {
    access_tokens[id] => AccessToken {
        id: DbId,
        person_id: DbId,
        role: String,
        label: String,
        expires_at: Option<DbInstant>,
        revoked_at: Option<DbInstant>,
        version: i64,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<AccessToken>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { access_tokens: AccessToken, AccessTokenId }
updating! { access_tokens: AccessToken, pub update }

/// Writes a token for the first time; `hash` is the SHA-256 of its secret in 64 hexadecimal digits.
///
/// # Errors
/// [`StorageError::UniqueViolation`] of `access_tokens_hash_key`, or another constraint that it breaks.
#[tracing::instrument(level = "debug", skip_all)]
pub fn insert(db: &mut Db, token: &AccessToken, hash: &str) -> Result<(), StorageError> {
    let values = (Row::of(token)?, access_tokens::hash.eq(hash));
    let inserted = diesel::insert_into(access_tokens::table).values(values).execute(db)?;
    StorageError::expect_rows("access_tokens", 1, inserted)
}

/// The token with this hash and its owner. Whether it is still valid is for the caller to judge.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_by_hash(db: &mut Db, hash: &str) -> Result<Option<(AccessToken, Person)>, StorageError> {
    let query = access_tokens::table.select(Row::COLUMNS).filter(access_tokens::hash.eq(hash));
    let Some(row) = query.first::<Row>(db).optional()? else { return Ok(None) };
    let token = row.into_thing()?;
    let place = Place::new("access_tokens", token.id, "person_id");
    let owner =
        persons::find(db, token.person_id)?.ok_or_else(|| place.inconsistent("there is no such person"))?;
    Ok(Some((token, owner)))
}

/// Which tokens to list.
#[derive(Clone, Debug, Default)]
pub struct AccessTokenFilter {
    /// Of this person.
    pub person_id: Option<PersonId>,
}

/// A page of tokens.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &AccessTokenFilter,
    request: &PageRequest,
) -> Result<Page<AccessToken>, StorageError> {
    let mut query = access_tokens::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: access_tokens::person_id => filter.person_id.map(key), }
    load_page!(db, access_tokens, query, request)
}
