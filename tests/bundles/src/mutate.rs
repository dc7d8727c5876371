//! Bundles with one thing wrong in them.

use anyhow::{Context, Result};
use serde_json::Value;
use tildel_allocation::{PlanInput, canonical_json, hash_of, plan};

use crate::draw::Draw;

/// What was done to a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// One byte is another.
    Byte,
    /// One digit is another.
    Digit,
    /// A number of the result is another, with its hash.
    Result,
    /// A number of the input is another, with its hash; the result is that of before.
    Input,
    /// The keys of an object stand in another order.
    Order,
    /// The end is missing.
    End,
}

impl Kind {
    /// All of them, the ones that only recomputation finds twice.
    const IN_TURN: [Self; 8] = [
        Self::Byte,
        Self::Digit,
        Self::Result,
        Self::Input,
        Self::Result,
        Self::Input,
        Self::Order,
        Self::End,
    ];

    /// The kinds take turns.
    pub(crate) fn of_place(place: u64) -> Self {
        Self::IN_TURN[usize::try_from(place).unwrap_or(0) % Self::IN_TURN.len()]
    }

    /// The name in the file and in the closing line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Digit => "digit",
            Self::Result => "result",
            Self::Input => "input",
            Self::Order => "order",
            Self::End => "end",
        }
    }
}

/// A spoilt copy of a bundle; none where this draw left it as good as it was.
pub(crate) fn mutated(draw: &mut Draw, kind: Kind, bundle: &str) -> Result<Option<Vec<u8>>> {
    let bytes = match kind {
        Kind::Byte => Some(byte(draw, bundle)),
        Kind::Digit => digit(draw, bundle),
        Kind::Result => result_number(draw, bundle)?.map(String::into_bytes),
        Kind::Input => input_number(draw, bundle)?.map(String::into_bytes),
        Kind::Order => order(draw, bundle)?.map(String::into_bytes),
        Kind::End => Some(bundle.as_bytes()[..draw.place(bundle.as_bytes())].to_vec()),
    };
    Ok(bytes.filter(|bytes| bytes != bundle.as_bytes()))
}

fn byte(draw: &mut Draw, bundle: &str) -> Vec<u8> {
    let mut bytes = bundle.as_bytes().to_vec();
    let place = draw.place(&bytes);
    bytes[place] = u8::try_from(draw.below(256)).unwrap_or(0);
    bytes
}

fn digit(draw: &mut Draw, bundle: &str) -> Option<Vec<u8>> {
    let mut bytes = bundle.as_bytes().to_vec();
    let digits: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place].is_ascii_digit()).collect();
    let place = *digits.get(draw.place(&digits))?;
    bytes[place] = b'0' + u8::try_from(draw.below(10)).unwrap_or(0);
    Some(bytes)
}

fn result_number(draw: &mut Draw, bundle: &str) -> Result<Option<String>> {
    let mut value: Value = serde_json::from_str(bundle)?;
    if !change_number(draw, &mut value["result"]) {
        return Ok(None);
    }
    value["resultHash"] = hash_of(&value["result"])?.into();
    Ok(Some(canonical_json(&value)?))
}

/// Only such as leave an input in its stored form, so that nothing but the computation finds them.
fn input_number(draw: &mut Draw, bundle: &str) -> Result<Option<String>> {
    let mut value: Value = serde_json::from_str(bundle)?;
    if !change_number(draw, &mut value["input"]) {
        return Ok(None);
    }
    let Ok(input) = serde_json::from_value::<PlanInput>(value["input"].clone()) else { return Ok(None) };
    if serde_json::to_value(&input)? != value["input"] {
        return Ok(None);
    }
    // What the library finds contradictory is not among what the specification promises to refuse.
    let Ok(plan) = plan(&input) else { return Ok(None) };
    if serde_json::to_value(&plan)? == value["result"] {
        return Ok(None);
    }
    value["inputHash"] = hash_of(&value["input"])?.into();
    Ok(Some(canonical_json(&value)?))
}

/// Changes one number, or text that begins like one, somewhere within.
fn change_number(draw: &mut Draw, value: &mut Value) -> bool {
    let mut pointers = Vec::new();
    collect(value, String::new(), &mut pointers);
    if pointers.is_empty() {
        return false;
    }
    let pointer = &pointers[draw.place(&pointers)];
    let Some(number) = value.pointer_mut(pointer) else { return false };
    if let Some(whole) = number.as_i64() {
        *number = (whole + draw.one(&[-1, 1, 2, 10])).into();
        return true;
    }
    let text = number.as_str().unwrap_or_default().to_owned();
    let digits: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = digits[draw.place(&digits)];
    let new = draw.below(10).to_string();
    *number = format!("{}{new}{}", &text[..at], &text[at + 1..]).into();
    true
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Number(_) => pointers.push(pointer),
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => pointers.push(pointer),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{place}"), pointers);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(field, format!("{pointer}/{key}"), pointers);
            }
        }
        _ => {}
    }
}

/// The same content with the last key of one object first; the hashes still fit.
fn order(draw: &mut Draw, bundle: &str) -> Result<Option<String>> {
    let value: Value = serde_json::from_str(bundle)?;
    let mut left = draw.below(u64::try_from(objects(&value)).context("too many objects")?);
    let mut text = String::new();
    write(&value, &mut left, false, &mut text)?;
    Ok(Some(text))
}

fn objects(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(objects).sum(),
        Value::Object(fields) => usize::from(fields.len() > 1) + fields.values().map(objects).sum::<usize>(),
        _ => 0,
    }
}

/// Writes the canonical form but for the object at a place, counted among those of two keys or more.
fn write(value: &Value, left: &mut u64, is_done: bool, text: &mut String) -> Result<bool> {
    let mut is_done = is_done;
    match value {
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { "," } else { "" });
                is_done = write(item, left, is_done, text)?;
            }
            text.push(']');
        }
        Value::Object(fields) => {
            // The bundle's own keys are ASCII, whose order is the same in UTF-16 and in UTF-8.
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort_unstable();
            if !is_done && keys.len() > 1 {
                if *left == 0 {
                    keys.rotate_right(1);
                    is_done = true;
                } else {
                    *left -= 1;
                }
            }
            text.push('{');
            for (place, key) in keys.into_iter().enumerate() {
                text.push_str(if place > 0 { "," } else { "" });
                text.push_str(&canonical_json(&Value::String(key.clone()))?);
                text.push(':');
                is_done = write(&fields[key], left, is_done, text)?;
            }
            text.push('}');
        }
        plain => text.push_str(&canonical_json(plain)?),
    }
    Ok(is_done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reordering_keeps_the_content_and_changes_the_bytes() {
        let bundle = r#"{"a":{"b":1,"c":[{"d":2,"e":"x"}]},"f":null}"#;
        let content: Value = serde_json::from_str(bundle).unwrap();
        for seed in 0..50 {
            let text = order(&mut Draw::new(seed, 0), bundle).unwrap().unwrap();
            assert_ne!(text, bundle);
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), content, "{text}");
        }
    }

    #[test]
    fn one_number_changes() {
        let before = serde_json::json!({ "amount": "10.00", "year": 2020, "name": "no number" });
        let mut seen = 0;
        for seed in 0..50 {
            let mut after = before.clone();
            assert!(change_number(&mut Draw::new(seed, 0), &mut after));
            assert_eq!(after["name"], before["name"]);
            let changed = usize::from(after["amount"] != before["amount"])
                + usize::from(after["year"] != before["year"]);
            assert!(changed <= 1, "{after}");
            seen += changed;
        }
        assert!(seen > 30, "only {seen} of 50 changed anything");
    }
}
