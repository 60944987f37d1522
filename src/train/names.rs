//! Tables of names for the slots of contrast sentences.
//!
//! In: a TOML file, `training/names/<lang>.toml`. Out: checked [`Names`]: every entry of a table has
//! the same fields, and no two entries share a form. Start at [`Names::read`]. Which names a sentence
//! gets is in `expand`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;

use super::lines::{self, Flaw};
use super::markup::Table;
use crate::error::{Error, Place, Result};

/// The names of one language. A table may be empty if no sentence uses its slots.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    lang: String,
    #[serde(default)]
    person: Vec<String>,
    #[serde(default)]
    place: Vec<String>,
    #[serde(default)]
    org: Vec<String>,
    #[serde(default)]
    company: Vec<String>,
    #[serde(default)]
    sides: Vec<BTreeMap<String, String>>,
    #[serde(default)]
    parties: Vec<BTreeMap<String, String>>,
}

impl Names {
    /// Reads and checks a table.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::NotUtf8`]; [`Error::Input`] if it is not such a table, an entry lacks
    /// a field that another has, a form is blank, or two entries share one.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = lines::bytes(path)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| Error::NotUtf8 { place: Place::file(path), offset: error.valid_up_to() })?;
        Self::parse(text, path)
    }

    /// The language as a BCP 47 tag.
    #[must_use]
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// A table that is at hand as text; `path` is what errors call it.
    ///
    /// # Errors
    /// As [`Names::read`].
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self> {
        let names: Self = toml::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|error| {
            let line =
                error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
            Flaw::new(
                error.message().to_owned(),
                "lang, person, place, org, company, [[sides]] and [[parties]]",
                "correct the table; training/README.md describes it",
            )
            .at(Place { path: path.to_path_buf(), line })
        })?;
        names.check().map_err(|flaw| flaw.at(Place::file(path)))?;
        Ok(names)
    }

    fn check(&self) -> Result<(), Flaw> {
        for (table, entries) in [("sides", &self.sides), ("parties", &self.parties)] {
            same_fields(table, entries)?;
            for field in entries.first().into_iter().flat_map(BTreeMap::keys) {
                distinct(&format!("{table}.{field}"), entries.iter().filter_map(|entry| entry.get(field)))?;
            }
        }
        for (table, entries) in
            [("person", &self.person), ("place", &self.place), ("org", &self.org), ("company", &self.company)]
        {
            distinct(table, entries.iter())?;
        }
        Ok(())
    }

    /// How many entries a table has.
    pub(super) fn len(&self, table: Table) -> usize {
        self.fielded(table).map_or_else(|| self.flat(table).len(), <[_]>::len)
    }

    /// A form of an entry; `None` if the table has no such entry or field.
    pub(super) fn form(&self, table: Table, entry: usize, field: &str) -> Option<&str> {
        match self.fielded(table) {
            Some(entries) => entries.get(entry)?.get(field).map(String::as_str),
            None => self.flat(table).get(entry).map(String::as_str),
        }
    }

    fn fielded(&self, table: Table) -> Option<&[BTreeMap<String, String>]> {
        match table {
            Table::Sides => Some(&self.sides),
            Table::Parties => Some(&self.parties),
            Table::Person | Table::Place | Table::Org | Table::Company => None,
        }
    }

    fn flat(&self, table: Table) -> &[String] {
        match table {
            Table::Person => &self.person,
            Table::Place => &self.place,
            Table::Org => &self.org,
            Table::Company => &self.company,
            Table::Sides | Table::Parties => &[],
        }
    }
}

fn same_fields(table: &str, entries: &[BTreeMap<String, String>]) -> Result<(), Flaw> {
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    entries.iter().flat_map(BTreeMap::keys).for_each(|field| *holders.entry(field).or_default() += 1);
    let Some((field, _)) = holders.iter().find(|(_, count)| **count < entries.len()) else { return Ok(()) };
    let lacking = entries.iter().position(|entry| !entry.contains_key(*field)).unwrap_or_default();
    let name = entries.get(lacking).and_then(|entry| entry.get("name")).map_or("?", String::as_str);
    Err(Flaw::new(
        format!("no `{field}` in entry {} ({name}) of [[{table}]]", lacking + 1),
        "the same fields in every entry",
        "add the field, or remove it from the others",
    ))
}

fn distinct<'a>(what: &str, forms: impl Iterator<Item = &'a String>) -> Result<(), Flaw> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (form, entry) in forms.zip(1..) {
        if form.trim() != form || form.is_empty() || form.contains(['⟦', '⟧', '{', '}']) {
            return Err(Flaw::new(
                format!("{form:?} as entry {entry} of {what}"),
                "a name without mark-up, and without white space around it",
                "correct the name",
            ));
        }
        if let Some(first) = seen.insert(form, entry) {
            return Err(Flaw::new(
                format!("{form:?} twice in {what}, as entries {first} and {entry}"),
                "every entry once, so that all are equally likely",
                "remove one of them",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Names::parse(text, Path::new("n.toml")).unwrap_err().to_string()
    }

    #[test]
    fn a_table_gives_the_forms_of_its_entries() {
        let text = "lang = \"en\"\nperson = [\"Rin\"]\n[[sides]]\nname = \"Fiji\"\nadj = \"Fijian\"\n";
        let names = Names::parse(text, Path::new("n.toml")).unwrap();
        assert_eq!((names.lang(), names.len(Table::Sides), names.len(Table::Org)), ("en", 1, 0));
        assert_eq!(names.form(Table::Sides, 0, "adj"), Some("Fijian"));
        assert_eq!(names.form(Table::Sides, 0, "people"), None);
        assert_eq!(names.form(Table::Person, 0, ""), Some("Rin"));
        assert_eq!(names.form(Table::Person, 1, ""), None);
    }

    #[test]
    fn an_entry_that_lacks_a_field_is_refused() {
        let text = "lang = \"en\"\n[[sides]]\nname = \"Fiji\"\nadj = \"Fijian\"\n[[sides]]\nname = \"Cuba\"\n";
        assert!(refusal(text).contains("no `adj` in entry 2 (Cuba)"));
    }

    #[test]
    fn forms_that_are_blank_or_there_twice_are_refused() {
        assert!(refusal("lang = \"en\"\nplace = [\"Oran\", \"Lodz\", \"Oran\"]").contains("entries 1 and 3"));
        assert!(refusal("lang = \"en\"\nplace = [\" \"]").contains("entry 1 of place"));
        assert!(
            refusal("lang = \"en\"\n[[parties]]\nname=\"a\"\nadj=\"x\"\n[[parties]]\nname=\"b\"\nadj=\"x\"")
                .contains("twice in parties.adj")
        );
    }

    #[test]
    fn an_unknown_table_is_refused_with_its_line() {
        let message = refusal("lang = \"en\"\nplane = [\"x\"]");
        assert!(message.contains("n.toml:2") && message.contains("plane"), "{message}");
    }

    #[test]
    fn the_shipped_tables_are_whole_and_no_name_stands_inside_another() {
        for (lang, least) in [("en", [24, 16, 60, 40, 24, 24]), ("ar", [24, 12, 40, 30, 16, 16])] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("training/names/{lang}.toml"));
            let names = Names::read(&path).unwrap();
            assert_eq!(names.lang(), lang);
            let tables = [Table::Sides, Table::Parties, Table::Person, Table::Place, Table::Org, Table::Company];
            for (table, least) in tables.into_iter().zip(least) {
                assert!(names.len(table) >= least, "{table:?}");
                let forms: Vec<String> = (0..names.len(table))
                    .map(|entry| format!(" {} ", names.form(table, entry, "name").unwrap()))
                    .collect();
                for form in &forms {
                    assert_eq!(forms.iter().filter(|other| other.contains(form.as_str())).count(), 1, "{form}");
                }
            }
        }
    }
}
