//! Recommendations of forums.

use diesel::prelude::*;
use tildel_domain::id::{ForumId, RecommendationId, RoundId};
use tildel_domain::recommendation::{Recommendation, RecommendationState};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::forums::recommendations;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    recommendations[id] => Recommendation {
        id: DbId,
        round_id: DbId,
        forum_id: DbId,
        meeting_id: DbId,
        ballot_id: Option<DbId>,
        lines: DbJson,
        dissent: DbJson,
        state: String,
        adopted_by: Option<DbId>,
        adopted_at: Option<DbInstant>,
        version: i64,
    }
}

repository! { recommendations: Recommendation, RecommendationId }

/// Which recommendations to list.
#[derive(Clone, Debug, Default)]
pub struct RecommendationFilter {
    /// On this round.
    pub round_id: Option<RoundId>,
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
        .filter(recommendations::state.eq(RecommendationState::Adopted.as_str()).or(inner))
        .filter(recommendations::id.ne_all(filter.hidden_ids.iter().copied().map(key)))
        .into_boxed();
    narrow! { query:
        recommendations::round_id => filter.round_id.map(key),
        recommendations::forum_id => filter.forum_id.map(key),
        recommendations::state => filter.state.map(RecommendationState::as_str),
    }
    load_page!(db, recommendations, query, request)
}

/// The adopted recommendations on a round, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn adopted_in_round(db: &mut Db, round_id: RoundId) -> Result<Vec<Recommendation>, StorageError> {
    let adopted = recommendations::round_id
        .eq(key(round_id))
        .and(recommendations::state.eq(RecommendationState::Adopted.as_str()));
    load_all!(db, recommendations, recommendations::table.select(Row::COLUMNS).filter(adopted))
}

/// The adopted recommendations on any of these rounds, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn adopted_in_rounds(db: &mut Db, round_ids: &[RoundId]) -> Result<Vec<Recommendation>, StorageError> {
    let adopted = recommendations::round_id
        .eq_any(round_ids.iter().copied().map(key))
        .and(recommendations::state.eq(RecommendationState::Adopted.as_str()));
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
