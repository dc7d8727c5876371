//! What a letter says, as data; its texts are a scheme's.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation::Nok;
use tildel_usecases::domain::letter_content as domain;
use utoipa::ToSchema;

use crate::body::Money;

/// Writes a part of a letter that has the same fields on the wire as in the domain, with conversion from there.
macro_rules! letter_part {
    ($(#[$meta:meta])* $name:ident = $domain:ty { $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl From<$domain> for $name {
            fn from(part: $domain) -> Self {
                Self { $($field: part.$field,)+ }
            }
        }
    };
}

letter_part! {
    /// The office in the letter head.
    LetterSender = domain::Sender {
        /// Name of the office.
        name: String,
        /// Its number in Enhetsregisteret.
        organisation_number: String,
        /// The department that writes.
        department: String,
        /// The lines of its postal address.
        address: Vec<String>,
    }
}

letter_part! {
    /// The case officer who answers questions.
    LetterContact = domain::Contact {
        /// Full name.
        name: String,
        /// Title.
        title: String,
        /// Telephone number as digits.
        phone: String,
    }
}

letter_part! {
    /// One who signs.
    LetterSignatory = domain::Signatory {
        /// Full name.
        name: String,
        /// Title.
        title: String,
    }
}

letter_part! {
    /// A meeting of a forum, as the letter names it.
    LetterMeeting = domain::ForumMeeting {
        /// The forum's arrangement, such as «regional ordning».
        forum: String,
        /// The day of the meeting.
        #[schema(value_type = String, format = Date)]
        date: Date,
    }
}

letter_part! {
    /// How many of one kind applied.
    ApplicantCount = domain::ApplicantCount {
        /// The kind of organisation.
        kind: String,
        /// The number of applicants of this kind.
        count: u32,
    }
}

letter_part! {
    /// A project that was given a place.
    PrioritisedProject = domain::PrioritisedProject {
        /// What it is called in the letter.
        name: String,
        /// The lead applicant.
        lead: String,
        /// The other applicants of a joint project.
        partners: Vec<String>,
        /// Title of the project.
        title: String,
    }
}

letter_part! {
    /// A group whose applications wait.
    LetterDeferredGroup = domain::DeferredGroup {
        /// The group, such as «videregående opplæring».
        label: String,
        /// The first year in which their applications are assessed.
        year: i16,
    }
}

/// The amount of one budget year.
#[derive(Serialize, ToSchema)]
pub struct LetterYearAmount {
    /// The budget year.
    pub year: i16,
    /// The amount.
    pub amount: Money,
}

/// The amounts of one project.
#[derive(Serialize, ToSchema)]
pub struct LetterProjectAmounts {
    /// The name of the project in the letter.
    pub project: String,
    /// The amount of each budget year.
    pub years: Vec<LetterYearAmount>,
}

impl From<domain::ProjectAmounts> for LetterProjectAmounts {
    fn from(amounts: domain::ProjectAmounts) -> Self {
        let year = |year: domain::YearAmount| LetterYearAmount {
            year: year.year,
            amount: Nok::from_ore(year.amount_ore).into(),
        };
        Self { project: amounts.project, years: amounts.years.into_iter().map(year).collect() }
    }
}

/// The amounts of one run.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterAmounts {
    /// The run that they are from.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: String,
    /// One line per project.
    pub lines: Vec<LetterProjectAmounts>,
}

impl From<domain::RunAmounts> for LetterAmounts {
    fn from(amounts: domain::RunAmounts) -> Self {
        Self { run_id: amounts.run, lines: amounts.lines.into_iter().map(Into::into).collect() }
    }
}

/// An event to come.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComingEvent {
    /// The event, such as «regionale konferanser».
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// When, as it reads in a sentence, such as «til høsten».
    #[schema(min_length = 1, max_length = 200)]
    pub season: String,
}

impl From<domain::ComingEvent> for ComingEvent {
    fn from(event: domain::ComingEvent) -> Self {
        Self { label: event.label, season: event.season }
    }
}

impl From<ComingEvent> for domain::ComingEvent {
    fn from(event: ComingEvent) -> Self {
        Self { label: event.label, season: event.season }
    }
}

/// Something that waits for a clarification.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PendingItem {
    /// What is not settled.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// Who has to clarify it, such as «Udir».
    #[schema(min_length = 1, max_length = 200)]
    pub awaited_from: String,
}

impl From<domain::PendingItem> for PendingItem {
    fn from(item: domain::PendingItem) -> Self {
        Self { label: item.label, awaited_from: item.awaited_from }
    }
}

impl From<PendingItem> for domain::PendingItem {
    fn from(item: PendingItem) -> Self {
        Self { label: item.label, awaited_from: item.awaited_from }
    }
}

/// The facts that a letter tells, as they were when it was prepared.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterFacts {
    /// Name of the grant scheme.
    pub scheme: String,
    /// The round as it reads in a sentence, such as «høsten 2020».
    pub round: String,
    /// The forum meetings that it refers to.
    pub meetings: Vec<LetterMeeting>,
    /// Applicants by kind.
    pub applicants: Vec<ApplicantCount>,
    /// Places that the office was given.
    pub places: u32,
    /// The projects that were prioritised, in order.
    pub projects: Vec<PrioritisedProject>,
    /// The funding model as it reads after «en modell med».
    pub model: String,
    /// The body that computes the amounts.
    pub computing_body: String,
    /// The amounts; null while they are pending.
    #[schema(required)]
    pub amounts: Option<LetterAmounts>,
    /// Length of the period in years.
    pub period_years: u32,
    /// Groups that have to wait for a later year.
    pub deferred: Vec<LetterDeferredGroup>,
    /// Events to come.
    pub events: Vec<ComingEvent>,
    /// What is not settled yet, apart from the amounts.
    pub pending: Vec<PendingItem>,
    /// The closing wish.
    #[schema(required)]
    pub greeting: Option<String>,
}

impl From<domain::InformationFacts> for LetterFacts {
    fn from(facts: domain::InformationFacts) -> Self {
        Self {
            scheme: facts.scheme,
            round: facts.round,
            meetings: facts.meetings.into_iter().map(Into::into).collect(),
            applicants: facts.applicants.into_iter().map(Into::into).collect(),
            places: facts.places,
            projects: facts.projects.into_iter().map(Into::into).collect(),
            model: facts.model,
            computing_body: facts.computing_body,
            amounts: facts.amounts.map(Into::into),
            period_years: facts.period_years,
            deferred: facts.deferred.into_iter().map(Into::into).collect(),
            events: facts.events.into_iter().map(Into::into).collect(),
            pending: facts.pending.into_iter().map(Into::into).collect(),
            greeting: facts.greeting,
        }
    }
}
