//! One event told by several outlets, side by side: reports → [`Comparison`].
//!
//! In: [`Told`] documents, each with its report and its outlet; a [`Desk`] of the bundles that scored them; the [`Actors`]
//! that are known. Out: a [`Comparison`]. Start at [`compare`], which is the main path of this layer. What each part
//! of it is:
//!
//! | part | file |
//! |---|---|
//! | sentences in a row, places | [`event`] |
//! | words of all documents as one vocabulary | [`vocabulary`], [`lexicon`], [`skeleton`], [`number`] |
//! | sentences that state the same | [`likeness`], [`mod@align`], [`statements`] |
//! | names of the same actor | [`naming`], [`identity`] |
//! | loaded terms, cues, sources, stances | [`tally`], [`sources`], [`stances`] |
//! | the targets that all texts are asked about | `targets` |
//! | what one tells alone | [`unique`] |
//! | intervals and differences | [`resample`], [`interval`], [`difference`] |
//!
//! The same documents, bundles and actors give the same comparison, whatever the number of threads.

pub mod align;
pub mod difference;
pub mod event;
pub mod identity;
pub mod interval;
pub mod lexicon;
pub mod likeness;
pub mod naming;
pub mod number;
pub mod resample;
pub mod skeleton;
pub mod sources;
pub mod stances;
pub mod statements;
pub mod tally;
mod targets;
pub mod unique;
pub mod vocabulary;

pub use targets::shared_targets;

use crate::error::{Error, Result};
use crate::report::comparison::{Comparison, Method, SCHEMA};
use crate::report::{ModelName, Report, count};
use crate::score::Desk;
use crate::text::{Actors, Document, OffsetUnit, Span};
use align::{Item, Telling, align};
use event::{Event, span};
use naming::Mentions;
use sources::{Sources, Who};
use std::collections::BTreeMap;
use tally::Counted;
use vocabulary::{Passage, Vocabulary, Word};

/// A comparison has at most so many outlets.
pub const MOST_OUTLETS: usize = 50;

/// A quotation is a telling of its own if it has at least so many words that say what it is about, and leaves at least one
/// of its sentence's out.
const LEAST_CONTENT: usize = 4;

/// The likeness from which two sentences are taken to state the same, and that under which one is taken to have no
/// counterpart: of two in English, one in English, none (`examples/alignment.rs`). The fewer of them have word vectors of
/// their own, the less alike the same statement looks.
const SAME: [f64; 3] = [0.45, 0.35, 0.3];
const APART: [f64; 3] = [0.32, 0.2, 0.2];

/// Which of the thresholds two languages have.
fn pair_of(a: &str, b: &str) -> usize {
    [a, b].iter().filter(|lang| **lang != lexicon::PIVOT).count()
}

/// A document of a comparison.
#[derive(Debug)]
pub struct Told {
    /// The document.
    pub document: Document,
    /// Its report, with spans in bytes.
    pub report: Report,
    /// Its outlet's name.
    pub outlet: String,
}

/// Compares what several outlets tell. Places are given in `unit`; `group_by` is the key that documents were folded
/// by, if they were.
///
/// # Errors
/// [`Error::Settings`] for fewer than two outlets or more than [`MOST_OUTLETS`], or a report that is not in bytes; as
/// [`Desk::scorer`]; [`Error::Tokenizer`] where a bundle's tokenizer refuses the text.
pub fn compare(
    told: &[Told],
    desk: &Desk,
    actors: &Actors,
    unit: OffsetUnit,
    group_by: Option<&str>,
) -> Result<Comparison> {
    if told.iter().any(|one| one.report.offsets != OffsetUnit::Bytes) {
        return Err(refused("offsets", "a report in another unit than bytes".into(), "reports in bytes"));
    }
    let event = Event::new(told, unit);
    match event.outlets.len() {
        0 | 1 => {
            let what = if group_by.is_some() { "outlets" } else { "documents" };
            let found = format!("{} of {}", event.outlets.len(), count(told.len(), "document"));
            return Err(refused(what, found, &format!("two {what} or more, to compare one with another")));
        }
        n if n > MOST_OUTLETS => {
            return Err(refused(
                "outlets",
                n.to_string(),
                &format!("at most {MOST_OUTLETS}; fold documents with --group-by, or give fewer"),
            ));
        }
        _ => {}
    }
    let counted: Vec<Counted> = (0..event.documents()).map(|document| Counted::of(&event, document)).collect();

    let sentences = event.sentences.iter();
    let passages: Vec<Passage<'_>> =
        sentences.map(|s| Passage { text: event.text(s.document), span: s.span, lang: s.lang }).collect();
    let (vocabulary, words) = Vocabulary::of(desk, actors, &passages)?;
    let langs = langs(&event);
    let items = items(&event, &langs, &words);
    let pair = |a: usize, b: usize| pair_of(&langs[a], &langs[b]);
    let aligned = align(&vocabulary, &items, |a, b| SAME[pair(a, b)]);

    let mut mentions = Mentions::find(&event, actors, &vocabulary, &words);
    mentions.align(&event, &aligned.clusters);
    let (rows, numbers, named) = mentions.rows(&event, actors);
    let actor_of = |key: &naming::Key| {
        let number = *numbers.get(key)?;
        Some((number, rows.get(number)?.name.clone()))
    };
    let sources = Sources::of(&event, actors, &mentions, &counted, actor_of);
    let tallies = tally::tallies(&event, &counted);
    let holder = |document: usize, holder: &crate::report::ActorReport| {
        let within = span(&holder.passage);
        let is_here = |m: &&naming::Mention| within.contains(m.span) && matches!(m.key, naming::Key::Name(_));
        let person = mentions.beginning_in(document, within).iter().rfind(is_here).map(|m| m.key.clone());
        // A surname that several have: the report may tell whose it is here.
        let is_short = |key: &naming::Key| matches!(key, naming::Key::Name(name) if !name.contains(' '));
        let full =
            person.as_ref().filter(|key| is_short(key)).and_then(|_| mentions.called(&event, document, &holder.name));
        let key = full.or(person).or_else(|| actors.of(&holder.name).map(naming::Key::Actor))?;
        sources.names.get(&Who::Known(key.clone())).cloned().or_else(|| actor_of(&key).map(|(_, name)| name))
    };
    let (stances, balances) = stances::stances(&event, holder);

    let found = statements::Found {
        mentions: &mentions,
        rows: &numbers,
        sources: &sources,
        vocabulary: &vocabulary,
        items: &items,
    };
    let statements = statements::statements(&event, found, &aligned);
    let mut statement_of = vec![None; event.sentences.len()];
    for (number, (cluster, _)) in aligned.clusters.iter().enumerate() {
        cluster.iter().for_each(|at| statement_of[*at] = Some(number));
    }
    let apart = |a: usize, b: usize| APART[pair(a, b)];
    let is_told = |at: usize| statement_of[at].is_some();
    let unique = unique::unique(&event, &items, &vocabulary, &aligned, apart, is_told);
    let measured = [tallies.measured, named, balances].concat();
    let has_sources = tallies.cues.is_some();
    Ok(Comparison {
        schema: SCHEMA.to_owned(),
        offsets: unit,
        group_by: group_by.map(str::to_owned),
        method: method(&event, &langs),
        models: models(told),
        documents: event.compared(&statement_of),
        outlets: event.outlets,
        actors: rows,
        loaded: tallies.loaded,
        sources: has_sources.then_some(sources.rows),
        cues: tallies.cues,
        stances,
        statements,
        unique,
        differences: difference::differences(&measured),
    })
}

fn refused(setting: &str, found: String, expected: &str) -> Error {
    Error::Settings { setting: setting.to_owned(), found, expected: expected.to_owned() }
}

/// The languages of the sentences, in order of the alphabet.
fn langs(event: &Event<'_>) -> Vec<String> {
    let mut langs: Vec<String> = event.sentences.iter().map(|s| s.lang.to_owned()).collect();
    langs.sort_unstable();
    langs.dedup();
    langs
}

/// The sentences as they are aligned: each whole, and the quotations in it.
fn items(event: &Event<'_>, langs: &[String], words: &[Vec<Word>]) -> Vec<Item> {
    let mut contents: Vec<Vec<(Span, usize)>> = vec![Vec::new(); event.sentences.len()];
    for document in 0..event.documents() {
        for (number, attribution) in event.report(document).attributions.iter().flatten().enumerate() {
            for content in attribution.content.iter().map(span) {
                let at = event.sentence_at(document, content.start);
                let is_inside =
                    event.sentences.get(at).is_some_and(|s| s.span.contains(content) && s.document == document);
                if let Some(contents) = contents.get_mut(at).filter(|_| is_inside) {
                    contents.push((content, number));
                }
            }
        }
    }
    let item = |sentence: &event::Sentence<'_>, words: &[Word], contents: Vec<(Span, usize)>| {
        let mut tellings = vec![Telling { span: sentence.span, words: words.to_vec(), content: None }];
        for (span, attribution) in contents {
            let inside: Vec<Word> = words.iter().filter(|word| span.contains(word.span)).copied().collect();
            if (LEAST_CONTENT..words.len()).contains(&inside.len()) {
                tellings.push(Telling { span, words: inside, content: Some(attribution) });
            }
        }
        let lang = langs.iter().position(|lang| *lang == sentence.lang).unwrap_or(0);
        Item { document: sentence.document, outlet: event.outlet_of[sentence.document], lang, tellings }
    };
    let rows = event.sentences.iter().zip(words).zip(contents);
    rows.map(|((sentence, words), contents)| item(sentence, words, contents)).collect()
}

fn models(told: &[Told]) -> BTreeMap<String, ModelName> {
    let mut models = BTreeMap::new();
    for one in told {
        models.extend(one.report.models.clone());
        models.extend(
            one.report.model.clone().filter(|_| one.report.models.is_empty()).map(|m| (one.report.lang.clone(), m)),
        );
    }
    models
}

fn method(event: &Event<'_>, langs: &[String]) -> Method {
    let mut notes = vec![
        "Intervals are 95 %: the wider, at either end, of a two-stage bootstrap (documents of an outlet, then their sentences; Davison & Hinkley 1997) and an interval for counts (rates: Garwood 1936; shares and balances: Wilson 1927).".to_owned(),
        "A difference is called one if the bootstrap interval of the difference leaves 0 out and its p, the larger of the bootstrap's and that of a test for counts, is at most 0.05 after correction for all pairs of the measure (Benjamini & Hochberg 1995) with counts enough to differ at all. Where no draw crosses 0, the bootstrap's p is a normal tail by its standard error.".to_owned(),
    ];
    if event.outlets.iter().any(|outlet| outlet.documents.len() == 1) {
        notes.push(
            "An outlet with one document is drawn anew over the sentences of that article alone: its interval says nothing on its other articles.".to_owned(),
        );
    }
    if event.outlets.iter().any(|outlet| (2..10).contains(&outlet.documents.len())) {
        notes.push("Intervals of outlets with fewer than ten documents are rough.".to_owned());
    }
    let mut thresholds = (BTreeMap::new(), BTreeMap::new());
    for (at, a) in langs.iter().enumerate() {
        for b in &langs[at..] {
            let pair = format!("{a}-{b}");
            thresholds.0.insert(pair.clone(), SAME[pair_of(a, b)]);
            thresholds.1.insert(pair, APART[pair_of(a, b)]);
        }
    }
    Method {
        notes,
        resamples: resample::RESAMPLES,
        seed: resample::SEED,
        level: 0.95,
        false_discovery_rate: difference::FALSE_DISCOVERY_RATE,
        same: thresholds.0,
        apart: thresholds.1,
    }
}
