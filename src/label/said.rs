//! What a reader says of a report, as a correction.
//!
//! In: a document, its report, and what is to be otherwise, with spans in code points of the document, as a page has them.
//! Out: a [`Correction`], with the sentence, what the model said of all of it, and an anchor. Start at [`Said::correct`].

use super::correction::{Correction, DocumentName};
use super::judgement::{Judgement, marks_places};
use super::seen;
use super::selector::Anchor;
use crate::error::{Error, Place, Result};
use crate::report::Report;
use crate::text::{Document, OffsetUnit, Offsets, Span};
use crate::train::object;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What a reader says.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Under which head.
    pub head: String,
    /// The sentence that a label is of, by its number in the report, from 0; a head that marks places has none.
    #[serde(default)]
    pub sentence: Option<usize>,
    /// The mark that is corrected, by the place of its own words (term, cue, target); none for one that is missing.
    #[serde(default)]
    pub at: Option<(usize, usize)>,
    /// What is right: a label; of a mark, the keys that change, or all of a missing one; `null` where there is nothing.
    pub change: Value,
}

impl Said {
    /// The correction of a report on `document`, made at `time` (RFC 3339, UTC) by `annotator`.
    ///
    /// # Errors
    /// [`Error::Input`] at `place` for a mark that the report does not have, one that is not inside one sentence, and as
    /// [`Correction::from_map`].
    pub fn correct(
        &self,
        (document, report): (&Document, &Report),
        (annotator, time): (Option<&str>, &str),
        place: &Place,
    ) -> Result<Correction> {
        let text = report.text.as_deref().unwrap_or(document.text());
        let offsets = Offsets::new(text);
        let number = self.sentence_of(report, &offsets).ok_or_else(|| outside(place))?;
        let record = seen::record(document, report, number).ok_or_else(|| outside(place))?;
        let sentence = &report.sentences[number];
        let whole = offsets.span_of(sentence.start, sentence.end, report.offsets).ok_or_else(|| outside(place))?;
        let (start, end) = offsets.convert_span(whole, OffsetUnit::Chars);
        let change = shifted(&self.change, start);
        let marks = Judgement::of(&record, &self.head).unwrap_or_default();
        let (old, new) = if marks_places(&self.head) {
            let is_meant = |mark: &&Judgement| {
                let own = mark.place().map(|own| (own.start + start, own.end + start));
                self.at.is_some() && own == self.at
            };
            let old = marks.iter().find(is_meant).map_or(Value::Null, Judgement::value);
            if self.at.is_some() && old.is_null() {
                return Err(none_there(place));
            }
            let new = changed(&old, change);
            (old, new)
        } else {
            (marks.first().map_or(Value::Null, Judgement::value), change)
        };
        let own = [&new, &old].into_iter().find_map(own_span).filter(|_| marks_places(&self.head));
        let anchored = match own {
            Some((from, to)) => offsets.span_of_chars(from + start, to + start).ok_or_else(|| outside(place))?,
            None => whole,
        };
        let anchor = Anchor::of(text, anchored).ok_or_else(|| outside(place))?;
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| {
            map.insert(key.to_owned(), value);
        };
        put("time", json!(time));
        put("document", json!(DocumentName::of(document.id(), text)));
        put("lang", json!(record.lang));
        put("head", json!(self.head));
        put("selector", json!(anchor));
        put("sentence", json!({"text": record.text, "start": start, "end": end}));
        put("seen", Value::Object(object::object(&record)));
        put("old", old);
        put("new", new);
        // In a document of several languages each has its own.
        put("model", json!(report.models.get(&record.lang).or(report.model.as_ref())));
        put("annotator", json!(annotator));
        Correction::from_map(map, place)
    }

    /// The number of the sentence.
    fn sentence_of(&self, report: &Report, offsets: &Offsets<'_>) -> Option<usize> {
        if !marks_places(&self.head) {
            return self.sentence.filter(|number| *number < report.sentences.len());
        }
        let (start, end) = self.at.or_else(|| own_span(&self.change))?;
        let span = offsets.span_of_chars(start, end)?;
        report.sentences.iter().position(|sentence| {
            let own = offsets.span_of(sentence.start, sentence.end, report.offsets);
            own.is_some_and(|own: Span| own.contains(span))
        })
    }
}

/// A value with some keys changed; `null` takes it away.
fn changed(old: &Value, change: Value) -> Value {
    match (old, change) {
        (Value::Object(old), Value::Object(change)) => {
            let mut new = old.clone();
            new.extend(change);
            Value::Object(new)
        }
        (_, change) => change,
    }
}

/// The span of a value's own words: the term, the cue or the target.
fn own_span(value: &Value) -> Option<(usize, usize)> {
    let of = ["cue", "target"].into_iter().find_map(|key| value.get(key)).unwrap_or(value);
    let number = |key: &str, at: usize| {
        let number = of.get(key).or_else(|| of.get(at)).and_then(Value::as_u64)?;
        usize::try_from(number).ok()
    };
    Some((number("start", 0)?, number("end", 1)?))
}

/// A value with its spans counted from `first` on. What is no span stays, and is judged where the value is read.
fn shifted(value: &Value, first: usize) -> Value {
    let minus = |number: &Value| Some(json!(number.as_u64()?.checked_sub(first as u64)?));
    let or_same = |number: &Value| minus(number).unwrap_or(Value::Null);
    match value {
        Value::Array(pair) if matches!(pair.as_slice(), [Value::Number(_), Value::Number(_)]) => {
            pair.iter().map(or_same).collect()
        }
        Value::Array(list) => list.iter().map(|value| shifted(value, first)).collect(),
        Value::Object(object) => {
            let of = |(key, value): (&String, &Value)| match key.as_str() {
                "start" | "end" => (key.clone(), or_same(value)),
                _ => (key.clone(), shifted(value, first)),
            };
            Value::Object(object.iter().map(of).collect())
        }
        other => other.clone(),
    }
}

fn none_there(place: &Place) -> Error {
    Error::Input {
        place: place.clone(),
        found: "an `at` where the report has no mark of this head".into(),
        expected: "the place of a term, a cue or a target of the report, in code points".into(),
        cure: "read the document again, or leave `at` out and give the whole mark in `change`".into(),
    }
}

fn outside(place: &Place) -> Error {
    Error::Input {
        place: place.clone(),
        found: "a mark that is not inside one sentence that was scored".into(),
        expected: "spans in code points of the document, inside one sentence of its report".into(),
        cure: "select words of one sentence".into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample::{full_document, full_report};

    const TIME: &str = "2026-05-04T09:30:00Z";

    /// What is said of the sample's report, whatever its offsets count.
    fn correct(said: &Value) -> Result<Correction> {
        let said: Said = serde_json::from_value(said.clone()).unwrap();
        let of = |unit| {
            let (document, report) = (full_document("a"), full_report("a", unit));
            said.correct((&document, &report), (Some("ann"), TIME), &Place::file(std::path::Path::new("<test>")))
        };
        let chars = of(OffsetUnit::Chars)?;
        assert_eq!(of(OffsetUnit::Utf16).unwrap(), chars);
        Ok(chars)
    }

    #[test]
    fn a_mark_is_told_by_its_place_and_keeps_what_is_not_changed() {
        let correction = correct(&json!({"head": "loaded", "at": [6, 12], "change": {"kind": "doubt"}})).unwrap();
        assert_eq!(correction.anchor.exact, "brutal");
        let (old, new) = (correction.old.unwrap().value(), correction.new.unwrap().value());
        assert_eq!((&old["kind"], &new["kind"]), (&json!("evaluative"), &json!("doubt")));
        assert_eq!((&old["start"], &old["end"]), (&new["start"], &new["end"]));
        let gone = correct(&json!({"head": "loaded", "at": [6, 12], "change": null})).unwrap();
        assert!(gone.old.is_some() && gone.new.is_none());
    }

    #[test]
    fn a_mark_in_a_later_sentence_is_counted_from_that_sentence() {
        let correction =
            correct(&json!({"head": "attribution", "at": [33, 40], "change": {"class": "neutral"}})).unwrap();
        let cue = correction.new.unwrap().value()["cue"].clone();
        assert_eq!(correction.anchor.exact, "claimed");
        assert_eq!(cue, json!([33 - correction.sentence.start, 40 - correction.sentence.start]));
    }

    #[test]
    fn what_is_not_there_or_in_no_sentence_is_refused() {
        for said in [
            json!({"head": "loaded", "at": [6, 13], "change": null}),
            json!({"head": "loaded", "change": {"start": 0, "end": 9999, "kind": "doubt"}}),
            json!({"head": "loaded", "change": {"start": 9, "end": 3, "kind": "doubt"}}),
            json!({"head": "loaded", "change": {"start": u64::MAX, "end": u64::MAX, "kind": "doubt"}}),
            json!({"head": "bias", "sentence": 99, "change": 1}),
            json!({"head": "bias", "change": 1}),
        ] {
            assert!(correct(&said).is_err(), "{said}");
        }
    }
}
