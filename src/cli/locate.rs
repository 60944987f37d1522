//! Where the program looks for bundles.
//!
//! In: `--models-dir`, the current folder and the program's own. Out: [`Shelves`]. Start at [`shelves`].

use crate::model::Shelves;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// `given` alone, if the user named a folder; else the folders `models` beside or above the current folder and the
/// program.
pub(super) fn shelves(given: Option<PathBuf>) -> Shelves {
    if let Some(given) = given {
        return Shelves::new(vec![given]);
    }
    let program = env::current_exe().and_then(fs::canonicalize).ok();
    let starts = env::current_dir().ok().into_iter().chain(program.as_deref().and_then(Path::parent).map(Into::into));
    let mut folders = Vec::new();
    for start in starts {
        for folder in start.ancestors().map(|folder| folder.join("models")) {
            if folder.is_dir() && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
    }
    Shelves::new(folders)
}
