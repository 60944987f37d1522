//! What every command that scores text is asked: how to read, with which bundles, toward what.
//!
//! In: [`Scoring`] and, with targets, [`Asked`]: arguments. Out: a [`Reading`], a [`Desk`], [`Targets`]. Start at
//! [`Scoring::desk`].

use crate::corpus::{AliasEntry, Columns, Kind, Reading, Source, read_aliases};
use crate::error::{Error, Result};
#[cfg(feature = "serve")]
use crate::model::Manifest;
use crate::model::Shelves;
use crate::score::{Desk, Targets};
use crate::text::OffsetUnit;
use clap::{Args, ValueEnum};
#[cfg(feature = "serve")]
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

/// Arguments of every command that scores text.
#[derive(Debug, Args)]
pub struct Scoring {
    /// What `start` and `end` count
    #[arg(long, value_enum, default_value_t)]
    pub offsets: OffsetName,
    /// Language of all the text, such as `en` [default: told from the text, region by region]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// Bundle to score with, by its name or folder; may be given once a language [default: the bundle of each language]
    ///
    /// Text found to be in another language than the bundle's is reported, not scored; with --lang, all
    /// text is taken to be in the bundle's.
    #[arg(long, short, value_name = "NAME|DIR")]
    pub model: Vec<String>,
    /// Look for these heads alone, with commas between them, such as `bias,loaded` [default: all of the bundle]
    #[arg(long, value_name = "HEADS", value_delimiter = ',')]
    pub heads: Vec<String>,
    /// Replace bytes that are not UTF-8 by U+FFFD
    #[arg(long)]
    pub lossy: bool,
    /// What the inputs are
    #[arg(long, value_enum, default_value_t)]
    pub input: InputName,
    /// Column of CSV, TSV and Parquet, or key of JSONL, that holds the text
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().text)]
    pub text_column: String,
    /// Column or key that holds the id, a string or a whole number [default: `id` where there is one, else FILE:LINE]
    #[arg(long, value_name = "NAME")]
    pub id_column: Option<String>,
}

/// Arguments that `score` and `compare` share.
#[derive(Debug, Args)]
pub struct Asked {
    /// How to read and with which bundles.
    #[command(flatten)]
    pub scoring: Scoring,
    /// Toward whom or what to look for stances; may be given several times [default: what the text is about]
    ///
    /// A name of the --aliases file stands for all of its forms, a country's or organisation's for all that names
    /// it, any other for itself. A JSONL record may bring a target of its own, "target": [start, end]: `score` looks
    /// for that instead of these, `compare` for both.
    #[arg(long, value_name = "NAME")]
    pub target: Vec<String>,
    /// Names and what else they are called, in YAML: `ceasefire: [cease-fire, truce, هدنة]`
    #[arg(long, value_name = "FILE")]
    pub aliases: Option<PathBuf>,
}

/// `--offsets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OffsetName {
    /// UTF-8 bytes
    #[default]
    Bytes,
    /// Unicode code points, as in Python
    Chars,
    /// UTF-16 units, as in JavaScript
    Utf16,
}

/// `--input`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum InputName {
    /// By the file's extension, else by its first characters
    #[default]
    Auto,
    /// Plain text, a document a file
    Text,
    /// JSON Lines with `text` and, if you like, `id`; a document a line
    Jsonl,
    /// Comma-separated values with a header; a document a row
    Csv,
    /// The same with tabs for commas
    Tsv,
    /// Parquet files; a document a row
    Parquet,
    /// HTML, a page a file; its article is scored
    Html,
}

impl Scoring {
    pub(super) fn reading(&self) -> Reading {
        let mut columns = Columns { text: self.text_column.clone(), ..Columns::default() };
        if let Some(id) = &self.id_column {
            columns.id.clone_from(id);
        }
        Reading {
            kind: self.input.kind(),
            lossy: self.lossy,
            offsets: self.offsets.unit(),
            columns,
            ..Reading::default()
        }
    }

    /// The bundles to score with: those named, or that of the language, or all.
    pub(super) fn desk(&self, shelves: &Shelves) -> Result<Desk> {
        Desk::named(&self.model, self.lang.as_deref(), shelves)?.only(self.heads.clone())
    }
}

impl Asked {
    /// The user's names with their forms.
    pub(super) fn entries(&self) -> Result<Vec<AliasEntry>> {
        Ok(self.aliases.as_deref().map(read_aliases).transpose()?.unwrap_or_default())
    }

    /// The targets that were asked for, with their aliases among `entries`.
    pub(super) fn targets(&self, entries: Vec<AliasEntry>) -> Result<Targets> {
        Targets::checked(&self.target, entries)
    }
}

/// The folders of the same bundles, by language.
///
/// # Errors
/// As [`Desk::named`].
#[cfg(feature = "serve")]
pub(super) fn folders(model: &[String], lang: Option<&str>, shelves: &Shelves) -> Result<BTreeMap<String, PathBuf>> {
    let mut folders = match (model, lang) {
        ([], None) => shelves.languages()?.into_iter().collect(),
        ([], Some(lang)) => BTreeMap::from([(lang.to_owned(), shelves.find(None, Some(lang))?)]),
        (named, _) => {
            let of = |model: &String| {
                let folder = shelves.find(Some(model), None)?;
                Ok((Manifest::read(&folder)?.lang, folder))
            };
            named.iter().map(of).collect::<Result<BTreeMap<_, _>>>()?
        }
    };
    folders.retain(|speaks, _| lang.is_none_or(|lang| lang == speaks));
    Ok(folders)
}

impl OffsetName {
    pub(super) const fn unit(self) -> OffsetUnit {
        match self {
            Self::Bytes => OffsetUnit::Bytes,
            Self::Chars => OffsetUnit::Chars,
            Self::Utf16 => OffsetUnit::Utf16,
        }
    }
}

impl InputName {
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Auto => Kind::Auto,
            Self::Text => Kind::Text,
            Self::Jsonl => Kind::Jsonl,
            Self::Csv => Kind::Csv,
            Self::Tsv => Kind::Tsv,
            Self::Parquet => Kind::Parquet,
            Self::Html => Kind::Html,
        }
    }
}

/// The inputs that were named; without any, standard input, unless it is a terminal.
///
/// # Errors
/// [`Error::Settings`] where there is nothing to read.
pub(super) fn given(inputs: &[PathBuf]) -> Result<Vec<Source>> {
    if !inputs.is_empty() {
        return Ok(sources(inputs));
    }
    if io::stdin().is_terminal() {
        return Err(Error::Settings {
            setting: "FILES|DIRS|-".into(),
            found: "nothing to score".into(),
            expected: "files, folders, patterns, or `-` for standard input".into(),
        });
    }
    Ok(vec![stdin()])
}

/// The inputs by their names; `-` is standard input.
pub(super) fn sources(inputs: &[PathBuf]) -> Vec<Source> {
    let source = |path: &PathBuf| if path.as_os_str() == "-" { stdin() } else { Source::Path(path.clone()) };
    inputs.iter().map(source).collect()
}

pub(super) fn stdin() -> Source {
    Source::Stream { name: "<stdin>".into(), read: Box::new(io::stdin()) }
}
