//! Who there is before the round: office, scheme, organisations, people, forums, headcounts.

use anyhow::Result;
use jiff::civil::date;
use tildel_domain::Role;
use tildel_domain::allocation::{Headcount, HeadcountRecord, Measure, Quantity, UnitKind};
use tildel_domain::forum::Disclosure;
use tildel_domain::id::{OfficeId, SchemeId};
use tildel_domain::letter_content::LetterTexts;
use tildel_domain::organisation::OrganisationNumber;
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::text::LocalText;
use tildel_usecases::accounts::{self, NewAccessToken, NewPerson};
use tildel_usecases::forums::{self, NewForum, NewSeat};
use tildel_usecases::registry::{self, NewHeadcount, NewOrganisation};

use super::cast::{act, installer};
use super::file::{PersonText, SchemeFile, SeatText};
use super::{CaseSources, Played, PracticeToken, sources};

/// Sets up office, scheme, organisations, people with tokens, and forums with seats.
pub(crate) async fn people_and_bodies(played: &mut Played, sources: &CaseSources) -> Result<()> {
    scheme(played, sources).await?;
    office(played).await?;
    organisations(played).await?;
    for person in played.case.people.clone() {
        add_person(played, person).await?;
    }
    for index in 0..played.case.forums.len() {
        add_forum(played, index).await?;
    }
    Ok(())
}

async fn scheme(played: &mut Played, sources: &CaseSources) -> Result<()> {
    let file: SchemeFile = sources::parse("scheme.toml", &sources.scheme)?;
    let mut letter_texts = std::collections::BTreeMap::new();
    for (language, text) in &sources.letters {
        letter_texts.insert(*language, LetterTexts::from_toml(text)?);
    }
    let scheme = Scheme {
        // Id and version are given when it is established.
        id: SchemeId(uuid::Uuid::nil()),
        key: file.key,
        name: file.name,
        first_year: file.first_year,
        last_year: file.last_year,
        legal_basis: file.legal_basis,
        computing_body: file.computing_body,
        model_description: file.model_description,
        letter_texts,
        version: 1,
    };
    let directorate = tildel_domain::Actor { role: Role::Directorate, ..installer() };
    let scheme = act(&played.service, directorate, "set up the scheme", move |cx| {
        registry::scheme_create(cx, &scheme)
    })
    .await?;
    played.cast.scheme_id = Some(scheme.id);
    Ok(())
}

async fn office(played: &mut Played) -> Result<()> {
    let text = played.case.office.clone();
    let office = Office {
        // Id and version are given when it is established.
        id: OfficeId(uuid::Uuid::nil()),
        key: text.key,
        name: text.name,
        department: text.department,
        organisation_number: OrganisationNumber::parse(&text.organisation_number)?,
        address: text.address,
        language: text.language,
        appeal_rules: Vec::new(),
        version: 1,
    };
    let office = act(&played.service, installer(), "set up the office", move |cx| {
        registry::office_create(cx, &office)
    })
    .await?;
    played.cast.office_id = Some(office.id);
    Ok(())
}

async fn organisations(played: &mut Played) -> Result<()> {
    for text in played.case.organisations.clone() {
        let new = NewOrganisation {
            number: OrganisationNumber::parse(&text.number)?,
            name: text.name,
            kind: text.kind,
            municipality_number: text.municipality_number,
            language: played.case.office.language,
            placeholder: text.placeholder,
        };
        let what = format!("register {}", text.key);
        let organisation =
            act(&played.service, installer(), &what, move |cx| registry::organisation_create(cx, &new))
                .await?;
        played.cast.organisations.insert(text.key, organisation.id);
    }
    Ok(())
}

async fn add_person(played: &mut Played, text: PersonText) -> Result<()> {
    let organisation_id =
        text.organisation.as_deref().map(|key| played.cast.organisation(key)).transpose()?;
    let new = NewPerson {
        name: text.name.clone(),
        title: text.title,
        phone: text.phone,
        office_id: if text.office { played.cast.office_id } else { None },
        organisation_id,
    };
    let what = format!("register {}", text.key);
    let person =
        act(&played.service, installer(), &what, move |cx| accounts::person_create(cx, &new)).await?;
    for role in text.roles {
        let new = NewAccessToken {
            person_id: person.id,
            role,
            label: format!("practice: {} as {}", text.key, role.as_str()),
            expires_at: None,
        };
        let (_, secret) =
            act(&played.token_service, installer(), &what, move |cx| accounts::access_token_create(cx, &new))
                .await?;
        let (key, name) = (text.key.clone(), text.name.clone());
        played.cast.tokens.push(PracticeToken { role: role.as_str().to_owned(), person: key, name, secret });
    }
    played.cast.people.insert(text.key, person);
    Ok(())
}

async fn add_forum(played: &mut Played, index: usize) -> Result<()> {
    let text = played.case.forums[index].clone();
    let secretary = played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?;
    let new = NewForum {
        office_id: played.cast.office()?,
        name: text.name,
        short_name: text.short_name,
        quorum_seats: text.quorum_seats,
        quorum_by_kind: Vec::new(),
        disclosure: Disclosure::default(),
        reminder_hours: None,
        chair_id: played.cast.person(&text.chair)?,
        deputy_chair_id: None,
    };
    let what = format!("set up the forum {}", text.key);
    let actor = secretary.clone();
    let forum = act(&played.service, actor, &what, move |cx| forums::forum_create(cx, &new)).await?;
    played.cast.forums.insert(text.key, forum.id);
    for seat in text.seats {
        let new = new_seat(played, &seat, forum.id)?;
        let what = format!("fill the seat {}", seat.key);
        let filled =
            act(&played.service, secretary.clone(), &what, move |cx| forums::seat_create(cx, &new)).await?;
        played.cast.seats.insert(seat.key, filled);
    }
    Ok(())
}

fn new_seat(played: &Played, text: &SeatText, forum_id: tildel_domain::id::ForumId) -> Result<NewSeat> {
    Ok(NewSeat {
        forum_id,
        label: LocalText::same(&text.label),
        organisation_kind: text.organisation_kind,
        organisation_id: text.organisation.as_deref().map(|key| played.cast.organisation(key)).transpose()?,
        vote_right: text.vote_right,
        member_id: played.cast.person(&text.member)?,
        deputy_id: text.deputy.as_deref().map(|key| played.cast.person(key)).transpose()?,
        term_from: date(2020, 1, 1),
        term_to: date(2023, 12, 31),
    })
}

/// Records the headcounts.
pub(crate) async fn headcounts(played: &mut Played) -> Result<()> {
    let sources = played.case.headcount_sources.clone();
    let directorate = played.cast.actor(&played.case.amounts.published_by, Role::Directorate)?;
    for text in played.case.headcounts.clone() {
        let organisation_id = played.cast.organisation(&text.organisation)?;
        let records = [
            HeadcountRecord {
                unit_kind: UnitKind::PrimarySchool,
                measure: Measure::ManYears,
                ownership: None,
                date: sources.date,
                value: Headcount::Known(text.man_years_primary_school),
                source: sources.man_years.clone(),
                practice: false,
                unit: None,
            },
            HeadcountRecord {
                unit_kind: UnitKind::Kindergarten,
                measure: Measure::Employees,
                ownership: None,
                date: sources.date,
                value: Headcount::Known(Quantity::from_whole(text.employees_kindergarten)),
                source: sources.employees.clone(),
                practice: true,
                unit: None,
            },
        ];
        for record in records {
            let what = format!("record the employees of {}", text.organisation);
            act(&played.service, directorate.clone(), &what, move |cx| {
                registry::headcount_create(
                    cx,
                    &NewHeadcount {
                        organisation_id,
                        record: record.clone(),
                        unit_number: None,
                        unit_name: None,
                        reason: None,
                    },
                )
            })
            .await?;
        }
    }
    Ok(())
}
