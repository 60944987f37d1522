//! Two models on the same rows: which is better, and could that be chance?
//!
//! In: the [`Scored`] rows of both. Out: a [`Comparison`], for every measure the difference with a 95 %
//! interval and a p-value from the **paired** bootstrap: each replicate draws the same groups for both, so
//! what is hard for both cancels out (Efron & Tibshirani 1993; Koehn 2004). Start at [`compare`].

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Interval};
use super::measure::Settings;
use super::named::Named;
use super::panel::Panel;
use super::reliability::{summary, table};
use super::scored::Scored;
use crate::error::{Error, Result};

/// Two models of one head on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The head's name.
    pub head: String,
    /// How many rows.
    pub n: usize,
    /// How many groups the rows come from.
    pub groups: usize,
    /// How it was measured.
    pub settings: Settings,
    /// The difference in each measure, under its name. The p-values are each for one measure; they are
    /// not corrected for looking at many.
    pub differences: Named<Difference>,
}

/// The difference between two models in one measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The new model's value; `None` where undefined on these rows.
    pub new: Option<f64>,
    /// The other model's value; `None` where undefined on these rows.
    pub other: Option<f64>,
    /// New minus other; `None` where either is undefined.
    pub difference: Option<f64>,
    /// 95 % percentile interval of the difference; `None` for the calibration error, and where the measures
    /// of one model have none.
    pub interval: Option<Interval>,
    /// Two-sided p-value for no difference, above 0, at most 1; `None` where there is no interval.
    pub p: Option<f64>,
}

/// Compares two models of one head on the same rows, in the same order. Decisions and probabilities may
/// differ; head, classes, groups and labels may not.
///
/// # Errors
/// [`Error::Data`] where the rows are not the same; [`Error::Settings`] as for
/// [`measure`](super::measure()).
pub fn compare(new: &Scored, other: &Scored, settings: &Settings) -> Result<Comparison> {
    check_same_rows(new, other)?;
    settings.check()?;
    let once = new.ones();
    let (new_panel, other_panel) = (Panel::new(new), Panel::new(other));
    let (new_values, other_values) = (new_panel.read(&once).values(), other_panel.read(&once).values());
    let replicates = bootstrap::replicate(new, settings.replicates, settings.seed, |times| {
        let (new, other) = (new_panel.read(times).values(), other_panel.read(times).values());
        new.into_iter().zip(other).map(|(new, other)| minus(new, other)).collect::<Vec<_>>()
    });
    let mut differences = Vec::new();
    for (at, name) in new_panel.names().into_iter().enumerate() {
        let values: Vec<Option<f64>> = replicates.iter().map(|replicate| replicate[at]).collect();
        let (interval, p) = (bootstrap::interval(&values), bootstrap::p_value(&values));
        differences.push((name, Difference { interval, p, ..plain(new_values[at], other_values[at]) }));
    }
    let [new_ece, other_ece] = [new, other].map(|scored| Some(summary(&table(scored, settings.bins, &once))));
    differences.push(("ece".to_string(), plain(new_ece, other_ece)));
    Ok(Comparison {
        head: new.head().to_string(),
        n: new.len(),
        groups: new.group_count(),
        settings: *settings,
        differences: differences.into_iter().collect(),
    })
}

pub(super) fn plain(new: Option<f64>, other: Option<f64>) -> Difference {
    Difference { new, other, difference: minus(new, other), interval: None, p: None }
}

pub(super) fn minus(new: Option<f64>, other: Option<f64>) -> Option<f64> {
    Some(new? - other?)
}

fn check_same_rows(new: &Scored, other: &Scored) -> Result<()> {
    let refuse = |found: String, expected: String| Error::Data {
        what: format!("comparison of `{}`", new.head()),
        found,
        expected,
        cure: "score the same labelled file with both models".into(),
    };
    if new.head() != other.head() {
        return Err(refuse(format!("the head `{}`", other.head()), format!("`{}`", new.head())));
    }
    if new.classes() != other.classes() {
        return Err(refuse(format!("the classes {}", other.classes().join(", ")), new.classes().join(", ")));
    }
    if new.len() != other.len() {
        return Err(refuse(format!("{} rows", other.len()), new.len().to_string()));
    }
    let differs = |row: &usize| new.gold()[*row] != other.gold()[*row] || new.groups()[*row] != other.groups()[*row];
    match (0..new.len()).find(differs) {
        Some(row) => {
            Err(refuse(format!("another label or group in row {row}"), "the same rows in the same order".into()))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{binary, close, from_rows, pick, three};
    use super::*;

    const SETTINGS: fn() -> Settings = || Settings { replicates: 400, ..Settings::default() };

    /// 120 rows; the first model errs on every `new`-th row, the second on every `other`-th.
    fn pair(new: usize, other: usize) -> (Scored, Scored) {
        let rows = |every: usize| {
            let score = |row: usize| f64::from((row % 2 == 1) != row.is_multiple_of(every)).mul_add(0.6, 0.2);
            from_rows(&(0..120).map(|row| (row % 2, score(row))).collect::<Vec<_>>())
        };
        (rows(new), rows(other))
    }

    #[test]
    fn a_model_does_not_differ_from_itself() {
        let comparison = compare(&three(), &three(), &SETTINGS()).unwrap();
        for (name, difference) in comparison.differences.iter().filter(|(name, _)| *name != "ece") {
            assert_eq!(
                (difference.difference, difference.interval, difference.p),
                (Some(0.0), Some([0.0, 0.0]), Some(1.0)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_clearly_better_model_has_a_small_p_and_an_interval_above_zero() {
        let (new, other) = pair(15, 3);
        let comparison = compare(&new, &other, &SETTINGS()).unwrap();
        let accuracy = comparison.differences.get("accuracy").unwrap();
        close(accuracy.difference.unwrap(), 32.0 / 120.0);
        assert!(accuracy.p.unwrap() < 0.01 && accuracy.interval.unwrap()[0] > 0.0);
        let brier = comparison.differences.get("brier").unwrap();
        assert!(brier.p.unwrap() < 0.01 && brier.interval.unwrap()[1] < 0.0);
    }

    #[test]
    fn exchanging_the_models_turns_the_sign_and_keeps_p() {
        let (new, other) = pair(7, 6);
        let there = compare(&new, &other, &SETTINGS()).unwrap();
        let back = compare(&other, &new, &SETTINGS()).unwrap();
        for ((name, a), (_, b)) in there.differences.iter().zip(back.differences.iter()) {
            close(a.difference.unwrap(), -b.difference.unwrap());
            assert_eq!(a.p, b.p, "{name}");
        }
    }

    #[test]
    fn the_calibration_error_has_a_difference_but_no_interval() {
        let (new, other) = pair(15, 3);
        let ece = *compare(&new, &other, &SETTINGS()).unwrap().differences.get("ece").unwrap();
        assert!(ece.difference.is_some() && ece.interval.is_none() && ece.p.is_none());
    }

    #[test]
    fn rows_that_are_not_the_same_are_refused() {
        let refusal = |other: &Scored| compare(&binary(), other, &SETTINGS()).unwrap_err().to_string();
        assert!(refusal(&three()).contains("the classes negative, neutral, positive; expected neutral, biased"));
        assert!(refusal(&from_rows(&[(0, 0.1)])).contains("1 rows; expected 200"));
        let reversed = pick(&binary(), &(0..200).rev().collect::<Vec<_>>());
        assert!(refusal(&reversed).contains("another label or group in row 0"));
    }
}
