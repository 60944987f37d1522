//! The targets that several texts share: what any of them is about, asked of all.
//!
//! In: texts with their reports. Out: names, at most [`MOST`]. Start at [`shared_targets`].

use super::Told;
use std::collections::{BTreeMap, BTreeSet};

/// Targets at most.
const MOST: usize = 12;

/// The names of the targets of these texts' stances: those of most outlets first, of as many those with most mentions,
/// then in alphabetical order.
#[must_use]
pub fn shared_targets(told: &[Told]) -> Vec<String> {
    let mut names: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for text in told {
        for stance in text.report.stances.iter().flatten() {
            let (outlets, mentions) = names.entry(&stance.target.name).or_default();
            outlets.insert(&text.outlet);
            *mentions += 1;
        }
    }
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|(name, (outlets, mentions))| (std::cmp::Reverse((outlets.len(), *mentions)), *name));
    names.into_iter().take(MOST).map(|(name, _)| name.to_owned()).collect()
}
