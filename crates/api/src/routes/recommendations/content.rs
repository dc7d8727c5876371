//! What is written into a recommendation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::renewal_advice::RenewalMatter;
use tildel_usecases::domain::{Refusal, recommendation as domain};
use tildel_usecases::recommendations::{self, Correction, NewAdvice, NewMatter};
use utoipa::ToSchema;
use uuid::Uuid;

use super::lines::{RecommendationLine, RenewalAdviceContent};

/// A member's own view, recorded at the member's wish.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dissent {
    /// The seat; null where the member does not want to be named, to all but whoever wrote it.
    #[schema(required)]
    pub seat_id: Option<Uuid>,
    /// Whether the member wants to be named.
    pub named: bool,
    /// The application that it is about; null where it is about the recommendation as a whole.
    #[schema(required)]
    pub application_id: Option<Uuid>,
    /// The view.
    pub text: String,
    /// When it was written; null for what was recorded before members wrote it themselves.
    #[schema(required)]
    pub recorded_at: Option<Timestamp>,
}

impl From<domain::Dissent> for Dissent {
    fn from(dissent: domain::Dissent) -> Self {
        Self {
            seat_id: dissent.seat_id.map(Into::into),
            named: dissent.named,
            application_id: dissent.application_id.map(Into::into),
            text: dissent.text,
            recorded_at: dissent.recorded_at,
        }
    }
}

/// A view to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDissent {
    /// The caller's own seat in the forum.
    pub seat_id: Uuid,
    /// Whether the caller wants to be named.
    pub named: bool,
    /// The application that it is about; none where it is about the recommendation as a whole.
    pub application_id: Option<Uuid>,
    /// The view.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
}

impl From<NewDissent> for domain::NewDissent {
    fn from(new: NewDissent) -> Self {
        Self { application_id: new.application_id.map(Into::into), named: new.named, text: new.text }
    }
}

/// Renewals that a recommendation is to be on: each running grant of the forum's office that waits for a word on the year.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalsContent {
    /// The scheme.
    pub scheme_id: Uuid,
    /// The year: a later year of the grants, whose amounts are not decided.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// The lines, each grant once and none left out.
    #[schema(max_items = 500)]
    pub lines: Vec<RenewalAdviceContent>,
}

/// Lines on renewals, in the place of those before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewalLines {
    /// The lines, each grant once and none left out.
    #[schema(max_items = 500)]
    pub lines: Vec<RenewalAdviceContent>,
}

/// What a recommendation says: `lines` where it is on a round, `renewals` where it is on renewals.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationContent {
    /// The lines on a round, one for each application that the forum treated.
    #[schema(max_items = 500)]
    pub lines: Option<Vec<RecommendationLine>>,
    /// The lines on renewals.
    pub renewals: Option<RenewalLines>,
}

fn one_of_them() -> Refusal {
    Refusal::invalid("/renewals", "lines on a round, or renewals, and not both")
}

impl TryFrom<RecommendationContent> for NewAdvice {
    type Error = Refusal;

    fn try_from(content: RecommendationContent) -> Result<Self, Refusal> {
        match (content.lines, content.renewals) {
            (Some(lines), None) => Ok(Self::Round(RecommendationLine::read_all(lines)?)),
            (None, Some(renewals)) => Ok(Self::Renewals(RenewalAdviceContent::read_all(renewals.lines)?)),
            _ => Err(one_of_them()),
        }
    }
}

/// The version that a recommendation corrects.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationCorrection {
    /// The version: adopted or signed off, of the same forum on the same matter.
    pub id: Uuid,
    /// Why it is corrected.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// What a new recommendation is made of: a round with its lines, or renewals.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRecommendation {
    /// The round, which is in its forums.
    pub round_id: Option<Uuid>,
    /// The forum, one of the round's.
    pub forum_id: Uuid,
    /// The meeting of the forum where it was treated.
    pub meeting_id: Uuid,
    /// The counted ballot of the meeting that it rests on; none after agreement.
    pub ballot_id: Option<Uuid>,
    /// The lines on the round, one for each application that the forum treated.
    #[schema(max_items = 500)]
    pub lines: Option<Vec<RecommendationLine>>,
    /// The renewals, in place of a round.
    pub renewals: Option<RenewalsContent>,
    /// The version that it corrects, if it is a correction. When it is signed off, that version gives way.
    pub corrects: Option<RecommendationCorrection>,
}

impl TryFrom<NewRecommendation> for recommendations::NewRecommendation {
    type Error = Refusal;

    fn try_from(new: NewRecommendation) -> Result<Self, Refusal> {
        let matter = match (new.round_id, new.lines, new.renewals) {
            (Some(round_id), Some(lines), None) => {
                NewMatter::Round(round_id.into(), RecommendationLine::read_all(lines)?)
            }
            (None, None, Some(renewals)) => {
                let matter = RenewalMatter { scheme_id: renewals.scheme_id.into(), year: renewals.year };
                NewMatter::Renewals(matter, RenewalAdviceContent::read_all(renewals.lines)?)
            }
            _ => return Err(one_of_them()),
        };
        let correction = |correction: RecommendationCorrection| Correction {
            id: correction.id.into(),
            reason: correction.reason,
        };
        Ok(Self {
            matter,
            forum_id: new.forum_id.into(),
            meeting_id: new.meeting_id.into(),
            ballot_id: new.ballot_id.map(Into::into),
            corrects: new.corrects.map(correction),
        })
    }
}
