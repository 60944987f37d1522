//! JSON Lines: one object a line, each with its line number.
//!
//! In: the bytes of a file. Out: its objects in order, or what is wrong with a line. Start at
//! [`objects`]. What the objects mean is said in `record`, `public` and `contrast`.

use std::path::Path;

use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::error::{Error, Place, Result};

/// What is wrong with one line, before its place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    pub found: String,
    pub expected: String,
    pub cure: String,
}

impl Flaw {
    pub fn new(found: impl Into<String>, expected: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { found: found.into(), expected: expected.into(), cure: cure.into() }
    }

    pub fn at(self, place: Place) -> Error {
        Error::Input { place, found: self.found, expected: self.expected, cure: self.cure }
    }
}

/// The bytes of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })
}

/// The error for a file in which no line holds anything.
pub(super) fn empty(path: &Path) -> Error {
    Flaw::new("no records", "one JSON object a line", "check that this is the right file and that it was written whole")
        .at(Place::file(path))
}

/// Every line that is not blank, as a JSON object with its line number (from 1). A byte order mark
/// at the start is passed over. A bad line does not stop the walk.
pub(super) fn objects<'a>(
    bytes: &'a [u8],
    path: &'a Path,
) -> impl Iterator<Item = (usize, Result<Map<String, Value>>)> + 'a {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut offset = bytes.len() - body.len();
    body.split(|&byte| byte == b'\n').zip(1..).filter_map(move |(raw, number)| {
        let start = offset;
        offset += raw.len() + 1;
        let place = Place::line(path, number);
        match std::str::from_utf8(raw) {
            Err(error) => Some((number, Err(Error::NotUtf8 { place, offset: start + error.valid_up_to() }))),
            Ok(line) if line.trim().is_empty() => None,
            Ok(line) => Some((number, object(line).map_err(|flaw| flaw.at(place)))),
        }
    })
}

fn object(line: &str) -> Result<Map<String, Value>, Flaw> {
    match serde_json::from_str(line) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(other) => Err(Flaw::new(
            format!("{}, column 1", kind(&other)),
            "a JSON object",
            "write each record as one {…} on a line of its own",
        )),
        Err(error) => {
            let column = line.bytes().take(error.column()).filter(|byte| byte & 0xC0 != 0x80).count();
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
            Err(if error.classify() == Category::Eof {
                Flaw::new(
                    format!("a line cut short at column {column} ({message})"),
                    "a whole JSON object on one line",
                    "restore the end of the line, or remove it; a record must not go over several lines",
                )
            } else {
                Flaw::new(
                    format!("invalid JSON at column {column} ({message})"),
                    "a JSON object on one line",
                    "correct the line at that column",
                )
            })
        }
    }
}

/// What a JSON value is, for messages.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("the string {text:?}"),
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".into(),
    }
}

/// A key that must be there and hold text that is not blank.
pub(super) fn text<'a>(map: &'a Map<String, Value>, key: &str) -> Result<&'a str, Flaw> {
    match map.get(key) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        other => Err(Flaw::new(
            other.map_or_else(|| format!("no `{key}`"), |value| format!("{} as `{key}`", kind(value))),
            format!("a `{key}` that is a string and not blank"),
            format!("give the record a \"{key}\""),
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn walk(bytes: &[u8]) -> Vec<(usize, Result<Map<String, Value>>)> {
        objects(bytes, Path::new("f.jsonl")).collect()
    }

    #[test]
    fn byte_order_mark_blank_lines_and_carriage_returns_are_passed_over() {
        let lines = walk("\u{feff}{\"a\":1}\r\n\r\n  \n{\"b\":2}".as_bytes());
        assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [1, 4]);
        assert!(lines.iter().all(|line| line.1.is_ok()));
    }

    #[test]
    fn invalid_utf8_is_reported_with_its_offset_from_the_start_of_the_file() {
        let lines = walk(b"\xef\xbb\xbf{}\n{\"a\":\"\xff\"}\n{}\n");
        assert_eq!(lines.len(), 3);
        assert!(matches!(&lines[1].1, Err(Error::NotUtf8 { place, offset: 12 }) if place.line == Some(2)));
    }

    #[test]
    fn a_line_cut_short_is_reported_with_line_and_column_in_characters() {
        let lines = walk("{}\n{\"é\":\"ab".as_bytes());
        let error = lines[1].1.as_ref().unwrap_err().to_string();
        assert!(error.contains("f.jsonl:2") && error.contains("cut short at column 8"), "{error}");
    }

    #[test]
    fn a_line_that_is_no_object_is_refused() {
        assert!(walk(b"[1]")[0].1.as_ref().unwrap_err().to_string().contains("an array of 1"));
        assert!(walk(b"{} {}")[0].1.as_ref().unwrap_err().to_string().contains("invalid JSON at column 4"));
    }
}
