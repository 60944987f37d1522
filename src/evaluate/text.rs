//! Measures and comparisons as plain text in columns of fixed width, without colour.
//!
//! In: [`Measures`] or a [`Comparison`]. Out: lines, written into any [`fmt::Write`]. Start at
//! [`write_measures`] and [`write_comparison`]. Nothing is rounded before it is written.

use std::fmt::{self, Write};

use super::bootstrap::Interval;
use super::compare::Comparison;
use super::measure::Measures;
use super::panel::{KINDS, kind};
use super::reliability::{Binning, Bins, ReliabilityBin};

/// Writes everything measured about a head, some forty lines, the last one ended.
///
/// # Errors
/// Only those of `out`.
pub fn write_measures(measures: &Measures, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "{}: {} rows in {} groups", measures.head, measures.n, measures.groups)?;
    writeln!(
        out,
        "95 % intervals: {} bootstrap replicates by group, seed {}",
        measures.settings.replicates, measures.settings.seed
    )?;
    write_values(measures, out)?;
    write_classes(measures, out)?;
    write_confusion(measures, out)?;
    write_reliability(measures, out)?;
    write_coverage(measures, out)
}

fn write_values(measures: &Measures, out: &mut impl Write) -> fmt::Result {
    writeln!(out)?;
    for name in KINDS.iter().map(|kind| kind.name).filter(|name| !is_said_by_class(name)) {
        let interval = measures.intervals.get(name).copied().flatten();
        let line = format!("{:<17} {} {}", label(name), number(measures.get(name)), bracket(interval));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn write_classes(measures: &Measures, out: &mut impl Write) -> fmt::Result {
    let width = class_width(measures, "class");
    writeln!(out, "\n{:<width$}  {:<22} {:<22} {:<22} {:>7}", "class", "precision", "recall", "F1", "support")?;
    for class in &measures.classes {
        write!(out, "{class:<width$}  ")?;
        for name in ["precision", "recall", "f1"] {
            let name = format!("{name}.{class}");
            let interval = measures.intervals.get(&name).copied().flatten();
            write!(out, "{} {:<16} ", number(measures.get(&name)).trim_start(), bracket(interval))?;
        }
        writeln!(out, "{:>7}", measures.support.get(class).copied().unwrap_or(0))?;
    }
    Ok(())
}

fn write_confusion(measures: &Measures, out: &mut impl Write) -> fmt::Result {
    let heading = "labelled \\ decided";
    let width = class_width(measures, heading);
    let columns: Vec<usize> = measures.classes.iter().map(|class| class.chars().count().max(7)).collect();
    write!(out, "\n{heading:<width$}")?;
    for (class, &column) in measures.classes.iter().zip(&columns) {
        write!(out, "  {class:>column$}")?;
    }
    writeln!(out)?;
    for (class, counts) in measures.classes.iter().zip(&measures.confusion) {
        write!(out, "{class:<width$}")?;
        for (count, &column) in counts.iter().zip(&columns) {
            write!(out, "  {count:>column$}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_reliability(measures: &Measures, out: &mut impl Write) -> fmt::Result {
    let of = if measures.classes.len() == 2 { "the positive class" } else { "the most probable class" };
    write_bins(of, measures.settings.bins, &measures.reliability, out)
}

/// Writes a reliability table of what `of` says.
pub(super) fn write_bins(of: &str, bins: Bins, table: &[ReliabilityBin], out: &mut impl Write) -> fmt::Result {
    let kind = match bins.kind {
        Binning::EqualMass => "equal mass",
        Binning::EqualWidth => "equal width",
    };
    writeln!(out, "\nreliability of {of}, {} bins of {kind}", bins.count)?;
    writeln!(out, "{:>3}  {:>6}  {:>8}  {:>7}", "bin", "mean p", "observed", "rows")?;
    for row in table {
        writeln!(out, "{:>3}  {:>6.3}  {:>8.3}  {:>7}", row.bin, row.mean_probability, row.observed, row.n)?;
    }
    Ok(())
}

fn write_coverage(measures: &Measures, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "\n{:<14}  {:>8}  {:>7}  {:>10}  {:>8}", "kept", "coverage", "rows", "error rate", "macro F1")?;
    for point in &measures.coverage {
        let kept = point.target_percent.map_or("not abstained".into(), |percent| format!("{percent} % surest"));
        writeln!(
            out,
            "{kept:<14}  {:>6.1} %  {:>7}  {:>10.3}  {:>8.3}",
            100.0 * point.coverage,
            point.n,
            point.error_rate,
            point.macro_f1
        )?;
    }
    Ok(())
}

/// Writes the differences between two models, a line a measure, the last one ended.
///
/// # Errors
/// Only those of `out`.
pub fn write_comparison(comparison: &Comparison, out: &mut impl Write) -> fmt::Result {
    let settings = comparison.settings;
    writeln!(out, "{}: new against other on {} rows in {} groups", comparison.head, comparison.n, comparison.groups)?;
    writeln!(
        out,
        "paired bootstrap: {} replicates by group, seed {}; p for each measure alone",
        settings.replicates, settings.seed
    )?;
    let shown = || comparison.differences.iter().filter(|(name, _)| !is_said_by_class(name));
    let width = shown().map(|(name, _)| label(name).chars().count()).max().unwrap_or(0).max(7);
    writeln!(
        out,
        "\n{:<width$}  {:>6}  {:>6}  {:>10}  {:<16}  p",
        "measure", "new", "other", "difference", "95 % interval"
    )?;
    for (name, difference) in shown() {
        let line = format!(
            "{:<width$}  {}  {}  {:>10}  {:<16}  {:<7}  {}",
            label(name),
            number(difference.new),
            number(difference.other),
            difference.difference.map_or("-".into(), |d| format!("{d:+.3}")),
            bracket(difference.interval),
            difference.p.map_or("-".into(), |p| if p < 0.001 { "< 0.001".into() } else { format!("{p:.3}") }),
            verdict(name, difference.interval),
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Whether the measure, as one number, is left to the table of classes (two classes: it is the positive
/// class's) or to macro F1.
fn is_said_by_class(name: &str) -> bool {
    matches!(name, "f1" | "precision" | "recall")
}

/// What an interval that does not hold zero says; nothing where it does.
fn verdict(name: &str, interval: Option<Interval>) -> &'static str {
    let lower_is_better = kind(name).is_some_and(|kind| kind.lower_is_better);
    match interval {
        Some([low, _]) if low > 0.0 => {
            if lower_is_better {
                "worse"
            } else {
                "better"
            }
        }
        Some([_, high]) if high < 0.0 => {
            if lower_is_better {
                "better"
            } else {
                "worse"
            }
        }
        _ => "",
    }
}

/// A measure's name for readers; a class stays behind it.
pub(super) fn label(name: &str) -> String {
    match name {
        "macro_f1" => "macro F1".into(),
        "average_precision" => "average precision".into(),
        "brier" => "Brier score".into(),
        "log_loss" => "log loss".into(),
        "auc" | "mcc" | "ece" => name.to_uppercase(),
        _ => match name.split_once('.') {
            Some((measure, class)) => format!("{} {class}", label(measure)),
            None => name.replace("f1", "F1").replace('_', " "),
        },
    }
}

/// Three decimals, six wide.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or("     -".into(), |value| format!("{value:>6.3}"))
}

pub(super) fn bracket(interval: Option<Interval>) -> String {
    interval.map_or(String::new(), |[low, high]| format!("[{low:.3}, {high:.3}]"))
}

fn class_width(measures: &Measures, heading: &str) -> usize {
    measures.classes.iter().map(|class| class.chars().count()).chain([heading.chars().count()]).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::compare::compare;
    use super::super::measure::{Settings, measure};
    use super::super::sample::{binary, from_rows, three};
    use super::super::scored::Scored;
    use super::*;

    fn written(scored: &Scored, replicates: usize) -> String {
        let mut out = String::new();
        let settings = Settings { replicates, ..Settings::default() };
        write_measures(&measure(scored, &settings).unwrap(), &mut out).unwrap();
        out
    }

    fn lines_after<'a>(text: &'a str, start: &str, count: usize) -> Vec<&'a str> {
        text.lines().skip_while(|line| !line.starts_with(start)).take(count).collect()
    }

    #[test]
    fn a_measure_stands_before_its_interval() {
        let text = written(&binary(), 200);
        let line = lines_after(&text, "AUC", 1)[0];
        assert!(line.starts_with("AUC                0.725 [0.6") && line.ends_with(']'), "{line}");
        assert!(
            text.starts_with(
                "bias: 200 rows in 80 groups\n95 % intervals: 200 bootstrap replicates by group, seed 1\n"
            )
        );
    }

    #[test]
    fn tables_are_aligned() {
        let text = written(&three(), 0);
        assert_eq!(
            lines_after(&text, "labelled", 4),
            [
                "labelled \\ decided  negative  neutral  positive",
                "negative                  26       10        13",
                "neutral                   19       15         6",
                "positive                  35       40        36",
            ]
        );
        for (start, count) in [("class", 4), ("kept", 8), ("bin", 15)] {
            let widths: Vec<usize> = lines_after(&text, start, count).iter().map(|line| line.chars().count()).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{start}: {widths:?}");
        }
    }

    #[test]
    fn no_line_ends_in_a_blank() {
        let mut text = written(&binary(), 200) + &written(&from_rows(&[(1, 0.9)]), 0);
        write_comparison(&compare(&three(), &three(), &Settings::default()).unwrap(), &mut text).unwrap();
        assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
    }

    #[test]
    fn what_is_undefined_is_a_dash() {
        assert_eq!(lines_after(&written(&from_rows(&[(1, 0.9)]), 0), "AUC", 1), ["AUC                    -"]);
    }

    #[test]
    fn a_comparison_says_which_model_is_better_where_the_interval_leaves_zero_out() {
        let good = from_rows(&(0..120).map(|row| (row % 2, if row % 2 == 1 { 0.9 } else { 0.1 })).collect::<Vec<_>>());
        let poor = from_rows(&(0..120).map(|row| (row % 2, if row % 4 < 2 { 0.7 } else { 0.4 })).collect::<Vec<_>>());
        let mut text = String::new();
        write_comparison(&compare(&good, &poor, &Settings::default()).unwrap(), &mut text).unwrap();
        let said = |name: &str| lines_after(&text, name, 1)[0].split_whitespace().last().unwrap_or("").to_string();
        assert_eq!(
            (said("accuracy"), said("Brier"), said("ECE")),
            ("better".into(), "better".into(), "-".into()),
            "{text}"
        );
    }
}
