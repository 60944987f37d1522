//! Two models' spans on the same rows: which is better, and could that be chance?
//!
//! In: the [`SpanRow`]s of both. Out: a [`Comparison`] for each head that both have, by the same paired
//! bootstrap as for sentence heads. Start at [`compare_spans`].

use super::head::SpanHead;
use super::ledger::Ledger;
use super::row::{SpanRow, check};
use crate::error::{Error, Result};
use crate::evaluate::bootstrap;
use crate::evaluate::compare::{Comparison, Difference, minus, plain};
use crate::evaluate::measure::Settings;
use crate::evaluate::reliability::summary;
use crate::heads::label::Label;

/// Compares two models on the same rows, in the same order: every F1, the accuracy, the Brier score and the
/// calibration error (which has a difference but no interval) of each head that both have.
///
/// # Errors
/// [`Error::Data`] where the rows or their gold spans are not the same, and as for
/// [`measure_spans`](super::measure_spans); [`Error::Settings`] likewise.
pub fn compare_spans(new: &[SpanRow], other: &[SpanRow], settings: &Settings) -> Result<Vec<Comparison>> {
    settings.check()?;
    check(new)?;
    check(other)?;
    check_same_rows(new, other)?;
    let mut comparisons = Vec::new();
    for &head in SpanHead::ALL {
        let known = |pair: &(&SpanRow, &SpanRow)| pair.0.found.knows(head) && pair.1.found.knows(head);
        let (of_new, of_other): (Vec<&SpanRow>, Vec<&SpanRow>) = new.iter().zip(other).filter(known).unzip();
        if let (Some(new), Some(other)) = (Ledger::new(head, of_new), Ledger::new(head, of_other)) {
            comparisons.push(compare(head, &new, &other, settings)?);
        }
    }
    Ok(comparisons)
}

fn compare(head: SpanHead, new: &Ledger, other: &Ledger, settings: &Settings) -> Result<Comparison> {
    let (new_values, other_values) = (new.total().values(head), other.total().values(head));
    let replicates = new.replicate(settings, |values, times| {
        values.into_iter().zip(other.values(times)).map(|(new, other)| minus(new, other)).collect::<Vec<_>>()
    });
    let mut differences = Vec::new();
    for (at, name) in head.measures().into_iter().enumerate().take(new_values.len()) {
        // Precision and recall are the two sides of an F1; with them the list would be three times as long.
        if name.ends_with("_precision") || name.ends_with("_recall") || name == "list_f1" {
            continue;
        }
        let values: Vec<Option<f64>> = replicates.iter().map(|replicate| replicate[at]).collect();
        let (interval, p) = (bootstrap::interval(&values), bootstrap::p_value(&values));
        differences.push((name, Difference { interval, p, ..plain(new_values[at], other_values[at]) }));
    }
    let ece = |ledger: &Ledger| -> Result<Option<f64>> {
        let bins = ledger.reliability(settings.bins)?;
        Ok((!bins.is_empty()).then(|| summary(&bins)))
    };
    differences.push(("ece".to_owned(), plain(ece(new)?, ece(other)?)));
    Ok(Comparison {
        head: head.as_str().into(),
        n: new.rows(),
        groups: new.groups(),
        settings: *settings,
        differences: differences.into_iter().collect(),
    })
}

fn check_same_rows(new: &[SpanRow], other: &[SpanRow]) -> Result<()> {
    let refuse = |found: String, expected: String| Error::Data {
        what: "comparison of spans".into(),
        found,
        expected,
        cure: "score the same labelled file with both models".into(),
    };
    if new.len() != other.len() {
        return Err(refuse(format!("{} rows", other.len()), new.len().to_string()));
    }
    match new.iter().zip(other).position(|(new, other)| new.gold != other.gold || new.group != other.group) {
        Some(row) => Err(refuse(
            format!("other gold spans or another group in row {row}"),
            "the same rows in the same order".into(),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found, rows};
    use super::*;

    fn compared(new: &[SpanRow], other: &[SpanRow]) -> Vec<Comparison> {
        compare_spans(new, other, &Settings { replicates: 200, ..Settings::default() }).unwrap()
    }

    #[test]
    fn a_model_does_not_differ_from_itself() {
        let comparisons = compared(&rows(), &rows());
        assert_eq!(comparisons.iter().map(|c| c.head.as_str()).collect::<Vec<_>>(), ["loaded", "attribution"]);
        for (name, difference) in comparisons.iter().flat_map(|c| c.differences.iter()) {
            assert!(difference.difference.is_none_or(|d| d == 0.0), "{name}");
        }
    }

    #[test]
    fn a_model_that_finds_more_has_an_interval_above_zero() {
        let comparisons = compared(&found(20, 20), &found(2, 2));
        for (comparison, name) in comparisons.iter().zip(["word_f1", "cue_f1"]) {
            let difference = comparison.differences.get(name).unwrap();
            assert!(difference.interval.unwrap()[0] > 0.0 && difference.p.unwrap() < 0.05, "{name}: {difference:?}");
        }
    }

    #[test]
    fn a_head_that_one_model_has_not_is_left_out() {
        let mut other = rows();
        other.iter_mut().for_each(|row| row.found.loaded = None);
        let heads: Vec<String> = compared(&rows(), &other).into_iter().map(|c| c.head).collect();
        assert_eq!(heads, ["attribution"]);
    }

    #[test]
    fn rows_that_are_not_the_same_are_refused() {
        let refusal = |other: &[SpanRow]| compare_spans(&rows(), other, &Settings::default()).unwrap_err().to_string();
        assert!(refusal(&rows()[1..]).contains("59 rows; expected 60"));
        let mut reversed = rows();
        reversed.reverse();
        assert!(refusal(&reversed).contains("in row 0"));
    }
}
