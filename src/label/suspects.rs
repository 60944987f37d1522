//! Which labels are best looked at again: those that models contradict which did not see them.
//!
//! In: the held-out rows of a sentence head, each with its label ([`Scored`]). Out: the [`Suspect`] rows, the most suspicious
//! first. Start at [`suspects`].
//!
//! This is confident learning (Northcutt, Jiang & Chuang 2021). A class's threshold is the mean probability that the rows
//! labelled with it are given: a model that is shy of a class is so measured by its own standard. A row counts as of the most
//! probable class that reaches its threshold, and is a suspect where that is not the one it is labelled with. Suspects are
//! ranked by self-confidence, the probability of the label. `docs/reading.md` says how many of labels turned round on purpose
//! this finds, and that a ranking by margins over the thresholds does not find them. A label that is rare or hard looks
//! wrong too, so a suspect is to be read, not to be changed by a program.

use crate::evaluate::Scored;

/// A label that models contradict which did not see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// The row, among those of the head.
    pub row: usize,
    /// The class it is labelled with, by its number.
    pub labelled: usize,
    /// That class's held-out probability: the self-confidence, and the lower the more suspicious.
    pub p_labelled: f64,
    /// The class that it seems to be of.
    pub other: usize,
    /// That class's held-out probability, at least its threshold.
    pub p_other: f64,
}

/// The suspects of a head, the most suspicious first; of the same self-confidence in the order of the rows.
#[must_use]
pub fn suspects(rows: &Scored) -> Vec<Suspect> {
    let thresholds = thresholds(rows);
    let of = |row: usize| {
        let (p, labelled) = (rows.probabilities(row), rows.gold()[row]);
        let reached = (0..p.len()).filter(|class| p[*class] >= thresholds[*class]);
        let other = reached.max_by(|a, b| p[*a].total_cmp(&p[*b]).then_with(|| b.cmp(a)))?;
        let is_suspect = other != labelled;
        is_suspect.then_some(Suspect { row, labelled, p_labelled: p[labelled], other, p_other: p[other] })
    };
    let mut suspects: Vec<Suspect> = (0..rows.len()).filter_map(of).collect();
    suspects.sort_by(|a, b| a.p_labelled.total_cmp(&b.p_labelled).then_with(|| a.row.cmp(&b.row)));
    suspects
}

/// For each class the mean probability that the rows labelled with it give it; 1 for a class that no row has.
fn thresholds(rows: &Scored) -> Vec<f64> {
    let mean = |class: usize| {
        let own: Vec<f64> = (0..rows.len())
            .filter(|row| rows.gold()[*row] == class)
            .map(|row| rows.probabilities(row)[class])
            .collect();
        if own.is_empty() { 1.0 } else { own.iter().sum::<f64>() / own.len() as f64 }
    };
    (0..rows.classes().len()).map(mean).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::Rows;

    /// Rows of a head of two classes: the label, and the held-out probability of 1.
    fn rows(of: &[(usize, f64)]) -> Scored {
        Scored::new(Rows {
            head: "bias".into(),
            classes: vec!["0".into(), "1".into()],
            groups: (0..of.len() as u64).collect(),
            gold: of.iter().map(|(label, _)| *label).collect(),
            probabilities: of.iter().flat_map(|(_, p)| [1.0 - p, *p]).collect(),
            predicted: of.iter().map(|(_, p)| usize::from(*p >= 0.5)).collect(),
            certain: vec![true; of.len()],
        })
        .unwrap()
    }

    #[test]
    fn the_label_that_is_contradicted_most_comes_first_and_right_ones_do_not_come() {
        let found = suspects(&rows(&[(0, 0.1), (0, 0.9), (1, 0.8), (1, 0.2), (0, 0.1), (1, 0.9), (1, 0.05)]));
        assert_eq!(found.iter().map(|one| one.row).collect::<Vec<_>>(), [6, 1, 3]);
        let first = &found[0];
        assert_eq!((first.labelled, first.other), (1, 0));
        assert!((first.p_labelled - 0.05).abs() < 1e-12 && (first.p_other - 0.95).abs() < 1e-12);
    }

    #[test]
    fn a_class_that_the_model_is_shy_of_is_measured_by_its_own_standard() {
        // No 1 gets more than 0.4, yet that is as much as any of them gets: it is no suspect, and a 0 with it is.
        let found = suspects(&rows(&[(1, 0.4), (1, 0.38), (1, 0.4), (0, 0.02), (0, 0.03), (0, 0.4), (0, 0.02)]));
        assert_eq!(found.iter().map(|one| one.row).collect::<Vec<_>>(), [5]);
        assert!(found[0].p_labelled > found[0].p_other);
    }
}
