//! Labelled records as the JSON objects that they are read from.
//!
//! In: a [`Record`], or one of its marks. Out: the object that [`record`](super::record) reads the same from. Start at
//! [`object`]. Keys stand in the order of `training/README.md`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::annotation::{Attribution, Loaded, Span, Stance};
use super::record::{Label, Record};
use crate::heads::label::Label as _;

/// The record's object. What it does not speak of has no key.
#[must_use]
pub fn object(record: &Record) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| {
        map.insert(key.to_owned(), value);
    };
    put("id", json!(record.id));
    put("lang", json!(record.lang));
    put("group", json!(record.group));
    if let Some(annotator) = &record.annotator {
        put("annotator", json!(annotator));
    }
    put("text", json!(record.text));
    if !record.labels.is_empty() {
        put("labels", labels(&record.labels));
    }
    if let Some(terms) = &record.loaded {
        put("loaded", terms.iter().map(loaded).collect());
    }
    if let Some(attributions) = &record.attributions {
        put("attributions", attributions.iter().map(attribution).collect());
    }
    if let Some(stances) = &record.stances {
        put("stances", stances.iter().map(stance).collect());
    }
    if let Some(weight) = record.weight {
        put("weight", json!(weight));
    }
    map
}

/// The value of `labels`.
#[must_use]
pub fn labels(labels: &BTreeMap<String, Label>) -> Value {
    Value::Object(labels.iter().map(|(head, value)| (head.clone(), label(value))).collect())
}

/// A sentence label: 0 and 1 as numbers, any other class as a string, shares as an object.
#[must_use]
pub fn label(label: &Label) -> Value {
    match label {
        Label::Hard(class) if class == "0" => json!(0),
        Label::Hard(class) if class == "1" => json!(1),
        Label::Hard(class) => json!(class),
        Label::Soft(shares) => json!(shares),
    }
}

/// A loaded term.
#[must_use]
pub fn loaded(term: &Loaded) -> Value {
    json!({"start": term.span.start, "end": term.span.end, "kind": term.kind.as_str()})
}

/// An attribution.
#[must_use]
pub fn attribution(attribution: &Attribution) -> Value {
    let content: Vec<[usize; 2]> = attribution.content.iter().copied().map(pair).collect();
    json!({
        "source": attribution.source.map(pair),
        "cue": pair(attribution.cue),
        "content": content,
        "class": attribution.class.as_str(),
        "direct": attribution.direct.as_str(),
    })
}

/// A stance.
#[must_use]
pub fn stance(stance: &Stance) -> Value {
    let holder = stance.holder.map_or_else(|| json!("author"), |holder| json!(pair(holder)));
    json!({"holder": holder, "target": pair(stance.target), "polarity": stance.polarity.as_str()})
}

const fn pair(span: Span) -> [usize; 2] {
    [span.start, span.end]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::train::record::from_map;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let value = json!({
            "id": "a7:3", "lang": "en", "group": "a7", "annotator": "ann", "text": "The mayor claimed the vile plan had failed.",
            "labels": {"bias": 1, "tone": "negative", "mood": {"grim": 3, "glad": 1}},
            "loaded": [{"start": 22, "end": 26, "kind": "evaluative"}],
            "attributions": [{"source": [0, 9], "cue": [10, 17], "content": [[18, 42]], "class": "distancing",
                "direct": "indirect"}],
            "stances": [{"holder": "author", "target": [0, 9], "polarity": "against"}],
            "weight": 2.5,
        });
        let read = |map: &Map<String, Value>| from_map(map, &Place::file("f")).unwrap();
        let record = read(value.as_object().unwrap());
        let written = object(&record);
        assert_eq!(read(&written), record);
        assert_eq!(written.keys().collect::<Vec<_>>(), value.as_object().unwrap().keys().collect::<Vec<_>>());
        let nobody_looked = json!({"id": "b", "text": "A plain sentence."});
        let plain = object(&read(nobody_looked.as_object().unwrap()));
        assert_eq!(plain.keys().collect::<Vec<_>>(), ["id", "lang", "group", "text"]);
    }
}
