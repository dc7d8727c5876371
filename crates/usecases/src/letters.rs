//! Letters: their facts are gathered from what is stored, once, when the letter is prepared.

use std::collections::BTreeMap;

use tildel_domain::application::{Application, ApplicationState};
use tildel_domain::decision::{Decision, DecisionMatter};
use tildel_domain::grant::Grant;
use tildel_domain::id::{DecisionId, LetterId, OrganisationId, PersonId};
use tildel_domain::letter::{Letter, LetterState};
use tildel_domain::letter_content::{
    ApplicantCount, Approved, ComingEvent, Contact, DeferredGroup, ForumMeeting, InformationFacts,
    LetterContent, LetterKind, PendingItem, PrioritisedProject, ProjectAmounts, RunAmounts, Sender,
    Signatory, YearAmount,
};
use tildel_domain::organisation::{Organisation, OrganisationKind};
use tildel_domain::person::Person;
use tildel_domain::policy::Operation;
use tildel_domain::round::Round;
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::text::Language;
use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::letter_renditions::{self, Rendition};
use tildel_storage::letters;
pub use tildel_storage::letters::LetterFilter;
use tildel_storage::{
    Page, PageRequest, applications, forums, frames, grants, meetings, organisations, references,
};

use crate::context::{Context, Expected, office_zone};
use crate::failure::{Failure, Outcome};
use crate::jobs::Job;
use crate::rounds::staff_office;

/// What a case officer gives for a letter; the rest is gathered.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// The award that it makes known.
    pub decision_id: DecisionId,
    /// Its language.
    pub language: Language,
    /// The addressees, one line each.
    pub recipients: Vec<String>,
    /// The archive's case number, if it has one.
    pub case_number: Option<String>,
    /// Who answers questions.
    pub contact_id: PersonId,
    /// Who signs, in order.
    pub signatory_ids: Vec<PersonId>,
    /// Events to come.
    pub events: Vec<ComingEvent>,
    /// What waits for a clarification.
    pub pending: Vec<PendingItem>,
    /// The closing wish.
    pub greeting: Option<String>,
}

/// A format of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PDF/A-2a and PDF/UA-1.
    Pdf,
    /// One page without external resources.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Pdf, Self::Html];

    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
        }
    }
}

/// Letters that the caller may know of.
pub fn list(cx: &mut Context<'_>, filter: &LetterFilter, page: &PageRequest) -> Outcome<Page<Letter>> {
    cx.require(Operation::LetterList)?;
    let filter = LetterFilter { drafts_of_office: staff_office(&cx.actor), ..filter.clone() };
    Ok(letters::page(cx.db, &filter, page)?)
}

/// One letter.
pub fn read(cx: &mut Context<'_>, id: LetterId) -> Outcome<Letter> {
    cx.require(Operation::LetterRead)?;
    let letter: Letter = cx.find(id)?;
    if !letter.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("letter").into());
    }
    Ok(letter)
}

/// The written letter in a format, once the worker has written the version that stands.
pub fn document_read(cx: &mut Context<'_>, id: LetterId, format: Format) -> Outcome<Rendition> {
    cx.require(Operation::LetterDocumentRead)?;
    let letter = read(cx, id)?;
    let rendition = letter_renditions::find(cx.db, id, format.as_str())?;
    // Being sent changes nothing in the document, so the approved rendition stays the one.
    let wanted = if letter.state == LetterState::Dispatched { letter.version - 1 } else { letter.version };
    rendition
        .filter(|rendition| rendition.letter_version >= wanted)
        .ok_or_else(|| Failure::from(Refusal::not_found("document of the letter (it is being written)")))
}

/// Prepares a letter on an award that is in force.
pub fn create(cx: &mut Context<'_>, new: &NewLetter) -> Outcome<Letter> {
    cx.require(Operation::LetterCreate)?;
    let prepared_by = cx.actor.person()?;
    let decision: Decision = cx.find_referenced(new.decision_id, "/decisionId")?;
    cx.actor.require_office(decision.office_id)?;
    let DecisionMatter::Award { round_id, .. } = &decision.matter else {
        return Err(Refusal::invalid("/decisionId", "a decision on an award").into());
    };
    if !decision.state.is_in_force() {
        return Err(Refusal::wrong_state("decision", decision.state.as_str(), "approved, and after").into());
    }
    let round: Round = cx.find(*round_id)?;
    let office: Office = cx.find(round.office_id)?;
    let scheme: Scheme = cx.find(round.scheme_id)?;
    let texts = scheme
        .letter_texts
        .get(&new.language)
        .ok_or_else(|| Refusal::invalid("/language", "a language that the scheme has letter texts in"))?
        .clone();
    let number = references::next(cx.db, &office.key, round.budget_year)?;
    let reference = crate::applications::reference(&office, round.budget_year, number);
    let content = LetterContent {
        kind: LetterKind::Information,
        language: new.language,
        sender: Sender {
            name: office.name.get(new.language).to_owned(),
            organisation_number: office.organisation_number.as_str().to_owned(),
            department: office.department.get(new.language).to_owned(),
            address: office.address.clone(),
        },
        recipients: new.recipients.clone(),
        case_number: Some(new.case_number.clone().unwrap_or_else(|| reference.clone())),
        date: cx.today()?,
        contact: contact(cx, new.contact_id)?,
        facts: InformationFacts {
            appeals: crate::decisions::appeal_facts(cx, &decision, new.language)?,
            ..facts(cx, new, &round, &scheme)?
        },
        signatories: signatories(cx, &new.signatory_ids)?,
        approved: None,
    };
    let letter = Letter {
        id: cx.new_id(),
        reference,
        office_id: round.office_id,
        round_id: round.id,
        decision_id: decision.id,
        content,
        texts,
        state: LetterState::Draft,
        prepared_by,
        approved_by: None,
        approved_at: None,
        dispatched_at: None,
        version: 1,
    };
    let entry = letter.prepare(&cx.actor)?;
    let letter = cx.create(letter, entry)?;
    enqueue_rendering(cx, &letter)?;
    Ok(letter)
}

fn contact(cx: &mut Context<'_>, id: PersonId) -> Outcome<Contact> {
    let person: Person = cx.find_referenced(id, "/contactId")?;
    let missing = |field: &str| Refusal::invalid("/contactId", format!("a person with a {field}"));
    Ok(Contact {
        name: person.name,
        title: person.title.ok_or_else(|| missing("title"))?,
        phone: person.phone.ok_or_else(|| missing("phone"))?,
    })
}

fn signatories(cx: &mut Context<'_>, ids: &[PersonId]) -> Outcome<Vec<Signatory>> {
    let mut signatories = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let pointer = format!("/signatoryIds/{index}");
        let person: Person = cx.find_referenced(*id, &pointer)?;
        let title = person.title.ok_or_else(|| Refusal::invalid(&pointer, "a person with a title"))?;
        signatories.push(Signatory { name: person.name, title });
    }
    if signatories.is_empty() {
        return Err(Refusal::invalid("/signatoryIds", "at least one person").into());
    }
    Ok(signatories)
}

/// Gathers what the letter tells.
fn facts(cx: &mut Context<'_>, new: &NewLetter, round: &Round, scheme: &Scheme) -> Outcome<InformationFacts> {
    let language = new.language;
    let applications = applications::list_in_round(cx.db, round.id)?;
    let mut grants = grants::list_in_round(cx.db, round.id)?;
    // In the order of the decision's lines, which the references keep; ids of one transaction share their time.
    grants.sort_by(|one, other| one.reference.cmp(&other.reference));
    let frame = frames::lock_for(cx.db, round.office_id, round.scheme_id, round.budget_year)?;
    let places = frame.and_then(|frame| frame.places);
    let years = || grants.iter().flat_map(|grant| grant.years.iter().map(|year| year.year));
    let period_years = match (years().min(), years().max()) {
        (Some(first), Some(last)) => last - first + 1,
        _ => scheme.last_year - scheme.first_year + 1,
    };
    let deferred = round.deferred_groups.iter();
    Ok(InformationFacts {
        scheme: scheme.name.get(language).to_owned(),
        round: round.label.get(language).to_owned(),
        meetings: forum_meetings(cx, round, language)?,
        applicants: applicants(cx, &applications)?,
        places: places.unwrap_or(u32::try_from(grants.len()).unwrap_or(u32::MAX)),
        projects: projects(cx, &applications, &grants)?,
        model: scheme.model_description.get(language).to_owned(),
        computing_body: scheme.computing_body.clone(),
        amounts: amounts(&grants),
        period_years: u32::try_from(period_years).unwrap_or_default(),
        deferred: deferred
            .map(|group| DeferredGroup { label: group.label.get(language).to_owned(), year: group.year })
            .collect(),
        events: new.events.clone(),
        pending: new.pending.clone(),
        appeals: Vec::new(),
        greeting: new.greeting.clone(),
    })
}

/// The meetings in which the forums treated the round.
fn forum_meetings(cx: &mut Context<'_>, round: &Round, language: Language) -> Outcome<Vec<ForumMeeting>> {
    let zone = office_zone()?;
    let mut found = Vec::new();
    for forum_id in &round.forum_ids {
        let Some(forum) = forums::find(cx.db, *forum_id)? else { continue };
        for meeting in meetings::list_in_forum(cx.db, *forum_id)? {
            if meeting.agenda.iter().any(|item| item.round_id == Some(round.id)) {
                let date = meeting.starts_at.to_zoned(zone.clone()).date();
                found.push(ForumMeeting { forum: forum.short_name.get(language).to_owned(), date });
            }
        }
    }
    found.sort_by_key(|meeting| meeting.date);
    Ok(found)
}

/// Counts applicants: the organisations with employees behind the applications that were assessed, each once.
fn applicants(cx: &mut Context<'_>, applications: &[Application]) -> Outcome<Vec<ApplicantCount>> {
    let assessed = applications.iter().filter(|application| {
        !matches!(
            application.state,
            ApplicationState::Draft | ApplicationState::Deferred | ApplicationState::Withdrawn
        )
    });
    let mut ids: Vec<OrganisationId> = assessed.flat_map(crate::decisions::parties_with_employees).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut counts: BTreeMap<OrganisationKind, u32> = BTreeMap::new();
    for organisation in organisations::find_many(cx.db, &ids)? {
        *counts.entry(organisation.kind).or_default() += 1;
    }
    Ok(counts
        .into_iter()
        .map(|(kind, count)| ApplicantCount { kind: kind.as_str().to_owned(), count })
        .collect())
}

fn projects(
    cx: &mut Context<'_>,
    applications: &[Application],
    grants: &[Grant],
) -> Outcome<Vec<PrioritisedProject>> {
    let mut projects = Vec::with_capacity(grants.len());
    for grant in grants {
        let Some(application) =
            applications.iter().find(|application| application.id == grant.application_id)
        else {
            continue;
        };
        let mut names = Vec::new();
        for id in crate::decisions::parties_with_employees(application) {
            names.push(cx.find::<Organisation>(id)?.name);
        }
        let partners = names.split_off(1.min(names.len()));
        projects.push(PrioritisedProject {
            name: grant.name.clone(),
            lead: names.pop().unwrap_or_default(),
            partners,
            title: grant.title.clone(),
        });
    }
    Ok(projects)
}

/// The promised amounts, if all of them are known; else they are pending. An accepted impact report moves some of them to a newer
/// run; the newest one is named then, as its input holds the promises of those before.
fn amounts(grants: &[Grant]) -> Option<RunAmounts> {
    let mut run_id = grants.first()?.years.first()?.promised_run_id?;
    let mut lines = Vec::with_capacity(grants.len());
    for grant in grants {
        let mut years = Vec::with_capacity(grant.years.len());
        for year in &grant.years {
            run_id = run_id.max(year.promised_run_id?);
            years.push(YearAmount { year: year.year, amount_ore: year.promised?.ore() });
        }
        lines.push(ProjectAmounts { project: grant.name.clone(), years });
    }
    Some(RunAmounts { run: run_id.to_string(), lines })
}

fn enqueue_rendering(cx: &mut Context<'_>, letter: &Letter) -> Outcome<()> {
    let job = Job::LetterRender { letter_id: letter.id, version: letter.version };
    let now = cx.now;
    cx.enqueue(&job, now, Some(letter.office_id)).map(|_| ())
}

/// Reads a letter to change it; another office's draft does not exist for the caller.
fn lock(cx: &mut Context<'_>, id: LetterId, expected: Expected) -> Outcome<Letter> {
    read(cx, id)?;
    cx.lock(id, expected)
}

/// Hands a letter to the second person.
pub fn propose(cx: &mut Context<'_>, id: LetterId, expected: Expected) -> Outcome<Letter> {
    cx.require(Operation::LetterPropose)?;
    let mut letter = lock(cx, id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut letter, |letter| letter.propose(&actor))?;
    enqueue_rendering(cx, &letter)?;
    Ok(letter)
}

/// Approves a letter; the worker then writes it with the line that says so.
pub fn approve(cx: &mut Context<'_>, id: LetterId, expected: Expected) -> Outcome<Letter> {
    cx.require(Operation::LetterApprove)?;
    let mut letter = lock(cx, id, expected)?;
    let (actor, now, date) = (cx.actor.clone(), cx.now, cx.today()?);
    cx.transition(&mut letter, |letter| letter.approve(&actor, now, Approved { date }))?;
    enqueue_rendering(cx, &letter)?;
    Ok(letter)
}

/// Sends a letter, once it is written; its decision counts as notified from then.
pub fn dispatch(cx: &mut Context<'_>, id: LetterId, expected: Expected) -> Outcome<Letter> {
    cx.require(Operation::LetterDispatch)?;
    let mut letter = lock(cx, id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    let approved_version = letter.version;
    cx.transition(&mut letter, |letter| letter.dispatch(&actor, now))?;
    for format in Format::ALL {
        let written = letter_renditions::find(cx.db, id, format.as_str())?;
        if written.is_none_or(|rendition| rendition.letter_version < approved_version) {
            return Err(Refusal::new(RefusalCode::LetterNotWritten).into());
        }
    }
    check_appeals(cx, &letter)?;
    let tells_amounts = letter.content.facts.amounts.is_some();
    crate::decisions::note_notification(cx, letter.decision_id, tells_amounts)?;
    Ok(letter)
}

/// A letter tells of appeals as the rules are when it is sent; one that was written by other rules is written anew. Letters of before there
/// were appeals tell nothing of them.
fn check_appeals(cx: &mut Context<'_>, letter: &Letter) -> Outcome<()> {
    let told = &letter.content.facts.appeals;
    let decision: Decision = cx.find(letter.decision_id)?;
    let standing = crate::decisions::appeal_facts(cx, &decision, letter.content.language)?;
    if told.is_empty() || *told == standing {
        return Ok(());
    }
    let state = "written by other rules on appeals";
    Err(Refusal::wrong_state("letter", state, "written by those that hold").into())
}

/// What the worker needs to write a letter; none when a newer version has a job of its own.
pub fn to_render(cx: &mut Context<'_>, id: LetterId, version: i64) -> Outcome<Option<Letter>> {
    let letter: Letter = cx.find(id)?;
    Ok((letter.version == version).then_some(letter))
}

/// Keeps a written letter.
pub fn rendition_store(
    cx: &mut Context<'_>,
    id: LetterId,
    version: i64,
    format: Format,
    bytes: &[u8],
) -> Outcome<()> {
    use sha2::{Digest, Sha256};
    let hash = hex::encode(Sha256::digest(bytes));
    letter_renditions::put(cx.db, id, version, format.as_str(), &hash, bytes)?;
    Ok(())
}
