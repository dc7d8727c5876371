//! Rounds and applications.

use std::collections::BTreeMap;

use tildel_domain::allocation::UnitKind;
use tildel_domain::application::{
    Application, ApplicationContent, ApplicationState, Party, PartyRole, Screening, ScreeningOutcome,
};
use tildel_domain::round::{Deadline, Round, RoundState};

use super::{kroner, text};
use crate::{id, start};

pub(crate) fn round(n: u128) -> Round {
    Round {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        budget_year: 2020,
        title: text("Utlysning"),
        label: text("høsten 2020"),
        deadline: Deadline {
            local: "2020-05-01T23:59:00".parse().unwrap(),
            zone: "Europe/Oslo".to_owned(),
            grace_minutes: 15,
        },
        forum_ids: vec![id(1).into()],
        deferred_groups: Vec::new(),
        criteria: Vec::new(),
        state: RoundState::Open,
        cancellation_reason: None,
        version: 1,
    }
}

pub(crate) fn party(n: u128, organisation: u128, role: PartyRole) -> Party {
    Party {
        id: id(n).into(),
        organisation_id: id(organisation).into(),
        role,
        own_contribution: None,
        confirmed_at: None,
    }
}

/// A draft of the first organisation.
pub(crate) fn application(n: u128) -> Application {
    Application {
        id: id(n).into(),
        reference: format!("RO-2020-{n:04}"),
        round_id: id(1).into(),
        office_id: id(1).into(),
        content: ApplicationContent {
            title: "Lesing".to_owned(),
            project_name: None,
            unit_kinds: vec![UnitKind::Kindergarten],
            answers: BTreeMap::from([("goal".to_owned(), "å lese «bedre»".to_owned())]),
            requested: None,
        },
        parties: vec![party(n * 10, 1, PartyRole::Lead)],
        state: ApplicationState::Draft,
        submitted_at: None,
        state_reason: None,
        screening: None,
        version: 1,
    }
}

pub(crate) fn full_application(n: u128) -> Application {
    let bare = application(n);
    let content = ApplicationContent {
        project_name: Some("Jærskolene".to_owned()),
        requested: Some(kroner(250_000)),
        ..bare.content
    };
    let contributing = Party {
        own_contribution: Some("to stillinger".to_owned()),
        confirmed_at: Some(start()),
        ..party(n * 10 + 1, 2, PartyRole::Partner)
    };
    let screening = Screening {
        outcome: ScreeningOutcome::Deferred,
        reason: "videregående opplæring".to_owned(),
        deferred_to_year: Some(2021),
        screened_by: Some(id(1).into()),
        screened_at: start(),
    };
    Application {
        content,
        parties: vec![
            party(n * 10, 1, PartyRole::Lead),
            contributing,
            party(n * 10 + 2, 3, PartyRole::Provider),
        ],
        state: ApplicationState::Deferred,
        submitted_at: Some(start()),
        state_reason: Some("mangler mål".to_owned()),
        screening: Some(screening),
        ..application(n)
    }
}
