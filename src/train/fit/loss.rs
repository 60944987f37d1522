//! What a labelled sequence costs, given each token's score of each label.
//!
//! In: emissions, tokens × labels. Out: a loss and its slopes. Start at [`Scratch`], which holds both;
//! [`sequence_loss`] is that of whole label sequences, [`token_loss`] that of each token by itself. The second has no
//! transitions to fit: [`counted`] counts them.

use crate::heads::chain::Layout;

/// Room for one sequence after the other.
#[derive(Default)]
pub(super) struct Scratch {
    /// Tokens × row.
    pub rows: Vec<f64>,
    /// Tokens × labels.
    pub emissions: Vec<f64>,
    /// ∂loss/∂emission.
    pub slopes: Vec<f64>,
    forward: Vec<f64>,
    backward: Vec<f64>,
    scale: Vec<f64>,
}

/// −log p of the labels given `scratch.emissions`. Leaves weight × ∂loss/∂emission in `scratch.slopes` and adds the
/// transitions' part to their gradient.
pub(super) fn sequence_loss(
    layout: Layout,
    transitions: &[f64],
    gold: &[u8],
    weight: f64,
    scratch: &mut Scratch,
    g_transitions: &mut [f64],
) -> f64 {
    let coding = layout.coding;
    let n = coding.labels();
    let length = gold.len();
    let Scratch { emissions, slopes, forward, backward, scale, .. } = scratch;
    for room in [&mut *slopes, &mut *forward, &mut *backward] {
        room.clear();
        room.resize(length * n, 0.0);
    }
    scale.clear();
    if length == 0 {
        return 0.0;
    }
    let legal = |i: usize| coding.is_legal((i / n) as u8, (i % n) as u8);
    let steps: Vec<f64> = (0..n * n).map(|i| if legal(i) { transitions[i].exp() } else { 0.0 }).collect();
    let gold_score: f64 = (0..length).map(|t| emissions[t * n + usize::from(gold[t])]).sum();
    // exp(emission), each token's divided by its largest; what that took is added to the log again.
    let mut log = 0.0;
    for token in emissions.chunks_exact_mut(n) {
        let largest = token.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        log += largest;
        token.iter_mut().for_each(|e| *e = (*e - largest).exp());
    }
    for t in 0..length {
        let (before, here) = forward.split_at_mut(t * n);
        let here = &mut here[..n];
        if t == 0 {
            here.iter_mut().enumerate().for_each(|(l, f)| *f = f64::from(u8::from(coding.may_begin(l as u8))));
        } else {
            for (k, from) in before[(t - 1) * n..].iter().enumerate().filter(|(_, from)| **from > 0.0) {
                here.iter_mut().zip(&steps[k * n..]).for_each(|(f, step)| *f += from * step);
            }
        }
        here.iter_mut().zip(&emissions[t * n..]).for_each(|(f, e)| *f *= e);
        let sum: f64 = here.iter().sum();
        here.iter_mut().for_each(|f| *f /= sum);
        scale.push(sum);
        log += sum.ln();
    }
    for (l, b) in backward[(length - 1) * n..].iter_mut().enumerate() {
        *b = f64::from(u8::from(coding.may_end(l as u8)));
    }
    let mut ahead = vec![0.0; n];
    for t in (0..length - 1).rev() {
        let (here, after) = backward.split_at_mut((t + 1) * n);
        let next = emissions[(t + 1) * n..].iter().zip(after.iter());
        ahead.iter_mut().zip(next).for_each(|(a, (e, b))| *a = e * b / scale[t + 1]);
        for (k, b) in here[t * n..].iter_mut().enumerate() {
            *b = steps[k * n..][..n].iter().zip(&ahead).map(|(step, a)| step * a).sum();
        }
    }
    let ends: f64 = (0..n).map(|l| forward[(length - 1) * n + l] * backward[(length - 1) * n + l]).sum();
    log += ends.ln();
    let share = weight / ends;
    let mut gold_steps = 0.0;
    for t in 0..length {
        let here = t * n..(t + 1) * n;
        for ((d, f), b) in slopes[here.clone()].iter_mut().zip(&forward[here.clone()]).zip(&backward[here.clone()]) {
            *d = share * f * b;
        }
        slopes[t * n + usize::from(gold[t])] -= weight;
        if t == 0 {
            continue;
        }
        let step = usize::from(gold[t - 1]) * n + usize::from(gold[t]);
        gold_steps += transitions[step];
        g_transitions[step] -= weight;
        ahead.iter_mut().zip(&emissions[here.clone()]).zip(&backward[here]).for_each(|((a, e), b)| *a = e * b);
        for k in 0..n {
            let from = share * forward[(t - 1) * n + k] / scale[t];
            let row = g_transitions[k * n..][..n].iter_mut().zip(&steps[k * n..]).zip(&ahead);
            row.for_each(|((g, step), a)| *g += from * step * a);
        }
    }
    log - gold_score - gold_steps
}

/// −Σ log p of each token's label given `scratch.emissions`, whatever its neighbours' are. Leaves weight × ∂loss/∂emission
/// in `scratch.slopes`.
pub(super) fn token_loss(layout: Layout, gold: &[u8], weight: f64, scratch: &mut Scratch) -> f64 {
    let n = layout.coding.labels();
    let Scratch { emissions, slopes, .. } = scratch;
    slopes.clear();
    let mut loss = 0.0;
    for (token, label) in emissions.chunks_exact(n).zip(gold) {
        let largest = token.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let start = slopes.len();
        slopes.extend(token.iter().map(|e| (e - largest).exp()));
        let sum: f64 = slopes[start..].iter().sum();
        slopes[start..].iter_mut().for_each(|p| *p *= weight / sum);
        slopes[start + usize::from(*label)] -= weight;
        loss += largest + sum.ln() - token[usize::from(*label)];
    }
    loss
}

/// −Σ share × log p of each token's labels given `scratch.emissions`, the shares of a token summing to 1. Leaves weight ×
/// ∂loss/∂emission in `scratch.slopes`. Where the shares are what a model gives itself, the slopes there are 0: it is held
/// to what it says (knowledge distillation; Hinton et al. 2015, Li & Hoiem 2016).
pub(super) fn share_loss(layout: Layout, shares: &[f64], weight: f64, scratch: &mut Scratch) -> f64 {
    let n = layout.coding.labels();
    let Scratch { emissions, slopes, .. } = scratch;
    slopes.clear();
    let mut loss = 0.0;
    for (token, shares) in emissions.chunks_exact(n).zip(shares.chunks_exact(n)) {
        let largest = token.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let log = largest + token.iter().map(|e| (e - largest).exp()).sum::<f64>().ln();
        slopes.extend(token.iter().zip(shares).map(|(e, share)| weight * ((e - log).exp() - share)));
        loss += token.iter().zip(shares).map(|(e, share)| share * (log - e)).sum::<f64>();
    }
    loss
}

/// Transitions from counts, from × to: `share` × log p(to | from) / p(to). At a share of 1 they would say again what a
/// token's score knows already of its neighbours.
pub(super) fn counted<'a>(layout: Layout, share: f64, sequences: impl Iterator<Item = (&'a [u8], f64)>) -> Vec<f64> {
    /// What every step and label is counted beforehand, so that none is impossible.
    const SMOOTHING: f64 = 0.1;
    let n = layout.coding.labels();
    let (mut steps, mut labels) = (vec![SMOOTHING; n * n], vec![SMOOTHING; n]);
    for (sequence, weight) in sequences {
        sequence.iter().for_each(|label| labels[usize::from(*label)] += weight);
        for pair in sequence.windows(2) {
            steps[usize::from(pair[0]) * n + usize::from(pair[1])] += weight;
        }
    }
    let all: f64 = labels.iter().sum();
    let of_row = |row: &[f64]| -> Vec<f64> {
        let sum: f64 = row.iter().sum();
        row.iter().zip(&labels).map(|(step, label)| share * ((step / sum).ln() - (label / all).ln())).collect()
    };
    steps.chunks_exact(n).flat_map(of_row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::coding::Coding;

    #[test]
    fn without_scores_every_label_of_a_token_is_as_likely() {
        let layout = Layout { coding: Coding::new(1), sides: 0 };
        let mut scratch = Scratch { emissions: vec![0.0; 10], ..Scratch::default() };
        let loss = token_loss(layout, &[0, 4], 2.0, &mut scratch);
        assert!((loss - 2.0 * 5f64.ln()).abs() < 1e-12, "{loss}");
        let slopes = [-1.6, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, -1.6];
        assert!(scratch.slopes.iter().zip(slopes).all(|(a, b)| (a - b).abs() < 1e-12), "{:?}", scratch.slopes);
    }

    #[test]
    fn shares_of_one_label_cost_what_the_label_does_and_its_own_shares_cost_no_slope() {
        let layout = Layout { coding: Coding::new(1), sides: 0 };
        let scratch = || Scratch { emissions: vec![0.5, -1.0, 0.0, 2.0, 1.0], ..Scratch::default() };
        let (mut by_label, mut by_share) = (scratch(), scratch());
        let losses = [
            token_loss(layout, &[3], 2.0, &mut by_label),
            share_loss(layout, &[0.0, 0.0, 0.0, 1.0, 0.0], 2.0, &mut by_share),
        ];
        assert!((losses[0] - losses[1]).abs() < 1e-12);
        assert!(by_label.slopes.iter().zip(&by_share.slopes).all(|(a, b)| (a - b).abs() < 1e-12));
        let own = crate::heads::softmax(&by_share.emissions);
        share_loss(layout, &own, 2.0, &mut by_share);
        assert!(by_share.slopes.iter().all(|slope| slope.abs() < 1e-12));
    }

    #[test]
    fn counted_transitions_favour_what_follows_more_often_than_by_chance() {
        let layout = Layout { coding: Coding::new(1), sides: 0 };
        let labels: [&[u8]; 2] = [&[0, 1, 3, 0], &[0, 0, 4, 0]];
        let steps = counted(layout, 0.5, labels.into_iter().map(|l| (l, 1.0)));
        assert!(steps[5 + 3] > 0.5, "{steps:?}");
        assert!(steps[5] < 0.0 && steps[3] < 0.0, "{steps:?}");
    }
}
