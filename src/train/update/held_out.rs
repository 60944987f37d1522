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

/// Measures both in at most [`Settings::folds`] folds; `None` where all added sentences are of one document, or of so few
/// that no split fills two folds.
///
/// # Errors
/// [`crate::Error::Fit`] where a fit failed; [`crate::Error::Data`] for a label that a head does not have.
pub(super) fn held_out(
    learner: &Learner<'_>,
    settings: &Settings,
    step: &(dyn Fn() + Sync),
) -> Result<Option<HeldOut>> {
    let added: Vec<usize> = (0..learner.examples.len()).filter(|i| learner.examples[*i].is_labelled()).collect();
    let record = |i: usize| &learner.examples[i].record;
    let groups: BTreeSet<&str> = added.iter().map(|i| record(*i).group.as_str()).collect();
    let most = settings.folds.min(u32::try_from(groups.len()).unwrap_or(u32::MAX));
    let split = (2..=most).rev().find_map(|k| {
        let folds = split::training_folds(added.iter().map(|i| record(*i).group.as_str()), k).ok()?;
        Some((k, folds))
    });
    let Some((folds, fold_of)) = split else { return Ok(None) };
    let after: Vec<Vec<(usize, Said)>> = (0..folds)
        .into_par_iter()
        .with_max_len(1)
        .map(|fold| {
            let held: Vec<usize> = added.iter().zip(&fold_of).filter(|(_, f)| **f == fold).map(|(i, _)| *i).collect();
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
    Ok(Some(HeldOut { folds, groups: groups.len(), heads }))
}

/// The logits of a sentence, and what the span heads find in it where somebody looked.
type Said = (Vec<f64>, Option<SpanRow>);

fn said(fitted: &Fitted, base: Base<'_>, example: &Example) -> Result<Said> {
    let logits = logits(fitted, base, &example.record.text)?;
    let is_known = marked::is_known(&example.record, &fitted.spans);
    let spans = is_known.then(|| span_row(fitted, base, &example.record, None)).transpose()?;
    Ok((logits, spans))
}
