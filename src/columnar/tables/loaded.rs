//! The table `loaded`: a row a loaded term.

use super::{document, fields_of, ordinal, passage};
use crate::columnar::column::{Column, Is};
use crate::heads::label::Label;
use crate::heads::loaded;
use crate::report::{LoadedReport, Report};
use crate::text::OffsetUnit;
use arrow_array::ArrayRef;
use arrow_schema::Field;

/// A term, and its place in the report.
struct Row<'r> {
    report: &'r Report,
    index: usize,
    term: &'r LoadedReport,
}

fn columns<'r>(unit: OffsetUnit) -> Vec<Column<'r, Row<'r>>> {
    let [start, end, text] = passage("", "the term", unit, |row: &Row<'r>| Some(&row.term.passage));
    vec![
        document(|row: &Row<'r>| row.report),
        ordinal("loaded", "number in the document, from 1", |row: &Row<'r>| Some(row.index)).never_null(),
        ordinal("sentence", "the sentence it stands in", |row: &Row<'r>| Some(row.term.sentence)).never_null(),
        start.never_null(),
        end.never_null(),
        text.never_null(),
        Column::text("kind", Is::Label, "how it judges: naming, evaluative, exaggeration or doubt", |row: &Row<'r>| {
            Some(row.term.kind.as_str())
        })
        .never_null(),
        Column::real("p", Is::Probability, "that it is a loaded term", |row: &Row<'r>| Some(row.term.p))
            .of_head(loaded::NAME, None)
            .never_null(),
        Column::text("voice", Is::Label, "whose word it is: author or quoted", |row: &Row<'r>| {
            Some(row.term.voice.as_str())
        })
        .never_null(),
        ordinal("attribution", "the attribution in whose content it stands", |row: &Row<'r>| row.term.attribution),
    ]
}

/// The fields.
pub fn fields(unit: OffsetUnit) -> Vec<Field> {
    fields_of(&columns(unit))
}

/// The columns of the terms of these reports.
pub fn arrays(reports: &[&Report], unit: OffsetUnit) -> Vec<ArrayRef> {
    let of = |report| move |(index, term)| Row { report, index, term };
    let rows: Vec<Row<'_>> =
        reports.iter().flat_map(|report| report.loaded.iter().flatten().enumerate().map(of(report))).collect();
    columns(unit).iter().map(|column| column.array(&rows)).collect()
}
