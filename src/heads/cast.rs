//! The cast of a sentence: who may hold a stance in it, and what each of them does.
//!
//! In: a sentence. Out: a [`Cast`]. Start at [`Cast::new`]. Everything that hangs on the sentence alone, and not on the
//! target that is looked at, is told here once; so that a sentence with many targets costs no more for each of them.

use super::stance::Sentence;
use crate::features::bearing::tokens_in;
use crate::features::clause;
use crate::features::phrase::{self, Phrase};
use crate::features::siding::Side;
use crate::text::{Span, unite};

/// Words behind an actor among which its verb is looked for.
const SKIPPED: usize = 5;

/// Somebody by the tokens that name them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Actor {
    /// The tokens.
    pub own: (usize, usize),
    /// The verb's place and side, if that takes one.
    pub act: Option<(usize, Side)>,
    /// The word behind that is neither an auxiliary nor an adverb, if one is near.
    pub verb: Option<usize>,
}

/// Who may hold a stance in a sentence.
#[derive(Debug)]
pub(super) struct Cast {
    /// Its phrases, in order, each with who it names.
    pub phrases: Vec<(Phrase, Actor)>,
    /// The sources of its quotes; none where it stands elsewhere.
    pub sources: Vec<Option<Actor>>,
    /// For every word the first of its clause.
    pub openings: Vec<usize>,
    /// What the quotes of the sentence hold: in order, without overlap.
    told: Vec<Span>,
    /// The words that take a side by themselves, in order.
    sided: Vec<(usize, Side)>,
    /// For every place how many tokens before it are names.
    names: Vec<u32>,
    /// For every place how many tokens before it are stops inside a sentence.
    stops: Vec<u32>,
}

impl Cast {
    /// Of a sentence of a text.
    pub fn new(text: &str, sentence: &Sentence<'_>) -> Self {
        let words = &sentence.words;
        let phrases = phrase::phrases(text, sentence.tokens, words);
        let source = |span: Option<Span>| {
            let span = span?;
            Some(actor(sentence, tokens_in(sentence.tokens, span.start..span.end)?))
        };
        let sided = sentence.own_sides.iter().enumerate().filter_map(|(at, side)| Some((at, (*side)?)));
        let mut told: Vec<Span> = sentence.quotes.iter().flat_map(|quote| &quote.contents).copied().collect();
        unite(&mut told, true);
        let is_stop = |word: &String| matches!(word.as_str(), "," | ";" | ":" | "،" | "؛" | "—" | "–");
        Self {
            phrases: phrases.into_iter().map(|p| (p, actor(sentence, (p.first, p.end)))).collect(),
            sources: sentence.quotes.iter().map(|quote| source(quote.source)).collect(),
            openings: clause::openings(words),
            told,
            sided: sided.collect(),
            names: counted(sentence.tokens.tokens.iter().map(|token| token.name)),
            stops: counted(words.iter().map(is_stop)),
        }
    }

    /// Who some tokens of the sentence name.
    pub fn actor(&self, sentence: &Sentence<'_>, own: (usize, usize)) -> Actor {
        let at = self.phrases.partition_point(|(phrase, _)| phrase.first < own.0);
        let known = self.phrases.get(at).map(|(_, actor)| *actor).filter(|actor| actor.own == own);
        known.unwrap_or_else(|| actor(sentence, own))
    }

    /// Whether some of a span stands in a quote's content.
    pub fn is_told(&self, span: Span) -> bool {
        let at = self.told.partition_point(|content| content.end <= span.start);
        self.told.get(at).is_some_and(|content| content.overlaps(span))
    }

    /// How many names there are among some tokens.
    pub fn names_in(&self, tokens: &std::ops::Range<usize>) -> u32 {
        within(&self.names, tokens)
    }

    /// How many stops there are among some tokens.
    pub fn stops_in(&self, tokens: &std::ops::Range<usize>) -> u32 {
        within(&self.stops, tokens)
    }

    /// The signs of the words that take sides among some tokens, at most three, those nearest to the end, from there.
    pub fn signs(&self, tokens: &std::ops::Range<usize>) -> impl Iterator<Item = &'static str> {
        let end = self.sided.partition_point(|(at, _)| *at < tokens.end);
        let first = tokens.start;
        self.sided[..end].iter().rev().take_while(move |(at, _)| *at >= first).take(3).map(|(_, side)| side.sign())
    }
}

fn actor(sentence: &Sentence<'_>, own: (usize, usize)) -> Actor {
    let words = &sentence.words;
    let is_verb = |at: &usize| !phrase::is_auxiliary(&words[*at]) && !clause::is_adverb(&words[*at]);
    let verb = (own.1..words.len()).take(SKIPPED).find(is_verb);
    Actor { own, act: clause::act(words, &sentence.sides, own), verb }
}

/// For every place, and for the end, of how many before it this holds.
fn counted(which: impl Iterator<Item = bool>) -> Vec<u32> {
    let mut sum = 0;
    let before = which.map(|is| {
        sum += u32::from(is);
        sum
    });
    std::iter::once(0).chain(before).collect()
}

fn within(counted: &[u32], places: &std::ops::Range<usize>) -> u32 {
    let at = |place: usize| counted.get(place.min(counted.len().max(1) - 1)).copied().unwrap_or(0);
    at(places.end).saturating_sub(at(places.start))
}
