//! Measures of decisions (from the confusion matrix) and of probabilities (proper scoring rules).
//!
//! In: [`Scored`] rows. Out: a [`Confusion`] with everything that is counted from it, and [`brier`]
//! and [`log_loss`]. Every division by zero is 0 by convention. Rows on which the head abstains count
//! with the class it would have decided on. Rankings are in `ranking`, calibration in `reliability`.
//!
//! Each measure has one implementation, over rows with multiplicities: a row with multiplicity 3
//! counts as three equal rows, which is what a bootstrap replicate needs. The plain call gives each
//! row the multiplicity 1.

use super::scored::Scored;

/// How many rows of each labelled class were decided to be of each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// Row by row: labelled class × decided class.
    counts: Vec<u64>,
    classes: usize,
}

impl Confusion {
    /// Counts the rows.
    #[must_use]
    pub fn new(scored: &Scored) -> Self {
        Self::weighted(scored, &scored.ones())
    }

    /// Counts each row as often as its multiplicity says.
    pub(super) fn weighted(scored: &Scored, multiplicities: &[u32]) -> Self {
        let classes = scored.classes().len();
        let mut counts = vec![0; classes * classes];
        for ((&gold, &predicted), &times) in scored.gold().iter().zip(scored.predicted()).zip(multiplicities) {
            counts[gold * classes + predicted] += u64::from(times);
        }
        Self { counts, classes }
    }

    /// The number of rows of class `gold` that were decided to be `predicted`; both below the number of
    /// classes.
    #[must_use]
    pub fn count(&self, gold: usize, predicted: usize) -> u64 {
        self.counts[gold * self.classes + predicted]
    }

    /// The matrix, a row for each labelled class and a column for each decided class.
    #[must_use]
    pub fn matrix(&self) -> Vec<Vec<u64>> {
        self.counts.chunks_exact(self.classes).map(<[u64]>::to_vec).collect()
    }

    /// All rows counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Rows decided as labelled.
    #[must_use]
    pub fn correct(&self) -> u64 {
        (0..self.classes).map(|class| self.count(class, class)).sum()
    }

    /// Rows labelled as this class.
    #[must_use]
    pub fn support(&self, class: usize) -> u64 {
        (0..self.classes).map(|predicted| self.count(class, predicted)).sum()
    }

    /// Rows decided to be of this class.
    #[must_use]
    pub fn decided(&self, class: usize) -> u64 {
        (0..self.classes).map(|gold| self.count(gold, class)).sum()
    }

    /// Share of rows decided as labelled, `0..=1`.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        ratio(self.correct(), self.total())
    }

    /// Of the rows decided to be of this class, the share labelled so, `0..=1`; 0 where none was.
    #[must_use]
    pub fn precision(&self, class: usize) -> f64 {
        ratio(self.count(class, class), self.decided(class))
    }

    /// Of the rows labelled as this class, the share decided so, `0..=1`; 0 where none is.
    #[must_use]
    pub fn recall(&self, class: usize) -> f64 {
        ratio(self.count(class, class), self.support(class))
    }

    /// Harmonic mean of precision and recall, `0..=1` (van Rijsbergen 1979); 0 where the class is
    /// neither labelled nor decided.
    #[must_use]
    pub fn f1(&self, class: usize) -> f64 {
        ratio(2 * self.count(class, class), self.support(class) + self.decided(class))
    }

    /// Mean of F1 over **all** the head's classes, `0..=1`; a class that does not occur counts 0.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        mean(&self.per_class(Self::f1))
    }

    /// Matthews correlation coefficient, `-1..=1` (Matthews 1975; for more than two classes Gorodkin
    /// 2004, R_K); 0 where all rows are labelled, or all decided, as one class.
    #[must_use]
    pub fn mcc(&self) -> f64 {
        let total = self.total() as f64;
        let (mut across, mut decided_squares, mut support_squares) = (0.0, 0.0, 0.0);
        for class in 0..self.classes {
            let (decided, support) = (self.decided(class) as f64, self.support(class) as f64);
            across += decided * support;
            decided_squares += decided * decided;
            support_squares += support * support;
        }
        let spread = (total * total - decided_squares) * (total * total - support_squares);
        if spread == 0.0 { 0.0 } else { (self.correct() as f64 * total - across) / spread.sqrt() }
    }

    /// One measure for every class, in class order: `confusion.per_class(Confusion::recall)`.
    #[must_use]
    pub fn per_class(&self, measure: impl Fn(&Self, usize) -> f64) -> Vec<f64> {
        (0..self.classes).map(|class| measure(self, class)).collect()
    }
}

/// Brier score (Brier 1950), lower is better. A head of two classes: mean of `(p - y)²` with `p` the
/// probability of the positive class, `0..=1`. More classes: mean over rows of the sum over classes of
/// `(p - y)²`, `0..=2`.
#[must_use]
pub fn brier(scored: &Scored) -> f64 {
    weighted_mean(&brier_losses(scored), &scored.ones())
}

/// Log loss: mean of `-ln p` with `p` the probability given to the labelled class, lower is better,
/// `0..=36.05` (Good 1952). `p` is kept at least 2⁻⁵² from 0 and 1, as scikit-learn does.
#[must_use]
pub fn log_loss(scored: &Scored) -> f64 {
    weighted_mean(&log_losses(scored), &scored.ones())
}

/// Each row's term of the Brier score.
pub(super) fn brier_losses(scored: &Scored) -> Vec<f64> {
    let first = usize::from(scored.is_binary());
    let loss = |row: usize| {
        let probabilities = scored.probabilities(row).iter().enumerate().skip(first);
        probabilities.map(|(class, p)| (p - f64::from(scored.gold()[row] == class)).powi(2)).sum()
    };
    (0..scored.len()).map(loss).collect()
}

/// Each row's term of the log loss.
pub(super) fn log_losses(scored: &Scored) -> Vec<f64> {
    let loss = |row: usize| -scored.probabilities(row)[scored.gold()[row]].clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln();
    (0..scored.len()).map(loss).collect()
}

/// Mean of the values, each counted as often as its multiplicity says; 0 where nothing is counted.
pub(super) fn weighted_mean(values: &[f64], multiplicities: &[u32]) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for (value, &times) in values.iter().zip(multiplicities) {
        sum += value * f64::from(times);
        count += u64::from(times);
    }
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// What a per-class measure says about the whole head: the positive class's value for two classes, the
/// mean over classes for more.
pub(super) fn head_value(per_class: &[f64]) -> f64 {
    match per_class {
        [_, positive] => *positive,
        _ => mean(per_class),
    }
}

/// Mean; 0 for no values.
pub(super) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Quotient of two counts; 0 where the lower one is 0.
pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{binary, close, from_rows, three};
    use super::*;

    #[test]
    fn binary_measures_agree_with_the_reference() {
        let scored = binary();
        let confusion = Confusion::new(&scored);
        assert_eq!(confusion.matrix(), [[53, 40], [26, 81]]);
        close(confusion.accuracy(), 0.67);
        close(confusion.macro_f1(), 0.6634026927784578);
        close(confusion.f1(1), 0.7105263157894737);
        close(confusion.precision(1), 0.6694214876033058);
        close(confusion.recall(1), 0.7570093457943925);
        close(confusion.mcc(), 0.33353734650726674);
        close(brier(&scored), 0.22583750000000002);
        close(log_loss(&scored), 1.3265095822956143);
    }

    #[test]
    fn multiclass_measures_agree_with_the_reference() {
        let scored = three();
        let confusion = Confusion::new(&scored);
        assert_eq!(confusion.matrix(), [[26, 10, 13], [19, 15, 6], [35, 40, 36]]);
        assert_eq!(confusion.support(2), 111);
        close(confusion.accuracy(), 0.385);
        close(confusion.macro_f1(), 0.37418333355570677);
        close(head_value(&confusion.per_class(Confusion::precision)), 0.40343822843822846);
        close(head_value(&confusion.per_class(Confusion::recall)), 0.4099788564074278);
        close(confusion.mcc(), 0.11109644691733757);
        close(brier(&scored), 0.6824392623355294);
        close(log_loss(&scored), 1.1320342531279406);
    }

    #[test]
    fn empty_denominators_give_zero() {
        let scored = from_rows(&[(0, 0.1), (0, 0.2)]);
        let confusion = Confusion::new(&scored);
        assert_eq!((confusion.precision(1), confusion.recall(1), confusion.f1(1)), (0.0, 0.0, 0.0));
        assert_eq!((confusion.mcc(), confusion.macro_f1(), confusion.accuracy()), (0.0, 0.5, 1.0));
        let nothing = Confusion::weighted(&scored, &[0, 0]);
        assert_eq!((nothing.accuracy(), nothing.mcc(), nothing.total()), (0.0, 0.0, 0));
        assert_eq!(weighted_mean(&[1.0, 2.0], &[0, 0]), 0.0);
    }

    #[test]
    fn a_certain_mistake_has_a_finite_log_loss() {
        let loss = log_loss(&from_rows(&[(1, 0.0)]));
        assert!(loss > 36.0 && loss < 36.05);
    }
}
