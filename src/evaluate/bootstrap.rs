//! How far a measure would move with other articles.
//!
//! In: for each row its group, and a function from row multiplicities to values. Out: the values on
//! every replicate ([`replicate`]), and from them an [`interval`] or a [`p_value`].
//!
//! Sentences of one article resemble each other, so whole **groups** are drawn with replacement, as many
//! as there are (cluster bootstrap: Davison & Hinkley 1997, §3.8; percentile interval: Efron 1979, Efron
//! & Tibshirani 1993, ch. 13). A replicate is never copied out: it is a multiplicity for each row, with
//! which the measures are computed. Replicate `i` draws from stream `i` of a ChaCha8 generator, so the
//! result depends on the seed alone, not on the number of threads or the order of rows.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::scored::Scored;

/// Lower and upper end of a 95 % interval.
pub type Interval = [f64; 2];

/// With fewer replicates the outer 2.5 % hold less than one of them.
const FEWEST_REPLICATES: usize = 40;

/// The values of every replicate, in order: `values(multiplicities)` for each, with one multiplicity a
/// row, `0..=group_count`. No replicates for a single group, which says nothing about other groups.
#[must_use]
pub fn replicate<T: Send>(
    scored: &Scored,
    replicates: usize,
    seed: u64,
    values: impl Fn(&[u32]) -> T + Sync,
) -> Vec<T> {
    replicate_groups(scored.group_count(), replicates, seed, |drawn| values(&multiplicities(scored, drawn)))
}

/// As [`replicate`], for measures that add up over groups: `values` takes how often each of the `groups` was
/// drawn.
#[must_use]
pub fn replicate_groups<T: Send>(
    groups: usize,
    replicates: usize,
    seed: u64,
    values: impl Fn(&[u32]) -> T + Sync,
) -> Vec<T> {
    if groups < 2 {
        return Vec::new();
    }
    (0..replicates as u64).into_par_iter().map(|stream| values(&draw(groups, seed, stream))).collect()
}

/// How often each group occurs in one replicate.
fn draw(groups: usize, seed: u64, stream: u64) -> Vec<u32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    let mut drawn = vec![0_u32; groups];
    for _ in 0..groups {
        drawn[rng.random_range(0..groups as u32) as usize] += 1;
    }
    drawn
}

/// How often each row occurs where its group was drawn so often.
fn multiplicities(scored: &Scored, drawn: &[u32]) -> Vec<u32> {
    scored.group_ranks().iter().map(|&group| drawn[group as usize]).collect()
}

/// The 95 % percentile interval of one measure's replicates: their 2.5 % and 97.5 % quantiles, linearly
/// interpolated. `None` for fewer than 40 replicates, or where the measure is undefined on more than one
/// replicate in twenty: the rest would then be a choice of the favourable ones.
#[must_use]
pub fn interval(replicates: &[Option<f64>]) -> Option<Interval> {
    let mut values = defined(replicates)?;
    values.sort_unstable_by(f64::total_cmp);
    Some([quantile(&values, 0.025), quantile(&values, 0.975)])
}

/// The two-sided p-value of one difference's replicates: twice the smaller of the shares on either side
/// of zero, each counting itself once more (Davison & Hinkley 1997, ch. 4) so that it is never 0, at
/// most 1. `None` as for [`interval`].
#[must_use]
pub fn p_value(replicates: &[Option<f64>]) -> Option<f64> {
    let values = defined(replicates)?;
    let share = |side: fn(&f64) -> bool| (1 + values.iter().filter(|value| side(value)).count()) as f64;
    let smaller = share(|value| *value <= 0.0).min(share(|value| *value >= 0.0));
    Some((2.0 * smaller / (1 + values.len()) as f64).min(1.0))
}

/// The values of the replicates on which the measure is defined, where these are enough.
fn defined(replicates: &[Option<f64>]) -> Option<Vec<f64>> {
    let values: Vec<f64> = replicates.iter().flatten().copied().collect();
    let enough = replicates.len() >= FEWEST_REPLICATES && values.len() * 20 >= replicates.len() * 19;
    enough.then_some(values)
}

/// The quantile of sorted values, at least one (type 7 of Hyndman & Fan 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::super::metrics::weighted_mean;
    use super::super::sample::{binary, close, from_rows, pick};
    use super::*;

    fn multiplicities(scored: &Scored, seed: u64, stream: u64) -> Vec<u32> {
        super::multiplicities(scored, &draw(scored.group_count(), seed, stream))
    }

    #[test]
    fn a_replicate_draws_as_many_groups_as_there_are_and_rows_of_a_group_together() {
        let scored = binary();
        let drawn = multiplicities(&scored, 1, 0);
        let by_group: Vec<u32> = (0..80).map(|group| drawn[group]).collect();
        assert_eq!(by_group.iter().sum::<u32>(), 80);
        assert!((0..200).all(|row| drawn[row] == by_group[row % 80]));
        assert!(by_group.contains(&0) && by_group.iter().any(|&times| times > 1));
    }

    #[test]
    fn replicates_differ_from_each_other_and_between_seeds() {
        let scored = binary();
        assert_ne!(multiplicities(&scored, 1, 0), multiplicities(&scored, 1, 1));
        assert_ne!(multiplicities(&scored, 1, 0), multiplicities(&scored, 2, 0));
    }

    #[test]
    fn row_order_has_no_influence() {
        let scored = binary();
        let reversed = pick(&scored, &(0..200).rev().collect::<Vec<_>>());
        let mut drawn = multiplicities(&reversed, 5, 3);
        drawn.reverse();
        assert_eq!(drawn, multiplicities(&scored, 5, 3));
    }

    #[test]
    fn the_interval_of_a_mean_has_the_width_that_theory_gives() {
        let pairs: Vec<(usize, f64)> = (0..400).map(|i| (i % 2, 0.5)).collect();
        let scored = from_rows(&pairs);
        let labels: Vec<f64> = scored.gold().iter().map(|&gold| gold as f64).collect();
        let means = replicate(&scored, 4000, 9, |times| Some(weighted_mean(&labels, times)));
        let [low, high] = interval(&means).unwrap();
        let half = 1.96 * 0.5 / 20.0;
        assert!((low - (0.5 - half)).abs() < 0.005 && (high - (0.5 + half)).abs() < 0.005, "{low} {high}");
    }

    #[test]
    fn quantiles_are_interpolated() {
        close(quantile(&[1.0, 2.0, 4.0], 0.25), 1.5);
        close(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        close(quantile(&[3.0], 0.975), 3.0);
    }

    #[test]
    fn too_few_or_too_often_undefined_replicates_give_no_interval() {
        assert_eq!(interval(&[Some(1.0); 39]), None);
        assert_eq!(interval(&[Some(1.0); 40]), Some([1.0, 1.0]));
        let mut half = vec![Some(1.0); 94];
        half.extend([None; 6]);
        assert_eq!((interval(&half), p_value(&half)), (None, None));
    }

    #[test]
    fn p_values_are_two_sided_never_zero_and_at_most_one() {
        close(p_value(&[Some(0.3); 999]).unwrap(), 0.002);
        close(p_value(&[Some(-0.3); 999]).unwrap(), 0.002);
        close(p_value(&[Some(0.0); 999]).unwrap(), 1.0);
    }
}
