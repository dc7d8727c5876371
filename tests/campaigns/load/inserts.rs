//! The bare minimum of a durable write: one row, inserted and committed, over and over, with the settings of the program.

use std::sync::Barrier;
use std::thread;

use anyhow::{Context, Result, anyhow};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use tildel_test_support::Backend;

use super::client::{Stretch, sample_of, time_each};
use super::sample::Sample;
use crate::program::Installation;

/// As long as a small row of the program.
const TEXT_LENGTH: usize = 200;

/// Inserts rows over some connections at the same time.
pub(super) fn measure(installation: &Installation, connections: u32, count: usize) -> Result<Sample> {
    let target = Target { backend: installation.backend(), url: installation.database_url().to_owned() };
    target.make_table()?;
    let share = count / usize::try_from(connections)?;
    let start = Barrier::new(usize::try_from(connections)?);
    let stretches: Vec<Result<Stretch>> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..connections).map(|_| scope.spawn(|| target.insert(share, &start))).collect();
        let joined = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(anyhow!("a thread that inserts stopped in the middle")))
        });
        joined.collect()
    });
    sample_of(stretches.into_iter().collect::<Result<_>>()?)
}

struct Target {
    backend: Backend,
    url: String,
}

impl Target {
    /// In PostgreSQL a table beside the program's own; in SQLite a file beside the program's, as a file has one writer.
    fn connect(&self) -> Result<Box<dyn SimpleConnection>> {
        Ok(match self.backend {
            Backend::Sqlite => {
                let path = format!("{}-bare", self.url.trim_start_matches("sqlite:"));
                let mut file = SqliteConnection::establish(&path).context("failed to open a file")?;
                file.batch_execute(
                    "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
                )?;
                Box::new(file)
            }
            Backend::Postgres => Box::new(PgConnection::establish(&self.url).context("failed to connect")?),
        })
    }

    fn make_table(&self) -> Result<()> {
        let id = match self.backend {
            Backend::Sqlite => "id integer primary key",
            Backend::Postgres => "id bigint generated always as identity primary key",
        };
        let table = format!("DROP TABLE IF EXISTS bare; CREATE TABLE bare ({id}, text text NOT NULL)");
        self.connect()?.batch_execute(&table).context("failed to make a table")
    }

    fn insert(&self, count: usize, start: &Barrier) -> Result<Stretch> {
        let begin = match self.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        };
        let text = "x".repeat(TEXT_LENGTH);
        let statement = format!("{begin}; INSERT INTO bare (text) VALUES ('{text}'); COMMIT");
        let connected = self.connect();
        // The others wait here, so a failed connection must come here too.
        start.wait();
        let mut connection = connected?;
        time_each(0..count, |_| connection.batch_execute(&statement).context("failed to insert"))
    }
}
