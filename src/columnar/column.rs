//! A column of a table: what it is called, what it holds, and how a row gives its value.
//!
//! In: a name, what it is ([`Is`]), a line of documentation and a function from a row to its value. Out: the field of the
//! Arrow schema, and the array of some rows. Start at [`Column::text`] or its like. A table is a list of these: its schema
//! and its values cannot drift apart.

use crate::report::PassageReport;
use arrow_array::builder::{Int32Builder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int32Array, StringArray};
use arrow_schema::{DataType, Field, Fields};
use std::collections::HashMap;
use std::sync::Arc;

/// The key of a field's metadata that says what it is: `id`, `ordinal`, `offset`, `text`, `probability`, `label`, `count`, `rate` or
/// `name`.
pub const IS: &str = "parallax.is";
/// The key of the unit: of offsets `bytes`, `chars` or `utf16`; of a rate `per 100 words`.
pub const UNIT: &str = "parallax.unit";
/// The key of the head whose score or label it is.
pub const HEAD: &str = "parallax.head";
/// The key of the class whose probability it is.
pub const CLASS: &str = "parallax.class";
/// The key of a line of documentation.
pub const DOC: &str = "parallax.doc";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// The document's id, the key of every table.
    Id,
    /// A number within the document, from 1; with the id the key of a row, or a reference to a row of another table.
    Ordinal,
    /// A place in the document's text.
    Offset,
    /// Words of the document.
    Text,
    /// A calibrated probability, 0 to 1.
    Probability,
    /// One of a closed set, or yes or no.
    Label,
    /// A number of things.
    Count,
    /// So many of things a number of others.
    Rate,
    /// A name.
    Name,
}

impl Is {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Ordinal => "ordinal",
            Self::Offset => "offset",
            Self::Text => "text",
            Self::Probability => "probability",
            Self::Label => "label",
            Self::Count => "count",
            Self::Rate => "rate",
            Self::Name => "name",
        }
    }
}

type Value<'r, R, T> = Box<dyn Fn(&R) -> T + 'r>;

/// A column of a table whose rows are `R`s over reports that live for `'r`.
pub(super) struct Column<'r, R> {
    field: Field,
    cells: Cells<'r, R>,
}

enum Cells<'r, R> {
    Text(Value<'r, R, Option<&'r str>>),
    Int(Value<'r, R, Option<usize>>),
    Real(Value<'r, R, Option<f64>>),
    Flag(Value<'r, R, bool>),
    Texts(Value<'r, R, &'r [String]>),
    Passages(Value<'r, R, &'r [PassageReport]>),
}

impl<'r, R> Column<'r, R> {
    fn new(name: impl Into<String>, kind: DataType, is: Is, doc: &str, cells: Cells<'r, R>) -> Self {
        let field = Field::new(name, kind, !matches!(cells, Cells::Flag(_)));
        let metadata = [(IS, is.as_str()), (DOC, doc)].map(|(key, value)| (key.to_owned(), value.to_owned()));
        Self { field: field.with_metadata(HashMap::from(metadata)), cells }
    }

    /// Of UTF-8.
    pub fn text(name: impl Into<String>, is: Is, doc: &str, value: impl Fn(&R) -> Option<&'r str> + 'r) -> Self {
        Self::new(name, DataType::Utf8, is, doc, Cells::Text(Box::new(value)))
    }

    /// Of 32-bit integers.
    pub fn int(name: impl Into<String>, is: Is, doc: &str, value: impl Fn(&R) -> Option<usize> + 'r) -> Self {
        Self::new(name, DataType::Int32, is, doc, Cells::Int(Box::new(value)))
    }

    /// Of 64-bit floats.
    pub fn real(name: impl Into<String>, is: Is, doc: &str, value: impl Fn(&R) -> Option<f64> + 'r) -> Self {
        Self::new(name, DataType::Float64, is, doc, Cells::Real(Box::new(value)))
    }

    /// Of true and false; never null.
    pub fn flag(name: &str, doc: &str, value: impl Fn(&R) -> bool + 'r) -> Self {
        Self::new(name, DataType::Boolean, Is::Label, doc, Cells::Flag(Box::new(value)))
    }

    /// Of lists of UTF-8; never null.
    pub fn texts(name: &str, is: Is, doc: &str, value: impl Fn(&R) -> &'r [String] + 'r) -> Self {
        let kind = DataType::new_list(DataType::Utf8, true);
        Self::new(name, kind, is, doc, Cells::Texts(Box::new(value))).never_null()
    }

    /// Of lists of passages, each a struct of `start`, `end` and `text`; never null.
    pub fn passages(name: &str, doc: &str, value: impl Fn(&R) -> &'r [PassageReport] + 'r) -> Self {
        let kind = DataType::new_list(DataType::Struct(passage()), true);
        Self::new(name, kind, Is::Text, doc, Cells::Passages(Box::new(value))).never_null()
    }

    /// The same, with a value in every row.
    pub fn never_null(mut self) -> Self {
        self.field.set_nullable(false);
        self
    }

    /// The same, of a head, and of one of its classes.
    pub fn of_head(self, head: &str, class: Option<&str>) -> Self {
        let column = self.noting(HEAD, head);
        class.into_iter().fold(column, |column, class| column.noting(CLASS, class))
    }

    /// The same, with a unit.
    pub fn counting(self, unit: &str) -> Self {
        self.noting(UNIT, unit)
    }

    fn noting(mut self, key: &str, value: &str) -> Self {
        let mut metadata = self.field.metadata().clone();
        metadata.insert(key.to_owned(), value.to_owned());
        self.field.set_metadata(metadata);
        self
    }

    /// Its field in the schema.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// Its values in some rows.
    pub fn array(&self, rows: &[R]) -> ArrayRef {
        match &self.cells {
            Cells::Text(value) => Arc::new(rows.iter().map(value).collect::<StringArray>()),
            Cells::Int(value) => Arc::new(rows.iter().map(|row| value(row).map(int)).collect::<Int32Array>()),
            Cells::Real(value) => Arc::new(rows.iter().map(value).collect::<Float64Array>()),
            Cells::Flag(value) => Arc::new(rows.iter().map(|row| Some(value(row))).collect::<BooleanArray>()),
            Cells::Texts(value) => {
                let mut lists = ListBuilder::new(StringBuilder::new());
                for row in rows {
                    value(row).iter().for_each(|text| lists.values().append_value(text));
                    lists.append(true);
                }
                Arc::new(lists.finish())
            }
            Cells::Passages(value) => Arc::new(passages(rows.iter().map(value))),
        }
    }
}

/// The fields of a passage.
fn passage() -> Fields {
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    [field("start", DataType::Int32), field("end", DataType::Int32), field("text", DataType::Utf8)]
        .into_iter()
        .collect()
}

fn passages<'r>(lists: impl Iterator<Item = &'r [PassageReport]>) -> arrow_array::ListArray {
    let mut built = ListBuilder::new(StructBuilder::from_fields(passage(), 0));
    for list in lists {
        for PassageReport { start, end, text } in list {
            let row = built.values();
            for (at, offset) in [*start, *end].into_iter().enumerate() {
                row.field_builder::<Int32Builder>(at).into_iter().for_each(|b| b.append_value(int(offset)));
            }
            row.field_builder::<StringBuilder>(2).into_iter().for_each(|b| b.append_value(text));
            row.append(true);
        }
        built.append(true);
    }
    built.finish()
}

/// As a column holds it. [`super::LARGEST_TEXT`] sees to it that no offset is larger.
fn int(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
