//! What a head gains by keeping silent on the rows it is least sure of.
//!
//! In: [`Scored`] rows. Out: [`risk_coverage`], errors among the rows that are kept, for several shares
//! of rows kept (El-Yaniv & Wiener 2010; Geifman & El-Yaniv 2017).
//!
//! Confidence is the probability given to the **decided** class: what the head itself says is the chance
//! that its decision is right.

use serde::Serialize;

use super::metrics::{Confusion, ratio};
use super::scored::Scored;

/// The shares of rows to keep, in percent.
const TARGETS: [u32; 6] = [100, 90, 80, 70, 60, 50];

/// Errors among the rows that are kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// The share of rows that was to be kept, in percent, the most confident first; `None` for the rows
    /// on which the head itself does not abstain.
    pub target_percent: Option<u32>,
    /// The share of rows kept, `0..=1`; above the target where rows tie in confidence, since such rows
    /// are kept or dropped together.
    pub coverage: f64,
    /// How many rows are kept.
    pub n: u64,
    /// Share of the kept rows not decided as labelled, `0..=1`; 0 where none is kept.
    pub error_rate: f64,
    /// Mean F1 over all the head's classes on the kept rows, `0..=1`; 0 where none is kept.
    pub macro_f1: f64,
}

/// Errors at a coverage of 100, 90, 80, 70, 60 and 50 percent, and last at the head's own abstention.
#[must_use]
pub fn risk_coverage(scored: &Scored) -> Vec<CoveragePoint> {
    let confidence: Vec<f64> =
        (0..scored.len()).map(|row| scored.probabilities(row)[scored.predicted()[row]]).collect();
    let mut falling = confidence.clone();
    falling.sort_unstable_by(|a, b| b.total_cmp(a));
    let at = |percent: u32| {
        let keep = (scored.len() * percent as usize).div_ceil(100).max(1);
        let least = falling[keep - 1];
        point(scored, Some(percent), confidence.iter().map(|&c| c >= least))
    };
    let mut points: Vec<CoveragePoint> = TARGETS.into_iter().map(at).collect();
    points.push(point(scored, None, scored.certain().iter().copied()));
    points
}

fn point(scored: &Scored, target_percent: Option<u32>, keep: impl Iterator<Item = bool>) -> CoveragePoint {
    let kept: Vec<u32> = keep.map(u32::from).collect();
    let confusion = Confusion::weighted(scored, &kept);
    let n = confusion.total();
    CoveragePoint {
        target_percent,
        coverage: ratio(n, scored.len() as u64),
        n,
        error_rate: ratio(n - confusion.correct(), n),
        macro_f1: confusion.macro_f1(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{binary, close, from_rows};
    use super::*;

    #[test]
    fn the_least_confident_rows_are_dropped_first() {
        let pairs =
            [(1, 0.99), (0, 0.01), (1, 0.9), (0, 0.2), (1, 0.8), (1, 0.75), (0, 0.3), (1, 0.35), (0, 0.6), (1, 0.45)];
        let points = risk_coverage(&from_rows(&pairs));
        let errors: Vec<(u64, f64)> = points[..6].iter().map(|p| (p.n, p.error_rate)).collect();
        assert_eq!(errors, [(10, 0.3), (9, 2.0 / 9.0), (8, 1.0 / 8.0), (7, 0.0), (6, 0.0), (5, 0.0)]);
    }

    #[test]
    fn rows_that_tie_in_confidence_are_kept_together() {
        let points = risk_coverage(&from_rows(&[(1, 0.7), (0, 0.7), (1, 0.7), (1, 0.7)]));
        assert!(points.iter().all(|point| point.n == 4 && point.error_rate == 0.25));
    }

    #[test]
    fn the_last_point_is_the_heads_own_abstention() {
        let scored = binary();
        let own = risk_coverage(&scored).pop().unwrap();
        assert_eq!(own.target_percent, None);
        assert_eq!(own.n, scored.certain().iter().filter(|&&certain| certain).count() as u64);
        close(own.coverage, own.n as f64 / 200.0);
    }

    #[test]
    fn full_coverage_gives_the_plain_measures() {
        let full = &risk_coverage(&binary())[0];
        assert_eq!((full.n, full.coverage), (200, 1.0));
        close(full.error_rate, 0.33);
        close(full.macro_f1, 0.6634026927784578);
    }

    #[test]
    fn a_head_that_always_abstains_gives_zeros() {
        let own = risk_coverage(&from_rows(&[(1, 0.5), (0, 0.5)])).pop().unwrap();
        assert_eq!((own.n, own.coverage, own.error_rate, own.macro_f1), (0, 0.0, 0.0, 0.0));
    }
}
