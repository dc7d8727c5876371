//! The course of a decision: told, and final when nobody can appeal any more.

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use super::scene::{Scene, appeal};

tildel_test_support::both_backends! {
    /// A letter says what holds: one that was written before the rules were changed is not sent.
    async fn a_letter_that_was_written_by_other_rules_is_not_sent(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let office = &stage.office;
        let decision = stage.approved_decision(scene.award()).await;
        let letter = stage.proposed_letter(&decision).await;
        stage.call(&office.approver.client, "letterApprove", &[&letter], Value::Null).await.expect_status(200);
        stage.world.work().await;
        let rule = json!({
            "recipientKind": "independent_school", "hasRight": true, "days": 7, "receiptDays": 0,
            "legalBasis": { "nb": "forskriften § 9" }, "appealBody": { "nb": "Klagenemnda" },
        });
        let officer = &office.officer.client;
        for (rules, status) in [(json!([rule]), 409), (json!([]), 200)] {
            stage.call(officer, "appealRulesSet", &[&office.id], json!({ "rules": rules })).await.expect_status(200);
            stage.call(officer, "letterDispatch", &[&letter], Value::Null).await.expect_status(status);
        }
        assert_eq!(scene.state(&format!("/v1/decisions/{decision}")).await, "notified");
    }

    /// The letter is sent on Wednesday 4 March 2020. Three weeks later is Wednesday 25 March, whose end is 23:00 in UTC, as summer time
    /// begins on 29 March. The municipality has no right to appeal, the school has.
    async fn a_decision_is_final_when_the_last_deadline_is_over(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let decision = stage.approved_decision(scene.award()).await;
        let path = format!("/v1/decisions/{decision}");
        let early = appeal(&decision, scene.of_school());
        stage.call(&scene.school.person.client, "appealCreate", &[], early).await.expect_problem(409, "wrong_state");
        scene.tell(&decision).await;
        let told = stage.world.public().get(&path).await.expect_status(200);
        assert_eq!((told.text("/state"), told.text("/notifiedAt")), ("notified".to_owned(), "2020-03-04T08:00:00Z".to_owned()));
        assert_eq!(told.text("/appealPeriodEndsAt"), "2020-03-25T23:00:00Z");
        let notices: Vec<_> = told.at("/notices").as_array().expect("notices").iter().map(|notice| {
            (notice["applicationId"].clone(), notice["rule"]["hasRight"].clone(), notice["endsAt"].clone())
        }).collect();
        assert_eq!(notices, [
            (json!(scene.of_sandnes()), json!(false), Value::Null),
            (json!(scene.of_school()), json!(true), json!("2020-03-25T23:00:00Z")),
        ]);
        // What was told stays, whatever the office sets later.
        let rule = json!({
            "recipientKind": "independent_school", "hasRight": true, "days": 7, "receiptDays": 0,
            "legalBasis": { "nb": "forskriften § 9" }, "appealBody": { "nb": "Klagenemnda" },
        });
        let officer = &stage.office.officer.client;
        let set = stage.call(officer, "appealRulesSet", &[&stage.office.id], json!({ "rules": [rule] })).await;
        let own: Vec<_> = set.expect_status(200).at("/rules").as_array().expect("rules").iter()
            .filter(|rule| rule["isOwn"] == true).map(|rule| rule["rule"]["days"].clone()).collect();
        assert_eq!(own, [json!(7)]);
        stage.world.at("2020-03-25T22:59:59Z");
        stage.world.work().await;
        assert_eq!(scene.state(&path).await, "notified");
        stage.world.at("2020-03-25T23:00:00Z");
        assert_eq!(stage.world.work().await, 1);
        let last = stage.world.public().get(&path).await.expect_status(200);
        assert_eq!((last.text("/state"), last.text("/appealPeriodEndsAt")), ("final".to_owned(), "2020-03-25T23:00:00Z".to_owned()));
        assert_eq!(stage.world.public().get("/v1/decisions?state=final").await.at("/items/0/id"), json!(decision));
        assert_eq!(stage.world.public().get("/v1/decisions?state=notified").await.at("/items"), json!([]));

        // Late, and so registered all the same; the decision is appealed again until somebody has ruled.
        let late = stage.call(&scene.school.person.client, "appealCreate", &[], appeal(&decision, scene.of_school())).await;
        let late = late.expect_status(201);
        assert_eq!((late.at("/late"), late.at("/withoutRight")), (json!(true), json!(false)));
        assert_eq!(scene.state(&path).await, "appealed");
        stage.call(&scene.school.person.client, "appealWithdraw", &[&late.id()], Value::Null).await.expect_status(200);
        assert_eq!(scene.state(&path).await, "final");
    }
}
