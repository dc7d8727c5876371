//! Schemes: grant schemes with a period.

use std::collections::BTreeMap;

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::SchemeId;
use tildel_usecases::domain::{Refusal, scheme as domain};
use tildel_usecases::registry::{self, SchemeFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::letter_texts::LetterTexts;
use crate::body::{LocalText, PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};

/// A grant scheme.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scheme {
    /// Id.
    pub id: Uuid,
    /// Its stable key, such as `kompetanseloftet-2020`.
    pub key: String,
    /// Its name.
    pub name: LocalText,
    /// First budget year.
    pub first_year: i16,
    /// Last budget year.
    pub last_year: i16,
    /// The regulation or assignment it rests on.
    pub legal_basis: String,
    /// The body that sets models and frames, as letters name it.
    pub computing_body: String,
    /// The model as it reads after «en modell med» in letters.
    pub model_description: LocalText,
    /// The texts of its information letter, one set for each language.
    pub letter_texts: Vec<LetterTexts>,
    /// Version.
    pub version: i64,
}

resource!(domain::Scheme => Scheme at "/v1/schemes");

impl From<domain::Scheme> for Scheme {
    fn from(scheme: domain::Scheme) -> Self {
        Self {
            id: scheme.id.into(),
            key: scheme.key,
            name: scheme.name.into(),
            first_year: scheme.first_year,
            last_year: scheme.last_year,
            legal_basis: scheme.legal_basis,
            computing_body: scheme.computing_body,
            model_description: scheme.model_description.into(),
            letter_texts: scheme.letter_texts.into_values().map(Into::into).collect(),
            version: scheme.version,
        }
    }
}

/// What a new scheme is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewScheme {
    /// Its stable key.
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    pub key: String,
    /// Its name.
    pub name: LocalText,
    /// First budget year.
    #[schema(minimum = 1990, maximum = 2100)]
    pub first_year: i16,
    /// Last budget year; not before the first.
    #[schema(minimum = 1990, maximum = 2100)]
    pub last_year: i16,
    /// The regulation or assignment it rests on.
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: String,
    /// The body that sets models and frames, as letters name it.
    #[schema(min_length = 1, max_length = 200)]
    pub computing_body: String,
    /// The model as it reads after «en modell med» in letters.
    pub model_description: LocalText,
    /// The texts of its information letter, one set for each language.
    #[schema(max_items = 3)]
    pub letter_texts: Vec<LetterTexts>,
}

impl TryFrom<NewScheme> for domain::Scheme {
    type Error = Refusal;

    fn try_from(new: NewScheme) -> Result<Self, Refusal> {
        let count = new.letter_texts.len();
        let letter_texts: BTreeMap<_, _> =
            new.letter_texts.into_iter().map(|texts| (texts.language.into(), texts.into())).collect();
        if letter_texts.len() != count {
            return Err(Refusal::invalid("/letterTexts", "one set for each language"));
        }
        Ok(Self {
            id: Uuid::nil().into(),
            key: new.key,
            name: new.name.into(),
            first_year: new.first_year,
            last_year: new.last_year,
            legal_basis: new.legal_basis,
            computing_body: new.computing_body,
            model_description: new.model_description.into(),
            letter_texts,
            version: 0,
        })
    }
}

/// Which schemes to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SchemeQuery {
    /// With this key only.
    #[param(pattern = "^[a-z0-9-]{1,64}$")]
    pub key: Option<String>,
}

/// List schemes.
///
/// All schemes.
#[utoipa::path(operation_id = "schemeList", tag = "Schemes", params(SchemeQuery),
    responses((status = 200, description = "A page of schemes.", body = PageBody<Scheme>)))]
#[get("/v1/schemes")]
async fn list(call: Call, query: Query<SchemeQuery>) -> Reply {
    let filter = SchemeFilter { key: query.0.key };
    call.list(move |cx, page| registry::scheme_list(cx, &filter, page)).await
}

/// Read a scheme.
///
/// One scheme as it stands.
#[utoipa::path(operation_id = "schemeRead", tag = "Schemes",
    responses((status = 200, description = "The scheme.", body = Scheme)))]
#[get("/v1/schemes/{id}")]
async fn read(call: Call, id: Id<SchemeId>) -> Reply {
    call.read(move |cx| registry::scheme_read(cx, id.0)).await
}

/// Set up a scheme.
///
/// The key is refused where another scheme has it.
#[utoipa::path(operation_id = "schemeCreate", tag = "Schemes", request_body = NewScheme,
    responses((status = 201, description = "The new scheme.", body = Scheme)))]
#[post("/v1/schemes")]
async fn create(call: Call, new: Json<NewScheme>) -> Reply {
    let scheme: domain::Scheme = new.0.try_into()?;
    call.create(move |cx| registry::scheme_create(cx, &scheme)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
