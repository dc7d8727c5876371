//! `tildel token create`: how the first administrator gets in.

use anyhow::{Context as _, Result, anyhow};
use tildel_usecases::accounts::{self, NewAccessToken, NewPerson};
use tildel_usecases::domain::id::{OfficeId, OrganisationId, PersonId};
use tildel_usecases::domain::organisation::OrganisationNumber;
use tildel_usecases::domain::{Actor, Refusal, RefusalCode, Role};
use tildel_usecases::registry::{self, OfficeFilter, OrganisationFilter};
use tildel_usecases::{Context, Failure, PageRequest, Write};

use crate::cli::TokenCreate;
use crate::settings::Settings;
use crate::{database, wiring};

/// The operator at the command line: an administrator who needs no token, as whoever has the database has everything.
pub(super) fn installer() -> Actor {
    Actor { person_id: None, role: Role::Admin, office_id: None, organisation_id: None }
}

pub(super) async fn create(settings: &Settings, what: TokenCreate) -> Result<()> {
    let role = parse_role(&what.role)?;
    let number = what.organisation.as_deref().map(OrganisationNumber::parse).transpose();
    let number = number.context("The organisation number is not one. Give nine digits for --organisation")?;
    let store = database::open_migrated(settings).await?;
    let service = wiring::service(settings, store, &database::journal_key(settings)?);
    let created = service
        .write(Write::internal(installer()), move |cx| {
            let person_id = match what.person {
                Some(id) => PersonId::from(id),
                None => register(cx, &what, number.as_ref())?,
            };
            let label = if what.person.is_some() { what.name.clone() } else { "command line".to_owned() };
            accounts::access_token_create(cx, &NewAccessToken { person_id, role, label, expires_at: None })
        })
        .await;
    let (token, secret) = created.context("The token can not be made")?;
    eprintln!("A token for person {} as {}. It is shown this once:", token.person_id, role.as_str());
    println!("{secret}");
    Ok(())
}

fn parse_role(text: &str) -> Result<Role> {
    Role::WITH_TOKEN.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
        let roles = Role::WITH_TOKEN.map(Role::as_str).join(", ");
        anyhow!("The role {text:?} does not exist. Take one of {roles} for --role.")
    })
}

fn register(
    cx: &mut Context<'_>,
    what: &TokenCreate,
    number: Option<&OrganisationNumber>,
) -> Result<PersonId, Failure> {
    let person = NewPerson {
        name: what.name.clone(),
        title: None,
        phone: None,
        office_id: what.office.as_deref().map(|key| office(cx, key)).transpose()?,
        organisation_id: number.map(|number| organisation(cx, number)).transpose()?,
    };
    Ok(accounts::person_create(cx, &person)?.id)
}

fn office(cx: &mut Context<'_>, key: &str) -> Result<OfficeId, Failure> {
    let filter = OfficeFilter { key: Some(key.to_owned()) };
    let found = registry::office_list(cx, &filter, &PageRequest::first(1))?;
    found.items.first().map(|office| office.id).ok_or_else(|| unknown("office", "--office"))
}

fn organisation(cx: &mut Context<'_>, number: &OrganisationNumber) -> Result<OrganisationId, Failure> {
    let filter =
        OrganisationFilter { number: Some(number.as_str().to_owned()), ..OrganisationFilter::default() };
    let found = registry::organisation_list(cx, &filter, &PageRequest::first(1))?;
    found
        .items
        .first()
        .map(|organisation| organisation.id)
        .ok_or_else(|| unknown("organisation", "--organisation"))
}

fn unknown(thing: &str, option: &str) -> Failure {
    Refusal::new(RefusalCode::UnknownReference).with("thing", thing).at(option).into()
}
