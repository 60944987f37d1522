//! Where the quoted passages of a text are.
//!
//! In: a text. Out: the span of every passage in quotation marks, marks included. Start at
//! [`quoted`]. Who says it, and with which verb, is found elsewhere.

use super::normalize::is_blank;
use super::paragraph::paragraphs_in;
use super::span::Span;
use memchr::memchr2;

/// The longest single quotation, in bytes, that may close with what could be a possessive.
const MAX_POSSESSIVE: usize = 120;

/// Words that begin with an apostrophe, as they go on after it.
const CLIPPED: &[&str] = &["bout", "cause", "em", "n", "round", "til", "tis", "twas"];

/// The quoted passages of `text` with their marks: `“ ”`, `„ “`, `« »`, `" "`, and `‘ ’` or `' '`
/// where they clearly open and close words. In order, without overlap: a quotation inside another
/// is a part of the outer one.
///
/// A quotation ends with its paragraph at the latest. The next paragraph of one that goes on repeats
/// the opening mark, and is a passage of its own here. A mark that opens and never closes reaches to
/// the end of the paragraph, but a straight one gives way to a later one that opens again. Single
/// marks that never close are apostrophes; marks after digits are inches and feet.
///
/// One pass, linear in the text.
#[must_use]
pub fn quoted(text: &str) -> Vec<Span> {
    quoted_in(text, Span::new(0, text.len()))
}

/// The same for a part of `text` that is read as if it stood alone; by their places in `text`.
#[must_use]
pub fn quoted_in(text: &str, part: Span) -> Vec<Span> {
    let mut found = Vec::new();
    add_quoted(text, part, &mut found);
    found
}

/// Appends what [`quoted_in`] gives.
pub fn add_quoted(text: &str, part: Span, found: &mut Vec<Span>) {
    // The first bytes of all quotation marks; most sentences have none.
    let bytes = part.slice(text).as_bytes();
    if memchr2(b'"', b'\'', bytes).is_none() && memchr2(0xc2, 0xe2, bytes).is_none() {
        return;
    }
    for paragraph in paragraphs_in(text, part) {
        quoted_in_paragraph(text, paragraph, found);
    }
}

/// A quotation that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    start: usize,
    mark: char,
}

/// A quotation mark with its neighbours; white space stands for the paragraph's ends.
#[derive(Debug, Clone, Copy)]
struct Mark {
    sign: char,
    before: char,
    after: char,
}

impl Mark {
    /// A mark after white space, a bracket, a dash or another opening mark, before a word.
    fn can_open(self) -> bool {
        let free =
            is_blank(self.before) || matches!(self.before, '(' | '[' | '-' | '–' | '—' | '/' | '“' | '‘' | '"' | '\'');
        free && !is_blank(self.after)
    }

    /// A mark after a visible character and not before a word.
    fn can_close(self) -> bool {
        !is_blank(self.before) && !self.after.is_alphanumeric()
    }

    /// Whether it opens a double quotation, where none is open.
    fn opens(self) -> bool {
        match self.sign {
            '“' | '„' | '«' => true,
            '»' => self.can_open(),
            // A mark between two spaces, or between two letters as after an Arabic prefix, tells
            // nothing: it toggles. After a digit it means inches.
            '"' => !self.before.is_numeric() && (self.can_open() || !self.can_close()),
            _ => false,
        }
    }

    /// Whether it closes the quotation that `open` opened.
    fn closes(self, open: char) -> bool {
        match (self.sign, open) {
            ('»', '«') | ('«', '»') => true,
            ('«' | '»', _) | (_, '«' | '»') => false,
            ('”', _) => true,
            ('“', '„') => true,
            ('“', _) => self.can_close(),
            ('"', _) => self.can_close() || !self.can_open(),
            _ => false,
        }
    }
}

/// Appends the quoted passages of one paragraph.
fn quoted_in_paragraph(text: &str, paragraph: Span, found: &mut Vec<Span>) {
    let slice = paragraph.slice(text);
    let mut open: Option<Open> = None;
    let mut before = ' ';
    // Offset up to which a single quotation has been taken.
    let mut taken = 0;
    let mut feet = false;
    for (at, sign) in slice.char_indices() {
        let end = at + sign.len_utf8();
        if at >= taken && is_mark(sign) {
            let after = slice[end..].chars().next().unwrap_or(' ');
            let mark = Mark { sign, before, after };
            let is_inch = sign == '"' && before.is_numeric() && feet;
            match open {
                _ if is_inch => {}
                Some(open_at) if mark.closes(open_at.mark) => {
                    found.push(Span::new(paragraph.start + open_at.start, paragraph.start + end));
                    open = None;
                }
                // The earlier straight mark was never closed.
                Some(open_at) if open_at.mark == '"' && sign == '"' && mark.opens() => {
                    open = Some(Open { start: at, mark: sign })
                }
                Some(_) => {}
                None if mark.opens() => open = Some(Open { start: at, mark: sign }),
                None if opens_single(mark, &slice[end..]) => {
                    if let Some(length) = single_length(sign, &slice[end..]) {
                        taken = end + length;
                        found.push(Span::new(paragraph.start + at, paragraph.start + taken));
                    }
                }
                None => {}
            }
        }
        // 6'2": the digits between the two marks keep the memory of the first.
        feet = matches!(sign, '\'' | '’' | '′') && before.is_numeric() || feet && sign.is_numeric();
        before = sign;
    }
    if let Some(open_at) = open {
        found.push(Span::new(paragraph.start + open_at.start, paragraph.end));
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '\'')
}

/// Whether a single mark opens a quotation, provided that one closes it; `rest` follows it.
fn opens_single(mark: Mark, rest: &str) -> bool {
    let opens_word = mark.after.is_alphabetic() || matches!(mark.after, '“' | '"');
    matches!(mark.sign, '‘' | '\'') && opens_word && mark.can_open() && !is_clipped(rest)
}

/// Whether the word that `rest` begins with is one that begins with an apostrophe.
fn is_clipped(rest: &str) -> bool {
    CLIPPED.iter().any(|clip| {
        let head = rest.get(..clip.len()).unwrap_or("");
        head.eq_ignore_ascii_case(clip) && !rest[clip.len()..].starts_with(char::is_alphabetic)
    })
}

/// The length of a single quotation after its opening mark, closing mark included; `None` when no
/// mark closes it before the next one that opens.
///
/// The first mark that ends a word closes it, but one after an "s" may be a possessive ("the
/// workers’ rights"): a later mark is preferred when there is one, and far from the opening mark it closes nothing.
fn single_length(sign: char, rest: &str) -> Option<usize> {
    let closing = if sign == '‘' { '’' } else { '\'' };
    let mut possessive = None;
    let mut before = sign;
    for (at, c) in rest.char_indices() {
        let end = at + c.len_utf8();
        let after = rest[end..].chars().next().unwrap_or(' ');
        let mark = Mark { sign: c, before, after };
        if at > 0 && opens_single(Mark { sign: c, before, after }, &rest[end..]) {
            break;
        }
        if c == closing && at > 0 && mark.can_close() {
            if !matches!(before, 's' | 'S') {
                return Some(end);
            }
            if end <= MAX_POSSESSIVE {
                possessive.get_or_insert(end);
            }
        }
        before = c;
    }
    possessive
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        quoted(text).into_iter().map(|span| span.slice(text)).collect()
    }

    #[test]
    fn every_pair_of_marks_is_found_with_its_marks() {
        assert_eq!(split("She said “no” and \"never\"."), ["“no”", "\"never\""]);
        assert_eq!(split("Er sagte „nein“ und «nie» und »doch«."), ["„nein“", "«nie»", "»doch«"]);
        assert_eq!(split("وقال لشبكة \"الأخبار\" \"لا جديد\"."), ["\"الأخبار\"", "\"لا جديد\""]);
        assert_eq!(split("كتب في ال\"صحيفة\" اليوم"), ["\"صحيفة\""]);
    }

    #[test]
    fn single_marks_quote_only_around_words() {
        assert_eq!(split("a so-called ‘pause’ and a 'truce'."), ["‘pause’", "'truce'"]);
        assert!(split("We don't and they won’t; the workers' rights and Lewis’ car.").is_empty());
        assert!(split("In the '90s they sang 'til dawn, the boys' choir too.").is_empty());
        assert_eq!(split("for ‘the workers’ cause’ they"), ["‘the workers’ cause’"]);
        let far = format!("'It began {} for the workers' rights", "and went on ".repeat(10));
        assert!(split(&far).is_empty());
        assert_eq!(split("‘It doesn’t matter’, he said"), ["‘It doesn’t matter’"]);
        assert_eq!(split("an ‘open’ and a ‘closed’ door"), ["‘open’", "‘closed’"]);
    }

    #[test]
    fn a_quotation_inside_another_is_part_of_it() {
        assert_eq!(split("“He called it ‘mad’,” she said."), ["“He called it ‘mad’,”"]);
        assert_eq!(split("‘He called it “mad”,’ she said."), ["‘He called it “mad”,’"]);
    }

    #[test]
    fn a_paragraph_ends_a_quotation_and_the_next_may_reopen_it() {
        assert_eq!(split("“One.\n\n“Two,” he said.\n\nThree."), ["“One.", "“Two,”"]);
        assert_eq!(split("\"One.\n\n\"Two,\" he said.\n\nThree."), ["\"One.", "\"Two,\""]);
        assert_eq!(split("an “open end\n\nwith “this” closed"), ["“open end", "“this”"]);
    }

    #[test]
    fn an_unpaired_straight_mark_does_not_turn_the_others_round() {
        assert_eq!(split("He \"left early. \"Why?\" she asked."), ["\"Why?\""]);
        assert_eq!(split("It ended\" there. \"Good,\" he said."), ["\"Good,\""]);
    }

    #[test]
    fn inches_and_feet_are_no_quotations() {
        assert!(split("a 12\" pipe and a man of 6'2\" there").is_empty());
        assert_eq!(split("\"He is 6'2\" tall,\" she said"), ["\"He is 6'2\" tall,\""]);
        assert_eq!(split("\"since 2023\" it"), ["\"since 2023\""]);
    }

    #[test]
    fn mixed_curly_and_straight_marks_pair() {
        assert_eq!(split("“one\" and \"two” and ”three"), ["“one\"", "\"two”"]);
    }

    proptest! {
        #[test]
        fn quotations_are_ordered_and_slice_the_text(text in "(\\PC|[a-z0-9 ,.\n\"'“”‘’„«»])*") {
            let mut end = 0;
            for span in quoted(&text) {
                prop_assert!(span.start >= end && !span.slice(&text).is_empty());
                end = span.end;
            }
        }
    }
}
