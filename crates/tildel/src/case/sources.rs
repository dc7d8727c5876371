//! Where a case comes from: a folder, or the program itself.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use tildel_domain::text::Language;

use super::file::CaseFile;

/// A case with its scheme and letter texts, as text.
pub struct CaseSources {
    /// `case.toml`.
    pub case: String,
    /// `scheme.toml` of the scheme.
    pub scheme: String,
    /// `letters/information.<language>.toml` of the scheme, by language.
    pub letters: BTreeMap<Language, String>,
}

impl CaseSources {
    /// The shipped case, compiled into the program.
    pub fn shipped() -> Self {
        let letter = include_str!("../../../../schemes/kompetanseloftet-2020/letters/information.nb.toml");
        Self {
            case: include_str!("../../../../cases/rogaland-2020/case.toml").to_owned(),
            scheme: include_str!("../../../../schemes/kompetanseloftet-2020/scheme.toml").to_owned(),
            letters: BTreeMap::from([(Language::Nb, letter.to_owned())]),
        }
    }

    /// Reads a case folder and the scheme that it names.
    pub fn read(folder: &Path) -> Result<Self> {
        let case = read_text(&folder.join("case.toml"))?;
        let parsed: CaseFile = parse("case.toml", &case)?;
        let scheme_folder = folder.join(&parsed.scheme);
        let mut letters = BTreeMap::new();
        for language in Language::ALL {
            let path = scheme_folder.join("letters").join(format!("information.{}.toml", language.code()));
            if path.is_file() {
                letters.insert(language, read_text(&path)?);
            }
        }
        Ok(Self { case, scheme: read_text(&scheme_folder.join("scheme.toml"))?, letters })
    }
}

fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("failed to read {}; give the folder that holds the case", path.display()))
}

/// Reads TOML; an error names the file, the line and the field.
pub(super) fn parse<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        anyhow::anyhow!("{name} can not be used: line {line}: {}", error.message().replace('\n', " "))
    })
}
