//! People and their access tokens.

use jiff::Timestamp;
use tildel_domain::Role;
use tildel_domain::id::{AccessTokenId, OfficeId, OrganisationId, PersonId};
use tildel_domain::organisation::Organisation;
use tildel_domain::person::{AccessToken, Person};
use tildel_domain::policy::Operation;
use tildel_domain::scheme::Office;
use tildel_storage::access_tokens;
pub use tildel_storage::access_tokens::AccessTokenFilter;
use tildel_storage::persons;
pub use tildel_storage::persons::PersonFilter;
use tildel_storage::{Page, PageRequest};

use crate::aggregate::Aggregate;
use crate::context::{Context, Expected};
use crate::failure::{Failure, Outcome};
use crate::service::token_hash;

/// What a new person is made of.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Full name.
    pub name: String,
    /// Title, as printed under a signature.
    pub title: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// The office the person works for.
    pub office_id: Option<OfficeId>,
    /// The organisation the person acts for.
    pub organisation_id: Option<OrganisationId>,
}

/// What a new token is made of.
#[derive(Clone, Debug)]
pub struct NewAccessToken {
    /// Whose token.
    pub person_id: PersonId,
    /// What it lets its bearer act as.
    pub role: Role,
    /// What it is for.
    pub label: String,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}

/// The person who asks.
pub fn account(cx: &mut Context<'_>) -> Outcome<Person> {
    cx.require(Operation::AccountRead)?;
    let person_id = cx.actor.person_id.ok_or(Failure::Unauthenticated)?;
    cx.find(person_id)
}

/// People, for the admin.
pub fn person_list(cx: &mut Context<'_>, page: &PageRequest) -> Outcome<Page<Person>> {
    cx.require(Operation::PersonList)?;
    Ok(persons::page(cx.db, &PersonFilter::default(), page)?)
}

/// One person.
pub fn person_read(cx: &mut Context<'_>, id: PersonId) -> Outcome<Person> {
    cx.require(Operation::PersonRead)?;
    cx.find(id)
}

/// Registers a person.
pub fn person_create(cx: &mut Context<'_>, new: &NewPerson) -> Outcome<Person> {
    cx.require(Operation::PersonCreate)?;
    if let Some(office_id) = new.office_id {
        let _office: Office = cx.find_referenced(office_id, "/officeId")?;
    }
    if let Some(organisation_id) = new.organisation_id {
        let _organisation: Organisation = cx.find_referenced(organisation_id, "/organisationId")?;
    }
    let person = Person {
        id: cx.new_id(),
        name: new.name.clone(),
        title: new.title.clone(),
        phone: new.phone.clone(),
        office_id: new.office_id,
        organisation_id: new.organisation_id,
        version: 1,
    };
    let entry = person.register()?;
    cx.create(person, entry)
}

/// Access tokens, for the admin. What they open with is not kept.
pub fn access_token_list(
    cx: &mut Context<'_>,
    filter: &AccessTokenFilter,
    page: &PageRequest,
) -> Outcome<Page<AccessToken>> {
    cx.require(Operation::AccessTokenList)?;
    Ok(access_tokens::page(cx.db, filter, page)?)
}

/// One access token.
pub fn access_token_read(cx: &mut Context<'_>, id: AccessTokenId) -> Outcome<AccessToken> {
    cx.require(Operation::AccessTokenRead)?;
    cx.find(id)
}

/// Issues an access token. Returns its secret, which is shown this once.
pub fn access_token_create(cx: &mut Context<'_>, new: &NewAccessToken) -> Outcome<(AccessToken, String)> {
    cx.require(Operation::AccessTokenCreate)?;
    let owner: Person = cx.find_referenced(new.person_id, "/personId")?;
    let token = AccessToken {
        id: cx.new_id(),
        person_id: new.person_id,
        role: new.role,
        label: new.label.clone(),
        expires_at: new.expires_at,
        revoked_at: None,
        version: 1,
    };
    let entry = token.issue(&owner, cx.now)?;
    let mut secret = [0_u8; 32];
    cx.randomness.fill(&mut secret);
    let secret = format!("tildel_{}", hex::encode(secret));
    access_tokens::insert(cx.db, &token, &token_hash(&secret))?;
    cx.note(entry, owner.office_id(), &token)?;
    Ok((token, secret))
}

/// Revokes an access token.
pub fn access_token_revoke(
    cx: &mut Context<'_>,
    id: AccessTokenId,
    expected: Expected,
) -> Outcome<AccessToken> {
    cx.require(Operation::AccessTokenRevoke)?;
    let mut token: AccessToken = cx.lock(id, expected)?;
    let now = cx.now;
    cx.transition(&mut token, |token| token.revoke(now))?;
    Ok(token)
}
