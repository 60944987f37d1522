//! Sentence heads that learn from a few more sentences, near what they were.
//!
//! In: the weights of a bundle, sentences that were added with their labels, and sentences on which the heads are to stay
//! as they are. Out: changed [`Weights`]. Start at [`Lines::new`], then [`Lines::fit`].
//!
//! What is fitted is a change of the weights, held to 0 by an L2 penalty: the most probable weights where the bundle's are
//! what was believed before (maximum a posteriori; Chelba & Acero 2006). Sentences without labels count with the
//! bundle's own probabilities as shares (Li & Hoiem 2016), so that where no one corrected anything nothing moves. Only
//! n-grams that stand in an added sentence can change; of the dense features (pooled vectors, word classes, pools of the
//! markers) each is divided by its deviation, so that one strength suits all.

use super::super::fit::{Csr, Solver, Targets, joint};
use super::super::prepare::{Base, Example, shares, tokenize};
use crate::error::Result;
use crate::features::marker::{self, POOLS};
use crate::features::{Extractor, classes};
use crate::heads::{Head, probabilities};
use crate::model::bundle::Fitted;
use crate::model::receipt::FitReceipt;
use crate::model::weights::Weights;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, Slice};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// How closely the weights stay near what they were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// L2 strength on what the weights of n-grams change by, above 0.
    pub ngrams: f64,
    /// L2 strength on what the weights of dense features change by, above 0.
    pub dense: f64,
}

/// Sentences as features, with the logits that the bundle gives them.
#[derive(Debug)]
pub struct Lines<'a> {
    examples: &'a [Example],
    heads: &'a [Head],
    weights: &'a Weights,
    /// N-grams of the whole vocabulary.
    ngrams: Csr,
    /// Sentences × (width of the vectors, then classes, then pools), less their mean and divided by their scale.
    dense: Array2<f64>,
    scales: Vec<Scale>,
    /// Sentences × outputs.
    logits: Array2<f64>,
    settings: Settings,
}

/// How a dense column was made comparable: less its mean, then divided.
#[derive(Debug, Clone, Copy)]
struct Scale {
    mean: f64,
    divisor: f64,
}

/// Numbers of one sentence: n-grams, dense features, logits.
type Line = (Vec<(u32, f32)>, Vec<f32>, Vec<f64>);

impl<'a> Lines<'a> {
    /// Reads the examples; those of [`super::super::prepare::Origin::Labelled`] are what was added, all others are those on which the heads stay.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where a text cannot be tokenized.
    pub fn new(fitted: &'a Fitted, examples: &'a [Example], base: Base<'_>, settings: Settings) -> Result<Self> {
        let lines: Vec<Line> =
            examples.par_iter().map(|example| line(fitted, base, &example.record.text)).collect::<Result<_>>()?;
        let mut ngrams = Csr::new(fitted.ngrams.len());
        let width = base.vectors.width() + classes::COUNT + fitted.markers.len() * POOLS;
        let mut dense = Array2::zeros((lines.len(), width));
        let mut logits = Array2::zeros((lines.len(), fitted.weights.outputs));
        for (i, (of_ngrams, of_dense, of_logits)) in lines.into_iter().enumerate() {
            ngrams.push(of_ngrams);
            dense.row_mut(i).iter_mut().zip(of_dense).for_each(|(to, from)| *to = f64::from(from));
            logits.row_mut(i).iter_mut().zip(of_logits).for_each(|(to, from)| *to = from);
        }
        let mut scales: Vec<Scale> = dense.columns().into_iter().map(Scale::of).collect();
        // A class that hardly ever occurs would weigh most: all classes are divided by the same.
        let of_classes = &mut scales[base.vectors.width()..][..classes::COUNT];
        let shared = (of_classes.iter().map(|s| s.divisor.powi(2)).sum::<f64>() / of_classes.len() as f64).sqrt();
        of_classes.iter_mut().for_each(|scale| scale.divisor = shared);
        // With this in the columns both kinds have one L2 strength, and the optimiser a rounder valley.
        let relative = (settings.dense / settings.ngrams).sqrt();
        for (mut column, scale) in dense.columns_mut().into_iter().zip(&mut scales) {
            scale.divisor *= relative;
            column.mapv_inplace(|value| (value - scale.mean) / scale.divisor);
        }
        Ok(Self { examples, heads: &fitted.heads, weights: &fitted.weights, ngrams, dense, scales, logits, settings })
    }

    /// The weights after learning from the examples that `taught` is true of. A head that none of these labels stays.
    ///
    /// # Errors
    /// [`crate::Error::Fit`] where an optimum was not reached.
    pub fn fit(&self, taught: &(dyn Fn(usize) -> bool + Sync)) -> Result<(Weights, Vec<FitReceipt>)> {
        let mut first = 0;
        let placed: Vec<(usize, &Head)> = self
            .heads
            .iter()
            .map(|head| {
                let at = first;
                first += head.outputs();
                (at, head)
            })
            .collect();
        let changes: Vec<Option<Change>> =
            placed.par_iter().map(|(at, head)| self.change(*at, head, taught)).collect::<Result<_>>()?;
        let (mut weights, mut receipts) = (self.weights.clone(), Vec::new());
        for ((at, _), change) in placed.iter().zip(changes) {
            let Some(change) = change else { continue };
            self.apply(&mut weights, *at, &change);
            receipts.push(change.receipt);
        }
        Ok((weights, receipts))
    }

    fn change(&self, first: usize, head: &Head, taught: &(dyn Fn(usize) -> bool + Sync)) -> Result<Option<Change>> {
        let label =
            |i: usize| self.examples[i].record.labels.get(&head.name).filter(|_| self.examples[i].is_labelled());
        let teaches = |i: &usize| taught(*i) && (label(*i).is_some() || !self.examples[*i].is_labelled());
        let rows: Vec<usize> = (0..self.examples.len()).filter(teaches).collect();
        if !rows.iter().any(|i| label(*i).is_some()) {
            return Ok(None);
        }
        let columns: BTreeSet<usize> =
            rows.iter().filter(|i| label(**i).is_some()).flat_map(|i| self.ngrams.row(*i).map(|(j, _)| j)).collect();
        let columns: Vec<usize> = columns.into_iter().collect();
        let standing =
            self.logits.slice_axis(Axis(1), Slice::from(first..first + head.outputs())).select(Axis(0), &rows);
        let of = |(i, logits): (&usize, ArrayView1<'_, f64>)| match label(*i) {
            Some(label) => shares(label, &head.classes),
            None => probabilities(&logits.to_vec()),
        };
        let mass: Vec<f64> = rows.iter().zip(standing.rows()).flat_map(of).collect();
        let weights: Vec<f64> = rows.iter().map(|i| self.examples[*i].weight).collect();
        let what = format!("{}, near", head.name);
        let targets = Targets::new(&what, head.classes.len(), &mass, &weights)?;
        let sparse = self.ngrams.select(&rows).select_columns(&columns);
        let dense = self.dense.select(Axis(0), &rows);
        let rows = joint::Rows {
            sparse: &sparse,
            dense: dense.view(),
            l2_dense: self.settings.ngrams,
            standing: Some(standing.view()),
        };
        let solver = Solver { l2: self.settings.ngrams, tolerance: 1e-5, ..Solver::default() };
        let fitted = joint::fit(&what, rows, &targets, solver)?;
        let (objective, gradient_norm) = (fitted.convergence.objective, fitted.convergence.gradient_norm);
        let receipt = FitReceipt { what, l2: self.settings.ngrams, objective, gradient_norm, rows: targets.rows() };
        Ok(Some(Change { columns, ngrams: fitted.sparse, dense: fitted.dense, intercepts: fitted.intercepts, receipt }))
    }

    /// Adds a change to the outputs from `first` on.
    fn apply(&self, weights: &mut Weights, first: usize, change: &Change) {
        let (outputs, count) = (weights.outputs, change.intercepts.len());
        let add = |to: &mut [f32], from: ArrayView1<'_, f64>, by: f64| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += (from / by) as f32);
        };
        for (column, of) in change.columns.iter().zip(change.ngrams.rows()) {
            add(&mut weights.ngrams[column * outputs + first..][..count], of, 1.0);
        }
        let width = weights.vectors.len() / outputs.max(1);
        let mut intercepts = change.intercepts.clone();
        for (column, (of, scale)) in change.dense.rows().into_iter().zip(&self.scales).enumerate() {
            let Scale { mean, divisor } = *scale;
            intercepts.iter_mut().zip(of).for_each(|(to, from)| *to -= from * mean / divisor);
            if column < width {
                for (output, value) in of.iter().enumerate() {
                    weights.vectors[(first + output) * width + column] += (value / divisor) as f32;
                }
            } else if let Some(class) = (column - width).checked_sub(classes::COUNT) {
                add(&mut weights.pools[class * outputs + first..][..count], of, divisor);
            } else {
                add(&mut weights.classes[(column - width) * outputs + first..][..count], of, divisor);
            }
        }
        for (to, from) in weights.intercepts[first..].iter_mut().zip(&intercepts) {
            *to += from;
        }
    }
}

/// What the weights of one head change by.
struct Change {
    /// The n-grams that change.
    columns: Vec<usize>,
    /// These × outputs.
    ngrams: Array2<f64>,
    /// Dense columns × outputs.
    dense: Array2<f64>,
    intercepts: Vec<f64>,
    receipt: FitReceipt,
}

fn line(fitted: &Fitted, base: Base<'_>, text: &str) -> Result<Line> {
    let mut tokens = tokenize(base.tokenizer, text)?;
    fitted.mask.mark(text, &mut tokens);
    let sentence = Extractor { ngrams: &fitted.ngrams, vectors: base.vectors }.extract(text, &tokens);
    let (width, length) = (base.vectors.width(), tokens.tokens.len());
    let vectors = ArrayView2::from_shape((length, width), &sentence.vectors);
    let mut dense = vectors.ok().and_then(|v| v.mean_axis(Axis(0))).map_or_else(|| vec![0.0; width], |m| m.to_vec());
    dense.resize(width + classes::COUNT, 0.0);
    for occurrence in &sentence.classes {
        dense[width + occurrence.number as usize] += occurrence.value;
    }
    for marker in &fitted.markers {
        let mut sums = [0.0; POOLS];
        for (logit, token) in marker.logits(&tokens, width, &sentence.vectors).into_iter().zip(&tokens.tokens) {
            let pooled = marker::pool(logit, token.quoted, length);
            sums.iter_mut().zip(pooled).for_each(|(sum, value)| *sum += value);
        }
        dense.extend(sums.map(|sum| sum as f32));
    }
    let logits = fitted.weights.score(width, &fitted.markers, &tokens, &sentence).logits;
    let ngrams = sentence.ngrams.iter().map(|found| (found.number, found.value)).collect();
    Ok((ngrams, dense, logits))
}

impl Scale {
    /// The mean and standard deviation of a column; a deviation of 1 for one that does not vary.
    fn of(column: ArrayView1<'_, f64>) -> Self {
        let n = column.len().max(1) as f64;
        let mean = column.sum() / n;
        let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        Self { mean, divisor: if variance > 1e-12 { variance.sqrt() } else { 1.0 } }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Bundle;
    use crate::train::prepare::Origin;
    use crate::train::record::{Label, Record};
    use std::path::Path;

    const SETTINGS: Settings = Settings { ngrams: 1.0, dense: 20_000.0 };

    fn example(text: &str, bias: Option<&str>) -> Example {
        let labels = bias.map(|label| ("bias".to_owned(), Label::Hard(label.to_owned())));
        let record = Record { labels: labels.into_iter().collect(), ..super::super::unlabelled(text.to_owned(), "en") };
        let origin = if bias.is_some() { Origin::Labelled } else { Origin::Extra };
        Example { record, origin, weight: if bias.is_some() { 4.0 } else { 1.0 } }
    }

    /// Probabilities of bias of some texts, after learning from the examples.
    fn after(examples: &[Example], texts: &[&str]) -> Vec<f64> {
        let bundle = Bundle::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/en")).unwrap();
        let base = Base::of(&bundle);
        let lines = Lines::new(&bundle.fitted, examples, base, SETTINGS).unwrap();
        let (weights, receipts) = lines.fit(&|_| true).unwrap();
        assert!(receipts.iter().all(|receipt| receipt.what == "bias, near"), "{receipts:?}");
        let fitted = Fitted { weights, ..bundle.fitted.clone() };
        texts.iter().map(|text| probabilities(&line(&fitted, base, text).unwrap().2[..1])[1]).collect()
    }

    const PLAIN: &str = "The council approved the budget on Monday.";
    const JARGON: &str = "The scheme was rubber-stamped behind closed doors.";

    #[test]
    fn what_is_added_is_learned_and_what_is_to_stay_stays() {
        let texts = [JARGON, PLAIN];
        let before = after(&[example(PLAIN, None)], &texts);
        let added = [example(JARGON, Some("0")), example(PLAIN, None)];
        let now = after(&added, &texts);
        assert!(before[0] - now[0] > 0.2, "{before:?} {now:?}");
        assert!((before[1] - now[1]).abs() < 0.1, "{before:?} {now:?}");
    }

    #[test]
    fn labels_that_are_what_was_said_already_change_nothing() {
        let before = after(&[example(PLAIN, None)], &[PLAIN, JARGON]);
        let mut said = example(PLAIN, Some("0"));
        let shares = [("0".to_owned(), 1.0 - before[0]), ("1".to_owned(), before[0])];
        said.record.labels.insert("bias".to_owned(), Label::Soft(shares.into_iter().collect()));
        let now = after(&[said], &[PLAIN, JARGON]);
        assert!(before.iter().zip(&now).all(|(before, now)| (before - now).abs() < 1e-3), "{before:?} {now:?}");
    }

    #[test]
    fn a_head_that_no_sentence_labels_keeps_its_weights() {
        let bundle = Bundle::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/en")).unwrap();
        let base = Base::of(&bundle);
        let examples = [example(JARGON, Some("0")), example(PLAIN, None)];
        let (weights, _) = Lines::new(&bundle.fitted, &examples, base, SETTINGS).unwrap().fit(&|_| true).unwrap();
        let outputs = weights.outputs;
        let moved = |output: usize| {
            let before = bundle.fitted.weights.ngrams.iter().skip(output).step_by(outputs);
            before.zip(weights.ngrams.iter().skip(output).step_by(outputs)).any(|(a, b)| a != b)
        };
        assert!(moved(0) && (1..outputs).all(|output| !moved(output)));
    }
}
