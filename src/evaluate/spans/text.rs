//! The measures of a span head as plain text in columns of fixed width, without colour.
//!
//! In: [`SpanMeasures`]. Out: lines, written into any [`fmt::Write`]. Start at [`write_span_measures`]. Nothing
//! is rounded before it is written.

use std::fmt::{self, Write};

use super::head::SpanHead;
use super::measures::SpanMeasures;
use crate::evaluate::text::{bracket, label, number, write_bins};
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;

/// Writes everything measured about a span head, some thirty lines, the last one ended.
///
/// # Errors
/// Only those of `out`.
pub fn write_span_measures(measures: &SpanMeasures, out: &mut impl Write) -> fmt::Result {
    writeln!(
        out,
        "{}: {} sentences in {} groups; {} found",
        measures.head, measures.n, measures.groups, measures.found
    )?;
    writeln!(
        out,
        "95 % intervals: {} bootstrap replicates by group, seed {}",
        measures.settings.replicates, measures.settings.seed
    )?;
    write_parts(measures, out)?;
    writeln!(out)?;
    for name in measures.head.single() {
        let interval = measures.intervals.get(name).copied().flatten();
        let line = format!("{:<17} {} {}", single(name), number(measures.get(name)), bracket(interval));
        writeln!(out, "{}", line.trim_end())?;
    }
    if measures.reliability.is_empty() {
        return Ok(());
    }
    let of = match measures.head {
        SpanHead::Loaded => "a found term",
        SpanHead::Attribution => "a found cue",
    };
    write_bins(&format!("{of} overlapping a labelled one"), measures.settings.bins, &measures.reliability, out)
}

fn write_parts(measures: &SpanMeasures, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "\n{:<21}  {:<22} {:<22} {:<22} {:>8}", "", "precision", "recall", "F1", "labelled")?;
    for part in measures.head.parts() {
        // Without a word list there is nothing to say of it.
        if *part == "list" && measures.support.get(part) == Some(&0) {
            continue;
        }
        write!(out, "{:<21}  ", row(part))?;
        for kind in ["precision", "recall", "f1"] {
            let name = format!("{part}_{kind}");
            let interval = measures.intervals.get(&name).copied().flatten();
            write!(out, "{:<5} {:<16} ", number(measures.get(&name)).trim_start(), bracket(interval))?;
        }
        writeln!(out, "{:>8}", measures.support.get(part).copied().unwrap_or(0))?;
    }
    Ok(())
}

/// A part's name for readers.
fn row(part: &str) -> String {
    match part {
        "word" => "words".into(),
        "exact" => "exact span".into(),
        "kind" => "exact span and kind".into(),
        "overlap" => "overlapping span".into(),
        "list" => "words, by word list".into(),
        _ if CueClass::from_label(part).is_some() => format!("class {part}"),
        _ => match part.rsplit_once('_') {
            Some((of, "overlap")) => format!("{of}, overlapping"),
            Some((of, "word")) => format!("{of}, words"),
            _ => part.into(),
        },
    }
}

/// The name for readers of a measure that belongs to no part.
fn single(name: &str) -> String {
    match name {
        "class_f1" => "class macro F1".into(),
        _ => label(name),
    }
}

#[cfg(test)]
mod tests {
    use super::super::measures::measure_spans;
    use super::super::row::SpanRow;
    use super::super::sample::rows;
    use super::*;
    use crate::evaluate::measure::Settings;

    fn written(rows: &[SpanRow], replicates: usize) -> String {
        let mut text = String::new();
        for measures in measure_spans(rows, &Settings { replicates, ..Settings::default() }).unwrap() {
            write_span_measures(&measures, &mut text).unwrap();
        }
        text
    }

    fn line<'a>(text: &'a str, start: &str) -> &'a str {
        text.lines().find(|line| line.starts_with(start)).unwrap()
    }

    #[test]
    fn parts_stand_in_aligned_columns() {
        for text in [written(&rows(), 200), written(&rows(), 0)] {
            for table in text.split("\n\n").filter(|block| block.contains("precision")) {
                let widths: Vec<usize> = table.lines().map(|line| line.chars().count()).collect();
                assert!(widths.len() > 9 && widths.iter().all(|width| *width == widths[0]), "{widths:?}\n{table}");
            }
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
        let text = written(&rows(), 200);
        assert!(text.starts_with("loaded: 60 sentences in 20 groups; 52 found\n95 % intervals: 200"), "{text}");
        assert!(line(&text, "exact span ").contains("0.769 [0."), "{text}");
        assert!(line(&text, "class macro F1").contains('['), "{text}");
    }

    #[test]
    fn what_is_undefined_is_a_dash_and_a_list_that_is_none_is_left_out() {
        let mut rows = rows();
        for row in &mut rows {
            row.listed = None;
            row.found.loaded = Some(Vec::new());
        }
        let text = written(&rows, 0);
        assert!(line(&text, "exact span ").contains(" -  "), "{text}");
        assert!(!text.contains("word list"), "{text}");
    }
}
