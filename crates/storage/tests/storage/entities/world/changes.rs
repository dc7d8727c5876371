//! Schools and kindergartens, and what registers say otherwise.

use tildel_domain::allocation::{Headcount, Ownership, SuccessorInput, UnitKind};
use tildel_domain::change::{
    Change, ChangeEffect, ChangeKind, ChangeState, TouchedGrant, TouchedRound, Touches,
};
use tildel_domain::register::{RegisterKey, RegisterUnit};
use tildel_domain::unit::Unit;

use crate::{after, id, start};

pub(crate) fn unit(n: u128) -> Unit {
    Unit {
        id: id(n).into(),
        number: format!("97410{n}"),
        organisation_id: id(1).into(),
        name: "Barnehage".to_owned(),
        unit_kind: UnitKind::Kindergarten,
        ownership: None,
        municipality_number: None,
        since: "2019-10-01".parse().unwrap(),
        ended_on: None,
        version: 1,
    }
}

pub(crate) fn full_unit(n: u128) -> Unit {
    Unit {
        ownership: Some(Ownership::Private),
        municipality_number: Some("1120".to_owned()),
        ended_on: Some("2021-07-31".parse().unwrap()),
        ..unit(n)
    }
}

fn registered(n: u128) -> RegisterUnit {
    RegisterUnit {
        number: format!("97410{n}"),
        is_sub_unit: true,
        name: "Barnehage".to_owned(),
        form: Some("BEDR".to_owned()),
        parent: Some("964965137".to_owned()),
        owner: None,
        municipality_number: Some("1120".to_owned()),
        unit_kind: Some(UnitKind::Kindergarten),
        ownership: None,
        headcount: Headcount::Withheld,
        headcount_on: None,
        ended_on: None,
    }
}

pub(crate) fn change(n: u128) -> Change {
    Change {
        id: id(n).into(),
        register: RegisterKey::Nbr,
        unit_number: format!("97410{n}"),
        organisation_id: id(1).into(),
        to_organisation_id: None,
        kind: ChangeKind::HeadcountChanged,
        effective_on: "2020-12-15".parse().unwrap(),
        since: start(),
        before: None,
        after: None,
        related: Vec::new(),
        fetch_id: id(9).into(),
        state: ChangeState::Open,
        touches: Touches::default(),
        effect: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        created_at: start(),
        version: 1,
    }
}

/// Held, and touching both offices.
pub(crate) fn full_change(n: u128) -> Change {
    let grants = vec![TouchedGrant {
        grant_id: id(1).into(),
        reference: "RO-2020-0201".to_owned(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
    }];
    let rounds =
        vec![TouchedRound { round_id: id(1).into(), office_id: id(2).into(), scheme_id: id(1).into() }];
    Change {
        to_organisation_id: Some(id(2).into()),
        before: Some(registered(n)),
        after: Some(RegisterUnit { name: "Ny".to_owned(), ..registered(n) }),
        related: vec!["974109".to_owned()],
        state: ChangeState::Held,
        touches: Touches { grants, rounds },
        effect: Some(ChangeEffect {
            refusal: Some("counted_as_whole".to_owned()),
            successors: vec![SuccessorInput {
                organisation: "964965137".to_owned(),
                share: "1".parse().unwrap(),
            }],
            successors_to_set: vec!["974109".to_owned()],
            ..ChangeEffect::at(start())
        }),
        decided_by: Some(id(1).into()),
        decided_at: Some(after(1)),
        reason: Some("venter".to_owned()),
        ..change(n)
    }
}
