//! The shipped case and its scheme, as JSON with the names of the HTTP contract.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// The case file, its scheme, and the scheme's letter texts.
pub(crate) struct Case {
    /// `cases/rogaland-2020/case.toml`, keys in camel case.
    pub(crate) file: Value,
    /// A scheme as `schemeCreate` takes it.
    pub(crate) scheme: Value,
}

impl Case {
    /// Reads the files.
    pub(crate) fn load() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = root.join("cases/rogaland-2020");
        let file = in_camel_case(read(&folder.join("case.toml")));
        let scheme_folder = folder.join(file["scheme"].as_str().unwrap());
        let mut scheme = in_camel_case(read(&scheme_folder.join("scheme.toml")));
        scheme["letterTexts"] =
            json!([letter_texts(read(&scheme_folder.join("letters/information.nb.toml")))]);
        Self { file, scheme }
    }

    /// A list of tables in the file.
    pub(crate) fn list(&self, pointer: &str) -> Vec<Value> {
        self.file
            .pointer(pointer)
            .and_then(Value::as_array)
            .unwrap_or_else(|| panic!("no list at {pointer}"))
            .clone()
    }
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn in_camel_case(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (camel_case(&name), in_camel_case(field))).collect()
        }
        Value::Array(items) => items.into_iter().map(in_camel_case).collect(),
        other => other,
    }
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// In the file, the text of a block has the name of what it is, and the terms are tables by key; in the contract the text
/// is `text` for all blocks, and the terms are a list.
fn letter_texts(mut texts: Value) -> Value {
    let terms = texts["terms"].as_object().unwrap().clone();
    let term = |(key, term): (String, Value)| json!({ "key": key, "one": term["one"], "many": term["many"] });
    texts["terms"] = terms.into_iter().map(term).collect();
    for block in texts["blocks"].as_array_mut().unwrap() {
        let block = block.as_object_mut().unwrap();
        for name in ["members", "caption", "closing"] {
            if let Some(text) = block.remove(name) {
                block.insert("text".to_owned(), text);
            }
        }
    }
    texts
}

/// The fields of `from` with these names, where it has them.
pub(crate) fn pick(from: &Value, names: &[&str]) -> Value {
    let given = |name: &&str| from.get(*name).map(|value| ((*name).to_owned(), value.clone()));
    Value::Object(names.iter().filter_map(given).collect::<Map<_, _>>())
}

/// The text of a field.
#[track_caller]
pub(crate) fn text<'a>(from: &'a Value, name: &str) -> &'a str {
    from[name].as_str().unwrap_or_else(|| panic!("no text in {name} of {from}"))
}

/// The texts of a list.
pub(crate) fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
