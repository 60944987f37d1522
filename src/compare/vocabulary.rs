//! The words of all passages that are compared: one number a form, with its weight and vectors.
//!
//! In: passages in several languages and their scorers. Out: for every passage the forms that say what it is about, and a
//! [`Vocabulary`]. Start at [`Vocabulary::of`]. One form are: an actor under any name, a number in any digits, a name
//! with the same consonants in another script ([`skeleton`]), a word of one language. Words that stand everywhere have no
//! form.
//!
//! A form weighs what its inverse document frequency in the bundle's training texts says, less where it stands in many
//! of the passages at hand: in texts on one event its names tell its sentences apart the least.

use super::lexicon::{PIVOT, translations};
use super::number::numbers;
use super::skeleton::skeleton;
use crate::error::Result;
use crate::score::{Desk, Scorer};
use crate::text::{Actors, Span, Token, is_arabic, lexeme, normal_form};
use rustc_hash::{FxHashMap, FxHashSet};

/// Words under this inverse document frequency stand in about every twelfth sentence or more, and say nothing of what
/// it is about.
const LEAST_IDF: f32 = 3.5;

/// Words under this one stand in every fourth, and are no names either.
const LEAST_NAME_IDF: f32 = 2.4;

/// What a form weighs that the training texts do not have, names and numbers among them.
const RARE_IDF: f32 = 9.0;

/// A form that stands in every passage keeps this share of its weight.
const LEAST_SHARE: f32 = 0.15;

/// The weights of a word's translations sum to less than 1; more than this sum is no better.
const FULL_TRANSLATION: f32 = 0.6;

/// Passages of more words are cut; a sentence has none so long.
const LONGEST: usize = 96;

/// A passage that is compared.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'t> {
    /// The text that it stands in.
    pub text: &'t str,
    /// Where.
    pub span: Span,
    /// Its language.
    pub lang: &'t str,
}

/// A word of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its form's number.
    pub form: u32,
    /// Where it stands.
    pub span: Span,
}

/// What a form is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Form {
    Actor(usize),
    /// By its bits.
    Number(u64),
    /// A proper name's word in normal form.
    Name(String),
    Word(String, String),
    /// An Arabic word too frequent to say anything, unless it is a name.
    Frequent(String),
}

/// All forms.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// The language of the words among them, by number; 0 is that of what has none.
    langs: Vec<u16>,
    /// Whether it is a name or a number.
    anchors: Vec<bool>,
    /// The key of a proper name; empty of all else.
    names: Vec<String>,
    weights: Vec<f32>,
    /// Unit vectors among words of one's own language, one after the other; where each begins, and ends.
    own: Rows,
    /// Vectors among the words of [`PIVOT`], no longer than 1.
    pivot: Rows,
}

/// Rows of numbers, some of them empty.
#[derive(Debug, Default)]
struct Rows {
    values: Vec<f32>,
    ends: Vec<usize>,
}

impl Rows {
    fn push(&mut self, row: &[f32]) {
        self.values.extend_from_slice(row);
        self.ends.push(self.values.len());
    }

    fn of(&self, form: u32) -> &[f32] {
        let at = form as usize;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        start.zip(self.ends.get(at).copied()).and_then(|(s, e)| self.values.get(s..e)).unwrap_or(&[])
    }
}

impl Vocabulary {
    /// The forms of `passages`, and each passage's words in order.
    ///
    /// # Errors
    /// As [`Desk::scorer`]; [`crate::Error::Tokenizer`] where a bundle's tokenizer refuses a passage.
    pub fn of(desk: &Desk, actors: &Actors, passages: &[Passage<'_>]) -> Result<(Self, Vec<Vec<Word>>)> {
        let mut seen: Vec<Vec<(Form, Span)>> = Vec::with_capacity(passages.len());
        for passage in passages {
            seen.push(match desk.scorer(passage.lang)? {
                Some(scorer) => forms(scorer, actors, passage)?,
                None => Vec::new(),
            });
        }
        let latin = latin_names(&seen);
        let mut all = Self::default();
        let mut numbers: FxHashMap<Form, u32> = FxHashMap::default();
        let mut langs: Vec<&str> = Vec::new();
        let mut counts: Vec<(u32, usize)> = Vec::new();
        let mut words = Vec::with_capacity(seen.len());
        for (at, (passage, forms)) in passages.iter().zip(seen).enumerate() {
            let mut row = Vec::with_capacity(forms.len());
            for (form, span) in forms {
                let form = joined(form, &latin);
                if matches!(form, Form::Frequent(_)) {
                    continue;
                }
                let number = match numbers.get(&form) {
                    Some(number) => *number,
                    None => {
                        let number = counts.len() as u32;
                        let lang = match langs.iter().position(|lang| *lang == passage.lang) {
                            Some(lang) => lang,
                            None => {
                                langs.push(passage.lang);
                                langs.len() - 1
                            }
                        };
                        all.add(desk, passage.lang, lang as u16 + 1, &form)?;
                        counts.push((0, usize::MAX));
                        numbers.insert(form, number);
                        number
                    }
                };
                if let Some(count) = counts.get_mut(number as usize).filter(|(_, last)| *last != at) {
                    *count = (count.0 + 1, at);
                }
                row.push(Word { form: number, span });
            }
            words.push(row);
        }
        let total = (passages.len() + 1) as f32;
        for (weight, (count, _)) in all.weights.iter_mut().zip(&counts) {
            let share = (total / (*count as f32 + 0.5)).ln() / total.ln().max(f32::MIN_POSITIVE);
            *weight *= share.clamp(LEAST_SHARE, 1.0);
        }
        Ok((all, words))
    }

    fn add(&mut self, desk: &Desk, lang: &str, number: u16, form: &Form) -> Result<()> {
        self.names.push(match form {
            Form::Name(word) => word.clone(),
            Form::Actor(_) | Form::Number(_) | Form::Word(..) | Form::Frequent(_) => String::new(),
        });
        let Form::Word(_, word) = form else {
            self.langs.push(0);
            self.anchors.push(true);
            self.weights.push(RARE_IDF);
            self.own.push(&[]);
            self.pivot.push(&[]);
            return Ok(());
        };
        let scorer = desk.scorer(lang)?;
        let idf = scorer.and_then(|s| s.bundle().extractor().ngrams.idf_of_word(word)).unwrap_or(RARE_IDF);
        self.langs.push(number);
        self.anchors.push(false);
        self.weights.push(idf.min(RARE_IDF) - 1.0);
        self.own.push(&scorer.map(|s| unit(own_vector(s, word))).unwrap_or_default());
        if lang == PIVOT {
            self.pivot.push(&[]);
        } else {
            let known = desk.scorer(PIVOT)?;
            self.pivot.push(&known.map(|s| translated(s, lang, word)).unwrap_or_default());
        }
        Ok(())
    }

    /// What a form weighs.
    #[must_use]
    pub fn weight(&self, form: u32) -> f32 {
        self.weights.get(form as usize).copied().unwrap_or(0.0)
    }

    /// Whether it is a name, an actor or a number.
    #[must_use]
    pub fn is_anchor(&self, form: u32) -> bool {
        self.anchors.get(form as usize).copied().unwrap_or(false)
    }

    /// The key of a proper name, the same in all documents; `None` of any other form.
    #[must_use]
    pub fn name(&self, form: u32) -> Option<&str> {
        self.names.get(form as usize).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// How like two forms are, 0 to 1.
    #[must_use]
    pub fn likeness(&self, a: u32, b: u32) -> f32 {
        if a == b {
            return 1.0;
        }
        let lang = |form: u32| self.langs.get(form as usize).copied().unwrap_or(0);
        if lang(a) == 0 || lang(b) == 0 {
            return 0.0;
        }
        if lang(a) == lang(b) && !self.own.of(a).is_empty() {
            return dot(self.own.of(a), self.own.of(b));
        }
        // A word of the pivot language is its own translation.
        let pivot = |form: u32| match self.pivot.of(form) {
            [] => self.own.of(form),
            row => row,
        };
        dot(pivot(a), pivot(b))
    }

    /// How many forms there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }
}

/// 0 of vectors that are not in one space, and where they point apart.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    // Eight sums at once, so that the machine can add them together; always in the same order.
    let mut sums = [0.0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum += x * y;
        }
    }
    (rest + sums.iter().sum::<f32>()).clamp(0.0, 1.0)
}

fn unit(mut row: Vec<f32>) -> Vec<f32> {
    let length = row.iter().map(|v| v * v).sum::<f32>().sqrt();
    if length <= f32::EPSILON {
        return Vec::new();
    }
    row.iter_mut().for_each(|v| *v /= length);
    row
}

/// The vector of a word, where the bundle has word vectors.
fn own_vector(scorer: &Scorer, word: &str) -> Vec<f32> {
    let words = scorer.bundle().words();
    words.number(word).map_or_else(Vec::new, |number| words.of(Some(number)))
}

/// A word among those of the pivot language; shorter the less sure its translation is.
fn translated(pivot: &Scorer, lang: &str, word: &str) -> Vec<f32> {
    let words = pivot.bundle().words();
    let mut sum = vec![0.0; words.width()];
    let mut sure = 0.0;
    for (english, weight) in translations(lang, word) {
        if let Some(number) = words.number(english) {
            let row = unit(words.of(Some(number)));
            sum.iter_mut().zip(row).for_each(|(s, v)| *s += weight * v);
            sure += weight;
        }
    }
    let sure = (sure / FULL_TRANSLATION).min(1.0);
    let mut row = unit(sum);
    row.iter_mut().for_each(|v| *v *= sure);
    row
}

/// The forms of one passage, in order.
fn forms(scorer: &Scorer, actors: &Actors, passage: &Passage<'_>) -> Result<Vec<(Form, Span)>> {
    let Passage { text, span, .. } = *passage;
    let mut tokens = scorer.bundle().tokenizer().tokenize(text, span)?;
    scorer.bundle().mask().flag(text, &mut tokens);
    let mut found: Vec<(Form, Span)> = Vec::new();
    found.extend(actors.find(text, span).into_iter().map(|m| (Form::Actor(m.actor), m.span)));
    let named = found.len();
    for number in numbers(text, span) {
        if found.iter().take(named).all(|(_, other)| !other.overlaps(number.span)) {
            found.push((Form::Number(number.value.to_bits()), number.span));
        }
    }
    let known = found.len();
    let mut form = String::new();
    let mut after_name = false;
    for token in &tokens.tokens {
        if found.iter().take(known).any(|(_, other)| other.overlaps(token.span)) {
            after_name = false;
            continue;
        }
        let word = word(scorer, passage, (token, after_name), &mut form);
        after_name = matches!(&word, Some(Form::Name(_)));
        found.extend(word.map(|form| (form, token.span)));
    }
    found.sort_by_key(|(_, span)| (span.start, span.end));
    found.truncate(LONGEST);
    Ok(found)
}

/// The form of a token that is neither number nor actor; `None` where it says nothing. A word behind a name is one too,
/// if it has its capital (*Ada Miller*).
fn word(
    scorer: &Scorer,
    passage: &Passage<'_>,
    (token, after_name): (&Token, bool),
    form: &mut String,
) -> Option<Form> {
    if token.shape.is_punctuation() || token.shape.is_url() || token.shape.is_proclitic() {
        return None;
    }
    normal_form(token.span.slice(passage.text).trim_start_matches(['#', '@']), form);
    let bare = lexeme(form.strip_suffix("'s").unwrap_or(form));
    // One letter is no word.
    bare.chars().nth(1)?;
    if token.name && (after_name || !is_common_noun(scorer, bare)) {
        return Some(Form::Name(bare.to_owned()));
    }
    let idf = scorer.bundle().extractor().ngrams.idf_of_word(bare).unwrap_or(RARE_IDF);
    if idf >= LEAST_IDF {
        return Some(Form::Word(passage.lang.to_owned(), bare.to_owned()));
    }
    // Whoever the training texts name most is no less a name.
    (idf >= LEAST_NAME_IDF && bare.starts_with(is_arabic)).then(|| Form::Frequent(bare.to_owned()))
}

/// Whether a capitalised word has a vector: *Council*, *Minister* are words, *Okafor* is not.
fn is_common_noun(scorer: &Scorer, bare: &str) -> bool {
    scorer.bundle().words().number(bare).is_some()
}

/// Of every skeleton the Latin names that have it.
fn latin_names(seen: &[Vec<(Form, Span)>]) -> FxHashMap<String, FxHashSet<String>> {
    let mut names: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
    for (form, _) in seen.iter().flatten() {
        let Form::Name(word) = form else { continue };
        if let Some(bones) = skeleton(word).filter(|_| !word.starts_with(is_arabic)) {
            names.entry(bones).or_default().insert(word.clone());
        }
    }
    names
}

/// A name in Arabic letters, or a word in them that has no translation, is the one Latin name with its consonants, where
/// there is just one. Names are told from words by a list in Arabic, so that a mere word has to have more of them.
fn joined(form: Form, latin: &FxHashMap<String, FxHashSet<String>>) -> Form {
    let (word, least) = match &form {
        Form::Name(word) => (word, 2),
        Form::Word(lang, word) if translations(lang, word).is_empty() => (word, 3),
        Form::Frequent(word) => (word, 3),
        Form::Actor(_) | Form::Number(_) | Form::Word(..) => return form,
    };
    if !word.starts_with(is_arabic) {
        return form;
    }
    let bones = skeleton(word).filter(|bones| bones.chars().count() >= least);
    let names = bones.and_then(|bones| latin.get(&bones)).filter(|names| names.len() == 1);
    match names.and_then(|names| names.iter().next()) {
        Some(name) => Form::Name(name.clone()),
        None => form,
    }
}
