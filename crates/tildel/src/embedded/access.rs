//! How to sign in to the practice case, kept in the data folder between starts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::case::{PracticeAccess, PracticeToken};
use crate::private_file;

/// Everything that the welcome shows.
fn full_file(folder: &Path) -> PathBuf {
    folder.join("practice.json")
}

/// Only the tokens, by role, for scripts.
fn token_file(folder: &Path) -> PathBuf {
    folder.join("practice-tokens.json")
}

/// Writes the files into a folder, over those of a first start that did not come to its end.
pub(super) fn write(folder: &Path, access: &PracticeAccess) -> Result<()> {
    let tokens = serde_json::to_vec_pretty(&tokens_by_role(&access.tokens))?;
    replace(&token_file(folder), &tokens)?;
    replace(&full_file(folder), &serde_json::to_vec_pretty(access)?)
}

/// Reads what an earlier start wrote; `None` where the data are not those of the practice case.
pub(super) fn read(folder: &Path) -> Result<Option<PracticeAccess>> {
    let path = full_file(folder);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("failed to read {}", path.display())),
    };
    let access = serde_json::from_str(&text).with_context(|| {
        format!("failed to understand {}; move it away to go on without it", path.display())
    })?;
    Ok(Some(access))
}

fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    let written = remove_if_there(&part)
        .and_then(|()| private_file::write(&part, content))
        .and_then(|()| fs::rename(&part, path))
        .and_then(|()| private_file::sync_folder(path));
    written.with_context(|| format!("failed to write {}", path.display()))
}

/// Removes a file that may or may not be there.
pub(super) fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The first person of each role under the role's name, the others as `role@person`.
fn tokens_by_role(tokens: &[PracticeToken]) -> BTreeMap<String, &str> {
    let mut by_role = BTreeMap::new();
    for token in tokens {
        let name = if by_role.contains_key(&token.role) {
            format!("{}@{}", token.role, token.person)
        } else {
            token.role.clone()
        };
        by_role.insert(name, token.secret.as_str());
    }
    by_role
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        let token = |role: &str, person: &str| PracticeToken {
            role: role.to_owned(),
            person: person.to_owned(),
            name: person.to_owned(),
            secret: format!("tildel_{person}"),
        };
        let access = PracticeAccess {
            tokens: vec![token("applicant", "anne"), token("applicant", "berit"), token("admin", "cato")],
            round_id: "1".to_owned(),
            practice_round_id: "2".to_owned(),
            grant_id: "3".to_owned(),
            letter_id: "4".to_owned(),
        };
        write(folder.path(), &access).unwrap();
        write(folder.path(), &access).unwrap();
        assert_eq!(read(folder.path()).unwrap().as_ref(), Some(&access));
        let path = token_file(folder.path());
        let tokens: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let expected = serde_json::json!({
            "admin": "tildel_cato", "applicant": "tildel_anne", "applicant@berit": "tildel_berit",
        });
        assert_eq!(tokens, expected);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
