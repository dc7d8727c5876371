//! Pages of lists: the order is total (time of making, then id), so a row is neither lost nor doubled while others write.

use std::collections::BTreeMap;

use tildel_usecases::{PageOrder, PageRequest};
use uuid::Uuid;

use crate::problem::{ApiCode, Problem};

/// Items on a page where the caller does not say.
pub(crate) const LIMIT_DEFAULT: u32 = 50;
/// Most items on a page.
pub(crate) const LIMIT_MAX: u32 = 200;
/// What a cursor looks like. Each text of this shape is a place in every list, so there is no wrong one.
pub(crate) const CURSOR_PATTERN: &str = "^[0-9a-f]{32}$";

/// The page that a query asks for; what it holds has been held against the document.
pub(super) fn page_request(query: &BTreeMap<String, String>) -> Result<PageRequest, Problem> {
    let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(LIMIT_DEFAULT);
    let order = match query.get("sort").map(String::as_str) {
        Some("-createdAt") => PageOrder::Newest,
        _ => PageOrder::Oldest,
    };
    let after = query.get("cursor").map(|cursor| place_of(cursor)).transpose()?;
    Ok(PageRequest { limit, after, order })
}

/// Writes the place after which a page goes on.
pub(crate) fn cursor_of(place: Uuid) -> String {
    place.simple().to_string()
}

fn place_of(cursor: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(cursor).map_err(|_| Problem::new(ApiCode::InvalidCursor))
}
