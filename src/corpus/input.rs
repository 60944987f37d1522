//! The documents of a run, in input order.
//!
//! In: [`Source`]s and how to read them ([`Reading`]). Out: [`Inputs`]. Start at [`Inputs::new`]. A
//! text file or page is held whole, of JSONL and CSV one record, of Parquet a batch; no document may be larger than
//! [`LARGEST_INPUT`].

use super::columns::Columns;
use super::compression::{Compression, bare, unreadable};
use super::csv::CsvRecords;
use super::entry::{Entry, Kept};
use super::files::{Files, Source};
use super::html;
use super::ids::Ids;
use super::kind::Kind;
use super::progress::{Count, Counted, Progress};
use super::record::Records;
use crate::error::{Error, Place, Result};
use crate::text::{Document, OffsetUnit};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// The most bytes that one text file, one record or one text of it may hold, uncompressed: 256 MiB.
pub const LARGEST_INPUT: usize = 256 << 20;

/// How inputs are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What the inputs are.
    pub kind: Kind,
    /// Whether bytes that are not UTF-8 become U+FFFD instead of an error. In Parquet there are none.
    pub lossy: bool,
    /// What the `target` of a record counts. Default: bytes.
    pub offsets: OffsetUnit,
    /// Which columns or keys of a record are read.
    pub columns: Columns,
    /// Whether bytes are taken as they come. Default: no; what ends in `.gz` or `.zst`, or begins as gzip or Zstandard data
    /// does, is uncompressed.
    pub raw: bool,
}

type Stream = BufReader<Box<dyn Read + Send>>;

/// Iterates over the documents of all sources in order; ids differ from each other.
///
/// An item that is an error stands for one record, file or folder that cannot be used; those behind
/// it follow.
///
/// ```
/// use parallax::corpus::{Inputs, Reading, Source};
///
/// let jsonl = "{\"id\":\"a\",\"text\":\"It rained.\"}\n{\"id\":\"b\"}\n";
/// let source = Source::Stream { name: "<example>".into(), read: Box::new(jsonl.as_bytes()) };
/// let mut inputs = Inputs::new(vec![source], Reading::default());
/// assert!(inputs.next().is_some_and(|item| item.is_ok_and(|document| document.text() == "It rained.")));
/// assert!(inputs.next().is_some_and(|item| item.is_err_and(|e| e.to_string().starts_with("<example>:2: "))));
/// assert!(inputs.next().is_none());
/// ```
pub struct Inputs {
    files: Files,
    reading: Reading,
    /// Those of the file at hand.
    records: Option<Box<dyn Iterator<Item = Result<Entry>> + Send>>,
    ids: Ids,
    group_by: Option<String>,
    progress: Progress,
}

/// A file that was opened.
enum Opened {
    Whole(Box<Entry>),
    Records(Box<dyn Iterator<Item = Result<Entry>> + Send>),
}

impl Inputs {
    /// The documents of `sources`. Nothing is read before the first is asked for.
    #[must_use]
    pub fn new(sources: Vec<Source>, reading: Reading) -> Self {
        Self {
            files: Files::new(sources),
            reading,
            records: None,
            ids: Ids::default(),
            group_by: None,
            progress: Progress::default(),
        }
    }

    /// The same documents, each in a group: of a record the value of its key or column `key`, a string or a number; of a
    /// text or page the name of the file's folder, or, where its path has none, the file's name without its ending.
    /// A record without the key is an error that says which keys it has.
    #[must_use]
    pub fn grouped_by(self, key: impl Into<String>) -> Self {
        Self { group_by: Some(key.into()), ..self }
    }

    /// How many files were passed over so far, in folders, for their extension.
    #[must_use]
    pub const fn skipped(&self) -> usize {
        self.files.skipped()
    }

    /// Bytes of all files, as they lie there; `None` where an input is a stream. It looks at every file that is still to
    /// come: ask once.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        Some(self.progress.begun() + self.files.size()?)
    }

    /// How many of these bytes are read or passed over; of a Parquet file in proportion to its rows.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.progress.position()
    }

    /// The next document with its place and the columns that were to be kept; the iterator gives the documents of these.
    pub fn next_entry(&mut self) -> Option<Result<Entry>> {
        loop {
            let read = match &mut self.records {
                Some(records) => match records.next() {
                    Some(read) => read,
                    None => {
                        self.records = None;
                        self.progress.end();
                        continue;
                    }
                },
                None => match self.files.next()?.and_then(|source| self.open(source)) {
                    Ok(Opened::Records(records)) => {
                        self.records = Some(records);
                        continue;
                    }
                    Ok(Opened::Whole(entry)) => Ok(*entry),
                    Err(error) => Err(error),
                },
            };
            if self.records.is_none() {
                self.progress.end();
            }
            return Some(read.and_then(|entry| {
                self.ids.admit(entry.document.id(), &entry.place)?;
                Ok(entry)
            }));
        }
    }

    fn open(&mut self, source: Source) -> Result<Opened> {
        let (path, read, size): (PathBuf, Box<dyn Read + Send>, _) = match source {
            Source::Stream { name, read } => (name, read, None),
            Source::Path(path) => {
                let opened = File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
                let (meta, file) = match opened {
                    Ok(opened) => opened,
                    Err(source) => return Err(Error::Read { path, source }),
                };
                (path, Box::new(file), meta.is_file().then_some(meta.len()))
            }
        };
        let count = self.progress.begin(size);
        let read = Counted { read, count: Count::clone(&count) };
        let mut stream: Stream = BufReader::with_capacity(BUFFER, Box::new(read));
        let refused = |source| unreadable(&path, source);
        let compression = match self.reading.raw {
            true => None,
            false => Compression::of(&path, stream.fill_buf().map_err(refused)?),
        };
        if let Some(compression) = compression {
            stream = BufReader::with_capacity(BUFFER, compression.unpacked(stream).map_err(refused)?);
        }
        let head = stream.fill_buf().map_err(refused)?;
        let name = if compression.is_some() { bare(&path) } else { &path };
        let kind = self.reading.kind.told(name, head);
        let is_table = matches!(kind, Kind::Jsonl | Kind::Csv | Kind::Tsv);
        if is_table && head.contains(&0) {
            return Err(binary(Place::file(path)));
        }
        let (reading, group_by) = (&self.reading, self.group_by.as_deref());
        Ok(Opened::Records(match kind {
            Kind::Jsonl => Box::new(Records::new(path, stream, LARGEST_INPUT, reading, group_by)),
            Kind::Csv => Box::new(CsvRecords::new(path, stream, b',', LARGEST_INPUT, reading, group_by)),
            Kind::Tsv => Box::new(CsvRecords::new(path, stream, b'\t', LARGEST_INPUT, reading, group_by)),
            Kind::Parquet => {
                drop(stream);
                count.store(0, Ordering::Relaxed);
                parquet_records(&path, (size.filter(|_| compression.is_none()), count), reading, group_by)?
            }
            Kind::Auto | Kind::Text | Kind::Html => {
                let mut document = whole_file(&path, stream, kind, reading.lossy)?;
                if let Some(group) = group_by.and_then(|_| group_of(&path)) {
                    document = document.in_group(group);
                }
                return Ok(Opened::Whole(Box::new(Entry { place: Place::file(path), document, kept: Kept::None })));
            }
        }))
    }
}

/// Bytes of a stream that are read at once.
const BUFFER: usize = 64 << 10;

impl Iterator for Inputs {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().map(|read| read.map(|entry| entry.document))
    }
}

/// The records of a Parquet file of so many bytes; of a stream, or in compressed form, there is no reading one.
fn parquet_records(
    path: &Path,
    (size, count): (Option<u64>, Count),
    reading: &Reading,
    group_by: Option<&str>,
) -> Result<Box<dyn Iterator<Item = Result<Entry>> + Send>> {
    let Some(size) = size else {
        return Err(Error::Input {
            place: Place::file(path),
            found: "Parquet from a stream, or compressed once more".into(),
            expected: "a Parquet file: it is read from its end".into(),
            cure: "save it to a file, uncompressed (what is in it is compressed as it is), and name that".into(),
        });
    };
    #[cfg(feature = "columnar")]
    return Ok(Box::new(super::parquet::ParquetRecords::open(path, (size, count), reading, group_by)?));
    #[cfg(not(feature = "columnar"))]
    {
        let _ = (size, count, reading, group_by);
        Err(Error::Input {
            place: Place::file(path),
            found: "a Parquet file".into(),
            expected: "text, HTML, JSONL, CSV or TSV, which is all that this build reads".into(),
            cure: "build parallax with `cargo build --release --features columnar`, or convert the file".into(),
        })
    }
}

/// The name of a file's folder, or of the file without its ending.
fn group_of(path: &Path) -> Option<String> {
    let folder = path.parent().and_then(Path::file_name);
    folder.or_else(|| bare(path).file_stem()).map(|name| name.to_string_lossy().into_owned())
}

fn whole_file(path: &Path, stream: Stream, kind: Kind, lossy: bool) -> Result<Document> {
    let place = Place::file(path);
    let mut bytes = Vec::new();
    let read: io::Result<usize> = stream.take(LARGEST_INPUT as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|source| unreadable(path, source))?;
    if bytes.len() > LARGEST_INPUT {
        return Err(too_large(place));
    }
    let id = path.display().to_string();
    let document = if kind == Kind::Html {
        html::document(&place, id, &bytes, lossy)?
    } else if lossy {
        Document::from_bytes_lossy(place.clone(), id, bytes)?
    } else {
        Document::from_bytes(place.clone(), id, bytes)?
    };
    if document.text().trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(empty(place));
    }
    Ok(document)
}

pub(super) fn empty(place: Place) -> Error {
    Error::Input {
        place,
        found: "an empty input".into(),
        expected: "text".into(),
        cure: "put the article's text in it, or leave it out".into(),
    }
}

pub(super) fn too_large(place: Place) -> Error {
    let what = if place.line.is_some() { "record" } else { "file" };
    Error::Input {
        place,
        found: format!("a {what} of more than {} MiB", LARGEST_INPUT >> 20),
        expected: "one article".into(),
        cure: "cut it into articles: one file each, or one record each".into(),
    }
}

fn binary(place: Place) -> Error {
    Error::Input {
        place,
        found: "binary data".into(),
        expected: "records in UTF-8".into(),
        cure: "extract the text first, or convert UTF-16 to UTF-8".into(),
    }
}
