//! Training the span heads: labelled spans → linear chains → heads that find spans.
//!
//! In: [`Example`]s with `loaded` or `attributions`, checked settings, the tokenizer, the vectors and the mask. Out:
//! [`Trained`]. Start at [`train`]. Each chain is fitted on all examples; those that find spans also without a
//! part of the labelled ones, on which the handicap, the probabilities and the kinds are then set
//! (`held_out.rs`).

mod held_out;
pub mod near;
mod sentences;

use super::fit::chain::{Loss, Problem, Sequence, Weights};
use super::fit::{Convergence, Solver};
use super::links;
use super::params::{ChainSettings, ParallaxValidParams};
use super::prepare::{Base, Example, Origin};
use crate::error::Result;
use crate::features::NameMask;
use crate::heads::attribution::{self, AttributionHead, CueClass, PARTS};
use crate::heads::chain::{Chain, Layout, Placed};
use crate::heads::coding::{Coding, Run};
use crate::heads::label::Label;
use crate::heads::loaded::{self, LoadedKind};
use crate::heads::places::{Places, SIDES};
use crate::heads::{SpanHead, SpanHeads};
use crate::model::receipt::{FitReceipt, HeadReceipt};
use held_out::{Aim, Held, Setting};
use rayon::prelude::*;
use sentences::{Sentence, Sentences, Vocabulary};
use std::collections::BTreeMap;

/// What training the span heads gives.
#[derive(Debug, Default)]
pub struct Trained {
    /// The heads.
    pub heads: SpanHeads,
    /// By head: how it was fitted and what it scored on held-out sentences.
    pub receipts: BTreeMap<String, HeadReceipt>,
    /// Every fit.
    pub fits: Vec<FitReceipt>,
}

/// The names of the span heads that the examples have labels of.
#[must_use]
pub fn names<'a>(examples: impl IntoIterator<Item = &'a Example>) -> Vec<&'static str> {
    let (mut loaded, mut attribution) = (false, false);
    for record in examples.into_iter().map(|e| &e.record) {
        loaded |= record.loaded.as_ref().is_some_and(|l| !l.is_empty());
        attribution |= record.attributions.as_ref().is_some_and(|a| !a.is_empty());
    }
    [(loaded, loaded::NAME), (attribution, attribution::NAME)].into_iter().filter(|n| n.0).map(|n| n.1).collect()
}

/// Trains the span heads of these names; `folds` has each example's fold.
///
/// # Errors
/// [`crate::Error::Fit`] where a fit failed; [`crate::Error::Tokenizer`].
pub fn train(
    params: &ParallaxValidParams,
    examples: &[Example],
    names: &[&str],
    base: Base<'_>,
    mask: &NameMask,
    folds: &[u32],
    step: &(dyn Fn(usize, &str) + Sync),
) -> Result<Trained> {
    if names.is_empty() {
        return Ok(Trained::default());
    }
    let vocabulary = Vocabulary::Counted { least: params.spans.least, least_pairs: params.spans.least_pairs };
    let which: Vec<usize> = (0..examples.len()).filter(|i| has_spans(&examples[*i])).collect();
    let sentences = Sentences::new(vocabulary, examples, &which, base, mask)?;
    let bench = Bench { params, base, sentences: &sentences };
    let held = held_out_folds(params, examples, folds);
    let mut jobs = Vec::new();
    for job in [Job::Loaded, Job::Cues, Job::Parts] {
        if names.contains(&job.head()) {
            jobs.push((job, None));
            let folds = held.iter().filter(|_| job != Job::Parts);
            jobs.extend(folds.map(|fold| (job, Some(*fold))));
        }
    }
    // The longest first, so that they run beside the others.
    jobs.sort_by_key(|(job, fold)| (*job, fold.is_some()));
    let total = jobs.len();
    let fitted: Vec<Done> = jobs
        .par_iter()
        .with_max_len(1)
        .map(|(job, fold)| {
            let taught = |i: usize| fold.is_none_or(|fold| folds[i] != fold);
            let done = bench.fit(*job, *fold, &taught)?;
            step(total, &done.receipt.what);
            Ok(done)
        })
        .collect::<Result<_>>()?;
    bench.assemble(examples, folds, fitted)
}

/// The folds that are held out: as many as it takes for [`super::params::SpanSettings::held_out`] labelled sentences.
fn held_out_folds(params: &ParallaxValidParams, examples: &[Example], folds: &[u32]) -> Vec<u32> {
    let (mut held, mut sentences) = (Vec::new(), 0);
    for fold in 0..params.folds {
        if sentences >= params.spans.held_out {
            break;
        }
        held.push(fold);
        sentences += tested(examples).into_iter().filter(|i| folds[*i] == fold).count();
    }
    held
}

/// The examples that settings are chosen on: the labelled ones, or all where only families are given.
fn tested(examples: &[Example]) -> Vec<usize> {
    let labelled: Vec<usize> =
        (0..examples.len()).filter(|i| examples[*i].origin == Origin::Labelled && has_spans(&examples[*i])).collect();
    if labelled.is_empty() { (0..examples.len()).filter(|i| has_spans(&examples[*i])).collect() } else { labelled }
}

fn has_spans(example: &Example) -> bool {
    example.record.loaded.is_some() || example.record.attributions.is_some()
}

/// What has to be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Job {
    Loaded,
    Parts,
    Cues,
}

impl Job {
    fn head(self) -> &'static str {
        if self == Self::Loaded { loaded::NAME } else { attribution::NAME }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Loaded => "loaded terms",
            Self::Cues => "cues",
            Self::Parts => "sources and contents",
        }
    }
}

/// One fitted chain.
struct Done {
    job: Job,
    fold: Option<u32>,
    weights: Weights,
    places: Places,
    receipt: FitReceipt,
}

/// Everything a job needs.
struct Bench<'a> {
    params: &'a ParallaxValidParams,
    base: Base<'a>,
    sentences: &'a Sentences,
}

impl Bench<'_> {
    fn settings(&self, job: Job) -> ChainSettings {
        let spans = &self.params.spans;
        match job {
            Job::Loaded => spans.loaded,
            Job::Cues => spans.cues,
            Job::Parts => spans.parts,
        }
    }

    /// Fits a chain on the sentences that `taught` is true of.
    fn fit(&self, job: Job, fold: Option<u32>, taught: &dyn Fn(usize) -> bool) -> Result<Done> {
        let sentences: Vec<&Sentence> = self.sentences.rows.iter().filter(|s| taught(s.example)).collect();
        let (layout, places, sequences) = match job {
            Job::Loaded => {
                let layout = finder(LoadedKind::ALL.len());
                (layout, Places::default(), finding(layout.coding, &sentences, |s| s.loaded.clone()))
            }
            Job::Cues => {
                let layout = finder(CueClass::ALL.len());
                (layout, Places::default(), finding(layout.coding, &sentences, Sentence::cues))
            }
            Job::Parts => {
                let places = places(&sentences);
                let sequences = parts(&places, &sentences);
                (Layout { coding: Coding::new(PARTS), sides: SIDES }, places, sequences)
            }
        };
        let settings = self.settings(job);
        let problem = Problem {
            layout,
            vectors: self.sentences.vectors.view(),
            type_facts: &self.sentences.type_facts,
            facts: self.sentences.facts.len(),
            places: if job == Job::Parts { places.len() } else { 0 },
            sequences: &sequences,
            dense: settings.dense,
            loss: settings.transitions.map_or(Loss::Sequences, |transitions| Loss::Tokens { transitions }),
            kept: None,
        };
        let solver = Solver {
            l2: settings.facts,
            tolerance: self.params.base.tolerance,
            max_iterations: settings.max_iterations,
        };
        let what = fold.map_or_else(|| job.name().to_owned(), |fold| format!("{}, without fold {fold}", job.name()));
        let (weights, convergence) = problem.fit(&what, solver)?;
        Ok(Done { job, fold, weights, places, receipt: fit_receipt(what, settings, convergence) })
    }

    fn assemble(&self, examples: &[Example], folds: &[u32], fitted: Vec<Done>) -> Result<Trained> {
        let mut trained = Trained::default();
        trained.heads.facts = self.sentences.facts.clone();
        let tested = tested(examples);
        let is_held = |s: &Sentence, fold: u32| folds[s.example] == fold && tested.binary_search(&s.example).is_ok();
        if let Some((head, receipt)) = self.finder(Job::Loaded, Aim::LoadedWords, &fitted, &is_held)? {
            trained.heads.loaded = Some(head);
            trained.receipts.insert(loaded::NAME.to_owned(), receipt);
        }
        let parts = fitted.iter().find(|d| d.job == Job::Parts);
        if let (Some((cues, receipt)), Some(parts)) = (self.finder(Job::Cues, Aim::Cues, &fitted, &is_held)?, parts) {
            let chain = parts.weights.fold(self.base.vectors.width());
            trained.heads.attribution = Some(AttributionHead { cues, places: parts.places.clone(), parts: chain });
            trained.receipts.insert(attribution::NAME.to_owned(), receipt);
        }
        let links = &self.params.spans.links;
        if let Some(receipt) = trained.receipts.get_mut(attribution::NAME).filter(|_| !links.as_os_str().is_empty()) {
            let (linker, found) = links::train(links)?;
            trained.heads.linker = linker;
            receipt.scores.insert("link_precision".to_owned(), found.held_out.precision());
            receipt.scores.insert("link_recall".to_owned(), found.held_out.recall());
        }
        trained.fits = fitted.into_iter().map(|d| d.receipt).collect();
        Ok(trained)
    }

    /// The head that finds spans, from its chain and from those that were fitted without a fold; `None` where it was
    /// not asked for.
    fn finder(
        &self,
        job: Job,
        aim: Aim,
        fitted: &[Done],
        is_held: &dyn Fn(&Sentence, u32) -> bool,
    ) -> Result<Option<(SpanHead, HeadReceipt)>> {
        let of = |d: &&Done| d.job == job;
        let Some(whole) = fitted.iter().filter(of).find(|d| d.fold.is_none()) else { return Ok(None) };
        let without: Vec<(u32, Chain)> = fitted
            .iter()
            .filter(of)
            .filter_map(|d| Some((d.fold?, d.weights.fold(self.base.vectors.width()))))
            .collect();
        let rows = &self.sentences.rows;
        let held: Vec<Held<'_>> = without
            .iter()
            .flat_map(|(fold, chain)| rows.iter().filter(|s| is_held(s, *fold)).map(move |s| (chain, s)))
            .map(|(chain, s)| Held::new(chain, self.base.dense(), self.sentences, s, aim))
            .collect();
        let setting = Setting::choose(job.name(), whole.weights.layout().coding, &held, aim)?;
        let mut receipt = setting.receipt();
        receipt.l2 = self.settings(job).facts;
        for gold in rows.iter().filter_map(|s| aim.gold(s)) {
            receipt.records += 1;
            for run in gold {
                *receipt.classes.entry(aim.label(run.kind).to_owned()).or_default() += 1.0;
            }
        }
        let chain = whole.weights.clone().handicapped(setting.handicap).fold(self.base.vectors.width());
        let head = SpanHead { chain, factor: setting.factor, shift: setting.shift, kinds: setting.kinds };
        Ok(Some((head, receipt)))
    }
}

/// The layout of a chain that finds spans.
fn finder(kinds: usize) -> Layout {
    Layout { coding: Coding::new(kinds), sides: 0 }
}

/// The sentences as sequences of a chain that finds spans, where somebody looked for them.
fn finding(coding: Coding, sentences: &[&Sentence], runs: impl Fn(&Sentence) -> Option<Vec<Run>>) -> Vec<Sequence> {
    let of = |s: &&Sentence| Some(sequence(s, None, coding.encode(&runs(s)?, s.types.len())));
    sentences.iter().filter_map(of).collect()
}

/// The places that tell the parts of these sentences' cues.
fn places(sentences: &[&Sentence]) -> Places {
    let cues = |s: &&Sentence| s.cues().unwrap_or_default();
    Places::count(sentences.iter().flat_map(|s| cues(s).into_iter().map(|cue| (s.words.as_slice(), cue))))
}

/// A sequence for every cue, labelled with its own source and contents.
fn parts(places: &Places, sentences: &[&Sentence]) -> Vec<Sequence> {
    let mut sequences = Vec::new();
    for sentence in sentences {
        let cues = sentence.cues().unwrap_or_default();
        for (relation, cue) in sentence.relations.iter().flatten().zip(&cues) {
            let runs: Vec<Run> = relation.source.iter().chain(&relation.contents).copied().collect();
            let placed = places.of(&sentence.tokens, &sentence.words, *cue, &cues);
            let labels = Coding::new(PARTS).encode(&runs, sentence.types.len());
            sequences.push(sequence(sentence, Some(placed), labels));
        }
    }
    sequences
}

/// A sentence with these labels.
fn sequence(sentence: &Sentence, placed: Option<Placed>, labels: Vec<u8>) -> Sequence {
    let (types, facts) = (sentence.types.clone(), sentence.facts.clone());
    Sequence { types, facts, placed, labels, shares: None, standing: None, weight: sentence.weight }
}

fn fit_receipt(what: String, settings: ChainSettings, c: Convergence) -> FitReceipt {
    FitReceipt { what, l2: settings.facts, objective: c.objective, gradient_norm: c.gradient_norm, rows: c.rows }
}
