//! Organisations, offices, people, schemes and their money.

use std::collections::BTreeMap;

use tildel_domain::allocation::model::CountFilter;
use tildel_domain::allocation::{
    FrameStatus, FundingModel, Headcount, HeadcountRecord, Language, Measure, Nok, Ownership, UnitKind,
};
use tildel_domain::letter_content::LetterTexts;
use tildel_domain::organisation::{
    Organisation, OrganisationHeadcount, OrganisationKind, OrganisationNumber,
};
use tildel_domain::person::{AccessToken, Person, Role};
use tildel_domain::scheme::{Frame, Office, Scheme, SchemeFundingModel};

use super::{kroner, text};
use crate::id;

/// Numbers of municipalities in Enhetsregisteret: the nth organisation has the nth.
const NUMBERS: [&str; 6] = ["964965137", "964978573", "864969682", "859223672", "964969590", "974763230"];

pub(crate) fn organisation(n: u128) -> Organisation {
    let number = NUMBERS[usize::try_from(n - 1).unwrap()];
    Organisation {
        id: id(n).into(),
        number: OrganisationNumber::parse(number).unwrap(),
        name: format!("Kommune {n}"),
        kind: OrganisationKind::Municipality,
        municipality_number: None,
        language: Language::Nb,
        placeholder: false,
        ceased_on: None,
        successors: Vec::new(),
        version: 1,
    }
}

pub(crate) fn headcount(n: u128, value: Headcount) -> OrganisationHeadcount {
    let record = HeadcountRecord {
        unit_kind: UnitKind::PrimarySchool,
        measure: Measure::ManYears,
        ownership: None,
        date: "2019-10-01".parse().unwrap(),
        value,
        source: "Skoleporten".to_owned(),
        practice: false,
        unit: None,
    };
    OrganisationHeadcount {
        id: id(n).into(),
        organisation_id: id(1).into(),
        record,
        register: None,
        reason: None,
        recorded_by: None,
        departs: false,
    }
}

/// Two offices: `RO` and `VE`.
pub(crate) fn office(n: u128) -> Office {
    Office {
        id: id(n).into(),
        key: if n == 1 { "RO" } else { "VE" }.to_owned(),
        name: text("Fylkesmannen"),
        department: text("Utdanningsavdelingen"),
        organisation_number: OrganisationNumber::parse("974763230").unwrap(),
        address: vec!["Postboks 59".to_owned(), "4001 Stavanger".to_owned()],
        language: Language::Nn,
        appeal_rules: Vec::new(),
        version: 1,
    }
}

pub(crate) fn person(n: u128) -> Person {
    Person {
        id: id(n).into(),
        name: format!("Person {n}"),
        title: None,
        phone: None,
        office_id: None,
        organisation_id: None,
        version: 1,
    }
}

pub(crate) fn access_token(n: u128) -> AccessToken {
    AccessToken {
        id: id(n).into(),
        person_id: id(1).into(),
        role: Role::CaseOfficer,
        label: "for tests".to_owned(),
        expires_at: None,
        revoked_at: None,
        version: 1,
    }
}

pub(crate) fn letter_texts() -> LetterTexts {
    let document = "kind = 'information'\nlanguage = 'nb'\ntitle = 'Om {{ round }}'\n\
        terms.municipality = { one = 'en kommune', many = 'kommuner' }\n\
        [[blocks]]\nkind = 'heading'\ntext = 'Prioritering'\n\
        [[blocks]]\nwhen = 'amounts'\nkind = 'signatures'\nclosing = 'Med hilsen'\n";
    LetterTexts::from_toml(document).unwrap()
}

pub(crate) fn scheme(n: u128) -> Scheme {
    Scheme {
        id: id(n).into(),
        key: format!("kompetanseloftet-{n}"),
        name: text("Kompetanseløftet"),
        first_year: 2020,
        last_year: 2025,
        legal_basis: "Oppdrag 2020".to_owned(),
        computing_body: "Udir".to_owned(),
        model_description: text("et grunnbeløp"),
        letter_texts: BTreeMap::from([(Language::Nb, letter_texts())]),
        version: 1,
    }
}

pub(crate) fn funding_model(n: u128) -> SchemeFundingModel {
    let count = CountFilter {
        unit_kind: UnitKind::PrimarySchool,
        measure: Measure::ManYears,
        ownership: Some(Ownership::Public),
    };
    let (base, rate) = (kroner(100_000), Nok::from_ore(12_345));
    let mut model = FundingModel::base_and_rate("model", 2020..=2025, "§ 1", base, rate, vec![count]);
    model.version = u32::try_from(n).unwrap();
    model.withheld_assumed = "2.5".parse().unwrap();
    SchemeFundingModel { id: id(n).into(), scheme_id: id(1).into(), model, version: 1 }
}

/// The nth frame is that of the nth year of the scheme.
pub(crate) fn frame(n: u128) -> Frame {
    Frame {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        year: 2019 + i16::try_from(n).unwrap(),
        status: FrameStatus::Expected,
        amount: None,
        places: None,
        committed: Nok::ZERO,
        places_used: 0,
        version: 1,
    }
}

pub(crate) fn full_frame(n: u128) -> Frame {
    Frame {
        status: FrameStatus::Decided,
        amount: Some(kroner(500)),
        places: Some(2),
        committed: kroner(400),
        places_used: 1,
        ..frame(n)
    }
}
