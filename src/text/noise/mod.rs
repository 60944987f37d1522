//! Damage that scraping and machine translation leave in a text.
//!
//! In: a text, its sentences, and a way to ask whether a word is also written in lower case. Out: a
//! [`Noise`]: every place, with its kind, and the share of words touched. Start at [`noise`]. It is meant to
//! miss rather than to cry wolf: a clean text has a level near 0. Glued words are found in `glued.rs`, stray
//! capitals in `capital.rs`, stops, spaces and broken characters in `marks.rs`. Time is linear in the text.

mod capital;
mod glued;
mod marks;

pub use capital::{may_be_stray, stray_capitals};

use super::span::Span;
use super::word::words;
use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};
use std::hash::Hasher;

/// A text whose level is above this is worth a warning: one word in a hundred is touched.
pub const NOISY: f64 = 0.01;

/// Shorter sentences, in words, may be said twice.
const REPEATED_WORDS: usize = 6;

/// What went wrong at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseKind {
    /// Two words without the space between them (`authoritiesAbout`). The span is both.
    Glued,
    /// A function word or common noun with a capital letter inside a sentence (`said, The next phase`), or
    /// *He* in the place of an article (`He healthcare system`). The span is the word.
    StrayCapital,
    /// Two full stops, or one that stands alone after another (`hospital. .`). The span is the stops.
    DoubledStop,
    /// A full stop inside a sentence (`forced to leave. their homes`). The span is the word and the stop.
    StrayStop,
    /// No space after a full stop or a comma (`ended.The`). The span is the two words and the mark.
    MissingSpace,
    /// Characters read in the wrong encoding (`â€œ`), or lost (U+FFFD). The span is all that is not white
    /// space around them.
    Mojibake,
    /// A sentence that stood in the text before. The span is the sentence.
    Repeated,
}

impl NoiseKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 7] = [
        Self::Glued,
        Self::StrayCapital,
        Self::DoubledStop,
        Self::StrayStop,
        Self::MissingSpace,
        Self::Mojibake,
        Self::Repeated,
    ];

    /// The name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Glued => "glued",
            Self::StrayCapital => "stray_capital",
            Self::DoubledStop => "doubled_stop",
            Self::StrayStop => "stray_stop",
            Self::MissingSpace => "missing_space",
            Self::Mojibake => "mojibake",
            Self::Repeated => "repeated",
        }
    }
}

/// A place where something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoiseSpan {
    /// Where, in bytes.
    pub span: Span,
    /// What.
    pub kind: NoiseKind,
}

/// What [`noise`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Noise {
    /// The places, by their start.
    pub spans: Vec<NoiseSpan>,
    /// Where a glued word is to be cut, in order: the byte offset of its second part.
    pub cuts: Vec<usize>,
    words: usize,
    touched: usize,
}

impl Noise {
    /// The share of words that noise touches, 0 to 1; 0 for a text without words. A place touches the words in
    /// it, at least one.
    #[must_use]
    pub fn level(&self) -> f64 {
        if self.words == 0 { 0.0 } else { self.touched.min(self.words) as f64 / self.words as f64 }
    }

    /// Takes in what was found in a later part of the same text.
    pub fn extend(&mut self, later: Self) {
        self.spans.extend(later.spans);
        self.cuts.extend(later.cuts);
        self.words += later.words;
        self.touched += later.touched;
    }

    /// The cuts inside a span.
    #[must_use]
    pub fn cuts_in(&self, span: Span) -> &[usize] {
        let from = self.cuts.partition_point(|&cut| cut <= span.start);
        let to = self.cuts.partition_point(|&cut| cut < span.end);
        self.cuts.get(from..to).unwrap_or_default()
    }
}

/// The noise in the sentences of `text`, which are in order and do not overlap. `is_common` tells whether a
/// word, given in its normal form, is also written in lower case, so that it is no name by itself.
#[must_use]
pub fn noise(text: &str, sentences: &[Span], is_common: &dyn Fn(&str) -> bool) -> Noise {
    let mut noise = Noise::default();
    let mut glued = glued::Candidates::default();
    let mut seen = FxHashSet::default();
    let mut here = Vec::new();
    let mut previous: Option<(Span, Option<Span>)> = None;
    for &sentence in sentences {
        here.clear();
        let place = |word: Span| Span::new(sentence.start + word.start, sentence.start + word.end);
        here.extend(words(sentence.slice(text)).map(place));
        let mut spans = Vec::new();
        if let Some((before, Some(last))) = previous
            && before.end == sentence.start
            && let Some(kind) = marks::at_boundary(text, before, sentence)
            && let Some(first) = here.iter().find(|word| is_word(word.slice(text)))
        {
            spans.push(NoiseSpan { span: Span::new(last.start, first.end), kind });
        }
        marks::find(text, &here, is_common, &mut spans);
        marks::mojibake(text, sentence, &mut spans);
        let stray = |at: usize| NoiseSpan { span: here[at], kind: NoiseKind::StrayCapital };
        stray_capitals(here.len(), |at| here[at].slice(text), |at| spans.push(stray(at)));
        glued.collect(text, here.iter().copied());
        let count = here.iter().filter(|word| is_word(word.slice(text))).count();
        if count >= REPEATED_WORDS && !seen.insert(fingerprint(text, &here)) {
            // All of it is one place.
            spans = vec![NoiseSpan { span: sentence, kind: NoiseKind::Repeated }];
        }
        noise.words += count;
        noise.spans.append(&mut spans);
        previous = Some((sentence, here.iter().rev().find(|word| is_word(word.slice(text))).copied()));
    }
    for (span, cut) in glued.decide(text, sentences, is_common) {
        noise.spans.push(NoiseSpan { span, kind: NoiseKind::Glued });
        noise.cuts.push(cut);
        // What looked like one word is two.
        noise.words += 1;
    }
    noise.spans.sort_unstable();
    let touches = |found: &NoiseSpan| {
        let slice = found.span.slice(text);
        words(slice).filter(|word| is_word(word.slice(slice))).count().max(1)
    };
    noise.touched = noise.spans.iter().map(touches).sum::<usize>() + noise.cuts.len();
    noise
}

/// Where the glued words of a text that is one sentence are to be cut: the [`Noise::cuts`] of it.
#[must_use]
pub fn cuts(text: &str, is_common: &dyn Fn(&str) -> bool) -> Vec<usize> {
    if !glued::may_be_glued(text) {
        return Vec::new();
    }
    let mut glued = glued::Candidates::default();
    glued.collect(text, words(text));
    glued.decide(text, &[Span::new(0, text.len())], is_common).into_iter().map(|(_, cut)| cut).collect()
}

/// A fingerprint of a sentence's words.
fn fingerprint(text: &str, words: &[Span]) -> u64 {
    let mut hasher = FxHasher::default();
    for word in words {
        hasher.write(word.slice(text).as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

fn is_word(token: &str) -> bool {
    token.chars().any(char::is_alphanumeric)
}

fn starts_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether a word has nothing but lower-case letters.
fn is_lower(word: &str) -> bool {
    word.chars().all(char::is_lowercase)
}

/// Two to six capital letters.
fn is_acronym(word: &str) -> bool {
    (2..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
