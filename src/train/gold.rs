//! A bundle's scores beside the labels of records: what there is to measure.
//!
//! In: a [`Scorer`] and labelled [`Record`]s. Out: [`Gold`]: for each head that both know, its rows, and for
//! the heads that mark spans a row a sentence.

use super::marked;
use super::params::StanceSettings;
use super::record::{Label, Record};
use super::stances::{self, pairs::Reader};
use crate::error::{Error, Result};
use crate::evaluate::{Rows, Scored, SpanRow};
use crate::heads::{Head, probabilities};
use crate::score::Scorer;
use rayon::prelude::*;

/// A bundle's scores beside the labels.
#[derive(Debug)]
pub struct Gold {
    /// The bundle's name and version.
    pub model: String,
    /// By head, in the bundle's order.
    pub rows: Vec<Scored>,
    /// Of the heads that mark spans, a row for each record in which somebody looked for spans, in the order of
    /// the records; empty if the bundle has no such head.
    pub spans: Vec<SpanRow>,
}

/// Scores every record as one sentence.
///
/// # Errors
/// [`Error::Data`] where no record has a label of any head, or one has a label that the head never
/// saw.
pub fn score(scorer: &Scorer, records: &[Record]) -> Result<Gold> {
    let bundle = scorer.bundle();
    let manifest = bundle.manifest();
    let known = |r: &&Record| {
        bundle.heads().iter().any(|h| r.labels.contains_key(&h.name))
            || marked::is_known(r, bundle.span_heads())
            || bundle.stance_head().is_some() && r.stances.is_some()
    };
    let records: Vec<&Record> = records.iter().filter(known).collect();
    if records.is_empty() {
        return Err(Error::Data {
            what: format!("model {}", manifest.name),
            found: "no record with a label of its heads".to_owned(),
            expected: format!("labels of {}", manifest.heads.join(", ")),
            cure: "check the keys of `labels`, or name another --model".to_owned(),
        });
    }
    let logits: Vec<Vec<f64>> =
        records.par_iter().map(|r| scorer.logits_of(&r.text).map(|l| l.logits)).collect::<Result<_>>()?;
    let logits: Vec<&[f64]> = logits.iter().map(Vec::as_slice).collect();
    let mut rows = rows(bundle.heads(), &records, &logits)?;
    let heads = bundle.span_heads();
    let looked = records.par_iter().filter(|r| marked::is_known(r, heads));
    let spans = looked.map(|r| {
        let (tokens, found) = scorer.spans_of(&r.text)?;
        Ok(marked::row(r, &tokens, &found, heads, None))
    });
    let spans = spans.collect::<Result<_>>()?;
    if let Some(head) = bundle.stance_head() {
        let settings = StanceSettings::default();
        let (tokenizer, mask, vectors) = (bundle.tokenizer(), bundle.mask(), bundle.dense());
        let reader = Reader { tokenizer, mask, vectors, spans: heads, settings: &settings };
        let found = records.par_iter().map(|r| stances::found(head, &reader, r)).collect::<Result<Vec<_>>>()?;
        rows.extend(stances::scored(&found.concat())?);
    }
    Ok(Gold { model: format!("{} {}", manifest.name, manifest.version), rows, spans })
}

/// By head, the rows of the records with a label of it, given each record's logits of all heads.
///
/// # Errors
/// [`Error::Data`] for a label that the head never saw.
pub(super) fn rows(heads: &[Head], records: &[&Record], logits: &[&[f64]]) -> Result<Vec<Scored>> {
    let mut rows = Vec::new();
    let mut first = 0;
    for head in heads {
        let outputs = first..first + head.outputs();
        first = outputs.end;
        let mut of = Rows { head: head.name.clone(), classes: head.classes.clone(), ..Rows::default() };
        for (record, z) in records.iter().zip(logits) {
            let Some(label) = record.labels.get(&head.name) else { continue };
            let p = probabilities(&z[outputs.clone()]);
            let (class, certain) = head.decision.decide(&p);
            of.groups.push(group_number(&record.group));
            of.gold.push(class_of(label, &head.classes, record, &head.name)?);
            of.probabilities.extend(p);
            of.predicted.push(class);
            of.certain.push(certain);
        }
        if !of.gold.is_empty() {
            rows.push(Scored::new(of)?);
        }
    }
    Ok(rows)
}

/// A group's number, the same in every run.
#[must_use]
pub fn group_number(group: &str) -> u64 {
    // Two hashes of unlike seeds side by side, so that no two groups of a corpus fall together.
    let low = crc32fast::hash(group.as_bytes());
    let high = group.bytes().fold(0xcbf2_9ce4_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    u64::from(high) << 32 | u64::from(low)
}

/// The class of a label; of votes, the one with most; of as many for several, the first.
fn class_of(label: &Label, classes: &[String], record: &Record, head: &str) -> Result<usize> {
    let name = match label {
        Label::Hard(class) => class,
        Label::Soft(shares) => {
            let most = shares.iter().rev().max_by(|a, b| a.1.total_cmp(b.1));
            most.map(|(class, _)| class).unwrap_or(&record.id)
        }
    };
    classes.iter().position(|c| c == name).ok_or_else(|| Error::Data {
        what: format!("head {head}, record {}", record.id),
        found: format!("the label `{name}`, which the model never saw"),
        expected: format!("one of {}", classes.join(", ")),
        cure: "correct the label, or train a model on data that has it".to_owned(),
    })
}
