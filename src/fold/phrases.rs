//! Numbers for words, and for runs of words that a table knows.
//!
//! In: the keys of a bundle's tables: word n-grams, pairs of words, known names. Out: a number for each of their words, and
//! for each run of such numbers the number of its key. Start at [`Words::new`] and [`Phrases::new`]. A word that no
//! table has is [`NONE`], so that a sentence's words are looked up once each, and runs of them by their numbers alone.

use crate::features::keys::Keys;
use rustc_hash::FxHashMap;

/// No word, or no key.
pub const NONE: u32 = u32::MAX;

/// The words of all tables.
#[derive(Debug, Clone, Default)]
pub struct Words {
    keys: Keys,
}

impl Words {
    /// The words of these phrases; within one, a space stands between two words.
    pub fn new<'a>(phrases: impl Iterator<Item = &'a str>) -> Self {
        let mut all: Vec<&str> = phrases.flat_map(|phrase| phrase.split(' ')).collect();
        all.sort_unstable();
        all.dedup();
        Self { keys: all.into_iter().collect() }
    }

    /// The number of a word; [`NONE`] of one that no table has.
    #[must_use]
    pub fn number(&self, word: &str) -> u32 {
        self.keys.number(word).unwrap_or(NONE)
    }
}

/// The phrases of one table.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    /// From a node and a word to the next node. The node of a phrase's first word is the word's number.
    steps: FxHashMap<(u32, u32), u32>,
    /// The first node that is no word's.
    first: u32,
    /// By node: the number of the phrase that ends there, or [`NONE`]; those of single words first.
    numbers: Vec<u32>,
}

impl Phrases {
    /// A table of phrases with their numbers.
    pub fn new<'a>(words: &Words, phrases: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let first = words.keys.len() as u32;
        let mut table = Self { steps: FxHashMap::default(), first, numbers: vec![NONE; first as usize] };
        for (phrase, number) in phrases {
            let mut parts = phrase.split(' ').map(|word| words.number(word));
            let mut node = parts.next().unwrap_or(NONE);
            for word in parts {
                let new = table.numbers.len() as u32;
                node = *table.steps.entry((node, word)).or_insert(new);
                if node == new {
                    table.numbers.push(NONE);
                }
            }
            if let Some(slot) = table.numbers.get_mut(node as usize) {
                *slot = number;
            }
        }
        table
    }

    /// The node after one more word; [`NONE`] if no phrase goes on so.
    #[must_use]
    pub fn step(&self, node: u32, word: u32) -> u32 {
        if node == NONE || word == NONE { NONE } else { self.steps.get(&(node, word)).copied().unwrap_or(NONE) }
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
    pub fn is_empty(&self) -> bool {
        self.numbers.iter().all(|number| *number == NONE) && self.first == self.numbers.len() as u32
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
