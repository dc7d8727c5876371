//! People, their roles and their tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Entry;
use crate::id::{AccessTokenId, OfficeId, OrganisationId, PersonId};
use crate::refusal::{Refusal, RefusalCode};
use crate::text::Language;

/// What somebody acts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anybody, without signing in.
    Public,
    /// Acts for an organisation that applies or takes part.
    Applicant,
    /// Member or deputy of a forum.
    Member,
    /// Chair or secretary of a forum.
    Chair,
    /// Saksbehandler of an office.
    CaseOfficer,
    /// The second person, who approves.
    Approver,
    /// Utdanningsdirektoratet: schemes, models and frames.
    Directorate,
    /// Runs the installation.
    Admin,
    /// Tildel itself: the worker at a deadline.
    System,
}

impl Role {
    /// The roles that a token can carry.
    pub const WITH_TOKEN: [Self; 7] = [
        Self::Applicant,
        Self::Member,
        Self::Chair,
        Self::CaseOfficer,
        Self::Approver,
        Self::Directorate,
        Self::Admin,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Applicant => "applicant",
            Self::Member => "member",
            Self::Chair => "chair",
            Self::CaseOfficer => "case_officer",
            Self::Approver => "approver",
            Self::Directorate => "directorate",
            Self::Admin => "admin",
            Self::System => "system",
        }
    }
}

/// A person: the only place where personal data stands, so that it can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Title, as printed under a signature.
    pub title: Option<String>,
    /// Telephone number, as printed in letters.
    pub phone: Option<String>,
    /// The office the person works for.
    pub office_id: Option<OfficeId>,
    /// The organisation the person acts for.
    pub organisation_id: Option<OrganisationId>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Person {
    /// Registers a person.
    pub fn register(&self) -> Result<Entry, Refusal> {
        if self.name.trim().is_empty() {
            return Err(Refusal::invalid("/name", "a name"));
        }
        Ok(Entry::new("person.create", "person", self.id))
    }
}

/// A personal access token; only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Id.
    pub id: AccessTokenId,
    /// Whose token.
    pub person_id: PersonId,
    /// What it lets its bearer act as.
    pub role: Role,
    /// What the token is for, in its owner's words.
    pub label: String,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl AccessToken {
    /// Issues a token: an office's roles need a person of an office, an applicant one of an organisation.
    pub fn issue(&self, owner: &Person, now: Timestamp) -> Result<Entry, Refusal> {
        if !Role::WITH_TOKEN.contains(&self.role) {
            return Err(Refusal::invalid("/role", "a role that can sign in"));
        }
        let needs_office = matches!(self.role, Role::CaseOfficer | Role::Approver);
        if needs_office && owner.office_id.is_none() {
            return Err(Refusal::invalid(
                "/personId",
                "a person of an office, as the role is one of an office",
            ));
        }
        if self.role == Role::Applicant && owner.organisation_id.is_none() {
            return Err(Refusal::invalid(
                "/personId",
                "a person of an organisation, as the role is applicant",
            ));
        }
        if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err(Refusal::invalid("/expiresAt", "a time to come"));
        }
        Ok(Entry::new("access_token.create", "access_token", self.id).with("role", self.role.as_str()))
    }

    /// Revokes the token at once.
    pub fn revoke(&mut self, now: Timestamp) -> Result<Entry, Refusal> {
        if self.revoked_at.is_some() {
            return Err(Refusal::wrong_state("access token", "revoked", "active"));
        }
        self.revoked_at = Some(now);
        Ok(Entry::new("access_token.revoke", "access_token", self.id))
    }

    /// Whether it opens anything at `now`.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// Who does something: a person in one role, or the public, or Tildel itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person; none for the public and for Tildel itself.
    pub person_id: Option<PersonId>,
    /// The role.
    pub role: Role,
    /// The office the person works for.
    pub office_id: Option<OfficeId>,
    /// The organisation the person acts for.
    pub organisation_id: Option<OrganisationId>,
}

impl Actor {
    /// Anybody.
    pub const PUBLIC: Self =
        Self { person_id: None, role: Role::Public, office_id: None, organisation_id: None };

    /// Tildel itself, when a clock strikes.
    pub const SYSTEM: Self =
        Self { person_id: None, role: Role::System, office_id: None, organisation_id: None };

    /// The actor that a token makes of its owner.
    pub fn from_token(token: &AccessToken, owner: &Person) -> Self {
        Self {
            person_id: Some(owner.id),
            role: token.role,
            office_id: owner.office_id,
            organisation_id: owner.organisation_id,
        }
    }

    /// The person, or a refusal where one is needed.
    pub fn person(&self) -> Result<PersonId, Refusal> {
        self.person_id
            .ok_or_else(|| Refusal::new(RefusalCode::RoleNotAllowed).with("role", self.role.as_str()))
    }

    /// Refuses staff of another office. Tildel itself and the admin belong to all of them.
    pub fn require_office(&self, office_id: OfficeId) -> Result<(), Refusal> {
        match self.role {
            Role::System | Role::Admin | Role::Directorate => Ok(()),
            _ if self.office_id == Some(office_id) => Ok(()),
            _ => Err(Refusal::new(RefusalCode::OtherOffice)),
        }
    }

    /// Whether the actor works for this office, as opposed to applying to it.
    pub fn is_staff_of(&self, office_id: OfficeId) -> bool {
        matches!(self.role, Role::CaseOfficer | Role::Approver) && self.office_id == Some(office_id)
    }

    /// Whether the actor works for any office or for the directorate, as opposed to applying or giving advice.
    pub const fn is_staff(&self) -> bool {
        matches!(
            self.role,
            Role::CaseOfficer | Role::Approver | Role::Directorate | Role::Admin | Role::System
        )
    }

    /// The one office whose inner matters staff may see; none for those who see them of all offices.
    pub fn only_office(&self) -> Option<OfficeId> {
        match self.role {
            Role::System | Role::Admin | Role::Directorate => None,
            // Staff have an office; an id that no office has lets anybody else see nothing.
            _ => Some(self.office_id.unwrap_or(OfficeId(uuid::Uuid::nil()))),
        }
    }

    /// Refuses everybody who does not act for this organisation.
    pub fn require_organisation(&self, organisation_id: OrganisationId) -> Result<(), Refusal> {
        if self.role == Role::System || self.organisation_id == Some(organisation_id) {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::OtherOrganisation))
    }
}

/// The language a person wants to be answered in, from an `Accept-Language` value, best first.
pub fn preferred_language(accept_language: &str) -> Language {
    let mut wanted: Vec<(u16, Language)> = accept_language
        .split(',')
        .filter_map(|part| {
            let mut pieces = part.trim().split(';');
            let language = Language::from_tag(pieces.next()?.trim())?;
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(Some(1000), parse_weight_thousandths)?;
            (weight > 0).then_some((weight, language))
        })
        .collect();
    // A stable sort keeps the order in which the languages were given among equal weights.
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.first().map(|(_, language)| *language).unwrap_or_default()
}

/// Reads a quality value (RFC 9110, section 12.4.2) in thousandths.
fn parse_weight_thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{fraction:0<3}");
    let thousandths: u16 = digits.get(..3)?.parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_the_best_known_language() {
        assert_eq!(preferred_language("sv, en;q=0.5, nn;q=0.8"), Language::Nn);
        assert_eq!(preferred_language("en, nb"), Language::En);
        assert_eq!(preferred_language("nn;q=0, en;q=0.001"), Language::En);
        assert_eq!(preferred_language("*"), Language::Nb);
        assert_eq!(preferred_language("no"), Language::Nb);
    }
}
