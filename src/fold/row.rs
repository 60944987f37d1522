//! A word's row: all that the heads need of it, added up once.
//!
//! In: one token, and the bundle. Out: numbers, laid out by [`Layout`] and [`SpanLayout`]. Start at [`of_word`]. Every number
//! comes from the code that scores without folding, asked about a sentence of that one token.

use crate::features::facts;
use crate::features::marker::{OFFSETS as WINDOW, dot, token_vectors};
use crate::features::{classes, ngrams::Family};
use crate::heads::chain::{Chain, OFFSETS, Seen};
use crate::heads::{SpanHead, SpanHeads};
use crate::model::Bundle;
use crate::text::{Tokens, normal};

/// Outputs are filled up to a multiple of this, so that rows are added at the width of the registers.
pub const LANES: usize = 4;

/// Where the parts of a row for the sentence heads begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// How many outputs there are.
    pub outputs: usize,
    /// The same filled up.
    pub lanes: usize,
    /// How many markers there are.
    pub markers: usize,
}

/// The parts of a row that have a number an output, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its n-grams of characters.
    Characters,
    /// It as an n-gram of one word.
    Word,
    /// Its classes outside quotation marks.
    Outside,
    /// Its classes inside quotation marks.
    Inside,
    /// Its classes as a sentence's first word.
    First,
    /// Its vector.
    Vector,
}

/// How many [`Part`]s there are.
const PARTS: usize = 6;

impl Layout {
    /// The layout for so many outputs and markers.
    #[must_use]
    pub fn new(outputs: usize, markers: usize) -> Self {
        Self { outputs, lanes: outputs.next_multiple_of(LANES), markers }
    }

    /// Numbers of a row.
    #[must_use]
    pub fn width(self) -> usize {
        self.markers() + (self.markers * WINDOW.len() + 2).next_multiple_of(LANES)
    }

    /// A part of a row.
    #[must_use]
    pub fn part(self, row: &[f32], part: Part) -> &[f32] {
        row.get(part as usize * self.lanes..(part as usize + 1) * self.lanes).unwrap_or_default()
    }

    /// Where a row's numbers for the markers begin: by marker, what the token says of each in the window.
    #[must_use]
    pub fn markers(self) -> usize {
        PARTS * self.lanes
    }

    /// Where a row's Σ idf² begin: of n-grams of characters, and of the word.
    #[must_use]
    pub fn squares(self) -> usize {
        self.markers() + self.markers * WINDOW.len()
    }
}

/// The labels of the span heads' chains; 0 of one that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanLayout {
    /// Of loaded terms.
    pub loaded: usize,
    /// Of cues.
    pub cues: usize,
    /// Numbers of a row of the chain of parts.
    pub parts: usize,
}

impl SpanLayout {
    /// The layout of a bundle's span heads.
    #[must_use]
    pub fn new(heads: &SpanHeads) -> Self {
        let labels = |head: &SpanHead| head.chain.layout.coding.labels();
        Self {
            loaded: heads.loaded.as_ref().map_or(0, labels),
            cues: heads.attribution.as_ref().map_or(0, |head| labels(&head.cues)),
            parts: heads.attribution.as_ref().map_or(0, |head| head.parts.layout.row()),
        }
    }

    /// Numbers of a row: the columns of loaded terms, those of cues, the row of parts.
    #[must_use]
    pub fn width(self) -> usize {
        self.of_parts() + self.parts
    }

    /// Where the columns of cues begin.
    #[must_use]
    pub fn of_cues(self) -> usize {
        OFFSETS.len() * self.loaded
    }

    /// Where the row of parts begins.
    #[must_use]
    pub fn of_parts(self) -> usize {
        self.of_cues() + OFFSETS.len() * self.cues
    }
}

/// Appends the row of a token that is no name; `one` holds nothing else.
pub fn of_word(bundle: &Bundle, layout: Layout, text: &str, one: &Tokens, row: &mut Vec<f32>) {
    let (weights, n) = (&bundle.fitted.weights, layout.outputs);
    let start = row.len();
    row.resize(start + layout.width(), 0.0);
    let row = &mut row[start..];
    let mut squares = [0.0f32; 2];
    bundle.fitted.ngrams.visit(text, one, |found| {
        let idf = bundle.fitted.ngrams.idf(found.number);
        squares[found.family as usize] += idf * idf;
        let part = if found.family == Family::Words { Part::Word } else { Part::Characters };
        add(row, layout, part, idf, &weights.ngrams[found.number as usize * n..][..n]);
    });
    row[layout.squares()] = squares[Family::Characters as usize];
    row[layout.squares() + 1] = squares[Family::Words as usize];
    let token = &one.tokens[0];
    let original = token.span.slice(text);
    let class = |feature: usize| &weights.classes[feature * n..][..n];
    if token.shape.is_punctuation() {
        classes::of_mark(original, false, |f| add(row, layout, Part::Outside, 1.0, class(f)));
        classes::of_mark(original, true, |f| add(row, layout, Part::Inside, 1.0, class(f)));
    } else {
        of_form(bundle, layout, &normal(original), row);
    }
    let vector = token_vectors(&bundle.vectors, one);
    for (output, weights) in weights.vectors.chunks_exact(vector.len()).enumerate() {
        row[Part::Vector as usize * layout.lanes + output] = dot(weights, &vector);
    }
    let windows = bundle.fitted.markers.iter().flat_map(|marker| marker.vectors.chunks_exact(vector.len()));
    for (number, weights) in row[layout.markers()..].iter_mut().zip(windows) {
        *number = dot(weights, &vector);
    }
}

/// Adds to a row what the classes of a word in normal form say: outside and inside quotation marks, and at the head.
pub fn of_form(bundle: &Bundle, layout: Layout, form: &str, row: &mut [f32]) {
    let (weights, n) = (&bundle.fitted.weights, layout.outputs);
    let class = |feature: usize| &weights.classes[feature * n..][..n];
    classes::of_form(form, false, |f| add(row, layout, Part::Outside, 1.0, class(f)));
    classes::of_form(form, true, |f| add(row, layout, Part::Inside, 1.0, class(f)));
    classes::of_first(form, |f| add(row, layout, Part::First, 1.0, class(f)));
}

fn add(row: &mut [f32], layout: Layout, part: Part, factor: f32, weights: &[f32]) {
    row[part as usize * layout.lanes..].iter_mut().zip(weights).for_each(|(to, weight)| *to += factor * weight);
}

/// Appends the row of a token for the span heads; `one` holds nothing else, and its name flag counts.
pub fn of_token(bundle: &Bundle, text: &str, one: &Tokens, row: &mut Vec<f32>) {
    let heads = &bundle.fitted.spans;
    let words = facts::words(text, one);
    let mut found = Vec::new();
    heads.facts.of_word(text, one, &words, 0, |fact| found.push(fact));
    let seen = Seen::of_types(bundle.dense(), &words, &[0], &[found], &[Vec::new()]);
    chains(heads).for_each(|chain| row.extend(chain.rows(one, &seen)));
}

/// Appends what a fact says to the span heads, laid out as [`of_token`] does.
pub fn of_fact(heads: &SpanHeads, fact: u32, row: &mut Vec<f32>) {
    for chain in chains(heads) {
        let start = row.len();
        row.resize(start + chain.layout.row(), 0.0);
        chain.facts.add(fact, 1.0, &mut row[start..]);
    }
}

/// The chains, in the order of [`SpanLayout`].
pub fn chains(heads: &SpanHeads) -> impl Iterator<Item = &Chain> {
    let loaded = heads.loaded.iter().map(|head| &head.chain);
    loaded.chain(heads.attribution.iter().flat_map(|head| [&head.cues.chain, &head.parts]))
}
