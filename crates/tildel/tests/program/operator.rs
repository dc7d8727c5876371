//! What the operator does at the command line.

use crate::Setting;
use crate::setting::only_line;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn on_an_empty_database() -> Setting {
    let setting = Setting::new()
        .with("TILDEL__DATABASE__URL", "sqlite:tildel.db")
        .with("TILDEL__SECRETS__JOURNAL_KEY", KEY);
    let applied = setting.run_well(&["migrate"]);
    assert!(applied.contains("applied ") && applied.ends_with("the schema is up to date\n"), "{applied}");
    setting
}

#[test]
fn migrating_twice_is_harmless() {
    let setting = on_an_empty_database();
    assert_eq!(setting.run_well(&["migrate"]), "the schema is up to date\n");
}

#[test]
fn tokens_are_made_and_shown_once() {
    let setting = on_an_empty_database();
    let secret = setting.run_well(&["token", "create", "--role", "admin", "--name", "first admin"]);
    let digits = secret.trim_end().strip_prefix("tildel_").unwrap();
    // 256 bits in hexadecimal.
    assert!(digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    let verified = setting.run_well(&["journal", "verify"]);
    // One entry for the person, one for the token.
    assert!(verified.starts_with("2 entries are whole"), "{verified}");
}

#[test]
fn tokens_for_what_does_not_exist_are_refused() {
    let setting = on_an_empty_database();
    let create = |more: &[&str]| {
        let arguments = [&["token", "create", "--name", "A"], more].concat();
        only_line(&setting.run(&arguments), 1)
    };
    assert!(create(&["--role", "king"]).contains("case_officer"), "the roles are not named");
    assert!(create(&["--role", "case_officer", "--office", "XX"]).contains("office"));
    assert!(create(&["--role", "applicant", "--organisation", "12"]).contains("nine digits"));
    // A case officer needs an office; the person that was registered for the token is undone with it.
    create(&["--role", "case_officer"]);
    let verified = setting.run_well(&["journal", "verify"]);
    assert!(verified.starts_with("0 entries are whole"), "{verified}");
}

#[test]
fn the_configuration_is_shown_without_secrets() {
    let setting = Setting::new()
        .with("TILDEL__DATABASE__URL", "postgres://tildel:sesame@db/tildel")
        .with("TILDEL__SECRETS__JOURNAL_KEY", KEY)
        .with("TILDEL__LOG__FORMAT", "json");
    let shown = setting.run_well(&["config", "check"]);
    assert!(shown.contains("url = \"postgres://tildel:********@db/tildel\""), "{shown}");
    assert!(shown.contains("format = \"json\""), "{shown}");
    assert!(!shown.contains("sesame") && !shown.contains(KEY), "{shown}");
}

#[test]
fn the_document_is_printed_whatever_the_configuration_says() {
    let printed = Setting::new().with("TILDEL__NO__SUCH", "key").run_well(&["openapi"]);
    let document: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
}

#[test]
fn an_empty_queue_lists_nothing_and_retries_nothing() {
    let setting = on_an_empty_database();
    assert_eq!(setting.run_well(&["jobs", "list", "--state", "dead"]), "");
    let line = only_line(&setting.run(&["jobs", "retry", "01890a5d-ac96-774b-bcce-b302099a8057"]), 1);
    assert!(line.contains("can not be put into the queue again"), "{line}");
    let line = only_line(&setting.run(&["jobs", "list", "--state", "asleep"]), 1);
    assert!(line.contains("ready, running, done, dead or cancelled"), "{line}");
}
