//! A span head: finds spans of some kinds in a sentence, each with a calibrated probability.
//!
//! In: a sentence's tokens and facts. Out: [`Found`] spans in order. Start at [`SpanHead::find`]. The heads
//! `loaded` and `attribution` (its cues) are two of these.

use super::chain::{Chain, OFFSETS, OWN, Seen, Sizes};
use super::coding::{OUTSIDE, Run};
use super::{Decision, probabilities};
use crate::text::Tokens;
use serde::{Deserialize, Serialize};

/// A fitted span head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanHead {
    /// Finds the spans.
    pub chain: Chain,
    /// The logit that a span is one is `factor` × its margin + `shift`; fitted on held-out sentences.
    pub factor: f64,
    /// See `factor`.
    pub shift: f64,
    /// How a span's kind is chosen.
    pub kinds: Kinds,
}

/// How the scores of a span's kinds become probabilities and a kind; fitted on held-out sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kinds {
    /// The factor on every score.
    pub factor: f64,
    /// What is added to each kind's.
    pub shifts: Vec<f64>,
    /// The thresholds.
    pub decision: Decision,
}

/// A span that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its tokens and kind.
    pub run: Run,
    /// The calibrated logit that it is one.
    pub logit: f64,
    /// The calibrated probability of each kind; they sum to 1.
    pub kinds: Vec<f64>,
    /// What each token adds to the logit, with the token's number; those of the span and around it. None where reasons
    /// were not asked for.
    pub contributions: Vec<(usize, f64)>,
    /// The logit's part that no token adds; all of it where reasons were not asked for.
    pub bias_term: f64,
}

impl Found {
    /// The same span, `by` tokens later.
    #[must_use]
    pub fn moved(mut self, by: usize) -> Self {
        self.run = self.run.moved(by);
        self.contributions.iter_mut().for_each(|(token, _)| *token += by);
        self
    }

    /// The calibrated probability that it is one.
    #[must_use]
    pub fn p(&self) -> f64 {
        probabilities(&[self.logit])[1]
    }
}

impl Kinds {
    /// The calibrated probabilities of a span's kinds, given their scores.
    #[must_use]
    pub fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        if scores.len() < 2 {
            return vec![1.0; scores.len()];
        }
        // The scores carry what the kinds have in common; only their differences count.
        let z = self.shifts.iter().zip(scores).map(|(shift, score)| self.factor * (score - scores[0]) + shift);
        let max = z.clone().fold(f64::NEG_INFINITY, f64::max);
        let exp: Vec<f64> = z.map(|z| (z - max).exp()).collect();
        let sum: f64 = exp.iter().sum();
        exp.into_iter().map(|e| e / sum).collect()
    }
}

impl SpanHead {
    /// Whether the tables belong together, and to so many kinds and these sizes, and are finite.
    #[must_use]
    pub fn is_whole(&self, kinds: usize, sizes: Sizes) -> bool {
        self.chain.is_whole(sizes, 0)
            && self.chain.layout.sides == 0
            && self.chain.layout.coding.kinds() == kinds
            && self.kinds.shifts.len() == kinds
            && self.kinds.decision.thresholds.len() == kinds
            && self.kinds.decision.thresholds.iter().all(|t| t.is_finite() && *t > 0.0)
            && self.kinds.shifts.iter().chain([&self.factor, &self.shift, &self.kinds.factor]).all(|v| v.is_finite())
    }

    /// The spans of a sentence, in order. No span holds a token for which `barred` is true.
    #[must_use]
    pub fn find(&self, tokens: &Tokens, seen: &Seen<'_>, reasons: bool, barred: impl Fn(usize) -> bool) -> Vec<Found> {
        let chain = &self.chain;
        let rows = chain.rows(tokens, seen);
        let mut emissions = chain.emissions(&rows, None);
        for (at, emission) in emissions.chunks_exact_mut(chain.layout.coding.labels()).enumerate() {
            if barred(at) {
                bar(emission);
            }
        }
        let labels = chain.best(&emissions);
        let found = |run: Run| {
            let parts = if reasons { chain.contributions(&rows, &labels, run) } else { Vec::new() };
            self.found(&emissions, &labels, run, parts)
        };
        chain.layout.coding.decode(&labels).into_iter().map(found).collect()
    }

    /// A run of the best labels as a span, with what each token adds to its margin where that is asked for.
    #[must_use]
    pub fn found(&self, emissions: &[f32], labels: &[u8], mut run: Run, parts: Vec<(usize, f64)>) -> Found {
        let margin = self.chain.margin(emissions, labels, run);
        let kinds = self.kinds.probabilities(&self.chain.kinds(emissions, labels, run));
        let of_tokens: f64 = parts.iter().map(|(_, value)| value).sum();
        run.kind = self.kinds.decision.lead(&kinds).0 as u8;
        Found {
            run,
            logit: self.factor * margin + self.shift,
            kinds,
            contributions: parts.into_iter().map(|(token, value)| (token, self.factor * value)).collect(),
            bias_term: self.factor * (margin - of_tokens) + self.shift,
        }
    }
}

/// Leaves a token no label but outside.
pub fn bar(emission: &mut [f32]) {
    for (label, score) in emission.iter_mut().enumerate() {
        if label != usize::from(OUTSIDE) {
            *score = f32::NEG_INFINITY;
        }
    }
}

const _: () = assert!(OFFSETS[OWN] == 0);
