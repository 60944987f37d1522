//! A document as it was read: its sentences' tokens and spans, and its words in order.
//!
//! In: sentences, one after the other. Out: a [`Reading`]. Start at [`Reading::push`]. What crosses sentences
//! (quotations, voice, sources) is found on it.

use crate::heads::Spans;
use crate::heads::coding::Run;
use crate::text::{Span, Tokens};

/// A sentence that was read.
#[derive(Debug)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// Where its tokens stand, each word a token of its own.
    pub tokens: Vec<Span>,
    /// What the span heads found.
    pub spans: Spans,
    /// Its words among the document's.
    pub words: std::ops::Range<usize>,
}

/// A word of the document: a token that is no punctuation.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// Whether it stands in quotation marks.
    pub quoted: bool,
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

impl Sentence {
    /// The span of a run of its tokens.
    #[must_use]
    pub fn span_of(&self, run: Run) -> Span {
        let tokens = &self.tokens[run.first..run.end];
        tokens.first().zip(tokens.last()).map_or(self.span, |(first, last)| Span::new(first.start, last.end))
    }
}

impl Reading {
    /// Adds the next sentence; its tokens are kept where that is asked for.
    pub fn push(&mut self, span: Span, tokens: &Tokens, spans: Spans, keep: bool) {
        let first = self.words.len();
        let words = tokens.tokens.iter().filter(|t| !t.shape.is_punctuation());
        self.words.extend(words.map(|t| Word { span: t.span, quoted: t.quoted }));
        if keep {
            self.tokens.push(tokens.clone());
        }
        // Reasons are given by token; without any span there are none to give.
        let found = !spans.loaded.is_empty() || !spans.relations.is_empty();
        let tokens = tokens.tokens.iter().filter(|_| found).map(|t| t.span).collect();
        self.sentences.push(Sentence { span, tokens, spans, words: first..self.words.len() });
    }

    /// The words that overlap a span, as their places among the document's words.
    #[must_use]
    pub fn words_in(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.words.partition_point(|w| w.span.end <= span.start);
        let end = self.words.partition_point(|w| w.span.start < span.end);
        first..end.max(first)
    }
}
