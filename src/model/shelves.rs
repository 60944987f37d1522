//! Where bundles are.
//!
//! In: the folders that hold bundles, and a bundle's name, its folder or a language. Out: a bundle's folder, or an error
//! that says where was looked and what is there. Start at [`Shelves::find`].

use super::container::{MANIFEST, Manifest};
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The language whose bundle is used where neither a model nor a language was asked for.
const DEFAULT_LANG: &str = "en";

/// The folders that hold bundles, the first to be looked at first.
#[derive(Debug, Clone)]
pub struct Shelves {
    folders: Vec<PathBuf>,
}

impl Shelves {
    /// These folders, in the order in which they are looked at.
    #[must_use]
    pub const fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders }
    }

    /// Every bundle's folder: shelf by shelf, by name; of two with one name the first.
    #[must_use]
    pub fn bundles(&self) -> Vec<PathBuf> {
        let mut bundles: Vec<PathBuf> = Vec::new();
        for folder in &self.folders {
            let mut here: Vec<PathBuf> =
                fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            here.retain(|bundle| is_bundle(bundle) && !bundles.iter().any(|b| b.file_name() == bundle.file_name()));
            here.sort_unstable();
            bundles.append(&mut here);
        }
        bundles
    }

    /// The bundle to use: `model`, a bundle's name or its folder; else the first for `lang`.
    ///
    /// # Errors
    /// [`Error::Bundle`] where there is none; [`Error::Settings`] where the model scores another
    /// language.
    pub fn find(&self, model: Option<&str>, lang: Option<&str>) -> Result<PathBuf> {
        let Some(model) = model else {
            return self.by_lang(lang.unwrap_or(DEFAULT_LANG));
        };
        let folder = self.by_name(model)?;
        let speaks = Manifest::read(&folder)?.lang;
        match lang {
            Some(lang) if lang != speaks => Err(Error::Settings {
                setting: "--lang".into(),
                found: format!("`{lang}`"),
                expected: format!("`{speaks}`, the language of the model `{model}`"),
            }),
            _ => Ok(folder),
        }
    }

    /// The bundle of every language there is one for, by language; none of them is read.
    ///
    /// # Errors
    /// [`Error::Bundle`] where there is no bundle at all.
    pub fn languages(&self) -> Result<Vec<(String, PathBuf)>> {
        let lang = |bundle: &PathBuf| match Manifest::read(bundle) {
            Ok(manifest) => manifest.lang,
            // Said to be damaged when a text in this language comes.
            Err(_) => bundle.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        };
        let langs: BTreeSet<String> = self.bundles().iter().map(lang).collect();
        if langs.is_empty() {
            self.by_lang(DEFAULT_LANG)?;
        }
        langs.into_iter().map(|lang| self.by_lang(&lang).map(|bundle| (lang, bundle))).collect()
    }

    /// The folders, for a message.
    #[must_use]
    pub fn looked(&self) -> String {
        if self.folders.is_empty() {
            return "folders `models` here, beside the program and above, of which there is none".into();
        }
        let folders: Vec<String> = self.folders.iter().map(|folder| folder.display().to_string()).collect();
        folders.join(", ")
    }

    fn by_name(&self, model: &str) -> Result<PathBuf> {
        let is_name = Path::new(model).components().count() == 1 && model != "." && model != "..";
        let shelved = self.folders.iter().filter(|_| is_name).map(|folder| folder.join(model));
        let has_name = |bundle: &PathBuf| Manifest::read(bundle).is_ok_and(|manifest| manifest.name == model);
        let found = shelved.chain([PathBuf::from(model)]).find(|folder| is_bundle(folder));
        found.or_else(|| self.bundles().into_iter().find(has_name)).ok_or_else(|| {
            let what = if is_name { "bundle of this name" } else { "bundle in this folder" };
            self.none(Path::new(model), what, "a bundle's name, or its folder")
        })
    }

    fn by_lang(&self, lang: &str) -> Result<PathBuf> {
        let bundles = self.bundles();
        // The bundle that has the language's name is the language's own; a retrained one is not.
        let (own, others): (Vec<_>, Vec<_>) =
            bundles.iter().partition(|bundle| bundle.file_name().is_some_and(|name| name == lang));
        let speaks = |bundle: &&&PathBuf| Manifest::read(bundle).is_ok_and(|manifest| manifest.lang == lang);
        match own.iter().chain(&others).find(speaks).or(own.first()) {
            Some(bundle) => Ok(bundle.to_path_buf()),
            None => Err(self.none(Path::new(lang), "bundle for this language", "the language of a bundle")),
        }
    }

    fn none(&self, asked: &Path, what: &str, expected: &str) -> Error {
        let names: Vec<String> = self.bundles().iter().map(|bundle| describe(bundle)).collect();
        let there = if names.is_empty() { "none was found".into() } else { format!("there are {}", names.join(", ")) };
        Error::Bundle {
            path: asked.to_path_buf(),
            found: format!("no {what}"),
            expected: format!("{expected}: {there} (looked in {})", self.looked()),
            cure:
                "name another with --model, or the folder that holds the bundles with --models-dir or PARALLAX_MODELS"
                    .into(),
        }
    }
}

fn is_bundle(folder: &Path) -> bool {
    folder.join(MANIFEST).is_file()
}

/// A bundle's name, and its language where the name does not say it.
fn describe(bundle: &Path) -> String {
    let name = bundle.file_name().unwrap_or_default().to_string_lossy();
    match Manifest::read(bundle) {
        Ok(manifest) if manifest.lang == *name => format!("`{name}`"),
        Ok(manifest) => format!("`{name}` ({})", manifest.lang),
        Err(_) => format!("`{name}` (damaged)"),
    }
}
