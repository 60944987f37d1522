//! How many spans were found, how many of these are right, and how many there are to find.
//!
//! In: gold and found spans of one sentence. Out: a [`Tally`], which adds up over sentences and gives
//! precision, recall and F1. Three notions of right: [`Tally::exact`], [`Tally::overlapping`] and
//! [`Tally::words`]. Start at [`Tally`].

use std::collections::BTreeMap;

use crate::text::Span;

/// Counts of one kind of mark. Right and met are apart, since two found spans may overlap one gold span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// How many were found.
    pub found: u64,
    /// How many of those found are right.
    pub right: u64,
    /// How many there are.
    pub gold: u64,
    /// How many of those there are were found.
    pub met: u64,
}

impl Tally {
    /// A found mark is right if the very same mark is in gold. Each gold mark makes one found mark right, so
    /// marks that occur several times are matched one to one.
    pub fn exact<T: Ord>(gold: &[T], found: &[T]) -> Self {
        let mut left: BTreeMap<&T, u64> = BTreeMap::new();
        for mark in gold {
            *left.entry(mark).or_default() += 1;
        }
        let mut right = 0;
        for mark in found {
            if let Some(times) = left.get_mut(mark).filter(|times| **times > 0) {
                *times -= 1;
                right += 1;
            }
        }
        Self { found: found.len() as u64, right, gold: gold.len() as u64, met: right }
    }

    /// A found mark is right if `meets` holds for it and any gold mark; a gold mark is met if it holds for it
    /// and any found one.
    pub fn meeting<T>(gold: &[T], found: &[T], meets: impl Fn(&T, &T) -> bool) -> Self {
        let count = |of: usize| of as u64;
        Self {
            found: count(found.len()),
            right: count(found.iter().filter(|f| gold.iter().any(|g| meets(g, f))).count()),
            gold: count(gold.len()),
            met: count(gold.iter().filter(|g| found.iter().any(|f| meets(g, f))).count()),
        }
    }

    /// A found span is right if it shares a byte with a gold span.
    pub fn overlapping(gold: &[Span], found: &[Span]) -> Self {
        Self::meeting(gold, found, |gold, found| gold.overlaps(*found))
    }

    /// Word by word: a word is marked if it shares a byte with a span.
    pub fn words(words: &[Span], gold: &[Span], found: &[Span]) -> Self {
        let mut tally = Self::default();
        for word in words {
            let marked = |spans: &[Span]| u64::from(spans.iter().any(|span| span.overlaps(*word)));
            let (gold, found) = (marked(gold), marked(found));
            tally.gold += gold;
            tally.found += found;
            tally.right += gold * found;
        }
        tally.met = tally.right;
        tally
    }

    /// Adds `other`, `times` over.
    pub fn add(&mut self, other: Self, times: u64) {
        self.found += other.found * times;
        self.right += other.right * times;
        self.gold += other.gold * times;
        self.met += other.met * times;
    }

    /// Share of the found that is right; `None` where nothing was found.
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.found)
    }

    /// Share of gold that was found; `None` where there is none.
    pub fn recall(self) -> Option<f64> {
        share(self.met, self.gold)
    }

    /// Harmonic mean of precision and recall, of which one that is undefined counts as 0; `None` where nothing
    /// was found and there is nothing to find.
    pub fn f1(self) -> Option<f64> {
        let (precision, recall) = match (self.precision(), self.recall()) {
            (None, None) => return None,
            (precision, recall) => (precision.unwrap_or(0.0), recall.unwrap_or(0.0)),
        };
        let sum = precision + recall;
        Some(if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 })
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(usize, usize)]) -> Vec<Span> {
        pairs.iter().map(|&(start, end)| Span::new(start, end)).collect()
    }

    #[test]
    fn the_same_span_twice_is_matched_one_to_one() {
        let twice = spans(&[(0, 3), (0, 3)]);
        let once = spans(&[(0, 3)]);
        assert_eq!(Tally::exact(&twice, &once), Tally { found: 1, right: 1, gold: 2, met: 1 });
        assert_eq!(Tally::exact(&once, &twice), Tally { found: 2, right: 1, gold: 1, met: 1 });
        assert_eq!(Tally::exact(&twice, &twice), Tally { found: 2, right: 2, gold: 2, met: 2 });
    }

    #[test]
    fn two_found_spans_may_overlap_one_gold_span() {
        let tally = Tally::overlapping(&spans(&[(0, 9), (20, 22)]), &spans(&[(1, 3), (4, 12), (15, 20)]));
        assert_eq!(tally, Tally { found: 3, right: 2, gold: 2, met: 1 });
        assert_eq!((tally.precision(), tally.recall()), (Some(2.0 / 3.0), Some(0.5)));
        assert!((tally.f1().unwrap() - 4.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_word_counts_if_a_span_touches_any_of_it() {
        let words = spans(&[(0, 3), (4, 8), (9, 12)]);
        let tally = Tally::words(&words, &spans(&[(0, 5)]), &spans(&[(4, 8), (5, 8)]));
        assert_eq!(tally, Tally { found: 1, right: 1, gold: 2, met: 1 });
    }

    #[test]
    fn nothing_found_and_nothing_to_find_is_undefined_but_nothing_right_is_zero() {
        let none = Tally::default();
        assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
        let missed = Tally { gold: 2, ..none };
        assert_eq!((missed.precision(), missed.recall(), missed.f1()), (None, Some(0.0), Some(0.0)));
    }
}
