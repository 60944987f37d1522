//! Where the paragraphs of a text are.
//!
//! In: a text with any line breaks: one line a paragraph, blank lines between paragraphs, or lines
//! wrapped at a fixed width, mixed. Out: the span of each paragraph, headline, list item or caption,
//! without the blanks around it. Start at [`paragraphs`]. A sentence or a quotation never crosses
//! from one to the next.

use super::abbreviation::is_function_word;
use super::normalize::{is_blank, is_ignorable};
use super::span::Span;
use memchr::memchr3_iter;

/// Lines longer than this many characters are not taken for lines of wrapped prose.
const WIDEST_WRAP: usize = 110;

/// The paragraphs of `text`, in order, without overlap, none empty. Together they cover every
/// character but white space and zero-width characters.
///
/// A blank line ends a paragraph. So does a single line break, unless the block of lines around it
/// is wrapped prose: then a line that could have taken the next line's first word ends one, and a
/// list item begins one.
#[must_use]
pub fn paragraphs(text: &str) -> Paragraphs<'_> {
    Paragraphs { text, rest: 0, block: None }
}

/// The paragraphs of a part of `text` that is read as if it stood alone, by their places in `text`.
pub fn paragraphs_in(text: &str, part: Span) -> impl Iterator<Item = Span> {
    paragraphs(part.slice(text)).map(move |p| Span::new(part.start + p.start, part.start + p.end))
}

/// The iterator that [`paragraphs`] gives.
#[derive(Debug, Clone)]
pub struct Paragraphs<'t> {
    text: &'t str,
    /// Where the next paragraph is looked for.
    rest: usize,
    /// The block that `rest` is in.
    block: Option<Block>,
}

/// Lines without a blank line between them.
#[derive(Debug, Clone, Copy)]
struct Block {
    end: usize,
    /// The width in characters that its prose is wrapped at, where it is.
    width: Option<usize>,
}

impl Iterator for Paragraphs<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = &self.text[self.rest..];
        let start = self.text.len() - rest.trim_start_matches(is_blank).len();
        if start == self.text.len() {
            self.rest = start;
            return None;
        }
        let block = match self.block {
            Some(block) if start < block.end => block,
            _ => *self.block.insert(block_at(self.text, start)),
        };
        let end = paragraph_end(self.text, start, block);
        self.rest = end;
        Some(Span::new(start, start + self.text[start..end].trim_end_matches(is_blank).len()))
    }
}

/// The lines of a piece of text from `start` on, without their line ends.
fn lines(text: &str, start: usize) -> impl Iterator<Item = Span> {
    let mut next = Some(start);
    std::iter::from_fn(move || {
        let from = next?;
        let Some(length) = line_length(&text.as_bytes()[from..]) else {
            next = None;
            return Some(Span::new(from, text.len()));
        };
        let end = from + length;
        let line_end = match &text.as_bytes()[end..] {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => '\u{2028}'.len_utf8(),
        };
        next = Some(end + line_end);
        Some(Span::new(from, end))
    })
}

/// The bytes before the next line end: a line feed, a carriage return, U+2028 or U+2029.
fn line_length(rest: &[u8]) -> Option<usize> {
    memchr3_iter(b'\n', b'\r', 0xe2, rest)
        .find(|at| rest[*at] != 0xe2 || matches!(rest.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])))
}

/// The block that begins at `start`, and whether its lines are wrapped prose.
///
/// The evidence is a line that goes on in mid-sentence: the next one begins with a lower-case
/// letter, or it ends with a comma or a word such as "the".
fn block_at(text: &str, start: usize) -> Block {
    let mut width = 0;
    let mut wrapped = false;
    let mut end = start;
    let mut previous = "";
    for line in lines(text, start) {
        let content = line.slice(text).trim_matches(is_blank);
        if content.is_empty() {
            break;
        }
        wrapped |= !previous.is_empty() && !begins_item(content) && goes_on(previous, content);
        let length = content.chars().take(WIDEST_WRAP + 1).count();
        if length <= WIDEST_WRAP {
            width = width.max(length);
        }
        previous = content;
        end = line.end;
    }
    Block { end, width: wrapped.then_some(width) }
}

/// Where the paragraph that begins at `start` ends; at a line end, or at the end of the block.
fn paragraph_end(text: &str, start: usize, block: Block) -> usize {
    let mut previous: Option<Span> = None;
    for line in lines(text, start) {
        if let Some(before) = previous {
            let here = line.slice(text).trim_matches(is_blank);
            let ends = match block.width {
                None => true,
                Some(width) => is_break(before.slice(text).trim_matches(is_blank), here, width),
            };
            if ends {
                return before.end;
            }
        }
        if line.end >= block.end {
            return block.end;
        }
        previous = Some(line);
    }
    block.end
}

/// Whether a paragraph ends between two lines of a block that is wrapped at `width`.
fn is_break(line: &str, next: &str, width: usize) -> bool {
    if begins_item(next) {
        return true;
    }
    if goes_on(line, next) {
        return false;
    }
    let first_word = next.split(char::is_whitespace).next().unwrap_or("");
    let length = line.chars().take(WIDEST_WRAP + 1).count();
    length > WIDEST_WRAP || length + 1 + first_word.chars().count() <= width
}

/// Whether the sentence at the end of a line clearly goes on in the next line.
fn goes_on(line: &str, next: &str) -> bool {
    let opens = |c: char| is_ignorable(c) || matches!(c, '"' | '\'' | '“' | '‘' | '«' | '(' | '[');
    let next_word = next.trim_start_matches(opens);
    if is_address(next_word) {
        return false;
    }
    next_word.starts_with(char::is_lowercase)
        || line.ends_with([',', ';', '،', '؛'])
        || is_function_word(line.rsplit(char::is_whitespace).next().unwrap_or(""))
}

/// Whether a line begins with a web address, which stands by itself although it is lower-case.
fn is_address(line: &str) -> bool {
    ["http://", "https://", "www."].into_iter().any(|start| line.starts_with(start))
}

/// Whether a line is an item of a list: `- `, `• `, `* `, `1. `, `2) `, `a) `, `(3) `.
fn begins_item(line: &str) -> bool {
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    if matches!(first, '-' | '*' | '–' | '—' | '+') {
        return chars.next().is_some_and(char::is_whitespace);
    }
    if matches!(first, '•' | '‣' | '▪' | '●' | '◦' | '■' | '►' | '·' | '⁃') {
        return true;
    }
    let label = line.strip_prefix('(').unwrap_or(line);
    let digits = label.len() - label.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let letters = usize::from(digits == 0 && label.starts_with(|c: char| c.is_ascii_lowercase()));
    let mut after = label[digits + letters..].chars();
    let closes = match after.next() {
        Some(')') => digits <= 3,
        Some('.') => (1..=3).contains(&digits) && label.len() == line.len(),
        _ => false,
    };
    closes && digits + letters > 0 && after.next().is_none_or(char::is_whitespace)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        paragraphs(text).map(|span| span.slice(text)).collect()
    }

    #[test]
    fn a_blank_line_ends_a_paragraph() {
        assert_eq!(split("One\r\n \t\r\nTwo\n\n\nThree"), ["One", "Two", "Three"]);
        assert!(split(" \u{feff}\n\u{200b} ").is_empty());
    }

    #[test]
    fn lines_of_their_own_are_paragraphs() {
        assert_eq!(split("Council votes\nMayor resigns\nBudget cut"), ["Council votes", "Mayor resigns", "Budget cut"]);
        assert_eq!(split("Same headline here\nSame headline here"), ["Same headline here", "Same headline here"]);
    }

    #[test]
    fn wrapped_prose_is_joined_and_its_short_lines_end_it() {
        let text = "River floods the old town\nThe river rose for the third day and\nreached the doors of the \
                    library in\nNorthfield. Nobody was hurt.\nSchools will open again on Monday, the\nmayor said.";
        let expected = [
            "River floods the old town",
            "The river rose for the third day and\nreached the doors of the library in\nNorthfield. Nobody was hurt.",
            "Schools will open again on Monday, the\nmayor said.",
        ];
        assert_eq!(split(text), expected);
    }

    #[test]
    fn list_items_are_paragraphs_even_in_wrapped_prose() {
        let text = "The council asked for:\n- a bridge over the\nriver\n• a school\n2. a park\nb) a lake";
        let expected = ["The council asked for:", "- a bridge over the\nriver", "• a school", "2. a park", "b) a lake"];
        assert_eq!(split(text), expected);
    }

    #[test]
    fn a_number_or_a_dash_in_a_word_is_no_list_item() {
        assert!(
            ["-5 degrees", "2023 was", "1.5 million", "a dog", "(see", "1234) x", "", ")"]
                .into_iter()
                .all(|l| !begins_item(l))
        );
        assert!(["- x", "* x", "10. x", "(3) x", "a) x", "1.", "•x"].into_iter().all(begins_item));
    }

    proptest! {
        #[test]
        fn paragraphs_are_trimmed_ordered_and_cover_everything_visible(text in "(\\PC|[a-zA-Z ,.\n\r\u{2028}\u{feff}-])*") {
            let mut end = 0;
            for span in paragraphs(&text) {
                let slice = span.slice(&text);
                prop_assert!(span.start >= end && !slice.is_empty() && slice.trim_matches(is_blank) == slice);
                prop_assert!(text[end..span.start].chars().all(is_blank));
                end = span.end;
            }
            prop_assert!(text[end..].chars().all(is_blank));
        }
    }
}
