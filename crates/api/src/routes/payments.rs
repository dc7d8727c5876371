//! Payments: parts of decided amounts that were paid.

use actix_web::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::grant::GrantPayment;
use tildel_usecases::domain::id::GrantPaymentId;
use tildel_usecases::grants::{self, NewPayment as New};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{Money, PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};

/// A part of a year's amount that was paid.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Id.
    pub id: Uuid,
    /// The grant.
    pub grant_id: Uuid,
    /// The budget year whose amount it is part of.
    pub year: i16,
    /// Which payment of the year it is, from 1.
    pub sequence: u32,
    /// The amount.
    pub amount: Money,
    /// The day on which it was paid.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
    /// Who recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

resource!(GrantPayment => Payment at "/v1/payments", unversioned);

impl From<GrantPayment> for Payment {
    fn from(payment: GrantPayment) -> Self {
        Self {
            id: payment.id.into(),
            grant_id: payment.grant_id.into(),
            year: payment.year,
            sequence: payment.sequence,
            amount: payment.amount.into(),
            paid_on: payment.paid_on,
            recorded_by: payment.recorded_by.into(),
            recorded_at: payment.recorded_at,
        }
    }
}

/// A payment to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPayment {
    /// The grant.
    pub grant_id: Uuid,
    /// A budget year whose amount is decided.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// The amount; all payments of a year together are never more than what is decided for it.
    pub amount: Money,
    /// The day on which it was paid.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
}

impl TryFrom<NewPayment> for New {
    type Error = Refusal;

    fn try_from(new: NewPayment) -> Result<Self, Refusal> {
        Ok(Self {
            grant_id: new.grant_id.into(),
            year: new.year,
            amount: new.amount.read("/amount")?,
            paid_on: new.paid_on,
        })
    }
}

/// Which payments to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct PaymentQuery {
    /// Of this grant only.
    pub grant_id: Option<Uuid>,
}

/// List payments.
///
/// All payments that were recorded.
#[utoipa::path(operation_id = "paymentList", tag = "Grants", params(PaymentQuery),
    responses((status = 200, description = "A page of payments.", body = PageBody<Payment>)))]
#[get("/v1/payments")]
async fn list(call: Call, query: Query<PaymentQuery>) -> Reply {
    let grant_id = query.0.grant_id.map(Into::into);
    call.list(move |cx, page| grants::payment_list(cx, grant_id, page)).await
}

/// Read a payment.
///
/// One payment.
#[utoipa::path(operation_id = "paymentRead", tag = "Grants",
    responses((status = 200, description = "The payment.", body = Payment)))]
#[get("/v1/payments/{id}")]
async fn read(call: Call, id: Id<GrantPaymentId>) -> Reply {
    call.read(move |cx| grants::payment_read(cx, id.0)).await
}

/// Record a payment.
///
/// It is the next one of its year, and stays. The plan is computed again, so that the open instalments follow.
#[utoipa::path(operation_id = "paymentCreate", tag = "Grants", request_body = NewPayment,
    responses((status = 201, description = "The new payment.", body = Payment)))]
#[post("/v1/payments")]
async fn create(call: Call, new: Json<NewPayment>) -> Reply {
    let new: New = new.0.try_into()?;
    call.create(move |cx| grants::payment_create(cx, new)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
