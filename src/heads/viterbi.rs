//! The best label sequence for a sentence's emissions (Viterbi 1967), without allocating in a loop.
//!
//! In: emissions, tokens × labels. Out: one label a token. Start at [`Steps::best`]. A span that is open goes on or ends; all
//! other labels follow each other freely. So of labels × labels steps few are legal, and those into one label that are
//! not of an open span are compared side by side.

use super::coding::{Coding, OUTSIDE, PARTS, Run};

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
    /// All steps, from-label × to-label.
    steps: Vec<f32>,
    any: Any,
}

/// What a step is worth at most, whatever the kinds, over one from outside to outside.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Any {
    /// From outside to begin and to single.
    enter: [f32; 2],
    /// From end and from single to outside.
    leave: [f32; 2],
    /// From end and from single, to begin and to single.
    next: [[f32; 2]; 2],
    /// From begin and from inside, to inside and to end.
    open: [[f32; 2]; 2],
}

/// Buffers of [`Steps::best`].
#[derive(Debug, Clone, Default)]
pub struct Paths {
    score: Vec<f32>,
    next: Vec<f32>,
    best: Vec<f32>,
    from: Vec<u32>,
    back: Vec<u8>,
    /// By token, what its best begin, inside, end and single are worth over outside.
    gains: Vec<[f32; PARTS]>,
    /// By token, what the best path to outside, begin, inside, end and single is worth.
    before: Vec<[f32; PARTS + 1]>,
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
        let of_part = |part: usize| (0..coding.kinds() as u8).map(move |kind| 1 + PARTS as u8 * kind + part as u8);
        let stay = step(OUTSIDE, OUTSIDE);
        let most = |from: &[u8], to: &[u8]| {
            let legal = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
            let worth = legal.filter(|(from, to)| coding.is_legal(*from, *to)).map(|(from, to)| step(from, to));
            worth.fold(f32::NEG_INFINITY, f32::max) - stay
        };
        let [begin, inside, end, single]: [Vec<u8>; PARTS] = std::array::from_fn(|part| of_part(part).collect());
        let any = Any {
            enter: [&begin, &single].map(|to| most(&[OUTSIDE], to)),
            leave: [&end, &single].map(|from| most(from, &[OUTSIDE])),
            next: [&end, &single].map(|from| [&begin, &single].map(|to| most(from, to))),
            open: [&begin, &inside].map(|from| [&inside, &end].map(|to| most(from, to))),
        };
        Self { coding, closed, free, table, width, open, steps: transitions.to_vec(), any }
    }

    /// The legal label sequence of the highest score; of equal ones the first in order of the labels. A label whose
    /// emission is −∞ is not taken.
    pub fn best<'p>(&self, emissions: &[f32], paths: &'p mut Paths) -> &'p [u8] {
        let labels = self.coding.labels();
        let length = emissions.len() / labels;
        paths.labels.clear();
        paths.labels.resize(length, OUTSIDE);
        self.bound(emissions, paths);
        let reached = self.feasible(emissions, paths) - SLACK;
        let mut end = 0;
        while let Some(first) = (end..length).find(|at| paths.bounds[*at] >= reached) {
            end = (first..length).find(|at| paths.bounds[*at] < reached).unwrap_or(length);
            self.best_of(emissions, first..end, paths);
        }
        &paths.labels
    }

    /// For each token the most that a path which has a span there can be worth, over the path without any span: that of the
    /// chain in which a span's kind may change from token to token. Where that is less than some path is worth, the best path
    /// is outside, and nothing else need be looked at.
    fn bound(&self, emissions: &[f32], paths: &mut Paths) {
        let Paths { gains, before, bounds, .. } = paths;
        gains.clear();
        for emission in emissions.chunks_exact(self.coding.labels()) {
            let mut most = [f32::NEG_INFINITY; PARTS];
            for kind in emission[1..].chunks_exact(PARTS) {
                most.iter_mut().zip(kind).for_each(|(most, e)| *most = if *e > *most { *e } else { *most });
            }
            gains.push(most.map(|most| most - emission[usize::from(OUTSIDE)]));
        }
        let Any { enter, leave, next, open } = self.any;
        let later = |a: f32, b: f32| if b > a { b } else { a };
        before.clear();
        let mut last: Option<[f32; PARTS + 1]> = None;
        for &[begin, inside, end, single] in &*gains {
            let here = match last {
                None => [0.0, begin, f32::NEG_INFINITY, f32::NEG_INFINITY, single],
                Some([o, b, i, e, s]) => {
                    let closed: f32 = later(o, later(e + leave[0], s + leave[1]));
                    let opened = |to: usize| later(o + enter[to], later(e + next[0][to], s + next[1][to]));
                    let through = |to: usize| later(b + open[0][to], i + open[1][to]);
                    [closed, opened(0) + begin, through(0) + inside, through(1) + end, opened(1) + single]
                }
            };
            before.push(here);
            last = Some(here);
        }
        bounds.clear();
        bounds.resize(gains.len(), f32::NEG_INFINITY);
        let mut after = [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY, 0.0, 0.0];
        for at in (0..gains.len()).rev() {
            let parts = before[at].iter().zip(after).skip(1);
            bounds[at] = parts.fold(f32::NEG_INFINITY, |most, (before, after)| later(most, before + after));
            let [begin, inside, end, single] = gains[at];
            let [o, b, i, e, s] = after;
            let (b, i, e, s) = (b + begin, i + inside, e + end, s + single);
            let onward = |steps: [f32; 2]| later(b + steps[0], s + steps[1]);
            let through = |steps: [f32; 2]| later(i + steps[0], e + steps[1]);
            after = [
                later(o, onward(enter)),
                through(open[0]),
                through(open[1]),
                later(o + leave[0], onward(next[0])),
                later(o + leave[1], onward(next[1])),
            ];
        }
    }

    /// What a good path is worth over the path without any span: that which is best where kinds may change, each span being
    /// of the kind that suits it best.
    fn feasible(&self, emissions: &[f32], paths: &Paths) -> f32 {
        let (labels, length) = (self.coding.labels(), paths.gains.len());
        let (mut worth, mut last, mut at) = (0.0f32, OUTSIDE, 0);
        let step = |from: u8, to: u8| self.steps[usize::from(from) * labels + usize::from(to)] - self.steps[0];
        // The tokens that a span must hold for the bound to be reached; of all spans there only one is tried.
        let most = paths.bounds.iter().copied().fold(0.0f32, f32::max);
        while at < length {
            if paths.bounds[at] < most - SLACK {
                if last != OUTSIDE {
                    worth += step(last, OUTSIDE);
                    last = OUTSIDE;
                }
                at += 1;
                continue;
            }
            let end = (at..length).find(|i| paths.bounds[*i] < most - SLACK).unwrap_or(length);
            let of_kind = |kind: usize| {
                let run = Run { first: at, end, kind: kind as u8 };
                let label = |i: usize| self.coding.label(run, i, kind);
                let emission = |i: usize| emissions[i * labels + usize::from(label(i))] - emissions[i * labels];
                let steps: f32 = (at + 1..end).map(|i| step(label(i - 1), label(i))).sum();
                let entered = if at > 0 { step(OUTSIDE, label(at)) } else { 0.0 };
                ((at..end).map(emission).sum::<f32>() + steps + entered, label(end - 1))
            };
            let kinds = (0..self.coding.kinds()).map(of_kind);
            let (gain, ending) = kinds.fold((f32::NEG_INFINITY, OUTSIDE), |a, b| if b.0 > a.0 { b } else { a });
            worth += gain;
            last = ending;
            at = end;
        }
        worth.max(0.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from −1 to 1 in a fixed disorder.
    fn noise(seed: u64) -> impl FnMut() -> f32 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        }
    }

    #[test]
    fn what_is_left_out_by_the_bound_changes_no_label() {
        let mut spans = 0;
        for seed in 0..400 {
            let mut noise = noise(seed);
            let coding = Coding::new(1 + seed as usize % 4);
            let labels = coding.labels();
            let transitions: Vec<f32> = (0..labels * labels).map(|_| 2.0 * noise()).collect();
            let length = 1 + seed as usize % 50;
            let mut emissions: Vec<f32> = (0..length * labels).map(|_| 4.0 * noise()).collect();
            for emission in emissions.chunks_exact_mut(labels) {
                // Most tokens are outside, and some are barred.
                emission[0] += 3.0 + 3.0 * noise();
                if noise() > 0.9 {
                    emission[1..].fill(f32::NEG_INFINITY);
                }
            }
            let steps = Steps::new(coding, &transitions);
            let (mut paths, mut whole) = (Paths::default(), Paths::default());
            whole.labels.resize(length, OUTSIDE);
            steps.best_of(&emissions, 0..length, &mut whole);
            assert_eq!(steps.best(&emissions, &mut paths), whole.labels, "{seed}");
            spans += coding.decode(&whole.labels).len();
        }
        assert!(spans > 100, "{spans}");
    }
}
