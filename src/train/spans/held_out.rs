//! What is set on held-out sentences: the handicap of being outside, the probabilities, and the kinds.
//!
//! In: the emissions of sentences that a chain did not see, and their labelled spans. Out: a [`Setting`]. Start at
//! [`Setting::choose`].

use super::super::calibrate::{calibrate, decide};
use super::super::fit::Targets;
use super::sentences::{Sentence, Sentences};
use crate::error::Result;
use crate::features::Vectors;
use crate::heads::attribution::CueClass;
use crate::heads::chain::{Chain, Seen};
use crate::heads::coding::{Coding, OUTSIDE, Run};
use crate::heads::label::Label;
use crate::heads::loaded::{self, LoadedKind};
use crate::heads::span::{Kinds, bar};
use crate::heads::{Decision, probabilities};
use crate::model::receipt::HeadReceipt;

/// What is found, and what the handicap is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Loaded terms, for the F1 of their words.
    LoadedWords,
    /// Cues, for the F1 of exact spans.
    Cues,
}

impl Aim {
    /// The labelled runs; `None` where nobody looked.
    pub fn gold(self, sentence: &Sentence) -> Option<Vec<Run>> {
        match self {
            Self::LoadedWords => sentence.loaded.clone(),
            Self::Cues => sentence.cues(),
        }
    }

    /// The label of a kind.
    pub fn label(self, kind: u8) -> &'static str {
        match self {
            Self::LoadedWords => LoadedKind::of_number(kind).as_str(),
            Self::Cues => CueClass::of_number(kind).as_str(),
        }
    }

    fn is_barred(self, sentence: &Sentence, at: usize) -> bool {
        match self {
            Self::LoadedWords => loaded::is_barred(&sentence.tokens, at),
            Self::Cues => sentence.tokens.tokens[at].shape.is_url(),
        }
    }
}

/// Handicaps that are tried: 0 to 2 in steps of a tenth.
const HANDICAPS: std::ops::RangeInclusive<u32> = 0..=20;
const STEP: f64 = 0.1;

/// A sentence that the chain did not see.
#[derive(Debug)]
pub struct Held<'a> {
    chain: &'a Chain,
    emissions: Vec<f32>,
    gold: Vec<Run>,
    words: Vec<bool>,
}

impl<'a> Held<'a> {
    /// Scores it; one that nobody looked for spans in has none.
    pub fn new(chain: &'a Chain, vectors: Vectors<'_>, sentences: &Sentences, sentence: &Sentence, aim: Aim) -> Self {
        let (words, types) = (&sentence.words, &sentence.types);
        let seen = Seen::of_types(vectors, words, types, &sentences.type_facts, &sentence.facts);
        let mut emissions = chain.emissions(&chain.rows(&sentence.tokens, &seen), None);
        for (at, emission) in emissions.chunks_exact_mut(chain.layout.coding.labels()).enumerate() {
            if aim.is_barred(sentence, at) {
                bar(emission);
            }
        }
        let words = sentence.tokens.tokens.iter().map(|t| !t.shape.is_punctuation()).collect();
        Self { chain, emissions, gold: aim.gold(sentence).unwrap_or_default(), words }
    }

    fn handicapped(&self, handicap: f64) -> Vec<f32> {
        let mut emissions = self.emissions.clone();
        for emission in emissions.chunks_exact_mut(self.chain.layout.coding.labels()) {
            emission[usize::from(OUTSIDE)] -= handicap as f32;
        }
        emissions
    }
}

/// True positives, found, and labelled.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    right: f64,
    found: f64,
    gold: f64,
}

impl Counts {
    fn f1(self) -> f64 {
        if self.found + self.gold > 0.0 { 2.0 * self.right / (self.found + self.gold) } else { 0.0 }
    }

    fn words(&mut self, held: &Held<'_>, runs: &[Run]) {
        let inside = |runs: &[Run], at: usize| runs.iter().any(|r| (r.first..r.end).contains(&at));
        for at in (0..held.words.len()).filter(|at| held.words[*at]) {
            let (found, gold) = (inside(runs, at), inside(&held.gold, at));
            self.found += f64::from(u8::from(found));
            self.gold += f64::from(u8::from(gold));
            self.right += f64::from(u8::from(found && gold));
        }
    }

    fn exact(&mut self, held: &Held<'_>, runs: &[Run]) {
        let same = |run: &&Run| held.gold.iter().any(|g| (g.first, g.end) == (run.first, run.end));
        self.found += runs.len() as f64;
        self.gold += held.gold.len() as f64;
        self.right += runs.iter().filter(same).count() as f64;
    }
}

/// What was chosen, and what it scored on the held-out sentences.
#[derive(Debug)]
pub struct Setting {
    /// What being outside is handicapped by.
    pub handicap: f64,
    /// The factor on a span's margin.
    pub factor: f64,
    /// What is added to it.
    pub shift: f64,
    /// How kinds are chosen.
    pub kinds: Kinds,
    words: Counts,
    exact: Counts,
    right_kinds: f64,
    tried: Vec<(f64, f64)>,
}

impl Setting {
    /// Chooses the handicap with the best F1, then fits the probabilities of the spans found with it.
    ///
    /// # Errors
    /// [`crate::Error::Fit`] where a calibration failed.
    pub fn choose(what: &str, coding: Coding, held: &[Held<'_>], aim: Aim) -> Result<Self> {
        let counted = |handicap: f64| {
            let (mut words, mut exact) = (Counts::default(), Counts::default());
            for sentence in held {
                let runs = coding.decode(&sentence.chain.best(&sentence.handicapped(handicap)));
                words.words(sentence, &runs);
                exact.exact(sentence, &runs);
            }
            (words, exact)
        };
        let mut best: Option<(f64, f64, Counts, Counts)> = None;
        let mut tried = Vec::new();
        for handicap in HANDICAPS.map(|step| f64::from(step) * STEP) {
            let (words, exact) = counted(handicap);
            let f1 = if aim == Aim::LoadedWords { words.f1() } else { exact.f1() };
            tried.push((handicap, f1));
            if best.is_none_or(|b| f1 > b.1) {
                best = Some((handicap, f1, words, exact));
            }
        }
        let (handicap, _, words, exact) = best.unwrap_or_default();
        let found = Found::of(coding, held, handicap);
        let (factor, shift) = found.presence(what)?;
        let (kinds, right_kinds) = found.kinds(what, coding)?;
        Ok(Self { handicap, factor, shift, kinds, words, exact, right_kinds, tried })
    }

    /// What the bundle says of it.
    pub fn receipt(&self) -> HeadReceipt {
        let scores = [
            ("handicap", self.handicap),
            ("word_f1", self.words.f1()),
            ("exact_f1", self.exact.f1()),
            ("kind_accuracy", self.right_kinds),
        ];
        HeadReceipt {
            tried: self.tried.clone(),
            calibration: (self.factor, vec![self.shift]),
            scores: scores.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            ..HeadReceipt::default()
        }
    }
}

/// The spans that were found in held-out sentences: their margins, whether they overlap a labelled one, and, of those
/// that do, the scores of their kinds and the labelled kind.
#[derive(Debug, Default)]
struct Found {
    margins: Vec<(f64, bool)>,
    kinds: Vec<(Vec<f64>, u8)>,
}

impl Found {
    fn of(coding: Coding, held: &[Held<'_>], handicap: f64) -> Self {
        let mut found = Self::default();
        for sentence in held {
            let emissions = sentence.handicapped(handicap);
            let labels = sentence.chain.best(&emissions);
            for run in coding.decode(&labels) {
                let gold = sentence.gold.iter().find(|g| g.first < run.end && run.first < g.end);
                found.margins.push((sentence.chain.margin(&emissions, &labels, run), gold.is_some()));
                if let Some(gold) = gold {
                    let scores = sentence.chain.kinds(&emissions, &labels, run);
                    let first = scores[0];
                    found.kinds.push((scores.into_iter().map(|s| s - first).collect(), gold.kind));
                }
            }
        }
        found
    }

    /// Factor and shift of the logit that a span is one.
    fn presence(&self, what: &str) -> Result<(f64, f64)> {
        // All right or all wrong, as on a handful of sentences, teaches nothing.
        if self.margins.windows(2).all(|two| two[0].1 == two[1].1) {
            return Ok((1.0, 0.0));
        }
        let logits: Vec<Vec<f64>> = self.margins.iter().map(|(margin, _)| vec![*margin]).collect();
        let shares: Vec<f64> = self.margins.iter().flat_map(|(_, right)| share(usize::from(*right), 2)).collect();
        let targets = Targets::new(what, 2, &shares, &vec![1.0; logits.len()])?;
        let calibration = calibrate(&format!("{what}, calibration"), &logits, &targets)?;
        Ok((calibration.factor, calibration.shifts.first().copied().unwrap_or(0.0)))
    }

    /// The kinds' calibration and thresholds, and the share of kinds that are then right.
    fn kinds(&self, what: &str, coding: Coding) -> Result<(Kinds, f64)> {
        let n = coding.kinds();
        let even = Decision { thresholds: vec![1.0 / n as f64; n], margin: 0.0 };
        if self.kinds.windows(2).all(|two| two[0].1 == two[1].1) {
            return Ok((Kinds { factor: 1.0, shifts: vec![0.0; n], decision: even }, 0.0));
        }
        let logits: Vec<Vec<f64>> = self.kinds.iter().map(|(scores, _)| scores.clone()).collect();
        let shares: Vec<f64> = self.kinds.iter().flat_map(|(_, kind)| share(usize::from(*kind), n)).collect();
        let targets = Targets::new(what, n, &shares, &vec![1.0; logits.len()])?;
        let calibration = calibrate(&format!("{what}, calibration of kinds"), &logits, &targets)?;
        let calibrated: Vec<Vec<f64>> = logits.iter().map(|z| calibration.apply(z)).collect();
        let decision = decide(&calibrated, &targets, 0.0);
        let right =
            |(z, (_, kind)): &(&Vec<f64>, &(Vec<f64>, u8))| decision.lead(&probabilities(z)).0 == usize::from(*kind);
        let right = calibrated.iter().zip(&self.kinds).filter(right).count() as f64 / logits.len() as f64;
        Ok((Kinds { factor: calibration.factor, shifts: calibration.shifts, decision }, right))
    }
}

/// All of the mass on one class.
fn share(class: usize, classes: usize) -> impl Iterator<Item = f64> {
    (0..classes).map(move |c| f64::from(u8::from(c == class)))
}
