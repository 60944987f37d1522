//! The table `attributions`: a row an attribution.

use super::{document, fields_of, ordinal, passage};
use crate::columnar::column::{Column, Is};
use crate::heads::attribution::{self, CueClass};
use crate::heads::label::Label;
use crate::report::{AttributionReport, LinkReport, Report};
use crate::text::OffsetUnit;
use arrow_array::ArrayRef;
use arrow_schema::Field;

/// An attribution, and its place in the report.
struct Row<'r> {
    report: &'r Report,
    index: usize,
    attribution: &'r AttributionReport,
}

impl<'r> Row<'r> {
    fn link(&self) -> Option<&'r LinkReport> {
        self.attribution.source.as_ref().and_then(|source| source.link.as_ref())
    }
}

fn columns<'r>(unit: OffsetUnit) -> Vec<Column<'r, Row<'r>>> {
    let mut columns = vec![
        document(|row: &Row<'r>| row.report),
        ordinal("attribution", "number in the document, from 1", |row: &Row<'r>| Some(row.index)).never_null(),
        ordinal("sentence", "the sentence of the cue", |row: &Row<'r>| Some(row.attribution.sentence)).never_null(),
        Column::real("p", Is::Probability, "that the cue is one", |row: &Row<'r>| Some(row.attribution.p))
            .of_head(attribution::NAME, None)
            .never_null(),
        Column::text("class", Is::Label, "how the cue presents what is said", |row: &Row<'r>| {
            Some(row.attribution.class.as_str())
        })
        .never_null(),
    ];
    columns.extend(CueClass::ALL.iter().map(|class| {
        let p = move |row: &Row<'r>| row.attribution.classes.get(class).copied();
        let name = format!("class_{}", class.as_str());
        Column::real(name, Is::Probability, "of the class", p).of_head(attribution::NAME, Some(class.as_str()))
    }));
    columns.push(
        Column::text(
            "direct",
            Is::Label,
            "whether the content is quoted: direct, indirect or mixed",
            |row: &Row<'r>| Some(row.attribution.direct.as_str()),
        )
        .never_null(),
    );
    let cue = passage("cue_", "the cue", unit, |row: &Row<'r>| Some(&row.attribution.cue));
    columns.extend(cue.map(Column::never_null));
    columns.extend(passage("source_", "the source", unit, |row: &Row<'r>| {
        row.attribution.source.as_ref().map(|source| &source.passage)
    }));
    columns.extend(passage("link_", "the full name that the source stands for", unit, |row: &Row<'r>| {
        row.link().map(|link| &link.passage)
    }));
    columns.push(Column::real("link_p", Is::Probability, "that this is whom it stands for", |row: &Row<'r>| {
        row.link().map(|link| link.p)
    }));
    let content = |row: &Row<'r>| row.attribution.content.as_slice();
    columns.push(Column::passages("content", "what is said, in one or more passages", content).counting(unit.as_str()));
    columns
}

/// The fields.
pub fn fields(unit: OffsetUnit) -> Vec<Field> {
    fields_of(&columns(unit))
}

/// The columns of the attributions of these reports.
pub fn arrays(reports: &[&Report], unit: OffsetUnit) -> Vec<ArrayRef> {
    let of = |report| move |(index, attribution)| Row { report, index, attribution };
    let rows: Vec<Row<'_>> =
        reports.iter().flat_map(|report| report.attributions.iter().flatten().enumerate().map(of(report))).collect();
    columns(unit).iter().map(|column| column.array(&rows)).collect()
}
