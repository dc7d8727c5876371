//! What became of the round, line by line against the letter and against what was asked for: «8 applications of 11 applicants and
//! one from upper secondary become two granted projects, six on the reserve list or declined with reasons, one deferred».
//!
//! Numbers are the letter's own words, or follow from them as decision 0007 reads them; none comes from the case file.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::case::text;
use super::cast::{Journey, Kind};

/// «10 kommuner og en friskole søkte om deltakelse høsten 2020.»
const MUNICIPALITIES: usize = 10;
const INDEPENDENT_SCHOOLS: usize = 1;
/// «Fylkesmannen i Rogaland har fått tildelt to plasser til to "prosjekter".»
const GRANTED: usize = 2;
/// Gjesdal, Klepp, Time and Hå are one project, so eleven applicants stand behind 11 − 3 = 8 applications.
const ASSESSED: usize = 8;
/// 8 − 2 are left.
const NOT_GRANTED: usize = 6;
/// «Søknader fra videregående opplæring blir ikke vurdert før ved oppstart i 2021.»
const DEFERRED: usize = 1;
/// «Sak i møte i samarbeidsforumene regional og desentralisert ordning (19. og 20. mai 2020).»
const MEETINGS: [(&str, &str); 2] = [("regional", "2020-05-19"), ("decentralised", "2020-05-20")];

/// The letter's words that the numbers stand for.
const QUOTES: &[&str] = &[
    "10 kommuner og en friskole søkte om deltakelse høsten 2020",
    "har fått tildelt to plasser til to",
    "samarbeidsprosjekt Gjesdal, Klepp, Time og Hå",
    "søknader fra videregående opplæring ikke blir vurdert før ved oppstart i 2021",
    "(19. og 20. mai 2020)",
    "Samarbeidsforum skal vurdere i hvilken grad prosjektene som nå blir tildelt midler skal motta støtte i mer enn ett år",
    "samarbeidsforum skal også legge til rette for at nye kommuner får ta del i ordningen",
];

/// Reads all of it as anybody can.
pub(crate) async fn as_the_letter_says(journey: &Journey) {
    let public = &journey.public;
    let round_id = journey.id(Kind::Single, "round");
    let applications = public.list(&format!("/v1/applications?roundId={round_id}")).await;
    assert_eq!(applications.len(), ASSESSED + DEFERRED);
    let in_state =
        |state: &str| applications.iter().filter(|application| application["state"] == state).count();
    assert_eq!(
        (in_state("granted"), in_state("declined"), in_state("deferred")),
        (GRANTED, NOT_GRANTED, DEFERRED)
    );
    applicants(journey, &applications).await;

    let treated = public.get(&format!("/v1/rounds/{round_id}/treatments")).await.expect_status(200);
    let treatments = treated.at("/treatments");
    let treatments = treatments.as_array().unwrap();
    assert_eq!(treatments.len(), MEETINGS.len(), "both forums, side by side");
    for (treatment, (forum, day)) in treatments.iter().zip(MEETINGS) {
        assert_eq!(treatment["forumId"], journey.id(Kind::Forum, forum));
        let meeting = format!("/v1/meetings/{}", text(&treatment["items"][0], "meetingId"));
        let meeting = public.get(&meeting).await.expect_status(200);
        // Ten in the morning in Oslo is the same day in UTC.
        assert!(meeting.text("/startsAt").starts_with(day), "{forum}");
        assert_eq!(meeting.text("/state"), "held", "{forum}");
        signed_by_its_chair(journey, treatment, forum);
    }
    answers(journey, treatments).await;
    // Both forums have the same six in the same order, and no grant was declined.
    let reserve = public.get(&format!("/v1/rounds/{round_id}/reserve-list")).await.expect_status(200);
    let waiting = reserve.at("/waiting");
    let places = waiting.as_array().unwrap().iter().map(|waiting| waiting["places"].as_array().unwrap());
    let places: Vec<Vec<&Value>> =
        places.map(|places| places.iter().map(|place| &place["place"]).collect()).collect();
    assert_eq!(places, (1..=NOT_GRANTED).map(|place| vec![place; MEETINGS.len()]).collect::<Vec<_>>());
    assert_eq!(reserve.at("/vacancies"), Value::Array(Vec::new()));
}

/// Eleven applicants stand behind the eight applications, and one county municipality behind the ninth.
async fn applicants(journey: &Journey, applications: &[Value]) {
    let (mut applicants, mut kinds) = (BTreeSet::new(), Vec::new());
    for application in applications.iter().filter(|application| application["state"] != "deferred") {
        let parties = application["parties"].as_array().unwrap();
        let applying = parties.iter().filter(|party| party["role"] != "provider");
        applicants.extend(applying.map(|party| text(party, "organisationId").to_owned()));
    }
    for id in &applicants {
        let organisation = journey.public.get(&format!("/v1/organisations/{id}")).await.expect_status(200);
        kinds.push(organisation.text("/kind"));
    }
    let of_kind = |kind: &str| kinds.iter().filter(|found| *found == kind).count();
    assert_eq!(applicants.len(), MUNICIPALITIES + INDEPENDENT_SCHOOLS);
    assert_eq!(of_kind("municipality"), MUNICIPALITIES);
    assert_eq!(of_kind("independent_school"), INDEPENDENT_SCHOOLS);
}

/// Its own recommendation, adopted, and signed off by the forum's own chair; two ranked, and six on a reserve list in order.
fn signed_by_its_chair(journey: &Journey, treatment: &Value, forum: &str) {
    let recommendation = &treatment["recommendation"];
    assert_eq!(recommendation["forumId"], treatment["forumId"]);
    assert_eq!(recommendation["state"], "signed_off", "{forum}");
    assert!(recommendation["adoptedAt"].is_string() && recommendation["signedAt"].is_string());
    assert_eq!(recommendation["signedBy"], journey.id(Kind::Person, &format!("chair-{forum}")));
    let lines = recommendation["lines"].as_array().unwrap();
    let ranked = lines.iter().filter(|line| line["outcome"] == "ranked").count();
    assert_eq!((lines.len(), ranked), (ASSESSED, GRANTED), "{forum}");
    let places: Vec<_> =
        recommendation["reserveList"].as_array().unwrap().iter().map(|line| &line["place"]).collect();
    assert_eq!(places, [1, 2, 3, 4, 5, 6], "{forum}");
}

/// The decision gives each application its answer: two are granted as both forums advise, six are declined with a reason while they
/// stand on both reserve lists, and one is put off with its reason.
async fn answers(journey: &Journey, treatments: &[Value]) {
    let decision =
        journey.public.get(&journey.at("decisions", Kind::Single, "award")).await.expect_status(200);
    let lines = decision.at("/matter/lines");
    let lines = lines.as_array().unwrap();
    assert_eq!(lines.len(), ASSESSED + DEFERRED);
    let with =
        |outcome: &str| -> Vec<&Value> { lines.iter().filter(|line| line["outcome"] == outcome).collect() };
    assert_eq!(
        (with("granted").len(), with("declined").len(), with("deferred").len()),
        (GRANTED, NOT_GRANTED, DEFERRED)
    );
    let advised = |treatment: &Value, line: &Value| {
        let lines = treatment["recommendation"]["lines"].as_array().unwrap();
        lines.iter().find(|advised| advised["applicationId"] == line["applicationId"]).unwrap()["outcome"]
            .clone()
    };
    for treatment in treatments {
        assert!(with("granted").iter().all(|line| advised(treatment, line) == "ranked"));
        assert!(with("declined").iter().all(|line| advised(treatment, line) == "reserve"));
    }
    for line in with("declined").into_iter().chain(with("deferred")) {
        assert!(!text(line, "reason").is_empty());
    }
    assert_eq!(with("deferred")[0]["deferredToYear"], 2021);
    let grants = journey.public.list("/v1/grants").await;
    assert_eq!(grants.len(), GRANTED);
}

#[test]
fn the_numbers_are_the_letters() {
    assert_eq!(MUNICIPALITIES + INDEPENDENT_SCHOOLS - 3, ASSESSED);
    assert_eq!(ASSESSED - GRANTED, NOT_GRANTED);
    let letter = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/seed/letter.txt");
    let Ok(letter) = std::fs::read_to_string(&letter) else {
        println!("not held against the letter, as shared/data/seed/letter.txt is not there");
        return;
    };
    let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    for quote in QUOTES {
        assert!(letter.contains(quote), "the letter does not say: {quote}");
    }
    assert!(!letter.contains("11 kommuner"), "the control");
}
