//! What can go wrong, in one type.
//!
//! In: whatever a stage found that it cannot use. Out: an [`Error`] that says what was found, what
//! was expected and what to do about it ([`Error::cure`]). Start at [`Error`]. The command line
//! turns it into a message with file and line; it never prints a backtrace.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A place in an input: a file (or `<stdin>`), and a line of it where one is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it, or `<stdin>`.
    pub path: PathBuf,
    /// The line, counted from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
}

impl Place {
    /// The whole of a file.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_path_buf(), line: None }
    }

    /// One line of a file, counted from 1.
    pub fn line(path: impl AsRef<Path>, line: usize) -> Self {
        Self { path: path.as_ref().to_path_buf(), line: Some(line) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.path.display()),
            None => write!(f, "{}", self.path.display()),
        }
    }
}

/// Everything that the library refuses, each with what was found, what was expected and a cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read.
    #[error("{path}: cannot be read: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written; nothing stands under its name.
    #[error("{path}: cannot be written: {source}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Bytes that are not UTF-8.
    #[error("{place}: found bytes that are not UTF-8, the first at byte offset {offset}; expected UTF-8 text")]
    NotUtf8 {
        /// The file, and the line where the input is line by line.
        place: Place,
        /// Offset in bytes from the start of the file.
        offset: usize,
    },
    /// An input record, or a whole input file, that cannot be used.
    #[error("{place}: found {found}; expected {expected}")]
    Input {
        /// Where.
        place: Place,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        cure: String,
    },
    /// A bundle that cannot be used: cut short, altered, of a newer format, or not a bundle.
    #[error("{path}: found {found}; expected {expected}", path = path.display())]
    Bundle {
        /// The bundle's folder or one of its files.
        path: PathBuf,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        cure: String,
    },
    /// A file of corrections that cannot be opened, read or written.
    #[error("{path}: found {found}; expected {expected}", path = path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        cure: String,
    },
    /// Settings (a recipe, an option) that do not hold together.
    #[error("{setting}: found {found}; expected {expected}")]
    Settings {
        /// The setting's name, as the user writes it.
        setting: String,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// Examples that no model can be fitted to, or scored against.
    #[error("{what}: found {found}; expected {expected}")]
    Data {
        /// The head or the measure concerned.
        what: String,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        cure: String,
    },
    /// A fit that did not reach the optimum, or whose numbers are not finite.
    #[error("{what}: the fit did not converge: {found}; expected {expected}")]
    Fit {
        /// Which fit.
        what: String,
        /// The objective and gradient that were found.
        found: String,
        /// The bound.
        expected: String,
    },
    /// The `tokenizers` crate refused a text or a tokenizer definition.
    #[error("tokenizer: {0}")]
    Tokenizer(String),
}

impl Error {
    /// Where in the input the fault stands, if it stands in one.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Read { path, .. } => Some(Place::file(path)),
            Self::NotUtf8 { place, .. } | Self::Input { place, .. } => Some(place.clone()),
            _ => None,
        }
    }

    /// What the user can do about it, in a sentence.
    #[must_use]
    pub fn cure(&self) -> String {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "check the path, which is looked for from the folder that the program runs in".into()
            }
            Self::Read { .. } => "check the path and its permissions".into(),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "free some space or write elsewhere with --out; nothing was left half written".into()
            }
            Self::Write { .. } => {
                "check the folder and its permissions, or write elsewhere with --out; nothing was left half written"
                    .into()
            }
            Self::NotUtf8 { .. } => {
                "convert the file to UTF-8, or pass --lossy to replace each invalid sequence by U+FFFD".into()
            }
            Self::Input { cure, .. }
            | Self::Bundle { cure, .. }
            | Self::Data { cure, .. }
            | Self::Store { cure, .. } => cure.clone(),
            Self::Settings { .. } => "correct the setting and run again".into(),
            Self::Fit { .. } => {
                "raise max_iterations or the smallest l2 in the recipe, and look for columns or rows that are not finite"
                    .into()
            }
            Self::Tokenizer(_) => "the bundle's tokenizer.json may be damaged; fetch or train the bundle again".into(),
        }
    }
}
