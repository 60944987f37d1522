//! Span heads that learn from a few more sentences, near what they were.
//!
//! In: the heads of a bundle, [`Example`]s that were added, and sentences of no label on which the heads are to stay as they
//! are. Out: heads with the same facts, places, probabilities and handicap, and other weights. Start at [`Near::new`],
//! then [`Near::fit`].
//!
//! What is fitted is a change of the weights, held to 0 by an L2 penalty, and on the sentences without labels each token's
//! shares of labels are held to the bundle's own: what nobody corrected stays (Li & Hoiem 2016). Of the facts only those
//! of added sentences change.

use super::super::fit::chain::{Loss, Problem, Sequence, Weights};
use super::super::fit::{Convergence, Solver};
use super::super::prepare::{Base, Example, Origin};
use super::sentences::{Sentence, Sentences, Vocabulary};
use super::{Job, finding, parts, sequence};
use crate::error::Result;
use crate::features::NameMask;
use crate::heads::chain::{Chain, Seen};
use crate::heads::coding::{OUTSIDE, Run};
use crate::heads::{SpanHeads, softmax};
use crate::model::receipt::FitReceipt;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// How closely chains stay near what they were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// L2 strength on what the weights of vectors change by, above 0.
    pub dense: f64,
    /// L2 strength on what all other weights change by, above 0.
    pub facts: f64,
    /// Iterations at most.
    pub max_iterations: u64,
}

/// Heads, and the sentences that are to change them.
#[derive(Debug)]
pub struct Near<'a> {
    heads: &'a SpanHeads,
    /// The handicap of being outside that was chosen for loaded terms, and for cues.
    handicaps: [f64; 2],
    base: Base<'a>,
    examples: &'a [Example],
    sentences: Sentences,
    settings: Settings,
}

impl<'a> Near<'a> {
    /// Reads the sentences; those of [`Origin::Labelled`] are what was added, with or without spans, all others are
    /// those on which the heads stay as they are: of these at most `standing`, evenly spread. `handicaps` are those of loaded
    /// terms and of cues.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where a text cannot be tokenized.
    pub fn new(
        heads: &'a SpanHeads,
        handicaps: [f64; 2],
        examples: &'a [Example],
        standing: usize,
        base: Base<'a>,
        mask: &NameMask,
        settings: Settings,
    ) -> Result<Self> {
        let (added, stay): (Vec<usize>, Vec<usize>) = (0..examples.len()).partition(|i| is_added(&examples[*i]));
        let stay = stay.iter().step_by(stay.len().div_ceil(standing.max(1)).max(1));
        let added = added.iter().filter(|i| super::has_spans(&examples[**i]));
        let which: Vec<usize> = added.chain(stay).copied().collect();
        let sentences = Sentences::new(Vocabulary::Given(&heads.facts), examples, &which, base, mask)?;
        Ok(Self { heads, handicaps, base, examples, sentences, settings })
    }

    /// The heads after learning from the examples that `taught` is true of. A head that none of these speaks of stays.
    ///
    /// # Errors
    /// [`crate::Error::Fit`] where the optimiser gives up.
    pub fn fit(&self, taught: &(dyn Fn(usize) -> bool + Sync)) -> Result<(SpanHeads, Vec<FitReceipt>)> {
        let rows: Vec<&Sentence> = self.sentences.rows.iter().filter(|row| taught(row.example)).collect();
        let (added, standing): (Vec<&Sentence>, Vec<&Sentence>) =
            rows.into_iter().partition(|row| is_added(&self.examples[row.example]));
        let jobs: Vec<Job> = [Job::Loaded, Job::Parts, Job::Cues]
            .into_iter()
            .filter(|job| self.chain(*job).is_some() && added.iter().any(|row| job.is_labelled(row)))
            .collect();
        let fitted: Vec<(Job, Chain, FitReceipt)> = jobs
            .into_par_iter()
            .with_max_len(1)
            .filter_map(|job| self.chain(job).map(|chain| self.chain_near(job, chain, &added, &standing)))
            .collect::<Result<_>>()?;
        let (mut heads, mut receipts) = (self.heads.clone(), Vec::new());
        for (job, chain, receipt) in fitted {
            match (job, &mut heads.loaded, &mut heads.attribution) {
                (Job::Loaded, Some(loaded), _) => loaded.chain = chain,
                (Job::Cues, _, Some(attribution)) => attribution.cues.chain = chain,
                (Job::Parts, _, Some(attribution)) => attribution.parts = chain,
                _ => {}
            }
            receipts.push(receipt);
        }
        Ok((heads, receipts))
    }

    fn chain(&self, job: Job) -> Option<&'a Chain> {
        let attribution = self.heads.attribution.as_ref();
        match job {
            Job::Loaded => self.heads.loaded.as_ref().map(|head| &head.chain),
            Job::Cues => attribution.map(|head| &head.cues.chain),
            Job::Parts => attribution.map(|head| &head.parts),
        }
    }

    fn chain_near(
        &self,
        job: Job,
        chain: &Chain,
        added: &[&Sentence],
        standing: &[&Sentence],
    ) -> Result<(Job, Chain, FitReceipt)> {
        let handicap = match job {
            Job::Loaded => self.handicaps[0],
            Job::Cues => self.handicaps[1],
            Job::Parts => 0.0,
        };
        // Learned without the handicap, as the chain was.
        let weights = Weights::of(chain).handicapped(-handicap);
        let pieces = self.base.vectors.width();
        let plain = weights.fold(pieces);
        let of = |rows: &[&Sentence], is_added: bool| -> Vec<Sequence> {
            rows.par_iter().flat_map_iter(|row| self.sequences(job, &plain, row, is_added)).collect()
        };
        let mut sequences = of(added, true);
        let facts = self.facts_of(&sequences);
        sequences.extend(of(standing, false));
        for sequence in &mut sequences {
            sequence.facts.iter_mut().for_each(|of| *of = renumbered(of, &facts));
        }
        let type_facts: Vec<Vec<u32>> = self.sentences.type_facts.iter().map(|of| renumbered(of, &facts)).collect();
        let problem = Problem {
            layout: chain.layout,
            vectors: self.sentences.vectors.view(),
            type_facts: &type_facts,
            facts: facts.len(),
            places: chain.places.len() / chain.layout.coding.labels(),
            sequences: &sequences,
            dense: self.settings.dense,
            loss: Loss::Sequences,
            kept: Some(weights.transitions()),
        };
        let Settings { facts: l2, max_iterations, .. } = self.settings;
        let solver = Solver { l2, max_iterations, tolerance: 1e-5 };
        let what = format!("{}, near", job.name());
        let (change, Convergence { objective, gradient_norm, rows }) = problem.fit(&what, solver)?;
        let receipt = FitReceipt { what, l2, objective, gradient_norm, rows };
        Ok((job, weights.changed_by(&change, &facts).handicapped(handicap).fold(pieces), receipt))
    }

    /// The facts that stand in these sequences, in order: no other's weights change.
    fn facts_of(&self, sequences: &[Sequence]) -> Vec<u32> {
        let of_types = sequences.iter().flat_map(|s| &s.types).flat_map(|t| &self.sentences.type_facts[*t as usize]);
        let of_places = sequences.iter().flat_map(|s| s.facts.iter().flatten());
        of_types.chain(of_places).copied().collect::<BTreeSet<u32>>().into_iter().collect()
    }

    /// The sequences of a sentence, with the emissions that the chain gives them: with the labels of one that was added, with
    /// the chain's own shares of labels of any other. Of a chain that is conditioned on a cue there is one for each cue.
    fn sequences(&self, job: Job, chain: &Chain, row: &Sentence, is_added: bool) -> Vec<Sequence> {
        let Sentence { tokens, words, types, facts, .. } = row;
        let seen = Seen::of_types(self.base.dense(), words, types, &self.sentences.type_facts, facts);
        let (coding, outside) = (chain.layout.coding, || vec![OUTSIDE; types.len()]);
        let sequences = match (job, is_added, &self.heads.attribution) {
            (Job::Loaded, true, _) => finding(coding, &[row], |row| row.loaded.clone()),
            (Job::Cues, true, _) => finding(coding, &[row], Sentence::cues),
            (Job::Parts, true, Some(head)) => parts(&head.places, &[row]),
            (Job::Parts, false, Some(head)) => {
                let found = head.cues.find(tokens, &seen, false, |_| false);
                let cues: Vec<Run> = found.into_iter().map(|found| found.run).collect();
                let placed = |cue: &Run| head.places.of(tokens, words, *cue, &cues);
                cues.iter().map(|cue| sequence(row, Some(placed(cue)), outside())).collect()
            }
            _ => vec![sequence(row, None, outside())],
        };
        let rows = chain.rows(tokens, &seen);
        let stands = |sequence: Sequence| {
            let emissions = chain.emissions(&rows, sequence.placed.as_ref());
            let emissions: Vec<f64> = emissions.into_iter().map(f64::from).collect();
            let shares = || emissions.chunks_exact(coding.labels()).flat_map(softmax).collect();
            Sequence { shares: (!is_added).then(shares), standing: Some(emissions), ..sequence }
        };
        sequences.into_iter().map(stands).collect()
    }
}

/// The numbers of these facts among those that change; the others are left out.
fn renumbered(of: &[u32], facts: &[u32]) -> Vec<u32> {
    of.iter().filter_map(|fact| facts.binary_search(fact).ok()).map(|number| number as u32).collect()
}

impl Job {
    fn is_labelled(self, sentence: &Sentence) -> bool {
        match self {
            Self::Loaded => sentence.loaded.is_some(),
            Self::Cues => sentence.relations.is_some(),
            Self::Parts => sentence.relations.as_ref().is_some_and(|relations| !relations.is_empty()),
        }
    }
}

fn is_added(example: &Example) -> bool {
    example.origin == Origin::Labelled
}
