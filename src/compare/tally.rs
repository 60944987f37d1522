//! Loaded terms and cues of each outlet, counted, with their intervals.
//!
//! In: an [`Event`]. Out: [`OutletLoaded`], [`OutletCues`], and the measures that are compared. Start at [`tallies`]. A
//! word is a source's as [`sources_words`] tells.

use super::difference::Measured;
use super::event::{Event, span};
use super::interval::{Kind, estimate};
use super::resample::{Sums, ratios, resample};
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::heads::voice::Voice;
use crate::report::Report;
use crate::report::comparison::{CuePlace, LoadedPlace, OutletCues, OutletLoaded};
use crate::score::sources_words;
use crate::text::{Span, quoted, quoted_in, words};
use std::collections::BTreeMap;

/// The words of a document.
#[derive(Debug)]
pub struct Counted {
    /// Where each word in a sentence stands, in order.
    pub words: Vec<Span>,
    /// Whether it is a source's.
    pub is_quoted: Vec<bool>,
    /// Whether it stands in quotation marks.
    pub in_marks: Vec<bool>,
}

impl Counted {
    /// The words of a document of `event`.
    #[must_use]
    pub fn of(event: &Event<'_>, document: usize) -> Self {
        let text = event.text(document);
        let mut all: Vec<Span> = Vec::new();
        for at in event.sentences_of(document) {
            let sentence = event.sentences[at].span;
            let within =
                words(sentence.slice(text)).map(|w| Span::new(w.start + sentence.start, w.end + sentence.start));
            all.extend(within.filter(|w| w.slice(text).contains(char::is_alphanumeric)));
        }
        let mut counted = Self { is_quoted: vec![false; all.len()], in_marks: vec![false; all.len()], words: all };
        let quotes = quotes(event.report(document), text);
        for quote in &quotes {
            let range = counted.within(*quote);
            counted.in_marks[range].fill(true);
        }
        let contents = event.report(document).attributions.iter().flatten().flat_map(|a| &a.content).map(span);
        let quoted: Vec<_> = sources_words(|span| counted.within(span), contents, quotes.into_iter()).collect();
        for range in quoted {
            counted.is_quoted[range].fill(true);
        }
        counted
    }

    /// The words that lie in a span.
    #[must_use]
    pub fn within(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.words.partition_point(|word| word.start < span.start);
        first..first.max(self.words.partition_point(|word| word.end <= span.end))
    }
}

/// The quotations, read as the scorer reads them: each scored part as if it stood alone.
fn quotes(report: &Report, text: &str) -> Vec<Span> {
    if report.regions.is_empty() {
        return quoted(text);
    }
    let scored = report.regions.iter().filter(|region| !region.masked);
    scored.flat_map(|region| quoted_in(text, Span::new(region.start, region.end))).collect()
}

/// What is counted in a sentence, by its place in a row of sums.
struct Column;

impl Column {
    const AUTHOR: usize = 0;
    const QUOTED: usize = 1;
    const CUES: usize = 2;
    const CLASSES: usize = 3;

    const fn terms(voice: usize) -> usize {
        Self::CLASSES + CueClass::ALL.len() + voice * (1 + LoadedKind::ALL.len())
    }

    const WIDTH: usize = Self::terms(2);
}

/// The tallies of all outlets.
#[derive(Debug, Default)]
pub struct Tallies {
    /// The loaded terms; `None` if no report has any list of them.
    pub loaded: Option<Vec<OutletLoaded>>,
    /// The cues; `None` if no report has any list of them.
    pub cues: Option<Vec<OutletCues>>,
    /// The measures that are compared.
    pub measured: Vec<Measured>,
}

/// Counts what each outlet has; `counted` are the documents' words.
#[must_use]
pub fn tallies(event: &Event<'_>, counted: &[Counted]) -> Tallies {
    let reports = || (0..event.documents()).map(|document| event.report(document));
    let has_cues = reports().any(|report| report.attributions.is_some());
    let has_loaded = has_cues && reports().any(|report| report.loaded.is_some());
    let mut tallies = Tallies { loaded: has_loaded.then(Vec::new), cues: has_cues.then(Vec::new), measured: vec![] };
    for (outlet, row) in event.outlets.iter().enumerate() {
        let mut documents = row.documents.clone();
        documents.sort_by_key(|document| event.rank(*document));
        let sums: Vec<Sums> = documents.iter().map(|d| sums(event, *d, &counted[*d])).collect();
        let drawn = resample(&sums, Column::WIDTH, event.stream(outlet));
        // A sum of f32 loses counts beyond 2^24.
        let column = |column: usize| sums.iter().flatten().skip(column).step_by(Column::WIDTH).copied();
        let total = |at: usize| column(at).map(f64::from).sum::<f64>() as i64;
        let measured = &mut tallies.measured;
        let mut measure = |name: String, kind: Kind, over: usize, under: usize| {
            let resampled = ratios(&drawn, Column::WIDTH, over, under);
            let counts = (total(over), total(under) as usize);
            let value = estimate(kind, counts.0, counts.1, &resampled);
            measured.push(Measured { measure: name, of: None, kind, outlet, counts, resampled });
            value
        };
        if let Some(cues) = &mut tallies.cues {
            let class = |class: &CueClass| {
                let column = Column::CLASSES + class.number();
                (*class, measure(format!("cues.{class}"), Kind::Share, column, Column::CUES))
            };
            let classes = CueClass::ALL.iter().map(class).collect();
            cues.push(OutletCues {
                outlet,
                classes,
                places: row.documents.iter().flat_map(|d| cues_of(event, *d)).collect(),
            });
        }
        if let Some(loaded) = &mut tallies.loaded {
            let mut voice = |name: &str, voice: usize, under: usize| {
                let all = measure(format!("loaded.{name}"), Kind::Rate, Column::terms(voice), under);
                let kind = |kind: &LoadedKind| {
                    let column = Column::terms(voice) + 1 + kind.number();
                    (*kind, measure(format!("loaded.{name}.{kind}"), Kind::Rate, column, under))
                };
                let kinds: BTreeMap<LoadedKind, _> = LoadedKind::ALL.iter().map(kind).collect();
                (all, kinds)
            };
            let (author, author_kinds) = voice("author", 0, Column::AUTHOR);
            let (quoted, quoted_kinds) = voice("quoted", 1, Column::QUOTED);
            let terms = row.documents.iter().flat_map(|d| terms_of(event, *d)).collect();
            loaded.push(OutletLoaded { outlet, author, quoted, author_kinds, quoted_kinds, terms });
        }
    }
    // By measure, then outlet.
    tallies.measured.sort_by(|a, b| a.measure.cmp(&b.measure));
    tallies
}

/// The sums of each sentence of a document.
fn sums(event: &Event<'_>, document: usize, counted: &Counted) -> Sums {
    let report = event.report(document);
    let mut sums = vec![0.0; report.sentences.len() * Column::WIDTH];
    let mut add = |sentence: usize, column: usize| {
        if let Some(sum) = sums.get_mut(sentence * Column::WIDTH + column) {
            *sum += 1.0;
        }
    };
    let first = event.sentences_of(document).start;
    for (word, quoted) in counted.words.iter().zip(&counted.is_quoted) {
        let sentence = event.sentence_at(document, word.start) - first;
        add(sentence, if *quoted { Column::QUOTED } else { Column::AUTHOR });
    }
    for attribution in report.attributions.iter().flatten() {
        add(attribution.sentence, Column::CUES);
        add(attribution.sentence, Column::CLASSES + attribution.class.number());
    }
    for term in report.loaded.iter().flatten() {
        let column = Column::terms(usize::from(term.voice == Voice::Quoted));
        add(term.sentence, column);
        add(term.sentence, column + 1 + term.kind.number());
    }
    sums
}

/// The loaded terms of a document.
pub fn terms_of<'e>(event: &'e Event<'_>, document: usize) -> impl Iterator<Item = LoadedPlace> + 'e {
    event.report(document).loaded.iter().flatten().map(move |term| LoadedPlace {
        place: event.place(document, span(&term.passage)),
        kind: term.kind,
        voice: term.voice,
        p: term.p,
    })
}

/// The cues of a document.
pub fn cues_of<'e>(event: &'e Event<'_>, document: usize) -> impl Iterator<Item = CuePlace> + 'e {
    event
        .report(document)
        .attributions
        .iter()
        .flatten()
        .map(move |a| CuePlace { place: event.place(document, span(&a.cue)), class: a.class })
}
