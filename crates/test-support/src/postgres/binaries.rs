//! Finding the programs of an installed PostgreSQL.

use std::path::{Path, PathBuf};

use crate::scratch;

/// No PostgreSQL was found on this machine.
#[derive(Debug)]
pub struct MissingPostgres;

impl std::fmt::Display for MissingPostgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "there is no PostgreSQL for the tests: install it (Debian and Ubuntu: `apt-get install postgresql`; \
             Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql`), or set PG_BIN to the folder \
             that holds its `initdb`, or set TILDEL_TEST_POSTGRES to the URL of a server on which databases may be \
             created",
        )
    }
}

impl std::error::Error for MissingPostgres {}

/// The folder with `initdb` and `pg_ctl`: `PG_BIN`, else the `PATH`, else the newest that Debian keeps out of it.
pub(super) fn find() -> Result<PathBuf, MissingPostgres> {
    let told = scratch::variable("PG_BIN").map(PathBuf::from);
    let searched = scratch::variable("PATH").unwrap_or_default();
    first_complete(told.into_iter().chain(std::env::split_paths(&searched)).chain(debian_folders()))
}

fn first_complete(mut folders: impl Iterator<Item = PathBuf>) -> Result<PathBuf, MissingPostgres> {
    folders.find(|folder| is_complete(folder)).ok_or(MissingPostgres)
}

fn is_complete(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("pg_ctl").is_file()
}

fn debian_folders() -> Vec<PathBuf> {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut numbered: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    numbered.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    numbered.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_with_both_programs_is_taken_and_none_is_an_error_that_helps() {
        let root = tempfile::tempdir().unwrap();
        let folder = |name: &str, programs: &[&str]| {
            let folder = root.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            for program in programs {
                std::fs::write(folder.join(program), "").unwrap();
            }
            folder
        };
        let half = folder("half", &["initdb"]);
        let whole = folder("whole", &["initdb", "pg_ctl"]);
        assert_eq!(first_complete([half.clone(), whole.clone()].into_iter()).unwrap(), whole);
        let error = first_complete([half].into_iter()).unwrap_err().to_string();
        assert!(
            error.contains("apt-get install postgresql") && error.contains("TILDEL_TEST_POSTGRES"),
            "{error}"
        );
    }
}
