//! How near what a head says of a sentence is to being otherwise.
//!
//! In: a head's probabilities and its thresholds. Out: an uncertainty from 0 to 1. Start at [`uncertainty`].
//!
//! A head of few positives calls a sentence positive at 0.3, say, and 0.5 would be the wrong place to look for its doubts.
//! So it is the lead of the best class over the next, each against its own threshold, that counts: the very number by which
//! a report calls a label too close to call. As odds it is the margin of best and second best (Scheffer, Decomain & Wrobel
//! 2001; Settles 2009, §3.1), with the thresholds taken for priors (Elkan 2001).

use crate::heads::Decision;
use crate::report::ByName;
use serde::Serialize;

/// What one head says of a sentence, and how uncertain it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Doubt {
    /// The head.
    pub head: String,
    /// 0 (sure) to 1 (two labels are equally near).
    pub uncertainty: f64,
    /// The label that it gives; of a mark, its kind or class.
    pub label: String,
    /// The calibrated probability of each label; of a mark, that it is one.
    pub probabilities: ByName<f64>,
    /// The words that are marked, of a head that marks places: its most doubtful mark in the sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

/// The uncertainty of probabilities under a decision: 1 where two labels are equally near, 0 where one is sure; in between
/// 2 / (1 + e^lead), with the [lead](Decision::lead) in logits.
#[must_use]
pub fn uncertainty(probabilities: &[f64], decision: &Decision) -> f64 {
    let (_, lead) = decision.lead(probabilities);
    2.0 / (1.0 + lead.max(0.0).exp())
}

/// The uncertainty of a mark of this probability, which is one from 0.5 up.
#[must_use]
pub fn of_mark(p: f64) -> f64 {
    1.0 - (2.0 * p.clamp(0.0, 1.0) - 1.0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decision(thresholds: &[f64]) -> Decision {
        Decision { thresholds: thresholds.to_vec(), margin: 0.0 }
    }

    #[test]
    fn a_head_is_most_uncertain_at_its_own_threshold() {
        let rare = decision(&[0.8, 0.2]);
        let of = |p: f64| uncertainty(&[1.0 - p, p], &rare);
        assert!((of(0.2) - 1.0).abs() < 1e-9);
        assert!(of(0.5) < of(0.3) && of(0.3) < of(0.2) && of(0.1) < of(0.2) && of(0.01) < of(0.1));
        assert!(of(0.0) < 1e-9 && of(1.0) < 1e-9);
        assert!((of(0.5) - of_mark(0.2)).abs() < 1e-9, "odds of 1 against 1 to 4 are odds of 4");
    }

    #[test]
    fn of_several_classes_the_best_two_count() {
        let even = decision(&[0.4, 0.4, 0.4]);
        let close = uncertainty(&[0.45, 0.45, 0.1], &even);
        assert!((close - 1.0).abs() < 1e-9);
        assert!(uncertainty(&[0.8, 0.1, 0.1], &even) < uncertainty(&[0.5, 0.4, 0.1], &even));
    }

    proptest! {
        #[test]
        fn it_is_a_number_from_0_to_1(p in 0.0..=1.0f64, t in 0.01..0.99f64) {
            let u = uncertainty(&[1.0 - p, p], &decision(&[1.0 - t, t]));
            prop_assert!((0.0..=1.0).contains(&u), "{u}");
            prop_assert!((0.0..=1.0).contains(&of_mark(p)));
        }
    }
}
