//! The names of the constraints and triggers that hold the domain's rules in the database, the same on both.
//!
//! They are the second belt: the domain refuses first and says why. Each is reported as
//! [`StorageError::CheckViolation`](crate::StorageError::CheckViolation) with its name, so that a rule that slipped through is
//! told by its name too.

/// Money promised for a year never exceeds a known frame (rule 7).
pub const FRAMES_MONEY: &str = "frames_money_check";
/// Places filled never exceed the places of the year (rule 7).
pub const FRAMES_PLACES: &str = "frames_places_check";
/// Bodies of the state sit in a forum without a vote (rule 4).
pub const SEATS_STATE_VOTES: &str = "seats_state_votes_check";
/// The lead, and only the lead, stands first among an application's parties.
pub const APPLICATION_PARTIES_LEAD: &str = "application_parties_lead_check";
/// Matter, roster, quorum and ties of a ballot stand from the first vote (rule 2).
pub const BALLOTS_FROZEN_RULES: &str = "ballots_frozen_rules";
/// What was counted stands.
pub const BALLOTS_COUNTED_FIXED: &str = "ballots_counted_fixed";
/// Minutes that were approved stand; a correction is a new version.
pub const MINUTES_APPROVED_FIXED: &str = "minutes_approved_fixed";
/// Votes are cast into open ballots only.
pub const VOTES_OPEN_BALLOT: &str = "votes_open_ballot";
/// A vote that was cast stays as it was; a later one only marks it as superseded.
pub const VOTES_KEPT: &str = "votes_kept";
/// No vote is deleted.
pub const VOTES_NOT_DELETED: &str = "votes_not_deleted";
/// What the forum adopted stands but for dissent; what is signed off gives way to a later version only.
pub const RECOMMENDATIONS_ADOPTED_FIXED: &str = "recommendations_adopted_fixed";
/// A run stands (rule 9).
pub const RUNS_FIXED: &str = "runs_fixed";
/// The person who approves a decision is not the one who prepared it (rule 6).
pub const DECISIONS_TWO_PERSONS: &str = "decisions_two_persons_check";
/// An approved decision stands; its recipients are told.
pub const DECISIONS_APPROVED_FIXED: &str = "decisions_approved_fixed";
/// What the recipients of a decision were told of appeals stands, and so does the appeal that it follows.
pub const DECISIONS_NOTICES_FIXED: &str = "decisions_notices_fixed";
/// The person who approves a ruling on an appeal is not the one who prepared it (rule 6).
pub const APPEALS_TWO_PERSONS: &str = "appeals_two_persons_check";
/// No appeal is lost; a closed one stays as it was closed.
pub const APPEALS_FIXED: &str = "appeals_fixed";
/// What was computed for an appeal stands.
pub const APPEAL_RERUNS_FIXED: &str = "appeal_reruns_fixed";
/// A year's promise, its run and its decision come together (rule 8).
pub const GRANT_YEARS_PROMISED: &str = "grant_years_promised_check";
/// What is promised before the budget is decided is conditional (rule 7).
pub const GRANT_YEARS_CERTAINTY: &str = "grant_years_certainty_check";
/// What was decided of a later year of a grant stays as it was decided.
pub const GRANT_RENEWALS_FIXED: &str = "grant_renewals_fixed";
/// A payment that was recorded stays.
pub const GRANT_PAYMENTS_FIXED: &str = "grant_payments_fixed";
/// Only what is decided is paid, and never more (rule 8).
pub const GRANT_PAYMENTS_WITHIN_DECIDED: &str = "grant_payments_within_decided";
/// An impact report stands; an open one is accepted or superseded.
pub const IMPACT_REPORTS_FIXED: &str = "impact_reports_fixed";
/// A promise changes only by another decision, or, while it is pre-notified, to the run of an accepted impact report (rule 8).
pub const GRANT_YEARS_PROMISE_BY_DECISION: &str = "grant_years_promise_by_decision";
/// The person who approves a letter is not the one who prepared it (rule 6).
pub const LETTERS_TWO_PERSONS: &str = "letters_two_persons_check";
/// An approved letter stays as it was approved; it is only sent.
pub const LETTERS_APPROVED_FIXED: &str = "letters_approved_fixed";
/// What a register said stands, but for the name of a unit that was removed, and so does a change that was decided.
pub const CHANGES_FIXED: &str = "changes_fixed";
