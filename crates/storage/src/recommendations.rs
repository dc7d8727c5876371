//! Recommendations of forums.

use diesel::prelude::*;
use tildel_domain::id::{ForumId, MeetingId, OfficeId, RecommendationId, RoundId, SchemeId};
use tildel_domain::recommendation::{Recommendation, RecommendationState};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::forums::{forums, recommendations};
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    recommendations[id] => Recommendation {
        id: DbId,
        round_id: Option<DbId>,
        scheme_id: Option<DbId>,
        year: Option<i64>,
        forum_id: DbId,
        meeting_id: DbId,
        ballot_id: Option<DbId>,
        lines: DbJson,
        renewals: DbJson,
        dissent: DbJson,
        state: String,
        adopted_by: Option<DbId>,
        adopted_at: Option<DbInstant>,
        signed_by: Option<DbId>,
        signed_at: Option<DbInstant>,
        number: i64,
        supersedes_id: Option<DbId>,
        correction_reason: Option<String>,
        version: i64,
    }
}

repository! { recommendations: Recommendation, RecommendationId }

/// Which recommendations to list.
#[derive(Clone, Debug, Default)]
pub struct RecommendationFilter {
    /// On this round.
    pub round_id: Option<RoundId>,
    /// On renewals of this scheme.
    pub scheme_id: Option<SchemeId>,
    /// On renewals for this year.
    pub year: Option<i16>,
    /// Of this forum.
    pub forum_id: Option<ForumId>,
    /// In this state.
    pub state: Option<RecommendationState>,
    /// The forums whose drafts appear; those of others stay hidden.
    pub draft_forum_ids: Vec<ForumId>,
    /// Drafts that stay hidden all the same.
    pub hidden_ids: Vec<RecommendationId>,
}

/// A page of recommendations.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &RecommendationFilter,
    request: &PageRequest,
) -> Result<Page<Recommendation>, StorageError> {
    let inner = recommendations::forum_id.eq_any(filter.draft_forum_ids.iter().copied().map(key));
    let mut query = recommendations::table
        .select(Row::COLUMNS)
        .filter(recommendations::state.ne(RecommendationState::Draft.as_str()).or(inner))
        .filter(recommendations::id.ne_all(filter.hidden_ids.iter().copied().map(key)))
        .into_boxed();
    narrow! { query:
        recommendations::round_id => filter.round_id.map(|round_id| Some(key(round_id))),
        recommendations::scheme_id => filter.scheme_id.map(|scheme_id| Some(key(scheme_id))),
        recommendations::year => filter.year.map(|year| Some(i64::from(year))),
        recommendations::forum_id => filter.forum_id.map(key),
        recommendations::state => filter.state.map(RecommendationState::as_str),
    }
    load_page!(db, recommendations, query, request)
}

/// The recommendations on a round that were signed off and that no later version has taken the place of, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn signed_in_round(db: &mut Db, round_id: RoundId) -> Result<Vec<Recommendation>, StorageError> {
    signed_in_rounds(db, &[round_id])
}

/// As [`signed_in_round`], on any of these rounds.
#[tracing::instrument(level = "debug", skip_all)]
pub fn signed_in_rounds(db: &mut Db, round_ids: &[RoundId]) -> Result<Vec<Recommendation>, StorageError> {
    let on_rounds = recommendations::round_id.eq_any(round_ids.iter().copied().map(|id| Some(key(id))));
    let signed = recommendations::state.eq(RecommendationState::SignedOff.as_str());
    load_all!(
        db,
        recommendations,
        recommendations::table.select(Row::COLUMNS).filter(on_rounds).filter(signed)
    )
}

/// The recommendations on a round that were ever signed off, also those that a later version has taken the place of, the oldest
/// first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn ever_signed_in_round(db: &mut Db, round_id: RoundId) -> Result<Vec<Recommendation>, StorageError> {
    let on_round = recommendations::round_id.eq(Some(key(round_id)));
    let signed = [RecommendationState::SignedOff, RecommendationState::Superseded];
    let signed = recommendations::state.eq_any(signed.map(RecommendationState::as_str));
    load_all!(
        db,
        recommendations,
        recommendations::table.select(Row::COLUMNS).filter(on_round).filter(signed)
    )
}

/// The recommendations of an office's forums on the renewal of a scheme's grants in a year, as [`signed_in_round`].
#[tracing::instrument(level = "debug", skip_all)]
pub fn signed_on_renewals(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
    year: i16,
) -> Result<Vec<Recommendation>, StorageError> {
    let of_office = forums::table.filter(forums::office_id.eq(key(office_id))).select(forums::id);
    let query = recommendations::table
        .select(Row::COLUMNS)
        .filter(recommendations::scheme_id.eq(Some(key(scheme_id))))
        .filter(recommendations::year.eq(Some(i64::from(year))))
        .filter(recommendations::forum_id.eq_any(of_office))
        .filter(recommendations::state.eq(RecommendationState::SignedOff.as_str()));
    load_all!(db, recommendations, query)
}

/// What was adopted in a meeting, signed off or not, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn adopted_in_meeting(db: &mut Db, meeting_id: MeetingId) -> Result<Vec<Recommendation>, StorageError> {
    let adopted = recommendations::meeting_id
        .eq(key(meeting_id))
        .and(recommendations::state.ne(RecommendationState::Draft.as_str()));
    load_all!(db, recommendations, recommendations::table.select(Row::COLUMNS).filter(adopted))
}

/// The drafts of forums, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn drafts_of(db: &mut Db, forum_ids: &[ForumId]) -> Result<Vec<Recommendation>, StorageError> {
    let of_forums = recommendations::forum_id.eq_any(forum_ids.iter().copied().map(key));
    let drafts = recommendations::state.eq(RecommendationState::Draft.as_str());
    load_all!(
        db,
        recommendations,
        recommendations::table.select(Row::COLUMNS).filter(of_forums).filter(drafts)
    )
}
