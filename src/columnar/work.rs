//! The folder of a run that is not finished: what is done stays in it, to be gone on from.
//!
//! In: the folder of the results and what the run does, in words. Out: [`Work`], which knows the parts that are there. Start at
//! [`Work::open`].

use super::file;
use super::part::{Finished, finished};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Its name, in the folder of the results.
pub const FOLDER: &str = ".parallax-run";
const PLAN: &str = "plan.json";

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
    /// A new one in `folder`, or, with `resume`, the one that is there.
    ///
    /// # Errors
    /// [`Error::Settings`] where there is one and it was not to be resumed, it does something else, or another process is at
    /// it; [`Error::Write`], [`Error::Read`].
    pub fn open(folder: &Path, plan: &Plan, resume: bool) -> Result<Self> {
        let path = folder.join(FOLDER);
        let plan_path = path.join(PLAN);
        let refused = |source| Error::Write { path: plan_path.clone(), source };
        let is_there = plan_path.is_file();
        if is_there && !resume {
            return Err(Error::Settings {
                setting: "--out".into(),
                found: format!("an unfinished run in {}", path.display()),
                expected: "--resume to go on with it, another folder, or that folder removed to start again".into(),
            });
        }
        if !is_there {
            fs::create_dir_all(&path).map_err(refused)?;
            let json = serde_json::to_vec_pretty(plan).map_err(|e| refused(e.into()))?;
            let mut file = tempfile::Builder::new().tempfile_in(&path).map_err(refused)?;
            file.write_all(&json).and_then(|()| file.as_file().sync_all()).map_err(refused)?;
            file.persist(&plan_path).map_err(|e| refused(e.error))?;
        }
        let lock = File::open(&plan_path).map_err(|source| Error::Read { path: plan_path.clone(), source })?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            return Err(Error::Settings {
                setting: "--out".into(),
                found: format!("a run at work in {}", folder.display()),
                expected: "to wait for it, or another folder".into(),
            });
        }
        same(&file::read_json(&plan_path)?, plan)?;
        let parts = finished(&path)?;
        Ok(Self { path, parts, _lock: lock })
    }

    /// How far the run is.
    pub fn finished(&self) -> Finished {
        self.parts.last().copied().unwrap_or_default()
    }

    /// Removes the folder: the results are published.
    pub fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.path).map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

/// Refuses to go on with a run that did something else.
fn same(before: &Plan, now: &Plan) -> Result<()> {
    let keys = before.keys().chain(now.keys());
    let Some(key) = keys.into_iter().find(|key| before.get(*key) != now.get(*key)) else { return Ok(()) };
    let said = |plan: &Plan| plan.get(key).map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
    Err(Error::Settings {
        setting: "--resume".into(),
        found: format!("another run: {key} {}", said(now)),
        expected: format!("{}, as in the run to go on with", said(before)),
    })
}
