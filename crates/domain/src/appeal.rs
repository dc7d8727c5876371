//! Appeals (klager) against decisions: lodged by the applicant or registered from a letter, tried by the office, sent on to the
//! appeal body where the office does not uphold them (forvaltningsloven §§ 28 to 36).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::appeal_rule::AppealNotice;
use crate::application::Application;
use crate::calendar::day_of;
use crate::decision::Decision;
use crate::id::{AppealId, ApplicationId, DecisionId, OfficeId, OrganisationId, PersonId};
use crate::recusal::{Recusal, kept_out_of};
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry, Role};

/// The most characters of the grounds of an appeal.
const GROUNDS_CHARACTERS_MAX: usize = 20_000;

/// Where an appeal is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealState {
    /// Came in.
    Received,
    /// A case officer looks into it.
    UnderReview,
    /// A ruling is prepared and waits for the second person.
    Proposed,
    /// The office did not uphold it; the appeal body has it.
    SentOn,
    /// Medhold: the decision is changed.
    Upheld,
    /// The appeal body did not uphold it.
    NotUpheld,
    /// Avvist: not treated, as it came late or without a right to appeal.
    Dismissed,
    /// Taken back by the appellant.
    Withdrawn,
}

impl AppealState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::UnderReview => "under_review",
            Self::Proposed => "proposed",
            Self::SentOn => "sent_on",
            Self::Upheld => "upheld",
            Self::NotUpheld => "not_upheld",
            Self::Dismissed => "dismissed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether somebody has yet to rule on it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::UnderReview | Self::Proposed | Self::SentOn)
    }
}

/// How an appeal came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealChannel {
    /// The applicant lodged it here.
    Electronic,
    /// By letter; a case officer registered it.
    Letter,
}

/// What is ruled on an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealOutcome {
    /// Upheld: by the office, or by the appeal body.
    Upheld,
    /// Not upheld by the office and so sent on to the appeal body.
    SentOn,
    /// Not upheld by the appeal body.
    NotUpheld,
    /// Not treated.
    Dismissed,
}

impl AppealOutcome {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::SentOn => "sent_on",
            Self::NotUpheld => "not_upheld",
            Self::Dismissed => "dismissed",
        }
    }

    const fn state(self) -> AppealState {
        match self {
            Self::Upheld => AppealState::Upheld,
            Self::SentOn => AppealState::SentOn,
            Self::NotUpheld => AppealState::NotUpheld,
            Self::Dismissed => AppealState::Dismissed,
        }
    }
}

/// A ruling: of the office, or of the appeal body as the office records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealRuling {
    /// What is ruled.
    pub outcome: AppealOutcome,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub legal_basis: String,
    /// Why an appeal that came late or without a right is treated all the same (forvaltningsloven § 31).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<String>,
    /// The day on which the appeal body ruled; none for a ruling of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruled_on: Option<Date>,
    /// Who prepared it.
    pub prepared_by: PersonId,
    /// Who approved it: never who prepared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<PersonId>,
    /// When it was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
}

/// What a case officer prepares as a ruling.
#[derive(Clone, Debug)]
pub struct NewRuling {
    /// What is ruled.
    pub outcome: AppealOutcome,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub legal_basis: String,
    /// Why an appeal that came late or without a right is treated all the same.
    pub admission: Option<String>,
    /// The day on which the appeal body ruled.
    pub ruled_on: Option<Date>,
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Id.
    pub id: AppealId,
    /// Human reference.
    pub reference: String,
    /// The office that decided.
    pub office_id: OfficeId,
    /// The decision.
    pub decision_id: DecisionId,
    /// The application that was decided.
    pub application_id: ApplicationId,
    /// The appellant: the lead of the application.
    pub organisation_id: OrganisationId,
    /// What is wrong in the appellant's eyes, and what should be decided instead.
    pub grounds: String,
    /// How it came.
    pub channel: AppealChannel,
    /// The day on which it came in.
    pub received_on: Date,
    /// The day on which the letter was posted, where it came by letter.
    pub posted_on: Option<Date>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Who lodged or registered it.
    pub registered_by: PersonId,
    /// Whether it came after the appeal period.
    pub late: bool,
    /// Whether the appellant has no right to appeal.
    pub without_right: bool,
    /// State.
    pub state: AppealState,
    /// The case officer who looks into it.
    pub handled_by: Option<PersonId>,
    /// The rulings, the last one last: at most one of the office, and one of the appeal body.
    pub rulings: Vec<AppealRuling>,
    /// Who prepared the last ruling.
    pub prepared_by: Option<PersonId>,
    /// Who approved the last ruling: never who prepared it (rule 6).
    pub approved_by: Option<PersonId>,
    /// The new decision that follows, where it was upheld.
    pub followed_by: Option<DecisionId>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Appeal {
    /// Lodges it: the applicant's own, or a letter that a case officer registers. One that is late or without a right is registered
    /// all the same, and a person rules on it, so that none is lost. Sets what follows from the decision's notice.
    pub fn lodge(
        &mut self,
        decision: &Decision,
        application: &Application,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        let lead_id = application.lead()?.organisation_id;
        match actor.role {
            Role::Applicant => actor.require_organisation(lead_id)?,
            _ => actor.require_office(self.office_id)?,
        }
        if !decision.state.is_notified() {
            return Err(Refusal::wrong_state("decision", decision.state.as_str(), "notified, and after"));
        }
        let notice = decision.notice_of(application.id).ok_or_else(|| {
            Refusal::invalid("/applicationId", "an application whose applicant was told of the decision")
        })?;
        self.check_dates(notice, now)?;
        let characters = self.grounds.trim().chars().count();
        if characters == 0 || characters > GROUNDS_CHARACTERS_MAX {
            return Err(Refusal::invalid("/grounds", "the grounds, in 1 to 20000 characters"));
        }
        self.organisation_id = notice.organisation_id;
        self.late = notice.is_late(self.posted_on.unwrap_or(self.received_on))?;
        self.without_right = !notice.rule.has_right;
        Ok(Entry::new("appeal.lodge", "appeal", self.id)
            .with("decisionId", self.decision_id.to_string())
            .with("applicationId", self.application_id.to_string())
            .with("late", self.late)
            .with("withoutRight", self.without_right))
    }

    fn check_dates(&self, notice: &AppealNotice, now: Timestamp) -> Result<(), Refusal> {
        let told_on = notice.received_on.min(day_of(now)?);
        if self.received_on > day_of(now)? {
            return Err(Refusal::invalid("/receivedOn", "a day that has come"));
        }
        // The letter may have been received earlier than the office presumes, but nobody appeals before it was sent.
        let sent_on =
            told_on.checked_sub(jiff::Span::new().days(notice.rule.receipt_days)).unwrap_or(told_on);
        if self.received_on < sent_on {
            return Err(Refusal::invalid(
                "/receivedOn",
                "a day on or after the notification of the decision",
            ));
        }
        if self.posted_on.is_some_and(|posted_on| posted_on > self.received_on) {
            return Err(Refusal::invalid("/postedOn", "a day on or before the receipt"));
        }
        Ok(())
    }

    /// A case officer takes it up.
    pub fn review(&mut self, recusals: &[Recusal], actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require_fit(recusals, actor, RefusalCode::Recused)?;
        self.require(&[AppealState::Received], "received")?;
        self.handled_by = Some(actor.person()?);
        Ok(self.go(AppealState::UnderReview, "appeal.review"))
    }

    /// Prepares a ruling: of the office while it looks into the appeal, of the appeal body after it was sent on.
    ///
    /// Whoever prepared or approved the decision may prepare it; another person approves.
    pub fn propose(&mut self, new: NewRuling, recusals: &[Recusal], actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require_fit(recusals, actor, RefusalCode::Recused)?;
        self.require(&[AppealState::UnderReview, AppealState::SentOn], "under_review, sent_on")?;
        self.check_ruling(&new)?;
        let prepared_by = actor.person()?;
        let outcome = new.outcome;
        self.rulings.push(AppealRuling {
            outcome,
            reason: new.reason,
            legal_basis: new.legal_basis,
            admission: new.admission,
            ruled_on: new.ruled_on,
            prepared_by,
            approved_by: None,
            approved_at: None,
        });
        self.prepared_by = Some(prepared_by);
        self.approved_by = None;
        Ok(self.go(AppealState::Proposed, "appeal.propose").with("outcome", outcome.as_str()))
    }

    fn check_ruling(&self, new: &NewRuling) -> Result<(), Refusal> {
        let is_of_body = self.state == AppealState::SentOn;
        // The office upholds, or sends on; only the appeal body turns an appeal down (forvaltningsloven § 33).
        let wrong = if is_of_body { AppealOutcome::SentOn } else { AppealOutcome::NotUpheld };
        if new.outcome == wrong {
            let expected =
                if is_of_body { "upheld, not_upheld or dismissed" } else { "upheld, sent_on or dismissed" };
            return Err(Refusal::invalid("/outcome", expected));
        }
        for (text, pointer) in [(&new.reason, "/reason"), (&new.legal_basis, "/legalBasis")] {
            if text.trim().is_empty() {
                return Err(Refusal::new(RefusalCode::ReasonRequired).at(pointer));
            }
        }
        if new.ruled_on.is_some() != is_of_body {
            let expected = if is_of_body {
                "the day on which the appeal body ruled"
            } else {
                "no day, as the office rules"
            };
            return Err(Refusal::invalid("/ruledOn", expected));
        }
        let is_admitted = new.admission.as_deref().is_some_and(|admission| !admission.trim().is_empty());
        let is_treated = new.outcome != AppealOutcome::Dismissed;
        if !is_of_body && is_treated && (self.late || self.without_right) && !is_admitted {
            return Err(Refusal::new(RefusalCode::AppealNotAdmissible).at("/admission"));
        }
        Ok(())
    }

    /// Sends a prepared ruling back to its preparer.
    pub fn send_back(&mut self, reason: &str, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[AppealState::Proposed], "proposed")?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
        }
        self.rulings.pop();
        self.approved_by = self.rulings.last().and_then(|ruling| ruling.approved_by);
        self.prepared_by = self.rulings.last().map(|ruling| ruling.prepared_by);
        let before = if self.rulings.is_empty() { AppealState::UnderReview } else { AppealState::SentOn };
        Ok(self.go(before, "appeal.send_back").with("reason", reason))
    }

    /// Approves the ruling: another person than its preparer, without an interest (rule 6).
    pub fn approve(&mut self, recusals: &[Recusal], actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[AppealState::Proposed], "proposed")?;
        let person_id = actor.person()?;
        if self.prepared_by == Some(person_id) {
            return Err(Refusal::new(RefusalCode::SamePersonApproves));
        }
        self.require_fit(recusals, actor, RefusalCode::ApproverHasInterest)?;
        let Some(ruling) = self.rulings.last_mut() else {
            return Err(Refusal::wrong_state("appeal", self.state.as_str(), "proposed"));
        };
        ruling.approved_by = Some(person_id);
        ruling.approved_at = Some(now);
        let outcome = ruling.outcome;
        self.approved_by = Some(person_id);
        Ok(self.go(outcome.state(), "appeal.approve").with("outcome", outcome.as_str()))
    }

    /// The appellant takes it back, as long as nobody has ruled on it for good.
    pub fn withdraw(&mut self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_organisation(self.organisation_id)?;
        if !self.state.is_open() {
            let allowed = "received, under_review, proposed, sent_on";
            return Err(Refusal::wrong_state("appeal", self.state.as_str(), allowed));
        }
        // A ruling that was only prepared never was one.
        self.rulings.retain(|ruling| ruling.approved_by.is_some());
        self.prepared_by = self.rulings.last().map(|ruling| ruling.prepared_by);
        self.approved_by = self.rulings.last().and_then(|ruling| ruling.approved_by);
        Ok(self.go(AppealState::Withdrawn, "appeal.withdraw"))
    }

    /// Whether a new decision may follow: it was upheld, and none follows yet.
    pub fn require_unanswered(&self) -> Result<(), Refusal> {
        if self.state != AppealState::Upheld {
            return Err(Refusal::new(RefusalCode::AppealNotUpheld).with("state", self.state.as_str()));
        }
        if self.followed_by.is_some() {
            return Err(Refusal::new(RefusalCode::AlreadyExists).with("thing", "decision on the appeal"));
        }
        Ok(())
    }

    /// A new decision follows.
    pub fn note_new_decision(&mut self, decision_id: DecisionId) -> Result<Entry, Refusal> {
        self.require_unanswered()?;
        self.followed_by = Some(decision_id);
        Ok(Entry::new("appeal.follow", "appeal", self.id).with("decisionId", decision_id.to_string()))
    }

    /// Whether the actor may read it: the appellant and the office.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        actor.role == Role::System
            || actor.is_staff_of(self.office_id)
            || (actor.role == Role::Applicant && actor.organisation_id == Some(self.organisation_id))
    }

    fn require_fit(&self, recusals: &[Recusal], actor: &Actor, code: RefusalCode) -> Result<(), Refusal> {
        match actor.person_id {
            Some(person_id) if !kept_out_of(person_id, [self.application_id], recusals).is_empty() => {
                Err(Refusal::new(code))
            }
            _ => Ok(()),
        }
    }

    fn require(&self, allowed: &[AppealState], names: &str) -> Result<(), Refusal> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::wrong_state("appeal", self.state.as_str(), names))
    }

    fn go(&mut self, state: AppealState, action: &'static str) -> Entry {
        let entry = Entry::new(action, "appeal", self.id)
            .with("from", self.state.as_str())
            .with("to", state.as_str());
        self.state = state;
        entry
    }
}
