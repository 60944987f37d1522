//! How spans are written as one label a token: outside, or the begin, inside or end of a span of some kind, or
//! a span of one token (BIOES; Ratinov & Roth 2009).
//!
//! In: [`Run`]s of tokens. Out: labels, and back. Start at [`Coding`]. Label 0 is outside; the four labels of
//! kind k are 1 + 4k to 4 + 4k: begin, inside, end, single.

use serde::{Deserialize, Serialize};

/// The label of a token outside every span.
pub const OUTSIDE: u8 = 0;

/// Labels a kind has.
pub const PARTS: usize = 4;
const BEGIN: u8 = 0;
const INSIDE: u8 = 1;
const END: u8 = 2;
const SINGLE: u8 = 3;

/// No more kinds have room in a label.
const MOST_KINDS: u8 = 16;

/// A run of tokens of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Run {
    /// Its first token.
    pub first: usize,
    /// One past its last token.
    pub end: usize,
    /// Its kind.
    pub kind: u8,
}

/// The labels of spans of so many kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    kinds: u8,
}

impl Run {
    /// The same run, `by` tokens later.
    #[must_use]
    pub fn moved(self, by: usize) -> Self {
        Self { first: self.first + by, end: self.end + by, ..self }
    }
}

impl Coding {
    /// The labels of spans of `kinds` kinds, 1 to 16.
    #[must_use]
    pub fn new(kinds: usize) -> Self {
        Self { kinds: u8::try_from(kinds).unwrap_or(MOST_KINDS).clamp(1, MOST_KINDS) }
    }

    /// Whether the number of kinds is one that [`Coding::new`] gives.
    #[must_use]
    pub fn is_whole(self) -> bool {
        (1..=MOST_KINDS).contains(&self.kinds)
    }

    /// How many kinds there are.
    #[must_use]
    pub fn kinds(self) -> usize {
        usize::from(self.kinds)
    }

    /// How many labels there are.
    #[must_use]
    pub fn labels(self) -> usize {
        1 + PARTS * self.kinds()
    }

    /// The label of a token `at` in the run, were the run of kind `kind`.
    #[must_use]
    pub fn label(self, run: Run, at: usize, kind: usize) -> u8 {
        let part = match (at == run.first, at + 1 == run.end) {
            (true, true) => SINGLE,
            (true, false) => BEGIN,
            (false, true) => END,
            (false, false) => INSIDE,
        };
        1 + PARTS as u8 * kind as u8 + part
    }

    /// The four labels of a kind.
    #[must_use]
    pub fn labels_of(self, kind: u8) -> std::ops::Range<usize> {
        let first = 1 + PARTS * usize::from(kind);
        first..first + PARTS
    }

    /// Begin, inside and end of a kind.
    #[must_use]
    pub const fn open_labels(self, kind: u8) -> [u8; 3] {
        let first = 1 + PARTS as u8 * kind;
        [first + BEGIN, first + INSIDE, first + END]
    }

    /// Whether a token labelled `to` may follow one labelled `from`.
    #[must_use]
    pub fn is_legal(self, from: u8, to: u8) -> bool {
        match (part(from), part(to)) {
            (Some((kind, BEGIN | INSIDE)), Some((next, INSIDE | END))) => kind == next,
            (Some((_, BEGIN | INSIDE)), _) => false,
            (_, to) => !matches!(to, Some((_, INSIDE | END))),
        }
    }

    /// Whether a sentence may begin with this label.
    #[must_use]
    pub fn may_begin(self, label: u8) -> bool {
        self.is_legal(OUTSIDE, label)
    }

    /// Whether a sentence may end with this label.
    #[must_use]
    pub fn may_end(self, label: u8) -> bool {
        self.is_legal(label, OUTSIDE)
    }

    /// The labels of `length` tokens with these runs. A run that overlaps an earlier one is left out.
    #[must_use]
    pub fn encode(self, runs: &[Run], length: usize) -> Vec<u8> {
        let mut labels = vec![OUTSIDE; length];
        for run in runs {
            let free = labels.get(run.first..run.end).is_some_and(|l| l.iter().all(|l| *l == OUTSIDE));
            if free && run.first < run.end && usize::from(run.kind) < self.kinds() {
                for (at, label) in labels[run.first..run.end].iter_mut().enumerate() {
                    *label = self.label(*run, run.first + at, usize::from(run.kind));
                }
            }
        }
        labels
    }

    /// The runs of a legal label sequence, in order.
    #[must_use]
    pub fn decode(self, labels: &[u8]) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut first = 0;
        for (at, label) in labels.iter().enumerate() {
            let Some((kind, part)) = part(*label) else { continue };
            if matches!(part, BEGIN | SINGLE) {
                first = at;
            }
            if matches!(part, END | SINGLE) {
                runs.push(Run { first, end: at + 1, kind });
            }
        }
        runs
    }
}

/// Kind and part of a label; `None` outside.
fn part(label: u8) -> Option<(u8, u8)> {
    label.checked_sub(1).map(|l| (l / PARTS as u8, l % PARTS as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_back_as_they_were_encoded() {
        let coding = Coding::new(3);
        let runs =
            [Run { first: 0, end: 1, kind: 2 }, Run { first: 1, end: 4, kind: 0 }, Run { first: 5, end: 7, kind: 2 }];
        let labels = coding.encode(&runs, 8);
        assert_eq!(coding.decode(&labels), runs);
        assert!(coding.may_begin(labels[0]) && coding.may_end(labels[7]));
        assert!(labels.windows(2).all(|pair| coding.is_legal(pair[0], pair[1])));
    }

    #[test]
    fn a_span_is_not_left_open_and_does_not_change_its_kind() {
        let coding = Coding::new(2);
        let all = || 0..coding.labels() as u8;
        for (from, to) in all().flat_map(|from| all().map(move |to| (from, to))) {
            let open = matches!(part(from), Some((_, BEGIN | INSIDE)));
            let goes_on = matches!(part(to), Some((_, INSIDE | END)));
            let same = part(from).map(|p| p.0) == part(to).map(|p| p.0);
            assert_eq!(coding.is_legal(from, to), open == goes_on && (!open || same), "{from} {to}");
        }
    }

    #[test]
    fn an_overlapping_run_is_left_out() {
        let coding = Coding::new(1);
        let runs = [Run { first: 0, end: 2, kind: 0 }, Run { first: 1, end: 3, kind: 0 }];
        assert_eq!(coding.decode(&coding.encode(&runs, 3)), runs[..1]);
    }
}
