//! Which columns of a table, or keys of a JSON object, are read as what.
//!
//! In: names ([`Columns`]) and a table's header. Out: [`Layout`], where they stand. Start at [`Layout::find`].

use crate::error::{Error, Place, Result};

/// Columns named in an error, at most.
const NAMED: usize = 40;

/// The name of the column of ids, where none is said.
const ID: &str = "id";

/// Names of columns of CSV, TSV and Parquet, or keys of JSONL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// What holds the text. Default: `text`.
    pub text: String,
    /// What holds the id, a string or a whole number. Default: `id`, which may be missing; another one may not. Where there
    /// is no id, it is `FILE:LINE`.
    pub id: String,
    /// What else is kept of each record. A column that is not there is an error of its file, a key that is not there null.
    /// Default: none.
    pub keep: Vec<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { text: "text".into(), id: ID.into(), keep: Vec::new() }
    }
}

impl Columns {
    /// Whether a record has to have the column or key of the id.
    pub(super) fn needs_id(&self) -> bool {
        self.id != ID
    }
}

/// Where the columns that are read stand in a table, from 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub text: usize,
    pub id: Option<usize>,
    pub group: Option<usize>,
    pub keep: Vec<usize>,
}

impl Layout {
    /// Finds the columns in the header that stands at `place`.
    ///
    /// # Errors
    /// [`Error::Input`] for a column that is asked for and not there, or there twice.
    pub(super) fn find(place: &Place, header: &[&str], columns: &Columns, group_by: Option<&str>) -> Result<Self> {
        let find = |name: &str, option: &str| find(place, header, name, option);
        let id = if columns.needs_id() || header.contains(&columns.id.as_str()) {
            Some(find(&columns.id, "--id-column")?)
        } else {
            None
        };
        Ok(Self {
            text: find(&columns.text, "--text-column")?,
            id,
            group: group_by.map(|name| find(name, "--group-by")).transpose()?,
            keep: columns.keep.iter().map(|name| find(name, "--keep")).collect::<Result<_>>()?,
        })
    }

    /// The columns that are read, in order and each once; the layout is then that of a table of these alone.
    #[cfg(feature = "columnar")]
    pub(super) fn gathered(&mut self) -> Vec<usize> {
        let named = [Some(self.text), self.id, self.group].into_iter().flatten();
        let read: std::collections::BTreeSet<usize> = named.chain(self.keep.iter().copied()).collect();
        let all = [Some(&mut self.text), self.id.as_mut(), self.group.as_mut()].into_iter().flatten();
        all.chain(&mut self.keep).for_each(|column| *column = read.range(..*column).count());
        read.into_iter().collect()
    }
}

fn find(place: &Place, header: &[&str], name: &str, option: &str) -> Result<usize> {
    let mut found = header.iter().zip(0..).filter(|(column, _)| **column == name).map(|(_, number)| number);
    let error = |found: String, cure: String| {
        let place = place.clone();
        Err(Error::Input { place, found, expected: format!("one column `{name}`"), cure })
    };
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (Some(first), Some(second)) => {
            let found = format!("the column `{name}` twice, as columns {} and {}", first + 1, second + 1);
            error(found, "give each column a name of its own".into())
        }
        (None, _) => {
            let mut there: Vec<String> = header.iter().take(NAMED).map(|column| format!("`{column}`")).collect();
            if header.len() > NAMED {
                there.push(format!("and {} more", header.len() - NAMED));
            }
            let cure = format!("name the column that is meant with {option}; there is {}", there.join(", "));
            error(format!("no column `{name}`"), cure)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn layout(header: &[&str], columns: &Columns) -> Result<Layout> {
        Layout::find(&Place::line("a.csv", 1), header, columns, None)
    }

    #[test]
    fn the_default_id_may_be_missing_and_a_named_one_may_not() {
        let found = layout(&["outlet", "text"], &Columns::default()).unwrap();
        assert_eq!(found, Layout { text: 1, id: None, group: None, keep: vec![] });
        let error = layout(&["outlet", "text"], &Columns { id: "url".into(), ..Columns::default() }).unwrap_err();
        assert_eq!(error.to_string(), "a.csv:1: found no column `url`; expected one column `url`");
        assert_eq!(error.cure(), "name the column that is meant with --id-column; there is `outlet`, `text`");
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_only_where_it_is_read() {
        assert!(layout(&["text", "", ""], &Columns::default()).is_ok());
        let error = layout(&["text", "id", "text"], &Columns::default()).unwrap_err().to_string();
        assert!(error.contains("the column `text` twice, as columns 1 and 3"), "{error}");
    }
}
