//! The Arrow schema of each table: the same for every run with the same bundles, offsets and kept columns.
//!
//! In: a desk, whose bundles decide on the columns of scores, the unit of offsets, and the columns that are kept of an input.
//! Out: [`Schemas`]. Start at [`Schemas::new`]. Columns are added within a schema number, never renamed: read them by name.

use super::Table;
use super::tables::{attributions, documents, loaded, sentences, stances};
use crate::error::{Error, Result};
use crate::score::Desk;
use crate::text::OffsetUnit;
use arrow_schema::{Field, Fields, Schema, SchemaRef};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The schema that the metadata of every table names.
pub const SCHEMA: &str = "parallax-tables/1";

/// The schemas of all tables.
#[derive(Debug, Clone)]
pub struct Schemas {
    heads: Vec<HeadColumns>,
    offsets: OffsetUnit,
    tables: BTreeMap<Table, SchemaRef>,
}

/// A sentence head, and the classes that have a column each; none has one, and the head itself has, where it asks a
/// yes-or-no question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeadColumns {
    pub head: String,
    pub classes: Vec<String>,
}

impl HeadColumns {
    /// The columns of its probabilities: the name of each, and the class.
    pub fn scores(&self) -> Vec<(String, Option<&str>)> {
        if self.classes.is_empty() {
            return vec![(self.head.clone(), None)];
        }
        self.classes.iter().map(|class| (format!("{}_{class}", self.head), Some(class.as_str()))).collect()
    }
}

impl Schemas {
    /// The schemas for the reports of `desk`, all of whose bundles are read for it; `kept` are the columns of the input that
    /// the table of documents has too.
    ///
    /// # Errors
    /// As [`Desk::score`]; [`Error::Settings`] where two columns of a table would have one name.
    pub fn new(desk: &Desk, offsets: OffsetUnit, kept: &Fields) -> Result<Self> {
        let mut heads: Vec<HeadColumns> = Vec::new();
        let mut models = Vec::new();
        for scorer in desk.scorers()? {
            let name = scorer.name();
            models.push((scorer.lang().to_owned(), format!("{} {} {}", name.name, name.version, name.sha256)));
            for head in scorer.heads() {
                let classes = if head.is_binary() { Vec::new() } else { head.classes.clone() };
                match heads.iter_mut().find(|known| known.head == head.name) {
                    Some(known) => {
                        let new: Vec<String> =
                            classes.into_iter().filter(|class| !known.classes.contains(class)).collect();
                        known.classes.extend(new);
                    }
                    None => heads.push(HeadColumns { head: head.name.clone(), classes }),
                }
            }
        }
        let metadata = |table: Table| {
            let said = [
                ("parallax.schema", SCHEMA),
                ("parallax.table", table.name()),
                ("parallax.offsets", offsets.as_str()),
                ("parallax.version", env!("CARGO_PKG_VERSION")),
            ];
            let said = said.map(|(key, value)| (key.to_owned(), value.to_owned()));
            let models = models.iter().map(|(lang, model)| (format!("parallax.model.{lang}"), model.clone()));
            said.into_iter().chain(models).collect::<HashMap<_, _>>()
        };
        let mut tables = BTreeMap::new();
        for table in Table::ALL {
            let fields = match table {
                Table::Documents => documents::fields(&heads, kept),
                Table::Sentences => sentences::fields(&heads, offsets),
                Table::Loaded => loaded::fields(offsets),
                Table::Attributions => attributions::fields(offsets),
                Table::Stances => stances::fields(offsets),
            };
            distinct(table, &fields, kept)?;
            tables.insert(table, Arc::new(Schema::new_with_metadata(fields, metadata(table))));
        }
        Ok(Self { heads, offsets, tables })
    }

    /// The schema of a table.
    #[must_use]
    pub fn of(&self, table: Table) -> SchemaRef {
        self.tables.get(&table).cloned().unwrap_or_else(|| Arc::new(Schema::empty()))
    }

    /// The unit of all offsets.
    #[must_use]
    pub const fn offsets(&self) -> OffsetUnit {
        self.offsets
    }

    pub(super) fn heads(&self) -> &[HeadColumns] {
        &self.heads
    }
}

/// Refuses a table with two columns of one name.
fn distinct(table: Table, fields: &[Field], kept: &Fields) -> Result<()> {
    let twice = |(at, field): (usize, &Field)| fields[..at].iter().any(|other| other.name() == field.name());
    let Some(field) = fields.iter().enumerate().find(|pair| twice(*pair)).map(|(_, field)| field) else {
        return Ok(());
    };
    let name = field.name();
    let (setting, expected) = if kept.iter().any(|kept| kept.name() == name) {
        ("--keep", "another name for it: --keep NEW_NAME=NAME")
    } else {
        ("--model", "heads and classes whose columns have names of their own")
    };
    let found = format!("two columns `{name}` in the table {}", table.name());
    Err(Error::Settings { setting: setting.into(), found, expected: expected.into() })
}
