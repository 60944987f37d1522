//! Sentences that may be read next, with the doubts of the heads.
//!
//! In: a document, its report, and the desk that made it. Out: a [`Candidate`] for each sentence that says enough. Start at
//! [`candidates`].

use super::doubt::{self, Doubt};
use crate::error::{Error, Result};
use crate::heads::{Head, attribution, loaded, stance};
use crate::report::{ByName, HeadScore, Report, SentenceReport};
use crate::score::Desk;
use crate::text::{Document, Offsets, Span};

/// A sentence of fewer words than these says too little to be labelled.
const FEWEST_WORDS: usize = 3;

/// A sentence that may be read next.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The number of its document.
    pub document: usize,
    /// Its number in the document's report, from 0.
    pub sentence: usize,
    /// Its place in the document's text, in bytes.
    pub span: Span,
    /// Its language.
    pub lang: String,
    /// Its text.
    pub text: String,
    /// How uncertain it is, 0 to 1: the largest over the heads that count.
    pub uncertainty: f64,
    /// What each head says, the most uncertain first; of the heads that mark places those that have a mark in it.
    pub doubts: Vec<Doubt>,
}

/// The sentences of document number `number` that were scored and say enough.
///
/// The heads `asked` for count; without any, the sentence heads (of a bundle without such, those that mark places). The one
/// that is most uncertain tells: a mean would have a sentence wait that is clear to all others. A head that marks places
/// counts by its most doubtful mark in the sentence, and 0 where it has none: what it does not see cannot be told from a
/// report.
///
/// # Errors
/// As [`Desk::scorer`].
pub fn candidates(
    desk: &Desk,
    (number, document): (usize, &Document),
    report: &Report,
    asked: &[String],
) -> Result<Vec<Candidate>> {
    let text = report.text.as_deref().unwrap_or(document.text());
    let offsets = Offsets::new(text);
    let mut marks = marks(report);
    let mut found = Vec::with_capacity(report.sentences.len());
    for (at, sentence) in report.sentences.iter().enumerate() {
        let lang = sentence.lang.as_ref().unwrap_or(&report.lang);
        let Some(scorer) = desk.scorer(lang)? else { continue };
        let Some(span) = offsets.span_of(sentence.start, sentence.end, report.offsets) else { continue };
        let own = span.slice(text);
        if own.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() < FEWEST_WORDS {
            continue;
        }
        let heads = scorer.bundle().heads();
        let mut doubts: Vec<Doubt> = heads.iter().filter_map(|head| of_head(sentence, head)).collect();
        doubts.append(&mut marks[at]);
        let is_counted = |doubt: &&Doubt| match asked {
            [] => heads.is_empty() || doubt.mark.is_none(),
            asked => asked.contains(&doubt.head),
        };
        let uncertainty = doubts.iter().filter(is_counted).map(|doubt| doubt.uncertainty).fold(0.0, f64::max);
        doubts.sort_by(|a, b| b.uncertainty.total_cmp(&a.uncertainty));
        let (lang, text) = (lang.clone(), own.to_owned());
        found.push(Candidate { document: number, sentence: at, span, lang, text, uncertainty, doubts });
    }
    Ok(found)
}

/// Refuses heads whose doubts cannot be told.
///
/// # Errors
/// [`Error::Settings`] for `stance`.
pub fn check_heads(asked: &[String]) -> Result<()> {
    if !asked.iter().any(|head| head == stance::NAME) {
        return Ok(());
    }
    Err(Error::Settings {
        setting: "heads".into(),
        found: format!("`{}`", stance::NAME),
        expected: "heads of sentences, `loaded` or `attribution`: a stance is toward a target, which nobody named"
            .into(),
    })
}

/// Six decimals, as reports have.
pub(super) fn round(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// What a sentence head says of a sentence.
fn of_head(sentence: &SentenceReport, head: &Head) -> Option<Doubt> {
    let probabilities: ByName<f64> = match sentence.heads.get(&head.name)? {
        HeadScore::Binary(p) => [("0", round(1.0 - p)), ("1", *p)].into_iter().collect(),
        HeadScore::Classes(classes) => classes.clone(),
    };
    let in_order: Vec<f64> =
        head.classes.iter().map(|class| probabilities.get(class).copied().unwrap_or(0.0)).collect();
    Some(Doubt {
        head: head.name.clone(),
        uncertainty: doubt::uncertainty(&in_order, &head.decision),
        label: sentence.label(&head.name).to_owned(),
        probabilities,
        mark: None,
    })
}

/// For each sentence the most doubtful mark of each head that marks places.
fn marks(report: &Report) -> Vec<Vec<Doubt>> {
    let mut of: Vec<Vec<Doubt>> = vec![Vec::new(); report.sentences.len()];
    let mut add = |sentence: usize, head: &str, label: &str, p: f64, text: &str| {
        let Some(here) = of.get_mut(sentence) else { return };
        let uncertainty = doubt::of_mark(p);
        let doubt = Doubt {
            head: head.to_owned(),
            uncertainty,
            label: label.to_owned(),
            probabilities: [(label, p)].into_iter().collect(),
            mark: Some(text.to_owned()),
        };
        match here.iter_mut().find(|known| known.head == head) {
            Some(known) if known.uncertainty < uncertainty => *known = doubt,
            Some(_) => {}
            None => here.push(doubt),
        }
    };
    for term in report.loaded.iter().flatten() {
        add(term.sentence, loaded::NAME, &term.kind.to_string(), term.p, &term.passage.text);
    }
    for said in report.attributions.iter().flatten() {
        add(said.sentence, attribution::NAME, &said.class.to_string(), said.p, &said.cue.text);
    }
    of
}
