//! Which keys exist, and which one was meant.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::DEFAULTS;

/// All keys with dots, such as `server.bind`.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let defaults: toml::Table = toml::from_str(DEFAULTS).unwrap_or_default();
    flatten(&defaults).into_iter().collect()
});

/// Whether a key exists.
pub(super) fn exists(key: &str) -> bool {
    KNOWN.contains(key)
}

/// The key that is most like an unknown one.
pub(super) fn closest(key: &str) -> &'static str {
    let by_distance = |known: &&String| {
        // The right last word in the wrong section is a more likely slip than several wrong letters.
        let same_word = known.rsplit('.').next() == key.rsplit('.').next();
        (
            strsim::damerau_levenshtein(known, key).saturating_sub(if same_word { key.len() } else { 0 }),
            known.len(),
        )
    };
    KNOWN.iter().min_by_key(by_distance).map_or("data_dir", String::as_str)
}

/// The keys of a table with dots, through its tables.
pub(super) fn flatten(table: &toml::Table) -> Vec<String> {
    let mut keys = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) => {
                keys.extend(flatten(inner).iter().map(|key| format!("{name}.{key}")));
            }
            _ => keys.push(name.clone()),
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_key() {
        assert_eq!(closest("server.bnd"), "server.bind");
        assert_eq!(closest("databse.url"), "database.url");
        assert_eq!(closest("data_directory"), "data_dir");
        assert_eq!(closest("bind"), "server.bind");
        assert_eq!(closest("worker.lease_secs"), "worker.lease_seconds");
    }

    #[test]
    fn every_key_is_described_where_it_stands() {
        let mut described = BTreeSet::new();
        let mut section = String::new();
        let mut before = "";
        for line in DEFAULTS.lines() {
            if let Some(name) = line.strip_prefix('[') {
                section = format!("{}.", name.trim_end_matches(']'));
            } else if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
                assert!(before.starts_with("# "), "{section}{name} has no description");
                described.insert(format!("{section}{name}"));
            }
            before = line;
        }
        assert_eq!(described, *KNOWN);
        assert!(described.len() > 20, "the file was not understood: {described:?}");
    }

    /// The workspace's compose file speaks the same language as the program.
    #[test]
    fn every_variable_of_the_compose_file_exists() {
        let compose = include_str!("../../../../docker-compose.yml");
        let variables =
            compose.lines().filter_map(|line| line.trim().strip_prefix("TILDEL__")?.split(':').next());
        let keys: Vec<String> = variables.map(|name| name.to_lowercase().replace("__", ".")).collect();
        assert!(keys.len() >= 8, "{keys:?}");
        for key in keys {
            assert!(exists(&key), "{key}");
        }
    }
}
