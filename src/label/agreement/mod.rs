//! How far annotators agree with each other, and a model with them.
//!
//! In: [`Rated`] records of several raters. Out: an [`Agreement`]: for each head Krippendorff's α among all annotators, and
//! for each pair of raters α, Cohen's κ and, for heads that mark places, the F1 of the one's marks against the other's; with
//! 95 % intervals over documents. Start at [`agreement`]; [`write_agreement`] writes it as text.
//!
//! What is compared is in `codes.rs`, the measures in `alpha.rs` and `kappa.rs`, chance in [`crate::evaluate::bootstrap`], F1 in
//! [`crate::evaluate::spans`]. Two that rated a sentence did so if it has the same group and text in both.

mod alpha;
mod codes;
mod kappa;
mod text;

pub use alpha::Metric;
pub use codes::Unit;
pub use text::write_agreement;

use super::judgement::{Judgement, heads};
use crate::error::Result;
use crate::evaluate::bootstrap::{self, Interval};
use crate::evaluate::named::Named;
use crate::evaluate::{Settings, SpanHead, SpanRow, measure_spans};
use crate::heads::stance;
use crate::train::gold::group_number;
use crate::train::marked::labelled;
use crate::train::record::Record;
use alpha::Coincidences;
use codes::{Codes, word_spans};
use kappa::Confusion;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Who rates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rater {
    /// Somebody who reads, under their name.
    Annotator(String),
    /// A model, under what is to be said of it.
    Model(String),
}

impl Rater {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Annotator(name) | Self::Model(name) => name,
        }
    }
}

/// A record and who rated it so.
#[derive(Debug, Clone, PartialEq)]
pub struct Rated {
    /// Who.
    pub rater: Rater,
    /// What.
    pub record: Record,
}

/// Everything compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// How many bootstrap replicates the intervals are of.
    pub replicates: usize,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// By head, in order of their names; those that two raters or more spoke of.
    pub heads: Vec<HeadAgreement>,
}

/// The agreement on one head.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadAgreement {
    /// The head.
    pub head: String,
    /// What is compared.
    pub unit: Unit,
    /// How classes differ: ordinal for `tone`, else nominal.
    pub metric: Metric,
    /// Among all annotators; `None` where fewer than two rated a unit in common.
    pub annotators: Option<Together>,
    /// Each pair of annotators, then each annotator with each model, that rated a unit in common.
    pub pairs: Vec<Pair>,
}

/// Several annotators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    /// How many.
    pub raters: usize,
    /// How many units at least two of them rated.
    pub units: usize,
    /// In how many documents.
    pub documents: usize,
    /// Krippendorff's α; `None` where only one class was given.
    pub alpha: Option<f64>,
    /// Its 95 % interval; `None` for a single document or too few replicates.
    pub alpha_interval: Option<Interval>,
}

/// Two raters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Their names.
    pub raters: [String; 2],
    /// Whether the second is a model.
    pub is_model: bool,
    /// How many units both rated.
    pub units: usize,
    /// In how many documents.
    pub documents: usize,
    /// The share of units with one class from both, 0 to 1.
    pub observed: f64,
    /// Krippendorff's α; `None` where only one class was given.
    pub alpha: Option<f64>,
    /// Its 95 % interval.
    pub alpha_interval: Option<Interval>,
    /// Cohen's κ; `None` where both gave one and the same class only.
    pub kappa: Option<f64>,
    /// Its 95 % interval.
    pub kappa_interval: Option<Interval>,
    /// For `loaded` and `attribution`, F1 by part of the second rater's marks against the first's, as
    /// [`SpanHead`] defines the parts; empty for other heads.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub f1: Named<Option<f64>>,
}

/// Compares what raters said.
///
/// # Errors
/// [`crate::Error::Settings`] as for [`crate::evaluate::measure()`].
pub fn agreement(rated: &[Rated], settings: &Settings) -> Result<Agreement> {
    let raters: BTreeSet<&Rater> = rated.iter().map(|one| &one.rater).collect();
    let raters: Vec<&Rater> = raters.into_iter().collect();
    let number = |rater: &Rater| raters.iter().position(|known| *known == rater);
    let records: Vec<(usize, &Record)> =
        rated.iter().filter_map(|one| Some((number(&one.rater)?, &one.record))).collect();
    let names: BTreeSet<String> = records.iter().flat_map(|(_, record)| heads(record)).collect();
    let mut all = Vec::new();
    for head in names {
        let codes = Codes::of(&head, &records);
        let is_annotator = |rater: usize| matches!(raters.get(rater), Some(Rater::Annotator(_)));
        let mut pairs = Vec::new();
        for first in (0..raters.len()).filter(|rater| is_annotator(*rater)) {
            for second in first + 1..raters.len() {
                pairs.extend(pair(&head, &codes, &records, [first, second], &raters, settings)?);
            }
        }
        let annotators = together(&codes, is_annotator, settings);
        if annotators.is_some() || !pairs.is_empty() {
            all.push(HeadAgreement { head, unit: codes.unit, metric: codes.metric, annotators, pairs });
        }
    }
    Ok(Agreement { replicates: settings.replicates, seed: settings.seed, heads: all })
}

/// Counts of a document that add up.
trait Counts: Default + Sync {
    fn add(&mut self, other: &Self, times: u32);
}

impl Counts for Coincidences {
    fn add(&mut self, other: &Self, times: u32) {
        Self::add(self, other, times);
    }
}

impl Counts for Confusion {
    fn add(&mut self, other: &Self, times: u32) {
        Self::add(self, other, times);
    }
}

/// A measure of all documents, and its interval.
fn measured<C: Counts>(
    documents: &[C],
    settings: &Settings,
    measure: impl Fn(&C) -> Option<f64> + Sync,
) -> (Option<f64>, Option<Interval>) {
    let of = |times: &dyn Fn(usize) -> u32| {
        let mut sum = C::default();
        documents.iter().enumerate().for_each(|(at, counts)| sum.add(counts, times(at)));
        measure(&sum)
    };
    let drawn = |times: &[u32]| of(&|at| times.get(at).copied().unwrap_or(0));
    let replicates = bootstrap::replicate_groups(documents.len(), settings.replicates, settings.seed, drawn);
    (of(&|_| 1), bootstrap::interval(&replicates))
}

/// All annotators together.
fn together(codes: &Codes, is_annotator: impl Fn(usize) -> bool, settings: &Settings) -> Option<Together> {
    let mut raters: BTreeSet<usize> = BTreeSet::new();
    let (mut units, mut documents) = (0, Vec::new());
    for of_document in codes.documents.values() {
        let (mut coincidences, before) = (Coincidences::default(), units);
        for unit in of_document {
            let by: Vec<(usize, usize)> =
                unit.iter().filter(|(rater, _)| is_annotator(**rater)).map(|(rater, class)| (*rater, *class)).collect();
            if by.len() < 2 {
                continue;
            }
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            for (rater, class) in by {
                raters.insert(rater);
                *counts.entry(class).or_default() += 1;
            }
            coincidences.unit(&counts);
            units += 1;
        }
        if units > before {
            documents.push(coincidences);
        }
    }
    let (alpha, alpha_interval) = measured(&documents, settings, |sum| sum.alpha(codes.classes, codes.metric));
    (units > 0).then_some(Together { raters: raters.len(), units, documents: documents.len(), alpha, alpha_interval })
}

/// Two raters; `None` where they rated nothing in common.
fn pair(
    head: &str,
    codes: &Codes,
    records: &[(usize, &Record)],
    [first, second]: [usize; 2],
    raters: &[&Rater],
    settings: &Settings,
) -> Result<Option<Pair>> {
    let (mut units, mut coincidences, mut confusions) = (0, Vec::new(), Vec::new());
    for of_document in codes.documents.values() {
        let (mut coincidence, mut confusion, before) = (Coincidences::default(), Confusion::default(), units);
        for unit in of_document {
            let (Some(a), Some(b)) = (unit.get(&first), unit.get(&second)) else { continue };
            let mut counts = BTreeMap::from([(*a, 1)]);
            *counts.entry(*b).or_default() += 1;
            coincidence.unit(&counts);
            confusion.unit(*a, *b);
            units += 1;
        }
        if units > before {
            coincidences.push(coincidence);
            confusions.push(confusion);
        }
    }
    let (observed, _) = measured(&confusions, &Settings { replicates: 0, ..*settings }, Confusion::observed);
    let (Some(observed), Some(one), Some(other)) = (observed, raters.get(first), raters.get(second)) else {
        return Ok(None);
    };
    let (alpha, alpha_interval) = measured(&coincidences, settings, |sum| sum.alpha(codes.classes, codes.metric));
    let (kappa, kappa_interval) = measured(&confusions, settings, Confusion::kappa);
    Ok(Some(Pair {
        raters: [one.name().to_owned(), other.name().to_owned()],
        is_model: matches!(other, Rater::Model(_)),
        units,
        documents: confusions.len(),
        observed,
        alpha,
        alpha_interval,
        kappa,
        kappa_interval,
        f1: f1(head, records, [first, second], settings)?,
    }))
}

/// The F1 of each part of a span head; empty for other heads.
fn f1(
    head: &str,
    records: &[(usize, &Record)],
    [first, second]: [usize; 2],
    settings: &Settings,
) -> Result<Named<Option<f64>>> {
    let none = || std::iter::empty().collect();
    let Some(span_head) = SpanHead::named(head).filter(|_| head != stance::NAME) else { return Ok(none()) };
    let mut rated: BTreeMap<(&str, &str), [Option<&Record>; 2]> = BTreeMap::new();
    for (rater, record) in records {
        let side = if *rater == first { 0 } else { 1 };
        if (*rater == first || *rater == second) && Judgement::of(record, head).is_some() {
            rated.entry((&record.group, &record.text)).or_default()[side] = Some(record);
        }
    }
    let rows = rated.into_iter().filter_map(|((group, text), sides)| {
        let [gold, found] = sides;
        Some(SpanRow {
            group: group_number(group),
            words: word_spans(text),
            gold: labelled(gold?),
            found: labelled(found?),
            listed: None,
        })
    });
    let rows: Vec<SpanRow> = rows.collect();
    let measures = measure_spans(&rows, &Settings { replicates: 0, ..*settings })?;
    let Some(measures) = measures.into_iter().find(|measures| measures.head == span_head) else { return Ok(none()) };
    let part = |(name, value): (&str, &Option<f64>)| Some((name.strip_suffix("_f1")?.to_owned(), *value));
    Ok(measures.values.iter().filter_map(part).filter(|(part, _)| part != "list" && part != "class").collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::label::sample::record;
    use serde_json::{Value, json};

    fn rated(rater: Rater, group: usize, more: Value) -> Rated {
        let mut map = json!({"id": "a", "group": format!("g{group}"), "text": "The vile plan failed."});
        map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Rated { rater, record: record(map) }
    }

    fn ann(name: &str) -> Rater {
        Rater::Annotator(name.into())
    }

    /// 60 documents of a sentence: two annotators who differ in every sixth, and a model that differs from the first in
    /// every third.
    fn sample() -> Vec<Rated> {
        let mut all = Vec::new();
        for at in 0..60 {
            let label = |flip: bool| json!({"labels": {"bias": usize::from((at % 2 == 0) != flip)}});
            all.push(rated(ann("ann"), at, label(false)));
            all.push(rated(ann("bo"), at, label(at % 6 == 0)));
            all.push(rated(Rater::Model("model en".into()), at, label(at % 3 == 0)));
        }
        all
    }

    #[test]
    fn annotators_are_compared_together_and_in_pairs_and_with_the_model() {
        let agreement = agreement(&sample(), &Settings { replicates: 200, ..Settings::default() }).unwrap();
        let head = &agreement.heads[0];
        assert_eq!((head.head.as_str(), head.unit, head.metric), ("bias", Unit::Sentence, Metric::Nominal));
        let together = head.annotators.as_ref().unwrap();
        assert_eq!((together.raters, together.units, together.documents), (2, 60, 60));
        let names: Vec<&str> = head.pairs.iter().flat_map(|pair| pair.raters.iter().map(String::as_str)).collect();
        assert_eq!(names, ["ann", "bo", "ann", "model en", "bo", "model en"]);
        assert!((head.pairs[0].observed - 5.0 / 6.0).abs() < 1e-12);
        let [low, high] = together.alpha_interval.unwrap();
        assert!(low < together.alpha.unwrap() && together.alpha.unwrap() < high);
        assert_eq!(together.alpha, head.pairs[0].alpha);
        assert!(head.pairs[0].kappa > head.pairs[1].kappa && head.pairs[1].is_model && !head.pairs[0].is_model);
    }

    #[test]
    fn places_are_compared_by_word_and_by_f1() {
        let term = |start: usize, end: usize| json!({"loaded": [{"start": start, "end": end, "kind": "naming"}]});
        let all = [
            rated(ann("ann"), 0, term(4, 8)),
            rated(ann("bo"), 0, term(4, 13)),
            rated(ann("ann"), 1, term(4, 8)),
            rated(ann("bo"), 1, term(4, 8)),
        ];
        let agreement = agreement(&all, &Settings::default()).unwrap();
        let pair = &agreement.heads[0].pairs[0];
        assert_eq!((agreement.heads[0].unit, pair.units, pair.observed), (Unit::Word, 8, 0.875));
        let f1 = |part: &str| pair.f1.get(part).copied().flatten();
        assert_eq!((f1("exact"), f1("overlap"), f1("word")), (Some(0.5), Some(1.0), Some(0.8)));
    }

    #[test]
    fn one_rater_alone_agrees_with_nobody() {
        let all = [rated(ann("ann"), 0, json!({"labels": {"bias": 1}}))];
        assert_eq!(agreement(&all, &Settings::default()).unwrap().heads, []);
        assert_eq!(agreement(&[], &Settings::default()).unwrap().heads, []);
    }
}
