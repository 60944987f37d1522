//! One thing under several names: where any of them stands in a text.
//!
//! In: entries, each with the forms that it is written in, in any language; a text and a place in it. Out:
//! [`AliasMention`]s, each with its span and the entry that it belongs to. Start at [`Aliases::find`]. What the forms
//! are is the caller's: the user's file (`corpus/aliases.rs`) or a table that ships (`text/actor/`).
//!
//! Words are compared in their normal form (`normalize.rs`). Beyond that:
//!
//! - a hyphen between two words is a space: *cease-fire* is *cease fire*; *ceasefire* is another form;
//! - the last word of a form may have a plural *s* or a possessive *'s*; the latter is not part of the span;
//! - a word of a form in two capitals or more (*US*, *U.S.*) stands for capitals alone, one with a capital (*Turkey*)
//!   for a word with a capital, any other for the word in any case;
//! - before an Arabic form may stand proclitics (*و ف ب ل ك س*), which are not part of the span where they can be cut;
//!   an Arabic word with the article stands for itself, one without it for both; before a later word *ل* may stand
//!   (*وقف إطلاق النار*, *وقف لإطلاق النار*);
//! - a hashtag is the word behind its sign.

use super::arabic::{self, is_arabic};
use super::normalize;
use super::span::Span;
use super::word::words;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A form of more words is never found; it bounds the work at a word of the text.
pub const LONGEST_FORM: usize = 16;

/// As many proclitics can stand before a form.
const MOST_PROCLITICS: usize = 3;

/// Longer words, in bytes of their normal form, have no proclitic.
const LONGEST_CUT: usize = 128;

/// A place where an entry is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AliasMention {
    /// Where, without Arabic proclitics, a possessive's *'s* or the sign of a hashtag.
    pub span: Span,
    /// Which entry, counted from 0 in the order of [`Aliases::new`].
    pub entry: usize,
}

/// Finds the forms of many entries at once. The default finds nothing.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    names: Vec<Box<str>>,
    forms: Vec<Form>,
    /// By the key of a form's first word, the forms; those of more words first, then in the order of the entries.
    starts: FxHashMap<Box<str>, Vec<u32>>,
}

/// One way to write an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    entry: usize,
    words: Vec<FormWord>,
    /// Whether it is a name, which has no plural and no other article than its own.
    exact: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FormWord {
    /// The normal form; of an Arabic word, without article.
    key: Box<str>,
    case: Case,
    article: Article,
}

/// Whether an Arabic word of a form has the article in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Article {
    Needed,
    Free,
    Refused,
}

/// Which capitals a word of a form asks for, from few to many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    Any,
    Capital,
    Capitals,
}

/// One way to take a word of the text.
#[derive(Debug, Clone, Copy)]
struct Reading<'k> {
    key: &'k str,
    article: bool,
    /// How many letters of an Arabic word are proclitics.
    cut: usize,
    ending: Ending,
}

/// What follows the form in its last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Nothing,
    Plural,
    Possessive,
}

/// A word of the text.
#[derive(Debug)]
struct Word {
    span: Span,
    /// Its key, in [`Words::keys`].
    key: Range<usize>,
    is_arabic: bool,
    /// A hyphen that touches the words on both sides.
    is_hyphen: bool,
}

/// The words of a text with their keys.
#[derive(Debug, Default)]
struct Words {
    words: Vec<Word>,
    keys: String,
}

impl Words {
    fn new(text: &str, within: Span) -> Self {
        let mut all = Self::default();
        let mut form = String::new();
        for span in words(within.slice(text)) {
            let mut span = Span::new(span.start + within.start, span.end + within.start);
            let whole = span.slice(text);
            span.start += usize::from(whole.starts_with('#') && whole.len() > 1);
            let word = span.slice(text);
            key(word, &mut form);
            let start = all.keys.len();
            all.keys.push_str(&form);
            all.words.push(Word {
                span,
                key: start..all.keys.len(),
                is_arabic: form.starts_with(is_arabic),
                is_hyphen: matches!(word, "-" | "\u{2010}" | "\u{2011}" | "\u{2013}"),
            });
        }
        for at in 0..all.words.len() {
            let touches =
                |a: Option<&Word>, b: Option<&Word>| a.zip(b).is_some_and(|(a, b)| a.span.end == b.span.start);
            let before = at.checked_sub(1).and_then(|before| all.words.get(before));
            let here = all.words.get(at);
            let joins = touches(before, here) && touches(here, all.words.get(at + 1));
            if let Some(word) = all.words.get_mut(at) {
                word.is_hyphen &= joins;
            }
        }
        all
    }

    fn key(&self, word: &Word) -> &str {
        self.keys.get(word.key.clone()).unwrap_or_default()
    }
}

/// Writes what a word is compared by: its normal form, with the digits that it has, and without the last stop of a
/// dotted acronym.
fn key(word: &str, form: &mut String) {
    normalize::word(word, form);
    if word.bytes().any(|b| b.is_ascii_digit()) && word.is_ascii() {
        word.to_ascii_lowercase().clone_into(form);
    }
    if form.len() > 2 && form.ends_with('.') {
        form.pop();
    }
}

impl FormWord {
    fn new(word: &str, key: &str) -> Self {
        let (key, article) = match key.strip_prefix(arabic::ARTICLE) {
            // In *ألمانيا* the first letters look like the article once they are levelled.
            Some(rest) if rest.chars().nth(1).is_some() && word.starts_with(arabic::ARTICLE) => (rest, Article::Needed),
            _ => (key, Article::Free),
        };
        let (mut upper, mut lower) = (0, 0);
        for c in word.chars() {
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
        }
        let case = match (upper, lower) {
            (2.., 0) => Case::Capitals,
            _ if word.starts_with(char::is_uppercase) => Case::Capital,
            _ => Case::Any,
        };
        Self { key: key.into(), case, article }
    }

    /// Whether `word` of the text, taken as `reading`, is this one.
    fn is(&self, word: &str, reading: Reading<'_>) -> bool {
        let capitals = || {
            let end = match reading.ending {
                Ending::Nothing => word.len(),
                Ending::Plural => word.len().saturating_sub(1),
                Ending::Possessive => possessive(word),
            };
            !word.get(..end).unwrap_or(word).contains(char::is_lowercase)
        };
        *self.key == *reading.key
            && match self.article {
                Article::Free => true,
                article => reading.article == (article == Article::Needed),
            }
            && match self.case {
                Case::Any => true,
                Case::Capital => word.starts_with(char::is_uppercase),
                Case::Capitals => capitals(),
            }
    }
}

/// Where the `'s` of a possessive begins; the word's length if it has none.
fn possessive(word: &str) -> usize {
    let stem =
        word.strip_suffix(['s', 'S']).and_then(|rest| rest.strip_suffix(['\'', '\u{2019}', '\u{2018}', '\u{2bc}']));
    stem.map_or(word.len(), str::len)
}

/// The ways to take the first word of a form, or a later one, the plainest first. Only Arabic words have proclitics.
fn readings(key: &str, is_arabic: bool, first: bool, mut visit: impl FnMut(Reading<'_>)) {
    let plain = Reading { key, article: false, cut: 0, ending: Ending::Nothing };
    visit(plain);
    if !is_arabic {
        if let Some(stem) = key.strip_suffix("'s").or_else(|| key.strip_suffix(".s")) {
            visit(Reading { key: stem, ending: Ending::Possessive, ..plain });
        } else if let Some(stem) = key.strip_suffix('s') {
            visit(Reading { key: stem, ending: Ending::Plural, ..plain });
        }
        return;
    }
    let (mut rest, mut cut) = (key, 0);
    loop {
        if let Some(stem) = rest.strip_prefix(arabic::ARTICLE) {
            visit(Reading { key: stem, article: true, cut, ..plain });
        }
        if let Some(stem) = rest.strip_prefix(arabic::FOR_THE) {
            visit(Reading { key: stem, article: true, cut: cut + 2, ..plain });
        }
        let most = if first { MOST_PROCLITICS } else { 1 };
        let proclitic = |c: &char| if first { arabic::PROCLITICS.contains(c) } else { *c == 'ل' };
        let Some(letter) = rest.chars().next().filter(proclitic) else { return };
        if cut >= most || key.len() > LONGEST_CUT {
            return;
        }
        rest = &rest[letter.len_utf8()..];
        cut += 1;
        if rest.is_empty() {
            return;
        }
        visit(Reading { key: rest, cut, ..plain });
    }
}

impl Aliases {
    /// Takes over entries: a name and the forms that stand for it. The name is a form only where it is one of them.
    /// Forms without a word, or of more than [`LONGEST_FORM`], stand for nothing. Of entries that share a form the
    /// first has it.
    #[must_use]
    pub fn new<N, F>(entries: impl IntoIterator<Item = (N, Vec<F>)>) -> Self
    where
        N: AsRef<str>,
        F: AsRef<str>,
    {
        let mut all = Self::default();
        for (name, forms) in entries {
            all.push(name.as_ref(), forms.iter().map(AsRef::as_ref), false);
        }
        all.ordered()
    }

    /// Adds an entry behind the others. Where they are `exact`, its forms have no plural, and one without the article, as
    /// the names of most places, stands for no word that has one (*بنين*, and not *البنين*).
    pub(super) fn push<'f>(&mut self, name: &str, forms: impl Iterator<Item = &'f str>, exact: bool) {
        let entry = self.names.len();
        self.names.push(name.into());
        for form in forms {
            let mut words = form_words(form);
            if let Some(first) = words.first_mut().filter(|first| exact && first.article == Article::Free) {
                first.article = Article::Refused;
            }
            if let Some(first) = words.first().filter(|_| words.len() <= LONGEST_FORM) {
                let number = self.forms.len() as u32;
                self.starts.entry(first.key.clone()).or_default().push(number);
                self.forms.push(Form { entry, words, exact });
            }
        }
    }

    /// Puts the forms of most words first, as [`Aliases::find`] expects them.
    pub(super) fn ordered(mut self) -> Self {
        for starts in self.starts.values_mut() {
            // Stable: the order of the entries is kept.
            starts.sort_by_key(|&form| std::cmp::Reverse(self.forms.get(form as usize).map_or(0, |f| f.words.len())));
        }
        self
    }

    /// The name of an entry; empty where there is none of that number.
    #[must_use]
    pub fn name(&self, entry: usize) -> &str {
        self.names.get(entry).map_or("", |name| name)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The mentions in the part `within` of `text`, from left to right, without overlap: at each word the form of
    /// most words. Nothing where `within` does not fit the text.
    #[must_use]
    pub fn find(&self, text: &str, within: Span) -> Vec<AliasMention> {
        let mut found = Vec::new();
        if self.starts.is_empty() {
            return found;
        }
        let words = Words::new(text, within);
        let mut at = 0;
        while let Some(word) = words.words.get(at) {
            let mut best: Option<(usize, AliasMention)> = None;
            readings(words.key(word), word.is_arabic, true, |reading| {
                let starts = self.starts.get(reading.key).map_or(&[][..], |starts| starts);
                let forms = starts.iter().filter_map(|&form| self.forms.get(form as usize));
                for form in forms {
                    // The first to match has the most words of this reading.
                    if let Some((end, span)) = matched(text, &words, at, form, reading) {
                        if best.is_none_or(|(longest, _)| end > longest) {
                            best = Some((end, AliasMention { span, entry: form.entry }));
                        }
                        break;
                    }
                }
            });
            at = best.map_or(at + 1, |(end, _)| end);
            found.extend(best.map(|(_, mention)| mention));
        }
        found
    }
}

/// The words of a form.
fn form_words(form: &str) -> Vec<FormWord> {
    let words = Words::new(form, Span::new(0, form.len()));
    let kept = words.words.iter().filter(|word| !word.is_hyphen && !word.key.is_empty());
    kept.map(|word| FormWord::new(word.span.slice(form), words.key(word))).collect()
}

/// What two spellings of one form have in common, a word of it a word of theirs; empty for a form without a word.
#[must_use]
pub fn form_key(form: &str) -> String {
    let mut all = String::new();
    for word in form_words(form) {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(match word.case {
            Case::Any => "",
            Case::Capital => "^",
            Case::Capitals => "^^",
        });
        all.push_str(if word.article == Article::Needed { arabic::ARTICLE } else { "" });
        all.push_str(&word.key);
    }
    all
}

/// The place after `form` if it stands at word `at`, whose first word is taken as `first`, and its span.
fn matched(text: &str, words: &Words, at: usize, form: &Form, first: Reading<'_>) -> Option<(usize, Span)> {
    let (head, rest) = form.words.split_first()?;
    let start = words.words.get(at)?;
    let inner = !rest.is_empty() && first.ending != Ending::Nothing;
    if inner || !head.is(start.span.slice(text), first) {
        return None;
    }
    let mut last = (start, first.ending);
    let mut next = at + 1;
    for (n, expected) in rest.iter().enumerate() {
        next += usize::from(words.words.get(next).is_some_and(|word| word.is_hyphen));
        let word = words.words.get(next)?;
        let gap = Span::new(last.0.span.end, word.span.start).slice(text);
        if gap.matches('\n').nth(1).is_some() {
            return None;
        }
        let mut ending = None;
        readings(words.key(word), word.is_arabic, false, |reading| {
            let fits = reading.ending == Ending::Nothing || n + 1 == rest.len();
            if ending.is_none() && fits && expected.is(word.span.slice(text), reading) {
                ending = Some(reading.ending);
            }
        });
        last = (word, ending?);
        next += 1;
    }
    let mut span = Span::new(start.span.start, last.0.span.end);
    if first.cut > 0 {
        span.start += arabic::length_of(start.span.slice(text), first.cut).unwrap_or(0);
    }
    if last.1 == Ending::Possessive {
        span.end = last.0.span.start + possessive(last.0.span.slice(text));
    }
    (!form.exact || last.1 != Ending::Plural).then_some((next, span))
}

#[cfg(test)]
#[path = "alias_tests.rs"]
mod tests;
