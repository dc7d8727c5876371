//! Rulings on appeals, and the new decision that follows an upheld one.

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use super::scene::{Scene, appeal, departure, ruling};
use crate::stage::kroner;

tildel_test_support::both_backends! {
    /// The office does not uphold the school's appeal and sends it on; the directorate upholds it; a new decision grants the school
    /// what it may, once there is a place. What Sandnes has stands.
    async fn an_upheld_appeal_leads_to_a_new_decision_and_moves_nothing_else(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let office = &stage.office;
        let (officer, approver) = (&office.officer.client, &office.approver.client);
        let award = scene.notified().await;
        stage.pass_days(10);
        let school = &scene.school.person.client;
        let id = scene.lodge(school, &award, scene.of_school()).await;
        let path = format!("/v1/appeals/{id}");
        let lodged = school.get(&path).await.expect_status(200);
        assert_eq!((lodged.at("/late"), lodged.at("/withoutRight"), lodged.text("/channel")),
            (json!(false), json!(false), "electronic".to_owned()));
        assert_eq!(lodged.text("/receivedOn"), "2020-03-14");
        assert_eq!(scene.state(&format!("/v1/decisions/{award}")).await, "appealed");
        // A second one while the first is open is the same appeal.
        stage.call(school, "appealCreate", &[], appeal(&award, scene.of_school())).await
            .expect_problem(409, "already_exists");
        for stranger in [&stage.stranger.person.client, &stage.other.officer.client] {
            stranger.get(&path).await.expect_problem(404, "not_found");
        }
        assert!(told(officer).await.contains(&"appeal_received".to_owned()));

        scene.review(&id).await;
        assert_eq!(told(school).await, ["appeal_under_review"]);
        stage.call(officer, "appealPropose", &[&id], ruling("not_upheld")).await.expect_problem(422, "invalid_value");
        stage.call(officer, "appealPropose", &[&id], ruling("sent_on")).await.expect_status(200);
        stage.call(officer, "appealApprove", &[&id], Value::Null).await.expect_problem(403, "same_person_approves");
        let back = json!({ "reason": "Begrunn bedre" });
        let back = stage.call(approver, "appealSendBack", &[&id], back).await.expect_status(200);
        assert_eq!((back.text("/state"), back.at("/rulings")), ("under_review".to_owned(), json!([])));
        scene.rule(&id, ruling("sent_on")).await;
        assert_eq!(scene.state(&path).await, "sent_on");
        let answer = json!({ "matter": { "kind": "award", "roundId": scene.met.round, "lines": [] }, "appealId": id });
        stage.call(officer, "decisionCreate", &[], answer).await.expect_problem(409, "appeal_not_upheld");
        stage.call(officer, "appealPropose", &[&id], ruling("upheld")).await.expect_problem(422, "invalid_value");
        let mut of_body = ruling("upheld");
        of_body["ruledOn"] = json!("2020-03-14");
        scene.rule(&id, of_body).await;
        let upheld = school.get(&path).await.expect_status(200);
        assert_eq!(upheld.text("/state"), "upheld");
        let outcomes: Vec<_> = [0, 1].iter().map(|ruling| upheld.at(&format!("/rulings/{ruling}/outcome"))).collect();
        assert_eq!(outcomes, [json!("sent_on"), json!("upheld")]);
        assert_eq!(told(school).await, ["appeal_ruled", "appeal_ruled", "appeal_under_review"]);
        stage.call(school, "appealWithdraw", &[&id], Value::Null).await.expect_problem(409, "wrong_state");

        // The forum had the school on the reserve list, so the new decision says why it departs.
        let line = json!({ "applicationId": scene.of_school(), "outcome": "granted", "firstYear": 2024, "lastYear": 2025 });
        let body = |line: Value| json!({
            "matter": { "kind": "award", "roundId": scene.met.round, "lines": [line] }, "appealId": id,
        });
        stage.call(officer, "decisionCreate", &[], body(line.clone())).await
            .expect_problem(422, "departure_without_reason_code");
        let other = json!({ "applicationId": scene.of_sandnes(), "outcome": "granted", "firstYear": 2024, "lastYear": 2025 });
        stage.call(officer, "decisionCreate", &[], body(other)).await.expect_problem(422, "invalid_value");
        let new = stage.proposed_decision(body(departure(line))).await;
        stage.call(approver, "decisionApprove", &[&new], Value::Null).await.expect_problem(409, "places_exceeded");
        let two = json!({ "status": "decided", "amount": kroner(500_000), "places": 2 });
        stage.call(&stage.directorate.client, "frameUpdate", &[&scene.frame], two).await.expect_status(200);
        let standing = grant_of(&scene, scene.of_sandnes()).await;
        stage.call(approver, "decisionApprove", &[&new], Value::Null).await.expect_status(200);
        assert_eq!(grant_of(&scene, scene.of_sandnes()).await, standing, "what others have stands");
        let granted = grant_of(&scene, scene.of_school()).await;
        assert_eq!(granted["decisionId"], json!(new));
        assert_eq!(scene.state(&format!("/v1/applications/{}", scene.of_school())).await, "granted");
        let first = stage.world.public().get(&format!("/v1/decisions/{award}")).await.expect_status(200);
        assert_eq!((first.at("/lines/0/supersededBy"), first.at("/lines/1/supersededBy")), (Value::Null, json!(new)));
        assert_eq!(school.get(&path).await.at("/followedBy"), json!(new));
        let again = body(json!({ "applicationId": scene.of_school(), "outcome": "granted" }));
        stage.call(officer, "decisionCreate", &[], again).await.expect_problem(409, "already_exists");
        // The appeal period of others goes on; at its end the decision is a changed one.
        assert_eq!(first.text("/state"), "notified");
        stage.world.at("2020-03-25T23:00:00Z");
        stage.world.work().await;
        assert_eq!(scene.state(&format!("/v1/decisions/{award}")).await, "changed");
    }

    /// Nothing that comes late or without a right is lost; it is dismissed by two persons, or treated for a reason that is written
    /// down.
    async fn what_is_late_or_without_a_right_is_ruled_on_by_a_person(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let officer = &stage.office.officer.client;
        let award = scene.notified().await;
        // The municipality has no right to appeal.
        let id = scene.lodge(&stage.lead.person.client, &award, scene.of_sandnes()).await;
        let mine = stage.lead.person.client.get(&format!("/v1/appeals/{id}")).await.expect_status(200);
        assert_eq!((mine.at("/late"), mine.at("/withoutRight")), (json!(false), json!(true)));
        scene.review(&id).await;
        let refused = stage.call(officer, "appealPropose", &[&id], ruling("upheld")).await;
        assert_eq!(refused.expect_problem(422, "appeal_not_admissible").text("/errors/0/pointer"), "/admission");
        scene.rule(&id, ruling("dismissed")).await;
        assert_eq!(scene.state(&format!("/v1/appeals/{id}")).await, "dismissed");

        // A letter of the school that was posted on the last day, Wednesday 25 March, is in time, whenever it comes.
        stage.world.at("2020-03-30T08:00:00Z");
        stage.world.work().await;
        assert_eq!(scene.state(&format!("/v1/decisions/{award}")).await, "dismissed");
        let by_letter = |posted_on: &str| {
            let mut body = appeal(&award, scene.of_school());
            body["receivedOn"] = json!("2020-03-30");
            body["postedOn"] = json!(posted_on);
            body
        };
        for (posted_on, late) in [("2020-03-25", false), ("2020-03-26", true)] {
            let made = stage.call(officer, "appealCreate", &[], by_letter(posted_on)).await.expect_status(201);
            assert_eq!((made.at("/late"), made.text("/channel")), (json!(late), "letter".to_owned()), "{posted_on}");
            if late {
                scene.review(&made.id()).await;
                let mut admitted = ruling("sent_on");
                admitted["admission"] = json!("Brevet ble liggende hos posten (forvaltningsloven § 31).");
                scene.rule(&made.id(), admitted).await;
                let mut turned_down = ruling("not_upheld");
                turned_down["ruledOn"] = json!("2020-03-30");
                scene.rule(&made.id(), turned_down).await;
                assert_eq!(scene.state(&format!("/v1/appeals/{}", made.id())).await, "not_upheld");
            } else {
                stage.call(&scene.school.person.client, "appealWithdraw", &[&made.id()], Value::Null).await.expect_status(200);
            }
        }
        // One was dismissed, one withdrawn, one tried and not upheld: the decision stands.
        assert_eq!(scene.state(&format!("/v1/decisions/{award}")).await, "upheld");
        // Before the notification, or after today, no letter can have come.
        let mut too_soon = by_letter("2020-03-01");
        too_soon["receivedOn"] = json!("2020-03-03");
        stage.call(officer, "appealCreate", &[], too_soon).await.expect_problem(422, "invalid_value");
        let mut to_come = by_letter("2020-03-25");
        to_come["receivedOn"] = json!("2020-04-01");
        stage.call(officer, "appealCreate", &[], to_come).await.expect_problem(422, "invalid_value");
    }

    /// Whoever has an interest in the application neither takes the appeal up nor rules on it.
    async fn whoever_has_an_interest_does_not_rule(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let office = &stage.office;
        let award = scene.notified().await;
        let id = scene.lodge(&scene.school.person.client, &award, scene.of_school()).await;
        scene.review(&id).await;
        let officer = &office.officer.client;
        let interest = |person: &str| json!({
            "personId": person, "applicationId": scene.of_school(), "ground": "relation", "explanation": "Gift med rektor",
        });
        stage.call(officer, "appealPropose", &[&id], ruling("sent_on")).await.expect_status(200);
        stage.call(officer, "recusalDeclare", &[], interest(&office.approver.id)).await.expect_status(201);
        stage.call(&office.approver.client, "appealApprove", &[&id], Value::Null).await
            .expect_problem(403, "approver_has_interest");
        stage.call(&office.approver.client, "appealSendBack", &[&id], json!({ "reason": "Inhabil" })).await.expect_status(200);
        stage.call(officer, "recusalDeclare", &[], interest(&office.officer.id)).await.expect_status(201);
        stage.call(officer, "appealPropose", &[&id], ruling("sent_on")).await.expect_problem(403, "recused");
    }
}

async fn grant_of(scene: &Scene, application: &str) -> Value {
    let grants = scene.stage.grants(&scene.met.round).await;
    grants.into_iter().find(|grant| grant["applicationId"] == application).expect("a grant")
}

/// The kinds of what somebody was told, by name: what is told in one moment has no order.
async fn told(who: &tildel_tests::Client) -> Vec<String> {
    let list = who.get("/v1/notifications").await.expect_status(200);
    let items = list.at("/items").as_array().cloned().expect("a list");
    let mut kinds: Vec<_> =
        items.iter().map(|item| item["kind"].as_str().expect("a kind").to_owned()).collect();
    kinds.sort_unstable();
    kinds
}
