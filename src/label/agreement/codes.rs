//! What raters said under one head, unit by unit.
//!
//! In: the records of several raters. Out: [`Codes`]: for each unit the class that each rater gave it. Start at
//! [`Codes::of`]. The unit is the sentence for a head that labels sentences; the word for `loaded` (the kind of the
//! shortest term that it stands in, or `none`) and for `attribution` (cue, source or content, the first of these that it is
//! part of, or `none`); the target for `stance`, where both raters marked the same one.

use super::alpha::Metric;
use crate::heads::label::Label as _;
use crate::heads::{attribution, loaded, stance};
use crate::label::judgement::Judgement;
use crate::text::{OffsetUnit, Offsets, Span, words};
use crate::train::annotation::{Attribution, LoadedKind, Polarity};
use crate::train::record::{Label, Record};
use std::collections::{BTreeMap, BTreeSet};

/// What a head is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Sentences.
    Sentence,
    /// Words of sentences.
    Word,
    /// Targets that stances were marked toward.
    Target,
}

/// The classes of one head's units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Codes {
    pub unit: Unit,
    pub metric: Metric,
    /// How many classes there are.
    pub classes: usize,
    /// By document, then by unit: the class's number by rater.
    pub documents: BTreeMap<String, Vec<BTreeMap<usize, usize>>>,
}

/// The classes of `tone` are in order.
const ORDERED: [&str; 3] = ["negative", "neutral", "positive"];

impl Codes {
    /// What the raters' records say under a head; a rater is a number. Of one rater's records of a sentence the last counts.
    pub fn of(head: &str, records: &[(usize, &Record)]) -> Self {
        let unit = match head {
            loaded::NAME | attribution::NAME => Unit::Word,
            stance::NAME => Unit::Target,
            _ => Unit::Sentence,
        };
        // A sentence is its document and its text.
        let mut rated: BTreeMap<(&str, &str), BTreeMap<usize, &Record>> = BTreeMap::new();
        for (rater, record) in records {
            if Judgement::of(record, head).is_some() {
                rated.entry((&record.group, &record.text)).or_default().insert(*rater, record);
            }
        }
        let mut named: BTreeMap<String, Vec<BTreeMap<usize, String>>> = BTreeMap::new();
        for ((group, text), by_rater) in rated {
            let mut units: BTreeMap<(usize, usize), BTreeMap<usize, String>> = BTreeMap::new();
            for (rater, record) in by_rater {
                for (place, class) in classes(head, record, text) {
                    units.entry(place).or_default().insert(rater, class);
                }
            }
            named.entry(group.to_owned()).or_default().extend(units.into_values());
        }
        let known = || named.values().flatten().flat_map(|unit| unit.values());
        let is_ordered = head == "tone" && known().all(|class| ORDERED.contains(&class.as_str()));
        let names: Vec<String> = if is_ordered {
            ORDERED.iter().map(|class| (*class).to_owned()).collect()
        } else {
            known().cloned().collect::<BTreeSet<_>>().into_iter().collect()
        };
        let number = |class: &String| names.iter().position(|name| name == class);
        let coded = |unit: BTreeMap<usize, String>| {
            unit.iter().filter_map(|(rater, class)| Some((*rater, number(class)?))).collect()
        };
        let documents = named.into_iter().map(|(group, units)| (group, units.into_iter().map(coded).collect()));
        Self {
            unit,
            metric: if is_ordered { Metric::Ordinal } else { Metric::Nominal },
            documents: documents.collect(),
            classes: names.len(),
        }
    }
}

/// What one record says of each unit, by the unit's place in the sentence.
fn classes(head: &str, record: &Record, text: &str) -> Vec<((usize, usize), String)> {
    match head {
        loaded::NAME => {
            let terms = record.loaded.as_deref().unwrap_or_default();
            let class = |word: (usize, usize)| {
                let around = terms.iter().filter(|term| overlaps(term.span.start, term.span.end, word));
                let shortest = around.min_by_key(|term| term.span.end - term.span.start);
                shortest.map_or("none", |term| LoadedKind::as_str(term.kind)).to_owned()
            };
            places(text).into_iter().map(|word| (word, class(word))).collect()
        }
        attribution::NAME => {
            let all = record.attributions.as_deref().unwrap_or_default();
            places(text).into_iter().map(|word| (word, part(all, word).to_owned())).collect()
        }
        stance::NAME => {
            let of = record.stances.iter().flatten();
            of.map(|stance| ((stance.target.start, stance.target.end), Polarity::as_str(stance.polarity).to_owned()))
                .collect()
        }
        own => record.labels.get(own).and_then(most).map(|class| ((0, 0), class)).into_iter().collect(),
    }
}

/// The part of an attribution that a word is of.
fn part(attributions: &[Attribution], word: (usize, usize)) -> &'static str {
    let is = |of: &dyn Fn(&Attribution) -> bool| attributions.iter().any(of);
    if is(&|one| overlaps(one.cue.start, one.cue.end, word)) {
        "cue"
    } else if is(&|one| one.source.is_some_and(|source| overlaps(source.start, source.end, word))) {
        "source"
    } else if is(&|one| one.content.iter().any(|content| overlaps(content.start, content.end, word))) {
        "content"
    } else {
        "none"
    }
}

/// A label's class; of shares the largest, of as large ones the first.
fn most(label: &Label) -> Option<String> {
    match label {
        Label::Hard(class) => Some(class.clone()),
        Label::Soft(shares) => {
            let most = shares.iter().rev().max_by(|a, b| a.1.total_cmp(b.1))?;
            Some(most.0.clone())
        }
    }
}

/// The words of a text without punctuation, in bytes.
pub(super) fn word_spans(text: &str) -> Vec<Span> {
    words(text).filter(|word| word.slice(text).contains(char::is_alphanumeric)).collect()
}

/// The same in code points.
fn places(text: &str) -> Vec<(usize, usize)> {
    let offsets = Offsets::new(text);
    word_spans(text).into_iter().map(|word| offsets.convert_span(word, OffsetUnit::Chars)).collect()
}

const fn overlaps(start: usize, end: usize, word: (usize, usize)) -> bool {
    start < word.1 && word.0 < end
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::label::sample::record;
    use serde_json::json;

    #[test]
    fn the_units_are_sentences_words_and_targets() {
        let one = record(json!({
            "id": "a", "group": "g", "text": "The 🔥 vile plan, he said.", "labels": {"tone": "negative", "bias": {"0": 1, "1": 3}},
            "loaded": [{"start": 6, "end": 15, "kind": "naming"}, {"start": 6, "end": 10, "kind": "doubt"}],
            "attributions": [{"source": [17, 19], "cue": [20, 24], "content": [[0, 16]], "class": "neutral", "direct": "indirect"}],
            "stances": [{"holder": "author", "target": [11, 15], "polarity": "against"}],
        }));
        let of = |head: &str| {
            let codes = Codes::of(head, &[(0, &one)]);
            let classes: Vec<usize> = codes.documents["g"].iter().map(|unit| unit[&0]).collect();
            (codes.unit, codes.metric, codes.classes, classes)
        };
        assert_eq!(of("tone"), (Unit::Sentence, Metric::Ordinal, 3, vec![0]));
        assert_eq!(of("bias"), (Unit::Sentence, Metric::Nominal, 1, vec![0]));
        // The, vile, plan, he, said: none, doubt, naming, none, none.
        assert_eq!(of("loaded"), (Unit::Word, Metric::Nominal, 3, vec![2, 0, 1, 2, 2]));
        // content, content, content, source, cue
        assert_eq!(of("attribution"), (Unit::Word, Metric::Nominal, 3, vec![0, 0, 0, 2, 1]));
        assert_eq!(of("stance"), (Unit::Target, Metric::Nominal, 1, vec![0]));
        assert_eq!(Codes::of("other", &[(0, &one)]).documents.len(), 0);
    }
}
