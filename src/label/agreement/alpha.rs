//! Krippendorff's alpha: agreement beyond chance among any number of raters, who need not have rated everything.
//!
//! In: how many raters gave a unit each class. Out: α, 1 for perfect agreement, 0 for what chance gives, below 0 for
//! systematic disagreement (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; 2019, *Content Analysis*, ch. 12).
//! Start at [`Coincidences`]. Units add up, so that documents can be resampled.

use std::collections::BTreeMap;

/// How the classes differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// One class is as far from another as any.
    Nominal,
    /// Classes are in order; how far two are apart depends on how many ratings lie between them.
    Ordinal,
}

/// Pairs of classes that two raters gave one unit, each unit counting as often as it was rated.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Coincidences {
    /// By the numbers of two classes, in both orders.
    cells: BTreeMap<(usize, usize), f64>,
}

impl Coincidences {
    /// Adds a unit to which `counts[c]` raters gave the class `c`. One that fewer than two rated says nothing.
    pub fn unit(&mut self, counts: &BTreeMap<usize, usize>) {
        let raters: usize = counts.values().sum();
        if raters < 2 {
            return;
        }
        for (&c, &of_c) in counts {
            for (&k, &of_k) in counts {
                let pairs = of_c * (of_k - usize::from(c == k));
                if pairs > 0 {
                    *self.cells.entry((c, k)).or_default() += pairs as f64 / (raters - 1) as f64;
                }
            }
        }
    }

    /// Adds others, `times` over.
    pub fn add(&mut self, other: &Self, times: u32) {
        for (cell, pairs) in &other.cells {
            *self.cells.entry(*cell).or_default() += pairs * f64::from(times);
        }
    }

    /// α of so many classes; `None` where only one was given, which leaves nothing to agree on.
    pub fn alpha(&self, classes: usize, metric: Metric) -> Option<f64> {
        let mut totals = vec![0.0; classes];
        for (&(c, _), pairs) in &self.cells {
            *totals.get_mut(c)? += pairs;
        }
        // Ratings up to and with each class: of a stretch of classes a difference of two.
        let up_to: Vec<f64> = totals
            .iter()
            .scan(0.0, |sum, total| {
                *sum += total;
                Some(*sum)
            })
            .collect();
        let n = *up_to.last()?;
        let distance = |c: usize, k: usize| match metric {
            _ if c == k => 0.0,
            Metric::Nominal => 1.0,
            Metric::Ordinal => {
                let (low, high) = (c.min(k), c.max(k));
                let between = up_to[high] - up_to[low] + totals[low];
                (between - (totals[low] + totals[high]) / 2.0).powi(2)
            }
        };
        let observed: f64 = self.cells.iter().map(|(&(c, k), pairs)| pairs * distance(c, k)).sum();
        let given: Vec<usize> = (0..classes).filter(|c| totals[*c] > 0.0).collect();
        let pairs = given.iter().flat_map(|&c| given.iter().map(move |&k| (c, k)));
        let expected: f64 = pairs.map(|(c, k)| totals[c] * totals[k] * distance(c, k)).sum();
        (expected > 0.0).then(|| 1.0 - (n - 1.0) * observed / expected)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(units: &[&[usize]]) -> Coincidences {
        let mut all = Coincidences::default();
        for unit in units {
            let mut counts = BTreeMap::new();
            for class in *unit {
                *counts.entry(class - 1).or_default() += 1;
            }
            all.unit(&counts);
        }
        all
    }

    /// Example C of Krippendorff (2011): four observers, twelve units, values missing; the last unit has one.
    fn example_c() -> Coincidences {
        of(&[
            &[1, 1, 1],
            &[2, 2, 3, 2],
            &[3, 3, 3, 3],
            &[3, 3, 3, 3],
            &[2, 2, 2, 2],
            &[1, 2, 3, 4],
            &[4, 4, 4, 4],
            &[1, 1, 2, 1],
            &[2, 2, 2, 2],
            &[5, 5, 5],
            &[1, 1],
            &[3],
        ])
    }

    #[test]
    fn the_published_examples_come_out() {
        let rounded = |alpha: Option<f64>| (alpha.unwrap() * 1000.0).round() / 1000.0;
        // Example C: nominal .743, ordinal .815.
        assert_eq!(rounded(example_c().alpha(5, Metric::Nominal)), 0.743);
        assert_eq!(rounded(example_c().alpha(5, Metric::Ordinal)), 0.815);
        // Example A, two observers, two values: .095.
        let (meg, owen) = ([1, 2, 1, 1, 1, 1, 1, 1, 2, 1], [2, 2, 2, 1, 1, 2, 1, 1, 1, 1]);
        let units: Vec<[usize; 2]> = meg.into_iter().zip(owen).map(|(meg, owen)| [meg, owen]).collect();
        let units: Vec<&[usize]> = units.iter().map(<[usize; 2]>::as_slice).collect();
        assert_eq!(rounded(of(&units).alpha(2, Metric::Nominal)), 0.095);
    }

    #[test]
    fn perfect_agreement_is_one_and_a_single_class_nothing() {
        assert_eq!(of(&[&[1, 1], &[2, 2]]).alpha(2, Metric::Nominal), Some(1.0));
        assert_eq!(of(&[&[1, 1], &[1, 1]]).alpha(2, Metric::Nominal), None);
        assert_eq!(of(&[&[1]]).alpha(1, Metric::Ordinal), None);
        assert_eq!(of(&[]).alpha(0, Metric::Nominal), None);
        assert!(of(&[&[1, 2], &[2, 1]]).alpha(2, Metric::Nominal).unwrap() < 0.0);
    }

    #[test]
    fn of_ordered_classes_a_near_miss_costs_less() {
        let near = of(&[&[1, 1], &[2, 2], &[3, 3], &[1, 2]]);
        let far = of(&[&[1, 1], &[2, 2], &[3, 3], &[1, 3]]);
        assert!(near.alpha(3, Metric::Ordinal) > far.alpha(3, Metric::Ordinal));
    }

    #[test]
    fn units_add_up() {
        let (one, other) = (of(&[&[1, 2, 2]]), of(&[&[1, 1], &[2, 2]]));
        let mut sum = Coincidences::default();
        sum.add(&one, 2);
        sum.add(&other, 1);
        assert_eq!(
            sum.alpha(2, Metric::Nominal),
            of(&[&[1, 2, 2], &[1, 2, 2], &[1, 1], &[2, 2]]).alpha(2, Metric::Nominal)
        );
    }
}
