//! The table `sentences`: a row a sentence that is scored.

use super::{document, fields_of, ordinal, scores};
use crate::columnar::column::{Column, Is};
use crate::columnar::schema::HeadColumns;
use crate::heads::label::Label;
use crate::report::{Passages, Report, SentenceReport};
use crate::text::{Document, OffsetUnit};
use arrow_array::ArrayRef;
use arrow_schema::Field;

/// A sentence, its place in the document and its words.
pub struct Row<'r> {
    report: &'r Report,
    index: usize,
    sentence: &'r SentenceReport,
    text: &'r str,
}

fn columns<'r>(heads: &'r [HeadColumns], unit: OffsetUnit) -> Vec<Column<'r, Row<'r>>> {
    let offset = |name: &str, doc: &str, of: fn(&SentenceReport) -> usize| {
        let value = move |row: &Row<'r>| Some(of(row.sentence));
        Column::int(name, Is::Offset, doc, value).counting(unit.as_str()).never_null()
    };
    let mut columns = vec![
        document(|row: &Row<'r>| row.report),
        ordinal("sentence", "number in the document, from 1", |row: &Row<'r>| Some(row.index)).never_null(),
        offset("start", "where it starts in the document", |sentence| sentence.start),
        offset("end", "where it ends, exclusive", |sentence| sentence.end),
        Column::text("text", Is::Text, "its words", |row: &Row<'r>| Some(row.text)).never_null(),
        Column::text(
            "region",
            Is::Label,
            "headline or body; null where a document is one sentence",
            |row: &Row<'r>| row.sentence.region.map(|region| region.as_str()),
        ),
        Column::text("lang", Is::Label, "language, ISO 639-1", |row: &Row<'r>| {
            Some(row.sentence.lang.as_deref().unwrap_or(&row.report.lang))
        })
        .never_null(),
        Column::text("voice", Is::Label, "whose words: author, quoted or mixed", |row: &Row<'r>| {
            row.sentence.voice.map(|voice| voice.as_str())
        }),
    ];
    columns.extend(scores(heads, "calibrated probability", |row: &Row<'r>| &row.sentence.heads));
    columns.extend(heads.iter().map(|HeadColumns { head, .. }| {
        let label = move |row: &Row<'r>| row.sentence.labels.get(head).map(|label| &**label);
        Column::text(format!("label_{head}"), Is::Label, "label after the head's threshold", label).of_head(head, None)
    }));
    let doubts = |row: &Row<'r>| row.sentence.uncertain.as_slice();
    columns.push(Column::texts("uncertain", Is::Name, "heads whose label is too close to call", doubts));
    columns
}

/// The fields.
pub fn fields(heads: &[HeadColumns], unit: OffsetUnit) -> Vec<Field> {
    fields_of(&columns(heads, unit))
}

/// The columns of the sentences of these reports.
pub fn arrays(heads: &[HeadColumns], scored: &[(&Document, &Report)], unit: OffsetUnit) -> Vec<ArrayRef> {
    let mut rows = Vec::new();
    for (document, report) in scored.iter().copied() {
        let mut passages = Passages::new(document.text(), report.offsets);
        rows.extend(report.sentences.iter().enumerate().map(|(index, sentence)| {
            let text = passages.between(sentence.start, sentence.end);
            Row { report, index, sentence, text }
        }));
    }
    columns(heads, unit).iter().map(|column| column.array(&rows)).collect()
}
