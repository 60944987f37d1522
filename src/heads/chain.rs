//! A linear-chain model (conditional random field; Lafferty et al. 2001): the best label sequence of a sentence.
//!
//! In: the tokens of a sentence and their facts. Out: one label a token. Start at [`Chain::rows`], then
//! [`Chain::emissions`] and [`Chain::best`].
//!
//! A token's emission, the score of each label there, is the sum of what it and its two neighbours say. What a token says is its row: a score for each distance and label. The row is the mean of its
//! pieces' rows, its word's row and the sum of its facts' rows, all read from tables: a vector is multiplied with
//! the weights once, when it is first met, so that scoring looks up and adds.
//!
//! A chain that looks for the parts of an attribution is conditioned on its cue. It has further columns
//! (a token's row before, after and in the cue), and weights of where a token stands to the cue, its places.

use super::coding::{Coding, OUTSIDE, Run};
use super::places::SIDES;
use super::viterbi::{Paths, Steps};
use crate::features::marker::dot;
use crate::features::{Facts, TokenVectors, Vectors};
use crate::text::Tokens;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Distances of the tokens that a token's emission is read from.
///
/// Two and three tokens to either side were tried, and measured no better.
pub const OFFSETS: [isize; 3] = [-1, 0, 1];

/// The column of a token's own emission.
pub const OWN: usize = 1;

/// The sizes of a chain's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The labels.
    pub coding: Coding,
    /// Columns beside those of [`OFFSETS`], of which a token has at most one: its side of the cue.
    pub sides: usize,
}

impl Layout {
    /// Numbers in a token's row: column by column, a score for each label.
    #[must_use]
    pub fn row(self) -> usize {
        (OFFSETS.len() + self.sides) * self.coding.labels()
    }

    /// Where a column begins in a row.
    #[must_use]
    pub fn column(self, column: usize) -> usize {
        column * self.coding.labels()
    }
}

/// What a sentence's tokens are seen by: fact numbers and the word's number, token by token.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    numbers: Vec<u32>,
    ends: Vec<u32>,
    words: Vec<Option<u32>>,
    vectors: Vectors<'a>,
}

impl<'a> Seen<'a> {
    fn none(vectors: Vectors<'a>) -> Self {
        Self { numbers: Vec::new(), ends: Vec::new(), words: Vec::new(), vectors }
    }

    /// The facts of every token; `words` are the sentence's [`crate::features::facts::words`].
    #[must_use]
    pub fn new(facts: &Facts, vectors: Vectors<'a>, text: &str, tokens: &Tokens, words: &[String]) -> Self {
        let mut seen = Self::none(vectors);
        seen.words = words.iter().map(|word| vectors.words.number(word)).collect();
        for at in 0..tokens.tokens.len() {
            facts.of_word(text, tokens, words, at, |f| seen.numbers.push(f));
            facts.of_place(tokens, words, at, |f| seen.numbers.push(f));
            seen.ends.push(seen.numbers.len() as u32);
        }
        seen
    }

    /// The facts of tokens of these types: those of the type, and the token's other ones.
    #[must_use]
    pub fn of_types(
        vectors: Vectors<'a>,
        words: &[String],
        types: &[u32],
        type_facts: &[Vec<u32>],
        facts: &[Vec<u32>],
    ) -> Self {
        let mut seen = Self::none(vectors);
        seen.words = words.iter().map(|word| vectors.words.number(word)).collect();
        for (kind, facts) in types.iter().zip(facts) {
            seen.numbers.extend(type_facts[*kind as usize].iter().chain(facts));
            seen.ends.push(seen.numbers.len() as u32);
        }
        seen
    }

    /// The facts of one token.
    #[must_use]
    pub fn of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |i| self.ends[i]);
        &self.numbers[start as usize..self.ends[at] as usize]
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Where the tokens of a sentence stand to a cue.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    /// For each token, its side column.
    pub sides: Vec<u8>,
    /// The numbers of all tokens' places, and where those of each end.
    pub places: Vec<u32>,
    /// See `places`.
    pub ends: Vec<u32>,
}

impl Placed {
    /// The numbers of a token's places.
    #[must_use]
    pub fn places_of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[at] as usize]
    }
}

/// What the tables of a chain have to fit.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Numbers of a piece's vector.
    pub pieces: usize,
    /// Numbers of a word's vector.
    pub words: usize,
    /// Facts.
    pub facts: usize,
}

/// Weights of a table of vectors, and the rows of those that were met: the vector times the weights, once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Folded {
    /// Numbers of a row × width of the vectors.
    weights: Vec<f32>,
    /// By number; each folded when it is first met.
    #[serde(skip)]
    rows: OnceLock<Vec<OnceLock<Box<[f32]>>>>,
}

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        self.weights == other.weights
    }
}

impl Folded {
    /// Weights, row-major: numbers of a row × width of the vectors.
    #[must_use]
    pub fn new(weights: Vec<f32>) -> Self {
        Self { weights, rows: OnceLock::new() }
    }

    /// The weights, row-major: numbers of a row × width of the vectors.
    #[must_use]
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    fn is_whole(&self, row: usize, width: usize) -> bool {
        self.weights.len() == row * width && self.weights.iter().all(|w| w.is_finite())
    }

    /// The row of a vector; none of one that there is not. `vectors` must be the same in every call.
    fn row(&self, number: u32, vectors: &TokenVectors) -> &[f32] {
        let rows = self.rows.get_or_init(|| (0..vectors.len()).map(|_| OnceLock::new()).collect());
        let fold = || {
            let vector = vectors.of(number);
            self.weights.chunks_exact(vector.len()).map(|weights| dot(weights, &vector)).collect()
        };
        rows.get(number as usize).map_or(&[], |row| row.get_or_init(fold))
    }
}

/// A fitted chain, folded into tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// The sizes of the tables.
    pub layout: Layout,
    /// What a piece's vector says.
    pub pieces: Folded,
    /// What a word's vector says.
    pub words: Folded,
    /// A row for each fact.
    pub facts: TokenVectors,
    /// Places × labels.
    pub places: Vec<f32>,
    /// From-label × to-label.
    pub transitions: Vec<f32>,
}

impl Chain {
    /// Whether the tables belong together, and to these sizes, and are finite.
    #[must_use]
    pub fn is_whole(&self, sizes: Sizes, places: usize) -> bool {
        // Sizes first: the others are products of them.
        if !self.layout.coding.is_whole() || self.layout.sides > SIDES {
            return false;
        }
        let labels = self.layout.coding.labels();
        let row = self.layout.row();
        self.pieces.is_whole(row, sizes.pieces)
            && self.words.is_whole(row, sizes.words)
            && self.facts.is_whole()
            && self.facts.width() == row
            && self.facts.len() == sizes.facts
            && self.places.len() == places * labels
            && self.transitions.len() == labels * labels
            && self.places.iter().chain(&self.transitions).all(|w| w.is_finite())
    }

    /// Every token's row; a name's pieces say nothing.
    #[must_use]
    pub fn rows(&self, tokens: &Tokens, seen: &Seen<'_>) -> Vec<f32> {
        let width = self.layout.row();
        let mut rows = vec![0.0; width * tokens.tokens.len()];
        for (at, (token, row)) in tokens.tokens.iter().zip(rows.chunks_exact_mut(width)).enumerate() {
            if !token.name {
                let pieces = tokens.pieces_of(token);
                let share = 1.0 / pieces.len().max(1) as f32;
                for piece in pieces {
                    let folded = self.pieces.row(*piece, seen.vectors.pieces);
                    row.iter_mut().zip(folded).for_each(|(to, from)| *to += share * from);
                }
            }
            if let Some(word) = seen.words[at] {
                add(row, self.words.row(word, seen.vectors.words.vectors()));
            }
            for fact in seen.of(at) {
                self.facts.add(*fact, 1.0, row);
            }
        }
        rows
    }

    /// Every token's emission: tokens × labels.
    #[must_use]
    pub fn emissions(&self, rows: &[f32], placed: Option<&Placed>) -> Vec<f32> {
        let labels = self.layout.coding.labels();
        let width = self.layout.row();
        let length = rows.len() / width;
        let mut emissions = vec![0.0; length * labels];
        for (at, emission) in emissions.chunks_exact_mut(labels).enumerate() {
            for (column, offset) in OFFSETS.into_iter().enumerate() {
                if let Some(neighbour) = at.checked_add_signed(offset).filter(|n| *n < length) {
                    add(emission, &rows[neighbour * width + self.layout.column(column)..][..labels]);
                }
            }
            let Some(placed) = placed else { continue };
            let side = OFFSETS.len() + usize::from(placed.sides[at]);
            add(emission, &rows[at * width + self.layout.column(side)..][..labels]);
            for place in placed.places_of(at) {
                add(emission, &self.places[*place as usize * labels..][..labels]);
            }
        }
        emissions
    }

    /// The legal label sequence of the highest score (Viterbi); of equal ones the first in order of the labels.
    /// A label whose emission is −∞ is not taken.
    #[must_use]
    pub fn best(&self, emissions: &[f32]) -> Vec<u8> {
        best(self.layout.coding, &self.transitions, emissions)
    }

    /// The steps from label to label that are legal.
    #[must_use]
    pub fn legal_steps(&self) -> Steps {
        Steps::new(self.layout.coding, &self.transitions)
    }

    /// By how much the label sequence beats the same with `run` outside: the log odds of the run, the rest as it
    /// is. A sum over the run's tokens of their emissions' lead, and of the transitions into, in and out of it.
    #[must_use]
    pub fn margin(&self, emissions: &[f32], labels: &[u8], run: Run) -> f64 {
        let width = self.layout.coding.labels();
        let lead = |at: usize| emissions[at * width + usize::from(labels[at])] - emissions[at * width];
        let tokens: f64 = (run.first..run.end).map(|at| f64::from(lead(at))).sum();
        tokens + self.steps(labels, run, usize::from(run.kind)) - self.outside_steps(labels, run)
    }

    /// The score of a run of each kind, the rest of the sequence as it is.
    #[must_use]
    pub fn kinds(&self, emissions: &[f32], labels: &[u8], run: Run) -> Vec<f64> {
        let coding = self.layout.coding;
        let width = coding.labels();
        let of = |kind: usize| {
            let emission = |at: usize| emissions[at * width + usize::from(coding.label(run, at, kind))];
            (run.first..run.end).map(|at| f64::from(emission(at))).sum::<f64>() + self.steps(labels, run, kind)
        };
        (0..coding.kinds()).map(of).collect()
    }

    /// What each token adds to a run's margin, in order: those of the run and of its surroundings.
    #[must_use]
    pub fn contributions(&self, rows: &[f32], labels: &[u8], run: Run) -> Vec<(usize, f64)> {
        let width = self.layout.row();
        let length = rows.len() / width;
        let reach = OFFSETS.len() / 2;
        let from = |token: usize| {
            let lead = |(column, offset): (usize, isize)| {
                // The column is what the token says of the one `offset` before it.
                let at = token.checked_add_signed(-offset).filter(|at| (run.first..run.end).contains(at))?;
                let row = &rows[token * width + self.layout.column(column)..];
                Some(f64::from(row[usize::from(labels[at])] - row[usize::from(OUTSIDE)]))
            };
            (token, OFFSETS.into_iter().enumerate().filter_map(lead).sum())
        };
        (run.first.saturating_sub(reach)..length.min(run.end + reach)).map(from).collect()
    }

    /// The margin's part that no token adds: its transitions.
    #[must_use]
    pub fn transitions_of(&self, labels: &[u8], run: Run) -> f64 {
        self.steps(labels, run, usize::from(run.kind)) - self.outside_steps(labels, run)
    }

    /// The transitions into, in and out of a run, were it of this kind.
    fn steps(&self, labels: &[u8], run: Run, kind: usize) -> f64 {
        self.path(labels, run, |at| self.layout.coding.label(run, at, kind))
    }

    fn outside_steps(&self, labels: &[u8], run: Run) -> f64 {
        self.path(labels, run, |_| OUTSIDE)
    }

    fn path(&self, labels: &[u8], run: Run, label: impl Fn(usize) -> u8) -> f64 {
        let width = self.layout.coding.labels();
        let at = |i: usize| if (run.first..run.end).contains(&i) { label(i) } else { labels[i] };
        let step = |i: usize| f64::from(self.transitions[usize::from(at(i - 1)) * width + usize::from(at(i))]);
        (run.first.max(1)..labels.len().min(run.end + 1)).map(step).sum()
    }
}

/// The best legal label sequence for emissions (tokens × labels) and transitions (from × to).
#[must_use]
pub fn best(coding: Coding, transitions: &[f32], emissions: &[f32]) -> Vec<u8> {
    Steps::new(coding, transitions).best(emissions, &mut Paths::default()).to_vec()
}

fn add(to: &mut [f32], from: &[f32]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every label sequence of a length.
    fn sequences(labels: u8, length: usize) -> Vec<Vec<u8>> {
        let mut all = vec![Vec::new()];
        for _ in 0..length {
            all = all.iter().flat_map(|s| (0..labels).map(move |l| [s.as_slice(), &[l]].concat())).collect();
        }
        all
    }

    fn noise(seed: u32, length: usize) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 4_194_304.0 - 2.0
        };
        (0..length).map(|_| next()).collect()
    }

    fn chain(seed: u32) -> Chain {
        let layout = Layout { coding: Coding::new(1), sides: 0 };
        let row = layout.row();
        Chain {
            layout,
            pieces: Folded::new(noise(seed, 3 * row)),
            words: Folded::default(),
            facts: TokenVectors::quantize(row, &noise(seed + 1, 2 * row)),
            places: Vec::new(),
            transitions: noise(seed + 2, 25),
        }
    }

    fn score(chain: &Chain, emissions: &[f32], labels: &[u8]) -> f64 {
        let tokens: f32 = labels.iter().enumerate().map(|(at, l)| emissions[at * 5 + usize::from(*l)]).sum();
        let step = |pair: &[u8]| chain.transitions[usize::from(pair[0]) * 5 + usize::from(pair[1])];
        f64::from(tokens) + labels.windows(2).map(|pair| f64::from(step(pair))).sum::<f64>()
    }

    #[test]
    fn the_best_sequence_is_the_best_of_all_legal_ones() {
        for seed in 0..40 {
            let chain = chain(seed);
            let coding = chain.layout.coding;
            let emissions = noise(seed + 900, 4 * 5);
            let legal = |s: &Vec<u8>| {
                coding.may_begin(s[0]) && coding.may_end(s[3]) && s.windows(2).all(|p| coding.is_legal(p[0], p[1]))
            };
            let all = sequences(5, 4).into_iter().filter(legal);
            let expected = all.max_by(|a, b| score(&chain, &emissions, a).total_cmp(&score(&chain, &emissions, b)));
            assert_eq!(Some(chain.best(&emissions)), expected, "seed {seed}");
        }
    }

    #[test]
    fn a_margin_is_the_difference_of_two_paths_and_the_sum_of_its_contributions() {
        let chain = chain(7);
        let rows = noise(11, 6 * chain.layout.row());
        let emissions = chain.emissions(&rows, None);
        let labels = [0, 1, 2, 3, 0, 4];
        for run in chain.layout.coding.decode(&labels) {
            let mut without = labels;
            without[run.first..run.end].fill(OUTSIDE);
            let difference = score(&chain, &emissions, &labels) - score(&chain, &emissions, &without);
            let margin = chain.margin(&emissions, &labels, run);
            assert!((margin - difference).abs() < 1e-4, "{margin} {difference}");
            let parts: f64 = chain.contributions(&rows, &labels, run).iter().map(|(_, value)| value).sum();
            assert!((parts + chain.transitions_of(&labels, run) - margin).abs() < 1e-4);
        }
    }

    #[test]
    fn a_label_barred_everywhere_is_not_taken() {
        let chain = chain(3);
        let mut emissions = noise(5, 8 * 5);
        emissions.chunks_exact_mut(5).for_each(|e| e[1..].fill(f32::NEG_INFINITY));
        assert_eq!(chain.best(&emissions), [OUTSIDE; 8]);
    }
}
