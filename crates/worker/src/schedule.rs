//! What is due by the clock.

use jiff::{SignedDuration, Timestamp};
use tildel_usecases::domain::source::SourceName;
use tildel_usecases::jobs::{self, Job};
use tildel_usecases::{Context, Failure, Service};

use crate::sources::Sources;
use crate::worker::{internal, system};

/// Puts the next housekeeping tick into the queue, if it is not there.
pub(crate) async fn ensure(service: &Service, every_seconds: u32) -> Result<(), Failure> {
    let due = next_tick(service.now(), every_seconds);
    let waiting =
        service.read(system(), move |cx| jobs::is_scheduled(cx, &Job::Housekeeping { due })).await?;
    if waiting {
        return Ok(());
    }
    service.write(internal(), move |cx| jobs::schedule(cx, &Job::Housekeeping { due }, due)).await
}

/// Puts the next reading of each source into the queue, if it is not there.
pub(crate) async fn ensure_sources(service: &Service, sources: &Sources) -> Result<(), Failure> {
    let now = service.now();
    let ticks = sources.every_seconds.iter().map(|(source, every_seconds)| {
        let due = next_tick_at(now, *every_seconds, offset_seconds(*source));
        (Job::SourceFetch { source: *source, due: Some(due), requested_by: None }, due)
    });
    let ticks: Vec<(Job, Timestamp)> = ticks.collect();
    let missing = service.read(system(), move |cx| {
        let mut missing = Vec::new();
        for (job, due) in ticks {
            if !jobs::is_scheduled(cx, &job)? {
                missing.push((job, due));
            }
        }
        Ok(missing)
    });
    let missing = missing.await?;
    if missing.is_empty() {
        return Ok(());
    }
    let schedule =
        move |cx: &mut Context<'_>| missing.iter().try_for_each(|(job, due)| jobs::schedule(cx, job, *due));
    service.write(internal(), schedule).await
}

/// How long after a multiple of its period a source is read. They follow each other: head units say whose the sub-units are, and Kartverket is held
/// against Klass. Udir's imports are done by two in the morning in Norway, in winter as in summer an hour or more before 02:00 UTC.
fn offset_seconds(source: SourceName) -> i64 {
    const MINUTE: i64 = 60;
    match source {
        SourceName::EnhetsregisteretUnits => 0,
        SourceName::EnhetsregisteretSubUnits => 10 * MINUTE,
        SourceName::Nsr => 120 * MINUTE,
        SourceName::Nbr => 140 * MINUTE,
        SourceName::KlassMunicipalities => 210 * MINUTE,
        SourceName::KlassCounties => 215 * MINUTE,
        SourceName::Kartverket => 225 * MINUTE,
        // Tables are updated at eight in the morning in Norway, and may be odd for a while after it.
        SourceName::Pxweb => 600 * MINUTE,
    }
}

/// The first multiple of the period after now: all workers find the same one.
fn next_tick(now: Timestamp, every_seconds: u32) -> Timestamp {
    next_tick_at(now, every_seconds, 0)
}

/// The first instant after now that is so long after a multiple of the period.
fn next_tick_at(now: Timestamp, every_seconds: u32, offset_seconds: i64) -> Timestamp {
    let every = i64::from(every_seconds.max(1));
    let offset = offset_seconds.rem_euclid(every);
    let next = ((now.as_second() - offset).div_euclid(every) + 1) * every + offset;
    Timestamp::from_second(next)
        .unwrap_or_else(|_| now.saturating_add(SignedDuration::from_secs(every)).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_multiples_of_the_period() {
        let now: Timestamp = "2020-05-19T10:59:59.5Z".parse().unwrap();
        assert_eq!(next_tick(now, 3600).to_string(), "2020-05-19T11:00:00Z");
        let sharp: Timestamp = "2020-05-19T11:00:00Z".parse().unwrap();
        assert_eq!(next_tick(sharp, 3600).to_string(), "2020-05-19T12:00:00Z");
    }

    #[test]
    fn sources_are_not_all_due_at_once() {
        let now: Timestamp = "2020-05-19T10:59:59Z".parse().unwrap();
        let due = |source| next_tick_at(now, 86_400, offset_seconds(source)).to_string();
        assert_eq!(due(SourceName::EnhetsregisteretUnits), "2020-05-20T00:00:00Z");
        assert_eq!(due(SourceName::Nsr), "2020-05-20T02:00:00Z");
        let all: std::collections::BTreeSet<String> = SourceName::ALL.map(due).into();
        assert_eq!(all.len(), SourceName::ALL.len());
        // Within a shorter period too, and never now itself.
        assert_eq!(next_tick_at(now, 3600, 600).to_string(), "2020-05-19T11:10:00Z");
        let sharp: Timestamp = "2020-05-19T11:10:00Z".parse().unwrap();
        assert_eq!(next_tick_at(sharp, 3600, 600).to_string(), "2020-05-19T12:10:00Z");
    }
}
