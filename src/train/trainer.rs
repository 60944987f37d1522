//! The training line: records → features → first layer → second layer → bundle.
//!
//! In: [`Example`]s, checked settings, a tokenizer and token vectors. Out: [`Trained`]. Start at
//! [`train`].

use super::base::{Layer, Output};
use super::fit::Targets;
use super::params::ParallaxValidParams;
use super::prepare::{Base, Example, Origin, Prepared, classes, shares};
use super::record::Label;
use super::spans;
use super::split;
use super::stack::{self, StackedHead, Task};
use super::stances;
use crate::error::{Error, Result};
use crate::heads::stance;
use crate::model::bundle::Fitted;
use crate::model::receipt::{FitReceipt, HeadReceipt};
use std::collections::{BTreeMap, BTreeSet};

/// Called after each step with the number of steps in all and what was done.
pub type Progress<'a> = &'a (dyn Fn(usize, &str) + Sync);

/// What training gives.
#[derive(Debug)]
pub struct Trained {
    /// Vocabulary, markers, heads and weights.
    pub fitted: Fitted,
    /// By head: how it was fitted and what it scored on held-out folds.
    pub heads: BTreeMap<String, HeadReceipt>,
    /// Proof of every fit.
    pub fits: Vec<FitReceipt>,
}

/// Trains every head that the examples have labels of, or those of `only`.
///
/// # Errors
/// [`Error::Data`] where there are too few groups or classes; [`Error::Fit`] where a fit did not reach
/// its optimum; [`Error::Tokenizer`].
pub fn train(
    params: &ParallaxValidParams,
    examples: &[Example],
    only: Option<&[String]>,
    base: Base<'_>,
    progress: Progress<'_>,
) -> Result<Trained> {
    train_beside(params, examples, only, base, None, progress)
}

/// As [`train`], but keeps the heads already fitted in `kept` and trains beside them: `stance` alone, which looks at
/// what they find.
///
/// # Errors
/// As [`train`]; [`Error::Settings`] where other heads are to be trained beside kept ones.
pub fn train_beside(
    params: &ParallaxValidParams,
    examples: &[Example],
    only: Option<&[String]>,
    base: Base<'_>,
    kept: Option<&Fitted>,
    progress: Progress<'_>,
) -> Result<Trained> {
    if let Some(kept) = kept {
        return beside(params, examples, only, base, kept, progress);
    }
    let folds = split::training_folds(examples.iter().map(|e| e.record.group.as_str()), params.folds)?;
    let Names { sentence: names, spans: span_names, stance: with_stance } = head_names(params, examples, only)?;
    let prepared = Prepared::new(params, examples, base)?;
    let mut outputs = Vec::new();
    for name in &names {
        outputs.extend(outputs_of(name, examples)?);
    }
    let layer = Layer::fit(params, examples, &prepared, &folds, &outputs, progress)?;
    let mut heads: Vec<StackedHead> = Vec::new();
    for name in names.iter().filter(|n| !params.auxiliary.contains(n)) {
        heads.push(stack::fit(params, &task_of(name, examples)?, &layer, &folds)?);
    }
    let (weights, markers) = stack::compose(&layer, &heads, prepared.ngrams.len(), base.vectors);
    let mut fits = layer.fits;
    let spans = spans::train(params, examples, &span_names, base, &prepared.mask, &folds, progress)?;
    let mut receipts = spans.receipts;
    let (mask, ngrams) = (prepared.mask, prepared.ngrams);
    let mut fitted = Fitted { mask, ngrams, markers, heads: Vec::new(), weights, spans: spans.heads, stance: None };
    if with_stance {
        let trained = stances::train(params, examples, base, &fitted.mask, &fitted.spans, &folds, progress)?;
        receipts.insert(stance::NAME.to_owned(), trained.receipt);
        fits.extend(trained.fits);
        fitted.stance = Some(trained.head);
    }
    for stacked in heads {
        receipts.insert(stacked.head.name.clone(), stacked.receipt);
        fits.extend(stacked.fits);
        fitted.heads.push(stacked.head);
    }
    fits.extend(spans.fits);
    Ok(Trained { fitted, heads: receipts, fits })
}

fn beside(
    params: &ParallaxValidParams,
    examples: &[Example],
    only: Option<&[String]>,
    base: Base<'_>,
    kept: &Fitted,
    progress: Progress<'_>,
) -> Result<Trained> {
    if only.is_none_or(|only| only != [stance::NAME]) {
        return Err(Error::Settings {
            setting: "--keep".into(),
            found: only.map_or_else(|| "no --heads".to_owned(), |only| format!("--heads {}", only.join(","))),
            expected: "--heads stance: the other heads are trained together or not at all".into(),
        });
    }
    head_names(params, examples, only)?;
    let folds = split::training_folds(examples.iter().map(|e| e.record.group.as_str()), params.folds)?;
    let trained = stances::train(params, examples, base, &kept.mask, &kept.spans, &folds, progress)?;
    let fitted = Fitted { stance: Some(trained.head), ..kept.clone() };
    let heads = BTreeMap::from([(stance::NAME.to_owned(), trained.receipt)]);
    Ok(Trained { fitted, heads, fits: trained.fits })
}

/// The heads to train.
struct Names {
    /// The sentence heads, in alphabetical order.
    sentence: Vec<String>,
    /// The span heads.
    spans: Vec<&'static str>,
    /// Whether `stance` is one.
    stance: bool,
}

fn head_names(params: &ParallaxValidParams, examples: &[Example], only: Option<&[String]>) -> Result<Names> {
    let mut spans = spans::names(examples);
    let has_stances = stances::is_labelled(examples);
    let found: BTreeSet<&String> = examples.iter().flat_map(|e| e.record.labels.keys()).collect();
    let marked: Vec<&str> = spans.iter().copied().chain(has_stances.then_some(stance::NAME)).collect();
    let listed = || found.iter().map(|n| n.as_str()).chain(marked.iter().copied()).collect::<Vec<_>>().join(", ");
    let is_known = |n: &&String| found.contains(n) || marked.contains(&n.as_str());
    if let Some(missing) = only.unwrap_or_default().iter().find(|n| !is_known(n)) {
        return Err(Error::Data {
            what: format!("head {missing}"),
            found: format!("labels of {}", listed()),
            expected: format!("labels of {missing}"),
            cure: format!("add records with a label {missing}, or leave it out of --heads"),
        });
    }
    let wanted = |n: &&&String| only.is_none_or(|only| only.contains(n) || params.auxiliary.contains(n));
    let names: Vec<String> = found.iter().filter(wanted).map(|n| (*n).clone()).collect();
    if let Some(only) = only {
        spans.retain(|n| only.iter().any(|o| o == n));
    }
    // Auxiliary labels feed the sentence heads; alone they teach nothing.
    let names = if names.iter().all(|n| params.auxiliary.contains(n)) { Vec::new() } else { names };
    let stance = has_stances && only.is_none_or(|only| only.iter().any(|o| o == stance::NAME));
    if spans.is_empty() && names.is_empty() && !stance {
        return Err(Error::Data {
            what: "training data".to_owned(),
            found: "no label of any head".to_owned(),
            expected: "records with `labels`, `loaded`, `attributions` or `stances`".to_owned(),
            cure: "give labelled records with --data; training/README.md shows one".to_owned(),
        });
    }
    Ok(Names { sentence: names, spans, stance })
}

/// The examples with a label of a head, and their targets.
fn labelled(name: &str, examples: &[Example], origin: Option<Origin>) -> Result<(Vec<String>, Vec<usize>, Targets)> {
    let classes = classes(examples, name);
    if let [class] = classes.as_slice() {
        return Err(Error::Data {
            what: format!("head {name}"),
            found: format!("examples of 1 class only, `{class}`"),
            expected: "examples of at least two classes".to_owned(),
            cure: "add examples of another class, or leave this label out".to_owned(),
        });
    }
    let of = |e: &Example| origin.is_none_or(|o| e.origin == o).then(|| e.record.labels.get(name).cloned()).flatten();
    let labels: Vec<(usize, Label)> = examples.iter().enumerate().filter_map(|(i, e)| Some((i, of(e)?))).collect();
    let shares: Vec<f64> = labels.iter().flat_map(|(_, label)| shares(label, &classes)).collect();
    let weights: Vec<f64> = labels.iter().map(|(i, _)| examples[*i].weight).collect();
    let targets = Targets::new(&format!("head {name}"), classes.len().max(2), &shares, &weights)?;
    Ok((classes, labels.into_iter().map(|(i, _)| i).collect(), targets))
}

/// The outputs of a head in the first layer: one for two classes, else each class against the rest.
fn outputs_of(name: &str, examples: &[Example]) -> Result<Vec<Output>> {
    let (classes, rows, targets) = labelled(name, examples, None)?;
    if classes.len() == 2 {
        return Ok(vec![Output { what: name.to_owned(), examples: rows, targets }]);
    }
    let of = |(c, class): (usize, &String)| Output {
        what: format!("{name}={class}"),
        examples: rows.clone(),
        targets: targets.one_against_rest(c),
    };
    Ok(classes.iter().enumerate().map(of).collect())
}

/// A head's task in the second layer: the labelled examples, or all where only families have labels.
fn task_of(name: &str, examples: &[Example]) -> Result<Task> {
    let labelled_only = labelled(name, examples, Some(Origin::Labelled));
    let (classes, rows, targets) = match labelled_only {
        Ok(found) if found.2.present() == found.0.len() => found,
        _ => labelled(name, examples, None)?,
    };
    let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
    let groups = rows.iter().map(|i| {
        let next = numbers.len() as u64;
        *numbers.entry(examples[*i].record.group.as_str()).or_insert(next)
    });
    let groups = groups.collect();
    Ok(Task { name: name.to_owned(), classes, examples: rows, targets, groups })
}
