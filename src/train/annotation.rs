//! What can be marked in a sentence: loaded terms, attributions, stances.
//!
//! In: the `loaded`, `attributions` and `stances` values of a labelled record. Out: typed annotations
//! whose spans are known to lie inside the text, and to one another as `placement` says. Start at [`Loaded`], [`Attribution`], [`Stance`].
//! `training/README.md` defines every label.

use std::ops::Range;

use serde_json::{Map, Value};

use super::lines::{Flaw, kind};
use super::placement;
pub use crate::heads::attribution::{CueClass, Directness};
use crate::heads::label::Label;
pub use crate::heads::loaded::LoadedKind;
pub use crate::heads::stance::Polarity;

/// `start..end` in Unicode code points of the sentence, end-exclusive, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Span {
    /// The same span in UTF-8 bytes of `text`; `None` if it does not lie inside.
    #[must_use]
    pub fn bytes(self, text: &str) -> Option<Range<usize>> {
        let mut edges = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let start = edges.nth(self.start)?;
        let end = match self.end.checked_sub(self.start)? {
            0 => start,
            width => edges.nth(width - 1)?,
        };
        Some(start..end)
    }

    /// The text under the span; `None` if it does not lie inside.
    #[must_use]
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.bytes(text)?)
    }
}

/// A word or phrase whose wording, as opposed to the fact it names, carries a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// The term.
    pub span: Span,
    /// How it judges.
    pub kind: LoadedKind,
}

/// Somebody says, writes, thinks, wants, promises or denies something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Who; `None` where the sentence does not say.
    pub source: Option<Span>,
    /// The words that signal it.
    pub cue: Span,
    /// What, in one or more pieces in text order; empty where it lies outside the marked words.
    pub content: Vec<Span>,
    /// What the cue says about the writer's view.
    pub class: CueClass,
    /// Whether the content is quoted.
    pub direct: Directness,
}

/// An explicit stance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stance {
    /// Whose; `None` is the author of the text.
    pub holder: Option<Span>,
    /// On whom or what.
    pub target: Span,
    /// Where the holder stands.
    pub polarity: Polarity,
}

/// Whether the terms may stand in one sentence: no two cross or are the same.
#[must_use]
pub fn terms_fit(terms: &[Loaded]) -> bool {
    placement::terms(terms).is_ok()
}

/// Whether the attributions may stand in one sentence: the parts of each lie as they may, and no two are the same.
#[must_use]
pub fn attributions_fit(attributions: &[Attribution]) -> bool {
    placement::relations(attributions).is_ok()
}

/// The `loaded` value of a record whose text is `sentence`.
pub(super) fn loaded(value: &Value, sentence: &[char]) -> Result<Vec<Loaded>, Flaw> {
    let terms = each(value, "loaded", |map| {
        let bound = |key| map.get(key).cloned().unwrap_or(Value::Null);
        let pair = Value::Array(vec![bound("start"), bound("end")]);
        Ok(Loaded { span: mark(&pair, sentence)?, kind: label::<LoadedKind>(map, "kind")? })
    })?;
    placement::terms(&terms)?;
    Ok(terms)
}

/// The `attributions` value of a record whose text is `sentence`.
pub(super) fn attributions(value: &Value, sentence: &[char]) -> Result<Vec<Attribution>, Flaw> {
    let attributions = each(value, "attributions", |map| {
        let source = match map.get("source") {
            None | Some(Value::Null) => None,
            Some(value) => Some(mark(value, sentence)?),
        };
        let content = match map.get("content") {
            None | Some(Value::Null) => Vec::new(),
            Some(value) => {
                array(value, "content")?.iter().map(|item| mark(item, sentence)).collect::<Result<_, _>>()?
            }
        };
        Ok(Attribution {
            source,
            cue: mark(map.get("cue").unwrap_or(&Value::Null), sentence)?,
            content,
            class: label::<CueClass>(map, "class")?,
            direct: label::<Directness>(map, "direct")?,
        })
    })?;
    placement::relations(&attributions)?;
    Ok(attributions)
}

/// The `stances` value of a record whose text is `sentence`.
pub(super) fn stances(value: &Value, sentence: &[char]) -> Result<Vec<Stance>, Flaw> {
    each(value, "stances", |map| {
        let holder = match map.get("holder") {
            Some(Value::String(word)) if word == "author" => None,
            other => Some(mark(other.unwrap_or(&Value::Null), sentence)?),
        };
        let target = mark(map.get("target").unwrap_or(&Value::Null), sentence)?;
        Ok(Stance { holder, target, polarity: label::<Polarity>(map, "polarity")? })
    })
}

/// A `[start, end]` pair of whole characters of the sentence.
fn mark(value: &Value, sentence: &[char]) -> Result<Span, Flaw> {
    let span = span(value, sentence.len())?;
    placement::whole(span, sentence)?;
    Ok(span)
}

/// A `[start, end]` pair that lies inside a text of `length` code points.
pub(super) fn span(value: &Value, length: usize) -> Result<Span, Flaw> {
    let bound = |item: &Value| item.as_u64().and_then(|bound| usize::try_from(bound).ok());
    let pair = match value.as_array().map(Vec::as_slice) {
        Some([start, end]) => bound(start).zip(bound(end)),
        _ => None,
    };
    match pair {
        Some((start, end)) if start < end && end <= length => Ok(Span { start, end }),
        Some((start, end)) => Err(Flaw::new(
            format!("the span [{start}, {end}] in a text of {length} code points"),
            format!("start < end and end ≤ {length}"),
            "count spans in Unicode code points (not bytes, not UTF-16 units), end-exclusive",
        )),
        None => Err(Flaw::new(
            format!("{value} as a span"),
            "two non-negative integers, start and end",
            "write a span as [start, end] in Unicode code points (a loaded term as \"start\" and \"end\")",
        )),
    }
}

/// The label under `key`.
fn label<L: Label>(map: &Map<String, Value>, key: &str) -> Result<L, Flaw> {
    let value = map.get(key);
    value.and_then(Value::as_str).and_then(L::from_label).ok_or_else(|| {
        let labels: Vec<&str> = L::ALL.iter().map(|l| l.as_str()).collect();
        let found = match value {
            None => format!("no `{key}`"),
            Some(Value::String(found)) => format!("{found:?} as `{key}`"),
            Some(other) => format!("{} as `{key}`", kind(other)),
        };
        Flaw::new(found, format!("one of {}", labels.join(", ")), format!("give \"{key}\" one of these labels"))
    })
}

fn array<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, Flaw> {
    value.as_array().ok_or_else(|| {
        Flaw::new(
            format!("{} as `{key}`", kind(value)),
            "an array",
            format!("write \"{key}\" as an array, [] if there are none, or leave it out if nobody looked"),
        )
    })
}

fn each<T>(value: &Value, key: &str, read: impl Fn(&Map<String, Value>) -> Result<T, Flaw>) -> Result<Vec<T>, Flaw> {
    let item = |item: &Value| match item {
        Value::Object(map) => read(map).map_err(|flaw| Flaw { found: format!("{} in `{key}`", flaw.found), ..flaw }),
        other => Err(Flaw::new(
            format!("{} in `{key}`", kind(other)),
            "an object",
            format!("write each of \"{key}\" as an object; training/README.md has an example"),
        )),
    };
    array(value, key)?.iter().map(item).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spans_count_code_points_and_slice_whole_characters() {
        let text = "é𝕏ab";
        assert_eq!(Span { start: 1, end: 3 }.slice(text), Some("𝕏a"));
        assert_eq!(Span { start: 0, end: 4 }.bytes(text), Some(0..text.len()));
        assert_eq!(Span { start: 3, end: 5 }.slice(text), None);
        assert_eq!(Span { start: 3, end: 2 }.slice(text), None);
        assert_eq!(Span { start: usize::MAX, end: usize::MAX }.slice(text), None);
    }

    #[test]
    fn spans_outside_the_text_empty_reversed_or_odd_are_refused() {
        for bad in
            [json!([0, 5]), json!([2, 2]), json!([3, 1]), json!([-1, 2]), json!([0]), json!([0.0, 1.0]), json!(null)]
        {
            assert!(span(&bad, 4).is_err(), "{bad}");
        }
        assert_eq!(span(&json!([0, 4]), 4).unwrap(), Span { start: 0, end: 4 });
    }

    #[test]
    fn an_attribution_may_lack_its_source_but_not_its_cue() {
        let whole = json!([{"cue":[0,2],"content":[],"class":"charged","direct":"mixed","source":null}]);
        assert_eq!(attributions(&whole, &['a'; 4]).unwrap()[0].source, None);
        let lacking = json!([{"source":[0,2],"class":"charged","direct":"mixed"}]);
        assert!(attributions(&lacking, &['a'; 4]).unwrap_err().found.contains("attributions"));
    }

    #[test]
    fn an_unknown_kind_is_refused_with_the_known_ones() {
        let flaw = loaded(&json!([{"start":0,"end":1,"kind":"rude"}]), &['a'; 4]).unwrap_err();
        assert!(flaw.expected.contains("naming, evaluative, exaggeration, doubt"), "{flaw:?}");
    }
}
