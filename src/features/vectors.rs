//! Token vectors: one row of `i8` numbers and a scale for every piece of the tokenizer's vocabulary.
//!
//! In: piece ids. Out: their vectors, summed. A row's value is `scale × i8`, so that a table of
//! 30,000 pieces of 384 numbers is under 12 MB and each number is within 0.4 % of its row's largest.

use serde::{Deserialize, Serialize};

/// No vector has more numbers than this: a cap before anything is allocated.
const WIDEST: usize = 4096;

/// A table of quantised vectors; row i belongs to piece i of the tokenizer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenVectors {
    width: usize,
    scales: Vec<f32>,
    #[serde(with = "serde_bytes")]
    values: Vec<u8>,
}

impl TokenVectors {
    /// Quantises rows of `width` numbers, row-major. Numbers that are not finite count as 0.
    #[must_use]
    pub fn quantize(width: usize, rows: &[f32]) -> Self {
        let width = width.max(1);
        let mut scales = Vec::with_capacity(rows.len() / width);
        let mut values = Vec::with_capacity(rows.len());
        for row in rows.chunks_exact(width) {
            let largest = row.iter().filter(|v| v.is_finite()).fold(0.0f32, |m, v| m.max(v.abs()));
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            scales.push(scale);
            values.extend(row.iter().map(|v| if v.is_finite() { (v / scale).round() as i8 as u8 } else { 0 }));
        }
        Self { width, scales, values }
    }

    /// Numbers a vector has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many pieces have a vector.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are no vectors at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// Whether the table is whole: a width of 1 to 4,096, as many values as rows × width, all scales
    /// finite.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        (1..=WIDEST).contains(&self.width)
            && self.values.len() == self.scales.len() * self.width
            && self.scales.iter().all(|s| s.is_finite())
    }

    /// Adds `weight` × the vector of `piece` to `sum`; a piece without a vector adds nothing.
    pub fn add(&self, piece: u32, weight: f32, sum: &mut [f32]) {
        let at = piece as usize;
        let Some(scale) = self.scales.get(at) else { return };
        let factor = scale * weight;
        let row = &self.values[at * self.width..(at + 1) * self.width];
        for (s, v) in sum.iter_mut().zip(row) {
            *s += factor * f32::from(*v as i8);
        }
    }

    /// The vector of a piece; 0 for a piece without one.
    #[must_use]
    pub fn of(&self, piece: u32) -> Vec<f32> {
        let mut vector = vec![0.0; self.width];
        self.add(piece, 1.0, &mut vector);
        vector
    }

    /// The dot product of the vector of `piece` with `weights`; 0 for a piece without a vector.
    #[must_use]
    pub fn dot(&self, piece: u32, weights: &[f32]) -> f64 {
        let at = piece as usize;
        let Some(scale) = self.scales.get(at) else { return 0.0 };
        let row = &self.values[at * self.width..(at + 1) * self.width];
        let sum: f64 = row.iter().zip(weights).map(|(v, w)| f64::from(*v as i8) * f64::from(*w)).sum();
        sum * f64::from(*scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantised_rows_are_within_half_a_step_of_the_original() {
        let rows = [0.5f32, -1.0, 0.25, 0.0, 0.0, 0.0, 3.0, 2.0, -0.1];
        let table = TokenVectors::quantize(3, &rows);
        for (piece, row) in rows.chunks(3).enumerate() {
            let mut sum = [0.0; 3];
            table.add(piece as u32, 1.0, &mut sum);
            let step = row.iter().fold(0.0f32, |m, v| m.max(v.abs())) / 127.0;
            for (a, b) in sum.iter().zip(row) {
                assert!((a - b).abs() <= 0.5 * step + 1e-6, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_piece_beyond_the_table_adds_nothing() {
        let table = TokenVectors::quantize(2, &[1.0, 2.0]);
        let mut sum = [0.0; 2];
        table.add(9, 1.0, &mut sum);
        assert_eq!(sum, [0.0; 2]);
    }
}
