//! Decisions after they are made: departures beside the advice, dry runs that tell the effect, appeals, and the end of the appeal
//! period.
//!
//! By hand, throughout: a project gets 100 000 kroner and 100 kroner for each employee of its parties. Sandnes has 100 employees,
//! so 110 000 a year; the school has 50, so 105 000.

mod course;
mod dry_runs;
mod reruns;
mod rulings;
mod scene;

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use crate::stage::{Stage, kroner};
use scene::{Scene, departure};

tildel_test_support::both_backends! {
    /// The forum ranked Sandnes and put the school on the reserve list, and advised 90 000 kroner for the first year.
    async fn a_departure_stands_beside_the_advice(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let officer = &stage.office.officer.client;
        let decision = stage.draft_decision(scene.award()).await;
        let read = officer.get(&format!("/v1/decisions/{decision}")).await.expect_status(200);
        let lines = read.at("/lines").as_array().cloned().expect("lines");
        let told: Vec<_> = lines.iter().map(|line| {
            let advised = &line["advised"][0];
            (line["applicationId"].clone(), advised["outcome"].clone(), advised["rank"].clone(), advised["departure"].clone())
        }).collect();
        let [sandnes, school] = &scene.met.applications[..] else { panic!("two applications") };
        assert_eq!(told, [
            (json!(sandnes), json!("ranked"), json!(1), Value::Null),
            (json!(school), json!("reserve"), json!(2), Value::Null),
        ]);
        assert_eq!(read.at("/lines/0/advised/0/forumId"), json!(stage.office.forum));

        // To grant the school departs from the advice, and the reader sees in what.
        let mut body = scene.award();
        body["matter"]["lines"][1] = json!({
            "applicationId": school, "outcome": "granted", "firstYear": 2024, "lastYear": 2025,
        });
        let refused = stage.call(officer, "decisionCreate", &[], body.clone()).await;
        let refused = refused.expect_problem(422, "departure_without_reason_code");
        assert_eq!(refused.text("/errors/0/pointer"), "/matter/lines/1/reasonCode");
        body["matter"]["lines"][1] = departure(body["matter"]["lines"][1].clone());
        let made = stage.call(officer, "decisionCreate", &[], body).await.expect_status(201);
        assert_eq!(made.at("/lines/1/advised/0/departure"), json!("outcome"));
        assert_eq!(made.at("/matter/lines/1/reasonCode"), json!("distribution"));

        // The run says 110 000, the forum advised 90 000 for the first year and nothing for the second.
        scene.approve(&decision).await;
        stage.world.work().await;
        let amounts = scene.amounts_of_sandnes().await;
        let refused = stage.call(officer, "decisionCreate", &[], amounts.clone()).await;
        let refused = refused.expect_problem(422, "departure_without_reason_code");
        assert_eq!(refused.text("/errors/0/pointer"), "/matter/lines/0/reasonCode");
        let mut explained = amounts;
        explained["matter"]["lines"][0] = departure(explained["matter"]["lines"][0].clone());
        let made = stage.call(officer, "decisionCreate", &[], explained).await.expect_status(201);
        let departures: Vec<_> = [0, 1].iter().map(|line| made.at(&format!("/lines/{line}/advised/0/departure"))).collect();
        assert_eq!(departures, [json!("amount"), Value::Null]);
        assert_eq!(made.at("/lines/0/advised/0/amount"), kroner(90_000));
    }

    /// Two forums that advise differently can not both be followed.
    async fn of_two_forums_that_disagree_one_is_departed_from(store: TestStore) {
        let stage = Stage::set(store).await;
        let (officer, chair) = (&stage.office.officer.client, &stage.office.chair);
        let second = json!({
            "officeId": stage.office.id, "name": { "nb": "Desentralisert" }, "shortName": { "nb": "desentralisert ordning" },
            "quorumSeats": 1, "chairId": chair.id,
        });
        let second = stage.call(officer, "forumCreate", &[], second).await.expect_status(201).id();
        let ids = json!({ "officeId": stage.office.id, "schemeId": stage.scheme, "forumIds": [stage.office.forum, second] });
        let body = crate::scenes::with(stage.round_body(2024, 1), ids);
        let round = stage.call(officer, "roundCreate", &[], body).await.expect_status(201).id();
        for operation in ["roundAnnounce", "roundOpen"] {
            stage.call(officer, operation, &[&round], Value::Null).await.expect_status(200);
        }
        let application = stage.submitted(&round, &stage.lead).await;
        stage.pass_days(2);
        stage.call(officer, "roundClose", &[&round], Value::Null).await.expect_status(200);
        stage.screen(&application, "eligible", None).await;
        stage.call(officer, "roundSendToForum", &[&round], Value::Null).await.expect_status(200);
        for (forum, line) in [
            (&stage.office.forum, json!({ "applicationId": application, "outcome": "ranked", "rank": 1, "assessment": "Ja" })),
            (&second, json!({ "applicationId": application, "outcome": "not", "assessment": "Nei" })),
        ] {
            let meeting = json!({ "forumId": forum, "startsAt": "2020-09-01T08:00:00Z", "place": "Teams" });
            let meeting = stage.call(officer, "meetingCreate", &[], meeting).await.expect_status(201).id();
            let item = json!({ "title": "Innstilling", "roundId": round });
            let item = stage.call(officer, "agendaItemCreate", &[&meeting], item).await.expect_status(200).text("/agenda/0/id");
            let seat = crate::stage::seat_body(forum, &stage.office.member.id, "association", "voting");
            let seat = stage.call(officer, "seatCreate", &[], seat).await.expect_status(201).id();
            let present = json!({ "attendance": [{ "seatId": seat, "personId": stage.office.member.id }] });
            stage.call(officer, "attendanceRecord", &[&meeting], present).await.expect_status(200);
            stage.agreement(&meeting, &item, "agreed").await;
            let advice = json!({
                "roundId": round, "forumId": forum, "meetingId": meeting, "lines": [line],
            });
            let advice = stage.call(&chair.client, "recommendationCreate", &[], advice).await.expect_status(201).id();
            stage.sign_off(&advice).await;
        }
        let line = json!({ "applicationId": application, "outcome": "granted", "firstYear": 2024, "lastYear": 2025 });
        let body = |line: Value| json!({ "matter": { "kind": "award", "roundId": round, "lines": [line] } });
        stage.call(officer, "decisionCreate", &[], body(line.clone())).await
            .expect_problem(422, "departure_without_reason_code");
        let made = stage.call(officer, "decisionCreate", &[], body(departure(line))).await.expect_status(201);
        let advised = made.at("/lines/0/advised").as_array().cloned().expect("advice");
        assert_eq!(advised.len(), 2);
        for advised in advised {
            let follows = advised["forumId"] == json!(stage.office.forum);
            assert_eq!(advised["departure"], if follows { Value::Null } else { json!("outcome") });
        }
    }
}
