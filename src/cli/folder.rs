//! A folder of results, whose files are all there or none of them.
//!
//! In: the folder of `--out` and the names of the files. Out: an [`Output`] a file. Start at
//! [`Folder::open`]. A folder that was made for the run goes away with it, if the run fails.

use super::output::Output;
use crate::error::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder to write to.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Whether it was made for this run and is to go if the run fails.
    is_new: bool,
}

impl Folder {
    /// The folder `path`, made if it is missing; the one around it has to be there.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let is_new = !path.is_dir();
        if is_new {
            fs::create_dir(path).map_err(|source| Error::Write { path: path.to_path_buf(), source })?;
        }
        Ok(Self { path: path.to_path_buf(), is_new })
    }

    /// An output for each file in it.
    pub(super) fn outputs(&self, names: impl IntoIterator<Item = String>) -> Result<Vec<Output>> {
        names.into_iter().map(|name| Output::open(Some(&self.path.join(name)))).collect()
    }

    /// The folder stays.
    pub(super) fn keep(mut self) {
        self.is_new = false;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_new {
            // Fails where somebody else has put something into it, and then it is theirs.
            drop(fs::remove_dir(&self.path));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_new_folder_that_is_not_kept_goes_away_with_its_files() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("new");
        {
            let folder = Folder::open(&path).unwrap();
            let mut outputs = folder.outputs(["a".to_owned(), "b".to_owned()]).unwrap();
            outputs[0].write_all(b"text").unwrap();
            drop(outputs);
        }
        assert!(!path.exists());
    }

    #[test]
    fn a_kept_folder_has_all_its_files_and_no_other() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(&root.path().join("new")).unwrap();
        Output::finish_all(folder.outputs(["a".to_owned(), "b".to_owned()]).unwrap()).unwrap();
        folder.keep();
        let mut names: Vec<_> =
            fs::read_dir(root.path().join("new")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let root = tempfile::tempdir().unwrap();
        let said = Folder::open(&root.path().join("no/such")).unwrap_err().to_string();
        assert!(said.contains("no/such: cannot be written"), "{said}");
    }
}
