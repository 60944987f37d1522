//! What a token is and where it stands, as yes-or-no facts: what the span heads see of it beside its vector.
//!
//! In: the tokens of a sentence, names flagged and each word a token of its own. Out: fact numbers. Start at
//! [`Facts::of_word`] and [`Facts::of_place`]. The first hang on the word alone, so that a word's scores can be
//! added up once: the word, its endings of two to four letters, its first three, its word classes, its shape.
//! The others hang on what stands around it: quotation marks and how long the quoted passage is, the
//! sentence's ends, the next word.
//!
//! A name has no fact but that it is one, and its form of address.

use super::{classes, keys::Keys};
use crate::text::{Tokens, is_possessive, lexeme, normal_form};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The facts that every vocabulary has, in the order of their numbers.
const CLOSED: &[&str] = &[
    "token",
    "name",
    "possessive-name",
    "tag",
    "capital-name",
    "punctuation",
    "web-address",
    "digit",
    "capitalised",
    "all-capitals",
    "hyphen",
    "quoted",
    "first-quoted",
    "last-quoted",
    "first",
    "last",
    "glued",
    "quoted-word",
    "quoted-phrase",
    "quoted-clause",
    "quoted-sentence",
];

/// How many facts every vocabulary has; their numbers are below this.
pub const CLOSED_FACTS: u32 = CLOSED.len() as u32;

/// The word that stands for a name.
pub const NAME_WORD: &str = "<n>";

/// The fact that every token has.
pub const TOKEN: u32 = 0;
const NAME: u32 = 1;
const POSSESSIVE_NAME: u32 = 2;
const TAG: u32 = 3;
const CAPITAL_NAME: u32 = 4;
const PUNCTUATION: u32 = 5;
const WEB_ADDRESS: u32 = 6;
const DIGIT: u32 = 7;
const CAPITALISED: u32 = 8;
const ALL_CAPITALS: u32 = 9;
const HYPHEN: u32 = 10;
const QUOTED: u32 = 11;
const FIRST_QUOTED: u32 = 12;
const LAST_QUOTED: u32 = 13;
const FIRST: u32 = 14;
const LAST: u32 = 15;
const GLUED: u32 = 16;
const QUOTED_LENGTH: u32 = 17;

/// The number of the first word class.
const CLASS: u32 = CLOSED.len() as u32;

/// The number of the first key.
const KEY: u32 = CLASS + classes::WORD_CLASSES as u32;

/// Words up to which a quoted passage is a word, a phrase or a clause; longer ones are sentences.
const QUOTED_LENGTHS: [usize; 3] = [1, 3, 6];

/// Tokens that a quoted passage is followed to either side.
const REACH: usize = 20;

/// Lengths of the endings, in characters, and of the beginning; of words longer by at least two.
const ENDINGS: [usize; 3] = [2, 3, 4];
const BEGINNING: usize = 3;

/// Families of keys; a key begins with its family.
const WORD: char = 'w';
const ENDING: char = 's';
const START: char = 'p';
const PAIR: char = 'b';

/// The vocabulary of facts: numbers for words, endings, beginnings and pairs of words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    keys: Keys,
}

/// The words of a sentence as the facts see them: in normal form, without the Arabic article, a name as `<n>`.
#[must_use]
pub fn words(text: &str, tokens: &Tokens) -> Vec<String> {
    let mut form = String::new();
    let of = |token: &crate::text::Token| {
        if token.name {
            return NAME_WORD.to_owned();
        }
        normal_form(token.span.slice(text), &mut form);
        lexeme(&form).to_owned()
    };
    tokens.tokens.iter().map(of).collect()
}

impl Facts {
    /// Numbers every word, ending and beginning that stands at least `least` times in the sentences, and every pair
    /// that does `least_pairs` times, in alphabetical order: the same sentences in any order give the same
    /// vocabulary.
    pub fn count<'a, 'b>(least: u32, least_pairs: u32, sentences: impl Iterator<Item = (&'a str, &'b Tokens)>) -> Self {
        let mut counts: FxHashMap<Box<str>, u32> = FxHashMap::default();
        for (text, tokens) in sentences {
            let words = words(text, tokens);
            let mut count = |key: &str| match counts.get_mut(key) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(key.into(), 1);
                }
            };
            for at in 0..words.len() {
                word_keys(&words, tokens, at, &mut count);
                pair_key(&words, at, &mut count);
            }
        }
        let mut kept: Vec<Box<str>> = counts
            .into_iter()
            .filter(|(key, n)| *n >= if key.starts_with(PAIR) { least_pairs } else { least })
            .map(|(key, _)| key)
            .collect();
        kept.sort_unstable();
        Self { keys: kept.iter().collect() }
    }

    /// The pairs of words that are facts, a space between the words, with their numbers.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, u32)> + Clone {
        self.keys.iter().zip(KEY..).filter_map(|(key, number)| Some((key.strip_prefix(PAIR)?, number)))
    }

    /// How many facts there are; their numbers are 0 to this, exclusive.
    #[must_use]
    pub fn len(&self) -> usize {
        KEY as usize + self.keys.len()
    }

    /// Never: there are always those that every vocabulary has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The facts that hang on the word alone, in no order that matters; `words` are the sentence's [`words`].
    pub fn of_word(&self, text: &str, tokens: &Tokens, words: &[String], at: usize, mut found: impl FnMut(u32)) {
        let (Some(token), Some(word)) = (tokens.tokens.get(at), words.get(at)) else { return };
        let original = token.span.slice(text);
        let shape = token.shape;
        let mut also = |fact: u32, holds: bool| {
            if holds {
                found(fact);
            }
        };
        also(TOKEN, true);
        also(NAME, token.name);
        also(POSSESSIVE_NAME, token.name && is_possessive(original));
        also(TAG, token.name && original.starts_with(['@', '#']));
        also(CAPITAL_NAME, token.name && shape.is_all_caps());
        also(PUNCTUATION, shape.is_punctuation());
        also(WEB_ADDRESS, shape.is_url());
        also(DIGIT, shape.has_digit());
        also(CAPITALISED, shape.is_capitalised() && !token.name);
        also(ALL_CAPITALS, shape.is_all_caps() && !token.name);
        if is_spelled(tokens, at) {
            also(HYPHEN, word.contains('-'));
            for class in classes::of(word) {
                also(CLASS + u32::from(*class), true);
            }
        }
        word_keys(words, tokens, at, |key| {
            if let Some(number) = self.keys.number(key) {
                also(KEY + number, true);
            }
        });
    }

    /// The facts that hang on what stands around it.
    pub fn of_place(&self, tokens: &Tokens, words: &[String], at: usize, mut found: impl FnMut(u32)) {
        of_surroundings(tokens, at, &mut found);
        pair_key(words, at, |key| {
            if let Some(number) = self.keys.number(key) {
                found(KEY + number);
            }
        });
    }
}

/// The facts that hang on what stands around a token, but that of the pair that it is with the next word; all are below
/// [`CLOSED_FACTS`].
pub fn of_surroundings(tokens: &Tokens, at: usize, mut found: impl FnMut(u32)) {
    let all = &tokens.tokens;
    let Some(token) = all.get(at) else { return };
    let before = at.checked_sub(1).and_then(|i| all.get(i));
    let mut also = |fact: u32, holds: bool| {
        if holds {
            found(fact);
        }
    };
    also(FIRST, at == 0);
    also(LAST, at + 1 == all.len());
    also(GLUED, before.is_some_and(|b| b.span.end == token.span.start));
    if token.quoted {
        also(QUOTED, true);
        also(FIRST_QUOTED, before.is_none_or(|b| !b.quoted));
        also(LAST_QUOTED, all.get(at + 1).is_none_or(|next| !next.quoted));
        let run = quoted_run(tokens, at).filter(|i| !all[*i].shape.is_punctuation()).count();
        let length = QUOTED_LENGTHS.iter().position(|most| run <= *most).unwrap_or(QUOTED_LENGTHS.len());
        also(QUOTED_LENGTH + length as u32, true);
    }
}

/// The tokens of the quoted passage that a quoted token stands in, as far as [`REACH`]: more are a sentence.
fn quoted_run(tokens: &Tokens, at: usize) -> std::ops::Range<usize> {
    let all = &tokens.tokens;
    let (low, high) = (at.saturating_sub(REACH), all.len().min(at + REACH));
    let start = all[low..at].iter().rposition(|t| !t.quoted).map_or(low, |i| low + i + 1);
    let end = all[at..high].iter().position(|t| !t.quoted).map_or(high, |i| at + i);
    start..end
}

/// Whether a token is a word whose spelling says something.
fn is_spelled(tokens: &Tokens, at: usize) -> bool {
    let token = &tokens.tokens[at];
    !token.name && !token.shape.is_punctuation() && !token.shape.has_digit() && !token.shape.is_url()
}

/// Calls `found` for every key of a word: its family and the word, an ending or the beginning.
fn word_keys(words: &[String], tokens: &Tokens, at: usize, mut found: impl FnMut(&str)) {
    if tokens.tokens[at].name {
        return;
    }
    let word = words[at].as_str();
    let mut key = String::with_capacity(word.len() + 1);
    let mut give = |family: char, part: &str| {
        key.clear();
        key.push(family);
        key.push_str(part);
        found(&key);
    };
    give(WORD, word);
    if !is_spelled(tokens, at) {
        return;
    }
    let length = word.chars().count();
    let cut = |n: usize| word.char_indices().nth(n).map_or(word.len(), |(i, _)| i);
    for ending in ENDINGS.iter().filter(|e| length > **e + 1) {
        give(ENDING, &word[cut(length - ending)..]);
    }
    if length > BEGINNING + 1 {
        give(START, &word[..cut(BEGINNING)]);
    }
}

/// Calls `found` for the key of a word and the next: the family, the word, a space, the next.
fn pair_key(words: &[String], at: usize, mut found: impl FnMut(&str)) {
    if let [word, next, ..] = &words[at..] {
        found(&format!("{PAIR}{word} {next}"));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::{Span, Tokenizer, mark_quoted, quoted};

    fn tokens(text: &str) -> Tokens {
        let vocabulary = ["[UNK]", "a"].map(str::to_owned);
        let mut tokens =
            Tokenizer::from_parts(vocabulary.to_vec()).unwrap().tokenize(text, Span::new(0, text.len())).unwrap();
        mark_quoted(&mut tokens, &quoted(text));
        tokens
    }

    fn facts(facts: &Facts, text: &str, tokens: &Tokens, at: usize) -> Vec<u32> {
        let words = words(text, tokens);
        let mut all = Vec::new();
        facts.of_word(text, tokens, &words, at, |f| all.push(f));
        facts.of_place(tokens, &words, at, |f| all.push(f));
        all
    }

    #[test]
    fn a_name_is_seen_as_one_whoever_it_is() {
        let vocabulary = |text: &str| {
            let mut tokens = tokens(text);
            tokens.tokens[0].name = true;
            let facts_of = Facts::count(1, 1, [(text, &tokens)].into_iter());
            facts(&facts_of, text, &tokens, 0).len()
        };
        assert_eq!(vocabulary("Rin won"), vocabulary("Tove won"));
    }

    #[test]
    fn words_of_one_quoted_word_are_told_from_those_of_a_quoted_sentence() {
        let text = "The \u{201c}reform\u{201d} failed, and \u{201c}we all knew that it would fail\u{201d}";
        let tokens = tokens(text);
        let vocabulary = Facts::count(9, 9, [(text, &tokens)].into_iter());
        let at = |word: &str| tokens.tokens.iter().position(|t| t.span.slice(text) == word).unwrap();
        assert!(facts(&vocabulary, text, &tokens, at("reform")).contains(&QUOTED_LENGTH));
        assert!(facts(&vocabulary, text, &tokens, at("knew")).contains(&(QUOTED_LENGTH + 3)));
        assert!(!facts(&vocabulary, text, &tokens, at("failed")).contains(&QUOTED));
    }

    #[test]
    fn every_number_is_below_the_length() {
        let text = "Reporters said, said reporters, that \u{201c}self-styled\u{201d} reporters said 4 things.";
        let tokens = tokens(text);
        let vocabulary = Facts::count(1, 1, [(text, &tokens)].into_iter());
        for at in 0..tokens.tokens.len() {
            assert!(facts(&vocabulary, text, &tokens, at).iter().all(|f| (*f as usize) < vocabulary.len()));
        }
    }
}
