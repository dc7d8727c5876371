//! Applications with their parties.

use std::collections::HashMap;

use diesel::prelude::*;
use tildel_domain::application::{Application, ApplicationState, Party};
use tildel_domain::id::{ApplicationId, OrganisationId, RoundId};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::db::on_each_backend;
use crate::repository::{inserting, load_all, load_page, narrow, reading, row, updating};
use crate::schema::rounds::{application_parties, applications};
use crate::stored::{Stored, key};
use crate::{Db, Page, PageRequest, Place, StorageError};

row! {
    applications[id] => Application {
        id: DbId,
        reference: String,
        round_id: DbId,
        office_id: DbId,
        content: DbJson,
        state: String,
        submitted_at: Option<DbInstant>,
        state_reason: Option<String>,
        screening: Option<DbJson>,
        version: i64,
    }
    children {
        parties: Vec<Party>,
    }
}

/// A row of `application_parties`, in the order of its columns.
#[derive(Queryable, Insertable)]
#[diesel(table_name = application_parties, treat_none_as_default_value = false)]
struct PartyRow {
    id: DbId,
    application_id: DbId,
    position: i64,
    organisation_id: DbId,
    role: String,
    own_contribution: Option<String>,
    confirmed_at: Option<DbInstant>,
}

impl PartyRow {
    fn of(application_id: ApplicationId, position: usize, party: &Party) -> Result<Self, StorageError> {
        let at = |column| Place::new("application_parties", party.id, column);
        let position = i64::try_from(position).map_err(|error| at("position").inconsistent(error))?;
        Ok(Self {
            id: key(party.id),
            application_id: key(application_id),
            position,
            organisation_id: key(party.organisation_id),
            role: party.role.to_column(&at("role"))?,
            own_contribution: party.own_contribution.clone(),
            confirmed_at: party.confirmed_at.map(DbInstant),
        })
    }

    fn into_party(self) -> Result<Party, StorageError> {
        let place = Place::new("application_parties", self.id.0, "role");
        Ok(Party {
            id: self.id.0.into(),
            organisation_id: self.organisation_id.0.into(),
            role: Stored::from_column(self.role, &place)?,
            own_contribution: self.own_contribution,
            confirmed_at: self.confirmed_at.map(|DbInstant(at)| at),
        })
    }
}

fn assemble(db: &mut Db, rows: Vec<Row>) -> Result<Vec<Application>, StorageError> {
    let ids: Vec<DbId> = rows.iter().map(|row| row.id).collect();
    let party_rows: Vec<PartyRow> = application_parties::table
        .filter(application_parties::application_id.eq_any(ids))
        .order((application_parties::application_id, application_parties::position))
        .load(db)?;
    let mut parties: HashMap<DbId, Vec<Party>> = HashMap::new();
    for row in party_rows {
        parties.entry(row.application_id).or_default().push(row.into_party()?);
    }
    rows.into_iter()
        .map(|row| {
            let own = parties.remove(&row.id).unwrap_or_default();
            row.into_thing(own)
        })
        .collect()
}

reading! { applications: Application, ApplicationId }
inserting! { applications: Application, insert_row }
updating! { applications: Application, update_row }

/// Writes an application and its parties for the first time.
///
/// # Errors
/// The constraint that it breaks, or what the database says.
pub fn insert(db: &mut Db, application: &Application) -> Result<(), StorageError> {
    insert_row(db, application)?;
    insert_parties(db, application)
}

/// Writes an application and its parties back where it still has the version that was read, and counts the version up.
///
/// # Errors
/// [`StorageError::RowCount`] where another wrote it since; the constraint that it breaks, or what the database says.
pub fn update(db: &mut Db, application: &mut Application) -> Result<(), StorageError> {
    update_row(db, application)?;
    // Nothing points to a party's row, and the application's row is locked by the update.
    let former = application_parties::application_id.eq(key(application.id));
    diesel::delete(application_parties::table.filter(former)).execute(db)?;
    insert_parties(db, application)
}

fn insert_parties(db: &mut Db, application: &Application) -> Result<(), StorageError> {
    let numbered = application.parties.iter().enumerate();
    let rows: Vec<PartyRow> = numbered
        .map(|(position, party)| PartyRow::of(application.id, position, party))
        .collect::<Result<_, _>>()?;
    let inserted = on_each_backend!(db, connection =>
        diesel::insert_into(application_parties::table).values(rows).execute(connection))?;
    StorageError::expect_rows("application_parties", application.parties.len(), inserted)
}

/// Which applications to list. What [`Application::is_visible_to`] hides from the viewer never appears.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilter {
    /// In this round.
    pub round_id: Option<RoundId>,
    /// In this state.
    pub state: Option<ApplicationState>,
    /// With this organisation as a party.
    pub party_id: Option<OrganisationId>,
    /// The organisation that the viewer acts for: its own drafts appear.
    pub viewer_organisation_id: Option<OrganisationId>,
    /// Whether all appear, whoever looks: for Tildel itself.
    pub everything: bool,
}

/// A page of applications.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &ApplicationFilter,
    request: &PageRequest,
) -> Result<Page<Application>, StorageError> {
    let with_party = |organisation_id| {
        let parties =
            application_parties::table.filter(application_parties::organisation_id.eq(key(organisation_id)));
        applications::id.eq_any(parties.select(application_parties::application_id))
    };
    let mut query = applications::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        applications::round_id => filter.round_id.map(key),
        applications::state => filter.state.map(ApplicationState::as_str),
    }
    if let Some(organisation_id) = filter.party_id {
        query = query.filter(with_party(organisation_id));
    }
    if !filter.everything {
        let was_public = applications::state.ne(ApplicationState::Draft.as_str()).and(
            applications::state
                .ne(ApplicationState::Withdrawn.as_str())
                .or(applications::submitted_at.is_not_null()),
        );
        query = match filter.viewer_organisation_id {
            Some(organisation_id) => query.filter(was_public.or(with_party(organisation_id))),
            None => query.filter(was_public),
        };
    }
    load_page!(db, applications, query, request)
}

/// All applications of a round, drafts too, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_in_round(db: &mut Db, round_id: RoundId) -> Result<Vec<Application>, StorageError> {
    let theirs = applications::round_id.eq(key(round_id));
    load_all!(db, applications, applications::table.select(Row::COLUMNS).filter(theirs))
}

/// Those of these ids that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_many(db: &mut Db, ids: &[ApplicationId]) -> Result<Vec<Application>, StorageError> {
    let wanted = applications::id.eq_any(ids.iter().copied().map(key));
    load_all!(db, applications, applications::table.select(Row::COLUMNS).filter(wanted))
}
