//! Dense fits through `linfa-logistic`, and the one place where its gaps are worked round.
//!
//! In: a column-major matrix (three to nine times faster than row-major for the transposed
//! products of the gradient) and [`Targets`]. Out: [`Fitted`]. What is worked round here, and
//! nowhere else:
//!
//! * **Weights and soft labels** are not taken: rows are repeated ([`Targets::repetitions`]).
//! * **The positive class is the majority class** (rust-ml/linfa#393): `labels().pos` is read and
//!   the sign flipped.
//! * **Non-convergence is silent**: objective and gradient are recomputed in `f64` after the fit.
//! * **The multinomial loss is wrong once row logits spread beyond about 34**, its log-sum-exp
//!   taking the whole matrix's maximum: the recomputed gradient, which is stable, then exceeds its
//!   bound, and the head is fitted one class against the rest instead.

use super::{Convergence, Fitted, Solver, Targets, few, row_loss};
use crate::error::{Error, Result};
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::{LogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, Array2, ArrayView2, Axis, ShapeBuilder};

/// Fits a logistic model: binary for two classes (one output, the logit of the last class),
/// multinomial for more (one output a class).
///
/// `unit` is the mass that one repetition of a row stands for.
///
/// # Errors
/// [`Error::Data`] where the matrix is not finite or does not fit the targets; [`Error::Fit`] where
/// the optimum was not reached.
pub fn fit(what: &str, x: ArrayView2<'_, f64>, targets: &Targets, unit: f64, solver: Solver) -> Result<Fitted> {
    check_input(what, x, targets)?;
    let repeated = targets.repetitions(unit);
    let rows: Vec<usize> = repeated.iter().map(|(row, _)| *row).collect();
    let labels = Array1::from_iter(repeated.iter().map(|(_, class)| *class));
    let matrix = select_rows(x, &rows);
    // The optimiser is held to the repeated rows, so they are what its result is checked against.
    let hard = Targets::new(
        what,
        targets.classes(),
        &repeated
            .iter()
            .flat_map(|(_, class)| (0..targets.classes()).map(move |c| f64::from(u8::from(c == *class))))
            .collect::<Vec<_>>(),
        &vec![1.0; repeated.len()],
    )?;
    if targets.classes() == 2 {
        return binary(what, matrix, labels, &hard, solver);
    }
    if hard.present() == targets.classes() {
        // Where the loss breaks down the optimiser may give up or stop short; either way the classes are
        // then fitted one by one, and those fits have to pass.
        match multinomial(what, matrix.clone(), labels, &hard, solver) {
            Ok(fitted) if fitted.convergence.check(what).is_ok() => return Ok(fitted),
            _ => {}
        }
    }
    one_against_rest(what, matrix, &hard, solver)
}

/// The rows `rows` of `x`, column-major.
#[must_use]
pub fn select_rows(x: ArrayView2<'_, f64>, rows: &[usize]) -> Array2<f64> {
    let mut out = Array2::zeros((rows.len(), x.ncols()).f());
    for (from, mut to) in x.axis_iter(Axis(1)).zip(out.axis_iter_mut(Axis(1))) {
        for (value, row) in to.iter_mut().zip(rows) {
            *value = from[*row];
        }
    }
    out
}

fn check_input(what: &str, x: ArrayView2<'_, f64>, targets: &Targets) -> Result<()> {
    let refuse = |found: String, expected: String| {
        Err(Error::Data {
            what: what.to_owned(),
            found,
            expected,
            cure: "check the vectors and the labelled records that made this matrix".to_owned(),
        })
    };
    if x.nrows() != targets.rows() {
        return refuse(format!("{} rows of features", x.nrows()), format!("{} rows, one a label", targets.rows()));
    }
    if let Some(((row, column), value)) = x.indexed_iter().find(|(_, v)| !v.is_finite()) {
        return refuse(format!("{value} in row {row}, column {column}"), "finite numbers".to_owned());
    }
    Ok(())
}

fn binary(what: &str, matrix: Array2<f64>, labels: Array1<usize>, hard: &Targets, solver: Solver) -> Result<Fitted> {
    let params = LogisticRegression::default()
        .alpha(solver.l2)
        .gradient_tolerance(solver.tolerance * few(hard.rows()))
        .max_iterations(solver.max_iterations);
    let dataset = Dataset::new(matrix, labels);
    let model = params.fit(&dataset).map_err(|e| refused(what, &e))?;
    let sign = if model.labels().pos.class == 1 { 1.0 } else { -1.0 };
    let weights = model.params().mapv(|w| w * sign).insert_axis(Axis(1));
    let intercepts = vec![sign * model.intercept()];
    let convergence = measure(dataset.records().view(), hard, &weights, &intercepts, solver.l2);
    convergence.check(what)?;
    Ok(Fitted { weights, intercepts, convergence })
}

fn multinomial(
    what: &str,
    matrix: Array2<f64>,
    labels: Array1<usize>,
    hard: &Targets,
    solver: Solver,
) -> Result<Fitted> {
    let params = MultiLogisticRegression::default()
        .alpha(solver.l2)
        .gradient_tolerance(solver.tolerance * few(hard.rows()))
        .max_iterations(solver.max_iterations);
    let dataset = Dataset::new(matrix, labels);
    let model = params.fit(&dataset).map_err(|e| refused(what, &e))?;
    let weights = model.params().clone();
    let intercepts = model.intercept().to_vec();
    let convergence = measure(dataset.records().view(), hard, &weights, &intercepts, solver.l2);
    Ok(Fitted { weights, intercepts, convergence })
}

fn one_against_rest(what: &str, matrix: Array2<f64>, hard: &Targets, solver: Solver) -> Result<Fitted> {
    let mut weights = Array2::zeros((matrix.ncols(), hard.classes()));
    let mut intercepts = vec![f64::from(-20); hard.classes()];
    let mut worst = Convergence { objective: 0.0, gradient_norm: 0.0, rows: hard.rows() };
    for (class, intercept) in intercepts.iter_mut().enumerate() {
        let target = hard.one_against_rest(class);
        let labels = Array1::from_iter((0..target.rows()).map(|i| usize::from(target.row(i)[1] > 0.0)));
        if !labels.iter().any(|l| *l == 1) {
            continue; // a class that this part of the data lacks keeps its very low intercept
        }
        let one = binary(&format!("{what}, class {class} against the rest"), matrix.clone(), labels, &target, solver)?;
        weights.column_mut(class).assign(&one.weights.column(0));
        *intercept = one.intercepts[0];
        worst.objective += one.convergence.objective;
        worst.gradient_norm = worst.gradient_norm.max(one.convergence.gradient_norm);
    }
    Ok(Fitted { weights, intercepts, convergence: worst })
}

fn refused(what: &str, error: &linfa_logistic::error::Error) -> Error {
    Error::Fit { what: what.to_owned(), found: error.to_string(), expected: "an optimum".to_owned() }
}

/// Objective and gradient in `f64`, from the inputs alone.
fn measure(
    x: ArrayView2<'_, f64>,
    targets: &Targets,
    weights: &Array2<f64>,
    intercepts: &[f64],
    l2: f64,
) -> Convergence {
    let mut logits = x.dot(weights) + &Array1::from(intercepts.to_vec());
    let mut objective = 0.5 * l2 * weights.iter().map(|w| w * w).sum::<f64>();
    for (i, mut row) in logits.axis_iter_mut(Axis(0)).enumerate() {
        let mut z = row.to_vec();
        objective += row_loss(&mut z, targets.row(i));
        row.assign(&Array1::from(z));
    }
    let by_weight = x.t().dot(&logits) + weights * l2;
    let by_intercept = logits.sum_axis(Axis(0));
    let square = by_weight.iter().chain(by_intercept.iter()).map(|g| g * g).sum::<f64>();
    Convergence { objective, gradient_norm: square.sqrt(), rows: targets.rows() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rand::Rng;
    use rand::SeedableRng;

    fn data(classes: usize, scale: f64, minority: f64) -> (Array2<f64>, Targets) {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        let n = 300;
        let mut x = Array2::zeros((n, 4).f());
        let mut shares = vec![0.0; n * classes];
        for i in 0..n {
            let class = if rng.random::<f64>() < minority { 1 + rng.random_range(0..classes - 1) } else { 0 };
            shares[i * classes + class] = 1.0;
            for j in 0..4 {
                x[[i, j]] = scale * (rng.random::<f64>() - 0.5 + if j == class { 0.6 } else { 0.0 });
            }
        }
        (x, Targets::new("test", classes, &shares, &vec![1.0; n]).unwrap())
    }

    #[test]
    fn the_logit_is_of_the_last_class_whichever_class_is_the_majority() {
        for minority in [0.2, 0.8] {
            let (x, targets) = data(2, 1.0, minority);
            let fitted = fit("test", x.view(), &targets, 1.0, Solver::default()).unwrap();
            assert!(fitted.weights[[1, 0]] > 0.5 && fitted.weights[[0, 0]] < -0.5, "{:?}", fitted.weights);
        }
    }

    #[test]
    fn a_repeated_row_is_the_same_as_a_row_of_that_weight() {
        let (x, targets) = data(2, 1.0, 0.3);
        let weights: Vec<f64> = (0..300).map(|i| f64::from(1 + i % 3)).collect();
        let shares: Vec<f64> = (0..300).flat_map(|i| targets.row(i).to_vec()).collect();
        let weighted = Targets::new("test", 2, &shares, &weights).unwrap();
        let tight = Solver { tolerance: 1e-9, ..Solver::default() };
        let dense = fit("test", x.view(), &weighted, 1.0, tight).unwrap();
        let csr = super::super::Csr::from_dense(x.view());
        let sparse = super::super::sparse::fit("test", &csr, &weighted, tight).unwrap();
        for (a, b) in dense.weights.iter().zip(sparse.weights.iter()) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn a_multinomial_fit_is_at_the_optimum_of_the_recomputed_objective() {
        let (x, targets) = data(3, 1.0, 0.6);
        let fitted = fit("test", x.view(), &targets, 1.0, Solver::default()).unwrap();
        assert!(fitted.convergence.gradient_norm < 0.05, "{:?}", fitted.convergence);
    }

    #[test]
    fn logits_that_break_the_multinomial_loss_still_give_a_right_model() {
        let (x, targets) = data(3, 400.0, 0.6);
        let solver = Solver { l2: 1e-3, ..Solver::default() };
        let fitted = fit("test", x.view(), &targets, 1.0, solver).unwrap();
        fitted.convergence.check("test").unwrap();
    }

    #[test]
    fn a_matrix_that_is_not_finite_is_refused() {
        let (mut x, targets) = data(2, 1.0, 0.3);
        x[[3, 2]] = f64::NAN;
        let error = fit("test", x.view(), &targets, 1.0, Solver::default()).unwrap_err();
        assert!(error.to_string().contains("row 3, column 2"), "{error}");
    }

    #[test]
    fn too_few_iterations_fail_loudly() {
        let (x, targets) = data(2, 100.0, 0.5);
        let solver = Solver { l2: 1e-6, tolerance: 1e-12, max_iterations: 1 };
        let error = fit("test", x.view(), &targets, 1.0, solver).unwrap_err();
        assert!(matches!(error, Error::Fit { .. }), "{error}");
    }
}
