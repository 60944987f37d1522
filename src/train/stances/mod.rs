//! Training the head `stance`: labelled stances → polarity and holder.
//!
//! In: [`Example`]s with `stances`, checked settings, what reads sentences. Out: [`Trained`]. Start at [`train`]. The
//! polarity is fitted on all examples and once without each of some folds, on which it is calibrated; the holder
//! on those whose holder is labelled (`holder.rs`). [`found`] measures a head on records (`measured.rs`).

mod holder;
mod measured;
pub mod pairs;

pub use measured::{Found, HOLDER, found, scored};

use super::calibrate::{Calibration, calibrate, decide};
use super::fit::{Csr, Solver, Targets, joint};
use super::params::ParallaxValidParams;
use super::prepare::{Base, Example, Origin};
use crate::error::{Error, Result};
use crate::features::bearing::{self, POOLS};
use crate::features::keys::Keys;
use crate::features::{NameMask, TokenVectors};
use crate::heads::SpanHeads;
use crate::heads::label::Label;
use crate::heads::stance::{Known, NAME, POLARITIES, Polarity, StanceHead, occurrences, width};
use crate::model::receipt::{FitReceipt, HeadReceipt};
use ndarray::{Array2, Axis};
use pairs::{Pair, Reader, Row};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What training the head gives.
#[derive(Debug)]
pub struct Trained {
    /// The head.
    pub head: StanceHead,
    /// How it was fitted.
    pub receipt: HeadReceipt,
    /// Every fit.
    pub fits: Vec<FitReceipt>,
}

/// Folds that are held out to calibrate on.
const HELD: usize = 2;

/// Whether there is anything to train on.
#[must_use]
pub fn is_labelled<'a>(examples: impl IntoIterator<Item = &'a Example>) -> bool {
    examples.into_iter().any(|e| e.record.stances.as_ref().is_some_and(|s| !s.is_empty()))
}

/// Trains the head; `folds` has each example's fold, `spans` are the span heads already trained.
///
/// # Errors
/// [`Error::Data`] where a polarity is missing; [`Error::Fit`] where a fit failed; [`Error::Tokenizer`].
pub fn train(
    params: &ParallaxValidParams,
    examples: &[Example],
    base: Base<'_>,
    mask: &NameMask,
    spans: &SpanHeads,
    folds: &[u32],
    step: &(dyn Fn(usize, &str) + Sync),
) -> Result<Trained> {
    let settings = &params.stance;
    let reader = Reader { tokenizer: base.tokenizer, mask, vectors: base.dense(), spans, settings };
    let rows: Vec<Option<Row>> =
        examples.par_iter().enumerate().map(|(i, e)| reader.row(i, &e.record)).collect::<Result<_>>()?;
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    let matrix = Matrix::new(params, examples, &rows, base)?;
    // Held-out logits: of everything but the families, unless there is nothing else.
    let tells = |pair: &usize| examples[matrix.example[*pair]].origin != Origin::Family;
    let has_real = (0..matrix.example.len()).any(|pair| tells(&pair));
    let has_pairs = |fold: &u32| {
        (0..matrix.example.len()).any(|pair| folds[matrix.example[pair]] == *fold && (!has_real || tells(&pair)))
    };
    // A fold without which a polarity is missing cannot be held out.
    let is_dispensable = |fold: &u32| {
        let rest: Vec<usize> = (0..matrix.example.len()).filter(|pair| folds[matrix.example[*pair]] != *fold).collect();
        matrix.targets.select(&rest).present() == POLARITIES
    };
    let held: Vec<u32> = (0..params.folds).filter(has_pairs).filter(is_dispensable).take(HELD).collect();
    let tasks: Vec<Option<u32>> = std::iter::once(None).chain(held.iter().copied().map(Some)).collect();
    let fitted: Vec<(joint::Joint, FitReceipt)> = tasks
        .par_iter()
        .with_max_len(1)
        .map(|fold| {
            let fitted =
                matrix.fit(params, |pair| fold.is_none_or(|fold| folds[matrix.example[pair]] != fold), *fold)?;
            step(tasks.len(), &fitted.1.what);
            Ok(fitted)
        })
        .collect::<Result<_>>()?;

    let mut logits = Vec::new();
    let mut which = Vec::new();
    for (fold, (model, _)) in held.iter().zip(&fitted[1..]) {
        let here = |pair: &usize| folds[matrix.example[*pair]] == *fold && (!has_real || tells(pair));
        for pair in (0..matrix.example.len()).filter(here) {
            logits.push(matrix.logits(model, pair));
            which.push(pair);
        }
    }
    let targets = matrix.targets.select(&which);
    // With nothing held out, probabilities are taken as they come.
    let as_it_is = || Ok(Calibration { factor: 1.0, shifts: vec![0.0; POLARITIES] });
    let calibration = if logits.is_empty() { as_it_is() } else { calibrate(NAME, &logits, &targets) }?;
    let calibrated: Vec<Vec<f64>> = logits.iter().map(|z| calibration.apply(z)).collect();
    let decision = decide(&calibrated, &targets, params.abstain);

    let (model, _) = &fitted[0];
    let factor = calibration.factor;
    let kept = matrix.kept(model, settings.most);
    let weight = |key: &usize| {
        let idf = f64::from(matrix.idf[*key]);
        model.sparse.row(*key).iter().map(|w| (factor * idf * w) as f32).collect::<Vec<f32>>()
    };
    let weights: Vec<f32> = kept.iter().flat_map(weight).collect();
    // Pools × width × polarities, as the columns are.
    let dense = model.dense.iter().map(|w| (factor * w * matrix.scale) as f32).collect();
    let mut intercepts = [0.0; POLARITIES];
    for (k, intercept) in intercepts.iter_mut().enumerate() {
        *intercept = factor * model.intercepts[k] + calibration.shifts[k];
    }
    let (chooser, holder_fit) = holder::train(params, examples, &rows)?;
    let mut receipt = HeadReceipt {
        records: rows.len(),
        l2: settings.keys,
        calibration: (calibration.factor, calibration.shifts.clone()),
        ..HeadReceipt::default()
    };
    for (k, polarity) in Polarity::ALL.iter().enumerate() {
        let mass: f64 = (0..matrix.targets.rows()).map(|i| matrix.targets.row(i)[k]).sum();
        receipt.classes.insert(polarity.as_str().to_owned(), mass);
    }
    receipt.scores.insert("macro_f1".to_owned(), super::calibrate::macro_f1_of(&calibrated, &targets, &decision));
    let mut fits: Vec<FitReceipt> = fitted.iter().map(|(_, receipt)| receipt.clone()).collect();
    fits.extend(holder_fit);
    let head = StanceHead {
        keys: kept.iter().map(|key| matrix.keys[*key].as_ref()).collect::<Vec<&str>>().into_iter().collect(),
        weights: TokenVectors::quantize(POLARITIES, &weights),
        dense,
        intercepts,
        decision,
        holder: chooser,
    };
    Ok(Trained { head, receipt, fits })
}

/// A pair's keys with their values, and its pools.
type Columns = (Vec<(u32, f32)>, Vec<f32>);

/// All pairs as columns.
struct Matrix {
    /// In alphabetical order.
    keys: Vec<Box<str>>,
    /// Their inverse document frequencies.
    idf: Vec<f32>,
    sparse: Csr,
    /// Pairs × (pools × width), scaled.
    dense: Array2<f32>,
    /// What the dense columns were multiplied by: so that a token's vector is of length 1 on average.
    scale: f64,
    targets: Targets,
    /// For each pair its example.
    example: Vec<usize>,
}

impl Matrix {
    fn new(params: &ParallaxValidParams, examples: &[Example], rows: &[Row], base: Base<'_>) -> Result<Self> {
        let pairs: Vec<(&Row, &Pair)> = rows.iter().flat_map(|row| row.pairs.iter().map(move |p| (row, p))).collect();
        let text = |row: &Row| examples[row.record].record.text.as_str();
        let mut counts: FxHashMap<Box<str>, (u32, u32)> = FxHashMap::default();
        for (number, (row, pair)) in (1u32..).zip(&pairs) {
            row.sentence(text(row)).from_target(pair.target, |bearing| {
                bearing.keys(|key, _| match counts.get_mut(key) {
                    Some((_, last)) if *last == number => {}
                    Some((count, last)) => (*count, *last) = (*count + 1, number),
                    None => drop(counts.insert(key.into(), (1, number))),
                });
            });
        }
        let mut kept: Vec<(Box<str>, u32)> =
            counts.into_iter().map(|(key, (n, _))| (key, n)).filter(|(_, n)| *n >= params.stance.least).collect();
        kept.sort_unstable();
        let total = pairs.len() as f64;
        let idf: Vec<f32> = kept.iter().map(|(key, n)| idf(key, f64::from(*n), total, params.stance.sides)).collect();
        let keys: Vec<Box<str>> = kept.into_iter().map(|(key, _)| key).collect();
        let numbers: Keys = keys.iter().collect();
        let wide = width(base.dense());
        let columns = POOLS * wide;
        let each: Vec<Columns> = pairs
            .par_iter()
            .map(|(row, pair)| {
                let sentence = row.sentence(text(row));
                let vectors = sentence.vectors(base.dense());
                sentence.from_target(pair.target, |bearing| {
                    let seen = occurrences(&numbers, bearing, &mut Known::default());
                    let mut found: Vec<(u32, f32)> =
                        seen.keys.iter().map(|(key, _)| (*key, seen.value * idf[*key as usize])).collect();
                    found.sort_unstable_by_key(|(key, _)| *key);
                    let mut dense = vec![0.0; columns];
                    let vectors = vectors.chunks_exact(wide.max(1)).skip(bearing.seen().start);
                    for (share, vector) in bearing.shares().iter().zip(vectors) {
                        for (pool, share) in share.iter().enumerate().filter(|(_, share)| **share > 1e-6) {
                            let sums = &mut dense[pool * wide..(pool + 1) * wide];
                            sums.iter_mut().zip(vector).for_each(|(s, v)| *s += share * v);
                        }
                    }
                    (found, dense)
                })
            })
            .collect();
        let mut sparse = Csr::new(keys.len());
        let mut dense = Array2::<f32>::zeros((pairs.len(), columns));
        for (i, (found, numbers)) in each.into_iter().enumerate() {
            sparse.push(found);
            dense.row_mut(i).iter_mut().zip(numbers).for_each(|(to, v)| *to = v);
        }
        let norms: f64 = dense.axis_iter(Axis(0)).map(|r| r.iter().map(|v| f64::from(v * v)).sum::<f64>()).sum();
        // A pool of every kind, each about √tokens vectors long.
        let scale = (POOLS as f64 * pairs.len() as f64 / norms.max(1e-12)).sqrt();
        dense.mapv_inplace(|v| v * scale as f32);
        let shares: Vec<f64> = pairs
            .iter()
            .flat_map(|(_, p)| Polarity::ALL.iter().map(|k| f64::from(u8::from(*k == p.polarity))))
            .collect();
        let weights: Vec<f64> = pairs.iter().map(|(row, p)| p.weight * examples[row.record].weight).collect();
        let targets = Targets::new(&format!("head {NAME}"), POLARITIES, &shares, &weights)?;
        let example = pairs.iter().map(|(row, _)| row.record).collect();
        Ok(Self { keys, idf, sparse, dense, scale, targets, example })
    }

    fn fit(
        &self,
        params: &ParallaxValidParams,
        taught: impl Fn(usize) -> bool,
        fold: Option<u32>,
    ) -> Result<(joint::Joint, FitReceipt)> {
        let which: Vec<usize> = (0..self.example.len()).filter(|pair| taught(*pair)).collect();
        let targets = self.targets.select(&which);
        if targets.present() < POLARITIES {
            return Err(Error::Data {
                what: format!("head {NAME}"),
                found: format!("stances of {} polarities", targets.present()),
                expected: "some for, some against and some neutral".to_owned(),
                cure: "add records with stances of the missing polarity, or leave this head out of --heads".to_owned(),
            });
        }
        let targets = targets.balanced();
        let settings = &params.stance;
        let solver =
            Solver { l2: settings.keys, tolerance: params.base.tolerance, max_iterations: params.stack.max_iterations };
        let what = fold.map_or_else(|| NAME.to_owned(), |fold| format!("{NAME}, without fold {fold}"));
        let sparse = self.sparse.select(&which);
        let dense = self.dense.select(Axis(0), &which);
        let rows = |sparse| joint::Rows { sparse, dense: dense.view(), l2_dense: settings.dense, standing: None };
        let all = joint::fit(&what, rows(&sparse), &targets, solver)?;
        // The keys of most weight are fitted once more by themselves, so that they take over what the others told.
        let kept = self.kept(&all, settings.most);
        let few = joint::fit(&what, rows(&sparse.select_columns(&kept)), &targets, solver)?;
        let mut table = Array2::zeros((self.keys.len(), POLARITIES));
        for (key, row) in kept.iter().zip(few.sparse.rows()) {
            table.row_mut(*key).assign(&row);
        }
        let fitted = joint::Joint { sparse: table, ..few };
        let c = fitted.convergence;
        let receipt = FitReceipt {
            what,
            l2: settings.keys,
            objective: c.objective,
            gradient_norm: c.gradient_norm,
            rows: c.rows,
        };
        Ok((fitted, receipt))
    }

    /// The keys of most weight, so many at most, in order: the others add next to nothing.
    fn kept(&self, model: &joint::Joint, most: usize) -> Vec<usize> {
        let weight = |key: usize| {
            let largest = model.sparse.row(key).iter().fold(0.0f64, |m, w| m.max(w.abs()));
            largest * f64::from(self.idf[key])
        };
        let mut order: Vec<usize> = (0..self.keys.len()).filter(|key| weight(*key) > 0.0).collect();
        order.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        order.truncate(most);
        order.sort_unstable();
        order
    }

    fn logits(&self, model: &joint::Joint, pair: usize) -> Vec<f64> {
        let mut z = model.intercepts.clone();
        for (j, v) in self.sparse.row(pair) {
            z.iter_mut().zip(model.sparse.row(j)).for_each(|(z, w)| *z += v * w);
        }
        for (v, w) in self.dense.row(pair).iter().zip(model.dense.axis_iter(Axis(0))) {
            z.iter_mut().zip(w).for_each(|(z, w)| *z += f64::from(*v) * w);
        }
        z
    }
}

/// The inverse document frequency of a key that stands in `n` of `total` pairs, as scikit-learn smooths it; that of
/// words that take sides times `sides`: few and frequent, their keys would be held down most.
fn idf(key: &str, n: f64, total: f64, sides: f64) -> f32 {
    let idf = 1.0 + ((1.0 + total) / (1.0 + n)).ln();
    (if bearing::is_sided(key) { sides * idf } else { idf }) as f32
}

/// The classes of the head in the order of their alphabet, as measures have them.
#[must_use]
pub fn classes() -> BTreeMap<String, Polarity> {
    Polarity::ALL.iter().map(|p| (p.as_str().to_owned(), *p)).collect()
}
