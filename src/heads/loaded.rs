//! The head `loaded`: words and phrases whose wording judges.
//!
//! In: a sentence's tokens. Out: spans with a [`LoadedKind`] and a probability. Start at [`find`].

use super::chain::Seen;
use super::label::labels;
use super::span::{Found, SpanHead};
use crate::text::Tokens;

/// The head's name.
pub const NAME: &str = "loaded";

labels! {
    /// How a loaded term judges.
    LoadedKind {
        /// A label that judges who or what it names.
        Naming = "naming",
        /// Evaluative or emotive wording.
        Evaluative = "evaluative",
        /// Exaggeration, intensifier or certainty marker.
        Exaggeration = "exaggeration",
        /// Doubt, distance or euphemism, scare quotes among them.
        Doubt = "doubt",
    }
}

/// The loaded terms of a sentence, in order; a kind is the place of its [`LoadedKind`].
#[must_use]
pub fn find(head: &SpanHead, tokens: &Tokens, seen: &Seen<'_>) -> Vec<Found> {
    head.find(tokens, seen, |at| is_barred(tokens, at))
}

/// Whether a token cannot be part of a loaded term: a web address, a number, a mention or hashtag, or a word of a
/// name of several words, whatever its words say.
#[must_use]
pub fn is_barred(tokens: &Tokens, at: usize) -> bool {
    let token = &tokens.tokens[at];
    let is_name = |at: Option<usize>| at.and_then(|at| tokens.tokens.get(at)).is_some_and(|t| t.name);
    let long_name = token.name && (is_name(at.checked_sub(1)) || is_name(Some(at + 1)));
    token.shape.is_url() || token.shape.has_digit() || long_name
}
