//! The round: call, applications, deadline, screening.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::SignedDuration;
use tildel_domain::Role;
use tildel_domain::allocation::FrameStatus;
use tildel_domain::application::{ApplicationContent, PartyRole, ScreeningOutcome};
use tildel_domain::round::{Deadline, DeferredGroup};
use tildel_usecases::Expected;
use tildel_usecases::applications::{self, NewParty, NewScreening};
use tildel_usecases::registry::{self, FrameContent};
use tildel_usecases::rounds::{self, RoundContent};

use super::Played;
use super::cast::act;
use super::file::ApplicationText;
use super::money_steps::work;

/// Sets the places, prepares the round, announces and opens it.
pub(crate) async fn call(played: &mut Played) -> Result<()> {
    let (office_id, scheme_id) = (played.cast.office()?, played.cast.scheme()?);
    let text = played.case.round.clone();
    let directorate = played.cast.actor(&played.case.amounts.published_by, Role::Directorate)?;
    // Only the places are known at first: the letter says that the money is being computed.
    let content = FrameContent { status: FrameStatus::Expected, amount: None, places: Some(text.places) };
    act(&played.service, directorate, "set the places", move |cx| {
        registry::frame_create(cx, office_id, scheme_id, text.budget_year, content)
    })
    .await?;
    let officer = played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?;
    let content = round_content(played);
    let actor = officer.clone();
    let round = act(&played.service, actor, "prepare the round", move |cx| {
        rounds::create(cx, office_id, scheme_id, &content)
    })
    .await?;
    played.cast.round_id = Some(round.id);
    played.at(text.announced_at)?;
    let actor = officer.clone();
    act(&played.service, actor, "announce", move |cx| rounds::announce(cx, round.id, Expected::Any)).await?;
    played.at(text.opened_at)?;
    act(&played.service, officer, "open", move |cx| rounds::open(cx, round.id, Expected::Any)).await?;
    Ok(())
}

fn round_content(played: &Played) -> RoundContent {
    let text = played.case.round.clone();
    let forum_ids = text.forums.iter().filter_map(|key| played.cast.forums.get(key)).copied().collect();
    RoundContent {
        budget_year: text.budget_year,
        title: text.title,
        label: text.label,
        deadline: Deadline {
            local: text.deadline.local,
            zone: text.deadline.zone,
            grace_minutes: text.deadline.grace_minutes,
        },
        forum_ids,
        deferred_groups: text
            .deferred_groups
            .into_iter()
            .map(|group| DeferredGroup { label: group.label, year: group.year })
            .collect(),
        criteria: Vec::new(),
    }
}

/// Writes and hands in the applications.
pub(crate) async fn apply(played: &mut Played) -> Result<()> {
    played.at(played.case.round.submitted_at)?;
    for text in played.case.applications.clone() {
        apply_one(played, &text).await?;
    }
    Ok(())
}

async fn apply_one(played: &mut Played, text: &ApplicationText) -> Result<()> {
    let round_id = played.cast.round()?;
    let applicant = played.cast.actor(&text.by, Role::Applicant)?;
    let content = content(text);
    let what = format!("apply: {}", text.key);
    let actor = applicant.clone();
    let application =
        act(&played.service, actor, &what, move |cx| applications::create(cx, round_id, &content)).await?;
    let id = application.id;
    played.cast.applications.insert(text.key.clone(), id);
    let partners = text.partners.iter().map(|key| (key, PartyRole::Partner));
    let providers = text.provider.iter().map(|key| (key, PartyRole::Provider));
    for (person, role) in partners.chain(providers) {
        let confirmer = played.cast.actor(person, Role::Applicant)?;
        let Some(organisation_id) = confirmer.organisation_id else {
            anyhow::bail!("case.toml can not be used: «{person}» confirms but acts for no organisation");
        };
        let party = NewParty { organisation_id, role, own_contribution: None };
        let actor = applicant.clone();
        let invited = act(&played.service, actor, &what, move |cx| {
            applications::add_party(cx, id, Expected::Any, &party)
        })
        .await?;
        let Some(party) = invited.parties.iter().find(|party| party.organisation_id == organisation_id)
        else {
            continue;
        };
        let party_id = party.id;
        act(&played.service, confirmer, &what, move |cx| {
            applications::confirm_party(cx, id, Expected::Any, party_id, None)
        })
        .await?;
    }
    act(&played.service, applicant, &what, move |cx| applications::submit(cx, id, Expected::Any)).await?;
    Ok(())
}

/// Practice applications have no answers of their own, and say so.
pub(crate) fn content(text: &ApplicationText) -> ApplicationContent {
    let answer = |given: &Option<String>| given.clone().unwrap_or_else(|| "Øvingssvar.".to_owned());
    ApplicationContent {
        title: text.title.clone(),
        project_name: text.project_name.clone(),
        unit_kinds: text.unit_kinds.clone(),
        answers: BTreeMap::from([
            ("measure".to_owned(), answer(&text.measure)),
            ("participants".to_owned(), answer(&text.participants)),
            ("goal".to_owned(), answer(&text.goal)),
        ]),
        requested: None,
    }
}

/// Lets the clock close the round, screens, and hands over to the forums.
pub(crate) async fn screen(played: &mut Played) -> Result<()> {
    let round_id = played.cast.round()?;
    let text = played.case.round.clone();
    let deadline = Deadline {
        local: text.deadline.local,
        zone: text.deadline.zone,
        grace_minutes: text.deadline.grace_minutes,
    };
    played.at(deadline.closes_at()?.checked_add(SignedDuration::from_secs(1))?)?;
    work(played).await?;
    played.at(text.screened_at)?;
    let officer = played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?;
    for application in played.case.applications.clone() {
        let id = played.cast.application(&application.key)?;
        let screening = match application.deferred_to_year {
            Some(year) => NewScreening {
                outcome: ScreeningOutcome::Deferred,
                reason: application.deferral_reason.unwrap_or_default(),
                deferred_to_year: Some(year),
            },
            None => NewScreening {
                outcome: ScreeningOutcome::Eligible,
                reason: "Formelle krav er oppfylt.".to_owned(),
                deferred_to_year: None,
            },
        };
        let what = format!("screen {}", application.key);
        act(&played.service, officer.clone(), &what, move |cx| {
            applications::screen(cx, id, Expected::Any, &screening)
        })
        .await?;
    }
    act(&played.service, officer, "send to the forums", move |cx| {
        rounds::send_to_forum(cx, round_id, Expected::Any)
    })
    .await?;
    Ok(())
}
