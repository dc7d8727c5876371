//! A case as data: what `case.toml` holds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use tildel_domain::Role;
use tildel_domain::allocation::{FrameStatus, FundingModel, Quantity, UnitKind};
use tildel_domain::forum::{RecusalGround, VoteRight};
use tildel_domain::letter_content::ComingEvent;
use tildel_domain::meeting::AgreementOutcome;
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::text::{Language, LocalText};

use super::ballot::BallotText;

/// A case file. Things name each other by key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// A stable key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Folder of the scheme, relative to the case.
    pub scheme: String,
    /// Fixes the ids.
    pub seed: u64,
    /// When everything is set up.
    pub begins_at: Timestamp,
    /// The office.
    pub office: OfficeText,
    /// Organisations.
    pub organisations: Vec<OrganisationText>,
    /// Their employees.
    pub headcounts: Vec<HeadcountText>,
    /// Where those numbers are from.
    pub headcount_sources: HeadcountSources,
    /// People.
    pub people: Vec<PersonText>,
    /// Forums.
    pub forums: Vec<ForumText>,
    /// The round.
    pub round: RoundText,
    /// Applications.
    pub applications: Vec<ApplicationText>,
    /// Meetings.
    pub meetings: Vec<MeetingText>,
    /// The decision.
    pub decision: DecisionText,
    /// The amounts.
    pub amounts: AmountsText,
    /// The letter.
    pub letter: LetterText,
    /// A round to practise on in the embedded mode.
    pub practice_round: PracticeRound,
}

/// The office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeText {
    pub key: String,
    pub organisation_number: String,
    pub address: Vec<String>,
    pub language: Language,
    pub name: LocalText,
    pub department: LocalText,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationText {
    pub key: String,
    pub number: String,
    pub name: String,
    pub kind: OrganisationKind,
    pub municipality_number: Option<String>,
    #[serde(default)]
    pub placeholder: bool,
}

/// The employees of an organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadcountText {
    /// Whose.
    pub organisation: String,
    /// Man-years of teachers in primary and lower secondary school.
    pub man_years_primary_school: Quantity,
    /// Employees in kindergartens.
    pub employees_kindergarten: u32,
}

/// Where headcounts are from. Man-years are real, employees are practice values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadcountSources {
    /// The day they hold for.
    pub date: Date,
    /// Source of the man-years.
    pub man_years: String,
    /// Source of the employees.
    pub employees: String,
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonText {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Whether the person works for the office.
    #[serde(default)]
    pub office: bool,
    /// The organisation the person acts for.
    pub organisation: Option<String>,
    /// What the person may sign in as.
    pub roles: Vec<Role>,
}

/// A forum.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForumText {
    pub key: String,
    pub chair: String,
    pub quorum_seats: u32,
    pub name: LocalText,
    pub short_name: LocalText,
    pub seats: Vec<SeatText>,
}

/// A seat.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatText {
    pub key: String,
    pub label: String,
    pub organisation_kind: OrganisationKind,
    pub organisation: Option<String>,
    pub vote_right: VoteRight,
    pub member: String,
    pub deputy: Option<String>,
}

/// A local time in a zone with grace.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineText {
    pub local: DateTime,
    pub zone: String,
    pub grace_minutes: u32,
}

/// A group that is assessed later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeferredGroupText {
    pub label: LocalText,
    pub year: i16,
}

/// The round, with the times of its steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundText {
    pub budget_year: i16,
    pub title: LocalText,
    pub label: LocalText,
    pub forums: Vec<String>,
    pub places: u32,
    pub deadline: DeadlineText,
    pub deferred_groups: Vec<DeferredGroupText>,
    pub announced_at: Timestamp,
    pub opened_at: Timestamp,
    pub submitted_at: Timestamp,
    pub screened_at: Timestamp,
}

/// An application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationText {
    /// Key.
    pub key: String,
    /// The person who applies, for the own organisation.
    pub by: String,
    /// Name of a joint project.
    pub project_name: Option<String>,
    /// Title.
    pub title: String,
    /// Kinds of unit that take part.
    pub unit_kinds: Vec<UnitKind>,
    /// The people who confirm for the partners.
    #[serde(default)]
    pub partners: Vec<String>,
    /// The person who confirms for the provider.
    pub provider: Option<String>,
    /// Answers; practice applications have none of their own.
    pub measure: Option<String>,
    /// Who takes part.
    pub participants: Option<String>,
    /// What it is for.
    pub goal: Option<String>,
    /// The year that screening puts it off to.
    pub deferred_to_year: Option<i16>,
    /// Why.
    pub deferral_reason: Option<String>,
}

/// A recorded interest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecusalText {
    pub person: String,
    pub application: String,
    pub ground: RecusalGround,
    pub explanation: String,
}

/// A ruling on an interest that was found or declared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingText {
    /// Whose interest.
    pub person: String,
    /// In which application.
    pub application: String,
    /// Whether the person is recused.
    pub upheld: bool,
    /// The reason.
    pub reason: String,
}

/// A meeting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingText {
    /// Key.
    pub key: String,
    /// The forum.
    pub forum: String,
    /// Beginning.
    pub starts_at: Timestamp,
    /// Place.
    pub place: String,
    /// Title of the agenda item on the round.
    pub item: String,
    /// Person by seat.
    pub attendance: BTreeMap<String, String>,
    /// Outcome of the agreement test.
    pub agreement: AgreementOutcome,
    /// Its note.
    pub note: String,
    /// Interests recorded before.
    #[serde(default)]
    pub recusals: Vec<RecusalText>,
    /// What the chair rules on interests before the ballot opens.
    #[serde(default)]
    pub rulings: Vec<RulingText>,
    /// The ballot, where the forum did not agree.
    pub ballot: Option<BallotText>,
}

/// The decision.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionText {
    /// Who prepares.
    pub prepared_by: String,
    /// Who approves.
    pub approved_by: String,
    /// When it is prepared.
    pub prepared_at: Timestamp,
    /// When it is approved.
    pub approved_at: Timestamp,
    /// The applications that are granted; the other eligible ones are declined.
    pub granted: Vec<String>,
    /// First year of the grants.
    pub first_year: i16,
    /// Last year of the grants.
    pub last_year: i16,
}

/// A year's frame.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameText {
    pub year: i16,
    pub amount: String,
    pub status: FrameStatus,
}

/// The amounts, when they become known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountsText {
    /// When model and frames are published.
    pub published_at: Timestamp,
    /// When the amounts are decided.
    pub decided_at: Timestamp,
    /// Who publishes.
    pub published_by: String,
    /// The model, in the document form of funding models.
    pub model: FundingModel,
    /// The frames.
    pub frames: Vec<FrameText>,
}

/// Something that waits for a clarification.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingText {
    /// What.
    pub label: String,
    /// From whom.
    pub awaited_from: String,
}

/// The letter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterText {
    /// Language.
    pub language: Language,
    /// Addressees.
    pub recipients: Vec<String>,
    /// Who prepares.
    pub prepared_by: String,
    /// Who approves.
    pub approved_by: String,
    /// Who answers questions.
    pub contact: String,
    /// Who signs.
    pub signatories: Vec<String>,
    /// Date of the letter while amounts are pending.
    pub information_at: Timestamp,
    /// Date of the letter with the amounts.
    pub amounts_at: Timestamp,
    /// Closing wish of the first letter.
    pub greeting: Option<String>,
    /// Events to come.
    pub events: Vec<ComingEvent>,
    /// What waits for a clarification.
    pub pending: Vec<PendingText>,
}

/// A round that is open when the embedded mode starts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeRound {
    /// Budget year.
    pub budget_year: i16,
    /// Places.
    pub places: u32,
    /// How many days it is open.
    pub open_days: i16,
    /// Title.
    pub title: LocalText,
    /// What letters call it.
    pub label: LocalText,
}

/// A scheme's file, without its letter texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeFile {
    pub key: String,
    pub first_year: i16,
    pub last_year: i16,
    pub legal_basis: String,
    pub computing_body: String,
    pub name: LocalText,
    pub model_description: LocalText,
}
