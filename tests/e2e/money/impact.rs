//! Impact reports.

use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::Reply;

use super::{committed, years};
use crate::stage::{Stage, kroner};

/// The newest reports of the office in a state.
async fn reports(stage: &Stage, which: &str) -> Reply {
    let officer = &stage.office.officer.client;
    officer.get(&format!("/v1/impact-reports?state={which}&sort=-createdAt")).await.expect_status(200)
}

async fn accept(stage: &Stage, report: &str) -> Reply {
    stage.call(&stage.office.officer.client, "impactReportAccept", &[report], Value::Null).await
}

fn codes(reply: &Reply, pointer: &str) -> Vec<String> {
    let reasons = reply.at(pointer);
    let reasons = reasons.as_array().expect("reasons");
    reasons.iter().map(|reason| reason["code"].as_str().expect("a code").to_owned()).collect()
}

tildel_test_support::both_backends! {
    /// Rule 8: what is decided stands; what is pre-notified moves when somebody has accepted the report, and not before.
    async fn what_is_pre_notified_moves_only_when_its_report_is_accepted(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        assert_eq!(reports(&stage, "open").await.at("/items"), json!([]));

        // 120 employees: 112 000 kroner.
        stage.headcount(&stage.lead, "2025-01-15", 120).await;
        stage.world.work().await;
        let first = reports(&stage, "open").await;
        assert_eq!(first.at("/items/0/moves").as_array().map(Vec::len), Some(1));
        let told = first.at("/items/0/moves/0");
        assert_eq!((&told["year"], &told["state"]), (&json!(2025), &json!("pre_notified")));
        assert_eq!((&told["from"], &told["to"]), (&kroner(110_000), &kroner(112_000)));
        assert_eq!(told["projectId"], grant["id"]);
        assert_eq!(codes(&first, "/items/0/moves/0/reasons"), ["headcount_changed"]);
        let now = years(&stage, &grant).await;
        assert_eq!((&now[1]["planned"], &now[1]["promised"]), (&kroner(112_000), &kroner(110_000)));
        assert_eq!(committed(&stage, 2025).await, kroner(110_000));

        // A newer run, 130 employees, takes the report's place and says all that still waits.
        stage.headcount(&stage.lead, "2025-02-15", 130).await;
        stage.world.work().await;
        let superseded = accept(&stage, &first.text("/items/0/id")).await;
        superseded.expect_problem(409, "impact_report_not_open");
        let second = reports(&stage, "open").await;
        assert_eq!(second.at("/items").as_array().map(Vec::len), Some(1));
        assert_eq!(second.at("/items/0/moves/0/from"), kroner(110_000));
        assert_eq!(second.at("/items/0/moves/0/to"), kroner(113_000));
        assert_eq!(codes(&second, "/items/0/moves/0/reasons"), ["headcount_changed", "headcount_changed"]);

        let id = second.text("/items/0/id");
        dry_run(&stage, &id).await;
        assert_eq!(years(&stage, &grant).await[1]["promised"], kroner(110_000));
        let accepted = accept(&stage, &id).await.expect_status(200);
        assert_eq!(accepted.text("/state"), "accepted");
        assert_eq!(accepted.text("/acceptedBy"), stage.office.officer.id);
        let after = years(&stage, &grant).await;
        assert_eq!(after[0]["promised"], kroner(110_000), "what is decided never moves");
        assert_eq!(after[1]["promised"], kroner(113_000));
        assert_eq!((&after[1]["promisedRunId"], &after[1]["state"]), (&accepted.at("/runId"), &json!("pre_notified")));
        assert_eq!((&after[1]["impactReportId"], &after[1]["decisionId"]), (&json!(id), &now[1]["decisionId"]));
        assert_eq!(committed(&stage, 2024).await, kroner(110_000));
        assert_eq!(committed(&stage, 2025).await, kroner(113_000));
        accept(&stage, &id).await.expect_problem(409, "impact_report_not_open");

        // The plan knows of the new promise, and has nothing more to move.
        assert_eq!(stage.world.work().await, 1);
        assert_eq!(stage.newest_run().await["input"]["projects"][0]["years"][1]["amount"], "113000.00");
        assert_eq!(reports(&stage, "open").await.at("/items"), json!([]));
        journal_tells(&stage).await;
    }

    /// A corrected count of a decided year is told as a difference, and moves nothing.
    async fn a_decided_year_tells_its_difference_and_stands(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        stage.headcount(&stage.lead, "2024-06-01", 200).await;
        stage.world.work().await;
        let run = stage.newest_run().await;
        let line = &run["plan"]["lines"][0];
        assert_eq!((&line["year"], &line["state"], &line["amount"]), (&json!(2024), &json!("decided"), &kroner(110_000)));
        assert_eq!((&line["computed"], &line["difference"]), (&kroner(120_000), &kroner(10_000)));
        // The open year after it does move: 100 000 + 200 × 100.
        let open = reports(&stage, "open").await;
        assert_eq!(open.at("/items/0/moves").as_array().map(Vec::len), Some(1));
        assert_eq!(open.at("/items/0/moves/0/to"), kroner(120_000));
        accept(&stage, &open.text("/items/0/id")).await.expect_status(200);
        let promised: Vec<_> = years(&stage, &grant).await.iter().map(|year| year["promised"].clone()).collect();
        assert_eq!(promised, [kroner(110_000), kroner(120_000)]);
    }

    /// Rule 7 and rule 12 hold for reports as for decisions: the frame holds them, and nothing unknown is promised. A year that is
    /// stopped goes to nothing.
    async fn an_accepted_report_stays_within_the_frame(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        let (officer, directorate) = (&stage.office.officer.client, &stage.directorate.client);
        let frame = stage.world.public().get("/v1/frames?year=2025").await.text("/items/0/id");
        let content = json!({ "status": "expected", "amount": kroner(111_000) });
        stage.call(directorate, "frameUpdate", &[&frame], content).await.expect_status(200);
        stage.headcount(&stage.lead, "2025-01-15", 120).await;
        stage.world.work().await;
        let open = reports(&stage, "open").await.text("/items/0/id");
        accept(&stage, &open).await.expect_problem(409, "frame_exceeded");
        assert_eq!(years(&stage, &grant).await[1]["promised"], kroner(110_000));
        assert_eq!(committed(&stage, 2025).await, kroner(110_000));

        let unknown = json!({
            "organisationId": stage.lead.organisation, "unitKind": "kindergarten", "measure": "employees",
            "date": "2025-03-15", "status": "unknown", "source": "test",
        });
        stage.call(officer, "headcountCreate", &[], unknown).await.expect_status(201);
        stage.world.work().await;
        let pending = reports(&stage, "open").await;
        assert_eq!(pending.at("/items/0/moves/0/to"), Value::Null);
        accept(&stage, &pending.text("/items/0/id")).await.expect_problem(409, "amount_pending");

        stage.renewed(2025, &[(grant["id"].as_str().expect("an id"), "stopped")]).await;
        stage.world.work().await;
        let stopped = reports(&stage, "open").await;
        assert!(codes(&stopped, "/items/0/moves/0/reasons").contains(&"renewal_changed".to_owned()));
        accept(&stage, &stopped.text("/items/0/id")).await.expect_status(200);
        assert_eq!(years(&stage, &grant).await[1]["promised"], kroner(0));
        assert_eq!(committed(&stage, 2025).await, kroner(0));
    }

    /// A payment is one effect under its key, and the plan shows what is left of the instalments.
    async fn a_payment_settles_an_instalment_once(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        let mut model = crate::stage::model_body(&stage.scheme, 2);
        model["document"]["instalments"] = json!([{ "date": "03-15", "share": "1/2" }, { "date": "09-15", "share": "50%" }]);
        let directorate = &stage.directorate.client;
        stage.call(directorate, "fundingModelPublish", &[], model.clone()).await.expect_status(201);
        let body = json!({ "grantId": grant["id"], "year": 2024, "amount": kroner(40_000), "paidOn": "2020-03-02" });
        let officer = &stage.office.officer.client;
        let send = async |body: &Value| {
            officer.send(reqwest::Method::POST, "/v1/payments", Some(body), &[("Idempotency-Key", "first")]).await
        };
        let paid = send(&body).await.expect_status(201);
        assert_eq!(send(&body).await.expect_status(201).id(), paid.id(), "the copy gets the answer of the first");
        officer.post_without_key("/v1/payments", &body).await.expect_problem(400, "idempotency_key_required");
        stage.world.work().await;
        // 40 000 of 110 000 are paid; what is left falls on the second of two.
        let run = stage.newest_run().await;
        let instalments = &run["plan"]["lines"][0]["instalments"];
        let shown: Vec<_> = instalments.as_array().expect("two").iter().map(|it| (&it["amount"], &it["paid"])).collect();
        assert_eq!(shown, [(&kroner(40_000), &json!(true)), (&kroner(70_000), &json!(false))]);
        stage.call(officer, "paymentCreate", &[], body).await.expect_status(201);
        let third = json!({ "grantId": grant["id"], "year": 2024, "amount": kroner(1), "paidOn": "2020-03-02" });
        let third = stage.call(officer, "paymentCreate", &[], third).await.expect_problem(422, "invalid_value");
        assert_eq!(third.text("/errors/0/pointer"), "/year");
        let listed = officer.get(&format!("/v1/payments?grantId={}", grant["id"].as_str().expect("an id"))).await;
        assert_eq!(listed.at("/items").as_array().map(Vec::len), Some(2));
        // Two are paid: a model with one could not be followed.
        model["document"]["version"] = json!(3);
        model["document"]["instalments"] = json!([{ "share": "1" }]);
        let refused = stage.call(directorate, "fundingModelPublish", &[], model).await.expect_problem(422, "invalid_value");
        assert_eq!(refused.text("/errors/0/pointer"), "/document/instalments");
    }
}

/// A dry run answers as the real call would.
async fn dry_run(stage: &Stage, report: &str) {
    let officer = &stage.office.officer.client;
    let path = format!("/v1/impact-reports/{report}");
    let tag = officer.get(&path).await.header("etag").expect("a tag").to_owned();
    let headers = [("If-Match", tag.as_str()), ("Idempotency-Key", "dry-acceptance")];
    let path = format!("{path}/acceptance?dryRun=true");
    let dry = officer.send(reqwest::Method::POST, &path, None, &headers).await.expect_status(200);
    assert_eq!(dry.text("/state"), "accepted");
}

/// Each step of an acceptance is in the journal.
async fn journal_tells(stage: &Stage) {
    let entries = stage.world.admin.get("/v1/journal?limit=200").await.expect_status(200);
    let mut cursor = entries.at("/nextCursor");
    let mut items = entries.at("/items").as_array().cloned().expect("entries");
    while let Some(next) = cursor.as_str() {
        let page =
            stage.world.admin.get(&format!("/v1/journal?limit=200&cursor={next}")).await.expect_status(200);
        items.extend(page.at("/items").as_array().cloned().expect("entries"));
        cursor = page.at("/nextCursor");
    }
    let count = |action: &str| items.iter().filter(|entry| entry["action"] == action).count();
    assert_eq!(count("impact_report.create"), 2);
    assert_eq!(count("impact_report.supersede"), 1);
    assert_eq!(count("impact_report.accept"), 1);
    assert_eq!(count("grant.follow_report"), 1);
}
