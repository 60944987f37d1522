//! The table `stances`: a row a stance toward a mention of a target.

use super::{document, fields_of, ordinal, passage};
use crate::columnar::column::{Column, Is};
use crate::heads::label::Label;
use crate::heads::stance::{self, Polarity};
use crate::report::{ActorReport, HolderReport, Report, StanceReport};
use crate::text::OffsetUnit;
use arrow_array::ArrayRef;
use arrow_schema::Field;

/// A stance, and its place in the report.
struct Row<'r> {
    report: &'r Report,
    index: usize,
    stance: &'r StanceReport,
}

impl<'r> Row<'r> {
    /// Whose it is, unless it is the author's.
    fn actor(&self) -> Option<&'r ActorReport> {
        match &self.stance.holder {
            HolderReport::Author(_) => None,
            HolderReport::Named(actor) => Some(actor),
        }
    }
}

fn columns<'r>(unit: OffsetUnit) -> Vec<Column<'r, Row<'r>>> {
    let mut columns = vec![
        document(|row: &Row<'r>| row.report),
        ordinal("stance", "number in the document, from 1", |row: &Row<'r>| Some(row.index)).never_null(),
        ordinal("sentence", "the sentence of the mention", |row: &Row<'r>| Some(row.stance.sentence)).never_null(),
        Column::text("holder", Is::Name, "whose it is: author, or a name", |row: &Row<'r>| {
            Some(row.actor().map_or("author", |actor| actor.name.as_str()))
        })
        .never_null(),
    ];
    columns.extend(passage("holder_", "the holder", unit, |row: &Row<'r>| row.actor().map(|actor| &actor.passage)));
    columns.push(
        Column::text("target", Is::Name, "toward what", |row: &Row<'r>| Some(row.stance.target.name.as_str()))
            .never_null(),
    );
    let mention = passage("target_", "the mention", unit, |row: &Row<'r>| Some(&row.stance.target.passage));
    columns.extend(mention.map(Column::never_null));
    columns.extend([
        Column::text("polarity", Is::Label, "for, against or neutral", |row: &Row<'r>| {
            Some(row.stance.polarity.as_str())
        })
        .never_null(),
        Column::flag("certain", "false if the polarity is too close to call", |row: &Row<'r>| row.stance.certain),
        Column::real("p", Is::Probability, "of the polarity", |row: &Row<'r>| Some(row.stance.p))
            .of_head(stance::NAME, None)
            .never_null(),
    ]);
    columns.extend([Polarity::For, Polarity::Against, Polarity::Neutral].map(|polarity| {
        let p = move |row: &Row<'r>| row.stance.polarities.get(&polarity).copied();
        let name = format!("p_{}", polarity.as_str());
        Column::real(name, Is::Probability, "of this polarity", p).of_head(stance::NAME, Some(polarity.as_str()))
    }));
    columns.push(ordinal("attribution", "the attribution whose source the holder is", |row: &Row<'r>| {
        row.stance.attribution
    }));
    columns
}

/// The fields.
pub fn fields(unit: OffsetUnit) -> Vec<Field> {
    fields_of(&columns(unit))
}

/// The columns of the stances of these reports.
pub fn arrays(reports: &[&Report], unit: OffsetUnit) -> Vec<ArrayRef> {
    let of = |report| move |(index, stance)| Row { report, index, stance };
    let rows: Vec<Row<'_>> =
        reports.iter().flat_map(|report| report.stances.iter().flatten().enumerate().map(of(report))).collect();
    columns(unit).iter().map(|column| column.array(&rows)).collect()
}
