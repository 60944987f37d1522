//! Agreement as plain text in columns of fixed width, without colour.
//!
//! In: an [`Agreement`]. Out: lines, written into any [`fmt::Write`]. Start at [`write_agreement`]. Nothing is rounded
//! before it is written.

use super::{Agreement, HeadAgreement, Metric, Pair, Unit};
use crate::evaluate::Interval;
use std::fmt::{self, Write};

/// Writes the agreement on every head, the last line ended.
///
/// # Errors
/// Only those of `out`.
pub fn write_agreement(agreement: &Agreement, out: &mut impl Write) -> fmt::Result {
    if agreement.heads.is_empty() {
        return writeln!(out, "No sentence was rated by two: there is nothing to compare.");
    }
    writeln!(
        out,
        "95 % intervals: {} bootstrap replicates by document, seed {}",
        agreement.replicates, agreement.seed
    )?;
    agreement.heads.iter().try_for_each(|head| write_head(head, out))
}

fn write_head(head: &HeadAgreement, out: &mut impl Write) -> fmt::Result {
    let unit = match head.unit {
        Unit::Sentence => "sentence",
        Unit::Word => "word",
        Unit::Target => "target",
    };
    let metric = match head.metric {
        Metric::Nominal => "nominal",
        Metric::Ordinal => "ordinal",
    };
    writeln!(out, "\n{}: by {unit}, alpha is {metric}", head.head)?;
    let together = head.annotators.as_ref().map(|all| format!("all {} annotators", all.raters));
    let name = |pair: &Pair| format!("{} – {}", pair.raters[0], pair.raters[1]);
    let names = together.iter().cloned().chain(head.pairs.iter().map(name));
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
    line(out, &format!("{:<width$}  {:>7} {:>9}  {:>5}  {:<22}  kappa", "", "units", "documents", "same", "alpha"))?;
    if let (Some(name), Some(all)) = (&together, &head.annotators) {
        let alpha = value(all.alpha, all.alpha_interval);
        line(out, &format!("{name:<width$}  {:>7} {:>9}  {:>5}  {alpha}", all.units, all.documents, ""))?;
    }
    for pair in &head.pairs {
        let (alpha, kappa) = (value(pair.alpha, pair.alpha_interval), value(pair.kappa, pair.kappa_interval));
        let counts = format!("{:>7} {:>9}  {:>5.3}", pair.units, pair.documents, pair.observed);
        line(out, &format!("{:<width$}  {counts}  {alpha:<22}  {kappa}", name(pair)))?;
        let parts: Vec<String> =
            pair.f1.iter().filter_map(|(part, f1)| Some(format!("{part} {:.3}", (*f1)?))).collect();
        if !parts.is_empty() {
            writeln!(out, "  F1: {}", parts.join(", "))?;
        }
    }
    Ok(())
}

/// A line without blanks at its end.
fn line(out: &mut impl Write, text: &str) -> fmt::Result {
    writeln!(out, "{}", text.trim_end())
}

fn value(value: Option<f64>, interval: Option<Interval>) -> String {
    let interval = interval.map_or_else(String::new, |[low, high]| format!(" [{low:.3}, {high:.3}]"));
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}{interval}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Rated, Rater, agreement};
    use super::*;
    use crate::evaluate::Settings;
    use crate::label::sample::record;
    use serde_json::json;

    fn written(rated: &[Rated]) -> String {
        let mut out = String::new();
        write_agreement(&agreement(rated, &Settings::default()).unwrap(), &mut out).unwrap();
        out
    }

    #[test]
    fn a_line_a_pair_with_its_measures() {
        let rated: Vec<Rated> = (0..40)
            .flat_map(|at| {
                let of = |name: &str, tone: &str| Rated {
                    rater: Rater::Annotator(name.into()),
                    record: record(json!({"id": "a", "group": at.to_string(), "text": "One plan.", "labels": {"tone": tone}, "loaded": []})),
                };
                let tone = ["negative", "neutral", "positive"][at % 3];
                [of("ann", tone), of("bo", if at % 8 == 0 { "neutral" } else { tone })]
            })
            .collect();
        let text = written(&rated);
        assert!(text.contains("tone: by sentence, alpha is ordinal\n"), "{text}");
        let of_tone = text.split("tone: by").nth(1).unwrap();
        let row = of_tone.lines().find(|line| line.starts_with("ann – bo")).unwrap();
        assert!(row.contains("40") && row.matches('[').count() == 2, "{row}");
        assert!(text.contains("all 2 annotators") && text.lines().all(|line| line.trim_end() == line), "{text}");
    }

    #[test]
    fn nothing_in_common_is_said() {
        assert!(written(&[]).starts_with("No sentence was rated by two"));
    }
}
