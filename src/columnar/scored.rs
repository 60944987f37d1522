//! Documents → tables, a chunk of documents at a time, on all threads.
//!
//! In: documents and a desk. Out: record batches of each table, in the order of the documents. Start at [`tables`].

use super::schema::Schemas;
use super::table::Table;
use super::tables::{attributions, documents, loaded, sentences, stances};
use super::{LARGEST_TEXT, arrow_error};
use crate::error::{Error, Place, Result};
use crate::report::Report;
use crate::score::{Desk, Options};
use crate::text::Document;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use rayon::prelude::*;
use std::ops::Range;

/// A chunk ends with this many documents, or when their texts reach [`CHUNK_BYTES`]: enough for a batch to be worth its
/// columns, and few enough to keep every thread busy.
const CHUNK_DOCUMENTS: usize = 512;
const CHUNK_BYTES: usize = 128 << 10;

/// Scores documents on the threads of the current pool. Out: for each of `wanted` its batches, in the order of the
/// documents; none where there are no documents. Their boundaries depend on the documents alone, so that the same documents give
/// the same batches on any number of threads. Offsets count what `schemas` says, whatever `options` do.
///
/// # Errors
/// As [`Desk::score`]; [`Error::Input`] for a text of more than [`LARGEST_TEXT`] bytes.
pub fn tables(
    desk: &Desk,
    documents: &[Document],
    options: &Options,
    schemas: &Schemas,
    wanted: &[Table],
) -> Result<Vec<Vec<RecordBatch>>> {
    let chunks = Scoring { desk, options, schemas, wanted }.chunks(documents, None, &|_| ())?;
    let mut tables = vec![Vec::with_capacity(chunks.len()); wanted.len()];
    for chunk in chunks {
        if let Some((_, error)) = chunk.refused.into_iter().next() {
            return Err(error);
        }
        tables.iter_mut().zip(chunk.batches).for_each(|(table, batch)| table.push(batch));
    }
    Ok(tables)
}

/// How documents are scored, and which tables are made of them.
#[derive(Clone, Copy)]
pub(super) struct Scoring<'a> {
    pub desk: &'a Desk,
    pub options: &'a Options,
    pub schemas: &'a Schemas,
    pub wanted: &'a [Table],
}

/// What became of some documents.
pub(super) struct Chunk {
    /// A batch for each table that is wanted.
    pub batches: Vec<RecordBatch>,
    /// Those that could not be scored, by their place among all documents.
    pub refused: Vec<(usize, Error)>,
    /// How many there is no model for.
    pub unsupported: usize,
}

impl Scoring<'_> {
    /// The documents in chunks, in order; `kept` has a row for each document. `done` is told how many are done with, again
    /// and again.
    pub fn chunks(
        &self,
        documents: &[Document],
        kept: Option<&RecordBatch>,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Chunk>> {
        let chunk = |range: Range<usize>| {
            let chunk = self.chunk(documents, range.clone(), kept);
            done(range.len());
            chunk
        };
        ranges(documents).into_par_iter().with_max_len(1).map(chunk).collect()
    }

    fn chunk(&self, documents: &[Document], range: Range<usize>, kept: Option<&RecordBatch>) -> Result<Chunk> {
        let (mut scored, mut refused) = (Vec::with_capacity(range.len()), Vec::new());
        for (at, document) in range.clone().zip(&documents[range.clone()]) {
            match self.report(document) {
                Ok(report) => scored.push((document, report)),
                Err(error) => refused.push((at, error)),
            }
        }
        let kept = kept.map(|kept| kept.slice(range.start, range.len()));
        let kept = match kept {
            Some(kept) if !refused.is_empty() => {
                let is_scored = range.map(|at| refused.iter().all(|(out, _)| *out != at));
                let is_scored = BooleanArray::from(is_scored.collect::<Vec<bool>>());
                Some(filter_record_batch(&kept, &is_scored).map_err(arrow_error)?)
            }
            kept => kept,
        };
        let pairs: Vec<(&Document, &Report)> = scored.iter().map(|(document, report)| (*document, report)).collect();
        let reports: Vec<&Report> = scored.iter().map(|(_, report)| report).collect();
        let (heads, unit) = (self.schemas.heads(), self.schemas.offsets());
        let batch = |table: &Table| {
            let arrays = match table {
                Table::Documents => documents::arrays(heads, &reports, kept.as_ref()),
                Table::Sentences => sentences::arrays(heads, &pairs, unit),
                Table::Loaded => loaded::arrays(&reports, unit),
                Table::Attributions => attributions::arrays(&reports, unit),
                Table::Stances => stances::arrays(&reports, unit),
            };
            RecordBatch::try_new(self.schemas.of(*table), arrays).map_err(arrow_error)
        };
        let unsupported = reports.iter().filter(|report| !report.supported && report.sentences.is_empty()).count();
        Ok(Chunk { batches: self.wanted.iter().map(batch).collect::<Result<_>>()?, refused, unsupported })
    }

    fn report(&self, document: &Document) -> Result<Report> {
        let length = document.text().len();
        if length > LARGEST_TEXT {
            return Err(Error::Input {
                place: Place::file(document.id()),
                found: format!("a text of {length} bytes"),
                expected: format!("at most {LARGEST_TEXT}"),
                cure: "cut it into articles".into(),
            });
        }
        // Without reasons: tables have no place for them.
        let options = Options { offsets: self.schemas.offsets(), explain: false, ..*self.options };
        self.desk.score(document, &options)
    }
}

/// Where chunks begin and end.
fn ranges(documents: &[Document]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, document) in documents.iter().enumerate() {
        bytes += document.text().len();
        if at + 1 - start == CHUNK_DOCUMENTS || bytes >= CHUNK_BYTES {
            ranges.push(start..at + 1);
            (start, bytes) = (at + 1, 0);
        }
    }
    if start < documents.len() {
        ranges.push(start..documents.len());
    }
    ranges
}
