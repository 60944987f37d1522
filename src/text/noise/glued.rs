//! Words without the space between them.
//!
//! In: the words of the sentences, one sentence after the other. Out: which of them are two, and where the
//! second begins. Start at [`Candidates`]. A capital inside a word is mostly a name's own (*McDonald*,
//! *easyJet*, *JPMorgan*). So a word is only cut where it stands once, its first part is a common word or an
//! acronym, and its second part begins sentences or stands in the text by itself.

use super::starts_upper;
use crate::text::abbreviation::is_sentence_opener;
use crate::text::normalize::word as normal_form;
use crate::text::span::Span;
use crate::text::word::words;
use rustc_hash::FxHashMap;

/// The longest word that is looked at, in bytes.
const LONGEST: usize = 60;

/// Words that may be two.
#[derive(Debug, Default)]
pub(super) struct Candidates(Vec<Candidate>);

#[derive(Debug)]
struct Candidate {
    span: Span,
    /// Where the second part begins, in bytes of the text.
    cut: usize,
}

impl Candidates {
    /// Notes those among the words of one sentence.
    pub(super) fn collect(&mut self, text: &str, words: impl Iterator<Item = Span>) {
        for span in words {
            if let Some(cut) = cut_of(span.slice(text)) {
                self.0.push(Candidate { span, cut: span.start + cut });
            }
        }
    }

    /// Those that are two words, with the place of the second.
    pub(super) fn decide(self, text: &str, sentences: &[Span], is_common: &dyn Fn(&str) -> bool) -> Vec<(Span, usize)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        // How often the words in question stand in the text.
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for candidate in &self.0 {
            counts.insert(candidate.span.slice(text), 0);
            counts.insert(&text[candidate.cut..candidate.span.end], 0);
        }
        for sentence in sentences {
            let slice = sentence.slice(text);
            for word in words(slice) {
                if let Some(count) = counts.get_mut(word.slice(slice)) {
                    *count += 1;
                }
            }
        }
        let count = |word: &str| counts.get(word).copied().unwrap_or_default();
        let mut form = String::new();
        let mut is_glued = |candidate: &Candidate| {
            let (left, right) = (&text[candidate.span.start..candidate.cut], &text[candidate.cut..candidate.span.end]);
            let stands_alone = right.chars().nth(3).is_some() && count(right) > 0;
            let opens = is_sentence_opener(right) && right.chars().nth(2).is_some();
            let begins = if left.starts_with(char::is_lowercase) {
                normal_form(left, &mut form);
                is_common(&form) && (opens || stands_alone)
            } else if left.chars().all(char::is_uppercase) {
                opens || stands_alone
            } else {
                // A name before a word that no name ends with.
                left.chars().nth(3).is_some() && BEGINS.binary_search(&right).is_ok()
            };
            begins && count(candidate.span.slice(text)) == 1
        };
        self.0.iter().filter(|c| is_glued(c)).map(|c| (c.span, c.cut)).collect()
    }
}

/// Whether a text may hold a glued word: a capital with a letter before it and a small one after it. Of characters outside
/// ASCII and Arabic, but for dashes and quotation marks, it is not told.
pub(super) fn may_be_glued(text: &str) -> bool {
    let may_be = |three: &[u8]| {
        let capital = three[0].is_ascii_alphabetic() & three[1].is_ascii_uppercase() & three[2].is_ascii_lowercase();
        let other = (three[0] >= 0xc0) & !matches!(three[0], 0xd8..=0xdb) & !(three[0] == 0xe2 && three[1] == 0x80);
        capital | other
    };
    text.as_bytes().windows(3).fold(false, |found, three| found | may_be(three))
}

/// Whether one of its characters but the first may be a capital: of two bytes, Arabic ones have none.
fn may_have_capital(word: &str) -> bool {
    let may_be = |byte: &u8| byte.is_ascii_uppercase() || *byte >= 0xc0 && !matches!(byte, 0xd8..=0xdb);
    word.as_bytes().iter().skip(1).any(may_be)
}

/// Where the one inner capital of a word of letters is, if there is one: `authorities|About`, `AP|Israeli`.
fn cut_of(word: &str) -> Option<usize> {
    if word.len() > LONGEST || word.len() < 5 || !may_have_capital(word) || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let inner = word.char_indices().rfind(|&(at, c)| at > 0 && c.is_uppercase()).map(|(at, _)| at)?;
    let (left, right) = word.split_at(inner);
    let lower_right = right.chars().skip(1).all(char::is_lowercase) && right.chars().nth(1).is_some();
    let is_plain = left.chars().skip(1).all(char::is_lowercase) && left.chars().nth(2).is_some();
    let is_acronym = left.chars().nth(1).is_some() && left.chars().nth(5).is_none();
    let is_acronym = is_acronym && left.chars().all(char::is_uppercase) && right.chars().nth(2).is_some();
    (lower_right && starts_upper(right) && (is_plain || is_acronym)).then_some(inner)
}

/// Words that begin sentences and end no name.
#[rustfmt::skip]
const BEGINS: &[&str] = &[
    "According", "After", "Although", "Because", "Before", "But", "However", "Meanwhile", "The", "Their", "These",
    "They", "This", "Those",
];
