//! A row of CSV or TSV as a document.
//!
//! In: a stream whose first row is a header. Out: an [`Entry`] a row, or an error that names file and line. Start at
//! [`CsvRecords`]. A row without an id is called `FILE:LINE`; a field without a text is no text.

use super::columns::Layout;
use super::compression::unreadable;
use super::entry::{Entry, Kept};
use super::input::{Reading, empty, too_large};
use super::rows::{Broken, Fields, Rows};
use crate::error::{Error, Place, Result};
use crate::text::Document;
use std::borrow::Cow;
use std::io::BufRead;
use std::path::PathBuf;

/// The records of one stream of CSV or TSV, in order.
pub(super) struct CsvRecords<R> {
    path: PathBuf,
    rows: Rows<R>,
    reading: Reading,
    group_by: Option<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The header was not read yet.
    Begun,
    /// The header, and whether a row came behind it.
    Running(Header, bool),
    Ended,
}

#[derive(Debug)]
struct Header {
    names: Vec<String>,
    layout: Layout,
}

impl<R: BufRead> CsvRecords<R> {
    /// The records of `reader`, which errors call `path`; a row may hold `cap` bytes. Each is in the group that it names in
    /// the column `group_by`.
    pub(super) fn new(
        path: PathBuf,
        reader: R,
        delimiter: u8,
        cap: usize,
        reading: &Reading,
        group_by: Option<&str>,
    ) -> Self {
        let (reading, group_by) = (reading.clone(), group_by.map(str::to_owned));
        Self { path, rows: Rows::new(reader, delimiter, cap), reading, group_by, state: State::Begun }
    }

    fn header(&mut self) -> Result<Header> {
        let row = self.rows.next().map_err(|source| unreadable(&self.path, source))?;
        let Some(row) = row else { return Err(empty(Place::file(&self.path))) };
        let place = Place::line(&self.path, row.line);
        let fields = row.fields.map_err(|broken| refused(place.clone(), broken))?;
        let name = |number| {
            let name = format!("{} of the header", number + 1);
            field(&place, fields, number, &name, self.reading.lossy).map(Cow::into_owned)
        };
        let names: Vec<String> = (0..fields.len()).map(name).collect::<Result<_>>()?;
        let header: Vec<&str> = names.iter().map(String::as_str).collect();
        let layout = Layout::find(&place, &header, &self.reading.columns, self.group_by.as_deref())?;
        Ok(Header { names, layout })
    }
}

impl<R: BufRead> Iterator for CsvRecords<R> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Result<Entry>> {
        if matches!(self.state, State::Begun) {
            match self.header() {
                Ok(header) => self.state = State::Running(header, false),
                Err(error) => {
                    self.state = State::Ended;
                    return Some(Err(error));
                }
            }
        }
        let State::Running(header, has_rows) = &mut self.state else { return None };
        let item = match self.rows.next() {
            Ok(Some(row)) => {
                *has_rows = true;
                let place = Place::line(&self.path, row.line);
                return Some(match row.fields {
                    Ok(fields) => entry(place, fields, header, &self.reading),
                    Err(broken) => Err(refused(place, broken)),
                });
            }
            Ok(None) if *has_rows => None,
            Ok(None) => Some(Err(empty(Place::file(&self.path)))),
            Err(source) => Some(Err(unreadable(&self.path, source))),
        };
        self.state = State::Ended;
        item
    }
}

fn entry(place: Place, fields: Fields<'_>, header: &Header, reading: &Reading) -> Result<Entry> {
    let Header { names, layout } = header;
    if fields.len() != names.len() {
        let cure = "put a field with a delimiter or a line end in quotes, and double the quotes in it";
        let expected = format!("{}, as the header has", count(names.len()));
        return Err(Error::Input {
            place,
            found: format!("a row of {}", count(fields.len())),
            expected,
            cure: cure.into(),
        });
    }
    let field = |number: usize| field(&place, fields, number, &format!("`{}`", names[number]), reading.lossy);
    let bad = |found: String, cure: &str| {
        let (place, expected) = (place.clone(), "a row with an article".to_owned());
        Err(Error::Input { place, found, expected, cure: cure.into() })
    };
    let text = field(layout.text)?;
    if text.trim().is_empty() {
        return bad(format!("an empty `{}`", names[layout.text]), "remove the row, or put the article in it");
    }
    let id = match layout.id.map(field).transpose()? {
        Some(id) if !id.trim().is_empty() => id.into_owned(),
        _ => place.to_string(),
    };
    let mut document = Document::new(id, text);
    if let Some(group) = layout.group {
        let name = field(group)?;
        if name.trim().is_empty() {
            return bad(format!("an empty `{}`", names[group]), "name the group, or group by another column");
        }
        document = document.in_group(name);
    }
    let kept = if layout.keep.is_empty() {
        Kept::None
    } else {
        let texts = layout.keep.iter().map(|&number| field(number).map(|text| Some(text.into_owned())));
        Kept::Texts(texts.collect::<Result<_>>()?)
    };
    Ok(Entry { place, document, kept })
}

/// The text of a field, which errors call `name`.
fn field<'a>(place: &Place, fields: Fields<'a>, number: usize, name: &str, lossy: bool) -> Result<Cow<'a, str>> {
    let bytes = fields.get(number).unwrap_or_default();
    match str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if lossy => Ok(String::from_utf8_lossy(bytes)),
        Err(error) => Err(Error::Input {
            place: place.clone(),
            found: format!(
                "bytes that are not UTF-8 in the field {name}, the first at byte offset {} of it",
                error.valid_up_to()
            ),
            expected: "UTF-8 text".into(),
            cure: "convert the file to UTF-8, or pass --lossy to replace each invalid sequence by U+FFFD".into(),
        }),
    }
}

fn refused(place: Place, broken: Broken) -> Error {
    match broken {
        Broken::TooLarge => too_large(place),
        Broken::Stray => Error::Input {
            place,
            found: "a field that goes on behind the quote that closes it".into(),
            expected: "a delimiter or a line end there, or a doubled quote".into(),
            cure:
                "put the whole field in quotes and double those in it; the rows up to where this one ends are left out"
                    .into(),
        },
        Broken::Unclosed => Error::Input {
            place,
            found: "a quote that is opened in this row and never closed".into(),
            expected: "a quote at the end of the field as well".into(),
            cure: "close the quote, or put the whole field in quotes and double those in it".into(),
        },
    }
}

fn count(fields: usize) -> String {
    if fields == 1 { "1 field".into() } else { format!("{fields} fields") }
}
