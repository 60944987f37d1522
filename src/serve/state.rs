//! The one thing that requests share: the models, which can be exchanged while requests are in flight.
//!
//! In: how a [`Desk`] of the bundles is opened. Out: [`Models`]. Start at [`Models::now`]. A request takes what is there
//! when its work begins and keeps it to its end, whatever [`Models::swap`] does meanwhile.
//!
//! A desk has its targets and heads for good. A request that asks for other ones than all gets a desk of its own
//! ([`Loaded::lend`]); a few of those are kept for the next.

use crate::error::{Error, Result};
use crate::score::{Desk, Options, Route, Targets};
use crate::text::Document;
use arc_swap::ArcSwap;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::mem;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Desks for requests with heads or targets of their own that are kept for the next such request.
const MOST_SPARE: usize = 2;

/// Opens a desk of some heads alone; of all, where none is named.
pub type Open = Box<dyn Fn(Vec<String>) -> Result<Desk> + Send + Sync>;

/// A name and the forms that it is written in.
pub type Alias = (String, Vec<String>);

/// The models that answer now.
#[derive(Debug)]
pub struct Models(ArcSwap<Loaded>);

impl Models {
    /// These, until they are exchanged.
    #[must_use]
    pub fn new(loaded: Loaded) -> Self {
        Self(ArcSwap::from_pointee(loaded))
    }

    /// The models for a request that begins now.
    #[must_use]
    pub fn now(&self) -> Arc<Loaded> {
        self.0.load_full()
    }

    /// Exchanges the models at once, and gives back those that were there. Requests in flight finish on these.
    pub fn swap(&self, loaded: Loaded) -> Arc<Loaded> {
        self.0.swap(Arc::new(loaded))
    }
}

/// Bundles that were read, and what belongs to them.
pub struct Loaded {
    desk: Desk,
    heads: BTreeSet<String>,
    open: Open,
    aliases: Vec<Alias>,
    cards: BTreeMap<String, String>,
    /// Desks of some heads that nobody uses, the one used last at the end.
    spare: Mutex<Vec<(Vec<String>, Desk)>>,
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("desk", &self.desk).finish_non_exhaustive()
    }
}

impl Loaded {
    /// Reads the bundles, all of them now. `aliases` are names with their other forms, `cards` the bundles' cards by
    /// name.
    ///
    /// # Errors
    /// As [`Desk::scorer`] and `open`.
    pub fn read(open: Open, aliases: Vec<Alias>, cards: BTreeMap<String, String>) -> Result<Self> {
        let desk = open(Vec::new())?.toward(Targets::new(&[], aliases.clone()));
        let mut heads = BTreeSet::new();
        let langs: Vec<String> = desk.langs().map(str::to_owned).collect();
        for lang in langs {
            if let Some(scorer) = desk.scorer(&lang)? {
                heads.extend(scorer.bundle().manifest().heads.iter().cloned());
            }
            // Tables are made for the first sentence: no client has to wait for them.
            let (document, options) = (Document::new("", "One two."), Options::default());
            desk.score_routed(&document, &Route::in_language(&document, &options, &lang), &options)?;
        }
        Ok(Self { desk, heads, open, aliases, cards, spare: Mutex::default() })
    }

    /// The desk of all bundles and heads.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The user's names with their forms.
    #[must_use]
    pub fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    /// The card of a bundle.
    #[must_use]
    pub fn card(&self, name: &str) -> Option<&str> {
        self.cards.get(name).map(String::as_str)
    }

    /// A desk of these heads alone (of all, where none is named), asked for these targets.
    ///
    /// # Errors
    /// [`Error::Settings`] for a head that no bundle has; as [`Desk::only`] and reading a bundle.
    pub fn lend(&self, mut heads: Vec<String>, targets: Targets) -> Result<Lent<'_>> {
        if let Some(unknown) = heads.iter().find(|head| !self.heads.contains(*head)) {
            let known: Vec<&str> = self.heads.iter().map(String::as_str).collect();
            return Err(Error::Settings {
                setting: "heads".into(),
                found: format!("`{unknown}`"),
                expected: format!("heads of the models: {}", known.join(", ")),
            });
        }
        heads.sort_unstable();
        heads.dedup();
        let kept = {
            let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
            let at = spare.iter().rposition(|(of, _)| *of == heads);
            at.map(|at| spare.remove(at).1)
        };
        let desk = match kept {
            Some(desk) => desk,
            None => (self.open)(heads.clone())?,
        };
        Ok(Lent { from: self, heads, desk: desk.toward(targets) })
    }
}

/// A desk of one's own, to be given back by being dropped.
#[derive(Debug)]
pub struct Lent<'l> {
    from: &'l Loaded,
    heads: Vec<String>,
    desk: Desk,
}

impl Lent<'_> {
    /// Asks for other targets.
    pub fn turn(&mut self, targets: Targets) {
        self.desk = self.taken().toward(targets);
    }

    /// The desk itself; one without bundles stays.
    fn taken(&mut self) -> Desk {
        mem::replace(&mut self.desk, Desk::of_folders([]))
    }
}

impl Deref for Lent<'_> {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let desk = self.taken();
        let mut spare = self.from.spare.lock().unwrap_or_else(PoisonError::into_inner);
        spare.push((mem::take(&mut self.heads), desk));
        if spare.len() > MOST_SPARE {
            spare.remove(0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::score::Scorer;
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn folder(lang: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(lang)
    }

    fn loaded(lang: &'static str) -> Loaded {
        let open = move |heads: Vec<String>| Desk::of_folders([(lang.to_owned(), folder(lang))]).only(heads);
        Loaded::read(Box::new(open), Vec::new(), BTreeMap::new()).unwrap()
    }

    #[test]
    fn a_swap_is_seen_by_the_next_request_and_not_by_those_in_flight() {
        let models = Models::new(loaded("en"));
        let in_flight = models.now();
        let before = models.swap(loaded("ar"));
        assert!(Arc::ptr_eq(&in_flight, &before));
        assert_eq!(models.now().desk().langs().collect::<Vec<_>>(), ["ar"]);
        assert_eq!(in_flight.desk().langs().collect::<Vec<_>>(), ["en"]);
        let report = in_flight.desk().score(&Document::new("a", "It rained today."), &Options::default()).unwrap();
        assert_eq!(report.model.unwrap().name, "en");
    }

    #[test]
    fn a_desk_of_some_heads_is_opened_once_and_lent_again() {
        let opened = Arc::new(AtomicUsize::new(0));
        let counted = opened.clone();
        let open = move |heads: Vec<String>| {
            counted.fetch_add(1, Ordering::Relaxed);
            Desk::new(vec![Scorer::open(&folder("en"))?])?.only(heads)
        };
        let loaded = Loaded::read(Box::new(open), Vec::new(), BTreeMap::new()).unwrap();
        for _ in 0..3 {
            let desk = loaded.lend(vec!["tone".into(), "bias".into()], Targets::default()).unwrap();
            assert_eq!(desk.scorer("en").unwrap().unwrap().bundle().manifest().heads, ["bias", "tone"]);
        }
        assert_eq!(opened.load(Ordering::Relaxed), 2);
        assert!(loaded.lend(vec!["genre".into()], Targets::default()).is_err());
    }
}
