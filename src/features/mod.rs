//! From tokens to numbers: every feature is a sum over tokens, so that scores fold into tables.
//!
//! In: the [`Tokens`] of a sentence. Out: a [`Sentence`]: n-gram occurrences, counts of closed word
//! classes, and token vectors. Start at [`Extractor::extract`]. Four groups of features:
//!
//! | group | file | divisor |
//! |---|---|---|
//! | pooled dense token vectors | [`vectors`] | number of tokens |
//! | word and character n-grams | [`ngrams`] | √Σ idf² by family |
//! | closed word classes and marks | [`classes`] | √(tokens + 1) |
//! | markers: token-level models over a window | [`marker`] | by pool |
//!
//! The span heads look at tokens one by one, through their pieces' and [`words`]' vectors and their [`facts`].
//!
//! The head `stance` sees a sentence from a target in it: [`bearing`].
//!
//! Before any of them, proper names are marked ([`names`]) and seen only as such, so that no score hangs on who is
//! spoken of.
//! Training and scoring both call this code; nothing is computed twice in two ways.

pub mod bearing;
pub mod classes;
pub mod clause;
pub mod facts;
pub mod keys;
pub mod line;
pub mod marker;
pub mod names;
pub mod ngrams;
pub mod phrase;
pub mod siding;
pub mod vectors;
pub mod words;

pub use facts::Facts;
pub use marker::Marker;
pub use names::NameMask;
pub use ngrams::{NgramSettings, Ngrams};
pub use vectors::TokenVectors;
pub use words::WordVectors;

use crate::text::Tokens;

/// The dense vectors that the span heads see.
#[derive(Debug, Clone, Copy)]
pub struct Vectors<'a> {
    /// Of the tokenizer's pieces.
    pub pieces: &'a TokenVectors,
    /// Of words.
    pub words: &'a WordVectors,
}

/// A feature that occurs in a sentence: its number, its value, and the tokens it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occurrence {
    /// The feature's number within its group.
    pub number: u32,
    /// Its value, the group's divisor already applied.
    pub value: f32,
    /// First token it stands on; half of its part in a logit is this token's.
    pub first: u32,
    /// Last token it stands on; the other half.
    pub last: u32,
}

/// The features of one sentence.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    /// N-grams of both families; numbers of the vocabulary.
    pub ngrams: Vec<Occurrence>,
    /// Word classes and marks; numbers below [`classes::COUNT`].
    pub classes: Vec<Occurrence>,
    /// One row a token: the mean of its pieces' vectors; of a name, 0.
    pub vectors: Vec<f32>,
}

/// Turns tokens into features with a vocabulary and a table of vectors.
#[derive(Debug, Clone, Copy)]
pub struct Extractor<'a> {
    /// The n-gram vocabulary.
    pub ngrams: &'a Ngrams,
    /// The token vectors.
    pub vectors: &'a TokenVectors,
}

impl Extractor<'_> {
    /// Extracts the features of one sentence; `text` is the text that the tokens' spans point into.
    #[must_use]
    pub fn extract(&self, text: &str, tokens: &Tokens) -> Sentence {
        let mut sentence = Sentence::default();
        let mut squares = [0.0f64; 2];
        let mut families = Vec::new();
        self.ngrams.visit(text, tokens, |found| {
            let idf = self.ngrams.idf(found.number);
            squares[found.family as usize] += f64::from(idf) * f64::from(idf);
            families.push(found.family);
            sentence.ngrams.push(Occurrence {
                number: found.number,
                value: idf,
                first: found.first as u32,
                last: found.last as u32,
            });
        });
        let divisors = squares.map(|s| if s > 0.0 { (1.0 / s.sqrt()) as f32 } else { 0.0 });
        for (occurrence, family) in sentence.ngrams.iter_mut().zip(families) {
            occurrence.value *= divisors[family as usize];
        }
        let divisor = 1.0 / ((tokens.tokens.len() + 1) as f32).sqrt();
        classes::visit(text, tokens, |feature, token| {
            sentence.classes.push(Occurrence {
                number: feature as u32,
                value: divisor,
                first: token as u32,
                last: token as u32,
            });
        });
        sentence.vectors = marker::token_vectors(self.vectors, tokens);
        sentence
    }
}
