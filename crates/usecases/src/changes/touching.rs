//! Which running grants and open rounds rest on an organisation.

use std::collections::BTreeSet;

use jiff::civil::Date;
use tildel_domain::change::{Change, TouchedGrant, TouchedRound, Touches};
use tildel_domain::id::OrganisationId;
use tildel_domain::organisation::Organisation;
use tildel_storage::{grants, rounds};

use crate::context::Context;
use crate::failure::Outcome;
use crate::plans;

/// What a change touches that waits: what it touched when it was found, and what has come to rest on its organisations since.
pub(super) fn touched_by(cx: &mut Context<'_>, change: &Change) -> Outcome<Touches> {
    let organisation: Organisation = cx.find(change.organisation_id)?;
    let of_itself = organisation.number.as_str() == change.unit_number;
    let mut touches = change.touches.clone();
    for (organisation_id, of_itself) in bearers(change, of_itself) {
        touches.join(Touching::gather(cx, organisation_id, of_itself)?.from(change.effective_on));
    }
    Ok(touches)
}

/// The organisations that a change is of, and whether it is of themselves.
pub(super) fn bearers(
    change: &Change,
    of_itself: bool,
) -> impl Iterator<Item = (OrganisationId, bool)> + use<> {
    let both = [Some(change.organisation_id), change.to_organisation_id];
    both.into_iter().flatten().map(move |organisation_id| (organisation_id, of_itself))
}

/// What an organisation touches.
pub(super) struct Touching {
    /// Running grants, with their last year.
    grants: Vec<(TouchedGrant, i16)>,
    rounds: Vec<TouchedRound>,
}

impl Touching {
    /// What becomes of an organisation itself touches all that it came after; its people do not.
    pub(super) fn gather(
        cx: &mut Context<'_>,
        organisation_id: OrganisationId,
        of_itself: bool,
    ) -> Outcome<Self> {
        let bearers = if of_itself {
            plans::with_predecessors(cx, organisation_id)?
        } else {
            BTreeSet::from([organisation_id])
        };
        let mut touching = Self { grants: Vec::new(), rounds: Vec::new() };
        for organisation_id in bearers {
            touching.add(cx, organisation_id)?;
        }
        Ok(touching)
    }

    fn add(&mut self, cx: &mut Context<'_>, organisation_id: OrganisationId) -> Outcome<()> {
        for grant in grants::of_party(cx.db, organisation_id)? {
            let last = grant.years.iter().map(|year| year.year).max();
            let last = last.map(|last| grant.stopped_from.map_or(last, |stopped| last.min(stopped - 1)));
            let touched = TouchedGrant {
                grant_id: grant.id,
                reference: grant.reference,
                office_id: grant.office_id,
                scheme_id: grant.scheme_id,
            };
            self.grants.extend(last.map(|last| (touched, last)));
        }
        for round in rounds::open_with_party(cx.db, organisation_id)? {
            self.rounds.push(TouchedRound {
                round_id: round.id,
                office_id: round.office_id,
                scheme_id: round.scheme_id,
            });
        }
        Ok(())
    }

    /// The grants that still run on a day, and the rounds.
    pub(super) fn from(&self, day: Date) -> Touches {
        let running = self.grants.iter().filter(|(_, last)| *last >= day.year());
        Touches { grants: running.map(|(touched, _)| touched.clone()).collect(), rounds: self.rounds.clone() }
    }
}
