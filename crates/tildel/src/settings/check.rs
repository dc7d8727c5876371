//! What the types cannot say about the settings, and the secrets from their files.

use std::net::ToSocketAddrs;

use super::{Settings, SettingsError};

/// Fewer characters make a key that can be guessed.
const JOURNAL_KEY_CHARACTERS_MIN: usize = 32;

/// Takes the secrets from their files and refuses what makes no sense.
pub(super) fn complete(mut settings: Settings) -> Result<Settings, SettingsError> {
    let database = &mut settings.database;
    database.password =
        std::mem::take(&mut database.password).or_from_file("database.password", &database.password_file)?;
    let secrets = &mut settings.secrets;
    secrets.journal_key = std::mem::take(&mut secrets.journal_key)
        .or_from_file("secrets.journal_key", &secrets.journal_key_file)?;

    let key = settings.secrets.journal_key.expose();
    require(
        key.is_empty() || key.chars().count() >= JOURNAL_KEY_CHARACTERS_MIN,
        "secrets.journal_key",
        "at least 32 characters long",
    )?;
    require(!settings.data_dir.as_os_str().is_empty(), "data_dir", "the path of a folder")?;
    require(
        is_address(&settings.server.bind),
        "server.bind",
        "an address and a port, such as 127.0.0.1:8080",
    )?;
    let metrics_bind = &settings.worker.metrics_bind;
    let expected = "an address and a port, such as 127.0.0.1:9090, or empty";
    require(metrics_bind.is_empty() || is_address(metrics_bind), "worker.metrics_bind", expected)?;
    let url = &settings.server.public_url;
    let is_url = url.starts_with("http://") || url.starts_with("https://");
    let expected = "an address such as https://tildel.example.no, without a slash at the end, or empty";
    require(url.is_empty() || (is_url && !url.ends_with('/')), "server.public_url", expected)?;
    let sources = &settings.sources;
    sources.bases()?;
    sources.controls()?;
    // The contact stands in a header.
    let is_told = sources.contact.chars().all(|letter| letter.is_ascii_graphic() || letter == ' ');
    let expected = "an e-mail address or a web page where sources.enabled is true";
    require(is_told && !(sources.enabled && sources.contact.trim().is_empty()), "sources.contact", expected)?;
    Ok(settings)
}

fn require(holds: bool, key: &'static str, expected: &'static str) -> Result<(), SettingsError> {
    if holds { Ok(()) } else { Err(SettingsError::WrongValue { key, expected }) }
}

fn is_address(text: &str) -> bool {
    text.to_socket_addrs().is_ok_and(|mut addresses| addresses.next().is_some())
}
