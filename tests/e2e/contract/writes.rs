//! Writes: based on a version, safe to repeat, and without effect when dry.

use reqwest::Method;
use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::{Reply, World};

use super::organisation;
use crate::stage::{Stage, kroner, model_body};

/// How many entries the journal has, and the last one's hash: what changes when anything is written.
async fn journal(world: &World) -> (usize, Value) {
    let mut count = 0;
    let mut cursor = String::new();
    loop {
        let page = world.admin.get(&format!("/v1/journal?limit=200{cursor}")).await.expect_status(200);
        let items = page.at("/items").as_array().cloned().expect("entries");
        count += items.len();
        match page.at("/nextCursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (count, items.last().map(|entry| entry["hash"].clone()).unwrap_or_default()),
        }
    }
}

tildel_test_support::both_backends! {
    /// A write says what it is based on, and loses against one that came first.
    async fn lost_updates_are_refused(store: TestStore) {
        let stage = Stage::set(store).await;
        let frame = stage.frame(2020, kroner(100), Value::Null).await;
        let path = format!("/v1/frames/{frame}");
        let directorate = &stage.directorate.client;
        let body = |amount| json!({ "status": "decided", "amount": kroner(amount) });
        let put = async |headers: &[(&str, &str)], amount: u32| {
            directorate.send(Method::PUT, &path, Some(&body(amount)), headers).await
        };
        let first = directorate.get(&path).await.header("etag").expect("a tag").to_owned();

        put(&[], 200).await.expect_problem(428, "version_required");
        put(&[("If-Match", "*")], 200).await.expect_problem(428, "version_required");
        put(&[("If-Match", "W/\"1\"")], 200).await.expect_problem(400, "invalid_header");
        let written = put(&[("If-Match", &first)], 200).await.expect_status(200);
        let second = written.header("etag").expect("a tag").to_owned();
        assert_ne!(first, second);
        let stale = put(&[("If-Match", &first)], 300).await.expect_problem(412, "version_stale");
        // The tag of the refusal is good for the next try, after a look at what changed.
        let current = stale.header("etag").expect("the current tag").to_owned();
        assert!(current.starts_with("\"2"), "{current}");
        assert_eq!(directorate.get(&path).await.expect_status(200).at("/amount"), kroner(200));
        put(&[("If-Match", &current)], 300).await.expect_status(200);
        put(&[("If-Match", "\"foreign\"")], 400).await.expect_problem(412, "version_stale");
        assert_eq!(directorate.get(&path).await.expect_status(200).at("/amount"), kroner(300));
    }

    /// Of two who write at the same time, based on the same version, one wins and one is told.
    async fn of_two_writers_one_wins(store: TestStore) {
        let stage = Stage::set(store).await;
        let frame = stage.frame(2020, kroner(100), Value::Null).await;
        let path = format!("/v1/frames/{frame}");
        for round in 0..10_u32 {
            let tag = stage.directorate.client.get(&path).await.header("etag").expect("a tag").to_owned();
            let mut writers = tokio::task::JoinSet::new();
            for writer in 0..4_u32 {
                let (client, path, tag) = (stage.directorate.client.clone(), path.clone(), tag.clone());
                let body = json!({ "status": "decided", "amount": kroner(1_000 * (round + 1) + writer) });
                writers.spawn(async move {
                    client.send(Method::PUT, &path, Some(&body), &[("If-Match", &tag)]).await.status
                });
            }
            let mut statuses = writers.join_all().await;
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412, 412, 412]);
        }
    }

    /// A key is good for one request of one caller: its copies get the same answer, another request is refused.
    async fn keys_repeat_answers(store: TestStore) {
        let stage = Stage::set(store).await;
        let officer = &stage.office.officer.client;
        let post = async |client: &tildel_tests::Client, path: &str, body: &Value, key: &str| {
            client.send(Method::POST, path, Some(body), &[("Idempotency-Key", key)]).await
        };
        let key = "a-key-of-my-own";
        let first = post(officer, "/v1/organisations", &organisation(1), key).await.expect_status(201);
        let copy = post(officer, "/v1/organisations", &organisation(1), key).await;
        assert_eq!(essence(&first), essence(&copy));
        post(officer, "/v1/organisations", &organisation(2), key)
            .await
            .expect_problem(422, "idempotency_key_reused");
        let headcount = json!({
            "organisationId": first.id(), "unitKind": "kindergarten", "measure": "employees", "date": "2020-01-01",
            "status": "unknown", "source": "test",
        });
        post(officer, "/v1/headcounts", &headcount, key).await.expect_problem(422, "idempotency_key_reused");
        // A refused request leaves its key free for the mended one.
        let taken = post(officer, "/v1/organisations", &organisation(1), "another").await;
        taken.expect_problem(409, "already_exists");
        post(officer, "/v1/organisations", &organisation(3), "another").await.expect_status(201);
        // Another caller's key is another key.
        let other = post(&stage.other.officer.client, "/v1/organisations", &organisation(4), key)
            .await
            .expect_status(201);
        assert_ne!(other.id(), first.id());

        for bad in ["", &"k".repeat(129), "with space"] {
            post(officer, "/v1/organisations", &organisation(5), bad)
                .await
                .expect_problem(400, "idempotency_key_invalid");
        }
        let frame = json!({ "officeId": stage.office.id, "schemeId": stage.scheme, "year": 2020, "status": "expected" });
        let missing = stage.directorate.client.post_without_key("/v1/frames", &frame).await;
        missing.expect_problem(400, "idempotency_key_required");
        let token = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "x" });
        post(&stage.world.admin, "/v1/access-tokens", &token, key)
            .await
            .expect_problem(400, "idempotency_key_not_accepted");
    }

    /// A dry run answers as the real call does, apart from the effect that it tells, and stores nothing: no thing, no entry, no job, no kept key.
    async fn dry_runs_store_nothing(store: TestStore) {
        let stage = Stage::set(store).await;
        let directorate = &stage.directorate.client;
        stage.world.work().await;
        let frame = json!({
            "officeId": stage.office.id, "schemeId": stage.scheme, "year": 2020, "status": "decided",
            "amount": kroner(10_000_000), "places": 1,
        });
        for (path, body) in [("/v1/frames", frame), ("/v1/funding-models", model_body(&stage.scheme, 2))] {
            let before = journal(&stage.world).await;
            let send = async |query: &str| {
                let headers = [("Idempotency-Key", path)];
                directorate.send(Method::POST, &format!("{path}{query}"), Some(&body), &headers).await
            };
            let dry = send("?dryRun=true").await.expect_status(201);
            assert_eq!(journal(&stage.world).await, before, "{path}");
            assert_eq!(stage.world.work().await, 0, "{path} left a job");
            directorate.get(dry.header("location").expect("a place")).await.expect_problem(404, "not_found");
            // The dry run did not use the key up, either.
            let real = send("").await.expect_status(201);
            assert_eq!(without_id(&dry), without_id(&real), "{path}");
            assert_eq!(journal(&stage.world).await.0, before.0 + 1, "{path}");
            stage.world.work().await;
        }
        approvals_too(&stage).await;
    }
}

/// An approval moves money, so it has a dry run, too: it refuses what the real one refuses, and grants nothing.
async fn approvals_too(stage: &Stage) {
    let met = stage.recommended(2020, &[&stage.lead]).await;
    let decision = stage.proposed_decision(Stage::award(&met, 2020)).await;
    let before = journal(&stage.world).await;
    let operation = stage.document.operation("decisionApprove");
    let tag = stage.tag(&operation.resource(&[&decision])).await;
    let dry = stage
        .office
        .approver
        .client
        .send(
            Method::POST,
            &format!("{}?dryRun=true", operation.at(&[&decision])),
            None,
            &[("If-Match", &tag), ("Idempotency-Key", "dry-approval")],
        )
        .await
        .expect_status(200);
    assert_eq!(dry.text("/state"), "approved");
    assert_eq!(journal(&stage.world).await, before);
    assert!(stage.grants(&met.round).await.is_empty(), "a dry run grants nothing");
    let real = stage.call(&stage.office.approver.client, "decisionApprove", &[&decision], Value::Null).await;
    // The dry run tells the effect besides; the real call has it.
    assert!(!dry.at("/effect").is_null() && real.at("/effect").is_null());
    let mut told = dry.json();
    told["effect"] = Value::Null;
    assert_eq!((dry.status, told), (real.status, real.json()));
    assert_eq!(stage.grants(&met.round).await.len(), 1);
}

/// What a replay repeats: status, body, entity tag and place.
fn essence(reply: &Reply) -> (u16, String, Option<String>, Option<String>) {
    let header = |name: &str| reply.header(name).map(str::to_owned);
    (reply.status, String::from_utf8_lossy(&reply.body).into_owned(), header("etag"), header("location"))
}

fn without_id(reply: &Reply) -> Value {
    let mut body = reply.json();
    body.as_object_mut().expect("an object").remove("id");
    body
}
