//! The single-number measures of a head, always the same ones in the same order.
//!
//! In: [`Scored`] rows. Out: a `Panel` that has sorted and scored the rows once and then gives all
//! values for any multiplicities in one pass over the rows. `measure` and `compare` both read it, so
//! a number, its interval and its difference are one computation.

use super::metrics::{Confusion, brier_losses, head_value, log_losses, weighted_mean};
use super::ranking::Ranking;
use super::scored::Scored;

/// A measure of a whole head: its name, its range, and which end of it is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kind {
    /// The name, as in JSON and in gates.
    pub name: &'static str,
    /// The lowest and highest value it can have.
    pub range: [f64; 2],
    /// Whether a lower value is the better one.
    pub lower_is_better: bool,
}

/// Every measure that has a single number for a head, in the order of the report. `f1`, `precision` and
/// `recall` are the positive class's for two classes and the mean over classes for more; with
/// `.CLASS` behind them they are that class's.
pub const KINDS: [Kind; 11] = [
    Kind { name: "accuracy", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "macro_f1", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "f1", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "precision", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "recall", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "auc", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "average_precision", range: [0.0, 1.0], lower_is_better: false },
    Kind { name: "mcc", range: [-1.0, 1.0], lower_is_better: false },
    Kind { name: "brier", range: [0.0, 2.0], lower_is_better: true },
    Kind { name: "log_loss", range: [0.0, f64::MAX], lower_is_better: true },
    Kind { name: "ece", range: [0.0, 1.0], lower_is_better: true },
];

/// The kind of a measure's name; a class behind a point is left aside (`f1.negative` is of kind `f1`).
/// `None` for a name that no measure has.
#[must_use]
pub fn kind(name: &str) -> Option<Kind> {
    let base = match name.split_once('.') {
        Some((base @ ("f1" | "precision" | "recall"), _)) => base,
        _ => name,
    };
    KINDS.into_iter().find(|kind| kind.name == base)
}

/// The rows of one head, prepared so that every measure takes one pass.
///
/// The calibration error is not here: resampling raises it systematically, so that a percentile
/// interval may not even contain it.
#[derive(Debug)]
pub(super) struct Panel<'a> {
    scored: &'a Scored,
    ranking: Ranking,
    brier: Vec<f64>,
    log_loss: Vec<f64>,
}

impl<'a> Panel<'a> {
    pub(super) fn new(scored: &'a Scored) -> Self {
        Self { scored, ranking: Ranking::new(scored), brier: brier_losses(scored), log_loss: log_losses(scored) }
    }

    /// The names of the values, in order: all of [`KINDS`] but `ece`, then F1, precision and recall of
    /// each class as `f1.CLASS`, `precision.CLASS`, `recall.CLASS`.
    pub(super) fn names(&self) -> Vec<String> {
        let heads = KINDS.iter().map(|kind| kind.name.to_string()).filter(|name| name != "ece");
        let per_class = ["f1", "precision", "recall"]
            .into_iter()
            .flat_map(|name| self.scored.classes().iter().map(move |class| format!("{name}.{class}")));
        heads.chain(per_class).collect()
    }

    /// All values, each row counted as often as its multiplicity says.
    pub(super) fn read(&self, multiplicities: &[u32]) -> Reading {
        let confusion = Confusion::weighted(self.scored, multiplicities);
        Reading {
            accuracy: confusion.accuracy(),
            macro_f1: confusion.macro_f1(),
            auc: self.ranking.auc(multiplicities),
            average_precision: self.ranking.average_precision(multiplicities),
            mcc: confusion.mcc(),
            brier: weighted_mean(&self.brier, multiplicities),
            log_loss: weighted_mean(&self.log_loss, multiplicities),
            f1: confusion.per_class(Confusion::f1),
            precision: confusion.per_class(Confusion::precision),
            recall: confusion.per_class(Confusion::recall),
            confusion,
        }
    }
}

/// The values of a panel for one choice of multiplicities; `f1`, `precision` and `recall` by class.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) accuracy: f64,
    pub(super) macro_f1: f64,
    pub(super) auc: Option<f64>,
    pub(super) average_precision: Option<f64>,
    pub(super) mcc: f64,
    pub(super) brier: f64,
    pub(super) log_loss: f64,
    pub(super) f1: Vec<f64>,
    pub(super) precision: Vec<f64>,
    pub(super) recall: Vec<f64>,
    pub(super) confusion: Confusion,
}

impl Reading {
    /// The values in the order of [`Panel::names`].
    pub(super) fn values(&self) -> Vec<Option<f64>> {
        let mut values = vec![
            Some(self.accuracy),
            Some(self.macro_f1),
            Some(head_value(&self.f1)),
            Some(head_value(&self.precision)),
            Some(head_value(&self.recall)),
            self.auc,
            self.average_precision,
            Some(self.mcc),
            Some(self.brier),
            Some(self.log_loss),
        ];
        values.extend([&self.f1, &self.precision, &self.recall].into_iter().flatten().copied().map(Some));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{binary, three};
    use super::*;

    #[test]
    fn every_name_has_a_value_and_a_kind() {
        for scored in [binary(), three()] {
            let panel = Panel::new(&scored);
            assert_eq!(panel.names().len(), panel.read(&scored.ones()).values().len());
            assert!(panel.names().iter().all(|name| kind(name).is_some()));
        }
    }

    #[test]
    fn only_per_class_measures_take_a_class() {
        assert_eq!(kind("f1.negative").map(|kind| kind.name), Some("f1"));
        assert_eq!(kind("auc.negative"), None);
        assert_eq!(kind("sharpness"), None);
    }
}
