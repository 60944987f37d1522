//! What rounds of one measurement say: their middle, how far they spread, and the ratio of two of them.
//!
//! In: the value of each round, in the order they were taken. Out: an [`Estimate`], or a [`Ratio`]. Start at
//! [`estimate`] and [`ratio`]. The middle is the median, which a round that something else interrupted does not move.
//! Neighbouring rounds resemble each other, since what else a machine does lasts longer than one, so **blocks** of
//! rounds are drawn with replacement (the circular block bootstrap: Politis & Romano 1992), as long as the root of
//! their number.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How often rounds are drawn anew.
const DRAWS: usize = 1000;

/// What the draws depend on, with the number of rounds and nothing else.
const SEED: u64 = 6;

/// The part of the draws that lies outside an interval of one measurement, both sides together.
const OUTSIDE_ESTIMATE: f64 = 0.05;

/// The same of a ratio of two runs. There are some twenty of them, and each could be taken for a difference.
const OUTSIDE_RATIO: f64 = 0.01;

/// The middle of some rounds, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The median of the rounds.
    pub median: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The median absolute deviation of the rounds: half of them are within this of the median.
    pub deviation: f64,
}

/// How many times as large one measurement is as another, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The ratio of the medians.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The estimate that rounds give; `None` where there is none, or one that is no finite number.
#[must_use]
pub fn estimate(rounds: &[f64]) -> Option<Estimate> {
    let middle = median(rounds)?;
    let apart: Vec<f64> = rounds.iter().map(|value| (value - middle).abs()).collect();
    let drawn: Vec<f64> = draws(rounds.len(), 0).filter_map(|draw| median(&drawn(rounds, &draw))).collect();
    let (low, high) = ends(drawn, OUTSIDE_ESTIMATE)?;
    Some(Estimate { median: middle, low: low.min(middle), high: high.max(middle), deviation: median(&apart)? })
}

/// The ratio of the medians of two measurements in one run: they were taken in the same rounds, which are drawn
/// together. `None` where there are no such rounds, or a median is not above 0; 95 %.
#[must_use]
pub fn ratio_within(over: &[f64], under: &[f64]) -> Option<Ratio> {
    if over.len() != under.len() {
        return None;
    }
    let of = |draw: &[usize]| positive(median(&drawn(over, draw))? / median(&drawn(under, draw))?);
    let value = positive(median(over)?)? / positive(median(under)?)?;
    spread(value, draws(over.len(), 0).map(|draw| of(&draw)), OUTSIDE_ESTIMATE)
}

/// A measurement in one run: its rounds, and what the reference loop took in each of them.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    /// Of each round.
    pub rounds: &'a [f64],
    /// Of the reference loop in the same rounds; as many.
    pub reference: &'a [f64],
}

/// How many times as large a measurement is in one run as in another, as it was timed and over the reference loop's
/// own ratio; 99 %. `None` where a median is not above 0, or too often would not be.
#[must_use]
pub fn ratio(new: Measured<'_>, old: Measured<'_>) -> Option<(Ratio, Ratio)> {
    if new.rounds.len() != new.reference.len() || old.rounds.len() != old.reference.len() {
        return None;
    }
    let both = |new: (&[f64], &[f64]), old: (&[f64], &[f64])| {
        let raw = positive(median(new.0)?)? / positive(median(old.0)?)?;
        let reference = positive(median(new.1)?)? / positive(median(old.1)?)?;
        Some((raw, raw / reference))
    };
    let (raw, normalised) = both((new.rounds, new.reference), (old.rounds, old.reference))?;
    let pairs: Vec<Option<(f64, f64)>> = draws(new.rounds.len(), 1)
        .zip(draws(old.rounds.len(), 2))
        .map(|(n, o)| {
            let (n, n_reference) = (drawn(new.rounds, &n), drawn(new.reference, &n));
            let (o, o_reference) = (drawn(old.rounds, &o), drawn(old.reference, &o));
            both((&n, &n_reference), (&o, &o_reference))
        })
        .collect();
    let raw = spread(raw, pairs.iter().map(|pair| pair.map(|(raw, _)| raw)), OUTSIDE_RATIO)?;
    let normalised = spread(normalised, pairs.iter().map(|pair| pair.map(|(_, n)| n)), OUTSIDE_RATIO)?;
    Some((raw, normalised))
}

/// The median; `None` of nothing, or where a value is not finite.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    percentile(&sorted(values)?, 0.5)
}

/// The values in order; `None` where one is not finite.
#[must_use]
pub fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.iter().all(|value| value.is_finite()).then_some(sorted)
}

/// The value below which a share of the values lies, 0 to 1, between two of them interpolated (type 7 of Hyndman &
/// Fan 1996); `None` of nothing. The values are in order.
#[must_use]
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// Which rounds each draw takes, `rounds` of them, in blocks.
fn draws(rounds: usize, stream: u64) -> impl Iterator<Item = Vec<usize>> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    random.set_stream(stream);
    let block = rounds.isqrt().max(1);
    (0..DRAWS).map(move |_| {
        let mut draw = Vec::with_capacity(rounds + block);
        while draw.len() < rounds {
            let start = random.random_range(0..rounds as u64) as usize;
            draw.extend((start..start + block).map(|at| at % rounds));
        }
        draw.truncate(rounds);
        draw
    })
}

fn drawn(rounds: &[f64], draw: &[usize]) -> Vec<f64> {
    draw.iter().filter_map(|at| rounds.get(*at)).copied().collect()
}

fn positive(value: f64) -> Option<f64> {
    (value > 0.0 && value.is_finite()).then_some(value)
}

/// A ratio with the interval of its draws; `None` where it is not defined on more than one of them in twenty.
fn spread(value: f64, drawn: impl Iterator<Item = Option<f64>>, outside: f64) -> Option<Ratio> {
    let drawn: Vec<f64> = drawn.flatten().collect();
    if drawn.len() * 20 < DRAWS * 19 {
        return None;
    }
    let (low, high) = ends(drawn, outside)?;
    Some(Ratio { value, low: low.min(value), high: high.max(value) })
}

/// The ends of an interval that leaves out that part of the values.
fn ends(values: Vec<f64>, outside: f64) -> Option<(f64, f64)> {
    let values = sorted(&values)?;
    percentile(&values, outside / 2.0).zip(percentile(&values, 1.0 - outside / 2.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, prop_assert, proptest};

    /// Rounds around a middle, a hundredth of it up and down, drawn from a stream.
    fn rounds(middle: f64, stream: u64) -> Vec<f64> {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        random.set_stream(stream);
        (0..30).map(|_| middle * random.random_range(0.99..1.01)).collect()
    }

    fn compared(new: f64, old: f64, slower_machine: f64) -> (Ratio, Ratio) {
        let (new_reference, old_reference) = (rounds(slower_machine, 11), rounds(1.0, 12));
        let (new, old) = (rounds(new, 13), rounds(old, 14));
        ratio(
            Measured { rounds: &new, reference: &new_reference },
            Measured { rounds: &old, reference: &old_reference },
        )
        .unwrap()
    }

    #[test]
    fn one_interrupted_round_does_not_move_the_median() {
        let mut quiet = rounds(1.0, 0);
        let before = estimate(&quiet).unwrap();
        quiet[3] = 50.0;
        let after = estimate(&quiet).unwrap();
        assert!((before.median - after.median).abs() < 0.01 && after.deviation < 0.02);
        assert!(after.low > 0.98 && after.high < 1.02, "{after:?}");
    }

    #[test]
    fn the_same_rounds_give_the_same_estimate_each_time() {
        assert_eq!(estimate(&rounds(1.0, 0)), estimate(&rounds(1.0, 0)));
    }

    #[test]
    fn a_real_difference_is_outside_the_interval_and_chance_is_not() {
        let (raw, normalised) = compared(1.2, 1.0, 1.0);
        assert!(raw.low > 1.1 && raw.high < 1.3 && normalised.low > 1.1, "{raw:?}");
        let (raw, normalised) = compared(1.0, 1.0, 1.0);
        assert!(raw.low <= 1.0 && raw.high >= 1.0, "{raw:?}");
        assert!(normalised.low < 1.01 && normalised.high > 0.99, "{normalised:?}");
    }

    #[test]
    fn a_slower_machine_is_taken_out_by_the_reference_loop() {
        let (raw, normalised) = compared(1.5, 1.0, 1.5);
        assert!(raw.low > 1.4, "{raw:?}");
        assert!((normalised.value - 1.0).abs() < 0.02, "{normalised:?}");
    }

    #[test]
    fn a_ratio_to_itself_is_one() {
        let (of, reference) = (rounds(2.0, 3), rounds(1.0, 4));
        let measured = Measured { rounds: &of, reference: &reference };
        let (raw, normalised) = ratio(measured, measured).unwrap();
        assert!((raw.value - 1.0).abs() < 1e-12 && (normalised.value - 1.0).abs() < 1e-12);
        assert!(raw.low <= 1.0 && raw.high >= 1.0 && normalised.low <= 1.0 && normalised.high >= 1.0);
    }

    #[test]
    fn what_took_no_time_or_less_has_no_ratio() {
        let (none, some) = (vec![0.0; 10], rounds(1.0, 5)[..10].to_vec());
        let of = |rounds| Measured { rounds, reference: &some };
        assert_eq!(ratio(of(&some), of(&none)), None);
        assert_eq!(ratio_within(&some, &none), None);
        assert_eq!(ratio_within(&some, &some[..3]), None);
        assert_eq!(estimate(&[]), None);
        assert_eq!(estimate(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn percentiles_are_interpolated() {
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 1.0), Some(4.0));
        assert_eq!(percentile(&[], 0.5), None);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_median_and_lies_among_the_rounds(rounds in prop::collection::vec(1e-6f64..1e3, 1..40)) {
            let e = estimate(&rounds).unwrap();
            let (least, most) = rounds.iter().fold((f64::MAX, 0.0f64), |(l, m), v| (l.min(*v), m.max(*v)));
            prop_assert!(least <= e.low && e.low <= e.median && e.median <= e.high && e.high <= most);
            prop_assert!(e.deviation >= 0.0);
        }
    }
}
