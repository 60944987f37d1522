//! The head `attribution`: who is made to say what, and how the cue presents it.
//!
//! In: a sentence's tokens. Out: [`Relation`]s of source, cue and contents with a [`CueClass`]. Start at
//! [`AttributionHead::find`]. First the cues are found, then, for each cue on its own, the source and
//! contents that belong to it: so that a token may be part of several relations, as nested ones need.

use super::chain::{Chain, Seen, Sizes};
use super::coding::Run;
use super::label::{Label, labels};
use super::places::{Places, SIDES};
use super::span::{Found, SpanHead, bar};
use super::viterbi::{Paths, Steps};
use crate::text::Tokens;
use serde::{Deserialize, Serialize};

/// The head's name.
pub const NAME: &str = "attribution";
/// What the labels mean, in a sentence.
pub const MEANING: &str = "who is made to say what: source, cue with its class, and contents";

labels! {
    /// What a cue says about the writer's view of what is reported.
    CueClass {
        /// Nothing: *said*, *according to*.
        Neutral = "neutral",
        /// It is true: *revealed*, *confirmed*.
        Endorsing = "endorsing",
        /// It is held at arm's length: *claimed*, *alleged*.
        Distancing = "distancing",
        /// How rather than what: *blasted*, *boasted*.
        Charged = "charged",
    }
}

labels! {
    /// Whether the content is quoted.
    Directness {
        /// Wholly inside quotation marks.
        Direct = "direct",
        /// Not in quotation marks.
        Indirect = "indirect",
        /// Partly inside quotation marks.
        Mixed = "mixed",
    }
}

impl Directness {
    /// Of a content with so many words in quotation marks and so many outside them.
    #[must_use]
    pub fn of(quoted: usize, unquoted: usize) -> Self {
        match (quoted, unquoted) {
            (0, _) => Self::Indirect,
            (_, 0) => Self::Direct,
            _ => Self::Mixed,
        }
    }
}

/// The kind of run that is a source.
pub const SOURCE: u8 = 0;
/// The kind of run that is content.
pub const CONTENT: u8 = 1;
/// How many kinds of parts a cue has.
pub const PARTS: usize = 2;

/// A fitted attribution head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttributionHead {
    /// Finds the cues; their kinds are the places of their [`CueClass`].
    pub cues: SpanHead,
    /// Where tokens stand to a cue.
    pub places: Places,
    /// Finds a cue's source and contents.
    pub parts: Chain,
}

/// A cue with its source and contents, as runs of a sentence's tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The cue.
    pub cue: Found,
    /// Its source.
    pub source: Option<Run>,
    /// Its contents, in order.
    pub contents: Vec<Run>,
}

impl Relation {
    /// The same relation, `by` tokens later.
    #[must_use]
    pub fn moved(self, by: usize) -> Self {
        Self {
            cue: self.cue.moved(by),
            source: self.source.map(|run| run.moved(by)),
            contents: self.contents.into_iter().map(|run| run.moved(by)).collect(),
        }
    }
}

impl AttributionHead {
    /// Whether the tables belong together, and to these sizes, and are finite.
    #[must_use]
    pub fn is_whole(&self, sizes: Sizes) -> bool {
        self.cues.is_whole(CueClass::ALL.len(), sizes)
            && self.parts.is_whole(sizes, self.places.len())
            && self.parts.layout.sides == SIDES
            && self.parts.layout.coding.kinds() == PARTS
    }

    /// The relations of a sentence, in order of their cues; `words` are the sentence's
    /// [`crate::features::facts::words`]. Reasons are given if asked for.
    #[must_use]
    pub fn find(&self, tokens: &Tokens, words: &[String], seen: &Seen<'_>, reasons: bool) -> Vec<Relation> {
        let cues = self.cues.find(tokens, seen, reasons, |at| tokens.tokens[at].shape.is_url());
        if cues.is_empty() {
            return Vec::new();
        }
        let rows = self.parts.rows(tokens, seen);
        self.relations(tokens, words, cues, &rows, &self.parts.legal_steps(), &mut Paths::default())
    }

    /// The cues with their sources and contents; `rows` are the tokens' rows in [`AttributionHead::parts`], `steps` its steps.
    #[must_use]
    pub fn relations(
        &self,
        tokens: &Tokens,
        words: &[impl AsRef<str>],
        cues: Vec<Found>,
        rows: &[f32],
        steps: &Steps,
        paths: &mut Paths,
    ) -> Vec<Relation> {
        let runs: Vec<Run> = cues.iter().map(|cue| cue.run).collect();
        let mut relation = |cue: Found| {
            let placed = self.places.of(tokens, words, cue.run, &runs);
            let emissions = self.parts.emissions(rows, Some(&placed));
            let (source, contents) = self.parts_of(cue.run, emissions, steps, paths);
            Relation { cue, source, contents }
        };
        cues.into_iter().map(&mut relation).collect()
    }

    /// The best source and contents of a cue: one source at most, and no part in the cue itself.
    fn parts_of(&self, cue: Run, mut emissions: Vec<f32>, steps: &Steps, paths: &mut Paths) -> (Option<Run>, Vec<Run>) {
        let coding = self.parts.layout.coding;
        let labels = coding.labels();
        for emission in emissions.chunks_exact_mut(labels).take(cue.end).skip(cue.first) {
            bar(emission);
        }
        loop {
            let best = steps.best(&emissions, paths);
            let runs = coding.decode(best);
            let mut sources: Vec<Run> = runs.iter().copied().filter(|run| run.kind == SOURCE).collect();
            let margin = |run: &Run| self.parts.margin(&emissions, best, *run);
            sources.sort_by(|a, b| margin(b).total_cmp(&margin(a)));
            let Some((source, others)) = sources.split_first() else {
                return (None, runs);
            };
            if others.is_empty() {
                return (Some(*source), runs.into_iter().filter(|run| run.kind == CONTENT).collect());
            }
            for at in others.iter().flat_map(|run| run.first..run.end) {
                emissions[at * labels..][coding.labels_of(SOURCE)].fill(f32::NEG_INFINITY);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directness_is_told_by_the_words_in_quotation_marks() {
        assert_eq!(Directness::of(0, 4), Directness::Indirect);
        assert_eq!(Directness::of(4, 0), Directness::Direct);
        assert_eq!(Directness::of(3, 1), Directness::Mixed);
        assert_eq!(Directness::of(0, 0), Directness::Indirect);
    }
}
