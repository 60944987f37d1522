//! Where each holder stands toward each target, over a whole document or several.
//!
//! In: [`StanceReport`]s. Out: [`StanceSummary`]s. Start at [`standing`].
//!
//! The balance is (for − against) / mentions. Its interval is that of a multinomial share with half a mention added to
//! each polarity (Jeffreys' prior, a Dirichlet of ½ each), its posterior taken as normal and cut off at ±1: three
//! mentions of one kind do not make a certainty.

use super::printer::round;
use crate::heads::label::Label;
use crate::heads::stance::Polarity;
use crate::report::{HolderReport, StanceReport, StanceSummary, StandReport};
use crate::text::normal;
use std::collections::BTreeMap;

/// The standard normal's 97.5 % quantile.
const Z: f64 = 1.959_963_984_540_054;

/// A row for every holder and target, in order of the targets' first stances; of one target the author first, then
/// holders by falling number of mentions, then as they come.
#[must_use]
pub fn standing(stances: &[StanceReport]) -> Vec<StanceSummary> {
    let mut targets: Vec<&str> = Vec::new();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows: BTreeMap<(usize, Option<String>), Vec<usize>> = BTreeMap::new();
    for (number, stance) in stances.iter().enumerate() {
        let name = stance.target.name.as_str();
        let target = *numbers.entry(name).or_insert_with(|| {
            targets.push(name);
            targets.len() - 1
        });
        rows.entry((target, name_of(&stance.holder).map(folded))).or_default().push(number);
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|((target, holder), list)| (*target, holder.is_some(), std::cmp::Reverse(list.len()), list[0]));
    let row = |((target, _), list): ((usize, _), Vec<usize>)| {
        let holder = list.first().and_then(|first| name_of(&stances.get(*first)?.holder));
        summary(stances, holder, targets[target], list)
    };
    rows.into_iter().map(row).collect()
}

/// The holder's name; none of the author.
pub(super) fn name_of(holder: &HolderReport) -> Option<&str> {
    match holder {
        HolderReport::Author(_) => None,
        HolderReport::Named(actor) => Some(&actor.name),
    }
}

/// A name as it is told from others: *The council* is *council* and, in a headline, *Council*.
pub(super) fn folded(name: &str) -> String {
    let form = normal(name);
    form.strip_prefix("the ").unwrap_or(&form).to_owned()
}

fn summary(stances: &[StanceReport], holder: Option<&str>, target: &str, numbers: Vec<usize>) -> StanceSummary {
    let mut counts: BTreeMap<Polarity, usize> = BTreeMap::new();
    let mut mass: BTreeMap<Polarity, f64> = BTreeMap::new();
    for stance in numbers.iter().map(|n| &stances[*n]) {
        *counts.entry(stance.polarity).or_default() += 1;
        for (polarity, p) in &stance.polarities {
            *mass.entry(*polarity).or_default() += p;
        }
    }
    StanceSummary { stand: stand(holder, target, counts, &mass), stances: numbers }
}

/// Where a holder stands, given the mentions of each polarity and their summed probabilities.
pub(super) fn stand(
    holder: Option<&str>,
    target: &str,
    mut counts: BTreeMap<Polarity, usize>,
    mass: &BTreeMap<Polarity, f64>,
) -> StandReport {
    for polarity in Polarity::ALL {
        counts.entry(*polarity).or_default();
    }
    let of = |p: Polarity| counts.get(&p).copied().unwrap_or(0);
    let (f, a, n) = (of(Polarity::For), of(Polarity::Against), counts.values().sum());
    StandReport {
        holder: holder.map(str::to_owned),
        target: target.to_owned(),
        polarity: side(&counts, mass),
        balance: balance(f, a, n),
        interval: interval(f, a, n),
        counts,
    }
}

/// The side that was taken more often; of as many, that of more probability; neutral where none was.
fn side(counts: &BTreeMap<Polarity, usize>, mass: &BTreeMap<Polarity, f64>) -> Polarity {
    let of = |p: Polarity| (counts.get(&p).copied().unwrap_or(0), mass.get(&p).copied().unwrap_or(0.0));
    let best = [Polarity::For, Polarity::Against].into_iter().max_by(|x, y| {
        let (x, y) = (of(*x), of(*y));
        x.0.cmp(&y.0).then(x.1.total_cmp(&y.1))
    });
    best.filter(|p| of(*p).0 > 0).unwrap_or(Polarity::Neutral)
}

/// The balance of so many mentions for and against, of `n`.
fn balance(f: usize, a: usize, n: usize) -> f64 {
    round((f as f64 - a as f64) / n.max(1) as f64)
}

/// The 95 % interval of a balance of so many mentions for and against, of `n`.
#[must_use]
pub fn interval(f: usize, a: usize, n: usize) -> (f64, f64) {
    let total = n as f64 + 1.5;
    let (p, q) = ((f as f64 + 0.5) / total, (a as f64 + 0.5) / total);
    let mean = p - q;
    let deviation = ((p + q - mean * mean) / (total + 1.0)).sqrt();
    (round((mean - Z * deviation).max(-1.0)), round((mean + Z * deviation).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_its_balance_and_narrows_with_more_mentions() {
        for n in 1..40 {
            for f in 0..=n {
                let (low, high) = interval(f, n - f, n);
                let balance = (2.0 * f as f64 - n as f64) / n as f64;
                assert!(low >= -1.0 && high <= 1.0 && low < high, "{f} of {n}");
                let shrunk = balance * n as f64 / (n as f64 + 1.5);
                assert!(low <= shrunk && shrunk <= high);
            }
        }
        let width = |n| interval(n, 0, n).1 - interval(n, 0, n).0;
        assert!(width(20) < width(5) && width(5) < width(1));
    }

    #[test]
    fn one_mention_is_no_certainty_and_ten_of_a_kind_are_a_direction() {
        assert!(interval(0, 1, 1).1 > 0.0);
        assert!(interval(0, 10, 10).1 < 0.0 && interval(10, 0, 10).0 > 0.0);
    }
}
