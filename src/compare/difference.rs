//! Which measures differ between which outlets.
//!
//! In: [`Measured`] values of outlets with their resamples. Out: [`Difference`]s of every two outlets, by measure. Start
//! at [`differences`]. All pairs and subjects of one measure are one family, whose false discovery rate is held (Benjamini
//! & Hochberg 1995).

use super::interval::{Kind, chance, rounded};
use super::resample::percentiles;
use crate::report::comparison::Difference;

/// The false discovery rate of each measure's differences.
pub const FALSE_DISCOVERY_RATE: f64 = 0.05;

/// One measure of one outlet.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The measure's name.
    pub measure: String,
    /// What it is of, where there are several.
    pub of: Option<String>,
    /// How it is spread.
    pub kind: Kind,
    /// The outlet.
    pub outlet: usize,
    /// What was counted, and of how many.
    pub counts: (i64, usize),
    /// The same ratio in every resample.
    pub resampled: Vec<f64>,
}

/// The differences of every two outlets that have a measure, in the order of measures, subjects and outlets.
#[must_use]
pub fn differences(measured: &[Measured]) -> Vec<Difference> {
    let mut all: Vec<Difference> = Vec::new();
    for (at, first) in measured.iter().enumerate() {
        let same = |other: &&Measured| other.measure == first.measure && other.of == first.of;
        // Values of one measure stand together.
        for second in measured.iter().skip(at + 1).take_while(same) {
            all.extend(difference(first, second));
        }
    }
    let mut start = 0;
    while let Some(first) = all.get(start) {
        let length = all.iter().skip(start).take_while(|d| d.measure == first.measure).count();
        correct(all.get_mut(start..start + length).unwrap_or_default());
        start += length;
    }
    all
}

/// `None` where one of them has nothing to count by.
fn difference(first: &Measured, second: &Measured) -> Option<Difference> {
    if first.counts.1 == 0 || second.counts.1 == 0 {
        return None;
    }
    let scale = if first.kind == Kind::Rate { 100.0 } else { 1.0 };
    let value = |m: &Measured| m.counts.0 as f64 / m.counts.1 as f64;
    let difference = value(first) - value(second);
    let drawn: Vec<f64> = first.resampled.iter().zip(&second.resampled).map(|(a, b)| a - b).collect();
    let (low, high) = percentiles(&drawn)?;
    let beyond = |is: fn(&f64) -> bool| (drawn.iter().filter(|d| is(d)).count() + 1) as f64;
    let tail = beyond(|d| *d <= 0.0).min(beyond(|d| *d >= 0.0));
    let p = (2.0 * tail / (drawn.len() + 1) as f64).min(1.0).max(chance(first.kind, first.counts, second.counts));
    Some(Difference {
        measure: first.measure.clone(),
        of: first.of.clone(),
        outlets: [first.outlet, second.outlet],
        difference: rounded(scale * difference),
        low: rounded(scale * low.min(difference)),
        high: rounded(scale * high.max(difference)),
        p: rounded(p),
        p_adjusted: 1.0,
        differs: false,
        higher: None,
    })
}

/// Corrects the probabilities of one measure, and calls differences.
fn correct(family: &mut [Difference]) {
    let mut order: Vec<usize> = (0..family.len()).collect();
    order.sort_by(|a, b| family[*a].p.total_cmp(&family[*b].p));
    let mut least = 1.0f64;
    for (rank, at) in order.iter().enumerate().rev() {
        let found = &mut family[*at];
        least = least.min(found.p * order.len() as f64 / (rank + 1) as f64);
        found.p_adjusted = rounded(least);
        found.differs = least <= FALSE_DISCOVERY_RATE && (found.low > 0.0 || found.high < 0.0);
        found.higher = found.differs.then(|| found.outlets[usize::from(found.difference < 0.0)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::resample::{ratios, resample};

    fn measured(outlet: usize, share: usize, sentences: usize) -> Measured {
        let sums: Vec<f32> = (0..sentences).flat_map(|n| [f32::from(u8::from(n % 10 < share)), 10.0]).collect();
        Measured {
            measure: "loaded.author".into(),
            of: None,
            kind: Kind::Rate,
            outlet,
            counts: (sums.iter().step_by(2).sum::<f32>() as i64, 10 * sentences),
            resampled: ratios(&resample(&[sums], 2, outlet as u64), 2, 0, 1),
        }
    }

    #[test]
    fn a_large_difference_is_called_one_with_its_direction() {
        let found = differences(&[measured(0, 6, 100), measured(1, 1, 100), measured(2, 6, 100)]);
        let told: Vec<_> = found.iter().map(|d| (d.outlets, d.differs, d.higher)).collect();
        assert_eq!(told, [([0, 1], true, Some(0)), ([0, 2], false, None), ([1, 2], true, Some(2))]);
        assert!(found.iter().all(|d| d.low <= d.difference && d.difference <= d.high && d.p <= d.p_adjusted));
    }

    #[test]
    fn a_few_sentences_make_no_difference() {
        assert!(differences(&[measured(0, 6, 4), measured(1, 0, 4)]).iter().all(|d| !d.differs));
        assert!(differences(&[measured(0, 6, 0), measured(1, 0, 4)]).is_empty());
    }
}
