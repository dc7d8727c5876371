//! Secrets: they can be used, but not shown.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};

use super::SettingsError;

/// What stands in place of a secret wherever settings are shown.
pub(crate) const HIDDEN: &str = "********";

/// A text that no log and no command shows.
#[derive(Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether none is set.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the secret from its file, where one is named.
    pub(crate) fn or_from_file(self, key: &'static str, path: &Path) -> Result<Self, SettingsError> {
        if path.as_os_str().is_empty() {
            return Ok(self);
        }
        if !self.is_empty() {
            return Err(SettingsError::TwoSecrets { key });
        }
        let failed =
            |reason: String| SettingsError::SecretFile { key, path: path.display().to_string(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        // Editors and shells end files with a line break, which belongs to no secret.
        let text = text.trim();
        if text.is_empty() { Err(failed("it is empty".to_owned())) } else { Ok(Self(text.to_owned())) }
    }

    fn shown(&self) -> &'static str {
        if self.is_empty() { "" } else { HIDDEN }
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.shown())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_trimmed_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, " open sesame \n").unwrap();
        let secret = Secret::default().or_from_file("secrets.journal_key", &path).unwrap();
        assert_eq!(secret.expose(), "open sesame");
        assert_eq!(format!("{secret:?}"), HIDDEN);
    }

    #[test]
    fn two_sources_and_an_empty_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "\n").unwrap();
        let twice = Secret::from("a".to_owned()).or_from_file("secrets.journal_key", &path).unwrap_err();
        assert!(matches!(twice, SettingsError::TwoSecrets { .. }), "{twice}");
        let empty = Secret::default().or_from_file("secrets.journal_key", &path).unwrap_err();
        assert!(empty.to_string().contains("it is empty"), "{empty}");
    }
}
