//! The same logistic objective over sparse rows, by the optimiser that `linfa-logistic` uses.
//!
//! In: [`Csr`] rows of tens of thousands of n-gram columns and binary [`Targets`]. Out: [`Fitted`]
//! with one output. `linfa-logistic` takes dense matrices only; as dense columns these n-grams
//! would need gigabytes. A test holds the two solvers to the same optimum.

use super::minimize::minimize;
use super::{Convergence, Fitted, Solver, Targets, row_loss};
use crate::error::Result;
use ndarray::{Array2, ArrayView2};

/// Sparse rows, compressed: row i is `indices[starts[i]..starts[i + 1]]` and the values beside them.
#[derive(Debug, Clone, Default)]
pub struct Csr {
    starts: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
    columns: usize,
}

impl Csr {
    /// An empty matrix of `columns` columns; add rows with [`Csr::push`].
    #[must_use]
    pub fn new(columns: usize) -> Self {
        Self { starts: vec![0], indices: Vec::new(), values: Vec::new(), columns }
    }

    /// Adds a row of (column, value) pairs; columns at or above the width are left out.
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in row {
            if (column as usize) < self.columns {
                self.indices.push(column);
                self.values.push(value);
            }
        }
        self.starts.push(self.indices.len());
    }

    /// The non-zero entries of a dense matrix.
    #[must_use]
    pub fn from_dense(x: ArrayView2<'_, f64>) -> Self {
        let mut csr = Self::new(x.ncols());
        for row in x.rows() {
            csr.push(row.iter().enumerate().filter(|(_, v)| **v != 0.0).map(|(j, v)| (j as u32, *v as f32)));
        }
        csr
    }

    /// The same rows with these columns alone, in ascending order, numbered anew from 0.
    #[must_use]
    pub fn select_columns(&self, which: &[usize]) -> Self {
        let mut out = Self::new(which.len());
        for i in 0..self.rows() {
            out.push(self.row(i).filter_map(|(j, v)| Some((which.binary_search(&j).ok()? as u32, v as f32))));
        }
        out
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The (column, value) pairs of one row.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[i]..self.starts[i + 1];
        self.indices[range.clone()].iter().zip(&self.values[range]).map(|(j, v)| (*j as usize, f64::from(*v)))
    }

    /// Only these rows, in this order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut out = Self::new(self.columns);
        for i in rows {
            let range = self.starts[*i]..self.starts[*i + 1];
            out.indices.extend_from_slice(&self.indices[range.clone()]);
            out.values.extend_from_slice(&self.values[range]);
            out.starts.push(out.indices.len());
        }
        out
    }

    /// The dot product of one row with a column vector.
    #[must_use]
    pub fn dot(&self, i: usize, weights: &[f64]) -> f64 {
        self.row(i).map(|(j, v)| v * weights[j]).sum()
    }
}

/// Fits a binary logistic model on sparse rows; its one output is the logit of the last class.
///
/// # Errors
/// [`crate::Error::Fit`] where the optimum was not reached.
pub fn fit(what: &str, x: &Csr, targets: &Targets, solver: Solver) -> Result<Fitted> {
    let mut share = [0.0, 0.0];
    for i in 0..targets.rows() {
        share[0] += targets.row(i)[0];
        share[1] += targets.row(i)[1];
    }
    let mut start = vec![0.0; x.columns + 1];
    start[x.columns] = ((share[1] + 1.0) / (share[0] + 1.0)).ln();
    let best = minimize(what, start, solver, x.rows(), |p| evaluate(x, targets, solver.l2, p))?;
    let (objective, gradient) = evaluate(x, targets, solver.l2, &best);
    let gradient_norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    let convergence = Convergence { objective, gradient_norm, rows: targets.rows() };
    convergence.check(what)?;
    let weights = Array2::from_shape_fn((x.columns, 1), |(j, _)| best[j]);
    Ok(Fitted { weights, intercepts: vec![best[x.columns]], convergence })
}

/// Objective and gradient; the last parameter is the intercept.
fn evaluate(x: &Csr, targets: &Targets, l2: f64, parameters: &[f64]) -> (f64, Vec<f64>) {
    let weights = &parameters[..x.columns];
    let mut gradient: Vec<f64> = weights.iter().map(|w| l2 * w).collect();
    gradient.push(0.0);
    let mut objective = 0.5 * l2 * weights.iter().map(|w| w * w).sum::<f64>();
    for i in 0..x.rows() {
        let mut z = [x.dot(i, weights) + parameters[x.columns]];
        objective += row_loss(&mut z, targets.row(i));
        for (j, v) in x.row(i) {
            gradient[j] += z[0] * v;
        }
        gradient[x.columns] += z[0];
    }
    (objective, gradient)
}
