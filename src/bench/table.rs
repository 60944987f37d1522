//! A run, and one beside an earlier one, as text in columns of fixed width, without colour.
//!
//! In: a [`Run`], an [`Against`]. Out: lines, written into any [`fmt::Write`]. Start at [`write_run`] and
//! [`write_against`].

use super::against::{Against, SMALLEST, Verdict};
use super::estimate::{Estimate, Ratio};
use super::job::{NO_HEAD, READY};
use super::run::{Group, Latency, Memory, Row, Run, Throughput};
use std::fmt::{self, Write};

/// Columns of a row's name.
const NAME: usize = 40;

/// Columns of a row's name with what it is of.
const FULL_NAME: usize = 47;

/// Writes a run, some forty lines, the last one ended.
///
/// # Errors
/// Only those of `out`.
pub fn write_run(run: &Run, out: &mut impl Write) -> fmt::Result {
    let models: Vec<String> = run.models.iter().map(|model| format!("{} {}", model.name, model.version)).collect();
    writeln!(out, "parallax {} · model {}", run.version, models.join(", model "))?;
    let text = &run.text;
    let what = if text.shipped { "the text that comes with the program" } else { "text" };
    writeln!(
        out,
        "{what}: {:.3} MB, {} documents, {} sentences that are scored",
        text.bytes as f64 / 1e6,
        text.documents,
        text.sentences
    )?;
    let machine = &run.machine;
    let cpu = machine.cpu.as_deref().unwrap_or("processor not known");
    writeln!(out, "{cpu}, {} cores, {} {}", machine.cores, machine.os, machine.arch)?;
    writeln!(out, "{} rounds; medians, and behind ± half the width of their 95 % interval", run.rounds)?;

    let of = |group: Group| run.rows.iter().filter(move |row| row.group == group);
    write_heading(out, "By stage, one thread")?;
    of(Group::Stage).try_for_each(|row| write_throughput(row, out))?;
    if of(Group::Head).next().is_some() {
        write_heading(out, "Whole with these heads alone")?;
        of(Group::Head).try_for_each(|row| write_throughput(row, out))?;
        write_added(run, out)?;
    }
    if of(Group::Threads).next().is_some() {
        write_heading(out, &format!("By thread, of {}", run.threads))?;
        of(Group::Threads).try_for_each(|row| write_throughput(row, out))?;
        if let Some(ratio) = run.speed_up {
            writeln!(out, "  all threads are {:.2} [{:.2}, {:.2}] times one", ratio.value, ratio.low, ratio.high)?;
        }
    }
    writeln!(
        out,
        "\n{:<NAME$} {:>9} {:>9} {:>9} {:>9}  times",
        "A document at a time, in ms", "p50", "p90", "p99", "max"
    )?;
    run.latency.iter().try_for_each(|latency| write_latency(latency, out))?;
    writeln!(out, "\n{:<NAME$} {:>9}", "Before the first document", "ms")?;
    of(Group::Load).try_for_each(|row| write_milliseconds(row, out))?;
    write_memory(run.memory, out)?;
    writeln!(out)?;
    of(Group::Reference).try_for_each(|row| write_milliseconds(row, out))
}

/// Writes how a run differs from an earlier one, a line a row, the last one ended.
///
/// # Errors
/// Only those of `out`.
pub fn write_against(against: &Against, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "\nTime by that of the earlier run, with 99 % intervals: 2 is twice as slow")?;
    if let Some(reference) = against.reference {
        writeln!(out, "  the reference loop, which never changes, took {} times as long", bracketed(reference))?;
    }
    against.differs.iter().try_for_each(|differs| writeln!(out, "  also different: {differs}"))?;
    let (timed, normalised) = ("as timed", "by the reference loop");
    writeln!(out, "{:<FULL_NAME$}   {timed:<22} {normalised:<22}", "")?;
    for row in &against.rows {
        let number = |ratio: Option<Ratio>| ratio.map_or_else(|| "too short to tell".into(), bracketed);
        let verdict = match row.verdict {
            Verdict::Faster => "faster",
            Verdict::Slower => "slower",
            Verdict::Same => "within the noise",
        };
        let name = format!("{}: {}", row.group, row.name);
        writeln!(out, "  {name:<FULL_NAME$} {:<22} {:<22} {verdict}", number(row.ratio), number(row.normalised))?;
    }
    against.alone.iter().try_for_each(|alone| writeln!(out, "  in one run only: {alone}"))?;
    writeln!(
        out,
        "Faster or slower: both intervals leave out 1, and both ratios are more than {:.0} % from it.",
        SMALLEST * 100.0
    )
}

fn write_heading(out: &mut impl Write, title: &str) -> fmt::Result {
    writeln!(
        out,
        "\n{title:<NAME$} {:>9} {:>7} {:>13} {:>12} {:>7}",
        "MB/s", "±", "sentences/s", "ns/sentence", "share"
    )
}

fn write_throughput(row: &Row, out: &mut impl Write) -> fmt::Result {
    let Some(told) = row.throughput else { return write_milliseconds(row, out) };
    let Throughput { mb_per_s, sentences_per_s, ns_per_sentence, share } = told;
    let number =
        |value: Option<f64>, places: usize| value.map_or_else(|| "–".into(), |value| format!("{value:.places$}"));
    writeln!(
        out,
        "  {:<width$} {:>9} {:>7} {:>13} {:>12.0} {:>5.1} %",
        row.name,
        number(mb_per_s, 2),
        around(row.seconds),
        number(sentences_per_s, 0),
        ns_per_sentence,
        100.0 * share,
        width = NAME - 2,
    )
}

/// What each head adds to the row without heads, in nanoseconds a sentence; of one that needs another, to that one's.
fn write_added(run: &Run, out: &mut impl Write) -> fmt::Result {
    let ns = |name: &str| run.row(Group::Head, name)?.throughput.map(|told| told.ns_per_sentence);
    let mut added = Vec::new();
    for row in run.rows.iter().filter(|row| row.group == Group::Head && ![NO_HEAD, READY].contains(&row.name.as_str()))
    {
        let (head, needs) = row.name.split_once(", ").unwrap_or((&row.name, NO_HEAD));
        if let Some((with, without)) = ns(&row.name).zip(ns(needs)) {
            added.push(format!("{head} {:.0}", with - without));
        }
    }
    if added.is_empty() {
        return Ok(());
    }
    writeln!(out, "  ns/sentence that each adds by itself: {}", added.join(", "))
}

/// Half the width of an interval, in per cent of its middle.
fn around(seconds: Estimate) -> String {
    if seconds.median <= 0.0 {
        return "–".into();
    }
    format!("{:.1} %", 50.0 * (seconds.high - seconds.low) / seconds.median)
}

fn write_milliseconds(row: &Row, out: &mut impl Write) -> fmt::Result {
    let Estimate { median, low, high, .. } = row.seconds;
    let ms = |seconds: f64| seconds * 1e3;
    let width = NAME - 2;
    writeln!(out, "  {:<width$} {:>9.3}  [{:.3}, {:.3}]", row.name, ms(median), ms(low), ms(high))
}

fn write_latency(latency: &Latency, out: &mut impl Write) -> fmt::Result {
    let ms = |seconds: f64| format!("{:.3}", seconds * 1e3);
    let name = format!("{} {} of {:.1} kB", latency.documents, named(&latency.of), latency.bytes as f64 / 1e3);
    writeln!(
        out,
        "  {name:<width$} {:>9} {:>9} {:>9} {:>9}  {}",
        ms(latency.p50),
        ms(latency.p90),
        ms(latency.p99),
        ms(latency.max),
        latency.samples,
        width = NAME - 2,
    )
}

/// The first word: the size stands beside it.
fn named(of: &str) -> &str {
    of.split(' ').next().unwrap_or(of)
}

fn write_memory(memory: Option<Memory>, out: &mut impl Write) -> fmt::Result {
    let Some(Memory { start, text, loaded, scored }) = memory else {
        return writeln!(out, "\nPeak memory: not told by this system");
    };
    let mb = |bytes: u64| bytes as f64 / 1e6;
    writeln!(
        out,
        "\nPeak memory in MB: {:.1} at the start, {:.1} with the text, {:.1} with the bundles, {:.1} after scoring once",
        mb(start),
        mb(text),
        mb(loaded),
        mb(scored)
    )
}

fn bracketed(ratio: Ratio) -> String {
    format!("{:.3} [{:.3}, {:.3}]", ratio.value, ratio.low, ratio.high)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::against::against;
    use super::super::sample::run;
    use super::*;
    use std::path::Path;

    #[test]
    fn a_run_is_told_with_its_stages_and_what_is_not_known() {
        let mut text = String::new();
        write_run(&run(1.0), &mut text).unwrap();
        assert!(text.starts_with("parallax 0.0.0 · model en 1\n"), "{text}");
        assert!(text.contains("  whole document "), "{text}");
        assert!(text.contains("Peak memory: not told by this system"), "{text}");
        assert!(!text.contains("NaN") && !text.contains("By head"), "{text}");
    }

    #[test]
    fn a_comparison_says_what_is_slower_and_what_is_noise() {
        let mut text = String::new();
        write_against(&against(&run(1.5), &run(1.0), Path::new("old")).unwrap(), &mut text).unwrap();
        let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap().to_owned();
        assert!(line("stage: sentences").ends_with("slower"), "{text}");
        assert!(line("stage: whole document").ends_with("within the noise"), "{text}");
    }
}
