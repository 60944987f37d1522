//! Which sentences are labelled already.
//!
//! In: labelled records, and corrections of a store. Out: whether a [`Candidate`] is among them. Start at
//! [`Labelled::take_away`]. A sentence is known by its text, wherever it stands, and a corrected one by its place in its
//! document too, should it be cut otherwise now.

use super::candidate::Candidate;
use super::queue::key;
use crate::label::records::standing;
use crate::label::{DocumentName, Stored, judgement};
use crate::text::{Document, OffsetUnit, Offsets};
use crate::train::record::Record;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The heads that a sentence was labelled under.
type Heads = BTreeSet<String>;

/// What is labelled already.
#[derive(Debug, Clone, Default)]
pub struct Labelled {
    by_text: HashMap<String, Heads>,
    /// By the document's SHA-256: code points of the document, and the heads.
    by_place: HashMap<String, Vec<(usize, usize, Heads)>>,
    /// Language and text of each sentence.
    texts: BTreeMap<String, BTreeSet<String>>,
}

impl Labelled {
    /// Adds labelled records.
    pub fn add_records(&mut self, records: &[Record]) {
        for record in records {
            self.add(&record.lang, &record.text, judgement::heads(record));
        }
    }

    /// Adds the corrections of a store; those that were taken back are none.
    pub fn add_corrections(&mut self, corrections: &[Stored]) {
        for correction in standing(corrections) {
            let sentence = &correction.sentence;
            self.add(&correction.lang, &sentence.text, vec![correction.head.clone()]);
            let places = self.by_place.entry(correction.document.sha256.clone()).or_default();
            places.push((sentence.start, sentence.end, Heads::from([correction.head.clone()])));
        }
    }

    fn add(&mut self, lang: &str, text: &str, heads: Vec<String>) {
        self.by_text.entry(key(text)).or_default().extend(heads);
        self.texts.entry(lang.to_owned()).or_default().insert(text.to_owned());
    }

    /// The sentences in a language, and those whose language is not known, that were labelled under one of the heads (under
    /// any, where none is named), in order.
    pub fn texts<'l>(&'l self, lang: &'l str, heads: &'l [String]) -> impl Iterator<Item = &'l str> {
        let all = [lang, "und"].into_iter().filter_map(|lang| self.texts.get(lang)).flatten();
        let is_done = |text: &&String| self.by_text.get(&key(text)).is_some_and(|done| counts(done, heads));
        all.filter(is_done).map(String::as_str)
    }

    /// Takes those candidates of a document away that were labelled under one of the heads; under any, where none is
    /// named.
    pub fn take_away(&self, candidates: &mut Vec<Candidate>, document: &Document, heads: &[String]) {
        if self.by_text.is_empty() {
            return;
        }
        let sha256 = DocumentName::of(document.id(), document.text()).sha256;
        let places = self.by_place.get(&sha256).map_or(&[][..], Vec::as_slice);
        let offsets = Offsets::new(document.text());
        candidates.retain(|candidate| {
            let place = offsets.convert_span(candidate.span, OffsetUnit::Chars);
            !self.is_done(&candidate.text, place, places, heads)
        });
    }

    /// Whether a sentence is labelled.
    fn is_done(
        &self,
        text: &str,
        (start, end): (usize, usize),
        places: &[(usize, usize, Heads)],
        heads: &[String],
    ) -> bool {
        let is_here = |(from, to, done): &(usize, usize, Heads)| *from < end && start < *to && counts(done, heads);
        self.by_text.get(&key(text)).is_some_and(|done| counts(done, heads)) || places.iter().any(is_here)
    }
}

/// Whether what was labelled under `done` counts as labelled where `heads` are asked for.
fn counts(done: &Heads, heads: &[String]) -> bool {
    heads.is_empty() || heads.iter().any(|head| done.contains(head))
}

#[cfg(test)]
mod tests {
    use super::super::doubt::Doubt;
    use super::*;
    use crate::label::sample::{SENTENCE, TEXT, loaded, record, stored};
    use crate::text::Span;
    use serde_json::json;

    fn candidate(text: &str, within: &str) -> Candidate {
        let start = within.find(text).unwrap_or(0);
        let span = Span::new(start, start + text.len());
        let (lang, doubts) = ("en".to_owned(), Vec::<Doubt>::new());
        Candidate { document: 0, sentence: 0, span, lang, text: text.to_owned(), uncertainty: 0.5, doubts }
    }

    /// Whether a sentence of a document is left to be read.
    fn is_left(labelled: &Labelled, text: &str, within: &str, heads: &[&str]) -> bool {
        let mut candidates = vec![candidate(text, within)];
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        labelled.take_away(&mut candidates, &Document::new("a", within), &heads);
        !candidates.is_empty()
    }

    #[test]
    fn a_corrected_sentence_is_known_by_its_place_and_everywhere_by_its_text() {
        let correction = loaded("ann", Some((22, 26, "doubt")), None);
        let mut labelled = Labelled::default();
        labelled.add_corrections(&stored([correction.clone()]));
        assert!(!is_left(&labelled, SENTENCE, TEXT, &[]));
        assert!(!is_left(&labelled, SENTENCE, SENTENCE, &["loaded"]));
        assert!(!is_left(&labelled, "The mayor claimed the vile plan", TEXT, &[]));
        assert!(is_left(&labelled, "The mayor claimed the vile plan", "The mayor claimed the vile plan", &[]));
        assert!(is_left(&labelled, "The council met 🔥 again.", TEXT, &[]));
        assert!(is_left(&labelled, SENTENCE, TEXT, &["bias"]));
        // Taken back, it is none.
        let undo = correction.undone(1, "2026-05-04T09:31:00Z");
        let mut none = Labelled::default();
        none.add_corrections(&stored([correction, undo]));
        assert!(is_left(&none, SENTENCE, TEXT, &[]));
    }

    #[test]
    fn a_record_is_known_by_its_text_whatever_its_white_space() {
        let mut labelled = Labelled::default();
        labelled.add_records(&[record(json!({"id": "a", "text": "It  rained\non Tuesday.", "labels": {"bias": 0}}))]);
        assert!(!is_left(&labelled, "It rained on Tuesday.", "It rained on Tuesday.", &["bias"]));
        assert!(is_left(&labelled, "It rained on Tuesday.", "It rained on Tuesday.", &["tone"]));
        assert_eq!(labelled.texts("en", &[]).count(), 1);
        assert_eq!(labelled.texts("en", &["tone".to_owned()]).count(), 0);
    }
}
