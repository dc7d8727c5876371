//! Canonical JSON: the one way to write a value, so that equal values have equal bytes and equal hashes.

use serde_json::Value;

/// The largest whole number that every JSON reader keeps exactly, 2^53 − 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Fractions and exponents are left out on purpose: their canonical text is the hard part of RFC 8785.
    #[error("write the number {0}: only whole numbers up to 2^53 - 1 are allowed, write others as text")]
    Number(String),
    /// `PostgreSQL` cannot store this character.
    #[error("write a text with the character U+0000")]
    Nul,
}

/// Writes a value as RFC 8785 says: no white space, keys in the order of their UTF-16 code units, shortest escapes.
///
/// # Errors
/// Refuses fractions, numbers beyond 2^53 − 1 and the character U+0000.
pub fn canonical_json(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write_value(value, &mut out)?;
    Ok(out)
}

fn write_value(value: &Value, out: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            if magnitude.is_none_or(|magnitude| magnitude > MAX_SAFE_INTEGER) {
                return Err(CanonicalError::Number(number.to_string()));
            }
            out.push_str(&number.to_string());
        }
        Value::String(text) => write_text(text, out)?,
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            out.push('{');
            for (index, (key, field)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(key, out)?;
                out.push(':');
                write_value(field, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_text(text: &str, out: &mut String) -> Result<(), CanonicalError> {
    if text.contains('\0') {
        return Err(CanonicalError::Nul);
    }
    // The escapes of serde_json are those of RFC 8785: the two-character ones, and \u00xx in lower case.
    out.push_str(&Value::from(text).to_string());
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// RFC 8785, section 3.2.3: the sorting example, with its expected order of keys.
    #[test]
    fn keys_sort_by_utf16_code_units() {
        let value = json!({
            "\u{20ac}": "Euro Sign",
            "\r": "Carriage Return",
            "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\u{1f600}": "Emoji: Grinning Face",
            "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
             \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
             \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
        assert_eq!(canonical_json(&value).unwrap(), expected);
    }

    /// RFC 8785, section 3.2.2: the string and the literals of the example.
    #[test]
    fn texts_are_escaped_as_little_as_possible() {
        let value = json!({"string": "\u{20ac}$\u{f}\u{a}A'\u{42}\u{22}\u{5c}\\\"/", "literals": [null, true, false]});
        let expected = r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(canonical_json(&value).unwrap(), expected);
    }

    #[test]
    fn what_has_no_safe_form_is_refused() {
        assert_eq!(canonical_json(&json!(9_007_199_254_740_991_i64)).unwrap(), "9007199254740991");
        assert_eq!(canonical_json(&json!(-9_007_199_254_740_991_i64)).unwrap(), "-9007199254740991");
        for refused in [json!(9_007_199_254_740_992_i64), json!(i64::MIN), json!(u64::MAX), json!(0.5)] {
            assert!(matches!(canonical_json(&refused), Err(CanonicalError::Number(_))), "{refused}");
        }
        assert_eq!(canonical_json(&json!({"a": ["\0"]})), Err(CanonicalError::Nul));
    }
}
