//! Numbers for words, and for runs of words that a table knows.
//!
//! In: the keys of a bundle's tables: word n-grams, pairs of words, known names. Out: a number for each of their words, and
//! for each run of such numbers the number of its key. Start at [`Words::new`] and [`Phrases::new`]. A word that no
//! table has is [`NONE`], so that a sentence's words are looked up once each, and runs of them by their numbers alone.

use super::steps::Steps;
use rustc_hash::FxHashMap;

/// No word, or no key.
pub const NONE: u32 = u32::MAX;

/// The words of all tables.
#[derive(Debug, Clone, Default)]
pub struct Words {
    numbers: FxHashMap<Box<str>, u32>,
}

impl Words {
    /// The words of these phrases; within one, a space stands between two words.
    pub fn new<'a>(phrases: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Self::default();
        for word in phrases.flat_map(|phrase| phrase.split(' ')) {
            let next = words.numbers.len() as u32;
            if !words.numbers.contains_key(word) {
                words.numbers.insert(word.into(), next);
            }
        }
        words
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number of a word; [`NONE`] of one that no table has.
    #[must_use]
    pub fn number(&self, word: &str) -> u32 {
        self.numbers.get(word).copied().unwrap_or(NONE)
    }
}

/// The phrases of one table.
#[derive(Debug, Clone)]
pub struct Phrases {
    /// From a node and a word to the next node. The node of a phrase's first word is the word's number.
    steps: Steps,
    /// How many phrases there are.
    length: usize,
    /// By node: the number of the phrase that ends there, or [`NONE`]; those of single words first.
    numbers: Vec<u32>,
}

impl Phrases {
    /// A table of phrases with their numbers.
    pub fn new<'a>(words: &Words, phrases: impl Iterator<Item = (&'a str, u32)> + Clone) -> Self {
        let steps = phrases.clone().map(|(phrase, _)| phrase.bytes().filter(|byte| *byte == b' ').count()).sum();
        let mut table = Self { steps: Steps::for_pairs(steps), length: 0, numbers: vec![NONE; words.numbers.len()] };
        for (phrase, number) in phrases {
            let mut parts = phrase.split(' ').map(|word| words.number(word));
            let mut node = parts.next().unwrap_or(NONE);
            for word in parts {
                let new = table.numbers.len() as u32;
                node = table.steps.get_or_insert(node, word, new);
                if node == new {
                    table.numbers.push(NONE);
                }
            }
            if let Some(slot) = table.numbers.get_mut(node as usize) {
                *slot = number;
                table.length += 1;
            }
        }
        table
    }

    /// Whether a phrase may go on with a word: false only of one that does not.
    #[must_use]
    pub fn may_go_on(&self, node: u32, word: u32) -> bool {
        self.steps.may_have(node, word) & (node != NONE) & (word != NONE)
    }

    /// The node after one more word; [`NONE`] if no phrase goes on so.
    #[must_use]
    pub fn step(&self, node: u32, word: u32) -> u32 {
        if node == NONE || word == NONE { NONE } else { self.steps.get(node, word) }
    }

    /// By node: the number of the phrase that ends there, or [`NONE`]; the words come first.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// The number of the phrase that ends at a node; [`NONE`] if none does.
    #[must_use]
    pub fn number(&self, node: u32) -> u32 {
        self.numbers.get(node as usize).copied().unwrap_or(NONE)
    }

    /// How many of the words that `word` gives, from 0, the longest phrase has that they begin with.
    pub fn longest(&self, word: impl Fn(usize) -> u32) -> usize {
        let (mut node, mut length, mut longest) = (word(0), 1, 0);
        while node != NONE {
            if self.number(node) != NONE {
                longest = length;
            }
            node = self.step(node, word(length));
            length += 1;
        }
        longest
    }

    /// Whether there is no phrase.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_has_its_number_and_no_part_of_it_has() {
        let words = Words::new(["new dam", "dam", "old new dam"].into_iter());
        let phrases = Phrases::new(&words, [("new dam", 4), ("old new dam", 7)].into_iter());
        let [old, new, dam] = ["old", "new", "dam"].map(|word| words.number(word));
        assert_eq!(phrases.number(phrases.step(new, dam)), 4);
        assert_eq!(phrases.number(phrases.step(phrases.step(old, new), dam)), 7);
        assert_eq!(phrases.number(phrases.step(old, new)), NONE);
        assert_eq!(phrases.number(dam), NONE);
        let text = [old, new, dam, NONE];
        assert_eq!(phrases.longest(|at| text[at.min(3)]), 3);
        assert_eq!(phrases.longest(|at| text[(at + 1).min(3)]), 2);
        assert_eq!(words.number("river"), NONE);
    }
}
