//! Which package may depend on which. Dependencies for tests are free.

use cargo_metadata::{DependencyKind, Metadata};

/// Each package of the workspace with those of the workspace it may use. Inner packages know nothing of outer ones,
/// and `api` and `worker` know neither each other nor storage.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tildel-allocation", &[]),
    ("tildel-voting", &[]),
    ("tildel-domain", &["tildel-allocation", "tildel-voting"]),
    ("tildel-letters", &["tildel-domain", "tildel-allocation", "tildel-voting"]),
    ("tildel-registers", &["tildel-domain", "tildel-allocation"]),
    ("tildel-storage", &["tildel-domain", "tildel-allocation", "tildel-voting"]),
    (
        "tildel-usecases",
        &["tildel-storage", "tildel-registers", "tildel-domain", "tildel-allocation", "tildel-voting"],
    ),
    ("tildel-api", &["tildel-usecases", "tildel-domain", "tildel-allocation", "tildel-voting"]),
    (
        "tildel-worker",
        &["tildel-usecases", "tildel-letters", "tildel-domain", "tildel-allocation", "tildel-voting"],
    ),
    (
        "tildel",
        &[
            "tildel-api",
            "tildel-worker",
            "tildel-usecases",
            "tildel-storage",
            "tildel-letters",
            "tildel-registers",
            "tildel-domain",
            "tildel-allocation",
            "tildel-voting",
        ],
    ),
    ("tildel-test-support", &["tildel-storage"]),
    (
        "tildel-tests",
        &["tildel-api", "tildel-domain", "tildel-test-support", "tildel-usecases", "tildel-worker"],
    ),
    // So little that it is built optimised in a minute.
    ("tildel-bundles", &["tildel-allocation"]),
    ("xtask", &[]),
];

/// Outside packages that belong to few of ours: the beginning of a name, and who may use it.
const OWNED: &[(&str, &[&str])] = &[
    // The test harness creates and clones databases. It is never shipped.
    ("diesel", &["tildel-storage", "tildel-test-support"]),
    ("libsqlite3-sys", &["tildel-storage"]),
    ("pq-sys", &["tildel-storage"]),
    ("typst", &["tildel-letters"]),
    ("actix", &["tildel-api", "tildel"]),
    ("utoipa", &["tildel-api", "tildel"]),
    ("hyper", &["tildel-registers"]),
];

/// A package of the workspace and the names of what it depends on, apart from tests.
pub(super) struct Package {
    name: String,
    dependencies: Vec<String>,
}

/// The packages of the workspace.
pub(super) fn packages(metadata: &Metadata) -> Vec<Package> {
    let members = metadata.workspace_packages();
    let described = members.into_iter().map(|package| Package {
        name: package.name.to_string(),
        dependencies: package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .map(|dependency| dependency.name.clone())
            .collect(),
    });
    described.collect()
}

/// A finding for each forbidden dependency, and for each package that the table does not know.
pub(super) fn findings(packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            findings
                .push(format!("{name}: not in the table of allowed dependencies (xtask/src/house/edges.rs)"));
            continue;
        };
        for dependency in package.dependencies.iter().map(String::as_str) {
            let is_ours = ALLOWED.iter().any(|(known, _)| *known == dependency);
            if is_ours && !allowed.contains(&dependency) {
                findings.push(format!("{name}: must not depend on {dependency}"));
            }
            let owners = OWNED.iter().find(|(prefix, _)| dependency.starts_with(prefix));
            if let Some((_, owners)) = owners.filter(|(_, owners)| !owners.contains(&name)) {
                findings
                    .push(format!("{name}: must not depend on {dependency}, only {} may", owners.join(", ")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies.iter().map(|name| (*name).to_owned()).collect();
        Package { name: name.to_owned(), dependencies }
    }

    #[test]
    fn dependencies_that_point_inwards_pass() {
        let packages = [
            package("tildel", &["tildel-api", "tildel-storage", "actix-web", "clap"]),
            package("tildel-usecases", &["tildel-storage", "tildel-domain"]),
            package("tildel-storage", &["tildel-domain", "diesel", "diesel_migrations"]),
        ];
        assert_eq!(findings(&packages), Vec::<String>::new());
    }

    #[test]
    fn forbidden_edges_are_found() {
        for (from, to) in [
            ("tildel-api", "tildel-storage"),
            ("tildel-api", "tildel-worker"),
            ("tildel-api", "tildel-letters"),
            ("tildel-worker", "tildel-api"),
            ("tildel-worker", "tildel-storage"),
            ("tildel-domain", "tildel-storage"),
            ("tildel-allocation", "tildel-domain"),
            ("tildel", "tildel-test-support"),
            ("tildel-usecases", "diesel"),
            ("tildel-domain", "typst-pdf"),
            ("tildel-usecases", "actix-web"),
            ("tildel-registers", "tildel-storage"),
            ("tildel-worker", "hyper-util"),
        ] {
            let found = findings(&[package(from, &[to])]);
            assert_eq!(found.len(), 1, "{from} on {to}: {found:?}");
        }
    }

    #[test]
    fn an_unknown_package_is_found() {
        assert_eq!(findings(&[package("tildel-new", &[])]).len(), 1);
    }
}
