//! The library's errors as Python's: `parallax.errors` has a class for each kind.
//!
//! In: an [`Error`]. Out: a [`PyErr`] that has what was found, what was expected, the cure and the place. Start at
//! [`raised`].

use parallax::Error;
use parallax::error::Place;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::Path;

/// The library's result as Python's.
pub fn raising<T>(py: Python<'_>, result: parallax::Result<T>) -> PyResult<T> {
    result.map_err(|error| raised(py, &error))
}

/// An error of the library as a Python exception.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|failed| failed, PyErr::from_value)
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let facts = PyDict::new(py);
    let place = |path: &Path, line: Option<usize>| -> PyResult<()> {
        facts.set_item("path", path.display().to_string())?;
        facts.set_item("line", line)
    };
    let said = |found: &str, expected: &str| -> PyResult<()> {
        facts.set_item("found", found)?;
        facts.set_item("expected", expected)
    };
    let at = |Place { path, line }: &Place| place(path, *line);
    let class = match error {
        Error::Read { path, source } => {
            place(path, None)?;
            facts.set_item("errno", source.raw_os_error())?;
            "ReadError"
        }
        Error::Write { path, source } => {
            place(path, None)?;
            facts.set_item("errno", source.raw_os_error())?;
            "WriteError"
        }
        Error::NotUtf8 { place, offset } => {
            at(place)?;
            said(&format!("bytes that are not UTF-8 at byte offset {offset}"), "UTF-8 text")?;
            "InputError"
        }
        Error::Input { place, found, expected, .. } => {
            at(place)?;
            said(found, expected)?;
            "InputError"
        }
        Error::Bundle { path, found, expected, .. } => {
            place(path, None)?;
            said(found, expected)?;
            "ModelError"
        }
        Error::Store { path, found, expected, .. } => {
            place(path, None)?;
            said(found, expected)?;
            "InputError"
        }
        Error::Settings { setting, found, expected } => {
            facts.set_item("setting", keyword(setting))?;
            said(found, &in_python(expected))?;
            "SettingsError"
        }
        Error::Data { found, expected, .. } => {
            said(found, expected)?;
            "DataError"
        }
        Error::Fit { found, expected, .. } => {
            said(found, expected)?;
            "FitError"
        }
        _ => "ParallaxError",
    };
    facts.set_item("cure", in_python(&error.cure()))?;
    let message = match error {
        Error::Settings { setting, found, expected } => {
            format!("{}: found {found}; expected {}", keyword(setting), in_python(expected))
        }
        other => other.to_string(),
    };
    py.import("parallax.errors")?.getattr(class)?.call((message,), Some(&facts))
}

/// Advice for the command line as advice for Python: `--models-dir` is the argument `models_dir`.
fn in_python(advice: &str) -> String {
    let advice = advice.replace(" or PARALLAX_MODELS", "");
    let mut parts = advice.split("--");
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(part.len());
        let (flag, rest) = part.split_at(end);
        said.push_str(&if flag.is_empty() { "--".to_owned() } else { format!("{}=", flag.replace('-', "_")) });
        said.push_str(rest);
    }
    said
}

/// An argument's name as Python writes it, of one as the command line does.
fn keyword(setting: &str) -> String {
    setting.trim_start_matches("--").replace('-', "_")
}
