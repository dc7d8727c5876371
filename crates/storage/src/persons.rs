//! People: the only table with personal data, so that it can be erased.

use diesel::prelude::*;
use tildel_domain::id::{OrganisationId, PersonId};
use tildel_domain::person::Person;

use crate::columns::DbId;
use crate::repository::{load_all, load_page, repository, row};
use crate::schema::registry::persons;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    persons[id] => Person {
        id: DbId,
        name: String,
        title: Option<String>,
        phone: Option<String>,
        office_id: Option<DbId>,
        organisation_id: Option<DbId>,
        version: i64,
    }
}

repository! { persons: Person, PersonId }

/// Which people to list: so far, all of them.
#[derive(Clone, Debug, Default)]
pub struct PersonFilter {}

/// A page of people.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    _filter: &PersonFilter,
    request: &PageRequest,
) -> Result<Page<Person>, StorageError> {
    let query = persons::table.select(Row::COLUMNS).into_boxed();
    load_page!(db, persons, query, request)
}

/// Those of these ids that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_many(db: &mut Db, ids: &[PersonId]) -> Result<Vec<Person>, StorageError> {
    let wanted = persons::id.eq_any(ids.iter().copied().map(key));
    load_all!(db, persons, persons::table.select(Row::COLUMNS).filter(wanted))
}

/// Those who act for an organisation, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_organisation(db: &mut Db, organisation_id: OrganisationId) -> Result<Vec<Person>, StorageError> {
    let theirs = persons::organisation_id.eq(Some(key(organisation_id)));
    load_all!(db, persons, persons::table.select(Row::COLUMNS).filter(theirs))
}
