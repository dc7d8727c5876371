//! Recorded interests of people in applications. They are only added.

use diesel::prelude::*;
use tildel_domain::forum::Recusal;
use tildel_domain::id::{ApplicationId, PersonId, RecusalId};

use crate::columns::DbId;
use crate::repository::{inserting, load_all, load_page, narrow, reading, row};
use crate::schema::forums::recusals;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    recusals[id] => Recusal {
        id: DbId,
        person_id: DbId,
        application_id: DbId,
        ground: String,
        explanation: String,
        recorded_by: DbId,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<Recusal>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { recusals: Recusal, RecusalId }
inserting! { recusals: Recusal, pub insert }

/// Which interests to list.
#[derive(Clone, Debug, Default)]
pub struct RecusalFilter {
    /// Of this person.
    pub person_id: Option<PersonId>,
    /// In this application.
    pub application_id: Option<ApplicationId>,
}

/// A page of interests.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &RecusalFilter,
    request: &PageRequest,
) -> Result<Page<Recusal>, StorageError> {
    let mut query = recusals::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        recusals::person_id => filter.person_id.map(key),
        recusals::application_id => filter.application_id.map(key),
    }
    load_page!(db, recusals, query, request)
}

/// All interests of a person, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_person(db: &mut Db, person_id: PersonId) -> Result<Vec<Recusal>, StorageError> {
    load_all!(
        db,
        recusals,
        recusals::table.select(Row::COLUMNS).filter(recusals::person_id.eq(key(person_id)))
    )
}

/// All interests in any of these applications, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn on_applications(db: &mut Db, application_ids: &[ApplicationId]) -> Result<Vec<Recusal>, StorageError> {
    let theirs = recusals::application_id.eq_any(application_ids.iter().copied().map(key));
    load_all!(db, recusals, recusals::table.select(Row::COLUMNS).filter(theirs))
}
