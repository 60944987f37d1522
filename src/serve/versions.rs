//! `/v1/versions`: the versions of the models that retraining made, and which of them answer.
//!
//! In: the folder of versions. Out: a list; and, where another version was put into use, here or by another process,
//! the [`Models`] exchanged for those. Start at [`Served::follow`], the one place where models are exchanged.

use super::App;
use super::answer::Answer;
use super::asked::json;
use super::problem::{Kind, Problem};
use super::retrain::Retraining;
use super::sent::Sent;
use super::state::Models;
use crate::error::{Error, Result};
use crate::model::Manifest;
use crate::model::versions::{Place, Version, Versions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task;
use tokio::time::{Duration, sleep};

/// How often it is looked whether another process put another version into use.
const PAUSE: Duration = Duration::from_secs(1);

/// Folders of bundles by language.
pub type Folders = BTreeMap<String, PathBuf>;

/// The versions, and which of them answer.
#[derive(Debug, Clone)]
pub struct Served {
    versions: Versions,
    /// The bundles that versions are made from.
    bases: Arc<Folders>,
    /// The versions that answer; languages whose base does are left out.
    answering: Arc<Mutex<Folders>>,
}

/// The versions there are.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionsAnswer {
    /// By language, each language's base first, then in the order in which they were made.
    versions: Vec<VersionAnswer>,
}

/// A version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionAnswer {
    /// The language of its texts.
    lang: String,
    /// Its number, from 1; `null` for the bundle that all of the language are made from.
    number: Option<u32>,
    /// Its name.
    name: String,
    /// Its version, as in the reports.
    version: String,
    /// `current`, `candidate` or `former`.
    place: Place,
}

/// `POST /v1/versions/restore`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreRequest {
    /// The language.
    lang: String,
    /// The version's number; `null` or left out for the bundle that all of the language are made from.
    number: Option<u32>,
}

impl Served {
    /// Versions of these bundles, in the state that they have now.
    ///
    /// # Errors
    /// As [`Versions::state`] and [`Manifest::read`].
    pub fn new(versions: Versions, bases: Folders) -> Result<Self> {
        let served = Self { versions, bases: Arc::new(bases), answering: Arc::default() };
        let in_use = served.in_use()?;
        *served.answering() = in_use;
        Ok(served)
    }

    /// The folder of versions.
    #[must_use]
    pub const fn versions(&self) -> &Versions {
        &self.versions
    }

    /// The bundle that a language's versions are made from.
    ///
    /// # Errors
    /// [`Error::Settings`] for a language without.
    pub fn base(&self, lang: &str) -> Result<PathBuf> {
        self.bases.get(lang).cloned().ok_or_else(|| {
            let langs: Vec<&str> = self.bases.keys().map(String::as_str).collect();
            Error::Settings {
                setting: "lang".into(),
                found: format!("{lang:?}"),
                expected: format!("a language with a model: {}", langs.join(", ")),
            }
        })
    }

    /// The versions in use, by language. Those of another bundle than the language's base are left out: who names a model
    /// gets that one.
    ///
    /// # Errors
    /// As [`Versions::current`] and [`Manifest::read`].
    pub fn in_use(&self) -> Result<Folders> {
        let mut folders = Folders::new();
        for (lang, folder) in self.versions.current()? {
            let Some(base) = self.bases.get(&lang) else { continue };
            if Manifest::read(base)?.name == Manifest::read(&folder)?.name {
                folders.insert(lang, folder);
            }
        }
        Ok(folders)
    }

    /// The number of the version in use; `None` for the base.
    pub(super) fn number(&self, lang: &str) -> Result<Option<u32>> {
        Ok(self.versions.state()?.get(lang).and_then(|standing| standing.current))
    }

    /// The versions that wait to be accepted, by language.
    pub(super) fn candidates(&self) -> Result<Folders> {
        let mut folders = Folders::new();
        for lang in self.bases.keys() {
            let candidate = self.listed(lang)?.into_iter().find(|version| version.place == Place::Candidate);
            folders.extend(candidate.map(|version| (lang.clone(), version.folder)));
        }
        Ok(folders)
    }

    /// The versions of a language that were made from its base.
    fn listed(&self, lang: &str) -> Result<Vec<Version>> {
        let name = Manifest::read(&self.base(lang)?)?.name;
        Ok(self.versions.list(lang)?.into_iter().filter(|version| version.manifest.name == name).collect())
    }

    /// Exchanges the models, where others are in use than answer.
    ///
    /// # Errors
    /// As [`Served::in_use`] and [`Loaded::with`](super::Loaded::with); those that answer then stay.
    pub fn follow(&self, models: &Models) -> Result<()> {
        loop {
            let before = self.answering().clone();
            let in_use = self.in_use()?;
            if before == in_use {
                return Ok(());
            }
            // Not under a lock: reading uses the thread pool, whose threads may be waiting for it. Of two that read at
            // once the second looks again.
            let mut loaded = models.now();
            for (lang, base) in &*self.bases {
                if before.get(lang) != in_use.get(lang) {
                    loaded = Arc::new(loaded.with(in_use.get(lang).unwrap_or(base))?);
                }
            }
            let mut answering = self.answering();
            if *answering == before {
                models.swap(loaded);
                *answering = in_use;
                return Ok(());
            }
        }
    }

    fn answering(&self) -> MutexGuard<'_, Folders> {
        self.answering.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows what other processes put into use, for as long as the server runs.
pub(super) async fn watch(app: Arc<App>) {
    loop {
        sleep(PAUSE).await;
        let app = app.clone();
        let look = move || app.retraining.as_ref().map(|retraining| retraining.served().follow(&app.models));
        // A folder that cannot be read now may be read in a second; until then the models that answer stay.
        let _ = task::spawn_blocking(look).await;
    }
}

/// The versions there are.
///
/// # Errors
/// A problem, where they cannot be read.
pub(super) fn list(app: &App) -> Result<Answer, Problem> {
    let served = Retraining::of(app)?.served();
    let in_use = served.in_use()?;
    let mut versions = Vec::new();
    for (lang, base) in &*served.bases {
        let manifest = Manifest::read(base)?;
        let place = if in_use.contains_key(lang) { Place::Former } else { Place::Current };
        let of = |number, manifest: Manifest, place| VersionAnswer {
            lang: lang.clone(),
            number,
            name: manifest.name,
            version: manifest.version,
            place,
        };
        versions.push(of(None, manifest, place));
        versions.extend(served.listed(lang)?.into_iter().map(|v| of(Some(v.number), v.manifest, v.place)));
    }
    Answer::bounded(app, serde_json::to_vec(&VersionsAnswer { versions })?)
}

/// Puts an earlier version into use again.
///
/// # Errors
/// A problem, where there is no such version.
pub(super) fn restore(app: &App, sent: &Sent) -> Result<Answer, Problem> {
    let served = Retraining::of(app)?.served();
    let RestoreRequest { lang, number } = json(sent)?;
    served.base(&lang)?;
    let before = served.number(&lang)?;
    let is_there = |number| -> Result<bool> {
        Ok(served.listed(&lang)?.iter().any(|v| v.number == number && v.place != Place::Candidate))
    };
    if let Some(number) = number.filter(|number| !is_there(*number).unwrap_or_default()) {
        let detail = format!("found no version {number} of {lang:?} that was in use; expected one of /v1/versions");
        return Err(Problem::new(Kind::Unusable, detail).at("#/number"));
    }
    served.versions.restore(&lang, number)?;
    if let Err(error) = served.follow(&app.models) {
        served.versions.restore(&lang, before)?;
        return Err(error.into());
    }
    list(app)
}
