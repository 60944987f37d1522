//! Where the tokens of a sentence stand to a cue: what tells its own source and content from those of another.
//!
//! In: a sentence's tokens, its cues, and one of them. Out: for each token its side of the cue (before, after, in
//! it) and the numbers of its places. Start at [`Places::of`]. A place is a yes-or-no fact: the distance to the
//! cue; commas, other cues, marks, names and quotation marks in between; what adjoins the cue; the cue's first and
//! last word with the token's side and distance. So the chain that is conditioned on a cue learns linking and
//! spans at once.

use super::chain::Placed;
use super::coding::Run;
use crate::features::keys::Keys;
use crate::text::Tokens;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Columns beside the window's: before, after and in the cue.
pub const SIDES: usize = 3;
const BEFORE: usize = 0;
const AFTER: usize = 1;
const INSIDE: u8 = 2;

/// Words a cue has to begin or end with at least so often to be told from others.
const LEAST: usize = 2;

/// Upper ends of the buckets of distance; what is farther is one more bucket.
const DISTANCES: [usize; 7] = [1, 2, 3, 5, 8, 15, 25];

/// The first two buckets of distance, and all others.
const NEAR: usize = 3;

/// Marks, by what they do in a sentence.
const MARKS: &[&[&str]] = &[
    &[",", "،"],
    &[".", "…"],
    &[":"],
    &[";", "؛"],
    &["?", "؟"],
    &["!"],
    &["\""],
    &["“", "„"],
    &["”"],
    &["‘"],
    &["’", "'"],
    &["«"],
    &["»"],
    &["—", "–", "-"],
    &["("],
    &[")"],
];

/// What a token is to its neighbours: nothing (the sentence's end), a name, a word, one of [`MARKS`], another mark.
const NEIGHBOURS: usize = 4 + MARKS.len();

/// Groups of places, and how many each has on one side of the cue.
const DISTANCE: usize = 0;
const COMMAS: usize = DISTANCE + 8;
const CUES: usize = COMMAS + 4;
const IN_CUE: usize = CUES + 3;
const MARKED: usize = IN_CUE + 1;
const QUOTES: usize = MARKED + 1;
const SAME_QUOTE: usize = QUOTES + 8;
const NEXT: usize = SAME_QUOTE + 2;
const NAMES: usize = NEXT + NEIGHBOURS;
const CONJUNCTION: usize = NAMES + 3;
const RELATIVE: usize = CONJUNCTION + 1;
const CLAUSE: usize = RELATIVE + 1;
const ADJOINING: usize = CLAUSE + 1;
const ADJOINING_NEAR: usize = ADJOINING + NEIGHBOURS * NEIGHBOURS;
const SIDE: usize = ADJOINING_NEAR + NEAR * NEIGHBOURS * NEIGHBOURS;

/// The place of a token in the cue; the first of those before and after it follow.
const IN: usize = 0;
const CLOSED: usize = 1 + 2 * SIDE;

/// Places of each cue word: by first or last word, side, and anywhere or by [`NEAR`].
const OF_WORD: usize = 2 * 2 * (1 + NEAR);

/// The words that cues begin and end with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Places {
    words: Keys,
}

impl Places {
    /// Numbers the words that cues begin or end with, given a sentence's words and its cues.
    pub fn count<'a>(cues: impl Iterator<Item = (&'a [String], Run)>) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (words, cue) in cues {
            let (first, last) = (words[cue.first].as_str(), words[cue.end - 1].as_str());
            *counts.entry(first).or_default() += 1;
            if last != first {
                *counts.entry(last).or_default() += 1;
            }
        }
        Self { words: counts.into_iter().filter(|(_, n)| *n >= LEAST).map(|(word, _)| word).collect() }
    }

    /// How many places there are; their numbers are 0 to this, exclusive.
    #[must_use]
    pub fn len(&self) -> usize {
        CLOSED + OF_WORD * self.words.len()
    }

    /// Never: there are always those that hang on no cue's words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The side and places of every token to `cue`, one of `cues`; `words` are the sentence's
    /// [`crate::features::facts::words`].
    #[must_use]
    pub fn of(&self, tokens: &Tokens, words: &[impl AsRef<str>], cue: Run, cues: &[Run]) -> Placed {
        let sentence = Between::new(tokens, words, cue, cues);
        let adjoining = sentence.neighbour(cue.first.checked_sub(1)) * NEIGHBOURS + sentence.neighbour(Some(cue.end));
        let word = |at: usize| words.get(at).and_then(|w| self.words.number(w.as_ref())).map(|n| n as usize);
        let ends = [word(cue.end - 1), word(cue.first)];
        let mut placed = Placed {
            sides: Vec::with_capacity(words.len()),
            places: Vec::with_capacity(words.len() * 16),
            ends: Vec::with_capacity(words.len()),
        };
        for at in 0..words.len() {
            if (cue.first..cue.end).contains(&at) {
                placed.sides.push(INSIDE);
                placed.places.push(IN as u32);
                placed.ends.push(placed.places.len() as u32);
                continue;
            }
            let side = if at < cue.first { BEFORE } else { AFTER };
            let distance = if at < cue.first { cue.first - at } else { at + 1 - cue.end };
            let bucket = DISTANCES.iter().position(|most| distance <= *most).unwrap_or(DISTANCES.len());
            let near = bucket.min(NEAR - 1);
            let places = &mut placed.places;
            sentence.places(at, |place| places.push((1 + side * SIDE + place) as u32));
            for place in
                [DISTANCE + bucket, ADJOINING + adjoining, ADJOINING_NEAR + near * NEIGHBOURS * NEIGHBOURS + adjoining]
            {
                places.push((1 + side * SIDE + place) as u32);
            }
            for (end, word) in ends.iter().enumerate() {
                let Some(word) = word else { continue };
                let first = CLOSED + word * OF_WORD + (end * 2 + side) * (1 + NEAR);
                places.extend([first as u32, (first + 1 + near) as u32]);
            }
            placed.sides.push(side as u8);
            placed.ends.push(placed.places.len() as u32);
        }
        placed
    }
}

/// A sentence and a cue, with running counts, so that what lies in between is a difference.
struct Between<'a, W> {
    tokens: &'a Tokens,
    words: &'a [W],
    cue: Run,
    cues: &'a [Run],
    /// For each token, how many before it are commas, other marks, quoted, unquoted, names, *that*, relative
    /// pronouns, the first token of another cue.
    before: Vec<[u32; 8]>,
}

impl<'a, W: AsRef<str>> Between<'a, W> {
    fn new(tokens: &'a Tokens, words: &'a [W], cue: Run, cues: &'a [Run]) -> Self {
        let mut sums = [0u32; 8];
        let mut before = Vec::with_capacity(words.len() + 1);
        before.push(sums);
        for (at, (token, word)) in tokens.tokens.iter().zip(words).enumerate() {
            let word = word.as_ref();
            let holds = [
                matches!(word, "," | "،"),
                matches!(word, ";" | "؛" | ":" | "." | "—" | "–" | "-"),
                token.quoted,
                !token.quoted,
                token.name,
                matches!(word, "that" | "ان" | "انه" | "انها" | "انهم"),
                matches!(word, "who" | "which" | "whose" | "الذي" | "التي" | "ذين"),
                cues.iter().any(|other| *other != cue && other.first == at),
            ];
            for (sum, holds) in sums.iter_mut().zip(holds) {
                *sum += u32::from(holds);
            }
            before.push(sums);
        }
        Self { tokens, words, cue, cues, before }
    }

    /// Calls `found` for the places of a token outside the cue, but those of distance and of the cue's words.
    fn places(&self, at: usize, mut found: impl FnMut(usize)) {
        let cue = self.cue;
        let (start, end) = if at < cue.first { (at + 1, cue.first) } else { (cue.end, at) };
        let between: [usize; 8] = std::array::from_fn(|i| (self.before[end][i] - self.before[start][i]) as usize);
        let [commas, marks, quoted, unquoted, names, conjunctions, relatives, cues] = between;
        let tokens = &self.tokens.tokens;
        let (here, there) = (tokens[at].quoted, tokens[cue.first].quoted);
        let bit = |holds: bool, value: usize| if holds { value } else { 0 };
        found(COMMAS + commas.min(3));
        found(CUES + cues.min(2));
        found(QUOTES + bit(here, 1) + bit(there, 2) + bit(quoted > 0, 4));
        found(NAMES + names.min(2));
        found(NEXT + self.neighbour(Some(at + 1)));
        let mut also = |place: usize, holds: bool| {
            if holds {
                found(place);
            }
        };
        also(IN_CUE, self.cues.iter().any(|other| *other != cue && (other.first..other.end).contains(&at)));
        also(MARKED, marks > 0);
        also(SAME_QUOTE + bit(unquoted > 0, 1), here && there);
        also(CONJUNCTION, conjunctions > 0);
        also(RELATIVE, relatives > 0);
        let clause = |word: &str| matches!(word, "," | "،" | ";" | "؛" | ":" | "." | "\"" | "“" | "”" | "«" | "»");
        also(CLAUSE, at == 0 || clause(self.words[at - 1].as_ref()));
    }

    /// What a token is to its neighbours; `None` and beyond the end is nothing.
    fn neighbour(&self, at: Option<usize>) -> usize {
        let Some((token, word)) = at.and_then(|at| self.tokens.tokens.get(at).zip(self.words.get(at))) else {
            return 0;
        };
        if token.name {
            return 1;
        }
        if !token.shape.is_punctuation() {
            return 2;
        }
        3 + MARKS.iter().position(|marks| marks.contains(&word.as_ref())).unwrap_or(MARKS.len())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::features::facts;
    use crate::text::{Span, Tokenizer};

    #[test]
    fn every_number_is_below_the_length_and_sides_are_told_apart() {
        let text = "Reporters, who said that it rained, said: no.";
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".to_owned(), "a".to_owned()]).unwrap();
        let tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        let words = facts::words(text, &tokens);
        let cues: Vec<Run> = (0..words.len())
            .filter(|i| words[*i] == "said")
            .map(|first| Run { first, end: first + 1, kind: 0 })
            .collect();
        let places = Places::count(cues.iter().map(|cue| (words.as_slice(), *cue)));
        for cue in &cues {
            let placed = places.of(&tokens, &words, *cue, &cues);
            assert_eq!(placed.sides.len(), words.len());
            assert!(placed.places.iter().all(|p| (*p as usize) < places.len()));
            assert!(placed.sides[..cue.first].iter().all(|s| usize::from(*s) == BEFORE));
            assert_eq!(placed.sides[cue.first], INSIDE);
            assert!(placed.sides[cue.end..].iter().all(|s| usize::from(*s) == AFTER));
        }
        assert_ne!(
            places.of(&tokens, &words, cues[0], &cues).places,
            places.of(&tokens, &words, cues[1], &cues).places
        );
    }
}
