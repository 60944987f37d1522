//! Word vectors: what a word is like among words, where its pieces say little.
//!
//! In: words in normal form. Out: their vectors. Start at [`WordVectors::number`]. The span heads see them beside the
//! vectors of a word's pieces: a rare word that judges (*shamelessly*) is spelled in pieces that do not, but stands
//! among words that do.

use super::keys::Keys;
use super::vectors::TokenVectors;
use crate::text::without_possessive;
use serde::{Deserialize, Serialize};

/// A table of words and their quantised vectors; empty in a bundle without any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordVectors {
    keys: Keys,
    vectors: TokenVectors,
}

impl Default for WordVectors {
    fn default() -> Self {
        Self { keys: Keys::default(), vectors: TokenVectors::quantize(1, &[]) }
    }
}

impl WordVectors {
    /// A table of words, each different, and rows of `width` numbers in their order.
    #[must_use]
    pub fn new<S: AsRef<str>>(words: &[S], width: usize, rows: &[f32]) -> Self {
        Self { keys: words.iter().collect(), vectors: TokenVectors::quantize(width, rows) }
    }

    /// The number of a word in normal form, or of the word without its possessive ending.
    #[must_use]
    pub fn number(&self, word: &str) -> Option<u32> {
        self.keys.number(word).or_else(|| self.keys.number(without_possessive(word)))
    }

    /// Numbers a vector has; 0 without any words.
    #[must_use]
    pub fn width(&self) -> usize {
        if self.is_empty() { 0 } else { self.vectors.width() }
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether every word has a vector and all numbers are finite.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.vectors.is_whole() && self.vectors.len() == self.keys.len()
    }

    /// The vectors, by number.
    #[must_use]
    pub fn vectors(&self) -> &TokenVectors {
        &self.vectors
    }

    /// The vector of a word's number; 0 of one that there is not. [`WordVectors::width`] numbers.
    #[must_use]
    pub fn of(&self, number: Option<u32>) -> Vec<f32> {
        number.map_or_else(|| vec![0.0; self.width()], |number| self.vectors.of(number))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_possessive_has_the_vector_of_its_word_and_an_unknown_word_none() {
        let table = WordVectors::new(&["regime", "brutal"], 2, &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(table.number("regime's"), table.number("regime"));
        assert_eq!(table.number("harbour"), None);
        assert_eq!(table.of(table.number("harbour")), [0.0, 0.0]);
        assert!((table.of(table.number("brutal"))[1] - 4.0).abs() < 0.02);
    }

    #[test]
    fn a_bundle_without_words_has_vectors_of_no_numbers() {
        let none = WordVectors::default();
        assert!(none.is_whole() && none.width() == 0 && none.of(none.number("a")).is_empty());
    }
}
