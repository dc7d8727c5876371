//! Persons: those who sign in or are named in letters.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use tildel_usecases::accounts;
use tildel_usecases::domain::id::PersonId;
use tildel_usecases::domain::person as domain;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource};
use crate::call::{Call, Id, Json, Reply};

/// A person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// Title, as printed under a signature.
    #[schema(required)]
    pub title: Option<String>,
    /// Telephone number, as printed in letters.
    #[schema(required)]
    pub phone: Option<String>,
    /// The office the person works for.
    #[schema(required)]
    pub office_id: Option<Uuid>,
    /// The organisation the person acts for.
    #[schema(required)]
    pub organisation_id: Option<Uuid>,
    /// Version.
    pub version: i64,
}

resource!(domain::Person => Person at "/v1/persons");

impl From<domain::Person> for Person {
    fn from(person: domain::Person) -> Self {
        Self {
            id: person.id.into(),
            name: person.name,
            title: person.title,
            phone: person.phone,
            office_id: person.office_id.map(Into::into),
            organisation_id: person.organisation_id.map(Into::into),
            version: person.version,
        }
    }
}

/// What a new person is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPerson {
    /// Full name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Title, as printed under a signature.
    #[schema(min_length = 1, max_length = 100)]
    pub title: Option<String>,
    /// Telephone number, as printed in letters.
    #[schema(pattern = r"^\+?[0-9]{3,15}$")]
    pub phone: Option<String>,
    /// The office the person works for.
    pub office_id: Option<Uuid>,
    /// The organisation the person acts for.
    pub organisation_id: Option<Uuid>,
}

impl From<NewPerson> for accounts::NewPerson {
    fn from(new: NewPerson) -> Self {
        Self {
            name: new.name,
            title: new.title,
            phone: new.phone,
            office_id: new.office_id.map(Into::into),
            organisation_id: new.organisation_id.map(Into::into),
        }
    }
}

/// List persons.
///
/// All persons.
#[utoipa::path(operation_id = "personList", tag = "Persons",
    responses((status = 200, description = "A page of persons.", body = PageBody<Person>)))]
#[get("/v1/persons")]
async fn list(call: Call) -> Reply {
    call.list(accounts::person_list).await
}

/// Read a person.
///
/// One person as registered.
#[utoipa::path(operation_id = "personRead", tag = "Persons",
    responses((status = 200, description = "The person.", body = Person)))]
#[get("/v1/persons/{id}")]
async fn read(call: Call, id: Id<PersonId>) -> Reply {
    call.read(move |cx| accounts::person_read(cx, id.0)).await
}

/// Register a person.
///
/// A person signs in with access tokens, which are issued apart from this.
#[utoipa::path(operation_id = "personCreate", tag = "Persons", request_body = NewPerson,
    responses((status = 201, description = "The new person.", body = Person)))]
#[post("/v1/persons")]
async fn create(call: Call, new: Json<NewPerson>) -> Reply {
    let new: accounts::NewPerson = new.0.into();
    call.create(move |cx| accounts::person_create(cx, &new)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
