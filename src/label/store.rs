//! Corrections on the disk, none of which is lost or changed once it was acknowledged.
//!
//! In: [`Correction`]s. Out: their numbers, once each is on the disk; and all of them again, in order. Start at
//! [`Store::open`] and [`Store::add`].
//!
//! The file is an SQLite database with a write-ahead log, `synchronous=FULL` and one transaction a correction: a process or
//! a machine that stops in the middle leaves every correction whole or not there. Several processes may use it at once.
//! Nothing is ever changed or removed: to take a correction back is to add one that undoes it, and triggers refuse the
//! rest. A row holds the correction's JSON; columns computed of it (`document`, `head`, `start`, `old`, …) are there for
//! whoever reads the file with other tools.

use super::correction::Correction;
use crate::error::{Error, Place, Result};
use core::time::Duration;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The name of a store where none is given, in the current folder.
pub const DEFAULT: &str = "corrections.db";
/// The format of the file, kept as its `user_version`.
pub const FORMAT: i64 = 1;
/// Tells the file from other programs' databases (`application_id`): `plx1`.
const PROGRAM: i64 = 0x706c_7831;
/// How long another process's write is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

const SCHEMA: &str = "
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  body TEXT NOT NULL CHECK (json_valid(body)),
  time TEXT GENERATED ALWAYS AS (body ->> '$.time') VIRTUAL,
  document TEXT GENERATED ALWAYS AS (body ->> '$.document.sha256') VIRTUAL,
  document_id TEXT GENERATED ALWAYS AS (body ->> '$.document.id') VIRTUAL,
  lang TEXT GENERATED ALWAYS AS (body ->> '$.lang') VIRTUAL,
  head TEXT GENERATED ALWAYS AS (body ->> '$.head') VIRTUAL,
  \"start\" INTEGER GENERATED ALWAYS AS (body ->> '$.selector[0].start') VIRTUAL,
  \"end\" INTEGER GENERATED ALWAYS AS (body ->> '$.selector[0].end') VIRTUAL,
  exact TEXT GENERATED ALWAYS AS (body ->> '$.selector[1].exact') VIRTUAL,
  prefix TEXT GENERATED ALWAYS AS (body ->> '$.selector[1].prefix') VIRTUAL,
  suffix TEXT GENERATED ALWAYS AS (body ->> '$.selector[1].suffix') VIRTUAL,
  old TEXT GENERATED ALWAYS AS (body -> '$.old') VIRTUAL,
  new TEXT GENERATED ALWAYS AS (body -> '$.new') VIRTUAL,
  model TEXT GENERATED ALWAYS AS (body ->> '$.model.name') VIRTUAL,
  model_version TEXT GENERATED ALWAYS AS (body ->> '$.model.version') VIRTUAL,
  annotator TEXT GENERATED ALWAYS AS (body ->> '$.annotator') VIRTUAL,
  undoes INTEGER GENERATED ALWAYS AS (body ->> '$.undoes') VIRTUAL
) STRICT;
CREATE INDEX corrections_document ON corrections (document);
CREATE TRIGGER corrections_stay_as_they_are BEFORE UPDATE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are never changed; add one that undoes it'); END;
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are never removed; add one that undoes it'); END;
";

/// A correction and its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its number in the store: above 0, rising in the order of storing, and never used twice.
    pub id: i64,
    /// The correction.
    pub correction: Correction,
}

/// An open file of corrections.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens the file, and makes it if it is missing.
    ///
    /// # Errors
    /// [`Error::Store`] where it cannot be opened or made, or is not a store of this format.
    pub fn open(path: &Path) -> Result<Self> {
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens the file, which has to be there.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Error::Read`] where it is missing.
    pub fn existing(path: &Path) -> Result<Self> {
        std::fs::metadata(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn with(path: &Path, access: OpenFlags) -> Result<Self> {
        // A name that begins with `file:` is a file's name here, not an address.
        let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| refused(path, &error))?;
        let mut store = Self { path: path.to_path_buf(), connection };
        store.prepare()?;
        Ok(store)
    }

    /// Sets the connection up, and a new file.
    fn prepare(&mut self) -> Result<()> {
        let path = self.path.clone();
        let refused = |error: rusqlite::Error| refused(&path, &error);
        self.connection.busy_timeout(PATIENCE).map_err(refused)?;
        self.check_format()?;
        let mode = self.connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        if mode.map_err(refused)? != "wal" {
            // Such as `:memory:`, which would lose everything that was acknowledged.
            return Err(Error::Store {
                path: self.path.clone(),
                found: "a place that can hold no write-ahead log".into(),
                expected: "a file on a disk of this machine".into(),
                cure: "name another file with --store".into(),
            });
        }
        self.connection.pragma_update(None, "synchronous", "FULL").map_err(refused)?;
        if self.version()? == FORMAT {
            return Ok(());
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        // Another process may have been faster.
        let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(refused)?;
        if version == 0 {
            transaction.execute_batch(SCHEMA).map_err(refused)?;
            transaction.pragma_update(None, "application_id", PROGRAM).map_err(refused)?;
            transaction.pragma_update(None, "user_version", FORMAT).map_err(refused)?;
        }
        transaction.commit().map_err(refused)
    }

    /// Whether the file is new, or a store of this format.
    fn check_format(&self) -> Result<()> {
        let number = |query: &str| {
            let row = self.connection.query_row(query, [], |row| row.get::<_, i64>(0));
            row.map_err(|error| refused(&self.path, &error))
        };
        let (program, version) = (number("PRAGMA application_id")?, self.version()?);
        let wrong = |found: String, cure: &str| Error::Store {
            path: self.path.clone(),
            found,
            expected: format!("a store of corrections of format {FORMAT}"),
            cure: cure.into(),
        };
        if program == PROGRAM && version > FORMAT {
            let cure = "it was made by a newer parallax; use that one, or another --store";
            return Err(wrong(format!("a store of format {version}"), cure));
        }
        if program != PROGRAM && (version != 0 || number("SELECT count(*) FROM sqlite_schema")? > 0) {
            return Err(wrong("a database of another program".into(), "name another file with --store"));
        }
        Ok(())
    }

    fn version(&self) -> Result<i64> {
        let row = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0));
        row.map_err(|error| refused(&self.path, &error))
    }

    /// Adds a correction and gives its number: it is on the disk then.
    ///
    /// # Errors
    /// [`Error::Data`] where it undoes a correction that is not there, or of another document; [`Error::Store`] where
    /// it cannot be written, and then it is not there.
    pub fn add(&mut self, correction: &Correction) -> Result<i64> {
        let ids = self.add_all(std::slice::from_ref(correction))?;
        ids.last().copied().ok_or_else(|| self.odd("no number for a new correction"))
    }

    /// Adds several corrections, all or none of them, and gives their numbers.
    ///
    /// # Errors
    /// As [`Store::add`].
    pub fn add_all(&mut self, corrections: &[Correction]) -> Result<Vec<i64>> {
        let path = self.path.clone();
        let refused = |error: rusqlite::Error| refused(&path, &error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let mut ids = Vec::with_capacity(corrections.len());
        for correction in corrections {
            if let Some(undone) = correction.undoes {
                let query = "SELECT document FROM corrections WHERE id = ?1";
                let document: Option<String> =
                    transaction.query_row(query, [undone], |row| row.get(0)).optional().map_err(refused)?;
                if document.as_deref() != Some(&correction.document.sha256) {
                    return Err(Error::Data {
                        what: "corrections".into(),
                        found: format!("one that undoes number {undone}, which this document has not"),
                        expected: "the number of a correction of the same document".into(),
                        cure: "undo by the number that the correction got when it was stored".into(),
                    });
                }
            }
            let body = Value::Object(correction.map()).to_string();
            transaction.execute("INSERT INTO corrections (body) VALUES (?1)", [body]).map_err(refused)?;
            ids.push(transaction.last_insert_rowid());
        }
        transaction.commit().map_err(refused)?;
        Ok(ids)
    }

    /// All corrections, in the order of storing.
    ///
    /// # Errors
    /// [`Error::Store`] where the file cannot be read; [`Error::Input`] for a row that is no correction.
    pub fn all(&self) -> Result<Vec<Stored>> {
        self.select("SELECT id, body FROM corrections ORDER BY id", [])
    }

    /// The corrections of the document with this SHA-256, in the order of storing.
    ///
    /// # Errors
    /// As [`Store::all`].
    pub fn of_document(&self, sha256: &str) -> Result<Vec<Stored>> {
        self.select("SELECT id, body FROM corrections WHERE document = ?1 ORDER BY id", [sha256])
    }

    /// The correction of this number; `None` if there is none.
    ///
    /// # Errors
    /// As [`Store::all`].
    pub fn get(&self, id: i64) -> Result<Option<Stored>> {
        Ok(self.select("SELECT id, body FROM corrections WHERE id = ?1", [id])?.pop())
    }

    /// How many corrections there are, those taken back among them.
    ///
    /// # Errors
    /// [`Error::Store`] where the file cannot be read.
    pub fn count(&self) -> Result<usize> {
        let row = self.connection.query_row("SELECT count(*) FROM corrections", [], |row| row.get::<_, i64>(0));
        let count = row.map_err(|error| refused(&self.path, &error))?;
        usize::try_from(count).map_err(|_| self.odd("a count below 0"))
    }

    /// What `PRAGMA integrity_check` says: `ok`, or what is wrong.
    ///
    /// # Errors
    /// [`Error::Store`] where the file cannot be read.
    pub fn integrity(&self) -> Result<String> {
        let row = self.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0));
        row.map_err(|error| refused(&self.path, &error))
    }

    fn select(&self, query: &str, params: impl rusqlite::Params) -> Result<Vec<Stored>> {
        let refused = |error: rusqlite::Error| refused(&self.path, &error);
        let mut statement = self.connection.prepare(query).map_err(refused)?;
        let rows = statement.query_map(params, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
        rows.map_err(refused)?.map(|row| row.map_err(refused).and_then(|(id, body)| self.read(id, &body))).collect()
    }

    fn read(&self, id: i64, body: &str) -> Result<Stored> {
        let map: Map<String, Value> = serde_json::from_str(body)
            .map_err(|error| self.odd(&format!("the correction {id}, cut short ({error})")))?;
        // A row is a line of the file to whoever reads the message.
        let place = Place { path: self.path.clone(), line: usize::try_from(id).ok() };
        Ok(Stored { id, correction: Correction::from_map(map, &place)? })
    }

    fn odd(&self, found: &str) -> Error {
        Error::Store {
            path: self.path.clone(),
            found: found.to_owned(),
            expected: "a whole store of corrections".into(),
            cure: "restore the file from a copy; `PRAGMA integrity_check` of the program sqlite3 says more".into(),
        }
    }
}

/// What SQLite said.
fn refused(path: &Path, error: &rusqlite::Error) -> Error {
    let cure = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            "another program holds the file; end it, or try again"
        }
        Some(rusqlite::ErrorCode::NotADatabase) => "name another file with --store; this one is left as it is",
        Some(rusqlite::ErrorCode::DiskFull) => "free some space; what was acknowledged is on the disk",
        Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::PermissionDenied) => {
            "check the permissions of the file and its folder, both of which are written to"
        }
        _ => "check the path, its folder and their permissions",
    };
    Error::Store {
        path: path.to_path_buf(),
        found: error.to_string(),
        expected: "a store of corrections that can be read and written".into(),
        cure: cure.into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{label, loaded};
    use super::*;
    use serde_json::json;

    fn file() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DEFAULT);
        (folder, path)
    }

    #[test]
    fn corrections_come_back_as_they_went_in_and_in_order() {
        let (_folder, path) = file();
        let corrections =
            [loaded("ann", None, Some((4, 9, "naming"))), label("bo", "tone", json!("neutral"), json!("negative"))];
        let mut store = Store::open(&path).unwrap();
        let ids: Vec<i64> = corrections.iter().map(|correction| store.add(correction).unwrap()).collect();
        assert_eq!(ids, [1, 2]);
        let store = Store::existing(&path).unwrap();
        let all = store.all().unwrap();
        assert!(all.iter().map(|stored| &stored.correction).eq(&corrections));
        assert_eq!(store.of_document(&corrections[0].document.sha256).unwrap(), all);
        assert_eq!(store.of_document("other").unwrap(), []);
        assert_eq!(store.get(2).unwrap().as_ref(), all.last());
        assert_eq!((store.get(3).unwrap(), store.count().unwrap()), (None, 2));
        assert_eq!(store.integrity().unwrap(), "ok");
    }

    #[test]
    fn the_log_is_written_ahead_and_flushed_at_every_commit() {
        let (_folder, path) = file();
        let store = Store::open(&path).unwrap();
        let text = |name: &str| store.connection.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
        let number = |name: &str| store.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(text("journal_mode"), "wal");
        assert_eq!((number("synchronous"), number("user_version"), number("busy_timeout")), (2, FORMAT, 10_000));
    }

    #[test]
    fn nothing_is_changed_or_removed() {
        let (_folder, path) = file();
        let mut store = Store::open(&path).unwrap();
        store.add(&loaded("ann", None, Some((4, 9, "naming")))).unwrap();
        for change in ["UPDATE corrections SET body = '{}'", "DELETE FROM corrections"] {
            assert!(store.connection.execute(change, []).unwrap_err().to_string().contains("undoes"), "{change}");
        }
        assert_eq!(store.count().unwrap(), 1);
    }

    #[test]
    fn other_programs_can_ask_by_column() {
        let (_folder, path) = file();
        let mut store = Store::open(&path).unwrap();
        store.add(&loaded("ann", None, Some((4, 9, "naming")))).unwrap();
        let query = "SELECT exact || ' ' || head || ' ' || annotator || ' ' || (new ->> 'kind') FROM corrections";
        let said: String = store.connection.query_row(query, [], |row| row.get(0)).unwrap();
        assert_eq!(said, "mayor loaded ann naming");
    }

    #[test]
    fn an_undo_names_a_correction_of_the_same_document() {
        let (_folder, path) = file();
        let mut store = Store::open(&path).unwrap();
        let first = loaded("ann", None, Some((4, 9, "naming")));
        let id = store.add(&first).unwrap();
        let undo = first.undone(id, "2026-05-04T09:31:00Z");
        assert_eq!(store.add(&undo).unwrap(), 2);
        assert!(store.add(&first.undone(99, "2026-05-04T09:31:00Z")).unwrap_err().to_string().contains("99"));
        let mut other = undo;
        other.document.sha256 = "0".repeat(64);
        assert!(store.add(&other).is_err());
        assert_eq!(store.count().unwrap(), 2);
    }

    #[test]
    fn several_are_added_together_or_not_at_all() {
        let (_folder, path) = file();
        let mut store = Store::open(&path).unwrap();
        let first = loaded("ann", None, Some((4, 9, "naming")));
        assert!(store.add_all(&[first.clone(), first.undone(77, "2026-05-04T09:31:00Z")]).is_err());
        assert_eq!(store.count().unwrap(), 0);
        assert_eq!(store.add_all(&[first.clone(), first]).unwrap().len(), 2);
    }

    #[test]
    fn a_newer_format_another_database_and_another_file_are_told_apart() {
        let (folder, path) = file();
        Store::open(&path).unwrap().connection.pragma_update(None, "user_version", 9).unwrap();
        let said = Store::open(&path).unwrap_err();
        assert!(said.to_string().contains("a store of format 9") && said.cure().contains("newer parallax"), "{said}");
        let other = folder.path().join("other.db");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
        assert!(Store::open(&other).unwrap_err().to_string().contains("another program"));
        let text = folder.path().join("text.db");
        std::fs::write(&text, "no database, but a text that is long enough to be looked at as one".repeat(9)).unwrap();
        assert!(Store::open(&text).unwrap_err().cure().contains("left as it is"));
        assert!(matches!(Store::existing(&folder.path().join("none.db")), Err(Error::Read { .. })));
        assert!(Store::open(&folder.path().join("none/none.db")).is_err());
        assert!(Store::open(Path::new(":memory:")).unwrap_err().to_string().contains("write-ahead log"));
    }

    #[test]
    fn two_that_are_open_at_once_see_each_others_corrections() {
        let (_folder, path) = file();
        let (mut one, mut two) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
        let correction = loaded("ann", None, Some((4, 9, "naming")));
        assert_eq!((one.add(&correction).unwrap(), two.add(&correction).unwrap()), (1, 2));
        assert_eq!(one.all().unwrap(), two.all().unwrap());
    }
}
