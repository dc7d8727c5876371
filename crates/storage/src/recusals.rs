//! Recorded interests of people in applications, and the rulings on them.

use diesel::prelude::*;
use tildel_domain::id::{ApplicationId, PersonId, RecusalId};
use tildel_domain::recusal::{Recusal, RecusalState};

use crate::columns::{DbId, DbInstant};
use crate::repository::{load_all, load_page, narrow, repository, row};
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
        found: bool,
        state: String,
        ruling_reason: Option<String>,
        ruled_by: Option<DbId>,
        ruled_at: Option<DbInstant>,
        version: i64,
    }
}

repository! { recusals: Recusal, RecusalId }

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

/// All interests of a person that stand, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_person(db: &mut Db, person_id: PersonId) -> Result<Vec<Recusal>, StorageError> {
    load_all!(
        db,
        recusals,
        recusals::table
            .select(Row::COLUMNS)
            .filter(recusals::person_id.eq(key(person_id)))
            .filter(recusals::state.ne(RecusalState::NotUpheld.as_str()))
    )
}

/// All interests in any of these applications that stand, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn on_applications(db: &mut Db, application_ids: &[ApplicationId]) -> Result<Vec<Recusal>, StorageError> {
    let theirs = recusals::application_id.eq_any(application_ids.iter().copied().map(key));
    let standing = recusals::state.ne(RecusalState::NotUpheld.as_str());
    load_all!(db, recusals, recusals::table.select(Row::COLUMNS).filter(theirs).filter(standing))
}

/// Those of these people who have an interest recorded in an application, whatever was ruled on it.
#[tracing::instrument(level = "debug", skip_all)]
pub fn recorded(
    db: &mut Db,
    application_id: ApplicationId,
    people: &[PersonId],
) -> Result<Vec<PersonId>, StorageError> {
    let rows: Vec<Row> = recusals::table
        .select(Row::COLUMNS)
        .filter(recusals::application_id.eq(key(application_id)))
        .filter(recusals::person_id.eq_any(people.iter().copied().map(key)))
        .load(db)?;
    Ok(assemble(db, rows)?.into_iter().map(|recusal| recusal.person_id).collect())
}
