//! Embedded mode: the first start, the second, and the end.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use reqwest::blocking::{Client, Response};

use crate::{Running, Setting};

#[test]
fn the_first_start_shows_the_way_and_the_second_finds_its_data() {
    let setting = Setting::new();
    let mut first = Running::start(&setting, &[]);
    let mut printed = first.printed_until("listening on ");
    let url = printed.last().unwrap().strip_prefix("listening on ").unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    printed.extend(first.printed_until("Ctrl-C stops."));
    let text = printed.join("\n");
    assert!(text.starts_with(&format!("tildel {}\n", env!("CARGO_PKG_VERSION"))), "{text}");
    assert!(text.contains("Made new data in tildel-data"), "{text}");
    assert!(text.contains(&format!("documentation of the API: {url}/docs\n")), "{text}");

    for private in ["practice-tokens.json", "practice.json", "journal.key"] {
        let mode = setting.data(private).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{private}");
    }
    let tokens = tokens(&setting);
    let roles = ["admin", "applicant", "approver", "case_officer", "chair", "directorate", "member"];
    for role in roles {
        let token = tokens.get(role).unwrap_or_else(|| panic!("no token for {role}: {:?}", tokens.keys()));
        assert!(
            text.lines().any(|line| line.starts_with(role) && line.ends_with(token)),
            "{role} is not shown"
        );
        assert_eq!(get(&format!("{url}/v1/account"), Some(token)).status(), 200, "{role}");
    }
    assert_eq!(get(&format!("{url}/v1/account"), Some("tildel_wrong")).status(), 401);

    let commands: Vec<&String> = printed.iter().filter(|line| line.trim().starts_with("curl ")).collect();
    assert_eq!(commands.len(), 3, "{text}");
    let answers: Vec<String> = commands.into_iter().map(|command| run_curl(command)).collect();
    assert!(answers[0].contains("\"years\""), "{}", answers[0]);
    assert!(answers[1].contains("\"items\""), "{}", answers[1]);
    assert!(answers[2].starts_with("%PDF-"), "the letter is no PDF file");
    assert_eq!(get(&format!("{url}/readyz"), None).status(), 200);
    assert_eq!(get(&format!("{url}/docs/"), None).status(), 200);
    assert!(get(&format!("{url}/metrics"), None).text().unwrap().contains("tildel_build_info"));
    let log = first.log();
    assert!(tokens.values().all(|token| !log.contains(token.as_str())), "a token is in the log");
    assert!(first.stop("INT").success());

    let mut second = Running::start(&setting, &["serve"]);
    let text = second.printed_until("Ctrl-C stops.").join("\n");
    assert!(text.contains("Found the data in tildel-data"), "{text}");
    assert!(tokens.values().all(|token| text.contains(token.as_str())), "{text}");
    assert!(second.stop("TERM").success());
    let verified = setting.run_well(&["journal", "verify"]);
    assert!(verified.contains("entries are whole"), "{verified}");
}

#[test]
fn a_first_start_that_was_broken_off_is_begun_anew() {
    let setting = Setting::new();
    fs::create_dir_all(setting.data("first-start")).unwrap();
    fs::write(setting.data("first-start").join("tildel.db"), "half").unwrap();
    let mut process = Running::start(&setting, &[]);
    process.printed_until("Ctrl-C stops.");
    assert!(!setting.data("first-start").exists());
    assert!(process.stop("TERM").success());
}

#[test]
fn a_stop_while_the_case_loads_leaves_nothing_behind() {
    let setting = Setting::new();
    let mut process = Running::start(&setting, &[]);
    process.in_log("the first step", |line| line.contains("practice case: 1/").then_some(()));
    assert!(process.stop("INT").success());
    assert!(!setting.data("tildel.db").exists());
}

fn tokens(setting: &Setting) -> BTreeMap<String, String> {
    serde_json::from_slice(&fs::read(setting.data("practice-tokens.json")).unwrap()).unwrap()
}

pub(crate) fn get(url: &str, token: Option<&str>) -> Response {
    let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let request = client.get(url);
    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
    request.send().unwrap()
}

/// Does what a printed curl command would do. The letter is written by the worker, which may not have come to it yet.
fn run_curl(command: &str) -> String {
    let token = command.split("Bearer ").nth(1).and_then(|rest| rest.split('"').next());
    let url =
        command.split_whitespace().map(|word| word.trim_matches('"')).find(|word| word.starts_with("http"));
    let response = get(url.unwrap(), token);
    assert_eq!(response.status(), 200, "{command}");
    String::from_utf8_lossy(&response.bytes().unwrap()).into_owned()
}
