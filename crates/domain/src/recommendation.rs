//! What a forum advises: a different object from the decision (rule 5).
//!
//! The forum adopts it, which rests on an agreement or a count, and the chair signs it off: two steps, two facts. What
//! rests on it afterwards rests on the sign-off. A correction is a new version, which takes its place when it is signed off.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::application::Application;
use crate::forum::Forum;
use crate::grant::Grant;
use crate::id::{ApplicationId, BallotId, ForumId, MeetingId, PersonId, RecommendationId, RoundId, SchemeId};
use crate::recusal::{Recusal, kept_out_of};
use crate::refusal::{Refusal, RefusalCode};
use crate::renewal_advice::{RenewalAdvice, check_advice};
use crate::round::{Round, RoundState};
use crate::{Actor, Entry};

pub use crate::dissent::{Dissent, NewDissent};
pub use crate::recommendation_basis::Basis;
pub use crate::recommendation_line::{ActorShare, RecommendationLine, RecommendedOutcome, reserve_places};

/// Where a recommendation is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecommendationState {
    /// Being written.
    Draft,
    /// Adopted by the forum: what it says stands; members may still dissent.
    Adopted,
    /// Signed off by the chair: what decisions rest on.
    SignedOff,
    /// A later version was signed off.
    Superseded,
}

impl RecommendationState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Adopted => "adopted",
            Self::SignedOff => "signed_off",
            Self::Superseded => "superseded",
        }
    }
}

/// What a recommendation is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The applications of a round.
    Round {
        /// The round.
        round_id: RoundId,
    },
    /// Which running grants of a scheme go on in a year.
    Renewals {
        /// The scheme.
        scheme_id: SchemeId,
        /// The year.
        year: i16,
    },
}

/// What a recommendation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// On the applications of a round.
    Round(Vec<RecommendationLine>),
    /// On the grants that run.
    Renewals(Vec<RenewalAdvice>),
}

/// What a recommendation is held against: the round with its applications, or the grants whose year the forum is to judge.
#[derive(Clone, Copy, Debug)]
pub enum Facts<'a> {
    /// The round and its applications.
    Round(&'a Round, &'a [Application]),
    /// The grants of the forum's office and the scheme.
    Grants(&'a [Grant]),
}

/// What a forum advises on a round, or on the renewal of grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Id.
    pub id: RecommendationId,
    /// The round, where it is on one.
    pub round_id: Option<RoundId>,
    /// The scheme whose grants are judged, where it is on renewals.
    #[serde(default)]
    pub scheme_id: Option<SchemeId>,
    /// The year that they are judged for.
    #[serde(default)]
    pub year: Option<i16>,
    /// The forum.
    pub forum_id: ForumId,
    /// The meeting where it was treated.
    pub meeting_id: MeetingId,
    /// The ballot it rests on; none after agreement.
    pub ballot_id: Option<BallotId>,
    /// The lines on a round, one for each application that the forum treated.
    pub lines: Vec<RecommendationLine>,
    /// The lines on renewals, one for each grant.
    #[serde(default)]
    pub renewals: Vec<RenewalAdvice>,
    /// Dissent.
    pub dissent: Vec<Dissent>,
    /// State.
    pub state: RecommendationState,
    /// Who recorded that the forum adopted it.
    pub adopted_by: Option<PersonId>,
    /// When it was adopted.
    pub adopted_at: Option<Timestamp>,
    /// Who signed it off: the chair, or who acts in the chair's place.
    #[serde(default)]
    pub signed_by: Option<PersonId>,
    /// When it was signed off.
    #[serde(default)]
    pub signed_at: Option<Timestamp>,
    /// Which version it is, from 1.
    #[serde(default = "first")]
    pub number: u32,
    /// The version that it corrects.
    #[serde(default)]
    pub supersedes_id: Option<RecommendationId>,
    /// Why.
    #[serde(default)]
    pub correction_reason: Option<String>,
    /// The version of the row, counted up by each write.
    pub version: i64,
}

/// Minutes that were approved before there were corrections hold first versions.
const fn first() -> u32 {
    1
}

impl Recommendation {
    /// What it is on.
    pub fn subject(&self) -> Result<Subject, Refusal> {
        match (self.round_id, self.scheme_id, self.year) {
            (Some(round_id), None, None) => Ok(Subject::Round { round_id }),
            (None, Some(scheme_id), Some(year)) => Ok(Subject::Renewals { scheme_id, year }),
            _ => Err(Refusal::invalid("/roundId", "a round, or renewals, and not both")),
        }
    }

    /// The applications that it names: of its lines, or of the grants that it judges.
    pub fn concerned(&self) -> Vec<ApplicationId> {
        let of_lines = self.lines.iter().map(|line| line.application_id);
        of_lines.chain(self.renewals.iter().map(|line| line.application_id)).collect()
    }

    /// Writes a draft: a first one, or the correction of a version that was adopted.
    pub fn draft(
        &self,
        corrected: Option<&Self>,
        facts: Facts<'_>,
        (forum, basis): (&Forum, Basis<'_>),
        recusals: &[Recusal],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_fit(recusals, actor)?;
        if let Some(corrected) = corrected {
            self.check_correction(corrected)?;
        }
        self.check(facts, basis)?;
        let entry =
            Entry::new("recommendation.create", "recommendation", self.id).with("number", self.number);
        Ok(match self.subject()? {
            Subject::Round { round_id } => entry.with("roundId", round_id.to_string()),
            Subject::Renewals { scheme_id, year } => {
                entry.with("schemeId", scheme_id.to_string()).with("year", year)
            }
        })
    }

    /// A correction is of the same matter in the same forum, leaves out nothing that was treated, and says why.
    fn check_correction(&self, corrected: &Self) -> Result<(), Refusal> {
        if !matches!(corrected.state, RecommendationState::Adopted | RecommendationState::SignedOff) {
            let state = corrected.state.as_str();
            return Err(
                Refusal::wrong_state("recommendation", state, "adopted, signed_off").at("/corrects/id")
            );
        }
        if corrected.forum_id != self.forum_id || corrected.subject()? != self.subject()? {
            return Err(Refusal::invalid("/corrects/id", "a recommendation of the forum on the same matter"));
        }
        if self.correction_reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/corrects/reason"));
        }
        let concerned = self.concerned();
        if corrected.concerned().iter().any(|application_id| !concerned.contains(application_id)) {
            return Err(Refusal::invalid("/lines", "a line for all that the version before had"));
        }
        Ok(())
    }

    /// Rewrites a draft.
    pub fn revise(
        &mut self,
        advice: Advice,
        facts: Facts<'_>,
        (forum, basis): (&Forum, Basis<'_>),
        recusals: &[Recusal],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_state(RecommendationState::Draft)?;
        let (lines, renewals) = match advice {
            Advice::Round(lines) => (lines, Vec::new()),
            Advice::Renewals(renewals) => (Vec::new(), renewals),
        };
        let revised = Self { lines, renewals, ..self.clone() };
        revised.require_fit(recusals, actor)?;
        revised.check(facts, basis)?;
        *self = revised;
        Ok(Entry::new("recommendation.revise", "recommendation", self.id))
    }

    fn check(&self, facts: Facts<'_>, basis: Basis<'_>) -> Result<(), Refusal> {
        match (self.subject()?, facts) {
            (Subject::Round { .. }, Facts::Round(round, applications)) => {
                if !self.renewals.is_empty() {
                    return Err(Refusal::invalid("/renewals", "no renewals, as it is on a round"));
                }
                if !matches!(round.state, RoundState::InForum | RoundState::Recommended) {
                    return Err(Refusal::wrong_state("round", round.state.as_str(), "in_forum, recommended"));
                }
                if !round.forum_ids.contains(&self.forum_id) {
                    return Err(Refusal::invalid("/forumId", "a forum that treats the round"));
                }
                crate::recommendation_line::check_lines(&self.lines, &round.criteria, applications)?;
                basis.check_order(&self.lines)
            }
            (Subject::Renewals { year, .. }, Facts::Grants(grants)) => {
                if !self.lines.is_empty() {
                    return Err(Refusal::invalid("/lines", "no lines, as it is on renewals"));
                }
                check_advice(&self.renewals, year, grants)
            }
            _ => Err(Refusal::invalid("/roundId", "a round, or renewals, and not both")),
        }
    }

    /// Records that the forum adopted it. It rests on an agreement, or on a count with quorum (rule 3). From here what it says
    /// stands.
    pub fn adopt(
        &mut self,
        facts: Facts<'_>,
        (forum, basis): (&Forum, Basis<'_>),
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_state(RecommendationState::Draft)?;
        self.require_fit(recusals, actor)?;
        // There is no body to point into.
        self.check(facts, basis).map_err(Refusal::without_pointer)?;
        if self.lines.is_empty() && self.renewals.is_empty() {
            return Err(Refusal::invalid("/lines", "at least one line").without_pointer());
        }
        basis.require(self)?;
        self.state = RecommendationState::Adopted;
        self.adopted_by = actor.person_id;
        self.adopted_at = Some(now);
        Ok(Entry::new("recommendation.adopt", "recommendation", self.id)
            .with("forumId", self.forum_id.to_string()))
    }

    /// The chair signs it off; the deputy chair where the chair is recused on one of its lines. What it rests on is looked at
    /// once more, as a ballot may have been set aside since.
    pub fn sign_off(
        &mut self,
        facts: Facts<'_>,
        (forum, basis): (&Forum, Basis<'_>),
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_state(RecommendationState::Adopted)?;
        self.require_fit(recusals, actor)?;
        // There is no body to point into.
        self.check(facts, basis).map_err(Refusal::without_pointer)?;
        basis.require(self)?;
        self.state = RecommendationState::SignedOff;
        self.signed_by = actor.person_id;
        self.signed_at = Some(now);
        Ok(Entry::new("recommendation.sign_off", "recommendation", self.id)
            .with("forumId", self.forum_id.to_string())
            .with("number", self.number))
    }

    /// A later version was signed off.
    pub fn supersede(&mut self, by: RecommendationId) -> Result<Entry, Refusal> {
        if !matches!(self.state, RecommendationState::Adopted | RecommendationState::SignedOff) {
            return Err(Refusal::wrong_state("recommendation", self.state.as_str(), "adopted, signed_off"));
        }
        self.state = RecommendationState::Superseded;
        Ok(Entry::new("recommendation.supersede", "recommendation", self.id).with("by", by.to_string()))
    }

    /// Whether it names an application that the person is recused on. Until it is adopted it does not exist for the person: a
    /// rank that is left out of the order would tell as much as the line.
    pub fn keeps_out(&self, person_id: PersonId, recusals: &[Recusal]) -> bool {
        !kept_out_of(person_id, self.concerned(), recusals).is_empty()
    }

    fn require_fit(&self, recusals: &[Recusal], actor: &Actor) -> Result<(), Refusal> {
        match actor.person_id {
            Some(person_id) if self.keeps_out(person_id, recusals) => Err(Refusal::new(RefusalCode::Recused)),
            _ => Ok(()),
        }
    }

    fn require_state(&self, state: RecommendationState) -> Result<(), Refusal> {
        if self.state == state {
            return Ok(());
        }
        Err(Refusal::wrong_state("recommendation", self.state.as_str(), state.as_str()))
    }
}
