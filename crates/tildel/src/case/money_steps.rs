//! What the office and the directorate do: decision, letters, amounts.

use anyhow::{Result, bail};
use jiff::{SignedDuration, Timestamp};
use tildel_domain::allocation::Nok;
use tildel_domain::application::ApplicationState;
use tildel_domain::decision::{AmountLine, AwardLine, DecidedOutcome, DecisionMatter};
use tildel_domain::id::DecisionId;
use tildel_domain::letter_content::PendingItem;
use tildel_domain::{Actor, Role};
use tildel_usecases::decisions;
use tildel_usecases::letters::{self, NewLetter};
use tildel_usecases::registry::{self, FrameContent, FrameFilter};
use tildel_usecases::{Credentials, Expected, PageRequest, applications, plans};
use tildel_worker::{Worker, WorkerSettings};

use super::Played;
use super::cast::act;

/// Lets the worker do all that is due.
pub(crate) async fn work(played: &Played) -> Result<()> {
    let settings = WorkerSettings {
        name: "case".to_owned(),
        concurrency: 1,
        lease_seconds: 300,
        poll_milliseconds: 500,
        retry_delays_seconds: vec![1],
        housekeeping_seconds: 24 * 60 * 60,
        fetches_kept_days: 400,
    };
    Worker::new(played.service.clone(), settings).run_until_idle().await?;
    let status =
        played.service.read(Credentials::Internal(Actor::SYSTEM), tildel_usecases::jobs::status).await?;
    if status.dead > 0 {
        bail!("{} job(s) of the case failed; the log says why", status.dead);
    }
    Ok(())
}

/// Prepares, proposes and approves a decision, and lets the plan follow.
async fn decide_on(
    played: &Played,
    matter: DecisionMatter,
    prepared_at: Timestamp,
    approved_at: Timestamp,
) -> Result<DecisionId> {
    let officer = played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?;
    let approver = played.cast.actor(&played.case.decision.approved_by, Role::Approver)?;
    played.at(prepared_at)?;
    let actor = officer.clone();
    let decision =
        act(&played.service, actor, "prepare the decision", move |cx| decisions::create(cx, &matter, None))
            .await?;
    let id = decision.decision.id;
    act(&played.service, officer, "propose the decision", move |cx| {
        decisions::propose(cx, id, Expected::Any)
    })
    .await?;
    played.at(approved_at)?;
    act(&played.service, approver, "approve the decision", move |cx| {
        decisions::approve(cx, id, Expected::Any)
    })
    .await?;
    work(played).await?;
    Ok(id)
}

/// The award: granted, declined or deferred, line by line.
pub(crate) async fn decide(played: &mut Played) -> Result<()> {
    let text = played.case.decision.clone();
    let mut lines = Vec::new();
    for application in &played.case.applications {
        let application_id = played.cast.application(&application.key)?;
        let granted = text.granted.contains(&application.key);
        let outcome = match application.deferred_to_year {
            Some(_) => DecidedOutcome::Deferred,
            None if granted => DecidedOutcome::Granted,
            None => DecidedOutcome::Declined,
        };
        lines.push(AwardLine {
            application_id,
            outcome,
            first_year: granted.then_some(text.first_year),
            last_year: granted.then_some(text.last_year),
            deferred_to_year: application.deferred_to_year,
            reason_code: None,
            reason: application.deferral_reason.clone(),
            legal_basis: None,
        });
    }
    let matter = DecisionMatter::Award { round_id: played.cast.round()?, lines };
    let id = decide_on(played, matter, text.prepared_at, text.approved_at).await?;
    played.cast.decision_id = Some(id);
    Ok(())
}

/// The letter while the amounts are pending.
pub(crate) async fn inform(played: &mut Played) -> Result<()> {
    let text = played.case.letter.clone();
    send_letter(played, text.information_at, text.greeting).await
}

async fn send_letter(played: &mut Played, date: Timestamp, greeting: Option<String>) -> Result<()> {
    let text = played.case.letter.clone();
    let officer = played.cast.actor(&text.prepared_by, Role::CaseOfficer)?;
    let approver = played.cast.actor(&text.approved_by, Role::Approver)?;
    let Some(decision_id) = played.cast.decision_id else { bail!("the case has no decision yet") };
    let new = NewLetter {
        decision_id,
        language: text.language,
        recipients: text.recipients,
        case_number: None,
        contact_id: played.cast.person(&text.contact)?,
        signatory_ids: text.signatories.iter().map(|key| played.cast.person(key)).collect::<Result<_>>()?,
        events: text.events,
        pending: text
            .pending
            .into_iter()
            .map(|item| PendingItem { label: item.label, awaited_from: item.awaited_from })
            .collect(),
        greeting,
    };
    played.at(date)?;
    let actor = officer.clone();
    let letter =
        act(&played.service, actor, "prepare the letter", move |cx| letters::create(cx, &new)).await?;
    let id = letter.id;
    let actor = officer.clone();
    act(&played.service, actor, "propose the letter", move |cx| letters::propose(cx, id, Expected::Any))
        .await?;
    act(&played.service, approver, "approve the letter", move |cx| letters::approve(cx, id, Expected::Any))
        .await?;
    work(played).await?;
    act(&played.service, officer, "send the letter", move |cx| letters::dispatch(cx, id, Expected::Any))
        .await?;
    played.cast.letter_ids.push(id);
    Ok(())
}

/// The directorate publishes model and frames, the worker computes, the office decides the amounts and writes again.
pub(crate) async fn grant_amounts(played: &mut Played) -> Result<()> {
    let text = played.case.amounts.clone();
    played.at(text.published_at)?;
    publish(played).await?;
    work(played).await?;
    let matter = amounts_of_latest_run(played).await?;
    let approved_at = text.decided_at.checked_add(SignedDuration::from_hours(4))?;
    decide_on(played, matter, text.decided_at, approved_at).await?;
    let date = played.case.letter.amounts_at;
    send_letter(played, date, None).await
}

async fn publish(played: &Played) -> Result<()> {
    let scheme_id = played.cast.scheme()?;
    let directorate = played.cast.actor(&played.case.amounts.published_by, Role::Directorate)?;
    let model = played.case.amounts.model.clone();
    let actor = directorate.clone();
    act(&played.service, actor, "publish the model", move |cx| {
        registry::funding_model_publish(cx, scheme_id, &model)
    })
    .await?;
    for frame in played.case.amounts.frames.clone() {
        let amount: Nok = frame.amount.parse()?;
        let round = &played.case.round;
        let places = (frame.year == round.budget_year).then_some(round.places);
        let content = FrameContent { status: frame.status, amount: Some(amount), places };
        set_frame(played, frame.year, content).await?;
    }
    Ok(())
}

/// Sets the frame of a year, or changes the one that stands.
pub(crate) async fn set_frame(played: &Played, year: i16, content: FrameContent) -> Result<()> {
    let (office_id, scheme_id) = (played.cast.office()?, played.cast.scheme()?);
    let directorate = played.cast.actor(&played.case.amounts.published_by, Role::Directorate)?;
    let what = format!("set the frame of {year}");
    act(&played.service, directorate, &what, move |cx| {
        let filter = FrameFilter { office_id: Some(office_id), scheme_id: Some(scheme_id), year: Some(year) };
        let standing = registry::frame_list(cx, &filter, &PageRequest::first(1))?;
        match standing.items.first() {
            Some(frame) => registry::frame_update(cx, frame.id, Expected::Any, content),
            None => registry::frame_create(cx, office_id, scheme_id, year, content),
        }
    })
    .await?;
    Ok(())
}

/// All amounts of grants that the newest run knows.
async fn amounts_of_latest_run(played: &Played) -> Result<DecisionMatter> {
    let (office_id, scheme_id) = (played.cast.office()?, played.cast.scheme()?);
    let run = played
        .service
        .read(Credentials::Internal(Actor::SYSTEM), move |cx| plans::run_latest(cx, office_id, scheme_id))
        .await?;
    let Some(run) = run else { bail!("nothing was computed, as nothing was granted") };
    let mut lines = Vec::new();
    for line in run.lines_of_grants() {
        let Some(amount) = line.amount else { continue };
        lines.push(AmountLine {
            grant_id: line.project.parse::<uuid::Uuid>()?.into(),
            year: line.year,
            amount,
            reason_code: None,
            reason: None,
            legal_basis: None,
        });
    }
    Ok(DecisionMatter::Amounts { run_id: run.id, lines })
}

/// The state that each application has come to, for the outcome files.
pub(crate) async fn application_states(played: &Played) -> Result<Vec<(String, String, ApplicationState)>> {
    let mut states = Vec::new();
    for application in &played.case.applications {
        let id = played.cast.application(&application.key)?;
        let read = played
            .service
            .read(Credentials::Internal(Actor::SYSTEM), move |cx| applications::read(cx, id))
            .await?;
        states.push((application.key.clone(), read.reference, read.state));
    }
    Ok(states)
}
