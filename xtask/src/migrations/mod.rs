//! Lint of the migrations: the same ones for both databases, each with a way back, and none that an old version of
//! the program running beside it could not survive.

mod rules;
mod sql;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::house;
use crate::steps::Done;
use crate::workspace::Workspace;

/// The dialect of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// One folder of migrations; a missing file is an empty text.
#[derive(Clone, Debug, Default)]
struct Migration {
    name: String,
    up: String,
    down: String,
    /// Diesel's `metadata.toml`, where `run_in_transaction = false` may stand.
    metadata: String,
}

/// The lint as a step.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    house::report(&findings(workspace)?)
}

/// A finding for each broken rule in the migrations of `storage`.
pub(crate) fn findings(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root().join("crates/storage/migrations");
    let sqlite = read_all(&folder.join(Database::Sqlite.folder()))?;
    let postgres = read_all(&folder.join(Database::Postgres.folder()))?;
    Ok(lint(&sqlite, &postgres))
}

fn read_all(folder: &Path) -> Result<Vec<Migration>> {
    let mut migrations = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("failed to read {}", folder.display()))?.path();
        let read = |file: &str| fs::read_to_string(path.join(file)).unwrap_or_default();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (up, down, metadata) = (read("up.sql"), read("down.sql"), read("metadata.toml"));
        migrations.push(Migration { name, up, down, metadata });
    }
    migrations.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(migrations)
}

/// The whole lint, without reading files.
fn lint(sqlite: &[Migration], postgres: &[Migration]) -> Vec<String> {
    let mut findings = Vec::new();
    for (ours, theirs, database) in
        [(sqlite, postgres, Database::Sqlite), (postgres, sqlite, Database::Postgres)]
    {
        for migration in ours {
            let found = match theirs.iter().find(|other| other.name == migration.name) {
                None => vec!["has no counterpart for the other database".to_owned()],
                Some(other) if database == Database::Sqlite => tables_differ(migration, other),
                Some(_) => Vec::new(),
            };
            let broken = found.into_iter().chain(rules::findings(migration, database));
            findings.extend(broken.map(|rule| format!("{}/{}: {rule}", database.folder(), migration.name)));
        }
    }
    findings
}

fn tables_differ(sqlite: &Migration, postgres: &Migration) -> Vec<String> {
    let (left, right) = (rules::added_tables(&sqlite.up), rules::added_tables(&postgres.up));
    let differing = left.symmetric_difference(&right);
    differing.map(|table| format!("the table {table} is created for one database only")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(name: &str, up: &str, down: &str) -> Migration {
        Migration { name: name.to_owned(), up: up.to_owned(), down: down.to_owned(), metadata: String::new() }
    }

    #[test]
    fn a_good_pair_passes() {
        let sqlite =
            [migration("1_a", "create table a (id text not null primary key) strict;", "drop table a;")];
        let postgres = [migration(
            "1_a",
            "create table a (id uuid not null primary key); create index a_idx on a (id);",
            "drop table a;",
        )];
        assert_eq!(lint(&sqlite, &postgres), Vec::<String>::new());
    }

    #[test]
    fn a_migration_without_counterpart_is_found_on_either_side() {
        let one = [migration("1_a", "create view a as select 1;", "drop view a;")];
        assert_eq!(lint(&one, &[]), ["sqlite/1_a: has no counterpart for the other database"]);
        assert_eq!(lint(&[], &one), ["postgres/1_a: has no counterpart for the other database"]);
    }

    #[test]
    fn a_table_on_one_database_only_is_found() {
        let sqlite = [migration("1_a", "create table a (id text) strict;", "drop table a;")];
        let postgres = [migration("1_a", "create table b (id uuid);", "drop table b;")];
        assert_eq!(lint(&sqlite, &postgres).len(), 2);
    }

    #[test]
    fn a_table_that_is_made_anew_is_not_added() {
        let anew =
            "create table b (id text) strict; -- contract: none\ndrop table a; alter table b rename to a;";
        let postgres = [migration("1_a", "alter table a add column c text;", "alter table a drop column c;")];
        let found = |up: &str| lint(&[migration("1_a", up, "drop table a;")], &postgres);
        let one_only = |findings: Vec<String>| {
            findings.iter().filter(|found| found.contains("one database only")).count()
        };
        assert_eq!(one_only(found(anew)), 0);
        assert_eq!(one_only(found("create table b (id text) strict; alter table b rename to a;")), 1);
    }

    #[test]
    fn an_empty_up_or_down_is_found() {
        let pair = [migration("1_a", "create view a as select 1;", "-- nothing to do\n")];
        assert_eq!(lint(&pair, &pair).len(), 2);
        let pair = [migration("1_a", "", "drop view a;")];
        assert_eq!(lint(&pair, &pair).len(), 2);
    }
}
