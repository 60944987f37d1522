//! Labelled records, read once into tokens and features.
//!
//! In: [`Record`]s and where each comes from. Out: [`Prepared`] rows: tokens, n-gram and class
//! features, and the numbers of the distinct token vectors, which a training set of a million tokens
//! shares among some ten thousand. Start at [`Prepared::new`].

use super::params::ParallaxValidParams;
use super::record::{Label, Record};
use crate::error::{Error, Result};
use crate::features::{Extractor, NameMask, Ngrams, Occurrence, TokenVectors, Vectors, WordVectors, marker};
use crate::model::Bundle;
use crate::text::{Offsets, Span, Token, Tokenizer, Tokens, mark_quoted, quoted};
use ndarray::Array2;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Where a record comes from, and so what it may teach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A labelled sentence of the kind that will be scored: both layers, calibration, thresholds.
    Labelled,
    /// A labelled sentence of another kind (a public set, other annotators): the first layer only,
    /// wherever there are labelled ones; never tested on.
    Extra,
    /// A sentence of a contrast family: as extra, with the weight of the recipe.
    Family,
}

/// A record, where it comes from and what it weighs.
#[derive(Debug, Clone)]
pub struct Example {
    /// The labelled sentence.
    pub record: Record,
    /// Where it comes from.
    pub origin: Origin,
    /// Its weight; 1 is one labelled sentence.
    pub weight: f64,
}

impl Example {
    /// Whether it is a labelled sentence of the kind that will be scored.
    #[must_use]
    pub fn is_labelled(&self) -> bool {
        self.origin == Origin::Labelled
    }
}

/// What training builds on and does not change.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// The tokenizer.
    pub tokenizer: &'a Tokenizer,
    /// The token vectors.
    pub vectors: &'a TokenVectors,
    /// The word vectors.
    pub words: &'a WordVectors,
    /// A mask whose common words are taken over.
    pub mask: &'a NameMask,
}

impl<'a> Base<'a> {
    /// What a bundle has.
    #[must_use]
    pub fn of(bundle: &'a Bundle) -> Self {
        let (tokenizer, vectors, words, mask) = (bundle.tokenizer(), bundle.vectors(), bundle.words(), bundle.mask());
        Self { tokenizer, vectors, words, mask }
    }

    /// The dense vectors, as the span heads take them.
    #[must_use]
    pub fn dense(&self) -> Vectors<'a> {
        Vectors { pieces: self.vectors, words: self.words }
    }
}

/// One example, as tokens and features.
#[derive(Debug)]
pub struct Row {
    /// Its tokens, spans into the record's text.
    pub tokens: Tokens,
    /// N-gram features.
    pub ngrams: Vec<Occurrence>,
    /// Word-class features.
    pub classes: Vec<Occurrence>,
    /// For each token, its row of [`Prepared::vectors`].
    pub types: Vec<u32>,
}

/// All examples, as tokens and features.
#[derive(Debug)]
pub struct Prepared {
    /// The mask of proper names, learned from all examples and the base.
    pub mask: NameMask,
    /// The vocabulary, counted over all examples.
    pub ngrams: Ngrams,
    /// One row an example, in order.
    pub rows: Vec<Row>,
    /// Distinct tokens × width: the mean of each one's pieces' vectors.
    pub vectors: Array2<f64>,
}

impl Prepared {
    /// Tokenizes the examples, counts their vocabulary and extracts their features.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] where a text cannot be tokenized.
    pub fn new(params: &ParallaxValidParams, examples: &[Example], base: Base<'_>) -> Result<Self> {
        let vectors = base.vectors;
        let mut tokens: Vec<Tokens> =
            examples.par_iter().map(|e| tokenize(base.tokenizer, &e.record.text)).collect::<Result<_>>()?;
        let texts = || examples.iter().map(|e| e.record.text.as_str());
        let mask = NameMask::learn(params.mask_names, texts().zip(&tokens)).with(base.mask);
        examples.iter().zip(&mut tokens).for_each(|(e, tokens)| mask.mark(&e.record.text, tokens));
        let ngrams = Ngrams::count(params.ngrams, texts().zip(&tokens));
        let extractor = Extractor { ngrams: &ngrams, vectors };
        let features: Vec<_> =
            examples.par_iter().zip(&tokens).map(|(e, t)| extractor.extract(&e.record.text, t)).collect();
        let mut numbers: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        let mut distinct: Vec<f64> = Vec::new();
        let mut rows = Vec::with_capacity(examples.len());
        for (tokens, features) in tokens.into_iter().zip(features) {
            let types = tokens
                .tokens
                .iter()
                .zip(features.vectors.chunks_exact(vectors.width()))
                .map(|(token, vector)| {
                    let next = numbers.len() as u32;
                    let pieces = if token.name { Vec::new() } else { tokens.pieces_of(token).to_vec() };
                    *numbers.entry(pieces).or_insert_with(|| {
                        distinct.extend(vector.iter().map(|v| f64::from(*v)));
                        next
                    })
                })
                .collect();
            rows.push(Row { tokens, ngrams: features.ngrams, classes: features.classes, types });
        }
        let vectors = Array2::from_shape_vec((numbers.len(), vectors.width()), distinct)
            .map_err(|e| Error::Tokenizer(e.to_string()))?;
        Ok(Self { mask, ngrams, rows, vectors })
    }
}

/// The tokens of a text that is one sentence, quoted ones marked.
pub(crate) fn tokenize(tokenizer: &Tokenizer, text: &str) -> Result<Tokens> {
    let mut tokens = tokenizer.tokenize(text, Span::new(0, text.len()))?;
    mark_quoted(&mut tokens, &quoted(text));
    Ok(tokens)
}

impl Row {
    /// Place and shape of each token.
    pub fn contexts(&self) -> impl Iterator<Item = [f32; marker::CONTEXT]> + '_ {
        self.tokens.tokens.iter().enumerate().map(|(at, token)| marker::context(at, token))
    }
}

/// What the tokens of a record are, for a marker to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In a loaded term.
    Loaded,
    /// In a loaded term that stands in no attribution's content: the writer's own.
    Voice,
    /// In a cue.
    Cue,
    /// In an attribution's content.
    Content,
}

impl Mark {
    /// All marks, in the order of their markers.
    pub const ALL: [Self; 4] = [Self::Loaded, Self::Voice, Self::Cue, Self::Content];

    /// The marker's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Voice => "voice",
            Self::Cue => "cue",
            Self::Content => "content",
        }
    }

    /// For each token, whether it has this mark; `None` if nobody looked for it in this record.
    #[must_use]
    pub fn labels(self, record: &Record, tokens: &[Token]) -> Option<Vec<bool>> {
        let offsets = Offsets::new(&record.text);
        let spans = |list: Vec<super::annotation::Span>| -> Vec<Span> {
            list.into_iter().filter_map(|s| offsets.span_of_chars(s.start, s.end)).collect()
        };
        let inside = |spans: &[Span], token: &Token| spans.iter().any(|s| s.overlaps(token.span));
        let loaded = || record.loaded.as_ref().map(|l| spans(l.iter().map(|l| l.span).collect()));
        let attributions = || record.attributions.as_ref();
        let content = || attributions().map(|a| spans(a.iter().flat_map(|a| a.content.clone()).collect()));
        let judge = |spans: Vec<Span>, but: Vec<Span>| {
            tokens.iter().map(|t| !t.shape.is_punctuation() && inside(&spans, t) && !inside(&but, t)).collect()
        };
        match self {
            Self::Loaded => Some(judge(loaded()?, Vec::new())),
            Self::Voice => Some(judge(loaded()?, content()?)),
            Self::Cue => Some(judge(spans(attributions()?.iter().map(|a| a.cue).collect()), Vec::new())),
            Self::Content => {
                let content = content()?;
                Some(tokens.iter().map(|t| inside(&content, t)).collect())
            }
        }
    }
}

/// Classes of a head in these examples: alphabetical, hard and soft labels alike.
#[must_use]
pub fn classes(examples: &[Example], head: &str) -> Vec<String> {
    let mut classes = BTreeSet::new();
    for label in examples.iter().filter_map(|e| e.record.labels.get(head)) {
        match label {
            Label::Hard(class) => {
                classes.insert(class.clone());
            }
            Label::Soft(shares) => classes.extend(shares.keys().cloned()),
        }
    }
    classes.into_iter().collect()
}

/// The share of each class in a label.
#[must_use]
pub fn shares(label: &Label, classes: &[String]) -> Vec<f64> {
    classes
        .iter()
        .map(|class| match label {
            Label::Hard(hard) => f64::from(u8::from(hard == class)),
            Label::Soft(shares) => shares.get(class).copied().unwrap_or(0.0),
        })
        .collect()
}
