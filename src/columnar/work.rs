//! The folder of a run that is not finished: what is done stays in it, to be gone on from.
//!
//! In: the folder of the results and what the run does, in words. Out: [`Work`], which knows the parts that are there. Start at
//! [`Work::open`].

use super::file;
use super::part::{Finished, finished, part};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Its name, in the folder of the results.
pub const FOLDER: &str = ".parallax-run";
const PLAN: &str = "plan.json";
const LOCK: &str = "lock";

/// What a run does: options and inputs by name. One that goes on has to do the same.
pub type Plan = BTreeMap<String, String>;

/// The folder of an unfinished run, held for this process alone.
#[derive(Debug)]
pub(super) struct Work {
    pub path: PathBuf,
    /// The parts that are finished.
    pub parts: Vec<Finished>,
    _lock: File,
}

impl Work {
    /// A new one in `folder`, or, with `resume`, the one that is there. One without a finished part is as none.
    ///
    /// # Errors
    /// [`Error::Settings`] where there is one and it was not to be resumed, it does something else, or another process is at
    /// it; [`Error::Write`], [`Error::Read`].
    pub fn open(folder: &Path, plan: &Plan, resume: bool) -> Result<Self> {
        let path = folder.join(FOLDER);
        let plan_path = path.join(PLAN);
        let refused = |source| Error::Write { path: path.clone(), source };
        fs::create_dir_all(&path).map_err(refused)?;
        let lock = locked(&path, folder)?;
        let mut parts = finished(&path)?;
        if !plan_path.is_file() || parts.is_empty() {
            // What is left of a run that was published, or of one that had done nothing.
            clear(&path).map_err(refused)?;
            parts.clear();
            let json = serde_json::to_vec_pretty(plan).map_err(|e| refused(e.into()))?;
            let mut file = tempfile::Builder::new().tempfile_in(&path).map_err(refused)?;
            file.write_all(&json).and_then(|()| file.as_file().sync_all()).map_err(refused)?;
            file.persist(&plan_path).map_err(|e| refused(e.error))?;
        } else if resume {
            same(&path, &file::read_json(&plan_path)?, plan)?;
        } else {
            return Err(Error::Settings {
                setting: "--out".into(),
                found: format!("an unfinished run in {}", path.display()),
                expected: "--resume to go on with it, another folder, or that folder removed to start again".into(),
            });
        }
        Ok(Self { path, parts, _lock: lock })
    }

    /// How far the run is.
    pub fn finished(&self) -> Finished {
        self.parts.last().cloned().unwrap_or_default()
    }

    /// Whether a part is on the disk.
    pub fn has_finished_parts(&self) -> bool {
        part(&self.path, 0).is_dir()
    }

    /// Removes the folder: the results are published, or there are none.
    pub fn remove(self) -> Result<()> {
        let refused = |source| Error::Write { path: self.path.clone(), source };
        // First what says that it is a run: a removal that is cut short leaves none to go on with.
        match fs::remove_file(self.path.join(PLAN)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(refused(error)),
            _ => {}
        }
        fs::remove_dir_all(&self.path).map_err(refused)
    }
}

/// The lock of the folder `path`, a file that nobody replaces.
fn locked(path: &Path, folder: &Path) -> Result<File> {
    let name = path.join(LOCK);
    let opened = File::options().create(true).truncate(false).write(true).open(&name);
    let lock = opened.map_err(|source| Error::Write { path: name, source })?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::Settings {
            setting: "--out".into(),
            found: format!("a run at work in {}", folder.display()),
            expected: "to wait for it, or another folder".into(),
        }),
        // Some file systems have no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
    }
}

/// Removes all but the lock.
fn clear(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Refuses to go on with a run that did something else.
fn same(path: &Path, before: &Plan, now: &Plan) -> Result<()> {
    let keys = before.keys().chain(now.keys());
    let Some(key) = keys.into_iter().find(|key| before.get(*key) != now.get(*key)) else { return Ok(()) };
    let said = |plan: &Plan| plan.get(key).map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
    Err(Error::Settings {
        setting: "--resume".into(),
        found: format!("another run: {key} {}", said(now)),
        expected: format!("{}, as in the run to go on with; to start again, remove {}", said(before), path.display()),
    })
}
