//! The head `stance`: where a holder stands toward a target, the author or somebody in the text.
//!
//! In: a sentence's tokens, its attributions, and which tokens are the target. Out: [`Stance`], the logits of the
//! three polarities. Start at [`StanceHead::score`]. Whose stance it is is told in [`super::holder`].
//!
//! The model is multinomial and linear: keys of the sentence as seen from the target ([`Bearing`]) and pools of
//! token vectors. Calibration is in the weights.

use super::cast::Cast;
use super::holder::HolderModel;
use super::label::labels;
use super::{Decision, attribution::CueClass, probabilities};
use crate::features::bearing::{Bearing, Mark, POOLS, Place, negations, tokens_in};
use crate::features::keys::Keys;
use crate::features::marker::dot;
use crate::features::siding::Side;
use crate::features::{TokenVectors, Vectors, clause, facts, phrase};
use crate::heads::label::Label;
use crate::text::{Span, Tokens};
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;

/// The head's name.
pub const NAME: &str = "stance";
/// What the labels mean, in a sentence.
pub const MEANING: &str =
    "where the author or somebody in the sentence stands toward a target: for, against or neutral";

labels! {
    /// Where a holder stands on a target.
    Polarity {
        /// In favour.
        For = "for",
        /// Opposed.
        Against = "against",
        /// Neither.
        Neutral = "neutral",
    }
}

/// How many polarities there are.
pub const POLARITIES: usize = 3;

/// What attributions tell of a target's place, at most; a sentence seldom has more than three.
const MOST_MARKS: usize = 32;

/// Somebody is made to say something: what the head sees of an attribution, in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Who.
    pub source: Option<Span>,
    /// The words that signal it.
    pub cue: Span,
    /// What, in order.
    pub contents: Vec<Span>,
    /// How the cue presents it.
    pub class: CueClass,
}

/// A fitted head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StanceHead {
    /// The keys that have weights.
    pub keys: Keys,
    /// Keys × polarities, quantised; what a key is worth by its frequency is in them.
    pub weights: TokenVectors,
    /// Pools × width × polarities, width being the numbers that a token's vectors have.
    pub dense: Vec<f32>,
    /// One a polarity, in the order of [`Polarity::ALL`].
    pub intercepts: [f64; POLARITIES],
    /// How probabilities become a polarity.
    pub decision: Decision,
    /// Tells whose stance it is.
    pub holder: HolderModel,
}

/// The calibrated logits of the polarities, in the order of [`Polarity::ALL`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stance {
    /// One a polarity.
    pub logits: [f64; POLARITIES],
    /// The first token that was seen.
    pub first: usize,
    /// For every token from there on that was seen its part in each; they and the intercepts add up to the logits.
    pub parts: Vec<[f64; POLARITIES]>,
}

impl Stance {
    /// The probability of each polarity; they sum to 1.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        probabilities(&self.logits)
    }
}

/// A sentence, ready to be looked at from any target in it.
#[derive(Debug)]
pub struct Sentence<'a> {
    /// Its tokens, names flagged.
    pub tokens: &'a Tokens,
    /// Their words.
    pub words: Vec<String>,
    /// The attributions that overlap it.
    pub quotes: &'a [Quote],
    /// The side that every word has by itself.
    pub(super) own_sides: Vec<Option<Side>>,
    /// The side of every word where it stands.
    pub(super) sides: Vec<Option<Side>>,
    /// For every word whether it turns what follows round.
    negations: Vec<bool>,
    text: &'a str,
    /// Made when a holder is asked for.
    cast: OnceCell<Cast>,
}

impl<'a> Sentence<'a> {
    /// Of these tokens of a text, names flagged.
    #[must_use]
    pub fn new(text: &'a str, tokens: &'a Tokens, quotes: &'a [Quote]) -> Self {
        let words = facts::words(text, tokens);
        let own_sides = clause::own_sides(&words);
        let sides = clause::sides(&words, &own_sides);
        let negations = negations(&words);
        Self { tokens, words, quotes, own_sides, sides, negations, text, cast: OnceCell::new() }
    }

    /// Who may hold a stance in it.
    pub(super) fn cast(&self) -> &Cast {
        self.cast.get_or_init(|| Cast::new(self.text, self))
    }

    /// What attributions tell of a target's place: in whose content, as a source, or in neither.
    #[must_use]
    pub fn marks(&self, target: (usize, usize)) -> Vec<Mark> {
        let all = &self.tokens.tokens;
        let Some(span) = all.get(target.0).zip(all.get(target.1.max(1) - 1)) else { return Vec::new() };
        let span = Span::new(span.0.span.start, span.1.span.end);
        let mut marks = Vec::new();
        for quote in self.quotes {
            if marks.len() >= MOST_MARKS {
                break;
            }
            let cue = tokens_in(self.tokens, quote.cue.start..quote.cue.end).unwrap_or(target);
            if quote.contents.iter().any(|c| c.overlaps(span)) {
                marks.push(Mark { key: format!("content {}", quote.class.as_str()), tokens: cue });
                let word = self.words.get(cue.0).map_or("", String::as_str);
                marks.push(Mark { key: format!("content of {word}"), tokens: cue });
            } else if quote.source.is_some_and(|s| s.overlaps(span)) {
                marks.push(Mark { key: format!("source {}", quote.class.as_str()), tokens: cue });
            }
        }
        if marks.is_empty() {
            marks.push(Mark { key: "author".to_owned(), tokens: target });
        }
        marks
    }

    /// The sentence as seen from a target, for `look`.
    pub fn from_target<T>(&self, target: (usize, usize), look: impl FnOnce(&Bearing<'_>) -> T) -> T {
        let marks = self.marks(target);
        let target = phrase::core(&self.words, target);
        let Self { tokens, words, sides, negations, .. } = self;
        look(&Bearing { tokens, words, sides, negations, target, marks: &marks })
    }

    /// The vectors of every token, piece vectors where there are no word vectors: tokens × [`width`]. A name has none.
    #[must_use]
    pub fn vectors(&self, vectors: Vectors<'_>) -> Vec<f32> {
        let width = width(vectors);
        let mut rows = vec![0.0; width * self.words.len()];
        for ((token, word), row) in self.tokens.tokens.iter().zip(&self.words).zip(rows.chunks_exact_mut(width)) {
            if token.name {
                continue;
            }
            if vectors.words.is_empty() {
                let pieces = self.tokens.pieces_of(token);
                let share = 1.0 / pieces.len().max(1) as f32;
                pieces.iter().for_each(|piece| vectors.pieces.add(*piece, share, row));
            } else if let Some(number) = vectors.words.number(word) {
                vectors.words.vectors().add(number, 1.0, row);
            }
        }
        rows
    }
}

/// How many numbers a token's vector has here.
#[must_use]
pub fn width(vectors: Vectors<'_>) -> usize {
    if vectors.words.is_empty() { vectors.pieces.width() } else { vectors.words.width() }
}

/// The divisor of keys for a sentence with one key: about the inverse document frequency of one that is often seen, so
/// that values are near those of L2-normalised TF-IDF.
const UNIT: f32 = 4.0;

/// The keys of a sentence as seen from a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrences {
    /// What each counts: 1 / (4 √keys) over all keys of the sentence, known or not; so a key without weight can be left
    /// out of the vocabulary, and nothing else changes.
    pub value: f32,
    /// The numbers of those that are known, each with its first and last token.
    pub keys: Vec<(u32, (usize, usize))>,
}

/// The numbers of a sentence's keys that were looked up from one of its targets, for the next. The default knows none.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// By [`Place::number`].
    numbers: Vec<Lookup>,
}

/// What came of looking a key up.
#[derive(Debug, Clone, Copy)]
enum Lookup {
    NotYet,
    Found(u32),
    Unknown,
}

/// The keys of a sentence as seen from a target, by their numbers in `keys`; `known` is of this sentence and these keys.
#[must_use]
pub fn occurrences(keys: &Keys, bearing: &Bearing<'_>, known: &mut Known) -> Occurrences {
    let mut found = Vec::new();
    let mut all = 0usize;
    let mut key = String::new();
    known.numbers.resize(bearing.words.len() * Place::OF_TOKEN, Lookup::NotYet);
    bearing.visit(|place, parts, tokens| {
        all += 1;
        let known = place.and_then(|place| known.numbers.get_mut(place.number()));
        let number = match known.as_deref() {
            Some(Lookup::Found(number)) => Some(*number),
            Some(Lookup::Unknown) => None,
            Some(Lookup::NotYet) | None => {
                key.clear();
                parts.iter().for_each(|part| key.push_str(part));
                let number = keys.number(&key);
                if let Some(known) = known {
                    *known = number.map_or(Lookup::Unknown, Lookup::Found);
                }
                number
            }
        };
        found.extend(number.map(|number| (number, tokens)));
    });
    Occurrences { value: 1.0 / (UNIT * (all.max(1) as f32).sqrt()), keys: found }
}

/// Numbers that a token's vector says: one a pool and polarity.
const SAID: usize = POOLS * POLARITIES;

/// The dense weights of a head, turned: pools × polarities × width. So each number that a vector says is the product of two runs.
#[derive(Debug, Clone)]
pub struct Dense {
    weights: Vec<f32>,
    width: usize,
}

impl Dense {
    /// The weights of a head.
    #[must_use]
    pub fn of(head: &StanceHead) -> Self {
        let width = head.dense.len() / SAID;
        let pools = head.dense.chunks_exact((width * POLARITIES).max(1));
        let turned = |pool: &[f32]| -> Vec<f32> {
            let of = |polarity| pool.iter().skip(polarity).step_by(POLARITIES).copied();
            (0..POLARITIES).flat_map(of).collect()
        };
        Self { weights: pools.flat_map(turned).collect(), width }
    }

    /// What the vectors of a sentence's tokens ([`Sentence::vectors`]) say in each pool of each polarity, whatever the
    /// target: tokens × pools × polarities.
    #[must_use]
    pub fn said(&self, vectors: &[f32]) -> Vec<f32> {
        let mut said = Vec::with_capacity(vectors.len() / self.width.max(1) * SAID);
        for vector in vectors.chunks_exact(self.width.max(1)) {
            if vector.iter().all(|number| *number == 0.0) {
                said.resize(said.len() + SAID, 0.0);
            } else {
                said.extend(self.weights.chunks_exact(self.width.max(1)).map(|weights| dot(weights, vector)));
            }
        }
        said
    }
}

impl StanceHead {
    /// The logits of a target of a sentence. `said` is what the sentence's vectors say ([`Dense::said`]), `known` is what was
    /// looked up for others of its targets.
    #[must_use]
    pub fn score(&self, sentence: &Sentence<'_>, said: &[f32], known: &mut Known, target: (usize, usize)) -> Stance {
        sentence.from_target(target, |bearing| {
            let seen = bearing.seen();
            let mut parts = vec![[0.0; POLARITIES]; seen.len()];
            let Occurrences { value, keys } = occurrences(&self.keys, bearing, known);
            for (number, (first, last)) in keys {
                let mut row = [0.0f32; POLARITIES];
                self.weights.add(number, value, &mut row);
                // Each token that a key stands on has the same share of its part.
                let share = 1.0 / (last + 1 - first) as f64;
                let (first, end) = (first.saturating_sub(seen.start), (last + 1).saturating_sub(seen.start));
                for part in parts.iter_mut().take(end).skip(first) {
                    part.iter_mut().zip(row).for_each(|(p, w)| *p += share * f64::from(w));
                }
            }
            let said = said.chunks_exact(SAID).skip(seen.start);
            for ((shares, said), part) in bearing.shares().iter().zip(said).zip(&mut parts) {
                for (share, said) in shares.iter().zip(said.chunks_exact(POLARITIES)) {
                    part.iter_mut().zip(said).for_each(|(part, said)| *part += f64::from(share * said));
                }
            }
            let mut logits = self.intercepts;
            for part in &parts {
                logits.iter_mut().zip(part).for_each(|(l, p)| *l += p);
            }
            Stance { logits, first: seen.start, parts }
        })
    }

    /// Whether the tables belong together and to these vectors, and are finite.
    #[must_use]
    pub fn is_whole(&self, vectors: Vectors<'_>) -> bool {
        let keys = self.keys.len();
        self.weights.is_whole()
            && self.weights.len() == keys
            && self.weights.width() == POLARITIES
            && self.dense.len() == POOLS * POLARITIES * width(vectors)
            && self.dense.iter().chain(&[0.0]).all(|w| w.is_finite())
            && self.intercepts.iter().all(|i| i.is_finite())
            && self.decision.thresholds.len() == POLARITIES
            && self.decision.thresholds.iter().all(|t| t.is_finite() && *t > 0.0)
            && self.decision.margin.is_finite()
            && self.holder.is_whole()
    }
}
