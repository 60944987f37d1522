//! Intervals of rates, shares and balances, and what chance alone would make of two of them.
//!
//! In: counts, and the resamples of `resample.rs`. Out: an [`Estimate`], or a probability. Start at [`estimate`]
//! and [`chance`]. Each interval is the wider of two, at both ends: that of the bootstrap, which knows that terms
//! cluster in sentences and documents, and one that holds for small counts, where the bootstrap is too narrow (nothing
//! found is never 0 to 0):
//!
//! - of a rate, Poisson's exact one (Garwood 1936);
//! - of a share, the score interval (Wilson 1927);
//! - of a balance b the same of (b + 1) / 2, whose variance is at most that of a share.
//!
//! The same holds for probabilities (`difference.rs`): a difference has to be one by the bootstrap and by the exact conditional test of two
//! rates (Przyborowski & Wilenski 1940), or of two shares by the test with a success and a failure added to each
//! (Agresti & Caffo 2000).

use super::resample::percentiles;
use crate::report::comparison::Estimate;
use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF, Normal};

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_985;

/// How a measure is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Events per 100 of something: any number from 0.
    Rate,
    /// A part of a whole, 0 to 1.
    Share,
    /// For less against, -1 to 1.
    Balance,
}

/// `count` of `of` as a measure of that kind, with its interval; `resampled` are ratios of the same two sums.
#[must_use]
pub fn estimate(kind: Kind, count: i64, of: usize, resampled: &[f32]) -> Estimate {
    let scale = if kind == Kind::Rate { 100.0 } else { 1.0 };
    if of == 0 {
        let (low, high) = match kind {
            Kind::Rate => (0.0, 0.0),
            Kind::Share => (0.0, 1.0),
            Kind::Balance => (-1.0, 1.0),
        };
        return Estimate { value: 0.0, low, high, count, of };
    }
    let (n, k) = (of as f64, count as f64);
    let (mut low, mut high) = match kind {
        Kind::Rate => garwood(k, n),
        Kind::Share => wilson(k / n, n),
        Kind::Balance => {
            let (low, high) = wilson(f64::midpoint(k / n, 1.0), n);
            (2.0 * low - 1.0, 2.0 * high - 1.0)
        }
    };
    if let Some((l, h)) = percentiles(resampled) {
        (low, high) = (low.min(l), high.max(h));
    }
    let value = k / n;
    Estimate {
        value: rounded(scale * value),
        low: rounded(scale * low.min(value)),
        high: rounded(scale * high.max(value)),
        count,
        of,
    }
}

/// Six places: more is noise of the machine.
#[must_use]
pub fn rounded(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn garwood(k: f64, n: f64) -> (f64, f64) {
    let point = |freedom: f64, p: f64| ChiSquared::new(freedom).map_or(0.0, |chi| chi.inverse_cdf(p)) / 2.0;
    let low = if k > 0.0 { point(2.0 * k, 0.025) } else { 0.0 };
    (low / n, point(2.0 * k + 2.0, 0.975) / n)
}

fn wilson(p: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z / n;
    let middle = (p + z2 / 2.0) / (1.0 + z2);
    let half = Z / (1.0 + z2) * (p * (1.0 - p) / n + z2 / (4.0 * n)).max(0.0).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// The least that [`chance`] could be of two measures of this kind, however their counts fell: of rates that fall among
/// as many events in all, of shares and balances out of as many.
#[must_use]
pub fn least_chance(kind: Kind, (a, n): (i64, usize), (b, m): (i64, usize)) -> f64 {
    match kind {
        Kind::Rate => chance(kind, (a + b, n), (0, m)).min(chance(kind, (0, n), (a + b, m))),
        Kind::Share => chance(kind, (n as i64, n), (0, m)),
        Kind::Balance => chance(kind, (n as i64, n), (-(m as i64), m)),
    }
}

/// The probability of a normal value at least so many standard errors from 0, on either side.
#[must_use]
pub fn two_tails(z: f64) -> f64 {
    Normal::new(0.0, 1.0).map_or(1.0, |normal| (2.0 * normal.sf(z.abs())).clamp(0.0, 1.0))
}

/// The probability that counts `a` of `n` and `b` of `m` would differ as much if the measure were the same of both.
#[must_use]
pub fn chance(kind: Kind, (a, n): (i64, usize), (b, m): (i64, usize)) -> f64 {
    if n == 0 || m == 0 {
        return 1.0;
    }
    let (n, m) = (n as f64, m as f64);
    match kind {
        Kind::Rate => {
            let (a, b) = (a.max(0) as u64, b.max(0) as u64);
            // Of a + b events, those of the first fall to it by its part of the words.
            let Ok(falls) = Binomial::new(n / (n + m), a + b) else { return 1.0 };
            let below = falls.cdf(a);
            let above = if a == 0 { 1.0 } else { 1.0 - falls.cdf(a - 1) };
            (2.0 * below.min(above)).clamp(0.0, 1.0)
        }
        Kind::Share => two_shares(a as f64, n, b as f64, m),
        Kind::Balance => two_shares(f64::midpoint(a as f64, n), n, f64::midpoint(b as f64, m), m),
    }
}

fn two_shares(a: f64, n: f64, b: f64, m: f64) -> f64 {
    let (p, q) = ((a + 1.0) / (n + 2.0), (b + 1.0) / (m + 2.0));
    let spread = (p * (1.0 - p) / (n + 2.0) + q * (1.0 - q) / (m + 2.0)).sqrt();
    let z = if spread > 0.0 { (p - q).abs() / spread } else { 0.0 };
    two_tails(z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Garwood's of 0 and 10 events; Wilson's of 5 in 10.
        let (low, high) = garwood(0.0, 1.0);
        assert!(low == 0.0 && (high - 3.688_88).abs() < 1e-3, "{high}");
        let (low, high) = garwood(10.0, 1.0);
        assert!((low - 4.795).abs() < 2e-3 && (high - 18.39).abs() < 1e-2, "{low} {high}");
        let (low, high) = wilson(0.5, 10.0);
        assert!((low - 0.2366).abs() < 1e-3 && (high - 0.7634).abs() < 1e-3);
    }

    #[test]
    fn few_counts_are_no_difference_and_many_are() {
        assert!(chance(Kind::Rate, (2, 100), (0, 100)) > 0.1);
        assert!(chance(Kind::Rate, (40, 400), (4, 400)) < 1e-4);
        assert!(chance(Kind::Share, (1, 2), (0, 2)) > 0.1 && chance(Kind::Share, (80, 100), (20, 100)) < 1e-4);
        assert!((chance(Kind::Balance, (0, 0), (5, 5)) - 1.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_value(count in 0i64..200, more in 0usize..5000, kind in 0..3) {
            let of = count as usize + more;
            let kind = [Kind::Rate, Kind::Share, Kind::Balance][kind as usize];
            let e = estimate(kind, count, of, &[]);
            prop_assert!(e.low <= e.value && e.value <= e.high && e.low.is_finite() && e.high.is_finite());
            let p = chance(kind, (count, of), (3, 50));
            prop_assert!((0.0..=1.0).contains(&p) && least_chance(kind, (count, of), (3, 50)) <= p + 1e-9);
        }
    }
}
