//! What a format cannot say, told with a count.
//!
//! In: a sentence for each kind of loss, whenever it happens. Out: each sentence once, with how often. Start at
//! [`Notes::add`].

use std::collections::BTreeMap;
use std::fmt;

/// What was lost or changed on the way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    counts: BTreeMap<String, usize>,
}

impl Notes {
    /// Tells something once more.
    pub fn add(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    /// Everything told, in order of the alphabet, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.counts.iter().map(|(what, times)| (what.as_str(), *times))
    }

    /// Whether nothing was lost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(what, times)| writeln!(f, "{what}: {times}"))
    }
}
