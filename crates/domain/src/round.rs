//! Rounds: one call of a scheme in an office for a budget year.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::application::{Application, ApplicationState};
use crate::award_criterion::{AwardCriterion, check_criteria};
use crate::id::{ForumId, OfficeId, RoundId, SchemeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::scheme::Scheme;
use crate::text::LocalText;
use crate::{Actor, Entry};

/// The longest grace that a deadline may have, in minutes: a day.
const GRACE_MINUTES_MAX: u32 = 24 * 60;

/// A deadline as people write it: a local date and time, a zone, and a grace rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Local date and time: the first moment that is too late, before grace.
    pub local: DateTime,
    /// IANA time zone, such as `Europe/Oslo`.
    pub zone: String,
    /// Minutes for which late submissions are still taken.
    pub grace_minutes: u32,
}

impl Deadline {
    /// The instant from which submissions are refused.
    ///
    /// A local time that does not exist (the hour skipped in March) counts as the later instant and one that exists
    /// twice as the earlier one: jiff's "compatible" rule, that of RFC 5545.
    pub fn closes_at(&self) -> Result<Timestamp, Refusal> {
        let zone = TimeZone::get(&self.zone)
            .map_err(|_| Refusal::invalid("/deadline/zone", "an IANA time zone such as Europe/Oslo"))?;
        if self.grace_minutes > GRACE_MINUTES_MAX {
            return Err(Refusal::invalid("/deadline/graceMinutes", "at most 1440 minutes"));
        }
        zone.to_timestamp(self.local)
            .and_then(|instant| instant.checked_add(SignedDuration::from_mins(i64::from(self.grace_minutes))))
            .map_err(|_| Refusal::invalid("/deadline/local", "a date and time within the calendar"))
    }
}

/// Where a round is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Being prepared; only the office sees it.
    Draft,
    /// Made known, not yet taking applications.
    Announced,
    /// Takes applications.
    Open,
    /// The deadline is over; applications are screened.
    Closed,
    /// The forums treat it.
    InForum,
    /// A forum's recommendation is signed off.
    Recommended,
    /// The office has decided.
    Decided,
    /// Finished.
    Completed,
    /// Called off.
    Cancelled,
}

impl RoundState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Announced => "announced",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::InForum => "in_forum",
            Self::Recommended => "recommended",
            Self::Decided => "decided",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Applicants whose applications are assessed in a later year, such as upper secondary in 2021.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredGroup {
    /// Who.
    pub label: LocalText,
    /// The first year in which they are assessed.
    pub year: i16,
}

/// One call of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Id.
    pub id: RoundId,
    /// The office that calls.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The budget year.
    pub budget_year: i16,
    /// Title.
    pub title: LocalText,
    /// What letters call it: «høsten 2020».
    pub label: LocalText,
    /// When applications have to be in.
    pub deadline: Deadline,
    /// The forums that treat it.
    pub forum_ids: Vec<ForumId>,
    /// Groups that are not assessed in this round.
    pub deferred_groups: Vec<DeferredGroup>,
    /// What applications are assessed by; none where the round states no criteria.
    pub criteria: Vec<AwardCriterion>,
    /// State.
    pub state: RoundState,
    /// Why it was called off.
    pub cancellation_reason: Option<String>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Round {
    /// Prepares a round.
    pub fn prepare(&self, scheme: &Scheme, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.check(scheme)?;
        Ok(Entry::new("round.create", "round", self.id).with("budgetYear", self.budget_year))
    }

    /// Changes a round that has not opened.
    pub fn revise(&mut self, revised: Self, scheme: &Scheme, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[RoundState::Draft, RoundState::Announced], "draft, announced")?;
        revised.check(scheme)?;
        *self = revised;
        Ok(Entry::new("round.revise", "round", self.id))
    }

    fn check(&self, scheme: &Scheme) -> Result<(), Refusal> {
        if self.title.nb.trim().is_empty() {
            return Err(Refusal::invalid("/title/nb", "a title"));
        }
        if !(scheme.first_year..=scheme.last_year).contains(&self.budget_year) {
            let expected = format!("a year of the scheme: {} to {}", scheme.first_year, scheme.last_year);
            return Err(Refusal::invalid("/budgetYear", expected));
        }
        if let Some(index) = self.deferred_groups.iter().position(|group| group.year <= self.budget_year) {
            return Err(Refusal::new(RefusalCode::DeferralNotLater)
                .with("year", self.budget_year)
                .at(format!("/deferredGroups/{index}/year")));
        }
        check_criteria(&self.criteria)?;
        self.deadline.closes_at().map(|_| ())
    }

    /// Makes the call known.
    pub fn announce(&mut self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[RoundState::Draft], "draft")?;
        Ok(self.go(RoundState::Announced, "round.announce"))
    }

    /// Opens for applications.
    pub fn open(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[RoundState::Announced], "announced")?;
        if self.deadline.closes_at()? <= now {
            return Err(Refusal::new(RefusalCode::DeadlinePassed).with("deadline", self.deadline.local));
        }
        Ok(self.go(RoundState::Open, "round.open"))
    }

    /// Closes at the deadline. Before it, nobody may: applicants rely on the announced time.
    pub fn close(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[RoundState::Open], "open")?;
        if now < self.deadline.closes_at()? {
            return Err(Refusal::wrong_state("round", "open", "after its deadline"));
        }
        Ok(self.go(RoundState::Closed, "round.close"))
    }

    /// Hands the screened applications to the forums.
    pub fn send_to_forum(&mut self, applications: &[Application], actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[RoundState::Closed], "closed")?;
        let waiting = applications.iter().find(|application| {
            matches!(application.state, ApplicationState::Submitted | ApplicationState::Returned)
        });
        if let Some(application) = waiting {
            return Err(
                Refusal::new(RefusalCode::ScreeningIncomplete).with("application", &application.reference)
            );
        }
        Ok(self.go(RoundState::InForum, "round.send_to_forum"))
    }

    /// The recommendation of a forum is signed off.
    pub fn note_recommendation(&mut self) -> Result<Entry, Refusal> {
        self.require(&[RoundState::InForum, RoundState::Recommended], "in_forum, recommended")?;
        Ok(self.go(RoundState::Recommended, "round.recommend"))
    }

    /// The office has decided.
    pub fn note_decision(&mut self) -> Result<Entry, Refusal> {
        self.require(&[RoundState::Recommended], "recommended")?;
        Ok(self.go(RoundState::Decided, "round.decide"))
    }

    /// Ends the round when all its letters and answers are done.
    pub fn complete(&mut self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[RoundState::Decided], "decided")?;
        Ok(self.go(RoundState::Completed, "round.complete"))
    }

    /// Calls the round off, until it is decided.
    pub fn cancel(&mut self, actor: &Actor, reason: &str) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(
            &[
                RoundState::Draft,
                RoundState::Announced,
                RoundState::Open,
                RoundState::Closed,
                RoundState::InForum,
                RoundState::Recommended,
            ],
            "draft, announced, open, closed, in_forum, recommended",
        )?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
        }
        self.cancellation_reason = Some(reason.to_owned());
        Ok(self.go(RoundState::Cancelled, "round.cancel"))
    }

    /// Whether the actor may know of the round: all from its announcement, the office before.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.state != RoundState::Draft
            || actor.role == crate::Role::System
            || actor.is_staff_of(self.office_id)
    }

    /// Whether an application may come in now.
    pub fn require_taking_applications(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.state != RoundState::Open {
            return Err(Refusal::new(RefusalCode::RoundNotOpen).with("state", self.state.as_str()));
        }
        if now >= self.deadline.closes_at()? {
            let deadline = format!("{} {}", self.deadline.local, self.deadline.zone);
            return Err(Refusal::new(RefusalCode::DeadlinePassed).with("deadline", deadline));
        }
        Ok(())
    }

    fn require(&self, allowed: &[RoundState], names: &str) -> Result<(), Refusal> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::wrong_state("round", self.state.as_str(), names))
    }

    fn go(&mut self, state: RoundState, action: &'static str) -> Entry {
        let entry =
            Entry::new(action, "round", self.id).with("from", self.state.as_str()).with("to", state.as_str());
        self.state = state;
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadline(local: &str, grace_minutes: u32) -> Deadline {
        Deadline { local: local.parse().unwrap(), zone: "Europe/Oslo".into(), grace_minutes }
    }

    /// Norway is two hours ahead of UTC in summer, one in winter.
    #[test]
    fn a_deadline_is_local_time_plus_grace() {
        let summer = deadline("2020-05-01T23:59", 0).closes_at().unwrap();
        assert_eq!(summer.to_string(), "2020-05-01T21:59:00Z");
        let winter = deadline("2022-02-01T23:59", 15).closes_at().unwrap();
        assert_eq!(winter.to_string(), "2022-02-01T23:14:00Z");
    }

    /// On 29 March 2020 the clock went from 02:00 to 03:00; on 25 October 2020 the hour from 02:00 came twice.
    #[test]
    fn skipped_and_doubled_hours_are_settled() {
        let skipped = deadline("2020-03-29T02:30", 0).closes_at().unwrap();
        assert_eq!(skipped.to_string(), "2020-03-29T01:30:00Z");
        let doubled = deadline("2020-10-25T02:30", 0).closes_at().unwrap();
        assert_eq!(doubled.to_string(), "2020-10-25T00:30:00Z");
    }

    #[test]
    fn an_unknown_zone_and_a_long_grace_are_refused() {
        let unknown = Deadline { zone: "Europe/Sandnes".into(), ..deadline("2020-05-01T23:59", 0) };
        assert_eq!(unknown.closes_at().unwrap_err().pointer.as_deref(), Some("/deadline/zone"));
        assert!(deadline("2020-05-01T23:59", 1441).closes_at().is_err());
    }
}
