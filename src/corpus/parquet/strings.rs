//! A column of strings or whole numbers, in any of the ways that Arrow holds them.
//!
//! In: an array. Out: [`Strings`], whose texts can be shared without a copy, or [`Names`]. Start there.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray, downcast_integer_array};
use arrow_schema::DataType;
use std::sync::Arc;

/// A text that can be handed out, and holds the array that it stands in.
pub type SharedText = Arc<dyn AsRef<str> + Send + Sync>;

/// A column of strings: `Utf8`, `LargeUtf8`, `Utf8View`, or a dictionary of these.
#[derive(Debug)]
pub struct Strings {
    values: Values,
    /// Of a dictionary: for each row the place of its value, or null.
    keys: Option<Vec<Option<usize>>>,
}

#[derive(Debug)]
enum Values {
    Utf8(StringArray),
    Large(LargeStringArray),
    View(StringViewArray),
}

/// A column that names something: strings or whole numbers.
#[derive(Debug)]
pub(super) enum Names {
    Strings(Strings),
    Integers(ArrayRef),
}

/// Whether [`Strings`] can be made of a column of this type.
pub(super) fn are_strings(of: &DataType) -> bool {
    match of {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => are_strings(values),
        _ => false,
    }
}

/// Whether [`Names`] can be made of a column of this type.
pub(super) fn are_names(of: &DataType) -> bool {
    are_strings(of) || of.is_integer()
}

impl Strings {
    /// `None` for an array of another type.
    #[must_use]
    pub fn of(column: &ArrayRef) -> Option<Self> {
        let Some(dictionary) = column.as_any_dictionary_opt() else {
            return Some(Self { values: Values::of(column)?, keys: None });
        };
        let values = Values::of(dictionary.values())?;
        let keys = if values.is_empty() { vec![0; column.len()] } else { dictionary.normalized_keys() };
        let is_value = |row, key| column.is_valid(row) && key < values.len() && values.array().is_valid(key);
        let keys = keys.into_iter().enumerate().map(|(row, key)| is_value(row, key).then_some(key)).collect();
        Some(Self { values, keys: Some(keys) })
    }

    /// Where the text of a row stands among the values; `None` for null.
    fn place(&self, row: usize) -> Option<usize> {
        match &self.keys {
            Some(keys) => keys.get(row).copied().flatten(),
            None => (row < self.values.len() && self.values.array().is_valid(row)).then_some(row),
        }
    }

    /// The text of a row, from 0; `None` for null.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        let place = self.place(row)?;
        Some(match &self.values {
            Values::Utf8(array) => array.value(place),
            Values::Large(array) => array.value(place),
            Values::View(array) => array.value(place),
        })
    }

    /// The same text, to be kept: it is not copied, and holds the array.
    #[must_use]
    pub fn share(&self, row: usize) -> Option<SharedText> {
        let row = self.place(row)?;
        Some(match &self.values {
            Values::Utf8(array) => Arc::new(Cell { array: array.clone(), row }),
            Values::Large(array) => Arc::new(Cell { array: array.clone(), row }),
            Values::View(array) => Arc::new(Cell { array: array.clone(), row }),
        })
    }
}

impl Values {
    fn of(array: &ArrayRef) -> Option<Self> {
        let small = || array.as_string_opt::<i32>().map(|array| Self::Utf8(array.clone()));
        let large = || array.as_string_opt::<i64>().map(|array| Self::Large(array.clone()));
        let view = || array.as_string_view_opt().map(|array| Self::View(array.clone()));
        small().or_else(large).or_else(view)
    }

    fn array(&self) -> &dyn Array {
        match self {
            Self::Utf8(array) => array,
            Self::Large(array) => array,
            Self::View(array) => array,
        }
    }

    fn len(&self) -> usize {
        self.array().len()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One text of an array.
struct Cell<A> {
    array: A,
    row: usize,
}

impl AsRef<str> for Cell<StringArray> {
    fn as_ref(&self) -> &str {
        self.array.value(self.row)
    }
}

impl AsRef<str> for Cell<LargeStringArray> {
    fn as_ref(&self) -> &str {
        self.array.value(self.row)
    }
}

impl AsRef<str> for Cell<StringViewArray> {
    fn as_ref(&self) -> &str {
        self.array.value(self.row)
    }
}

impl Names {
    /// `None` for an array of another type.
    pub(super) fn of(column: &ArrayRef) -> Option<Self> {
        if column.data_type().is_integer() {
            return Some(Self::Integers(Arc::clone(column)));
        }
        Strings::of(column).map(Self::Strings)
    }

    /// The name in a row; `None` for null.
    pub(super) fn get(&self, row: usize) -> Option<String> {
        match self {
            Self::Strings(strings) => strings.get(row).map(str::to_owned),
            Self::Integers(column) if row < column.len() && column.is_valid(row) => {
                let column: &dyn Array = column;
                downcast_integer_array!(column => Some(column.value(row).to_string()), _ => None)
            }
            Self::Integers(_) => None,
        }
    }
}
