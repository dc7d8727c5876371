//! Each thing that a newcomer gets wrong ends in one sentence that says what to do.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;

use crate::setting::only_line;
use crate::{Running, Setting};

/// A user without rights, on every system that has one.
const NOBODY: u32 = 65_534;

#[test]
fn a_wrong_command() {
    let line = only_line(&Setting::new().run(&["wroker"]), 2);
    assert!(
        line.contains("'wroker'") && line.contains("'worker'") && line.contains("tildel --help"),
        "{line}"
    );
}

#[test]
fn a_missing_argument() {
    let line = only_line(&Setting::new().run(&["token", "create", "--role", "admin"]), 2);
    assert!(line.contains("--name <NAME>") && line.contains("tildel --help"), "{line}");
}

#[test]
fn an_unknown_configuration_key() {
    let line = only_line(&Setting::new().with("TILDEL__SERVER__BNID", "x").run(&[]), 2);
    assert!(line.contains("TILDEL__SERVER__BNID"), "{line}");
    assert!(line.contains("did you mean TILDEL__SERVER__BIND?"), "{line}");
}

#[test]
fn an_unknown_key_in_a_file() {
    let setting = Setting::new().with("TILDEL_CONFIG_FILE", "tildel.toml");
    fs::write(setting.folder().join("tildel.toml"), "[log]\nfromat = \"json\"\n").unwrap();
    let line = only_line(&setting.run(&[]), 2);
    assert!(
        line.contains("log.fromat (in tildel.toml)") && line.contains("did you mean log.format?"),
        "{line}"
    );
}

#[test]
fn a_damaged_database_file() {
    let setting = Setting::new();
    fs::create_dir(setting.folder().join("tildel-data")).unwrap();
    fs::write(setting.data("tildel.db"), [0xAB; 8192]).unwrap();
    let line = only_line(&setting.run(&[]), 1);
    assert!(line.contains("tildel-data/tildel.db is damaged"), "{line}");
    assert!(line.contains("backup") && line.contains("move the file away"), "{line}");
}

#[test]
fn a_taken_port() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let line = only_line(&Setting::new().with("TILDEL__SERVER__BIND", &address).run(&[]), 1);
    assert!(line.contains(&format!("{address} is taken")), "{line}");
    assert!(line.contains("TILDEL__SERVER__BIND=127.0.0.1:8081"), "{line}");
}

#[test]
fn a_data_folder_that_can_not_be_made() {
    let setting = Setting::new().with("TILDEL__DATA_DIR", "file/data");
    fs::write(setting.folder().join("file"), "not a folder").unwrap();
    let line = only_line(&setting.run(&[]), 1);
    assert!(line.contains("The data folder file/data can not be written"), "{line}");
}

#[test]
fn a_read_only_folder() {
    let setting = Setting::new();
    fs::set_permissions(setting.folder(), Permissions::from_mode(0o555)).unwrap();
    // Root may write everywhere, so that it becomes nobody; who may not be able to reach this folder's programs.
    let is_root = setting.folder().metadata().unwrap().uid() == 0;
    let copy = tempfile::tempdir().unwrap();
    let program = copy.path().join("tildel");
    fs::copy(env!("CARGO_BIN_EXE_tildel"), &program).unwrap();
    fs::set_permissions(copy.path(), Permissions::from_mode(0o755)).unwrap();
    let mut command = setting.command_of(&program, &[]);
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let line = only_line(&command.output().unwrap(), 1);
    assert!(line.contains("The data folder tildel-data can not be written (Permission denied"), "{line}");
    assert!(line.contains("TILDEL__DATA_DIR="), "{line}");
}

#[test]
fn an_unreachable_postgres() {
    let address = free_address();
    let setting =
        Setting::new().with("TILDEL__DATABASE__URL", format!("postgres://tildel:sesame@{address}/tildel"));
    let line = only_line(&setting.run(&["api"]), 1);
    assert!(line.contains(&format!("No PostgreSQL server answers at {address}/tildel")), "{line}");
    assert!(line.contains("Check the address") && !line.contains("sesame"), "{line}");
}

#[test]
fn a_missing_migration() {
    let setting = Setting::new().with("TILDEL__DATABASE__URL", "sqlite:empty.db");
    for command in ["api", "worker"] {
        let line = only_line(&setting.run(&[command]), 1);
        assert!(line.contains("Run `tildel migrate`"), "{line}");
    }
}

#[test]
fn a_missing_journal_key() {
    let setting = Setting::new().with("TILDEL__DATABASE__URL", "sqlite:tildel.db");
    setting.run_well(&["migrate"]);
    let line = only_line(&setting.run(&["api"]), 1);
    assert!(line.contains("TILDEL__SECRETS__JOURNAL_KEY_FILE"), "{line}");
}

#[test]
fn a_second_copy_on_the_same_data() {
    let setting = Setting::new();
    let mut first = Running::start(&setting, &[]);
    first.printed_until("listening on ");
    let line = only_line(&setting.run(&[]), 1);
    assert!(line.contains("Another tildel") && line.contains("TILDEL__DATA_DIR=other-data"), "{line}");
    assert!(first.stop("TERM").success());
}

#[test]
fn nobody_to_ask_for_health() {
    let url = format!("http://{}/readyz", free_address());
    let output = Setting::new().run(&["healthcheck", "--url", &url]);
    let line = only_line(&output, 1);
    assert!(line.contains(&format!("No process answers at {url}")), "{line}");
}

/// An address that nobody listens on.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}
