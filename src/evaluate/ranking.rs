//! How well the probabilities put the rows of a class before the others, whatever the threshold.
//!
//! In: [`Scored`] rows. Out: [`auc`] and [`average_precision`]. Inside, `Ranking` sorts the rows once
//! and then answers for any multiplicities in one pass, which is what a bootstrap needs.
//!
//! A head of two classes is ranked by the probability of its positive class. With more classes, each
//! class is ranked against the rest and the mean is taken over the classes that occur among the labels
//! (one against the rest, macro). Where all rows are labelled as one class there is nothing to
//! distinguish, and the answer is `None`.

use super::metrics::mean;
use super::scored::Scored;

/// Area under the ROC curve (Fawcett 2006), `0..=1`, 0.5 for chance: the probability that a row of the
/// class has a higher score than another row, a tie counting one half (Hanley & McNeil 1982). `None`
/// where only one class occurs among the labels.
#[must_use]
pub fn auc(scored: &Scored) -> Option<f64> {
    Ranking::new(scored).auc(&scored.ones())
}

/// Average precision, `0..=1`: the sum over thresholds of the gain in recall times the precision there,
/// without interpolation (Davis & Goadrich 2006 on why not to interpolate); rows with the same score
/// enter together, as in scikit-learn. Chance is the class's share. `None` where only one class occurs
/// among the labels.
#[must_use]
pub fn average_precision(scored: &Scored) -> Option<f64> {
    Ranking::new(scored).average_precision(&scored.ones())
}

/// The rows sorted by score, once for each class that is ranked.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    /// The positive class alone for two classes, else every class.
    orders: Vec<Order>,
}

impl Ranking {
    pub(super) fn new(scored: &Scored) -> Self {
        let first = usize::from(scored.is_binary());
        Self { orders: (first..scored.classes().len()).map(|class| Order::new(scored, class)).collect() }
    }

    pub(super) fn auc(&self, multiplicities: &[u32]) -> Option<f64> {
        self.mean_over_orders(|order| order.auc(multiplicities))
    }

    pub(super) fn average_precision(&self, multiplicities: &[u32]) -> Option<f64> {
        self.mean_over_orders(|order| order.average_precision(multiplicities))
    }

    fn mean_over_orders(&self, measure: impl Fn(&Order) -> Option<f64>) -> Option<f64> {
        let values: Vec<f64> = self.orders.iter().filter_map(measure).collect();
        (!values.is_empty()).then(|| mean(&values))
    }
}

/// Rows from the highest score of one class to the lowest.
#[derive(Debug, Clone)]
struct Order(Vec<Ranked>);

#[derive(Debug, Clone)]
struct Ranked {
    row: u32,
    /// Whether the row is labelled as the class.
    positive: bool,
    /// Whether the next row has a lower score.
    closes_tie: bool,
}

impl Order {
    fn new(scored: &Scored, class: usize) -> Self {
        let score = |row: usize| scored.probabilities(row)[class];
        let mut rows: Vec<usize> = (0..scored.len()).collect();
        rows.sort_unstable_by(|&a, &b| score(b).total_cmp(&score(a)));
        let ranked = |(at, &row): (usize, &usize)| Ranked {
            row: row as u32,
            positive: scored.gold()[row] == class,
            closes_tie: rows.get(at + 1).is_none_or(|&next| score(next) != score(row)),
        };
        Self(rows.iter().enumerate().map(ranked).collect())
    }

    /// Calls `visit(positives, negatives)` for every set of rows with the same score, highest first.
    fn ties(&self, multiplicities: &[u32], mut visit: impl FnMut(u64, u64)) {
        let (mut positives, mut negatives) = (0, 0);
        for ranked in &self.0 {
            let times = u64::from(multiplicities[ranked.row as usize]);
            if ranked.positive {
                positives += times;
            } else {
                negatives += times;
            }
            if ranked.closes_tie {
                visit(positives, negatives);
                (positives, negatives) = (0, 0);
            }
        }
    }

    /// The Mann–Whitney statistic, counted in halves and so in whole numbers.
    fn auc(&self, multiplicities: &[u32]) -> Option<f64> {
        let (mut above, mut below, mut halves) = (0_u64, 0_u64, 0_u128);
        self.ties(multiplicities, |positives, negatives| {
            halves += u128::from(negatives) * u128::from(2 * above + positives);
            above += positives;
            below += negatives;
        });
        (above > 0 && below > 0).then(|| halves as f64 / (2.0 * above as f64 * below as f64))
    }

    fn average_precision(&self, multiplicities: &[u32]) -> Option<f64> {
        let (mut above, mut below, mut sum) = (0_u64, 0_u64, 0.0);
        self.ties(multiplicities, |positives, negatives| {
            above += positives;
            below += negatives;
            if positives > 0 {
                sum += positives as f64 * (above as f64 / (above + below) as f64);
            }
        });
        (above > 0 && below > 0).then(|| sum / above as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{binary, close, from_rows, three};
    use super::*;

    #[test]
    fn binary_ranking_with_ties_agrees_with_the_reference() {
        close(auc(&binary()).unwrap(), 0.7249020198974977);
        close(average_precision(&binary()).unwrap(), 0.7315401209790865);
    }

    #[test]
    fn multiclass_ranking_agrees_with_the_reference() {
        close(auc(&three()).unwrap(), 0.5791526063215261);
        close(average_precision(&three()).unwrap(), 0.4030029791586988);
    }

    #[test]
    fn one_class_among_the_labels_gives_none() {
        for gold in [0, 1] {
            let scored = from_rows(&[(gold, 0.2), (gold, 0.9)]);
            assert_eq!((auc(&scored), average_precision(&scored)), (None, None));
        }
    }

    #[test]
    fn a_class_without_rows_is_left_out_of_the_mean() {
        let scored = three();
        let without_last: Vec<u32> = scored.gold().iter().map(|&gold| u32::from(gold != 2)).collect();
        let ranking = Ranking::new(&scored);
        let two: Vec<f64> = ranking.orders[..2].iter().filter_map(|order| order.auc(&without_last)).collect();
        assert_eq!(ranking.auc(&without_last), Some((two[0] + two[1]) / 2.0));
    }

    #[test]
    fn a_perfect_ranking_is_one_and_equal_scores_are_chance() {
        assert_eq!(auc(&from_rows(&[(0, 0.1), (1, 0.6), (0, 0.3)])), Some(1.0));
        let tied = from_rows(&[(0, 0.5), (1, 0.5), (0, 0.5), (0, 0.5)]);
        assert_eq!((auc(&tied), average_precision(&tied)), (Some(0.5), Some(0.25)));
    }
}
