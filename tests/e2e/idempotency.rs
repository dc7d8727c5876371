//! A thousand keys, ten copies of each at a time: a thousand effects.

use std::collections::BTreeMap;
use std::future::{Future, ready};
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use tildel_api::{ApiSettings, Check, Readiness};
use tildel_test_support::TestStore;
use tildel_tests::{Client, World};
use tildel_usecases::ambient::{SeededRandomness, SystemClock};
use tildel_usecases::{Service, ServiceParts};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::stage::organisation_number;

/// How many keys there are.
const KEYS: u32 = 1_000;
/// How many copies of each request are sent at the same time.
const COPIES: usize = 10;
/// How many keys are under way at the same time.
const AT_A_TIME: usize = 4;

/// What the copies of one request got: the answers that were given, and how many were told to wait.
struct Outcome {
    answers: Vec<String>,
    told_to_wait: usize,
}

/// Sends all copies of one request at once.
async fn send_copies(client: Client, serial: u32) -> Outcome {
    let mut copies = JoinSet::new();
    for _ in 0..COPIES {
        let client = client.clone();
        copies.spawn(async move {
            let body = serde_json::json!({
                "number": organisation_number(serial), "name": format!("Kommune {serial}"), "kind": "municipality",
                "language": "nb",
            });
            let key = format!("effect-{serial}");
            // A connection of its own: one that has rested for a while may be closed by the server just as it is used again,
            // and then a client that has a key simply tries again, which is another test than this one.
            let headers = [("Idempotency-Key", key.as_str()), ("Connection", "close")];
            client.send(Method::POST, "/v1/organisations", Some(&body), &headers).await
        });
    }
    let mut outcome = Outcome { answers: Vec::new(), told_to_wait: 0 };
    for reply in copies.join_all().await {
        if reply.status == 409 {
            // Not "exists already": the second effect was never tried.
            assert_eq!(reply.text("/code"), "idempotency_key_in_progress", "{serial}");
            assert!(reply.header("retry-after").is_some());
            outcome.told_to_wait += 1;
        } else {
            let reply = reply.expect_status(201);
            outcome.answers.push(String::from_utf8(reply.body).expect("text"));
        }
    }
    outcome
}

/// The creations of organisations that the journal tells of, by what was created.
async fn creations(admin: &Client) -> BTreeMap<String, usize> {
    let mut creations = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = admin.get(&format!("/v1/journal?limit=200{cursor}")).await.expect_status(200);
        for entry in page.at("/items").as_array().into_iter().flatten() {
            if entry["action"] == "organisation.create" {
                *creations.entry(entry["subjectId"].as_str().unwrap_or_default().to_owned()).or_default() +=
                    1;
            }
        }
        match page.at("/nextCursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return creations,
        }
    }
}

struct Ready;

impl Readiness for Ready {
    fn check(&self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + '_>> {
        Box::pin(ready(Vec::new()))
    }
}

/// Serves the same database from a service that remembers nothing, as after a restart, and asks it something.
async fn ask_after_restart<T>(world: &World, ask: impl AsyncFnOnce(String) -> T) -> T {
    let service = Service::new(ServiceParts {
        store: world.service().store().clone(),
        clock: Arc::new(SystemClock),
        // Another seed than the first service's, as ids are not to come again.
        randomness: Arc::new(SeededRandomness::new(2021)),
        journal_key: b"journal key of the tests".to_vec(),
        concurrent_calls: 2,
    });
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let settings = ApiSettings::new(Arc::new(Ready), metrics);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let stop = async move {
            let _ = stopped.await;
        };
        runtime.block_on(tildel_api::serve(listener, service, settings, stop)).expect("the server ends well");
    });
    let answer = ask(base).await;
    let _ = stop.send(());
    server.join().expect("the server ends");
    answer
}

tildel_test_support::both_backends! {
    /// Copies get the answer of the first one, or are told to wait; afterwards every key still has its answer.
    async fn a_thousand_keys_in_ten_copies_make_a_thousand_effects(store: TestStore) {
        let world = World::start(store).await;
        let mut told_to_wait = 0;
        let mut answers: BTreeMap<u32, String> = BTreeMap::new();
        let mut under_way = JoinSet::new();
        let mut serials = 1..=KEYS;
        loop {
            while under_way.len() < AT_A_TIME
                && let Some(serial) = serials.next()
            {
                let client = world.admin.clone();
                under_way.spawn(async move { (serial, send_copies(client, serial).await) });
            }
            let Some(done) = under_way.join_next().await else { break };
            let (serial, outcome) = done.expect("the copies were sent");
            assert_eq!(outcome.answers.len() + outcome.told_to_wait, COPIES);
            let first =
                outcome.answers.first().unwrap_or_else(|| panic!("all copies of {serial} were told to wait"));
            assert!(outcome.answers.iter().all(|answer| answer == first), "the copies of {serial} differ");
            answers.insert(serial, first.clone());
            told_to_wait += outcome.told_to_wait;
        }
        // Had no copy ever met another one under way, this would have tested nothing.
        assert!(told_to_wait > 0, "the copies never overlapped");

        let creations = creations(&world.admin).await;
        assert_eq!(creations.len(), KEYS as usize);
        assert!(creations.values().all(|count| *count == 1), "something was created twice");
        for answer in answers.values() {
            let answer: Value = serde_json::from_str(answer).expect("JSON");
            assert!(creations.contains_key(answer["id"].as_str().expect("an id")));
        }
        // Long after the rush each key gives the same answer, to the byte.
        for (serial, answer) in answers.iter().step_by(50) {
            let later = send_copies(world.admin.clone(), *serial).await;
            assert!(later.answers.iter().all(|again| again == answer), "{serial}");
        }
    }

    /// A key outlives the process: after a restart the copy gets the same status, place, tag and body.
    async fn keys_outlive_a_restart(store: TestStore) {
        let world = World::start(store).await;
        let body = serde_json::json!({
            "number": organisation_number(1), "name": "Kommune", "kind": "municipality", "language": "nb",
        });
        let send = async |client: &Client| {
            let reply = client
                .send(Method::POST, "/v1/organisations", Some(&body), &[("Idempotency-Key", "before")])
                .await;
            let header = |name: &str| reply.header(name).map(str::to_owned);
            (
                reply.status,
                header("location"),
                header("etag"),
                String::from_utf8(reply.body.clone()).expect("text"),
            )
        };
        let before = send(&world.admin).await;
        assert_eq!(before.0, 201);
        let secret = world.admin.secret().map(str::to_owned);
        let after = ask_after_restart(&world, async |base| send(&Client::new(&base, secret)).await).await;
        assert_eq!(after, before);
        assert_eq!(creations(&world.admin).await.len(), 1);
    }
}
