//! What of a bundle does not hang on a text: its tables by number, ready to be added up.
//!
//! In: a [`Bundle`]. Out: [`Tables`]. Start at [`Tables::new`]. Words, pairs of words and known names get numbers
//! ([`super::phrases`]); what facts and outward forms say becomes rows.

use super::phrases::{Phrases, Words};
use super::row::{self, Layout, SpanLayout};
use crate::features::facts::{CLOSED_FACTS, NAME_WORD};
use crate::features::{classes, names};
use crate::heads::SpanHead;
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
    /// What each outward form says, by feature from [`classes::SHAPE`] on: rows of lanes.
    pub shapes: Vec<f32>,
    /// What each of the facts says that every vocabulary has.
    pub facts: Vec<f32>,
    /// The steps of the chain of loaded terms.
    pub loaded: Option<Steps>,
    /// The steps of the chain of cues.
    pub cues: Option<Steps>,
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
        let steps = |head: &SpanHead| Steps::new(head.chain.layout.coding, &head.chain.transitions);
        let mut facts = Vec::new();
        (0..CLOSED_FACTS).for_each(|fact| row::of_fact(heads, fact, &mut facts));
        Self {
            layout,
            spans: SpanLayout::new(heads),
            ngrams: Phrases::new(&words, fitted.ngrams.of_words()),
            longest: fitted.ngrams.settings().words,
            pairs: Phrases::new(&words, heads.facts.pairs()),
            known: Phrases::new(&words, known.iter().copied().zip(0..)),
            name: words.number(NAME_WORD),
            placeholders: names::PLACEHOLDERS.map(|word| words.number(word)),
            shapes: shapes(bundle, layout),
            facts,
            loaded: heads.loaded.as_ref().map(steps),
            cues: heads.attribution.as_ref().map(|head| steps(&head.cues)),
            words,
        }
    }
}

fn shapes(bundle: &Bundle, layout: Layout) -> Vec<f32> {
    let (classes, n) = (&bundle.fitted.weights.classes, layout.outputs);
    let mut rows = vec![0.0; (classes::COUNT - classes::SHAPE) * layout.lanes];
    for (row, weights) in rows.chunks_exact_mut(layout.lanes.max(1)).zip(classes[classes::SHAPE * n..].chunks(n.max(1)))
    {
        row[..n].copy_from_slice(weights);
    }
    rows
}
