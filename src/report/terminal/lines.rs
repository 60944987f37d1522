//! Lines: text made fit for a terminal, measured in columns, cut and broken.
//!
//! In: text, and a width in columns. Out: text that has no control characters but the colours put
//! into it here. Start at [`wrapped`].

use anstream::adapter::strip_str;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with each control character, which a terminal might obey, turned into a space.
pub(super) fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// The text on one line: every run of space and control characters is one space.
pub(super) fn flat(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, printable, with spaces after it up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    let text = printable(text);
    let missing = width.saturating_sub(text.width());
    format!("{text}{:missing$}", "")
}

/// How many columns a text takes; colours take none.
pub(super) fn columns(text: &str) -> usize {
    if text.contains('\x1b') { strip_str(text).to_string().width() } else { text.width() }
}

/// The text in at most `width` columns: of a longer one the start and the end with `…` between them.
///
/// It is cut between characters and never before one that combines with the one before it.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let (before, after) = (room - room / 2, room / 2);
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
    let head = ends.take_while(|&end| text[..end].width() <= before).last().unwrap_or(0);
    let starts = text.char_indices().rev().map(|(start, _)| start);
    let tail = starts.take_while(|&start| text[start..].width() <= after).last().unwrap_or(text.len());
    let tail = text[tail..].trim_start_matches(|c: char| c.width() == Some(0));
    format!("{}…{}", text[..head].trim_end(), tail.trim_start())
}

/// The parts in lines of at most `width` columns with `gap` between them; a part is never cut.
pub(super) fn wrapped<'a>(parts: impl Iterator<Item = &'a str>, gap: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut so_far) = (String::new(), 0);
    for part in parts {
        let wide = columns(part);
        if so_far > 0 && so_far + gap.len() + wide > width {
            lines.push(std::mem::take(&mut line));
            so_far = 0;
        }
        if so_far > 0 {
            line.push_str(gap);
            so_far += gap.len();
        }
        line.push_str(part);
        so_far += wide;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_its_start_and_its_end() {
        assert_eq!(shortened("the river rose again", 20), "the river rose again");
        assert_eq!(shortened("the river rose again", 12), "the ri…again");
        assert_eq!(shortened("the river rose again", 11), "the r…again");
        assert_eq!(shortened("abc", 1), "…");
        assert_eq!(shortened("abc", 0), "…");
    }

    #[test]
    fn a_text_of_any_script_is_cut_between_characters_and_fits() {
        for text in [
            "قالت الحكومةُ إنّ النهرَ ارتفعَ مرّةً أخرى",
            "河水在星期二再次上涨了两米",
            "e\u{301}e\u{301}e\u{301}e\u{301}",
            "👩‍👩‍👧‍👦🔥🇦🇺👩‍👩‍👧‍👦🔥🇦🇺",
        ] {
            for width in 1..text.width() + 2 {
                let short = shortened(text, width);
                assert!(short.width() <= width, "{short} is wider than {width}");
                let tail = short.split_once('…').map(|(_, tail)| tail).unwrap_or_default();
                assert!(tail.chars().next().is_none_or(|c| c.width() != Some(0)), "{short:?}");
            }
        }
    }

    #[test]
    fn colours_take_no_columns() {
        let parts = ["\x1b[31mred\x1b[0m", "and", "blue"];
        assert_eq!(wrapped(parts.into_iter(), " ", 7), ["\x1b[31mred\x1b[0m and", "blue"]);
    }
}
