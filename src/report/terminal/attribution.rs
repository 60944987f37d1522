//! An attribution as a line: source → cue [class, direct] p → contents.
//!
//! In: an attribution and a [`Style`]. Out: lines; one, if the terminal is wide enough. Start at
//! [`lines`].

use super::Style;
use super::lines::{columns, flat, shortened, wrapped};
use crate::heads::attribution::CueClass;
use crate::report::{AttributionReport, SourceReport};
use anstyle::{AnsiColor, Style as Ansi};

/// Contents get at least this many columns, if need be on a line of their own.
const CONTENT: usize = 20;

const ARROW: &str = "→ ";

/// What stands for a source that the text does not name.
pub(super) const NOBODY: &str = "(nobody named)";

/// The attribution, wrapped; source, cue and contents are shortened so that none is wider than a line.
pub(super) fn lines(attribution: &AttributionReport, style: Style) -> Vec<String> {
    let room = style.room();
    let mut parts = match &attribution.source {
        Some(source) => self::source(source, room),
        None => vec![NOBODY.to_owned()],
    };
    let cue = shortened(&flat(&attribution.cue.text), room / 2);
    parts.push(format!("{ARROW}{}", style.paint(colour(attribution.class), &cue)));
    parts.push(format!("[{}, {}] {:.2}", attribution.class, attribution.direct, attribution.p));
    let contents: Vec<String> = attribution.content.iter().map(|content| flat(&content.text)).collect();
    if !contents.is_empty() {
        let so_far = wrapped(parts.iter().map(String::as_str), " ", room);
        let used = so_far.last().map_or(0, |line| columns(line)) + 1 + columns(ARROW);
        let left = if used + CONTENT <= room { room - used } else { room.saturating_sub(columns(ARROW)) };
        parts.push(format!("{ARROW}{}", shortened(&contents.join(" … "), left)));
    }
    wrapped(parts.iter().map(String::as_str), " ", room)
}

/// The source, and whom it stands for: `she`, `= Sandra Okafor (0.93)`.
fn source(source: &SourceReport, room: usize) -> Vec<String> {
    let mut parts = vec![shortened(&flat(&source.passage.text), room / 2)];
    if let Some(link) = &source.link {
        parts.push(format!("= {} ({:.2})", shortened(&flat(&link.passage.text), room / 2), link.p));
    }
    parts
}

const fn colour(class: CueClass) -> Ansi {
    match class {
        CueClass::Neutral => Ansi::new().bold(),
        CueClass::Endorsing => AnsiColor::Green.on_default(),
        CueClass::Distancing => AnsiColor::Cyan.on_default(),
        CueClass::Charged => AnsiColor::Red.on_default(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample::full_report;
    use crate::text::OffsetUnit;

    fn attributions() -> Vec<AttributionReport> {
        full_report("a", OffsetUnit::Bytes).attributions.unwrap()
    }

    #[test]
    fn a_line_reads_from_the_source_over_the_cue_to_the_contents() {
        let style = Style { colour: false, width: 80 };
        let all: Vec<_> = attributions().iter().flat_map(|attribution| lines(attribution, style)).collect();
        assert_eq!(
            all,
            [
                "Okafor → claimed [distancing, mixed] 0.50 → the “so-called reform” failed",
                "she = Okafor (0.93) → added [neutral, direct] 0.50 → “Never,” … “again.”",
                "(nobody named) → fell [charged, indirect] 0.50",
            ]
        );
    }

    #[test]
    fn long_contents_are_cut_in_the_middle_to_one_line_of_any_script() {
        for text in
            ["The river rose again on Tuesday. ", "ارتفع النهر مرة أخرى يوم الثلاثاء. ", "河水在星期二再次上涨。"]
        {
            let mut attribution = attributions().remove(0);
            attribution.content[0].text = text.repeat(50);
            let line = lines(&attribution, Style { colour: true, width: 80 });
            assert_eq!(line.len(), 1, "{line:?}");
            assert!(columns(&line[0]) <= 75 && columns(&line[0]) >= 72, "{line:?}");
            assert!(line[0].contains('…'));
        }
    }

    #[test]
    fn on_a_narrow_terminal_or_with_long_names_no_line_is_too_wide() {
        for width in [0, 40, 50, 100] {
            let mut attribution = attributions().remove(1);
            attribution.content[0].text = "word ".repeat(100);
            let source = attribution.source.as_mut().unwrap();
            source.passage.text = "the spokeswoman ".repeat(20);
            source.link.as_mut().unwrap().passage.text = "ساندرا ".repeat(20);
            let style = Style { colour: false, width };
            for line in lines(&attribution, style) {
                assert!(columns(&line) <= style.room(), "{width}: {line}");
            }
        }
    }
}
