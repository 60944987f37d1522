//! Rows for this layer's tests: reproducible, with many tied scores.
//!
//! The reference numbers in the tests come from scikit-learn 1.9 on exactly these rows; those of the
//! calibration error, which it does not have, from a separate computation with NumPy.

use super::scored::{Rows, Scored};

/// A linear congruential generator, simple enough to be written again in any language.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = (self.0 * 1_103_515_245 + 12_345) % (1 << 31);
        (self.0 >> 16) % bound
    }
}

/// 200 rows of a binary head in 80 groups; probabilities are multiples of 0.05; threshold 0.4.
pub(super) fn binary() -> Scored {
    let mut draws = Draws(12_345);
    let mut rows = empty(&["neutral", "biased"]);
    for row in 0..200 {
        let p = draws.below(21) as f64 / 20.0;
        let y = (draws.below(20) as f64) < 20.0 * p * 0.6 + 4.0;
        push(&mut rows, row % 80, usize::from(y), &[1.0 - p, p], usize::from(p >= 0.4));
    }
    Scored::new(rows).unwrap()
}

/// 200 rows of a head with three classes in 80 groups, decided by the largest probability.
pub(super) fn three() -> Scored {
    let mut draws = Draws(12_345);
    let mut rows = empty(&["negative", "neutral", "positive"]);
    for row in 0..200 {
        let shares: Vec<u64> = (0..3).map(|_| 1 + draws.below(8)).collect();
        let sum: u64 = shares.iter().sum();
        let u = draws.below(sum + 6);
        let gold = usize::from(u >= shares[0]) + usize::from(u >= shares[0] + shares[1]);
        let p: Vec<f64> = shares.iter().map(|&share| share as f64 / sum as f64).collect();
        let best = (0..3).rev().max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap();
        push(&mut rows, row % 80, gold, &p, best);
    }
    Scored::new(rows).unwrap()
}

/// Rows of a binary head from (labelled class, probability of the positive class); threshold 0.5; every
/// row is a group.
pub(super) fn from_rows(pairs: &[(usize, f64)]) -> Scored {
    let mut rows = empty(&["neutral", "biased"]);
    for (row, &(gold, p)) in pairs.iter().enumerate() {
        push(&mut rows, row as u64, gold, &[1.0 - p, p], usize::from(p >= 0.5));
    }
    Scored::new(rows).unwrap()
}

/// The same rows, the `i`-th being the `order[i]`-th of before; an index may come twice or never.
pub(super) fn pick(scored: &Scored, order: &[usize]) -> Scored {
    let names: Vec<&str> = scored.classes().iter().map(String::as_str).collect();
    let mut rows = empty(&names);
    for &i in order {
        push(&mut rows, scored.groups()[i], scored.gold()[i], scored.probabilities(i), scored.predicted()[i]);
    }
    Scored::new(rows).unwrap()
}

/// Fails unless the two agree to 1e-12.
pub(super) fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "found {found}, expected {expected}");
}

fn empty(classes: &[&str]) -> Rows {
    Rows { head: "bias".into(), classes: classes.iter().map(ToString::to_string).collect(), ..Rows::default() }
}

/// Adds a row; the head abstains where no class has more than 0.55.
fn push(rows: &mut Rows, group: u64, gold: usize, p: &[f64], predicted: usize) {
    rows.groups.push(group);
    rows.gold.push(gold);
    rows.probabilities.extend_from_slice(p);
    rows.predicted.push(predicted);
    rows.certain.push(p.iter().any(|&p| p > 0.55));
}
