//! Words by their spelling: an exact look-up that reads one line of memory.
//!
//! In: a word's bytes, and those that follow it in the text. Out: the number that it was given. Start at [`Spellings::get`].
//! Words of sixteen bytes or fewer, which nearly all are, are their own keys; longer ones are compared with their text.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Bytes of a key.
const SHORT: usize = 16;

/// The numbers of words.
#[derive(Debug, Clone, Default)]
pub struct Spellings {
    /// Open addressing at a load of one half at most; the length is a power of two, or 0.
    slots: Vec<Slot>,
    used: usize,
    long: HashTable<Long>,
    text: String,
}

/// A short word, filled up with zeros, and its length; 0 for an empty slot.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u128,
    length: u32,
    number: u32,
}

/// A long word, by its place in the text.
#[derive(Debug, Clone, Copy)]
struct Long {
    start: u32,
    end: u32,
    number: u32,
}

impl Spellings {
    /// The number of the word that stands at `start..end` of a text.
    #[must_use]
    pub fn get(&self, text: &str, start: usize, end: usize) -> Option<u32> {
        let bytes = text.as_bytes();
        if end - start > SHORT {
            let word = &text[start..end];
            return self.long.find(hash_long(word), |long| self.of(*long) == word).map(|long| long.number);
        }
        if self.slots.is_empty() {
            return None;
        }
        let (key, length) = (key(bytes, start, end), (end - start) as u32);
        let slot = self.slots[self.find(key, length)];
        (slot.length > 0).then_some(slot.number)
    }

    /// Gives a word a number; one that has none yet, and is not empty.
    pub fn insert(&mut self, word: &str, number: u32) {
        if word.len() > SHORT {
            let start = self.text.len() as u32;
            self.text.push_str(word);
            let long = Long { start, end: self.text.len() as u32, number };
            let text = &self.text;
            let of = |long: &Long| hash_long(text.get(long.start as usize..long.end as usize).unwrap_or_default());
            self.long.insert_unique(hash_long(word), long, of);
            return;
        }
        if 2 * (self.used + 1) > self.slots.len() {
            self.grow();
        }
        let (key, length) = (key(word.as_bytes(), 0, word.len()), word.len() as u32);
        let at = self.find(key, length);
        self.slots[at] = Slot { key, length, number };
        self.used += 1;
    }

    /// Forgets all words, and keeps the memory.
    pub fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.used = 0;
        self.long.clear();
        self.text.clear();
    }

    fn of(&self, long: Long) -> &str {
        self.text.get(long.start as usize..long.end as usize).unwrap_or_default()
    }

    fn grow(&mut self) {
        let length = (2 * self.slots.len()).max(1 << 10);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); length]);
        for slot in old.into_iter().filter(|slot| slot.length > 0) {
            let at = self.find(slot.key, slot.length);
            self.slots[at] = slot;
        }
    }

    /// The word's slot, or the empty one where it would stand.
    fn find(&self, key: u128, length: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(key, length) as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.length == 0 || slot.key == key && slot.length == length {
                return at;
            }
            at = (at + 1) & mask;
        }
    }
}

/// The bytes of a word as one number. They are read with those that follow, where the text is long enough.
fn key(bytes: &[u8], start: usize, end: usize) -> u128 {
    let length = end - start;
    match bytes.get(start..start + SHORT).and_then(|all| all.try_into().ok()) {
        Some(all) => u128::from_le_bytes(all) & (u128::MAX >> (8 * (SHORT - length))),
        None => {
            let mut all = [0; SHORT];
            all[..length].copy_from_slice(&bytes[start..end]);
            u128::from_le_bytes(all)
        }
    }
}

/// Both halves multiplied, the product folded (as in wyhash; Wang Yi 2019).
fn hash(key: u128, length: u32) -> u64 {
    let (low, high) = (key as u64, (key >> 64) as u64);
    let product =
        u128::from(low ^ 0xa076_1d64_78bd_642f) * u128::from(high ^ u64::from(length) ^ 0xe703_7ed1_a0b4_28db);
    product as u64 ^ (product >> 64) as u64
}

fn hash_long(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_own_number_wherever_it_stands() {
        let mut words: Vec<String> = (0..4_000).map(|i| format!("{}{i}", "w".repeat(i % 23))).collect();
        words.extend(["a", "a\0", "a\0\0", "\0", "قال", "abcdefghijklmnop", "abcdefghijklmnopq"].map(str::to_owned));
        let mut spellings = Spellings::default();
        assert_eq!(spellings.get("a", 0, 1), None);
        for (number, word) in (0..).zip(&words) {
            assert_eq!(spellings.get(word, 0, word.len()), None, "{word}");
            spellings.insert(word, number);
        }
        for (number, word) in (0..).zip(&words) {
            assert_eq!(spellings.get(word, 0, word.len()), Some(number));
            let within = format!("x{word} and more text after it");
            assert_eq!(spellings.get(&within, 1, 1 + word.len()), Some(number));
        }
        spellings.clear();
        assert_eq!(spellings.get(&words[7], 0, words[7].len()), None);
    }
}
