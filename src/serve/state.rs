//! The one thing that requests share: the models, which can be exchanged while requests are in flight.
//!
//! In: a [`Desk`] of the bundles. Out: [`Models`]. Start at [`Models::now`]. A request takes what is there
//! when its work begins and keeps it to its end, whatever [`Models::swap`] does meanwhile.
//!
//! A desk has its targets and heads for good. A request that asks for its own gets a copy ([`Loaded::desk_for`]), which shares
//! the bundles.

use crate::error::{Error, Result};
use crate::model::bundle::CARD;
use crate::score::{Desk, Options, Route, Scorer, Targets};
use crate::text::Document;
use arc_swap::ArcSwap;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

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
    pub fn swap(&self, loaded: Arc<Loaded>) -> Arc<Loaded> {
        self.0.swap(loaded)
    }
}

/// Bundles that were read, and what belongs to them.
pub struct Loaded {
    desk: Desk,
    heads: BTreeSet<String>,
    aliases: Vec<Alias>,
    cards: BTreeMap<String, String>,
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
    /// As [`Desk::scorer`].
    pub fn read(desk: Desk, aliases: Vec<Alias>, cards: BTreeMap<String, String>) -> Result<Self> {
        let desk = desk.toward(Targets::new(&[], aliases.clone()));
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
        Ok(Self { desk, heads, aliases, cards })
    }

    /// The same with the bundle in `folder` for its language; the others are shared.
    ///
    /// # Errors
    /// As [`Scorer::open`] and [`Desk::score`].
    pub fn with(&self, folder: &Path) -> Result<Self> {
        let scorer = Scorer::open(folder)?;
        let mut cards = self.cards.clone();
        if let Ok(card) = fs::read_to_string(folder.join(CARD)) {
            cards.insert(scorer.name().name, card);
        }
        Self::read(self.desk.clone().replacing(scorer), self.aliases.clone(), cards)
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

    /// The desk, asked for these heads alone (for all, where none is named) and these targets.
    ///
    /// # Errors
    /// [`Error::Settings`] for a head that no bundle has; as [`Desk::only`].
    pub fn desk_for(&self, heads: Vec<String>, targets: Targets) -> Result<Desk> {
        if let Some(unknown) = heads.iter().find(|head| !self.heads.contains(*head)) {
            let known: Vec<&str> = self.heads.iter().map(String::as_str).collect();
            return Err(Error::Settings {
                setting: "heads".into(),
                found: format!("`{unknown}`"),
                expected: format!("heads of the models: {}", known.join(", ")),
            });
        }
        Ok(self.desk.clone().only(heads)?.toward(targets))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn folder(lang: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(lang)
    }

    fn loaded(lang: &'static str) -> Loaded {
        let desk = Desk::of_folders([(lang.to_owned(), folder(lang))]);
        Loaded::read(desk, Vec::new(), BTreeMap::new()).unwrap()
    }

    #[test]
    fn a_swap_is_seen_by_the_next_request_and_not_by_those_in_flight() {
        let models = Models::new(loaded("en"));
        let in_flight = models.now();
        let before = models.swap(Arc::new(loaded("ar")));
        assert!(Arc::ptr_eq(&in_flight, &before));
        assert_eq!(models.now().desk().langs().collect::<Vec<_>>(), ["ar"]);
        assert_eq!(in_flight.desk().langs().collect::<Vec<_>>(), ["en"]);
        let report = in_flight.desk().score(&Document::new("a", "It rained today."), &Options::default()).unwrap();
        assert_eq!(report.model.unwrap().name, "en");
    }

    #[test]
    fn a_desk_of_some_heads_shares_the_bundle_and_scores_as_one_of_its_own() {
        let loaded = loaded("en");
        let document =
            Document::new("a", "The clowns who run the port botched it again, “a disgrace”, a docker sneered.");
        let path = |desk: &Desk| std::ptr::from_ref(desk.scorer("en").unwrap().unwrap().bundle());
        for heads in [&["tone", "bias"][..], &["loaded"], &["attribution", "subjective"], &["stance", "attribution"]] {
            let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
            let desk = loaded.desk_for(heads.clone(), Targets::new(&["port".into()], Vec::new())).unwrap();
            assert_eq!(path(&desk), path(loaded.desk()));
            let alone = Desk::new(vec![Scorer::open(&folder("en")).unwrap().only(&heads).unwrap()]).unwrap();
            let alone = alone.toward(Targets::new(&["port".into()], Vec::new()));
            for explain in [false, true] {
                let options = Options { explain, ..Options::default() };
                assert_eq!(
                    desk.score(&document, &options).unwrap(),
                    alone.score(&document, &options).unwrap(),
                    "{heads:?}"
                );
            }
        }
        assert!(loaded.desk_for(vec!["genre".into()], Targets::default()).is_err());
        assert!(loaded.desk_for(vec!["stance".into()], Targets::default()).is_err());
    }
}
