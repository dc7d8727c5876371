//! Which address is answered by whom.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fault::{Fault, Faults};
use crate::scene::{Employees, Scene};
use crate::server::{Asked, Reply};
use crate::udir::Register;
use crate::{enhetsregisteret, klass, udir};

/// All registers, on one scene.
pub struct Stub {
    scene: Mutex<Scene>,
    faults: Faults,
    now: fn() -> Timestamp,
}

impl Stub {
    /// Answers from a scene; `now` dates what is changed while it runs.
    pub fn new(scene: Scene, now: fn() -> Timestamp) -> Self {
        Self { scene: Mutex::new(scene), faults: Faults::default(), now }
    }

    /// What a request is answered with.
    pub fn answer(&self, asked: &Asked) -> Reply {
        let (faults, path) = match self.faults.of(&asked.path) {
            Ok(found) => found,
            Err(unknown) => return problem(404, &format!("there is no fault {unknown}")),
        };
        let reply = self.route(asked, path, faults.contains(&Fault::Disorder));
        faults.into_iter().fold(reply, |reply, fault| fault.spoil(reply))
    }

    fn route(&self, asked: &Asked, path: &str, mixed: bool) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (plain(key), plain(value)))
            .collect();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let mut scene = self.scene.lock().unwrap_or_else(PoisonError::into_inner);
        match (asked.method.as_str(), parts.as_slice()) {
            ("POST", ["stub", "units", number]) => {
                let changed = serde_json::from_slice(&asked.body)
                    .map_err(|error| error.to_string())
                    .and_then(|wish| scene.change(number, &wish, (self.now)()));
                changed.map_or_else(|wrong| problem(400, &wrong), |entry| Reply::json(entry.to_string()))
            }
            ("GET" | "HEAD", ["stub", "units"]) => Reply::json(listed(&scene).to_string()),
            ("GET" | "HEAD", ["enhetsregisteret", "api", rest @ ..]) => {
                enhetsregisteret::answer(&scene, asked, rest, &query, mixed)
            }
            ("GET" | "HEAD", ["nsr", "v4", rest @ ..]) => {
                udir::answer(&scene, Register::Schools, rest, &query)
            }
            ("GET" | "HEAD", ["nbr", "v4", rest @ ..]) => {
                udir::answer(&scene, Register::Kindergartens, rest, &query)
            }
            ("GET" | "HEAD", ["klass", "v1", rest @ ..]) => klass::answer(asked, rest, &query),
            ("GET" | "HEAD", ["kommuneinfo", "v1", rest @ ..]) => klass::names(rest),
            ("GET" | "HEAD", ["pxweb", "v2", rest @ ..]) => klass::table(&scene, rest),
            _ => problem(404, "nothing is here; see the README of the stub"),
        }
    }
}

fn problem(status: u16, what: &str) -> Reply {
    let mut reply = Reply::json(json!({ "error": what }).to_string());
    reply.status = status;
    reply
}

fn listed(scene: &Scene) -> Value {
    let units = scene.units.values().map(|unit| {
        let employees = match unit.employees {
            Employees::Shown(count) => json!(count),
            Employees::Withheld => json!("withheld"),
            Employees::None => json!("none"),
        };
        json!({"number": unit.number, "name": unit.name, "owner": unit.owner, "employees": employees})
    });
    units.collect()
}

/// Text of a query: percent signs and plus signs resolved.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *first == b'%');
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stub() -> Stub {
        let scene = Scene::practice(Timestamp::UNIX_EPOCH).with_synthetic(300, 1_000, 7);
        Stub::new(scene, || "2026-11-27T12:00:00Z".parse().unwrap())
    }

    fn get(stub: &Stub, path: &str) -> (u16, Value) {
        let headers = vec![("accept".to_owned(), "application/json".to_owned())];
        let reply =
            stub.answer(&Asked { method: "GET".into(), path: path.into(), headers, ..Asked::default() });
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
    }

    fn post(stub: &Stub, path: &str, body: &str) -> (u16, Value) {
        let asked = Asked { method: "POST".into(), path: path.into(), body: body.into(), ..Asked::default() };
        let reply = stub.answer(&asked);
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    #[test]
    fn a_change_is_told_by_the_feed_and_shown_by_all_registers() {
        let stub = stub();
        let (_, units) = get(&stub, "/stub/units");
        let kindergarten =
            units.as_array().unwrap().iter().find(|unit| unit["name"] == "KLEPP SOLBAKKEN BARNEHAGE");
        let number = kindergarten.unwrap()["number"].as_str().unwrap().to_owned();
        let before =
            get(&stub, "/enhetsregisteret/api/oppdateringer/underenheter?oppdateringsid=25000000&size=10000")
                .1;
        let last = before["_embedded"]["oppdaterteUnderenheter"].as_array().unwrap().last().unwrap()["oppdateringsid"].as_i64();
        let (status, entry) = post(&stub, &format!("/stub/units/{number}"), r#"{"employees": 27}"#);
        assert_eq!((status, entry["oppdateringsid"].as_i64()), (200, last.map(|last| last + 1)));
        let next = format!(
            "/enhetsregisteret/api/oppdateringer/underenheter?oppdateringsid={}",
            entry["oppdateringsid"]
        );
        let fed = get(&stub, &next).1;
        assert_eq!(fed["_embedded"]["oppdaterteUnderenheter"][0]["organisasjonsnummer"], number.as_str());
        let (_, unit) = get(&stub, &format!("/enhetsregisteret/api/underenheter/{number}"));
        assert_eq!((&unit["antallAnsatte"], &unit["kommune"]), (&json!(27), &Value::Null));
        let (_, unit) = get(&stub, &format!("/nbr/v4/enhet/{number}"));
        assert_eq!(
            (&unit["AntallAnsatte"], &unit["Navn"]),
            (&json!(27), &json!("Klepp Solbakken Barnehage"))
        );
        assert_eq!(get(&stub, &format!("/nsr/v4/enhet/{number}")).0, 404, "a kindergarten is no school");
        assert_eq!(get(&stub, &format!("/enhetsregisteret/api/enheter/{number}")).0, 404, "nor a head unit");
        assert_eq!(post(&stub, &format!("/stub/units/{number}"), r#"{"removed": true}"#).0, 200);
        assert_eq!(get(&stub, &format!("/enhetsregisteret/api/underenheter/{number}")).0, 410);
        assert_eq!(post(&stub, &format!("/stub/units/{number}"), r#"{"colour": 1}"#).0, 400);
        assert_eq!(post(&stub, "/stub/units/1", "{}").0, 400);
    }

    #[test]
    fn disorder_gives_what_order_gives_and_more() {
        let stub = stub();
        let ids = |prefix: &str, first: i64| -> Vec<i64> {
            let path = format!(
                "{prefix}/enhetsregisteret/api/oppdateringer/underenheter?oppdateringsid={first}&size=100"
            );
            let page = get(&stub, &path).1;
            let entries = page["_embedded"]["oppdaterteUnderenheter"].as_array().unwrap().clone();
            entries.iter().map(|entry| entry["oppdateringsid"].as_i64().unwrap()).collect()
        };
        let first = ids("", 0)[99];
        let (ordered, mixed) = (ids("", first), ids("/fault/disorder", first));
        assert!(ordered.is_sorted() && ordered[0] == first, "the id itself is counted in");
        assert!(!mixed.is_sorted());
        assert!(ordered.iter().all(|id| mixed.contains(id)));
        assert!(mixed.len() > 110 && mixed.iter().any(|id| *id < first));
    }

    #[test]
    fn quirks_are_kept() {
        let stub = stub();
        let (_, empty) = get(&stub, "/enhetsregisteret/api/enheter?organisasjonsnummer=999999999");
        assert!(empty.get("_embedded").is_none() && empty["page"]["totalElements"] == 0);
        assert_eq!(get(&stub, "/enhetsregisteret/api/enheter?page=100&size=100").0, 400, "beyond the window");
        assert_eq!(
            get(&stub, "/enhetsregisteret/api/oppdateringer/enheter?dato=2026-11-01T00:00:00%2B01:00").0,
            400
        );
        let (_, changes) = get(&stub, "/klass/v1/classifications/131/changes?from=2020-01-01&to=2024-01-01");
        assert_eq!(changes["codeChanges"].as_array().unwrap().len(), 6, "`to` is exclusive");
        assert_eq!(plain("a%2Bb+c%C3%A5%4"), "a+b cå%4");
    }
}
