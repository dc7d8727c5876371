//! API and worker as processes of their own, as in production, on both databases.

use tildel_test_support::{Backend, TestStore};

use crate::embedded::get;
use crate::{Running, Setting};

#[test]
fn sqlite() {
    live_and_end(Backend::Sqlite);
}

#[test]
fn postgres() {
    live_and_end(Backend::Postgres);
}

fn live_and_end(backend: Backend) {
    // The program refuses a server that does not sync.
    let store = TestStore::open_durable(backend).unwrap();
    let setting = Setting::new()
        .with("TILDEL__DATABASE__URL", store.url())
        .with("TILDEL__SECRETS__JOURNAL_KEY", "0123456789abcdef0123456789abcdef")
        .with("TILDEL__LOG__FORMAT", "json");
    let secret = setting.run_well(&["token", "create", "--role", "admin", "--name", "first admin"]);

    let mut api = Running::start(&setting, &["api"]);
    let url = api.logged("listening", "url");
    assert_eq!(get(&format!("{url}/v1/account"), Some(secret.trim())).status(), 200);
    let ready = format!("{url}/readyz");
    let checked = setting.run_well(&["healthcheck", "--url", &ready]);
    let checked: serde_json::Value = serde_json::from_str(&checked).unwrap();
    let well =
        |check: &serde_json::Value| check["ok"].as_bool().and_then(|ok| ok.then(|| check["name"].clone()));
    let names: Vec<_> = checked["checks"].as_array().unwrap().iter().filter_map(well).collect();
    assert_eq!(names, ["database", "migrations", "queue"], "{checked}");

    let worker_setting = setting.with("TILDEL__WORKER__METRICS_BIND", free_address());
    let mut worker = Running::start(&worker_setting, &["worker"]);
    let probes = format!("http://{}", worker.logged("working", "metrics_bind"));
    assert_eq!(get(&format!("{probes}/healthz"), None).status(), 200);
    assert_eq!(get(&format!("{probes}/readyz"), None).status(), 200);
    assert!(get(&format!("{probes}/metrics"), None).text().unwrap().contains("tildel_build_info"));
    assert!(worker.stop("TERM").success());

    // A process that runs notices that the schema is not its own any more.
    store.revert_all().unwrap();
    assert_eq!(get(&ready, None).status(), 503);
    assert_eq!(get(&format!("{url}/healthz"), None).status(), 200);
    let log = api.log();
    assert!(!log.contains(secret.trim()), "the token is in the log");
    assert!(log.lines().all(|line| line.starts_with('{')), "a log line is no JSON object: {log}");
    assert!(api.stop("TERM").success());
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}
