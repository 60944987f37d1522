//! The first layer: models of single groups of features, and their logits on examples held out.
//!
//! In: [`Prepared`] rows, folds, and the targets of each head's outputs. Out: a [`Layer`]: for every
//! column that the second layer weighs, its held-out values over the examples and the model fitted on
//! all of them. Start at [`Layer::fit`]. The columns are, in order: for every output, the logit of
//! its n-gram model and of its dense models; then the pools of each marker.

use super::fit::{Convergence, Csr, Fitted, Solver, Targets, dense, sparse};
use super::marking;
use super::params::ParallaxValidParams;
use super::prepare::{Example, Mark, Prepared};
use crate::error::Result;
use crate::features::marker::POOLS;
use crate::features::{Marker, classes};
use crate::model::receipt::FitReceipt;
use ndarray::{Array2, ArrayView2, Axis, ShapeBuilder, Slice};
use rayon::prelude::*;

/// One output of a head: a class against the rest, over the examples that are labelled.
#[derive(Debug, Clone)]
pub struct Output {
    /// The head's name and the class, for messages and receipts.
    pub what: String,
    /// The examples with a label of this head, in order.
    pub examples: Vec<usize>,
    /// Their targets: two classes, the output's own last.
    pub targets: Targets,
}

/// What one column group of the first layer is a model of.
#[derive(Debug, Clone)]
pub enum Model {
    /// N-gram weights of an output.
    Ngrams {
        /// One weight an n-gram.
        weights: Vec<f64>,
        /// The intercept.
        intercept: f64,
    },
    /// Weights of an output over pooled vectors and classes, in their own units.
    Dense {
        /// One weight a number of the pooled vector.
        vectors: Vec<f64>,
        /// One weight a word class.
        classes: Vec<f64>,
        /// The intercept.
        intercept: f64,
    },
    /// A marker, whose pools are columns.
    Marker(Marker),
}

/// The first layer, fitted.
#[derive(Debug)]
pub struct Layer {
    /// Examples × columns: each example's values from models that did not see its fold.
    pub held_out: Array2<f64>,
    /// The models fitted on all examples, in the order of their columns.
    pub models: Vec<Model>,
    /// Proof of every fit.
    pub fits: Vec<FitReceipt>,
}

/// What has to be fitted: one job is fitted once a fold and once on everything.
enum Job<'a> {
    Ngrams(&'a Output),
    Dense(&'a Output),
    Marker(Mark, marking::Labels),
}

/// What one fit gave: the model, its values on the examples held out, and the proof.
struct Done {
    model: Model,
    values: Vec<Vec<f64>>,
    receipt: FitReceipt,
}

/// Everything a job needs.
struct Bench<'a> {
    params: &'a ParallaxValidParams,
    examples: &'a [Example],
    prepared: &'a Prepared,
    ngrams: Csr,
    dense: Standardized,
}

impl Layer {
    /// Fits every model of the first layer, once without each fold and once on everything.
    ///
    /// `step` is called after each fit; it is told how many there are.
    ///
    /// # Errors
    /// [`crate::Error::Fit`] where a fit did not reach its optimum.
    pub fn fit(
        params: &ParallaxValidParams,
        examples: &[Example],
        prepared: &Prepared,
        folds: &[u32],
        outputs: &[Output],
        step: &(dyn Fn(usize, &str) + Sync),
    ) -> Result<Self> {
        let bench = Bench {
            params,
            examples,
            prepared,
            ngrams: ngram_matrix(prepared),
            dense: Standardized::new(params, prepared),
        };
        let jobs = jobs(params, examples, prepared, outputs);
        let tasks: Vec<(usize, Option<u32>)> = (0..jobs.len())
            .flat_map(|job| (0..params.folds).map(Some).chain([None]).map(move |fold| (job, fold)))
            .collect();
        let done: Vec<Done> = tasks
            .par_iter()
            .with_max_len(1)
            .map(|(job, fold)| {
                let (train, test) = part(folds, *fold);
                let done = bench.fit(&jobs[*job], &train, &test)?;
                step(tasks.len(), &done.receipt.what);
                Ok(done)
            })
            .collect::<Result<_>>()?;
        let columns: usize = jobs.iter().map(Job::columns).sum();
        let mut layer =
            Self { held_out: Array2::zeros((examples.len(), columns)), models: Vec::new(), fits: Vec::new() };
        let mut first = vec![0; jobs.len()];
        for job in 1..jobs.len() {
            first[job] = first[job - 1] + jobs[job - 1].columns();
        }
        for ((job, fold), done) in tasks.into_iter().zip(done) {
            layer.fits.push(done.receipt);
            if fold.is_none() {
                layer.models.push(done.model);
                continue;
            }
            for (example, values) in part(folds, fold).1.into_iter().zip(done.values) {
                for (column, value) in values.into_iter().enumerate() {
                    layer.held_out[[example, first[job] + column]] = value;
                }
            }
        }
        Ok(layer)
    }
}

/// The examples outside and inside a fold; all and none where no fold is held out.
fn part(folds: &[u32], fold: Option<u32>) -> (Vec<usize>, Vec<usize>) {
    (0..folds.len()).partition(|i| Some(folds[*i]) != fold)
}

fn jobs<'a>(
    params: &ParallaxValidParams,
    examples: &[Example],
    prepared: &Prepared,
    outputs: &'a [Output],
) -> Vec<Job<'a>> {
    let base = params.base;
    let mut jobs = Vec::new();
    for output in outputs {
        if base.use_ngrams {
            jobs.push(Job::Ngrams(output));
        }
        if base.use_vectors || base.use_classes {
            jobs.push(Job::Dense(output));
        }
    }
    if base.use_markers && !outputs.is_empty() {
        for mark in Mark::ALL {
            let labels = marking::labels(mark, examples, prepared);
            let of = |wanted: bool| labels.iter().flatten().flatten().any(|l| *l == wanted);
            if of(true) && of(false) {
                jobs.push(Job::Marker(mark, labels));
            }
        }
    }
    jobs
}

impl Job<'_> {
    fn columns(&self) -> usize {
        if matches!(self, Self::Marker(..)) { POOLS } else { 1 }
    }
}

impl Bench<'_> {
    fn fit(&self, job: &Job<'_>, train: &[usize], test: &[usize]) -> Result<Done> {
        let stack = &self.params.stack;
        let solver = |l2| Solver { l2, tolerance: self.params.base.tolerance, max_iterations: stack.max_iterations };
        match job {
            Job::Ngrams(output) => {
                let what = format!("{}, n-grams", output.what);
                let (rows, targets) = labelled(output, train);
                let x = self.ngrams.select(&rows);
                let solver = solver(self.params.base.ngrams);
                let fitted = sparse::fit(&what, &x, &targets.balanced(), solver)?;
                let weights = fitted.weights.column(0).to_vec();
                let intercept = fitted.intercepts[0];
                let values = test.iter().map(|i| vec![self.ngrams.dot(*i, &weights) + intercept]).collect();
                let receipt = receipt(what, solver.l2, fitted.convergence);
                Ok(Done { model: Model::Ngrams { weights, intercept }, values, receipt })
            }
            Job::Dense(output) => {
                let what = format!("{}, vectors and classes", output.what);
                let (rows, targets) = labelled(output, train);
                let x = dense::select_rows(self.dense.x.view(), &rows);
                let solver = solver(self.params.base.dense);
                let one_class = targets.present() < 2;
                let fitted = if one_class {
                    constant(&targets, x.ncols())
                } else {
                    dense::fit(&what, x.view(), &targets, stack.repetition, solver)?
                };
                let what = if one_class { what + " (one class, not fitted)" } else { what };
                let weights = fitted.weights.column(0);
                let of = |i: &usize| vec![self.dense.x.row(*i).dot(&weights) + fitted.intercepts[0]];
                let values = test.iter().map(of).collect();
                let receipt = receipt(what, solver.l2, fitted.convergence);
                Ok(Done { model: self.dense.in_own_units(&fitted), values, receipt })
            }
            Job::Marker(mark, labels) => {
                let what = format!("marker {}", mark.name());
                let solver = solver(self.params.base.markers);
                let (marker, convergence) =
                    marking::fit(&what, *mark, self.prepared, self.examples, labels, train, solver)?;
                let pools = marking::pools(&marker, self.prepared, test);
                let values = pools.into_iter().map(Vec::from).collect();
                Ok(Done { model: Model::Marker(marker), values, receipt: receipt(what, solver.l2, convergence) })
            }
        }
    }
}

/// The examples of `train` that have a label, and their targets.
fn labelled(output: &Output, train: &[usize]) -> (Vec<usize>, Targets) {
    let mut here = Vec::new();
    let mut rows = Vec::new();
    let mut train = train.iter().peekable();
    for (at, example) in output.examples.iter().enumerate() {
        while train.next_if(|t| *t < example).is_some() {}
        if train.next_if_eq(&example).is_some() {
            here.push(at);
            rows.push(*example);
        }
    }
    (rows, output.targets.select(&here))
}

/// The model of a part of the data that lacks one of the classes: nothing is fitted, and the logit is
/// that of the shares with one row of each class added, whatever the features.
fn constant(targets: &Targets, columns: usize) -> Fitted {
    let positive: f64 = (0..targets.rows()).map(|i| targets.row(i)[1]).sum();
    let negative: f64 = (0..targets.rows()).map(|i| targets.row(i)[0]).sum();
    let intercept = ((positive + 1.0) / (negative + 1.0)).ln();
    Fitted {
        weights: Array2::zeros((columns, 1)),
        intercepts: vec![intercept],
        convergence: Convergence { objective: 0.0, gradient_norm: 0.0, rows: targets.rows() },
    }
}

fn receipt(what: String, l2: f64, convergence: Convergence) -> FitReceipt {
    let Convergence { objective, gradient_norm, rows } = convergence;
    FitReceipt { what, l2, objective, gradient_norm, rows }
}

fn ngram_matrix(prepared: &Prepared) -> Csr {
    let mut csr = Csr::new(prepared.ngrams.len());
    for row in &prepared.rows {
        csr.push(row.ngrams.iter().map(|o| (o.number, o.value)));
    }
    csr
}

/// Pooled vectors and class counts of all examples, brought to one scale.
struct Standardized {
    x: Array2<f64>,
    means: Vec<f64>,
    scales: Vec<f64>,
    width: usize,
}

impl Standardized {
    /// Pooled vectors are centred and share one scale, as their axes are the principal ones and
    /// scaling each to the same spread would raise the least of them to the greatest; each class is
    /// scaled by its own spread.
    fn new(params: &ParallaxValidParams, prepared: &Prepared) -> Self {
        let width = prepared.vectors.ncols();
        let mut x = Array2::zeros((prepared.rows.len(), width + classes::COUNT).f());
        for (row, mut out) in prepared.rows.iter().zip(x.axis_iter_mut(Axis(0))) {
            if params.base.use_vectors {
                let share = 1.0 / row.types.len().max(1) as f64;
                let mut pooled = out.slice_axis_mut(Axis(0), Slice::from(..width));
                for kind in &row.types {
                    pooled.scaled_add(share, &prepared.vectors.row(*kind as usize));
                }
            }
            if params.base.use_classes {
                for o in &row.classes {
                    out[width + o.number as usize] += f64::from(o.value);
                }
            }
        }
        let (means, spreads) = moments(x.view());
        let squares = spreads[..width].iter().map(|s| s * s).sum::<f64>();
        let common = (squares / width.max(1) as f64).sqrt().max(1e-9);
        let scales: Vec<f64> = (0..x.ncols()).map(|j| if j < width { common } else { spreads[j] + RARE }).collect();
        for ((mut column, mean), scale) in x.axis_iter_mut(Axis(1)).zip(&means).zip(&scales) {
            column.mapv_inplace(|v| (v - mean) / scale);
        }
        Self { x, means, scales, width }
    }

    /// A fit on the standardized columns, as weights of the columns themselves.
    fn in_own_units(&self, fitted: &Fitted) -> Model {
        let weights: Vec<f64> = fitted.weights.column(0).iter().zip(&self.scales).map(|(w, s)| w / s).collect();
        let shift: f64 = weights.iter().zip(&self.means).map(|(w, m)| w * m).sum();
        let (vectors, classes) = weights.split_at(self.width);
        Model::Dense { vectors: vectors.to_vec(), classes: classes.to_vec(), intercept: fitted.intercepts[0] - shift }
    }
}

/// Added to the spread of a word class, so that one seen a few times does not get a giant column.
const RARE: f64 = 0.02;

/// Mean and standard deviation of every column.
pub(crate) fn moments(x: ArrayView2<'_, f64>) -> (Vec<f64>, Vec<f64>) {
    let n = x.nrows().max(1) as f64;
    x.axis_iter(Axis(1))
        .map(|column| {
            let mean = column.sum() / n;
            (mean, (column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
        })
        .unzip()
}
