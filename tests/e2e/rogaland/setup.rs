//! Before the round: office, organisations, people with tokens, scheme, forums, headcounts, places.

use serde_json::{Value, json};

use super::actor::Actor;
use super::case::{pick, text, texts};
use super::cast::{Journey, Kind};

/// Sets up who and what there is.
pub(crate) async fn people_and_bodies(journey: &mut Journey) {
    office_and_organisations(journey).await;
    people(journey).await;
    scheme_and_places(journey).await;
    for forum in journey.case.list("/forums") {
        add_forum(journey, &forum).await;
    }
    headcounts(journey).await;
}

async fn office_and_organisations(journey: &mut Journey) {
    let office = journey.case.file["office"].clone();
    let office = journey.admin.post("/v1/offices", &office).await.expect_status(201);
    journey.remember(Kind::Single, "office", office.id());
    for organisation in journey.case.list("/organisations") {
        let mut new = pick(&organisation, &["number", "name", "kind", "municipalityNumber", "placeholder"]);
        new["language"] = json!("nb");
        let made = journey.admin.post("/v1/organisations", &new).await.expect_status(201);
        journey.remember(Kind::Organisation, text(&organisation, "key"), made.id());
    }
}

async fn people(journey: &mut Journey) {
    let deputies: Vec<_> = journey
        .case
        .list("/forums")
        .iter()
        .flat_map(|forum| forum["seats"].as_array().unwrap().clone())
        .filter_map(|seat| seat["deputy"].as_str().map(str::to_owned))
        .collect();
    for person in journey.case.list("/people") {
        let key = text(&person, "key");
        let mut new = pick(&person, &["name", "title", "phone"]);
        if person["office"] == true {
            new["officeId"] = json!(journey.id(Kind::Single, "office"));
        }
        if let Some(organisation) = person["organisation"].as_str() {
            new["organisationId"] = json!(journey.id(Kind::Organisation, organisation));
        }
        let made = journey.admin.post("/v1/persons", &new).await.expect_status(201);
        journey.remember(Kind::Person, key, made.id());
        let deputy = deputies.iter().any(|deputy| deputy == key).then_some("member");
        for role in texts(&person["roles"]).into_iter().chain(deputy) {
            let actor = token(journey, &made.id(), role).await;
            journey.enter(key, actor);
        }
    }
}

async fn token(journey: &Journey, person_id: &str, role: &str) -> Actor {
    let body = json!({ "personId": person_id, "role": role, "label": "Rogaland 2020" });
    let issued = journey.admin.post_without_key("/v1/access-tokens", &body).await.expect_status(201);
    let client = tildel_tests::Client::new(&journey.world.base, Some(issued.text("/secret")));
    Actor::new(client, &journey.recorder)
}

/// At first only the places are known: the letter says that the money is being computed.
async fn scheme_and_places(journey: &mut Journey) {
    let directorate = journey.actor("directorate");
    let scheme = directorate.post("/v1/schemes", &journey.case.scheme).await.expect_status(201);
    journey.remember(Kind::Single, "scheme", scheme.id());
    let round = &journey.case.file["round"];
    let frame = json!({
        "officeId": journey.id(Kind::Single, "office"),
        "schemeId": scheme.id(),
        "year": round["budgetYear"],
        "status": "expected",
        "places": round["places"],
    });
    let frame = directorate.post("/v1/frames", &frame).await.expect_status(201);
    journey.remember(Kind::Single, "frame 2020", frame.id());
}

async fn add_forum(journey: &mut Journey, forum: &Value) {
    let officer = journey.officer();
    let key = text(forum, "key");
    let mut new = pick(forum, &["name", "shortName", "quorumSeats"]);
    new["officeId"] = json!(journey.id(Kind::Single, "office"));
    new["chairId"] = json!(journey.id(Kind::Person, text(forum, "chair")));
    let made = officer.post("/v1/forums", &new).await.expect_status(201);
    journey.remember(Kind::Forum, key, made.id());
    for seat in forum["seats"].as_array().unwrap() {
        let mut new = pick(seat, &["organisationKind", "voteRight"]);
        new["forumId"] = json!(made.id());
        new["label"] = json!({ "nb": seat["label"] });
        new["memberId"] = json!(journey.id(Kind::Person, text(seat, "member")));
        new["termFrom"] = json!("2020-01-01");
        new["termTo"] = json!("2023-12-31");
        if let Some(organisation) = seat["organisation"].as_str() {
            new["organisationId"] = json!(journey.id(Kind::Organisation, organisation));
        }
        if let Some(deputy) = seat["deputy"].as_str() {
            new["deputyId"] = json!(journey.id(Kind::Person, deputy));
        }
        let filled = officer.post("/v1/seats", &new).await.expect_status(201);
        journey.remember(Kind::Seat, text(seat, "key"), filled.id());
    }
}

async fn headcounts(journey: &Journey) {
    let directorate = journey.actor("directorate");
    let sources = &journey.case.file["headcountSources"];
    for headcount in journey.case.list("/headcounts") {
        let organisation_id = journey.id(Kind::Organisation, text(&headcount, "organisation"));
        let teachers = json!({
            "unitKind": "primary_school",
            "measure": "man_years",
            "count": headcount["manYearsPrimarySchool"],
            "source": sources["manYears"],
            "practice": false,
        });
        let kindergarten = json!({
            "unitKind": "kindergarten",
            "measure": "employees",
            "count": headcount["employeesKindergarten"].to_string(),
            "source": sources["employees"],
            "practice": true,
        });
        for mut new in [teachers, kindergarten] {
            new["organisationId"] = json!(organisation_id);
            new["date"] = sources["date"].clone();
            new["status"] = json!("known");
            directorate.post("/v1/headcounts", &new).await.expect_status(201);
        }
    }
}

/// Reads back what was set up, as each of those who may.
pub(crate) async fn read_back(journey: &Journey) {
    let (admin, public) = (&journey.admin, &journey.public);
    let scheme_id = journey.id(Kind::Single, "scheme");
    assert_eq!(public.list("/v1/offices").await.len(), 1);
    assert_eq!(public.list("/v1/organisations").await.len(), 13);
    assert_eq!(public.list("/v1/headcounts").await.len(), 10);
    assert_eq!(public.list("/v1/schemes").await.len(), 1);
    assert_eq!(public.list("/v1/forums").await.len(), 2);
    assert_eq!(public.list("/v1/seats").await.len(), 8);
    assert_eq!(public.list(&format!("/v1/frames?schemeId={scheme_id}")).await.len(), 1);
    // 25 of the case, and the first admin of the installation.
    assert_eq!(admin.list("/v1/persons").await.len(), 26);
    for (collection, kind, key) in [
        ("offices", Kind::Single, "office"),
        ("schemes", Kind::Single, "scheme"),
        ("frames", Kind::Single, "frame 2020"),
        ("organisations", Kind::Organisation, "sandnes"),
        ("forums", Kind::Forum, "regional"),
        ("seats", Kind::Seat, "unions"),
    ] {
        public.get(&journey.at(collection, kind, key)).await.expect_status(200);
    }
    admin.get(&journey.at("persons", Kind::Person, "director")).await.expect_status(200);
    let account = journey.actor("applicant-sandnes").get("/v1/account").await.expect_status(200);
    assert_eq!(account.text("/name"), "Eva Sandved");
    revoke_a_token(journey).await;
}

/// A token that is revoked opens nothing any more.
async fn revoke_a_token(journey: &Journey) {
    let person_id = journey.id(Kind::Person, "applicant-a");
    let before = journey.admin.list(&format!("/v1/access-tokens?personId={person_id}")).await;
    assert_eq!(before.len(), 1);
    let lost = token(journey, &person_id, "applicant").await;
    lost.get("/v1/account").await.expect_status(200);
    let tokens = journey.admin.list(&format!("/v1/access-tokens?personId={person_id}")).await;
    let id = text(tokens.iter().find(|token| **token != before[0]).unwrap(), "id");
    let address = format!("/v1/access-tokens/{id}");
    let revoked = journey.admin.act(&address, "revocation", None).await.expect_status(200);
    assert!(revoked.at("/revokedAt").is_string());
    lost.get("/v1/account").await.expect_status(401);
}
