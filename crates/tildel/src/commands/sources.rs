//! `tildel sources`: how the registers stand, and reading one now.

use std::io::IsTerminal;
use std::ops::ControlFlow;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use tildel_domain::source::{Fetch, Source};
use tildel_usecases::sources::{self, Asked, Progress};
use tildel_usecases::{Credentials, Service};

use super::token::installer;
use crate::cli::SourcesFetch;
use crate::settings::Settings;
use crate::{database, wiring};

pub(super) async fn list(settings: &Settings, json: bool) -> Result<()> {
    let service = service(settings).await?;
    let now = service.now();
    let listed = service.read(Credentials::Internal(installer()), sources::list).await;
    let listed = listed.context("failed to list the sources")?;
    if json {
        println!("{}", serde_json::to_string_pretty(&listed)?);
        return Ok(());
    }
    for source in &listed {
        println!("{}", line(source, now));
    }
    Ok(())
}

pub(super) async fn fetch(settings: &Settings, what: SourcesFetch) -> Result<()> {
    let service = service(settings).await?;
    let ingest = wiring::ingest(settings, service)?;
    let SourcesFetch { name, files, as_of, json } = what;
    let asked = Asked { source: name, files, as_of, requested_by: None };
    let bar = std::io::stderr().is_terminal().then(|| bar(name.as_str()));
    let shown = bar.clone();
    let read = ingest.run(asked, move |progress| {
        if let Some(bar) = &shown {
            show(bar, progress);
        }
        ControlFlow::Continue(())
    });
    let read = read.await;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let fetch = read.with_context(|| format!("The source {name} was not read to its end"))?;
    if json {
        println!("{}", serde_json::to_string_pretty(&fetch)?);
    } else {
        println!("{}", told(&fetch));
    }
    Ok(())
}

async fn service(settings: &Settings) -> Result<Service> {
    let store = database::open_migrated(settings).await?;
    Ok(wiring::service(settings, store, &database::journal_key(settings)?))
}

fn bar(name: &'static str) -> ProgressBar {
    let bar = ProgressBar::no_length().with_prefix(name);
    match ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    if let Some(total) = progress.bytes_total {
        bar.set_length(total);
    }
    bar.set_position(progress.bytes);
    bar.set_message(format!("{} records", progress.records));
}

/// A source in one line: its name, how it stands, how old what it has is, and why it failed last.
fn line(source: &Source, now: Timestamp) -> String {
    let state = match (source.last_attempt_at, source.last_success_at, source.failures) {
        (None, ..) => "unread".to_owned(),
        (_, None, 0) => "begun".to_owned(),
        (_, _, 0) => "good".to_owned(),
        (_, _, failures) => format!("failing ({failures})"),
    };
    let age = source
        .last_success_at
        .map_or("never read".to_owned(), |at| format!("read {} ago", duration(now.duration_since(at))));
    let error = source.last_error.as_deref().unwrap_or_default();
    format!("{:26}  {state:12}  {age:18}  {error}", source.name.as_str()).trim_end().to_owned()
}

fn duration(time: SignedDuration) -> String {
    match time.as_mins() {
        minutes if minutes < 1 => "under 1 min".to_owned(),
        minutes if minutes < 120 => format!("{minutes} min"),
        minutes if minutes < 48 * 60 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / (24 * 60)),
    }
}

fn told(fetch: &Fetch) -> String {
    let Fetch { source, records, changed, personal, unreadable, .. } = fetch;
    let mut text = format!(
        "{source}: {}; {records} records read, {changed} say something new, {personal} of persons not kept, {unreadable} not readable",
        fetch.state.as_str()
    );
    for finding in &fetch.findings {
        text.push_str("\n  ");
        text.push_str(finding);
    }
    text
}

#[cfg(test)]
mod tests {
    use tildel_domain::source::SourceName;

    use super::*;

    #[test]
    fn a_source_is_told_in_one_line() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let now = at("2026-11-27T12:00:00Z").unwrap();
        let unread = Source::unread(SourceName::Nsr);
        assert_eq!(line(&unread, now), "nsr                         unread        never read");
        let good = Source {
            last_attempt_at: at("2026-11-27T11:00:00Z"),
            last_success_at: at("2026-11-27T11:00:01Z"),
            ..unread.clone()
        };
        assert_eq!(line(&good, now), "nsr                         good          read 59 min ago");
        let failing = Source {
            failures: 3,
            last_success_at: at("2026-11-20T11:00:01Z"),
            last_error: Some("the answer is cut short".to_owned()),
            ..good
        };
        assert_eq!(
            line(&failing, now),
            "nsr                         failing (3)   read 7 days ago     the answer is cut short"
        );
    }
}
