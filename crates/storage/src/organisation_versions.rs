//! What was known of organisations when. A version is written when something changes, so most organisations have none.

use diesel::prelude::*;
use jiff::Timestamp;
use tildel_domain::id::OrganisationId;
use tildel_domain::organisation::Organisation;

use crate::columns::{DbId, DbInstant, DbJson};
use crate::db::on_each_backend;
use crate::schema::changes::organisation_versions;
use crate::stored::{Stored, key};
use crate::{Db, Place, StorageError};

#[derive(Insertable)]
#[diesel(table_name = organisation_versions)]
struct Row {
    organisation_id: DbId,
    since: DbInstant,
    content: DbJson,
}

/// Keeps what is known of an organisation since an instant; what was known before the same instant gives way.
#[tracing::instrument(level = "debug", skip_all)]
pub fn keep(db: &mut Db, since: Timestamp, organisation: &Organisation) -> Result<(), StorageError> {
    let place = Place::new("organisation_versions", organisation.id, "content");
    let row = Row {
        organisation_id: key(organisation.id),
        since: since.to_column(&place)?,
        content: place.to_json(organisation)?,
    };
    let same = organisation_versions::table
        .filter(organisation_versions::organisation_id.eq(key(organisation.id)))
        .filter(organisation_versions::since.eq(since.to_column(&place)?));
    diesel::delete(same).execute(db)?;
    let inserted = on_each_backend!(db, connection =>
        diesel::insert_into(organisation_versions::table).values(row).execute(connection))?;
    StorageError::expect_rows("organisation_versions", 1, inserted)
}

/// Whether any version of an organisation was kept.
#[tracing::instrument(level = "debug", skip_all)]
pub fn is_kept(db: &mut Db, id: OrganisationId) -> Result<bool, StorageError> {
    let theirs = organisation_versions::table.filter(organisation_versions::organisation_id.eq(key(id)));
    let found: Vec<DbId> = theirs.select(organisation_versions::organisation_id).limit(1).load(db)?;
    Ok(!found.is_empty())
}

/// What was known of an organisation at an instant; none where nothing was kept by then.
#[tracing::instrument(level = "debug", skip_all)]
pub fn at(db: &mut Db, id: OrganisationId, instant: Timestamp) -> Result<Option<Organisation>, StorageError> {
    let place = Place::new("organisation_versions", id, "content");
    let at: DbInstant = instant.to_column(&place)?;
    let found: Vec<DbJson> = organisation_versions::table
        .filter(organisation_versions::organisation_id.eq(key(id)))
        .filter(organisation_versions::since.le(at))
        .order(organisation_versions::since.desc())
        .select(organisation_versions::content)
        .limit(1)
        .load(db)?;
    found.into_iter().next().map(|content| place.json(content)).transpose()
}
