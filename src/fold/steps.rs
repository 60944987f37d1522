//! From a pair of numbers to a number, exactly, by one look-up.
//!
//! In: pairs, such as a word and the next. Out: their numbers. Start at [`Steps::get`]. Most pairs of a text are in no table:
//! a bit for each of many buckets, small enough to stay in the cache, says so without a look at the table.

use super::phrases::NONE;

/// No pair: words without a number are in none.
const EMPTY: u64 = u64::MAX;

/// Buckets of the filter to a slot of the table.
const FINER: u32 = 3;

/// Pairs with their numbers; open addressing at a load of one half at most.
#[derive(Debug, Clone)]
pub struct Steps {
    /// One bit a bucket: whether a pair falls into it.
    filter: Vec<u64>,
    slots: Vec<Slot>,
    /// The logarithm of the number of slots.
    bits: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    value: u32,
}

impl Steps {
    /// A table for so many pairs.
    #[must_use]
    pub fn for_pairs(pairs: usize) -> Self {
        let bits = (2 * pairs).next_power_of_two().trailing_zeros().max(6);
        let slots = vec![Slot { key: EMPTY, value: NONE }; 1 << bits];
        Self { filter: vec![0; 1 << (bits + FINER - 6)], slots, bits }
    }

    /// Whether a pair falls into a bucket with any.
    #[must_use]
    pub fn may_have(&self, first: u32, second: u32) -> bool {
        let (word, bit) = self.bucket(key(first, second).1);
        self.filter[word] & bit != 0
    }

    /// The number of a pair; [`NONE`] of one without.
    #[must_use]
    pub fn get(&self, first: u32, second: u32) -> u32 {
        let (key, hash) = key(first, second);
        let (word, bit) = self.bucket(hash);
        if self.filter[word] & bit == 0 {
            return NONE;
        }
        let slot = self.slots[self.find(key, hash)];
        if slot.key == key { slot.value } else { NONE }
    }

    /// The number of a pair, which is `next` from now on if it had none. No more pairs than the table is for.
    pub fn get_or_insert(&mut self, first: u32, second: u32, next: u32) -> u32 {
        let (key, hash) = key(first, second);
        let at = self.find(key, hash);
        if self.slots[at].key == EMPTY {
            self.slots[at] = Slot { key, value: next };
            let (word, bit) = self.bucket(hash);
            self.filter[word] |= bit;
        }
        self.slots[at].value
    }

    fn bucket(&self, hash: u64) -> (usize, u64) {
        let bucket = hash >> (64 - self.bits - FINER);
        ((bucket / 64) as usize, 1 << (bucket % 64))
    }

    /// The pair's slot, or the empty one where it would stand.
    fn find(&self, key: u64, hash: u64) -> usize {
        let mut at = (hash >> (64 - self.bits)) as usize;
        while self.slots[at].key != key && self.slots[at].key != EMPTY {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }
}

/// A pair as one number, and its hash, whose upper bits count (Fibonacci hashing; Knuth 1973, 6.4).
fn key(first: u32, second: u32) -> (u64, u64) {
    let key = u64::from(first) << 32 | u64::from(second);
    (key, (key ^ key >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_its_own_number_and_no_other_has_one() {
        let mut steps = Steps::for_pairs(2_500);
        for first in 0..50 {
            for second in 0..50 {
                assert_eq!(steps.get_or_insert(first, second, first * 50 + second), first * 50 + second);
            }
        }
        assert_eq!(steps.get_or_insert(3, 4, 9_999), 154);
        for first in 0..60 {
            for second in 0..60 {
                let expected = if first < 50 && second < 50 { first * 50 + second } else { NONE };
                assert_eq!(steps.get(first, second), expected);
            }
        }
        assert_eq!(Steps::for_pairs(0).get(0, 0), NONE);
    }
}
