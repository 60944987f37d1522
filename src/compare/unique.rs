//! What one outlet tells and no other does.
//!
//! In: the sentences, their nearest in other outlets, and their words. Out: [`UniqueStatement`]s. Start at [`unique`].

use super::align::{Alignment, Item};
use super::event::Event;
use super::interval::rounded;
use super::likeness::is_comparable;
use super::vocabulary::{Vocabulary, Word};
use crate::report::comparison::UniqueStatement;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Of an outlet at most so many are told.
pub const MOST: usize = 50;

/// Sentences of fewer words that say what they are about are passed over (*More follows.*), and those that say too
/// little to be compared: nothing is known of their counterparts.
const LEAST_WORDS: usize = 4;

/// So many names and numbers are as many as count.
const MANY_ANCHORS: f64 = 4.0;

/// The sentences that have no counterpart, most central first in each outlet. `apart` gives the likeness under which two
/// sentences of two languages are none; `is_told` says whether a sentence is a telling of a statement.
///
/// How central a sentence is: half of it the part of its words' weight that other outlets have too, anywhere; a quarter
/// how many names and numbers it has; a quarter how early it stands.
#[must_use]
pub fn unique(
    event: &Event<'_>,
    items: &[Item],
    vocabulary: &Vocabulary,
    aligned: &Alignment,
    apart: impl Fn(usize, usize) -> f64,
    is_told: impl Fn(usize) -> bool,
) -> Vec<UniqueStatement> {
    let mut holders: FxHashMap<u32, BTreeSet<usize>> = FxHashMap::default();
    for item in items {
        for word in item.tellings.first().iter().flat_map(|t| &t.words) {
            holders.entry(word.form).or_default().insert(item.outlet);
        }
    }
    let mut found: Vec<UniqueStatement> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let says = |words: &&Vec<Word>| words.len() >= LEAST_WORDS && is_comparable(vocabulary, words);
        let Some(words) = item.tellings.first().map(|t| &t.words).filter(says) else {
            continue;
        };
        let nearest = aligned.nearest.get(at).copied().flatten();
        let other = nearest.map(|pair| if pair.a == at { pair.b } else { pair.a });
        let likeness = nearest.map_or(0.0, |pair| pair.likeness);
        let is_near = other.is_some_and(|other| likeness >= apart(item.lang, items[other].lang));
        if is_near || is_told(at) {
            continue;
        }
        let weight = |shared: bool| -> f64 {
            let is_shared = |form: u32| holders.get(&form).is_some_and(|o| o.len() > 1);
            let counted = words.iter().filter(|w| !shared || is_shared(w.form));
            counted.map(|w| f64::from(vocabulary.weight(w.form))).sum()
        };
        let anchors = words.iter().filter(|w| vocabulary.is_anchor(w.form)).count() as f64;
        let sentence = event.sentences[at];
        let number = event.sentences_of(sentence.document).len() as f64;
        let early = 1.0 - sentence.number as f64 / number.max(1.0);
        let shared = weight(true) / weight(false).max(f64::MIN_POSITIVE);
        let centrality = 0.5 * shared + 0.25 * (anchors / MANY_ANCHORS).min(1.0) + 0.25 * early;
        let place = |at: usize| event.place(event.sentences[at].document, event.sentences[at].span);
        found.push(UniqueStatement {
            outlet: item.outlet,
            place: place(at),
            centrality: rounded(centrality),
            similarity: rounded(likeness),
            nearest: other.map(place),
        });
    }
    // Stable: of equals the first.
    found.sort_by(|x, y| x.outlet.cmp(&y.outlet).then(y.centrality.total_cmp(&x.centrality)));
    let mut kept = vec![0; event.outlets.len()];
    found.retain(|one| {
        kept[one.outlet] += 1;
        kept[one.outlet] <= MOST
    });
    found
}
