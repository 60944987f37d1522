//! Fitting the markers: token-level logistic models over windows of token vectors.
//!
//! In: [`Prepared`] rows and a [`Mark`]. Out: a [`Marker`]. Start at [`fit`]. A quarter of a million
//! tokens with five vectors each would be a dense matrix of gigabytes, so the objective is
//! `linfa-logistic`'s, minimised by the same optimiser, but evaluated through the distinct tokens:
//! one product of their vectors with the weights, then sums of five numbers a token.

use super::fit::minimize::minimize;
use super::fit::{Convergence, Solver, row_loss};
use super::prepare::{Example, Mark, Prepared, Row};
use crate::error::Result;
use crate::features::Marker;
use crate::features::marker::{CONTEXT, OFFSETS, POOLS, pool};
use ndarray::{Array2, ArrayView2};

/// For each example, its tokens' labels; `None` where nobody looked.
pub type Labels = Vec<Option<Vec<bool>>>;

/// The labels of one mark over all examples.
#[must_use]
pub fn labels(mark: Mark, examples: &[Example], prepared: &Prepared) -> Labels {
    examples.iter().zip(&prepared.rows).map(|(e, row)| mark.labels(&e.record, &row.tokens.tokens)).collect()
}

/// Fits a marker on the examples `which`.
///
/// # Errors
/// [`crate::Error::Fit`] where the optimum was not reached.
pub fn fit(
    what: &str,
    mark: Mark,
    prepared: &Prepared,
    examples: &[Example],
    labels: &Labels,
    which: &[usize],
    solver: Solver,
) -> Result<(Marker, Convergence)> {
    let problem = Problem { prepared, examples, labels, which, l2: solver.l2 };
    let width = prepared.vectors.ncols();
    let tokens = which.iter().filter_map(|i| labels[*i].as_ref()).map(Vec::len).sum();
    let best = minimize(what, vec![0.0; OFFSETS.len() * width + CONTEXT + 1], solver, tokens, |p| problem.evaluate(p))?;
    let (objective, gradient) = problem.evaluate(&best);
    let gradient_norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    let convergence = Convergence { objective, gradient_norm, rows: tokens };
    convergence.check(what)?;
    let (vectors, rest) = best.split_at(OFFSETS.len() * width);
    let mut context = [0.0; CONTEXT];
    for (to, from) in context.iter_mut().zip(rest) {
        *to = *from as f32;
    }
    let marker = Marker {
        name: mark.name().to_owned(),
        vectors: vectors.iter().map(|v| *v as f32).collect(),
        context,
        intercept: rest[CONTEXT] as f32,
    };
    Ok((marker, convergence))
}

/// The pooled features of the rows `which`, [`POOLS`] a row.
#[must_use]
pub fn pools(marker: &Marker, prepared: &Prepared, which: &[usize]) -> Vec<[f64; POOLS]> {
    let vectors: Vec<f64> = marker.vectors.iter().map(|v| f64::from(*v)).collect();
    let table = table(&prepared.vectors, &vectors);
    let context = marker.context.map(f64::from);
    which
        .iter()
        .map(|i| {
            let row = &prepared.rows[*i];
            let mut sum = [0.0; POOLS];
            each_logit(row, table.view(), &context, f64::from(marker.intercept), |at, logit| {
                let pooled = pool(logit, row.tokens.tokens[at].quoted, row.types.len());
                for (s, p) in sum.iter_mut().zip(pooled) {
                    *s += p;
                }
            });
            sum
        })
        .collect()
}

/// Distinct tokens × distances: the part of a logit that a token has at each distance.
fn table(vectors: &Array2<f64>, weights: &[f64]) -> Array2<f64> {
    let by_offset = ArrayView2::from_shape((OFFSETS.len(), vectors.ncols()), weights);
    by_offset.map_or_else(|_| Array2::zeros((vectors.nrows(), OFFSETS.len())), |w| vectors.dot(&w.t()))
}

fn each_logit(
    row: &Row,
    table: ArrayView2<'_, f64>,
    context: &[f64],
    intercept: f64,
    mut found: impl FnMut(usize, f64),
) {
    for (at, facts) in row.contexts().enumerate() {
        let mut z = intercept + facts.iter().zip(context).map(|(f, w)| f64::from(*f) * w).sum::<f64>();
        for (column, offset) in OFFSETS.into_iter().enumerate() {
            if let Some(neighbour) = at.checked_add_signed(offset).and_then(|n| row.types.get(n)) {
                z += table[[*neighbour as usize, column]];
            }
        }
        found(at, z);
    }
}

struct Problem<'a> {
    prepared: &'a Prepared,
    examples: &'a [Example],
    labels: &'a Labels,
    which: &'a [usize],
    l2: f64,
}

impl Problem<'_> {
    /// Objective and gradient over the weights of the window, of the context, and the intercept; the
    /// first alone are penalised.
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let width = self.prepared.vectors.ncols();
        let (weights, rest) = parameters.split_at(OFFSETS.len() * width);
        let (context, intercept) = rest.split_at(CONTEXT);
        let table = table(&self.prepared.vectors, weights);
        let mut by_type = Array2::<f64>::zeros((self.prepared.vectors.nrows(), OFFSETS.len()));
        let mut by_rest = [0.0; CONTEXT + 1];
        let mut objective = 0.5 * self.l2 * weights.iter().map(|w| w * w).sum::<f64>();
        for i in self.which {
            let Some(labels) = &self.labels[*i] else { continue };
            let row = &self.prepared.rows[*i];
            let weight = self.examples[*i].weight;
            let facts: Vec<_> = row.contexts().collect();
            each_logit(row, table.view(), context, intercept[0], |at, logit| {
                let mut z = [logit];
                let mass = if labels[at] { [0.0, weight] } else { [weight, 0.0] };
                objective += row_loss(&mut z, &mass);
                for (column, offset) in OFFSETS.into_iter().enumerate() {
                    if let Some(neighbour) = at.checked_add_signed(offset).and_then(|n| row.types.get(n)) {
                        by_type[[*neighbour as usize, column]] += z[0];
                    }
                }
                for (g, f) in by_rest.iter_mut().zip(facts[at]) {
                    *g += z[0] * f64::from(f);
                }
                by_rest[CONTEXT] += z[0];
            });
        }
        let by_weight = by_type.t().dot(&self.prepared.vectors);
        let mut gradient: Vec<f64> = by_weight.iter().zip(weights).map(|(g, w)| g + self.l2 * w).collect();
        gradient.extend(by_rest);
        (objective, gradient)
    }
}
