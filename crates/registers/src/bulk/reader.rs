//! Units one by one.

use std::io::Read;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};

use super::BulkError;
use super::scan::{Place, Scan, Scanned};
use super::unpack::{PART, Unpacked};
use crate::enhetsregisteret::Unit;
use crate::read::ReadError;

/// How much of a national file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkLimits {
    /// The most bytes of the file, unpacked.
    pub bytes: u64,
    /// The most bytes of one record.
    pub record_bytes: usize,
    /// The most arrays and objects in each other, within a record.
    pub depth: usize,
    /// The most records that may be unreadable.
    pub unreadable: u64,
}

impl Default for BulkLimits {
    /// 16 GiB in records of at most 1 MiB, 32 levels, and a thousand unreadable records: some ten times the file of all head units.
    fn default() -> Self {
        Self { bytes: 16 * 1024 * 1024 * 1024, record_bytes: 1024 * 1024, depth: 32, unreadable: 1000 }
    }
}

/// Where a file is read to: right after a record. To be stored together with what was made of the records before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Bytes, unpacked.
    pub bytes: u64,
    /// Records.
    pub records: u64,
    /// CRC-32 of all bytes before it: another file has another.
    pub checksum: u32,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkItem {
    /// A unit.
    Unit(Box<Unit>),
    /// No unit. The file goes on.
    Unreadable {
        /// Which record, from 0.
        record: u64,
        /// What is wrong with it.
        error: ReadError,
    },
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulkProgress {
    /// Records that were read.
    pub records: u64,
    /// Bytes that were read of the file as it is: beside its size they tell how much is left. They run a little ahead of the records.
    pub packed_bytes: u64,
}

/// Reads a national file.
pub struct BulkReader {
    unpacked: Unpacked,
    limits: BulkLimits,
    /// What is not read yet, and the record that was read last.
    buffer: Vec<u8>,
    scan: Scan,
    /// Of all bytes before the buffer.
    hasher: Hasher,
    /// Bytes before the buffer.
    gone: u64,
    /// The end of the last record, within the buffer.
    end: usize,
    records: u64,
    unreadable: u64,
}

impl BulkReader {
    /// Begins a file, or goes on with it after a position. What lies before the position is unpacked again and compared, which is quick.
    pub fn open(
        source: impl Read + Send + 'static,
        limits: BulkLimits,
        from: Option<Position>,
    ) -> Result<Self, BulkError> {
        let mut reader = Self {
            unpacked: Unpacked::start(source),
            limits,
            buffer: Vec::with_capacity(2 * PART),
            scan: Scan::new(Place::Start, limits.depth),
            hasher: Hasher::new(),
            gone: 0,
            end: 0,
            records: 0,
            unreadable: 0,
        };
        if let Some(position) = from.filter(|position| position.bytes > 0) {
            reader.go_to(position)?;
        }
        Ok(reader)
    }

    /// The bytes of the next record; none at the end of a whole file.
    pub fn next_record(&mut self) -> Result<Option<&[u8]>, BulkError> {
        loop {
            match self.scan.next(&self.buffer) {
                Scanned::Record(end) => {
                    if end - self.scan.record > self.limits.record_bytes {
                        return Err(self.record_too_large());
                    }
                    self.end = end;
                    self.records += 1;
                    return Ok(Some(&self.buffer[self.scan.record..end]));
                }
                Scanned::Wrong(at) => return Err(BulkError::NotRecords { at: self.gone + at as u64 }),
                Scanned::TooDeep(at) => {
                    return Err(BulkError::TooDeep { at: self.gone + at as u64, limit: self.limits.depth });
                }
                Scanned::More => {
                    // Also what stands between records must end.
                    if self.buffer.len() - self.end > self.limits.record_bytes {
                        return Err(self.record_too_large());
                    }
                    if !self.fill()? {
                        let is_whole = self.scan.place == Place::End;
                        let cut = BulkError::CutShort { at: self.gone + self.buffer.len() as u64 };
                        return if is_whole { Ok(None) } else { Err(cut) };
                    }
                }
            }
        }
    }

    /// The next unit, or what is wrong with the next record; none at the end of a whole file.
    pub fn next_item(&mut self) -> Result<Option<BulkItem>, BulkError> {
        let record = self.records;
        let Some(bytes) = self.next_record()? else { return Ok(None) };
        let error = match serde_json::from_slice::<Box<Unit>>(bytes) {
            Ok(unit) => return Ok(Some(BulkItem::Unit(unit))),
            Err(error) => ReadError::Shape { path: format!("[{record}]"), what: error.to_string() },
        };
        self.unreadable += 1;
        if self.unreadable > self.limits.unreadable {
            return Err(BulkError::TooManyUnreadable { limit: self.limits.unreadable, last: error });
        }
        Ok(Some(BulkItem::Unreadable { record, error }))
    }

    /// Reads on, and tells progress after each so many records and at the end, until the end or until `take` wants no more.
    pub fn read_on(
        &mut self,
        every: u64,
        mut take: impl FnMut(BulkItem) -> std::ops::ControlFlow<()>,
        mut tell: impl FnMut(BulkProgress),
    ) -> Result<(), BulkError> {
        while let Some(item) = self.next_item()? {
            let goes_on = take(item).is_continue();
            if self.records.is_multiple_of(every.max(1)) {
                tell(self.progress());
            }
            if !goes_on {
                break;
            }
        }
        tell(self.progress());
        Ok(())
    }

    /// Where the file is read to: after the record that was given last.
    pub fn position(&self) -> Position {
        let mut hasher = self.hasher.clone();
        hasher.update(&self.buffer[..self.end]);
        Position { bytes: self.gone + self.end as u64, records: self.records, checksum: hasher.finalize() }
    }

    /// How far it is.
    pub fn progress(&self) -> BulkProgress {
        BulkProgress { records: self.records, packed_bytes: self.unpacked.packed_bytes() }
    }

    fn record_too_large(&self) -> BulkError {
        BulkError::RecordTooLarge { at: self.gone + self.end as u64, limit: self.limits.record_bytes }
    }

    /// Lets go of what is read, and takes the next part; false at the end.
    fn fill(&mut self) -> Result<bool, BulkError> {
        let at = self.gone + self.buffer.len() as u64;
        let part = match self.unpacked.next() {
            None => return Ok(false),
            Some(Err(BulkError::CutShort { .. })) => return Err(BulkError::CutShort { at }),
            Some(part) => part?,
        };
        if at + part.len() as u64 > self.limits.bytes {
            return Err(BulkError::TooLarge { limit: self.limits.bytes });
        }
        // All before the end of the last record goes; of what follows it nothing, so that a position can be told.
        let read = self.end;
        self.hasher.update(&self.buffer[..read]);
        self.buffer.drain(..read);
        self.scan.forget(read);
        self.gone += read as u64;
        self.end = 0;
        self.buffer.extend_from_slice(&part);
        self.unpacked.give_back(part);
        Ok(true)
    }

    /// Passes over what was read before.
    fn go_to(&mut self, position: Position) -> Result<(), BulkError> {
        let mut left = position.bytes;
        while left > 0 {
            let part = match self.unpacked.next() {
                None | Some(Err(BulkError::CutShort { .. })) => return Err(BulkError::OtherFile),
                Some(part) => part?,
            };
            let passed = part.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            self.hasher.update(&part[..passed]);
            self.buffer.extend_from_slice(&part[passed..]);
            left -= passed as u64;
            self.unpacked.give_back(part);
        }
        if self.hasher.clone().finalize() != position.checksum {
            return Err(BulkError::OtherFile);
        }
        (self.gone, self.records) = (position.bytes, position.records);
        self.scan = Scan::new(Place::After, self.limits.depth);
        Ok(())
    }
}
