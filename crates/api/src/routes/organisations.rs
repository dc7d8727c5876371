//! Organisations: those who apply, take part and sit in forums.

use actix_web::{get, post, put};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::SuccessorInput;
use tildel_usecases::domain::id::OrganisationId;
use tildel_usecases::domain::organisation::{self as domain, OrganisationNumber};
use tildel_usecases::domain::succession::Succession;
use tildel_usecases::registry::{self, OrganisationFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{Language, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// What kind of legal entity.
    OrganisationKind = domain::OrganisationKind {
        /// Kommune.
        Municipality,
        /// Fylkeskommune.
        CountyMunicipality,
        /// Friskole.
        IndependentSchool,
        /// Privat barnehageeier.
        KindergartenOwner,
        /// Universitet eller høgskole.
        University,
        /// Statsforvalter (before 2021: fylkesmann).
        CountyGovernor,
        /// Utdanningsdirektoratet.
        Directorate,
        /// Union, employers' association or another body with a seat.
        Association,
    }
}

/// Who came after an organisation that ceased.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Successor {
    /// The organisation number.
    pub organisation_number: String,
    /// Its share, a fraction in lowest terms.
    pub share: String,
}

impl From<SuccessorInput> for Successor {
    fn from(successor: SuccessorInput) -> Self {
        Self { organisation_number: successor.organisation, share: successor.share.to_string() }
    }
}

/// A legal entity.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// Id.
    pub id: Uuid,
    /// Number in Enhetsregisteret.
    pub number: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// Municipality number as of today, where it has one.
    #[schema(required)]
    pub municipality_number: Option<String>,
    /// The language of letters to it.
    pub language: Language,
    /// Whether it stands in for an applicant that the source does not name.
    pub placeholder: bool,
    /// The day on which it ceased, where it did.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub ceased_on: Option<Date>,
    /// Who came after it, with the shares. Empty where nobody did, or where the shares are still to be set.
    pub successors: Vec<Successor>,
    /// Version.
    pub version: i64,
}

resource!(domain::Organisation => Organisation at "/v1/organisations");

impl From<domain::Organisation> for Organisation {
    fn from(organisation: domain::Organisation) -> Self {
        Self {
            id: organisation.id.into(),
            number: organisation.number.into(),
            name: organisation.name,
            kind: organisation.kind.into(),
            municipality_number: organisation.municipality_number,
            language: organisation.language.into(),
            placeholder: organisation.placeholder,
            ceased_on: organisation.ceased_on,
            successors: organisation.successors.into_iter().map(Into::into).collect(),
            version: organisation.version,
        }
    }
}

/// What a new organisation is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOrganisation {
    /// Number in Enhetsregisteret: nine digits, the last of which is a check digit (modulus 11).
    #[schema(pattern = "^[0-9]{9}$")]
    pub number: String,
    /// Name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// Municipality number as of today.
    #[schema(pattern = "^[0-9]{4}$")]
    pub municipality_number: Option<String>,
    /// The language of letters to it.
    pub language: Language,
    /// Whether it stands in for an applicant that the source does not name.
    #[serde(default)]
    pub placeholder: bool,
}

impl TryFrom<NewOrganisation> for registry::NewOrganisation {
    type Error = Refusal;

    fn try_from(new: NewOrganisation) -> Result<Self, Refusal> {
        Ok(Self {
            number: OrganisationNumber::parse(&new.number)?,
            name: new.name,
            kind: new.kind.into(),
            municipality_number: new.municipality_number,
            language: new.language.into(),
            placeholder: new.placeholder,
        })
    }
}

/// Who came after an organisation, with the part that went to it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSuccessor {
    /// The number of an organisation that is registered here.
    #[schema(pattern = "^[0-9]{9}$")]
    pub organisation_number: String,
    /// Its share: a fraction, a decimal or a percentage. The shares add up to exactly one.
    #[schema(pattern = r"^[0-9]{1,12}([./][0-9]{1,12})?%?$")]
    pub share: String,
}

/// When an organisation ceased, and who came after it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuccessionContent {
    /// The day on which it ceased; nothing where it goes on.
    #[schema(value_type = Option<String>, format = Date)]
    pub ceased_on: Option<Date>,
    /// Who came after it; empty where nobody did, or to take it back.
    #[schema(max_items = 50)]
    pub successors: Vec<NewSuccessor>,
}

impl TryFrom<SuccessionContent> for Succession {
    type Error = Refusal;

    fn try_from(content: SuccessionContent) -> Result<Self, Refusal> {
        let mut successors = Vec::with_capacity(content.successors.len());
        for (place, successor) in content.successors.into_iter().enumerate() {
            let at = format!("/successors/{place}/share");
            let share = successor.share.parse().map_err(|error| Refusal::invalid(&at, error))?;
            successors.push(SuccessorInput { organisation: successor.organisation_number, share });
        }
        Ok(Self { ceased_on: content.ceased_on, successors })
    }
}

/// Which organisations to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationQuery {
    /// Of this kind only.
    #[param(inline)]
    pub kind: Option<OrganisationKind>,
    /// With this number in Enhetsregisteret only.
    #[param(pattern = "^[0-9]{9}$")]
    pub number: Option<String>,
}

/// Of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationReadQuery {
    /// The instant of which to tell what was known then.
    #[param(value_type = Option<String>, format = DateTime, max_length = 40)]
    pub as_of: Option<Timestamp>,
}

/// List organisations.
///
/// All organisations that are registered.
#[utoipa::path(operation_id = "organisationList", tag = "Organisations", params(OrganisationQuery),
    responses((status = 200, description = "A page of organisations.", body = PageBody<Organisation>)))]
#[get("/v1/organisations")]
async fn list(call: Call, query: Query<OrganisationQuery>) -> Reply {
    let filter = OrganisationFilter { kind: query.0.kind.map(Into::into), number: query.0.number };
    call.list(move |cx, page| registry::organisation_list(cx, &filter, page)).await
}

/// Read an organisation.
///
/// One organisation as it stands, or with `asOf` as it was known at an instant.
#[utoipa::path(operation_id = "organisationRead", tag = "Organisations",
    params(OrganisationReadQuery),
    responses((status = 200, description = "The organisation.", body = Organisation)))]
#[get("/v1/organisations/{id}")]
async fn read(call: Call, id: Id<OrganisationId>, query: Query<OrganisationReadQuery>) -> Reply {
    call.read(move |cx| match query.0.as_of {
        Some(at) => registry::organisation_at(cx, id.0, at),
        None => registry::organisation_read(cx, id.0),
    })
    .await
}

/// Register an organisation.
///
/// The number is refused where its check digit is wrong or an organisation has it already.
#[utoipa::path(operation_id = "organisationCreate", tag = "Organisations", request_body = NewOrganisation,
    responses((status = 201, description = "The new organisation.", body = Organisation)))]
#[post("/v1/organisations")]
async fn create(call: Call, new: Json<NewOrganisation>) -> Reply {
    let new: registry::NewOrganisation = new.0.try_into()?;
    call.create(move |cx| registry::organisation_create(cx, &new)).await
}

/// Set who came after an organisation.
///
/// The day on which it ceased and its successors with their shares, all at once; without both, what was said is taken back. What was
/// decided under the old number stays; money of later years goes to the successors, and the plans that rest on any of them are computed
/// again.
#[utoipa::path(operation_id = "organisationSuccessionSet", tag = "Organisations", request_body = SuccessionContent,
    responses((status = 200, description = "The organisation as it is now.", body = Organisation)))]
#[put("/v1/organisations/{id}/succession")]
async fn set_succession(call: Call, id: Id<OrganisationId>, content: Json<SuccessionContent>) -> Reply {
    let succession: Succession = content.0.try_into()?;
    call.act(move |cx, expected| registry::succession_set(cx, id.0, expected, &succession)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(set_succession);
}
