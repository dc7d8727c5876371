//! What must hold before a store may be used, and the sentences that say what to do where it does not.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::path::PathBuf;

/// Why a store cannot be opened. Each text is a sentence for the operator, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address has no scheme, or one that is not known.
    #[error(
        "The database address has the scheme {scheme:?}. Write sqlite:PATH or postgres://USER@HOST/DATABASE."
    )]
    UnknownScheme {
        /// The scheme as given; the rest may hold a password.
        scheme: String,
    },
    /// A `SQLite` address without a path of a file.
    #[error(
        "The database address sqlite:{path} does not name a file. Write sqlite:PATH with the path of a file."
    )]
    NotAPath {
        /// What stood in place of the path.
        path: String,
    },
    /// The folder of the database file is not there.
    #[error("The folder {} does not exist. Create it, or correct the path of the database.", folder.display())]
    MissingFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The file, or the folder that must hold its journal, cannot be written.
    #[error("{} is read-only. Give the user that runs the service the right to write there.", path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
    },
    /// The file is not a `SQLite` database, or a damaged one.
    #[error(
        "The database file {} is damaged or not a database ({detail}). Stop all use of it, keep a copy, and restore the \
         latest backup.",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check found.
        detail: String,
    },
    /// Another process holds the file.
    #[error("The database file {} is locked by another process. Stop that process, then start again.", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened for another reason.
    #[error("The database file {} cannot be opened ({detail}). Check the path and its rights.", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// The reason.
        detail: String,
    },
    /// No server answers at the address.
    #[error(
        "No PostgreSQL server answers at {server} ({detail}). Check the address, and that the server runs."
    )]
    Unreachable {
        /// Host, port and database.
        server: String,
        /// libpq's words.
        detail: String,
    },
    /// The server does not accept the user or the password.
    #[error(
        "The PostgreSQL server at {server} refused the sign-in ({detail}). Correct the user or the password."
    )]
    SignInRefused {
        /// Host, port and database.
        server: String,
        /// The server's words.
        detail: String,
    },
    /// The server has no such database.
    #[error("The database at {server} does not exist ({detail}). Create it, or correct its name.")]
    MissingDatabase {
        /// Host, port and database.
        server: String,
        /// The server's words.
        detail: String,
    },
    /// The address asks for TLS, which this build cannot do.
    #[error(
        "The database address asks for TLS, but this build cannot do it. Use a build with the feature postgres-tls, or \
         write sslmode=disable where the network is trusted."
    )]
    TlsNotBuilt,
    /// The server may lose transactions that it has confirmed.
    #[error("The PostgreSQL server runs with {setting}={value} and may lose decisions. Set {setting}=on.")]
    NotDurable {
        /// `fsync`, `synchronous_commit` or `full_page_writes`.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// The server answered the start-up questions with an error.
    #[error("The database at {server} cannot be used ({detail}). Check the server's log.")]
    Unusable {
        /// The address without secrets.
        server: String,
        /// The reason.
        detail: String,
    },
}
