//! Opening `PostgreSQL`: the server must be reachable, durable, and encrypted where the address asks for it.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::OpenError;
use crate::address::{server_name, ssl_mode};

/// How connections to a server are set up.
#[derive(Debug, Clone)]
pub(crate) struct PostgresSettings {
    pub(crate) url: String,
    pub(crate) lock_timeout_ms: u32,
}

#[derive(QueryableByName)]
struct Durability {
    #[diesel(sql_type = Text)]
    fsync: String,
    #[diesel(sql_type = Text)]
    synchronous_commit: String,
    #[diesel(sql_type = Text)]
    full_page_writes: String,
}

/// Connects once and refuses a server that may lose what it has confirmed.
pub(crate) fn prepare(settings: &PostgresSettings, allow_unsafe_durability: bool) -> Result<(), OpenError> {
    let wants_tls = matches!(ssl_mode(&settings.url), Some("require" | "verify-ca" | "verify-full"));
    if wants_tls && !cfg!(feature = "postgres-tls") {
        return Err(OpenError::TlsNotBuilt);
    }
    let server = server_name(&settings.url);
    let mut connection = connect(settings).map_err(|error| explain(&server, &error))?;
    if allow_unsafe_durability {
        return Ok(());
    }
    let durability: Durability = diesel::sql_query(
        "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit, \
         current_setting('full_page_writes') as full_page_writes",
    )
    .get_result(&mut connection)
    .map_err(|error| OpenError::Unusable { server, detail: error.to_string() })?;
    for (setting, value) in [
        ("fsync", durability.fsync),
        ("synchronous_commit", durability.synchronous_commit),
        ("full_page_writes", durability.full_page_writes),
    ] {
        if value == "off" {
            return Err(OpenError::NotDurable { setting, value });
        }
    }
    Ok(())
}

/// Opens and sets up one connection.
pub(crate) fn connect(settings: &PostgresSettings) -> Result<PgConnection, ConnectionError> {
    let mut connection = PgConnection::establish(&settings.url)?;
    let setup = format!(
        "set lock_timeout = {}; set timezone = 'UTC'; set client_min_messages = warning;",
        settings.lock_timeout_ms
    );
    connection.batch_execute(&setup).map_err(ConnectionError::CouldntSetupConfiguration)?;
    // Deadlocks are told by their English text; a role without this right must be on a server that speaks English.
    if let Err(error) = connection.batch_execute("set lc_messages = 'C'") {
        tracing::debug!(%error, "the role may not choose the language of messages");
    }
    Ok(connection)
}

fn explain(server: &str, error: &ConnectionError) -> OpenError {
    let detail = error.to_string().trim().replace('\n', "; ");
    let server = server.to_owned();
    if detail.contains("SSL support is not compiled in") {
        OpenError::TlsNotBuilt
    } else if detail.contains("password") || detail.contains("authentication") || detail.contains("role \"") {
        OpenError::SignInRefused { server, detail }
    } else if detail.contains("database \"") && detail.contains("does not exist") {
        OpenError::MissingDatabase { server, detail }
    } else if matches!(error, ConnectionError::CouldntSetupConfiguration(_)) {
        OpenError::Unusable { server, detail }
    } else {
        OpenError::Unreachable { server, detail }
    }
}
