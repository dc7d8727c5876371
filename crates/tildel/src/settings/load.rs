//! Reading the layers: defaults, file, environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};

use super::{DEFAULTS, Settings, SettingsError, check, keys};

/// Variables whose names begin with this are settings.
const PREFIX: &str = "TILDEL__";
/// The variable that names the file.
const FILE_VARIABLE: &str = "TILDEL_CONFIG_FILE";

/// The environment variables of Tildel, read once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads them from the process.
    pub(crate) fn of_process() -> Self {
        Self::from_variables(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        }))
    }

    /// Picks Tildel's out of some variables.
    pub(crate) fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            variables
                .into_iter()
                .filter(|(name, _)| name.starts_with(PREFIX) || name == FILE_VARIABLE)
                .collect(),
        )
    }

    fn file(&self) -> Option<PathBuf> {
        self.0.get(FILE_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// The settings in it, as variable, key with dots, and value.
    fn settings(&self) -> impl Iterator<Item = (&str, String, &str)> {
        self.0.iter().filter_map(|(name, value)| {
            let key = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".");
            Some((name.as_str(), key, value.as_str()))
        })
    }
}

/// Reads all layers. `file` is the one of the command line, which goes before that of the environment.
pub(crate) fn load(file: Option<&Path>, environment: &Environment) -> Result<Settings, SettingsError> {
    let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file.map(Path::to_owned).or_else(|| environment.file()) {
        builder = builder.add_source(File::from_str(&read_file(&path)?, FileFormat::Toml));
    }
    for (variable, key, value) in environment.settings() {
        if !keys::exists(&key) {
            let closest = format!("{PREFIX}{}", keys::closest(&key).replace('.', "__").to_uppercase());
            let origin = format!("environment variable {variable}");
            return Err(SettingsError::UnknownKey { key, origin, closest });
        }
        // Values stay texts until their setting's type is known: a password of digits keeps its leading zeros.
        builder = builder.set_override(key, value).map_err(SettingsError::WrongType)?;
    }
    let settings: Settings =
        builder.build().and_then(Config::try_deserialize).map_err(SettingsError::WrongType)?;
    check::complete(settings)
}

/// The text of a configuration file, if all its keys exist.
fn read_file(path: &Path) -> Result<String, SettingsError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| SettingsError::UnreadableFile { path: shown.clone(), reason: error.to_string() })?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        // The library's own text quotes the line, which may hold a secret.
        let reason = format!("line {line}: {}", error.message());
        SettingsError::MalformedFile { path: shown.clone(), reason }
    })?;
    match keys::flatten(&table).into_iter().find(|key| !keys::exists(key)) {
        Some(key) => {
            let closest = keys::closest(&key).to_owned();
            Err(SettingsError::UnknownKey { key, origin: format!("in {shown}"), closest })
        }
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_variables(
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    #[test]
    fn the_environment_goes_before_the_file_and_the_file_before_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tildel.toml");
        std::fs::write(&path, "[server]\nbind = \"127.0.0.1:1\"\nthreads = 7\n").unwrap();
        let variables = environment(&[
            ("TILDEL_CONFIG_FILE", path.to_str().unwrap()),
            ("TILDEL__SERVER__BIND", "127.0.0.1:2"),
            ("TILDEL__WORKER__RETRY_DELAYS_SECONDS", "1, 2"),
            ("OTHER__SERVER__THREADS", "9"),
        ]);
        let settings = load(None, &variables).unwrap();
        assert_eq!(settings.server.bind, "127.0.0.1:2");
        assert_eq!(settings.server.threads.get(), 7);
        assert_eq!(settings.worker.retry_delays_seconds, [1, 2]);
        assert_eq!(settings.database.busy_timeout_ms, 5000);
    }

    #[test]
    fn a_password_of_digits_keeps_its_leading_zeros() {
        let settings = load(None, &environment(&[("TILDEL__DATABASE__PASSWORD", "007")])).unwrap();
        assert_eq!(settings.database.password.expose(), "007");
    }

    #[test]
    fn unknown_keys_are_refused_in_both_places() {
        let error = load(None, &environment(&[("TILDEL__SERVER__BNID", "x")])).unwrap_err().to_string();
        assert_eq!(
            error,
            "The configuration key server.bnid (environment variable TILDEL__SERVER__BNID) does not exist; did you \
             mean TILDEL__SERVER__BIND?"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tildel.toml");
        std::fs::write(&path, "[worker]\nconcurency = 2\n").unwrap();
        let error = load(Some(&path), &Environment::default()).unwrap_err().to_string();
        assert!(error.contains("key worker.concurency (in "), "{error}");
        assert!(error.ends_with("did you mean worker.concurrency?"), "{error}");
    }

    #[test]
    fn a_wrong_value_is_named_and_a_secret_in_a_broken_file_is_not() {
        let error =
            load(None, &environment(&[("TILDEL__WORKER__CONCURRENCY", "many")])).unwrap_err().to_string();
        assert!(error.contains("worker.concurrency") && error.contains("many"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tildel.toml");
        std::fs::write(&path, "[secrets]\njournal_key = sesame\n").unwrap();
        let error = load(Some(&path), &Environment::default()).unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("sesame"), "{error}");
    }
}
