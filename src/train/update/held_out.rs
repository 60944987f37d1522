//! Whether an update helps: the bundle before and after, on sentences that did not teach it.
//!
//! In: the sentences that were added and how heads learn from some of them. Out: [`HeldOut`]. Start at [`held_out`]. Whole
//! groups (documents) are held out, fold by fold; the bundle as it was is measured on the very same sentences.

use super::super::crossval::{logits, span_row};
use super::super::prepare::{Base, Example};
use super::super::{gold, marked, split};
use super::{Learner, Settings};
use crate::error::Result;
use crate::evaluate::{self, Comparison, SpanRow, compare, compare_spans};
use crate::model::bundle::Fitted;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The bundle before and after, on added sentences of documents that were held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// In how many parts the documents were split.
    pub folds: u32,
    /// How many documents there are.
    pub groups: usize,
    /// By head, `new` being the bundle after.
    pub heads: Vec<Comparison>,
}

/// The added examples, each with the fold that it is held out in.
pub(super) struct Folds {
    count: u32,
    groups: usize,
    /// Numbers of examples, in order.
    added: Vec<usize>,
    fold_of: Vec<u32>,
}

impl Folds {
    /// At most `most` folds of whole documents; `None` where all added sentences are of one document, or of so few that
    /// no split fills two folds.
    pub fn of(examples: &[Example], most: u32) -> Option<Self> {
        let added: Vec<usize> = (0..examples.len()).filter(|i| examples[*i].is_labelled()).collect();
        let group = |i: &usize| examples[*i].record.group.as_str();
        let groups = added.iter().map(group).collect::<BTreeSet<&str>>().len();
        let most = most.min(u32::try_from(groups).unwrap_or(u32::MAX));
        let split = |count: u32| Some((count, split::training_folds(added.iter().map(group), count).ok()?));
        let (count, fold_of) = (2..=most).rev().find_map(split)?;
        Some(Self { count, groups, added, fold_of })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count as usize
    }
}

/// Measures both on each fold.
///
/// # Errors
/// [`crate::Error::Fit`] where a fit failed; [`crate::Error::Data`] for a label that a head does not have.
pub(super) fn held_out(
    learner: &Learner<'_>,
    folds: &Folds,
    settings: &Settings,
    step: &(dyn Fn() + Sync),
) -> Result<HeldOut> {
    let Folds { count: folds, groups, added, fold_of } = folds;
    let record = |i: usize| &learner.examples[i].record;
    let after: Vec<Vec<(usize, Said)>> = (0..*folds)
        .into_par_iter()
        .with_max_len(1)
        .map(|fold| {
            let held: Vec<usize> = added.iter().zip(fold_of).filter(|(_, f)| **f == fold).map(|(i, _)| *i).collect();
            let texts: BTreeSet<&str> = held.iter().map(|i| record(*i).text.as_str()).collect();
            // A sentence that stands in two documents does not teach where it is tested.
            let fitted = learner.fit(&|i| !texts.contains(record(i).text.as_str()))?.0;
            let said = held.par_iter().map(|i| Ok((*i, said(&fitted, learner.base, &learner.examples[*i])?)));
            let said = said.collect::<Result<_>>();
            step();
            said
        })
        .collect::<Result<_>>()?;
    let mut after: Vec<(usize, Said)> = after.into_iter().flatten().collect();
    after.sort_by_key(|(i, _)| *i);
    let before: Vec<Said> =
        added.par_iter().map(|i| said(learner.fitted, learner.base, &learner.examples[*i])).collect::<Result<_>>()?;
    let after: Vec<Said> = after.into_iter().map(|(_, said)| said).collect();
    let records: Vec<_> = added.iter().map(|i| record(*i)).collect();
    let rows = |said: &[Said]| {
        let logits: Vec<&[f64]> = said.iter().map(|said| said.0.as_slice()).collect();
        gold::rows(&learner.fitted.heads, &records, &logits)
    };
    let settings =
        evaluate::Settings { replicates: settings.replicates, seed: settings.seed, ..evaluate::Settings::default() };
    let mut heads = Vec::new();
    for (new, old) in rows(&after)?.iter().zip(&rows(&before)?) {
        heads.push(compare(new, old, &settings)?);
    }
    let spans = |said: Vec<Said>| said.into_iter().filter_map(|said| said.1).collect::<Vec<SpanRow>>();
    let (after, before) = (spans(after), spans(before));
    if !after.is_empty() {
        heads.extend(compare_spans(&after, &before, &settings)?);
    }
    Ok(HeldOut { folds: *folds, groups: *groups, heads })
}

/// The logits of a sentence, and what the span heads find in it where somebody looked.
type Said = (Vec<f64>, Option<SpanRow>);

fn said(fitted: &Fitted, base: Base<'_>, example: &Example) -> Result<Said> {
    let logits = logits(fitted, base, &example.record.text)?;
    let is_known = marked::is_known(&example.record, &fitted.spans);
    let spans = is_known.then(|| span_row(fitted, base, &example.record, None)).transpose()?;
    Ok((logits, spans))
}
