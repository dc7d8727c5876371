//! What the database itself says of its state, after the program has stopped.

use anyhow::{Context, Result, ensure};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tildel_test_support::Backend;

use crate::program::Installation;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Checks it, and says what was checked.
pub(super) fn check(installation: &Installation) -> Result<&'static str> {
    let url = installation.database_url();
    match installation.backend() {
        Backend::Sqlite => {
            let mut file = SqliteConnection::establish(url.trim_start_matches("sqlite:"))?;
            let lines: Vec<Line> = diesel::sql_query("PRAGMA integrity_check")
                .load(&mut file)
                .context("failed to check the integrity of the database")?;
            let lines: Vec<&str> = lines.iter().map(|line| line.integrity_check.as_str()).collect();
            ensure!(lines == ["ok"], "the database file is damaged: {}", lines.join("; "));
            Ok("integrity_check ok")
        }
        Backend::Postgres => {
            let mut server = PgConnection::establish(url)?;
            let left: Count = diesel::sql_query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                 AND xact_start IS NOT NULL",
            )
            .get_result(&mut server)
            .context("failed to look for open transactions")?;
            ensure!(left.count == 0, "killed processes have left {} transactions open", left.count);
            Ok("no transaction left open")
        }
    }
}
