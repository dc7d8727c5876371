//! Views of members who dissent (rule 3): written by the member, for the own seat, and by name only where the member wants.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::forum::Seat;
use crate::id::{ApplicationId, PersonId, SeatId};
use crate::recommendation::{Recommendation, RecommendationState};
use crate::recusal::{Recusal, kept_out_of};
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry};

/// A member's own view, recorded at the member's wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dissent {
    /// The seat; left out of what is shown where the member does not want to be named.
    pub seat_id: Option<SeatId>,
    /// Who wrote it; never shown. Dissent of before the first sign-offs was written by the secretariat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// Whether the seat is named.
    #[serde(default = "was_named")]
    pub named: bool,
    /// The application that it is about; the recommendation as a whole where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    /// The view.
    pub text: String,
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
}

/// Dissent that was stored without the word was shown with its seat.
const fn was_named() -> bool {
    true
}

/// A view to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDissent {
    /// The application that it is about; none for the recommendation as a whole.
    pub application_id: Option<ApplicationId>,
    /// Whether the seat is to be named.
    pub named: bool,
    /// The view.
    pub text: String,
}

impl Recommendation {
    /// A member records dissent, from the first draft until the sign-off. A seat has one view of each application and one of
    /// the whole; a later one takes the place of the one before.
    pub fn dissent_from(
        &mut self,
        seat: &Seat,
        new: NewDissent,
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        let person_id = self.require_dissenter(seat, actor)?;
        let concerned = self.concerned();
        let about = match new.application_id {
            Some(application_id) if !concerned.contains(&application_id) => {
                return Err(Refusal::invalid("/applicationId", "an application of the recommendation"));
            }
            Some(application_id) => vec![application_id],
            None => concerned,
        };
        if !kept_out_of(person_id, about, recusals).is_empty() {
            return Err(Refusal::new(RefusalCode::Recused));
        }
        if new.text.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/text"));
        }
        self.dissent
            .retain(|view| (view.seat_id, view.application_id) != (Some(seat.id), new.application_id));
        self.dissent.push(Dissent {
            seat_id: Some(seat.id),
            person_id: Some(person_id),
            named: new.named,
            application_id: new.application_id,
            text: new.text,
            recorded_at: Some(now),
        });
        // Neither seat nor text: the one may want no name, the other may say it.
        Ok(Entry::new("recommendation.dissent", "recommendation", self.id))
    }

    /// A member takes back what the own seat has recorded.
    pub fn withdraw_dissent(&mut self, seat: &Seat, actor: &Actor) -> Result<Entry, Refusal> {
        self.require_dissenter(seat, actor)?;
        let before = self.dissent.len();
        self.dissent.retain(|view| view.seat_id != Some(seat.id));
        if self.dissent.len() == before {
            return Err(Refusal::not_found("dissent"));
        }
        Ok(Entry::new("recommendation.withdraw_dissent", "recommendation", self.id))
    }

    /// As this actor may see it: seats that do not want to be named are not, but to whoever wrote there.
    pub fn shown_to(mut self, actor: &Actor) -> Self {
        for view in &mut self.dissent {
            let is_own = actor.person_id.is_some() && view.person_id == actor.person_id;
            if !view.named && !is_own {
                view.seat_id = None;
            }
            view.person_id = None;
        }
        self
    }

    /// The member, or the deputy, of the forum's seat, while dissent can be recorded.
    fn require_dissenter(&self, seat: &Seat, actor: &Actor) -> Result<PersonId, Refusal> {
        let person_id = actor.person()?;
        if seat.forum_id != self.forum_id || !seat.is_held_by(person_id) {
            return Err(Refusal::new(RefusalCode::NotYourSeat));
        }
        match self.state {
            RecommendationState::Draft | RecommendationState::Adopted => Ok(person_id),
            state => Err(Refusal::wrong_state("recommendation", state.as_str(), "draft, adopted")),
        }
    }
}
