//! Which running grants and open rounds rest on an organisation.

use jiff::civil::Date;
use tildel_domain::change::{Change, TouchedGrant, TouchedRound, Touches};
use tildel_domain::id::OrganisationId;
use tildel_storage::{grants, rounds};

use crate::context::Context;
use crate::failure::Outcome;

/// What a change touches that waits: what it touched when it was found, and what has come to rest on its organisations since.
pub(super) fn touched_by(cx: &mut Context<'_>, change: &Change) -> Outcome<Touches> {
    let mut touches = change.touches.clone();
    for organisation_id in [Some(change.organisation_id), change.to_organisation_id].into_iter().flatten() {
        touches.join(Touching::gather(cx, organisation_id)?.from(change.effective_on));
    }
    Ok(touches)
}

/// What an organisation touches.
pub(super) struct Touching {
    /// Running grants, with their last year.
    grants: Vec<(TouchedGrant, i16)>,
    rounds: Vec<TouchedRound>,
}

impl Touching {
    pub(super) fn gather(cx: &mut Context<'_>, organisation_id: OrganisationId) -> Outcome<Self> {
        let mut touching = Self { grants: Vec::new(), rounds: Vec::new() };
        for grant in grants::of_party(cx.db, organisation_id)? {
            let last = grant.years.iter().map(|year| year.year).max();
            let last = last.map(|last| grant.stopped_from.map_or(last, |stopped| last.min(stopped - 1)));
            let touched = TouchedGrant {
                grant_id: grant.id,
                reference: grant.reference,
                office_id: grant.office_id,
                scheme_id: grant.scheme_id,
            };
            touching.grants.extend(last.map(|last| (touched, last)));
        }
        for round in rounds::open_with_party(cx.db, organisation_id)? {
            touching.rounds.push(TouchedRound {
                round_id: round.id,
                office_id: round.office_id,
                scheme_id: round.scheme_id,
            });
        }
        Ok(touching)
    }

    /// The grants that still run on a day, and the rounds.
    pub(super) fn from(&self, day: Date) -> Touches {
        let running = self.grants.iter().filter(|(_, last)| *last >= day.year());
        Touches { grants: running.map(|(touched, _)| touched.clone()).collect(), rounds: self.rounds.clone() }
    }
}
