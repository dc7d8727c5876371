//! Where records begin and end, byte by byte and across parts.

/// Where the scan is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the array.
    Start,
    /// Right within the array: a record or the end follows.
    First,
    /// After a comma: a record follows.
    Next,
    /// After a record: a comma or the end follows.
    After,
    /// In a record.
    In,
    /// After the array.
    End,
}

/// What the scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scanned {
    /// A record ends before this byte.
    Record(usize),
    /// The bytes are used up.
    More,
    /// This byte does not belong there.
    Wrong(usize),
    /// This byte begins a level too many.
    TooDeep(usize),
}

/// The state of a scan.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) place: Place,
    /// Where the record begins, within the bytes.
    pub(super) record: usize,
    at: usize,
    depth: usize,
    in_string: bool,
    depth_limit: usize,
}

impl Scan {
    pub(super) fn new(place: Place, depth_limit: usize) -> Self {
        Self { place, record: 0, at: 0, depth: 0, in_string: false, depth_limit }
    }

    /// The bytes before this one are gone: those of the record stay.
    pub(super) fn forget(&mut self, bytes: usize) {
        self.at -= bytes;
        self.record = self.record.saturating_sub(bytes);
    }

    /// Goes on to the end of the next record.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Scanned {
        while let Some(byte) = bytes.get(self.at) {
            let at = self.at;
            match (self.place, byte) {
                (Place::In, _) => return self.in_record(bytes),
                (_, b' ' | b'\n' | b'\r' | b'\t') => {}
                (Place::Start, b'[') => self.place = Place::First,
                (Place::First | Place::Next, b'{') => {
                    (self.place, self.record, self.depth) = (Place::In, at, 0);
                    continue;
                }
                (Place::First | Place::After, b']') => self.place = Place::End,
                (Place::After, b',') => self.place = Place::Next,
                _ => return Scanned::Wrong(at),
            }
            self.at += 1;
        }
        Scanned::More
    }

    fn in_record(&mut self, bytes: &[u8]) -> Scanned {
        let mut at = self.at;
        if self.in_string && !self.pass_string(bytes, &mut at) {
            return Scanned::More;
        }
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'"' if !self.pass_string(bytes, &mut at) => return Scanned::More,
                b'{' | b'[' => {
                    self.depth += 1;
                    if self.depth > self.depth_limit {
                        return Scanned::TooDeep(at - 1);
                    }
                }
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        (self.at, self.place) = (at, Place::After);
                        return Scanned::Record(at);
                    }
                }
                _ => {}
            }
        }
        self.at = at;
        Scanned::More
    }

    /// Goes behind the quote that ends a string; false where it is not there yet.
    fn pass_string(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        loop {
            let rest = bytes.get(*at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(found) if rest[found] == b'"' => {
                    *at += found + 1;
                    self.in_string = false;
                    return true;
                }
                // The letter after the backslash must be there, too.
                Some(found) if found + 1 < rest.len() => *at += found + 2,
                Some(found) => {
                    (self.at, self.in_string) = (*at + found, true);
                    return false;
                }
                None => {
                    (self.at, self.in_string) = (bytes.len(), true);
                    return false;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All records of a text that comes in parts of a length.
    fn records(text: &str, length: usize) -> Result<Vec<String>, Scanned> {
        let mut scan = Scan::new(Place::Start, 4);
        let (mut bytes, mut found) = (Vec::new(), Vec::new());
        for part in text.as_bytes().chunks(length) {
            let keep = if scan.place == Place::In { scan.record } else { scan.at };
            bytes.drain(..keep);
            scan.forget(keep);
            bytes.extend_from_slice(part);
            loop {
                match scan.next(&bytes) {
                    Scanned::Record(end) => {
                        found.push(String::from_utf8(bytes[scan.record..end].to_vec()).unwrap());
                    }
                    Scanned::More => break,
                    fault => return Err(fault),
                }
            }
        }
        assert_eq!(scan.place, Place::End);
        Ok(found)
    }

    #[test]
    fn records_are_the_same_in_parts_of_any_length() {
        let text = r#" [ {"a":"}]\"{"} ,{"b":[{"c":"\\"}]},{} ] "#;
        for length in 1..=text.len() {
            assert_eq!(
                records(text, length).unwrap(),
                [r#"{"a":"}]\"{"}"#, r#"{"b":[{"c":"\\"}]}"#, "{}"],
                "{length}"
            );
        }
        assert_eq!(records("[]", 1).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_array_of_objects_is_found() {
        for (text, fault) in [
            ("{}", Scanned::Wrong(0)),
            ("[1]", Scanned::Wrong(1)),
            ("[{} {}]", Scanned::Wrong(4)),
            ("[{},]", Scanned::Wrong(4)),
            ("[,{}]", Scanned::Wrong(1)),
            ("[{}]x", Scanned::Wrong(4)),
            (r#"[{"a":[[[["#, Scanned::TooDeep(9)),
        ] {
            assert_eq!(records(text, 100), Err(fault), "{text}");
        }
    }
}
