//! Stops, spaces and characters that went wrong.
//!
//! In: the words of a sentence, or a sentence. Out: places. Start at [`find`] and [`mojibake`].

use super::{NoiseKind, NoiseSpan, is_lower};
use crate::text::abbreviation::Abbreviation;
use crate::text::arabic::is_arabic;
use crate::text::normalize::{is_blank, word as normal_form};
use crate::text::span::Span;
use memchr::memchr2_iter;

/// Appends the stops that are doubled or stray in a sentence, and the spaces that are missing after marks.
pub(super) fn find(text: &str, words: &[Span], is_common: &dyn Fn(&str) -> bool, found: &mut Vec<NoiseSpan>) {
    let word = |at: usize| words.get(at).map_or("", |span| span.slice(text));
    let mut form = String::new();
    let mut common = |word: &str| {
        normal_form(word, &mut form);
        is_common(&form)
    };
    for at in 1..words.len() {
        let mark = word(at);
        if !matches!(mark, "." | "," | "،" | ";" | "؛" | "؟") {
            continue;
        }
        let (before, after) = (word(at - 1), word(at + 1));
        let touches = words[at - 1].end == words[at].start;
        let touched = words.get(at + 1).is_some_and(|next| words[at].end == next.start);
        if mark == "." && after == "." && before != "." {
            if word(at + 2) != "." && is_doubled(text, before, words[at], words[at + 1]) {
                let span = Span::new(words[at].start, words[at + 1].end);
                found.push(NoiseSpan { span, kind: NoiseKind::DoubledStop });
            }
        } else if touches && touched && lacks_space(before, mark, after, &mut common) {
            let span = Span::new(words[at - 1].start, words[at + 1].end);
            found.push(NoiseSpan { span, kind: NoiseKind::MissingSpace });
        } else if touches && !touched && mark == "." && is_stray(before, after, &mut common) {
            let span = Span::new(words[at - 1].start, words[at].end);
            found.push(NoiseSpan { span, kind: NoiseKind::StrayStop });
        }
    }
}

/// Whether two full stops after `before` are one too many. Arabic writes two for a pause.
fn is_doubled(text: &str, before: &str, first: Span, second: Span) -> bool {
    let ends = text[second.end..].chars().next().is_none_or(|c| is_blank(c) || matches!(c, '"' | '”' | '’' | ')'));
    let pause = first.end == second.start && !before.chars().any(char::is_lowercase);
    let after_word = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '”' | '’' | ')' | '»' | '%'));
    ends && after_word && !pause
}

/// Whether a space is missing after the mark between two words.
fn lacks_space(before: &str, mark: &str, after: &str, common: &mut impl FnMut(&str) -> bool) -> bool {
    let word = |word: &str| word.chars().nth(1).is_some() && word.chars().all(char::is_alphabetic);
    if !word(before) || !word(after) {
        return false;
    }
    if mark != "." {
        return mark != "," || !before.chars().all(char::is_uppercase);
    }
    // Shorter ones are spelt-out letters; one with a tatweel is cut by the stop, to hide it from filters.
    let caseless = |word: &str| word.chars().nth(2).is_some() && word.chars().all(is_arabic);
    let capitalised = after.chars().nth(1).is_some_and(char::is_lowercase) && after.starts_with(char::is_uppercase);
    let parted = is_lower(before) && before.chars().nth(3).is_some() && capitalised && common(after);
    parted || caseless(before) && caseless(after)
}

/// Whether a full stop between two common words ends nothing.
fn is_stray(before: &str, after: &str, common: &mut impl FnMut(&str) -> bool) -> bool {
    let plain = |word: &str, letters: usize| word.len() >= letters && word.bytes().all(|b| b.is_ascii_lowercase());
    plain(before, 4) && plain(after, 2) && Abbreviation::of(before).is_none() && common(before) && common(after)
}

/// What is wrong where one sentence follows another without a blank.
pub(super) fn at_boundary(text: &str, before: Span, after: Span) -> Option<NoiseKind> {
    let last = before.slice(text).chars().next_back()?;
    let opener = |c: char| matches!(c, '"' | '“' | '‘' | '«' | '(' | '[');
    let first = after.slice(text).chars().find(|&c| !opener(c))?;
    let begins = first.is_uppercase() || is_arabic(first);
    let ends = matches!(last, '.' | '!' | '?' | '؟' | '۔' | '"' | '”' | '’' | ')' | '»');
    match () {
        () if begins && ends => Some(NoiseKind::MissingSpace),
        () if first.is_uppercase() && last.is_lowercase() => Some(NoiseKind::Glued),
        () => None,
    }
}

/// Appends the places in a sentence whose characters were read in the wrong encoding, or lost.
pub(super) fn mojibake(text: &str, sentence: Span, found: &mut Vec<NoiseSpan>) {
    let slice = sentence.slice(text);
    let mut end = 0;
    // U+FFFD begins with the one byte, and Latin letters with signs with the other.
    for at in memchr2_iter(0xef, 0xc3, slice.as_bytes()) {
        if at < end || !is_broken(&slice[at..]) {
            continue;
        }
        let start = end.max(slice[end..at].rfind(char::is_whitespace).map_or(end, |blank| {
            let blank = end + blank;
            blank + slice[blank..].chars().next().map_or(0, char::len_utf8)
        }));
        end = slice[at..].find(char::is_whitespace).map_or(slice.len(), |length| at + length);
        let span = Span::new(sentence.start + start, sentence.start + end);
        found.push(NoiseSpan { span, kind: NoiseKind::Mojibake });
    }
}

/// Whether text begins with a character that was lost, or with UTF-8 that was read as Windows-1252, in the forms that no
/// language writes.
fn is_broken(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    if !matches!(first, Some('\u{fffd}' | 'â' | 'Ã' | 'Â' | 'Ø' | 'Ù' | 'Ð' | 'Ñ')) {
        return false;
    }
    let (second, third, fourth) = (chars.next(), chars.next(), chars.next());
    let continues = |c: Option<char>| c.is_some_and(|c| byte_of(c).is_some_and(|byte| (0x80..0xc0).contains(&byte)));
    let mark = |c: Option<char>| matches!(c, Some('»' | '”' | '“' | '’' | '‘' | '…' | '–' | '—' | '›' | '\u{a0}'));
    match first {
        Some('\u{fffd}') => true,
        Some('â') => second == Some('€') && continues(third),
        Some('Ã' | 'Â') => continues(second) && !mark(second),
        // Arabic and Cyrillic: two letters in a row.
        Some('Ø' | 'Ù' | 'Ð' | 'Ñ') => {
            continues(second) && matches!(third, Some('Ø' | 'Ù' | 'Ð' | 'Ñ')) && continues(fourth)
        }
        _ => false,
    }
}

/// The byte of a character above ASCII in Windows-1252, if it has one.
fn byte_of(c: char) -> Option<u8> {
    const UPPER: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match u32::from(c) {
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        _ => UPPER.chars().position(|known| known == c).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}
