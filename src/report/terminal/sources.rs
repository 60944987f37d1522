//! The document's end: loaded terms by voice, and a table of the sources.
//!
//! In: a [`Summary`] and a [`Style`]. Out: lines; none where the summary has no such part. Start at
//! [`lines`].

use super::Style;
use super::attribution::NOBODY;
use super::lines::{flat, padded, shortened, wrapped};
use super::{HEADING, QUIET};
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::report::{SourceSummary, Summary};
use unicode_width::UnicodeWidthStr;

/// The columns between the name and the cues.
const COUNTS: [&str; 3] = ["attributions", "direct", "indirect"];
const GAP: &str = "  ";

/// The rate of loaded terms, then the table.
pub(super) fn lines(summary: &Summary, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(rate) = &summary.loaded_per_100_words {
        let title = style.paint(HEADING, "Loaded terms per 100 words:");
        lines.push(format!("{title} author {:.2} · sources {:.2}", rate.author, rate.quoted));
    }
    if let Some(sources) = &summary.sources {
        lines.extend(table(sources, style));
    }
    lines
}

fn table(sources: &[SourceSummary], style: Style) -> Vec<String> {
    let title = style.paint(HEADING, "Sources:");
    if sources.is_empty() {
        return vec![format!("{title} none")];
    }
    let mut lines = vec![format!("{title} words in quotation marks (direct) and outside them, cues by class")];
    let width = style.width.max(40);
    let name = |source: &SourceSummary| shortened(&flat(source.name.as_deref().unwrap_or(NOBODY)), width / 4);
    let names = sources.iter().map(|source| name(source).width()).max().unwrap_or(0);
    let row = |name: &str, counts: [String; 3]| {
        let counts = counts.iter().zip(COUNTS).map(|(count, title)| format!("{count:>0$}", title.len()));
        format!("{GAP}{}{GAP}{}{GAP}", padded(name, names), counts.collect::<Vec<_>>().join(GAP))
    };
    let head = row("", COUNTS.map(str::to_owned));
    let room = width.saturating_sub(head.width()).max(CueClass::ALL.len());
    lines.push(style.paint(QUIET, &format!("{head}cues")));
    for source in sources {
        let counts = [source.attributions, source.words_direct, source.words_indirect].map(|n| n.to_string());
        let mut before = row(&name(source), counts);
        let cues = cues(source);
        for cues in wrapped(cues.iter().map(String::as_str), " ", room) {
            lines.push(format!("{before}{cues}").trim_end().to_owned());
            before = " ".repeat(head.width());
        }
    }
    lines
}

/// `1 neutral,` `2 charged`: the classes that occur, in the order of the labels.
fn cues(source: &SourceSummary) -> Vec<String> {
    let occurring = CueClass::ALL.iter().filter_map(|class| Some((class, *source.cues.get(class)?)));
    let mut cues: Vec<String> =
        occurring.filter(|(_, count)| *count > 0).map(|(class, count)| format!("{count} {class},")).collect();
    if let Some(last) = cues.last_mut() {
        last.pop();
    }
    cues
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{full_report, report};
    use crate::text::OffsetUnit;

    const PLAIN: Style = Style { colour: false, width: 80 };

    #[test]
    fn the_end_tells_terms_by_voice_and_sources_with_words_and_cues() {
        assert_eq!(
            lines(&full_report("a", OffsetUnit::Bytes).document, PLAIN),
            [
                "Loaded terms per 100 words: author 25.00 · sources 12.50",
                "Sources: words in quotation marks (direct) and outside them, cues by class",
                "                  attributions  direct  indirect  cues",
                "  Okafor                     2       4         2  1 neutral, 1 distancing",
                "  (nobody named)             1       0         0  1 charged",
            ]
        );
    }

    #[test]
    fn a_summary_without_these_parts_ends_with_nothing() {
        assert!(lines(&report("a").document, PLAIN).is_empty());
    }

    #[test]
    fn a_document_without_sources_says_so() {
        let summary = Summary { sources: Some(vec![]), ..report("a").document };
        assert_eq!(lines(&summary, PLAIN), ["Sources: none"]);
    }

    #[test]
    fn columns_stand_under_each_other_whatever_the_names() {
        let mut report = full_report("a", OffsetUnit::Bytes);
        let mut widths = Vec::new();
        for source in report.document.sources.iter_mut().flatten() {
            source.name = Some(["المتحدثة باسم البلدية ".repeat(9), "河水\u{7}".into()][widths.len()].clone());
            source.cues = CueClass::ALL.iter().map(|&class| (class, 10)).collect();
            widths.push(0);
        }
        let lines = lines(&report.document, PLAIN);
        let at = |line: &String| line.split_once("10 neutral").map(|(before, _)| before.width());
        let starts: Vec<usize> = lines.iter().filter_map(at).collect();
        assert!(starts.len() == 2 && starts[0] == starts[1], "{lines:?}");
        assert!(lines.iter().all(|line| line.width() <= 80), "{lines:?}");
    }
}
