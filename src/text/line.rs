//! The lines of a document, as its regions are made of them.
//!
//! In: a text with any line ends. Out: a [`Line`] for each line that shows something, and whether blank lines
//! stand around it. Start at [`lines`]. The lines of a paragraph that is wrapped at a fixed width count as one, so
//! that what is said of a line is said of the whole paragraph ([`paragraphs`]).

use super::paragraph::paragraphs;
use super::span::Span;

/// A line of a text, or the lines of one wrapped paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Where it stands, without the blanks around it; not empty.
    pub span: Span,
    /// Whether a blank line stands before it, or nothing does.
    pub blank_before: bool,
    /// Whether a blank line stands after it, or nothing does.
    pub blank_after: bool,
}

/// The lines of `text`, in order, without overlap. Together they cover everything that is visible.
pub fn lines(text: &str) -> impl Iterator<Item = Line> {
    let mut spans = paragraphs(text).peekable();
    let mut blank_before = true;
    std::iter::from_fn(move || {
        let span = spans.next()?;
        let blank_after = spans.peek().is_none_or(|next| has_blank_line(text, Span::new(span.end, next.start)));
        let line = Line { span, blank_before, blank_after };
        blank_before = blank_after;
        Some(line)
    })
}

/// Whether a gap between two lines holds a blank line.
fn has_blank_line(text: &str, gap: Span) -> bool {
    let gap = gap.slice(text);
    let breaks = gap.matches(['\n', '\r', '\u{2028}', '\u{2029}']).count() - gap.matches("\r\n").count();
    breaks > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, bool, bool)> {
        lines(text).map(|line| (line.span.slice(text), line.blank_before, line.blank_after)).collect()
    }

    #[test]
    fn blank_lines_are_known_whatever_ends_a_line() {
        for (single, double) in [("\n", "\n\n"), ("\r\n", "\r\n \r\n"), ("\r", "\r\r"), ("\u{2028}", "\u{2028}\n")] {
            let text = format!("{double}One{single}Two{double}Three");
            assert_eq!(shown(&text), [("One", true, false), ("Two", false, true), ("Three", true, true)]);
        }
    }

    #[test]
    fn a_wrapped_paragraph_is_one_line() {
        let text = "Ferry stops\n\nThe ferry stopped on Monday and\nwill not sail again before the\nweekend.\nRead on";
        assert_eq!(shown(text).len(), 3);
    }

    #[test]
    fn a_blank_text_has_no_lines() {
        assert!(shown(" \u{feff}\n\u{200b}\n").is_empty());
    }
}
