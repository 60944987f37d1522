//! Inputs that are compressed, with gzip or Zstandard.
//!
//! In: a stream, and its name. Out: a stream of what was compressed, which reports damage as such. Start at
//! [`Compression::of`]. Nothing is held but the window that the format needs (at most 128 MiB), so that a small file
//! which unpacks to a huge one fills no memory: what may be held of it is limited by those who read on.

use crate::error::{Error, Place};
use flate2::bufread::MultiGzDecoder;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::Path;

/// The endings, in any case, that a file of any kind may have behind its extension.
pub const COMPRESSED: [&str; 2] = ["gz", "zst"];

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// By the ending of the name, else by the first bytes; neither format's are any text's.
    pub(super) fn of(path: &Path, head: &[u8]) -> Option<Self> {
        match ending(path) {
            Some("gz") => Some(Self::Gzip),
            Some(_) => Some(Self::Zstd),
            None if head.starts_with(b"\x1F\x8B") => Some(Self::Gzip),
            None if head.starts_with(b"\x28\xB5\x2F\xFD") => Some(Self::Zstd),
            None => None,
        }
    }

    /// What `stream` holds, all members or frames of it.
    pub(super) fn unpacked(self, stream: impl BufRead + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
        let (format, read): (_, Box<dyn Read + Send>) = match self {
            Self::Gzip => ("gzip", Box::new(MultiGzDecoder::new(stream))),
            Self::Zstd => ("Zstandard", Box::new(zstd::Decoder::with_buffer(stream)?)),
        };
        Ok(Box::new(Unpacked { read, format, refused: None }))
    }
}

/// The ending that says how a file is compressed, as in [`COMPRESSED`].
fn ending(path: &Path) -> Option<&'static str> {
    let extension = path.extension().and_then(|e| e.to_str())?;
    COMPRESSED.into_iter().find(|known| extension.eq_ignore_ascii_case(known))
}

/// A file's name as it would be uncompressed: `news.csv` for `news.csv.gz`.
pub(super) fn bare(path: &Path) -> &Path {
    match ending(path) {
        Some(_) => path.file_stem().map_or(path, Path::new),
        None => path,
    }
}

/// Reads as much as it is asked for where there is as much, and what comes before damage before it tells of it.
struct Unpacked {
    read: Box<dyn Read + Send>,
    format: &'static str,
    refused: Option<io::Error>,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() && self.refused.is_none() {
            match self.read.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.refused = Some(error),
            }
        }
        match self.refused.take_if(|_| filled == 0) {
            None => Ok(filled),
            // What the system says is no damage.
            Some(error) if error.raw_os_error().is_some() => Err(error),
            Some(error) => Err(io::Error::other(Damage { format: self.format, reason: error.to_string() })),
        }
    }
}

/// Why a compressed stream cannot be read on.
#[derive(Debug)]
struct Damage {
    format: &'static str,
    reason: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} data that is damaged or cut short ({})", self.format, self.reason)
    }
}

impl std::error::Error for Damage {}

/// The error for a stream that cannot be read on.
pub(super) fn unreadable(path: &Path, source: io::Error) -> Error {
    match source.get_ref().and_then(|inner| inner.downcast_ref::<Damage>()) {
        None => Error::Read { path: path.to_path_buf(), source },
        Some(damage) => Error::Input {
            place: Place::file(path),
            found: damage.to_string(),
            expected: "a whole compressed file".into(),
            cure: "copy or download it again; of records, those before the damage were read".into(),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use flate2::write::GzEncoder;
    use std::io::{Cursor, Write};

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn packed(compression: Compression, text: &[u8]) -> Vec<u8> {
        match compression {
            Compression::Gzip => gzip(text),
            Compression::Zstd => zstd::encode_all(text, 1).unwrap(),
        }
    }

    fn read(compression: Compression, bytes: Vec<u8>) -> (Vec<u8>, Option<Error>) {
        let mut all = Vec::new();
        let mut stream = compression.unpacked(Cursor::new(bytes)).unwrap();
        let read = stream.read_to_end(&mut all);
        (all, read.err().map(|error| unreadable(Path::new("a.gz"), error)))
    }

    #[test]
    fn all_members_and_frames_are_read() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let bytes = [packed(compression, b"one "), packed(compression, b""), packed(compression, b"two")].concat();
            assert_eq!(Compression::of(Path::new("<stdin>"), &bytes), Some(compression));
            let (read, error) = read(compression, bytes);
            assert_eq!((read.as_slice(), error.is_none()), (&b"one two"[..], true));
        }
    }

    #[test]
    fn what_comes_before_damage_is_read_and_the_damage_is_told() {
        let text: String = (0..50_000).map(|n| format!("{n} ")).collect();
        for compression in [Compression::Gzip, Compression::Zstd] {
            let whole = packed(compression, text.as_bytes());
            for bytes in [whole[..whole.len() / 2].to_vec(), [&whole[..], b"no more of it"].concat()] {
                let (read, error) = read(compression, bytes);
                assert!(!read.is_empty() && text.as_bytes().starts_with(&read));
                assert!(error.unwrap().to_string().contains("data that is damaged or cut short"));
            }
        }
    }

    #[test]
    fn the_name_without_the_ending_says_what_is_compressed() {
        let of = |name: &'static str| bare(Path::new(name)).to_str();
        assert_eq!(of("x/news.csv.GZ"), Some("news.csv"));
        assert_eq!((of("x/news.csv"), of("news.txt.zst")), (Some("x/news.csv"), Some("news.txt")));
    }
}
