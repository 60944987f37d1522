//! Corrections for the tests of this layer.
#![allow(clippy::unwrap_used)]

use super::correction::{Correction, DocumentName};
use super::selector::Anchor;
use super::store::Stored;
use crate::error::{Place, Result};
use crate::text::{Offsets, Span};
use crate::train::record::Record;
use serde_json::{Map, Value, json};

/// A document of two sentences; the second one is corrected.
pub(super) const TEXT: &str = "The council met 🔥 again. The mayor claimed the vile plan had failed.";
/// Its second sentence, 25 code points in.
pub(super) const SENTENCE: &str = "The mayor claimed the vile plan had failed.";

/// A correction of a loaded term by its code points in the sentence, as JSON has it.
pub(super) fn map(old: Option<(usize, usize, &str)>, new: Option<(usize, usize, &str)>) -> Map<String, Value> {
    let first = TEXT.chars().count() - SENTENCE.chars().count();
    let term = |term: Option<(usize, usize, &str)>| {
        term.map_or(Value::Null, |(start, end, kind)| json!({"start": start, "end": end, "kind": kind}))
    };
    let (start, end, _) = new.or(old).unwrap_or((22, 26, ""));
    let span = Offsets::new(TEXT).span_of_chars(first + start, first + end).unwrap_or(Span::new(0, 1));
    let value = json!({
        "time": "2026-05-04T09:30:00Z",
        "document": DocumentName::of("a1", TEXT),
        "lang": "en",
        "head": "loaded",
        "selector": Anchor::of(TEXT, span),
        "sentence": {"text": SENTENCE, "start": first, "end": TEXT.chars().count()},
        "seen": {
            "labels": {"bias": 0, "tone": "neutral"},
            "loaded": [{"start": 10, "end": 17, "kind": "doubt"}, {"start": 22, "end": 26, "kind": "doubt"}],
        },
        "old": term(old),
        "new": term(new),
        "model": {"name": "en", "version": "1", "sha256": "0"},
    });
    value.as_object().cloned().unwrap_or_default()
}

/// Reads a correction of line 3.
pub(super) fn read(map: Map<String, Value>) -> Result<Correction> {
    Correction::from_map(map, &Place::line("f.jsonl", 3))
}

/// A correction of a loaded term by somebody.
pub(super) fn loaded(
    annotator: &str,
    old: Option<(usize, usize, &str)>,
    new: Option<(usize, usize, &str)>,
) -> Correction {
    let mut map = map(old, new);
    map.insert("annotator".into(), json!(annotator));
    read(map).unwrap()
}

/// A correction of the sentence's label.
pub(super) fn label(annotator: &str, head: &str, old: Value, new: Value) -> Correction {
    let mut map = map(Some((0, SENTENCE.chars().count(), "doubt")), None);
    for (key, value) in [("head", json!(head)), ("annotator", json!(annotator)), ("old", old), ("new", new)] {
        map.insert(key.into(), value);
    }
    read(map).unwrap()
}

/// The corrections as a store numbers them.
pub(super) fn stored(corrections: impl IntoIterator<Item = Correction>) -> Vec<Stored> {
    corrections.into_iter().zip(1..).map(|(correction, id)| Stored { id, correction }).collect()
}

/// A labelled record.
pub(super) fn record(value: Value) -> Record {
    crate::train::record::from_map(value.as_object().unwrap(), &Place::file("sample")).unwrap()
}
