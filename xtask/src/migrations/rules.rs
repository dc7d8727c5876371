//! The rules a migration must keep.
//!
//! Production migrates while the version before is still serving, so a migration expands: it may not take away what
//! that version reads, nor hold a table for as long as a scan takes. What contracts comes in a later release and says
//! so by a comment `-- contract: why` before the statement.

use std::collections::BTreeSet;

use super::sql::{Statement, statements};
use super::{Database, Migration};

/// Functions whose values differ by row or by moment. Time and ids are given by the application.
const CHANGING: &[&str] = &[
    "CLOCK_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATETIME",
    "GEN_RANDOM_UUID",
    "NOW",
    "RANDOM",
    "RANDOMBLOB",
    "STATEMENT_TIMESTAMP",
    "STRFTIME",
    "TRANSACTION_TIMESTAMP",
    "UNIXEPOCH",
    "UUIDV7",
    "UUID_GENERATE_V4",
];

/// The rules that one migration breaks.
pub(super) fn findings(migration: &Migration, database: Database) -> Vec<String> {
    let up = statements(&migration.up);
    let mut findings = Vec::new();
    if up.is_empty() {
        findings.push("up.sql is missing or does nothing".to_owned());
    }
    if statements(&migration.down).is_empty() {
        findings.push("down.sql is missing or does nothing".to_owned());
    }
    let in_transaction = !migration.metadata.replace(' ', "").contains("run_in_transaction=false");
    let mut new_tables = BTreeSet::new();
    for statement in &up {
        new_tables.extend(created_table(statement));
        let broken = [
            contracts(statement, &new_tables),
            changing_default(statement),
            column_without_value(statement, &new_tables),
            loose_table(statement, database),
            blocking_index(statement, database, &new_tables, in_transaction),
            blocking_constraint(statement, database, &new_tables),
        ];
        findings.extend(broken.into_iter().flatten());
    }
    findings
}

/// The tables that a script adds to the database, in upper case. One that is made anew under another name, because SQLite changes no column, takes
/// the place of an old one and is not added.
pub(super) fn added_tables(script: &str) -> BTreeSet<String> {
    let statements = statements(script);
    let mut added: BTreeSet<String> = statements.iter().filter_map(created_table).collect();
    let dropped: BTreeSet<String> =
        statements.iter().filter_map(|statement| name_after(statement, &["DROP", "TABLE"])).collect();
    for statement in &statements {
        let Some(made) = altered_table(statement) else { continue };
        let renamed = statement.words.iter().position(|word| word == "RENAME");
        let name = renamed.and_then(|place| statement.words.get(place + 2));
        if name.is_some_and(|name| dropped.contains(name)) {
            added.remove(&made);
        }
    }
    added
}

fn created_table(statement: &Statement) -> Option<String> {
    name_after(statement, &["CREATE", "TABLE"])
}

fn altered_table(statement: &Statement) -> Option<String> {
    name_after(statement, &["ALTER", "TABLE"])
}

fn name_after(statement: &Statement, beginning: &[&str]) -> Option<String> {
    if !statement.begins(beginning) {
        return None;
    }
    let mut words = statement.words[beginning.len()..].iter();
    words.find(|word| !matches!(word.as_str(), "IF" | "NOT" | "EXISTS" | "ONLY")).cloned()
}

fn contracts(statement: &Statement, new_tables: &BTreeSet<String>) -> Option<String> {
    if statement.comments.contains("-- contract:") {
        return None;
    }
    let dropped = name_after(statement, &["DROP", "TABLE"]);
    let altered = altered_table(statement);
    let is_new = |table: &Option<String>| table.as_ref().is_some_and(|table| new_tables.contains(table));
    let drops_table = dropped.is_some() && !is_new(&dropped);
    let takes_away = altered.is_some() && !is_new(&altered) && changes_columns(statement);
    (drops_table || takes_away || statement.begins(&["TRUNCATE"])).then(|| {
        format!(
            "`{}` contracts: leave it to a later release and say `-- contract: why`",
            beginning(statement)
        )
    })
}

/// Drops, renames or retypes a column, or makes it mandatory. Dropping a constraint or a default only loosens.
fn changes_columns(statement: &Statement) -> bool {
    let loosens = |word: &str| matches!(word, "CONSTRAINT" | "NOT" | "DEFAULT" | "IDENTITY" | "EXPRESSION");
    let drops = statement.words.windows(2).any(|pair| pair[0] == "DROP" && !loosens(&pair[1]));
    let retypes = statement.has(&["ALTER", "COLUMN"]) && statement.words.iter().any(|word| word == "TYPE");
    drops
        || retypes
        || statement.words.iter().any(|word| word == "RENAME")
        || statement.has(&["SET", "NOT", "NULL"])
}

fn changing_default(statement: &Statement) -> Option<String> {
    let defaults = statement.words.split(|word| word == "DEFAULT").skip(1);
    let values = defaults.flat_map(|after| after.iter().take_while(|word| *word != ","));
    let function = values.into_iter().find(|word| CHANGING.contains(&word.as_str()))?;
    Some(format!("the default {function} changes by row or moment: the application gives time and ids"))
}

fn column_without_value(statement: &Statement, new_tables: &BTreeSet<String>) -> Option<String> {
    let table = altered_table(statement).filter(|table| !new_tables.contains(table))?;
    let mut actions = statement.words.split(|word| word == ",");
    let adds_mandatory = |action: &[String]| {
        let has = |phrase: &[&str]| action.windows(phrase.len()).any(|window| window == phrase);
        has(&["ADD"]) && !has(&["ADD", "CONSTRAINT"]) && has(&["NOT", "NULL"]) && !has(&["DEFAULT"])
    };
    actions
        .any(adds_mandatory)
        .then(|| format!("a NOT NULL column without default cannot be added to {table}"))
}

fn loose_table(statement: &Statement, database: Database) -> Option<String> {
    let table = created_table(statement).filter(|_| database == Database::Sqlite)?;
    let options = statement.words.rsplit(|word| word == ")").next().unwrap_or_default();
    (!options.iter().any(|word| word == "STRICT")).then(|| format!("the table {table} is not STRICT"))
}

fn blocking_index(
    statement: &Statement,
    database: Database,
    new_tables: &BTreeSet<String>,
    in_transaction: bool,
) -> Option<String> {
    let creates = statement.begins(&["CREATE", "INDEX"]) || statement.begins(&["CREATE", "UNIQUE", "INDEX"]);
    if database == Database::Sqlite || !creates {
        return None;
    }
    let mut words = statement.words.iter().skip_while(|word| *word != "ON").skip(1);
    let table = words.find(|word| *word != "ONLY")?;
    let concurrently = statement.words.iter().any(|word| word == "CONCURRENTLY");
    match (concurrently, new_tables.contains(table)) {
        (false, false) => Some(format!("an index on the existing table {table} must be made CONCURRENTLY")),
        (true, _) if in_transaction => {
            Some("CONCURRENTLY needs `run_in_transaction = false` in metadata.toml".to_owned())
        }
        _ => None,
    }
}

fn blocking_constraint(
    statement: &Statement,
    database: Database,
    new_tables: &BTreeSet<String>,
) -> Option<String> {
    let table = altered_table(statement).filter(|table| !new_tables.contains(table))?;
    let scans = statement.has(&["ADD", "CONSTRAINT"]) && !statement.has(&["USING", "INDEX"]);
    let blocking = database == Database::Postgres && scans && !statement.has(&["NOT", "VALID"]);
    blocking.then(|| {
        format!("a constraint on the existing table {table} must be added NOT VALID and validated apart")
    })
}

fn beginning(statement: &Statement) -> String {
    statement.words.iter().take(6).cloned().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(database: Database, up: &str, metadata: &str) -> Vec<String> {
        let (up, down, metadata) = (up.to_owned(), "drop view v;".to_owned(), metadata.to_owned());
        findings(&Migration { name: "1_a".to_owned(), up, down, metadata }, database)
    }

    #[test]
    fn each_broken_rule_is_found_once() {
        use Database::{Postgres, Sqlite};
        for (database, up, expected) in [
            (Postgres, "drop table grants;", "contracts"),
            (Sqlite, "alter table grants drop column note;", "contracts"),
            (Postgres, "alter table grants drop note;", "contracts"),
            (Postgres, "alter table grants rename column a to b;", "contracts"),
            (Postgres, "alter table grants alter column a type bigint;", "contracts"),
            (Postgres, "alter table grants alter column a set not null;", "contracts"),
            (Postgres, "truncate grants;", "contracts"),
            (Postgres, "alter table g add column at timestamptz default now();", "NOW changes"),
            (Postgres, "create table g (id uuid default gen_random_uuid());", "GEN_RANDOM_UUID changes"),
            (Sqlite, "create table g (at text default (strftime('%s'))) strict;", "STRFTIME changes"),
            (Postgres, "alter table g add column a bigint not null;", "NOT NULL column"),
            (Sqlite, "create table g (at text);", "not STRICT"),
            (Postgres, "create index i on g (a);", "CONCURRENTLY"),
            (Postgres, "create unique index i on only g (a);", "existing table G"),
            (Postgres, "create index concurrently i on g (a);", "run_in_transaction"),
            (Postgres, "alter table g add constraint c check (a > 0);", "NOT VALID"),
        ] {
            let found = found(database, up, "");
            assert_eq!(found.len(), 1, "{up}: {found:?}");
            assert!(found[0].contains(expected), "{up}: {found:?}");
        }
    }

    #[test]
    fn what_keeps_the_rules_passes() {
        use Database::{Postgres, Sqlite};
        for (database, up, metadata) in [
            (Postgres, "-- contract: unused since 0.3\nalter table grants drop column note;", ""),
            (
                Postgres,
                "create table g (a bigint); create index i on g (a); alter table g drop column a;",
                "",
            ),
            (Postgres, "create index concurrently i on g (a);", "run_in_transaction = false"),
            (Postgres, "alter table g add column a bigint not null default 0;", ""),
            (Postgres, "alter table g add constraint c check (a is not null) not valid;", ""),
            (Postgres, "alter table g drop constraint c;", ""),
            (Postgres, "alter table g alter column a drop not null;", ""),
            (
                Sqlite,
                "create table if not exists g (a text not null, primary key (a)) strict, without rowid;",
                "",
            ),
            (Sqlite, "create index i on g (a);", ""),
            (Sqlite, "insert into g values ('drop table x; default now()');", ""),
        ] {
            assert_eq!(found(database, up, metadata), Vec::<String>::new(), "{up}");
        }
    }
}
