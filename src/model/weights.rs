//! The linear weights of all heads, and the logits they give.
//!
//! In: the features of a sentence. Out: one logit an output, split into tokens' parts. Start at
//! [`Weights::score`]. An output is a class of a head (one for a yes-or-no head). Training composes
//! its two layers and the calibration into these weights, so a logit here is a calibrated one.

use crate::features::marker::{self, POOLS};
use crate::features::{Marker, Sentence, classes};
use crate::text::Tokens;
use serde::{Deserialize, Serialize};

/// Weights by feature group, each row-major with one column an output.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// How many outputs there are.
    pub outputs: usize,
    /// One intercept an output.
    pub intercepts: Vec<f64>,
    /// N-grams × outputs.
    pub ngrams: Vec<f32>,
    /// Word classes × outputs.
    pub classes: Vec<f32>,
    /// Outputs × width of the token vectors.
    pub vectors: Vec<f32>,
    /// Markers × [`POOLS`] × outputs.
    pub pools: Vec<f32>,
}

/// The logits of one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    /// One logit an output: its intercept and the sum of its column of `parts`.
    pub logits: Vec<f64>,
    /// Tokens × outputs: each token's part.
    pub parts: Vec<f64>,
}

impl Weights {
    /// Whether all tables belong together and every number is finite.
    #[must_use]
    pub fn is_whole(&self, ngrams: usize, width: usize, markers: usize) -> bool {
        let n = self.outputs;
        let mut numbers = self.ngrams.iter().chain(&self.classes).chain(&self.vectors).chain(&self.pools);
        self.intercepts.len() == n
            && self.ngrams.len() == ngrams * n
            && self.classes.len() == classes::COUNT * n
            && self.vectors.len() == width * n
            && self.pools.len() == markers * POOLS * n
            && self.intercepts.iter().all(|v| v.is_finite())
            && numbers.all(|v| v.is_finite())
    }

    /// Scores one sentence.
    #[must_use]
    pub fn score(&self, width: usize, markers: &[Marker], tokens: &Tokens, sentence: &Sentence) -> Logits {
        let n = self.outputs;
        let length = tokens.tokens.len();
        let mut parts = vec![0.0f64; length * n];
        let groups = [(&sentence.ngrams, &self.ngrams), (&sentence.classes, &self.classes)];
        for (occurrences, table) in groups {
            for occurrence in occurrences {
                let row = &table[occurrence.number as usize * n..][..n];
                for token in [occurrence.first, occurrence.last] {
                    let half = 0.5 * f64::from(occurrence.value);
                    for (part, weight) in parts[token as usize * n..][..n].iter_mut().zip(row) {
                        *part += half * f64::from(*weight);
                    }
                }
            }
        }
        let share = 1.0 / length.max(1) as f64;
        for (token, vector) in sentence.vectors.chunks_exact(width.max(1)).enumerate() {
            for (output, weights) in self.vectors.chunks_exact(width.max(1)).enumerate() {
                parts[token * n + output] += share * f64::from(marker::dot(weights, vector));
            }
        }
        for (marker, table) in markers.iter().zip(self.pools.chunks_exact((POOLS * n).max(1))) {
            for (at, logit) in marker.logits(tokens, width, &sentence.vectors).into_iter().enumerate() {
                let pooled = marker::pool(logit, tokens.tokens[at].quoted, length);
                for (value, row) in pooled.iter().zip(table.chunks_exact(n.max(1))) {
                    for (part, weight) in parts[at * n..][..n].iter_mut().zip(row) {
                        *part += value * f64::from(*weight);
                    }
                }
            }
        }
        let mut logits = self.intercepts.clone();
        for row in parts.chunks_exact(n.max(1)) {
            for (logit, part) in logits.iter_mut().zip(row) {
                *logit += part;
            }
        }
        Logits { logits, parts }
    }
}
