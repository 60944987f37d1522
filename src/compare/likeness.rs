//! How like two passages are: which of their words find their like in the other.
//!
//! In: the words of two passages and their [`Vocabulary`]. Out: a number from 0 to 1. Start at [`likeness`]. Every word
//! of the one takes its nearest in the other (as BERTScore does: Zhang et al. 2020), weighted by what it weighs;
//! likeness is the harmonic mean of both directions. A shared rare name or number weighs most.

use super::vocabulary::{Vocabulary, Word};

/// Words less alike than this are not alike: any two words are a little.
const LEAST: f32 = 0.35;

/// Passages of less weight say too little to be compared: some two words.
const LEAST_WEIGHT: f32 = 12.0;

/// Whether a passage says enough to be compared; one that does not is like none, itself included.
#[must_use]
pub fn is_comparable(vocabulary: &Vocabulary, words: &[Word]) -> bool {
    words.iter().take(MOST).map(|word| vocabulary.weight(word.form)).sum::<f32>() >= LEAST_WEIGHT
}

/// How like two passages are, 0 to 1; 0 where one of them is not [comparable](is_comparable).
#[must_use]
pub fn likeness(vocabulary: &Vocabulary, a: &[Word], b: &[Word]) -> f64 {
    let mut of_b = [0.0f32; MOST];
    let (a, b) = (a.get(..a.len().min(MOST)).unwrap_or(a), b.get(..b.len().min(MOST)).unwrap_or(b));
    let (mut matched, mut weight) = (0.0f32, 0.0f32);
    for x in a {
        let mut best = 0.0f32;
        for (y, of_y) in b.iter().zip(&mut of_b) {
            let like = vocabulary.likeness(x.form, y.form);
            if like >= LEAST {
                best = best.max(like);
                *of_y = of_y.max(like);
            }
        }
        matched += best * vocabulary.weight(x.form);
        weight += vocabulary.weight(x.form);
    }
    let back: f32 = b.iter().zip(&of_b).map(|(y, like)| like * vocabulary.weight(y.form)).sum();
    let weight_back: f32 = b.iter().map(|y| vocabulary.weight(y.form)).sum();
    if weight < LEAST_WEIGHT || weight_back < LEAST_WEIGHT {
        return 0.0;
    }
    let (p, q) = (f64::from(matched / weight), f64::from(back / weight_back));
    if p + q > 0.0 { 2.0 * p * q / (p + q) } else { 0.0 }
}

/// As many words of a passage are looked at.
const MOST: usize = 96;
