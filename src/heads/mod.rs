//! The heads: what is scored, with its labels, and how numbers become labels and spans.
//!
//! Sentence heads. In: the calibrated logits of a head's outputs. Out: probabilities, a label, and whether it is
//! too close to call. Start at [`Head`]. The heads that ship are documented in [`bias`], [`subjective`] and
//! [`tone`]; any other label found in a training file becomes a head of its own without code.
//!
//! Span heads. In: a sentence's tokens and facts. Out: the spans of [`loaded`] terms and the relations of
//! [`attribution`]. Start at [`SpanHeads`]. Both rest on a linear [`chain`] over labels of a [`coding`]. Whom a
//! source stands for is told in [`link`].
//!
//! Stances. In: a sentence and a target in it. Out: its polarity, for, against or neutral ([`stance`]), and whose it is,
//! the author's or a source's ([`holder`]).
//!
//! Before them all, [`region`] tells which lines of a page are its article.

pub mod attribution;
pub mod bias;
pub mod candidate;
mod cast;
pub mod chain;
pub mod coding;
pub mod holder;
pub mod label;
pub mod link;
pub mod loaded;
pub mod mention;
pub mod pair;
pub mod places;
pub mod region;
pub mod span;
pub mod stance;
pub mod subjective;
pub mod tone;
pub mod viterbi;
pub mod voice;

pub use attribution::AttributionHead;
pub use span::SpanHead;

use crate::features::{Facts, Vectors, facts};
use crate::text::Tokens;
use attribution::Relation;
use chain::{Seen, Sizes};
use label::Label;
use link::Linker;
use loaded::LoadedKind;
use serde::{Deserialize, Serialize};
use span::Found;

/// The span heads of a bundle, and the facts they share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SpanHeads {
    /// The vocabulary of facts.
    pub facts: Facts,
    /// The head `loaded`.
    pub loaded: Option<SpanHead>,
    /// The head `attribution`.
    pub attribution: Option<AttributionHead>,
    /// Links its sources to full names.
    pub linker: Linker,
}

/// The spans of one sentence; a head that is missing found nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spans {
    /// The loaded terms, in order.
    pub loaded: Vec<Found>,
    /// The relations, in order of their cues.
    pub relations: Vec<Relation>,
}

/// Longer sentences are no prose; read in parts they take no more memory than others.
pub const LONGEST: usize = 2_000;

impl SpanHeads {
    /// The names of the heads there are.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let loaded = self.loaded.as_ref().map(|_| loaded::NAME);
        loaded.into_iter().chain(self.attribution.as_ref().map(|_| attribution::NAME))
    }

    /// Whether the tables belong together and to these vectors, and are finite.
    #[must_use]
    pub fn is_whole(&self, vectors: Vectors<'_>) -> bool {
        let (pieces, words) = (vectors.pieces.width(), vectors.words.width());
        let sizes = Sizes { pieces, words, facts: self.facts.len() };
        self.loaded.as_ref().is_none_or(|head| head.is_whole(LoadedKind::ALL.len(), sizes))
            && self.attribution.as_ref().is_none_or(|head| head.is_whole(sizes))
            && self.linker.is_whole()
    }

    /// The spans of a sentence, its names flagged and each word a token of its own; `vectors` are the bundle's; each
    /// token's part in a logit is given where `reasons` are asked for. One of more than
    /// [`LONGEST`] tokens is read in parts, and no span reaches from one to the next.
    #[must_use]
    pub fn find(&self, vectors: Vectors<'_>, text: &str, tokens: &Tokens, reasons: bool) -> Spans {
        if self.loaded.is_none() && self.attribution.is_none() {
            return Spans::default();
        }
        let length = tokens.tokens.len();
        if length <= LONGEST {
            return self.find_in(vectors, text, tokens, reasons);
        }
        let mut spans = Spans::default();
        for first in (0..length).step_by(LONGEST) {
            let part = self.find_in(vectors, text, &tokens.part(first..length.min(first + LONGEST)), reasons);
            spans.loaded.extend(part.loaded.into_iter().map(|found| found.moved(first)));
            spans.relations.extend(part.relations.into_iter().map(|relation| relation.moved(first)));
        }
        spans
    }

    fn find_in(&self, vectors: Vectors<'_>, text: &str, tokens: &Tokens, reasons: bool) -> Spans {
        let words = facts::words(text, tokens);
        let seen = Seen::new(&self.facts, vectors, text, tokens, &words);
        Spans {
            loaded: self.loaded.as_ref().map(|head| loaded::find(head, tokens, &seen, reasons)).unwrap_or_default(),
            relations: self
                .attribution
                .as_ref()
                .map(|head| head.find(tokens, &words, &seen, reasons))
                .unwrap_or_default(),
        }
    }
}

/// One sentence head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Its name: the key of `labels` that it was trained on.
    pub name: String,
    /// Its classes in alphabetical order; of two, the last is the positive one.
    pub classes: Vec<String>,
    /// How probabilities become a label.
    pub decision: Decision,
}

/// How probabilities become a label.
///
/// Each class has a threshold; the label is the class whose probability is largest against its
/// threshold. For two classes this is the usual rule "positive from the threshold up".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// One a class, above 0; for two classes they sum to 1. Chosen on held-out folds.
    pub thresholds: Vec<f64>,
    /// The label is uncertain where the best class leads the next by less than this, in logits.
    pub margin: f64,
}

impl Head {
    /// How many outputs (logits) the head has: one for two classes, else one a class.
    #[must_use]
    pub fn outputs(&self) -> usize {
        if self.classes.len() == 2 { 1 } else { self.classes.len() }
    }

    /// Whether the head asks a yes-or-no question: classes `0` and `1`.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.classes == ["0", "1"]
    }

    /// Whether classes and thresholds belong together.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.classes.len() >= 2
            && self.decision.thresholds.len() == self.classes.len()
            && self.decision.thresholds.iter().all(|t| t.is_finite() && *t > 0.0)
            && self.decision.margin.is_finite()
    }

    /// The class of output `output`: the positive class of two.
    #[must_use]
    pub fn class_of(&self, output: usize) -> &str {
        let at = if self.classes.len() == 2 { 1 } else { output };
        self.classes.get(at).map_or("", String::as_str)
    }
}

/// What the labels of a head mean, for the heads that ship.
#[must_use]
pub fn meaning(head: &str) -> Option<&'static str> {
    match head {
        bias::NAME => Some(bias::MEANING),
        subjective::NAME => Some(subjective::MEANING),
        tone::NAME => Some(tone::MEANING),
        loaded::NAME => Some(loaded::MEANING),
        attribution::NAME => Some(attribution::MEANING),
        stance::NAME => Some(stance::MEANING),
        _ => None,
    }
}

/// Probabilities of the classes, from one logit (two classes) or one a class (softmax).
#[must_use]
pub fn probabilities(logits: &[f64]) -> Vec<f64> {
    let mut p = Vec::with_capacity(logits.len().max(2));
    probabilities_into(logits, &mut p);
    p
}

/// Appends the [`probabilities`].
pub fn probabilities_into(logits: &[f64], p: &mut Vec<f64>) {
    if let [z] = logits {
        let yes = if *z >= 0.0 { 1.0 / (1.0 + (-z).exp()) } else { z.exp() / (1.0 + z.exp()) };
        p.extend([1.0 - yes, yes]);
        return;
    }
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let first = p.len();
    p.extend(logits.iter().map(|z| (z - max).exp()));
    let sum: f64 = p[first..].iter().sum();
    p[first..].iter_mut().for_each(|e| *e /= sum);
}

/// e to each of some scores, by their sum.
#[must_use]
pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exp: Vec<f64> = logits.iter().map(|z| (z - max).exp()).collect();
    let sum: f64 = exp.iter().sum();
    exp.into_iter().map(|e| e / sum).collect()
}

impl Decision {
    /// The class chosen, and whether it is certain enough to be called.
    #[must_use]
    pub fn decide(&self, probabilities: &[f64]) -> (usize, bool) {
        let (class, lead) = self.lead(probabilities);
        (class, lead >= self.margin)
    }

    /// The class chosen, and by how much it leads the next, in logits.
    #[must_use]
    pub fn lead(&self, probabilities: &[f64]) -> (usize, f64) {
        let score = |(p, t): (&f64, &f64)| p.max(1e-300).ln() - t.ln();
        let (mut class, mut best, mut next) = (0, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (c, s) in probabilities.iter().zip(&self.thresholds).map(score).enumerate() {
            if s > best {
                (class, next, best) = (c, best, s);
            } else {
                next = next.max(s);
            }
        }
        (class, best - next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_classes_are_positive_from_the_threshold_up() {
        let decision = Decision { thresholds: vec![0.7, 0.3], margin: 0.0 };
        assert_eq!(decision.decide(&[0.69, 0.31]).0, 1);
        assert_eq!(decision.decide(&[0.71, 0.29]).0, 0);
    }

    #[test]
    fn a_label_within_the_margin_is_uncertain() {
        let decision = Decision { thresholds: vec![0.5, 0.5], margin: 0.2 };
        assert_eq!(decision.decide(&[0.49, 0.51]), (1, false));
        assert_eq!(decision.decide(&[0.3, 0.7]), (1, true));
    }

    #[test]
    fn probabilities_sum_to_one_for_any_logits() {
        for logits in [vec![800.0], vec![-800.0], vec![700.0, -3.0, 900.0]] {
            let p = probabilities(&logits);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12 && p.iter().all(|v| v.is_finite()));
        }
    }
}
