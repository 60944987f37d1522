//! Grouped cross-validation of a recipe, through the very path that scores articles.
//!
//! In: examples, settings, and how many folds. Out: [`HeldOut`]: for each head the held-out [`Scored`] rows, with the
//! example of each, and the held-out [`SpanRow`]s. In each round everything is fitted anew without the fold, vocabulary and
//! calibration included.
//! Families are in every training part and never tested on, nor are records given as extra.

use super::gold::group_number;
use super::params::ParallaxValidParams;
use super::prepare::{Base, Example, Origin, classes, shares, tokenize};
use super::record::{Label, Record};
use super::stances::{self, pairs::Reader};
use super::trainer::{Progress, train};
use super::{marked, spans, split};
use crate::error::{Error, Result};
use crate::evaluate::{Rows, Scored, SpanRow, WordList};
use crate::features::Extractor;
use crate::heads::{probabilities, stance};
use crate::model::bundle::Fitted;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What models said about sentences that they were not trained on.
#[derive(Debug)]
pub struct HeldOut {
    /// By head, in the order of their names.
    pub rows: Vec<Scored>,
    /// By sentence head, for each of its rows the number of the example it is of.
    pub examples: BTreeMap<String, Vec<usize>>,
    /// Of the heads that mark spans, a row for each sentence in which somebody looked for spans, fold by fold;
    /// empty if there is no such head.
    pub spans: Vec<SpanRow>,
}

/// Cross-validates: trains once a fold, scores what was held out; all heads that the tested examples have labels of, or
/// those of `only`.
///
/// A training record whose text stands in the held-out fold too is left out of that round, whatever
/// its group: public sets overlap.
///
/// # Errors
/// As [`train`].
pub fn cross_validate(
    params: &ParallaxValidParams,
    examples: &[Example],
    only: Option<&[String]>,
    folds: u32,
    base: Base<'_>,
    progress: Progress<'_>,
) -> Result<HeldOut> {
    let tested: Vec<&Example> = examples.iter().filter(|e| e.origin == Origin::Labelled).collect();
    split::folds(tested.iter().map(|e| e.record.group.as_str()), folds)?;
    let heads: BTreeSet<&String> = tested.iter().flat_map(|e| e.record.labels.keys()).collect();
    let mut heads: Vec<String> = heads.into_iter().filter(|h| !params.auxiliary.contains(h)).cloned().collect();
    heads.extend(spans::names(tested.iter().copied()).into_iter().map(str::to_owned));
    if stances::is_labelled(tested.iter().copied()) {
        heads.push(stance::NAME.to_owned());
    }
    if let Some(only) = only {
        heads = only.to_vec();
    }
    let fold_of = |e: &Example| split::fold(&e.record.group, folds);
    let mut rows: BTreeMap<String, (Rows, Vec<usize>)> = BTreeMap::new();
    let mut span_rows = Vec::new();
    let mut stance_rows = Vec::new();
    for fold in 0..folds {
        let held = |e: &Example| e.origin == Origin::Labelled && fold_of(e) == fold;
        // Extra sentences of a held-out article may not teach either.
        let taught = |e: &Example| e.origin == Origin::Family || fold_of(e) != fold;
        let texts: HashSet<&str> = examples.iter().filter(|e| held(e)).map(|e| e.record.text.as_str()).collect();
        let part: Vec<Example> =
            examples.iter().filter(|e| taught(e) && !texts.contains(e.record.text.as_str())).cloned().collect();
        let trained = train(params, &part, Some(&heads), base, progress)?;
        let places: Vec<usize> = (0..examples.len()).filter(|at| held(&examples[*at])).collect();
        let test: Vec<&Example> = places.iter().map(|at| &examples[*at]).collect();
        let logits: Vec<Vec<f64>> =
            test.par_iter().map(|e| logits(&trained.fitted, base, &e.record.text)).collect::<Result<_>>()?;
        collect(&trained.fitted, &places, &logits, examples, &mut rows)?;
        let heads = &trained.fitted.spans;
        if heads.names().next().is_some() {
            let list = marked::word_list(&part, base, &trained.fitted.mask)?;
            let looked = test.par_iter().filter(|e| marked::is_known(&e.record, heads));
            let found = looked.map(|e| span_row(&trained.fitted, base, &e.record, Some(&list)));
            span_rows.extend(found.collect::<Result<Vec<_>>>()?);
        }
        if let Some(head) = &trained.fitted.stance {
            let (mask, spans) = (&trained.fitted.mask, &trained.fitted.spans);
            let settings = &params.stance;
            let reader = Reader { tokenizer: base.tokenizer, mask, vectors: base.dense(), spans, settings };
            let found = test.par_iter().map(|e| stances::found(head, &reader, &e.record));
            stance_rows.extend(found.collect::<Result<Vec<_>>>()?.into_iter().flatten());
        }
    }
    let (mut scored, mut places) = (Vec::new(), BTreeMap::new());
    for (head, (rows, of)) in rows {
        scored.push(Scored::new(rows)?);
        places.insert(head, of);
    }
    scored.extend(stances::scored(&stance_rows)?);
    Ok(HeldOut { rows: scored, examples: places, spans: span_rows })
}

/// What the span heads find in a text that is one sentence, beside its labels.
pub(super) fn span_row(fitted: &Fitted, base: Base<'_>, record: &Record, list: Option<&WordList>) -> Result<SpanRow> {
    let mut tokens = tokenize(base.tokenizer, &record.text)?;
    fitted.mask.flag(&record.text, &mut tokens);
    let found = fitted.spans.find(base.dense(), &record.text, &tokens, false);
    Ok(marked::row(record, &tokens, &found, &fitted.spans, list))
}

/// All outputs' logits of a text that is one sentence.
pub(super) fn logits(fitted: &Fitted, base: Base<'_>, text: &str) -> Result<Vec<f64>> {
    let mut tokens = tokenize(base.tokenizer, text)?;
    fitted.mask.mark(text, &mut tokens);
    let extractor = Extractor { ngrams: &fitted.ngrams, vectors: base.vectors };
    let sentence = extractor.extract(text, &tokens);
    Ok(fitted.weights.score(base.vectors.width(), &fitted.markers, &tokens, &sentence).logits)
}

fn collect(
    fitted: &Fitted,
    test: &[usize],
    logits: &[Vec<f64>],
    examples: &[Example],
    rows: &mut BTreeMap<String, (Rows, Vec<usize>)>,
) -> Result<()> {
    let mut first = 0;
    for head in &fitted.heads {
        let outputs = first..first + head.outputs();
        first = outputs.end;
        let all = classes(examples, &head.name);
        if all != head.classes {
            return Err(Error::Data {
                what: format!("head {}", head.name),
                found: format!("a fold whose training part lacks a class ({})", head.classes.join(", ")),
                expected: format!("all of {} in every part", all.join(", ")),
                cure: "use fewer folds, or add examples of the rare class in other groups".to_owned(),
            });
        }
        let (to, places) = rows.entry(head.name.clone()).or_insert_with(|| {
            let rows = Rows { head: head.name.clone(), classes: all.clone(), ..Rows::default() };
            (rows, Vec::new())
        });
        for (place, z) in test.iter().zip(logits) {
            let example = &examples[*place];
            let Some(label) = example.record.labels.get(&head.name) else { continue };
            places.push(*place);
            let p = probabilities(&z[outputs.clone()]);
            let (class, certain) = head.decision.decide(&p);
            to.groups.push(group_number(&example.record.group));
            to.gold.push(most(label, &all));
            to.probabilities.extend(p);
            to.predicted.push(class);
            to.certain.push(certain);
        }
    }
    Ok(())
}

/// The class of a label; of votes, the one with most.
pub(super) fn most(label: &Label, classes: &[String]) -> usize {
    let shares = shares(label, classes);
    (0..shares.len()).rev().max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap_or(0)
}
