//! Parties of an application: the lead, its partners and the provider.

use actix_web::{delete, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::applications;
use tildel_usecases::domain::application as domain;
use tildel_usecases::domain::id::{ApplicationId, PartyId};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::applications::Application;
use crate::body::wire_enum;
use crate::call::{Call, Id, Json, PartId, Reply};

wire_enum! {
    /// What a party does in the project.
    PartyRole = domain::PartyRole {
        /// Applies and answers for the project.
        Lead,
        /// Takes part with its own employees.
        Partner,
        /// University or college that contributes (UH-partner).
        Provider,
    }
}

/// An organisation in an application.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// Id.
    pub id: Uuid,
    /// The organisation.
    pub organisation_id: Uuid,
    /// What it does in the project.
    pub role: PartyRole,
    /// What it brings itself.
    #[schema(required)]
    pub own_contribution: Option<String>,
    /// When it confirmed; the lead has confirmed by applying.
    #[schema(required)]
    pub confirmed_at: Option<Timestamp>,
}

impl From<domain::Party> for Party {
    fn from(party: domain::Party) -> Self {
        Self {
            id: party.id.into(),
            organisation_id: party.organisation_id.into(),
            role: party.role.into(),
            own_contribution: party.own_contribution,
            confirmed_at: party.confirmed_at,
        }
    }
}

/// What an organisation can be invited as.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitedRole {
    /// Takes part with its own employees.
    Partner,
    /// University or college that contributes (UH-partner).
    Provider,
}

impl From<InvitedRole> for domain::PartyRole {
    fn from(role: InvitedRole) -> Self {
        match role {
            InvitedRole::Partner => Self::Partner,
            InvitedRole::Provider => Self::Provider,
        }
    }
}

/// An organisation to invite.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewParty {
    /// The organisation, which is not a party yet.
    pub organisation_id: Uuid,
    /// What it is invited as.
    pub role: InvitedRole,
    /// What it brings itself; it can say so when it confirms, too.
    #[schema(min_length = 1, max_length = 2000)]
    pub own_contribution: Option<String>,
}

/// The confirmation of a party.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartyConfirmation {
    /// What it brings itself; what the invitation said stands where this is missing.
    #[schema(min_length = 1, max_length = 2000)]
    pub own_contribution: Option<String>,
}

/// Invite a party.
///
/// The organisation sees the draft from then on, and confirms for itself.
#[utoipa::path(operation_id = "partyAdd", tag = "Applications", request_body = NewParty,
    responses((status = 200, description = "The application with the party.", body = Application)))]
#[post("/v1/applications/{id}/parties")]
async fn add(call: Call, id: Id<ApplicationId>, new: Json<NewParty>) -> Reply {
    let NewParty { organisation_id, role, own_contribution } = new.0;
    let new = applications::NewParty {
        organisation_id: organisation_id.into(),
        role: role.into(),
        own_contribution,
    };
    call.act(move |cx, expected| applications::add_party(cx, id.0, expected, &new)).await
}

/// Take a party out.
///
/// The lead can take out all but itself, as long as the application can be rewritten.
#[utoipa::path(operation_id = "partyRemove", tag = "Applications",
    responses((status = 200, description = "The application without the party.", body = Application)))]
#[delete("/v1/applications/{id}/parties/{partyId}")]
async fn remove(call: Call, id: Id<ApplicationId>, party_id: PartId<PartyId>) -> Reply {
    call.act(move |cx, expected| applications::remove_party(cx, id.0, expected, party_id.0)).await
}

/// Confirm as a party.
///
/// Each organisation confirms for itself; without that the application can not be handed in.
#[utoipa::path(operation_id = "partyConfirm", tag = "Applications", request_body = PartyConfirmation,
    responses((status = 200, description = "The application with the confirmation.", body = Application)))]
#[post("/v1/applications/{id}/parties/{partyId}/confirmation")]
async fn confirm(
    call: Call,
    id: Id<ApplicationId>,
    party_id: PartId<PartyId>,
    confirmation: Json<PartyConfirmation>,
) -> Reply {
    let own_contribution = confirmation.0.own_contribution;
    call.act(move |cx, expected| {
        applications::confirm_party(cx, id.0, expected, party_id.0, own_contribution.as_deref())
    })
    .await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(add).service(remove).service(confirm);
}
