//! Updates of the bundles, version by version: which one is in use, and which waits to be accepted.
//!
//! In: a folder. Out: [`Versions`] of each language. Start at [`Versions::begin`], then [`Versions::propose`] and
//! [`Versions::accept`]. Version n of language l is the bundle in `l/n`; `versions.json` says which is in use, and is
//! replaced whole. No bundle that was in use is ever removed, so each can be restored; the bundle that all of them
//! come from stands elsewhere and is never touched.

use super::container::{MANIFEST, Manifest, write_whole};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder, where none is named.
pub const DEFAULT: &str = "parallax-versions";
/// Which version of each language is in use.
const STATE: &str = "versions.json";
/// Where a user finds them.
const LIST: &str = "list them with parallax versions";
/// Held by whoever changes the state.
const LOCK: &str = ".lock";

/// What stands in `versions.json`: the state of each language.
pub type State = BTreeMap<String, Standing>;

/// Which version of a language is in use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The one in use; `None` for the bundle that they all come from.
    pub current: Option<u32>,
    /// The one that waits to be accepted.
    pub candidate: Option<u32>,
    /// The last number that was given.
    pub last: u32,
    /// Those that are or were in use. A bundle that was never proposed, or was rejected, is in no list.
    #[serde(default)]
    pub used: BTreeSet<u32>,
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// It is in use.
    Current,
    /// It waits to be accepted.
    Candidate,
    /// It was in use before.
    Former,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// What became of it.
    pub place: Place,
    /// Its manifest.
    pub manifest: Manifest,
    /// Its folder.
    pub folder: PathBuf,
}

/// A folder of versions; it need not be there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    folder: PathBuf,
}

impl Versions {
    /// The versions in this folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The state of every language; empty where there are no versions yet.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Data`] for a file that is no such state.
    pub fn state(&self) -> Result<State> {
        let path = self.folder.join(STATE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Error::Data {
                what: STATE.to_owned(),
                found: format!("no state of versions ({error})"),
                expected: "what parallax wrote there".into(),
                cure: "restore the file, or remove it: the bundles that come with parallax are then in use".into(),
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::new()),
            Err(source) => Err(Error::Read { path, source }),
        }
    }

    /// The folder of the version in use, by language; languages whose first bundle is in use are left out.
    ///
    /// # Errors
    /// As [`Versions::state`].
    pub fn current(&self) -> Result<BTreeMap<String, PathBuf>> {
        let of = |(lang, standing): (String, Standing)| {
            let folder = self.at(&lang, standing.current?);
            Some((lang, folder))
        };
        Ok(self.state()?.into_iter().filter_map(of).collect())
    }

    /// The versions of a language, in order; those that were rejected are gone.
    ///
    /// # Errors
    /// As [`Versions::state`]; [`Error::Read`] and [`Error::Bundle`] for a version whose manifest cannot be read.
    pub fn list(&self, lang: &str) -> Result<Vec<Version>> {
        let standing = self.state()?.remove(lang).unwrap_or_default();
        let mut versions = Vec::new();
        let numbers: BTreeSet<u32> =
            standing.used.iter().copied().chain(standing.current).chain(standing.candidate).collect();
        for number in numbers {
            let folder = self.at(lang, number);
            let place = match number {
                _ if standing.current == Some(number) => Place::Current,
                _ if standing.candidate == Some(number) => Place::Candidate,
                _ => Place::Former,
            };
            if folder.join(MANIFEST).is_file() {
                versions.push(Version { number, place, manifest: Manifest::read(&folder)?, folder });
            }
        }
        Ok(versions)
    }

    /// A number and a folder for a new version, which nobody else is given.
    ///
    /// # Errors
    /// [`Error::Write`], and as [`Versions::state`]; [`Error::Settings`] for a language that is no name of a folder.
    pub fn begin(&self, lang: &str) -> Result<(u32, PathBuf)> {
        if lang.is_empty() || !lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Error::Settings {
                setting: "lang".into(),
                found: format!("{lang:?}"),
                expected: "a language tag, such as en".into(),
            });
        }
        self.change(lang, |standing| {
            standing.last = standing.last.saturating_add(1);
            Ok(standing.last)
        })
        .map(|number| (number, self.at(lang, number)))
    }

    /// Makes a version that is written whole the candidate; one that waited before is rejected by that.
    ///
    /// # Errors
    /// [`Error::Data`] where there is no such bundle; [`Error::Write`]; as [`Versions::state`].
    pub fn propose(&self, lang: &str, number: u32) -> Result<()> {
        self.check(lang, number)?;
        let before = self.change(lang, |standing| Ok(standing.candidate.replace(number)))?;
        before.filter(|before| *before != number).into_iter().for_each(|before| self.remove(lang, before));
        Ok(())
    }

    /// Puts the candidate into use, and gives its number.
    ///
    /// # Errors
    /// [`Error::Data`] where none waits; [`Error::Write`]; as [`Versions::state`].
    pub fn accept(&self, lang: &str) -> Result<u32> {
        self.change(lang, |standing| {
            let number = standing.candidate.take().ok_or_else(|| none(lang))?;
            self.check(lang, number)?;
            standing.current = Some(number);
            standing.used.insert(number);
            Ok(number)
        })
    }

    /// Drops the candidate, whose bundle is removed; what is in use stays. Gives its number.
    ///
    /// # Errors
    /// As [`Versions::accept`].
    pub fn reject(&self, lang: &str) -> Result<u32> {
        let number = self.change(lang, |standing| standing.candidate.take().ok_or_else(|| none(lang)))?;
        self.remove(lang, number);
        Ok(number)
    }

    /// Puts an earlier version into use again; `None` is the bundle that they all come from.
    ///
    /// # Errors
    /// [`Error::Data`] where there is no such version, or it waits to be accepted; [`Error::Write`]; as
    /// [`Versions::state`].
    pub fn restore(&self, lang: &str, number: Option<u32>) -> Result<()> {
        self.change(lang, |standing| {
            let refused = |number: u32, found: &str, cure: &str| Error::Data {
                what: format!("version {number} of `{lang}`"),
                found: found.into(),
                expected: "one that was in use".into(),
                cure: cure.into(),
            };
            match number {
                None if standing.last == 0 => return Err(refused(0, "no versions of this language", LIST)),
                Some(number) if standing.candidate == Some(number) => {
                    return Err(refused(number, "one that waits to be accepted", "accept it instead"));
                }
                Some(number) if !standing.used.contains(&number) => {
                    return Err(refused(number, "none that was ever in use", LIST));
                }
                Some(number) => self.check(lang, number)?,
                None => {}
            }
            standing.current = number;
            Ok(())
        })
    }

    fn at(&self, lang: &str, number: u32) -> PathBuf {
        self.folder.join(lang).join(number.to_string())
    }

    fn check(&self, lang: &str, number: u32) -> Result<()> {
        if self.at(lang, number).join(MANIFEST).is_file() {
            return Ok(());
        }
        let numbers: Vec<String> = self.list(lang)?.iter().map(|version| version.number.to_string()).collect();
        Err(Error::Data {
            what: format!("version {number} of `{lang}`"),
            found: "no bundle".into(),
            expected: match numbers.is_empty() {
                true => "a version; there is none yet".into(),
                false => format!("one of {}", numbers.join(", ")),
            },
            cure: LIST.into(),
        })
    }

    /// Changes the state of a language while nobody else does.
    fn change<T>(&self, lang: &str, change: impl FnOnce(&mut Standing) -> Result<T>) -> Result<T> {
        let refused = |path: &Path| {
            let path = path.to_path_buf();
            move |source| Error::Write { path, source }
        };
        fs::create_dir_all(&self.folder).map_err(refused(&self.folder))?;
        let path = self.folder.join(LOCK);
        let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(refused(&path))?;
        // Given back when the file is closed, however this ends.
        lock.lock().map_err(refused(&path))?;
        let mut state = self.state()?;
        let changed = change(state.entry(lang.to_owned()).or_default())?;
        let path = self.folder.join(STATE);
        let json = serde_json::to_vec_pretty(&state).map_err(|error| refused(&path)(error.into()))?;
        write_whole(&path, &json)?;
        Ok(changed)
    }

    /// Removes a bundle that is in no list any more; one that cannot be removed takes space and does nothing else.
    fn remove(&self, lang: &str, number: u32) {
        let _ = fs::remove_dir_all(self.at(lang, number));
    }
}

fn none(lang: &str) -> Error {
    Error::Data {
        what: format!("versions of `{lang}`"),
        found: "none that waits to be accepted".into(),
        expected: "a candidate".into(),
        cure: "make one with parallax train --add FILE, or on the page of parallax serve".into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::container::Container;

    fn versions() -> (tempfile::TempDir, Versions) {
        let folder = tempfile::tempdir().unwrap();
        let versions = Versions::new(folder.path().join("versions"));
        (folder, versions)
    }

    /// Writes a bundle that is a manifest alone, and proposes it.
    fn proposed(versions: &Versions) -> u32 {
        let (number, folder) = versions.begin("en").unwrap();
        let manifest = Manifest {
            format: 1,
            name: "en".into(),
            version: format!("0.1.0+{number}"),
            lang: "en".into(),
            heads: Vec::new(),
            files: BTreeMap::new(),
        };
        Container::write(&folder, manifest, &BTreeMap::new()).unwrap();
        versions.propose("en", number).unwrap();
        number
    }

    fn places(versions: &Versions) -> Vec<(u32, Place)> {
        versions.list("en").unwrap().iter().map(|version| (version.number, version.place)).collect()
    }

    #[test]
    fn a_candidate_is_in_use_once_it_is_accepted_and_earlier_ones_can_be_restored() {
        let (_folder, versions) = versions();
        assert!(versions.current().unwrap().is_empty() && versions.list("en").unwrap().is_empty());
        assert_eq!(proposed(&versions), 1);
        assert_eq!(places(&versions), [(1, Place::Candidate)]);
        assert!(versions.current().unwrap().is_empty());
        assert_eq!(versions.accept("en").unwrap(), 1);
        proposed(&versions);
        versions.accept("en").unwrap();
        assert_eq!(places(&versions), [(1, Place::Former), (2, Place::Current)]);
        versions.restore("en", Some(1)).unwrap();
        assert_eq!(places(&versions), [(1, Place::Current), (2, Place::Former)]);
        assert!(versions.current().unwrap()["en"].ends_with("en/1"));
        versions.restore("en", None).unwrap();
        assert!(versions.current().unwrap().is_empty());
        assert_eq!(places(&versions).len(), 2);
    }

    #[test]
    fn a_rejected_candidate_is_gone_its_number_is_not_given_again_and_what_is_in_use_stays() {
        let (_folder, versions) = versions();
        proposed(&versions);
        versions.accept("en").unwrap();
        assert_eq!(proposed(&versions), 2);
        assert_eq!(versions.reject("en").unwrap(), 2);
        assert_eq!(places(&versions), [(1, Place::Current)]);
        assert_eq!(proposed(&versions), 3);
        // A newer candidate takes the place of one that waits.
        assert_eq!(proposed(&versions), 4);
        assert_eq!(places(&versions), [(1, Place::Current), (4, Place::Candidate)]);
    }

    #[test]
    fn what_is_not_there_is_refused_and_said() {
        let (_folder, versions) = versions();
        assert!(versions.accept("en").unwrap_err().to_string().contains("none that waits"));
        assert!(versions.reject("en").is_err());
        assert!(versions.restore("en", Some(7)).unwrap_err().to_string().contains("none that was ever in use"));
        assert!(versions.restore("en", None).unwrap_err().to_string().contains("no versions of this language"));
        // Written, and stopped before it was proposed.
        let (unfinished, folder) = versions.begin("en").unwrap();
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(MANIFEST), "{}").unwrap();
        assert!(versions.list("en").unwrap().is_empty() && versions.restore("en", Some(unfinished)).is_err());
        assert!(versions.begin("../en").is_err());
        let number = proposed(&versions);
        assert!(versions.restore("en", Some(number)).unwrap_err().cure().contains("accept"));
        fs::write(versions.folder().join(STATE), "{").unwrap();
        assert!(versions.state().unwrap_err().to_string().contains("no state of versions"));
    }

    #[test]
    fn many_that_begin_at_once_are_given_different_numbers() {
        let (_folder, versions) = versions();
        let mut numbers: Vec<u32> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| versions.begin("en").unwrap().0)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    }
}
