//! Fields and lines of a file.

use std::borrow::Cow;

use super::{PabulibError, PabulibProblem};

/// Walks over fields separated by semicolons, which may be quoted.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    line: usize,
    /// Lines inside the quoted field that was read last.
    inside: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), line: 1, inside: 0 }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) const fn error(&self, problem: PabulibProblem) -> PabulibError {
        PabulibError { line: self.line, problem }
    }

    /// The line from here on, without its end; nothing is consumed.
    pub(super) fn peek_line(&self) -> &'a [u8] {
        trim(&self.rest[..end_of_line(self.rest)])
    }

    /// Whether the line can be neither blank nor the name of a section, by its first byte.
    pub(super) fn is_plain(&self) -> bool {
        self.rest.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'"')
    }

    /// Leaves the line, whatever is left of it; quoted fields may hold ends of lines.
    pub(super) fn skip_line(&mut self) -> Result<(), PabulibError> {
        let end = end_of_line(self.rest);
        if self.rest[..end].contains(&b'"') {
            while self.field()?.1 {}
            return Ok(());
        }
        self.leave(end);
        self.line += 1;
        Ok(())
    }

    fn leave(&mut self, length: usize) {
        self.rest = self.rest.get(length + 1..).unwrap_or_default();
    }

    /// The next field without quotes and surrounding blanks, and whether another one follows on the line.
    pub(super) fn field(&mut self) -> Result<(Cow<'a, [u8]>, bool), PabulibError> {
        if self.rest.first() == Some(&b'"') {
            return self.quoted();
        }
        let length =
            self.rest.iter().position(|&byte| byte == b';' || byte == b'\n').unwrap_or(self.rest.len());
        let field = trim(&self.rest[..length]);
        let follows = self.rest.get(length) == Some(&b';');
        self.leave(length);
        if !follows {
            self.line += 1;
        }
        Ok((Cow::Borrowed(field), follows))
    }

    /// A quoted field, in which a quote is doubled. What follows the closing quote is taken as it is.
    fn quoted(&mut self) -> Result<(Cow<'a, [u8]>, bool), PabulibError> {
        let mut text = Vec::new();
        let mut at = 1;
        loop {
            match self.rest.get(at) {
                None => return Err(self.error(PabulibProblem::OpenQuote)),
                Some(b'"') if self.rest.get(at + 1) == Some(&b'"') => {
                    text.push(b'"');
                    at += 2;
                }
                Some(b'"') => break,
                Some(&byte) => {
                    self.inside += usize::from(byte == b'\n');
                    text.push(byte);
                    at += 1;
                }
            }
        }
        self.rest = &self.rest[at + 1..];
        self.line += std::mem::take(&mut self.inside);
        let length =
            self.rest.iter().position(|&byte| byte == b';' || byte == b'\n').unwrap_or(self.rest.len());
        text.extend_from_slice(trim(&self.rest[..length]));
        let follows = self.rest.get(length) == Some(&b';');
        self.leave(length);
        if !follows {
            self.line += 1;
        }
        Ok((Cow::Owned(trim(&text).to_vec()), follows))
    }

    /// All fields of the line.
    pub(super) fn row(&mut self) -> Result<Vec<String>, PabulibError> {
        let mut fields = Vec::new();
        loop {
            let (line, (field, follows)) = (self.line, self.field()?);
            fields.push(text(&field).map_err(|problem| PabulibError { line, problem })?);
            if !follows {
                return Ok(fields);
            }
        }
    }

    pub(super) const fn line(&self) -> usize {
        self.line
    }
}

/// The length up to the end of the line.
fn end_of_line(bytes: &[u8]) -> usize {
    // Counting in blocks, without a branch per byte, lets the compiler use wide registers.
    let mut start = 0;
    for block in bytes.chunks(64) {
        if block.iter().fold(0, |found, &byte| found + u8::from(byte == b'\n')) > 0 {
            return start + block.iter().position(|&byte| byte == b'\n').unwrap_or(block.len());
        }
        start += block.len();
    }
    bytes.len()
}

pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

pub(super) fn text(bytes: &[u8]) -> Result<String, PabulibProblem> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| PabulibProblem::Encoding)
}
