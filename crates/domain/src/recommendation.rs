//! What a forum advises: a different object from the decision (rule 5).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::Nok;

use crate::application::{Application, ApplicationState};
use crate::forum::Forum;
use crate::id::{ApplicationId, BallotId, ForumId, MeetingId, PersonId, RecommendationId, RoundId, SeatId};
use crate::recusal::{Recusal, kept_out_of};
use crate::refusal::{Refusal, RefusalCode};
use crate::round::{Round, RoundState};
use crate::{Actor, Entry};

/// Where a recommendation is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecommendationState {
    /// Being written.
    Draft,
    /// Adopted by the forum; unchangeable.
    Adopted,
}

impl RecommendationState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Adopted => "adopted",
        }
    }
}

/// What is advised for one application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecommendedOutcome {
    /// To be granted, at this rank.
    Ranked,
    /// On the reserve list.
    Reserve,
    /// Not to be granted.
    Not,
}

impl RecommendedOutcome {
    /// The state that the application shows then.
    pub const fn application_state(self) -> ApplicationState {
        match self {
            Self::Ranked => ApplicationState::Ranked,
            Self::Reserve => ApplicationState::Reserve,
            Self::Not => ApplicationState::NotRecommended,
        }
    }
}

/// The advice on one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendationLine {
    /// The application.
    pub application_id: ApplicationId,
    /// Outcome.
    pub outcome: RecommendedOutcome,
    /// The place in the order, from 1; none where it is not recommended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// First year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<i16>,
    /// Last year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<i16>,
    /// Amount of the first year, if the forum advises one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Nok>,
    /// The forum's assessment.
    pub assessment: String,
}

/// A member's own view, recorded at the member's wish (rule 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dissent {
    /// The seat.
    pub seat_id: SeatId,
    /// The view.
    pub text: String,
}

/// What a forum advises on a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Id.
    pub id: RecommendationId,
    /// The round.
    pub round_id: RoundId,
    /// The forum.
    pub forum_id: ForumId,
    /// The meeting where it was treated.
    pub meeting_id: MeetingId,
    /// The ballot it rests on; none after agreement.
    pub ballot_id: Option<BallotId>,
    /// The lines, one for each application that the forum treated.
    pub lines: Vec<RecommendationLine>,
    /// Dissent.
    pub dissent: Vec<Dissent>,
    /// State.
    pub state: RecommendationState,
    /// Who signed it off, and when.
    pub adopted_by: Option<PersonId>,
    /// When it was adopted.
    pub adopted_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Recommendation {
    /// Writes a draft. Each eligible application of the round has a line of its own.
    pub fn draft(
        &self,
        round: &Round,
        forum: &Forum,
        applications: &[Application],
        recusals: &[Recusal],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_fit(recusals, actor)?;
        self.check(round, applications)?;
        Ok(Entry::new("recommendation.create", "recommendation", self.id)
            .with("roundId", self.round_id.to_string()))
    }

    /// Rewrites a draft.
    pub fn revise(
        &mut self,
        (lines, dissent): (Vec<RecommendationLine>, Vec<Dissent>),
        round: &Round,
        forum: &Forum,
        applications: &[Application],
        recusals: &[Recusal],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_draft()?;
        let revised = Self { lines, dissent, ..self.clone() };
        revised.require_fit(recusals, actor)?;
        revised.check(round, applications)?;
        *self = revised;
        Ok(Entry::new("recommendation.revise", "recommendation", self.id))
    }

    fn check(&self, round: &Round, applications: &[Application]) -> Result<(), Refusal> {
        if !matches!(round.state, RoundState::InForum | RoundState::Recommended) {
            return Err(Refusal::wrong_state("round", round.state.as_str(), "in_forum, recommended"));
        }
        if !round.forum_ids.contains(&self.forum_id) {
            return Err(Refusal::invalid("/forumId", "a forum that treats the round"));
        }
        let treated = |application: &&Application| {
            matches!(
                application.state,
                ApplicationState::Eligible
                    | ApplicationState::Ranked
                    | ApplicationState::Reserve
                    | ApplicationState::NotRecommended
            )
        };
        for (index, line) in self.lines.iter().enumerate() {
            let pointer = format!("/lines/{index}");
            if !applications.iter().filter(treated).any(|application| application.id == line.application_id) {
                return Err(Refusal::invalid(&pointer, "an eligible application of the round"));
            }
            let earlier = &self.lines[..index];
            if earlier.iter().any(|other| other.application_id == line.application_id) {
                return Err(Refusal::invalid(&pointer, "each application once"));
            }
            if line.rank.is_some() && earlier.iter().any(|other| other.rank == line.rank) {
                return Err(Refusal::invalid(&format!("{pointer}/rank"), "each rank once"));
            }
            if line.rank.is_some() == (line.outcome == RecommendedOutcome::Not) {
                return Err(Refusal::invalid(&format!("{pointer}/rank"), "a rank unless not recommended"));
            }
            if line.assessment.trim().is_empty() {
                return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{pointer}/assessment")));
            }
        }
        Ok(())
    }

    /// The forum adopts it; the chair signs it off. From here it is unchangeable.
    pub fn adopt(
        &mut self,
        round: &Round,
        forum: &Forum,
        applications: &[Application],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_draft()?;
        self.check(round, applications)?;
        if self.lines.is_empty() {
            return Err(Refusal::invalid("/lines", "at least one line"));
        }
        self.state = RecommendationState::Adopted;
        self.adopted_by = actor.person_id;
        self.adopted_at = Some(now);
        Ok(Entry::new("recommendation.adopt", "recommendation", self.id)
            .with("forumId", self.forum_id.to_string()))
    }

    /// Whether it names an application that the person is recused on. Until it is adopted it does not exist for the person: a
    /// rank that is left out of the order would tell as much as the line.
    pub fn keeps_out(&self, person_id: PersonId, recusals: &[Recusal]) -> bool {
        !kept_out_of(person_id, self.lines.iter().map(|line| line.application_id), recusals).is_empty()
    }

    fn require_fit(&self, recusals: &[Recusal], actor: &Actor) -> Result<(), Refusal> {
        match actor.person_id {
            Some(person_id) if self.keeps_out(person_id, recusals) => Err(Refusal::new(RefusalCode::Recused)),
            _ => Ok(()),
        }
    }

    fn require_draft(&self) -> Result<(), Refusal> {
        if self.state == RecommendationState::Draft {
            return Ok(());
        }
        Err(Refusal::wrong_state("recommendation", self.state.as_str(), "draft"))
    }
}
