//! From corrections to labelled records, and back.
//!
//! In: stored corrections, in their order. Out: a labelled record for each sentence and annotator ([`records`]), with the
//! heads that were corrected and no other. A reader who corrects one loaded term has seen the sentence's other marks, so
//! what the model said under that head stays where nobody corrected it; nothing is claimed of the other heads. Start at
//! [`records`]; [`corrections`] makes corrections of a record that comes from elsewhere.
//!
//! What was taken back, by whomever, does not count, nor does what took it back; an undo may be undone itself. Of several corrections of
//! one place the latest holds. Where two marks cannot stand in one sentence together, the one that was corrected later
//! holds, and what nobody corrected gives way. Marks stand in the order of the text.

use super::correction::{Correction, DocumentName, Sentence};
use super::judgement::{Judgement, heads, silent};
use super::selector::Anchor;
use super::store::Stored;
use crate::heads::{attribution, loaded, stance};
use crate::text::Span;
use crate::train::annotation::{Attribution, Loaded, attributions_fit, terms_fit};
use crate::train::record::Record;
use std::collections::{BTreeMap, HashSet};

/// One sentence as one annotator has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The record, its annotator's name in it. Its `group` is the document's hash, unless `seen` named another.
    pub record: Record,
    /// What the model said of the same heads, where there was a model; other heads are left out.
    pub seen: Option<Record>,
}

/// The record of every sentence that was corrected, in the order of the first correction of each.
///
/// Ids are unique: where several annotators have a sentence, their names stand behind it, and numbers behind what would
/// still be the same.
#[must_use]
pub fn records(corrections: &[Stored]) -> Vec<Judged> {
    let mut order: Vec<Key> = Vec::new();
    let mut by_sentence: BTreeMap<Key, Vec<&Correction>> = BTreeMap::new();
    for correction in standing(corrections) {
        let key = key(correction);
        let of = by_sentence.entry(key.clone()).or_default();
        if of.is_empty() {
            order.push(key);
        }
        of.push(correction);
    }
    let mut judged: Vec<Judged> = order.iter().filter_map(|key| judged(by_sentence.get(key)?)).collect();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for one in &judged {
        *times.entry(one.record.id.clone()).or_default() += 1;
    }
    for one in &mut judged {
        let shared = times.get(&one.record.id).is_some_and(|times| *times > 1);
        if let Some(annotator) = one.record.annotator.as_ref().filter(|_| shared) {
            one.record.id = format!("{}@{annotator}", one.record.id);
        }
    }
    distinct(judged.iter_mut().map(|one| &mut one.record));
    judged
}

/// Gives records of the same id numbers, from the second on.
pub(super) fn distinct<'r>(records: impl Iterator<Item = &'r mut Record>) {
    let mut seen: HashSet<String> = HashSet::new();
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    for record in records {
        let mut id = record.id.clone();
        while !seen.insert(id.clone()) {
            let number = next.entry(record.id.clone()).or_insert(1);
            *number += 1;
            id = format!("{}#{number}", record.id);
        }
        record.id = id;
    }
}

/// Which sentence is meant, and by whom: annotator, document, id, start and end.
type Key = (Option<String>, String, String, usize, usize);

fn key(correction: &Correction) -> Key {
    let Sentence { start, end, .. } = correction.sentence;
    (correction.annotator.clone(), correction.document.sha256.clone(), correction.seen.id.clone(), start, end)
}

/// The corrections that hold: none that was taken back, and none that takes back.
pub(super) fn standing(corrections: &[Stored]) -> Vec<&Correction> {
    let mut undone: HashSet<i64> = HashSet::new();
    let mut standing: Vec<&Correction> = Vec::new();
    for Stored { id, correction } in corrections.iter().rev() {
        if undone.contains(id) {
            continue;
        }
        match correction.undoes {
            Some(other) => {
                undone.insert(other);
            }
            None => standing.push(correction),
        }
    }
    standing.reverse();
    standing
}

/// The record of a sentence, of its corrections in order.
fn judged(corrections: &[&Correction]) -> Option<Judged> {
    let last = corrections.last()?;
    let mut record = Record { annotator: last.annotator.clone(), ..silent(&last.seen) };
    let mut seen = silent(&last.seen);
    let mut by_head: BTreeMap<&str, Vec<&Correction>> = BTreeMap::new();
    for correction in corrections {
        by_head.entry(&correction.head).or_default().push(correction);
    }
    for (head, corrections) in by_head {
        // What the reader saw last holds for what was not corrected.
        let shown = corrections.iter().rev().find_map(|correction| Judgement::of(&correction.seen, head));
        let has_model = corrections.iter().any(|correction| correction.model.is_some());
        let base = shown.unwrap_or_default();
        put(&mut record, head, applied(&base, &corrections));
        if has_model {
            put(&mut seen, head, base);
        }
    }
    let seen = (!heads(&seen).is_empty()).then_some(seen);
    Some(Judged { record, seen })
}

/// A mark of a sentence, with its history.
struct Entry {
    mark: Judgement,
    /// What stood here before.
    before: Vec<Judgement>,
    /// The number of the correction that put it here, from 1; 0 for what the model said.
    age: usize,
}

/// What holds of one head: what was shown, with the corrections in order.
fn applied(shown: &[Judgement], corrections: &[&Correction]) -> Vec<Judgement> {
    let entry = |mark: &Judgement| Entry { mark: mark.clone(), before: Vec::new(), age: 0 };
    let mut entries: Vec<Entry> = shown.iter().map(entry).collect();
    for (correction, age) in corrections.iter().zip(1..) {
        let replaced = correction.old.as_ref().and_then(|old| place_of(&entries, old)).map(|at| entries.remove(at));
        // What stands where the new mark is to stand gives way too.
        let same = |new: &Judgement| entries.iter().position(|entry| entry.mark.is_of_same(new));
        let covered = correction.new.as_ref().and_then(same).map(|at| entries.remove(at));
        let mut before = Vec::new();
        for entry in replaced.into_iter().chain(covered) {
            before.extend(entry.before);
            before.push(entry.mark);
        }
        if let Some(mark) = &correction.new {
            before.extend(correction.old.clone());
            entries.push(Entry { mark: mark.clone(), before, age });
        }
    }
    // Labels: at most one is left, as each is of the same sentence.
    let mut marks: Vec<(usize, Judgement)> = entries.into_iter().map(|entry| (entry.age, entry.mark)).collect();
    if !fits(marks.iter().map(|(_, mark)| mark)) {
        marks.sort_by_key(|(age, _)| std::cmp::Reverse(*age));
        let mut kept: Vec<(usize, Judgement)> = Vec::new();
        for mark in marks {
            if fits(kept.iter().chain([&mark]).map(|(_, mark)| mark)) {
                kept.push(mark);
            }
        }
        marks = kept;
    }
    let place = |mark: &Judgement| mark.place().map(|span| (span.start, span.end));
    marks.sort_by_key(|(age, mark)| (place(mark), *age));
    marks.into_iter().map(|(_, mark)| mark).collect()
}

/// The entry that speaks of the same as `mark`, or else one that did before it was corrected.
fn place_of(entries: &[Entry], mark: &Judgement) -> Option<usize> {
    let same = entries.iter().position(|entry| entry.mark.is_of_same(mark));
    same.or_else(|| entries.iter().position(|entry| entry.before.iter().any(|before| before.is_of_same(mark))))
}

/// Whether marks of one head can stand in a sentence together.
fn fits<'a>(marks: impl Iterator<Item = &'a Judgement>) -> bool {
    let (mut terms, mut attributions): (Vec<Loaded>, Vec<Attribution>) = (Vec::new(), Vec::new());
    for mark in marks {
        match mark {
            Judgement::Loaded(term) => terms.push(*term),
            Judgement::Attribution(attribution) => attributions.push(attribution.clone()),
            Judgement::Label(_) | Judgement::Stance(_) => {}
        }
    }
    terms_fit(&terms) && attributions_fit(&attributions)
}

/// Lets a record say these marks of a head.
fn put(record: &mut Record, head: &str, marks: Vec<Judgement>) {
    match head {
        loaded::NAME => record.loaded = Some(marks.iter().filter_map(as_loaded).collect()),
        attribution::NAME => record.attributions = Some(marks.into_iter().filter_map(as_attribution).collect()),
        stance::NAME => {
            let stance = |mark: &Judgement| if let Judgement::Stance(stance) = mark { Some(*stance) } else { None };
            record.stances = Some(marks.iter().filter_map(stance).collect());
        }
        own => {
            for mark in marks {
                if let Judgement::Label(label) = mark {
                    record.labels.insert(own.to_owned(), label);
                }
            }
        }
    }
}

fn as_loaded(mark: &Judgement) -> Option<Loaded> {
    if let Judgement::Loaded(term) = mark { Some(*term) } else { None }
}

fn as_attribution(mark: Judgement) -> Option<Attribution> {
    if let Judgement::Attribution(attribution) = mark { Some(attribution) } else { None }
}

/// The corrections that say what a record says, of a sentence that is a document of its own: one for each mark with
/// nothing before it, and one for each head under which there is nothing to mark. Id, group and weight are kept.
#[must_use]
pub fn corrections(record: &Record, time: &str) -> Vec<Correction> {
    let text = &record.text;
    let end = text.chars().count();
    let offsets = crate::text::Offsets::new(text);
    let anchor = |mark: Option<&Judgement>| {
        let place = mark.and_then(Judgement::place);
        let span = place.and_then(|place| offsets.span_of_chars(place.start, place.end));
        Anchor::of(text, span.unwrap_or(Span::new(0, text.len())))
    };
    let correction = |head: &str, new: Option<Judgement>| {
        Some(Correction {
            time: time.to_owned(),
            document: DocumentName::of(&record.id, text),
            lang: record.lang.clone(),
            head: head.to_owned(),
            anchor: anchor(new.as_ref())?,
            sentence: Sentence { text: text.clone(), start: 0, end },
            seen: Record { annotator: None, ..silent(record) },
            old: None,
            new,
            model: None,
            annotator: record.annotator.clone(),
            note: None,
            undoes: None,
        })
    };
    let mut all = Vec::new();
    for head in heads(record) {
        let marks = Judgement::of(record, &head).unwrap_or_default();
        if marks.is_empty() {
            all.extend(correction(&head, None));
        }
        all.extend(marks.into_iter().filter_map(|mark| correction(&head, Some(mark))));
    }
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{label, loaded, record, stored};
    use super::*;
    use crate::train::object;
    use serde_json::{Value, json};

    type Term<'a> = Option<(usize, usize, &'a str)>;

    fn terms(corrections: &[Stored]) -> Vec<(usize, usize, String)> {
        let all = records(corrections);
        assert_eq!(all.len(), 1);
        let of = |term: &Loaded| (term.span.start, term.span.end, term.kind.to_string());
        all[0].record.loaded.as_ref().unwrap().iter().map(of).collect()
    }

    /// The terms of the sentence after these corrections; it had `claimed` (10 to 17) and `vile` (22 to 26), both doubt.
    fn after(corrections: &[(Term<'_>, Term<'_>)]) -> Vec<(usize, usize, String)> {
        terms(&stored(corrections.iter().map(|(old, new)| loaded("ann", *old, *new))))
    }

    fn of(terms: &[(usize, usize, &str)]) -> Vec<(usize, usize, String)> {
        terms.iter().map(|(start, end, kind)| (*start, *end, (*kind).to_owned())).collect()
    }

    #[test]
    fn one_mark_is_corrected_and_the_others_of_its_head_stay() {
        let new = after(&[(Some((22, 26, "doubt")), Some((22, 26, "evaluative")))]);
        assert_eq!(new, of(&[(10, 17, "doubt"), (22, 26, "evaluative")]));
        assert_eq!(after(&[(Some((10, 17, "doubt")), None)]), of(&[(22, 26, "doubt")]));
        assert_eq!(after(&[(None, Some((4, 9, "naming")))]).len(), 3);
        assert_eq!(
            after(&[(Some((22, 26, "doubt")), Some((22, 31, "naming")))]),
            of(&[(10, 17, "doubt"), (22, 31, "naming")])
        );
    }

    #[test]
    fn of_several_corrections_of_one_place_the_latest_holds() {
        let (first, second) = (Some((22, 26, "doubt")), Some((22, 31, "naming")));
        // In turn, and twice from what the model said.
        for old in [second, first] {
            let new = after(&[(first, second), (old, Some((18, 26, "exaggeration")))]);
            assert_eq!(new, of(&[(10, 17, "doubt"), (18, 26, "exaggeration")]));
        }
        assert_eq!(after(&[(first, second), (second, None)]), of(&[(10, 17, "doubt")]));
    }

    #[test]
    fn a_term_that_is_added_inside_a_widened_one_leaves_that_in_place() {
        let (narrow, wide) = (Some((22, 26, "doubt")), Some((22, 31, "naming")));
        let both = of(&[(10, 17, "doubt"), (22, 26, "evaluative"), (22, 31, "naming")]);
        assert_eq!(after(&[(narrow, wide), (None, Some((22, 26, "evaluative")))]), both);
        let added = (None, Some((22, 26, "evaluative")));
        assert_eq!(after(&[(narrow, wide), added, (Some((22, 26, "evaluative")), None)]).len(), 2);
    }

    #[test]
    fn what_crosses_a_correction_gives_way_to_it() {
        assert_eq!(after(&[(None, Some((15, 24, "naming")))]), of(&[(15, 24, "naming")]));
        let new = after(&[(None, Some((0, 9, "naming"))), (None, Some((4, 12, "doubt")))]);
        assert_eq!(new, of(&[(4, 12, "doubt"), (22, 26, "doubt")]));
    }

    #[test]
    fn what_was_taken_back_does_not_count_unless_that_was_taken_back_too() {
        let first = loaded("ann", Some((22, 26, "doubt")), None);
        let undo = first.undone(1, "2026-05-04T09:31:00Z");
        let redo = undo.undone(2, "2026-05-04T09:32:00Z");
        let all = stored([first, undo, redo]);
        assert_eq!(records(&all[..2]), []);
        assert_eq!(terms(&all), of(&[(10, 17, "doubt")]));
    }

    #[test]
    fn only_the_heads_that_were_corrected_are_spoken_of() {
        let all = records(&stored([label("ann", "bias", json!(0), json!(1))]));
        let record = &all[0].record;
        assert_eq!(record.labels.keys().collect::<Vec<_>>(), ["bias"]);
        assert_eq!((record.loaded.as_ref(), record.attributions.as_ref()), (None, None));
        assert_eq!(record.group.len(), 64);
        let seen = all[0].seen.as_ref().unwrap();
        assert_eq!((seen.labels.len(), seen.loaded.is_some()), (1, false));
    }

    #[test]
    fn annotators_stay_apart_and_ids_differ() {
        let all = records(&stored([
            label("ann", "bias", json!(0), json!(1)),
            label("bo", "bias", json!(0), json!(0)),
            label("ann", "tone", json!("neutral"), json!("negative")),
        ]));
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].record.labels.len(), 2);
        assert!(all[0].record.id.ends_with("@ann") && all[1].record.id.ends_with("@bo"));
        assert_eq!(all[1].record.annotator.as_deref(), Some("bo"));
    }

    #[test]
    fn a_record_of_elsewhere_comes_back_as_it_was() {
        let value = json!({
            "id": "a7:3", "lang": "en", "group": "a7", "annotator": "ann", "text": "The 🔥 mayor claimed the vile plan had failed.",
            "labels": {"bias": 1, "mood": {"glad": 0.25, "grim": 0.75}}, "loaded": [],
            "attributions": [
                {"source": [4, 11], "cue": [12, 19], "content": [[20, 33], [34, 45]], "class": "distancing", "direct": "indirect"},
                {"source": null, "cue": [12, 19], "content": [[20, 33]], "class": "distancing", "direct": "indirect"},
            ],
            "stances": [{"holder": [4, 11], "target": [20, 33], "polarity": "against"}], "weight": 2.0,
        });
        let record = record(value);
        let made = corrections(&record, "2026-05-04T09:30:00Z");
        assert_eq!(made.len(), 6);
        for one in &made {
            assert_eq!(super::super::sample::read(one.map()).unwrap(), *one);
        }
        let back = records(&stored(made));
        assert_eq!((back.len(), &back[0].record, &back[0].seen), (1, &record, &None));
        let map = object::object(&back[0].record);
        assert_eq!(map["group"], Value::from("a7"));
    }

    #[test]
    fn ids_that_are_the_same_get_numbers() {
        let mut all: Vec<Record> =
            ["a", "a", "a#2", "a"].iter().map(|id| record(json!({"id": id, "text": "One."}))).collect();
        distinct(all.iter_mut());
        assert_eq!(all.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["a", "a#2", "a#2#2", "a#3"]);
    }
}
