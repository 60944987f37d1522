//! The pools of a sentence's markers, from a small table.
//!
//! In: a marker's logits over a sentence, and which tokens are quoted. Out: the sums of [`crate::features::marker::pool`].
//! Start at [`pools`]. A token's probability p and its −ln(1 − p) come from the nearest of some five hundred points and Taylor's
//! series, whose terms are made of p alone: each function is the slope of the other. Both are within 2·10⁻⁶ of the exact
//! value, which a test holds.

use crate::features::marker::POOLS;
use std::sync::LazyLock;

/// The largest −ln(1 − p): p counts as 0.99 at most.
const MOST: f32 = 4.605_170_2;

/// Logits beyond it count as it: there, p is 0 or 1 within 2·10⁻⁷.
const FARTHEST: f32 = 16.0;

/// Points to a logit of 1.
const FINE: f32 = 16.0;

const POINTS: usize = (2.0 * FARTHEST * FINE) as usize + 1;

/// p and −ln(1 − p) at each point.
static AT: LazyLock<[[f32; 2]; POINTS]> = LazyLock::new(|| {
    std::array::from_fn(|point| {
        let odds = (point as f64 / f64::from(FINE) - f64::from(FARTHEST)).exp();
        [(odds / (1.0 + odds)) as f32, odds.ln_1p() as f32]
    })
});

/// The sums of the pools of one marker over a sentence, given its logit of each token; `quoted` holds 1 for a quoted token and
/// 0 for another.
#[must_use]
pub fn pools(logits: impl Iterator<Item = f32>, quoted: &[f32]) -> [f64; POOLS] {
    let at = &*AT;
    let (mut surprises, mut of_quoted, mut ps, mut of_quoted_p, mut all) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for (z, quoted) in logits.zip(quoted) {
        let [p, surprise] = near(at, z);
        surprises += surprise;
        of_quoted += surprise * quoted;
        ps += p;
        of_quoted_p += p * quoted;
        all += z;
    }
    let n = (quoted.len() + 1) as f64;
    let [surprises, inside, ps, p_inside, all] = [surprises, of_quoted, ps, of_quoted_p, all].map(f64::from);
    [surprises - inside, inside, (ps - p_inside) / n, p_inside / n, all / n, surprises / n.sqrt()]
}

/// p of a logit, and −ln(1 − p), but [`MOST`] at most.
fn near(at: &[[f32; 2]; POINTS], z: f32) -> [f32; 2] {
    // Adding it leaves the nearest whole number in the lowest bits.
    const ROUND: f32 = (1 << 23) as f32;
    let place = (z.clamp(-FARTHEST, FARTHEST) + FARTHEST) * FINE;
    let rounded = place + ROUND;
    let point = rounded.to_bits().wrapping_sub(ROUND.to_bits()) as usize;
    let [p, surprise] = at[point.min(POINTS - 1)];
    let d = (place - (rounded - ROUND)) / FINE;
    let slope = p * (1.0 - p);
    let curve = slope * (0.5 - p);
    let surprise = surprise + d * (p + d * (0.5 * slope + d * curve / 3.0));
    [p + d * (slope + d * curve), if surprise < MOST { surprise } else { MOST }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::marker::pool;

    #[test]
    fn p_and_surprise_are_close_to_the_functions() {
        for step in -400_000..=400_000 {
            let z = f64::from(step) * 5e-5;
            let odds = z.exp();
            let [p, surprise] = near(&AT, z as f32);
            assert!((f64::from(p) - odds / (1.0 + odds)).abs() < 2e-6, "p of {z}: {p}");
            assert!(
                (f64::from(surprise) - odds.ln_1p().min(f64::from(MOST))).abs() < 2e-6,
                "surprise of {z}: {surprise}"
            );
        }
    }

    #[test]
    fn sums_are_those_of_the_pool_of_each_token() {
        for length in [0, 1, 7, 8, 9, 40] {
            let logits: Vec<f32> = (0..length).map(|i| (i * 37 % 23) as f32 - 11.0).collect();
            let quoted: Vec<f32> = (0..length).map(|i| (i % 3 == 0) as u8 as f32).collect();
            let mut expected = [0.0; POOLS];
            for (z, q) in logits.iter().zip(&quoted) {
                let of = pool(f64::from(*z), *q > 0.0, length);
                expected.iter_mut().zip(of).for_each(|(sum, value)| *sum += value);
            }
            for (a, b) in pools(logits.iter().copied(), &quoted).iter().zip(expected) {
                assert!((a - b).abs() < 1e-5 * (1.0 + b.abs()), "{length}: {a} {b}");
            }
        }
    }
}
