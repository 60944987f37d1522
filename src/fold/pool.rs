//! The pools of a sentence's markers, many tokens at a time.
//!
//! In: a marker's logits over a sentence, and which tokens are quoted. Out: the sums of [`crate::features::marker::pool`].
//! Start at [`pools`]. Exponential and logarithm are polynomials (Cephes; Moshier 1992) without a branch, so that they run at
//! the width of the registers; each is within 2·10⁻⁷ of the exact value, which a test holds.

use crate::features::marker::POOLS;

/// The largest −ln(1 − p): p counts as 0.99 at most.
const MOST: f32 = 4.605_170_2;

/// The sums of the pools of one marker over a sentence; `quoted` holds 1 for a quoted token and 0 for another.
#[must_use]
pub fn pools(logits: &[f32], quoted: &[f32]) -> [f64; POOLS] {
    const LANES: usize = 8;
    let mut sums = [[0.0f32; LANES]; 5];
    let (z8, q8) = (logits.chunks_exact(LANES), quoted.chunks_exact(LANES));
    let mut last = [[f32::NEG_INFINITY; LANES], [0.0; LANES]];
    last[0][..z8.remainder().len()].copy_from_slice(z8.remainder());
    last[1][..q8.remainder().len()].copy_from_slice(q8.remainder());
    let rest = z8.remainder().len();
    let full = z8.zip(q8).map(|(z, q)| (z, q, LANES));
    for (z, q, count) in full.chain((rest > 0).then_some((&last[0][..], &last[1][..], rest))) {
        let mut step = [[0.0f32; LANES]; 5];
        for i in 0..LANES {
            let odds = exp(z[i]);
            let p = odds / (1.0 + odds);
            let surprise = ln(1.0 + odds).min(MOST);
            step[0][i] = surprise * (1.0 - q[i]);
            step[1][i] = surprise * q[i];
            step[2][i] = p * (1.0 - q[i]);
            step[3][i] = p * q[i];
            step[4][i] = if i < count { z[i] } else { 0.0 };
        }
        for (sum, step) in sums.iter_mut().zip(step) {
            for i in 0..LANES {
                sum[i] += step[i];
            }
        }
    }
    let n = (logits.len() + 1) as f64;
    let [outside, inside, p_outside, p_inside, logit] = sums.map(|sum| sum.iter().map(|v| f64::from(*v)).sum::<f64>());
    [outside, inside, p_outside / n, p_inside / n, logit / n, (outside + inside) / n.sqrt()]
}

/// e to the power of x; below −87 it is 0 or nearly, above 87 as at 87.
fn exp(x: f32) -> f32 {
    // Adding it leaves the nearest whole number in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let mut y = 1.987_569_1e-4;
    for c in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        y = y * r + c;
    }
    let y = y * r * r + r + 1.0;
    let two_to_n = f32::from_bits(
        (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32).wrapping_add(127).wrapping_shl(23) as u32,
    );
    y * two_to_n
}

/// The natural logarithm of a number of 1 or more.
fn ln(x: f32) -> f32 {
    // The mantissa from √½ to √2, and what it is to be raised by.
    let bits = x.to_bits().wrapping_sub(0x3f35_04f3);
    let e = (bits as i32 >> 23) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff) + 0x3f35_04f3) - 1.0;
    let z = m * m;
    let mut y = 7.037_683_6e-2;
    for c in [
        -0.115_146_1,
        0.116_769_98,
        -0.124_201_41,
        0.142_493_23,
        -0.166_680_58,
        0.200_007_14,
        -0.249_999_94,
        0.333_333_3,
    ] {
        y = y * m + c;
    }
    m + (y * m * z - 0.5 * z - e * 2.121_944_4e-4) + e * 0.693_359_4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::marker::pool;

    #[test]
    fn the_polynomials_are_close_to_the_functions() {
        for step in 0..200_000 {
            let x = -40.0 + step as f32 * 4e-4;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) - exact).abs() <= 2e-7 * exact, "exp {x}");
            let y = 1.0 + step as f32 * 1e-3;
            assert!((f64::from(ln(y)) - f64::from(y).ln()).abs() <= 2e-7 * f64::from(y).ln().max(1.0), "ln {y}");
        }
        assert_eq!(ln(1.0), 0.0);
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
            for (a, b) in pools(&logits, &quoted).iter().zip(expected) {
                assert!((a - b).abs() < 1e-5 * (1.0 + b.abs()), "{length}: {a} {b}");
            }
        }
    }
}
