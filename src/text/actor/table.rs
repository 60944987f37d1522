//! The table of actors that ships: which places and organisations there are, and what news calls them.
//!
//! In: `models/actors/actors.json`, built in; `training/vectors/actors.py` writes it. Out: a [`Table`]. Start at
//! [`Table::from_json`].

use crate::error::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// The format that this program reads.
const FORMAT: u32 = 1;

/// What an Arabic adjective of origin ends in besides its *ي*: gender, number, case.
const ENDINGS: [&str; 9] = ["ي", "ية", "يون", "يين", "يان", "يتان", "يتين", "يات", "يا"];

/// The whole table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Table {
    format: u32,
    /// Places by ISO code, then organisations and armed groups.
    pub actors: Vec<Row>,
    /// Longer names that hold a form of the table and mean somebody or something else.
    pub others: Forms,
    /// English nouns behind a city's name that make it the place and no government.
    pub places: Vec<String>,
    /// English forms that are names of persons too.
    pub personal: Vec<String>,
}

/// An actor and its forms; the first name of each language is the one that is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Row {
    /// ISO 3166-1 of a place, as CLDR has it; of an organisation an acronym.
    pub code: String,
    /// A country or territory; otherwise an organisation.
    pub place: bool,
    pub names: Forms,
    pub adjectives: Forms,
    pub capitals: Forms,
    pub seats: Forms,
}

/// Forms in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Forms {
    pub en: Vec<String>,
    pub ar: Vec<String>,
}

impl Forms {
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.en.iter().chain(&self.ar).map(String::as_str)
    }

    /// All forms, Arabic adjectives of origin in each gender and number.
    pub(super) fn inflected(&self) -> Vec<String> {
        let mut all = self.en.clone();
        for form in &self.ar {
            let words: Vec<&str> = form.split(' ').collect();
            if !words.iter().any(|word| word.ends_with('ي')) {
                all.push(form.clone());
                continue;
            }
            for ending in ENDINGS {
                let inflect =
                    |word: &&str| word.strip_suffix('ي').map_or(word.to_string(), |stem| format!("{stem}{ending}"));
                all.push(words.iter().map(inflect).collect::<Vec<_>>().join(" "));
            }
        }
        all
    }
}

impl Table {
    /// Reads a table from the text of its file, which `path` names in an error.
    ///
    /// # Errors
    /// [`Error::Bundle`] where it is no such file, or of another format.
    pub(super) fn from_json(json: &str, path: &Path) -> Result<Self> {
        let refuse = |found: String| Error::Bundle {
            path: path.to_path_buf(),
            found,
            expected: format!("a table of actors, of format {FORMAT}"),
            cure: "make the file again: training/vectors/actors.py".to_owned(),
        };
        let table: Self = serde_json::from_str(json).map_err(|error| refuse(format!("no such table ({error})")))?;
        if table.format != FORMAT {
            return Err(refuse(format!("format {}", table.format)));
        }
        Ok(table)
    }
}
