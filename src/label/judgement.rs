//! What is said of a sentence under one head: its label, a loaded term, an attribution or a stance.
//!
//! In: the name of a head and a JSON value, as the head's key of a labelled record has it. Out: a [`Judgement`], checked
//! against the sentence. Start at [`Judgement::read`].

use crate::error::{Place, Result};
use crate::heads::{attribution, loaded, stance};
use crate::train::annotation::{Attribution, Loaded, Span, Stance};
use crate::train::object;
use crate::train::record::{Label, Record, from_map};
use serde_json::{Map, Value, json};

/// One statement; spans are in code points of the sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// The sentence's label, of a head that labels sentences.
    Label(Label),
    /// A loaded term.
    Loaded(Loaded),
    /// An attribution.
    Attribution(Attribution),
    /// A stance.
    Stance(Stance),
}

impl Judgement {
    /// Reads a value of `head` about `sentence`; `null` says that there is none.
    ///
    /// # Errors
    /// [`crate::Error::Input`] for a head or a value that cannot be, as in a labelled record.
    pub fn read(head: &str, value: &Value, sentence: &str, place: &Place) -> Result<Option<Self>> {
        if value.is_null() {
            return Ok(None);
        }
        // As the one mark of a record, so that the same checks hold.
        let mut map = Map::new();
        map.insert("id".into(), json!("-"));
        map.insert("text".into(), json!(sentence));
        let (key, content) = match head {
            loaded::NAME => ("loaded", json!([value])),
            attribution::NAME => ("attributions", json!([value])),
            stance::NAME => ("stances", json!([value])),
            own => ("labels", json!({own: value})),
        };
        map.insert(key.into(), content);
        let record = from_map(&map, place)?;
        let marks = Self::of(&record, head).unwrap_or_default();
        Ok(marks.into_iter().next())
    }

    /// Everything that a record says under a head; `None` where it says nothing, empty where it says that there is
    /// nothing.
    #[must_use]
    pub fn of(record: &Record, head: &str) -> Option<Vec<Self>> {
        match head {
            loaded::NAME => Some(record.loaded.as_ref()?.iter().copied().map(Self::Loaded).collect()),
            attribution::NAME => Some(record.attributions.as_ref()?.iter().cloned().map(Self::Attribution).collect()),
            stance::NAME => Some(record.stances.as_ref()?.iter().copied().map(Self::Stance).collect()),
            own => Some(vec![Self::Label(record.labels.get(own)?.clone())]),
        }
    }

    /// The value that [`Judgement::read`] reads.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Label(label) => object::label(label),
            Self::Loaded(term) => object::loaded(term),
            Self::Attribution(attribution) => object::attribution(attribution),
            Self::Stance(stance) => object::stance(stance),
        }
    }

    /// Where it stands: the term, the cue, the target; `None` for the whole sentence.
    #[must_use]
    pub fn place(&self) -> Option<Span> {
        match self {
            Self::Label(_) => None,
            Self::Loaded(term) => Some(term.span),
            Self::Attribution(attribution) => Some(attribution.cue),
            Self::Stance(stance) => Some(stance.target),
        }
    }

    /// Whether both speak of the same thing, whatever they say of it.
    #[must_use]
    pub fn is_of_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Label(_), Self::Label(_)) => true,
            (Self::Loaded(a), Self::Loaded(b)) => a.span == b.span,
            (Self::Attribution(a), Self::Attribution(b)) => {
                a.cue == b.cue && a.source == b.source && a.content == b.content
            }
            (Self::Stance(a), Self::Stance(b)) => a.target == b.target && a.holder == b.holder,
            _ => false,
        }
    }
}

/// Whether a head marks places in a sentence, rather than labels it.
#[must_use]
pub fn marks_places(head: &str) -> bool {
    [loaded::NAME, attribution::NAME, stance::NAME].contains(&head)
}

/// The record's heads, those that label sentences first.
#[must_use]
pub fn heads(record: &Record) -> Vec<String> {
    let marked = [
        (loaded::NAME, record.loaded.is_some()),
        (attribution::NAME, record.attributions.is_some()),
        (stance::NAME, record.stances.is_some()),
    ];
    let marked = marked.into_iter().filter(|(_, looked)| *looked).map(|(head, _)| head.to_owned());
    record.labels.keys().cloned().chain(marked).collect()
}

/// The record, saying what it says of these heads alone.
#[must_use]
pub fn under(record: &Record, heads: &[String]) -> Record {
    let has = |head: &str| heads.iter().any(|name| name == head);
    let mut record = record.clone();
    record.labels.retain(|head, _| has(head));
    record.loaded = record.loaded.filter(|_| has(loaded::NAME));
    record.attributions = record.attributions.filter(|_| has(attribution::NAME));
    record.stances = record.stances.filter(|_| has(stance::NAME));
    record
}

/// The record, saying nothing.
#[must_use]
pub fn silent(record: &Record) -> Record {
    Record { labels: Default::default(), loaded: None, attributions: None, stances: None, ..record.clone() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(head: &str, value: Value) -> Result<Option<Judgement>> {
        Judgement::read(head, &value, "The vile plan.", &Place::file("f"))
    }

    #[test]
    fn a_value_is_read_by_its_head_and_written_as_it_was() {
        for (head, value) in [
            ("bias", json!(1)),
            ("mood", json!("grim")),
            ("loaded", json!({"start": 4, "end": 8, "kind": "evaluative"})),
            (
                "attribution",
                json!({"source": null, "cue": [4, 8], "content": [[9, 13]], "class": "charged", "direct": "mixed"}),
            ),
            ("stance", json!({"holder": "author", "target": [9, 13], "polarity": "against"})),
        ] {
            assert_eq!(read(head, value.clone()).unwrap().unwrap().value(), value);
        }
        assert_eq!(read("loaded", Value::Null).unwrap(), None);
    }

    #[test]
    fn a_span_outside_the_sentence_or_a_label_of_another_head_is_refused() {
        assert!(read("loaded", json!({"start": 4, "end": 99, "kind": "evaluative"})).is_err());
        assert!(read("loaded", json!(1)).is_err());
        assert!(read("text", json!(1)).is_err());
        assert!(read("bias", json!([1])).is_err());
    }
}
