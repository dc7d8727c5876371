//! Offices: the county governors' offices, who own rounds and decisions.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::id::OfficeId;
use tildel_usecases::domain::organisation::OrganisationNumber;
use tildel_usecases::domain::scheme as domain;
use tildel_usecases::registry::{self, OfficeFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{Language, Line, LocalText, PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};

/// A county governor's office.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Office {
    /// Id.
    pub id: Uuid,
    /// The capital letters that begin its references.
    pub key: String,
    /// Its name.
    pub name: LocalText,
    /// The department that letters come from.
    pub department: LocalText,
    /// Its number in Enhetsregisteret.
    pub organisation_number: String,
    /// The lines of its postal address.
    pub address: Vec<String>,
    /// Its service language for general letters (tenestemål).
    pub language: Language,
    /// Version.
    pub version: i64,
}

resource!(domain::Office => Office at "/v1/offices");

impl From<domain::Office> for Office {
    fn from(office: domain::Office) -> Self {
        Self {
            id: office.id.into(),
            key: office.key,
            name: office.name.into(),
            department: office.department.into(),
            organisation_number: office.organisation_number.into(),
            address: office.address,
            language: office.language.into(),
            version: office.version,
        }
    }
}

/// What a new office is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOffice {
    /// Two or three capital letters that begin its references, such as `RO`.
    #[schema(pattern = "^[A-Z]{2,3}$")]
    pub key: String,
    /// Its name.
    pub name: LocalText,
    /// The department that letters come from.
    pub department: LocalText,
    /// Its number in Enhetsregisteret: nine digits, the last of which is a check digit (modulus 11).
    #[schema(pattern = "^[0-9]{9}$")]
    pub organisation_number: String,
    /// The lines of its postal address.
    #[schema(max_items = 6)]
    pub address: Vec<Line>,
    /// Its service language for general letters (tenestemål).
    pub language: Language,
}

impl TryFrom<NewOffice> for domain::Office {
    type Error = Refusal;

    fn try_from(new: NewOffice) -> Result<Self, Refusal> {
        let number = OrganisationNumber::parse(&new.organisation_number)
            .map_err(|refusal| refusal.at("/organisationNumber"))?;
        Ok(Self {
            id: Uuid::nil().into(),
            key: new.key,
            name: new.name.into(),
            department: new.department.into(),
            organisation_number: number,
            address: new.address.into_iter().map(|line| line.0).collect(),
            language: new.language.into(),
            appeal_rules: Vec::new(),
            version: 0,
        })
    }
}

/// Which offices to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfficeQuery {
    /// With this key only.
    #[param(pattern = "^[A-Z]{2,3}$")]
    pub key: Option<String>,
}

/// List offices.
///
/// All offices.
#[utoipa::path(operation_id = "officeList", tag = "Offices", params(OfficeQuery),
    responses((status = 200, description = "A page of offices.", body = PageBody<Office>)))]
#[get("/v1/offices")]
async fn list(call: Call, query: Query<OfficeQuery>) -> Reply {
    let filter = OfficeFilter { key: query.0.key };
    call.list(move |cx, page| registry::office_list(cx, &filter, page)).await
}

/// Read an office.
///
/// One office as it stands.
#[utoipa::path(operation_id = "officeRead", tag = "Offices",
    responses((status = 200, description = "The office.", body = Office)))]
#[get("/v1/offices/{id}")]
async fn read(call: Call, id: Id<OfficeId>) -> Reply {
    call.read(move |cx| registry::office_read(cx, id.0)).await
}

/// Set up an office.
///
/// The key is refused where another office has it.
#[utoipa::path(operation_id = "officeCreate", tag = "Offices", request_body = NewOffice,
    responses((status = 201, description = "The new office.", body = Office)))]
#[post("/v1/offices")]
async fn create(call: Call, new: Json<NewOffice>) -> Reply {
    let office: domain::Office = new.0.try_into()?;
    call.create(move |cx| registry::office_create(cx, &office)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
