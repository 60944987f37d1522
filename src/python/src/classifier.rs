//! One sentence head, fitted to labelled texts in memory: what the scikit-learn estimator stands on.
//!
//! In: texts, each with the number of its class. Out: a [`Classifier`], which tells the classes' probabilities. Start at
//! [`Classifier::fit`].

use crate::desk::Desk;
use crate::failure::{raised, raising};
use crate::pool::pool;
use crate::texts::{Text, refuse, texts};
use parallax::score::Scorer;
use parallax::train::prepare::{Base, Example, Origin};
use parallax::train::record::{Label, Record};
use parallax::train::train;
use parallax::train::{ParallaxParams, ParamGuard};
use parallax::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// The head's name, which nobody sees.
const HEAD: &str = "class";

/// Sentences that one thread scores at a time.
const CHUNK: usize = 256;

/// A head that tells the class of a text.
#[pyclass(frozen, module = "parallax._parallax")]
#[derive(Debug)]
pub struct Classifier {
    scorer: Scorer,
}

/// The settings that the estimator has, as a dictionary with all of these keys.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
struct Settings {
    folds: u32,
    l2: Vec<f64>,
    mask_names: bool,
}

impl Settings {
    /// As a recipe has them.
    fn params(&self) -> Result<ParallaxParams> {
        let recipe = json!({ "folds": self.folds, "mask_names": self.mask_names, "stack": { "l2": self.l2 } });
        serde_json::from_value(recipe).map_err(|error| Error::Settings {
            setting: "folds, l2".into(),
            found: error.to_string(),
            expected: "numbers".into(),
        })
    }
}

#[pymethods]
impl Classifier {
    /// Fits a head to texts; `classes` has the number of each text's class, `groups` what is held out together.
    #[staticmethod]
    #[allow(clippy::too_many_arguments, reason = "it is called by one Python file, which names them")]
    fn fit(
        py: Python<'_>,
        desk: &Desk,
        lang: Option<String>,
        given: &Bound<'_, PyAny>,
        classes: Vec<u32>,
        weights: Vec<f64>,
        groups: Vec<String>,
        settings: Settings,
        threads: usize,
    ) -> PyResult<Self> {
        let pool = raising(py, pool(threads))?;
        let rows = raising(py, whole(texts(given)?))?;
        let rows = rows.into_iter().zip(classes).zip(weights).zip(groups).enumerate();
        let examples: Vec<Example> = rows
            .map(|(row, (((text, class), weight), group))| {
                let labels = BTreeMap::from([(HEAD.to_owned(), Label::Hard(name(class)))]);
                let text = (*text).as_ref().to_owned();
                let record = Record {
                    id: row.to_string(),
                    lang: "und".into(),
                    group,
                    text,
                    labels,
                    loaded: None,
                    attributions: None,
                    stances: None,
                    weight: None,
                    annotator: None,
                };
                Example { record, origin: Origin::Labelled, weight }
            })
            .collect();
        let fitted = py.detach(|| {
            pool.install(|| {
                let bundle = desk.scorer(lang.as_deref())?.bundle();
                let params = settings.params()?.check()?;
                Ok(bundle.with_heads(train(&params, &examples, None, Base::of(bundle), &|_, _| {})?.fitted))
            })
        });
        Ok(Self { scorer: Scorer::new(raising(py, fitted)?) })
    }

    /// The classes that were learned, by their numbers, in the order of their probabilities.
    fn classes(&self, py: Python<'_>) -> PyResult<Vec<u32>> {
        let damaged = |_| raised(py, &damaged("a class that is no number".into()));
        let heads = self.scorer.bundle().heads().iter();
        heads.flat_map(|head| &head.classes).map(|class| class.parse().map_err(damaged)).collect()
    }

    /// The probabilities of the classes, text by text.
    fn probabilities(&self, py: Python<'_>, given: &Bound<'_, PyAny>, threads: usize) -> PyResult<Vec<f64>> {
        let pool = raising(py, pool(threads))?;
        let rows = raising(py, whole(texts(given)?))?;
        let score = |rows: &[Text]| -> Result<Vec<f64>> {
            let (mut ready, mut all) = (self.scorer.ready(), Vec::new());
            for text in rows {
                all.extend_from_slice(ready.score((**text).as_ref())?);
            }
            Ok(all)
        };
        let parts: Result<Vec<Vec<f64>>> = py.detach(|| pool.install(|| rows.par_chunks(CHUNK).map(score).collect()));
        Ok(raising(py, parts)?.concat())
    }

    /// What was fitted, to be read by [`Classifier::from_bytes`] with the same base.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = raising(py, self.scorer.bundle().heads_to_bytes())?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// What [`Classifier::to_bytes`] gave.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, desk: &Desk, lang: Option<String>, bytes: &[u8]) -> PyResult<Self> {
        let pool = raising(py, pool(0))?;
        // Without the interpreter's lock: threads of the pool may be waiting for it, to tell of progress.
        let read = || pool.install(|| desk.scorer(lang.as_deref())?.bundle().with_heads_of(bytes));
        let bundle = py.detach(read);
        Ok(Self { scorer: Scorer::new(raising(py, bundle)?) })
    }
}

/// A class by its number, so that the order of names is that of numbers; two classes are none of a yes-or-no head.
fn name(class: u32) -> String {
    format!("{class:010}")
}

/// The texts, of which none may be missing.
fn whole(rows: Vec<Option<Text>>) -> Result<Vec<Text>> {
    let is_missing = rows.iter().position(Option::is_none);
    is_missing.map_or_else(
        || Ok(rows.into_iter().flatten().collect()),
        |row| Err(refuse("texts", Some(row), "no text".into(), "text in every row")),
    )
}

fn damaged(found: String) -> Error {
    Error::Bundle {
        path: "classifier".into(),
        found,
        expected: "what to_bytes gave".into(),
        cure: "fit it again".into(),
    }
}
