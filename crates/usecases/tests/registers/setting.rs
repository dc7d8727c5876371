//! A service with a clock that moves at each reading, and all that ingest needs.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tildel_domain::Actor;
use tildel_domain::allocation::{Measure, UnitKind};
use tildel_domain::register::{RegisterKey, RegisterUnitState};
use tildel_domain::source::{Fetch, Source, SourceName};
use tildel_registers::fetch::{Fetcher, FetcherSettings, NoArchive, Retries, SystemSurroundings};
use tildel_test_support::{Dump, TestClock, TestStore, dump};
use tildel_usecases::ambient::SeededRandomness;
use tildel_usecases::sources::{
    self, Asked, Bases, ControlSettings, Fetchers, Ingest, IngestError, IngestParts,
};
use tildel_usecases::{Clock, Credentials, Service, ServiceParts};

struct SharedClock(TestClock);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// National files are read again after a week.
pub(crate) const FILE_EVERY_SECONDS: u32 = 604_800;

/// Everything around a reading.
pub(crate) struct Setting {
    pub(crate) store: TestStore,
    pub(crate) service: Service,
    pub(crate) ingest: Ingest,
    pub(crate) folder: tempfile::TempDir,
    clock: TestClock,
    _runtime: tokio::runtime::Runtime,
}

impl Setting {
    /// Without a server.
    pub(crate) fn new(store: TestStore) -> Self {
        Self::with_server(store, &"http://127.0.0.1:9/".parse().unwrap())
    }

    /// With a server that is every register.
    pub(crate) fn with_server(store: TestStore, base: &url::Url) -> Self {
        let controls = vec![
            control(UnitKind::Kindergarten, "12562", "Ansatte", Measure::Employees),
            control(UnitKind::PrimarySchool, "11981", "Arsverk", Measure::ManYears),
        ];
        Self::with_controls(store, base, controls)
    }

    /// With a server, and with these tables to hold sums against.
    pub(crate) fn with_controls(store: TestStore, base: &url::Url, controls: Vec<ControlSettings>) -> Self {
        let clock = TestClock::new("2026-11-27T12:00:00Z".parse().unwrap());
        let service = Service::new(ServiceParts {
            store: store.clone(),
            clock: Arc::new(SharedClock(clock.clone())),
            randomness: Arc::new(SeededRandomness::new(5)),
            journal_key: vec![7; 32],
            concurrent_calls: 4,
        });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fetcher_clock = clock.clone();
        let mut settings = FetcherSettings::new("Tildel test");
        settings.retries =
            Retries { attempts: 2, first: Duration::from_millis(1), longest: Duration::from_secs(1) };
        let surroundings = SystemSurroundings::new(move || fetcher_clock.now(), || 0);
        let fetcher = Fetcher::plain(settings, Arc::new(surroundings), Arc::new(NoArchive));
        let folder = tempfile::tempdir().unwrap();
        let bases = Bases {
            enhetsregisteret: base.clone(),
            nsr: base.join("nsr/").unwrap(),
            nbr: base.join("nbr/").unwrap(),
            klass: base.join("klass/").unwrap(),
            kartverket: base.clone(),
            pxweb: base.join("pxweb/").unwrap(),
        };
        let ingest = Ingest::new(IngestParts {
            service: service.clone(),
            fetchers: Fetchers { tls: None, plain: Some(Arc::new(fetcher)) },
            bases,
            file_every_seconds: FILE_EVERY_SECONDS,
            controls,
            folder: folder.path().join("sources"),
            runtime: runtime.handle().clone(),
        });
        Self { store, service, ingest, folder, clock, _runtime: runtime }
    }

    /// Reads, with the clock an hour later than at the last reading.
    pub(crate) fn read(&self, asked: &Asked) -> Result<Fetch, IngestError> {
        self.read_until(asked, usize::MAX)
    }

    /// Lets so many days go by.
    pub(crate) fn wait_days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Reads so many batches at most.
    pub(crate) fn read_until(&self, asked: &Asked, batches: usize) -> Result<Fetch, IngestError> {
        self.clock.advance(SignedDuration::from_hours(1));
        let left = Cell::new(batches);
        self.ingest.run_blocking(asked, &|_| {
            left.set(left.get() - 1);
            if left.get() == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// Reads one batch at a time, each time anew, until the end. Returns the last reading and how often it was broken off.
    pub(crate) fn read_in_pieces(&self, asked: &Asked) -> (Fetch, usize) {
        for pieces in 0..1000 {
            match self.read_until(asked, 1) {
                Ok(fetch) => return (fetch, pieces),
                Err(IngestError::Stopped) => {}
                Err(error) => panic!("{error}"),
            }
        }
        panic!("it does not end");
    }

    pub(crate) fn file(&self, name: &str, body: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, body).unwrap();
        path
    }

    pub(crate) fn source(&self, name: SourceName) -> Source {
        self.service.read_blocking(&system(), |cx| sources::read(cx, name)).unwrap()
    }

    pub(crate) fn states(&self, register: RegisterKey, number: &str) -> Vec<RegisterUnitState> {
        self.service.read_blocking(&system(), |cx| sources::unit_states(cx, register, number)).unwrap()
    }

    /// All that is not bookkeeping.
    pub(crate) fn rows(&self) -> Dump {
        let mut rows = dump(&self.store).unwrap();
        rows.retain(|table, _| table.starts_with("register_") || table.starts_with("klass_"));
        assert_eq!(rows.len(), 5);
        rows
    }

    pub(crate) fn count(&self, table: &str) -> usize {
        self.rows()[table].len()
    }
}

fn control(unit_kind: UnitKind, table: &str, contents: &str, measure: Measure) -> ControlSettings {
    let (table, contents) = (table.to_owned(), contents.to_owned());
    ControlSettings {
        unit_kind,
        table,
        region: "Region".to_owned(),
        contents,
        measure,
        tolerance_percent: 10,
    }
}

pub(crate) fn system() -> Credentials {
    Credentials::Internal(Actor::SYSTEM)
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// To read these files, made at an instant.
pub(crate) fn from_files(source: SourceName, files: &[&Path], as_of: Option<&str>) -> Asked {
    let files = files.iter().map(|path| path.to_path_buf()).collect();
    Asked { files, as_of: as_of.map(instant), ..Asked::of(source) }
}
