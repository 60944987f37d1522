//! A masked region: what it is, why it is masked, and how it begins and ends.
//!
//! In: a region with its text, and a [`Style`]. Out: two lines, or three on a narrow terminal. Start at [`lines`].

use super::Style;
use super::lines::{flat, printable, shortened, wrapped};
use crate::report::RegionReport;
use unicode_width::UnicodeWidthStr;

/// The region, wrapped; a longer text is cut in the middle.
pub(super) fn lines(region: &RegionReport, text: &str, style: Style) -> Vec<String> {
    let why = if region.supported {
        region.kind.to_string()
    } else {
        format!("{} in {}, no model", region.kind, printable(&region.lang))
    };
    let head = format!("[masked: {why}]");
    let room = style.room();
    let text = shortened(&flat(text), (2 * room).saturating_sub(head.width() + room / 4));
    wrapped(std::iter::once(head.as_str()).chain(text.split(' ').filter(|word| !word.is_empty())), " ", room)
}

#[cfg(test)]
mod tests {
    use super::super::lines::columns;
    use super::*;
    use crate::text::RegionKind;

    #[test]
    fn a_long_region_takes_few_lines_that_fit_the_terminal() {
        for (supported, start) in
            [(true, "[masked: caption] Le conseil"), (false, "[masked: caption in fr, no model] Le")]
        {
            let region = RegionReport {
                kind: RegionKind::Caption,
                start: 0,
                end: 9,
                lang: "fr".into(),
                masked: true,
                supported,
            };
            let text = "Le conseil a\u{1b}[2J voté\nmardi. ".repeat(2_000);
            for width in [40, 57, 80, 100] {
                let style = Style { colour: false, width };
                let lines = lines(&region, &text, style);
                assert!(lines.len() <= 3 && lines.iter().all(|line| columns(line) <= style.room()), "{lines:?}");
                let line = lines.join(" ");
                assert!(line.starts_with(start) && line.contains('…') && line.ends_with("mardi."), "{line}");
            }
        }
    }
}
