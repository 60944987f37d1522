//! The five tables, a file each: its columns, and the rows of some reports.

pub mod attributions;
pub mod documents;
pub mod loaded;
pub mod sentences;
pub mod stances;

use super::column::{Column, Is};
use super::schema::HeadColumns;
use crate::report::{ByName, HeadScore, PassageReport, Report};
use crate::text::OffsetUnit;
use arrow_schema::Field;

fn fields_of<R>(columns: &[Column<'_, R>]) -> Vec<Field> {
    columns.iter().map(|column| column.field().clone()).collect()
}

/// The key of the document that a row is of.
fn document<'r, R>(report: impl Fn(&R) -> &'r Report + 'r) -> Column<'r, R> {
    Column::text("document", Is::Id, "id of the document", move |row| Some(report(row).id.as_str())).never_null()
}

/// A number within the document: the place in a list, from 1.
fn ordinal<'r, R>(name: &str, doc: &str, index: impl Fn(&R) -> Option<usize> + 'r) -> Column<'r, R> {
    Column::int(name, Is::Ordinal, doc, move |row| index(row).map(|index| index + 1))
}

/// A passage: its start, its end (exclusive) and its words, under names that begin with `prefix`.
fn passage<'r, R: 'r>(
    prefix: &str,
    what: &str,
    unit: OffsetUnit,
    value: impl Fn(&R) -> Option<&'r PassageReport> + Copy + 'r,
) -> [Column<'r, R>; 3] {
    let offset = |name: &str, doc: String, of: fn(&PassageReport) -> usize| {
        let value = move |row: &R| value(row).map(of);
        Column::int(format!("{prefix}{name}"), Is::Offset, &doc, value).counting(unit.as_str())
    };
    [
        offset("start", format!("where {what} starts in the document"), |p| p.start),
        offset("end", format!("where {what} ends, exclusive"), |p| p.end),
        Column::text(format!("{prefix}text"), Is::Text, &format!("the words of {what}"), move |row| {
            value(row).map(|p| p.text.as_str())
        }),
    ]
}

/// The columns of the probabilities of the sentence heads.
fn scores<'r, R: 'r>(
    heads: &'r [HeadColumns],
    what: &str,
    value: impl Fn(&R) -> &'r ByName<HeadScore> + Copy + 'r,
) -> Vec<Column<'r, R>> {
    let of_head = |head: &'r HeadColumns| {
        let of_class = move |(name, class): (String, Option<&'r str>)| {
            let p = move |row: &R| match (value(row).get(&head.head), class) {
                (Some(HeadScore::Binary(p)), None) => Some(*p),
                (Some(HeadScore::Classes(classes)), Some(class)) => classes.get(class).copied(),
                _ => None,
            };
            Column::real(name, Is::Probability, what, p).of_head(&head.head, class)
        };
        head.scores().into_iter().map(of_class)
    };
    heads.iter().flat_map(of_head).collect()
}
