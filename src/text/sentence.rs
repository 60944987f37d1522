//! Where the sentences of a text are.
//!
//! In: a text. Out: the span of every sentence, in order. Start at [`sentences`]. Paragraphs are
//! found in `paragraph.rs`; here each is read once, from left to right. What a mark means is told
//! by the word before it and the word after it, both of bounded length, so the time is linear in
//! the text whatever it holds.

use super::abbreviation::{Abbreviation, is_sentence_opener, is_verb_of_saying};
use super::normalize::{TATWEEL, is_blank};
use super::paragraph::paragraphs_in;
use super::span::{Span, boundary_before};
use super::word::url_length;

/// A longer sentence, in bytes, is cut at its last white space within this length.
pub const MAX_SENTENCE_BYTES: usize = 4000;

/// The longest word beside a mark that is looked at, in bytes. Longer ones are no abbreviation, no
/// opener and no name.
const MAX_WORD_BYTES: usize = 40;

/// The sentences of `text`, in order, without overlap, none empty, none longer than
/// [`MAX_SENTENCE_BYTES`]. They begin and end with a visible character, and together they cover
/// every visible character. A headline, a caption or a list item without a full stop is one too.
///
/// Closing quotation marks and brackets belong to the sentence whose mark they follow, and so does
/// a stray second full stop.
#[must_use]
pub fn sentences(text: &str) -> Vec<Span> {
    sentences_in(text, Span::new(0, text.len()))
}

/// The same for a part of `text` that is read as if it stood alone; by their places in `text`.
#[must_use]
pub fn sentences_in(text: &str, part: Span) -> Vec<Span> {
    let mut found = Vec::new();
    for paragraph in paragraphs_in(text, part) {
        split_paragraph(text, paragraph, &mut found);
    }
    found
}

/// Appends the sentences of one paragraph.
fn split_paragraph(text: &str, paragraph: Span, found: &mut Vec<Span>) {
    let text = &text[..paragraph.end];
    let bytes = text.as_bytes();
    let mut start = paragraph.start;
    let mut at = start;
    while at < text.len() {
        let (after, ends) = match bytes[at] {
            b'#' | b'@' => (after_tag(text, at), false),
            b'h' | b'H' | b'w' | b'W' => match url_at(text, start, at) {
                Some(length) => (at + length, false),
                None => (at + 1, false),
            },
            b'A'..=b'Z' if is_glued(text, start, at) => {
                push(text, Span::new(start, at), found);
                start = at;
                (at + 1, false)
            }
            b'.' | b'!' | b'?' | 0x80.. => match mark_at(text, at) {
                Some(_) => {
                    let mark = Mark::read(text, start, at);
                    (mark.end, mark.ends_sentence())
                }
                None => (at + char_at(text, at).map_or(1, char::len_utf8), false),
            },
            _ => (at + 1, false),
        };
        at = after;
        if ends {
            push(text, Span::new(start, at), found);
            // Past the blanks, so that no later look back at the sentence's start reads them again.
            at = text.len() - text[at..].trim_start_matches(is_blank).len();
            start = at;
        }
    }
    push(text, Span::new(start, at), found);
}

/// Appends `span` without the blanks around it, in parts where it is too long.
fn push(text: &str, span: Span, found: &mut Vec<Span>) {
    let mut rest = span.slice(text).trim_end_matches(is_blank);
    let end = span.start + rest.len();
    loop {
        rest = rest.trim_start_matches(is_blank);
        if rest.is_empty() {
            return;
        }
        let start = end - rest.len();
        let length = cut_length(rest);
        found.push(Span::new(start, start + rest[..length].trim_end_matches(is_blank).len()));
        rest = &rest[length..];
    }
}

/// How much of a sentence to keep together: all of it, or up to the last white space that fits.
fn cut_length(rest: &str) -> usize {
    if rest.len() <= MAX_SENTENCE_BYTES {
        return rest.len();
    }
    let head = &rest[..boundary_before(rest, MAX_SENTENCE_BYTES)];
    match head.rfind(char::is_whitespace) {
        Some(space) if space > 0 => space,
        _ => head.len(),
    }
}

fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// A mark that can end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `.`
    Stop,
    /// `!`, `?`, and the full stops of scripts that use them for nothing else.
    Firm,
    /// `…`
    Ellipsis,
}

/// The mark at a byte offset, and its length.
fn mark_at(text: &str, at: usize) -> Option<(Kind, usize)> {
    let c = char_at(text, at)?;
    let kind = match c {
        '.' => Kind::Stop,
        '!' | '?' | '؟' | '۔' | '।' | '。' | '！' | '？' | '｡' | '‼' | '⁇' | '⁈' | '⁉' => Kind::Firm,
        '…' => Kind::Ellipsis,
        _ => return None,
    };
    Some((kind, c.len_utf8()))
}

/// A run of marks with the closing quotation marks and brackets that belong to it, and what stands
/// on both sides.
#[derive(Debug)]
struct Mark<'t> {
    kind: Kind,
    /// Offset after the run.
    end: usize,
    /// Whether a quotation mark or bracket closes after it.
    closed: bool,
    /// Whether it is the first thing in the sentence but for digits: the label of a list item.
    labels: bool,
    /// The letters, digits and inner stops before it.
    before: &'t str,
    /// What comes after it.
    after: &'t str,
}

impl<'t> Mark<'t> {
    /// Reads the run at `at`, in a sentence that began at `start`.
    fn read(text: &'t str, start: usize, at: usize) -> Self {
        let before = word_before(text, start, at);
        let mut end = at;
        let (mut stops, mut firm, mut ellipsis, mut closed) = (0, false, false, false);
        loop {
            if let Some((kind, length)) = mark_at(text, end) {
                stops += usize::from(kind == Kind::Stop);
                firm |= kind == Kind::Firm;
                ellipsis |= kind == Kind::Ellipsis;
                end += length;
            } else if let Some(length) = closer_at(text, end) {
                closed = true;
                end += length;
            } else if let Some(length) = stray_length(&text[end..]) {
                end += length;
            } else {
                break;
            }
        }
        let kind = match (firm, ellipsis || stops > 1 && !closed) {
            (true, _) => Kind::Firm,
            (false, true) => Kind::Ellipsis,
            (false, false) => Kind::Stop,
        };
        let labels = start + before.len() == at && before.bytes().all(|byte| byte.is_ascii_digit());
        Self { kind, end, closed, labels, before, after: &text[end..] }
    }

    /// Whether the sentence ends here.
    fn ends_sentence(&self) -> bool {
        let Some(next) = self.after.chars().next() else { return true };
        if !is_blank(next) {
            return self.is_glued_to_next();
        }
        let after = self.after.trim_start_matches(is_blank);
        let Some(next) = after.chars().next() else { return true };
        if matches!(next, ',' | ';' | ':' | '،' | '؛' | '-' | '–' | '—' | '/' | '|' | '&' | '=') {
            return false;
        }
        let is_tag = matches!(next, '#' | '@');
        let opened = after.trim_start_matches(|c| is_opener(c) || matches!(c, '#' | '@'));
        let first_word = word_after(opened);
        let first = first_word.chars().next();
        if first.is_some_and(char::is_lowercase) && !is_tag {
            return false;
        }
        let caseless = first.is_some_and(|c| c.is_alphabetic() && !c.is_uppercase());
        match self.kind {
            Kind::Firm => !(self.closed && tells_who_spoke(after)),
            Kind::Ellipsis => !caseless,
            Kind::Stop => self.stop_ends(first_word, &opened[first_word.len()..]),
        }
    }

    /// Whether a single full stop ends the sentence before `first_word`, which `rest` follows.
    fn stop_ends(&self, first_word: &str, rest: &str) -> bool {
        if self.labels {
            return false;
        }
        if self.closed {
            return true;
        }
        let opens = is_sentence_opener(first_word) && !rest.starts_with('.');
        match Abbreviation::of(self.before) {
            Some(Abbreviation::Title) => false,
            Some(Abbreviation::Number) => !first_word.starts_with(char::is_numeric),
            Some(Abbreviation::Other) => opens,
            None if is_initial(self.before) || is_acronym(self.before) => opens,
            None => true,
        }
    }

    /// Whether the next sentence was glued to this one: `attack.The next`, `said.“We`.
    fn is_glued_to_next(&self) -> bool {
        let word = word_after(self.after.trim_start_matches(is_opener));
        let opened = self.after.starts_with(is_opener);
        let mut chars = word.chars();
        let (Some(first), second) = (chars.next(), chars.next()) else { return false };
        let starts_caseless = first.is_alphabetic() && !first.is_lowercase() && !first.is_uppercase();
        if starts_caseless {
            let firm = self.kind == Kind::Firm;
            // Shorter words may be spelt-out letters, as in the name of a broadcaster.
            let parts_words = word.chars().nth(2).is_some() && first != TATWEEL && is_caseless_word(self.before);
            return firm || self.kind == Kind::Stop && parts_words;
        }
        let capitalised = first.is_uppercase() && second.is_none_or(char::is_lowercase);
        if !capitalised || self.kind == Kind::Ellipsis {
            return false;
        }
        let opener = is_sentence_opener(word);
        let ends_lower = self.before.ends_with(char::is_lowercase) && !self.before.contains('.');
        match second {
            _ if self.closed || opened => true,
            None if !opener => false,
            _ => ends_lower && (opener && self.before.len() >= 2 || is_plain_word(self.before)),
        }
    }
}

/// A word of four lower-case letters or more: long enough not to be a host, a brand or a file name.
fn is_plain_word(word: &str) -> bool {
    word.chars().count() >= 4 && word.chars().all(char::is_lowercase)
}

/// A word of two letters or more in a script without case, such as Arabic. One that ends with a
/// tatweel is cut by the stop, as writers do to hide a word from filters.
fn is_caseless_word(word: &str) -> bool {
    if word.ends_with(TATWEEL) {
        return false;
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() >= 2 && letters.all(|c| !c.is_lowercase() && !c.is_uppercase())
}

/// One capital letter: "J." of "J. Smith".
fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

/// Single letters with stops between them: "U.S" of "U.S.".
fn is_acronym(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| part.chars().count() == 1 && part.starts_with(char::is_alphabetic))
}

/// Letters, digits and inner stops just before `at`, not reaching before `start`.
fn word_before(text: &str, start: usize, at: usize) -> &str {
    let from = boundary_before(text, at.saturating_sub(MAX_WORD_BYTES)).max(start);
    let window = &text[from..at];
    let begin = window
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || c == '.')
        .last()
        .map_or(window.len(), |(index, _)| index);
    window[begin..].trim_start_matches('.')
}

/// The letters and digits that `text` begins with.
fn word_after(text: &str) -> &str {
    let window = &text[..boundary_before(text, MAX_WORD_BYTES)];
    &window[..window.find(|c: char| !c.is_alphanumeric()).unwrap_or(window.len())]
}

/// Marks that open a quotation or a bracket. `"` and `'` are here because they are only asked about
/// in front of a word.
fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '„' | '«' | '»' | '‹' | '(' | '[' | '{' | '¿' | '¡' | '*' | '_') || is_blank(c)
}

/// The length of the closing quotation mark or bracket at `at`, after a mark.
fn closer_at(text: &str, at: usize) -> Option<usize> {
    let mut chars = text[at..].chars();
    let c = chars.next()?;
    let closes = match c {
        '”' | '’' | ')' | ']' | '}' | '›' | '」' | '』' | '）' => true,
        // These open as well; before a word or a bracket they belong to the next sentence.
        '"' | '\'' | '“' | '‘' | '«' | '»' | '*' | '_' => {
            chars.next().is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '(' | '[' | '“' | '‘'))
        }
        _ => false,
    };
    closes.then_some(c.len_utf8())
}

/// The length of a stop or closing quotation mark that stands alone after blanks: the ` .` of
/// `pretexts. .`
fn stray_length(after: &str) -> Option<usize> {
    let rest = after.trim_start_matches(is_blank);
    let blanks = after.len() - rest.len();
    let mut chars = rest.chars();
    let stray = chars.next().filter(|c| matches!(c, '.' | '…' | '!' | '?' | '؟' | '”'))?;
    let alone = chars.next().is_none_or(|next| is_blank(next) || matches!(next, '.' | '!' | '?' | '”' | '"'));
    (blanks > 0 && alone).then(|| blanks + stray.len_utf8())
}

/// Whether a name and a verb of saying follow a quotation: `“Why?” Mr. Smith asked.`
fn tells_who_spoke(after: &str) -> bool {
    let mut rest = after;
    for _ in 0..4 {
        let word = word_after(rest);
        if is_verb_of_saying(word) {
            return true;
        }
        if !word.starts_with(char::is_uppercase) {
            return false;
        }
        rest = &rest[word.len()..];
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let Some(next) = rest.strip_prefix(' ') else { return false };
        rest = next;
    }
    false
}

/// Whether a new sentence was glued to a word at the capital letter at `at`: `authoritiesAbout`,
/// `themselvesI am`.
fn is_glued(text: &str, start: usize, at: usize) -> bool {
    if at == start || !text.as_bytes()[at - 1].is_ascii_lowercase() {
        return false;
    }
    let left = word_before(text, start, at);
    if !is_plain_word(left) {
        return false;
    }
    let preceding = text[start..at - left.len()].chars().next_back();
    if preceding.is_some_and(|c| !is_blank(c) && !is_opener(c) && !matches!(c, '-' | '–' | '—' | ',' | ';' | ':')) {
        return false;
    }
    let right = word_after(&text[at..]);
    let lower = right[1..].chars().take_while(|c| c.is_lowercase()).count();
    match lower {
        0 => matches!(right, "A" | "I") && text[at + 1..].starts_with(' '),
        // Short endings and short beginnings are brands (`gofundMe`, `easyJet`) unless a word follows that
        // begins sentences.
        1 => is_sentence_opener(right),
        _ => right.len() == lower + 1 && (left.len() > 4 || is_sentence_opener(right)),
    }
}

/// The offset after the hashtag or mention at `at`: capitals inside it begin no sentence.
fn after_tag(text: &str, at: usize) -> usize {
    let rest = &text[at + 1..];
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    at + 1 + end
}

/// The length of the web address at `at`, where a word begins.
fn url_at(text: &str, start: usize, at: usize) -> Option<usize> {
    let inside_word = at > start && text.as_bytes()[at - 1].is_ascii_alphanumeric();
    if inside_word { None } else { url_length(&text[at..]) }
}

#[cfg(test)]
mod tests;
