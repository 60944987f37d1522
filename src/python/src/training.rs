//! Bundles made and measured, for Python.
//!
//! In: files of labelled sentences and settings. Out: a bundle in its folder ([`train`], [`teach`]), or measures as JSON
//! ([`evaluate`], [`cross_validate`]). Start at any of them.

use crate::desk::Desk;
use crate::failure::raising;
use crate::pool::pool;
use parallax::evaluate::Settings;
use parallax::model::{Bundle, Shelves};
use parallax::train::evaluation::{Evaluation, of_bundle, of_recipe};
use parallax::train::order::Order;
use parallax::train::record::Record;
use parallax::train::sources::Sources;
use parallax::train::update::candidate::Folders;
use parallax::train::update::{self, Change, candidate, write_change};
use parallax::train::{ParallaxParams, ParamGuard, public};
use parallax::{Error, Result};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where a base is looked for, and by which name.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub struct Place {
    base: String,
    shelf: PathBuf,
}

impl Place {
    fn folder(&self) -> Result<PathBuf> {
        Shelves::new(vec![self.shelf.clone()]).find(Some(&self.base), None)
    }
}

/// What a training is made of, as a dictionary with all of these keys.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub struct Ordered {
    place: Place,
    recipe: PathBuf,
    data: Vec<PathBuf>,
    extra: Vec<PathBuf>,
    only_data: bool,
    heads: Vec<String>,
    strict: bool,
    threads: usize,
}

/// Trains a bundle into a folder; what could not be used of the data is returned, in words.
#[pyfunction]
pub fn train(
    py: Python<'_>,
    ordered: Ordered,
    out: PathBuf,
    name: Option<String>,
    seed: Option<u64>,
    command: String,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<String>> {
    let shown = Shown::new(progress);
    let pool = raising(py, pool(ordered.threads))?;
    let made = || {
        let order = Order {
            recipe: &ordered.recipe,
            data: &ordered.data,
            extra: &ordered.extra,
            base: &ordered.place.folder()?,
            out: &out,
            name: name.as_deref(),
            seed,
            only_data: ordered.only_data,
            heads: &ordered.heads,
            keep: false,
            strict: ordered.strict,
            command: &command,
        };
        let placed = order.read()?;
        placed.fill(&|total, what| shown.step(Some(total), what))?;
        Ok(in_words(placed.rejected()))
    };
    let made = py.detach(|| pool.install(made));
    shown.end()?;
    raising(py, made)
}

/// Measures a bundle, and how another differs from it, as JSON; and what could not be used of the data, in words.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "it is called by one Python file, in this order")]
pub fn evaluate(
    py: Python<'_>,
    desk: &Desk,
    lang: Option<String>,
    against: Option<Py<Desk>>,
    data: Vec<PathBuf>,
    strict: bool,
    replicates: usize,
    seed: u64,
    threads: usize,
) -> PyResult<(String, Vec<String>)> {
    let settings = Settings { replicates, seed, ..Settings::default() };
    let pool = raising(py, pool(threads))?;
    let measured = || {
        let scorer = desk.scorer(lang.as_deref())?;
        let (records, rejected) = records(&data, scorer.lang(), strict)?;
        let other = against.as_ref().map(|other| other.get().scorer(Some(scorer.lang()))).transpose()?;
        Ok((written(&of_bundle(scorer, other, &records, &settings)?)?, in_words(&rejected)))
    };
    raising(py, py.detach(|| pool.install(measured)))
}

/// Measures a recipe by cross-validation, as [`evaluate`] does a bundle.
#[pyfunction]
pub fn cross_validate(
    py: Python<'_>,
    ordered: Ordered,
    folds: u32,
    replicates: usize,
    seed: u64,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>)> {
    let settings = Settings { replicates, seed, ..Settings::default() };
    let shown = Shown::new(progress);
    let pool = raising(py, pool(ordered.threads))?;
    let measured = || {
        let (mut params, _) = ParallaxParams::read(&ordered.recipe)?;
        if ordered.only_data {
            params = params.without_families();
        }
        let params = params.check()?;
        let base = Bundle::load(&ordered.place.folder()?)?;
        let sources = Sources::read(&params, &ordered.data, &ordered.extra, ordered.strict)?;
        let only = (!ordered.heads.is_empty()).then_some(ordered.heads.as_slice());
        let name = ordered.recipe.file_name().unwrap_or_default().to_string_lossy();
        let step = |_: usize, what: &str| shown.step(None, what);
        let evaluation = of_recipe(&name, &params, &sources.examples, only, folds, &base, &settings, &step)?;
        Ok((written(&evaluation)?, in_words(&sources.rejected)))
    };
    let measured = py.detach(|| pool.install(measured));
    shown.end()?;
    raising(py, measured)
}

/// Teaches a bundle a few more sentences, into a folder; gives what changes as JSON and in words.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "it is called by one Python file, in this order")]
pub fn teach(
    py: Python<'_>,
    place: Place,
    data: Vec<PathBuf>,
    out: PathBuf,
    weight: f64,
    seed: u64,
    progress: Option<Py<PyAny>>,
    threads: usize,
) -> PyResult<(String, String)> {
    let shown = Shown::new(progress);
    let pool = raising(py, pool(threads))?;
    let made = || {
        let base = place.folder()?;
        let lang = parallax::model::Manifest::read(&base)?.lang;
        let (records, _) = records(&data, &lang, true)?;
        let settings = update::Settings { weight, seed, ..update::Settings::default() };
        let folders = Folders { base: &base, against: &base, out: &out };
        let step = |total: usize| shown.step(Some(total), "fit");
        let change = candidate(folders, 1, &records, &update::reference(&lang)?, &settings, &step)?;
        told(&change)
    };
    let made = py.detach(|| pool.install(made));
    shown.end()?;
    raising(py, made)
}

fn told(change: &Change) -> Result<(String, String)> {
    let refused = |error: String| Error::Write { path: "change".into(), source: std::io::Error::other(error) };
    let mut text = String::new();
    write_change(change, &mut text).map_err(|error| refused(error.to_string()))?;
    Ok((serde_json::to_string(change).map_err(|error| refused(error.to_string()))?, text))
}

/// The records of files in a language, and those that cannot be used.
fn records(data: &[PathBuf], lang: &str, strict: bool) -> Result<(Vec<Record>, Vec<Error>)> {
    let (mut all, mut rejected) = (Vec::new(), Vec::new());
    for path in data {
        let (records, errors) = public::read_lenient(path, lang)?;
        all.extend(records.into_iter().filter(|record| record.is_in(lang)));
        rejected.extend(errors);
    }
    if strict && !rejected.is_empty() {
        return Err(rejected.swap_remove(0));
    }
    Ok((all, rejected))
}

fn in_words(rejected: &[Error]) -> Vec<String> {
    rejected.iter().map(ToString::to_string).collect()
}

fn written(evaluation: &Evaluation) -> Result<String> {
    serde_json::to_string(evaluation).map_err(|error| Error::Write { path: "measures".into(), source: error.into() })
}

/// A function of Python's that is told how far a training is.
struct Shown {
    call: Option<Py<PyAny>>,
    done: AtomicUsize,
    /// What it raised first; it is not called again.
    raised: Mutex<Option<PyErr>>,
}

impl Shown {
    fn new(call: Option<Py<PyAny>>) -> Self {
        Self { call, done: AtomicUsize::new(0), raised: Mutex::new(None) }
    }

    /// One more step is done, of so many where that is known.
    fn step(&self, total: Option<usize>, what: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(call) = &self.call else { return };
        Python::attach(|py| {
            // What is called may let go of the interpreter's lock, so it must not be held while this one is waited for.
            if let Ok(mut raised) = self.raised.lock_py_attached(py)
                && raised.is_none()
            {
                *raised = call.call1(py, (done, total, what)).err();
            }
        });
    }

    /// Raises what it raised.
    fn end(&self) -> PyResult<()> {
        let raised = self.raised.lock().ok().and_then(|mut raised| raised.take());
        raised.map_or(Ok(()), Err)
    }
}
