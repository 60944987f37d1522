//! The second layer: each head's logistic model over the first layer's logits and the markers' pools.
//!
//! In: the held-out columns of a [`Layer`], folds and a head's targets. Out: a [`StackedHead`]: weights
//! on those columns with the calibration folded in, the decision, and what it scored on held-out
//! folds. Start at [`fit`]; [`compose`] multiplies the two layers into one table of weights.

use super::base::{Layer, Model, moments};
use super::calibrate::{calibrate, decide};
use super::fit::{Fitted, Solver, Targets, dense};
use super::params::ParallaxValidParams;
use crate::error::Result;
use crate::evaluate::{Rows, Scored, Settings, measure};
use crate::features::marker::POOLS;
use crate::features::{Marker, TokenVectors, classes};
use crate::heads::{Head, probabilities};
use crate::model::receipt::{FitReceipt, HeadReceipt};
use crate::model::weights::Weights;
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

/// A head to be fitted: its classes, the examples with a label of it, and their targets.
#[derive(Debug, Clone)]
pub struct Task {
    /// The label's key.
    pub name: String,
    /// Its classes in alphabetical order.
    pub classes: Vec<String>,
    /// The examples it is fitted and calibrated on.
    pub examples: Vec<usize>,
    /// Their targets.
    pub targets: Targets,
    /// The group of each, as a number.
    pub groups: Vec<u64>,
}

/// A fitted head: what it takes of each column of the first layer.
#[derive(Debug)]
pub struct StackedHead {
    /// Name, classes and decision.
    pub head: Head,
    /// Columns × outputs, calibration folded in.
    pub weights: Array2<f64>,
    /// One intercept an output.
    pub intercepts: Vec<f64>,
    /// How it was fitted and what it scored.
    pub receipt: HeadReceipt,
    /// Proof of its fits.
    pub fits: Vec<FitReceipt>,
}

/// Fits one head on the columns of the first layer.
///
/// # Errors
/// [`crate::Error::Fit`] where a fit did not reach its optimum; [`crate::Error::Data`] where the
/// labels are of one class only.
pub fn fit(params: &ParallaxValidParams, task: &Task, layer: &Layer, folds: &[u32]) -> Result<StackedHead> {
    let all = dense::select_rows(layer.held_out.view(), &task.examples);
    let (means, spreads) = moments(all.view());
    let mut x = all;
    for ((mut column, mean), spread) in x.axis_iter_mut(Axis(1)).zip(&means).zip(&spreads) {
        let scale = if *spread > 1e-9 { 1.0 / spread } else { 0.0 };
        column.mapv_inplace(|v| (v - mean) * scale);
    }
    let task_folds: Vec<u32> = task.examples.iter().map(|i| folds[*i]).collect();
    let tried: Vec<(f64, Vec<Vec<f64>>, Vec<FitReceipt>)> = params
        .stack
        .l2
        .par_iter()
        .map(|l2| {
            let (logits, fits) = held_out(params, task, x.view(), &task_folds, *l2)?;
            Ok((*l2, logits, fits))
        })
        .collect::<Result<_>>()?;
    let losses: Vec<f64> = tried.iter().map(|(_, logits, _)| log_loss(logits, &task.targets)).collect();
    let best = (0..losses.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap_or(0);
    let (l2, logits, _) = &tried[best];
    let calibration = calibrate(&format!("{}, calibration", task.name), logits, &task.targets)?;
    let calibrated: Vec<Vec<f64>> = logits.iter().map(|z| calibration.apply(z)).collect();
    let decision = decide(&calibrated, &task.targets, params.abstain);
    let head = Head { name: task.name.clone(), classes: task.classes.clone(), decision };

    let whole = one_fit(params, task, x.view(), &(0..x.nrows()).collect::<Vec<_>>(), *l2, "all")?;
    let mut fits: Vec<FitReceipt> = tried.iter().flat_map(|t| t.2.clone()).collect();
    fits.push(fit_receipt(&format!("{}, second layer", task.name), *l2, &whole));
    let (weights, intercepts) = in_own_units(&whole, &means, &spreads, calibration.factor, &calibration.shifts);
    let receipt = HeadReceipt {
        records: task.examples.len(),
        classes: class_mass(task),
        l2: *l2,
        tried: tried.iter().map(|t| t.0).zip(losses).collect(),
        calibration: (calibration.factor, calibration.shifts),
        scores: scores(task, &head, &calibrated)?,
    };
    Ok(StackedHead { head, weights, intercepts, receipt, fits })
}

fn one_fit(
    params: &ParallaxValidParams,
    task: &Task,
    x: ArrayView2<'_, f64>,
    rows: &[usize],
    l2: f64,
    part: &str,
) -> Result<Fitted> {
    let stack = &params.stack;
    let solver = Solver { l2, tolerance: stack.tolerance, max_iterations: stack.max_iterations };
    let what = format!("{}, second layer, {part}", task.name);
    let matrix = dense::select_rows(x, rows);
    dense::fit(&what, matrix.view(), &task.targets.select(rows), stack.repetition, solver)
}

/// The logits of every example from a model that did not see its fold.
fn held_out(
    params: &ParallaxValidParams,
    task: &Task,
    x: ArrayView2<'_, f64>,
    folds: &[u32],
    l2: f64,
) -> Result<(Vec<Vec<f64>>, Vec<FitReceipt>)> {
    let mut logits = vec![Vec::new(); x.nrows()];
    let mut fits = Vec::new();
    for fold in 0..params.folds {
        let (test, train): (Vec<usize>, Vec<usize>) = (0..x.nrows()).partition(|i| folds[*i] == fold);
        if test.is_empty() {
            continue;
        }
        let part = format!("without fold {fold}");
        let fitted = one_fit(params, task, x, &train, l2, &part)?;
        for i in test {
            let z = x.row(i).dot(&fitted.weights);
            logits[i] = z.iter().zip(&fitted.intercepts).map(|(z, b)| z + b).collect();
        }
        fits.push(fit_receipt(&format!("{}, second layer, {part}", task.name), l2, &fitted));
    }
    Ok((logits, fits))
}

fn fit_receipt(what: &str, l2: f64, fitted: &Fitted) -> FitReceipt {
    let c = fitted.convergence;
    FitReceipt { what: what.to_owned(), l2, objective: c.objective, gradient_norm: c.gradient_norm, rows: c.rows }
}

fn log_loss(logits: &[Vec<f64>], targets: &Targets) -> f64 {
    let (mut loss, mut total) = (0.0, 0.0);
    for (i, z) in logits.iter().enumerate() {
        for (m, p) in targets.row(i).iter().zip(probabilities(z)) {
            loss -= m * p.max(1e-15).ln();
            total += m;
        }
    }
    loss / total
}

/// Undoes the standardization and folds the calibration in.
fn in_own_units(
    fitted: &Fitted,
    means: &[f64],
    spreads: &[f64],
    factor: f64,
    shifts: &[f64],
) -> (Array2<f64>, Vec<f64>) {
    let mut weights = fitted.weights.clone();
    let mut intercepts = fitted.intercepts.clone();
    for (j, mut row) in weights.axis_iter_mut(Axis(0)).enumerate() {
        let scale = if spreads[j] > 1e-9 { 1.0 / spreads[j] } else { 0.0 };
        for (weight, intercept) in row.iter_mut().zip(&mut intercepts) {
            *weight *= scale;
            *intercept -= *weight * means[j];
            *weight *= factor;
        }
    }
    for (intercept, shift) in intercepts.iter_mut().zip(shifts) {
        *intercept = factor * *intercept + shift;
    }
    (weights, intercepts)
}

fn class_mass(task: &Task) -> std::collections::BTreeMap<String, f64> {
    let mass = |c: usize| (0..task.targets.rows()).map(|i| task.targets.row(i)[c]).sum();
    task.classes.iter().enumerate().map(|(c, name)| (name.clone(), mass(c))).collect()
}

/// What the head scores on its held-out folds; soft labels count as their largest class.
fn scores(task: &Task, head: &Head, logits: &[Vec<f64>]) -> Result<std::collections::BTreeMap<String, f64>> {
    let scored = scored(head, logits, &task.targets, task.groups.clone())?;
    let measures = measure(&scored, &Settings { replicates: 0, ..Settings::default() })?;
    let names = ["accuracy", "macro_f1", "auc", "average_precision", "mcc", "brier", "log_loss", "ece"];
    Ok(names.into_iter().filter_map(|n| Some((n.to_owned(), measures.get(n)?))).collect())
}

/// Calibrated logits and targets, as rows to be measured.
///
/// # Errors
/// [`crate::Error::Data`] where they do not belong together.
pub fn scored(head: &Head, logits: &[Vec<f64>], targets: &Targets, groups: Vec<u64>) -> Result<Scored> {
    let probabilities: Vec<Vec<f64>> = logits.iter().map(|z| probabilities(z)).collect();
    let decided: Vec<(usize, bool)> = probabilities.iter().map(|p| head.decision.decide(p)).collect();
    let largest = |i: usize| {
        let row = targets.row(i);
        (0..row.len()).rev().max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0)
    };
    Scored::new(Rows {
        head: head.name.clone(),
        classes: head.classes.clone(),
        groups,
        gold: (0..targets.rows()).map(largest).collect(),
        probabilities: probabilities.concat(),
        predicted: decided.iter().map(|d| d.0).collect(),
        certain: decided.iter().map(|d| d.1).collect(),
    })
}

/// Multiplies the two layers: weights of features × outputs, and the markers they take pools of.
#[must_use]
pub fn compose(layer: &Layer, heads: &[StackedHead], ngrams: usize, vectors: &TokenVectors) -> (Weights, Vec<Marker>) {
    let outputs: usize = heads.iter().map(|h| h.head.outputs()).sum();
    let width = vectors.width();
    let mut markers = Vec::new();
    let mut weights = Weights {
        outputs,
        intercepts: heads.iter().flat_map(|h| h.intercepts.clone()).collect(),
        ngrams: vec![0.0; ngrams * outputs],
        classes: vec![0.0; classes::COUNT * outputs],
        vectors: vec![0.0; width * outputs],
        pools: Vec::new(),
    };
    let mut column = 0;
    for model in &layer.models {
        // What each output takes of this model's column; of a marker, of its first.
        let taken = |column: usize| heads.iter().flat_map(move |h| h.weights.row(column).to_vec());
        match model {
            Model::Ngrams { weights: own, intercept } => {
                for (output, k) in taken(column).enumerate() {
                    weights.intercepts[output] += k * intercept;
                    for (n, w) in own.iter().enumerate() {
                        weights.ngrams[n * outputs + output] += (k * w) as f32;
                    }
                }
                column += 1;
            }
            Model::Dense { vectors: of_vectors, classes: of_classes, intercept } => {
                for (output, k) in taken(column).enumerate() {
                    weights.intercepts[output] += k * intercept;
                    for (j, w) in of_vectors.iter().enumerate() {
                        weights.vectors[output * width + j] += (k * w) as f32;
                    }
                    for (c, w) in of_classes.iter().enumerate() {
                        weights.classes[c * outputs + output] += (k * w) as f32;
                    }
                }
                column += 1;
            }
            Model::Marker(marker) => {
                for pool in 0..POOLS {
                    weights.pools.extend(taken(column + pool).map(|k| k as f32));
                }
                markers.push(marker.clone());
                column += POOLS;
            }
        }
    }
    (weights, markers)
}
