//! Words that need no look at a character's category: runs of ASCII or of Arabic letters, and ASCII marks.
//!
//! In: text from the beginning of a word on. Out: the word's length, where that is plain. Start at [`word_length`]. It says
//! nothing wherever another character could join in; then the definition in `word.rs` decides, and a test holds
//! the two together.

/// The length of the word that `rest` begins with; `None` where that takes a closer look, and at the end of the text.
pub(super) fn word_length(rest: &[u8]) -> Option<usize> {
    let first = *rest.first()?;
    match first {
        b'h' | b'H' | b'w' | b'W' if may_be_url(rest) => None,
        b'a'..=b'z' | b'A'..=b'Z' => latin(rest),
        0xd8 | 0xd9 => arabic(rest),
        b'#' | b'@' | 0x80.. => None,
        // An accent or a joiner may follow; both are no ASCII.
        _ if first.is_ascii_punctuation() => rest.get(1).is_none_or(u8::is_ascii).then_some(1),
        _ => None,
    }
}

/// Whether a web address may begin here: `http` or `www.`.
fn may_be_url(rest: &[u8]) -> bool {
    let begins = |head: &[u8]| rest.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    begins(b"http") || begins(b"www.")
}

fn latin(rest: &[u8]) -> Option<usize> {
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let last = rest[end - 1];
    ends(rest, end, end == 1, last.is_ascii_digit(), last.is_ascii_lowercase()).then_some(end)
}

/// Letters of Arabic and the marks on them are U+0620 to U+065F, two bytes each.
fn arabic(rest: &[u8]) -> Option<usize> {
    let mut end = 0;
    while let [lead @ (0xd8 | 0xd9), trail, ..] = rest[end..] {
        let letter = lead == 0xd8 && trail >= 0xa0 || lead == 0xd9 && trail <= 0x9f;
        if !letter {
            break;
        }
        end += 2;
    }
    // What begins with a mark is no word yet.
    let begins = matches!(*rest, [0xd8, 0xa1..=0xbf, ..] | [0xd9, 0x81..=0x8a, ..]);
    (begins && ends(rest, end, end <= 4, false, false)).then_some(end)
}

/// Whether a run of letters and digits is all of a word, given whether it is short, and ends in a digit or in a
/// lower-case letter.
fn ends(rest: &[u8], end: usize, short: bool, digit: bool, lower: bool) -> bool {
    let next = |n: usize| rest.get(end + n).copied();
    match next(0) {
        None => true,
        Some(b',' | b':') => !digit,
        Some(b'.') => !(digit || short || lower && next(1).is_some_and(|byte| byte.is_ascii_lowercase())),
        Some(b'\'') => next(1).is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic()),
        Some(b'_' | b'@') => false,
        // Dashes, quotation marks and ellipses, but for the apostrophe and what cannot be seen.
        Some(0xe2) => next(1) == Some(0x80) && matches!(next(2), Some(0x90..=0x98 | 0x9a..=0xa7)),
        // The Arabic comma, semicolon and question mark.
        Some(0xd8) => matches!(next(1), Some(0x8c | 0x9b | 0x9f)),
        Some(byte) => byte == b' ' || byte == b'\n' || byte.is_ascii_punctuation(),
    }
}
