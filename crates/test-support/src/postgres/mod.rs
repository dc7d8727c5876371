//! PostgreSQL for tests: which server, the migrated template, and a clone per test.

mod account;
mod binaries;
mod cluster;

use anyhow::{Context, Result};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use tildel_storage::Store;

pub use binaries::MissingPostgres;
pub(crate) use cluster::ClusterKind;

use crate::random::fresh_u64;
use crate::scratch;
use crate::store::options;

/// The lock under which one process makes the template while the others wait. Any constant serves.
const TEMPLATE_LOCK: i64 = 0x7469_6c64;

/// A database that one test owns.
pub(crate) struct Database {
    server_url: String,
    name: String,
    url: String,
}

impl Database {
    /// Clones the migrated template, making it first if it is missing.
    pub(crate) fn clone_template(kind: ClusterKind) -> Result<Self> {
        let (mut server, server_url) = connect(kind)?;
        let template = ensure_template(&mut server, &server_url)?;
        let name = format!("tildel_test_{:016x}", fresh_u64());
        server
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .with_context(|| format!("failed to clone {template}"))?;
        let url = with_database(&server_url, &name);
        Ok(Self { server_url, name, url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// Drops a test's database, and any connection that its application left open.
pub(crate) fn drop_database(database: &Database) -> Result<()> {
    let mut server = PgConnection::establish(&database.server_url).context("failed to reach the server")?;
    server.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name))?;
    Ok(())
}

/// The URL of the server that tests use; starts the private cluster if it is needed and not up.
///
/// # Errors
/// [`MissingPostgres`] where nothing is installed; otherwise what failed on the way.
pub fn server_url() -> Result<String> {
    connect(ClusterKind::Quick).map(|(_, url)| url)
}

/// Stops the private clusters of this checkout and removes their folders. A server of `TILDEL_TEST_POSTGRES` stays.
///
/// # Errors
/// When the lock of the checkout cannot be had or a folder cannot be removed.
pub fn stop_clusters() -> Result<()> {
    let _lock = scratch::lock()?;
    cluster::stop(ClusterKind::Quick)?;
    cluster::stop(ClusterKind::Durable)
}

fn connect(kind: ClusterKind) -> Result<(PgConnection, String)> {
    if let Some(url) = scratch::variable("TILDEL_TEST_POSTGRES") {
        let server = PgConnection::establish(&url)
            .context("failed to reach the server that TILDEL_TEST_POSTGRES names")?;
        return Ok((server, url));
    }
    if let Some(found) = connect_announced(kind)? {
        return Ok(found);
    }
    let _lock = scratch::lock()?;
    // Another process may have started the cluster while this one waited for the lock.
    if let Some(found) = connect_announced(kind)? {
        return Ok(found);
    }
    cluster::stop(kind)?;
    let url = cluster::start(kind)?;
    let server = PgConnection::establish(&url).context("failed to reach the cluster just started")?;
    Ok((server, url))
}

/// A connection proves that an announced cluster is alive: its password is its own, so no other server accepts it.
fn connect_announced(kind: ClusterKind) -> Result<Option<(PgConnection, String)>> {
    let Some(url) = cluster::announced(kind)? else { return Ok(None) };
    match PgConnection::establish(&url) {
        Ok(server) => Ok(Some((server, url))),
        // It is alive, and other tests are using it: it must not be replaced under them.
        Err(error) if is_crowded(&error.to_string()) => {
            Err(error).context("failed to reach the test cluster")
        }
        Err(_) => Ok(None),
    }
}

fn is_crowded(message: &str) -> bool {
    message.contains("too many clients") || message.contains("remaining connection slots")
}

/// Makes the migrated template under a working name and renames it when it is whole.
fn ensure_template(server: &mut PgConnection, server_url: &str) -> Result<String> {
    let template = format!("tildel_template_{}", scratch::migrations_hash("postgres")?);
    if exists(server, &template)? {
        return Ok(template);
    }
    server.batch_execute(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})"))?;
    if !exists(server, &template)? {
        let building = format!("{template}_building");
        server.batch_execute(&format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)"))?;
        server.batch_execute(&format!("CREATE DATABASE {building} TEMPLATE template0 ENCODING 'UTF8'"))?;
        let store = Store::open(&options(with_database(server_url, &building), ClusterKind::Quick))
            .context("failed to open the PostgreSQL template")?;
        store.migrate().context("failed to migrate the PostgreSQL template")?;
        drop(store);
        server.batch_execute(&format!("ALTER DATABASE {building} RENAME TO {template}"))?;
    }
    server.batch_execute(&format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})"))?;
    Ok(template)
}

fn exists(server: &mut PgConnection, database: &str) -> Result<bool> {
    let found = diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind::<diesel::sql_types::Text, _>(database)
        .execute(server)
        .context("failed to list databases")?;
    Ok(found > 0)
}

/// The same server, another database: replaces the path of a `postgres://` URL and keeps its query.
fn with_database(server_url: &str, database: &str) -> String {
    let (address, query) = match server_url.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (server_url, String::new()),
    };
    let authority_start = address.find("://").map_or(0, |at| at + 3);
    let authority_end = address[authority_start..].find('/').map_or(address.len(), |at| authority_start + at);
    format!("{}/{database}{query}", &address[..authority_end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        assert_eq!(with_database("postgres://a:b@h:5432/postgres", "x"), "postgres://a:b@h:5432/x");
        assert_eq!(with_database("postgres://h", "x"), "postgres://h/x");
        assert_eq!(with_database("postgres://u@/db?host=/run/pg", "x"), "postgres://u@/x?host=/run/pg");
    }
}
