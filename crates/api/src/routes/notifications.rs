//! Notifications: what people are told.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::NotificationId;
use tildel_usecases::domain::notification as domain;
use tildel_usecases::notifications;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{LocalText, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Query, Reply};

wire_enum! {
    /// What a notification is about.
    NotificationKind = domain::NotificationKind {
        /// A ballot ends soon, and the receiver's seat has not voted.
        BallotReminder,
        /// Somebody appeals against a decision that the caller prepared.
        AppealReceived,
        /// The office looks into the caller's appeal.
        AppealUnderReview,
        /// A ruling on the caller's appeal was made.
        AppealRuled,
        /// An appeal that the caller handles was taken back.
        AppealWithdrawn,
    }
}

/// Something the caller is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Id.
    pub id: Uuid,
    /// Kind.
    pub kind: NotificationKind,
    /// The ballot that it is about.
    #[schema(required)]
    pub ballot_id: Option<Uuid>,
    /// The seat that the caller votes for.
    #[schema(required)]
    pub seat_id: Option<Uuid>,
    /// The appeal that it is about.
    #[schema(required)]
    pub appeal_id: Option<Uuid>,
    /// What it says.
    pub text: LocalText,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the caller read it.
    #[schema(required)]
    pub read_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::Notification => Notification at "/v1/notifications");

impl From<domain::Notification> for Notification {
    fn from(notification: domain::Notification) -> Self {
        Self {
            id: notification.id.into(),
            kind: notification.kind.into(),
            ballot_id: notification.ballot_id.map(Into::into),
            seat_id: notification.seat_id.map(Into::into),
            appeal_id: notification.appeal_id.map(Into::into),
            text: notification.text.into(),
            created_at: notification.created_at,
            read_at: notification.read_at,
            version: notification.version,
        }
    }
}

/// Which notifications to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NotificationQuery {
    /// Only those that are not read.
    pub unread: Option<bool>,
}

/// List notifications.
///
/// The caller's own.
#[utoipa::path(operation_id = "notificationList", tag = "Notifications", params(NotificationQuery),
    responses((status = 200, description = "A page of notifications.", body = PageBody<Notification>)))]
#[get("/v1/notifications")]
async fn list(call: Call, query: Query<NotificationQuery>) -> Reply {
    let unread = query.0.unread.unwrap_or(false);
    call.list(move |cx, page| notifications::list(cx, unread, page)).await
}

/// Read a notification.
///
/// One of the caller's. Reading does not mark it.
#[utoipa::path(operation_id = "notificationRead", tag = "Notifications",
    responses((status = 200, description = "The notification.", body = Notification)))]
#[get("/v1/notifications/{id}")]
async fn read(call: Call, id: Id<NotificationId>) -> Reply {
    call.read(move |cx| notifications::read(cx, id.0)).await
}

/// Mark a notification as read.
///
/// Once.
#[utoipa::path(operation_id = "notificationMarkRead", tag = "Notifications",
    responses((status = 200, description = "The notification that was read.", body = Notification)))]
#[post("/v1/notifications/{id}/reading")]
async fn mark_read(call: Call, id: Id<NotificationId>) -> Reply {
    call.act(move |cx, expected| notifications::mark_read(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(mark_read);
}
