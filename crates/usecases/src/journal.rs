//! The journal, for its readers.

use tildel_domain::application::Application;
use tildel_domain::policy::Operation;
use tildel_domain::round::{Round, RoundState};
use tildel_domain::{Refusal, RefusalCode, Role};
use tildel_storage::journal::{self, Entry, JournalFilter};
use tildel_storage::recusals;
use uuid::Uuid;

use crate::context::Context;
use crate::failure::Outcome;

/// A stretch of the journal, in its order.
#[derive(Clone, Debug)]
pub struct JournalPage {
    /// The entries.
    pub items: Vec<Entry>,
    /// The number after which to go on, if there is more.
    pub next_after: Option<i64>,
}

/// The journal after an entry: all of it for the admin, the own office's for its staff, and what belongs to no office.
///
/// Entries tell who has voted and when, and the gaps between one's own how much others do. So whoever is recused on an
/// application does not read it while a forum treats that.
pub fn list(
    cx: &mut Context<'_>,
    (subject_kind, subject_id): (Option<String>, Option<Uuid>),
    after_seq: i64,
    limit: u32,
) -> Outcome<JournalPage> {
    cx.require(Operation::JournalList)?;
    require_fit(cx)?;
    let office_id = match cx.actor.role {
        Role::Admin | Role::Directorate => None,
        _ => cx.actor.office_id.map(Uuid::from),
    };
    let filter = JournalFilter { office_id, subject_kind, subject_id, ..JournalFilter::default() };
    let mut items = journal::page(cx.db, after_seq, limit + 1, &filter)?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_after = if more { items.last().map(|entry| entry.seq) } else { None };
    Ok(JournalPage { items, next_after })
}

fn require_fit(cx: &mut Context<'_>) -> Outcome<()> {
    let Some(person_id) = cx.actor.person_id else { return Ok(()) };
    for recusal in recusals::of_person(cx.db, person_id)? {
        let application: Application = cx.find(recusal.application_id)?;
        let round: Round = cx.find(application.round_id)?;
        if round.state == RoundState::InForum {
            return Err(Refusal::new(RefusalCode::Recused).into());
        }
    }
    Ok(())
}
