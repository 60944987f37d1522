//! A bundle's folder: a manifest and the files it names, checked before any is read.
//!
//! In: a folder. Out: the manifest and the files' bytes, each of the size and checksum that the
//! manifest says. A file cut short at any byte, altered, missing, or of a newer format is an
//! [`Error::Bundle`] that says so. Writing makes every file under a temporary name first, and renames
//! them when all are complete.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// The bundle format that this program writes, and the newest that it reads.
///
/// | format | what came with it |
/// |---|---|
/// | 1 | sentence heads |
/// | 2 | span heads, in a file of their own; a bundle of format 1 reads as one without any |
/// | 3 | names of a script without capitals, in a file of their own; Arabic words levelled and cut |
/// | 4 | the head `stance`, in a file of its own |
pub const FORMAT: u32 = 4;

/// The manifest's file name.
pub const MANIFEST: &str = "bundle.json";

/// No file of a bundle may be larger than this (bytes): a cap before anything is allocated.
const LARGEST_FILE: u64 = 256 << 20;

/// What stands in `bundle.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The bundle format's number.
    pub format: u32,
    /// The bundle's name, for instance `en`.
    pub name: String,
    /// The bundle's version.
    pub version: String,
    /// The language it scores (BCP 47), for instance `en`.
    pub lang: String,
    /// Its heads, in order.
    pub heads: Vec<String>,
    /// Every other file, by name.
    pub files: BTreeMap<String, Digests>,
}

impl Manifest {
    /// Reads a bundle's manifest alone; the files it names are neither read nor checked.
    ///
    /// # Errors
    /// [`Error::Read`] where it cannot be read; [`Error::Bundle`] where it is not a manifest of this
    /// format.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        parse_manifest(&path, &read_capped(&path)?)
    }
}

/// Size and checksums of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// Size in bytes.
    pub bytes: u64,
    /// CRC-32 (IEEE): checked at every load.
    pub crc32: u32,
    /// SHA-256, lower-case hex: what names the file for good.
    pub sha256: String,
}

impl Digests {
    /// Of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, crc32: crc32fast::hash(bytes), sha256: sha256_hex(bytes) }
    }
}

/// SHA-256 of some bytes, lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// A manifest, its own SHA-256 and the files it names.
#[derive(Debug)]
pub struct Container {
    /// The manifest.
    pub manifest: Manifest,
    /// SHA-256 of the manifest's bytes, lower-case hex: the bundle's identity.
    pub sha256: String,
    /// The files' bytes, by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Container {
    /// Reads and checks a bundle's folder.
    ///
    /// # Errors
    /// [`Error::Read`] where a file cannot be read; [`Error::Bundle`] where one is not as the
    /// manifest says.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let bytes = read_capped(&path)?;
        let sha256 = sha256_hex(&bytes);
        let manifest = parse_manifest(&path, &bytes)?;
        let mut files = BTreeMap::new();
        for (name, digests) in &manifest.files {
            let path = folder.join(name);
            if !is_plain(name) {
                return Err(damaged(&path, "a file name that leaves the folder", "plain file names"));
            }
            let bytes = read_capped(&path)?;
            if bytes.len() as u64 != digests.bytes {
                return Err(damaged(&path, format!("{} bytes", bytes.len()), format!("{} bytes", digests.bytes)));
            }
            let crc32 = crc32fast::hash(&bytes);
            if crc32 != digests.crc32 {
                return Err(damaged(&path, format!("CRC-32 {crc32:08x}"), format!("{:08x}", digests.crc32)));
            }
            files.insert(name.clone(), bytes);
        }
        Ok(Self { manifest, sha256, files })
    }

    /// Whether there is a file of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The bytes of a file that this format must have.
    ///
    /// # Errors
    /// [`Error::Bundle`] where the manifest does not name it.
    pub fn file(&self, folder: &Path, name: &str) -> Result<&[u8]> {
        self.files
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| damaged(&folder.join(MANIFEST), format!("no entry for {name}"), format!("a file {name}")))
    }

    /// Writes `files` and their manifest as the folder `folder`, whole or not at all.
    ///
    /// Files of an earlier bundle that stand there are replaced or removed; others (a card) are kept.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write(folder: &Path, mut manifest: Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        let refused = |source| Error::Write { path: folder.to_path_buf(), source };
        manifest.files = files.iter().map(|(name, bytes)| (name.clone(), Digests::of(bytes))).collect();
        let json = serde_json::to_vec_pretty(&manifest).map_err(|e| refused(e.into()))?;
        writable(folder)?;
        fs::create_dir_all(folder).map_err(refused)?;
        if let Some(taken) = files.keys().map(|name| folder.join(name)).find(|path| path.is_dir()) {
            return Err(Error::Write { path: taken, source: ErrorKind::IsADirectory.into() });
        }
        let before = read_capped(&folder.join(MANIFEST)).ok();
        let before = before.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        // Every file is complete beside its place before the first is renamed; the manifest goes
        // last, so that what is read is never half of one bundle and half of another unnoticed.
        let mut ready = Vec::new();
        let named = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).chain([(MANIFEST, json.as_slice())]);
        for (name, bytes) in named {
            ready.push((name, finished(folder, bytes).map_err(refused)?));
        }
        for (name, file) in ready {
            file.persist(folder.join(name)).map_err(|e| refused(e.error))?;
        }
        // What only the earlier bundle had is no longer anybody's; that it cannot be removed harms nothing.
        let stale = before.iter().flat_map(|m| m.files.keys()).filter(|name| !files.contains_key(*name));
        for name in stale.filter(|name| is_plain(name)) {
            let _ = fs::remove_file(folder.join(name));
        }
        Ok(())
    }
}

/// Whether a file's name stays in its folder.
fn is_plain(name: &str) -> bool {
    !name.contains(['/', '\\', ':']) && !["", ".", ".."].contains(&name)
}

/// Tells whether a bundle could be written as `folder`: it is a folder that takes files, or the nearest
/// one above it that is there does. Asked before a training, which takes long.
///
/// # Errors
/// [`Error::Write`] where it could not.
pub fn writable(folder: &Path) -> Result<()> {
    let refused = |source| Error::Write { path: folder.to_path_buf(), source };
    let above = folder.ancestors().map(|a| if a.as_os_str().is_empty() { Path::new(".") } else { a });
    let there = above.into_iter().find(|a| a.symlink_metadata().is_ok()).unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(refused(ErrorKind::NotADirectory.into()));
    }
    tempfile::Builder::new().prefix(".parallax-").tempfile_in(there).map(drop).map_err(refused)
}

/// Writes a file whole or not at all, readable by all.
///
/// # Errors
/// [`Error::Write`].
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let refused = |source| Error::Write { path: path.to_path_buf(), source };
    let folder = path.parent().ok_or_else(|| refused(ErrorKind::NotADirectory.into()))?;
    finished(folder, bytes).map_err(refused)?.persist(path).map(drop).map_err(|e| refused(e.error))
}

/// A file under a temporary name, complete and on the disk.
fn finished(folder: &Path, bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".parallax-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    readable_by_all(file.as_file())?;
    Ok(file)
}

/// Temporary files are private to their owner; a bundle is as readable as any other file.
fn readable_by_all(file: &fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

fn read_capped(path: &Path) -> Result<Vec<u8>> {
    let refused = |source| Error::Read { path: path.to_path_buf(), source };
    let meta = fs::metadata(path).map_err(refused)?;
    if !meta.is_file() {
        // A named pipe would be waited for, a device might never end.
        return Err(refused(if meta.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput }.into()));
    }
    let file = fs::File::open(path).map_err(refused)?;
    let mut bytes = Vec::with_capacity(meta.len().min(LARGEST_FILE) as usize);
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > LARGEST_FILE {
        let found = format!("more than {LARGEST_FILE} bytes");
        return Err(damaged(path, found, format!("at most {LARGEST_FILE} bytes")));
    }
    Ok(bytes)
}

fn parse_manifest(path: &Path, bytes: &[u8]) -> Result<Manifest> {
    /// The one key that every format has, read first so that a newer bundle is named as such.
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let format: Format = serde_json::from_slice(bytes)
        .map_err(|e| damaged(path, format!("a manifest that cannot be read ({e})"), "a whole manifest in JSON"))?;
    if format.format > FORMAT {
        return Err(Error::Bundle {
            path: path.to_path_buf(),
            found: format!("bundle format {}", format.format),
            expected: format!("format {FORMAT} or older"),
            cure: "use a newer parallax, or a bundle made for this one".to_owned(),
        });
    }
    serde_json::from_slice(bytes)
        .map_err(|e| damaged(path, format!("a manifest that cannot be read ({e})"), "a whole manifest in JSON"))
}

/// The error for a file that is not what the manifest or the format says.
pub(crate) fn damaged(path: &Path, found: impl Into<String>, expected: impl Into<String>) -> Error {
    Error::Bundle {
        path: path.to_path_buf(),
        found: found.into(),
        expected: expected.into(),
        cure: "the bundle is damaged or incomplete; fetch it again or train it anew".to_owned(),
    }
}
