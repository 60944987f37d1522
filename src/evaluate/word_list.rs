//! A mere list of loaded words: the baseline that marking loaded terms has to beat.
//!
//! In: sentences as words in normal form, each inside a loaded term or not. Out: a [`WordList`] of those words
//! that are mostly loaded. Start at [`WordList::learn`].

use std::collections::{BTreeMap, BTreeSet};

/// A word that was loaded less often says little.
const FEWEST: usize = 2;

/// Words that are loaded at least twice, and in at least half of their appearances.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordList {
    words: BTreeSet<String>,
}

impl WordList {
    /// Learns from sentences: the words in normal form, and for each whether it stands in a loaded term. Where
    /// the two differ in length the rest of the longer one is passed over. The order of the sentences has no
    /// influence.
    pub fn learn<'a>(sentences: impl IntoIterator<Item = (&'a [String], &'a [bool])>) -> Self {
        let mut seen: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (word, loaded) in sentences.into_iter().flat_map(|(words, loaded)| words.iter().zip(loaded)) {
            let (inside, all) = seen.entry(word).or_default();
            *inside += usize::from(*loaded);
            *all += 1;
        }
        let mostly = seen.into_iter().filter(|(_, (inside, all))| *inside >= FEWEST && 2 * inside >= *all);
        Self { words: mostly.map(|(word, _)| word.to_owned()).collect() }
    }

    /// Whether the word, in normal form, is on the list.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// How many words are on the list.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(sentences: &[(&str, &[bool])]) -> WordList {
        let split: Vec<(Vec<String>, &[bool])> =
            sentences.iter().map(|(text, loaded)| (text.split(' ').map(str::to_owned).collect(), *loaded)).collect();
        WordList::learn(split.iter().map(|(words, loaded)| (words.as_slice(), *loaded)))
    }

    #[test]
    fn words_that_are_loaded_twice_and_in_half_of_their_appearances_are_listed() {
        let list = learn(&[
            ("vile plan so cruel", &[true, false, true, false]),
            ("vile plan so what", &[true, false, true, false]),
            ("so and so on", &[false, false, false, false]),
            ("vile and vile", &[false, false, false]),
        ]);
        assert!(list.contains("vile"), "2 of 4");
        assert!(list.contains("so"), "2 of 4");
        assert!(!list.contains("plan") && !list.contains("cruel") && !list.contains("on"));
        assert_eq!((list.len(), list.is_empty()), (2, false));
    }

    #[test]
    fn a_word_loaded_once_or_in_less_than_half_is_not_listed() {
        let list = learn(&[("odd far far far far far", &[true, true, true, false, false, false])]);
        assert!(list.is_empty());
    }
}
