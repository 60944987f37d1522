//! Word and character n-grams of tokens, and the vocabulary that numbers them.
//!
//! In: tokens of a sentence. Out: feature numbers, each with the tokens it stands on and its inverse
//! document frequency. Start at [`Ngrams::visit`]. A word n-gram runs over neighbouring words,
//! punctuation
//! and Arabic proclitics skipped, without the Arabic article; a character n-gram stays inside one token, whose edges count as a space.
//!
//! Weighting: x = idf / √Σ idf², the sum running over a sentence's occurrences. Unlike
//! L2-normalised TF-IDF the divisor is a sum over tokens too, so scores fold into tables.

use super::keys::Keys;
use super::names;
use crate::text::{Tokens, lexeme, normal_form};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Which n-grams are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NgramSettings {
    /// Longest word n-gram, in words; 0 for none. Default 2.
    pub words: usize,
    /// Shortest character n-gram, in characters. Default 2.
    pub shortest: usize,
    /// Longest character n-gram, in characters; 0 for none. Default 5.
    pub longest: usize,
    /// Sentences a word n-gram must stand in to get a number. Default 2.
    pub word_sentences: u32,
    /// Sentences a character n-gram must stand in to get a number. Default 3.
    pub character_sentences: u32,
}

impl Default for NgramSettings {
    fn default() -> Self {
        Self { words: 2, shortest: 2, longest: 5, word_sentences: 2, character_sentences: 3 }
    }
}

impl NgramSettings {
    /// The longest word n-gram that can be asked for, in words.
    pub const MOST_WORDS: usize = 8;

    /// The longest n-gram of characters that can be asked for.
    pub const MOST_CHARACTERS: usize = 16;

    /// Whether n-grams can be made by them: nothing longer than the most there is, and the shortest of
    /// characters, where there are any, from 1 to the longest.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.words <= Self::MOST_WORDS
            && self.longest <= Self::MOST_CHARACTERS
            && (self.longest == 0 || (1..=self.longest).contains(&self.shortest))
    }
}

/// Which of the two families an n-gram is of; each has its own divisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Words.
    Words = 0,
    /// Characters of one word.
    Characters = 1,
}

/// One n-gram found in a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// Its number in the vocabulary.
    pub number: u32,
    /// Its family.
    pub family: Family,
    /// The first token it stands on, as an index into the sentence's tokens.
    pub first: usize,
    /// The last token it stands on, inclusive.
    pub last: usize,
}

/// The vocabulary: n-gram → number, and the inverse document frequency of each number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ngrams {
    settings: NgramSettings,
    /// In order of number. A word n-gram begins with `w`, one of characters with `c`.
    keys: Keys,
    idf: Vec<f32>,
}

impl Ngrams {
    /// Counts the n-grams of `sentences` and numbers those that stand in enough of them, in
    /// alphabetical order, so that the same sentences in any order give the same vocabulary.
    ///
    /// idf = 1 + ln((1 + sentences) / (1 + sentences with it)), as scikit-learn smooths it.
    pub fn count<'a, 'b>(settings: NgramSettings, sentences: impl Iterator<Item = (&'a str, &'b Tokens)>) -> Self {
        let mut counts: FxHashMap<Box<str>, (u32, u32)> = FxHashMap::default();
        let mut total = 0u32;
        for (text, tokens) in sentences {
            total += 1;
            each_key(settings, text, tokens, |key, _, _, _| {
                if let Some((count, seen)) = counts.get_mut(key) {
                    if *seen != total {
                        (*count, *seen) = (*count + 1, total);
                    }
                } else {
                    counts.insert(key.into(), (1, total));
                }
            });
        }
        let mut kept: Vec<(Box<str>, u32)> = counts
            .into_iter()
            .map(|(key, (count, _))| (key, count))
            .filter(|(key, count)| {
                *count >= if key.starts_with('w') { settings.word_sentences } else { settings.character_sentences }
            })
            .collect();
        kept.sort_unstable();
        let idf = kept.iter().map(|(_, n)| 1.0 + (f64::from(1 + total) / f64::from(1 + n)).ln()).map(|v| v as f32);
        let idf = idf.collect();
        Self { settings, keys: kept.iter().map(|(key, _)| key).collect(), idf }
    }

    /// How they are made.
    #[must_use]
    pub fn settings(&self) -> NgramSettings {
        self.settings
    }

    /// The word n-grams with their numbers, a space between words.
    pub fn of_words(&self) -> impl Iterator<Item = (&str, u32)> + Clone {
        self.keys.iter().zip(0..).filter_map(|(key, number)| Some((key.strip_prefix('w')?, number)))
    }

    /// How many n-grams have a number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.idf.len()
    }

    /// Whether none has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.idf.is_empty()
    }

    /// Whether the settings can be used, and keys and frequencies belong together: as many of the one as
    /// of the other, all finite.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.settings.is_whole()
            && self.keys.len() == self.idf.len()
            && self.idf.iter().all(|v| v.is_finite() && *v > 0.0)
    }

    /// The inverse document frequency of a number; 0 beyond the vocabulary.
    #[must_use]
    pub fn idf(&self, number: u32) -> f32 {
        self.idf.get(number as usize).copied().unwrap_or(0.0)
    }

    /// The inverse document frequency of a word, in normal form and without the Arabic article; `None` of one without a
    /// number.
    #[must_use]
    pub fn idf_of_word(&self, form: &str) -> Option<f32> {
        self.keys.number(&format!("w{form}")).map(|number| self.idf(number))
    }

    /// Calls `found` for every n-gram of the sentence that has a number, in order of its last token.
    pub fn visit(&self, text: &str, tokens: &Tokens, mut found: impl FnMut(Found)) {
        each_key(self.settings, text, tokens, |key, family, first, last| {
            if let Some(number) = self.keys.number(key) {
                found(Found { number, family, first, last });
            }
        });
    }
}

/// Every n-gram's key, with its first and last token.
///
/// A name counts as its placeholder, without characters.
fn each_key(settings: NgramSettings, text: &str, tokens: &Tokens, mut found: impl FnMut(&str, Family, usize, usize)) {
    let mut word = String::new();
    let mut key = String::new();
    // The last words seen, oldest first, with their token: at most `settings.words` of them.
    let mut recent: std::collections::VecDeque<(usize, String)> = std::collections::VecDeque::new();
    for (at, token) in tokens.tokens.iter().enumerate() {
        if token.name {
            let mask = names::PLACEHOLDERS[names::placeholder(token.span.slice(text))];
            word.clear();
            word.push_str(mask);
        } else {
            normal_form(token.span.slice(text), &mut word);
        }
        if word.is_empty() {
            continue;
        }
        if settings.longest > 0 && !word.starts_with('<') && !token.shape.is_proclitic() {
            characters(settings, &word, &mut key, |key| found(key, Family::Characters, at, at));
        }
        if settings.words == 0 {
            continue;
        }
        let bare = lexeme(&word);
        // Neither mark nor proclitic stands between two words.
        if token.shape.is_punctuation() || token.shape.is_proclitic() {
            key.clear();
            key.push('w');
            key.push_str(bare);
            found(&key, Family::Words, at, at);
            continue;
        }
        let mut spare =
            if recent.len() == settings.words { recent.pop_front().map(|r| r.1) } else { None }.unwrap_or_default();
        spare.clear();
        spare.push_str(bare);
        recent.push_back((at, spare));
        for start in 0..recent.len() {
            key.clear();
            key.push('w');
            for (i, (_, w)) in recent.iter().skip(start).enumerate() {
                if i > 0 {
                    key.push(' ');
                }
                key.push_str(w);
            }
            found(&key, Family::Words, recent[start].0, at);
        }
    }
}

/// The character n-grams of one word, its edges a space.
fn characters(settings: NgramSettings, word: &str, key: &mut String, mut found: impl FnMut(&str)) {
    // Tokens are words; a longer one (a URL) is not worth thousands of n-grams.
    const LONGEST_WORD: usize = 40;
    let mut buffer = [' '; LONGEST_WORD + 2];
    let mut length = 1;
    for c in word.chars().take(LONGEST_WORD) {
        buffer[length] = c;
        length += 1;
    }
    let padded = &buffer[..=length.min(LONGEST_WORD + 1)];
    for n in settings.shortest..=settings.longest {
        if n > padded.len() {
            break;
        }
        for window in padded.windows(n) {
            key.clear();
            key.push('c');
            key.extend(window);
            found(key);
        }
    }
}
