//! Patterns of file names: `news/*.csv`, `archive/**/*.jsonl.gz`.
//!
//! In: a path that the user named. Out: what it matches, sorted by name. Start at [`matches`]. `*` and `?` do not match
//! the dot that a hidden file begins with, and `*` no slash; `**` matches folders within folders.

use crate::error::{Error, Place, Result};
use glob::{MatchOptions, glob_with};
use std::io;
use std::path::{Path, PathBuf};

/// The files and folders that a pattern matches, or errors in their stead; `None` where `path` is no pattern: because it
/// has no `*`, `?` or `[`, or is the name of something that is there. What lies in a folder that is matched itself is left
/// out: the folder will be walked.
pub(super) fn matches(path: &Path) -> Option<Vec<Result<PathBuf>>> {
    let pattern = path.to_str().filter(|pattern| pattern.contains(['*', '?', '[']))?;
    if path.symlink_metadata().is_ok() {
        return None;
    }
    let refused = |found: String, cure: &str| Error::Input {
        place: Place::file(path),
        found,
        expected: "a file, a folder, or a pattern that matches some".into(),
        cure: cure.into(),
    };
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
    let found = match glob_with(pattern, options) {
        Ok(found) => found,
        Err(error) => {
            let found = format!("no file of this name, and no pattern ({})", error.msg);
            return Some(vec![Err(refused(found, "write a bracket that is meant as such as [[]"))]);
        }
    };
    let (mut paths, mut errors) = (Vec::new(), Vec::new());
    for item in found {
        match item {
            Ok(path) => paths.push(path),
            Err(error) => {
                let path = error.path().to_path_buf();
                errors.push(Err(Error::Read { path, source: io::Error::from(error) }));
            }
        }
    }
    if paths.is_empty() && errors.is_empty() {
        let cure = "check the pattern, which is looked for from the folder that the program runs in";
        return Some(vec![Err(refused("nothing that the pattern matches".into(), cure))]);
    }
    paths.sort_unstable();
    let mut walked: Option<PathBuf> = None;
    paths.retain(|path| {
        let is_inside = walked.as_ref().is_some_and(|folder| path.starts_with(folder));
        if !is_inside && path.is_dir() {
            walked = Some(path.clone());
        }
        !is_inside
    });
    Some(paths.into_iter().map(Ok).chain(errors).collect())
}
