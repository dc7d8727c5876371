//! Headcounts: what is recorded of whom, and which of it counts.

use std::collections::{BTreeMap, BTreeSet};

use tildel_domain::Refusal;
use tildel_domain::allocation::{CountedUnit, HeadcountRecord};
use tildel_domain::headcount_choice::{Verdict, choose};
use tildel_domain::id::{HeadcountId, OrganisationId};
use tildel_domain::organisation::{Organisation, OrganisationHeadcount};
use tildel_domain::policy::Operation;
use tildel_domain::unit::Unit;
use tildel_storage::headcounts::{self, HeadcountFilter};
use tildel_storage::{Page, PageRequest, units};

use crate::changes;
use crate::context::Context;
use crate::failure::Outcome;

/// A headcount with what became of it.
#[derive(Clone, Debug)]
pub struct JudgedHeadcount {
    /// The headcount.
    pub headcount: OrganisationHeadcount,
    /// Whether plans count by it, and why.
    pub verdict: Verdict,
}

/// Says of each headcount whether plans count by it.
pub(super) fn judge(
    cx: &mut Context<'_>,
    theirs: Vec<OrganisationHeadcount>,
) -> Outcome<Vec<JudgedHeadcount>> {
    let mut verdicts: BTreeMap<HeadcountId, Verdict> = BTreeMap::new();
    let owners: BTreeSet<OrganisationId> = theirs.iter().map(|headcount| headcount.organisation_id).collect();
    for organisation_id in owners {
        let all = headcounts::list_for(cx.db, &[organisation_id])?;
        verdicts.extend(choose(&all).verdicts.into_iter().map(|verdict| (verdict.id, verdict)));
    }
    let judged = |headcount: OrganisationHeadcount| {
        let verdict = verdicts.remove(&headcount.id)?;
        Some(JudgedHeadcount { headcount, verdict })
    };
    Ok(theirs.into_iter().filter_map(judged).collect())
}

/// Headcounts.
pub fn headcount_list(
    cx: &mut Context<'_>,
    filter: &HeadcountFilter,
    page: &PageRequest,
) -> Outcome<Page<JudgedHeadcount>> {
    cx.require(Operation::HeadcountList)?;
    let page = headcounts::page(cx.db, filter, page)?;
    let mut judged = judge(cx, page.items)?;
    if !cx.actor.is_staff() {
        // Why somebody set a count, and who did, is told to those who work with it alone.
        for one in &mut judged {
            (one.headcount.reason, one.headcount.recorded_by) = (None, None);
        }
    }
    Ok(Page { items: judged, next: page.next })
}

/// A headcount to record.
#[derive(Clone, Debug)]
pub struct NewHeadcount {
    /// Whose employees.
    pub organisation_id: OrganisationId,
    /// The count itself, of the organisation as a whole.
    pub record: HeadcountRecord,
    /// The number of the unit, where it is of one alone.
    pub unit_number: Option<String>,
    /// Its name, where it is not known here yet.
    pub unit_name: Option<String>,
    /// Why it is set against what a register says.
    pub reason: Option<String>,
}

/// Records a headcount; plans that rest on it are computed again.
pub fn headcount_create(cx: &mut Context<'_>, new: &NewHeadcount) -> Outcome<JudgedHeadcount> {
    cx.require(Operation::HeadcountCreate)?;
    let organisation_id = new.organisation_id;
    let _owner: Organisation = cx.find_referenced(organisation_id, "/organisationId")?;
    let mut record = new.record.clone();
    record.unit = counted_unit(cx, new)?;
    let headcount = OrganisationHeadcount {
        id: cx.new_id(),
        organisation_id,
        record,
        register: None,
        reason: new.reason.clone(),
        recorded_by: cx.actor.person_id,
        departs: false,
    };
    let entry = headcount.record(&cx.actor)?;
    headcounts::insert(cx.db, &headcount)?;
    cx.note(entry, None, &headcount)?;
    changes::rest_on(cx, &BTreeSet::from([organisation_id]))?;
    let judged = judge(cx, vec![headcount])?.pop();
    judged.ok_or_else(|| Refusal::not_found("headcount").into())
}

/// The unit that a count is of; one that is not known here yet is followed from now on.
fn counted_unit(cx: &mut Context<'_>, new: &NewHeadcount) -> Outcome<Option<CountedUnit>> {
    let Some(number) = &new.unit_number else {
        if new.unit_name.is_some() {
            return Err(Refusal::invalid("/unitNumber", "the number of the unit with this name").into());
        }
        return Ok(None);
    };
    if let Some(unit) = units::with_numbers(cx.db, &[number])?.pop() {
        if unit.organisation_id != new.organisation_id || unit.unit_kind != new.record.unit_kind {
            return Err(Refusal::invalid("/unitNumber", "a unit of the organisation and of this kind").into());
        }
        return Ok(Some(unit.counted()));
    }
    let missing = || Refusal::invalid("/unitName", "the name of a unit that is not known yet");
    let name = new.unit_name.clone().filter(|name| !name.trim().is_empty()).ok_or_else(missing)?;
    let unit = Unit {
        id: cx.new_id(),
        number: number.clone(),
        organisation_id: new.organisation_id,
        name,
        unit_kind: new.record.unit_kind,
        ownership: new.record.ownership,
        municipality_number: None,
        since: new.record.date,
        ended_on: None,
        version: 1,
    };
    let entry = unit.follow();
    let unit = cx.create(unit, entry)?;
    Ok(Some(unit.counted()))
}
