//! What a plan would be if something that it rests on were otherwise. Nothing is stored.

use tildel_domain::allocation::{self, Bundle, impact};
use tildel_domain::change::{PlanEffect, PlanStanding};
use tildel_domain::grant::GrantState;
use tildel_domain::id::{OfficeId, SchemeId};
use tildel_storage::{grants, runs};

use super::input::{Overlay, gather};
use super::refused;
use crate::context::Context;
use crate::failure::Outcome;

/// What an overlay would move in the plan of an office and scheme, against the plan as things stand; none where there is nothing
/// to plan.
pub(crate) fn effect(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    overlay: &Overlay,
) -> Outcome<Option<PlanEffect>> {
    let mut standing = grants::list_for(cx.db, office_id, scheme_id)?;
    standing.retain(|grant| grant.state != GrantState::Declined);
    let mut compute = |overlay: &Overlay| -> Outcome<Option<Bundle>> {
        let mut input = gather(cx, office_id, scheme_id, &standing, overlay)?;
        if input.projects.is_empty() {
            return Ok(None);
        }
        input.canonicalise();
        Ok(Some(Bundle::compute(input).map_err(refused)?))
    };
    let (before, after) = (compute(&Overlay::default())?, compute(overlay)?);
    let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
    let moves = impact::impact((&before.input, &before.result), (&after.input, &after.result));
    Ok(Some(PlanEffect {
        office_id,
        scheme_id,
        run_id: runs::latest(cx.db, office_id, scheme_id)?.map(|run| run.id),
        input_hash: after.input_hash,
        result_hash: after.result_hash,
        moves,
    }))
}

/// How the plan of an office and scheme stands, and what it would rest on with an overlay; none where there is nothing to plan.
pub(crate) fn standing(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    overlay: &Overlay,
) -> Outcome<Option<PlanStanding>> {
    let mut standing = grants::list_for(cx.db, office_id, scheme_id)?;
    standing.retain(|grant| grant.state != GrantState::Declined);
    let mut input = gather(cx, office_id, scheme_id, &standing, overlay)?;
    if input.projects.is_empty() {
        return Ok(None);
    }
    input.canonicalise();
    Ok(Some(PlanStanding {
        office_id,
        scheme_id,
        run_id: runs::latest(cx.db, office_id, scheme_id)?.map(|run| run.id),
        input_hash: allocation::hash_of(&input).map_err(refused)?,
    }))
}
