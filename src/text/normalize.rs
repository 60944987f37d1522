//! One spelling per word, for n-grams and word lists.
//!
//! In: a word as it stands in the text. Out: its normal form, written to a buffer that the caller
//! reuses. Start at [`word`]. The pieces of a word are made by the tokenizer's own normaliser,
//! which agrees on case and accents.

use super::arabic::{is_arabic, level};
use unicode_categories::UnicodeCategories;
use unicode_normalization::char::{decompose_canonical, decompose_compatible};

/// Arabic tatweel: it stretches a word on the line and carries no meaning.
pub(super) const TATWEEL: char = '\u{640}';

/// Whether a character shows nothing: a control or format character (byte-order mark, zero-width
/// space and joiners, direction marks, soft hyphen). White space is not among them.
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    // The table look-up is only needed outside ASCII.
    !c.is_whitespace() && (c.is_control() || !c.is_ascii() && c.is_other_format())
}

/// Whether a character is white space or shows nothing.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_ignorable(c)
}

/// Writes the normal form of `word` to `form`, which is emptied first.
///
/// Lower-case; `’ ‘ ʼ` become `'`; zero-width characters and tatweel go; accents, Arabic vowel marks
/// and every other non-spacing mark go (canonical decomposition, as BERT's uncased models do), so
/// that `é` is `e`; the forms of one Arabic letter become one (`text/arabic.rs`), those of other
/// scripts' letters that differ in looks alone too (compatibility decomposition: `ﬁ`, `ﻻ`, `Ａ`);
/// every decimal digit becomes `0`, so that numbers of one shape are one word. Allocates only when
/// `form` has to grow.
pub fn word(word: &str, form: &mut String) {
    form.clear();
    for c in word.chars() {
        if c.is_ascii() {
            push(c, form);
        } else if ('\u{620}'..='\u{6ff}').contains(&c) {
            // Not decomposed: hamza on waw or ya tells words apart.
            push(level(c), form);
        } else if c.is_alphanumeric() {
            decompose_compatible(c, |part| push(if is_arabic(part) { level(part) } else { part }, form));
        } else {
            decompose_canonical(c, |part| push(part, form));
        }
    }
}

/// The normal form of a word or a phrase, in a string of its own.
#[must_use]
pub fn normal(text: &str) -> String {
    let mut form = String::new();
    word(text, &mut form);
    form
}

/// Appends the normal form of one decomposed character.
fn push(c: char, form: &mut String) {
    match c {
        '0'..='9' => form.push('0'),
        '\u{2019}' | '\u{2018}' | '\u{2bc}' => form.push('\''),
        TATWEEL => {}
        _ if c.is_ascii() => {
            if !is_ignorable(c) {
                form.push(c.to_ascii_lowercase());
            }
        }
        _ if c.is_mark_nonspacing() || is_ignorable(c) => {}
        _ if c.is_number_decimal_digit() => form.push('0'),
        _ => form.extend(c.to_lowercase()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(text: &str) -> String {
        let mut buffer = String::from("left over");
        word(text, &mut buffer);
        buffer
    }

    #[test]
    fn case_apostrophes_accents_and_digits_are_levelled() {
        for (given, expected) in [
            ("Israel’s", "israel's"),
            ("DON‘T", "don't"),
            ("Café", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("İstanbul", "istanbul"),
            ("1,500", "0,000"),
            ("٢٠٢٣", "0000"),
            ("co\u{ad}op\u{200d}", "coop"),
            ("#Gaza", "#gaza"),
            ("", ""),
        ] {
            assert_eq!(form(given), expected, "{given}");
        }
    }

    #[test]
    fn arabic_loses_tatweel_and_vowel_marks() {
        assert_eq!(form("كـــتابٌ"), "كتاب");
        assert_eq!(form("مُدَرِّس"), "مدرس");
        assert_eq!(form("أحمد"), "احمد");
    }

    #[test]
    fn the_forms_of_one_arabic_letter_are_one() {
        for (given, expected) in [
            ("إلى آخر", "الي اخر"),
            ("حكومة", "حكومه"),
            ("مسؤول بيئة", "مسؤول بيئه"),
            ("\u{fefb}\u{fea9}", "لاد"),
            ("\u{6a9}تابی", "كتابي"),
            ("۱۹", "00"),
            ("\u{671}لله", "الله"),
        ] {
            assert_eq!(form(given), expected, "{given}");
        }
    }

    #[test]
    fn letters_that_differ_in_looks_alone_are_one() {
        assert_eq!(form("ﬁne Ａ"), "fine a");
    }

    #[test]
    fn blanks_are_space_and_zero_width_characters() {
        assert!([' ', '\u{a0}', '\u{feff}', '\u{200b}', '\u{200d}', '\u{85}'].into_iter().all(is_blank));
        assert!(!['a', '.', '\u{301}', '\u{fffd}'].into_iter().any(is_blank));
        assert!(!is_ignorable(' ') && !is_ignorable('\n') && !is_ignorable('\u{b}'));
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "\\PC{0,12}") {
            let once = form(&text);
            prop_assert_eq!(form(&once), once);
        }
    }
}
