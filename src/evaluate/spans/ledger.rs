//! The counts of one head, kept by group.
//!
//! In: rows. Out: a [`Ledger`] whose groups add up, each as often as a bootstrap replicate draws it, to
//! [`Counts`], and these give the values of all measures. Start at [`Ledger::new`].

use std::collections::BTreeMap;

use super::head::SpanHead;
use super::row::SpanRow;
use super::tally::Tally;
use super::{attribution, loaded};
use crate::error::Result;
use crate::evaluate::bootstrap;
use crate::evaluate::measure::Settings;
use crate::evaluate::reliability::{Bins, ReliabilityBin, table};
use crate::evaluate::scored::{Rows, Scored};
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;

/// Counts of one row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Counts {
    parts: Vec<Tally>,
    direct: Tally,
    judged: Vec<(f64, bool)>,
}

impl Counts {
    /// A tally for each part of the head in order; of directness; and for each found mark its probability and
    /// whether it is right.
    pub fn new(parts: Vec<Tally>, direct: Tally, judged: Vec<(f64, bool)>) -> Self {
        Self { parts, direct, judged }
    }

    #[cfg(test)]
    pub fn parts(&self) -> &[Tally] {
        &self.parts
    }

    #[cfg(test)]
    pub fn direct(&self) -> Tally {
        self.direct
    }

    #[cfg(test)]
    pub fn judged(&self) -> &[(f64, bool)] {
        &self.judged
    }
}

/// Counts that add up.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sums {
    parts: Vec<Tally>,
    direct: Tally,
    /// Sum of the squared errors of the found marks' probabilities.
    loss: f64,
    judged: u64,
}

impl Sums {
    fn add(&mut self, other: &Self, times: u64) {
        self.parts.resize(other.parts.len().max(self.parts.len()), Tally::default());
        self.parts.iter_mut().zip(&other.parts).for_each(|(to, from)| to.add(*from, times));
        self.direct.add(other.direct, times);
        self.loss += other.loss * times as f64;
        self.judged += other.judged * times;
    }

    /// The tally of each part, in the head's order.
    pub fn parts(&self) -> &[Tally] {
        &self.parts
    }

    /// How many marks were found.
    pub fn judged(&self) -> u64 {
        self.judged
    }

    /// The values of [`SpanHead::measures`] but the last, `ece`, which is not additive.
    pub fn values(&self, head: SpanHead) -> Vec<Option<f64>> {
        let mut values: Vec<Option<f64>> =
            self.parts.iter().flat_map(|part| [part.f1(), part.precision(), part.recall()]).collect();
        if head == SpanHead::Attribution {
            let classes = self.parts.iter().rev().take(CueClass::ALL.len());
            let f1s: Vec<f64> = classes.filter_map(|class| class.f1()).collect();
            values.push((!f1s.is_empty()).then(|| f1s.iter().sum::<f64>() / f1s.len() as f64));
            values.push(self.direct.precision());
        }
        values.push((self.judged > 0).then(|| self.loss / self.judged as f64));
        values
    }
}

impl From<&Counts> for Sums {
    fn from(counts: &Counts) -> Self {
        let loss = |&(p, right): &(f64, bool)| (p - f64::from(u8::from(right))).powi(2);
        Self {
            parts: counts.parts.clone(),
            direct: counts.direct,
            loss: counts.judged.iter().map(loss).sum(),
            judged: counts.judged.len() as u64,
        }
    }
}

/// The counts of one head by group, ready to be resampled.
#[derive(Debug)]
pub(super) struct Ledger {
    head: SpanHead,
    rows: usize,
    /// By rising group id, so that row order has no influence.
    groups: Vec<Sums>,
    /// Group, probability and rightness of every found mark.
    judged: Vec<(u64, f64, bool)>,
}

impl Ledger {
    /// Counts the rows that both sides looked at for this head; `None` if there are none.
    pub fn new<'a>(head: SpanHead, rows: impl IntoIterator<Item = &'a SpanRow>) -> Option<Self> {
        let mut groups: BTreeMap<u64, Sums> = BTreeMap::new();
        let (mut n, mut judged) = (0, Vec::new());
        for row in rows {
            let Some(counts) = count(head, row) else { continue };
            n += 1;
            groups.entry(row.group).or_default().add(&Sums::from(&counts), 1);
            judged.extend(counts.judged.iter().map(|&(p, right)| (row.group, p, right)));
        }
        (n > 0).then(|| Self { head, rows: n, groups: groups.into_values().collect(), judged })
    }

    /// How many rows; at least one.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many groups; at least one.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Every group once.
    pub fn total(&self) -> Sums {
        self.drawn(&vec![1; self.groups.len()])
    }

    /// Every group as often as drawn.
    fn drawn(&self, times: &[u32]) -> Sums {
        let mut sums = Sums::default();
        for (group, &times) in self.groups.iter().zip(times).filter(|(_, times)| **times > 0) {
            sums.add(group, u64::from(times));
        }
        sums
    }

    /// `read(values of this, times drawn)` on every bootstrap replicate.
    pub fn replicate<T: Send>(
        &self,
        settings: &Settings,
        read: impl Fn(Vec<Option<f64>>, &[u32]) -> T + Sync,
    ) -> Vec<T> {
        bootstrap::replicate_groups(self.groups.len(), settings.replicates, settings.seed, |times| {
            read(self.values(times), times)
        })
    }

    /// The values with every group as often as drawn.
    pub fn values(&self, times: &[u32]) -> Vec<Option<f64>> {
        self.drawn(times).values(self.head)
    }

    /// Mean probability of found marks against the share of them that is right; empty where none was found.
    pub fn reliability(&self, bins: Bins) -> Result<Vec<ReliabilityBin>> {
        if self.judged.is_empty() {
            return Ok(Vec::new());
        }
        let scored = Scored::new(Rows {
            head: self.head.as_str().into(),
            classes: vec!["wrong".into(), "right".into()],
            groups: self.judged.iter().map(|(group, ..)| *group).collect(),
            gold: self.judged.iter().map(|(.., right)| usize::from(*right)).collect(),
            probabilities: self.judged.iter().flat_map(|(_, p, _)| [1.0 - p, *p]).collect(),
            predicted: vec![1; self.judged.len()],
            certain: vec![true; self.judged.len()],
        })?;
        Ok(table(&scored, bins, &scored.ones()))
    }
}

fn count(head: SpanHead, row: &SpanRow) -> Option<Counts> {
    match head {
        SpanHead::Loaded => Some(loaded::count(row, row.gold.loaded.as_ref()?, row.found.loaded.as_ref()?)),
        SpanHead::Attribution => {
            Some(attribution::count(row, row.gold.relations.as_ref()?, row.found.relations.as_ref()?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::rows;
    use super::*;

    #[test]
    fn every_measure_but_the_last_has_a_value() {
        for &head in SpanHead::ALL {
            let ledger = Ledger::new(head, &rows()).unwrap();
            assert_eq!(ledger.total().values(head).len() + 1, head.measures().len());
            assert_eq!(ledger.total().parts().len(), head.parts().len());
        }
    }

    #[test]
    fn groups_drawn_twice_count_twice_and_rows_of_other_heads_not_at_all() {
        let mut some = rows();
        some[0].found.loaded = None;
        let ledger = Ledger::new(SpanHead::Loaded, &some).unwrap();
        assert_eq!(ledger.rows(), some.len() - 1);
        let twice: Vec<u32> = vec![2; ledger.groups()];
        assert_eq!(ledger.values(&twice), ledger.total().values(SpanHead::Loaded));
        assert!(Ledger::new(SpanHead::Loaded, &some[..1]).is_none());
    }
}
