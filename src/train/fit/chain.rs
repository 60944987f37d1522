//! Fitting linear chains: the weights that make the labelled sequences most likely among all legal ones.
//!
//! In: [`Sequence`]s of tokens, each a dense vector, some facts and a label. Out: [`Weights`], which fold into a
//! [`Chain`], and the [`Convergence`] where the fit stopped. Start at [`Problem::fit`].
//!
//! The objective is  −Σ w log p(labels | sentence) + α_d/2 ‖dense‖² + α_f/2 ‖all other weights‖²,  with p normalised
//! over the legal sequences of the sentence (Lafferty et al. 2001; scaled forward–backward, Rabiner 1989), or over each
//! token's labels by itself ([`Loss`]; `loss.rs`). Where sequences come with emissions of their own, what is
//! fitted is added to those, and transitions stay ([`Problem::kept`]). Tokens share their vectors, so a pass over the data is one product of the distinct vectors with the weights, then
//! sums of rows.

use super::loss::{Scratch, counted, sequence_loss, share_loss, token_loss};
use super::minimize::minimize;
use super::{Convergence, Solver};
use crate::error::{Error, Result};
use crate::features::{TokenVectors, facts};
use crate::heads::chain::{Chain, Folded, Layout, OFFSETS, OWN, Placed};
use ndarray::{Array2, ArrayView2, Axis, Slice};

/// One sentence's tokens and labels.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// For each token, its row of the distinct tokens.
    pub types: Vec<u32>,
    /// For each token, the facts that its type does not have.
    pub facts: Vec<Vec<u32>>,
    /// Where the tokens stand to a cue, for a chain that is conditioned on one.
    pub placed: Option<Placed>,
    /// The labels.
    pub labels: Vec<u8>,
    /// If given, each token's share of each label, tokens × labels, which is fitted instead of `labels`, token by token.
    pub shares: Option<Vec<f64>>,
    /// If given, emissions that stand already, tokens × labels, and which the fit adds to.
    pub standing: Option<Vec<f64>>,
    /// What the sentence weighs.
    pub weight: f64,
}

/// What a chain is fitted on.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// Labels and columns.
    pub layout: Layout,
    /// Distinct tokens × width.
    pub vectors: ArrayView2<'a, f64>,
    /// For each distinct token, its facts.
    pub type_facts: &'a [Vec<u32>],
    /// How many facts there are.
    pub facts: usize,
    /// How many places there are.
    pub places: usize,
    /// The sentences.
    pub sequences: &'a [Sequence],
    /// α_d: the L2 strength on the weights of the vectors, above 0.
    pub dense: f64,
    /// What the labels' likelihood is of.
    pub loss: Loss,
    /// Transitions that are not fitted but given, from × to.
    pub kept: Option<&'a [f64]>,
}

/// What is made likely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// Whole label sequences, transitions fitted with all else.
    Sequences,
    /// Each token's label by itself; transitions are counted, and weigh `transitions` of what the counts say.
    Tokens {
        /// 0 to 1.
        transitions: f64,
    },
}

/// Fitted weights; a row is [`Layout::row`] numbers.
#[derive(Debug, Clone)]
pub struct Weights {
    layout: Layout,
    /// Width × row.
    dense: Array2<f64>,
    /// Facts × row.
    facts: Vec<f64>,
    /// Places × labels.
    places: Vec<f64>,
    /// From × to.
    transitions: Vec<f64>,
}

impl Weights {
    /// Labels and columns.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Takes `handicap` from the score of every token being outside: more spans are found, at less precision.
    #[must_use]
    pub fn handicapped(mut self, handicap: f64) -> Self {
        let own = facts::TOKEN as usize * self.layout.row() + self.layout.column(OWN);
        if let Some(outside) = self.facts.get_mut(own) {
            *outside -= handicap;
        }
        self
    }

    /// The weights of a chain; what [`Weights::fold`] rounded stays rounded.
    #[must_use]
    pub fn of(chain: &Chain) -> Self {
        let row = chain.layout.row();
        let wide = |weights: &[f32]| weights.iter().map(|w| f64::from(*w)).collect::<Vec<f64>>();
        let table = |weights: &[f32]| {
            Array2::from_shape_vec((row, weights.len() / row), wide(weights))
                .unwrap_or_else(|_| unreachable!("a whole chain's tables are as wide as its row"))
        };
        let mut dense = table(chain.pieces.weights()).reversed_axes();
        let of_words = table(chain.words.weights()).reversed_axes();
        dense.append(Axis(0), of_words.view()).unwrap_or_else(|_| unreachable!("both are as wide as a row"));
        Self {
            layout: chain.layout,
            dense,
            facts: (0..chain.facts.len()).flat_map(|fact| wide(&chain.facts.of(fact as u32))).collect(),
            places: wide(&chain.places),
            transitions: wide(&chain.transitions),
        }
    }

    /// The same weights with a change added, whose fact i is fact `facts[i]` here; transitions stay.
    #[must_use]
    pub fn changed_by(mut self, change: &Self, facts: &[u32]) -> Self {
        self.dense += &change.dense;
        add(&mut self.places, &change.places);
        let row = self.layout.row();
        for (fact, by) in facts.iter().zip(change.facts.chunks_exact(row)) {
            add(&mut self.facts[*fact as usize * row..][..row], by);
        }
        self
    }

    /// From-label × to-label.
    #[must_use]
    pub fn transitions(&self) -> &[f64] {
        &self.transitions
    }

    /// The chain that scores. The first `pieces` of the vectors' numbers are the piece's, the others the word's.
    #[must_use]
    pub fn fold(&self, pieces: usize) -> Chain {
        let rounded = |weights: &[f64]| weights.iter().map(|w| *w as f32).collect::<Vec<f32>>();
        let part =
            |part: Slice| Folded::new(self.dense.slice_axis(Axis(0), part).t().iter().map(|w| *w as f32).collect());
        Chain {
            layout: self.layout,
            pieces: part(Slice::from(..pieces)),
            words: part(Slice::from(pieces..)),
            facts: TokenVectors::quantize(self.layout.row(), &rounded(&self.facts)),
            places: rounded(&self.places),
            transitions: rounded(&self.transitions),
        }
    }
}

impl Problem<'_> {
    /// Where each group of weights ends: dense, facts, places; the transitions are the rest.
    fn ends(&self) -> [usize; 3] {
        let (row, labels) = (self.layout.row(), self.layout.coding.labels());
        let dense = self.vectors.ncols() * row;
        let facts = dense + self.facts * row;
        [dense, facts, facts + self.places * labels]
    }

    /// Fits the chain, α_f being the solver's L2 strength. It stops at the optimum or after the solver's
    /// iterations: on sentences held out, more of them gain nothing, and the receipt says where it stood.
    ///
    /// # Errors
    /// [`Error::Fit`] where the optimiser gives up or a number is not finite.
    pub fn fit(&self, what: &str, solver: Solver) -> Result<(Weights, Convergence)> {
        let labels = self.layout.coding.labels();
        let [dense, facts, places] = self.ends();
        let tokens: usize = self.sequences.iter().map(|s| s.labels.len()).sum();
        let mut start = vec![0.0; places + labels * labels];
        start[places..].iter_mut().zip(self.kept.unwrap_or_default()).for_each(|(to, from)| *to = *from);
        let best = minimize(what, start, solver, tokens, |p| self.evaluate(p, solver.l2))?;
        let (objective, gradient) = self.evaluate(&best, solver.l2);
        let gradient_norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        if !objective.is_finite() || !gradient_norm.is_finite() {
            return Err(Error::Fit {
                what: what.to_owned(),
                found: format!("objective {objective:.3e} and gradient norm {gradient_norm:.3e}"),
                expected: "finite numbers".to_owned(),
            });
        }
        let weights = Weights {
            layout: self.layout,
            dense: self.dense_of(&best).to_owned(),
            facts: best[dense..facts].to_vec(),
            places: best[facts..places].to_vec(),
            transitions: match self.loss {
                Loss::Sequences => best[places..].to_vec(),
                Loss::Tokens { .. } if self.kept.is_some() => best[places..].to_vec(),
                Loss::Tokens { transitions } => {
                    let labels = self.sequences.iter().map(|s| (s.labels.as_slice(), s.weight));
                    counted(self.layout, transitions, labels)
                }
            },
        };
        Ok((weights, Convergence { objective, gradient_norm, rows: tokens }))
    }

    fn dense_of<'p>(&self, parameters: &'p [f64]) -> ArrayView2<'p, f64> {
        let shape = (self.vectors.ncols(), self.layout.row());
        ArrayView2::from_shape(shape, &parameters[..self.ends()[0]])
            .unwrap_or_else(|_| unreachable!("as many weights as the shape has"))
    }

    /// Objective and gradient.
    fn evaluate(&self, p: &[f64], sparse: f64) -> (f64, Vec<f64>) {
        let row = self.layout.row();
        let [dense, facts, places] = self.ends();
        let at = At { facts: &p[dense..facts], places: &p[facts..places], transitions: &p[places..] };
        let mut table = self.vectors.dot(&self.dense_of(p));
        let flat = table.as_slice_mut().unwrap_or_default();
        for (of, to) in self.type_facts.iter().zip(flat.chunks_exact_mut(row)) {
            of.iter().for_each(|f| add(to, at.fact(*f, row)));
        }
        let square = |weights: &[f64]| weights.iter().map(|w| w * w).sum::<f64>();
        let mut objective = 0.5 * self.dense * square(&p[..dense]) + 0.5 * sparse * square(&p[dense..]);
        let mut gradient: Vec<f64> =
            p.iter().enumerate().map(|(i, w)| w * if i < dense { self.dense } else { sparse }).collect();
        let mut by_type = Array2::<f64>::zeros(table.raw_dim());
        {
            let (g, g_transitions) = gradient.split_at_mut(places);
            let (g, g_places) = g.split_at_mut(facts);
            let g_facts = &mut g[dense..];
            let flat = table.as_slice().unwrap_or_default();
            let by = by_type.as_slice_mut().unwrap_or_default();
            let mut scratch = Scratch::default();
            for sequence in self.sequences {
                self.emissions(sequence, flat, at, &mut scratch);
                let labels = &sequence.labels;
                let weight = sequence.weight;
                let loss = match (&sequence.shares, self.loss) {
                    (Some(shares), _) => share_loss(self.layout, shares, weight, &mut scratch),
                    (None, Loss::Sequences) => {
                        sequence_loss(self.layout, at.transitions, labels, weight, &mut scratch, g_transitions)
                    }
                    (None, Loss::Tokens { .. }) => token_loss(self.layout, labels, weight, &mut scratch),
                };
                objective += weight * loss;
                self.spread(sequence, &mut scratch, g_places);
                for (token, slope) in scratch.rows.chunks_exact(row).enumerate() {
                    add(&mut by[sequence.types[token] as usize * row..][..row], slope);
                    for f in &sequence.facts[token] {
                        add(&mut g_facts[*f as usize * row..][..row], slope);
                    }
                }
            }
            for (of, slope) in self.type_facts.iter().zip(by.chunks_exact(row)) {
                of.iter().for_each(|f| add(&mut g_facts[*f as usize * row..][..row], slope));
            }
        }
        if self.kept.is_some() {
            gradient[places..].fill(0.0);
        }
        let by_dense = self.vectors.t().dot(&by_type);
        gradient.iter_mut().zip(by_dense.iter()).for_each(|(g, d)| *g += d);
        (objective, gradient)
    }

    /// Leaves the sequence's emissions, tokens × labels, in `scratch`.
    fn emissions(&self, sequence: &Sequence, table: &[f64], at: At<'_>, scratch: &mut Scratch) {
        let (row, labels) = (self.layout.row(), self.layout.coding.labels());
        let Scratch { rows, emissions, .. } = scratch;
        rows.clear();
        for (kind, facts) in sequence.types.iter().zip(&sequence.facts) {
            let start = rows.len();
            rows.extend_from_slice(&table[*kind as usize * row..][..row]);
            facts.iter().for_each(|f| add(&mut rows[start..], at.fact(*f, row)));
        }
        emissions.clear();
        emissions.resize(sequence.types.len() * labels, 0.0);
        for (token, to) in emissions.chunks_exact_mut(labels).enumerate() {
            each_column(sequence, token, |neighbour, column| {
                add(to, &rows[neighbour * row + self.layout.column(column)..][..labels]);
            });
            for place in sequence.placed.iter().flat_map(|p| p.places_of(token)) {
                add(to, &at.places[*place as usize * labels..][..labels]);
            }
        }
        if let Some(standing) = &sequence.standing {
            add(emissions, standing);
        }
    }

    /// Turns ∂loss/∂emission in `scratch` into ∂loss/∂row, and adds the places' part to their gradient.
    fn spread(&self, sequence: &Sequence, scratch: &mut Scratch, g_places: &mut [f64]) {
        let (row, labels) = (self.layout.row(), self.layout.coding.labels());
        let Scratch { rows, slopes, .. } = scratch;
        rows.fill(0.0);
        for (token, slope) in slopes.chunks_exact(labels).enumerate() {
            each_column(sequence, token, |neighbour, column| {
                add(&mut rows[neighbour * row + self.layout.column(column)..][..labels], slope);
            });
            for place in sequence.placed.iter().flat_map(|p| p.places_of(token)) {
                add(&mut g_places[*place as usize * labels..][..labels], slope);
            }
        }
    }
}

/// The weights of one evaluation, but those of the vectors.
#[derive(Clone, Copy)]
struct At<'a> {
    facts: &'a [f64],
    places: &'a [f64],
    transitions: &'a [f64],
}

impl<'a> At<'a> {
    fn fact(&self, number: u32, row: usize) -> &'a [f64] {
        &self.facts[number as usize * row..][..row]
    }
}

/// Calls `found(neighbour, column)` for every row that a token's emission is read from.
fn each_column(sequence: &Sequence, token: usize, mut found: impl FnMut(usize, usize)) {
    for (column, offset) in OFFSETS.into_iter().enumerate() {
        if let Some(neighbour) = token.checked_add_signed(offset).filter(|n| *n < sequence.types.len()) {
            found(neighbour, column);
        }
    }
    if let Some(placed) = &sequence.placed {
        found(token, OFFSETS.len() + usize::from(placed.sides[token]));
    }
}

#[inline]
fn add(to: &mut [f64], from: &[f64]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::heads::chain::Sizes;
    use crate::heads::coding::{Coding, Run};

    /// A small problem with every group of weights in use.
    fn sequences(coding: Coding) -> Vec<Sequence> {
        let run = |first: usize, end: usize, kind: u8| Run { first, end, kind };
        let placed = |n: usize| Placed {
            sides: (0..n).map(|t| (t % 3) as u8).collect(),
            places: (0..n).map(|t| (t % 2) as u32).collect(),
            ends: (1..).take(n).collect(),
        };
        let of = |types: &[u32], runs: &[Run], weight: f64| Sequence {
            types: types.to_vec(),
            facts: types.iter().enumerate().map(|(t, _)| if t % 2 == 0 { vec![0] } else { vec![] }).collect(),
            placed: Some(placed(types.len())),
            labels: coding.encode(runs, types.len()),
            shares: None,
            standing: None,
            weight,
        };
        vec![
            of(&[0, 1, 2, 3, 1], &[run(1, 3, 0)], 1.0),
            of(&[2, 2, 0], &[run(0, 1, 1), run(1, 3, 0)], 0.5),
            of(&[3], &[], 2.0),
        ]
    }

    fn vectors() -> Array2<f64> {
        Array2::from_shape_fn((4, 3), |(i, j)| ((i * 3 + j) as f64 * 0.7).sin())
    }

    fn problem<'a>(
        sequences: &'a [Sequence],
        vectors: &'a Array2<f64>,
        type_facts: &'a [Vec<u32>],
        coding: Coding,
    ) -> Problem<'a> {
        let layout = Layout { coding, sides: 3 };
        Problem {
            layout,
            vectors: vectors.view(),
            type_facts,
            facts: 2,
            places: 2,
            sequences,
            dense: 0.3,
            loss: Loss::Sequences,
            kept: None,
        }
    }

    #[test]
    fn the_gradient_is_that_of_the_objective() {
        let coding = Coding::new(2);
        let (sequences, vectors) = (sequences(coding), vectors());
        let type_facts = vec![vec![1], vec![], vec![0, 1], vec![]];
        let problem = problem(&sequences, &vectors, &type_facts, coding);
        let count = problem.ends()[2] + coding.labels() * coding.labels();
        let point: Vec<f64> = (0..count).map(|i| 0.3 * ((i * 7 % 23) as f64 - 11.0) / 11.0).collect();
        let (_, gradient) = problem.evaluate(&point, 0.2);
        for i in (0..count).step_by(5) {
            let mut moved = [point.clone(), point.clone()];
            moved[0][i] += 1e-5;
            moved[1][i] -= 1e-5;
            let slope = (problem.evaluate(&moved[0], 0.2).0 - problem.evaluate(&moved[1], 0.2).0) / 2e-5;
            assert!((slope - gradient[i]).abs() < 1e-5, "weight {i}: {slope} and {}", gradient[i]);
        }
    }

    #[test]
    fn without_weights_every_legal_sequence_is_as_likely() {
        let coding = Coding::new(1);
        let sequence = Sequence { labels: vec![0, 0], types: vec![0, 0], ..sequences(Coding::new(1)).swap_remove(1) };
        let mut scratch = Scratch::default();
        scratch.emissions = vec![0.0; 2 * coding.labels()];
        let layout = Layout { coding, sides: 0 };
        let mut slopes = vec![0.0; 25];
        let loss = sequence_loss(layout, &[0.0; 25], &sequence.labels, 1.0, &mut scratch, &mut slopes);
        // Outside or a single each, or one span over both: five.
        assert!((loss - 5f64.ln()).abs() < 1e-12, "{loss}");
    }

    #[test]
    fn what_is_added_to_a_fitted_chain_on_what_it_was_fitted_on_is_nothing() {
        let coding = Coding::new(2);
        let (mut sequences, vectors) = (sequences(coding), vectors());
        let type_facts = vec![vec![1], vec![], vec![0, 1], vec![]];
        let solver = Solver { l2: 1e-6, tolerance: 1e-9, max_iterations: 500 };
        let (weights, _) =
            Problem { dense: 1e-6, ..problem(&sequences, &vectors, &type_facts, coding) }.fit("test", solver).unwrap();
        let flat: Vec<f64> = weights
            .dense
            .iter()
            .chain(&weights.facts)
            .chain(&weights.places)
            .chain(&weights.transitions)
            .copied()
            .collect();
        let whole = problem(&sequences, &vectors, &type_facts, coding);
        let [dense, facts, places] = whole.ends();
        let at = At { facts: &flat[dense..facts], places: &flat[facts..places], transitions: &flat[places..] };
        let mut table = vectors.dot(&weights.dense);
        for (of, mut to) in type_facts.iter().zip(table.rows_mut()) {
            of.iter().for_each(|f| add(to.as_slice_mut().unwrap(), at.fact(*f, whole.layout.row())));
        }
        let mut scratch = Scratch::default();
        let standing: Vec<Vec<f64>> = sequences
            .iter()
            .map(|sequence| {
                whole.emissions(sequence, table.as_slice().unwrap(), at, &mut scratch);
                scratch.emissions.clone()
            })
            .collect();
        sequences.iter_mut().zip(standing).for_each(|(sequence, standing)| sequence.standing = Some(standing));
        let near = Problem { kept: Some(&weights.transitions), ..problem(&sequences, &vectors, &type_facts, coding) };
        let (change, _) = near.fit("test", Solver { l2: 0.2, ..solver }).unwrap();
        assert!(change.dense.iter().chain(&change.facts).chain(&change.places).all(|w| w.abs() < 1e-3), "{change:?}");
        assert_eq!(change.transitions, weights.transitions);
        let again = weights.clone().changed_by(&change, &[0, 1]);
        assert!(again.dense.iter().zip(&weights.dense).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn a_fitted_chain_labels_what_it_was_shown() {
        let coding = Coding::new(2);
        let (sequences, vectors) = (sequences(coding), vectors());
        let type_facts = vec![vec![1], vec![], vec![0, 1], vec![]];
        let problem = problem(&sequences, &vectors, &type_facts, coding);
        let solver = Solver { l2: 1e-3, tolerance: 1e-9, max_iterations: 300 };
        let problem = Problem { dense: 1e-3, ..problem };
        let (weights, convergence) = problem.fit("test", solver).unwrap();
        assert!(convergence.gradient_norm < 1e-4, "{convergence:?}");
        assert!(convergence.objective < 0.5, "{convergence:?}");
        let sizes = Sizes { pieces: 2, words: 1, facts: 2 };
        assert!(weights.fold(2).is_whole(sizes, 2));
    }
}
