//! Cohen's kappa: agreement of two raters beyond what their own use of the classes gives by chance.
//!
//! In: the classes that two raters gave each unit. Out: the share of units that they agree on, and κ (Cohen 1960, "A
//! Coefficient of Agreement for Nominal Scales"). Start at [`Confusion`].

use std::collections::BTreeMap;

/// Units by the classes that the first and the second rater gave them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Confusion {
    cells: BTreeMap<(usize, usize), u64>,
}

impl Confusion {
    /// Adds a unit.
    pub fn unit(&mut self, first: usize, second: usize) {
        *self.cells.entry((first, second)).or_default() += 1;
    }

    /// Adds others, `times` over.
    pub fn add(&mut self, other: &Self, times: u32) {
        for (cell, units) in &other.cells {
            *self.cells.entry(*cell).or_default() += units * u64::from(times);
        }
    }

    /// The share of units with one class from both, 0 to 1; `None` without units.
    pub fn observed(&self) -> Option<f64> {
        let same: u64 = self.cells.iter().filter(|((a, b), _)| a == b).map(|(_, units)| units).sum();
        (self.units() > 0).then(|| same as f64 / self.units() as f64)
    }

    /// κ; `None` without units, and where both gave one and the same class only.
    pub fn kappa(&self) -> Option<f64> {
        let observed = self.observed()?;
        let (mut first, mut second): (BTreeMap<usize, u64>, BTreeMap<usize, u64>) = Default::default();
        for (&(a, b), units) in &self.cells {
            *first.entry(a).or_default() += units;
            *second.entry(b).or_default() += units;
        }
        let n = self.units() as f64;
        let share = |of: &BTreeMap<usize, u64>, class: &usize| of.get(class).map_or(0.0, |units| *units as f64 / n);
        let expected: f64 = first.keys().map(|class| share(&first, class) * share(&second, class)).sum();
        (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
    }

    fn units(&self) -> u64 {
        self.cells.values().sum()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_comes_out() {
        // Cohen (1960), table 2: 200 units, .70 observed, .41 by chance, κ = .492.
        let table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
        let mut confusion = Confusion::default();
        for (a, row) in table.iter().enumerate() {
            for (b, units) in row.iter().enumerate() {
                (0..*units).for_each(|_| confusion.unit(a, b));
            }
        }
        assert_eq!(confusion.observed(), Some(0.70));
        assert!((confusion.kappa().unwrap() - 0.29 / 0.59).abs() < 1e-12);
        assert_eq!((confusion.kappa().unwrap() * 1000.0).round(), 492.0);
    }

    #[test]
    fn one_class_from_both_says_nothing_and_opposite_ones_are_below_chance() {
        let mut same = Confusion::default();
        same.unit(1, 1);
        assert_eq!((same.observed(), same.kappa()), (Some(1.0), None));
        let mut opposite = Confusion::default();
        opposite.unit(0, 1);
        opposite.unit(1, 0);
        assert_eq!(opposite.kappa(), Some(-1.0));
        assert_eq!(Confusion::default().observed(), None);
    }
}
