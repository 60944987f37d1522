//! Fitting logistic models, with proof that each fit is at its optimum.
//!
//! In: a matrix of features (dense [`ndarray`] columns, or sparse [`Csr`] rows) and [`Targets`]
//! (who is which class, softly, with what weight). Out: [`Fitted`] weights with the
//! [`Convergence`] that was measured after the fit. Start at [`dense::fit`], which is
//! `linfa-logistic`; [`sparse::fit`] minimises the same objective over sparse rows, which
//! `linfa-logistic` does not take; [`chain`] fits label sequences as wholes.
//!
//! The objective everywhere is  −Σᵢ Σ_c mᵢ_c log p_c(xᵢ) + α/2 ‖W‖², the intercept unpenalised
//! (scikit-learn's C is 1/α).

pub mod chain;
pub mod dense;
pub mod joint;
mod loss;
pub mod minimize;
pub mod sparse;
mod targets;

pub use sparse::Csr;
pub use targets::Targets;

use crate::error::{Error, Result};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Settings of one fit, checked when they are read from a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Solver {
    /// L2 strength α; above 0.
    pub l2: f64,
    /// The gradient's norm a row at which the optimiser may stop. The loss is a sum over rows, so the
    /// optimiser is given this times their number.
    pub tolerance: f64,
    /// Iterations of L-BFGS at most.
    pub max_iterations: u64,
}

impl Default for Solver {
    fn default() -> Self {
        Self { l2: 1.0, tolerance: 1e-6, max_iterations: 500 }
    }
}

/// Weights of a fitted model and the proof that they are the optimum.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// One column an output: 1 for a binary model (the logit of the last class), else one a class.
    pub weights: Array2<f64>,
    /// One intercept an output.
    pub intercepts: Vec<f64>,
    /// What was measured after the fit.
    pub convergence: Convergence,
}

/// The objective and gradient at the returned weights, recomputed in `f64` from the inputs and not
/// taken from the optimiser, which returns `Ok` even where its line search failed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// The objective's value.
    pub objective: f64,
    /// Euclidean norm of the gradient over all weights and intercepts.
    pub gradient_norm: f64,
    /// Rows that were fitted, repetitions counted.
    pub rows: usize,
}

impl Convergence {
    /// A fit passes with a gradient norm of at most 1e-4 a row, of at least 1,000 rows: with fewer the
    /// penalty rules the objective. As that is α-strongly convex, the weights then lie within ‖∇‖/α of
    /// the optimum.
    ///
    /// # Errors
    /// [`Error::Fit`] where a number is not finite or the gradient is above the bound.
    pub fn check(&self, what: &str) -> Result<()> {
        let bound = WORST_TOLERANCE * few(self.rows);
        if self.objective.is_finite() && self.gradient_norm <= bound {
            return Ok(());
        }
        Err(Error::Fit {
            what: what.to_owned(),
            found: format!("objective {:.6e} and gradient norm {:.3e}", self.objective, self.gradient_norm),
            expected: format!("finite numbers and a gradient norm of at most {bound:.3e}"),
        })
    }
}

/// The gradient's norm a row above which a fit has failed.
pub(crate) const WORST_TOLERANCE: f64 = 1e-4;

/// The number of rows that a tolerance is multiplied by: some hundred rows need no finer gradient than
/// a thousand, since the penalty then rules the objective.
pub(crate) fn few(rows: usize) -> f64 {
    rows.max(1000) as f64
}

/// Adds one row's loss and returns it, leaving ∂loss/∂logit in `logits`.
///
/// `logits` holds one number for a binary model (classes = 2) or one a class; `mass` one a class.
pub(crate) fn row_loss(logits: &mut [f64], mass: &[f64]) -> f64 {
    if let [z] = logits {
        let (negative, positive) = (mass[0], mass[1]);
        let loss = positive * softplus(-*z) + negative * softplus(*z);
        *z = (positive + negative) * sigmoid(*z) - positive;
        return loss;
    }
    let total: f64 = mass.iter().sum();
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log_sum = max + logits.iter().map(|z| (z - max).exp()).sum::<f64>().ln();
    let mut loss = 0.0;
    for (z, m) in logits.iter_mut().zip(mass) {
        loss += m * (log_sum - *z);
        *z = total * (*z - log_sum).exp() - m;
    }
    loss
}

/// 1 / (1 + e⁻ᶻ), without overflow at either end.
#[must_use]
pub(crate) fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 { 1.0 / (1.0 + (-z).exp()) } else { z.exp() / (1.0 + z.exp()) }
}

/// ln(1 + eᶻ), without overflow.
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}
