//! Rounds: calls of a scheme by an office.

use diesel::prelude::*;
use tildel_domain::application::{ApplicationState, PartyRole};
use tildel_domain::id::{OfficeId, OrganisationId, RoundId, SchemeId};
use tildel_domain::round::{Deadline, Round, RoundState};

use crate::columns::{DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::rounds::{application_parties, applications, rounds};
use crate::stored::{Stored, key};
use crate::{Db, Page, PageRequest, Place, StorageError};

row! {
    rounds[id] => Round {
        id: DbId,
        office_id: DbId,
        scheme_id: DbId,
        budget_year: i64,
        title: DbJson,
        label: DbJson,
        forum_ids: DbJson,
        deferred_groups: DbJson,
        criteria: DbJson,
        state: String,
        cancellation_reason: Option<String>,
        version: i64,
    }
    nested {
        deadline: Deadline {
            local = deadline_local: String,
            zone = deadline_zone: String,
            grace_minutes = deadline_grace_minutes: i64,
        }
    }
}

repository! { rounds: Round, RoundId }

/// Which rounds to list.
#[derive(Clone, Debug, Default)]
pub struct RoundFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
    /// For this budget year.
    pub budget_year: Option<i16>,
    /// In this state.
    pub state: Option<RoundState>,
    /// The office whose drafts appear; those of others, or of all where none is given, stay hidden.
    pub drafts_of_office: Option<OfficeId>,
}

/// A page of rounds.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &RoundFilter, request: &PageRequest) -> Result<Page<Round>, StorageError> {
    let mut query = rounds::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        rounds::office_id => filter.office_id.map(key),
        rounds::scheme_id => filter.scheme_id.map(key),
        rounds::budget_year => filter.budget_year.map(i64::from),
        rounds::state => filter.state.map(RoundState::as_str),
    }
    let announced = rounds::state.ne(RoundState::Draft.as_str());
    query = match filter.drafts_of_office.map(key) {
        Some(office_id) => query.filter(announced.or(rounds::office_id.eq(office_id))),
        None => query.filter(announced),
    };
    load_page!(db, rounds, query, request)
}

/// The rounds that are announced and not decided yet, with an application there that an organisation is a party of by its own
/// people, and that was neither taken back nor screened out; the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn open_with_party(db: &mut Db, organisation_id: OrganisationId) -> Result<Vec<Round>, StorageError> {
    let place = Place::new("application_parties", organisation_id, "role");
    let provider: String = PartyRole::Provider.to_column(&place)?;
    let theirs = application_parties::table
        .filter(application_parties::organisation_id.eq(key(organisation_id)))
        .filter(application_parties::role.ne(provider))
        .select(application_parties::application_id);
    let out = [ApplicationState::Withdrawn, ApplicationState::Ineligible, ApplicationState::Deferred];
    let there = applications::table
        .filter(applications::id.eq_any(theirs))
        .filter(applications::state.ne_all(out.map(ApplicationState::as_str)))
        .select(applications::round_id);
    let open = [
        RoundState::Announced,
        RoundState::Open,
        RoundState::Closed,
        RoundState::InForum,
        RoundState::Recommended,
    ];
    let wanted = rounds::id.eq_any(there).and(rounds::state.eq_any(open.map(RoundState::as_str)));
    load_all!(db, rounds, rounds::table.select(Row::COLUMNS).filter(wanted))
}

/// The ids of all rounds of an office for a scheme, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn ids_for(db: &mut Db, office_id: OfficeId, scheme_id: SchemeId) -> Result<Vec<RoundId>, StorageError> {
    let ids: Vec<DbId> = rounds::table
        .filter(rounds::office_id.eq(key(office_id)))
        .filter(rounds::scheme_id.eq(key(scheme_id)))
        .select(rounds::id)
        .order(rounds::id)
        .load(db)?;
    Ok(ids.into_iter().map(|DbId(id)| id.into()).collect())
}
