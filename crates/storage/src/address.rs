//! Reading a store's address.

use std::path::PathBuf;

use crate::OpenError;

/// A database address with a known scheme, so that a typo never creates an empty `SQLite` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// Path of a file.
    Sqlite(PathBuf),
    /// A libpq connection URI.
    Postgres(String),
}

/// Seconds that libpq may take for a connection, where the address does not say.
const CONNECT_TIMEOUT_SECONDS: u32 = 10;

impl Address {
    /// Understands `sqlite:PATH`, `postgres://…` and `postgresql://…`.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::sqlite(path);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(with_connect_timeout(url)));
        }
        let scheme = url.split_once(':').map_or("(none)", |(scheme, _)| scheme);
        Err(OpenError::UnknownScheme { scheme: scheme.to_owned() })
    }

    fn sqlite(path: &str) -> Result<Self, OpenError> {
        let path = path.strip_prefix("//").unwrap_or(path);
        // Each connection would get its own database in memory, and "file:" would be read as a URI.
        if path.is_empty() || path.starts_with(":memory:") || path.starts_with("file:") {
            return Err(OpenError::NotAPath { path: path.to_owned() });
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

fn with_connect_timeout(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}connect_timeout={CONNECT_TIMEOUT_SECONDS}")
}

/// The value of `sslmode` in an address, if it names one.
pub(crate) fn ssl_mode(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("sslmode="))
}

/// The address without user, password and parameters, fit for messages.
pub(crate) fn server_name(url: &str) -> String {
    let without_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let without_query = without_scheme.split('?').next().unwrap_or_default();
    let server = without_query.rsplit_once('@').map_or(without_query, |(_, server)| server);
    if server.is_empty() || server.starts_with('/') {
        format!("(local socket){server}")
    } else {
        server.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_schemes_are_understood() {
        assert_eq!(Address::parse("sqlite:data/t.db").unwrap(), Address::Sqlite(PathBuf::from("data/t.db")));
        assert_eq!(
            Address::parse("sqlite:///srv/t.db").unwrap(),
            Address::Sqlite(PathBuf::from("/srv/t.db"))
        );
        assert_eq!(
            Address::parse("postgres://db/tildel?sslmode=disable").unwrap(),
            Address::Postgres("postgres://db/tildel?sslmode=disable&connect_timeout=10".to_owned())
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for url in ["data/t.db", "postgre://db/tildel", "mysql://db", ""] {
            assert!(matches!(Address::parse(url), Err(OpenError::UnknownScheme { .. })), "{url}");
        }
        for url in ["sqlite:", "sqlite::memory:", "sqlite:file:t.db?mode=memory"] {
            assert!(matches!(Address::parse(url), Err(OpenError::NotAPath { .. })), "{url}");
        }
    }

    #[test]
    fn messages_never_show_the_password() {
        assert_eq!(server_name("postgres://tildel:p@ss@db:5432/tildel?sslmode=disable"), "db:5432/tildel");
        assert_eq!(server_name("postgres:///tildel?host=/run/pg"), "(local socket)/tildel");
    }

    #[test]
    fn ssl_mode_is_found_among_the_parameters() {
        assert_eq!(ssl_mode("postgres://db/t?application_name=x&sslmode=require"), Some("require"));
        assert_eq!(ssl_mode("postgres://db/t"), None);
    }
}
