//! A part of a run: what was made of some entries, finished or not there.
//!
//! In: record batches and the records that could not be used. Out: a folder with a file a table, the rejects, and how far the
//! inputs were read ([`Finished`]). Start at [`Part::write`]. It gets its name when all of it is on the disk, so that a run
//! that is killed leaves whole parts behind.

use super::table::{Form, Table};
use super::{arrow_error, file};
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use arrow_json::WriterBuilder;
use arrow_json::writer::LineDelimited;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file of records that could not be used: JSON Lines.
pub const REJECTS: &str = "rejects.jsonl";
const FINISHED: &str = "part.json";
const UNFINISHED: &str = "unfinished";

/// How far a run was after a part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finished {
    /// Entries of the inputs that were read, with those that could not be used.
    pub entries: usize,
    /// Documents that were scored.
    pub documents: usize,
    /// Entries that could not be used.
    pub rejected: usize,
    /// Documents that there is no model for.
    pub unsupported: usize,
    /// SHA-256 of the ids and texts of the entries, lower-case hex.
    pub digest: String,
}

/// What a part holds.
pub(super) struct Part<'a> {
    pub form: Form,
    /// Each table with its rows.
    pub tables: Vec<(Table, SchemaRef, &'a [RecordBatch])>,
    /// Lines of JSON.
    pub rejects: &'a [u8],
    pub finished: &'a Finished,
}

impl Part<'_> {
    /// Writes it as the part of this number, from 0, in `folder`.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write(&self, folder: &Path, number: usize) -> Result<()> {
        let unfinished = folder.join(UNFINISHED);
        let refused = |source| Error::Write { path: unfinished.clone(), source };
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(refused)?;
        }
        fs::create_dir(&unfinished).map_err(refused)?;
        self.tables.par_iter().try_for_each(|(table, schema, batches)| {
            let path = unfinished.join(table_file(*table, self.form));
            let file = File::create(&path).map_err(|source| Error::Write { path: path.clone(), source })?;
            match self.form {
                Form::Parquet => write_parquet(&path, file, schema, batches),
                Form::Jsonl => write_jsonl(&path, file, batches),
            }
        })?;
        let finished = serde_json::to_vec(self.finished).map_err(|e| refused(e.into()))?;
        for (name, bytes) in [(REJECTS, self.rejects), (FINISHED, &finished)] {
            let written = File::create(unfinished.join(name)).and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            });
            written.map_err(refused)?;
        }
        fs::rename(&unfinished, part(folder, number)).map_err(refused)
    }
}

/// How far the parts in `folder` go: those that are finished, from the first on without a gap.
///
/// # Errors
/// [`Error::Input`] for a part that says nothing of itself.
pub(super) fn finished(folder: &Path) -> Result<Vec<Finished>> {
    let mut parts = Vec::new();
    loop {
        let path = part(folder, parts.len()).join(FINISHED);
        if !path.is_file() {
            return Ok(parts);
        }
        parts.push(file::read_json(&path)?);
    }
}

/// The folder of a part.
pub(super) fn part(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("part-{number:06}"))
}

/// The name of a table's file.
pub(super) fn table_file(table: Table, form: Form) -> String {
    format!("{}.{}", table.name(), form.ending())
}

/// One row group.
fn write_parquet(path: &Path, file: File, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<()> {
    let refused = |error: parquet::errors::ParquetError| file::refused(path, error);
    let properties = file::properties(schema).build();
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(refused)?;
    for batch in batches {
        writer.write(batch).map_err(refused)?;
    }
    let file = writer.into_inner().map_err(refused)?;
    file.sync_all().map_err(|source| Error::Write { path: path.to_path_buf(), source })
}

fn write_jsonl(path: &Path, file: File, batches: &[RecordBatch]) -> Result<()> {
    let refused = |source| Error::Write { path: path.to_path_buf(), source };
    let out = BufWriter::with_capacity(1 << 20, file);
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(out);
    for batch in batches {
        writer.write(batch).map_err(|error| match error {
            arrow_schema::ArrowError::IoError(_, source) => refused(source),
            error => arrow_error(error),
        })?;
    }
    writer.finish().map_err(arrow_error)?;
    let file = writer.into_inner().into_inner().map_err(|e| refused(e.into_error()))?;
    file.sync_all().map_err(refused)
}
