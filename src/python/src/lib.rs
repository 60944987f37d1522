//! The compiled module of the wheel, `parallax._parallax`: what the Python files of `src/python/parallax` stand on.
//!
//! In: texts and settings, as Python has them. Out: reports as JSON, tables in Arrow's form. Start at [`desk::Desk`].
//! Nothing is computed here; the interpreter's lock is free while the library works, on the threads of [`pool`].

mod classifier;
mod desk;
mod failure;
mod pool;
mod settings;
mod texts;
mod training;

use pyo3::prelude::*;

/// The compiled part of parallax.
#[pymodule]
mod _parallax {
    #[pymodule_export]
    use super::classifier::Classifier;
    #[pymodule_export]
    use super::desk::{Desk, page};
    #[pymodule_export]
    use super::training::{cross_validate, evaluate, teach, train};
}
