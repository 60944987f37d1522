//! A document as it was read: its sentences' tokens and spans, and its words in order.
//!
//! In: sentences, one after the other. Out: a [`Reading`]. Start at [`Reading::push`]. What crosses sentences
//! (quotations, voice, sources) is found on it.

use crate::heads::attribution::Relation;
use crate::heads::coding::Run;
use crate::heads::span::Found;
use crate::heads::{Spans, probabilities};
use crate::text::{Span, Tokens};

/// A sentence that was read.
#[derive(Debug)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// Its loaded terms, in order.
    pub loaded: Vec<Term>,
    /// Its attributions, in order of their cues.
    pub attributions: Vec<Said>,
    /// Its words among the document's.
    pub words: std::ops::Range<usize>,
}

/// A loaded term or a cue, by its place in the text.
#[derive(Debug, Clone)]
pub struct Term {
    /// Where it stands.
    pub span: Span,
    /// Its kind, by number.
    pub kind: u8,
    /// The calibrated logit that it is one.
    pub logit: f64,
    /// Why, where that was asked for.
    pub reasons: Option<Box<Reasons>>,
}

/// What a logit is made of.
#[derive(Debug, Clone)]
pub struct Reasons {
    /// The part that no token adds.
    pub bias_term: f64,
    /// What each token adds.
    pub contributions: Vec<(Span, f64)>,
}

/// An attribution, by its places in the text.
#[derive(Debug, Clone)]
pub struct Said {
    /// The cue.
    pub cue: Term,
    /// The probability of each class.
    pub classes: Vec<f64>,
    /// The source.
    pub source: Option<Span>,
    /// The contents, in order.
    pub contents: Vec<Span>,
}

/// A word of the document: a token that is no punctuation.
///
/// In one number, since a long document has many millions of them: the start, 23 bits of the length (longer than any
/// sentence), and whether it is quoted.
#[derive(Debug, Clone, Copy)]
pub struct Word(u64);

impl Word {
    const LENGTH: u64 = (1 << 23) - 1;

    fn new(span: Span, quoted: bool) -> Self {
        Self((span.start as u64) << 24 | (span.len() as u64).min(Self::LENGTH) << 1 | u64::from(quoted))
    }

    /// Where it stands.
    #[must_use]
    pub const fn span(&self) -> Span {
        let start = (self.0 >> 24) as usize;
        Span::new(start, start + (self.0 >> 1 & Self::LENGTH) as usize)
    }

    /// Whether it stands in quotation marks.
    #[must_use]
    pub const fn quoted(&self) -> bool {
        self.0 & 1 == 1
    }
}

/// The sentences of a document, in order, and their words.
#[derive(Debug, Default)]
pub struct Reading {
    /// The tokens of all sentences, names flagged and each word a token of its own; none in a document too long to
    /// keep them.
    pub tokens: Vec<Tokens>,
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// The words of all sentences.
    pub words: Vec<Word>,
}

impl Term {
    /// The calibrated probability that it is one.
    #[must_use]
    pub fn p(&self) -> f64 {
        probabilities(&[self.logit])[1]
    }

    fn new(tokens: &Tokens, found: &Found, reasons: bool) -> Self {
        let of = |(token, value): &(usize, f64)| (tokens.tokens[*token].span, *value);
        let reasons = reasons.then(|| {
            let contributions = found.contributions.iter().map(of).collect();
            Box::new(Reasons { bias_term: found.bias_term, contributions })
        });
        Self { span: span_of(tokens, found.run), kind: found.run.kind, logit: found.logit, reasons }
    }
}

/// Where a run of tokens stands.
fn span_of(tokens: &Tokens, run: Run) -> Span {
    let tokens = &tokens.tokens[run.first..run.end];
    tokens
        .first()
        .zip(tokens.last())
        .map_or(Span::new(0, 0), |(first, last)| Span::new(first.span.start, last.span.end))
}

/// Bytes of text for each word of ordinary prose, roughly.
const BYTES_PER_WORD: usize = 6;

impl Reading {
    /// Room for a text of so many bytes and sentences, so that a huge one is not copied as it grows.
    #[must_use]
    pub fn of_size(bytes: usize, sentences: usize) -> Self {
        let words = Vec::with_capacity(bytes / BYTES_PER_WORD);
        Self { tokens: Vec::new(), sentences: Vec::with_capacity(sentences), words }
    }

    /// Adds the next sentence; its tokens are kept, and reasons, where that is asked for.
    pub fn push(&mut self, span: Span, tokens: &Tokens, spans: &Spans, keep: bool, reasons: bool) {
        let first = self.words.len();
        let words = tokens.tokens.iter().filter(|t| !t.shape.is_punctuation() && !t.shape.is_proclitic());
        self.words.extend(words.map(|t| Word::new(t.span, t.quoted)));
        if keep {
            self.tokens.push(tokens.clone());
        }
        let said = |relation: &Relation| Said {
            cue: Term::new(tokens, &relation.cue, reasons),
            classes: relation.cue.kinds.clone(),
            source: relation.source.map(|run| span_of(tokens, run)),
            contents: relation.contents.iter().map(|run| span_of(tokens, *run)).collect(),
        };
        self.sentences.push(Sentence {
            span,
            loaded: spans.loaded.iter().map(|found| Term::new(tokens, found, reasons)).collect(),
            attributions: spans.relations.iter().map(said).collect(),
            words: first..self.words.len(),
        });
    }

    /// Adds the sentences of a later part of the document.
    pub fn extend(&mut self, later: Self) {
        let before = self.words.len();
        self.tokens.extend(later.tokens);
        self.words.extend(later.words);
        self.sentences.extend(later.sentences.into_iter().map(|mut sentence| {
            sentence.words = sentence.words.start + before..sentence.words.end + before;
            sentence
        }));
    }

    /// The words that overlap a span, as their places among the document's words.
    #[must_use]
    pub fn words_in(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.words.partition_point(|w| w.span().end <= span.start);
        let end = self.words.partition_point(|w| w.span().start < span.end);
        first..end.max(first)
    }
}
