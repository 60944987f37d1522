//! Labelled sentences as the span heads see them: names flagged, each word a token, spans as runs of tokens.
//!
//! In: [`Example`]s. Out: [`Sentences`]. Start at [`Sentences::new`]. A token's type is its pieces, its word
//! and the facts that hang on the word alone; some ten thousand types stand for all tokens of a training set.

use super::super::annotation;
use super::super::prepare::{Base, Example, tokenize};
use super::super::record::Record;
use crate::error::{Error, Result};
use crate::features::{Facts, NameMask, facts, marker};
use crate::heads::attribution::{CONTENT, SOURCE};
use crate::heads::coding::Run;
use crate::heads::label::Label;
use crate::text::{Offsets, Tokens};
use ndarray::Array2;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Where the vocabulary of facts comes from.
#[derive(Debug, Clone, Copy)]
pub enum Vocabulary<'a> {
    /// Counted: what stands so often in the sentences, and pairs of words that do.
    Counted {
        /// How often a word, ending or beginning has to.
        least: u32,
        /// How often a pair of words has to.
        least_pairs: u32,
    },
    /// Given, with heads that know it.
    Given(&'a Facts),
}

/// Sentences for span heads to learn from.
#[derive(Debug)]
pub struct Sentences {
    /// The vocabulary of facts.
    pub facts: Facts,
    /// In the order of the examples.
    pub rows: Vec<Sentence>,
    /// Distinct types × width: the mean of the pieces' vectors, then the word's.
    pub vectors: Array2<f64>,
    /// For each type, its facts.
    pub type_facts: Vec<Vec<u32>>,
}

/// One of them.
#[derive(Debug)]
pub struct Sentence {
    /// Its example.
    pub example: usize,
    /// What it weighs.
    pub weight: f64,
    /// Its tokens, names flagged.
    pub tokens: Tokens,
    /// Its words, as the facts see them.
    pub words: Vec<String>,
    /// For each token, its type.
    pub types: Vec<u32>,
    /// For each token, its facts beside the type's.
    pub facts: Vec<Vec<u32>>,
    /// Loaded terms; a run's kind is the number of its label.
    pub loaded: Option<Vec<Run>>,
    /// Attributions.
    pub relations: Option<Vec<Relation>>,
}

/// What makes a token's type: its pieces, the facts of its word, and its word's number.
type Type = (Vec<u32>, Vec<u32>, Option<u32>);

/// An attribution as runs of tokens.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its cue; the kind is the number of its class.
    pub cue: Run,
    /// Its source.
    pub source: Option<Run>,
    /// Its contents.
    pub contents: Vec<Run>,
}

impl Sentence {
    /// The cues, where somebody looked for them.
    #[must_use]
    pub fn cues(&self) -> Option<Vec<Run>> {
        Some(self.relations.as_ref()?.iter().map(|r| r.cue).collect())
    }
}

impl Sentences {
    /// Tokenizes the examples `which`, numbers their facts and turns their spans into runs.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] where a text cannot be tokenized.
    pub fn new(
        vocabulary: Vocabulary<'_>,
        examples: &[Example],
        which: &[usize],
        base: Base<'_>,
        mask: &NameMask,
    ) -> Result<Self> {
        let text = |i: usize| examples[i].record.text.as_str();
        let tokens: Vec<Tokens> = which
            .par_iter()
            .map(|i| {
                let mut tokens = tokenize(base.tokenizer, text(*i))?;
                mask.flag(text(*i), &mut tokens);
                Ok(tokens)
            })
            .collect::<Result<_>>()?;
        let vocabulary = match vocabulary {
            Vocabulary::Counted { least, least_pairs } => {
                Facts::count(least, least_pairs, which.iter().map(|i| text(*i)).zip(&tokens))
            }
            Vocabulary::Given(facts) => facts.clone(),
        };
        let width = base.vectors.width();
        let mut numbers: FxHashMap<Type, u32> = FxHashMap::default();
        let (mut distinct, mut type_facts) = (Vec::new(), Vec::new());
        let mut rows = Vec::with_capacity(which.len());
        for (example, tokens) in which.iter().copied().zip(tokens) {
            let vectors = marker::token_vectors(base.vectors, &tokens);
            let words = facts::words(text(example), &tokens);
            let (mut types, mut facts) = (Vec::new(), Vec::new());
            for (at, vector) in vectors.chunks_exact(width).enumerate() {
                let (mut of_word, mut of_place) = (Vec::new(), Vec::new());
                vocabulary.of_word(text(example), &tokens, &words, at, |f| of_word.push(f));
                vocabulary.of_place(&tokens, &words, at, |f| of_place.push(f));
                let token = &tokens.tokens[at];
                let pieces = if token.name { Vec::new() } else { tokens.pieces_of(token).to_vec() };
                let word = base.words.number(&words[at]);
                let next = type_facts.len() as u32;
                types.push(*numbers.entry((pieces, of_word, word)).or_insert_with_key(|(_, of_word, word)| {
                    type_facts.push(of_word.clone());
                    distinct.extend(vector.iter().chain(&base.words.of(*word)).map(|v| f64::from(*v)));
                    next
                }));
                facts.push(of_place);
            }
            let record = &examples[example].record;
            let loaded = runs_of(record, &tokens);
            let relations = relations(record, &tokens);
            let weight = examples[example].weight;
            rows.push(Sentence { example, weight, tokens, words, types, facts, loaded, relations });
        }
        let vectors = Array2::from_shape_vec((type_facts.len(), width + base.words.width()), distinct)
            .map_err(|e| Error::Tokenizer(e.to_string()))?;
        Ok(Self { facts: vocabulary, rows, vectors, type_facts })
    }
}

/// The loaded terms of a record as runs of tokens; `None` where nobody looked.
pub fn runs_of(record: &Record, tokens: &Tokens) -> Option<Vec<Run>> {
    let offsets = Offsets::new(&record.text);
    let loaded = record.loaded.as_ref()?;
    let mut runs: Vec<Run> =
        loaded.iter().filter_map(|l| run(&offsets, tokens, l.span, l.kind.number() as u8)).collect();
    // Of terms inside each other the longest is what a label sequence can hold; the others come too late.
    runs.sort_by_key(|r| (std::cmp::Reverse(r.end - r.first), r.first));
    Some(runs)
}

/// The attributions of a record as runs of tokens; `None` where nobody looked.
pub fn relations(record: &Record, tokens: &Tokens) -> Option<Vec<Relation>> {
    let offsets = Offsets::new(&record.text);
    let run = |span, kind| run(&offsets, tokens, span, kind);
    let of = |a: &annotation::Attribution| {
        Some(Relation {
            cue: run(a.cue, a.class.number() as u8)?,
            source: a.source.and_then(|s| run(s, SOURCE)),
            contents: a.content.iter().filter_map(|c| run(*c, CONTENT)).collect(),
        })
    };
    Some(record.attributions.as_ref()?.iter().filter_map(of).collect())
}

/// The tokens that a span overlaps; `None` if there are none.
fn run(offsets: &Offsets<'_>, tokens: &Tokens, span: annotation::Span, kind: u8) -> Option<Run> {
    let span = offsets.span_of_chars(span.start, span.end)?;
    let first = tokens.tokens.iter().position(|t| t.span.overlaps(span))?;
    let end = 1 + tokens.tokens.iter().rposition(|t| t.span.overlaps(span))?;
    Some(Run { first, end, kind })
}
