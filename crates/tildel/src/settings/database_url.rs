//! The address of the database, which may hold a password.

use std::fmt;
use std::fmt::Write;

use serde::{Deserialize, Serialize, Serializer};

use super::Secret;
use super::secret::HIDDEN;

/// An address of a database. It is shown without its password.
#[derive(Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Whether none is set.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it names a `PostgreSQL` server.
    pub(crate) fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")
    }

    /// The address to open: with the password as a parameter, which libpq takes too and which needs no parsing.
    pub(crate) fn with_password(&self, password: &Secret) -> String {
        if password.is_empty() || !self.is_postgres() {
            return self.0.clone();
        }
        let separator = if self.0.contains('?') { '&' } else { '?' };
        format!("{}{separator}password={}", self.0, percent_encode(password.expose()))
    }

    fn redacted(&self) -> String {
        let (address, query) = match self.0.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (self.0.as_str(), None),
        };
        let mut shown = redact_user(address);
        if let Some(query) = query {
            let pairs = query.split('&').map(|pair| match pair.split_once('=') {
                Some(("password", _)) => format!("password={HIDDEN}"),
                _ => pair.to_owned(),
            });
            let _ = write!(shown, "?{}", pairs.collect::<Vec<_>>().join("&"));
        }
        shown
    }
}

/// Hides the password between the user's name and the last `@`: libpq allows an `@` inside it.
fn redact_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return address.to_owned() };
    match user.split_once(':') {
        Some((name, _)) => format!("{scheme}://{name}:{HIDDEN}@{host}"),
        None => address.to_owned(),
    }
}

/// Encodes all but the characters that mean nothing in a URI (RFC 3986, section 2.3).
fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.redacted())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.redacted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        DatabaseUrl::from(text.to_owned())
    }

    #[test]
    fn a_password_is_added_encoded() {
        let password = Secret::from("p@ss/w ord".to_owned());
        let added = url("postgres://tildel@db/tildel?sslmode=disable").with_password(&password);
        assert_eq!(added, "postgres://tildel@db/tildel?sslmode=disable&password=p%40ss%2Fw%20ord");
        assert_eq!(url("sqlite:tildel.db").with_password(&password), "sqlite:tildel.db");
    }

    #[test]
    fn no_password_is_shown() {
        let shown =
            format!("{:?}", url("postgres://tildel:p@ss@db:5432/tildel?password=other&sslmode=disable"));
        assert_eq!(shown, "postgres://tildel:********@db:5432/tildel?password=********&sslmode=disable");
        assert_eq!(format!("{:?}", url("postgres://tildel@db/tildel")), "postgres://tildel@db/tildel");
    }
}
