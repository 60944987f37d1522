//! Everything measured about one span head.
//!
//! In: [`SpanRow`]s and [`Settings`]. Out: [`SpanMeasures`], in reading order, ready for JSON. Start at
//! [`measure_spans`]. As text it is written in `text`, checked against bounds in `gate`.

use serde::Serialize;

use super::head::SpanHead;
use super::ledger::Ledger;
use super::row::{SpanRow, check};
use crate::error::Result;
use crate::evaluate::bootstrap::{self, Interval};
use crate::evaluate::measure::Settings;
use crate::evaluate::named::Named;
use crate::evaluate::reliability::{ReliabilityBin, summary};
use crate::heads::label::Label;

/// Everything measured about one span head; the measures are defined at [`SpanHead`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpanMeasures {
    /// The head.
    pub head: SpanHead,
    /// How many sentences.
    pub n: usize,
    /// How many groups (articles) they come from.
    pub groups: usize,
    /// How it was measured.
    pub settings: Settings,
    /// How many terms or attributions the model marked.
    pub found: u64,
    /// Every measure by name, in the order of [`SpanHead::measures`]; in JSON a key each. `None` where nothing
    /// was found and there was nothing to find.
    #[serde(flatten)]
    pub values: Named<Option<f64>>,
    /// For each part how many there are to find: words, spans or relations.
    pub support: Named<u64>,
    /// 95 % bootstrap intervals by group, under the measures' names; `None` for a single group, for fewer than
    /// 40 replicates, or where too many replicates leave the measure undefined. The calibration error has none.
    pub intervals: Named<Option<Interval>>,
    /// Mean probability of the found terms or cues against the share of them that is right, bin by bin; empty
    /// where none was found.
    pub reliability: Vec<ReliabilityBin>,
}

impl SpanMeasures {
    /// A measure by its name; `None` for a name that is not known, and for a measure that is undefined.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.values.get(name).copied().flatten()
    }
}

/// Measures each span head on the rows that annotators and model both looked at; a head without such rows is
/// left out. The result depends on rows and settings alone, not on the order of the rows (but for rounding) or
/// the number of threads.
///
/// # Errors
/// [`Error::Data`](crate::Error::Data) for a span that is empty, or a probability that is not a number in
/// `0..=1`; [`Error::Settings`](crate::Error::Settings) as for [`measure`](crate::evaluate::measure()).
pub fn measure_spans(rows: &[SpanRow], settings: &Settings) -> Result<Vec<SpanMeasures>> {
    settings.check()?;
    check(rows)?;
    let ledgers = SpanHead::ALL.iter().filter_map(|&head| Some((head, Ledger::new(head, rows)?)));
    ledgers.map(|(head, ledger)| read(head, &ledger, settings)).collect()
}

fn read(head: SpanHead, ledger: &Ledger, settings: &Settings) -> Result<SpanMeasures> {
    let total = ledger.total();
    let reliability = ledger.reliability(settings.bins)?;
    let names = head.measures();
    let mut values = total.values(head);
    values.push((!reliability.is_empty()).then(|| summary(&reliability)));
    let replicates = ledger.replicate(settings, |values, _| values);
    let interval = |at: usize| {
        let drawn: Vec<Option<f64>> = replicates.iter().map(|replicate| replicate[at]).collect();
        bootstrap::interval(&drawn)
    };
    let resampled = names[..names.len() - 1].iter().cloned().enumerate();
    Ok(SpanMeasures {
        head,
        n: ledger.rows(),
        groups: ledger.groups(),
        settings: *settings,
        found: total.judged(),
        support: head.parts().iter().map(ToString::to_string).zip(total.parts().iter().map(|part| part.gold)).collect(),
        intervals: resampled.map(|(at, name)| (name, interval(at))).collect(),
        values: names.into_iter().zip(values).collect(),
        reliability,
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::rows;
    use super::*;

    fn measured(rows: &[SpanRow]) -> Vec<SpanMeasures> {
        measure_spans(rows, &Settings { replicates: 200, ..Settings::default() }).unwrap()
    }

    fn close(found: Option<f64>, expected: f64) {
        assert!((found.unwrap() - expected).abs() < 1e-12, "found {found:?}, expected {expected}");
    }

    #[test]
    fn the_measures_of_the_sample_are_those_counted_by_hand() {
        let measured = measured(&rows());
        let (loaded, attribution) = (&measured[0], &measured[1]);
        // 40 of 60 terms are found, and 12 too many.
        close(loaded.get("exact_precision"), 40.0 / 52.0);
        close(loaded.get("exact_recall"), 40.0 / 60.0);
        close(loaded.get("exact_f1"), 80.0 / 112.0);
        assert_eq!(loaded.get("word_f1"), loaded.get("exact_f1"));
        close(loaded.get("brier"), (40.0 * 0.04 + 12.0 * 0.09) / 52.0);
        assert_eq!((loaded.found, loaded.support.get("naming")), (52, Some(&15)));
        // 45 of 60 relations are found.
        close(attribution.get("cue_precision"), 1.0);
        close(attribution.get("cue_f1"), 90.0 / 105.0);
        close(attribution.get("direct_accuracy"), 1.0);
        assert!(attribution.get("relation_f1") < attribution.get("cue_f1"));
    }

    #[test]
    fn every_measure_lies_in_its_interval() {
        for measures in measured(&rows()) {
            for (name, interval) in measures.intervals.iter() {
                let (Some([low, high]), Some(value)) = (*interval, measures.get(name)) else { continue };
                assert!(low <= value && value <= high, "{name}: {value} in {low}..{high}");
            }
            assert!(measures.intervals.iter().filter(|(_, interval)| interval.is_some()).count() > 20);
        }
    }

    #[test]
    fn heads_that_nobody_looked_for_are_left_out_and_no_rows_give_no_measures() {
        assert_eq!(measured(&[]), []);
        let mut rows = rows();
        rows.iter_mut().for_each(|row| row.gold.relations = None);
        let heads: Vec<SpanHead> = measured(&rows).iter().map(|measures| measures.head).collect();
        assert_eq!(heads, [SpanHead::Loaded]);
    }

    #[test]
    fn the_order_of_rows_has_no_influence() {
        let mut reversed = rows();
        reversed.reverse();
        for (a, b) in measured(&rows()).iter().zip(&measured(&reversed)) {
            assert_eq!(a.intervals.get("cue_f1"), b.intervals.get("cue_f1"));
            assert_eq!(a.intervals.get("word_f1"), b.intervals.get("word_f1"));
        }
    }

    #[test]
    fn json_has_each_measure_under_its_own_key() {
        let json = serde_json::to_value(&measured(&rows())[0]).unwrap();
        assert_eq!(json["head"], "loaded");
        assert!(json["word_f1"].is_f64() && json["naming_recall"].is_f64() && json["ece"].is_f64());
        assert!(json["intervals"]["word_f1"][1].is_f64() && json["intervals"]["ece"].is_null());
    }
}
