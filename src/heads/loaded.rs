//! The head `loaded`: words and phrases whose wording judges.
//!
//! In: a sentence's tokens. Out: spans with a [`LoadedKind`] and a probability. Start at [`find`].

use super::chain::Seen;
use super::label::labels;
use super::span::{Found, SpanHead};
use crate::text::{Token, Tokens};

/// The head's name.
pub const NAME: &str = "loaded";
/// What the labels mean, in a sentence.
pub const MEANING: &str = "words and phrases whose wording, as opposed to the fact they name, judges";

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

/// The loaded terms of a sentence, in order, with their reasons if asked for; a kind is the place of its [`LoadedKind`].
#[must_use]
pub fn find(head: &SpanHead, tokens: &Tokens, seen: &Seen<'_>, reasons: bool) -> Vec<Found> {
    head.find(tokens, seen, reasons, |at| is_barred(tokens, at))
}

/// Whether a token cannot be part of a loaded term: a web address, a number, a word of a name of several words, or
/// of a title in quotation marks, whatever its words say.
#[must_use]
pub fn is_barred(tokens: &Tokens, at: usize) -> bool {
    let token = &tokens.tokens[at];
    let is_name = |at: Option<usize>| at.and_then(|at| tokens.tokens.get(at)).is_some_and(|t| t.name);
    let long_name = token.name && (is_name(at.checked_sub(1)) || is_name(Some(at + 1)));
    token.shape.is_url() || token.shape.has_digit() || long_name || is_title(tokens, at)
}

/// A title has at most so many words, and fewer tokens than are looked at on either side.
const TITLE_WORDS: usize = 8;
const REACH: usize = 20;

/// Whether a token stands in a title in quotation marks: several words, the first and last capitalised and most of the
/// others, in a sentence whose other words mostly are not.
fn is_title(tokens: &Tokens, at: usize) -> bool {
    let all = &tokens.tokens;
    if !all[at].quoted {
        return false;
    }
    // Of a longer passage a part is seen, which is too long for a title.
    let (low, high) = (at.saturating_sub(REACH), all.len().min(at + REACH));
    let first = all[low..at].iter().rposition(|t| !t.quoted).map_or(low, |i| low + i + 1);
    let end = all[at..high].iter().position(|t| !t.quoted).map_or(high, |i| at + i);
    let words = |tokens: &[Token]| {
        let capitals = tokens.iter().filter(|t| !t.shape.is_punctuation()).map(|t| t.shape.is_capitalised());
        capitals.fold((0, 0), |(all, capitalised), is_capitalised| (all + 1, capitalised + usize::from(is_capitalised)))
    };
    let mostly = |(all, capitalised): (usize, usize)| 2 * capitalised > all;
    let inside = &all[first..end];
    let starts = |word: Option<&Token>| word.is_some_and(|t| t.shape.is_capitalised());
    let is_word = |t: &&Token| !t.shape.is_punctuation();
    let ends = starts(inside.iter().find(is_word)) && starts(inside.iter().rev().find(is_word));
    if !ends || !(2..=TITLE_WORDS).contains(&words(inside).0) || !mostly(words(inside)) {
        return false;
    }
    let (before, after) = (words(&all[..first]), words(&all[end..]));
    let outside = (before.0 + after.0, before.1 + after.1);
    outside.0 > 0 && !mostly(outside)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::{Span, Tokenizer, mark_quoted, quoted};

    fn barred(text: &str) -> Vec<&str> {
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".to_owned(), "a".to_owned()]).unwrap();
        let mut tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        mark_quoted(&mut tokens, &quoted(text));
        let all = &tokens.tokens;
        (0..all.len()).filter(|at| is_barred(&tokens, *at)).map(|at| all[at].span.slice(text)).collect()
    }

    #[test]
    fn titles_in_quotation_marks_are_barred_and_scare_quotes_are_not() {
        assert_eq!(barred("She wrote “The Brutal Years” in a month."), ["“", "The", "Brutal", "Years", "”"]);
        assert!(barred("The “brutal reform” failed.").is_empty());
        assert!(barred("“Shameful,” she said.").is_empty());
        assert!(barred("Council Calls “Brutal Reform” Plan Dead").is_empty());
    }

    #[test]
    fn numbers_and_addresses_are_barred() {
        assert_eq!(barred("See https://brutal.org for all 23 of them."), ["https://brutal.org", "23"]);
    }
}
