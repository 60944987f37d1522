//! Whether a probability of 0.8 is right eight times in ten.
//!
//! In: [`Scored`] rows and how to [`Bins`] them. Out: [`reliability_table`], and its summary in one
//! number, [`calibration_error`].
//!
//! Two classes: the probability is the positive class's, and what is observed is the share of rows
//! labelled positive. More classes: the probability is the largest of the row, and what is observed is
//! the share of rows whose most probable class is the labelled one (Guo et al. 2017); of equal
//! probabilities the first class is taken. The decided class plays no part.

use serde::{Deserialize, Serialize};

use super::metrics::ratio;
use super::scored::Scored;
use crate::error::{Error, Result};

/// How rows are put into bins by their probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bins {
    /// How many bins; at least 1; 15 by default.
    pub count: usize,
    /// Where one bin ends and the next begins.
    pub kind: Binning,
}

impl Default for Bins {
    fn default() -> Self {
        Self { count: 15, kind: Binning::EqualMass }
    }
}

impl Bins {
    /// # Errors
    /// [`Error::Settings`] for no bins, or more than a million.
    pub(super) fn check(self) -> Result<Self> {
        match self.count {
            1..=1_000_000 => Ok(self),
            count => Err(Error::Settings {
                setting: "bins".into(),
                found: count.to_string(),
                expected: "a number from 1 to 1000000".into(),
            }),
        }
    }
}

/// Where one bin ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binning {
    /// Every bin holds as many rows as the others, as far as ties allow: rows with the same probability
    /// stay together, in the bin in which the middle of them falls (Nguyen & O'Connor 2015). The default.
    #[default]
    EqualMass,
    /// Every bin is equally wide in probability; the last one includes 1.
    EqualWidth,
}

/// One bin of a reliability table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// The bin's number, from 0, by rising probability.
    pub bin: usize,
    /// Mean probability of its rows, `0..=1`.
    pub mean_probability: f64,
    /// Share of its rows that are labelled positive (two classes) or whose most probable class is right
    /// (more classes), `0..=1`.
    pub observed: f64,
    /// How many rows; at least one.
    pub n: u64,
}

/// Mean probability against observed share, bin by bin; bins without rows are left out.
///
/// # Errors
/// [`Error::Settings`] where `bins.count` is 0 or above a million.
pub fn reliability_table(scored: &Scored, bins: Bins) -> Result<Vec<ReliabilityBin>> {
    Ok(table(scored, bins.check()?, &scored.ones()))
}

/// Expected calibration error (Naeini, Cooper & Hauskrecht 2015), `0..=1`, lower is better: mean over
/// rows of the distance, in the row's bin, between mean probability and observed share. A sample's value
/// is too high on average, the more so the fewer rows a bin has (Kumar, Liang & Ma 2019).
///
/// # Errors
/// [`Error::Settings`] where `bins.count` is 0 or above a million.
pub fn calibration_error(scored: &Scored, bins: Bins) -> Result<f64> {
    Ok(summary(&reliability_table(scored, bins)?))
}

/// The calibration error of a table.
pub(super) fn summary(table: &[ReliabilityBin]) -> f64 {
    let rows: u64 = table.iter().map(|bin| bin.n).sum();
    let distance = |bin: &ReliabilityBin| bin.n as f64 * (bin.mean_probability - bin.observed).abs();
    if rows == 0 { 0.0 } else { table.iter().map(distance).sum::<f64>() / rows as f64 }
}

/// The table with each row counted as often as its multiplicity says.
pub(super) fn table(scored: &Scored, bins: Bins, multiplicities: &[u32]) -> Vec<ReliabilityBin> {
    let mut claims: Vec<Claim> = (0..scored.len())
        .filter(|&row| multiplicities[row] > 0)
        .map(|row| Claim::new(scored, row, multiplicities[row]))
        .collect();
    claims.sort_unstable_by(|a, b| a.probability.total_cmp(&b.probability));
    let total: u64 = claims.iter().map(|claim| claim.times).sum();
    let mut table = Vec::new();
    let mut before = 0;
    for tie in claims.chunk_by(|a, b| a.probability == b.probability) {
        let size: u64 = tie.iter().map(|claim| claim.times).sum();
        let bin = match bins.kind {
            Binning::EqualMass => (bins.count as u64 * (2 * before + size) / (2 * total)) as usize,
            Binning::EqualWidth => ((tie[0].probability * bins.count as f64) as usize).min(bins.count - 1),
        };
        let held: u64 = tie.iter().filter(|claim| claim.holds).map(|claim| claim.times).sum();
        add(&mut table, bin, tie[0].probability, size, held);
        before += size;
    }
    table.into_iter().map(Tally::close).collect()
}

/// What a row claims: something holds, with this probability.
struct Claim {
    probability: f64,
    holds: bool,
    times: u64,
}

impl Claim {
    fn new(scored: &Scored, row: usize, times: u32) -> Self {
        let (probabilities, gold) = (scored.probabilities(row), scored.gold()[row]);
        let class = if scored.is_binary() { 1 } else { most_probable(probabilities) };
        Self { probability: probabilities[class], holds: gold == class, times: u64::from(times) }
    }
}

/// The first class with the largest probability.
fn most_probable(probabilities: &[f64]) -> usize {
    (1..probabilities.len())
        .fold(0, |best, class| if probabilities[class] > probabilities[best] { class } else { best })
}

/// A bin that is being filled.
struct Tally {
    bin: usize,
    probability_sum: f64,
    held: u64,
    n: u64,
}

impl Tally {
    fn close(self) -> ReliabilityBin {
        ReliabilityBin {
            bin: self.bin,
            mean_probability: self.probability_sum / self.n as f64,
            observed: ratio(self.held, self.n),
            n: self.n,
        }
    }
}

/// Adds equal probabilities to the last bin, or opens the bin where it is a new one.
fn add(table: &mut Vec<Tally>, bin: usize, probability: f64, size: u64, held: u64) {
    let sum = probability * size as f64;
    match table.last_mut() {
        Some(last) if last.bin == bin => {
            last.probability_sum += sum;
            last.held += held;
            last.n += size;
        }
        _ => table.push(Tally { bin, probability_sum: sum, held, n: size }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{binary, close, from_rows, three};
    use super::*;

    const WIDTH: Bins = Bins { count: 15, kind: Binning::EqualWidth };

    #[test]
    fn calibration_error_agrees_with_the_reference() {
        close(calibration_error(&binary(), Bins::default()).unwrap(), 0.12875);
        close(calibration_error(&binary(), WIDTH).unwrap(), 0.13825000000000004);
        close(calibration_error(&three(), Bins::default()).unwrap(), 0.10788688152699961);
        close(calibration_error(&three(), WIDTH).unwrap(), 0.10724704664567865);
    }

    #[test]
    fn bins_of_equal_mass_hold_equally_many_rows_without_ties() {
        let pairs: Vec<(usize, f64)> = (0..30).map(|i| (i % 2, f64::from(i as u32) / 100.0)).collect();
        let table = reliability_table(&from_rows(&pairs), Bins::default()).unwrap();
        assert_eq!(
            table.iter().map(|bin| (bin.bin, bin.n)).collect::<Vec<_>>(),
            (0..15).map(|b| (b, 2)).collect::<Vec<_>>()
        );
        close(table[1].mean_probability, 0.025);
        close(table[1].observed, 0.5);
    }

    #[test]
    fn a_tie_is_never_split() {
        let table = reliability_table(&from_rows(&[(0, 0.3), (1, 0.3), (1, 0.3)]), Bins::default()).unwrap();
        assert_eq!(table.len(), 1);
        assert_eq!((table[0].bin, table[0].n), (7, 3));
    }

    #[test]
    fn the_probability_one_falls_into_the_last_bin_and_empty_bins_are_left_out() {
        let table = reliability_table(&from_rows(&[(1, 1.0), (0, 0.0)]), WIDTH).unwrap();
        assert_eq!(table.iter().map(|bin| bin.bin).collect::<Vec<_>>(), [0, 14]);
        close(summary(&table), 0.0);
    }

    #[test]
    fn no_bins_are_refused() {
        let refusal = calibration_error(&binary(), Bins { count: 0, kind: Binning::EqualMass }).unwrap_err();
        assert_eq!(refusal.to_string(), "bins: found 0; expected a number from 1 to 1000000");
    }
}
