//! Which measures differ between which outlets.
//!
//! In: [`Measured`] values of outlets with their resamples. Out: [`Difference`]s of every two outlets, by measure. Start
//! at [`differences`]. All pairs and subjects of one measure are one family, whose false discovery rate is held (Benjamini
//! & Hochberg 1995). Pairs with so few counts that no outcome could be called a difference are not of it (Tarone
//! 1990).
//!
//! A pair's p is the larger of the bootstrap's and that of a test for counts. A share of draws is never under one in their
//! number, and a family of hundreds asks for less: where no draw is beyond 0, the bootstrap's p is the tail of a normal
//! distribution with the standard error of the draws. A difference has to leave 0 outside the interval of the draws
//! beside.

use super::interval::{Kind, chance, least_chance, rounded, two_tails};
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
    pub resampled: Vec<f32>,
}

/// A pair of outlets before correction.
struct Tested {
    found: Difference,
    /// Not rounded, as `found` has it.
    p: f64,
    /// Whether its counts could be called a difference at all.
    can_differ: bool,
}

/// The differences of every two outlets that have a measure, in the order of measures, subjects and outlets.
#[must_use]
pub fn differences(measured: &[Measured]) -> Vec<Difference> {
    let mut all: Vec<Tested> = Vec::new();
    for (at, first) in measured.iter().enumerate() {
        let same = |other: &&Measured| other.measure == first.measure && other.of == first.of;
        // Values of one measure stand together.
        for second in measured.iter().skip(at + 1).take_while(same) {
            all.extend(tested(first, second));
        }
    }
    let mut start = 0;
    while let Some(first) = all.get(start) {
        let length = all.iter().skip(start).take_while(|d| d.found.measure == first.found.measure).count();
        correct(all.get_mut(start..start + length).unwrap_or_default());
        start += length;
    }
    all.into_iter().map(|tested| tested.found).collect()
}

/// `None` where one of them has nothing to count by.
fn tested(first: &Measured, second: &Measured) -> Option<Tested> {
    if first.counts.1 == 0 || second.counts.1 == 0 {
        return None;
    }
    let scale = if first.kind == Kind::Rate { 100.0 } else { 1.0 };
    let value = |m: &Measured| m.counts.0 as f64 / m.counts.1 as f64;
    let difference = value(first) - value(second);
    let drawn: Vec<f32> = first.resampled.iter().zip(&second.resampled).map(|(a, b)| a - b).collect();
    let (low, high) = percentiles(&drawn)?;
    let (a, b) = (first.counts, second.counts);
    let p = of_draws(&drawn, difference).max(chance(first.kind, a, b));
    let found = Difference {
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
    };
    Some(Tested { found, p, can_differ: least_chance(first.kind, a, b) <= FALSE_DISCOVERY_RATE })
}

/// The bootstrap's probability of a difference on either side of 0.
fn of_draws(drawn: &[f32], difference: f64) -> f64 {
    let beyond = |is: fn(&f32) -> bool| drawn.iter().filter(|d| is(d)).count();
    let tail = beyond(|d| *d <= 0.0).min(beyond(|d| *d >= 0.0));
    let least = 2.0 / (drawn.len() + 1) as f64;
    if tail > 0 {
        return (least * (tail + 1) as f64).min(1.0);
    }
    let mean = drawn.iter().map(|d| f64::from(*d)).sum::<f64>() / drawn.len().max(1) as f64;
    let squares: f64 = drawn.iter().map(|d| (f64::from(*d) - mean).powi(2)).sum();
    let error = (squares / drawn.len().saturating_sub(1).max(1) as f64).sqrt();
    // All draws are the same where all counts are: what that says, the test for counts tells.
    if error > 0.0 { two_tails(difference / error).min(least) } else { 0.0 }
}

/// Corrects the probabilities of one measure, and calls differences.
fn correct(family: &mut [Tested]) {
    let mut order: Vec<usize> = (0..family.len()).filter(|at| family[*at].can_differ).collect();
    order.sort_by(|a, b| family[*a].p.total_cmp(&family[*b].p));
    let mut least = 1.0f64;
    for (rank, at) in order.iter().enumerate().rev() {
        let Tested { found, p, .. } = &mut family[*at];
        least = least.min(*p * order.len() as f64 / (rank + 1) as f64);
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

    /// The balance of an outlet toward one of many targets: of `mentions`, those that `is_for` says, and the others
    /// against.
    fn balance(of: usize, outlet: usize, mentions: usize, is_for: impl Fn(usize) -> bool) -> Measured {
        let sums: Vec<f32> = (0..mentions).flat_map(|n| [if is_for(n) { 1.0 } else { -1.0 }, 1.0]).collect();
        Measured {
            measure: "stance".into(),
            of: Some(format!("{of:03}: author")),
            kind: Kind::Balance,
            outlet,
            counts: (sums.iter().step_by(2).sum::<f32>() as i64, mentions),
            resampled: ratios(&resample(&[sums], 2, outlet as u64), 2, 0, 1),
        }
    }

    /// Of 200 targets, pairs of outlets that stand alike: each mention is for it by a coin.
    fn alike() -> Vec<Measured> {
        let coin = |seed: usize| (seed.wrapping_mul(0x9E37_79B9) >> 13) & 1 == 1;
        let of = |target: usize| [0, 1].map(|o| balance(target, o, 36, |n| coin(1 + n + 36 * (o + 2 * target))));
        (0..200).flat_map(of).collect()
    }

    #[test]
    fn one_extreme_among_two_hundred_that_are_alike_is_called_and_of_those_alone_none_is() {
        let mut all = alike();
        assert_eq!(differences(&all).iter().filter(|d| d.differs).count(), 0);
        all.extend([balance(200, 0, 36, |_| false), balance(200, 1, 36, |_| true)]);
        let called: Vec<Difference> = differences(&all).into_iter().filter(|d| d.differs).collect();
        assert_eq!(called.iter().map(|d| d.of.as_deref()).collect::<Vec<_>>(), [Some("200: author")]);
        assert_eq!(called[0].higher, Some(1));
    }

    #[test]
    fn one_outlet_against_nine_is_called_in_a_family_of_hundreds() {
        let mut all = Vec::new();
        for target in 0..12 {
            let of = |outlet| balance(target, outlet, 36, |n| target == 0 && outlet > 0 || target > 0 && n % 2 == 0);
            all.extend((0..10).map(of));
        }
        let found = differences(&all);
        assert_eq!((found.len(), found.iter().filter(|d| d.differs).count()), (540, 9));
        assert!(found.iter().filter(|d| d.differs).all(|d| d.outlets[0] == 0 && d.higher == Some(d.outlets[1])));
    }

    #[test]
    fn pairs_that_could_never_differ_do_not_make_others_harder_to_tell() {
        let alone = vec![balance(0, 0, 12, |n| n > 1), balance(0, 1, 12, |n| n < 3)];
        let mut beside = alone.clone();
        beside.extend((1..200).flat_map(|target| [0, 1].map(|outlet| balance(target, outlet, 1, |_| outlet == 0))));
        let of = |all: &[Measured]| (differences(all)[0].p_adjusted, differences(all)[0].differs);
        assert!(of(&alone).1 && of(&alone) == of(&beside), "{:?} {:?}", of(&alone), of(&beside));
    }

    #[test]
    fn a_few_sentences_make_no_difference() {
        assert!(differences(&[measured(0, 6, 4), measured(1, 0, 4)]).iter().all(|d| !d.differs));
        assert!(differences(&[measured(0, 6, 0), measured(1, 0, 4)]).is_empty());
    }
}
