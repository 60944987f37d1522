//! The columns of an input that the table of documents has too.
//!
//! In: what each entry has in them. Out: [`KeptColumns`], their types, and a batch with a row for each document. Start at
//! [`KeptColumns::of`]. The first entry decides on the types: those of Parquet, but that every kind of string is UTF-8; else UTF-8.
//! What other inputs have is made to fit, and a row with a value that does not is refused.

use super::arrow_error;
use crate::corpus::Kept;
use crate::error::Result;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, Field, Fields, Schema};
use arrow_select::interleave::interleave;
use std::sync::Arc;

/// The names and types of the columns.
#[derive(Debug, Clone)]
pub(super) struct KeptColumns {
    fields: Fields,
    /// The batch that was made to fit last, and what became of it: rows follow each other.
    fitted: Option<(Arc<RecordBatch>, Arc<RecordBatch>)>,
}

impl KeptColumns {
    /// Columns under these names, with the types that `first` has.
    pub fn of(names: &[String], first: Option<&Kept>) -> Self {
        let kinds = match first {
            Some(Kept::Row(batch, _)) => batch.schema().fields().iter().map(|field| kind(field.data_type())).collect(),
            _ => vec![DataType::Utf8; names.len()],
        };
        let fields = names.iter().zip(kinds).map(|(name, kind)| Field::new(name, kind, true)).collect();
        Self { fields, fitted: None }
    }

    /// The fields of the schema.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The same values with the types of the columns.
    ///
    /// # Errors
    /// What was found and what was expected, where a value cannot be of the type.
    pub fn fit(&mut self, kept: Kept) -> Result<Kept, (String, String)> {
        if self.fields.is_empty() {
            return Ok(Kept::None);
        }
        let (batch, row) = match kept {
            Kept::None => return Ok(Kept::None),
            Kept::Texts(texts) if self.fields.iter().all(|field| field.data_type() == &DataType::Utf8) => {
                return Ok(Kept::Texts(texts));
            }
            Kept::Texts(texts) => (Arc::new(row_of(texts)), 0),
            Kept::Row(batch, row) => (batch, row),
        };
        let fitted = match &self.fitted {
            Some((before, fitted)) if Arc::ptr_eq(before, &batch) => Arc::clone(fitted),
            _ => Arc::new(self.cast(&batch)?),
        };
        for ((field, before), after) in self.fields.iter().zip(batch.columns()).zip(fitted.columns()) {
            if after.is_null(row) && !before.is_null(row) && before.data_type() != &DataType::Null {
                let found = format!("a value in the kept column `{}` that is no {}", field.name(), field.data_type());
                return Err((found, "one of the type that it has in the first record".into()));
            }
        }
        self.fitted = Some((batch, Arc::clone(&fitted)));
        Ok(Kept::Row(fitted, row))
    }

    /// Null where a value cannot be of the type.
    fn cast(&self, batch: &RecordBatch) -> Result<RecordBatch, (String, String)> {
        let column = |(field, column): (&Arc<Field>, &ArrayRef)| {
            let options = CastOptions { safe: true, ..CastOptions::default() };
            cast_with_options(column, field.data_type(), &options).map_err(|_| {
                let found = format!("the kept column `{}` of the type {}", field.name(), column.data_type());
                (found, format!("{}, which it has in the first record", field.data_type()))
            })
        };
        let columns: Vec<ArrayRef> = self.fields.iter().zip(batch.columns()).map(column).collect::<Result<_, _>>()?;
        let schema = Arc::new(Schema::new(self.fields.clone()));
        RecordBatch::try_new(schema, columns).map_err(|error| (error.to_string(), "columns of one length".into()))
    }

    /// A row for each entry; `None` where no columns are kept. Each has to have gone through [`KeptColumns::fit`].
    pub fn batch(&self, kept: &[Kept]) -> Result<Option<RecordBatch>> {
        if self.fields.is_empty() {
            return Ok(None);
        }
        let mut batches: Vec<Arc<RecordBatch>> = Vec::new();
        // The first stands for what has no row: a text among the Parquet files.
        let mut places = Vec::with_capacity(kept.len());
        for kept in kept {
            match kept {
                Kept::None => places.push((0, 0)),
                Kept::Texts(texts) => {
                    batches.push(Arc::new(row_of(texts.clone())));
                    places.push((batches.len(), 0));
                }
                Kept::Row(batch, row) => {
                    if batches.last().is_none_or(|last| !Arc::ptr_eq(last, batch)) {
                        batches.push(Arc::clone(batch));
                    }
                    places.push((batches.len(), *row));
                }
            }
        }
        let column = |(at, field): (usize, &Arc<Field>)| {
            let none = new_null_array(field.data_type(), 1);
            let arrays = batches.iter().map(|batch| batch.column(at).as_ref());
            let arrays: Vec<&dyn Array> = std::iter::once(none.as_ref()).chain(arrays).collect();
            interleave(&arrays, &places).map_err(arrow_error)
        };
        let columns = self.fields.iter().enumerate().map(column).collect::<Result<_>>()?;
        RecordBatch::try_new(Arc::new(Schema::new(self.fields.clone())), columns).map(Some).map_err(arrow_error)
    }
}

/// How many bytes an entry's columns take, about.
pub(super) fn size(kept: &Kept) -> usize {
    match kept {
        Kept::None => 0,
        Kept::Texts(texts) => texts.iter().flatten().map(String::len).sum(),
        Kept::Row(batch, _) => batch.get_array_memory_size() / batch.num_rows().max(1),
    }
}

/// The type that a column is kept in.
fn kind(found: &DataType) -> DataType {
    match found {
        DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => DataType::Utf8,
        DataType::Dictionary(_, values) => kind(values),
        other => other.clone(),
    }
}

/// One row of texts.
fn row_of(texts: Vec<Option<String>>) -> RecordBatch {
    let columns = texts.into_iter().enumerate().map(|(at, text)| {
        let column: ArrayRef = Arc::new(StringArray::from(vec![text]));
        (at.to_string(), column, true)
    });
    RecordBatch::try_from_iter_with_nullable(columns)
        .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(Schema::empty())))
}
