//! How far the files of a run are read.
//!
//! In: each file as it is begun and ended, and the bytes that are read of it. Out: [`Progress::position`]. Start at
//! [`Progress::begin`].

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that were read of the file at hand, which its reader counts.
pub(super) type Count = Arc<AtomicU64>;

/// How many bytes of all files are read.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Bytes of the files that are done with.
    passed: u64,
    /// What is read of the file at hand, and how long it is; of a stream nobody knows.
    current: Option<(Count, Option<u64>)>,
}

impl Progress {
    /// Begins a file of `size` bytes, or a stream; the one before is done with.
    pub(super) fn begin(&mut self, size: Option<u64>) -> Count {
        self.end();
        let count = Count::default();
        self.current = Some((Arc::clone(&count), size));
        count
    }

    /// Whatever was not read of the file at hand will not be.
    pub(super) fn end(&mut self) {
        if let Some((count, size)) = self.current.take() {
            self.passed += size.unwrap_or_else(|| count.load(Ordering::Relaxed));
        }
    }

    /// Bytes that are read, and those that were passed over.
    pub(super) fn position(&self) -> u64 {
        self.passed
            + self
                .current
                .as_ref()
                .map_or(0, |(count, size)| count.load(Ordering::Relaxed).min(size.unwrap_or(u64::MAX)))
    }

    /// Bytes of the files that were begun.
    pub(super) fn begun(&self) -> u64 {
        self.passed + self.current.as_ref().and_then(|(_, size)| *size).unwrap_or(0)
    }
}

/// A stream whose bytes are counted as they are read.
pub(super) struct Counted<R> {
    pub read: R,
    pub count: Count,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.read.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
