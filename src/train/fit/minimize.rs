//! L-BFGS with a More–Thuente line search: the optimiser that `linfa-logistic` uses, for the
//! objectives that it does not take.

use super::{Solver, few};
use crate::error::{Error, Result};
use argmin::core::{CostFunction, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use std::sync::{Mutex, PoisonError};

/// Minimises `evaluate`, a sum over `rows` rows that gives the objective and its gradient, from `start`.
///
/// # Errors
/// [`Error::Fit`] where the optimiser gives up. That it did not is no proof: check the result.
pub fn minimize(
    what: &str,
    start: Vec<f64>,
    solver: Solver,
    rows: usize,
    evaluate: impl Fn(&[f64]) -> (f64, Vec<f64>),
) -> Result<Vec<f64>> {
    let fail = |found: String| Error::Fit { what: what.to_owned(), found, expected: "an optimum".to_owned() };
    // A mean over rows instead of a sum: the first step goes along the bare gradient, and that of a sum is far
    // too long.
    let share = 1.0 / few(rows);
    let evaluate = |parameters: &[f64]| {
        let (objective, mut gradient) = evaluate(parameters);
        gradient.iter_mut().for_each(|g| *g *= share);
        (objective * share, gradient)
    };
    let problem = Problem { evaluate, last: Mutex::new(None) };
    let optimiser = LBFGS::new(MoreThuenteLineSearch::new(), 10)
        .with_tolerance_grad(solver.tolerance)
        .map_err(|e| fail(e.to_string()))?;
    let result = Executor::new(problem, optimiser)
        .configure(|state| state.param(start).max_iters(solver.max_iterations))
        .timer(false)
        .run()
        .map_err(|e| fail(e.to_string()))?;
    result.state().get_best_param().cloned().ok_or_else(|| fail("no parameters".to_owned()))
}

/// Parameters, and the objective and gradient there.
type Evaluated = (Vec<f64>, f64, Vec<f64>);

/// The optimiser asks for cost and gradient of the same point one after the other; both come from
/// one pass over the data, so the last point's are kept.
struct Problem<F> {
    evaluate: F,
    last: Mutex<Option<Evaluated>>,
}

impl<F: Fn(&[f64]) -> (f64, Vec<f64>)> Problem<F> {
    fn at<T>(&self, parameters: &[f64], take: impl Fn(&Evaluated) -> T) -> T {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(evaluated) = last.as_ref().filter(|e| e.0 == parameters) {
            return take(evaluated);
        }
        let (objective, gradient) = (self.evaluate)(parameters);
        take(last.insert((parameters.to_vec(), objective, gradient)))
    }
}

impl<F: Fn(&[f64]) -> (f64, Vec<f64>)> CostFunction for Problem<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Self::Param) -> std::result::Result<f64, argmin::core::Error> {
        Ok(self.at(parameters, |e| e.1))
    }
}

impl<F: Fn(&[f64]) -> (f64, Vec<f64>)> Gradient for Problem<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Self::Param) -> std::result::Result<Vec<f64>, argmin::core::Error> {
        Ok(self.at(parameters, |e| e.2.clone()))
    }
}
