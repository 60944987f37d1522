//! One correction: what a reader says of a place in a document, beside what the model said.
//!
//! In: a JSON object, such as a line of `parallax label add` or what the page sends. Out: a [`Correction`], every part
//! checked against every other; and the same object again. Start at [`Correction::from_map`].
//!
//! ```json
//! {"time":"2026-05-04T09:30:00Z","document":{"id":"a1","sha256":"…64 hex digits…"},"lang":"en","head":"loaded",
//!  "selector":[{"type":"TextPositionSelector","start":44,"end":48},
//!              {"type":"TextQuoteSelector","exact":"vile","prefix":"claimed the ","suffix":" plan had"}],
//!  "sentence":{"text":"The mayor claimed the vile plan had failed.","start":22,"end":65},
//!  "seen":{"labels":{"bias":0},"loaded":[]},
//!  "old":null,"new":{"start":22,"end":26,"kind":"evaluative"},
//!  "model":{"name":"en","version":"1","sha256":"…"},"annotator":"ann","note":"…","undoes":17}
//! ```
//!
//! `seen` is a labelled record of the sentence, `old` and `new` are values of the head in such a record, `null` for none;
//! their spans are in code points of the sentence, those of `selector` and `sentence` in code points of the document. A
//! head without `old` and `new` says of the whole sentence that there is nothing to mark.

use super::judgement::{Judgement, marks_places};
use super::selector::Anchor;
use crate::error::{Error, Place, Result};
use crate::report::ModelName;
use crate::train::object;
use crate::train::record::{self, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// A sentence has at most so many bytes; a segmenter gives none that is longer.
pub const LONGEST_SENTENCE: usize = 1 << 20;
/// An annotator's name, an id or a language has at most so many bytes.
pub const LONGEST_NAME: usize = 1 << 10;
/// A note has at most so many bytes.
pub const LONGEST_NOTE: usize = 1 << 14;

/// Which document is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentName {
    /// Its id, as its report has it.
    pub id: String,
    /// SHA-256 of its text in UTF-8, lower-case hex.
    pub sha256: String,
}

impl DocumentName {
    /// The name of a document with this id and text.
    #[must_use]
    pub fn of(id: &str, text: &str) -> Self {
        let sha256 = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { id: id.to_owned(), sha256 }
    }
}

/// The sentence that is corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// Its text, untouched.
    pub text: String,
    /// Its first code point in the document.
    pub start: usize,
    /// One past its last code point.
    pub end: usize,
}

/// What somebody says of a place, beside what the model said.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// When, in RFC 3339, UTC (`…Z`).
    pub time: String,
    /// In which document.
    pub document: DocumentName,
    /// The sentence's language.
    pub lang: String,
    /// The head: `loaded`, `attribution`, `stance`, or one that labels sentences.
    pub head: String,
    /// The place in the document: the term, the cue, the target or the sentence.
    pub anchor: Anchor,
    /// The sentence.
    pub sentence: Sentence,
    /// What the model said of the whole sentence when it was corrected.
    pub seen: Record,
    /// What the model, or an earlier correction, said here; `None` for nothing.
    pub old: Option<Judgement>,
    /// What is right; `None` for nothing.
    pub new: Option<Judgement>,
    /// Which model; `None` where there was none.
    pub model: Option<ModelName>,
    /// Who corrects; `None` where nobody says.
    pub annotator: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// The correction that this one takes back.
    pub undoes: Option<i64>,
}

/// A correction as JSON has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    time: String,
    document: DocumentName,
    lang: String,
    head: String,
    #[serde(rename = "selector")]
    anchor: Anchor,
    sentence: Sentence,
    #[serde(default)]
    seen: Map<String, Value>,
    #[serde(default)]
    old: Value,
    #[serde(default)]
    new: Value,
    model: Option<ModelName>,
    annotator: Option<String>,
    note: Option<String>,
    undoes: Option<i64>,
}

impl Correction {
    /// Reads a correction that stands at `place`. Of `seen`, what it has not is taken from the rest: `text`, `lang`,
    /// `id` (document and place) and `group` (the document's hash).
    ///
    /// # Errors
    /// [`Error::Input`] for a key that is missing, not known or not of its kind; a time that is not RFC 3339 in UTC; a
    /// hash that is none; a quote that the sentence does not have at its place; a value that the head cannot have.
    pub fn from_map(map: Map<String, Value>, place: &Place) -> Result<Self> {
        let draft: Draft = serde_json::from_value(Value::Object(map)).map_err(|error| {
            bad(place, format!("a correction that cannot be read ({error})"), "the keys of a correction", SHAPE)
        })?;
        draft.check(place)?;
        let Draft { time, document, lang, head, anchor, sentence, mut seen, old, new, model, annotator, note, undoes } =
            draft;
        let mut or = |key: &str, value: String| {
            if seen.get(key).is_none_or(Value::is_null) {
                seen.insert(key.to_owned(), Value::String(value));
            }
        };
        or("text", sentence.text.clone());
        or("lang", lang.clone());
        or("group", document.sha256.clone());
        or("id", format!("{}:{}", document.sha256.get(..12).unwrap_or_default(), sentence.start));
        let seen = record::from_map(&seen, place)?;
        let old = Judgement::read(&head, &old, &sentence.text, place)?;
        let new = Judgement::read(&head, &new, &sentence.text, place)?;
        let annotator = annotator.filter(|name| !name.trim().is_empty());
        let note = note.filter(|note| !note.trim().is_empty());
        let correction =
            Self { time, document, lang, head, anchor, sentence, seen, old, new, model, annotator, note, undoes };
        correction.check(place)?;
        Ok(correction)
    }

    /// The object that [`Correction::from_map`] reads.
    #[must_use]
    pub fn map(&self) -> Map<String, Value> {
        let value = |judgement: &Option<Judgement>| judgement.as_ref().map_or(Value::Null, Judgement::value);
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| {
            map.insert(key.to_owned(), value);
        };
        put("time", json!(self.time));
        put("document", json!(self.document));
        put("lang", json!(self.lang));
        put("head", json!(self.head));
        put("selector", json!(self.anchor));
        put("sentence", json!(self.sentence));
        put("seen", Value::Object(object::object(&self.seen)));
        put("old", value(&self.old));
        put("new", value(&self.new));
        put("model", json!(self.model));
        for (key, text) in [("annotator", &self.annotator), ("note", &self.note)] {
            if let Some(text) = text {
                put(key, json!(text));
            }
        }
        if let Some(undone) = self.undoes {
            put("undoes", json!(undone));
        }
        map
    }

    /// The correction that takes this one back, which is stored as number `id`.
    #[must_use]
    pub fn undone(&self, id: i64, time: &str) -> Self {
        Self {
            time: time.to_owned(),
            old: self.new.clone(),
            new: self.old.clone(),
            note: None,
            undoes: Some(id),
            ..self.clone()
        }
    }

    /// Whether the parts belong to each other.
    fn check(&self, place: &Place) -> Result<()> {
        if self.seen.text != self.sentence.text {
            return Err(bad(place, "a `seen` of another text", "a record of the sentence", SHAPE));
        }
        let is_label = !marks_places(&self.head);
        if is_label && self.new.is_none() && self.undoes.is_none() {
            let cure = "say which label is right, or take an earlier correction back with `undoes`";
            return Err(bad(place, format!("no `new` of the head `{}`", self.head), "the sentence's label", cure));
        }
        let here = (self.anchor.start - self.sentence.start, self.anchor.end - self.sentence.start);
        let whole = (0, self.sentence.end - self.sentence.start);
        let of = |judgement: &Judgement| judgement.place().map_or(whole, |span| (span.start, span.end));
        let mut judged = self.old.iter().chain(&self.new).map(of).peekable();
        let is_there = if judged.peek().is_some() { judged.any(|span| span == here) } else { here == whole };
        if !is_there {
            return Err(bad(
                place,
                format!(
                    "a `selector` that is neither the place of `old` nor of `new` (code points {} to {} of the sentence)",
                    here.0, here.1
                ),
                "the place of the term, the cue, the target or, for a label or where there is nothing to mark, the sentence",
                "select what `new` marks or, where there is no `new`, what `old` marks",
            ));
        }
        Ok(())
    }
}

impl Draft {
    /// What can be said before the sentence's marks are read.
    fn check(&self, place: &Place) -> Result<()> {
        let is_utc = self.time.ends_with('Z') && humantime::parse_rfc3339(&self.time).is_ok();
        if !is_utc {
            let cure = "write the time as 2026-05-04T09:30:00Z";
            return Err(bad(place, format!("{:?} as `time`", self.time), "a time in RFC 3339, UTC", cure));
        }
        let sha256 = &self.document.sha256;
        if sha256.len() != 64 || !sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            let cure = "give the SHA-256 of the document's text in UTF-8";
            return Err(bad(place, format!("{sha256:?} as `sha256`"), "64 hex digits in lower case", cure));
        }
        let texts = [
            ("id", Some(&self.document.id), LONGEST_NAME),
            ("lang", Some(&self.lang), LONGEST_NAME),
            ("head", Some(&self.head), LONGEST_NAME),
            ("annotator", self.annotator.as_ref(), LONGEST_NAME),
            ("note", self.note.as_ref(), LONGEST_NOTE),
            ("sentence", Some(&self.sentence.text), LONGEST_SENTENCE),
        ];
        for (key, text, most) in texts {
            if let Some(text) = text.filter(|text| text.len() > most) {
                let found = format!("{} bytes as `{key}`", text.len());
                return Err(bad(place, found, format!("at most {most}"), "shorten it"));
            }
        }
        let (anchor, sentence) = (&self.anchor, &self.sentence);
        let length = sentence.text.chars().count();
        let inside = sentence.start <= anchor.start && anchor.end <= sentence.end;
        if sentence.end.checked_sub(sentence.start) != Some(length) || !inside {
            return Err(bad(
                place,
                format!(
                    "a sentence of {length} code points at {} to {}, and a selector at {} to {}",
                    sentence.start, sentence.end, anchor.start, anchor.end
                ),
                "a selector inside the sentence, and a sentence as long as its text",
                "count in code points of the document (not bytes, not UTF-16 units), end-exclusive",
            ));
        }
        let from = anchor.start - sentence.start;
        if !sentence.text.chars().skip(from).take(anchor.end - anchor.start).eq(anchor.exact.chars()) {
            return Err(bad(
                place,
                format!("the quote {:?}, which the sentence does not have at code point {from}", anchor.exact),
                "`exact` as the sentence has it there",
                "count in code points of the document (not bytes, not UTF-16 units)",
            ));
        }
        Ok(())
    }
}

const SHAPE: &str = "src/label/correction.rs shows a correction with all its keys";

fn bad(place: &Place, found: impl Into<String>, expected: impl Into<String>, cure: &str) -> Error {
    Error::Input { place: place.clone(), found: found.into(), expected: expected.into(), cure: cure.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{loaded, map, read};
    use super::*;

    #[test]
    fn a_correction_is_read_as_it_was_written() {
        let correction = loaded("ann", Some((22, 26, "doubt")), Some((22, 26, "evaluative")));
        assert_eq!(read(correction.map()).unwrap(), correction);
        assert_eq!(correction.seen.group, correction.document.sha256);
    }

    #[test]
    fn what_does_not_belong_together_is_refused_with_its_place() {
        let with = |key: &str, value: Value| {
            let mut map = map(None, Some((22, 26, "doubt")));
            map.insert(key.to_owned(), value);
            read(map).unwrap_err().to_string()
        };
        assert!(with("time", json!("yesterday")).contains("f.jsonl:3: found \"yesterday\" as `time`"));
        assert!(with("time", json!("2026-05-04T09:30:00+02:00")).contains("UTC"));
        assert!(with("document", json!({"id": "a", "sha256": "abc"})).contains("64 hex digits"));
        assert!(with("colour", json!(1)).contains("colour"));
        assert!(with("new", json!({"start": 22, "end": 99, "kind": "doubt"})).contains("99"));
        assert!(with("new", json!({"start": 4, "end": 9, "kind": "doubt"})).contains("neither the place"));
        assert!(with("seen", json!({"text": "Another one."})).contains("another text"));
        assert!(with("sentence", json!({"text": "The mayor.", "start": 9, "end": 2})).contains("code points"));
        assert!(with("note", json!("x".repeat(LONGEST_NOTE + 1))).contains("`note`"));
    }

    #[test]
    fn a_label_needs_a_new_value_unless_it_is_an_undo() {
        let mut map = map(None, None);
        let sentence = map["sentence"].clone();
        let (start, end) = (sentence["start"].clone(), sentence["end"].clone());
        map["selector"] = json!([
            {"type": "TextPositionSelector", "start": start, "end": end},
            {"type": "TextQuoteSelector", "exact": sentence["text"]},
        ]);
        // Of a head that marks places it says that there is nothing.
        assert!(read(map.clone()).is_ok());
        map["head"] = json!("bias");
        assert!(read(map.clone()).is_err());
        map["new"] = json!(1);
        let label = read(map).unwrap();
        let undo = label.undone(7, "2026-05-04T10:00:00Z");
        assert_eq!((undo.new.as_ref(), undo.undoes), (None, Some(7)));
        assert_eq!(read(undo.map()).unwrap(), undo);
    }
}
