//! The document's end: who stands where toward what.
//!
//! In: [`StanceSummary`]s and a [`Style`]. Out: lines, a row a holder and target; none where the report has no such
//! part. Start at [`lines`].

use super::Style;
use super::lines::{flat, padded, shortened, wrapped};
use super::{HEADING, QUIET};
use crate::heads::stance::Polarity;
use crate::report::{StanceReport, StanceSummary, Summary};
use unicode_width::UnicodeWidthStr;

/// The columns behind holder and target.
const COLUMNS: [&str; 4] = ["stands", "for", "against", "neutral"];
const GAP: &str = "  ";
/// Sentences that are listed as evidence, at most.
const EVIDENCE: usize = 4;

/// The table of stances.
pub(super) fn lines(summary: &Summary, stances: Option<&[StanceReport]>, style: Style) -> Vec<String> {
    let Some(rows) = &summary.stances else { return Vec::new() };
    let title = style.paint(HEADING, "Stances:");
    if rows.is_empty() {
        return vec![format!("{title} none")];
    }
    let width = style.width.max(60);
    let room = width.saturating_sub(46) / 2;
    let holder = |row: &StanceSummary| shortened(&flat(row.holder.as_deref().unwrap_or("author")), room);
    let target = |row: &StanceSummary| shortened(&flat(&row.target), room);
    let widest = |cells: Vec<String>, title: &str| cells.iter().map(|c| c.width()).max().unwrap_or(0).max(title.len());
    let holders = widest(rows.iter().map(holder).collect(), "holder");
    let targets = widest(rows.iter().map(target).collect(), "target");
    let line = |cells: [String; 7]| {
        let [holder, target, stands, f, a, n, evidence] = cells;
        format!(
            "{GAP}{}{GAP}{}{GAP}{}{GAP}{f:>3}{GAP}{a:>7}{GAP}{n:>7}{GAP}{evidence}",
            padded(&holder, holders),
            padded(&target, targets),
            padded(&stands, 7),
        )
        .trim_end()
        .to_owned()
    };
    let [stands, f, a, n] = COLUMNS.map(str::to_owned);
    let head = line(["holder".into(), "target".into(), stands, f, a, n, "sentences".into()]);
    let what = "the side that most mentions of a target take; neutral only if none takes one";
    let mut lines = wrapped(std::iter::once(title.as_str()).chain(what.split(' ')), " ", width);
    lines.push(style.paint(QUIET, &head));
    for row in rows {
        let count = |polarity: Polarity| row.counts.get(&polarity).copied().unwrap_or(0).to_string();
        lines.push(line([
            holder(row),
            target(row),
            row.polarity.to_string(),
            count(Polarity::For),
            count(Polarity::Against),
            count(Polarity::Neutral),
            evidence(row, stances.unwrap_or_default()),
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
