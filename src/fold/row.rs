//! A word's row: all that the heads need of it, added up once.
//!
//! In: one token, and the bundle. Out: numbers, laid out by [`Layout`] and [`SpanLayout`]. Start at [`of_word`]. Every number
//! comes from the code that scores without folding, asked about a sentence of that one token.

use crate::features::Marker;
use crate::features::facts;
use crate::features::marker::{CONTEXT, OFFSETS as WINDOW, context, dot, token_vectors};
use crate::features::{classes, ngrams::Family};
use crate::heads::chain::{Chain, OFFSETS, Seen};
use crate::heads::{SpanHead, SpanHeads};
use crate::model::Bundle;
use crate::text::{Tokens, normal};

/// Rows are filled up to a multiple of this, so that they are added at the width of the registers.
pub const LANES: usize = 4;

/// Where the parts of a row for the sentence heads begin.
///
/// First what most tokens add to a sentence's sums, in one piece: Σ idf² of n-grams of characters and of the word, and then,
/// an output each, the [`Part`]s up to [`Part::Plain`]. After that what the markers see, and the parts of the few tokens that
/// are quoted, first, or part of a word with a hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// How many outputs there are.
    pub outputs: usize,
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
    /// Its vector.
    Vector,
    /// Its classes and outward form as a token that is not quoted, nor the first.
    Plain,
    /// Its classes outside quotation marks.
    Outside,
    /// Its classes inside quotation marks.
    Inside,
    /// Its classes as a sentence's first word.
    First,
}

/// How many parts are added up first, and how many there are.
const SUMMED: usize = 4;
const PARTS: usize = 7;

/// Σ idf² of n-grams of characters, and of words: they stand before the parts.
pub const SQUARES: usize = 2;

impl Layout {
    /// The layout for so many outputs and markers.
    #[must_use]
    pub fn new(outputs: usize, markers: usize) -> Self {
        Self { outputs, markers }
    }

    /// Numbers of what is added up first: Σ idf² and the parts up to [`Part::Plain`], filled up.
    #[must_use]
    pub fn summed(self) -> usize {
        (SQUARES + SUMMED * self.outputs).next_multiple_of(LANES)
    }

    /// Numbers of what an n-gram of words says: idf² and a number an output, filled up.
    #[must_use]
    pub fn gram(self) -> usize {
        (1 + self.outputs).next_multiple_of(LANES)
    }

    /// Where the numbers for the markers stand: for each token in the window, the last first, what this one says of it to each
    /// marker; so that they are added to the markers' logits in one piece.
    #[must_use]
    pub fn markers(self) -> std::ops::Range<usize> {
        self.summed()..self.summed() + self.markers * WINDOW.len()
    }

    /// Where the markers' logits of a token stand; before those of the first and after those of the last there is room for
    /// what they say beyond the sentence.
    #[must_use]
    pub fn logits(self, token: usize) -> std::ops::Range<usize> {
        let first = (token + WINDOW.len() / 2) * self.markers;
        first..first + self.markers
    }

    /// Numbers of a row.
    #[must_use]
    pub fn width(self) -> usize {
        (self.rest() + (PARTS - SUMMED) * self.outputs).next_multiple_of(LANES)
    }

    /// Where the parts after [`Part::Plain`] begin.
    fn rest(self) -> usize {
        self.markers().end
    }

    /// Where a part stands in a row.
    #[must_use]
    pub fn part(self, part: Part) -> std::ops::Range<usize> {
        let number = part as usize;
        let first = match number.checked_sub(SUMMED) {
            None => SQUARES + number * self.outputs,
            Some(number) => self.rest() + number * self.outputs,
        };
        first..first + self.outputs
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
    bundle.fitted.ngrams.visit(text, one, |found| {
        let idf = bundle.fitted.ngrams.idf(found.number);
        let (square, part) = if found.family == Family::Words { (1, Part::Word) } else { (0, Part::Characters) };
        row[square] += idf * idf;
        add(row, layout, part, idf, &weights.ngrams[found.number as usize * n..][..n]);
    });
    let token = &one.tokens[0];
    let original = token.span.slice(text);
    let class = |feature: usize| &weights.classes[feature * n..][..n];
    if token.shape.is_punctuation() {
        classes::of_mark(original, false, |f| add(row, layout, Part::Outside, 1.0, class(f)));
        classes::of_mark(original, true, |f| add(row, layout, Part::Inside, 1.0, class(f)));
    } else {
        of_form(bundle, layout, &normal(original), row);
    }
    row.copy_within(layout.part(Part::Outside), layout.part(Part::Plain).start);
    classes::of_shape(token.shape, false, false, false, |f| add(row, layout, Part::Plain, 1.0, class(f)));
    let vector = token_vectors(&bundle.vectors, one);
    for (number, weights) in row[layout.part(Part::Vector)].iter_mut().zip(weights.vectors.chunks_exact(vector.len())) {
        *number = dot(weights, &vector);
    }
    let seen = context(1, token);
    let windows = &mut row[layout.markers()];
    for (number, marker) in bundle.fitted.markers.iter().enumerate() {
        let says = windows.iter_mut().skip(number).step_by(layout.markers).rev();
        says.zip(marker.vectors.chunks_exact(vector.len())).for_each(|(says, weights)| *says = dot(weights, &vector));
        windows[layout.logits(0).start + number] += of_context(marker, seen);
    }
}

/// What a token's place and shape say to a marker.
pub fn of_context(marker: &Marker, context: [f32; CONTEXT]) -> f32 {
    marker.context.iter().zip(context).map(|(w, c)| w * c).sum()
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
    row[layout.part(part)].iter_mut().zip(weights).for_each(|(to, weight)| *to += factor * weight);
}

/// Appends the row of a token for the span heads; `one` holds nothing else, and its name flag counts.
pub fn of_token(bundle: &Bundle, text: &str, one: &Tokens, row: &mut Vec<f32>) {
    let heads = &bundle.fitted.spans;
    let words = facts::words(text, one);
    let mut found = Vec::new();
    heads.facts.of_word(text, one, &words, 0, |fact| found.push(fact));
    let seen = Seen::of_types(bundle.dense(), &words, &[0], &[found], &[Vec::new()]);
    let start = row.len();
    chains(heads).for_each(|chain| row.extend(chain.rows(one, &seen)));
    turn(heads, &mut row[start..]);
}

/// Appends what a fact says to the span heads, laid out as [`of_token`] does.
pub fn of_fact(heads: &SpanHeads, fact: u32, row: &mut Vec<f32>) {
    let first = row.len();
    for chain in chains(heads) {
        let start = row.len();
        row.resize(start + chain.layout.row(), 0.0);
        chain.facts.add(fact, 1.0, &mut row[start..]);
    }
    turn(heads, &mut row[first..]);
}

/// Puts the columns of loaded terms and of cues in the order of the tokens that see them, which is that of the distances
/// backwards: so a row is added to three tokens' emissions in one piece.
fn turn(heads: &SpanHeads, row: &mut [f32]) {
    let layout = SpanLayout::new(heads);
    for (first, labels) in [(0, layout.loaded), (layout.of_cues(), layout.cues)] {
        let columns = &mut row[first..first + OFFSETS.len() * labels];
        columns.reverse();
        columns.chunks_exact_mut(labels.max(1)).for_each(<[f32]>::reverse);
    }
}

/// The chains, in the order of [`SpanLayout`].
fn chains(heads: &SpanHeads) -> impl Iterator<Item = &Chain> {
    let loaded = heads.loaded.iter().map(|head| &head.chain);
    loaded.chain(heads.attribution.iter().flat_map(|head| [&head.cues.chain, &head.parts]))
}
