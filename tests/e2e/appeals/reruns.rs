//! What an appellant would have got, as things were at the decision.

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use super::scene::Scene;
use crate::stage::{kroner, model_body, organisation_number};

tildel_test_support::both_backends! {
    /// The school would have had 100 000 + 50 × 100 = 105 000 a year; with the 80 employees that it states, 108 000. A model of 200 000 that
    /// is published after the decision, and a headcount that is recorded after it, change nothing of that.
    async fn a_rerun_is_computed_by_what_held_at_the_decision(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let officer = &stage.office.officer.client;
        let award = scene.notified().await;
        let run = stage.newest_run().await;
        let id = scene.lodge(&scene.school.person.client, &award, scene.of_school()).await;
        let years = json!({ "firstYear": 2024, "lastYear": 2025 });
        let body = json!({ "appealId": id, "granted": years });
        let first = stage.call(officer, "appealRerunCreate", &[], body.clone()).await.expect_status(201);
        assert_eq!((first.at("/runId"), first.at("/runInputHash")), (run["id"].clone(), run["inputHash"].clone()));
        let number = organisation_number(900_304);
        let amounts = |amount: u32| json!([2024, 2025].map(|year| json!({
            "organisationNumber": number, "year": year, "from": kroner(0), "to": kroner(amount),
        })));
        assert_eq!(first.at("/recipients"), amounts(105_000), "the school gets what it asks for, and nobody less");
        let lines = first.at("/lines").as_array().cloned().expect("lines");
        assert_eq!(lines.iter().map(|line| line["to"].clone()).collect::<Vec<_>>(), [kroner(105_000), kroner(105_000)]);

        let model = model_body(&stage.scheme, 2).to_string().replace("100000.00", "200000.00");
        let model: Value = serde_json::from_str(&model).expect("a model");
        stage.call(&stage.directorate.client, "fundingModelPublish", &[], model).await.expect_status(201);
        stage.headcount(&scene.school, "2019-12-20", 500).await;
        stage.pass_days(1);
        stage.world.work().await;
        let moved = stage.newest_run().await;
        assert_ne!(moved["inputHash"], run["inputHash"], "the control: the plan in force follows the new model");
        let second = stage.call(officer, "appealRerunCreate", &[], body).await.expect_status(201);
        let without = |reply: &tildel_tests::Reply| {
            let mut json = reply.json();
            for own in ["id", "computedAt"] {
                json.as_object_mut().expect("an object").remove(own);
            }
            serde_json::to_string(&json).expect("text")
        };
        assert_eq!(without(&second), without(&first), "byte for byte");

        let stated = json!({
            "appealId": id, "granted": years,
            "headcounts": [{
                "organisationNumber": number, "unitKind": "kindergarten", "measure": "employees", "date": "2019-12-15",
                "count": "80",
            }],
        });
        let stated = stage.call(officer, "appealRerunCreate", &[], stated).await.expect_status(201);
        assert_eq!(stated.at("/recipients"), amounts(108_000));
        // The appellant sees it, others do not.
        let path = format!("/v1/appeal-reruns/{}", stated.id());
        assert_eq!(scene.school.person.client.get(&path).await.expect_status(200).at("/headcounts/0/count"), json!("80"));
        stage.stranger.person.client.get(&path).await.expect_problem(404, "not_found");
        let list = format!("/v1/appeal-reruns?appealId={id}");
        let count = async |who: &tildel_tests::Client| who.get(&list).await.at("/items").as_array().map(Vec::len);
        assert_eq!(count(&scene.school.person.client).await, Some(3));
        assert_eq!(count(&stage.stranger.person.client).await, Some(0));
        // Nothing assumed, or what is granted already, is no question.
        stage.call(officer, "appealRerunCreate", &[], json!({ "appealId": id })).await.expect_problem(422, "invalid_value");
        let other = scene.lodge(&stage.lead.person.client, &award, scene.of_sandnes()).await;
        let granted = json!({ "appealId": other, "granted": years });
        stage.call(officer, "appealRerunCreate", &[], granted).await.expect_problem(422, "invalid_value");
    }
}
