//! `tildel sources`: registers from files, by hand.

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tildel_register_stub::server::Server;
use tildel_register_stub::{Scene, Stub};

use crate::{Running, Setting};

const UNITS: &str = r#"[{"organisasjonsnummer":"974552124","navn":"SKOLE","organisasjonsform":{"kode":"BEDR"},"naeringskode1":{"kode":"85.201"},"overordnetEnhet":"964965137"},
    {"organisasjonsnummer":"999999999","navn":"OLA NORDMANN","organisasjonsform":{"kode":"ENK"}}]"#;

fn setting() -> Setting {
    let setting = Setting::new()
        .with("TILDEL__DATABASE__URL", "sqlite:tildel.db")
        .with("TILDEL__SECRETS__JOURNAL_KEY", "0123456789abcdef0123456789abcdef");
    setting.run_well(&["migrate"]);
    fs::write(setting.folder().join("units.json"), UNITS).unwrap();
    setting
}

/// The last line of what it says where it gives up: logs stand before it.
fn last_words(setting: &Setting, arguments: &[&str], code: i32) -> String {
    let output = setting.run(arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    text.lines().last().unwrap().to_owned()
}

#[test]
fn a_file_is_read_and_the_source_tells_of_it() {
    let setting = setting();
    let told = setting.run_well(&["sources"]);
    assert_eq!(told.lines().count(), 8);
    assert!(told.lines().all(|line| line.ends_with("never read")), "{told}");

    let fetch = [
        "sources",
        "fetch",
        "enhetsregisteret-sub-units",
        "--from",
        "units.json",
        "--as-of",
        "2026-11-20T04:00:00Z",
    ];
    assert_eq!(
        setting.run_well(&fetch),
        "enhetsregisteret-sub-units: done; 2 records read, 1 say something new, 1 of persons not kept, 0 not readable\n"
    );
    let again: Value = serde_json::from_str(&setting.run_well(&[&fetch[..], &["--json"]].concat())).unwrap();
    assert_eq!((&again["state"], &again["changed"]), (&"unchanged".into(), &0.into()));
    let listed: Value = serde_json::from_str(&setting.run_well(&["sources", "--json"])).unwrap();
    let source =
        listed.as_array().unwrap().iter().find(|source| source["name"] == "enhetsregisteret-sub-units");
    assert_eq!(source.unwrap()["dataAsOf"], "2026-11-19T04:00:00Z");
}

#[test]
fn what_is_missing_is_told() {
    let setting = setting();
    let undated =
        last_words(&setting, &["sources", "fetch", "enhetsregisteret-units", "--from", "units.json"], 1);
    assert!(
        undated.contains("the file units.json does not say of when it is: say so with --as-of"),
        "{undated}"
    );
    let unknown = last_words(&setting, &["sources", "fetch", "brreg"], 2);
    assert!(unknown.contains("take one of enhetsregisteret-units, "), "{unknown}");
    // Nobody listens there.
    let setting = setting.with("TILDEL__SOURCES__KARTVERKET_URL", "http://127.0.0.1:9/");
    let unreachable = last_words(&setting, &["sources", "fetch", "kartverket"], 1);
    assert!(
        unreachable.contains("The source kartverket was not read to its end: the connection failed"),
        "{unreachable}"
    );
    assert!(setting.run_well(&["sources"]).contains("failing (1)"));
    // Without TLS, and elsewhere.
    let setting = setting.with("TILDEL__SOURCES__KARTVERKET_URL", "http://example.org/");
    assert!(last_words(&setting, &["sources"], 2).contains("sources.kartverket_url"));
    let setting = setting.with("TILDEL__SOURCES__ALLOW_PLAIN_HTTP", "true");
    setting.run_well(&["sources"]);
    // Who reads by the clock says who it is.
    let setting = setting.with("TILDEL__SOURCES__ENABLED", "true");
    assert!(last_words(&setting, &["sources"], 2).contains("sources.contact"));
}

/// Klass from a file, then a number without files: Lilleby merged into Storby in 2020.
#[test]
fn a_municipality_is_told_by_what_was_read() {
    let setting = setting();
    let unread = last_words(&setting, &["municipality", "9001"], 1);
    assert!(unread.contains("run `tildel sources fetch klass-municipalities`"), "{unread}");
    let changes = r#"{"codeChanges":[
        {"oldCode":"9001","oldName":"Lilleby","newCode":"9003","newName":"Storby","changeOccurred":"2020-01-01"},
        {"oldCode":"9002","oldName":"Vesleby","newCode":"9003","newName":"Storby","changeOccurred":"2020-01-01"}]}"#;
    fs::write(setting.folder().join("changes.json"), changes).unwrap();
    let fetch = [
        "sources",
        "fetch",
        "klass-municipalities",
        "--from",
        "changes.json",
        "--as-of",
        "2026-11-20T04:00:00Z",
    ];
    setting.run_well(&fetch);
    let told = setting.run_well(&["municipality", "9001", "--as-of", "2024-06-01", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["is"][0]["number"], &told["became"][0]["kind"]), (&"9003".into(), &"merged".into()));
    let unknown = last_words(&setting, &["municipality", "9999"], 1);
    assert!(unknown.contains("does not occur in what was read"), "{unknown}");
}

/// Reading by the clock is off where nothing is said; who asks over HTTP is served all the same.
#[test]
fn who_asks_is_served_though_the_clock_reads_nothing() {
    let made: Timestamp = "2026-11-01T03:00:00Z".parse().unwrap();
    let stub = Stub::new(Scene::practice(made), || Timestamp::UNIX_EPOCH);
    let server = Server::start(move |asked, _| stub.answer(asked)).unwrap();
    let setting = setting()
        .with("TILDEL__LOG__FORMAT", "json")
        .with("TILDEL__SERVER__BIND", "127.0.0.1:0")
        .with("TILDEL__WORKER__METRICS_BIND", "")
        .with("TILDEL__SOURCES__KLASS_URL", format!("http://{}/klass/v1/", server.address()));
    let secret = setting.run_well(&["token", "create", "--role", "admin", "--name", "first admin"]);
    let mut api = Running::start(&setting, &["api"]);
    let url = api.logged("listening", "url");
    let mut worker = Running::start(&setting, &["worker"]);
    let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let asked = client.post(format!("{url}/v1/sources/klass-counties/fetches")).bearer_auth(secret.trim());
    assert_eq!(asked.send().unwrap().status(), 202);
    assert_eq!(worker.logged("job ended", "result"), "done", "{}", worker.log());
    assert!(setting.run_well(&["sources"]).contains("klass-counties              good"));
}
