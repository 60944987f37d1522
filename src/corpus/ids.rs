//! The ids that were seen, so that no two reports of a run share one.
//!
//! In: an id and the place where it stands. Out: nothing, or an error that names both places. Start
//! at [`Ids::admit`]. An id is kept as 64 bits of its SHA-256 with its place, 16 bytes and what a hash map leaves free, so that
//! a corpus of ten million records takes some 300 MB for them, however long they are. That two of them have the same bits by
//! chance, and one is refused, happens in one such corpus of 300,000.

use crate::error::{Error, Place, Result};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;

/// Every id of a run, with its place.
#[derive(Debug, Default)]
pub(super) struct Ids {
    paths: Vec<PathBuf>,
    /// Fingerprint → index of the path, line (0: the whole file).
    seen: HashMap<u64, (u32, u32)>,
}

impl Ids {
    /// Notes the id that stands at `place`.
    ///
    /// # Errors
    /// [`Error::Input`] where it was seen before.
    pub(super) fn admit(&mut self, id: &str, place: &Place) -> Result<()> {
        if self.paths.last() != Some(&place.path) {
            self.paths.push(place.path.clone());
        }
        match self.seen.entry(fingerprint(id)) {
            Entry::Vacant(entry) => {
                let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                entry.insert((small(self.paths.len() - 1), small(place.line.unwrap_or(0))));
                Ok(())
            }
            Entry::Occupied(entry) => {
                let &(path, line) = entry.get();
                let first =
                    Place { path: self.paths[path as usize].clone(), line: (line > 0).then_some(line as usize) };
                Err(Error::Input {
                    place: place.clone(),
                    found: format!("the id `{id}` a second time"),
                    expected: format!("an id of its own; this one stands at {first} already"),
                    cure: "give every record its own id, or none: it is then called FILE:LINE".into(),
                })
            }
        }
    }
}

fn fingerprint(id: &str) -> u64 {
    Sha256::digest(id).iter().take(8).fold(0, |sum, &byte| (sum << 8) | u64::from(byte))
}
