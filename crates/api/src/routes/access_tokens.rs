//! Access tokens: what people and systems sign in with.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::accounts::{self, AccessTokenFilter};
use tildel_usecases::domain::id::AccessTokenId;
use tildel_usecases::domain::person as domain;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, Resource, resource};
use crate::call::{Call, Id, Json, Query, Reply};

/// What the bearer of a token acts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenRole {
    /// Acts for an organisation that applies or takes part.
    Applicant,
    /// Member or deputy of a forum.
    Member,
    /// Chair or secretary of a forum.
    Chair,
    /// Saksbehandler of an office.
    CaseOfficer,
    /// The second person, who approves.
    Approver,
    /// Utdanningsdirektoratet: schemes, models and frames.
    Directorate,
    /// Runs the installation.
    Admin,
}

impl From<TokenRole> for domain::Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::Applicant => Self::Applicant,
            TokenRole::Member => Self::Member,
            TokenRole::Chair => Self::Chair,
            TokenRole::CaseOfficer => Self::CaseOfficer,
            TokenRole::Approver => Self::Approver,
            TokenRole::Directorate => Self::Directorate,
            TokenRole::Admin => Self::Admin,
        }
    }
}

/// An access token, without what it opens with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessToken {
    /// Id.
    pub id: Uuid,
    /// Whose token.
    pub person_id: Uuid,
    /// What its bearer acts as.
    #[schema(value_type = TokenRole)]
    pub role: &'static str,
    /// What it is for.
    pub label: String,
    /// From when it is refused.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::AccessToken => AccessToken at "/v1/access-tokens");

impl From<domain::AccessToken> for AccessToken {
    fn from(token: domain::AccessToken) -> Self {
        Self {
            id: token.id.into(),
            person_id: token.person_id.into(),
            role: token.role.as_str(),
            label: token.label,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
            version: token.version,
        }
    }
}

/// A token that was just issued.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuedAccessToken {
    /// The token.
    pub access_token: AccessToken,
    /// What to send as `Authorization: Bearer`. It is shown this once and is not kept.
    pub secret: String,
}

impl From<(domain::AccessToken, String)> for IssuedAccessToken {
    fn from((token, secret): (domain::AccessToken, String)) -> Self {
        Self { access_token: token.into(), secret }
    }
}

impl Resource for (domain::AccessToken, String) {
    type Body = IssuedAccessToken;
    const COLLECTION: Option<&'static str> = domain::AccessToken::COLLECTION;

    fn id(&self) -> Uuid {
        self.0.id.into()
    }

    fn version(&self) -> i64 {
        self.0.version
    }
}

/// What a new token is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAccessToken {
    /// Whose token: a person of an office for the roles of an office, one of an organisation for applicants.
    pub person_id: Uuid,
    /// What its bearer acts as.
    pub role: TokenRole,
    /// What it is for, in its owner's words.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// From when it is refused: a time to come.
    pub expires_at: Option<Timestamp>,
}

impl From<NewAccessToken> for accounts::NewAccessToken {
    fn from(new: NewAccessToken) -> Self {
        Self {
            person_id: new.person_id.into(),
            role: new.role.into(),
            label: new.label,
            expires_at: new.expires_at,
        }
    }
}

/// Which tokens to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AccessTokenQuery {
    /// Of this person only.
    pub person_id: Option<Uuid>,
}

/// List access tokens.
///
/// All tokens, also those that are no longer valid; never what they open with.
#[utoipa::path(operation_id = "accessTokenList", tag = "Access tokens", params(AccessTokenQuery),
    responses((status = 200, description = "A page of tokens.", body = PageBody<AccessToken>)))]
#[get("/v1/access-tokens")]
async fn list(call: Call, query: Query<AccessTokenQuery>) -> Reply {
    let filter = AccessTokenFilter { person_id: query.0.person_id.map(Into::into) };
    call.list(move |cx, page| accounts::access_token_list(cx, &filter, page)).await
}

/// Read an access token.
///
/// One token; never what it opens with.
#[utoipa::path(operation_id = "accessTokenRead", tag = "Access tokens",
    responses((status = 200, description = "The token.", body = AccessToken)))]
#[get("/v1/access-tokens/{id}")]
async fn read(call: Call, id: Id<AccessTokenId>) -> Reply {
    call.read(move |cx| accounts::access_token_read(cx, id.0)).await
}

/// Issue an access token.
///
/// The answer holds the secret, this once. As it is not kept, a retry can not get it again: the operation takes no
/// `Idempotency-Key`, and a token too many is revoked.
#[utoipa::path(operation_id = "accessTokenCreate", tag = "Access tokens", request_body = NewAccessToken,
    responses((status = 201, description = "The new token.", body = IssuedAccessToken)))]
#[post("/v1/access-tokens")]
async fn create(call: Call, new: Json<NewAccessToken>) -> Reply {
    let new: accounts::NewAccessToken = new.0.into();
    call.create(move |cx| accounts::access_token_create(cx, &new)).await
}

/// Revoke an access token.
///
/// It opens nothing from then on.
#[utoipa::path(operation_id = "accessTokenRevoke", tag = "Access tokens",
    responses((status = 200, description = "The revoked token.", body = AccessToken)))]
#[post("/v1/access-tokens/{id}/revocation")]
async fn revoke(call: Call, id: Id<AccessTokenId>) -> Reply {
    call.act(move |cx, expected| accounts::access_token_revoke(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(revoke);
}
