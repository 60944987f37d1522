//! The parts of a run → its files.
//!
//! In: finished parts. Out: a file a table, and the rejects, under their names. Start at [`publish`]. Row groups are copied as they
//! are, so that the files are the same however often the run was interrupted. No file has its name before all are complete.

use super::file;
use super::part::{REJECTS, part, table_file};
use super::schema::Schemas;
use super::table::{Form, Table};
use crate::error::{Error, Result};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::writer::SerializedFileWriter;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Puts the first `parts` parts of `work` together as files in `folder`.
///
/// # Errors
/// [`Error::Write`], [`Error::Read`].
pub(super) fn publish(
    folder: &Path,
    work: &Path,
    parts: usize,
    schemas: &Schemas,
    (tables, form): (&[Table], Form),
) -> Result<()> {
    let paths = |name: &str| (0..parts).map(|number| part(work, number).join(name)).collect::<Vec<PathBuf>>();
    let mut whole = Vec::new();
    for table in tables {
        let name = table_file(*table, form);
        let file = Whole::create(work, &name)?;
        match form {
            Form::Parquet => join_parquet(&paths(&name), &file.file, schemas, *table)?,
            Form::Jsonl => join_lines(&paths(&name), &file.file)?,
        }
        whole.push((file, name));
    }
    let rejects = Whole::create(work, REJECTS)?;
    join_lines(&paths(REJECTS), &rejects.file)?;
    whole.push((rejects, REJECTS.to_owned()));
    for (Whole { file, path }, _) in &whole {
        file.sync_all().map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    for (Whole { path, .. }, name) in whole {
        let named = folder.join(name);
        fs::rename(path, &named).map_err(|source| Error::Write { path: named, source })?;
    }
    Ok(())
}

/// A file that is put together in the folder of the run: a kill leaves nothing of it beside the tables.
struct Whole {
    file: File,
    path: PathBuf,
}

impl Whole {
    fn create(work: &Path, name: &str) -> Result<Self> {
        let path = work.join(name);
        let file = File::create(&path).map_err(|source| Error::Write { path: path.clone(), source })?;
        Ok(Self { file, path })
    }
}

fn join_lines(paths: &[PathBuf], mut out: &File) -> Result<()> {
    for path in paths {
        let mut lines = File::open(path).map_err(|source| Error::Read { path: path.clone(), source })?;
        io::copy(&mut lines, &mut out).map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    Ok(())
}

fn join_parquet(paths: &[PathBuf], out: &File, schemas: &Schemas, table: Table) -> Result<()> {
    let Some(first) = paths.first() else { return Ok(()) };
    let mut writer = {
        let (_, metadata) = opened(first)?;
        let of_file = metadata.file_metadata();
        let properties = file::properties(&schemas.of(table));
        // With the schema in Arrow's own form, as the parts have it.
        let properties = properties.set_key_value_metadata(of_file.key_value_metadata().cloned()).build();
        let root = of_file.schema_descr().root_schema_ptr();
        let out = BufWriter::with_capacity(1 << 20, out);
        SerializedFileWriter::new(out, root, Arc::new(properties)).map_err(|e| file::refused(first, e))?
    };
    for path in paths {
        let (input, metadata) = opened(path)?;
        copy_groups(&input, &metadata, &mut writer).map_err(|e| file::refused(path, e))?;
    }
    let mut out = writer.into_inner().map_err(|e| file::refused(first, e))?;
    out.flush().map_err(|source| Error::Write { path: first.clone(), source })
}

fn opened(path: &Path) -> Result<(File, ParquetMetaData)> {
    let input = File::open(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    let mut reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
    reader.try_parse(&input).and_then(|()| reader.finish()).map(|metadata| (input, metadata)).map_err(|error| {
        Error::Input {
            place: crate::error::Place::file(path),
            found: format!("a part that cannot be read ({error})"),
            expected: "a part of this run".into(),
            cure: "remove the folder of the unfinished run, and run again without --resume".into(),
        }
    })
}

fn copy_groups<W: Write + Send>(
    input: &File,
    metadata: &ParquetMetaData,
    writer: &mut SerializedFileWriter<W>,
) -> Result<(), ParquetError> {
    for (group, row_group) in metadata.row_groups().iter().enumerate() {
        let mut out = writer.next_row_group()?;
        for (at, column) in row_group.columns().iter().enumerate() {
            let close = ColumnCloseResult {
                bytes_written: column.compressed_size().unsigned_abs(),
                rows_written: row_group.num_rows().unsigned_abs(),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: metadata.column_index().and_then(|all| all.get(group)?.get(at)).cloned(),
                offset_index: metadata.offset_index().and_then(|all| all.get(group)?.get(at)).cloned(),
            };
            out.append_column(input, close)?;
        }
        out.close()?;
    }
    Ok(())
}
