//! The reserve list of a round: who waits, and who is proposed in the place of whoever does not take a grant.

use tildel_domain::Entry;
use tildel_domain::grant::Grant;
use tildel_domain::id::RoundId;
use tildel_domain::policy::Operation;
use tildel_domain::reserve::ReserveList;
use tildel_domain::round::Round;
use tildel_storage::{applications, grants, recommendations};

use crate::context::Context;
use crate::failure::Outcome;
use crate::rounds;

/// The reserve list of a round, with the round.
#[derive(Clone, Debug)]
pub struct RoundReserve {
    /// The round.
    pub round: Round,
    /// Its list.
    pub list: ReserveList,
}

/// The reserve list of a round that the caller may know of. What it is made of is open to all.
pub fn read(cx: &mut Context<'_>, id: RoundId) -> Outcome<RoundReserve> {
    cx.require(Operation::ReserveListRead)?;
    let round = rounds::read(cx, id)?;
    let list = list_of(cx, id)?;
    Ok(RoundReserve { round, list })
}

fn list_of(cx: &mut Context<'_>, round_id: RoundId) -> Outcome<ReserveList> {
    let signed = recommendations::signed_in_round(cx.db, round_id)?;
    let applications = applications::list_in_round(cx.db, round_id)?;
    let grants = grants::list_in_round(cx.db, round_id)?;
    Ok(ReserveList::of(&signed, &applications, &grants))
}

/// Tells the office who is next when a recipient does not take a grant: an entry on the round in its journal.
pub(crate) fn propose_for(cx: &mut Context<'_>, declined: &Grant) -> Outcome<()> {
    let list = list_of(cx, declined.round_id)?;
    let vacancy = list.vacancies.iter().find(|vacancy| vacancy.grant_id == declined.id);
    let Some(proposed_id) = vacancy.and_then(|vacancy| vacancy.proposed_id) else { return Ok(()) };
    let entry = Entry::new("round.propose_reserve", "round", declined.round_id)
        .with("grantId", declined.id.to_string())
        .with("applicationId", proposed_id.to_string());
    cx.note(entry, Some(declined.office_id), &(declined.id, proposed_id))
}
