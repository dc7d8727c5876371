//! The second year: the forum judges which of the two grants go on, and a new municipality is let in.
//!
//! «Samarbeidsforum skal vurdere i hvilken grad prosjektene som nå blir tildelt midler skal motta støtte i mer enn ett år», the letter
//! says, and «samarbeidsforum skal også legge til rette for at nye kommuner får ta del i ordningen».

use reqwest::Method;
use serde_json::{Value, json};

use super::actor::Actor;
use super::case::text;
use super::cast::{Journey, Kind};

const YEAR: i16 = 2021;

/// Calls a meeting of the forum for the regional scheme with one item, on which it agrees; returns its address and the id.
async fn agreeing_meeting(
    journey: &Journey,
    chair: &Actor,
    starts_at: &str,
    item: &Value,
) -> (String, String) {
    let meeting = journey.case.list("/meetings").remove(0);
    let new =
        json!({ "forumId": journey.id(Kind::Forum, "regional"), "startsAt": starts_at, "place": "Nettmøte" });
    let id = chair.post("/v1/meetings", &new).await.expect_status(201).id();
    let address = format!("/v1/meetings/{id}");
    let planned = chair.act(&address, "agenda-items", Some(item)).await.expect_status(200);
    let attended = meeting["attendance"].as_object().unwrap();
    let seats = attended.iter().map(|(seat, person)| {
        let person_id = journey.id(Kind::Person, person.as_str().unwrap());
        json!({ "seatId": journey.id(Kind::Seat, seat), "personId": person_id })
    });
    let body = json!({ "attendance": seats.collect::<Vec<_>>() });
    let path = format!("{address}/attendance");
    chair.write(Method::PUT, &address, &path, Some(&body)).await.expect_status(200);
    let test = json!({ "agendaItemId": planned.at("/agenda/0/id"), "outcome": "agreed", "note": "Forumet er enig." });
    chair.act(&address, "agreement-tests", Some(&test)).await.expect_status(200);
    (address, id)
}

/// Has a recommendation written, adopted and signed off; returns its id.
async fn advise(chair: &Actor, new: &Value) -> String {
    let id = chair.post("/v1/recommendations", new).await.expect_status(201).id();
    let address = format!("/v1/recommendations/{id}");
    for step in ["adoption", "sign-off"] {
        chair.act(&address, step, None).await.expect_status(200);
    }
    id
}

/// Has a decision prepared by one and approved by another; returns its id.
async fn decide(journey: &Journey, matter: &Value) -> String {
    let (officer, approver) = (journey.officer(), journey.approver());
    let id = officer.post("/v1/decisions", &json!({ "matter": matter })).await.expect_status(201).id();
    let address = format!("/v1/decisions/{id}");
    officer.act(&address, "proposal", None).await.expect_status(200);
    officer.act(&address, "approval", None).await.expect_problem(403, "same_person_approves");
    approver.act(&address, "approval", None).await.expect_status(200);
    id
}

/// The forum judges both grants for 2021, the office decides as it advises, and both go on.
pub(crate) async fn judge_the_second_year(journey: &Journey) {
    journey.world.at("2020-11-10T09:00:00+01:00");
    let (public, scheme) = (&journey.public, journey.id(Kind::Single, "scheme"));
    let grants = ["grant sandnes", "grant jaeren"].map(|key| journey.id(Kind::Single, key));
    for grant in &grants {
        let read = public.get(&format!("/v1/grants/{grant}")).await.expect_status(200);
        assert_eq!(read.at("/years/1/year"), json!(YEAR));
        assert!(read.at("/years/1/judgement").is_null(), "nobody has judged");
    }
    let chair = journey.actor("chair-regional");
    let item =
        json!({ "title": "Videreføring av prosjektene", "renewals": { "schemeId": scheme, "year": YEAR } });
    let (meeting, meeting_id) = agreeing_meeting(journey, &chair, "2020-11-10T10:00:00+01:00", &item).await;
    let line = |grant: &String| json!({ "grantId": grant, "outcome": "renewed", "reason": "God framdrift." });
    let advised =
        json!({ "schemeId": scheme, "year": YEAR, "lines": grants.iter().map(line).collect::<Vec<_>>() });
    let forum = journey.id(Kind::Forum, "regional");
    let new = json!({ "forumId": forum, "meetingId": meeting_id, "renewals": advised });
    let advice = advise(&chair, &new).await;
    chair.act(&meeting, "ending", None).await.expect_status(200);
    chair.act(&meeting, "minutes/approval", None).await.expect_status(200);
    let minutes = public.get(&format!("{meeting}/minutes")).await.expect_status(200);
    assert_eq!(minutes.at("/items/0/recommendation/renewals/lines").as_array().map(Vec::len), Some(2));

    let line = |grant: &String| json!({ "grantId": grant, "outcome": "renewed" });
    let lines: Vec<_> = grants.iter().map(line).collect();
    let decision =
        decide(journey, &json!({ "kind": "renewals", "schemeId": scheme, "year": YEAR, "lines": lines }))
            .await;
    for grant in &grants {
        let renewals = public.list(&format!("/v1/renewals?grantId={grant}")).await;
        assert_eq!(renewals.len(), 1);
        public.get(&format!("/v1/renewals/{}", text(&renewals[0], "id"))).await.expect_status(200);
        let rests_on = (text(&renewals[0], "decisionId"), text(&renewals[0], "recommendationId"));
        assert_eq!(rests_on, (decision.as_str(), advice.as_str()));
        let read = public.get(&format!("/v1/grants/{grant}")).await.expect_status(200);
        assert_eq!(read.text("/years/1/judgement"), "renewed");
        assert!(read.at("/years/2/judgement").is_null(), "the third year waits for the forum");
    }
    journey.world.work().await;
}

/// A call for 2021: a municipality that was declined in 2020 applies anew, the forum ranks it, and it is granted. The two grants of
/// 2020 stand as they did.
pub(crate) async fn let_a_new_municipality_in(journey: &mut Journey) {
    let officer = journey.officer();
    journey.world.at("2021-02-01T09:00:00+01:00");
    let (office, scheme) = (journey.id(Kind::Single, "office"), journey.id(Kind::Single, "scheme"));
    let forum = journey.id(Kind::Forum, "regional");
    let new = json!({
        "officeId": office, "schemeId": scheme, "budgetYear": YEAR,
        "title": { "nb": "Nye kommuner i Kompetanseløftet" }, "label": { "nb": "høsten 2021" },
        "deadline": { "local": "2021-03-01T23:59:00", "zone": "Europe/Oslo", "graceMinutes": 0 },
        "forumIds": [forum], "deferredGroups": [],
        "criteria": [{ "key": "newcomer", "text": { "nb": "Kommunen har ikke vært med før" } }],
    });
    let round_id = officer.post("/v1/rounds", &new).await.expect_status(201).id();
    let round = format!("/v1/rounds/{round_id}");
    officer.act(&round, "announcement", None).await.expect_status(200);
    officer.act(&round, "opening", None).await.expect_status(200);
    let applicant = journey.actor("applicant-a");
    let content = json!({
        "roundId": round_id, "title": "Øvingsprosjekt A", "unitKinds": ["kindergarten"],
        "answers": { "measure": "Øvingssvar.", "participants": "Øvingssvar.", "goal": "Øvingssvar." },
    });
    let application = applicant.post("/v1/applications", &content).await.expect_status(201).id();
    let address = format!("/v1/applications/{application}");
    applicant.act(&address, "submission", None).await.expect_status(200);
    journey.world.at("2021-03-02T00:00:00+01:00");
    journey.world.work().await;
    let screening = json!({ "outcome": "eligible", "reason": "Formelle krav er oppfylt." });
    officer.act(&address, "screening", Some(&screening)).await.expect_status(200);
    officer.act(&round, "forum-treatment", None).await.expect_status(200);

    journey.world.at("2021-03-16T09:00:00+01:00");
    let chair = journey.actor("chair-regional");
    let item = json!({ "title": "Nye kommuner", "roundId": round_id });
    let (_, meeting_id) = agreeing_meeting(journey, &chair, "2021-03-16T10:00:00+01:00", &item).await;
    let line = json!({
        "applicationId": application, "outcome": "ranked", "rank": 1, "firstYear": YEAR, "lastYear": 2024,
        "assessment": "Kommunen er klar.", "criteria": [{ "key": "newcomer", "text": "Aldri vært med." }],
    });
    let new = json!({ "roundId": round_id, "forumId": forum, "meetingId": meeting_id, "lines": [line] });
    advise(&chair, &new).await;
    let line =
        json!({ "applicationId": application, "outcome": "granted", "firstYear": YEAR, "lastYear": 2024 });
    decide(journey, &json!({ "kind": "award", "roundId": round_id, "lines": [line] })).await;
    journey.world.work().await;

    let grants = journey.public.list("/v1/grants").await;
    assert_eq!(grants.len(), 3, "two of 2020, and the new one");
    let granted = grants.iter().find(|grant| grant["applicationId"] == application.as_str()).unwrap();
    assert_eq!(granted["leadId"], journey.id(Kind::Organisation, "practice-a"));
    let years: Vec<_> =
        granted["years"].as_array().unwrap().iter().map(|year| year["year"].clone()).collect();
    assert_eq!(years, [2021, 2022, 2023, 2024].map(|year| json!(year)));
}
