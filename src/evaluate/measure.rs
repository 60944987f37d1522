//! Everything measured about one head on labelled rows.
//!
//! In: [`Scored`] rows and [`Settings`]. Out: [`Measures`], flat and in reading order, ready for JSON.
//! Start at [`measure`]. As text it is written in `text`, checked against bounds in `gate`.

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Interval};
use super::coverage::{CoveragePoint, risk_coverage};
use super::metrics::head_value;
use super::named::Named;
use super::panel::Panel;
use super::reliability::{Bins, ReliabilityBin, summary, table};
use super::scored::Scored;
use crate::error::{Error, Result};

/// More replicates would not move an interval's ends by anything that is printed.
const MOST_REPLICATES: usize = 100_000;

/// How to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How many bootstrap replicates; 1000 by default; fewer than 40 give no intervals, and more
    /// than 100,000 are refused.
    pub replicates: usize,
    /// The seed of the bootstrap; 1 by default.
    pub seed: u64,
    /// The bins of the reliability table and the calibration error; 15 of equal mass by default.
    pub bins: Bins,
}

impl Settings {
    /// # Errors
    /// [`Error::Settings`] for more than 100,000 replicates, or bins that are none.
    pub(super) fn check(&self) -> Result<()> {
        if self.replicates > MOST_REPLICATES {
            return Err(Error::Settings {
                setting: "replicates".into(),
                found: self.replicates.to_string(),
                expected: format!("at most {MOST_REPLICATES}"),
            });
        }
        self.bins.check().map(drop)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { replicates: 1000, seed: 1, bins: Bins::default() }
    }
}

/// Everything measured about one head. Ranges and sources are given where each measure is defined, in
/// `metrics`, `ranking`, `reliability` and `coverage`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// The head's name.
    pub head: String,
    /// The classes, in the order of the head; of two, the last is the positive one.
    pub classes: Vec<String>,
    /// How many rows.
    pub n: usize,
    /// How many groups (articles or families) the rows come from.
    pub groups: usize,
    /// How it was measured.
    pub settings: Settings,
    /// Share of rows decided as labelled.
    pub accuracy: f64,
    /// Mean F1 over classes.
    pub macro_f1: f64,
    /// F1 by class.
    pub f1: Named<f64>,
    /// Precision by class.
    pub precision: Named<f64>,
    /// Recall by class.
    pub recall: Named<f64>,
    /// How many rows are labelled as each class.
    pub support: Named<u64>,
    /// Area under the ROC curve; `None` where only one class occurs among the labels.
    pub auc: Option<f64>,
    /// Average precision; `None` where only one class occurs among the labels.
    pub average_precision: Option<f64>,
    /// Matthews correlation coefficient.
    pub mcc: f64,
    /// Brier score.
    pub brier: f64,
    /// Log loss.
    pub log_loss: f64,
    /// Expected calibration error.
    pub ece: f64,
    /// Rows by labelled class (outer) and decided class (inner), in class order.
    pub confusion: Vec<Vec<u64>>,
    /// 95 % bootstrap intervals by group, under the measures' names (`auc`, `f1`, `f1.negative`, …);
    /// `None` for a single group, for fewer than 40 replicates, or where too many replicates leave the
    /// measure undefined. The calibration error has none: resampling raises it systematically.
    pub intervals: Named<Option<Interval>>,
    /// Mean probability against observed share, bin by bin.
    pub reliability: Vec<ReliabilityBin>,
    /// Errors among the rows kept, at falling coverage, and last at the head's own abstention.
    pub coverage: Vec<CoveragePoint>,
}

/// Measures a head on labelled rows. The result depends on rows and settings alone, not on the order of
/// the rows (but for rounding) or the number of threads.
///
/// # Errors
/// [`Error::Settings`] for more than 100,000 replicates, no bins, or more than a million bins.
pub fn measure(scored: &Scored, settings: &Settings) -> Result<Measures> {
    settings.check()?;
    let panel = Panel::new(scored);
    let once = scored.ones();
    let reading = panel.read(&once);
    let reliability = table(scored, settings.bins, &once);
    let support = (0..scored.classes().len()).map(|class| reading.confusion.support(class));
    let by_class = |values: Vec<f64>| scored.classes().iter().cloned().zip(values).collect();
    Ok(Measures {
        head: scored.head().to_string(),
        classes: scored.classes().to_vec(),
        n: scored.len(),
        groups: scored.group_count(),
        settings: *settings,
        accuracy: reading.accuracy,
        macro_f1: reading.macro_f1,
        f1: by_class(reading.f1),
        precision: by_class(reading.precision),
        recall: by_class(reading.recall),
        support: scored.classes().iter().cloned().zip(support).collect(),
        auc: reading.auc,
        average_precision: reading.average_precision,
        mcc: reading.mcc,
        brier: reading.brier,
        log_loss: reading.log_loss,
        ece: summary(&reliability),
        confusion: reading.confusion.matrix(),
        intervals: intervals(scored, &panel, settings),
        reliability,
        coverage: risk_coverage(scored),
    })
}

fn intervals(scored: &Scored, panel: &Panel, settings: &Settings) -> Named<Option<Interval>> {
    let replicates =
        bootstrap::replicate(scored, settings.replicates, settings.seed, |times| panel.read(times).values());
    let names = panel.names().into_iter().enumerate();
    names
        .map(|(at, name)| {
            let values: Vec<Option<f64>> = replicates.iter().map(|replicate| replicate[at]).collect();
            (name, bootstrap::interval(&values))
        })
        .collect()
}

impl Measures {
    /// A measure by name: any of [`super::KINDS`], or `f1`, `precision`, `recall` with a class behind a
    /// point (`f1.negative`). Without a class these three are the positive class's for two classes, and
    /// the mean over classes for more. `None` for a name or a class that is not known, and for a measure
    /// that is undefined on these rows.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        match name {
            "accuracy" => Some(self.accuracy),
            "macro_f1" => Some(self.macro_f1),
            "f1" | "precision" | "recall" => {
                Some(head_value(&self.per_class(name)?.iter().map(|(_, value)| *value).collect::<Vec<_>>()))
            }
            "auc" => self.auc,
            "average_precision" => self.average_precision,
            "mcc" => Some(self.mcc),
            "brier" => Some(self.brier),
            "log_loss" => Some(self.log_loss),
            "ece" => Some(self.ece),
            _ => {
                let (measure, class) = name.split_once('.')?;
                self.per_class(measure)?.get(class).copied()
            }
        }
    }

    fn per_class(&self, measure: &str) -> Option<&Named<f64>> {
        match measure {
            "f1" => Some(&self.f1),
            "precision" => Some(&self.precision),
            "recall" => Some(&self.recall),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::panel::KINDS;
    use super::super::sample::{binary, close, from_rows, three};
    use super::*;

    fn quick(scored: &Scored) -> Measures {
        measure(scored, &Settings { replicates: 200, ..Settings::default() }).unwrap()
    }

    #[test]
    fn every_kind_can_be_got_by_its_name() {
        let measures = quick(&binary());
        assert!(KINDS.iter().all(|kind| measures.get(kind.name).is_some()));
        close(measures.get("f1").unwrap(), 0.7105263157894737);
        close(measures.get("f1.biased").unwrap(), 0.7105263157894737);
        assert!(measures.get("f1.neutral").unwrap() < 0.7);
        assert_eq!(measures.get("f1.positive"), None);
        assert_eq!(measures.get("sharpness"), None);
    }

    #[test]
    fn with_more_than_two_classes_f1_is_the_mean_over_classes() {
        let measures = quick(&three());
        assert_eq!(measures.get("f1"), measures.get("macro_f1"));
        close(measures.get("precision").unwrap(), 0.40343822843822846);
    }

    #[test]
    fn every_measure_lies_in_its_interval() {
        for measures in [quick(&binary()), quick(&three())] {
            for (name, interval) in measures.intervals.iter() {
                let ([low, high], value) = (interval.unwrap(), measures.get(name).unwrap());
                assert!(low < value && value < high, "{name}: {value} in {low}..{high}");
            }
        }
    }

    #[test]
    fn a_single_group_has_values_but_no_intervals() {
        let measures = quick(&from_rows(&[(1, 0.7)]));
        assert_eq!((measures.accuracy, measures.auc), (1.0, None));
        assert!(measures.intervals.iter().all(|(_, interval)| interval.is_none()));
    }

    #[test]
    fn one_class_among_the_labels_has_neither_auc_nor_its_interval() {
        let measures = quick(&from_rows(&[(1, 0.7), (1, 0.2), (1, 0.4)]));
        assert_eq!((measures.get("auc"), measures.intervals.get("auc")), (None, Some(&None)));
        assert!(measures.intervals.get("accuracy").unwrap().is_some());
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let refusal = measure(&binary(), &Settings { replicates: 100_001, ..Settings::default() }).unwrap_err();
        assert_eq!(refusal.to_string(), "replicates: found 100001; expected at most 100000");
        let no_bins = Bins { count: 0, ..Bins::default() };
        assert!(measure(&binary(), &Settings { bins: no_bins, ..Settings::default() }).is_err());
    }

    #[test]
    fn json_is_flat_and_in_reading_order() {
        let json = serde_json::to_value(quick(&three())).unwrap();
        let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(keys[..8], ["head", "classes", "n", "groups", "settings", "accuracy", "macro_f1", "f1"]);
        assert!(json["f1"]["neutral"].is_f64() && json["intervals"]["auc"][0].is_f64());
        assert_eq!(json["settings"]["bins"]["kind"], "equal_mass");
        assert!(json["coverage"][6]["target_percent"].is_null());
    }
}
