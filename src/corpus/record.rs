//! One line of JSONL as a document: `{"id": …, "text": …}`, under these or other keys, and, if stances toward it are asked
//! for, `"target": [start, end]` or a list of such pairs; keys that nobody asked for are left to their owners.
//!
//! In: a [`Line`]. Out: its [`Entry`], or an error that names file, line and column. Start at
//! [`Records`]. A record without an id is called `FILE:LINE`.

use super::compression::unreadable;
use super::entry::{Entry, Kept};
use super::input::Reading;
use super::keys::Keys;
use super::lines::{Line, Lines};
use crate::error::{Error, Place, Result};
use crate::text::{Document, OffsetUnit, Offsets, Span};
use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_json::error::Category;
use std::borrow::Cow;
use std::io::BufRead;
use std::path::PathBuf;

const EXPECTED: &str = "one JSON object a line, such as {\"id\":\"a1\",\"text\":\"…\"}";

/// The key of the spans toward which stances are asked for.
const TARGET: &str = "target";

/// The records of one JSONL stream, in order.
pub(super) struct Records<R> {
    path: PathBuf,
    lines: Lines<R>,
    reading: Reading,
    group_by: Option<String>,
    keys: Keys,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// No record was seen yet.
    Empty,
    Running,
    Ended,
}

impl<R: BufRead> Records<R> {
    /// The records of `reader`, which errors call `path`; a line may hold `cap` bytes. Each is in the group that it names
    /// under the key `group_by`.
    pub(super) fn new(path: PathBuf, reader: R, cap: usize, reading: &Reading, group_by: Option<&str>) -> Self {
        let columns = &reading.columns;
        let fixed = [columns.text.as_str(), columns.id.as_str(), TARGET];
        let keys = Keys::new(fixed.into_iter().chain(group_by).chain(columns.keep.iter().map(String::as_str)));
        let (reading, group_by) = (reading.clone(), group_by.map(str::to_owned));
        Self { path, lines: Lines::new(reader, cap), reading, group_by, keys, state: State::Empty }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.state != State::Ended {
            let line = match self.lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    let was_empty = self.state == State::Empty;
                    self.state = State::Ended;
                    return was_empty.then(|| Err(super::input::empty(Place::file(&self.path))));
                }
                Err(source) => {
                    self.state = State::Ended;
                    return Some(Err(unreadable(&self.path, source)));
                }
            };
            if line.bytes.is_some_and(|bytes| without_mark(&line, bytes).trim_ascii().is_empty()) {
                continue;
            }
            self.state = State::Running;
            let place = Place::line(&self.path, line.number);
            return Some(match line.bytes {
                Some(bytes) => entry(place, &line, bytes, &self.keys, &self.reading, self.group_by.as_deref()),
                None => Err(super::input::too_large(place)),
            });
        }
        None
    }
}

fn entry(
    place: Place,
    line: &Line<'_>,
    bytes: &[u8],
    keys: &Keys,
    reading: &Reading,
    group_by: Option<&str>,
) -> Result<Entry> {
    let bytes = without_mark(line, bytes);
    let json = match str::from_utf8(bytes) {
        Ok(json) => Cow::Borrowed(json),
        Err(_) if reading.lossy => String::from_utf8_lossy(bytes),
        Err(error) => {
            let mark = line.bytes.map_or(0, <[u8]>::len) - bytes.len();
            return Err(Error::NotUtf8 { place, offset: line.offset + mark + error.valid_up_to() });
        }
    };
    if !json.trim_start().starts_with('{') {
        let cure = "write each record as an object on a line of its own, or pass --input text for plain text";
        return Err(bad(place, "a line that is not a JSON object".into(), cure));
    }
    let mut deserializer = serde_json::Deserializer::from_str(&json);
    let found = keys.deserialize(&mut deserializer).and_then(|found| deserializer.end().map(|()| found));
    let mut found = found.map_err(|error| unreadable_line(place.clone(), &error))?;
    let columns = &reading.columns;
    let kept = if columns.keep.is_empty() {
        Kept::None
    } else {
        Kept::Texts(columns.keep.iter().map(|key| found.get(key).and_then(kept)).collect())
    };
    let group = group_by.map(|key| group(&place, found.get(key), key, &json)).transpose()?;
    let id = match found.get(&columns.id) {
        None if columns.needs_id() => {
            let cure = "name the key of the ids with --id-column, or leave it out";
            return Err(bad(place, format!("a record without `{}`", columns.id), cure));
        }
        None | Some(Value::Null) => place.to_string(),
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        Some(value) => {
            let cure = format!("make `{}` a string or leave it out", columns.id);
            return Err(bad(place, format!("{} as `{}`", kind(value), columns.id), &cure));
        }
    };
    let target = found.get(TARGET).cloned();
    let name = &columns.text;
    let text = match found.take(name) {
        Some(Value::String(text)) => text,
        None | Some(Value::Null) => {
            let cure = format!("add the article as the string `{name}`, or name its key with --text-column");
            return Err(bad(place, format!("a record without `{name}`"), &cure));
        }
        Some(value) => {
            return Err(bad(place, format!("{} as `{name}`", kind(&value)), &format!("make `{name}` a string")));
        }
    };
    if text.trim().is_empty() {
        return Err(bad(place, format!("an empty `{name}`"), "remove the record, or put the article in it"));
    }
    let mut document = Document::new(id, text);
    if let Some(value) = target.filter(|value| !value.is_null()) {
        let unit = reading.offsets;
        let refused = |found| bad(place.clone(), found, &target_cure(unit));
        let targets = targets(document.text(), &value, unit).map_err(refused)?;
        document = document.with_targets(targets);
    }
    if let Some(group) = group {
        document = document.in_group(group);
    }
    Ok(Entry { place, document, kept })
}

/// A value that is kept: a string as it is, nothing for null, another one as JSON writes it.
fn kept(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

/// The group that a record names under `key`.
fn group(place: &Place, value: Option<&Value>, key: &str, json: &str) -> Result<String> {
    match value {
        Some(Value::String(group)) if !group.trim().is_empty() => Ok(group.clone()),
        Some(Value::Number(group)) => Ok(group.to_string()),
        Some(value) => {
            let cure = format!("make `{key}` a string with a letter, or group by another key");
            Err(bad(place.clone(), format!("{} as `{key}`", kind(value)), &cure))
        }
        None => {
            let all: serde_json::Map<String, Value> =
                serde_json::from_str(json).map_err(|error| unreadable_line(place.clone(), &error))?;
            let there: Vec<String> = all.keys().map(|key| format!("`{key}`")).collect();
            let cure = format!("group by a key that every record has; this one has {}", there.join(", "));
            Err(bad(place.clone(), format!("a record without `{key}`"), &cure))
        }
    }
}

/// The spans that a record asks for: one pair, or a list of pairs. The error says what was found.
fn targets(text: &str, value: &Value, unit: OffsetUnit) -> Result<Vec<Span>, String> {
    let Some(list) = value.as_array() else { return Err(format!("{} as `target`", kind(value))) };
    let offsets = Offsets::new(text);
    if list.is_empty() || list.len() > MOST_TARGETS {
        return Err(format!("{} pairs as `target`", list.len()));
    }
    if list.iter().all(Value::is_array) {
        return list.iter().map(|pair| target(&offsets, pair, unit)).collect();
    }
    Ok(vec![target(&offsets, value, unit)?])
}

/// Targets of one record, at most.
const MOST_TARGETS: usize = 10_000;

fn target(offsets: &Offsets<'_>, pair: &Value, unit: OffsetUnit) -> Result<Span, String> {
    let bound = |item: &Value| item.as_u64().and_then(|bound| usize::try_from(bound).ok());
    let bounds = match pair.as_array().map(Vec::as_slice) {
        Some([start, end]) => bound(start).zip(bound(end)),
        _ => None,
    };
    let Some((start, end)) = bounds else { return Err(format!("{pair} as `target`")) };
    let span = offsets.span_of(start, end, unit).filter(|span| span.start < span.end);
    span.ok_or_else(|| format!("the target [{start}, {end}], which is empty, past the end or inside a character"))
}

fn target_cure(unit: OffsetUnit) -> String {
    let unit = match unit {
        OffsetUnit::Bytes => "UTF-8 bytes (--offsets bytes, the default)",
        OffsetUnit::Chars => "Unicode code points (--offsets chars)",
        OffsetUnit::Utf16 => "UTF-16 units (--offsets utf16)",
    };
    format!(
        "write `target` as [start, end], or as a list of 1 to {MOST_TARGETS} such pairs, end-exclusive, counted in {unit}"
    )
}

/// The bytes without the byte-order mark that a file may start with.
fn without_mark<'a>(line: &Line<'_>, bytes: &'a [u8]) -> &'a [u8] {
    if line.number == 1 { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes }
}

fn bad(place: Place, found: String, cure: &str) -> Error {
    Error::Input { place, found, expected: EXPECTED.into(), cure: cure.into() }
}

/// What serde_json says, without its own line number: each line is a text of its own to it.
fn unreadable_line(place: Place, error: &serde_json::Error) -> Error {
    let column = error.column();
    if error.classify() == Category::Eof {
        let cure = "the file may have been cut off while it was written; write it again, or remove the line";
        return bad(place, format!("a record cut short at column {column}"), cure);
    }
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    let found = format!("a record that cannot be read at column {column} ({reason})");
    bad(place, found, "correct the line; a JSON checker such as `jq` shows the fault")
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
