//! The worker reads registers by the clock and when it is asked.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tildel_registers::fetch::{Fetcher, FetcherSettings, NoArchive, Retries, SystemSurroundings};
use tildel_test_support::{TestClock, TestStore, both_backends};
use tildel_usecases::ambient::SeededRandomness;
use tildel_usecases::domain::Actor;
use tildel_usecases::domain::source::{Fetch, Source, SourceName};
use tildel_usecases::jobs::{self, Job, JobState, QueuedJob};
use tildel_usecases::sources::{self, Bases, Fetchers, Ingest, IngestParts};
use tildel_usecases::{Clock, Credentials, Service, ServiceParts, Write as Writing};
use tildel_worker::{Sources, Worker, WorkerSettings};
use tokio_util::sync::CancellationToken;

struct SharedClock(TestClock);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// Whether the server is to say nothing, and what wakes it once it may.
type Silence = Arc<(Mutex<bool>, Condvar)>;

/// A server that has counties of Klass and nothing else. Asked for their codes, it tells the worker to stop, where it is to.
fn server(stop: CancellationToken, stops: Arc<AtomicBool>, silence: Silence) -> url::Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
            // Says nothing as long as it is to be silent; the connection stays.
            let (silent, ended) = &*silence;
            drop(ended.wait_while(silent.lock().unwrap(), |silent| *silent).unwrap());
            let (status, body) = if first.contains("/104/changes") {
                (200, r#"{"codeChanges":[{"oldCode":"12","newCode":"46","changeOccurred":"2020-01-01"}]}"#)
            } else if first.contains("/104/codes") {
                if stops.swap(false, Ordering::SeqCst) {
                    stop.cancel();
                }
                (200, r#"{"codes":[{"code":"46","name":"Vestland"}]}"#)
            } else if first.contains("/nsr/") {
                (400, "{}")
            } else {
                (503, "{}")
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} Stub\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(head.as_bytes()).unwrap();
        }
    });
    base
}

struct Setting {
    service: Service,
    clock: TestClock,
    worker: Worker,
    reading: Worker,
    ingest: Arc<Ingest>,
    stop: CancellationToken,
    stops: Arc<AtomicBool>,
    silence: Silence,
    _folder: tempfile::TempDir,
}

fn setting(store: &TestStore) -> Setting {
    let clock = TestClock::new("2026-11-27T12:00:00Z".parse().unwrap());
    let service = Service::new(ServiceParts {
        store: (**store).clone(),
        clock: Arc::new(SharedClock(clock.clone())),
        randomness: Arc::new(SeededRandomness::new(5)),
        journal_key: vec![7; 32],
        concurrent_calls: 4,
    });
    let (stop, stops) = (CancellationToken::new(), Arc::new(AtomicBool::new(false)));
    let silence = Silence::default();
    let base = server(stop.clone(), Arc::clone(&stops), Arc::clone(&silence));
    let mut settings = FetcherSettings::new("Tildel test");
    settings.retries =
        Retries { attempts: 1, first: Duration::from_millis(1), longest: Duration::from_secs(1) };
    let fetcher_clock = clock.clone();
    let surroundings = Arc::new(SystemSurroundings::new(move || fetcher_clock.now(), || 0));
    let folder = tempfile::tempdir().unwrap();
    let ingest = Ingest::new(IngestParts {
        service: service.clone(),
        fetchers: Fetchers {
            tls: None,
            plain: Some(Arc::new(Fetcher::plain(settings, surroundings, Arc::new(NoArchive)))),
        },
        bases: Bases {
            enhetsregisteret: base.clone(),
            nsr: base.join("nsr/").unwrap(),
            nbr: base.join("nbr/").unwrap(),
            klass: base.clone(),
            kartverket: base.clone(),
            pxweb: base,
        },
        file_every_seconds: 0,
        controls: Vec::new(),
        folder: folder.path().to_owned(),
        runtime: tokio::runtime::Handle::current(),
    });
    let worker = Worker::new(
        service.clone(),
        WorkerSettings {
            name: "w".to_owned(),
            concurrency: 1,
            lease_seconds: 60,
            poll_milliseconds: 1000,
            retry_delays_seconds: vec![5],
            housekeeping_seconds: 1_000_000,
            fetches_kept_days: 100,
        },
    );
    let every_seconds =
        BTreeMap::from([(SourceName::KlassCounties, 3600), (SourceName::Nsr, 3600), (SourceName::Nbr, 3600)]);
    let ingest = Arc::new(ingest);
    let reading = worker.clone().with_sources(Sources { ingest: Arc::clone(&ingest), every_seconds });
    Setting { service, clock, worker, reading, ingest, stop, stops, silence, _folder: folder }
}

impl Setting {
    async fn source(&self, name: SourceName) -> Source {
        self.service
            .read(Credentials::Internal(Actor::SYSTEM), move |cx| sources::read(cx, name))
            .await
            .unwrap()
    }

    async fn fetches(&self) -> Vec<Fetch> {
        let admin = Actor { role: tildel_usecases::domain::Role::Admin, ..Actor::SYSTEM };
        let page = |cx: &mut tildel_usecases::Context<'_>| {
            sources::fetches(cx, &sources::FetchFilter::default(), &tildel_usecases::PageRequest::first(50))
        };
        self.service.read(Credentials::Internal(admin), page).await.unwrap().items
    }

    async fn jobs(&self, state: JobState) -> Vec<QueuedJob> {
        let mut jobs = self.all_jobs(state).await;
        jobs.retain(|job| job.kind == "source.fetch");
        jobs
    }

    async fn all_jobs(&self, state: JobState) -> Vec<QueuedJob> {
        let admin = Actor { role: tildel_usecases::domain::Role::Admin, ..Actor::SYSTEM };
        let listed =
            self.service.read(Credentials::Internal(admin), move |cx| jobs::list(cx, Some(state), None, 50));
        listed.await.unwrap().items
    }
}

both_backends! {
    async fn each_source_is_read_when_it_is_due(store: TestStore) {
        let setting = setting(&store);
        assert_eq!(setting.reading.run_until_idle().await.unwrap(), 0, "nothing is due yet");
        assert_eq!(setting.jobs(JobState::Ready).await.len(), 3);
        setting.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(setting.reading.run_until_idle().await.unwrap(), 3);
        let done = setting.jobs(JobState::Done).await;
        assert_eq!(done.len(), 1);
        let result = done[0].result.clone().unwrap();
        assert_eq!((&result["state"], &result["records"], &result["changed"]), (&"done".into(), &2.into(), &2.into()));
        // What is refused is put aside; what may pass is tried again.
        let dead = setting.jobs(JobState::Dead).await;
        assert_eq!((dead.len(), dead[0].payload["source"].clone()), (1, "nsr".into()));
        let waiting = setting.jobs(JobState::Ready).await;
        let again: Vec<_> = waiting.iter().filter(|job| job.attempts > 0).collect();
        assert_eq!((again.len(), again[0].payload["source"].clone()), (1, "nbr".into()));
        assert_eq!(again[0].last_error.as_deref(), Some("the source fails with status 503"));
        assert_eq!(setting.source(SourceName::Nbr).await.failures, 1);
        assert_eq!(setting.source(SourceName::KlassCounties).await.failures, 0);
        setting.clock.advance(SignedDuration::from_secs(5));
        assert_eq!(setting.reading.run_until_idle().await.unwrap(), 1);
        assert_eq!(setting.source(SourceName::Nbr).await.failures, 2);
    }

    async fn a_worker_that_reads_no_sources_says_so(store: TestStore) {
        let setting = setting(&store);
        let asked = setting.service.write(Writing::internal(Actor::SYSTEM), |cx| sources::request_fetch(cx, SourceName::KlassCounties));
        let id = asked.await.unwrap();
        assert_eq!(setting.worker.run_until_idle().await.unwrap(), 1);
        let dead = setting.jobs(JobState::Dead).await;
        assert_eq!(dead[0].id, id);
        // Asked again, of a worker that does.
        let asked = setting.service.write(Writing::internal(Actor::SYSTEM), |cx| sources::request_fetch(cx, SourceName::KlassCounties));
        let id = asked.await.unwrap();
        setting.reading.run_until_idle().await.unwrap();
        assert_eq!(setting.jobs(JobState::Done).await[0].id, id);
    }

    async fn who_asks_does_not_wait_for_the_next_attempt(store: TestStore) {
        let setting = setting(&store);
        let ask = || setting.service.write(Writing::internal(Actor::SYSTEM), |cx| sources::request_fetch(cx, SourceName::Nbr));
        let id = ask().await.unwrap();
        setting.reading.run_until_idle().await.unwrap();
        let waiting = setting.jobs(JobState::Ready).await.into_iter().find(|job| job.id == id).unwrap();
        assert!(waiting.attempts == 1 && waiting.run_at > setting.service.now(), "it failed, and is tried again later");
        assert_eq!(setting.reading.run_until_idle().await.unwrap(), 0);
        // The clock stands still.
        assert_eq!(ask().await.unwrap(), id, "the same work");
        assert_eq!(setting.reading.run_until_idle().await.unwrap(), 1);
        assert_eq!(setting.source(SourceName::Nbr).await.failures, 2);
    }

    /// Readings are cleared away in time by the housekeeping, but for the newest.
    async fn old_readings_are_cleared_away(store: TestStore) {
        let setting = setting(&store);
        let mut readings = Vec::new();
        // It reads nothing by the clock.
        let sources = Sources { ingest: Arc::clone(&setting.ingest), every_seconds: BTreeMap::new() };
        let reading = setting.worker.clone().with_sources(sources);
        for _ in 0..3 {
            let ask = |cx: &mut tildel_usecases::Context<'_>| sources::request_fetch(cx, SourceName::KlassCounties);
            setting.service.write(Writing::internal(Actor::SYSTEM), ask).await.unwrap();
            reading.run_until_idle().await.unwrap();
            readings.push(setting.fetches().await.last().unwrap().id);
            setting.clock.advance(SignedDuration::from_hours(24));
        }
        let house = async || {
            let due = setting.service.now();
            let tick = move |cx: &mut tildel_usecases::Context<'_>| jobs::schedule(cx, &Job::Housekeeping { due }, due);
            setting.service.write(Writing::internal(Actor::SYSTEM), tick).await.unwrap();
            setting.worker.run_until_idle().await.unwrap();
        };
        let left = async || setting.fetches().await.into_iter().map(|fetch| fetch.id).collect::<Vec<_>>();
        // The first two ended 102 and 101 days ago, the last one 100: and that is not more than 100.
        setting.clock.advance(SignedDuration::from_hours(24 * 97));
        house().await;
        assert_eq!(left().await, readings, "nothing is older than a hundred days");
        setting.clock.advance(SignedDuration::from_hours(24 * 2));
        house().await;
        // The first was done and the others told nothing new: it stays as the newest that was done, the last as the newest.
        assert_eq!(left().await, [readings[0], readings[2]]);
    }

    async fn a_reading_does_not_hold_up_the_rest(store: TestStore) {
        let setting = setting(&store);
        let ask = |source| setting.service.write(Writing::internal(Actor::SYSTEM), move |cx| sources::request_fetch(cx, source));
        ask(SourceName::KlassCounties).await.unwrap();
        // The housekeeping of this instant is due after the reading that was asked for, and is done while the source is silent.
        let tick = Job::Housekeeping { due: setting.service.now() };
        let due = setting.service.now();
        setting.service.write(Writing::internal(Actor::SYSTEM), move |cx| jobs::schedule(cx, &tick, due)).await.unwrap();
        *setting.silence.0.lock().unwrap() = true;
        let working = tokio::spawn(setting.reading.clone().run(setting.stop.clone()));
        let mut done = false;
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            done = setting.all_jobs(JobState::Done).await.iter().any(|job| job.kind == "housekeeping");
            if done {
                break;
            }
        }
        assert!(done, "it waits for the reading");
        assert_eq!(setting.jobs(JobState::Running).await.len(), 1);
        *setting.silence.0.lock().unwrap() = false;
        setting.silence.1.notify_all();
        setting.stop.cancel();
        working.await.unwrap();
    }

    async fn a_reading_leaves_off_when_the_worker_stops(store: TestStore) {
        let setting = setting(&store);
        let asked = setting.service.write(Writing::internal(Actor::SYSTEM), |cx| sources::request_fetch(cx, SourceName::KlassCounties));
        let id = asked.await.unwrap();
        setting.stops.store(true, Ordering::SeqCst);
        setting.reading.clone().run(setting.stop.clone()).await;
        let waiting = setting.jobs(JobState::Ready).await;
        let given_back = waiting.iter().find(|job| job.id == id).unwrap();
        assert_eq!((given_back.attempts, given_back.worker.clone()), (0, None), "it cost no attempt");
        let source = setting.source(SourceName::KlassCounties).await;
        assert_eq!((source.failures, source.last_success_at), (0, None));
        // Another worker goes on.
        setting.reading.run_until_idle().await.unwrap();
        assert_eq!(setting.jobs(JobState::Done).await[0].id, id);
        assert!(setting.source(SourceName::KlassCounties).await.last_success_at.is_some());
    }
}
