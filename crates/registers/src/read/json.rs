//! JSON within limits.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{Limits, ReadError, check_depth, decode};

/// Letters of an answer that are told where it is no JSON.
const BEGINNING: usize = 40;

/// Reads a record. Fields that it does not know are passed over, also where a key stands twice.
pub fn json<T: DeserializeOwned>(bytes: &[u8], limits: Limits) -> Result<T, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { limit: limits.bytes });
    }
    check_depth(bytes, limits.depth)?;
    let (text, _) = decode(bytes);
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let told = |path: String, error: &serde_json::Error| told(&text, path, error);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| told(error.path().to_string(), error.inner()))?;
    deserializer.end().map_err(|error| told(".".to_owned(), &error))?;
    Ok(value)
}

fn told(text: &str, path: String, error: &serde_json::Error) -> ReadError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => ReadError::CutShort { line, column },
        Category::Syntax | Category::Io => {
            ReadError::NotJson { line, column, beginning: text.trim().chars().take(BEGINNING).collect() }
        }
        Category::Data => ReadError::Shape { path, what: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Thing {
        list: Vec<u8>,
    }

    fn read(text: &str) -> Result<Thing, ReadError> {
        json(text.as_bytes(), Limits { bytes: 100, depth: 3 })
    }

    #[test]
    fn unknown_fields_are_passed_over_also_twice() {
        assert_eq!(read(r#"{"list":[1],"x":1,"x":{"y":2}}"#), Ok(Thing { list: vec![1] }));
    }

    #[test]
    fn each_fault_has_its_name() {
        assert!(matches!(read(r#"{"list":[1"#), Err(ReadError::CutShort { line: 1, .. })));
        assert!(
            matches!(read("<html>closed</html>"), Err(ReadError::NotJson { beginning, .. }) if beginning.starts_with("<html>"))
        );
        assert!(matches!(read(r#"{"list":[1]} x"#), Err(ReadError::NotJson { .. })));
        assert!(matches!(read(r#"{"list":["a"]}"#), Err(ReadError::Shape { path, .. }) if path == "list[0]"));
        assert!(matches!(read(r#"{"x":[[[]]]}"#), Err(ReadError::TooDeep { limit: 3, .. })));
        assert_eq!(read(&" ".repeat(101)), Err(ReadError::TooLarge { limit: 100 }));
    }
}
