//! Patterns of file names: `news/*.csv`, `archive/**/*.jsonl.gz`.
//!
//! In: a path that the user named. Out: what it matches, sorted by name. Start at [`matches`]. `*` and `?` do not match
//! the dot that a hidden file begins with, and `*` no slash; `**` matches folders within folders.

use crate::error::{Error, Place, Result};
use glob::{MatchOptions, glob_with};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    // The crate fails on names that are not UTF-8, which is an error like another.
    let Ok(found) = catch_unwind(AssertUnwindSafe(|| found.collect::<Vec<_>>())) else {
        let cure = "name the folder itself, or rename the files whose names are not UTF-8";
        return Some(vec![Err(refused("a name that is not UTF-8 where the pattern looks".into(), cure))]);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    /// What a pattern matches in a folder of files, without that folder's name.
    fn found(pattern: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "a[1].csv", ".hidden.csv", "in/c.csv", "in/deep/d.csv", "in/e.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let root = folder.path().to_str().unwrap();
        let told = |item: Result<PathBuf>| match item {
            Ok(path) => path.to_str().unwrap()[root.len() + 1..].to_owned(),
            Err(error) => error.to_string()[root.len() + 1..].to_owned(),
        };
        matches(&folder.path().join(pattern))
            .map_or_else(|| vec!["no pattern".into()], |all| all.into_iter().map(told).collect())
    }

    #[test]
    fn matches_are_sorted_and_hidden_files_are_none() {
        assert_eq!(found("*.csv"), ["a.csv", "a[1].csv", "b.csv"]);
        assert_eq!(found("[ab].csv"), ["a.csv", "b.csv"]);
        assert_eq!(found("**/?.csv"), ["a.csv", "b.csv", "in/c.csv", "in/deep/d.csv"]);
    }

    #[test]
    fn a_file_that_is_there_is_no_pattern() {
        assert_eq!(found("a[1].csv"), ["no pattern"]);
        assert_eq!(found("missing.csv"), ["no pattern"]);
    }

    #[test]
    fn what_lies_in_a_folder_that_is_matched_is_left_to_the_walk() {
        assert_eq!(found("*"), ["a.csv", "a[1].csv", "b.csv", "in"]);
        assert_eq!(found("**/*"), ["a.csv", "a[1].csv", "b.csv", "in"]);
    }

    #[test]
    fn a_pattern_without_a_match_or_that_is_none_is_an_error() {
        assert!(found("*.jsonl")[0].starts_with("*.jsonl: found nothing that the pattern matches"));
        assert!(found("a[.csv")[0].starts_with("a[.csv: found no file of this name, and no pattern"));
    }
}
