//! What a letter says, as data: who writes, to whom, which facts, who signs ([`LetterContent`]); and the sentences that a scheme
//! brings for them ([`LetterTexts`]). `tildel-letters` joins the two.
//!
//! Every string of the content is in the letter's language (names of bodies exist in each form) and is plain text, never markup.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::organisation::OrganisationKind;
use crate::text::Language;

/// The data of one letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LetterContent {
    /// Which letter it is; the texts must be of the same kind.
    pub kind: LetterKind,
    /// The language of the letter; never two in one letter.
    pub language: Language,
    /// The office that writes.
    pub sender: Sender,
    /// The addressees, one line each.
    pub recipients: Vec<String>,
    /// The office's own reference, e.g. `RO-2020-0007`; `None` until the case has a number.
    pub case_number: Option<String>,
    /// The date the letter bears. The document is made from it, never from a clock.
    pub date: Date,
    /// The case officer who answers questions.
    pub contact: Contact,
    /// What the letter tells.
    pub facts: InformationFacts,
    /// Who signs, in the order of signing.
    pub signatories: Vec<Signatory>,
    /// Set once a second person has approved the letter; the line that says so appears only then.
    pub approved: Option<Approved>,
}

/// The kinds of letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LetterKind {
    /// The information letter: who was prioritised, what is settled and what is not. Not a decision (vedtak).
    Information,
}

/// The office in the letter head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sender {
    /// Name of the office, e.g. «Fylkesmannen i Rogaland».
    pub name: String,
    /// Nine digits, without spaces.
    pub organisation_number: String,
    /// The department that writes, e.g. «Utdanningsavdelingen».
    pub department: String,
    /// Postal address, one line each; may be empty.
    pub address: Vec<String>,
}

/// The case officer (saksbehandler).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contact {
    /// Full name.
    pub name: String,
    /// Title, e.g. «seniorrådgiver».
    pub title: String,
    /// Telephone number as digits; the letter groups eight digits in pairs.
    pub phone: String,
}

/// One who signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signatory {
    /// Full name.
    pub name: String,
    /// Title, e.g. «utdanningsdirektør».
    pub title: String,
}

/// The approval by a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approved {
    /// The day of approval.
    pub date: Date,
}

/// The facts of an information letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InformationFacts {
    /// Name of the grant scheme.
    pub scheme: String,
    /// The round as it reads in a sentence, e.g. «høsten 2020».
    pub round: String,
    /// The forum meetings the letter refers to, in the order of their dates.
    pub meetings: Vec<ForumMeeting>,
    /// Applicants by kind, in the order they are named.
    pub applicants: Vec<ApplicantCount>,
    /// Places the office was given.
    pub places: u32,
    /// The projects that were prioritised, in order.
    pub projects: Vec<PrioritisedProject>,
    /// The funding model as it reads after «en modell med», e.g. «et grunnbeløp og en faktor basert på antall ansatte».
    pub model: String,
    /// The body that computes the amounts, e.g. «Udir».
    pub computing_body: String,
    /// The amounts; `None` while they are pending.
    pub amounts: Option<RunAmounts>,
    /// Length of the scheme's period in years.
    pub period_years: u32,
    /// Groups that have to wait for a later year.
    pub deferred: Vec<DeferredGroup>,
    /// Events to come.
    pub events: Vec<ComingEvent>,
    /// What is not settled yet, apart from the amounts.
    pub pending: Vec<PendingItem>,
    /// What the applicants are told of appeals (forvaltningsloven § 27), one for each rule that holds for some of them. Letters of before
    /// there were appeals have none.
    #[serde(default)]
    pub appeals: Vec<AppealFacts>,
    /// What the office wishes its readers, e.g. «en riktig god sommer»; `None` for no greeting.
    pub greeting: Option<String>,
}

/// Whether applicants of some kinds may appeal, until when and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealFacts {
    /// The kinds of applicant that it holds for, e.g. `municipality`.
    pub recipient_kinds: Vec<OrganisationKind>,
    /// Whether they may appeal.
    pub has_right: bool,
    /// The appeal period in days from the receipt of the letter.
    pub days: u32,
    /// What it rests on.
    pub legal_basis: String,
    /// The body that tries appeals that the office does not uphold.
    pub appeal_body: String,
}

/// A meeting of a cooperation forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForumMeeting {
    /// The forum's arrangement as it reads after «samarbeidsforumet for», e.g. «regional ordning».
    pub forum: String,
    /// The day of the meeting.
    pub date: Date,
}

/// How many of one kind applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicantCount {
    /// Key of a term in the scheme's texts, e.g. `municipality` or `independent_school`.
    pub kind: String,
    /// Number of applicants of this kind.
    pub count: u32,
}

/// A project that was given a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrioritisedProject {
    /// What the project's owner is called in the letter; unique within the letter.
    pub name: String,
    /// The lead applicant.
    pub lead: String,
    /// The other applicants of a joint project; empty for a single one.
    pub partners: Vec<String>,
    /// Title of the project.
    pub title: String,
}

/// The amounts of one run. Every amount shown names its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunAmounts {
    /// Id of the run.
    pub run: String,
    /// One line per project, in any order; names as in [`InformationFacts::projects`].
    pub lines: Vec<ProjectAmounts>,
}

/// The amounts of one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectAmounts {
    /// [`PrioritisedProject::name`].
    pub project: String,
    /// Amount per budget year.
    pub years: Vec<YearAmount>,
}

/// The amount of one budget year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct YearAmount {
    /// Budget year.
    pub year: i16,
    /// Whole øre; a letter shows whole kroner, so this is a multiple of 100.
    pub amount_ore: i64,
}

/// A group whose applications wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeferredGroup {
    /// The group, e.g. «videregående opplæring».
    pub label: String,
    /// First year in which their applications are assessed.
    pub year: i16,
}

/// An event to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ComingEvent {
    /// The event, e.g. «regionale konferanser».
    pub label: String,
    /// When, as it reads in a sentence, e.g. «til høsten».
    pub season: String,
}

/// Something that waits for a clarification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PendingItem {
    /// What is not settled, e.g. «regionale konferanser».
    pub label: String,
    /// Who has to clarify it, e.g. «Udir».
    pub awaited_from: String,
}

/// The texts of one kind of letter in one language, from `schemes/<scheme>/letters/<kind>.<language>.toml`.
///
/// Strings are `MiniJinja` templates over the letter's facts, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LetterTexts {
    /// The kind of letter they are for.
    pub kind: LetterKind,
    /// Their language.
    pub language: Language,
    /// Subject line.
    pub title: String,
    /// Nouns that are counted, by key.
    #[serde(default)]
    pub terms: BTreeMap<String, Term>,
    /// The body, in reading order.
    pub blocks: Vec<TextBlock>,
}

/// A noun that is counted; plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// One of them, with its article or number word, e.g. «en friskole».
    pub one: String,
    /// Several, without the number, e.g. «friskoler».
    pub many: String,
}

/// One block of the body with the condition under which it appears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextBlock {
    /// An expression over the facts; the block appears where it is true. Absent: always.
    pub when: Option<String>,
    /// What appears.
    #[serde(flatten)]
    pub text: BlockText,
}

/// What a block shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum BlockText {
    /// A heading under the subject line.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph; the filters `em` and `strong` mark its emphasis.
    Paragraph {
        /// Its text.
        text: String,
    },
    /// The list of the prioritised projects.
    Projects {
        /// Says who takes part in a joint project; sees `name`, `lead`, `partners`, `title` and `members` (lead and partners) besides
        /// the facts.
        members: String,
    },
    /// The table of the amounts per project and year.
    Amounts {
        /// What the table shows; names the run.
        caption: String,
        /// Head of the column of projects.
        project: String,
        /// Head of the column and of the row of totals.
        total: String,
    },
    /// Who may appeal, until when and to whom: a sentence for each rule, in the words of the language.
    Appeals {
        /// What it begins with, e.g. «Om klage:».
        text: String,
    },
    /// The closing words and those who sign.
    Signatures {
        /// E.g. «Med vennlig hilsen».
        closing: String,
    },
}

/// Why texts could not be read.
#[derive(Debug, thiserror::Error)]
#[error("read the letter texts")]
pub struct TextsError(#[from] toml::de::Error);

impl LetterTexts {
    /// Reads the texts from a TOML document.
    ///
    /// # Errors
    /// The document is not TOML, has an unknown key, or lacks one.
    pub fn from_toml(document: &str) -> Result<Self, TextsError> {
        Ok(toml::from_str(document)?)
    }
}
