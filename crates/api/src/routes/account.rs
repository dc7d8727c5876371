//! The account: who the caller is.

use actix_web::get;
use tildel_usecases::accounts;
use utoipa_actix_web::service_config::ServiceConfig;

use super::persons::Person;
use crate::call::{Call, Reply};

/// Read your account.
///
/// The person whose access token the request bears.
#[utoipa::path(operation_id = "accountRead", tag = "Account",
    responses((status = 200, description = "The caller.", body = Person)))]
#[get("/v1/account")]
async fn read(call: Call) -> Reply {
    call.read(accounts::account).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
