//! Municipality numbers: what they were, are and became.

use actix_web::get;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::municipalities as usecase;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, Resource, wire_enum};
use crate::call::{Call, Name, Query, Reply};

/// A municipality on a day.
#[derive(Serialize, ToSchema)]
pub struct Municipality {
    /// Its number.
    pub number: String,
    /// Its name on the day.
    pub name: String,
}

impl Resource for usecase::Municipality {
    type Body = Municipality;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        usecase::place_of(&self.number)
    }

    fn version(&self) -> i64 {
        1
    }
}

impl From<usecase::Municipality> for Municipality {
    fn from(municipality: usecase::Municipality) -> Self {
        Self { number: municipality.number, name: municipality.name }
    }
}

wire_enum! {
    /// What a step from one number to another is.
    MunicipalityStepKind = usecase::StepKind {
        /// The place got another number, perhaps another name, and nothing else.
        Renumbered,
        /// The place ended in one that others went into too, or that was there before.
        Merged,
        /// The place ended in several.
        Split,
        /// The place lives on, and a part of it became one of its own.
        PartedOff,
        /// The place lives on, and a part of it went to another that was there before.
        BoundaryMoved,
    }
}

/// A number with its name at the time.
#[derive(Serialize, ToSchema)]
pub struct NumberedPlace {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
}

impl From<usecase::ToldPlace> for NumberedPlace {
    fn from(place: usecase::ToldPlace) -> Self {
        Self { number: place.number, name: place.name }
    }
}

/// A step from one number to another.
#[derive(Serialize, ToSchema)]
pub struct MunicipalityStep {
    /// The first day on which it holds.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// What it is.
    pub kind: MunicipalityStepKind,
    /// The place that is left, or gives a part.
    pub from: NumberedPlace,
    /// The place that is entered, or gets a part.
    pub to: NumberedPlace,
}

impl From<usecase::ToldStep> for MunicipalityStep {
    fn from(step: usecase::ToldStep) -> Self {
        Self { on: step.on, kind: step.kind.into(), from: step.from.into(), to: step.to.into() }
    }
}

/// A name and since when.
#[derive(Serialize, ToSchema)]
pub struct DatedName {
    /// The name.
    pub name: String,
    /// The first day with it; null where nothing tells of it.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub since: Option<Date>,
}

/// A number for a while; numbers may be given again to another place.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityLife {
    /// Its names, oldest first.
    pub names: Vec<DatedName>,
    /// The first day; null where nothing tells of it.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The last day; null where it has not ended.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Whether this is the life that is told of.
    pub meant: bool,
    /// Where it came from, and what parts it got.
    pub came_from: Vec<MunicipalityStep>,
    /// Where it went, and what parts it gave.
    pub went_to: Vec<MunicipalityStep>,
}

impl From<usecase::ToldLife> for MunicipalityLife {
    fn from(life: usecase::ToldLife) -> Self {
        let names = life.names.into_iter().map(|name| DatedName { name: name.name, since: name.since });
        Self {
            names: names.collect(),
            from: life.from,
            until: life.until,
            meant: life.meant,
            came_from: life.came_from.into_iter().map(Into::into).collect(),
            went_to: life.went_to.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a number is on the day.
#[derive(Serialize, ToSchema)]
pub struct MunicipalitySuccessor {
    /// The number.
    pub number: String,
    /// The name on the day.
    pub name: String,
    /// The share of the number that was asked for, as a fraction such as `1` or `1/2`; all of them and what is lost add up to 1.
    pub share: String,
    /// The first day of the number; null where nothing tells of it.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
}

/// What a number was, is and became, as seen from a day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityHistory {
    /// The number.
    pub number: String,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// All lives of the number, oldest first.
    pub was: Vec<MunicipalityLife>,
    /// What the number is on the day: itself, or what it became. Empty where that leads nowhere.
    pub is: Vec<MunicipalitySuccessor>,
    /// The steps from the number to what it is.
    pub became: Vec<MunicipalityStep>,
    /// Steps of what it is that are known and come later.
    pub later: Vec<MunicipalityStep>,
    /// Whether shares are equal parts because nothing is known of them.
    pub shares_assumed: bool,
    /// The share that ended in places that lead nowhere.
    pub lost: String,
    /// What is odd about what was read, with regard to these numbers.
    pub findings: Vec<String>,
}

impl Resource for usecase::Told {
    type Body = MunicipalityHistory;
    const COLLECTION: Option<&'static str> = Some("/v1/municipalities");

    fn id(&self) -> Uuid {
        usecase::place_of(&self.number)
    }

    fn version(&self) -> i64 {
        1
    }
}

impl From<usecase::Told> for MunicipalityHistory {
    fn from(told: usecase::Told) -> Self {
        let successor = |successor: usecase::ToldSuccessor| MunicipalitySuccessor {
            number: successor.number,
            name: successor.name,
            share: successor.share,
            from: successor.from,
        };
        Self {
            number: told.number,
            as_of: told.as_of,
            was: told.was.into_iter().map(Into::into).collect(),
            is: told.is.into_iter().map(successor).collect(),
            became: told.became.into_iter().map(Into::into).collect(),
            later: told.later.into_iter().map(Into::into).collect(),
            shares_assumed: told.shares_assumed,
            lost: told.lost,
            findings: told.findings.iter().map(ToString::to_string).collect(),
        }
    }
}

/// As seen from which day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DayQuery {
    /// As seen from this day; today where none is given.
    #[param(value_type = Option<String>, format = Date)]
    pub as_of: Option<Date>,
}

/// List municipalities.
///
/// The municipalities of a day by number, as they were read of SSB's Klass.
#[utoipa::path(operation_id = "municipalityList", tag = "Registers", params(DayQuery),
    responses((status = 200, description = "A page of municipalities.", body = PageBody<Municipality>)))]
#[get("/v1/municipalities")]
async fn list(call: Call, query: Query<DayQuery>) -> Reply {
    call.list(move |cx, page| usecase::list(cx, query.0.as_of, page)).await
}

/// Read a municipality number.
///
/// What the number was, is and became, as seen from a day. An old number resolves for ever.
#[utoipa::path(operation_id = "municipalityRead", tag = "Registers",
    params(("number" = String, Path, description = "The number.", pattern = "^[0-9]{4}$"), DayQuery),
    responses((status = 200, description = "The history of the number.", body = MunicipalityHistory)))]
#[get("/v1/municipalities/{number}")]
async fn read(call: Call, number: Name<String>, query: Query<DayQuery>) -> Reply {
    call.read(move |cx| usecase::read(cx, &number.0, query.0.as_of)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read);
}
