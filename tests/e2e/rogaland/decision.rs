//! What the office decides: two projects are granted, upper secondary is deferred, a third grant does not fit.

use serde_json::{Value, json};

use super::case::{text, texts};
use super::cast::{Journey, Kind};

/// Award lines that follow the recommendation and the formal control, with these granted.
fn lines(journey: &Journey, granted: &[&str]) -> Vec<Value> {
    let file = &journey.case.file["decision"];
    let line = |application: &Value| {
        let key = text(application, "key");
        let application_id = journey.id(Kind::Application, key);
        if let Some(year) = application["deferredToYear"].as_i64() {
            return json!({
                "applicationId": application_id,
                "outcome": "deferred",
                "deferredToYear": year,
                "reason": application["deferralReason"],
            });
        }
        if granted.contains(&key) {
            return json!({
                "applicationId": application_id,
                "outcome": "granted",
                "firstYear": file["firstYear"],
                "lastYear": file["lastYear"],
            });
        }
        let reason = "Embetet har to plasser. Søknaden står på reservelisten til begge forumene.";
        json!({ "applicationId": application_id, "outcome": "declined", "reason": reason })
    };
    journey.case.list("/applications").iter().map(line).collect()
}

fn award(journey: &Journey, lines: Vec<Value>) -> Value {
    json!({ "matter": { "kind": "award", "roundId": journey.id(Kind::Single, "round"), "lines": lines } })
}

/// A third grant, in spite of the reserve list: refused when it is to be approved, as there are two places.
pub(crate) async fn try_a_third_grant(journey: &Journey) {
    journey.at_time(&journey.case.file["decision"]["preparedAt"]);
    let (officer, approver) = (journey.officer(), journey.approver());
    let mut lines = lines(journey, &["sandnes", "jaeren", "practice-a"]);
    let third = journey.id(Kind::Application, "practice-a");
    let third = lines.iter_mut().find(|line| line["applicationId"] == third).unwrap();
    third["reasonCode"] = json!("new_facts");
    third["reason"] = json!("Kommunen er klar til å begynne.");
    third["legalBasis"] = json!("Tildelingsbrevet for 2020");
    let decision = officer.post("/v1/decisions", &award(journey, lines)).await.expect_status(201);
    let address = format!("/v1/decisions/{}", decision.id());
    officer.act(&address, "proposal", None).await.expect_status(200);
    approver.act(&address, "approval", None).await.expect_problem(409, "places_exceeded");
    assert!(journey.public.list("/v1/grants").await.is_empty());
    let reason = json!({ "reason": "Embetet har to plasser." });
    let returned = approver.act(&address, "return", Some(&reason)).await.expect_status(200);
    assert_eq!(returned.text("/state"), "draft");
}

/// The award of the case: prepared by one, approved by another.
pub(crate) async fn award_two(journey: &mut Journey) {
    let (officer, approver) = (journey.officer(), journey.approver());
    let file = journey.case.file["decision"].clone();
    let lines = lines(journey, &texts(&file["granted"]));
    let decision = officer.post("/v1/decisions", &award(journey, lines)).await.expect_status(201);
    journey.remember(Kind::Single, "award", decision.id());
    let address = journey.at("decisions", Kind::Single, "award");
    officer.act(&address, "proposal", None).await.expect_status(200);
    officer.act(&address, "approval", None).await.expect_problem(403, "same_person_approves");
    // Until it is approved it is the office's own.
    journey.public.get(&address).await.expect_problem(404, "not_found");
    journey.at_time(&file["approvedAt"]);
    let tried = approver.act(&address, "approval?dryRun=true", None).await.expect_status(200);
    assert_eq!(tried.text("/state"), "approved");
    // Both places are filled, and what is decided is what both forums advised.
    assert_eq!(tried.at("/effect/frames/0/placesLeft"), json!({ "from": 2, "to": 0 }));
    assert_eq!(tried.at("/effect/grants").as_array().map(Vec::len), Some(2));
    let departures = |line: &Value| {
        let advised = line["advised"].as_array().cloned().unwrap_or_default();
        advised.into_iter().map(|advised| advised["departure"].clone()).collect::<Vec<_>>()
    };
    let beside: Vec<_> = tried.at("/lines").as_array().unwrap().iter().map(departures).collect();
    let with_advice = beside.iter().filter(|departures| **departures == [Value::Null, Value::Null]).count();
    assert_eq!(
        (beside.len(), with_advice),
        (9, 8),
        "the one from upper secondary was not treated: {beside:?}"
    );
    assert_eq!(approver.get(&address).await.text("/state"), "proposed");
    let decided = approver.act(&address, "approval", None).await.expect_status(200);
    assert_ne!(decided.text("/preparedBy"), decided.text("/approvedBy"));
    journey.public.get(&address).await.expect_status(200);
    journey.world.work().await;
}

/// Two projects over five years; the rest has its answer; both places are taken.
pub(crate) async fn read_back(journey: &mut Journey) {
    let public = journey.public.clone();
    let mut grants = public.list("/v1/grants").await;
    // Made in one transaction, so only their references tell which came first.
    grants.sort_by_key(|grant| text(grant, "reference").to_owned());
    let names: Vec<_> = grants.iter().map(|grant| text(grant, "name")).collect();
    assert_eq!(names, ["Sandnes kommune", "Jærbarnehagene"]);
    for (grant, key) in grants.iter().zip(["sandnes", "jaeren"]) {
        assert_eq!(text(grant, "applicationId"), journey.id(Kind::Application, key));
        let years: Vec<_> =
            grant["years"].as_array().unwrap().iter().map(|year| year["year"].as_i64().unwrap()).collect();
        assert_eq!(years, [2020, 2021, 2022, 2023, 2024]);
        journey.remember(Kind::Single, &format!("grant {key}"), text(grant, "id").to_owned());
    }
    let jaeren = public.get(&journey.at("applications", Kind::Application, "jaeren")).await;
    let parties = jaeren.at("/parties");
    let with_employees: Vec<_> = parties
        .as_array()
        .unwrap()
        .iter()
        .filter(|party| party["role"] != "provider")
        .map(|party| text(party, "organisationId").to_owned())
        .collect();
    let expected = ["gjesdal", "klepp", "time", "ha"].map(|key| journey.id(Kind::Organisation, key));
    assert_eq!(with_employees, expected);
    for application in journey.case.list("/applications") {
        let key = text(&application, "key");
        let expected = match key {
            "sandnes" | "jaeren" => "granted",
            "county" => "deferred",
            _ => "declined",
        };
        let read = public.get(&journey.at("applications", Kind::Application, key)).await;
        assert_eq!(read.text("/state"), expected, "{key}");
    }
    let frame = public.get(&journey.at("frames", Kind::Single, "frame 2020")).await;
    assert_eq!((frame.at("/places"), frame.at("/placesUsed")), (json!(2), json!(2)));
    assert_eq!(public.list("/v1/decisions").await.len(), 1);
    assert_eq!(public.get(&journey.round()).await.text("/state"), "decided");
}
