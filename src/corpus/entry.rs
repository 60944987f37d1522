//! A document as it stood in an input.
//!
//! In: what a reader found. Out: [`Entry`], the document with its place and the columns that were to be kept. Start there.

use crate::error::Place;
use crate::text::Document;
#[cfg(feature = "columnar")]
use arrow_array::RecordBatch;
#[cfg(feature = "columnar")]
use std::sync::Arc;

/// A document as it stood in an input, with the columns that were to be kept.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it stood: the file, and of records the line (of Parquet the row), from 1.
    pub place: Place,
    /// The document.
    pub document: Document,
    /// What its record has in [`Columns::keep`](super::Columns::keep).
    pub kept: Kept,
}

/// What a record has in the columns that were to be kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// Nothing: no columns were named, or the document is a text or page, which has none.
    None,
    /// Of CSV, TSV and JSONL, in the order of [`Columns::keep`](super::Columns::keep). A field of CSV is a text, and be it
    /// empty. A string of JSON is itself, another value as JSON writes it; null, or no such key, is `None`.
    Texts(Vec<Option<String>>),
    /// Of Parquet: a batch of rows, of which it has the kept columns alone, in that order; and the row in it, from 0.
    #[cfg(feature = "columnar")]
    Row(Arc<RecordBatch>, usize),
}
