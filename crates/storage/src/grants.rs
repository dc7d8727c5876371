//! Grants with their years.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use tildel_domain::application::{ApplicationState, PartyRole};
use tildel_domain::grant::{Grant, GrantState, GrantYear};
use tildel_domain::id::{GrantId, OfficeId, OrganisationId, RoundId, SchemeId};

use crate::columns::{DbId, DbInstant};
use crate::db::on_each_backend;
use crate::repository::{inserting, load_all, load_locked, load_page, narrow, reading, row, updating};
use crate::schema::awards::{grant_years, grants};
use crate::schema::rounds::{application_parties, applications, rounds};
use crate::stored::{Stored, key};
use crate::{Db, Page, PageRequest, Place, StorageError};

row! {
    grants[id] => Grant {
        id: DbId,
        reference: String,
        application_id: DbId,
        round_id: DbId,
        office_id: DbId,
        scheme_id: DbId,
        decision_id: DbId,
        lead_id: DbId,
        name: String,
        title: String,
        state: String,
        stopped_from: Option<i64>,
        answered_at: Option<DbInstant>,
        version: i64,
    }
    children {
        years: Vec<GrantYear>,
    }
}

/// A row of `grant_years`, in the order of its columns.
#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = grant_years, primary_key(grant_id, year))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
struct YearRow {
    grant_id: DbId,
    year: i64,
    state: String,
    planned_ore: Option<i64>,
    planned_run_id: Option<DbId>,
    promised_ore: Option<i64>,
    promised_run_id: Option<DbId>,
    decision_id: Option<DbId>,
    impact_report_id: Option<DbId>,
    conditional: bool,
    judgement: Option<String>,
}

impl YearRow {
    fn of(grant_id: GrantId, year: &GrantYear) -> Result<Self, StorageError> {
        let at = |column| Place::new("grant_years", format_args!("{grant_id}/{}", year.year), column);
        Ok(Self {
            grant_id: key(grant_id),
            year: i64::from(year.year),
            state: year.state.to_column(&at("state"))?,
            planned_ore: year.planned.to_column(&at("planned_ore"))?,
            planned_run_id: year.planned_run_id.map(key),
            promised_ore: year.promised.to_column(&at("promised_ore"))?,
            promised_run_id: year.promised_run_id.map(key),
            decision_id: year.decision_id.map(key),
            impact_report_id: year.impact_report_id.map(key),
            conditional: year.conditional,
            judgement: year.judgement.to_column(&at("judgement"))?,
        })
    }

    fn into_year(self) -> Result<GrantYear, StorageError> {
        let row = format!("{}/{}", self.grant_id.0, self.year);
        let at = |column| Place::new("grant_years", &row, column);
        Ok(GrantYear {
            year: Stored::from_column(self.year, &at("year"))?,
            state: Stored::from_column(self.state, &at("state"))?,
            planned: Stored::from_column(self.planned_ore, &at("planned_ore"))?,
            planned_run_id: Stored::from_column(self.planned_run_id, &at("planned_run_id"))?,
            promised: Stored::from_column(self.promised_ore, &at("promised_ore"))?,
            promised_run_id: Stored::from_column(self.promised_run_id, &at("promised_run_id"))?,
            decision_id: Stored::from_column(self.decision_id, &at("decision_id"))?,
            impact_report_id: Stored::from_column(self.impact_report_id, &at("impact_report_id"))?,
            conditional: self.conditional,
            judgement: Stored::from_column(self.judgement, &at("judgement"))?,
        })
    }
}

fn assemble(db: &mut Db, rows: Vec<Row>) -> Result<Vec<Grant>, StorageError> {
    let ids: Vec<DbId> = rows.iter().map(|row| row.id).collect();
    let year_rows: Vec<YearRow> = grant_years::table
        .filter(grant_years::grant_id.eq_any(ids))
        .order((grant_years::grant_id, grant_years::year))
        .load(db)?;
    let mut years: HashMap<DbId, Vec<GrantYear>> = HashMap::new();
    for row in year_rows {
        years.entry(row.grant_id).or_default().push(row.into_year()?);
    }
    rows.into_iter()
        .map(|row| {
            let own = years.remove(&row.id).unwrap_or_default();
            row.into_thing(own)
        })
        .collect()
}

reading! { grants: Grant, GrantId }
inserting! { grants: Grant, insert_row }
updating! { grants: Grant, update_row }

/// Writes a grant and its years for the first time.
///
/// # Errors
/// The constraint that it breaks, or what the database says.
pub fn insert(db: &mut Db, grant: &Grant) -> Result<(), StorageError> {
    insert_row(db, grant)?;
    let rows: Vec<YearRow> =
        grant.years.iter().map(|year| YearRow::of(grant.id, year)).collect::<Result<_, _>>()?;
    let inserted = on_each_backend!(db, connection =>
        diesel::insert_into(grant_years::table).values(rows).execute(connection))?;
    StorageError::expect_rows("grant_years", grant.years.len(), inserted)
}

/// Writes a grant and its years back where it still has the version that was read, and counts the version up. The
/// years themselves are those that it was made with.
///
/// # Errors
/// [`StorageError::RowCount`] where another wrote it since, or for a year that it was not made with; the constraint that it
/// breaks, or what the database says.
pub fn update(db: &mut Db, grant: &mut Grant) -> Result<(), StorageError> {
    update_row(db, grant)?;
    for year in &grant.years {
        let row = YearRow::of(grant.id, year)?;
        let standing = grant_years::table
            .filter(grant_years::grant_id.eq(row.grant_id))
            .filter(grant_years::year.eq(row.year));
        let updated = diesel::update(standing).set(row).execute(db)?;
        StorageError::expect_rows("grant_years", 1, updated)?;
    }
    Ok(())
}

/// Which grants to list.
#[derive(Clone, Debug, Default)]
pub struct GrantFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
    /// From this round.
    pub round_id: Option<RoundId>,
    /// With this recipient.
    pub lead_id: Option<OrganisationId>,
}

/// A page of grants.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &GrantFilter, request: &PageRequest) -> Result<Page<Grant>, StorageError> {
    let mut query = grants::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        grants::office_id => filter.office_id.map(key),
        grants::scheme_id => filter.scheme_id.map(key),
        grants::round_id => filter.round_id.map(key),
        grants::lead_id => filter.lead_id.map(key),
    }
    load_page!(db, grants, query, request)
}

/// All grants of an office for a scheme, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(db: &mut Db, office_id: OfficeId, scheme_id: SchemeId) -> Result<Vec<Grant>, StorageError> {
    let theirs = grants::office_id.eq(key(office_id)).and(grants::scheme_id.eq(key(scheme_id)));
    load_all!(db, grants, grants::table.select(Row::COLUMNS).filter(theirs))
}

/// As [`list_for`], kept from others until the transaction ends. Locked in the order of their ids, as everybody locks them.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lock_for(db: &mut Db, office_id: OfficeId, scheme_id: SchemeId) -> Result<Vec<Grant>, StorageError> {
    let query = grants::table
        .select(Row::COLUMNS)
        .filter(grants::office_id.eq(key(office_id)))
        .filter(grants::scheme_id.eq(key(scheme_id)))
        .order(grants::id);
    let rows: Vec<Row> = load_locked!(db, query);
    assemble(db, rows)
}

/// Those of these ids that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_many(db: &mut Db, ids: &[GrantId]) -> Result<Vec<Grant>, StorageError> {
    let wanted = grants::id.eq_any(ids.iter().copied().map(key));
    load_all!(db, grants, grants::table.select(Row::COLUMNS).filter(wanted))
}

/// All grants from a round, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_in_round(db: &mut Db, round_id: RoundId) -> Result<Vec<Grant>, StorageError> {
    load_all!(db, grants, grants::table.select(Row::COLUMNS).filter(grants::round_id.eq(key(round_id))))
}

/// The offices that have grants of a scheme: each pair is a plan.
#[tracing::instrument(level = "debug", skip_all)]
pub fn plans_of_scheme(db: &mut Db, scheme_id: SchemeId) -> Result<Vec<(OfficeId, SchemeId)>, StorageError> {
    let pairs: Vec<(DbId, DbId)> = grants::table
        .filter(grants::scheme_id.eq(key(scheme_id)))
        .select((grants::office_id, grants::scheme_id))
        .distinct()
        .order((grants::office_id, grants::scheme_id))
        .load(db)?;
    Ok(plans(pairs))
}

/// The plans that rest on the employees of an organisation: those with a grant that it leads or is a partner in, and those whose
/// reserve list may hold such an application. A provider's own employees do not count.
#[tracing::instrument(level = "debug", skip_all)]
pub fn plans_of_organisation(
    db: &mut Db,
    organisation_id: OrganisationId,
) -> Result<Vec<(OfficeId, SchemeId)>, StorageError> {
    let place = Place::new("application_parties", organisation_id, "role");
    let provider: String = PartyRole::Provider.to_column(&place)?;
    let counted = || {
        application_parties::table
            .filter(application_parties::organisation_id.eq(key(organisation_id)))
            .filter(application_parties::role.ne(provider.clone()))
            .select(application_parties::application_id)
    };
    let granted: Vec<(DbId, DbId)> = grants::table
        .filter(grants::application_id.eq_any(counted()))
        .select((grants::office_id, grants::scheme_id))
        .distinct()
        .load(db)?;
    let declined = applications::table
        .filter(applications::id.eq_any(counted()))
        .filter(applications::state.eq(ApplicationState::Declined.as_str()))
        .select(applications::round_id);
    let waiting: Vec<(DbId, DbId)> = rounds::table
        .filter(rounds::id.eq_any(declined))
        .select((rounds::office_id, rounds::scheme_id))
        .distinct()
        .load(db)?;
    let all: BTreeSet<(DbId, DbId)> = granted.into_iter().chain(waiting).collect();
    Ok(plans(all.into_iter().collect()))
}

/// The grants of which an organisation is a party by its own people, but for those that were declined, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_party(db: &mut Db, organisation_id: OrganisationId) -> Result<Vec<Grant>, StorageError> {
    let place = Place::new("application_parties", organisation_id, "role");
    let provider: String = PartyRole::Provider.to_column(&place)?;
    let theirs = application_parties::table
        .filter(application_parties::organisation_id.eq(key(organisation_id)))
        .filter(application_parties::role.ne(provider))
        .select(application_parties::application_id);
    let standing = grants::application_id.eq_any(theirs).and(grants::state.ne(GrantState::Declined.as_str()));
    load_all!(db, grants, grants::table.select(Row::COLUMNS).filter(standing))
}

fn plans(pairs: Vec<(DbId, DbId)>) -> Vec<(OfficeId, SchemeId)> {
    pairs.into_iter().map(|(DbId(office_id), DbId(scheme_id))| (office_id.into(), scheme_id.into())).collect()
}
