//! The letter of June 2020 as data. Names, titles, dates and numbers are those of the letter; the date of the letter itself, the case
//! number and the amounts are practice values, since the letter that was published lacks them.

use jiff::civil::date;
use tildel_domain::letter_content::{
    ApplicantCount, Approved, ComingEvent, Contact, DeferredGroup, ForumMeeting, InformationFacts,
    LetterContent, LetterKind, LetterTexts, PendingItem, PrioritisedProject, ProjectAmounts, RunAmounts,
    Sender, Signatory, YearAmount,
};
use tildel_domain::text::Language;
use tildel_letters::{LetterDocument, compose};

pub(crate) const RUN: &str = "0190a3b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b";

pub(crate) fn texts() -> LetterTexts {
    let document = include_str!("../../../../schemes/kompetanseloftet-2020/letters/information.nb.toml");
    LetterTexts::from_toml(document).unwrap()
}

pub(crate) fn composed(content: &LetterContent) -> LetterDocument {
    compose(content, &texts()).unwrap()
}

pub(crate) fn letter() -> LetterContent {
    let signatory = |name: &str, title: &str| Signatory { name: name.into(), title: title.into() };
    LetterContent {
        kind: LetterKind::Information,
        language: Language::Nb,
        sender: Sender {
            name: "Fylkesmannen i Rogaland".into(),
            organisation_number: "974763230".into(),
            department: "Utdanningsavdelingen".into(),
            address: vec!["Postboks 59".into(), "4001 Stavanger".into()],
        },
        recipients: vec!["Samarbeidsforumene for barnehage og skole".into()],
        case_number: Some("RO-2020-0007".into()),
        date: date(2020, 6, 12),
        contact: Contact {
            name: "Anita Olufsen".into(),
            title: "seniorrådgiver".into(),
            phone: "51568737".into(),
        },
        facts: information(),
        signatories: vec![
            signatory("Marianne Skøgerbø", "utdanningsdirektør"),
            signatory("Randi Bjørkås", "seniorrådgiver"),
            signatory("Anita Olufsen", "seniorrådgiver"),
        ],
        approved: Some(Approved { date: date(2020, 6, 12) }),
    }
}

fn information() -> InformationFacts {
    InformationFacts {
        scheme: "Kompetanseløftet spesialpedagogikk og inkluderende praksis".into(),
        round: "høsten 2020".into(),
        meetings: vec![
            ForumMeeting { forum: "regional ordning".into(), date: date(2020, 5, 19) },
            ForumMeeting { forum: "desentralisert ordning".into(), date: date(2020, 5, 20) },
        ],
        applicants: vec![
            ApplicantCount { kind: "municipality".into(), count: 10 },
            ApplicantCount { kind: "independent_school".into(), count: 1 },
        ],
        places: 2,
        projects: vec![
            PrioritisedProject {
                name: "Sandnes kommune".into(),
                lead: "Sandnes kommune".into(),
                partners: Vec::new(),
                title: "På LAG for livslang lærelyst i Sandnes kommune".into(),
            },
            PrioritisedProject {
                name: "Jærbarnehagene".into(),
                lead: "Gjesdal".into(),
                partners: vec!["Klepp".into(), "Time".into(), "Hå".into()],
                title: "Utviklingsstøttende praksiser for barn 1-3 år".into(),
            },
        ],
        model: "et grunnbeløp og en faktor basert på antall ansatte i skole og barnehage per prosjekt".into(),
        computing_body: "Udir".into(),
        amounts: None,
        period_years: 5,
        deferred: vec![DeferredGroup { label: "videregående opplæring".into(), year: 2021 }],
        events: vec![ComingEvent { label: "regionale konferanser".into(), season: "til høsten".into() }],
        pending: vec![PendingItem { label: "regionale konferanser".into(), awaited_from: "Udir".into() }],
        appeals: Vec::new(),
        greeting: Some("en riktig god sommer".into()),
    }
}

/// Practice amounts in another order than the projects; Jærbarnehagene has none in 2022.
pub(crate) fn amounts() -> RunAmounts {
    let kroner = |year: i16, kroner: i64| YearAmount { year, amount_ore: kroner * 100 };
    RunAmounts {
        run: RUN.into(),
        lines: vec![
            ProjectAmounts {
                project: "Jærbarnehagene".into(),
                years: vec![kroner(2020, 987_000), kroner(2021, 1_000_000)],
            },
            ProjectAmounts {
                project: "Sandnes kommune".into(),
                years: vec![kroner(2020, 1_234_500), kroner(2021, 1_250_000), kroner(2022, 900)],
            },
        ],
    }
}
