//! What the rows of a fit are: a share of each class, and a weight.

use crate::error::{Error, Result};

/// Class mass of every row: `mass[i][c]` = weight of row i × share of class c in its label.
///
/// A hard label has one non-zero entry; a label with votes has several.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    classes: usize,
    mass: Vec<f64>,
}

impl Targets {
    /// From class shares and weights, one of each a row; `shares` is row-major, `classes` wide.
    ///
    /// # Errors
    /// [`Error::Data`] where a number is negative or not finite, or fewer than two classes have mass.
    pub fn new(what: &str, classes: usize, shares: &[f64], weights: &[f64]) -> Result<Self> {
        let refuse = |found: String, expected: &str, cure: &str| {
            Err(Error::Data { what: what.to_owned(), found, expected: expected.to_owned(), cure: cure.to_owned() })
        };
        if classes < 2 || shares.len() != classes * weights.len() {
            return refuse(
                format!("{} shares for {} rows of {classes} classes", shares.len(), weights.len()),
                "one share a class and row, and at least two classes",
                "give every example a label of this head",
            );
        }
        let mass: Vec<f64> = shares.iter().enumerate().map(|(i, s)| s * weights[i / classes]).collect();
        if let Some(bad) = mass.iter().find(|m| !m.is_finite() || **m < 0.0) {
            return refuse(format!("a weight or share of {bad}"), "finite numbers of at least 0", "correct the weight");
        }
        let targets = Self { classes, mass };
        let present = targets.present();
        if present < 2 {
            return refuse(
                format!("examples of {present} class only"),
                "examples of at least two classes",
                "add examples of the other classes, or leave this label out",
            );
        }
        Ok(targets)
    }

    /// How many classes there are.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.mass.len() / self.classes
    }

    /// The class mass of one row.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f64] {
        &self.mass[i * self.classes..(i + 1) * self.classes]
    }

    /// How many classes have any mass.
    #[must_use]
    pub fn present(&self) -> usize {
        (0..self.classes).filter(|c| self.mass.iter().skip(*c).step_by(self.classes).any(|m| *m > 0.0)).count()
    }

    /// Only these rows, in this order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self { classes: self.classes, mass: rows.iter().flat_map(|i| self.row(*i)).copied().collect() }
    }

    /// Class `class` against all others, as a binary target whose positive is `class`.
    #[must_use]
    pub fn one_against_rest(&self, class: usize) -> Self {
        let mass = (0..self.rows())
            .flat_map(|i| {
                let row = self.row(i);
                [row.iter().sum::<f64>() - row[class], row[class]]
            })
            .collect();
        Self { classes: 2, mass }
    }

    /// Every class scaled so that all have the same total mass, the sum unchanged.
    #[must_use]
    pub fn balanced(&self) -> Self {
        let mut totals = vec![0.0; self.classes];
        for (i, m) in self.mass.iter().enumerate() {
            totals[i % self.classes] += m;
        }
        let present = self.present() as f64;
        let all: f64 = totals.iter().sum();
        let mass =
            self.mass.iter().enumerate().map(|(i, m)| m * all / (present * totals[i % self.classes].max(1e-300)));
        Self { classes: self.classes, mass: mass.collect() }
    }

    /// The mass as whole repetitions of rows: how weights and soft labels reach `linfa-logistic`,
    /// which ignores a data set's weights and takes hard labels only.
    ///
    /// A repetition stands for `unit` of mass, or for 1 where every mass is whole. What rounding takes
    /// from one row it gives to the next of that class, so that every class keeps its mass to within
    /// half a unit. Rows in order, classes in order within a row.
    #[must_use]
    pub fn repetitions(&self, unit: f64) -> Vec<(usize, usize)> {
        let unit = if self.mass.iter().all(|m| m.fract() == 0.0) { 1.0 } else { unit };
        let mut carried = vec![0.0; self.classes];
        let mut repeated = Vec::with_capacity(self.rows());
        for i in 0..self.rows() {
            for (class, (mass, carry)) in self.row(i).iter().zip(&mut carried).enumerate() {
                let wanted = mass / unit + *carry;
                let count = if *mass > 0.0 { wanted.round().max(0.0) } else { 0.0 };
                *carry = wanted - count;
                repeated.extend(std::iter::repeat_n((i, class), count as usize));
            }
        }
        repeated
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_hard_label_of_weight_two_is_repeated_twice() {
        let t = Targets::new("bias", 2, &[1.0, 0.0, 0.0, 1.0], &[1.0, 2.0]).unwrap();
        assert_eq!(t.repetitions(1.0), vec![(0, 0), (1, 1), (1, 1)]);
    }

    #[test]
    fn votes_become_repetitions_in_their_shares() {
        let t = Targets::new("bias", 2, &[0.75, 0.25], &[1.0]).unwrap();
        assert_eq!(t.repetitions(0.25), vec![(0, 0), (0, 0), (0, 0), (0, 1)]);
    }

    #[test]
    fn light_rows_share_the_repetitions_that_their_weight_adds_up_to() {
        let t = Targets::new("bias", 2, &[1.0, 0.0].repeat(10), &[0.3; 10]);
        assert!(t.is_err(), "one class only");
        let shares: Vec<f64> = (0..20).flat_map(|i| if i % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] }).collect();
        let t = Targets::new("bias", 2, &shares, &[0.3; 20]).unwrap();
        let repeated = t.repetitions(1.0);
        assert_eq!(repeated.iter().filter(|(_, class)| *class == 0).count(), 3);
        assert_eq!(repeated.iter().filter(|(_, class)| *class == 1).count(), 3);
    }

    #[test]
    fn balancing_gives_each_class_the_same_mass_and_keeps_the_sum() {
        let t = Targets::new("bias", 2, &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0], &[1.0; 4]).unwrap().balanced();
        let mass = |c: usize| (0..4).map(|i| t.row(i)[c]).sum::<f64>();
        assert!((mass(0) - 2.0).abs() < 1e-12 && (mass(1) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn one_class_only_is_refused_with_a_cure() {
        let error = Targets::new("bias", 2, &[1.0, 0.0, 1.0, 0.0], &[1.0; 2]).unwrap_err();
        assert!(error.to_string().contains("1 class only"), "{error}");
    }

    #[test]
    fn a_weight_that_is_not_a_number_is_refused() {
        assert!(Targets::new("bias", 2, &[1.0, 0.0, 0.0, 1.0], &[f64::NAN, 1.0]).is_err());
    }
}
