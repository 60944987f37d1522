//! Bundles, ready to score what Python hands over.
//!
//! In: texts. Out: a report as JSON ([`Desk::score`]), or probabilities as a table ([`Desk::probabilities`]). Start at
//! [`Desk::open`].

use crate::failure::{raised, raising};
use crate::pool::pool;
use crate::settings::Asked;
use crate::texts::{Text, texts};
use arrow_array::builder::Float64Builder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parallax::error::Place;
use parallax::model::Shelves;
use parallax::report::Report;
use parallax::report::html::Pages;
use parallax::score::{self, Scorer};
use parallax::text::Document;
use parallax::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::PyTable;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Sentences that one thread scores at a time, and how many times that between two looks at whether to stop.
const CHUNK: usize = 512;
const CHUNKS: usize = 64;

/// Bundles, one a language, ready to score.
#[pyclass(frozen, module = "parallax._parallax")]
#[derive(Debug)]
pub struct Desk {
    desk: score::Desk,
}

#[pymethods]
impl Desk {
    /// Opens the bundles of these names or folders; without any, that of `lang`; without both, of each language.
    #[staticmethod]
    fn open(
        py: Python<'_>,
        models: Vec<String>,
        shelves: Vec<PathBuf>,
        lang: Option<String>,
        heads: Vec<String>,
    ) -> PyResult<Self> {
        let pool = raising(py, pool(0))?;
        let open = || score::Desk::named(&models, lang.as_deref(), &Shelves::new(shelves))?.only(heads);
        let desk = py.detach(|| pool.install(open));
        Ok(Self { desk: raising(py, desk)? })
    }

    /// What each bundle is, as dictionaries. All are read.
    fn bundles<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let pool = raising(py, pool(0))?;
        let scorers = py.detach(|| pool.install(|| self.scorers()));
        let describe = |scorer: &&Scorer| {
            let bundle = scorer.bundle();
            let (facts, classes) = (PyDict::new(py), PyDict::new(py));
            for head in bundle.heads() {
                classes.set_item(&head.name, head.classes.clone())?;
            }
            facts.set_item("name", &bundle.manifest().name)?;
            facts.set_item("version", &bundle.manifest().version)?;
            facts.set_item("sha256", bundle.sha256())?;
            facts.set_item("lang", &bundle.manifest().lang)?;
            facts.set_item("heads", bundle.manifest().heads.clone())?;
            facts.set_item("classes", classes)?;
            Ok(facts)
        };
        raising(py, scorers)?.iter().map(describe).collect()
    }

    /// The report on one text, as JSON.
    fn score(&self, py: Python<'_>, text: &str, id: String, asked: Asked) -> PyResult<String> {
        let pool = raising(py, pool(0))?;
        let document = Document::new(id, text);
        let report = py.detach(|| {
            pool.install(|| {
                let options = asked.options()?;
                let route = self.desk.route(&document, &options);
                // Read before a copy is made, which would read them for itself.
                self.desk.open(&route)?;
                self.desk.clone().toward(asked.targets()?).score_routed(&document, &route, &options)
            })
        });
        let report = raising(py, report)?;
        serde_json::to_string(&report).map_err(|error| raised(py, &unwritten(&error)))
    }

    /// The probabilities of ready sentences, as a table with a row for each; nulls for a row without text.
    #[pyo3(signature = (given, lang, threads))]
    fn probabilities(
        &self,
        py: Python<'_>,
        given: &Bound<'_, PyAny>,
        lang: Option<String>,
        threads: usize,
    ) -> PyResult<PyTable> {
        let pool = raising(py, pool(threads))?;
        let rows = texts(given)?;
        let scorer = py.detach(|| pool.install(|| self.scorer(lang.as_deref())));
        let scorer = raising(py, scorer)?;
        let mut columns = Columns::of(scorer);
        let mut batches = Vec::new();
        for part in rows.chunks(CHUNK * CHUNKS) {
            let scored: Result<Vec<Vec<Option<f64>>>> = py.detach(|| {
                pool.install(|| part.par_chunks(CHUNK).map(|part| columns.score(scorer, part)).collect())
            });
            batches.push(columns.batch(&raising(py, scored)?)?);
            py.check_signals()?;
        }
        PyTable::try_new(batches, columns.schema)
    }
}

impl Desk {
    fn scorers(&self) -> Result<Vec<&Scorer>> {
        let of = |lang: &str| self.desk.scorer(lang);
        let langs: Vec<&str> = self.desk.langs().collect();
        Ok(langs.into_par_iter().map(of).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The bundle of a language; without one, the only bundle that there is.
    fn scorer(&self, lang: Option<&str>) -> Result<&Scorer> {
        let langs: Vec<&str> = self.desk.langs().collect();
        let wanted = match (lang, langs.as_slice()) {
            (Some(lang), _) => lang,
            (None, [only]) => only,
            (None, _) => "",
        };
        self.desk.scorer(wanted)?.ok_or_else(|| Error::Settings {
            setting: "lang".into(),
            found: lang.map_or_else(|| "no language".to_owned(), |lang| format!("`{lang}`")),
            expected: format!("one of {}", langs.join(", ")),
        })
    }
}

/// The columns of the sentence heads: one of a yes-or-no head, one a class of any other.
struct Columns {
    schema: Arc<Schema>,
    /// For each column its place among the probabilities of a sentence.
    places: Vec<usize>,
}

impl Columns {
    fn of(scorer: &Scorer) -> Self {
        let (mut fields, mut places, mut first) = (Vec::new(), Vec::new(), 0);
        for head in scorer.bundle().heads() {
            if head.is_binary() {
                fields.push(Field::new(&head.name, DataType::Float64, true));
                places.push(first + 1);
            } else {
                for (class, name) in head.classes.iter().enumerate() {
                    fields.push(Field::new(format!("{}_{name}", head.name), DataType::Float64, true));
                    places.push(first + class);
                }
            }
            first += head.classes.len();
        }
        Self { schema: Arc::new(Schema::new(fields)), places }
    }

    /// The values of some rows, row by row.
    fn score(&self, scorer: &Scorer, rows: &[Option<Text>]) -> Result<Vec<Option<f64>>> {
        let mut ready = scorer.ready();
        let mut values = Vec::with_capacity(rows.len() * self.places.len());
        for row in rows {
            match row {
                Some(text) => {
                    let p = ready.score((**text).as_ref())?;
                    values.extend(self.places.iter().map(|place| p.get(*place).copied()));
                }
                None => values.extend(self.places.iter().map(|_| None)),
            }
        }
        Ok(values)
    }

    fn batch(&mut self, parts: &[Vec<Option<f64>>]) -> PyResult<RecordBatch> {
        let width = self.places.len();
        let column = |at: usize| {
            let mut builder = Float64Builder::new();
            parts.iter().for_each(|part| builder.extend(part.iter().skip(at).step_by(width.max(1)).copied()));
            Arc::new(builder.finish()) as ArrayRef
        };
        let columns = (0..width).map(column).collect();
        RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))
    }
}

/// The page of a report, which was made of this text.
#[pyfunction]
pub fn page(py: Python<'_>, text: &str, report: &str) -> PyResult<String> {
    let made = || -> Result<String> {
        let place = || Place::file("report");
        let report: Report = serde_json::from_str(report).map_err(|error| Error::Input {
            place: place(),
            found: format!("no report ({error})"),
            expected: "a report in JSON, as `to_json` gives it".into(),
            cure: "score the text again".into(),
        })?;
        let mut pages = Pages::new(Vec::new());
        let refused = |source| Error::Write { path: "page".into(), source };
        pages.write(&Document::new(report.id.clone(), text), &report).map_err(refused)?;
        String::from_utf8(pages.finish().map_err(refused)?).map_err(|error| Error::NotUtf8 {
            place: place(),
            offset: error.utf8_error().valid_up_to(),
        })
    };
    raising(py, made())
}

fn unwritten(error: &serde_json::Error) -> Error {
    Error::Write { path: "report".into(), source: std::io::Error::other(error.to_string()) }
}
