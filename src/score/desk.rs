//! Bundles of several languages, each for the text in its own.
//!
//! In: bundles, or the folders that hold them. Out: reports. Start at [`Desk::score`]. A folder's bundle is read
//! when the first text in its language comes.

use super::route::{Defaults, Route};
use super::{Options, Scorer, Targets};
use crate::error::{Error, Result};
use crate::model::Shelves;
use crate::report::Report;
use crate::text::Document;
use crate::text::language::{Script, is_known};
use std::path::PathBuf;
use std::sync::OnceLock;

/// Scores documents in any language that it has a bundle for. A copy of it shares the bundles that were read already, so that
/// each request may have one of its own.
#[derive(Debug, Clone)]
pub struct Desk {
    seats: Vec<Seat>,
    defaults: Defaults,
    /// The language of all text, where it is not told from the text.
    lang: Option<String>,
    targets: Targets,
    /// The heads that are asked for; all, where there is none.
    heads: Vec<String>,
}

/// A language and its bundle.
#[derive(Debug, Clone)]
struct Seat {
    lang: String,
    folder: PathBuf,
    scorer: OnceLock<Scorer>,
}

impl Desk {
    /// A desk of bundles that were named: text in a language that none of them is for is not scored. What is too
    /// short to tell its language is taken to be in that of the first bundle in its script. A single bundle for
    /// a language that cannot be recognised scores everything.
    ///
    /// # Errors
    /// [`Error::Settings`] where two are for one language, or one of several is for a language that cannot be
    /// recognised.
    pub fn new(scorers: Vec<Scorer>) -> Result<Self> {
        let seat = |scorer: Scorer| Seat {
            lang: scorer.lang().to_owned(),
            folder: PathBuf::new(),
            scorer: OnceLock::from(scorer),
        };
        let seats: Vec<Seat> = scorers.into_iter().map(seat).collect();
        let refused = |found: String, expected: &str| Error::Settings {
            setting: "--model".into(),
            found,
            expected: expected.into(),
        };
        for (at, seat) in seats.iter().enumerate() {
            if seats[..at].iter().any(|other| other.lang == seat.lang) {
                return Err(refused(format!("two models for `{}`", seat.lang), "one a language"));
            }
        }
        let unknown = seats.iter().find(|seat| !is_known(&seat.lang)).map(|seat| seat.lang.clone());
        if let Some(lang) = unknown.as_ref().filter(|_| seats.len() > 1) {
            return Err(refused(
                format!("a model for `{lang}`, a language that cannot be recognised, beside others"),
                "that model alone, or --lang",
            ));
        }
        let first = |script: Script| seats.iter().find(|seat| Script::of_language(&seat.lang) == script);
        let mut defaults = Defaults::default();
        if let Some(seat) = first(Script::Latin) {
            defaults.latin.clone_from(&seat.lang);
        }
        if let Some(seat) = first(Script::Arabic) {
            defaults.arabic.clone_from(&seat.lang);
        }
        Ok(Self { seats, defaults, lang: unknown, targets: Targets::default(), heads: Vec::new() })
    }

    /// A desk of the bundles that were named, by name or folder; without any, of that of `lang`; without both, of every
    /// language there is a bundle for, read when they are needed. With `lang`, all text is taken to be in it.
    ///
    /// # Errors
    /// As [`Shelves::find`], [`Scorer::open`] and [`Desk::new`].
    pub fn named(models: &[String], lang: Option<&str>, shelves: &Shelves) -> Result<Self> {
        let Some(first) = models.first() else {
            return match lang {
                None => Ok(Self::of_folders(shelves.languages()?)),
                Some(lang) => {
                    let scorer = Scorer::open(&shelves.find(None, Some(lang))?)?;
                    let lang = scorer.lang().to_owned();
                    Ok(Self::new(vec![scorer])?.for_language(lang))
                }
            };
        };
        let scorers = models.iter().map(|model| Scorer::open(&shelves.find(Some(model), None)?));
        let mut scorers: Vec<Scorer> = scorers.collect::<Result<_>>()?;
        let Some(lang) = lang else { return Self::new(scorers) };
        scorers.retain(|scorer| scorer.lang() == lang);
        if scorers.is_empty() {
            // Says which language it would be.
            shelves.find(Some(first), Some(lang))?;
        }
        Ok(Self::new(scorers)?.for_language(lang))
    }

    /// A desk of the bundles in these folders, by language; of two for one language the first. Nothing is read
    /// yet.
    #[must_use]
    pub fn of_folders(folders: impl IntoIterator<Item = (String, PathBuf)>) -> Self {
        let seat = |(lang, folder)| Seat { lang, folder, scorer: OnceLock::new() };
        Self {
            seats: folders.into_iter().map(seat).collect(),
            defaults: Defaults::default(),
            lang: None,
            targets: Targets::default(),
            heads: Vec::new(),
        }
    }

    /// The same desk, with all text taken to be in one language.
    #[must_use]
    pub fn for_language(self, lang: impl Into<String>) -> Self {
        Self { lang: Some(lang.into()), ..self }
    }

    /// The same desk, asked for the stances toward these targets.
    #[must_use]
    pub fn toward(self, targets: Targets) -> Self {
        Self { targets, ..self }
    }

    /// The same desk with another bundle for a language that it has one for.
    #[must_use]
    pub fn replacing(mut self, scorer: Scorer) -> Self {
        if let Some(seat) = self.seats.iter_mut().find(|seat| seat.lang == scorer.lang()) {
            seat.scorer = OnceLock::from(scorer);
        }
        self
    }

    /// The same desk, asked for some heads alone; for all, where none is named.
    ///
    /// # Errors
    /// As [`Kept::of`](crate::model::Kept::of), of the bundles that are read already.
    pub fn only(mut self, heads: Vec<String>) -> Result<Self> {
        if heads.is_empty() {
            return Ok(self);
        }
        for seat in &mut self.seats {
            if let Some(scorer) = seat.scorer.take() {
                seat.scorer = OnceLock::from(scorer.only(&heads)?);
            }
        }
        Ok(Self { heads, ..self })
    }

    /// Toward whom or what stances are looked for.
    #[must_use]
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// The languages that it has a bundle for.
    pub fn langs(&self) -> impl Iterator<Item = &str> {
        self.seats.iter().map(|seat| seat.lang.as_str())
    }

    /// The parts of a document, and the languages they are in.
    #[must_use]
    pub fn route(&self, document: &Document, options: &Options) -> Route {
        match &self.lang {
            Some(lang) => Route::in_language(document, options, lang),
            None => Route::new(document, options, &self.defaults),
        }
    }

    /// Reads the bundles that a route needs, if that was not done yet. [`Desk::score`] does it too, but on several
    /// threads at once, it may there be done once a thread.
    ///
    /// # Errors
    /// As [`Scorer::open`] and [`Desk::only`].
    pub fn open(&self, route: &Route) -> Result<()> {
        route.langs().into_iter().try_for_each(|lang| self.scorer(lang).map(|_| ()))
    }

    /// Scores one document. The same document, bundles and options give the same report.
    ///
    /// # Errors
    /// As [`Scorer::open`]; [`crate::Error::Tokenizer`] where a bundle's tokenizer refuses the text.
    pub fn score(&self, document: &Document, options: &Options) -> Result<Report> {
        self.score_routed(document, &self.route(document, options), options)
    }

    /// The same with the document's route at hand.
    ///
    /// # Errors
    /// As [`Desk::score`].
    pub fn score_routed(&self, document: &Document, route: &Route, options: &Options) -> Result<Report> {
        super::report(document, route, options, &self.targets, |lang| self.scorer(lang))
    }

    /// All its bundles, in the order of their languages; read now, if that was not done yet.
    ///
    /// # Errors
    /// As [`Scorer::open`] and [`Desk::only`].
    pub fn scorers(&self) -> Result<Vec<&Scorer>> {
        self.langs().filter_map(|lang| self.scorer(lang).transpose()).collect()
    }

    /// The bundle for a language, if there is one; read now, if that was not done yet.
    ///
    /// # Errors
    /// As [`Scorer::open`].
    pub fn scorer(&self, lang: &str) -> Result<Option<&Scorer>> {
        let Some(seat) = self.seats.iter().find(|seat| seat.lang == lang) else { return Ok(None) };
        if seat.scorer.get().is_none() {
            // Not under a lock: reading uses the thread pool, whose threads may be waiting for it. Of two threads
            // that read it, the first one's bundle is kept.
            let scorer = Scorer::open(&seat.folder)?;
            let scorer = if self.heads.is_empty() { scorer } else { scorer.only(&self.heads)? };
            let _ = seat.scorer.set(scorer);
        }
        Ok(seat.scorer.get())
    }
}
