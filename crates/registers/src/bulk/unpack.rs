//! Unpacking on a thread of its own.

use std::io::{self, BufReader, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use flate2::bufread::MultiGzDecoder;

use super::BulkError;

/// Bytes of a part, unpacked.
pub(super) const PART: usize = 256 * 1024;

/// Parts that are unpacked ahead.
const AHEAD: usize = 4;

/// What a `.gz` file begins with (RFC 1952).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Parts of a file, as they come out of unpacking.
pub(super) struct Unpacked {
    parts: Receiver<Result<Vec<u8>, BulkError>>,
    used: SyncSender<Vec<u8>>,
    packed: Arc<AtomicU64>,
}

impl Unpacked {
    /// Begins. The thread ends with the file, with an error, or when this is dropped.
    pub(super) fn start(source: impl Read + Send + 'static) -> Self {
        let (send, parts) = sync_channel(AHEAD);
        // Room for all parts there can be, so that giving one back never waits.
        let (used, reuse) = sync_channel(2 * AHEAD + 2);
        let packed = Arc::new(AtomicU64::new(0));
        let counted = Counted { source, count: Arc::clone(&packed) };
        thread::spawn(move || unpack(BufReader::with_capacity(PART, counted), &send, &reuse));
        Self { parts, used, packed }
    }

    /// The next part; none at the end.
    pub(super) fn next(&self) -> Option<Result<Vec<u8>, BulkError>> {
        self.parts.recv().ok()
    }

    /// Gives a part back for use.
    pub(super) fn give_back(&self, part: Vec<u8>) {
        // Where there is no room it is freed instead.
        let _ = self.used.try_send(part);
    }

    /// Bytes that were read of the file as it is.
    pub(super) fn packed_bytes(&self) -> u64 {
        self.packed.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    source: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.source.read(buffer)?;
        self.count.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

fn unpack(
    mut source: BufReader<Counted<impl Read>>,
    send: &SyncSender<Result<Vec<u8>, BulkError>>,
    reuse: &Receiver<Vec<u8>>,
) {
    let mut beginning = [0; MAGIC.len()];
    let (read, fault) = read_full(&mut source, &mut beginning);
    let is_packed = beginning == MAGIC;
    let source = io::Cursor::new(beginning[..read].to_vec()).chain(source);
    let outcome = match fault {
        Some(fault) => Err(fault),
        None if is_packed => {
            send_parts(MultiGzDecoder::new(BufReader::with_capacity(PART, source)), send, reuse)
        }
        None => send_parts(source, send, reuse),
    };
    if let Err(error) = outcome {
        let told = match error.kind() {
            // Where, only the reader knows.
            ErrorKind::UnexpectedEof => BulkError::CutShort { at: 0 },
            ErrorKind::InvalidInput | ErrorKind::InvalidData if is_packed => {
                BulkError::Packing(error.to_string())
            }
            _ => BulkError::Source(error),
        };
        // Nobody waits for it any more where this fails.
        let _ = send.send(Err(told));
    }
}

fn send_parts(
    mut source: impl Read,
    send: &SyncSender<Result<Vec<u8>, BulkError>>,
    reuse: &Receiver<Vec<u8>>,
) -> io::Result<()> {
    loop {
        let mut part = reuse.try_recv().unwrap_or_default();
        part.resize(PART, 0);
        // What was unpacked before a fault is read still.
        let (read, fault) = read_full(&mut source, &mut part);
        part.truncate(read);
        let is_end = read < PART;
        if read > 0 && send.send(Ok(part)).is_err() {
            return Ok(());
        }
        if let Some(fault) = fault {
            return Err(fault);
        }
        if is_end {
            return Ok(());
        }
    }
}

/// Fills the buffer, but for the end or a fault; how far it came, and the fault.
fn read_full(source: &mut impl Read, buffer: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}
