//! Runs: the reserve list, the models, and the bundle that a stranger can compute again.

use serde_json::{Value, json};
use tildel_domain::allocation::Bundle;
use tildel_test_support::TestStore;

use crate::scenes::with;
use crate::stage::{Stage, kroner, model_body};

tildel_test_support::both_backends! {
    /// A bundle is one file of canonical bytes that holds by itself; one byte more and it does not.
    async fn a_bundle_can_be_computed_again_by_anybody(store: TestStore) {
        let stage = Stage::set(store).await;
        stage.promised(2024).await;
        let run = stage.newest_run().await;
        let path = format!("/v1/runs/{}/bundle", run["id"].as_str().expect("an id"));
        let public = stage.world.public();
        let file = public.get(&path).await.expect_status(200);
        assert_eq!(file.header("content-type"), Some("application/json"));
        let name = format!("RO-stage-2020-{}.json", &run["inputHash"].as_str().expect("a hash")[..12]);
        assert_eq!(file.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
        let bundle = Bundle::verify(&file.body).expect("the bundle holds");
        assert_eq!((json!(bundle.input_hash), json!(bundle.result_hash)), (run["inputHash"].clone(), run["resultHash"].clone()));
        assert_eq!(public.get(&path).await.body, file.body, "the same bytes each time");
        let mut edited = file.body.clone();
        edited.push(b'\n');
        assert!(Bundle::verify(&edited).is_err());
        let text = String::from_utf8(file.body.clone()).expect("text");
        assert!(Bundle::verify(text.replacen("110000.00", "110000.01", 1).as_bytes()).is_err());
        let tag = file.header("etag").expect("a tag").to_owned();
        assert!(tag.starts_with('"'), "a strong tag: {tag}");
        let again = public.send(reqwest::Method::GET, &path, None, &[("If-None-Match", &tag)]).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }

    /// Who is on the reserve list waits in the plan, and is let in where there is room; their headcounts count as well.
    async fn the_reserve_list_waits_in_the_plan(store: TestStore) {
        let stage = Stage::set(store).await;
        stage.frame(2024, kroner(10_000_000), json!(1)).await;
        stage.frame(2025, kroner(10_000_000), Value::Null).await;
        let met = stage.met(2024, &[&stage.lead, &stage.partner]).await;
        stage.attend(&met.meeting).await;
        stage.agreement(&met.meeting, &met.item, "agreed").await;
        let mut advice = stage.advice(&met);
        advice["lines"][1] = with(advice["lines"][1].clone(), json!({ "outcome": "reserve" }));
        let chair = &stage.office.chair.client;
        let advice = stage.call(chair, "recommendationCreate", &[], advice).await.expect_status(201).id();
        stage.sign_off(&advice).await;
        let mut award = Stage::award(&met, 2024);
        award["matter"]["lines"][1] = json!({ "applicationId": met.applications[1], "outcome": "declined" });
        stage.approved_decision(award).await;
        stage.world.work().await;

        let run = stage.newest_run().await;
        let waiting = json!([{
            "projectId": met.applications[1], "reference": run["plan"]["waiting"][0]["reference"], "year": 2024,
            "reason": "places",
        }]);
        assert_eq!(run["plan"]["waiting"], waiting);
        let of_reserve = |run: &Value| -> Vec<Value> {
            let lines = run["plan"]["lines"].as_array().expect("lines");
            lines.iter().filter(|line| line["projectId"] == met.applications[1].as_str()).cloned().collect()
        };
        let admitted = of_reserve(&run);
        assert_eq!(admitted.len(), 1);
        assert_eq!((&admitted[0]["year"], &admitted[0]["admitted"]), (&json!(2025), &json!(true)));
        assert_eq!(admitted[0]["amount"], kroner(110_000));
        stage.headcount(&stage.partner, "2025-01-15", 150).await;
        stage.world.work().await;
        assert_eq!(of_reserve(&stage.newest_run().await)[0]["amount"], kroner(115_000));
    }

    /// A model that is wrong is refused with the place of each error, by the schema or by the rules.
    async fn a_wrong_model_is_told_where_it_is_wrong(store: TestStore) {
        let stage = Stage::set(store).await;
        let directorate = &stage.directorate.client;
        let publish = async |change: &dyn Fn(&mut Value)| {
            let mut body = model_body(&stage.scheme, 2);
            change(&mut body["document"]);
            stage.call(directorate, "fundingModelPublish", &[], body).await
        };
        for (pointer, change) in [
            ("/document/components/1/rates/0/rate", &(|model: &mut Value| model["components"][1]["rates"][0]["rate"] = json!("1,5")) as &dyn Fn(&mut Value)),
            ("/document/components/0/bonus", &|model| model["components"][0]["bonus"] = json!("1.00")),
            ("/document/components/1/kind", &|model| model["components"][1]["kind"] = json!("per_foot")),
            ("/document/carryOver", &|model| model["carryOver"] = json!("half")),
            ("/document/unit", &|model| model["unit"] = json!("0.00")),
            ("/document/components/1/id", &|model| model["components"][1]["id"] = json!("base")),
            ("/document/admission/rule", &|model| model["admission"] = json!({ "rule": "reserved_share" })),
            ("/document/withheldAssumed", &|model| model["withheldAssumed"] = json!("5")),
        ] {
            let refused = publish(change).await.expect_problem(422, "invalid_body");
            assert_eq!(refused.text("/errors/0/pointer"), pointer, "{}", refused.json());
        }
        for (pointer, change) in [
            ("/document/validToYear", &(|model: &mut Value| model["validToYear"] = json!(2026)) as &dyn Fn(&mut Value)),
            ("/document/key", &|model| model["key"] = json!("another-2020")),
        ] {
            let refused = publish(change).await.expect_problem(422, "invalid_value");
            assert_eq!(refused.text("/errors/0/pointer"), pointer, "{}", refused.json());
        }
        publish(&|_| {}).await.expect_status(201);
    }
}
