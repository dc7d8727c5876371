//! Inputs that are not what the document says, and what they get.

use reqwest::Method;
use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::World;

use super::{organisation, raw};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Traces of what is inside: no answer may hold one.
const INTERNALS: &[&str] = &[
    "panicked",
    "stack backtrace",
    ".rs:",
    "SELECT",
    "INSERT",
    "sqlite",
    "postgres",
    "diesel",
    "RUST_",
    "/src/",
    "Err(",
];

tildel_test_support::both_backends! {
    /// Each wrong input is told with its place.
    async fn wrong_inputs_are_told_with_their_place(store: TestStore) {
        let world = World::start(store).await;
        let post = async |body: &[u8], headers: &[(&str, &str)]| {
            raw(&world, Method::POST, "/v1/offices", headers, body).await
        };

        let broken = post(b"{\n  \"key\": \"RO\",\n  oops\n}", &[JSON]).await.problem(400, "malformed_json");
        assert!(
            broken["detail"].as_str().is_some_and(|detail| detail.contains("linje 3, kolonne 3")),
            "{broken}"
        );
        post(b"", &[JSON]).await.problem(400, "malformed_json");
        post(b"{} {}", &[JSON]).await.problem(400, "malformed_json");
        post(b"{\"key\": \"\xff\"}", &[JSON]).await.problem(400, "malformed_json");

        let body = json!({ "key": "ro", "name": { "nb": "x", "sv": "x" }, "extra": 1, "address": "x", "language": "nb" });
        let invalid = post(body.to_string().as_bytes(), &[JSON]).await.problem(422, "invalid_body");
        let mut errors: Vec<(String, String)> = invalid["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect();
        errors.sort();
        let expected = [
            ("", "missing_field"),
            ("", "missing_field"),
            ("/address", "wrong_type"),
            ("/extra", "unknown_field"),
            ("/key", "unacceptable_value"),
            ("/name/sv", "unknown_field"),
        ];
        let named: Vec<(&str, &str)> =
            errors.iter().map(|(place, code)| (place.as_str(), code.as_str())).collect();
        assert!(
            expected.iter().filter(|(place, _)| !place.is_empty()).all(|wanted| named.contains(wanted)),
            "{named:?}"
        );
        assert_eq!(named.iter().filter(|(_, code)| *code == "missing_field").count(), 2, "{named:?}");

        for kind in ["text/plain", "application/xml", "application/jsonx"] {
            post(b"{}", &[("Content-Type", kind)]).await.problem(415, "unsupported_media_type");
        }
        post(b"{}", &[]).await.problem(415, "unsupported_media_type");
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        post(deep.as_bytes(), &[JSON]).await.problem(400, "malformed_json");
        // The limit is 256 KiB; one byte more is refused before it is looked at.
        let large = vec![b' '; 256 * 1024 + 1];
        post(&large, &[JSON]).await.problem(413, "body_too_large");
        post(&large[1..], &[JSON]).await.problem(400, "malformed_json");
    }

    /// Wrong paths, methods and queries.
    async fn wrong_addresses_are_told(store: TestStore) {
        let world = World::start(store).await;
        let get = async |path: &str| raw(&world, Method::GET, path, &[], b"").await;
        for path in
            ["/", "/v1", "/v1/", "/v2/rounds", "/v1/rounds/", "/v1/Rounds", "/v1/rounds/a/b/c", "/v1//rounds"]
        {
            get(path).await.problem(404, "route_not_found");
        }
        for id in ["1", "not-a-uuid", "01890a5d-ac96-774b-bcce-b302099a805", "%00", &"9".repeat(10_000)] {
            let invalid = get(&format!("/v1/rounds/{id}")).await.problem(400, "invalid_path");
            assert_eq!(invalid["errors"][0]["parameter"], "id", "{invalid}");
        }
        for (query, parameter) in [
            ("limit=201", "limit"),
            ("limit=0", "limit"),
            ("limit=ten", "limit"),
            ("cursor=abc", "cursor"),
            ("cursor=%00", "cursor"),
            ("sort=name", "sort"),
            ("kind=castle", "kind"),
            ("colour=red", "colour"),
            ("limit=1&limit=2", "limit"),
            ("number=97476067", "number"),
            ("dryRun=true", "dryRun"),
        ] {
            let invalid = get(&format!("/v1/organisations?{query}")).await.problem(400, "invalid_query");
            assert_eq!(invalid["errors"][0]["parameter"], parameter, "{query}: {invalid}");
        }
        for (method, path, allow) in [
            (Method::DELETE, "/v1/organisations", "GET, POST"),
            (Method::PATCH, "/v1/frames/01890a5d-ac96-774b-bcce-b302099a8057", "GET, PUT"),
            (Method::POST, "/v1/account", "GET"),
        ] {
            let refused = raw(&world, method, path, &[], b"").await;
            refused.problem(405, "method_not_allowed");
            assert_eq!(refused.header("allow"), allow, "{path}");
        }
        let head = raw(&world, Method::HEAD, "/v1/account", &[], b"").await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
    }

    /// Odd requests get a plain "no" and never a look inside.
    async fn odd_inputs_show_nothing_of_the_inside(store: TestStore) {
        let world = World::start(store).await;
        let long = "ø".repeat(10_000);
        let odd = [
            "\u{0}",
            "a\u{0}b",
            "\u{feff}",
            "'; DROP TABLE organisations; --",
            "${jndi:ldap://x}",
            "{{7*7}}",
            long.as_str(),
        ];
        for (text, serial) in odd.into_iter().zip(1..) {
            for field in ["number", "kind", "language", "municipalityNumber", "name"] {
                let mut changed = organisation(serial);
                changed[field] = text.into();
                let reply =
                    raw(&world, Method::POST, "/v1/organisations", &[JSON], changed.to_string().as_bytes())
                        .await;
                // A name may be odd; then it is kept as it is.
                if reply.status == 201 {
                    let body: Value = serde_json::from_str(&reply.text).expect("JSON");
                    assert_eq!((field, &body["name"]), ("name", &json!(text)));
                } else {
                    assert_plain(&reply, &format!("{field} = {text:.20}"));
                }
            }
        }
        let mut body = organisation(100);
        body["name"] = json!({ "a": [1, 2, { "b": null }] });
        for body in [body, json!(null), json!([]), json!("text"), json!(1e308), json!({ "number": i64::MAX })]
        {
            let reply =
                raw(&world, Method::POST, "/v1/organisations", &[JSON], body.to_string().as_bytes()).await;
            assert_plain(&reply, &body.to_string());
        }
        for path in [
            "/v1/organisations?number=%FF%FE",
            "/v1/organisations?%00=%00",
            "/v1/organisations?cursor=%f0%9f%92%a9",
        ] {
            assert_plain(&raw(&world, Method::GET, path, &[], b"").await, path);
        }
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        for (name, value) in [
            ("If-Match", "x"),
            ("If-Match", "W/\"1\""),
            ("If-Match", "\"1\", \"2\""),
            ("Idempotency-Key", "with space"),
            ("Accept-Language", "x;q=9.9.9,,;;"),
            ("X-Request-Id", "a b"),
            ("traceparent", "00-zz"),
            ("Range", "bytes=0-1"),
        ] {
            for path in [format!("/v1/frames/{id}"), "/v1/organisations".to_owned()] {
                let method = if path.ends_with(id) { Method::PUT } else { Method::POST };
                let reply = raw(&world, method, &path, &[JSON, (name, value)], b"{}").await;
                assert_plain(&reply, &format!("{name}: {value}"));
            }
        }
    }

    /// Problems speak the caller's language, by weight; bokmål where there is no better one.
    async fn problems_speak_the_callers_language(store: TestStore) {
        let world = World::start(store).await;
        for (accepted, spoken) in [
            ("nn", "nn"),
            ("en-GB, nb;q=0.5", "en"),
            ("de, nn;q=0.3, en;q=0.2", "nn"),
            ("de", "nb"),
            ("nb;q=0, en;q=0.1", "en"),
            ("*", "nb"),
        ] {
            let reply = raw(&world, Method::GET, "/v1/rounds/1", &[("Accept-Language", accepted)], b"").await;
            assert_eq!(reply.header("content-language"), spoken, "{accepted}");
        }
        let reply = raw(&world, Method::GET, "/v1/rounds/1", &[("X-Request-Id", "mine-42")], b"").await;
        assert_eq!(reply.header("x-request-id"), "mine-42");
        let problem = reply.problem(400, "invalid_path");
        assert_eq!((&problem["traceId"], &problem["instance"]), (&json!("mine-42"), &json!("/v1/rounds/1")));
        assert_eq!(reply.header("api-version"), "", "the version is told with successes");
    }
}

/// The answer is a client's error, well-formed, and tells nothing of the inside.
#[track_caller]
fn assert_plain(reply: &super::Answer, told: &str) {
    assert!((400..500).contains(&reply.status), "{told}: {} {}", reply.status, reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json", "{told}: {}", reply.text);
    for internal in INTERNALS {
        assert!(!reply.text.contains(internal), "{told}: {}", reply.text);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
