//! What a case leaves in a folder: amounts as CSV and JSON, outcomes, minutes, letters.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tildel_domain::text::Language;
use tildel_domain::{Actor, Role};
use tildel_usecases::letters::{self, Format};
use tildel_usecases::{Credentials, minutes, plans};

use super::Played;
use super::minutes_text;
use super::money_steps::application_states;

/// Writes everything and returns the files, in order.
pub(crate) async fn write(played: &Played, folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| {
        format!("failed to make the folder {}; give one that you may write to", folder.display())
    })?;
    let mut files = Vec::new();
    let mut keep = |name: String, bytes: &[u8]| -> Result<()> {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| {
            format!("failed to write {}; free the disk or give another folder", path.display())
        })?;
        files.push(path);
        Ok(())
    };
    let (csv, json) = amounts(played).await?;
    keep("amounts.csv".to_owned(), &csv)?;
    keep("amounts.json".to_owned(), &json)?;
    keep("outcomes.csv".to_owned(), &outcomes(played).await?)?;
    for (key, text) in minutes_of_all(played).await? {
        keep(format!("minutes-{key}.md"), text.as_bytes())?;
    }
    let names = ["letter-information", "letter-amounts"];
    for (id, name) in played.cast.letter_ids.iter().zip(names) {
        let id = *id;
        for format in Format::ALL {
            let rendition =
                played.service.read(staff(played)?, move |cx| letters::document_read(cx, id, format)).await?;
            keep(format!("{name}.{}", format.as_str()), &rendition.bytes)?;
        }
    }
    Ok(files)
}

fn staff(played: &Played) -> Result<Credentials> {
    Ok(Credentials::Internal(played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?))
}

/// The newest run: as a table for people, and whole, with its traces, for programs.
async fn amounts(played: &Played) -> Result<(Vec<u8>, Vec<u8>)> {
    let (office_id, scheme_id) = (played.cast.office()?, played.cast.scheme()?);
    let run = played
        .service
        .read(Credentials::Internal(Actor::SYSTEM), move |cx| plans::run_latest(cx, office_id, scheme_id))
        .await?
        .context("nothing was computed")?;
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["run", "reference", "title", "year", "amount_nok", "explanation"])?;
    for line in &run.plan.lines {
        let project = run.input.projects.iter().find(|project| project.id == line.project);
        let amount = line.amount.map(|amount| amount.to_string()).unwrap_or_default();
        let explanation = line.trace.sentences(Language::Nb, line.year).join(" ");
        let title = project.map(|project| project.title.as_str()).unwrap_or_default();
        let year = line.year.to_string();
        table.write_record([&run.id.to_string(), &line.reference, title, &year, &amount, &explanation])?;
    }
    let whole = serde_json::json!({
        "runId": run.id,
        "inputHash": run.input_hash,
        "computedAt": run.created_at,
        "input": run.input,
        "plan": run.plan,
    });
    Ok((table.into_inner()?, serde_json::to_vec_pretty(&whole)?))
}

async fn outcomes(played: &Played) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["application", "reference", "state"])?;
    for (key, reference, state) in application_states(played).await? {
        table.write_record([key.as_str(), reference.as_str(), state.as_str()])?;
    }
    Ok(table.into_inner()?)
}

async fn minutes_of_all(played: &Played) -> Result<Vec<(String, String)>> {
    let mut written = Vec::new();
    for meeting in &played.case.meetings {
        let Some(id) = played.cast.meetings.get(&meeting.key).copied() else { continue };
        let minutes = played.service.read(staff(played)?, move |cx| minutes::read(cx, id, None)).await?;
        written.push((meeting.key.clone(), minutes_text::write(&minutes.content)?));
    }
    Ok(written)
}
