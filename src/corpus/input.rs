//! The documents of a run, in input order.
//!
//! In: [`Source`]s and how to read them ([`Reading`]). Out: [`Inputs`]. Start at [`Inputs::new`]. A
//! text file or page is held whole, of a JSONL file one line; neither may be larger than [`LARGEST_INPUT`].

use super::files::{Files, Source};
use super::html;
use super::ids::Ids;
use super::record::Records;
use crate::error::{Error, Place, Result};
use crate::text::{Document, OffsetUnit};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The most bytes that one text file or one line of JSONL may hold: 256 MiB.
pub const LARGEST_INPUT: usize = 256 << 20;

/// What the bytes of an input are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// JSONL for `.jsonl` and `.ndjson`, HTML for `.html`, `.htm` and `.xhtml`; any other input is HTML
    /// where it begins as a page does, text for `.txt`, `.md` and `.text`, else JSONL where the first
    /// character is `{`, text otherwise.
    #[default]
    Auto,
    /// Plain text: a file is a document.
    Text,
    /// JSON Lines: a line is a document.
    Jsonl,
    /// HTML: a file is a page, and the document its article.
    Html,
}

/// How inputs are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// What the inputs are.
    pub kind: Kind,
    /// Whether bytes that are not UTF-8 become U+FFFD instead of an error.
    pub lossy: bool,
    /// What the `target` of a record counts. Default: bytes.
    pub offsets: OffsetUnit,
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
    records: Option<Records<Stream>>,
    ids: Ids,
    group_by: Option<String>,
}

enum Opened {
    Text(Place, Document),
    Records(Records<Stream>),
}

impl Inputs {
    /// The documents of `sources`. Nothing is read before the first is asked for.
    #[must_use]
    pub fn new(sources: Vec<Source>, reading: Reading) -> Self {
        Self { files: Files::new(sources), reading, records: None, ids: Ids::default(), group_by: None }
    }

    /// The same documents, each in a group: of a JSONL record the value of its key `key`, a string or a number; of a
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
}

impl Iterator for Inputs {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let read = match &mut self.records {
                Some(records) => match records.next() {
                    Some(read) => read,
                    None => {
                        self.records = None;
                        continue;
                    }
                },
                None => match self.files.next()?.and_then(|source| open(source, self.reading)) {
                    Ok(Opened::Text(place, document)) => {
                        let group = self.group_by.is_some().then(|| group_of(&place.path)).flatten();
                        Ok((
                            place,
                            match group {
                                Some(group) => document.in_group(group),
                                None => document,
                            },
                        ))
                    }
                    Ok(Opened::Records(records)) => {
                        self.records = Some(records.grouped_by(self.group_by.clone()));
                        continue;
                    }
                    Err(error) => Err(error),
                },
            };
            return Some(read.and_then(|(place, document)| {
                self.ids.admit(document.id(), &place)?;
                Ok(document)
            }));
        }
    }
}

fn open(source: Source, reading: Reading) -> Result<Opened> {
    let (path, read): (PathBuf, Box<dyn Read + Send>) = match source {
        Source::Stream { name, read } => (name, read),
        Source::Path(path) => match File::open(&path) {
            Ok(file) => (path, Box::new(file)),
            Err(source) => return Err(Error::Read { path, source }),
        },
    };
    let mut stream = BufReader::with_capacity(64 << 10, read);
    let head = stream.fill_buf().map_err(|source| Error::Read { path: path.clone(), source })?;
    let kind = kind_of(reading.kind, &path, head);
    if kind == Kind::Jsonl {
        if head.contains(&0) {
            return Err(binary(Place::file(path)));
        }
        return Ok(Opened::Records(Records::new(path, stream, LARGEST_INPUT, reading)));
    }
    let document = whole_file(&path, stream, kind, reading.lossy)?;
    Ok(Opened::Text(Place::file(path), document))
}

/// The name of a file's folder, or of the file without its ending.
fn group_of(path: &Path) -> Option<String> {
    let folder = path.parent().and_then(Path::file_name);
    folder.or_else(|| path.file_stem()).map(|name| name.to_string_lossy().into_owned())
}

/// What an input is: as the user said, else by its extension, else by its first characters.
fn kind_of(said: Kind, path: &Path, head: &[u8]) -> Kind {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    match (said, extension.as_str()) {
        (Kind::Auto, "jsonl" | "ndjson") => Kind::Jsonl,
        (Kind::Auto, "html" | "htm" | "xhtml") => Kind::Html,
        (Kind::Auto, _) if html::is_html(head) => Kind::Html,
        (Kind::Auto, "txt" | "md" | "text") => Kind::Text,
        (Kind::Auto, _) => {
            let begins = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
            if begins.starts_with(b"{") { Kind::Jsonl } else { Kind::Text }
        }
        (said, _) => said,
    }
}

fn whole_file(path: &Path, stream: Stream, kind: Kind, lossy: bool) -> Result<Document> {
    let place = Place::file(path);
    let mut bytes = Vec::new();
    let read: io::Result<usize> = stream.take(LARGEST_INPUT as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
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
    let what = if place.line.is_some() { "line" } else { "file" };
    Error::Input {
        place,
        found: format!("a {what} of more than {} MiB", LARGEST_INPUT >> 20),
        expected: "one article".into(),
        cure: "cut it into articles: one file each, or one line of JSONL each".into(),
    }
}

fn binary(place: Place) -> Error {
    Error::Input {
        place,
        found: "binary data".into(),
        expected: "JSON Lines in UTF-8".into(),
        cure: "extract the text first, or convert UTF-16 to UTF-8".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(streams: &[(&str, &'static str)], kind: Kind) -> Vec<String> {
        let source = |&(name, text): &(&str, &'static str)| Source::Stream {
            name: name.into(),
            read: Box::new(text.as_bytes()),
        };
        let reading = Reading { kind, ..Reading::default() };
        let inputs = Inputs::new(streams.iter().map(source).collect(), reading);
        inputs.map(|item| item.map_or_else(|e| e.to_string(), |d| format!("{}={}", d.id(), d.text()))).collect()
    }

    #[test]
    fn streams_follow_each_other_and_an_error_stands_in_its_place() {
        let streams = [("one", "It rained."), ("two", " "), ("three.jsonl", "{\"text\":\"It snowed.\"}")];
        let expected = ["one=It rained.", "two: found an empty input; expected text", "three.jsonl:1=It snowed."];
        assert_eq!(read(&streams, Kind::Auto), expected);
    }

    #[test]
    fn an_unknown_kind_is_told_by_the_first_character() {
        let record = "\n{\"text\":\"It rained.\"}";
        assert_eq!(read(&[("a", record)], Kind::Auto), ["a:2=It rained."]);
        assert_eq!(read(&[("a", record)], Kind::Text), [format!("a={record}")]);
        assert_eq!(read(&[("a.txt", record)], Kind::Auto), [format!("a.txt={record}")]);
    }

    #[test]
    fn ids_are_compared_across_sources() {
        let same = [("a", "{\"id\":\"b\",\"text\":\"One.\"}"), ("b", "Two.")];
        let found = read(&same, Kind::Auto);
        assert_eq!(found[0], "b=One.");
        assert!(found[1].starts_with("b: found the id `b` a second time") && found[1].contains("a:1"), "{}", found[1]);
    }
}
