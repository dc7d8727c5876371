//! A fetcher with a clock that only waiting moves.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tildel_registers::fetch::{
    Archive, ContentHash, Fetcher, FetcherSettings, Request, SourceKey, Surroundings,
};
use tildel_registers::read::Limits;

/// A clock that begins on 27 November 2026 at noon, and chance that always says the same.
#[derive(Default)]
pub(crate) struct Clock {
    waits: Mutex<Vec<Duration>>,
}

impl Clock {
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}

impl Surroundings for Clock {
    fn now(&self) -> Timestamp {
        let begin: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        self.waits.lock().unwrap().iter().fold(begin, |now, wait| now + *wait)
    }

    fn wait(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.waits.lock().unwrap().push(time);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> u64 {
        0
    }
}

/// What was kept.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Vec<(ContentHash, Vec<u8>)>>);

impl Kept {
    pub(crate) fn all(&self) -> Vec<(ContentHash, Vec<u8>)> {
        self.0.lock().unwrap().clone()
    }
}

impl Archive for Kept {
    fn keep(&self, hash: ContentHash, body: &[u8]) -> std::io::Result<()> {
        self.0.lock().unwrap().push((hash, body.to_vec()));
        Ok(())
    }
}

/// A fetcher with what it is given.
pub(crate) struct Setting {
    pub(crate) fetcher: Fetcher,
    pub(crate) clock: Arc<Clock>,
    pub(crate) kept: Arc<Kept>,
}

pub(crate) fn setting() -> Setting {
    setting_with(|_| ())
}

/// One kilobyte and four levels are allowed, and what else is changed.
pub(crate) fn setting_with(change: impl FnOnce(&mut FetcherSettings)) -> Setting {
    let (clock, kept) = (Arc::<Clock>::default(), Arc::<Kept>::default());
    let mut settings = FetcherSettings::new("Tildel/test (+https://example.org)");
    settings.limits = Limits { bytes: 1024, depth: 4 };
    settings.file_bytes = 4096;
    change(&mut settings);
    let fetcher = Fetcher::plain(settings, Arc::clone(&clock) as _, Arc::clone(&kept) as _);
    Setting { fetcher, clock, kept }
}

pub(crate) fn request(url: url::Url) -> Request {
    Request::json(SourceKey::KLASS, url)
}
