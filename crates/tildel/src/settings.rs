//! What the program is told by its configuration. `default.toml` says what each setting means.

mod check;
mod database_url;
mod keys;
mod list;
mod load;
mod secret;
mod sources;

use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub(crate) use database_url::DatabaseUrl;
pub(crate) use load::{Environment, load};
pub(crate) use secret::Secret;
pub(crate) use sources::SourceSettings;

/// Every setting with its default, and what it means.
pub(crate) const DEFAULTS: &str = include_str!("../default.toml");

/// All settings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) database: DatabaseSettings,
    pub(crate) server: ServerSettings,
    pub(crate) worker: WorkerSettings,
    pub(crate) sources: SourceSettings,
    pub(crate) log: LogSettings,
    pub(crate) secrets: SecretSettings,
}

/// Section `database`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseSettings {
    pub(crate) url: DatabaseUrl,
    /// Read from `password_file` where that is given.
    pub(crate) password: Secret,
    pub(crate) password_file: PathBuf,
    pub(crate) pool_size: NonZeroU32,
    pub(crate) busy_timeout_ms: u32,
    pub(crate) wait_seconds: u32,
}

/// Section `server`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerSettings {
    pub(crate) bind: String,
    pub(crate) public_url: String,
    pub(crate) threads: NonZeroU32,
    pub(crate) body_bytes_max: NonZeroU32,
    pub(crate) receive_timeout_seconds: NonZeroU32,
    pub(crate) burst_requests: NonZeroU32,
    pub(crate) burst_seconds: NonZeroU32,
    pub(crate) stream_seconds: NonZeroU32,
    pub(crate) streams_max: u32,
    pub(crate) streams_per_caller_max: u32,
    pub(crate) stop_seconds: u32,
}

/// Section `worker`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkerSettings {
    pub(crate) concurrency: NonZeroU32,
    pub(crate) lease_seconds: NonZeroU32,
    pub(crate) poll_milliseconds: NonZeroU32,
    #[serde(deserialize_with = "list::deserialize")]
    pub(crate) retry_delays_seconds: Vec<u32>,
    pub(crate) housekeeping_seconds: NonZeroU32,
    pub(crate) lag_seconds_max: u32,
    pub(crate) stop_seconds: u32,
    pub(crate) metrics_bind: String,
}

/// Section `log`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSettings {
    pub(crate) format: LogFormat,
    pub(crate) filter: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Section `secrets`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretSettings {
    /// Read from `journal_key_file` where that is given.
    pub(crate) journal_key: Secret,
    pub(crate) journal_key_file: PathBuf,
}

/// Why the configuration cannot be used. Each text is a sentence for the operator, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// A key that does not exist.
    #[error("The configuration key {key} ({origin}) does not exist; did you mean {closest}?")]
    UnknownKey {
        /// The key, with dots.
        key: String,
        /// The file or the variable that holds it.
        origin: String,
        /// The most similar key that exists, as it is written in that place.
        closest: String,
    },
    /// The file cannot be read.
    #[error(
        "The configuration file {path} cannot be read ({reason}). Correct --config or TILDEL_CONFIG_FILE."
    )]
    UnreadableFile {
        /// The file.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// The file is not TOML.
    #[error("The configuration file {path} is not valid TOML ({reason}). Correct it there.")]
    MalformedFile {
        /// The file.
        path: String,
        /// What is wrong where.
        reason: String,
    },
    /// A value has the wrong type.
    #[error(
        "The configuration holds a wrong value: {0}. Correct it; docs/configuration.md lists the settings."
    )]
    WrongType(config::ConfigError),
    /// A value is of the right type and makes no sense.
    #[error("The setting {key} must be {expected}.")]
    WrongValue {
        /// The key, with dots.
        key: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A secret is given twice.
    #[error("Both {key} and {key}_file are set. Remove one of them.")]
    TwoSecrets {
        /// The key, with dots.
        key: &'static str,
    },
    /// The file of a secret cannot be read, or is empty.
    #[error(
        "The file {path} of {key}_file cannot be used ({reason}). Correct the path, its rights or its content."
    )]
    SecretFile {
        /// The key, with dots.
        key: &'static str,
        /// The file.
        path: String,
        /// The system's words.
        reason: String,
    },
}
