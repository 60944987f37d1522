//! The same statement in several tellings, with what differs between them.
//!
//! In: clusters of sentences, and what was found in the documents. Out: [`Statement`]s. Start at [`statements`].

use super::align::{Alignment, Item, Pair};
use super::event::{Event, span};
use super::interval::rounded;
use super::naming::{Key, Mention, Mentions};
use super::number::numbers;
use super::sources::Sources;
use super::tally::{cues_of, terms_of};
use super::vocabulary::{Vocabulary, Word};
use crate::report::comparison::{
    Anchor, CuePlace, LoadedPlace, NamePlace, NumberConflict, NumberPlace, Statement, Telling,
};
use crate::text::{Span, normal};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Words that a number counts are taken for the same from this likeness on.
const COUNTED_ALIKE: f32 = 0.6;

/// The word that a number counts stands at most so many bytes behind it.
const COUNTED_WITHIN: usize = 40;

/// All that statements are told with.
#[derive(Debug, Clone, Copy)]
pub struct Found<'f> {
    /// The mentions.
    pub mentions: &'f Mentions,
    /// The rows of their keys.
    pub rows: &'f BTreeMap<Key, usize>,
    /// The sources.
    pub sources: &'f Sources,
    /// The forms of all words.
    pub vocabulary: &'f Vocabulary,
    /// The sentences as they were aligned.
    pub items: &'f [Item],
}

/// A telling, and what is needed to set it beside others.
struct Told<'f> {
    telling: Telling,
    outlet: usize,
    words: &'f [Word],
    spans: Vec<Span>,
}

/// Of each sentence what may belong to its tellings, by number in its document.
struct Placed {
    /// The attributions whose cue stands in it, or whose content goes over all of it.
    attributions: Vec<Vec<usize>>,
    /// The loaded terms in it.
    terms: Vec<Vec<usize>>,
}

impl Placed {
    fn of(event: &Event<'_>) -> Self {
        let none = vec![Vec::new(); event.sentences.len()];
        let mut all = Self { attributions: none.clone(), terms: none };
        let add = |lists: &mut Vec<Vec<usize>>, at: usize, number: usize| {
            if let Some(list) = lists.get_mut(at).filter(|list| list.last() != Some(&number)) {
                list.push(number);
            }
        };
        for document in 0..event.documents() {
            let report = event.report(document);
            for (number, attribution) in report.attributions.iter().flatten().enumerate() {
                add(&mut all.attributions, event.sentence_at(document, attribution.cue.start), number);
                for content in attribution.content.iter().map(span) {
                    for at in event.sentence_at(document, content.start)..=event.sentence_at(document, content.end) {
                        add(&mut all.attributions, at, number);
                    }
                }
            }
            for (number, term) in report.loaded.iter().flatten().enumerate() {
                add(&mut all.terms, event.sentence_at(document, term.passage.start), number);
            }
        }
        all
    }
}

/// The statements, in order of their first sentences; those that one outlet alone tells are none.
#[must_use]
pub fn statements(event: &Event<'_>, found: Found<'_>, aligned: &Alignment) -> Vec<Statement> {
    let mut best: FxHashMap<usize, Pair> = FxHashMap::default();
    // The pairs come most alike first.
    for pair in &aligned.pairs {
        best.entry(pair.a).or_insert(*pair);
        best.entry(pair.b).or_insert(*pair);
    }
    // Places are made once a document.
    let documents: BTreeSet<usize> =
        aligned.clusters.iter().flat_map(|c| &c.0).map(|at| event.sentences[*at].document).collect();
    let listed = |document: usize| (terms_of(event, document).collect(), cues_of(event, document).collect());
    let listed: BTreeMap<usize, (Vec<LoadedPlace>, Vec<CuePlace>)> =
        documents.into_iter().map(|document| (document, listed(document))).collect();
    let placed = Placed::of(event);
    let of = |(cluster, likeness): &(Vec<usize>, f64)| {
        let tellings: Vec<Told<'_>> = cluster
            .iter()
            .filter_map(|at| {
                let (terms, cues) = listed.get(&event.sentences[*at].document)?;
                Some(telling(event, found, *at, best.get(at), (terms, cues, &placed)))
            })
            .collect();
        statement(event, found, tellings, *likeness)
    };
    aligned.clusters.iter().map(of).collect()
}

fn telling<'f>(
    event: &Event<'_>,
    found: Found<'f>,
    at: usize,
    best: Option<&Pair>,
    (terms, cues, placed): (&[LoadedPlace], &[CuePlace], &Placed),
) -> Told<'f> {
    let sentence = event.sentences[at];
    let (document, report) = (sentence.document, event.report(sentence.document));
    let which = best.map_or(0, |pair| if pair.a == at { pair.tellings.0 } else { pair.tellings.1 });
    let item = &found.items[at];
    let taken = item.tellings.get(which).or(item.tellings.first());
    let content = taken.and_then(|telling| telling.content);
    let place = taken.map_or(sentence.span, |telling| telling.span);
    let attributions = report.attributions.as_deref().unwrap_or_default();
    let attributions = placed.attributions[at].iter().filter_map(|number| Some((*number, attributions.get(*number)?)));
    // A quotation has its own cue; a sentence those in it, and those that what it says is the content of.
    let presents = |(number, a): &(usize, &crate::report::AttributionReport)| match content {
        Some(content) => *number == content,
        None => place.contains(span(&a.cue)) || a.content.iter().any(|c| span(c).contains(place)),
    };
    let presenting: Vec<usize> = attributions.filter(presents).map(|(number, _)| number).collect();
    let source = presenting.iter().find_map(|number| {
        let who = found.sources.who.get(document)?.get(*number)?;
        found.sources.names.get(who).filter(|name| !name.is_empty()).cloned()
    });
    let inside = |m: &&Mention| place.contains(m.span);
    let mentions = found.mentions.beginning_in(document, place);
    let name = |m: &Mention| {
        let actor = *found.rows.get(&m.key)?;
        Some(NamePlace { place: event.place(document, m.span), actor, loaded: m.loaded })
    };
    let number = |n: super::number::Number| NumberPlace { place: event.place(document, n.span), value: n.value };
    let within = numbers(event.text(document), place);
    let bounds = event.place(document, place);
    let term = |term: &&LoadedPlace| bounds.start <= term.place.start && term.place.end <= bounds.end;
    Told {
        outlet: event.outlet_of[document],
        words: taken.map_or(&[], |telling| telling.words.as_slice()),
        spans: within.iter().map(|n| n.span).collect(),
        telling: Telling {
            is_content: content.is_some(),
            similarity: rounded(best.map_or(0.0, |pair| pair.likeness)),
            source,
            cues: presenting.iter().filter_map(|number| cues.get(*number)).cloned().collect(),
            terms: placed.terms[at].iter().filter_map(|number| terms.get(*number)).filter(term).cloned().collect(),
            names: mentions.iter().filter(inside).filter_map(name).collect(),
            numbers: within.into_iter().map(number).collect(),
            place: bounds,
        },
    }
}

fn statement(event: &Event<'_>, found: Found<'_>, told: Vec<Told<'_>>, likeness: f64) -> Statement {
    let anchors = anchors(event, found, &told);
    let conflicts = conflicts(event, found, &told);
    let classes = |t: &Told<'_>| t.telling.cues.iter().map(|c| c.class).collect::<BTreeSet<_>>();
    let terms = |t: &Told<'_>| t.telling.terms.iter().map(|term| normal(&term.place.text)).collect::<BTreeSet<_>>();
    fn differ<T: PartialEq>(told: &[Told<'_>], of: impl Fn(&Told<'_>) -> T) -> bool {
        told.windows(2).any(|pair| of(&pair[0]) != of(&pair[1]))
    }
    let mut called: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for name in told.iter().flat_map(|t| &t.telling.names) {
        called.entry(name.actor).or_default().insert(normal(&name.place.text));
    }
    Statement {
        similarity: rounded(likeness),
        cues_differ: differ(&told, classes),
        terms_differ: differ(&told, terms),
        names_differ: called.values().any(|forms| forms.len() > 1),
        anchors,
        conflicts,
        tellings: told.into_iter().map(|t| t.telling).collect(),
    }
}

/// Names and numbers that the tellings of two outlets or more have.
fn anchors(event: &Event<'_>, found: Found<'_>, told: &[Told<'_>]) -> Vec<Anchor> {
    let mut holders: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut order = Vec::new();
    for (at, one) in told.iter().enumerate() {
        for word in one.words.iter().filter(|word| found.vocabulary.is_anchor(word.form)) {
            let holders = holders.entry(word.form).or_default();
            if holders.is_empty() {
                order.push((word.form, word.span, at));
            }
            if holders.last() != Some(&at) {
                holders.push(at);
            }
        }
    }
    let anchor = |(form, span, at): (u32, Span, usize)| {
        let tellings = holders.get(&form)?.clone();
        let outlets: BTreeSet<usize> = tellings.iter().map(|t| told[*t].outlet).collect();
        let document = told[at].telling.place.document;
        let sentence = event.sentences[event.sentence_at(document, span.start)].span;
        let mut mentions = found.mentions.beginning_in(document, sentence).iter();
        let key = mentions.find(|m| m.span.overlaps(span)).map(|m| &m.key);
        let number = numbers(event.text(document), span).first().map(|n| n.value);
        let text = span.slice(event.text(document)).to_owned();
        (outlets.len() > 1).then(|| Anchor {
            text,
            actor: key.and_then(|k| found.rows.get(k)).copied(),
            number,
            tellings,
        })
    };
    order.into_iter().filter_map(anchor).collect()
}

/// Numbers of two tellings that count the same and are not the same.
fn conflicts(event: &Event<'_>, found: Found<'_>, told: &[Told<'_>]) -> Vec<NumberConflict> {
    // Of a number, the word behind it.
    let counted = |t: &Told<'_>, span: Span| {
        let behind = t.words.iter().filter(|w| w.span.start >= span.end && w.span.start <= span.end + COUNTED_WITHIN);
        behind.min_by_key(|w| w.span.start).filter(|w| !found.vocabulary.is_anchor(w.form)).copied()
    };
    let mut conflicts = Vec::new();
    for (at, one) in told.iter().enumerate() {
        for other in told.iter().skip(at + 1).filter(|other| other.outlet != one.outlet) {
            for (number, span) in one.telling.numbers.iter().zip(&one.spans) {
                let agrees = |n: &NumberPlace| (n.value - number.value).abs() <= f64::EPSILON * number.value.abs();
                let Some(word) = counted(one, *span) else { continue };
                if other.telling.numbers.iter().any(agrees) {
                    continue;
                }
                let same = other.telling.numbers.iter().zip(&other.spans).find(|(n, span)| {
                    let taken = one
                        .telling
                        .numbers
                        .iter()
                        .any(|own| (own.value - n.value).abs() <= f64::EPSILON * n.value.abs());
                    !taken
                        && counted(other, **span)
                            .is_some_and(|w| found.vocabulary.likeness(w.form, word.form) >= COUNTED_ALIKE)
                });
                if let Some((theirs, _)) = same {
                    let counted = word.span.slice(event.text(one.telling.place.document)).to_owned();
                    conflicts
                        .push(NumberConflict { numbers: vec![number.clone(), theirs.clone()], counted: Some(counted) });
                }
            }
        }
    }
    conflicts
}
