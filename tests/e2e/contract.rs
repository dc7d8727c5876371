//! The HTTP contract: versions, retries, pages, dry runs, limits and problems, whatever the resource.

mod health;
mod inputs;
mod pages;
mod writes;

use std::num::NonZeroU32;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::{Client, World};

use crate::props::Props;
use crate::stage::organisation_number;

/// A request that a well-behaved client would not send: any bytes as a body.
async fn raw(world: &World, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client");
    let mut request = http.request(method, format!("{}{path}", world.base)).body(body.to_vec());
    request = request.bearer_auth(world.admin.secret().expect("a token"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    Answer { status, headers, text: response.text().await.expect("a text") }
}

/// An answer to a raw request.
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Answer {
    /// Stops the test unless this is a problem with this status and code; returns its body.
    #[track_caller]
    fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body: Value = serde_json::from_str(&self.text).expect("JSON");
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], status);
        body
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

fn organisation(serial: u32) -> Value {
    json!({
        "number": organisation_number(serial), "name": format!("Kommune {serial}"), "kind": "municipality",
        "language": "nb",
    })
}

async fn create_organisation(client: &Client, serial: u32) -> String {
    client.post("/v1/organisations", &organisation(serial)).await.expect_status(201).id()
}

tildel_test_support::both_backends! {
    /// What every success carries: the contract's version, a trace, the state of the quota; a single thing its entity tag;
    /// a new thing its place.
    async fn every_success_carries_its_headers(store: TestStore) {
        let props = Props::set(store).await;
        let stage = &props.stage;
        let clients = [
            &stage.office.officer,
            &stage.office.approver,
            &stage.office.chair,
            &stage.office.member,
            &stage.lead.person,
            &stage.directorate,
        ];
        let clients: Vec<&Client> =
            clients.into_iter().map(|person| &person.client).chain([&stage.world.admin]).collect();
        for operation in stage.document.operations() {
            let request = props.request(&operation.id).expect("a request");
            let ids: Vec<&str> = request.ids.iter().map(String::as_str).collect();
            let mut success = None;
            for client in &clients {
                let reply = stage.call(client, &operation.id, &ids, request.body.clone()).await;
                if reply.status < 300 {
                    success = Some((client, reply));
                    break;
                }
            }
            // Nobody can succeed with three operations on this stage; the table of rights says which.
            let Some((client, reply)) = success else { continue };
            let told = &operation.id;
            assert_eq!(reply.header("api-version"), Some("1.0.0"), "{told}");
            for name in ["x-request-id", "ratelimit", "ratelimit-policy", "vary", "cache-control"] {
                assert!(reply.header(name).is_some_and(|value| !value.is_empty()), "{told} has no {name}");
            }
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{told}");
            if operation.takes("limit") {
                assert!(reply.at("/items").is_array(), "{told}");
                continue;
            }
            if reply.status == 202 {
                assert!(
                    reply.header("location").is_some_and(|place| place.starts_with("/v1/operations/")),
                    "{told}"
                );
                continue;
            }
            if reply.header("content-type") == Some("text/event-stream") {
                assert!(reply.body.starts_with(b"retry: "), "{told}");
                continue;
            }
            let tag = reply.header("etag").unwrap_or_else(|| panic!("{told} has no entity tag")).to_owned();
            assert!(tag.starts_with('"') && tag.ends_with('"'), "{told}: {tag} is not strong");
            if operation.method == Method::GET {
                let again = operation.call(client, &ids, &Value::Null, "", &[("If-None-Match", &tag)]).await;
                assert_eq!((again.status, again.body.len()), (304, 0), "{told}");
                assert_eq!(again.header("etag"), Some(tag.as_str()), "{told}");
                let other =
                    operation.call(client, &ids, &Value::Null, "", &[("If-None-Match", "\"0\"")]).await;
                assert_eq!(other.status, 200, "{told}");
            }
            if let Some(place) = reply.header("location") {
                assert_eq!(reply.status, 201, "{told}");
                assert!(place.starts_with("/v1/"), "{told}: {place}");
            }
        }
    }

    /// Who asks too often is told when to come back; another caller is not concerned.
    async fn a_used_up_quota_is_told(store: TestStore) {
        let world = World::start_with(store, |settings| {
            settings.burst_requests = NonZeroU32::new(20).expect("not zero");
            settings.burst_period = Duration::from_hours(1);
        })
        .await;
        let public = world.public();
        let mut left = Vec::new();
        let refused = loop {
            let reply = public.get("/v1/organisations?limit=1").await;
            if reply.status != 200 {
                break reply.expect_problem(429, "rate_limited");
            }
            left.push(reply.header("ratelimit").unwrap_or_default().to_owned());
            assert!(left.len() <= 20, "the quota is 20: {left:?}");
        };
        assert_eq!(left.len(), 20);
        assert!(left[0].contains("r=19") && left[19].contains("r=0"), "{left:?}");
        let wait: u64 = refused.header("retry-after").expect("a time").parse().expect("seconds");
        // One request in 3 600 / 20 = 180 seconds.
        assert!((1..=180).contains(&wait), "{wait}");
        assert_eq!(refused.header("ratelimit-policy"), Some("\"caller\";q=20;w=3600"));
        world.admin.get("/v1/organisations").await.expect_status(200);
        world.public().get("/healthz").await.expect_status(200);
    }
}
