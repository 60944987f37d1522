//! The columns of an input that the table of documents has too.
//!
//! In: what each entry has in them. Out: [`KeptColumns`], their types, and a batch with a row for each document. Start at
//! [`KeptColumns::of`]. Of Parquet a column keeps its type; of other inputs it is UTF-8.

use super::arrow_error;
use crate::corpus::Kept;
use crate::error::Result;
use arrow_array::{ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow_schema::{DataType, Field, Fields, Schema};
use arrow_select::interleave::interleave;
use std::sync::Arc;

/// The names and types of the columns.
#[derive(Debug, Clone)]
pub(super) struct KeptColumns {
    fields: Fields,
    /// Whether they are of Parquet.
    is_typed: bool,
}

impl KeptColumns {
    /// Columns under these names, with the types that `first` has.
    pub fn of(names: &[String], first: Option<&Kept>) -> Self {
        let (kinds, is_typed) = match first {
            Some(Kept::Row(batch, _)) => {
                (batch.schema().fields().iter().map(|field| field.data_type().clone()).collect(), true)
            }
            _ => (vec![DataType::Utf8; names.len()], false),
        };
        let fields = names.iter().zip(kinds).map(|(name, kind)| Field::new(name, kind, true)).collect();
        Self { fields, is_typed }
    }

    /// The fields of the schema.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What is wrong with the columns of an entry: that they are of other types. Says what was found and expected.
    pub fn refused(&self, kept: &Kept) -> Option<(String, String)> {
        let kinds: Vec<DataType> = match kept {
            _ if self.fields.is_empty() => return None,
            Kept::None => return None,
            Kept::Texts(_) => vec![DataType::Utf8; self.fields.len()],
            Kept::Row(batch, _) => batch.schema().fields().iter().map(|field| field.data_type().clone()).collect(),
        };
        let differs = |(field, kind): &(&Arc<Field>, &DataType)| field.data_type() != *kind;
        let (field, kind) = self.fields.iter().zip(&kinds).find(differs)?;
        let found = format!("the kept column `{}` of the type {kind}", field.name());
        Some((found, format!("{}, which it has in the first record", field.data_type())))
    }

    /// A row for each entry; `None` where no columns are kept. Each has to have passed [`KeptColumns::refused`].
    pub fn batch(&self, kept: &[Kept]) -> Result<Option<RecordBatch>> {
        if self.fields.is_empty() {
            return Ok(None);
        }
        let columns = if self.is_typed { self.rows(kept)? } else { self.texts(kept) };
        let schema = Arc::new(Schema::new(self.fields.clone()));
        RecordBatch::try_new(schema, columns).map(Some).map_err(arrow_error)
    }

    fn texts(&self, kept: &[Kept]) -> Vec<ArrayRef> {
        let text = |kept: &'_ Kept, at: usize| match kept {
            Kept::Texts(texts) => texts.get(at).cloned().flatten(),
            Kept::None | Kept::Row(..) => None,
        };
        let column = |at: usize| kept.iter().map(|kept| text(kept, at)).collect::<StringArray>();
        (0..self.fields.len()).map(|at| Arc::new(column(at)) as ArrayRef).collect()
    }

    fn rows(&self, kept: &[Kept]) -> Result<Vec<ArrayRef>> {
        let mut batches: Vec<&Arc<RecordBatch>> = Vec::new();
        // The first stands for what has no row: a text among the Parquet files.
        let mut places = Vec::with_capacity(kept.len());
        for kept in kept {
            let Kept::Row(batch, row) = kept else {
                places.push((0, 0));
                continue;
            };
            if batches.last().is_none_or(|last| !Arc::ptr_eq(last, batch)) {
                batches.push(batch);
            }
            places.push((batches.len(), *row));
        }
        let column = |(at, field): (usize, &Arc<Field>)| {
            let none = new_null_array(field.data_type(), 1);
            let arrays = batches.iter().map(|batch| batch.column(at).as_ref());
            let arrays: Vec<_> = std::iter::once(none.as_ref()).chain(arrays).collect();
            interleave(&arrays, &places).map_err(arrow_error)
        };
        self.fields.iter().enumerate().map(column).collect()
    }
}
