//! Entity tags: which version of a thing an answer shows, and exactly which bytes.

use std::fmt;

use sha2::{Digest, Sha256};

/// A strong entity tag: `"<version>-<16 hexadecimal digits of the body's SHA-256>"`.
///
/// A write compares the version only, as two callers may see different parts of the same version. The version alone,
/// `"7"`, is the tag that refused writes carry and that list items allow without reading each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ETag(String);

/// The version that no thing has: what an entity tag of another origin stands for.
const NO_VERSION: i64 = 0;

impl ETag {
    /// The tag of a body that shows a version.
    pub(crate) fn of_body(version: i64, body: &str) -> Self {
        let hash = hex::encode(Sha256::digest(body.as_bytes()));
        Self(format!("\"{version}-{}\"", &hash[..16]))
    }

    /// The tag of a version, whatever is shown of it.
    pub(crate) fn of_version(version: i64) -> Self {
        Self(format!("\"{version}\""))
    }

    /// The version that an `If-Match` value names. A tag that is not ours names a version that no thing has; `None` is
    /// for what is not one strong entity tag.
    pub(crate) fn version_of(if_match: &str) -> Option<i64> {
        let tag = if_match.trim().strip_prefix('"')?.strip_suffix('"')?;
        if tag.contains('"') || !tag.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let version = tag.split_once('-').map_or(tag, |(version, _)| version);
        Some(version.parse().ok().filter(|version| *version > NO_VERSION).unwrap_or(NO_VERSION))
    }

    /// Whether an `If-None-Match` value names a tag (weak comparison; RFC 9110, section 13.1.2).
    pub(crate) fn is_listed(tag: &str, if_none_match: &str) -> bool {
        let mut known = if_none_match.split(',').map(|known| known.trim().trim_start_matches("W/"));
        if_none_match.trim() == "*" || known.any(|known| known == tag)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_holds_its_version_and_the_hash_of_the_body() {
        // SHA-256 of the empty text begins with e3b0c44298fc1c14 (FIPS 180-4 test vector).
        let tag = ETag::of_body(7, "");
        assert_eq!(tag.to_string(), "\"7-e3b0c44298fc1c14\"");
        assert_eq!(ETag::version_of(&tag.to_string()), Some(7));
        assert_eq!(ETag::version_of("\"7\""), Some(7));
    }

    #[test]
    fn tags_of_others_name_no_version_and_other_texts_are_no_tags() {
        for foreign in ["\"abc\"", "\"-1\"", "\"\"", "\"99999999999999999999\""] {
            assert_eq!(ETag::version_of(foreign), Some(0), "{foreign}");
        }
        for text in ["*", "7", "W/\"7\"", "\"7\", \"8\"", "\"7", ""] {
            assert_eq!(ETag::version_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_strong() {
        let tag = ETag::of_body(7, "").to_string();
        assert!(ETag::is_listed(&tag, "\"x\", W/\"7-e3b0c44298fc1c14\""));
        assert!(ETag::is_listed(&tag, "*"));
        assert!(!ETag::is_listed(&tag, "\"7\""));
    }
}
