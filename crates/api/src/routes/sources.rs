//! Sources of register data: how they stand, and each reading of them.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::FetchId;
use tildel_usecases::domain::source as domain;
use tildel_usecases::sources::{self, FetchFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{Begun, PageBody, Resource, resource, wire_enum};
use crate::call::{Call, Id, Name, Query, Reply};

/// What is read by the clock.
// Written out, as `wire_enum!` writes snake case, and the names of sources are those of the command line.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceName {
    /// Head units of Enhetsregisteret: legal entities and parts of public ones.
    EnhetsregisteretUnits,
    /// Sub-units of Enhetsregisteret: places of work.
    EnhetsregisteretSubUnits,
    /// Nasjonalt skoleregister.
    Nsr,
    /// Nasjonalt barnehageregister.
    Nbr,
    /// Codes of municipalities and their changes in SSB's Klass.
    KlassMunicipalities,
    /// Codes of counties and their changes in SSB's Klass.
    KlassCounties,
    /// Kartverket's present numbers of municipalities.
    Kartverket,
    /// Control totals of SSB's PxWeb.
    Pxweb,
}

impl From<domain::SourceName> for SourceName {
    fn from(name: domain::SourceName) -> Self {
        match name {
            domain::SourceName::EnhetsregisteretUnits => Self::EnhetsregisteretUnits,
            domain::SourceName::EnhetsregisteretSubUnits => Self::EnhetsregisteretSubUnits,
            domain::SourceName::Nsr => Self::Nsr,
            domain::SourceName::Nbr => Self::Nbr,
            domain::SourceName::KlassMunicipalities => Self::KlassMunicipalities,
            domain::SourceName::KlassCounties => Self::KlassCounties,
            domain::SourceName::Kartverket => Self::Kartverket,
            domain::SourceName::Pxweb => Self::Pxweb,
        }
    }
}

impl From<SourceName> for domain::SourceName {
    fn from(name: SourceName) -> Self {
        match name {
            SourceName::EnhetsregisteretUnits => Self::EnhetsregisteretUnits,
            SourceName::EnhetsregisteretSubUnits => Self::EnhetsregisteretSubUnits,
            SourceName::Nsr => Self::Nsr,
            SourceName::Nbr => Self::Nbr,
            SourceName::KlassMunicipalities => Self::KlassMunicipalities,
            SourceName::KlassCounties => Self::KlassCounties,
            SourceName::Kartverket => Self::Kartverket,
            SourceName::Pxweb => Self::Pxweb,
        }
    }
}

/// How a source stands. A source that fails keeps what was read last, and gets older.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Which one.
    pub name: SourceName,
    /// The instant that the data tell of; null where nothing was read yet.
    #[schema(required)]
    pub data_as_of: Option<Timestamp>,
    /// When it was last begun to be read.
    #[schema(required)]
    pub last_attempt_at: Option<Timestamp>,
    /// When it was last read to the end.
    #[schema(required)]
    pub last_success_at: Option<Timestamp>,
    /// How often in a row it failed since.
    pub failures: u32,
    /// Why it failed last; null after a success.
    #[schema(required)]
    pub last_error: Option<String>,
    /// Version.
    pub version: i64,
}

impl Resource for domain::Source {
    type Body = Source;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        sources::place_of(self.name)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl From<domain::Source> for Source {
    fn from(source: domain::Source) -> Self {
        Self {
            name: source.name.into(),
            data_as_of: source.data_as_of,
            last_attempt_at: source.last_attempt_at,
            last_success_at: source.last_success_at,
            failures: source.failures,
            last_error: source.last_error,
            version: source.version,
        }
    }
}

wire_enum! {
    /// Where a reading stands.
    FetchState = domain::FetchState {
        /// It goes on, or was broken off without a word; the next one goes on with it.
        Running,
        /// Read to the end.
        Done,
        /// Read to the end, and nothing was new.
        Unchanged,
        /// Given up.
        Failed,
    }
}

/// One reading of a source.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fetch {
    /// Id.
    pub id: Uuid,
    /// Of which source.
    pub source: SourceName,
    /// From where: an address, or the names of files.
    pub origin: String,
    /// Who asked for it; null where the clock did.
    #[schema(required)]
    pub requested_by: Option<Uuid>,
    /// Where it stands.
    pub state: FetchState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[schema(required)]
    pub ended_at: Option<Timestamp>,
    /// SHA-256 of what was read, in hexadecimal, where it is one file or answer.
    #[schema(required)]
    pub content_hash: Option<String>,
    /// Bytes that were read, as they came.
    pub bytes: i64,
    /// Records that were read.
    pub records: i64,
    /// Records that said something new.
    pub changed: i64,
    /// Records that are not kept because they tell of persons.
    pub personal: i64,
    /// Records that could not be read, and units that no answer was had of.
    pub unreadable: i64,
    /// What a person should look at.
    pub findings: Vec<String>,
    /// Why it was given up.
    #[schema(required)]
    pub error: Option<String>,
    /// Version.
    pub version: i64,
}

resource!(domain::Fetch => Fetch at "/v1/fetches");

impl From<domain::Fetch> for Fetch {
    fn from(fetch: domain::Fetch) -> Self {
        Self {
            id: fetch.id.into(),
            source: fetch.source.into(),
            origin: fetch.origin,
            requested_by: fetch.requested_by.map(Into::into),
            state: fetch.state.into(),
            started_at: fetch.started_at,
            ended_at: fetch.ended_at,
            content_hash: fetch.content_hash,
            bytes: fetch.bytes,
            records: fetch.records,
            changed: fetch.changed,
            personal: fetch.personal,
            unreadable: fetch.unreadable,
            findings: fetch.findings,
            error: fetch.error,
            version: fetch.version,
        }
    }
}

/// Which readings to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FetchQuery {
    /// Of this source only.
    #[param(inline)]
    pub source: Option<SourceName>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<FetchState>,
}

/// List sources.
///
/// All sources and how old their data are, also those that were never read.
#[utoipa::path(operation_id = "sourceList", tag = "Registers",
    responses((status = 200, description = "A page of sources.", body = PageBody<Source>)))]
#[get("/v1/sources")]
async fn list(call: Call) -> Reply {
    call.list(sources::page).await
}

/// Read a source.
///
/// How one source stands.
#[utoipa::path(operation_id = "sourceRead", tag = "Registers",
    params(("name" = inline(SourceName), Path, description = "The name.")),
    responses((status = 200, description = "The source.", body = Source)))]
#[get("/v1/sources/{name}")]
async fn read(call: Call, name: Name<domain::SourceName>) -> Reply {
    call.read(move |cx| sources::read(cx, name.0)).await
}

/// Read a source now.
///
/// A worker reads it as it does by the clock, one source after another. The operation tells how it goes.
#[utoipa::path(operation_id = "sourceFetch", tag = "Registers",
    params(("name" = inline(SourceName), Path, description = "The name.")),
    responses((status = 202, description = "It will be read.", body = Begun)))]
#[post("/v1/sources/{name}/fetches")]
async fn fetch_now(call: Call, name: Name<domain::SourceName>) -> Reply {
    call.begin(move |cx, _| sources::request_fetch(cx, name.0)).await
}

/// List readings.
///
/// Readings of sources, with what came out.
#[utoipa::path(operation_id = "fetchList", tag = "Registers", params(FetchQuery),
    responses((status = 200, description = "A page of readings.", body = PageBody<Fetch>)))]
#[get("/v1/fetches")]
async fn fetch_list(call: Call, query: Query<FetchQuery>) -> Reply {
    let filter = FetchFilter { source: query.0.source.map(Into::into), state: query.0.state.map(Into::into) };
    call.list(move |cx, page| sources::fetches(cx, &filter, page)).await
}

/// Read a reading.
///
/// One reading with what came out.
#[utoipa::path(operation_id = "fetchRead", tag = "Registers",
    responses((status = 200, description = "The reading.", body = Fetch)))]
#[get("/v1/fetches/{id}")]
async fn fetch_read(call: Call, id: Id<FetchId>) -> Reply {
    call.read(move |cx| sources::fetch_read(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(fetch_now).service(fetch_list).service(fetch_read);
}
