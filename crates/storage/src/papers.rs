//! Papers of meetings. They are only added.

use diesel::prelude::*;
use tildel_domain::id::{AgendaItemId, MeetingId, PaperId};
use tildel_domain::paper::Paper;

use crate::columns::{DbId, DbInstant};
use crate::repository::{inserting, load_page, reading, row};
use crate::schema::meetings::papers;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    papers[id] => Paper {
        id: DbId,
        meeting_id: DbId,
        agenda_item_id: DbId,
        title: String,
        kind: String,
        link: Option<String>,
        text: Option<String>,
        added_by: DbId,
        added_at: DbInstant,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<Paper>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { papers: Paper, PaperId }
inserting! { papers: Paper, pub insert }

/// A page of the papers of a meeting, of these items only.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    meeting_id: MeetingId,
    item_ids: &[AgendaItemId],
    request: &PageRequest,
) -> Result<Page<Paper>, StorageError> {
    let query = papers::table
        .select(Row::COLUMNS)
        .filter(papers::meeting_id.eq(key(meeting_id)))
        .filter(papers::agenda_item_id.eq_any(item_ids.iter().copied().map(key)))
        .into_boxed();
    load_page!(db, papers, query, request)
}
