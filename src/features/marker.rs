//! Markers: token-level logistic models over a window of token vectors.
//!
//! In: the tokens of a sentence. Out: for each token the logit that it is, for instance, loaded
//! wording. Pooled over the sentence ([`pool`]) they are the sentence heads' strongest features: a
//! sentence-level label says that some word judges, the labelled spans say which.
//!
//! A token's logit is  Σ_o u_o · v(token at distance o)  +  weights of its place and shape  +  an
//! intercept,  for distances −2 to 2. (The token's own n-grams were tried beside its vector and
//! added nothing that could be measured.) Every pooled feature is a sum over tokens divided by a
//! function of their number, so a sentence's logit still splits into its tokens' parts.

use super::vectors::TokenVectors;
use crate::text::{Token, Tokens};
use serde::{Deserialize, Serialize};

/// Distances of the window's tokens from the token in question.
pub const OFFSETS: [isize; 5] = [-2, -1, 0, 1, 2];

/// How many facts of place and shape a token has.
pub const CONTEXT: usize = 4;

/// How many features [`pool`] makes of one marker's logits.
pub const POOLS: usize = 6;

/// A fitted marker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    /// What it marks, for instance `loaded`.
    pub name: String,
    /// Weights of the window's vectors: [`OFFSETS`] × width, distance by distance.
    pub vectors: Vec<f32>,
    /// Weights of [`context`].
    pub context: [f32; CONTEXT],
    /// The intercept.
    pub intercept: f32,
}

impl Marker {
    /// Whether the weights belong to vectors of this width and are finite.
    #[must_use]
    pub fn is_whole(&self, width: usize) -> bool {
        let mut numbers = self.vectors.iter().chain(&self.context).chain([&self.intercept]);
        self.vectors.len() == OFFSETS.len() * width && numbers.all(|n| n.is_finite())
    }

    /// Each token's logit; `vectors` holds one row of `width` numbers a token.
    #[must_use]
    pub fn logits(&self, tokens: &Tokens, width: usize, vectors: &[f32]) -> Vec<f64> {
        let of = |(at, token): (usize, &Token)| {
            let mut z = f64::from(self.intercept);
            for (weights, offset) in self.vectors.chunks_exact(width).zip(OFFSETS) {
                let Some(neighbour) = at.checked_add_signed(offset) else { continue };
                if let Some(vector) = vectors.get(neighbour * width..(neighbour + 1) * width) {
                    z += f64::from(dot(weights, vector));
                }
            }
            z + self.context.iter().zip(context(at, token)).map(|(w, c)| f64::from(w * c)).sum::<f64>()
        };
        tokens.tokens.iter().enumerate().map(of).collect()
    }
}

/// The dot product in `f32`, eight sums side by side so that it runs at the width of the registers.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for i in 0..8 {
            sums[i] += x[i] * y[i];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Place and shape of a token: capitalised though not first, all capitals but no name, first, quoted; 1 or 0.
#[must_use]
pub fn context(at: usize, token: &Token) -> [f32; CONTEXT] {
    let yes = |b: bool| f32::from(u8::from(b));
    [
        yes(at > 0 && token.shape.is_capitalised()),
        yes(!token.name && token.shape.is_all_caps()),
        yes(at == 0),
        yes(token.quoted),
    ]
}

/// What one token adds to each pooled feature of a sentence of `length` tokens.
///
/// With p the token's probability and s = −ln(1 − p) (whose sum is a noisy-or): s outside quotation
/// marks; s inside; p outside, as a share of the sentence; p inside; the logit's share; s over the
/// root of the length.
#[must_use]
pub fn pool(logit: f64, quoted: bool, length: usize) -> [f64; POOLS] {
    let p = 1.0 / (1.0 + (-logit).exp());
    let surprise = -(-p.min(0.99)).ln_1p();
    let n = (length + 1) as f64;
    let (outside, inside) = if quoted { (0.0, 1.0) } else { (1.0, 0.0) };
    [surprise * outside, surprise * inside, p * outside / n, p * inside / n, logit / n, surprise / n.sqrt()]
}

/// Each token's vector: the mean of its pieces' vectors; 0, which is the mean of the table, of a name.
/// One row of the table's width a token.
#[must_use]
pub fn token_vectors(table: &TokenVectors, tokens: &Tokens) -> Vec<f32> {
    let width = table.width();
    let mut out = vec![0.0; width * tokens.tokens.len()];
    for (token, row) in tokens.tokens.iter().zip(out.chunks_exact_mut(width)) {
        if token.name {
            continue;
        }
        let pieces = tokens.pieces_of(token);
        let share = 1.0 / pieces.len().max(1) as f32;
        for piece in pieces {
            table.add(*piece, share, row);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sure_token_outside_quotation_counts_outside_only() {
        let [outside, inside, share_outside, share_inside, ..] = pool(3.0, false, 9);
        assert!(outside > 2.0 && inside == 0.0 && share_outside > 0.09 && share_inside == 0.0);
    }

    #[test]
    fn a_token_that_is_certain_does_not_make_the_sum_infinite() {
        assert!(pool(1e6, true, 3).iter().take(4).all(|v| v.is_finite()));
    }

    #[test]
    fn the_dot_product_takes_the_rest_beyond_eights() {
        let a: Vec<f32> = (0..19).map(|i| i as f32).collect();
        assert_eq!(dot(&a, &a), (0..19).map(|i| (i * i) as f32).sum::<f32>());
    }
}
