//! Calibration on held-out logits, and the thresholds and margin that make labels of them.
//!
//! In: held-out logits and targets. Out: a factor and shifts (Platt scaling for two classes,
//! temperature and shift for more; Platt 1999, Guo et al. 2017), which training folds into the
//! weights; and a [`Decision`]. Start at [`calibrate`], then [`decide`].

use super::fit::minimize::minimize;
use super::fit::{Convergence, Solver, Targets, row_loss};
use crate::error::Result;
use crate::heads::{Decision, probabilities};

/// z' = factor · z + shift, one shift an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The factor; 1 over the temperature.
    pub factor: f64,
    /// One shift an output.
    pub shifts: Vec<f64>,
}

/// How strongly a calibration is held to doing nothing, against a sum of losses: a ridge that only a
/// handful of held-out rows would feel.
const RIDGE: f64 = 1.0;

impl Calibration {
    /// The calibrated logits of one row.
    #[must_use]
    pub fn apply(&self, logits: &[f64]) -> Vec<f64> {
        logits.iter().zip(&self.shifts).map(|(z, shift)| self.factor * z + shift).collect()
    }
}

/// Fits a calibration on held-out logits, one row of outputs a target.
///
/// # Errors
/// [`crate::Error::Fit`] where the optimum was not reached.
pub fn calibrate(what: &str, logits: &[Vec<f64>], targets: &Targets) -> Result<Calibration> {
    let outputs = logits.first().map_or(1, Vec::len);
    let mut start = vec![0.0; 1 + outputs];
    start[0] = 1.0;
    let solver = Solver { tolerance: 1e-7, max_iterations: 200, ..Solver::default() };
    let evaluate = |p: &[f64]| {
        let mut objective = 0.5 * RIDGE * (p[0] - 1.0).powi(2) + 1e-3 * p[1..].iter().map(|s| s * s).sum::<f64>();
        let mut gradient: Vec<f64> = p.iter().map(|s| 2e-3 * s).collect();
        gradient[0] = RIDGE * (p[0] - 1.0);
        for (i, row) in logits.iter().enumerate() {
            let mut z: Vec<f64> = row.iter().zip(&p[1..]).map(|(z, shift)| p[0] * z + shift).collect();
            objective += row_loss(&mut z, targets.row(i));
            for ((slope, logit), shift) in z.iter().zip(row).zip(1..) {
                gradient[0] += slope * logit;
                gradient[shift] += slope;
            }
        }
        (objective, gradient)
    };
    let best = minimize(what, start, solver, logits.len(), evaluate)?;
    let (objective, gradient) = evaluate(&best);
    let gradient_norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    Convergence { objective, gradient_norm, rows: logits.len() }.check(what)?;
    // A factor at or below 0 would turn a head round; held-out logits that bad teach nothing.
    let factor = if best[0] > 0.0 { best[0] } else { 1e-3 };
    Ok(Calibration { factor, shifts: best[1..].to_vec() })
}

/// Chooses thresholds for the best macro-F1, and the margin that marks a share `abstain` of the rows
/// as uncertain.
#[must_use]
pub fn decide(logits: &[Vec<f64>], targets: &Targets, abstain: f64) -> Decision {
    let classes = targets.classes();
    let rows: Vec<Vec<f64>> = logits.iter().map(|z| probabilities(z)).collect();
    let mut decision = Decision { thresholds: vec![1.0 / classes as f64; classes], margin: 0.0 };
    // Coordinate ascent; for two classes only the ratio of the thresholds counts, so one is enough.
    let rounds = if classes == 2 { 1 } else { 3 };
    for _ in 0..rounds {
        for class in (0..classes).rev().take(if classes == 2 { 1 } else { classes }) {
            let candidates = (1..=98).map(|p| f64::from(p) / 100.0);
            let mut best = (macro_f1(&decision, &rows, targets), decision.clone());
            for threshold in candidates {
                let mut tried = decision.clone();
                tried.thresholds[class] = threshold;
                if classes == 2 {
                    tried.thresholds[0] = 1.0 - threshold;
                }
                let f1 = macro_f1(&tried, &rows, targets);
                if f1 > best.0 + 1e-9 {
                    best = (f1, tried);
                }
            }
            decision = best.1;
        }
    }
    let mut leads: Vec<f64> = rows.iter().map(|p| decision.lead(p).1).collect();
    leads.sort_by(f64::total_cmp);
    let at = (abstain * leads.len() as f64) as usize;
    decision.margin = leads.get(at).copied().filter(|m| m.is_finite()).unwrap_or(0.0);
    decision
}

/// The macro-F1 of a decision on calibrated logits.
#[must_use]
pub fn macro_f1_of(logits: &[Vec<f64>], targets: &Targets, decision: &Decision) -> f64 {
    let rows: Vec<Vec<f64>> = logits.iter().map(|z| probabilities(z)).collect();
    macro_f1(decision, &rows, targets)
}

/// Macro-F1 over class mass; a class that is neither there nor chosen counts as 0.
fn macro_f1(decision: &Decision, rows: &[Vec<f64>], targets: &Targets) -> f64 {
    let classes = targets.classes();
    let (mut hit, mut chosen, mut there) = (vec![0.0; classes], vec![0.0; classes], vec![0.0; classes]);
    for (i, p) in rows.iter().enumerate() {
        let class = decision.lead(p).0;
        let mass = targets.row(i);
        hit[class] += mass[class];
        chosen[class] += mass.iter().sum::<f64>();
        for (t, m) in there.iter_mut().zip(mass) {
            *t += m;
        }
    }
    let f1 = |c: usize| if chosen[c] + there[c] > 0.0 { 2.0 * hit[c] / (chosen[c] + there[c]) } else { 0.0 };
    (0..classes).map(f1).sum::<f64>() / classes as f64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Logits twice too large: the true probability of row z is σ(z / 2).
    fn overconfident() -> (Vec<Vec<f64>>, Targets) {
        let mut logits = Vec::new();
        let mut shares = Vec::new();
        for i in -40..=40 {
            let z = f64::from(i) / 10.0;
            let p = 1.0 / (1.0 + (-z / 2.0).exp());
            logits.push(vec![z]);
            shares.extend([1.0 - p, p]);
        }
        let rows = logits.len();
        (logits, Targets::new("test", 2, &shares, &vec![100.0; rows]).unwrap())
    }

    #[test]
    fn overconfident_logits_are_drawn_in() {
        let (logits, targets) = overconfident();
        let calibration = calibrate("test", &logits, &targets).unwrap();
        assert!((calibration.factor - 0.5).abs() < 0.01 && calibration.shifts[0].abs() < 0.01, "{calibration:?}");
    }

    #[test]
    fn the_margin_marks_the_share_that_was_asked_for() {
        let (logits, targets) = overconfident();
        let decision = decide(&logits, &targets, 0.2);
        let doubtful = logits.iter().filter(|z| !decision.decide(&probabilities(z)).1).count();
        assert!((12..=18).contains(&doubtful), "{doubtful} of {}", logits.len());
    }
}
