//! Things of the domain to store. The nth thing of each kind has the nth id, and refers to the first of the others.
//!
//! Optional fields are unset, unless the name says `full`.

mod appeals;
mod awards;
mod changes;
mod forums;
mod money;
mod registry;
mod rounds;

pub(super) use appeals::*;
pub(super) use awards::*;
pub(super) use changes::*;
pub(super) use forums::*;
pub(super) use money::*;
pub(super) use registry::*;
pub(super) use rounds::*;
use tildel_domain::allocation::{Headcount, Nok};
use tildel_domain::ballot::{Ballot, BallotState};
use tildel_domain::round::{Round, RoundState};
use tildel_domain::text::LocalText;
use tildel_storage::{Db, StorageError, Store};

use crate::{id, write};

pub(super) fn text(nb: &str) -> LocalText {
    LocalText { nb: nb.to_owned(), nn: Some(format!("{nb} (nn)")), en: None }
}

pub(super) fn kroner(amount: i64) -> Nok {
    Nok::from_kroner(amount).unwrap()
}

/// Stores what most things refer to: organisations 1 to 3, both offices, persons 1 to 3, a scheme and a forum.
pub(super) fn settle(store: &Store) {
    use tildel_storage::{forums, offices, organisations, persons, schemes};
    write(store, |db| {
        (1..=3).try_for_each(|n| organisations::insert(db, &organisation(n)))?;
        (1..=2).try_for_each(|n| offices::insert(db, &office(n)))?;
        (1..=3).try_for_each(|n| persons::insert(db, &person(n)))?;
        schemes::insert(db, &scheme(1))?;
        forums::insert(db, &forum(1))
    });
}

/// Stores a round on its way from application to letter: two of most things, where the first is finished, if it can be, and the
/// second is not.
pub(super) fn play(store: &Store) {
    settle(store);
    write(store, play_in);
}

fn play_in(db: &mut Db) -> Result<(), StorageError> {
    use tildel_storage::{
        access_tokens, appeal_reruns, appeals, applications, ballots, changes, decisions, forums, frames,
        funding_models, grant_payments, grant_renewals, grants, headcounts, impact_reports,
        letter_renditions, letters, meetings, minutes, notifications, organisation_versions, papers,
        recommendations, recusals, references, rounds, runs, scenarios, schemes, seats, units, votes,
    };
    schemes::insert(db, &scheme(2))?;
    access_tokens::insert(db, &access_token(1), &"1".repeat(64))?;
    access_tokens::insert(db, &access_token(2), &"2".repeat(64))?;
    headcounts::insert(db, &headcount(1, Headcount::Withheld))?;
    funding_models::insert(db, &funding_model(1))?;
    funding_models::insert(db, &funding_model(2))?;
    frames::insert(db, &full_frame(1))?;
    frames::insert(db, &frame(2))?;
    references::next(db, "RO", 2020)?;
    rounds::insert(db, &round(1))?;
    rounds::insert(db, &Round { state: RoundState::Draft, ..round(2) })?;
    applications::insert(db, &full_application(1))?;
    applications::insert(db, &application(2))?;
    recusals::insert(db, &recusal(1, 1))?;
    recusals::insert(db, &recusal(2, 2))?;
    forums::insert(db, &forum(2))?;
    seats::insert(db, &seat(1))?;
    seats::insert(db, &seat(2))?;
    meetings::insert(db, &meeting(1))?;
    ballots::insert(db, &Ballot { state: BallotState::Open, frozen: true, ..ballot(1) })?;
    ballots::insert(db, &ballot(2))?;
    let mut counted = Ballot { state: BallotState::Closed, ..ballot(3) };
    counted.count(&[], (&meeting(1), &[seat(1)], &[])).expect("a count of nothing");
    ballots::insert(db, &counted)?;
    papers::insert(db, &paper(1))?;
    minutes::insert(db, &approved_minutes(1))?;
    notifications::insert(db, &notification(1))?;
    votes::cast(db, &vote(1, 1, 1))?;
    votes::cast(db, &vote(1, 1, 2))?;
    recommendations::insert(db, &adopted(recommendation(1, 1, 1)))?;
    recommendations::insert(db, &recommendation(2, 1, 2))?;
    recommendations::insert(db, &signed_off(adopted(renewal_recommendation(7, 2021))))?;
    recommendations::insert(db, &renewal_recommendation(8, 2022))?;
    (1..=3).try_for_each(|n| runs::insert(db, &run(n)))?;
    decisions::insert(db, &approved(award(1)))?;
    decisions::insert(db, &approved(amounts(2)))?;
    decisions::insert(db, &award(3))?;
    grants::insert(db, &promised(grant(1)))?;
    grants::insert(db, &grant(2))?;
    grant_renewals::insert(db, &renewal(1))?;
    grant_payments::insert(db, &payment(1))?;
    impact_reports::insert(db, &accepted(report(1)))?;
    impact_reports::insert(db, &report(2))?;
    scenarios::insert(db, &scenario(1))?;
    appeals::insert(db, &appeal(1))?;
    appeals::insert(db, &upheld(appeal(2)))?;
    appeal_reruns::insert(db, &rerun(1))?;
    letters::insert(db, &dispatched(letter(1)))?;
    letters::insert(db, &letter(2))?;
    units::insert(db, &unit(1))?;
    units::insert(db, &unit(2))?;
    organisation_versions::keep(db, crate::start(), &organisation(1))?;
    changes::insert(db, &change(1))?;
    changes::insert(db, &full_change(2))?;
    let accepted = tildel_domain::change::ChangeState::Accepted;
    changes::insert(db, &tildel_domain::change::Change { state: accepted, ..full_change(3) })?;
    letter_renditions::put(db, id(1).into(), 1, "pdf", &"f".repeat(64), b"%PDF")
}
