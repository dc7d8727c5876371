//! Appeals: lodged or registered, looked into, ruled on by two persons, and the decision follows.

use jiff::civil::Date;
use tildel_domain::appeal::{Appeal, AppealChannel, AppealState, NewRuling};
use tildel_domain::application::Application;
use tildel_domain::calendar::day_of;
use tildel_domain::decision::Decision;
use tildel_domain::id::{AppealId, ApplicationId, DecisionId, OrganisationId};
use tildel_domain::notification::{
    NotificationKind, appeal_received_text, appeal_ruled_text, appeal_under_review_text,
    appeal_withdrawn_text,
};
use tildel_domain::policy::Operation;
use tildel_domain::recusal::Recusal;
use tildel_domain::round::Round;
use tildel_domain::scheme::Office;
use tildel_domain::text::LocalText;
use tildel_domain::{Actor, Entry, Refusal, Role};
use tildel_storage::appeals;
pub use tildel_storage::appeals::AppealFilter;
use tildel_storage::{Page, PageRequest, persons, recusals, references};

use crate::context::{Context, Expected};
use crate::decisions;
use crate::failure::Outcome;
use crate::notifications::tell_of_appeal;

/// What an appeal is made of.
#[derive(Clone, Debug)]
pub struct NewAppeal {
    /// The decision.
    pub decision_id: DecisionId,
    /// The application that was decided.
    pub application_id: ApplicationId,
    /// What is wrong, and what should be decided instead.
    pub grounds: String,
    /// The day on which a letter came in; none for what the applicant lodges here.
    pub received_on: Option<Date>,
    /// The day on which the letter was posted.
    pub posted_on: Option<Date>,
}

/// The office or the appellant whose appeals the caller may see.
pub(crate) fn visible_to(actor: &Actor) -> (Option<tildel_domain::id::OfficeId>, Option<OrganisationId>) {
    match actor.role {
        Role::Applicant => (None, actor.organisation_id),
        _ => (actor.only_office(), None),
    }
}

/// Appeals that the caller may know of: the own ones, or those to the own office.
pub fn list(cx: &mut Context<'_>, filter: &AppealFilter, page: &PageRequest) -> Outcome<Page<Appeal>> {
    cx.require(Operation::AppealList)?;
    let (visible_office, visible_appellant) = visible_to(&cx.actor);
    let filter = AppealFilter { visible_office, visible_appellant, ..filter.clone() };
    Ok(appeals::page(cx.db, &filter, page)?)
}

/// One appeal; those of others do not exist for the caller.
pub fn read(cx: &mut Context<'_>, id: AppealId) -> Outcome<Appeal> {
    cx.require(Operation::AppealRead)?;
    find(cx, id)
}

pub(crate) fn find(cx: &mut Context<'_>, id: AppealId) -> Outcome<Appeal> {
    let appeal: Appeal = cx.find(id)?;
    if !appeal.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("appeal").into());
    }
    Ok(appeal)
}

/// Lodges an appeal, or registers one that came by letter.
pub fn create(cx: &mut Context<'_>, new: &NewAppeal) -> Outcome<Appeal> {
    cx.require(Operation::AppealCreate)?;
    let registered_by = cx.actor.person()?;
    let seen: Decision = cx.find_referenced(new.decision_id, "/decisionId")?;
    if !seen.is_visible_to(&cx.actor) {
        let code = tildel_domain::RefusalCode::UnknownReference;
        return Err(Refusal::new(code).with("thing", "decision").at("/decisionId").into());
    }
    let application: Application = cx.find_referenced(new.application_id, "/applicationId")?;
    match cx.actor.role {
        Role::Applicant => cx.actor.require_organisation(application.lead()?.organisation_id)?,
        _ => cx.actor.require_office(seen.office_id)?,
    }
    let (channel, received_on) = channel(cx, new)?;
    let round: Round = cx.find(application.round_id)?;
    let office: Office = cx.find(seen.office_id)?;
    // The decision first: whoever settles it waits for the appeal, or the appeal for them.
    let mut decision: Decision = cx.lock(seen.id, Expected::Any)?;
    let number = references::next(cx.db, &office.key, round.budget_year)?;
    let mut appeal = Appeal {
        id: cx.new_id(),
        reference: crate::applications::reference(&office, round.budget_year, number),
        office_id: seen.office_id,
        decision_id: seen.id,
        application_id: application.id,
        organisation_id: application.lead()?.organisation_id,
        grounds: new.grounds.clone(),
        channel,
        received_on,
        posted_on: new.posted_on,
        registered_at: cx.now,
        registered_by,
        late: false,
        without_right: false,
        state: AppealState::Received,
        handled_by: None,
        rulings: Vec::new(),
        prepared_by: None,
        approved_by: None,
        followed_by: None,
        version: 1,
    };
    let (actor, now) = (cx.actor.clone(), cx.now);
    let entry = appeal.lodge(&decision, &application, &actor, now)?;
    let appeal = cx.create(appeal, entry)?;
    decisions::settle(cx, &mut decision)?;
    let text = appeal_received_text(&appeal.reference, &decision.reference);
    tell_of_appeal(cx, decision.prepared_by, NotificationKind::AppealReceived, appeal.id, text)?;
    Ok(appeal)
}

/// An applicant's own appeal comes in now; a letter came on the day that the case officer says.
fn channel(cx: &Context<'_>, new: &NewAppeal) -> Outcome<(AppealChannel, Date)> {
    if cx.actor.role == Role::Applicant {
        if new.received_on.is_some() || new.posted_on.is_some() {
            return Err(Refusal::invalid("/receivedOn", "no day, as the appeal comes in now").into());
        }
        return Ok((AppealChannel::Electronic, day_of(cx.now)?));
    }
    let received_on = new.received_on;
    let missing = || Refusal::invalid("/receivedOn", "the day on which the letter came in");
    Ok((AppealChannel::Letter, received_on.ok_or_else(missing)?))
}

/// Changes an appeal, and the decision with it.
fn change(
    cx: &mut Context<'_>,
    id: AppealId,
    expected: Expected,
    transition: impl FnOnce(&mut Appeal, &[Recusal], &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Appeal> {
    let seen = find(cx, id)?;
    let mut decision: Decision = cx.lock(seen.decision_id, Expected::Any)?;
    let mut appeal: Appeal = cx.lock(id, expected)?;
    let recusals = recusals::on_applications(cx.db, &[appeal.application_id])?;
    let actor = cx.actor.clone();
    cx.transition(&mut appeal, |appeal| transition(appeal, &recusals, &actor))?;
    decisions::settle(cx, &mut decision)?;
    Ok(appeal)
}

/// Takes an appeal up.
pub fn review(cx: &mut Context<'_>, id: AppealId, expected: Expected) -> Outcome<Appeal> {
    cx.require(Operation::AppealReview)?;
    let appeal = change(cx, id, expected, Appeal::review)?;
    let text = appeal_under_review_text(&appeal.reference);
    tell_appellant(cx, &appeal, NotificationKind::AppealUnderReview, &text)?;
    Ok(appeal)
}

/// Prepares a ruling.
pub fn propose(
    cx: &mut Context<'_>,
    id: AppealId,
    expected: Expected,
    ruling: &NewRuling,
) -> Outcome<Appeal> {
    cx.require(Operation::AppealPropose)?;
    let today = day_of(cx.now)?;
    if ruling.ruled_on.is_some_and(|ruled_on| ruled_on > today) {
        return Err(Refusal::invalid("/ruledOn", "a day that has come").into());
    }
    change(cx, id, expected, |appeal, recusals, actor| appeal.propose(ruling.clone(), recusals, actor))
}

/// Sends a prepared ruling back.
pub fn send_back(cx: &mut Context<'_>, id: AppealId, expected: Expected, reason: &str) -> Outcome<Appeal> {
    cx.require(Operation::AppealSendBack)?;
    change(cx, id, expected, |appeal, _, actor| appeal.send_back(reason, actor))
}

/// Approves a ruling; the decision follows, and the appellant is told.
pub fn approve(cx: &mut Context<'_>, id: AppealId, expected: Expected) -> Outcome<Appeal> {
    cx.require(Operation::AppealApprove)?;
    let now = cx.now;
    let appeal = change(cx, id, expected, |appeal, recusals, actor| appeal.approve(recusals, actor, now))?;
    if let Some(ruling) = appeal.rulings.last() {
        let text = appeal_ruled_text(&appeal.reference, ruling.outcome);
        tell_appellant(cx, &appeal, NotificationKind::AppealRuled, &text)?;
    }
    Ok(appeal)
}

/// The appellant takes the appeal back.
pub fn withdraw(cx: &mut Context<'_>, id: AppealId, expected: Expected) -> Outcome<Appeal> {
    cx.require(Operation::AppealWithdraw)?;
    let appeal = change(cx, id, expected, |appeal, _, actor| appeal.withdraw(actor))?;
    if let Some(person_id) = appeal.handled_by {
        let text = appeal_withdrawn_text(&appeal.reference);
        tell_of_appeal(cx, person_id, NotificationKind::AppealWithdrawn, appeal.id, text)?;
    }
    Ok(appeal)
}

fn tell_appellant(
    cx: &mut Context<'_>,
    appeal: &Appeal,
    kind: NotificationKind,
    text: &LocalText,
) -> Outcome<()> {
    for person in persons::of_organisation(cx.db, appeal.organisation_id)? {
        tell_of_appeal(cx, person.id, kind, appeal.id, text.clone())?;
    }
    Ok(())
}
