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
    /// The most that a step into a span or on in one is worth over one from outside to outside, and one out of a span, which
    /// at the end of a sentence is none.
    step_in: f32,
    step_out: f32,
}

/// Buffers of [`Steps::best`].
#[derive(Debug, Clone, Default)]
pub struct Paths {
    score: Vec<f32>,
    next: Vec<f32>,
    best: Vec<f32>,
    from: Vec<u32>,
    back: Vec<u8>,
    gains: Vec<f32>,
    bounds: Vec<f32>,
    labels: Vec<u8>,
}

/// What a bound may be off by rounding, and more.
const SLACK: f32 = 1e-2;

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
        let open: Vec<[[f32; 2]; 2]> = open.collect();
        let stay = step(OUTSIDE, OUTSIDE);
        let begins = closed.iter().flat_map(|from| free.iter().skip(1).map(|to| step(*from, *to)));
        let step_in = begins.chain(open.iter().flatten().flatten().copied()).fold(f32::NEG_INFINITY, f32::max) - stay;
        let ends = closed.iter().skip(1).map(|from| step(*from, OUTSIDE) - stay);
        let step_out = ends.fold(0.0, f32::max);
        Self { coding, closed, free, table, width, open, step_in, step_out }
    }

    /// The legal label sequence of the highest score; of equal ones the first in order of the labels. A label whose
    /// emission is −∞ is not taken.
    pub fn best<'p>(&self, emissions: &[f32], paths: &'p mut Paths) -> &'p [u8] {
        let labels = self.coding.labels();
        let length = emissions.len() / labels;
        paths.labels.clear();
        paths.labels.resize(length, OUTSIDE);
        self.bound(emissions, paths);
        let mut end = 0;
        while let Some(first) = (end..length).find(|at| paths.bounds[*at] > -SLACK) {
            end = (first..length).find(|at| paths.bounds[*at] <= -SLACK).unwrap_or(length);
            self.best_of(emissions, first..end, paths);
        }
        &paths.labels
    }

    /// For each token the most that a path gains by a span there over one that is outside instead: the largest sum of
    /// gains over tokens in a row with it among them (after Kadane; Bentley 1984). Where that is below 0 the best path
    /// is outside, and nothing else need be looked at.
    fn bound(&self, emissions: &[f32], paths: &mut Paths) {
        let labels = self.coding.labels();
        let gain = |emission: &[f32]| largest(&emission[1..]) - emission[usize::from(OUTSIDE)];
        paths.gains.clear();
        paths.gains.extend(emissions.chunks_exact(labels).map(|emission| gain(emission) + self.step_in));
        if let Some(first) = paths.gains.first_mut() {
            // Nothing is stepped from.
            *first += (-self.step_in).max(0.0);
        }
        let mut before = 0.0f32;
        paths.bounds.clear();
        for gain in &paths.gains {
            before = gain + before.max(0.0);
            paths.bounds.push(before + self.step_out);
        }
        let mut after = 0.0f32;
        for (bound, gain) in paths.bounds.iter_mut().zip(&paths.gains).rev() {
            *bound += after.max(0.0);
            after = gain + after.max(0.0);
        }
    }

    /// The best labels of some tokens in a row, those on either side of which are outside.
    fn best_of(&self, emissions: &[f32], tokens: std::ops::Range<usize>, paths: &mut Paths) {
        let labels = self.coding.labels();
        let is_last = tokens.end * labels == emissions.len();
        let Paths { score, next, best, from, back, labels: path, .. } = paths;
        let first = &emissions[tokens.start * labels..][..labels];
        score.clear();
        score.resize(labels, f32::NEG_INFINITY);
        for (label, step) in self.free.iter().map(|l| usize::from(*l)).zip(&self.table) {
            score[label] = first[label] + if tokens.start > 0 { *step } else { 0.0 };
        }
        next.clear();
        next.resize(labels, 0.0);
        best.resize(self.width, 0.0);
        from.resize(self.width, 0);
        back.clear();
        back.resize(tokens.len() * labels, OUTSIDE);
        let rows = emissions[tokens.start * labels..].chunks_exact(labels).zip(back.chunks_exact_mut(labels)).skip(1);
        for (emission, back) in rows.take(tokens.len() - 1) {
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
        let (mut label, mut most) = (OUTSIDE, f32::NEG_INFINITY);
        for (ending, steps) in self.closed.iter().zip(self.table.chunks_exact(self.width)) {
            let whole = score[usize::from(*ending)] + if is_last { 0.0 } else { steps[0] };
            if whole > most {
                (label, most) = (*ending, whole);
            }
        }
        for (at, back) in tokens.zip(back.chunks_exact(labels)).rev() {
            path[at] = label;
            label = back[usize::from(label)];
        }
    }
}

/// The largest of some numbers; −∞ of none.
fn largest(numbers: &[f32]) -> f32 {
    let mut most = [f32::NEG_INFINITY; LANES];
    let lanes = numbers.chunks_exact(LANES);
    let rest = lanes.remainder().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for lane in lanes {
        most.iter_mut().zip(lane).for_each(|(most, number)| *most = if number > most { *number } else { *most });
    }
    most.into_iter().fold(rest, f32::max)
}
