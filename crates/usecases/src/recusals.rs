//! Recusals: interests that are declared or found, and the rulings on them.

use tildel_domain::application::Application;
use tildel_domain::forum::Forum;
use tildel_domain::id::{ApplicationId, OfficeId, PersonId, RecusalId};
use tildel_domain::person::Person;
use tildel_domain::policy::Operation;
use tildel_domain::recusal::{ForumOf, Recusal, RecusalGround, RecusalState, find_interests};
use tildel_domain::{Refusal, RefusalCode, Role};
use tildel_storage::forums::{self, ForumFilter};
pub use tildel_storage::recusals::RecusalFilter;
use tildel_storage::{Page, PageRequest, persons, recusals, seats};

use crate::aggregate::Aggregate;
use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// Recorded interests: one's own; of one application also those of others, for who prepares, rules on or leads its treatment.
pub fn list(cx: &mut Context<'_>, filter: &RecusalFilter, page: &PageRequest) -> Outcome<Page<Recusal>> {
    cx.require(Operation::RecusalList)?;
    let application = match filter.application_id {
        Some(application_id) => Application::find(cx.db, application_id)?,
        None => None,
    };
    let sees_all = match application {
        Some(application) => prepares(cx, application.office_id)?,
        None => false,
    };
    let filter = if sees_all {
        filter.clone()
    } else {
        RecusalFilter { person_id: Some(cx.actor.person()?), ..filter.clone() }
    };
    Ok(recusals::page(cx.db, &filter, page)?)
}

/// One recorded interest: one's own, or of an application whose treatment one prepares, rules on or leads.
pub fn read(cx: &mut Context<'_>, id: RecusalId) -> Outcome<Recusal> {
    cx.require(Operation::RecusalRead)?;
    let recusal: Recusal = cx.find(id)?;
    if Some(recusal.person_id) == cx.actor.person_id {
        return Ok(recusal);
    }
    let application: Application = cx.find(recusal.application_id)?;
    if prepares(cx, application.office_id)? {
        return Ok(recusal);
    }
    Err(Refusal::not_found("recusal").into())
}

/// Whether the actor prepares, rules on or leads the treatment of an office's applications.
fn prepares(cx: &mut Context<'_>, office_id: OfficeId) -> Outcome<bool> {
    match (cx.actor.role, cx.actor.person_id) {
        (Role::CaseOfficer | Role::Approver, _) => Ok(cx.actor.office_id == Some(office_id)),
        (Role::Chair, Some(person_id)) => {
            Ok(forums::list_led_by(cx.db, person_id)?.iter().any(|forum| forum.office_id == office_id))
        }
        _ => Ok(false),
    }
}

/// Records an interest.
pub fn declare(
    cx: &mut Context<'_>,
    person_id: Option<PersonId>,
    application_id: ApplicationId,
    ground: RecusalGround,
    explanation: &str,
) -> Outcome<Recusal> {
    cx.require(Operation::RecusalDeclare)?;
    let actor_id = cx.actor.person()?;
    let person_id = person_id.unwrap_or(actor_id);
    let _person: Person = cx.find_referenced(person_id, "/personId")?;
    let application: Application = cx.find_referenced(application_id, "/applicationId")?;
    if !application.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("application").into());
    }
    let recusal = Recusal {
        id: cx.new_id(),
        person_id,
        application_id,
        ground,
        explanation: explanation.to_owned(),
        recorded_by: actor_id,
        found: false,
        state: RecusalState::Declared,
        ruling_reason: None,
        ruled_by: None,
        ruled_at: None,
        version: 1,
    };
    let interests = recusals::on_applications(cx.db, &[application_id])?;
    let entry = recusal.declare(&interests, &cx.actor)?;
    if person_id != actor_id && !prepares(cx, application.office_id)? {
        return Err(Refusal::new(RefusalCode::OtherOffice).into());
    }
    recusals::insert(cx.db, &recusal)?;
    cx.note(entry, Some(application.office_id), &recusal)?;
    Ok(recusal)
}

/// Rules on an interest.
pub fn rule(
    cx: &mut Context<'_>,
    id: RecusalId,
    expected: Expected,
    upheld: bool,
    reason: &str,
) -> Outcome<Recusal> {
    cx.require(Operation::RecusalRule)?;
    read(cx, id)?;
    let mut recusal: Recusal = cx.lock(id, expected)?;
    let application: Application = cx.find(recusal.application_id)?;
    let person: Person = cx.find(recusal.person_id)?;
    let of_office = ForumFilter { office_id: Some(application.office_id), ..ForumFilter::default() };
    let mut forums = Vec::new();
    for forum in forums::list(cx.db, &of_office)? {
        forums.push(ForumOf::new(&forum, &seats::list_in_forum(cx.db, forum.id)?));
    }
    let interests = recusals::on_applications(cx.db, &[application.id])?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut recusal, |recusal| {
        recusal.rule(upheld, reason, (&application, &forums, &person), &interests, &actor, now)
    })?;
    crate::ballots::count_after_ruling(cx, &application)?;
    Ok(recusal)
}

/// Records what can be found of the interests of a forum in applications that come before it. Nobody is recorded twice in the same
/// application, whatever was ruled before.
pub(crate) fn suggest(cx: &mut Context<'_>, forum: &Forum, applications: &[ApplicationId]) -> Outcome<()> {
    if applications.is_empty() {
        return Ok(());
    }
    let seats = seats::list_in_forum(cx.db, forum.id)?;
    let mut ids: Vec<PersonId> = vec![forum.chair_id];
    ids.extend(forum.deputy_chair_id);
    ids.extend(seats.iter().map(|seat| seat.member_id));
    ids.extend(seats.iter().filter_map(|seat| seat.deputy_id));
    let people = persons::find_many(cx.db, &ids)?;
    let recorded_by = cx.actor.person_id.unwrap_or(forum.chair_id);
    for application_id in applications {
        let application: Application = cx.find(*application_id)?;
        let found = find_interests(&application, &seats, &people);
        let recorded = recusals::recorded(cx.db, *application_id, &found)?;
        for person_id in found.into_iter().filter(|person_id| !recorded.contains(person_id)) {
            let recusal = Recusal {
                id: cx.new_id(),
                person_id,
                application_id: *application_id,
                ground: RecusalGround::Party,
                explanation: "Hører til en part i søknaden.".to_owned(),
                recorded_by,
                found: true,
                state: RecusalState::Suggested,
                ruling_reason: None,
                ruled_by: None,
                ruled_at: None,
                version: 1,
            };
            recusals::insert(cx.db, &recusal)?;
            cx.note(recusal.suggest(), Some(application.office_id), &recusal)?;
        }
    }
    Ok(())
}
