//! Where the words of a text are.
//!
//! In: a text. Out: the span of every word, number, web address, hashtag, punctuation mark and
//! symbol, in order. Start at [`words`]. Each is one token for the reader, whatever number of
//! word pieces a tokenizer cuts it into.

mod plain;

use super::normalize::is_ignorable;
use super::span::Span;
use unicode_categories::UnicodeCategories;

/// The words of `text`, in order, without overlap. Together they cover every character but white
/// space, control and format characters, and accents that stand on nothing.
///
/// - a web address (`https://…`, `www.…`) without the punctuation that follows it;
/// - `#` or `@` with the word that touches it;
/// - letters, digits and marks, joined by an apostrophe before a letter (`don't`, `Israel’s`), by
///   `.` `,` `:` between digits (`1,000`, `3.5`, `10:30`), by a full stop between single letters
///   (`U.S.`, with the last stop) or between lower-case parts (`example.com`), by `_`, and by `@`
///   (an e-mail address);
/// - any other character by itself; an emoji sequence is one.
pub fn words(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while text.as_bytes().get(at) == Some(&b' ') {
            at += 1;
        }
        let start = at;
        if let Some(length) = plain::word_length(&text.as_bytes()[at..]) {
            at += length;
            return Some(Span::new(start, at));
        }
        let rest = text[at..].trim_start_matches(is_between);
        let start = text.len() - rest.len();
        at = start + word_length(rest)?;
        Some(Span::new(start, at))
    })
}

/// Whether a character that no word begins with stands between words.
fn is_between(c: char) -> bool {
    c.is_whitespace() || is_ignorable(c) || c.is_mark_nonspacing()
}

/// The length in bytes of the word that `rest` begins with; `None` at the end of the text.
fn word_length(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    if let Some(length) = url_length(rest) {
        return Some(length);
    }
    let sign = first.len_utf8();
    Some(match first {
        '#' | '@' if rest[sign..].starts_with(is_word_char) => sign + run_length(&rest[sign..]),
        c if is_word_char(c) => run_length(rest),
        c => sign + sequence_length(c, &rest[sign..]),
    })
}

/// Whether a character is part of a word by itself. Spacing marks (of Indic scripts) are; accents
/// only follow.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && !c.is_mark_nonspacing() || c.is_mark_spacing_combining() || c.is_mark_enclosing()
}

/// The length of the letters and digits, with their inner joiners, that `text` begins with.
fn run_length(text: &str) -> usize {
    let mut end = 0;
    // The part since the last joiner, which says what the next joiner may be.
    let mut part = 0;
    let mut letters_and_stops = true;
    let mut chars = text.char_indices().peekable();
    let mut previous = ' ';
    while let Some((at, c)) = chars.next() {
        let after = at + c.len_utf8();
        if is_word_char(c) || c.is_mark_nonspacing() {
            end = after;
            previous = c;
            continue;
        }
        if is_ignorable(c) {
            continue;
        }
        let next = chars.peek().map_or(' ', |&(_, next)| next);
        let left = &text[part..at];
        let single = left.chars().nth(1).is_none() && left.starts_with(char::is_alphabetic);
        let joins = match c {
            '\'' | '\u{2019}' => next.is_alphabetic(),
            '_' | '@' => is_word_char(next),
            ',' | ':' => previous.is_numeric() && next.is_numeric(),
            '.' if previous.is_numeric() => next.is_numeric(),
            '.' if single && letters_and_stops => {
                let rest = &text[after..];
                if part > 0 && !is_single_letter(rest) {
                    // The stop of the last letter belongs to the acronym.
                    return after;
                }
                is_single_letter(rest)
            }
            '.' => previous.is_lowercase() && next.is_ascii_lowercase(),
            _ => false,
        };
        if !joins {
            break;
        }
        letters_and_stops &= c == '.' && single;
        part = after;
        previous = c;
    }
    end
}

/// Whether `text` begins with a letter that is a part of a dotted acronym: `S.`, or `S` at the end
/// of the word.
fn is_single_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphabetic) && !chars.next().is_some_and(is_word_char)
}

/// The length of what follows the symbol `first` in one visible sign: accents, variation selectors,
/// skin tones, joined emoji, the second letter of a flag.
fn sequence_length(first: char, rest: &str) -> usize {
    let mut end = 0;
    let mut previous = first;
    let mut flag_is_open = is_regional(first);
    for (at, c) in rest.char_indices() {
        let pairs_up = flag_is_open && is_regional(c);
        let joined = previous == '\u{200d}' && !c.is_whitespace() && !c.is_ascii();
        let is_tag = matches!(c, '\u{e0020}'..='\u{e007f}');
        let is_tone = matches!(c, '\u{1f3fb}'..='\u{1f3ff}');
        if c.is_mark_nonspacing() || c.is_mark_enclosing() || is_tone || is_tag || pairs_up || joined {
            end = at + c.len_utf8();
        } else if c != '\u{200d}' {
            break;
        }
        flag_is_open &= !pairs_up;
        previous = c;
    }
    end
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// The length in bytes of the web address that `text` begins with. It ends before white space,
/// angle brackets and quotation marks, and does not keep the punctuation of the sentence around it.
pub(crate) fn url_length(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://", "www."]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))?;
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '«' | '»'))
        .unwrap_or(text.len());
    let url = text[..end].trim_end_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | '\'' | '’' | ')' | ']' | '}' | '*') || is_ignorable(c)
    });
    (url.len() > scheme.len()).then_some(url.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::text::is_blank;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|span| span.slice(text)).collect()
    }

    #[test]
    fn words_keep_inner_apostrophes_and_numbers_inner_points() {
        assert_eq!(split("don't Israel’s O'Brien"), ["don't", "Israel’s", "O'Brien"]);
        assert_eq!(split("workers' rights"), ["workers", "'", "rights"]);
        assert_eq!(split("$1,000, 3.5% at 10:30."), ["$", "1,000", ",", "3.5", "%", "at", "10:30", "."]);
        assert_eq!(split("so-called ceasefire"), ["so", "-", "called", "ceasefire"]);
    }

    #[test]
    fn dotted_acronyms_are_one_word_and_initials_are_not() {
        assert_eq!(split("the U.S. and a.m."), ["the", "U.S.", "and", "a.m."]);
        assert_eq!(split("(U.S)"), ["(", "U.S", ")"]);
        assert_eq!(split("John F. Kennedy"), ["John", "F", ".", "Kennedy"]);
        assert_eq!(split("plan B.Then"), ["plan", "B", ".", "Then"]);
    }

    #[test]
    fn addresses_hashtags_and_mentions_are_one_word() {
        assert_eq!(split("(see https://a.org/x?y=1)."), ["(", "see", "https://a.org/x?y=1", ")", "."]);
        assert_eq!(split("WWW.example.com, ok"), ["WWW.example.com", ",", "ok"]);
        assert_eq!(split("#Gaza @some_one # 5"), ["#Gaza", "@some_one", "#", "5"]);
        assert_eq!(split("desk@news.example.org!"), ["desk@news.example.org", "!"]);
        assert_eq!(split("https:// www."), ["https", ":", "/", "/", "www", "."]);
    }

    #[test]
    fn emoji_sequences_and_accents_stay_whole() {
        assert_eq!(split("ok👍🏽🇵🇸🇮🇱"), ["ok", "👍🏽", "🇵🇸", "🇮🇱"]);
        assert_eq!(split("👩\u{200d}👧\u{200d}👦 ❤\u{fe0f}"), ["👩\u{200d}👧\u{200d}👦", "❤\u{fe0f}"]);
        assert_eq!(split("cafe\u{301}s"), ["cafe\u{301}s"]);
        assert_eq!(split("مُدَرِّسٌ، نعم"), ["مُدَرِّسٌ", "،", "نعم"]);
    }

    #[test]
    fn zero_width_characters_neither_start_nor_end_a_word() {
        assert_eq!(split("\u{feff}co\u{ad}op\u{200b} \u{200b}x"), ["co\u{ad}op", "x"]);
    }

    /// The words of a text by the definition alone.
    fn defined(text: &str) -> Vec<Span> {
        let (mut all, mut rest) = (Vec::new(), text);
        loop {
            rest = rest.trim_start_matches(is_between);
            let start = text.len() - rest.len();
            let Some(length) = word_length(rest) else { return all };
            all.push(Span::new(start, start + length));
            rest = &rest[length..];
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn plain_words_end_where_all_words_do(text in "([a-zA-ZéÜ0-9]{0,4}[ .,:'’_@#\"“”—…\\-()\u{0}\n\u{200b}\u{301}؟،.]{0,3}|[ابتةجوي\u{64b}\u{640}٣ے]{0,4}[ .,،:؛؟'’“]{0,2}|https?://|www\\.|\\PC{0,2}){0,12}") {
            prop_assert_eq!(words(&text).collect::<Vec<_>>(), defined(&text));
        }
    }

    proptest! {
        #[test]
        fn words_are_ordered_and_cover_everything_visible(text in "(\\PC|[a-zA-Z.,'’:#@_ 0-9\u{200d}\u{301}\u{feff}\n])*") {
            let mut end = 0;
            for span in words(&text) {
                prop_assert!(span.start >= end && !span.is_empty());
                prop_assert!(!span.slice(&text).is_empty());
                let gap = &text[end..span.start];
                prop_assert!(gap.chars().all(|c| is_blank(c) || c.is_mark_nonspacing()), "{gap:?}");
                end = span.end;
            }
            prop_assert!(text[end..].chars().all(|c| is_blank(c) || c.is_mark_nonspacing()));
        }
    }
}
