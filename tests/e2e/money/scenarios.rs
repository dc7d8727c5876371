//! Scenarios.

use serde_json::{Value, json};
use tildel_test_support::{Dump, TestStore, dump};
use tildel_tests::Client;

use crate::stage::{Stage, kroner, organisation_number};

/// What stands in all tables but that of the scenarios.
fn beside(stage: &Stage) -> Dump {
    let mut all = dump(stage.world.service().store()).expect("a dump");
    assert!(all.remove("scenarios").is_some());
    assert!(all.len() > 25 && all["runs"].len() > 1, "the dump sees what it must");
    all
}

/// Without keys, as a key is a row of its own.
async fn write(
    client: &Client,
    method: reqwest::Method,
    path: &str,
    body: Option<&Value>,
) -> tildel_tests::Reply {
    let resource = path.trim_end_matches("/runs");
    let tag = client.get(resource).await.header("etag").unwrap_or("\"1\"").to_owned();
    client.send(method, path, body, &[("If-Match", &tag)]).await
}

tildel_test_support::both_backends! {
    /// The base is raised to 150 000, the lead has 120 employees, and Sola joins in 2025 with 150:
    ///
    /// ```text
    /// Sandnes 2025: 150 000 + 120 × 100 = 162 000, and 2024 is decided: 110 000; together 272 000
    /// Sola 2025:    150 000 + 150 × 100 = 165 000
    /// Gini of two: |272 000 − 165 000| ÷ (2 × 437 000) = 107 ÷ 874
    /// ```
    async fn a_scenario_shows_what_would_be_and_leaves_no_trace(store: TestStore) {
        let stage = Stage::set(store).await;
        stage.promised(2024).await;
        let run = stage.newest_run().await;
        let before = beside(&stage);
        let officer = &stage.office.officer.client;
        let sandnes = run["input"]["organisations"][0]["number"].clone();
        let sola = organisation_number(900_500);
        let changes = json!([
            { "kind": "set_base", "component": "base", "amount": kroner(150_000) },
            {
                "kind": "set_headcount", "organisationNumber": sandnes, "unitKind": "kindergarten", "measure": "employees",
                "date": "2025-01-15", "count": "120",
            },
            {
                "kind": "add_project",
                "project": {
                    "id": "01890a5d-ac96-774b-bcce-b302099a8057", "reference": "ny", "title": "Ny", "firstYear": 2025,
                    "lastYear": 2025, "status": "running", "lead": sola,
                },
                "organisations": [{
                    "number": sola, "name": "Sola",
                    "headcounts": [{
                        "unitKind": "kindergarten", "measure": "employees", "date": "2025-01-15", "status": "known",
                        "count": "150",
                    }],
                }],
            },
        ]);
        let made = officer.post_without_key("/v1/scenarios", &stage.scenario("Hva om", changes.clone())).await;
        let made = made.expect_status(201);
        assert_eq!(made.at("/outcome"), Value::Null);
        assert_eq!(made.at("/changes/0"), changes[0]);
        let path = format!("/v1/scenarios/{}", made.id());
        let computed = write(officer, reqwest::Method::POST, &format!("{path}/runs"), None).await.expect_status(200);
        assert_eq!(computed.at("/outcome/runId"), run["id"]);

        let compared = officer.get(&format!("{path}/comparison")).await.expect_status(200);
        assert_eq!(compared.at("/withRunId"), run["id"]);
        let lines: Vec<_> = compared.at("/lines").as_array().expect("lines").iter()
            .map(|line| (line["year"].clone(), line["from"].clone(), line["to"].clone())).collect();
        assert_eq!(lines, [
            (json!(2025), kroner(110_000), kroner(162_000)),
            (json!(2025), Value::Null, kroner(165_000)),
        ]);
        let mut recipients = vec![
            json!({ "organisationNumber": sandnes, "year": 2025, "from": kroner(110_000), "to": kroner(162_000) }),
            json!({ "organisationNumber": sola, "year": 2025, "from": kroner(0), "to": kroner(165_000) }),
        ];
        recipients.sort_by_key(|recipient| recipient["organisationNumber"].to_string());
        assert_eq!(compared.at("/recipients"), json!(recipients));
        assert_eq!(compared.at("/years"), json!([
            {
                "year": 2024, "from": kroner(110_000), "to": kroner(110_000), "projects": { "from": 1, "to": 1 },
                "firstTime": { "from": "1", "to": "1" },
            },
            {
                "year": 2025, "from": kroner(110_000), "to": kroner(327_000), "projects": { "from": 1, "to": 2 },
                "firstTime": { "from": "0", "to": "1/2" },
            },
        ]));
        assert_eq!(compared.at("/gini"), json!({ "from": "0", "to": "107/874" }));
        same_as_the_plan(&stage, &run, &path).await;

        // A change takes the outcome away.
        let content = json!({ "name": "Hva om ikke", "changes": [] });
        let changed = write(officer, reqwest::Method::PUT, &path, Some(&content)).await.expect_status(200);
        assert_eq!((changed.at("/outcome"), changed.text("/name")), (Value::Null, "Hva om ikke".to_owned()));
        assert_eq!(beside(&stage), before, "nothing but the scenario was written");
        write(officer, reqwest::Method::DELETE, &path, None).await.expect_status(200);
        officer.get(&path).await.expect_problem(404, "not_found");
        assert_eq!(stage.world.work().await, 0);
        assert_eq!(beside(&stage), before);
    }

    /// A change that can not be read is told by its place.
    async fn a_wrong_change_is_told_where_it_is_wrong(store: TestStore) {
        let stage = Stage::set(store).await;
        let officer = &stage.office.officer.client;
        for (pointer, change) in [
            ("/changes/0/amount/amount", json!({ "kind": "set_base", "component": "base", "amount": { "amount": "x", "currency": "NOK" } })),
            ("/changes/0/kind", json!({ "kind": "set_fire" })),
            ("/changes/0/year", json!({ "kind": "drop_out", "reference": "x" })),
            ("/changes/0/extra", json!({ "kind": "drop_out", "reference": "x", "year": 2024, "extra": 1 })),
            ("/changes/0/share", json!({ "kind": "set_newcomer_share", "share": "3/2" })),
            ("/changes/0/document/unit", json!({ "kind": "set_model", "document": wrong_model(&stage) })),
        ] {
            let body = stage.scenario("Feil", json!([change]));
            let refused = stage.call(officer, "scenarioCreate", &[], body).await.expect_status(422);
            assert_eq!(refused.text("/errors/0/pointer"), pointer, "{}", refused.json());
        }
    }
}

fn wrong_model(stage: &Stage) -> Value {
    let mut model = crate::stage::model_body(&stage.scheme, 2)["document"].clone();
    model["unit"] = json!("0.00");
    model
}

/// A scenario without changes is the plan, to the hash, and differs from it in nothing; from another scenario it does.
async fn same_as_the_plan(stage: &Stage, run: &Value, other: &str) {
    let officer = &stage.office.officer.client;
    let same = officer
        .post_without_key("/v1/scenarios", &stage.scenario("Uendret", json!([])))
        .await
        .expect_status(201);
    let path = format!("/v1/scenarios/{}", same.id());
    let computed =
        write(officer, reqwest::Method::POST, &format!("{path}/runs"), None).await.expect_status(200);
    assert_eq!(
        (computed.at("/outcome/inputHash"), computed.at("/outcome/resultHash")),
        (run["inputHash"].clone(), run["resultHash"].clone())
    );
    let nothing = officer.get(&format!("{path}/comparison")).await.expect_status(200);
    assert_eq!((nothing.at("/lines"), nothing.at("/recipients")), (json!([]), json!([])));
    let id = other.rsplit('/').next().expect("an id");
    let against = officer.get(&format!("{path}/comparison?with={id}")).await.expect_status(200);
    assert_eq!(against.text("/withScenarioId"), id);
    assert_eq!(against.at("/gini"), json!({ "from": "107/874", "to": "0" }));
    write(officer, reqwest::Method::DELETE, &path, None).await.expect_status(200);
}
