use std::fs;

use tempfile::TempDir;
use tildel_storage::{Backend, OpenError, StorageError, Store, StoreOptions};
use tildel_test_support::TestStore;

use crate::jobs::job;
use crate::{start, write};

fn open(url: &str) -> Result<Store, OpenError> {
    Store::open(&StoreOptions::new(url))
}

fn open_file(folder: &TempDir, name: &str) -> Result<Store, OpenError> {
    open(&format!("sqlite:{}", folder.path().join(name).display()))
}

#[test]
fn a_typo_never_creates_a_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tildel.db");
    let error = open(&format!("sqlit:{}", path.display())).unwrap_err();
    assert!(matches!(error, OpenError::UnknownScheme { .. }), "{error}");
    assert!(!path.exists());
}

#[test]
fn a_new_file_is_made_and_found_again() {
    let folder = TempDir::new().unwrap();
    let store = open_file(&folder, "tildel.db").unwrap();
    assert!(!store.migrate().unwrap().is_empty());
    drop(store);
    assert!(open_file(&folder, "tildel.db").unwrap().pending_migrations().unwrap().is_empty());
}

#[test]
fn a_missing_folder_is_named() {
    let folder = TempDir::new().unwrap();
    let error = open_file(&folder, "no/tildel.db").unwrap_err();
    assert!(matches!(&error, OpenError::MissingFolder { folder } if folder.ends_with("no")), "{error}");
    assert!(error.to_string().contains("Create it"), "{error}");
}

#[test]
fn a_folder_in_place_of_the_file_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tildel.db")).unwrap();
    let error = open_file(&folder, "tildel.db").unwrap_err();
    assert!(matches!(error, OpenError::CannotOpen { .. }), "{error}");
}

#[test]
fn a_read_only_file_or_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    drop(open_file(&folder, "tildel.db").unwrap());
    let set_read_only = |path: &std::path::Path, read_only| {
        let mut permissions = path.metadata().unwrap().permissions();
        permissions.set_readonly(read_only);
        fs::set_permissions(path, permissions).unwrap();
    };
    set_read_only(&folder.path().join("tildel.db"), true);
    let error = open_file(&folder, "tildel.db").unwrap_err();
    assert!(matches!(&error, OpenError::ReadOnly { path } if path.ends_with("tildel.db")), "{error}");
    set_read_only(folder.path(), true);
    let error = open_file(&folder, "other.db").unwrap_err();
    assert!(matches!(&error, OpenError::ReadOnly { path } if path == folder.path()), "{error}");
    set_read_only(folder.path(), false);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let text = "this is a letter, not a database. ".repeat(200);
    fs::write(folder.path().join("tildel.db"), &text).unwrap();
    let error = open_file(&folder, "tildel.db").unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("backup"), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("tildel.db")).unwrap(), text);
}

/// A page in the middle of the file is overwritten, as a broken disk does.
#[test]
fn a_damaged_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let store = open_file(&folder, "tildel.db").unwrap();
    store.migrate().unwrap();
    write(&store, |db| {
        (0..500).try_for_each(|number| tildel_storage::jobs::enqueue(db, &job(number), start()).map(drop))
    });
    drop(store);
    let path = folder.path().join("tildel.db");
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 8_192].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let error = open_file(&folder, "tildel.db").unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[test]
fn a_write_that_waits_too_long_for_another_process_is_busy() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("tildel.db").display());
    let impatient = StoreOptions { busy_timeout_ms: 20, ..StoreOptions::new(&url) };
    let (first, second) = (open(&url).unwrap(), Store::open(&impatient).unwrap());
    first.migrate().unwrap();
    let refused = first.write(|_| {
        let inner = second.write(|_| Ok::<_, StorageError>(tildel_storage::Finish::Commit(())));
        Ok::<_, StorageError>(tildel_storage::Finish::Rollback(inner))
    });
    assert!(matches!(refused, Ok(Err(StorageError::Busy(_)))), "{refused:?}");
}

#[test]
fn a_server_that_does_not_answer_is_named_without_the_password() {
    // Port 1 is reserved and nobody listens there.
    let error = open("postgres://tildel:secret@127.0.0.1:1/tildel").unwrap_err();
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:1/tildel") && !text.contains("secret"), "{text}");
}

#[cfg(not(feature = "postgres-tls"))]
#[test]
fn tls_is_refused_by_a_build_without_it() {
    for mode in ["require", "verify-ca", "verify-full"] {
        let error = open(&format!("postgres://127.0.0.1:1/tildel?sslmode={mode}")).unwrap_err();
        assert!(matches!(error, OpenError::TlsNotBuilt), "{mode}: {error}");
    }
}

#[test]
fn an_unknown_database_or_user_is_told_apart() {
    let store = TestStore::open(Backend::Postgres).unwrap();
    let (server, rest) = store.url().split_once("://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let query = path.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    let error = open(&format!("{server}://{authority}/no_such_database{query}")).unwrap_err();
    assert!(matches!(error, OpenError::MissingDatabase { .. }), "{error}");
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let error = open(&format!("{server}://no_such_user@{host}/{path}")).unwrap_err();
    assert!(matches!(error, OpenError::SignInRefused { .. }), "{error}");
}

#[test]
fn a_server_that_may_lose_commits_is_refused() {
    let durable = TestStore::open_durable(Backend::Postgres).unwrap();
    assert!(open(durable.url()).is_ok(), "the negative control: a durable server is accepted");
    let separator = if durable.url().contains('?') { '&' } else { '?' };
    let lazy = format!("{}{separator}options=-csynchronous_commit%3Doff", durable.url());
    let error = open(&lazy).unwrap_err();
    assert!(matches!(error, OpenError::NotDurable { setting: "synchronous_commit", .. }), "{error}");
    let allowed = StoreOptions { allow_unsafe_durability: true, ..StoreOptions::new(lazy) };
    assert!(Store::open(&allowed).is_ok());
}
