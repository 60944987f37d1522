//! The two-stage bootstrap: documents of an outlet drawn with replacement, then sentences of each drawn document.
//!
//! In: sums of every sentence, by document. Out: the sums of each resample. Start at [`resample`]. With one document it is
//! a bootstrap over its sentences. Drawing at both stages widens intervals a little where documents are few, and does
//! not take the sentences of an article for independent (Davison & Hinkley 1997, §3.8).

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How many resamples are drawn.
pub const RESAMPLES: usize = 2000;

/// What the draws depend on, with an outlet's name and nothing else.
pub const SEED: u64 = 5;

/// The sums of one document: `width` numbers a sentence, row-major.
pub type Sums = Vec<f32>;

/// For each resample the sums over its sentences, `width` numbers each; empty where there is no sentence.
#[must_use]
pub fn resample(documents: &[Sums], width: usize, stream: u64) -> Vec<f64> {
    let width = width.max(1);
    let documents: Vec<&Sums> = documents.iter().filter(|sums| sums.len() >= width).collect();
    if documents.is_empty() {
        return Vec::new();
    }
    let mut draw = ChaCha8Rng::seed_from_u64(SEED);
    draw.set_stream(stream);
    let mut all = vec![0.0f64; RESAMPLES * width];
    for sums in all.chunks_exact_mut(width) {
        for _ in 0..documents.len() {
            let sentences = documents.get(draw.random_range(0..documents.len())).map_or(&[][..], |s| s.as_slice());
            let number = (sentences.len() / width) as u32;
            for _ in 0..number {
                let at = draw.random_range(0..number) as usize * width;
                if let Some(row) = sentences.get(at..at + width) {
                    sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += f64::from(*v));
                }
            }
        }
    }
    all
}

/// The ratio of two of the sums in each resample; 0 where the second is 0. In half the room: the third digit of an
/// interval's end is the draw's.
#[must_use]
pub fn ratios(resamples: &[f64], width: usize, over: usize, under: usize) -> Vec<f32> {
    let ratio = |sums: &[f64]| match (sums.get(over), sums.get(under)) {
        (Some(over), Some(under)) if *under > 0.0 => (over / under) as f32,
        _ => 0.0,
    };
    resamples.chunks_exact(width.max(1)).map(ratio).collect()
}

/// Shares and balances of fewer than so many mentions are not compared, and their draws not kept: there are many of them,
/// and no such few could tell.
pub const LEAST_COMPARED: usize = 5;

/// The 2.5 % and 97.5 % points; `None` of nothing.
#[must_use]
pub fn percentiles(values: &[f32]) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |share: f64| {
        sorted.get((share * (sorted.len().saturating_sub(1)) as f64).round() as usize).copied().map(f64::from)
    };
    at(0.025).zip(at(0.975))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn resamples_are_the_same_each_time_and_vary_around_the_sums() {
        let documents = vec![(0..200).flat_map(|n| [f32::from(n % 4 == 0), 1.0]).collect::<Vec<f32>>()];
        let sums = resample(&documents, 2, 1);
        assert_eq!(sums, resample(&documents, 2, 1));
        let (low, high) = percentiles(&ratios(&sums, 2, 0, 1)).unwrap();
        // A share of a quarter in 200: its standard error is 0.031.
        assert!((0.17..0.21).contains(&low) && (0.29..0.33).contains(&high), "{low} {high}");
    }

    #[test]
    fn nothing_has_no_resamples() {
        assert!(resample(&[vec![]], 2, 0).is_empty() && percentiles(&[]).is_none());
    }
}
