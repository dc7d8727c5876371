//! Bytes as text: UTF-8, and the single-byte letters of older services.

use std::borrow::Cow;

/// How bytes were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, as JSON must be.
    Utf8,
    /// Windows-1252, which has all letters of ISO-8859-1: Klass writes its tables so, and some stored answers are.
    Windows1252,
}

/// What stands in Windows-1252 where ISO-8859-1 has control characters, from 0x80. Five places are empty and stay controls.
const FROM_0X80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads bytes as text, without a byte order mark. UTF-8 where it is valid, whatever is declared: services declare wrongly, and text with
/// Norwegian letters in a single-byte encoding is never valid UTF-8 by chance that matters.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
        Err(_) => (bytes.iter().map(|byte| letter(*byte)).collect(), Encoding::Windows1252),
    }
}

fn letter(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|place| FROM_0X80.get(usize::from(place)));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_give_the_same_text() {
        assert_eq!(decode("Bømlo – 1".as_bytes()), ("Bømlo – 1".into(), Encoding::Utf8));
        assert_eq!(decode(b"B\xf8mlo \x96 1"), ("Bømlo – 1".into(), Encoding::Windows1252));
    }

    #[test]
    fn a_byte_order_mark_is_no_letter() {
        assert_eq!(decode(b"\xef\xbb\xbfa;b").0, "a;b");
    }
}
