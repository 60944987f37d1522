//! A fixed piece of work that no change of the program touches: how fast the machine is just now.
//!
//! In: nothing. Out: a number that hangs on every step. Start at [`Reference::run`]. It is timed in each round beside
//! the program, so that two runs can be compared although the machine was slower in one of them. Like scoring it looks
//! rows up in a table, where the next one hangs on the last, and adds.

use std::hint::black_box;

/// Entries of the table: 256 KiB, more than the nearest cache holds.
const ENTRIES: usize = 1 << 15;

/// Look-ups in one run: a millisecond or two, less than a busy system lets a thread run on end.
const STEPS: u64 = 1 << 18;

/// An odd multiplier that mixes all bits (Steele & Vigna 2021).
const MIX: u64 = 0xd134_2543_de82_ef95;

/// The table.
#[derive(Debug)]
pub struct Reference {
    table: Vec<u64>,
}

impl Default for Reference {
    fn default() -> Self {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(MIX).wrapping_add(1);
            state ^ (state >> 29)
        };
        Self { table: (0..ENTRIES).map(|_| next()).collect() }
    }
}

impl Reference {
    /// Does the work once; the same number every time.
    #[must_use]
    pub fn run(&self) -> u64 {
        let mut sum = 0_u64;
        for step in 0..black_box(STEPS) {
            let at = (sum ^ step) as usize % ENTRIES;
            sum = sum.rotate_left(7).wrapping_add(self.table.get(at).copied().unwrap_or_default()).wrapping_mul(MIX);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_does_the_same_work() {
        assert_eq!(Reference::default().run(), Reference::default().run());
    }
}
