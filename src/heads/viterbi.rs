//! The best label sequence for a sentence's emissions (Viterbi 1967), without allocating in a loop.
//!
//! In: emissions, tokens × labels. Out: one label a token. Start at [`Steps::best`]. A span that is open goes on or ends; all
//! other labels follow each other freely. So of labels × labels steps few are legal, and those into one label that are
//! not of an open span are compared side by side.

use super::coding::{Coding, OUTSIDE};

/// The legal steps from label to label, and what each is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    coding: Coding,
    /// Labels after which a span may begin, in ascending order: outside, and the ends of spans.
    closed: Vec<u8>,
    /// Labels that may follow those, in ascending order: outside, and the beginnings of spans.
    free: Vec<u8>,
    /// Of each closed label, what the step to each free one is worth; rows of `width`, filled up with −∞.
    table: Vec<f32>,
    width: usize,
    /// Of each kind, what the steps from begin and inside are worth: to inside, and to end.
    open: Vec<[[f32; 2]; 2]>,
}

/// Buffers of [`Steps::best`].
#[derive(Debug, Clone, Default)]
pub struct Paths {
    score: Vec<f32>,
    next: Vec<f32>,
    best: Vec<f32>,
    from: Vec<u32>,
    back: Vec<u8>,
    labels: Vec<u8>,
}

/// Numbers that are compared side by side.
const LANES: usize = 4;

impl Steps {
    /// The steps of a coding, given from-label × to-label transitions.
    #[must_use]
    pub fn new(coding: Coding, transitions: &[f32]) -> Self {
        let labels = coding.labels();
        let all = || 0..labels as u8;
        let closed: Vec<u8> = all().filter(|l| coding.may_end(*l)).collect();
        let free: Vec<u8> = all().filter(|l| coding.may_begin(*l)).collect();
        let step = |from: u8, to: u8| {
            transitions.get(usize::from(from) * labels + usize::from(to)).copied().unwrap_or(f32::NEG_INFINITY)
        };
        let width = free.len().next_multiple_of(LANES);
        let row = |from: &u8| {
            let mut row: Vec<f32> = free.iter().map(|to| step(*from, *to)).collect();
            row.resize(width, f32::NEG_INFINITY);
            row
        };
        let table = closed.iter().flat_map(row).collect();
        let open = (0..coding.kinds() as u8).map(|kind| {
            let [begin, inside, end] = coding.open_labels(kind);
            [[step(begin, inside), step(inside, inside)], [step(begin, end), step(inside, end)]]
        });
        let open = open.collect();
        Self { coding, closed, free, table, width, open }
    }

    /// The legal label sequence of the highest score; of equal ones the first in order of the labels. A label whose
    /// emission is −∞ is not taken.
    pub fn best<'p>(&self, emissions: &[f32], paths: &'p mut Paths) -> &'p [u8] {
        let labels = self.coding.labels();
        let length = emissions.len() / labels;
        let Paths { score, next, best, from, back, labels: path } = paths;
        path.clear();
        path.resize(length, OUTSIDE);
        let Some(first) = emissions.get(..labels) else { return path };
        score.clear();
        score.resize(labels, f32::NEG_INFINITY);
        for label in self.free.iter().map(|l| usize::from(*l)) {
            score[label] = first[label];
        }
        next.clear();
        next.resize(labels, 0.0);
        best.resize(self.width, 0.0);
        from.resize(self.width, 0);
        back.clear();
        back.resize(length * labels, OUTSIDE);
        for at in 1..length {
            let emission = &emissions[at * labels..][..labels];
            let back = &mut back[at * labels..][..labels];
            best.fill(f32::NEG_INFINITY);
            from.fill(0);
            for (before, row) in self.closed.iter().zip(self.table.chunks_exact(self.width)) {
                let score = score[usize::from(*before)];
                let before = u32::from(*before);
                for ((best, from), step) in best.iter_mut().zip(from.iter_mut()).zip(row) {
                    let through = score + step;
                    let better = through > *best;
                    *best = if better { through } else { *best };
                    *from = if better { before } else { *from };
                }
            }
            for ((to, best), from) in self.free.iter().zip(best.iter()).zip(from.iter()) {
                let to = usize::from(*to);
                next[to] = best + emission[to];
                back[to] = *from as u8;
            }
            for (kind, steps) in self.open.iter().enumerate() {
                let [begin, inside, end] = self.coding.open_labels(kind as u8);
                for (to, [from_begin, from_inside]) in [inside, end].into_iter().zip(steps) {
                    let first = score[usize::from(begin)] + from_begin;
                    let second = score[usize::from(inside)] + from_inside;
                    let (found, before) = if second > first { (second, inside) } else { (first, begin) };
                    next[usize::from(to)] = found + emission[usize::from(to)];
                    back[usize::from(to)] = before;
                }
            }
            std::mem::swap(score, next);
        }
        let mut label = OUTSIDE;
        for ending in &self.closed {
            if score[usize::from(*ending)] > score[usize::from(label)] {
                label = *ending;
            }
        }
        for at in (0..length).rev() {
            path[at] = label;
            label = back[at * labels + usize::from(label)];
        }
        path
    }
}
