//! Who and what a case has made so far, by the keys of the case.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use tildel_domain::forum::Seat;
use tildel_domain::id::{
    ApplicationId, DecisionId, ForumId, LetterId, MeetingId, OfficeId, OrganisationId, PersonId, RoundId,
    SchemeId,
};
use tildel_domain::person::Person;
use tildel_domain::{Actor, Role};
use tildel_usecases::{Context, Failure, Service, Write};

use super::PracticeToken;

/// What a case has made so far.
#[derive(Default)]
pub(crate) struct Cast {
    pub(crate) office_id: Option<OfficeId>,
    pub(crate) scheme_id: Option<SchemeId>,
    pub(crate) round_id: Option<RoundId>,
    pub(crate) decision_id: Option<DecisionId>,
    pub(crate) letter_ids: Vec<LetterId>,
    pub(crate) organisations: BTreeMap<String, OrganisationId>,
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) forums: BTreeMap<String, ForumId>,
    pub(crate) seats: BTreeMap<String, Seat>,
    pub(crate) meetings: BTreeMap<String, MeetingId>,
    pub(crate) applications: BTreeMap<String, ApplicationId>,
    pub(crate) tokens: Vec<PracticeToken>,
}

impl Cast {
    pub(crate) fn office(&self) -> Result<OfficeId> {
        self.office_id.context("the case has no office yet")
    }

    pub(crate) fn scheme(&self) -> Result<SchemeId> {
        self.scheme_id.context("the case has no scheme yet")
    }

    pub(crate) fn round(&self) -> Result<RoundId> {
        self.round_id.context("the case has no round yet")
    }

    pub(crate) fn organisation(&self, key: &str) -> Result<OrganisationId> {
        find(&self.organisations, key)
    }

    pub(crate) fn application(&self, key: &str) -> Result<ApplicationId> {
        find(&self.applications, key)
    }

    pub(crate) fn person(&self, key: &str) -> Result<PersonId> {
        find_ref(&self.people, key).map(|person| person.id)
    }

    /// A person in a role.
    pub(crate) fn actor(&self, key: &str, role: Role) -> Result<Actor> {
        let person = find_ref(&self.people, key)?;
        Ok(Actor {
            person_id: Some(person.id),
            role,
            office_id: person.office_id,
            organisation_id: person.organisation_id,
        })
    }
}

fn find<T: Copy>(map: &BTreeMap<String, T>, key: &str) -> Result<T> {
    find_ref(map, key).copied()
}

fn find_ref<'a, T>(map: &'a BTreeMap<String, T>, key: &str) -> Result<&'a T> {
    map.get(key).with_context(|| format!("case.toml can not be used: «{key}» is not there (yet)"))
}

/// The admin who sets things up before there are people.
pub(crate) fn installer() -> Actor {
    Actor { person_id: None, role: Role::Admin, office_id: None, organisation_id: None }
}

/// Does one thing as somebody; a refusal says in the office's language what the rule was.
pub(crate) async fn act<T: Send + 'static>(
    service: &Service,
    actor: Actor,
    what: &str,
    body: impl FnMut(&mut Context<'_>) -> Result<T, Failure> + Send + 'static,
) -> Result<T> {
    service
        .write(Write::internal(actor), body)
        .await
        .with_context(|| format!("the case can not go on: {what}"))
}
