//! The journal: all that was done, in order and without gaps.

use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tildel_usecases::journal;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::PageBody;
use crate::call::{Call, Query, Reply, cursor_of};

/// One thing that was done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its place in the journal, from 1 and without gaps.
    pub seq: i64,
    /// Id.
    pub id: Uuid,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; null for Tildel itself.
    #[schema(required)]
    pub actor_id: Option<Uuid>,
    /// The role in which it was done.
    pub actor_role: String,
    /// What was done, such as `application.submit`.
    pub action: String,
    /// The kind of thing it was done to, such as `application`.
    pub subject_kind: String,
    /// The thing it was done to.
    pub subject_id: Uuid,
    /// The version of that thing afterwards.
    pub subject_version: i64,
    /// The office it belongs to.
    #[schema(required)]
    pub office_id: Option<Uuid>,
    /// Facts about it; never personal data.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// Keyed hash of the thing before.
    #[schema(required)]
    pub before_hash: Option<String>,
    /// Keyed hash of the thing afterwards.
    #[schema(required)]
    pub after_hash: Option<String>,
    /// Hash of the entry before this one.
    pub prev_hash: String,
    /// Hash of this entry, over the one before: a change of any entry would show.
    pub hash: String,
}

/// Which entries to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct JournalQuery {
    /// On things of this kind only, such as `application`.
    #[param(pattern = "^[a-z_]{1,40}$")]
    pub subject_kind: Option<String>,
    /// On this thing only.
    pub subject_id: Option<Uuid>,
}

/// Read the journal.
///
/// Entries in their order: the own office's for its staff, all for the admin.
#[utoipa::path(operation_id = "journalList", tag = "Journal", params(JournalQuery),
    responses((status = 200, description = "A page of entries.", body = PageBody<Entry>)))]
#[get("/v1/journal")]
async fn list(call: Call, query: Query<JournalQuery>) -> Reply {
    let subject = (query.0.subject_kind, query.0.subject_id);
    let page = call
        .fetch(move |cx, page| journal::list(cx, subject, page.after.map_or(0, place_of), page.limit))
        .await?;
    let entries = page.items.into_iter().map(|entry| Entry {
        seq: entry.seq,
        id: entry.content.id,
        at: entry.content.at,
        actor_id: entry.content.actor_id,
        actor_role: entry.content.actor_role,
        action: entry.content.action,
        subject_kind: entry.content.subject_kind,
        subject_id: entry.content.subject_id,
        subject_version: entry.content.subject_version,
        office_id: entry.content.office_id,
        detail: entry.content.detail,
        before_hash: entry.content.before_hash,
        after_hash: entry.content.after_hash,
        prev_hash: entry.prev_hash,
        hash: entry.hash,
    });
    let items: Vec<Entry> = entries.collect();
    let next_cursor = page.next_after.map(|seq| cursor_of(Uuid::from_u128(u128::from(seq.unsigned_abs()))));
    Ok(HttpResponse::Ok().json(PageBody { items, next_cursor }))
}

/// Cursors of the journal hold the place itself; one that is beyond all places is at the end.
fn place_of(cursor: Uuid) -> i64 {
    i64::try_from(cursor.as_u128()).unwrap_or(i64::MAX)
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list);
}
