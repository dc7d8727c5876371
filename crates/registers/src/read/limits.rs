//! How much of an answer is read.

use super::ReadError;

/// How much of an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes, uncompressed.
    pub bytes: usize,
    /// The most arrays and objects in each other.
    pub depth: usize,
}

impl Limits {
    /// 64 MiB and 32 levels: the longest answers of the registers have some ten levels (boxes of coordinates).
    pub const ANSWER: Self = Self { bytes: 64 * 1024 * 1024, depth: 32 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::ANSWER
    }
}

/// Finds out whether JSON text keeps the limit on depth, in one pass and without memory of its own.
pub fn check_depth(text: &[u8], limit: usize) -> Result<(), ReadError> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return Err(ReadError::TooDeep { limit, at });
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => at = end_of_string(text, at + 1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The place of the quote that ends a string whose first letter stands at `at`, or the length of the text.
fn end_of_string(text: &[u8], mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest[found] == b'"' => return at + found,
            // The letter after a backslash ends nothing.
            Some(found) => at += found + 2,
            None => break,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted_outside_strings_only() {
        assert_eq!(check_depth(br#"{"a":["[[[[","\"[[[["]}"#, 2), Ok(()));
        assert_eq!(check_depth(b"[[[]]]", 2), Err(ReadError::TooDeep { limit: 2, at: 2 }));
        assert_eq!(check_depth(br#"[[],[],{"a":{}}]"#, 3), Ok(()));
    }

    #[test]
    fn broken_text_ends_the_pass() {
        for text in ["\"", "\"\\", "]]]]", "\"abc\\\"", ""] {
            assert_eq!(check_depth(text.as_bytes(), 1), Ok(()), "{text}");
        }
    }
}
