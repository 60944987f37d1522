//! What of a bundle does not hang on a text: its tables by number, ready to be added up.
//!
//! In: a [`Bundle`]. Out: [`Tables`]. Start at [`Tables::new`]. Words, pairs of words and known names get numbers
//! ([`super::phrases`]); what facts and outward forms say becomes rows.

use super::phrases::{NONE, Phrases, Words};
use super::row::{self, Layout, SpanLayout};
use crate::features::facts::{CLOSED_FACTS, NAME_WORD};
use crate::features::names;
use crate::heads::viterbi::Steps;
use crate::model::Bundle;

/// The tables of one bundle.
#[derive(Debug)]
pub struct Tables {
    /// How a word's row of the sentence heads is laid out.
    pub layout: Layout,
    /// How a token's row of the span heads is laid out.
    pub spans: SpanLayout,
    /// The words of all phrases.
    pub words: Words,
    /// Word n-grams by their words.
    pub ngrams: Phrases,
    /// The longest n-gram, in words.
    pub longest: usize,
    /// Pairs of words that are facts.
    pub pairs: Phrases,
    /// Known names.
    pub known: Phrases,
    /// The number of the word that stands for a name in facts.
    pub name: u32,
    /// The numbers of the words that stand for a name in n-grams, in the order of [`names::PLACEHOLDERS`].
    pub placeholders: [u32; names::PLACEHOLDERS.len()],
    /// What the n-grams say, by their nodes without those of single words: rows of idf² and a number an output, filled up.
    pub grams: Vec<f32>,
    /// The same of the words that stand for a name, in the order of `placeholders`.
    pub name_grams: Vec<f32>,
    /// What each of the facts says that every vocabulary has.
    pub facts: Vec<f32>,
    /// The steps of the chain of loaded terms.
    pub loaded: Option<Steps>,
    /// The steps of the chains of cues and of their parts.
    pub attribution: Option<[Steps; 2]>,
}

impl Tables {
    /// The tables of a bundle.
    #[must_use]
    pub fn new(bundle: &Bundle) -> Self {
        let fitted = &bundle.fitted;
        let heads = &fitted.spans;
        let known: Vec<&str> = fitted.mask.all_known().collect();
        let phrases = fitted.ngrams.of_words().chain(heads.facts.pairs()).map(|(phrase, _)| phrase);
        let words = Words::new(phrases.chain(known.iter().copied()).chain(names::PLACEHOLDERS).chain([NAME_WORD]));
        let layout = Layout::new(fitted.weights.outputs, fitted.markers.len());
        let ngrams = Phrases::new(&words, fitted.ngrams.of_words());
        let placeholders = names::PLACEHOLDERS.map(|word| words.number(word));
        let mut grams = Vec::new();
        ngrams.numbers()[words.len()..].iter().for_each(|number| of_gram(bundle, layout, *number, &mut grams));
        let mut name_grams = Vec::new();
        placeholders.iter().for_each(|word| of_gram(bundle, layout, ngrams.number(*word), &mut name_grams));
        let mut facts = Vec::new();
        (0..CLOSED_FACTS).for_each(|fact| row::of_fact(heads, fact, &mut facts));
        Self {
            layout,
            spans: SpanLayout::new(heads),
            ngrams,
            longest: fitted.ngrams.settings().words,
            pairs: Phrases::new(&words, heads.facts.pairs()),
            known: Phrases::new(&words, known.iter().copied().zip(0..)),
            name: words.number(NAME_WORD),
            placeholders,
            grams,
            name_grams,
            facts,
            loaded: heads.loaded.as_ref().map(|head| head.chain.legal_steps()),
            attribution: heads
                .attribution
                .as_ref()
                .map(|head| [head.cues.chain.legal_steps(), head.parts.legal_steps()]),
            words,
        }
    }

    /// The row of the n-gram of several words that ends at a node.
    #[must_use]
    pub fn gram(&self, node: u32) -> &[f32] {
        let width = self.layout.gram();
        &self.grams[(node as usize - self.words.len()) * width..][..width]
    }
}

/// Appends what an n-gram says: idf², and idf times its weights; filled up.
fn of_gram(bundle: &Bundle, layout: Layout, number: u32, rows: &mut Vec<f32>) {
    let n = layout.outputs;
    let end = rows.len() + layout.gram();
    if number != NONE {
        let idf = bundle.fitted.ngrams.idf(number);
        rows.push(idf * idf);
        rows.extend(bundle.fitted.weights.ngrams[number as usize * n..][..n].iter().map(|weight| idf * weight));
    }
    rows.resize(end, 0.0);
}
