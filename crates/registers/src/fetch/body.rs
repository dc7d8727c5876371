//! Bytes of an answer, as far as the limits reach.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use tokio::time::timeout;

use super::FetchError;

/// Where a file goes.
pub trait Sink: Send {
    /// Empties it: an attempt begins.
    fn begin(&mut self) -> io::Result<()>;
    /// Takes the next bytes.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// The file is whole.
    fn end(&mut self) -> io::Result<()>;
}

/// A sink into a file, which is synced at the end.
#[derive(Debug)]
pub struct FileSink(File);

impl FileSink {
    /// Into this file, from its beginning.
    pub fn new(file: File) -> Self {
        Self(file)
    }
}

impl Sink for FileSink {
    fn begin(&mut self) -> io::Result<()> {
        self.0.set_len(0)?;
        self.0.seek(SeekFrom::Start(0)).map(drop)
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}

/// The next bytes of a body, within the time for silence.
pub(super) async fn next(body: &mut Incoming, silence: Duration) -> Result<Option<Bytes>, FetchError> {
    loop {
        let frame = timeout(silence, body.frame()).await.map_err(|_| FetchError::TimedOut("silence"))?;
        match frame {
            None => return Ok(None),
            Some(Err(error)) => return Err(told(&error)),
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
        }
    }
}

/// The whole body, at most so many bytes as it comes.
pub(super) async fn whole(body: &mut Incoming, limit: u64, silence: Duration) -> Result<Vec<u8>, FetchError> {
    let mut all = Vec::new();
    while let Some(bytes) = next(body, silence).await? {
        if (all.len() + bytes.len()) as u64 > limit {
            return Err(FetchError::TooLarge { limit });
        }
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

/// Unpacks a body that the server says is packed, at most so many bytes. Memory grows with what is read, never with what is claimed.
pub(super) fn unpack(body: Vec<u8>, encoding: Option<&str>, limit: u64) -> Result<Vec<u8>, FetchError> {
    match encoding.map(str::trim) {
        None | Some("" | "identity") => Ok(body),
        Some("gzip" | "x-gzip") => {
            let mut unpacked = Vec::new();
            let mut decoder = MultiGzDecoder::new(body.as_slice()).take(limit.saturating_add(1));
            decoder.read_to_end(&mut unpacked).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => FetchError::CutShort,
                _ => FetchError::Packing(error.to_string()),
            })?;
            if unpacked.len() as u64 > limit {
                return Err(FetchError::UnpacksTooLarge { limit });
            }
            Ok(unpacked)
        }
        Some(other) => Err(FetchError::Packing(format!("`{other}` was not asked for"))),
    }
}

fn told(error: &hyper::Error) -> FetchError {
    // A body of known length, or in chunks, that ends early; a reset connection is as much.
    let reset = super::transport::innermost(error).downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
    });
    if error.is_incomplete_message() || error.is_body_write_aborted() || reset {
        FetchError::CutShort
    } else {
        FetchError::Connection(error.to_string())
    }
}
