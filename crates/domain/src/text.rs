//! Languages and texts that exist in each of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use tildel_allocation::Language;

/// A text for people. Bokmål always exists; the others fall back to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// Bokmål.
    pub nb: String,
    /// Nynorsk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nn: Option<String>,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl LocalText {
    /// A text that is the same in all languages, such as a proper name.
    pub fn same(text: impl Into<String>) -> Self {
        Self { nb: text.into(), nn: None, en: None }
    }

    /// The text in `language`, or in bokmål where that is missing.
    pub fn get(&self, language: Language) -> &str {
        let wanted = match language {
            Language::Nb => None,
            Language::Nn => self.nn.as_deref(),
            Language::En => self.en.as_deref(),
        };
        wanted.unwrap_or(&self.nb)
    }
}

/// Texts by key and language with `{name}` placeholders, read from a TOML document.
///
/// The document has one table for each key: `title` and `detail`, each with `nb`, `nn` and `en`.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Catalogue(BTreeMap<String, CatalogueTexts>);

/// The texts of one key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueTexts {
    /// A short text without placeholders.
    pub title: LocalText,
    /// A sentence that says what happened and what to do, with placeholders.
    pub detail: LocalText,
}

impl Catalogue {
    /// Reads a document; it is part of the program, so an error is a defect found by the crate's tests.
    pub fn parse(document: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(document)
    }

    /// The texts of `key`.
    pub fn get(&self, key: &str) -> Option<&CatalogueTexts> {
        self.0.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Replaces each `{name}` in `template` by its value; unknown names stay as they are.
pub fn fill(template: &str, params: &[(&'static str, String)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some(end) = rest.find('}') else { break };
        let name = &rest[1..end];
        match params.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => text.push_str(value),
            None => text.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_placeholders_once_and_leaves_unknown_ones() {
        let params = [("a", "{b}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(fill("{a} {b} {c} {", &params), "{b} x {c} {");
    }

    #[test]
    fn falls_back_to_bokmal() {
        let text = LocalText { nb: "plass".into(), nn: None, en: Some("seat".into()) };
        assert_eq!(text.get(Language::Nn), "plass");
        assert_eq!(text.get(Language::En), "seat");
        assert_eq!(Language::from_tag("nn-NO"), Some(Language::Nn));
        assert_eq!(Language::from_tag("sv"), None);
    }
}
