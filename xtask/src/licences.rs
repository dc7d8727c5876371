//! The licences of everything that ships, against the list in `deny.toml`.
//!
//! The same list serves `cargo deny`; this check runs where that tool is not installed, so that nothing is skipped.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, PackageId};
use serde::Deserialize;

use crate::steps::Done;
use crate::workspace::Workspace;
use crate::{house, shell};

/// The package that is shipped; what it needs is checked.
const SHIPPED: &str = "tildel";

#[derive(Deserialize)]
struct DenyFile {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Further licences allowed for one package.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: BTreeSet<String>,
}

/// The own check, and cargo-deny where it is installed.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    let done = house::report(&findings(workspace)?)?;
    if shell::succeeds(&mut shell::cargo(workspace, ["deny", "--version"])) {
        shell::run(&mut shell::cargo(workspace, ["deny", "check", "bans", "licenses", "sources"]))?;
    } else {
        println!("cargo-deny is not installed: licences were checked here, bans and sources were not");
    }
    Ok(done)
}

/// A finding for each package whose licence does not fit.
pub(crate) fn findings(workspace: &Workspace) -> Result<Vec<String>> {
    let path = workspace.root().join("deny.toml");
    let text = std::fs::read_to_string(&path).context("failed to read deny.toml")?;
    let file: DenyFile = toml::from_str(&text).context("failed to read deny.toml")?;
    let licences = file.licenses;
    let shipped = shipped_packages(&workspace.metadata)?;
    let packages = workspace.metadata.packages.iter().filter(|package| shipped.contains(&package.id));
    let found = packages.filter_map(|package| {
        let exception =
            licences.exceptions.iter().find(|exception| exception.package == package.name.as_str());
        let allowed = |licence: &str| {
            licences.allow.contains(licence) || exception.is_some_and(|own| own.allow.contains(licence))
        };
        let expression = package.license.as_deref().unwrap_or("");
        let fits = satisfiable(expression, &allowed);
        (!fits)
            .then(|| format!("{} {}: licence `{expression}` is not allowed", package.name, package.version))
    });
    Ok(found.collect())
}

/// What the shipped package is built from or with, itself included.
fn shipped_packages(metadata: &Metadata) -> Result<BTreeSet<PackageId>> {
    let resolve = metadata.resolve.as_ref().context("failed to resolve the dependencies")?;
    let nodes: HashMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let root = metadata.packages.iter().find(|package| package.name.as_str() == SHIPPED);
    let mut open = vec![&root.with_context(|| format!("failed to find the package {SHIPPED}"))?.id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let needed = nodes.get(id).into_iter().flat_map(|node| &node.deps).filter(|dependency| {
            dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
        });
        open.extend(needed.map(|dependency| &dependency.pkg));
    }
    Ok(seen)
}

/// Whether an SPDX expression can be met with allowed licences alone. The old `/` means OR.
/// An expression that cannot be read cannot be met.
fn satisfiable(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    any_of(&mut rest, allowed).is_some_and(|met| met && rest.is_empty())
}

fn any_of(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = all_of(rest, allowed)?;
    while take(rest, "OR") {
        met |= all_of(rest, allowed)?;
    }
    Some(met)
}

fn all_of(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = one(rest, allowed)?;
    while take(rest, "AND") {
        met &= one(rest, allowed)?;
    }
    Some(met)
}

fn one(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    if take(rest, "(") {
        let met = any_of(rest, allowed)?;
        return take(rest, ")").then_some(met);
    }
    let (licence, after) = rest.split_first()?;
    *rest = after;
    if !take(rest, "WITH") {
        return Some(allowed(licence));
    }
    let (exception, after) = rest.split_first()?;
    *rest = after;
    // An exception only adds permissions, so the plain licence on the list suffices.
    Some(allowed(licence) || allowed(&format!("{licence} WITH {exception}")))
}

fn take(rest: &mut &[&str], token: &str) -> bool {
    match rest.split_first() {
        Some((first, after)) if *first == token => {
            *rest = after;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::satisfiable;

    fn fits(expression: &str) -> bool {
        satisfiable(expression, &|licence| matches!(licence, "MIT" | "Apache-2.0" | "Unicode-3.0"))
    }

    #[test]
    fn expressions_that_leave_a_way_fit() {
        for expression in [
            "MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "(MIT OR GPL-3.0-only) AND Unicode-3.0",
        ] {
            assert!(fits(expression), "{expression}");
        }
    }

    #[test]
    fn expressions_that_leave_none_do_not() {
        for expression in [
            "GPL-3.0-only",
            "AGPL-3.0-or-later OR LGPL-3.0-only",
            "MIT AND GPL-2.0-only",
            "(MIT OR Apache-2.0) AND LGPL-2.1-only",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "(MIT",
            "MIT MIT",
            "",
        ] {
            assert!(!fits(expression), "{expression}");
        }
    }
}
