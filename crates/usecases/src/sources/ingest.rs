//! Reading a source.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tildel_domain::Actor;
use tildel_domain::id::PersonId;
use tildel_domain::source::{Fetch, SourceName};
use tildel_registers::enhetsregisteret::UnitKind as Half;
use tildel_registers::fetch::Fetcher;
use tildel_registers::udir::Register;
use tokio::runtime::Handle;
use url::Url;

use super::book::{self, Memory};
use super::error::IngestError;
use super::pxweb::ControlSettings;
use super::reading::Reading;
use super::{enhetsregisteret, files, kartverket, klass, pxweb, udir};
use crate::failure::Failure;
use crate::service::{Credentials, Service, Write};

/// Addresses below which the registers lie.
#[derive(Clone, Debug)]
pub struct Bases {
    /// Enhetsregisteret.
    pub enhetsregisteret: Url,
    /// Nasjonalt skoleregister.
    pub nsr: Url,
    /// Nasjonalt barnehageregister.
    pub nbr: Url,
    /// SSB's Klass.
    pub klass: Url,
    /// SSB's PxWeb.
    pub pxweb: Url,
    /// Kartverket.
    pub kartverket: Url,
}

impl Bases {
    /// The address of a source.
    pub fn of(&self, source: SourceName) -> &Url {
        match source {
            SourceName::EnhetsregisteretUnits | SourceName::EnhetsregisteretSubUnits => {
                &self.enhetsregisteret
            }
            SourceName::Nsr => &self.nsr,
            SourceName::Nbr => &self.nbr,
            SourceName::KlassMunicipalities | SourceName::KlassCounties => &self.klass,
            SourceName::Kartverket => &self.kartverket,
            SourceName::Pxweb => &self.pxweb,
        }
    }
}

/// What fetches, by the scheme of an address.
#[derive(Clone, Default)]
pub struct Fetchers {
    /// `https`.
    pub tls: Option<Arc<Fetcher>>,
    /// `http`, for stubs.
    pub plain: Option<Arc<Fetcher>>,
}

/// What reading is made of.
pub struct IngestParts {
    /// Where it is stored.
    pub service: Service,
    /// What fetches; nothing where only files are read.
    pub fetchers: Fetchers,
    /// Where the registers are.
    pub bases: Bases,
    /// Which tables of PxWeb sums of units are held against.
    pub controls: Vec<ControlSettings>,
    /// How long after a national file was read the next one is, in seconds, for what the feed did not tell. 0: never.
    pub file_every_seconds: u32,
    /// The folder for national files while they are read. Made if missing.
    pub folder: PathBuf,
    /// Where fetching runs.
    pub runtime: Handle,
}

/// What to read.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The source.
    pub source: SourceName,
    /// From these files, in this order; from its address where there are none.
    pub files: Vec<PathBuf>,
    /// When the files were made, where they do not say so themselves.
    pub as_of: Option<Timestamp>,
    /// Who asks.
    pub requested_by: Option<PersonId>,
}

impl Asked {
    /// From its address, for nobody in particular.
    pub fn of(source: SourceName) -> Self {
        Self { source, files: Vec::new(), as_of: None, requested_by: None }
    }
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records that were read.
    pub records: u64,
    /// Bytes that were read: of the file where it is one, else of all answers.
    pub bytes: u64,
    /// Bytes of the file, where it is one.
    pub bytes_total: Option<u64>,
}

/// Reads sources.
pub struct Ingest {
    pub(super) parts: IngestParts,
}

impl Ingest {
    /// Puts the parts together.
    pub fn new(parts: IngestParts) -> Self {
        Self { parts }
    }

    /// Reads a source, on a thread of its own.
    pub async fn run(
        self: Arc<Self>,
        asked: Asked,
        tell: impl Fn(Progress) -> ControlFlow<()> + Send + 'static,
    ) -> Result<Fetch, IngestError> {
        let reading = tokio::task::spawn_blocking(move || self.run_blocking(&asked, &tell));
        reading.await.map_err(|_| IngestError::Failure(Failure::Interrupted))?
    }

    /// Reads a source, on the calling thread, which must not be one of the runtime's own. Tells after each batch how far it is; told to stop, it leaves off there, and
    /// the next reading goes on. A failure is written down with the source, and leaves what was read before as it is.
    pub fn run_blocking(
        &self,
        asked: &Asked,
        tell: &dyn Fn(Progress) -> ControlFlow<()>,
    ) -> Result<Fetch, IngestError> {
        let now = self.parts.service.now();
        if let Some(as_of) = asked.as_of.filter(|as_of| *as_of > now) {
            return Err(IngestError::AsOfAhead { as_of, now });
        }
        let origin = self.origin(asked);
        let write = Write::internal(Actor::SYSTEM);
        let begun = self
            .parts
            .service
            .write_blocking(&write, |cx| book::begin(cx, asked.source, &origin, asked.requested_by))?;
        let mut reading = Reading::new(self, begun, tell);
        let outcome = read(&mut reading, asked);
        reading.tell_ahead();
        let Reading { fetch, committed, .. } = reading;
        match outcome {
            Ok(End { unchanged, memory }) => Ok(self
                .parts
                .service
                .write_blocking(&write, |cx| book::end(cx, fetch.clone(), unchanged, &memory))?),
            Err(error @ (IngestError::Stopped | IngestError::Overtaken)) => Err(error),
            Err(error) => {
                let chain: &dyn std::error::Error = &error;
                tracing::warn!(source = %asked.source, fetch = %committed.id, error = chain, "a source was not read");
                let text = error.public();
                let noted =
                    self.parts.service.write_blocking(&write, |cx| book::fail(cx, committed.clone(), &text));
                if let Err(failure) = noted {
                    tracing::warn!(source = %asked.source, %failure, "failed to note that a source failed");
                }
                Err(error)
            }
        }
    }

    pub(super) fn fetcher(&self, url: &Url) -> Result<Arc<Fetcher>, IngestError> {
        let fetchers = &self.parts.fetchers;
        let fetcher = if url.scheme() == "https" { &fetchers.tls } else { &fetchers.plain };
        fetcher.clone().ok_or_else(|| IngestError::NoFetcher(url.to_string()))
    }

    /// The address, or the names of the files: where they lie is nobody's business.
    fn origin(&self, asked: &Asked) -> String {
        if asked.files.is_empty() {
            return self.parts.bases.of(asked.source).to_string();
        }
        let names = asked.files.iter().map(|path| files::name(path));
        names.collect::<Vec<String>>().join(", ")
    }
}

/// A read in Tildel's own name.
pub(super) fn system() -> Credentials {
    Credentials::Internal(Actor::SYSTEM)
}

/// How a reading ended well.
#[derive(Debug, Default)]
pub(super) struct End {
    /// Whether there was nothing new.
    pub(super) unchanged: bool,
    pub(super) memory: Memory,
}

fn read(reading: &mut Reading<'_>, asked: &Asked) -> Result<End, IngestError> {
    let from_files = !asked.files.is_empty();
    match asked.source {
        SourceName::EnhetsregisteretUnits if from_files => files::read(reading, asked, Half::Head),
        SourceName::EnhetsregisteretSubUnits if from_files => files::read(reading, asked, Half::Sub),
        SourceName::EnhetsregisteretUnits => enhetsregisteret::read(reading, Half::Head),
        SourceName::EnhetsregisteretSubUnits => enhetsregisteret::read(reading, Half::Sub),
        SourceName::Nsr => udir::read(reading, asked, Register::Schools),
        SourceName::Nbr => udir::read(reading, asked, Register::Kindergartens),
        SourceName::KlassMunicipalities => klass::read(reading, asked, klass::MUNICIPALITIES),
        SourceName::KlassCounties => klass::read(reading, asked, klass::COUNTIES),
        SourceName::Kartverket => kartverket::read(reading, asked),
        SourceName::Pxweb => pxweb::read(reading, asked),
    }
}
