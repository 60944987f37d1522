//! How like two sentences are: by the n-grams that they share.
//!
//! In: sentences, as a bundle's feature extractor reads them. Out: a [`Vector`] each, of length 1, and the cosine of one with
//! many others ([`Index`]). Start at [`vector`]. Rare n-grams weigh most, names are seen only as names, and sentences of two
//! languages share nothing.

use crate::error::Result;
use crate::score::Desk;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// The features of a sentence with their weights, in order of the features; their squares sum to 1, or there are none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vector(Vec<(u64, f32)>);

impl Vector {
    /// Of features and their weights, in any order; what occurs twice is added. `space` keeps features of unlike origin
    /// apart, such as those of two languages.
    #[must_use]
    pub fn new(space: u32, features: impl IntoIterator<Item = (u32, f32)>) -> Self {
        let mut all: Vec<(u64, f32)> = Vec::new();
        let key = |number: u32| u64::from(space) << 32 | u64::from(number);
        all.extend(features.into_iter().map(|(number, weight)| (key(number), weight)));
        all.sort_by_key(|(feature, _)| *feature);
        all.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        let length = all.iter().map(|(_, weight)| f64::from(*weight).powi(2)).sum::<f64>().sqrt();
        if length <= f64::EPSILON {
            return Self::default();
        }
        all.iter_mut().for_each(|(_, weight)| *weight = (f64::from(*weight) / length) as f32);
        Self(all)
    }
}

/// The vector of a sentence in `lang`; empty where the desk has no bundle for it.
///
/// # Errors
/// As [`Desk::scorer`]; [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
pub fn vector(desk: &Desk, lang: &str, sentence: &str) -> Result<Vector> {
    let Some(scorer) = desk.scorer(lang)? else { return Ok(Vector::default()) };
    let features = scorer.features_of(sentence)?;
    let ngrams = features.ngrams.iter().map(|found| (found.number, found.value));
    Ok(Vector::new(crc32fast::hash(lang.as_bytes()), ngrams))
}

/// Many vectors, by feature.
#[derive(Debug, Default)]
pub struct Index {
    /// For each feature the vectors that have it, with its weight there.
    postings: FxHashMap<u64, Vec<(u32, f32)>>,
    len: usize,
}

impl Index {
    /// Of these vectors, in order.
    #[must_use]
    pub fn new(vectors: &[Vector]) -> Self {
        let mut postings: FxHashMap<u64, Vec<(u32, f32)>> = FxHashMap::default();
        for (at, Vector(features)) in vectors.iter().enumerate() {
            for (feature, weight) in features {
                postings.entry(*feature).or_default().push((at as u32, *weight));
            }
        }
        Self { postings, len: vectors.len() }
    }

    /// The cosine of a vector with each of them, −1 to 1.
    #[must_use]
    pub fn cosines(&self, Vector(features): &Vector) -> Vec<f32> {
        let mut cosines = vec![0.0; self.len];
        for (feature, weight) in features {
            for (at, other) in self.postings.get(feature).into_iter().flatten() {
                cosines[*at as usize] += weight * other;
            }
        }
        cosines
    }

    /// For each of them its highest cosine with any of `others`, at least 0.
    #[must_use]
    pub fn nearest(&self, others: &[Vector]) -> Vec<f32> {
        let none = || vec![0.0; self.len];
        let nearer = |mut nearest: Vec<f32>, cosines: Vec<f32>| {
            raise(&mut nearest, &cosines);
            nearest
        };
        others.par_iter().map(|other| self.cosines(other)).fold(none, nearer).reduce(none, nearer)
    }
}

/// Raises each number to that of `by`.
pub(super) fn raise(numbers: &mut [f32], by: &[f32]) {
    for (number, by) in numbers.iter_mut().zip(by) {
        *number = number.max(*by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_are_those_of_the_vectors_and_languages_share_nothing() {
        let vectors = [
            Vector::new(1, [(5, 3.0), (2, 4.0)]),
            Vector::new(1, [(2, 1.0), (2, 1.0)]),
            Vector::new(2, [(5, 3.0), (2, 4.0)]),
            Vector::new(1, []),
        ];
        let index = Index::new(&vectors);
        let close = |found: Vec<f32>, expected: [f32; 4]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}");
        };
        close(index.cosines(&vectors[0]), [1.0, 0.8, 0.0, 0.0]);
        close(index.cosines(&vectors[3]), [0.0; 4]);
        close(index.nearest(&vectors[1..]), [0.8, 1.0, 1.0, 0.0]);
        close(index.nearest(&[]), [0.0; 4]);
    }
}
