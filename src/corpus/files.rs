//! The files behind what the user named.
//!
//! In: [`Source`]s in the user's order. Out: the same order with each pattern replaced by what it matches, and each folder
//! by the files in it, sorted by name at each level, one at a time. Start at [`Files`].

use super::compression::{COMPRESSED, bare};
use super::pattern;
use crate::error::{Error, Place, Result};
use std::collections::VecDeque;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The extensions, in any case, of the files that are read from a folder; each but `parquet` may have one of
/// [`COMPRESSED`] behind it. A file that is named itself is read whatever its extension.
pub const EXTENSIONS: [&str; 11] =
    ["txt", "md", "text", "jsonl", "ndjson", "csv", "tsv", "parquet", "html", "htm", "xhtml"];

/// Something to read documents from.
pub enum Source {
    /// A file, a folder whose files are meant, or a pattern such as `news/*.csv`: a path with `*`, `?` or `[` at which
    /// nothing stands.
    Path(PathBuf),
    /// An open stream, for instance standard input, under the name that errors and ids give it.
    Stream {
        /// The name, for instance `<stdin>`.
        name: PathBuf,
        /// The stream.
        read: Box<dyn Read + Send>,
    },
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Stream { name, .. } => f.debug_tuple("Stream").field(name).finish(),
        }
    }
}

/// Iterates over sources with folders walked: no item is a folder.
#[derive(Debug)]
pub(super) struct Files {
    sources: VecDeque<Result<Source>>,
    walk: Option<Walk>,
    skipped: usize,
}

/// A folder that is being walked.
#[derive(Debug, Clone)]
struct Walk {
    folder: PathBuf,
    /// What is still to be visited, the next one last.
    pending: Vec<PathBuf>,
    /// How many files and errors it gave so far.
    given: usize,
}

impl Files {
    pub(super) fn new(sources: Vec<Source>) -> Self {
        Self { sources: sources.into_iter().map(Ok).collect(), walk: None, skipped: 0 }
    }

    /// How many files of the folders walked so far had another extension.
    pub(super) const fn skipped(&self) -> usize {
        self.skipped
    }

    /// Bytes of all files that are still to come; `None` where one of them is a stream.
    pub(super) fn size(&self) -> Option<u64> {
        let path = |source: &Result<Source>| match source {
            Ok(Source::Path(path)) => Some(Some(Ok(Source::Path(path.clone())))),
            Ok(Source::Stream { .. }) => None,
            // What is refused has no size.
            Err(_) => Some(None),
        };
        let sources: Option<Vec<Option<Result<Source>>>> = self.sources.iter().map(path).collect();
        let sources = sources?.into_iter().flatten().collect();
        let mut bytes: u64 = 0;
        for source in (Self { sources, walk: self.walk.clone(), skipped: 0 }) {
            let Ok(Source::Path(path)) = source else { continue };
            match fs::metadata(path) {
                Ok(meta) if meta.is_file() => bytes = bytes.saturating_add(meta.len()),
                Ok(_) => return None,
                Err(_) => {}
            }
        }
        Some(bytes)
    }
}

impl Iterator for Files {
    type Item = Result<Source>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(walk) = &mut self.walk {
                if let Some(found) = walk.step(&mut self.skipped) {
                    walk.given += 1;
                    return Some(found.map(Source::Path));
                }
                let Walk { folder, given, .. } = self.walk.take()?;
                if given == 0 {
                    return Some(Err(nothing_in(&folder)));
                }
                continue;
            }
            let path = match self.sources.pop_front()? {
                Ok(Source::Path(path)) => path,
                other => return Some(other),
            };
            if let Some(found) = pattern::matches(&path) {
                found.into_iter().rev().for_each(|path| self.sources.push_front(path.map(Source::Path)));
            } else if path.is_dir() {
                match listing(&path) {
                    Ok(pending) => self.walk = Some(Walk { folder: path, pending, given: 0 }),
                    Err(error) => return Some(Err(error)),
                }
            } else {
                return Some(Ok(Source::Path(path)));
            }
        }
    }
}

impl Walk {
    /// The next file, or the error in its stead; `None` at the end.
    fn step(&mut self, skipped: &mut usize) -> Option<Result<PathBuf>> {
        while let Some(path) = self.pending.pop() {
            let meta = match fs::metadata(&path) {
                Ok(meta) => meta,
                Err(source) => return Some(Err(Error::Read { path, source })),
            };
            if meta.is_file() && is_read_from_folders(&path) {
                return Some(Ok(path));
            }
            // A link to a folder may lead back here; what it leads to can be named itself.
            if !meta.is_dir() || path.is_symlink() {
                *skipped += 1;
                continue;
            }
            match listing(&path) {
                Ok(inner) => self.pending.extend(inner),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

/// What stands in a folder without the hidden entries, the last by name first.
fn listing(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).and_then(|entries| {
        entries
            .filter(|entry| !entry.as_ref().is_ok_and(|e| e.file_name().as_encoded_bytes().starts_with(b".")))
            .map(|entry| entry.map(|e| e.path()))
            .collect()
    });
    let mut entries = entries.map_err(|source| Error::Read { path: folder.to_path_buf(), source })?;
    entries.sort_unstable_by(|a, b| b.cmp(a));
    Ok(entries)
}

fn is_read_from_folders(path: &Path) -> bool {
    let name = bare(path);
    let extension = name.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let is_packed_parquet = name != path && extension.eq_ignore_ascii_case("parquet");
    !is_packed_parquet && EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn nothing_in(folder: &Path) -> Error {
    Error::Input {
        place: Place::file(folder),
        found: "a folder without a file to read".into(),
        expected: format!(
            "files that end in .{}, or in one of these and .{}",
            EXTENSIONS.join(", ."),
            COMPRESSED.join(" or .")
        ),
        cure: "name the files themselves: a named file is read whatever its extension".into(),
    }
}
