//! A table of strings with their numbers, in one piece of memory.
//!
//! In: strings. Out: the number of a string, exactly. A hundred thousand n-grams are read from a bundle
//! as one text and one list of ends, not as a hundred thousand allocations.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::hash::Hasher;

/// Strings in order of their numbers, 0 upward.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Keys {
    stored: Stored,
    index: HashTable<u32>,
}

/// The table as it stands in a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    text: String,
    ends: Vec<u32>,
}

impl Stored {
    /// The string of a number; empty beyond the last and where the ends do not fit the text.
    fn key(&self, number: u32) -> &str {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(u32::MAX) };
        let end = self.ends.get(at).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}

impl From<Stored> for Keys {
    fn from(stored: Stored) -> Self {
        let mut index = HashTable::with_capacity(stored.ends.len());
        for number in (0..).take(stored.ends.len()) {
            index.insert_unique(hash(stored.key(number)), number, |n| hash(stored.key(*n)));
        }
        Self { stored, index }
    }
}

impl From<Keys> for Stored {
    fn from(keys: Keys) -> Self {
        keys.stored
    }
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored
    }
}

impl<S: AsRef<str>> FromIterator<S> for Keys {
    /// Numbers the strings in the order they come; they must all be different.
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut stored = Stored::default();
        for string in strings {
            stored.text.push_str(string.as_ref());
            stored.ends.push(stored.text.len() as u32);
        }
        stored.into()
    }
}

impl Keys {
    /// The number of a string.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u32> {
        self.index.find(hash(key), |number| self.stored.key(*number) == key).copied()
    }

    /// The strings, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..).take(self.len()).map(|number| self.stored.key(number))
    }

    /// How many strings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.ends.is_empty()
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    hasher.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_string_has_its_own_number_and_no_other_string_has_one() {
        let keys: Keys = ["w", "wthe", "wthe cat", "cthe", "cأمس"].into_iter().collect();
        assert_eq!(keys.number("wthe cat"), Some(2));
        assert_eq!(keys.number("cأمس"), Some(4));
        assert_eq!(keys.number("wth"), None);
        assert_eq!(keys.number(""), None);
    }

    #[test]
    fn stored_and_read_again_it_is_the_same() {
        let keys: Keys = ["a", "bc", "d"].into_iter().collect();
        let bytes = postcard::to_stdvec(&keys).unwrap();
        let again: Keys = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(again, keys);
        assert_eq!(again.number("bc"), Some(1));
    }

    #[test]
    fn ends_that_do_not_fit_the_text_give_no_key_and_no_panic() {
        let bytes = postcard::to_stdvec(&Stored { text: "aé".to_owned(), ends: vec![2, 1, 99, u32::MAX] }).unwrap();
        let keys: Keys = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(keys.number("é"), None);
    }
}
