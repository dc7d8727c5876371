//! What the program shows after all, over HTTP.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::book::{Book, Votes};
use super::writer::{MARK, now};
use crate::stage::Stage;

/// Longer than the queue needs after the last kill: lease, pause before the next attempt, and the work itself.
const SETTLE_MAX: Duration = Duration::from_secs(30);
/// A job that should have begun this long ago lags.
const LAG_MAX: SignedDuration = SignedDuration::from_secs(10);

/// What is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Names of organisations, as often as they are listed.
    pub(super) organisations: Vec<String>,
    /// Titles of applications, as often as they are listed.
    pub(super) applications: Vec<String>,
    /// Titles and states of short ballots, as often as they are listed.
    pub(super) ballots: Vec<(String, String)>,
    /// For each seat, the revision and the content of the vote that stands in the common ballot.
    pub(super) votes: BTreeMap<String, Votes>,
    /// Places of the journal, in its order.
    pub(super) journal: Vec<i64>,
    /// Votes in the common ballot, by the journal.
    pub(super) votes_in_journal: u64,
    /// How often each short ballot was counted, by its title and the journal.
    pub(super) counts: BTreeMap<String, u64>,
    /// Jobs that were done.
    pub(super) jobs_done: usize,
    /// Jobs that run, are dead or lag: what and in which state.
    pub(super) jobs_stuck: Vec<String>,
}

/// Waits until the ballots that were opened are counted and no job is stuck, but not for ever.
pub(super) async fn settled(stage: &Stage, book: &Book) -> Result<Found> {
    let begun = Instant::now();
    loop {
        let jobs = stage.admin.list("/v1/jobs").await?;
        let ballots = short_ballots(stage).await?;
        let counted = ballots.iter().filter(|(_, _, state)| state == "counted").count();
        let is_settled = stuck(&jobs)?.is_empty() && counted >= book.opened.len();
        if is_settled || begun.elapsed() > SETTLE_MAX {
            return look(stage, &jobs, &ballots).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn look(stage: &Stage, jobs: &[Value], ballots: &[(String, String, String)]) -> Result<Found> {
    let mut found = Found {
        organisations: marked(&stage.officer.list("/v1/organisations").await?, "name"),
        ballots: ballots.iter().map(|(_, title, state)| (title.clone(), state.clone())).collect(),
        jobs_done: jobs.iter().filter(|job| job["state"] == "done").count(),
        jobs_stuck: stuck(jobs)?,
        ..Found::default()
    };
    for hand in &stage.hands {
        let drafts = hand.applicant.list(&format!("/v1/applications?roundId={}", stage.round)).await?;
        found.applications.extend(marked(&drafts, "title"));
        // A seat that has not voted has no vote to show.
        if let Ok(vote) = hand.member.get(&format!("{}/{}", stage.votes_path(), hand.seat)).await {
            let count = vote.body["revision"].as_u64().context("failed to find the revision of a vote")?;
            let last =
                vote.body.pointer("/content/choice").and_then(Value::as_str).unwrap_or_default().to_owned();
            found.votes.insert(hand.seat.clone(), Votes { count, last });
        }
    }
    let titles: BTreeMap<&str, &str> =
        ballots.iter().map(|(id, title, _)| (id.as_str(), title.as_str())).collect();
    for entry in stage.admin.list("/v1/journal").await? {
        found.journal.push(entry["seq"].as_i64().context("failed to find the place of an entry")?);
        let subject = entry["subjectId"].as_str().unwrap_or_default();
        match entry["action"].as_str() {
            Some("vote.cast") if subject == stage.ballot => found.votes_in_journal += 1,
            Some("ballot.count") => {
                let title = titles.get(subject).copied().unwrap_or(subject);
                *found.counts.entry(title.to_owned()).or_default() += 1;
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Id, title and state of the ballots that the writers held.
async fn short_ballots(stage: &Stage) -> Result<Vec<(String, String, String)>> {
    let all = stage.chair.list("/v1/ballots").await?;
    let text = |ballot: &Value, field: &str| ballot[field].as_str().unwrap_or_default().to_owned();
    let short = all.iter().filter(|ballot| text(ballot, "title").starts_with(MARK));
    Ok(short.map(|ballot| (text(ballot, "id"), text(ballot, "title"), text(ballot, "state"))).collect())
}

fn marked(items: &[Value], field: &str) -> Vec<String> {
    let texts = items.iter().filter_map(|item| item[field].as_str());
    texts.filter(|text| text.starts_with(MARK)).map(str::to_owned).collect()
}

fn stuck(jobs: &[Value]) -> Result<Vec<String>> {
    let mut stuck = Vec::new();
    for job in jobs {
        let due: Timestamp =
            job["runAt"].as_str().unwrap_or_default().parse().context("failed to read a job")?;
        let state = job["state"].as_str().unwrap_or_default();
        let lags = state == "ready" && now().duration_since(due) > LAG_MAX;
        if matches!(state, "running" | "dead") || lags {
            stuck.push(format!("{} is {state} since {due}", job["kind"].as_str().unwrap_or_default()));
        }
    }
    Ok(stuck)
}
