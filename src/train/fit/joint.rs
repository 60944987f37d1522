//! A multinomial logistic model over sparse and dense columns at once.
//!
//! In: [`Csr`] rows, dense rows beside them, and [`Targets`]. Out: [`Joint`] weights, one column an output. Start at
//! [`fit`]. Each kind of column has an L2 strength of its own. The dense part is a product of matrices in the
//! precision of its columns; objective and gradient at the end are measured by the same code. Where rows come with logits of their own, what is
//! fitted is added to those.

use super::minimize::minimize;
use super::{Convergence, Csr, Solver, Targets, row_loss};
use crate::error::Result;
use linfa::Float;
use ndarray::{Array2, ArrayView2};

/// Fitted weights.
#[derive(Debug, Clone)]
pub struct Joint {
    /// Sparse columns × outputs.
    pub sparse: Array2<f64>,
    /// Dense columns × outputs.
    pub dense: Array2<f64>,
    /// One an output.
    pub intercepts: Vec<f64>,
    /// What was measured after the fit.
    pub convergence: Convergence,
}

/// Sparse and dense columns of the same rows.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, F> {
    /// The sparse columns.
    pub sparse: &'a Csr,
    /// The dense columns.
    pub dense: ArrayView2<'a, F>,
    /// L2 strength on the weights of the dense columns, above 0.
    pub l2_dense: f64,
    /// Rows × outputs: logits that stand already, and which the fit adds to. As many outputs are fitted; without them one
    /// a class.
    pub standing: Option<ArrayView2<'a, f64>>,
}

impl<F> Rows<'_, F> {
    fn outputs(&self, targets: &Targets) -> usize {
        self.standing.map_or(targets.classes(), |logits| logits.ncols())
    }
}

/// Fits one output a class, or as many as there are standing logits; the solver's L2 strength is that of the sparse
/// columns.
///
/// # Errors
/// [`crate::Error::Fit`] where the optimum was not reached.
pub fn fit<F: Float>(what: &str, rows: Rows<'_, F>, targets: &Targets, solver: Solver) -> Result<Joint> {
    let outputs = rows.outputs(targets);
    let (sparse, dense) = (rows.sparse.columns() * outputs, rows.dense.ncols() * outputs);
    let start = vec![0.0; sparse + dense + outputs];
    let best = minimize(what, start, solver, targets.rows(), |p| evaluate(rows, targets, solver.l2, p))?;
    let (objective, gradient) = evaluate(rows, targets, solver.l2, &best);
    let gradient_norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    let convergence = Convergence { objective, gradient_norm, rows: targets.rows() };
    convergence.check(what)?;
    let table =
        |from: usize, columns: usize| Array2::from_shape_fn((columns, outputs), |(j, k)| best[from + j * outputs + k]);
    Ok(Joint {
        sparse: table(0, rows.sparse.columns()),
        dense: table(sparse, rows.dense.ncols()),
        intercepts: best[sparse + dense..].to_vec(),
        convergence,
    })
}

/// Objective and gradient; the last parameters are the intercepts, which are not held down.
fn evaluate<F: Float>(rows: Rows<'_, F>, targets: &Targets, l2: f64, parameters: &[f64]) -> (f64, Vec<f64>) {
    let outputs = rows.outputs(targets);
    let sparse = rows.sparse.columns() * outputs;
    let dense = rows.dense.ncols() * outputs;
    let intercepts = &parameters[sparse + dense..];
    let strength = |at: usize| if at < sparse { l2 } else { rows.l2_dense };
    let mut objective = 0.0;
    let mut gradient = vec![0.0; parameters.len()];
    for (at, (g, w)) in gradient.iter_mut().zip(&parameters[..sparse + dense]).enumerate() {
        *g = strength(at) * w;
        objective += 0.5 * *g * w;
    }
    let weights =
        Array2::from_shape_fn((rows.dense.ncols(), outputs), |(j, k)| F::cast(parameters[sparse + j * outputs + k]));
    let products = rows.dense.dot(&weights);
    let mut slopes = Array2::<F>::zeros((targets.rows(), outputs));
    for i in 0..targets.rows() {
        let mut z: Vec<f64> = intercepts.iter().zip(products.row(i)).map(|(b, p)| b + to_f64(*p)).collect();
        if let Some(standing) = &rows.standing {
            z.iter_mut().zip(standing.row(i)).for_each(|(z, s)| *z += s);
        }
        for (j, v) in rows.sparse.row(i) {
            z.iter_mut().zip(&parameters[j * outputs..]).for_each(|(z, w)| *z += v * w);
        }
        objective += row_loss(&mut z, targets.row(i));
        for (j, v) in rows.sparse.row(i) {
            gradient[j * outputs..].iter_mut().zip(&z).for_each(|(g, z)| *g += v * z);
        }
        gradient[sparse + dense..].iter_mut().zip(&z).for_each(|(g, z)| *g += z);
        slopes.row_mut(i).iter_mut().zip(&z).for_each(|(s, z)| *s = F::cast(*z));
    }
    let of_dense = rows.dense.t().dot(&slopes);
    gradient[sparse..sparse + dense].iter_mut().zip(of_dense.iter()).for_each(|(g, d)| *g += to_f64(*d));
    (objective, gradient)
}

fn to_f64<F: Float>(number: F) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sparse_and_dense_columns_of_the_same_numbers_get_the_same_weights() {
        let numbers = [[1.0, 0.0], [0.5, 1.0], [0.0, 2.0], [1.5, 0.25], [0.25, 0.75]];
        let x = Array2::from_shape_fn((50, 2), |(i, j)| numbers[i % 5][j]);
        let shares: Vec<f64> =
            (0..50).flat_map(|i| [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]][(i * i + i / 5) % 3]).collect();
        let targets = Targets::new("test", 3, &shares, &[1.0; 50]).unwrap();
        let solver = Solver { l2: 0.5, tolerance: 1e-7, max_iterations: 200 };
        let csr = Csr::from_dense(x.view());
        let none = Array2::<f32>::zeros((50, 0));
        let a = fit("test", Rows { sparse: &csr, dense: none.view(), l2_dense: 0.5, standing: None }, &targets, solver)
            .unwrap();
        let empty = {
            let mut e = Csr::new(0);
            (0..50).for_each(|_| e.push([]));
            e
        };
        let dense = x.mapv(|v| v as f32);
        let b =
            fit("test", Rows { sparse: &empty, dense: dense.view(), l2_dense: 0.5, standing: None }, &targets, solver)
                .unwrap();
        for (a, b) in a.sparse.iter().zip(b.dense.iter()) {
            assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
        assert!((a.convergence.objective - b.convergence.objective).abs() < 1e-3);
    }
}
