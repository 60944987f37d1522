//! A row of a Parquet file as a document.
//!
//! In: a file. Out: an [`Entry`] a row, whose text is the file's batch's own (nothing is copied), or an error that names
//! file and row. Start at [`ParquetRecords::open`]. Of the file only the columns that are asked for are read, in batches of
//! about [`BATCH_BYTES`]. A row without an id is called `FILE:ROW`.

mod strings;

pub use self::strings::{SharedText, Strings};

use self::strings::{Names, are_names, are_strings};
use super::columns::Layout;
use super::entry::{Entry, Kept};
use super::input::{LARGEST_INPUT, Reading, empty, too_large};
use super::progress::Count;
use crate::error::{Error, Place, Result};
use crate::text::Document;
use arrow_array::RecordBatch;
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ParquetMetaData;
use std::fmt::Display;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A batch has at most so many rows, and fewer where so many take more than [`BATCH_BYTES`].
const BATCH_ROWS: u64 = 1024;

/// Bytes of the columns that are read in a batch, about.
const BATCH_BYTES: u64 = 8 << 20;

/// The records of one Parquet file, in order.
pub(super) struct ParquetRecords {
    path: PathBuf,
    columns: Chosen,
    /// `None` when all is read, or nothing more can be.
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<Batch>,
    /// Rows that were given.
    rows: u64,
    extent: Extent,
}

/// Where the columns that are read stand in a batch, with the names of those that errors tell of.
struct Chosen {
    layout: Layout,
    text: String,
    group: String,
}

/// How large the file is, and where to say how much of it is read.
struct Extent {
    rows: u64,
    bytes: u64,
    count: Count,
}

/// The columns of one batch.
struct Batch {
    rows: usize,
    /// The row that is next.
    next: usize,
    texts: Strings,
    ids: Option<Names>,
    groups: Option<Names>,
    kept: Option<Arc<RecordBatch>>,
}

impl ParquetRecords {
    /// The records of the file `path`, of so many bytes. Each is in the group that it names in the column `group_by`.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Input`] for what is no Parquet file, or an encrypted or damaged one, or one that lacks a
    /// column or has it in a type that cannot be read.
    pub(super) fn open(
        path: &Path,
        (bytes, count): (u64, Count),
        reading: &Reading,
        group_by: Option<&str>,
    ) -> Result<Self> {
        let file = File::open(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
        let place = Place::file(path);
        let builder = guarded(&place, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        let fields = builder.schema().fields();
        let header: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
        let mut layout = Layout::find(&place, &header, &reading.columns, group_by)?;
        let check = |column: usize, is_usable: fn(&DataType) -> bool, expected: &str| {
            let field = &fields[column];
            if is_usable(field.data_type()) {
                return Ok(());
            }
            let found = format!("the column `{}` of type {}", field.name(), field.data_type());
            let cure = "name another column, or write this one in such a type";
            Err(Error::Input { place: place.clone(), found, expected: expected.into(), cure: cure.into() })
        };
        check(layout.text, are_strings, "a column of strings for the text")?;
        for column in [layout.id, layout.group].into_iter().flatten() {
            check(column, are_names, "a column of strings or whole numbers to name records by")?;
        }
        let columns = &reading.columns;
        let (text, group) = (columns.text.clone(), group_by.unwrap_or_default().to_owned());
        let roots = layout.gathered();
        let (rows, size) = extent(builder.metadata(), &roots);
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let reader = guarded(&place, || builder.with_projection(mask).with_batch_size(size).build())?;
        let extent = Extent { rows, bytes, count };
        let columns = Chosen { layout, text, group };
        Ok(Self { path: path.to_path_buf(), columns, reader: Some(reader), batch: None, rows: 0, extent })
    }

    /// The batch that the next row is of; `None` at the end.
    fn batch(&mut self) -> Option<Result<&mut Batch>> {
        while self.batch.as_ref().is_none_or(|batch| batch.next == batch.rows) {
            let reader = self.reader.as_mut()?;
            let place = Place::file(&self.path);
            let read = guarded(&place, || reader.next().transpose());
            let batch = read.and_then(|batch| batch.map(|batch| self.columns.batch(&place, &batch)).transpose());
            match batch {
                Ok(Some(batch)) => self.batch = Some(batch),
                Ok(None) => {
                    self.reader = None;
                    return (self.rows == 0).then(|| Err(empty(place)));
                }
                Err(error) => {
                    self.reader = None;
                    return Some(Err(error));
                }
            }
        }
        self.batch.as_mut().map(Ok)
    }
}

impl Iterator for ParquetRecords {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Result<Entry>> {
        let row = match self.batch()? {
            Ok(batch) => {
                batch.next += 1;
                batch.next - 1
            }
            Err(error) => return Some(Err(error)),
        };
        self.rows += 1;
        let read = u128::from(self.extent.bytes) * u128::from(self.rows) / u128::from(self.extent.rows.max(1));
        self.extent.count.store(u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
        let place = Place::line(&self.path, usize::try_from(self.rows).unwrap_or(usize::MAX));
        Some(self.columns.entry(place, self.batch.as_ref()?, row))
    }
}

impl Chosen {
    fn batch(&self, place: &Place, batch: &RecordBatch) -> Result<Batch> {
        let Layout { text, id, group, keep } = &self.layout;
        let other = || refused(place, "a batch with other columns than the file's schema");
        let column = |number: usize| batch.columns().get(number).ok_or_else(other);
        let names =
            |number: Option<usize>| number.map(|number| Names::of(column(number)?).ok_or_else(other)).transpose();
        let kept = if keep.is_empty() {
            None
        } else {
            Some(Arc::new(batch.project(keep).map_err(|error| refused(place, error))?))
        };
        let texts = Strings::of(column(*text)?).ok_or_else(other)?;
        Ok(Batch { rows: batch.num_rows(), next: 0, texts, ids: names(*id)?, groups: names(*group)?, kept })
    }

    fn entry(&self, place: Place, batch: &Batch, row: usize) -> Result<Entry> {
        let bad = |found: String, cure: &str| {
            let (place, expected) = (place.clone(), "a row with an article".to_owned());
            Err(Error::Input { place, found, expected, cure: cure.into() })
        };
        let Some((text, shared)) = batch.texts.get(row).zip(batch.texts.share(row)) else {
            return bad(format!("null as `{}`", self.text), "remove the row, or put the article in it");
        };
        if text.trim().is_empty() {
            return bad(format!("an empty `{}`", self.text), "remove the row, or put the article in it");
        }
        if text.len() > LARGEST_INPUT {
            return Err(too_large(place));
        }
        let id = batch.ids.as_ref().and_then(|ids| ids.get(row)).unwrap_or_else(|| place.to_string());
        let mut document = Document::sharing(id, shared);
        if let Some(groups) = &batch.groups {
            match groups.get(row).filter(|group| !group.trim().is_empty()) {
                Some(group) => document = document.in_group(group),
                None => {
                    let found = format!("an empty `{}`", self.group);
                    return bad(found, "name the group, or group by another column");
                }
            }
        }
        let kept = batch.kept.as_ref().map_or(Kept::None, |kept| Kept::Row(Arc::clone(kept), row));
        Ok(Entry { place, document, kept })
    }
}

/// The rows of a file, and how many of them to read at once: fewer where the columns `roots` take many bytes a row.
fn extent(metadata: &ParquetMetaData, roots: &[usize]) -> (u64, usize) {
    let unsigned = |number: i64| u64::try_from(number).unwrap_or(0);
    let schema = metadata.file_metadata().schema_descr();
    let rows = unsigned(metadata.file_metadata().num_rows());
    let mut bytes: u64 = 0;
    for group in metadata.row_groups() {
        for (number, column) in group.columns().iter().enumerate() {
            if number < schema.num_columns() && roots.contains(&schema.get_column_root_idx(number)) {
                bytes = bytes.saturating_add(unsigned(column.uncompressed_size()));
            }
        }
    }
    let mean = (bytes / rows.max(1)).max(1);
    (rows, usize::try_from((BATCH_BYTES / mean).clamp(1, BATCH_ROWS)).unwrap_or(1))
}

/// What the foreign crate makes of a foreign file; should it ever fail on a damaged one, that is an error like another.
fn guarded<T, E: Display>(place: &Place, read: impl FnOnce() -> std::result::Result<T, E>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| refused(place, error)),
        Err(_) => Err(refused(place, "its parts do not fit together")),
    }
}

fn refused(place: &Place, error: impl Display) -> Error {
    let reason = error.to_string();
    let cure = if reason.contains("encrypt") {
        "write the file without encryption"
    } else {
        "copy or write the file again; the rows before the damage were read"
    };
    Error::Input {
        place: place.clone(),
        found: format!("no Parquet file, or one that cannot be read ({reason})"),
        expected: "a whole Parquet file".into(),
        cure: cure.into(),
    }
}
