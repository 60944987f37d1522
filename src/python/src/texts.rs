//! Texts from Python, read where they stand.
//!
//! In: a list of `str` or `None`, or anything that hands over an Arrow array of text. Out: for each row its text, or
//! nothing. Start at [`texts`]. The text of an array is shared with whoever made it; that of a `str` is the interpreter's
//! own UTF-8, which for ASCII is the string itself.

use crate::failure::raised;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parallax::corpus::{SharedText, Strings};
use parallax::error::{Error, Place};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3_arrow::input::AnyArray;
use std::sync::Arc;

/// What a row has to be.
const TEXT: &str = "text: `str`, `None`, or an Arrow array of Utf8, LargeUtf8 or Utf8View";

/// A text that somebody else holds.
pub type Text = SharedText;

/// A `str` of Python.
struct Own(PyBackedStr);

impl AsRef<str> for Own {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The texts of a list, or of whatever has Arrow's interface; `None` where a row has none.
///
/// # Errors
/// `InputError` for a row that is no text, or an array of anything else.
pub fn texts(given: &Bound<'_, PyAny>) -> PyResult<Vec<Option<Text>>> {
    let py = given.py();
    let has = |name| given.hasattr(name);
    if has("__arrow_c_array__")? || has("__arrow_c_stream__")? {
        let (chunks, field) = given.extract::<AnyArray>()?.into_chunked_array()?.into_inner();
        let mut rows = Vec::new();
        for chunk in chunks {
            let refuse = |found| raised(py, &refuse("texts", Some(rows.len()), found, TEXT));
            // What another library hands over is looked at before it is read.
            let checked = chunk.to_data().validate_full();
            checked.map_err(|error| refuse(format!("an Arrow array that is not whole ({error})")))?;
            let of_chunk =
                of_array(&chunk).ok_or_else(|| refuse(format!("an Arrow array of {}", field.data_type())))?;
            rows.extend(of_chunk);
        }
        return Ok(rows);
    }
    let mut rows: Vec<Option<Text>> = Vec::with_capacity(given.len().unwrap_or_default());
    for item in given.try_iter()? {
        let item = item?;
        if item.is_none() {
            rows.push(None);
            continue;
        }
        match item.extract::<PyBackedStr>() {
            Ok(text) => rows.push(Some(Arc::new(Own(text)))),
            Err(error) => {
                let found = format!("{} ({error})", item.get_type());
                return Err(raised(py, &refuse("texts", Some(rows.len()), found, TEXT)));
            }
        }
    }
    Ok(rows)
}

/// The rows of an array of text; `None` of any other.
fn of_array(array: &ArrayRef) -> Option<Vec<Option<Text>>> {
    // All of it null: an empty list, or a column without a value.
    if array.data_type() == &DataType::Null {
        return Some(vec![None; array.len()]);
    }
    let strings = Strings::of(array)?;
    Some((0..array.len()).map(|row| strings.share(row)).collect())
}

/// What is wrong with the texts that were given, or a row of them, from 0.
pub fn refuse(argument: &str, row: Option<usize>, found: String, expected: &str) -> Error {
    Error::Input {
        place: Place { path: argument.into(), line: row },
        found,
        expected: expected.into(),
        cure: "give the column that holds the texts, and as many ids as it has rows".into(),
    }
}
