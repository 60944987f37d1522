//! What is marked in one sentence, by annotators or by a model.
//!
//! In: spans with their labels, in any order. Out: [`Marked`], the two sides of a [`SpanRow`](super::SpanRow).
//! Start at [`Marked`].

use super::head::SpanHead;
use crate::heads::attribution::{CueClass, Directness};
use crate::heads::loaded::LoadedKind;
use crate::text::Span;

/// What is marked in one sentence. `None` is not the same as nothing marked: nobody looked, or the model has
/// no such head.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marked {
    /// Loaded terms, in any order.
    pub loaded: Option<Vec<Term>>,
    /// Attributions, in any order.
    pub relations: Option<Vec<Relation>>,
}

impl Marked {
    /// Whether the head's spans were looked for.
    #[must_use]
    pub fn knows(&self, head: SpanHead) -> bool {
        match head {
            SpanHead::Loaded => self.loaded.is_some(),
            SpanHead::Attribution => self.relations.is_some(),
        }
    }
}

/// A loaded term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// Where it stands, in bytes of the sentence's text; not empty.
    pub span: Span,
    /// How it judges.
    pub kind: LoadedKind,
    /// How probable it is that annotators would mark a term here, `0..=1`; 1 where they did.
    pub p: f64,
}

/// An attribution: who is made to say what.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Who, in bytes of the sentence's text; `None` where the sentence does not say.
    pub source: Option<Span>,
    /// The words that signal it; not empty.
    pub cue: Span,
    /// What, in one or more pieces; empty where it lies outside the sentence.
    pub content: Vec<Span>,
    /// How the cue presents it.
    pub class: CueClass,
    /// Whether the content is quoted.
    pub direct: Directness,
    /// How probable it is that annotators would mark a cue here, `0..=1`; 1 where they did.
    pub p: f64,
}
