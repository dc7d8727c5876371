//! What becomes of a decision after its approval: the recipients are told, some appeal, and at last it is final.

use jiff::Timestamp;

use crate::Entry;
use crate::appeal::{Appeal, AppealState};
use crate::appeal_rule::AppealNotice;
use crate::decision::{Decision, DecisionState};
use crate::id::ApplicationId;
use crate::refusal::Refusal;

impl Decision {
    /// The recipients have been told, by letter, and of their right to appeal. What they were told then stays, whatever the
    /// office sets later.
    pub fn note_notification(
        &mut self,
        notices: Vec<AppealNotice>,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        self.require(DecisionState::Approved)?;
        self.notices = notices;
        self.notified_at = Some(now);
        Ok(self.go(DecisionState::Notified, "decision.notify"))
    }

    /// What the applicant of an application was told.
    pub fn notice_of(&self, application_id: ApplicationId) -> Option<&AppealNotice> {
        self.notices.iter().find(|notice| notice.application_id == application_id)
    }

    /// From when nobody can appeal in time any more: the last of the recipients' deadlines, or the notification where none of them
    /// may appeal. None until they are told.
    pub fn appeal_period_ends_at(&self) -> Option<Timestamp> {
        let deadlines = self.notices.iter().filter_map(|notice| notice.ends_at);
        self.notified_at.map(|notified_at| deadlines.fold(notified_at, Timestamp::max))
    }

    /// Where the decision stands now, by its appeals and the clock; none where it stands there already. Asking twice changes
    /// nothing.
    ///
    /// While an appeal is open it is appealed, also where it was final before: a late appeal opens the question again, until a
    /// person has ruled on it (forvaltningsloven § 31). Once all are closed and the appeal period of all recipients is over, it has
    /// come to its end: changed if any appeal was upheld, else upheld if any was tried and not upheld, else dismissed if any
    /// was dismissed, else final.
    pub fn settle(&mut self, appeals: &[Appeal], now: Timestamp) -> Option<Entry> {
        let ends_at = self.appeal_period_ends_at().filter(|_| self.state.is_notified())?;
        let has = |state| appeals.iter().any(|appeal| appeal.state == state);
        let state = if appeals.iter().any(|appeal| appeal.state.is_open()) {
            DecisionState::Appealed
        } else if now < ends_at {
            DecisionState::Notified
        } else if has(AppealState::Upheld) {
            DecisionState::Changed
        } else if has(AppealState::NotUpheld) {
            DecisionState::Upheld
        } else if has(AppealState::Dismissed) {
            DecisionState::Dismissed
        } else {
            DecisionState::Final
        };
        (state != self.state).then(|| self.go(state, "decision.settle"))
    }
}
