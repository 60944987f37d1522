//! Settings by the names that Python gives them.
//!
//! In: names. Out: [`Options`] and [`Targets`]. Start at [`Asked`].

use parallax::Error;
use parallax::score::{Options, Scope, Targets, Unit};
use parallax::text::OffsetUnit;
use pyo3::prelude::*;

/// Names with their forms.
type Aliases = Vec<(String, Vec<String>)>;

/// How texts are to be scored, as the Python files hand it over: a dictionary with all of these keys.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    unit: String,
    regions: String,
    offsets: String,
    explain: bool,
    top: Option<usize>,
    targets: Vec<String>,
    aliases: Aliases,
}

impl Asked {
    /// The options.
    ///
    /// # Errors
    /// [`Error::Settings`] for a name that there is not.
    pub fn options(&self) -> parallax::Result<Options> {
        Ok(Options {
            unit: one_of("unit", &self.unit, &[("document", Unit::Document), ("sentence", Unit::Sentence)])?,
            scope: one_of("regions", &self.regions, &[("article", Scope::Article), ("all", Scope::All)])?,
            offsets: offsets(&self.offsets)?,
            explain: self.explain,
            top: self.top,
        })
    }

    /// The targets.
    ///
    /// # Errors
    /// As [`Targets::checked`].
    pub fn targets(&self) -> parallax::Result<Targets> {
        Targets::checked(&self.targets, self.aliases.clone())
    }
}

fn offsets(name: &str) -> parallax::Result<OffsetUnit> {
    let units = [("chars", OffsetUnit::Chars), ("bytes", OffsetUnit::Bytes), ("utf16", OffsetUnit::Utf16)];
    one_of("offsets", name, &units)
}

/// What a name stands for.
///
/// # Errors
/// [`Error::Settings`] for a name that there is not.
pub fn one_of<T: Copy>(setting: &str, name: &str, known: &[(&str, T)]) -> parallax::Result<T> {
    let all = || known.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| Error::Settings {
        setting: setting.to_owned(),
        found: format!("{name:?}"),
        expected: format!("one of {}", all()),
    })
}
