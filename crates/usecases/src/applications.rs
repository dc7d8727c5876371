//! Applications, from the draft to the formal control.

use tildel_domain::application::{
    Application, ApplicationContent, ApplicationState, Party, PartyRole, Screening, ScreeningOutcome,
};
use tildel_domain::id::{ApplicationId, OrganisationId, PartyId, RoundId};
use tildel_domain::organisation::Organisation;
use tildel_domain::policy::Operation;
use tildel_domain::round::Round;
use tildel_domain::scheme::Office;
use tildel_domain::{Actor, Entry, Refusal, RefusalCode};
use tildel_storage::applications;
pub use tildel_storage::applications::ApplicationFilter;
use tildel_storage::{Page, PageRequest, references};

use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// A partner or provider to be.
#[derive(Clone, Debug)]
pub struct NewParty {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Partner or provider.
    pub role: PartyRole,
    /// What it brings itself.
    pub own_contribution: Option<String>,
}

/// Outcome of a formal control, to be recorded.
#[derive(Clone, Debug)]
pub struct NewScreening {
    /// Outcome.
    pub outcome: ScreeningOutcome,
    /// Reason.
    pub reason: String,
    /// The year it is put off to, for a deferral.
    pub deferred_to_year: Option<i16>,
}

/// Applications that the caller may know of.
pub fn list(
    cx: &mut Context<'_>,
    filter: &ApplicationFilter,
    page: &PageRequest,
) -> Outcome<Page<Application>> {
    cx.require(Operation::ApplicationList)?;
    let filter = ApplicationFilter {
        viewer_organisation_id: cx.actor.organisation_id,
        everything: false,
        ..filter.clone()
    };
    Ok(applications::page(cx.db, &filter, page)?)
}

/// One application; another's draft does not exist for the caller.
pub fn read(cx: &mut Context<'_>, id: ApplicationId) -> Outcome<Application> {
    cx.require(Operation::ApplicationRead)?;
    let application: Application = cx.find(id)?;
    if !application.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("application").into());
    }
    Ok(application)
}

/// Reads an application to change it. One that the caller may not know of does not exist, whatever the version.
fn lock(cx: &mut Context<'_>, id: ApplicationId, expected: Expected) -> Outcome<Application> {
    let visible = cx.lock::<Application>(id, Expected::Any)?.is_visible_to(&cx.actor);
    if !visible {
        return Err(Refusal::not_found("application").into());
    }
    cx.lock(id, expected)
}

/// Begins an application for the caller's organisation.
pub fn create(cx: &mut Context<'_>, round_id: RoundId, content: &ApplicationContent) -> Outcome<Application> {
    cx.require(Operation::ApplicationCreate)?;
    let round: Round = cx.find_referenced(round_id, "/roundId")?;
    if !round.is_visible_to(&cx.actor) {
        return Err(Refusal::new(RefusalCode::UnknownReference).with("thing", "round").at("/roundId").into());
    }
    let office: Office = cx.find(round.office_id)?;
    let lead_id = cx.actor.organisation_id.ok_or_else(|| Refusal::not_found("organisation"))?;
    let lead: Organisation = cx.find(lead_id)?;
    let number = references::next(cx.db, &office.key, round.budget_year)?;
    let application = Application {
        id: cx.new_id(),
        reference: reference(&office, round.budget_year, number),
        round_id,
        office_id: round.office_id,
        content: content.clone(),
        parties: vec![Party {
            id: cx.new_id(),
            organisation_id: lead_id,
            role: PartyRole::Lead,
            own_contribution: None,
            confirmed_at: Some(cx.now),
        }],
        state: ApplicationState::Draft,
        submitted_at: None,
        state_reason: None,
        screening: None,
        version: 1,
    };
    let entry = application.begin(&round, &lead, &cx.actor, cx.now)?;
    cx.create(application, entry)
}

/// A human reference, such as `RO-2020-0007`.
pub(crate) fn reference(office: &Office, year: i16, number: u32) -> String {
    format!("{}-{year}-{number:04}", office.key)
}

/// Runs a transition that needs only the application and the actor.
fn change(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    transition: impl FnOnce(&mut Application, &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Application> {
    let mut application = lock(cx, id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut application, |application| transition(application, &actor))?;
    Ok(application)
}

/// Rewrites a draft or a returned application.
pub fn update(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    content: &ApplicationContent,
) -> Outcome<Application> {
    cx.require(Operation::ApplicationUpdate)?;
    change(cx, id, expected, |application, actor| application.revise(content.clone(), actor))
}

/// Invites a partner or provider.
pub fn add_party(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    new: &NewParty,
) -> Outcome<Application> {
    cx.require(Operation::PartyAdd)?;
    let _organisation: Organisation = cx.find_referenced(new.organisation_id, "/organisationId")?;
    let party = Party {
        id: cx.new_id(),
        organisation_id: new.organisation_id,
        role: new.role,
        own_contribution: new.own_contribution.clone(),
        confirmed_at: None,
    };
    change(cx, id, expected, |application, actor| application.add_party(party, actor))
}

/// Takes a partner or provider out.
pub fn remove_party(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    party_id: PartyId,
) -> Outcome<Application> {
    cx.require(Operation::PartyRemove)?;
    change(cx, id, expected, |application, actor| application.remove_party(party_id, actor))
}

/// A partner or provider confirms.
pub fn confirm_party(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    party_id: PartyId,
    own_contribution: Option<&str>,
) -> Outcome<Application> {
    cx.require(Operation::PartyConfirm)?;
    let now = cx.now;
    let own_contribution = own_contribution.map(str::to_owned);
    change(cx, id, expected, |application, actor| {
        application.confirm_party(party_id, own_contribution, actor, now)
    })
}

/// Hands an application in.
pub fn submit(cx: &mut Context<'_>, id: ApplicationId, expected: Expected) -> Outcome<Application> {
    cx.require(Operation::ApplicationSubmit)?;
    // The round is locked first, so that it can not close between the check and the commit, and in this order everywhere.
    let round_id = read(cx, id)?.round_id;
    let round: Round = cx.lock(round_id, Expected::Any)?;
    let now = cx.now;
    change(cx, id, expected, |application, actor| application.submit(&round, actor, now))
}

/// Takes an application back.
pub fn withdraw(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    reason: Option<&str>,
) -> Outcome<Application> {
    cx.require(Operation::ApplicationWithdraw)?;
    let reason = reason.map(str::to_owned);
    change(cx, id, expected, |application, actor| application.withdraw(reason, actor))
}

/// Sends an application back for completion.
pub fn return_for_completion(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    reason: &str,
) -> Outcome<Application> {
    cx.require(Operation::ApplicationReturn)?;
    change(cx, id, expected, |application, actor| application.return_for_completion(reason, actor))
}

/// Records the formal control.
pub fn screen(
    cx: &mut Context<'_>,
    id: ApplicationId,
    expected: Expected,
    new: &NewScreening,
) -> Outcome<Application> {
    cx.require(Operation::ApplicationScreen)?;
    let round_id = read(cx, id)?.round_id;
    let round: Round = cx.lock(round_id, Expected::Any)?;
    let screening = Screening {
        outcome: new.outcome,
        reason: new.reason.clone(),
        deferred_to_year: new.deferred_to_year,
        screened_by: cx.actor.person_id,
        screened_at: cx.now,
    };
    change(cx, id, expected, |application, actor| application.screen(screening, &round, actor))
}
