//! The document's end: who stands where toward what.
//!
//! In: [`StanceSummary`]s, or the [`Standing`] of several documents, and a [`Style`]. Out: lines, a row a holder and
//! target; none where the report has no such part. Start at [`lines`] or [`standing`].

use super::Style;
use super::lines::{flat, padded, shortened, wrapped};
use super::{HEADING, QUIET};
use crate::heads::stance::Polarity;
use crate::report::count;
use crate::report::{StanceReport, StanceSummary, StandReport, Standing, StandingRow, Summary};
use unicode_width::UnicodeWidthStr;

/// The columns behind holder and target.
const COLUMNS: [&str; 4] = ["stands", "for", "against", "neutral"];
const GAP: &str = "  ";
/// Sentences that are listed as evidence, at most.
const EVIDENCE: usize = 4;

/// A row of a table: who stands where, and what stands in the last column.
type Row<'r> = (&'r StandReport, String);

/// The table of stances.
pub(super) fn lines(summary: &Summary, stances: Option<&[StanceReport]>, style: Style) -> Vec<String> {
    let Some(rows) = &summary.stances else { return Vec::new() };
    let title = style.paint(HEADING, "Stances:");
    if rows.is_empty() {
        return vec![format!("{title} none")];
    }
    let rows: Vec<Row<'_>> = rows.iter().map(|of| (&of.stand, evidence(of, stances.unwrap_or_default()))).collect();
    table(&title, "author", &rows, "sentences", style)
}

/// The table of stances over several documents.
pub(super) fn standing(standing: &Standing, style: Style) -> Vec<String> {
    let title = style.paint(HEADING, &format!("All {} documents, stances:", standing.documents));
    let (shown, left_out) = standing.shown();
    if shown.is_empty() {
        return vec![format!("{title} none")];
    }
    let last = |row: &StandingRow| {
        let (low, high) = row.stand.interval;
        format!("{:+.2} ({low:+.2} to {high:+.2}) in {}", row.stand.balance, row.documents)
    };
    let rows: Vec<Row<'_>> = shown.iter().map(|of| (&of.stand, last(of))).collect();
    let mut lines = table(&title, "authors", &rows, "balance (95 % interval) in documents", style);
    if left_out > 0 {
        lines.push(
            style.paint(QUIET, &format!("{GAP}and {} of fewer mentions (--standing FILE)", count(left_out, "row"))),
        );
    }
    lines
}

/// The lines of a table; `author` is what a row without a holder is called.
fn table(title: &str, author: &str, rows: &[Row<'_>], last: &str, style: Style) -> Vec<String> {
    let width = style.width.max(60);
    let rest = rows.iter().map(|(_, last)| last.width()).max().unwrap_or(0).max(9);
    let room = (width.saturating_sub(37 + rest) / 2).max(12);
    let holder = |(of, _): &Row<'_>| shortened(&flat(of.holder.as_deref().unwrap_or(author)), room);
    let target = |(of, _): &Row<'_>| shortened(&flat(&of.target), room);
    let widest = |cells: Vec<String>, title: &str| cells.iter().map(|c| c.width()).max().unwrap_or(0).max(title.len());
    let holders = widest(rows.iter().map(holder).collect(), "holder");
    let targets = widest(rows.iter().map(target).collect(), "target");
    let line = |cells: [String; 7]| {
        let [holder, target, stands, f, a, n, last] = cells;
        format!(
            "{GAP}{}{GAP}{}{GAP}{}{GAP}{f:>3}{GAP}{a:>7}{GAP}{n:>7}{GAP}{last}",
            padded(&holder, holders),
            padded(&target, targets),
            padded(&stands, 7),
        )
        .trim_end()
        .to_owned()
    };
    let [stands, f, a, n] = COLUMNS.map(str::to_owned);
    let head = line(["holder".into(), "target".into(), stands, f, a, n, last.into()]);
    let what = "the side that most mentions of a target take; neutral only if none takes one";
    let mut lines = wrapped(std::iter::once(title).chain(what.split(' ')), " ", width);
    lines.push(style.paint(QUIET, &head));
    for row in rows {
        let (of, last) = row;
        let count = |polarity: Polarity| of.counts.get(&polarity).copied().unwrap_or(0).to_string();
        lines.push(line([
            holder(row),
            target(row),
            of.polarity.to_string(),
            count(Polarity::For),
            count(Polarity::Against),
            count(Polarity::Neutral),
            last.clone(),
        ]));
    }
    lines
}

/// The numbers of the sentences that a row rests on, those with a side first.
fn evidence(row: &StanceSummary, stances: &[StanceReport]) -> String {
    let mentions = row.stances.iter().filter_map(|number| stances.get(*number));
    let (sided, plain): (Vec<_>, Vec<_>) = mentions.partition(|s| s.polarity != Polarity::Neutral);
    let mut numbers: Vec<usize> = Vec::new();
    for number in sided.iter().chain(&plain).map(|s| s.sentence + 1) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let more = if numbers.len() > EVIDENCE { " …" } else { "" };
    let shown: Vec<String> = numbers.iter().take(EVIDENCE).map(usize::to_string).collect();
    format!("{}{more}", shown.join(" "))
}
