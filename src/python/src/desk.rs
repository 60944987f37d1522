//! Bundles, ready to score what Python hands over.
//!
//! In: texts. Out: a report as JSON ([`Desk::score`]), tables of many ([`Desk::tables`]), or probabilities alone
//! ([`Desk::probabilities`]). Start at [`Desk::open`].

use crate::failure::raising;
use crate::pool::pool;
use crate::settings::{Asked, one_of};
use crate::texts::{Text, refuse, texts};
use arrow_array::builder::Float64Builder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema};
use parallax::columnar::{self, Schemas, Table};
use parallax::error::Place;
use parallax::model::Shelves;
use parallax::report::Report;
use parallax::report::html::Pages;
use parallax::score::{self, Route, Scorer};
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

/// Documents that are made tables of at a time, and the bytes of text after which there are enough.
const PART_DOCUMENTS: usize = 1 << 14;
const PART_BYTES: usize = 8 << 20;

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
        let scorers = py.detach(|| pool.install(|| self.desk.scorers()));
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
                written(&self.desk.clone().toward(asked.targets()?).score_routed(&document, &route, &options)?)
            })
        });
        raising(py, report)
    }

    /// The report on each text, as JSON; `None` of a row without text. An id is the row's number, from 0, where none are
    /// given.
    fn reports(
        &self,
        py: Python<'_>,
        given: &Bound<'_, PyAny>,
        ids: Option<Vec<String>>,
        asked: Asked,
        threads: usize,
    ) -> PyResult<Vec<Option<String>>> {
        let pool = raising(py, pool(threads))?;
        let options = raising(py, asked.options())?;
        let targets = raising(py, asked.targets())?;
        let rows = texts(given)?;
        let has_text: Vec<bool> = rows.iter().map(Option::is_some).collect();
        let documents = raising(py, documents(rows, ids))?;
        let desk = py.detach(|| {
            pool.install(|| {
                let routes: Vec<Route> = documents.par_iter().map(|d| self.desk.route(d, &options)).collect();
                routes.iter().try_for_each(|route| self.desk.open(route))
            })
        });
        raising(py, desk)?;
        let desk = self.desk.clone().toward(targets);
        let score = |document: &Document| written(&desk.score(document, &options)?);
        let mut reports = Vec::with_capacity(documents.len());
        for part in parts(&documents) {
            let scored: Result<Vec<String>> =
                py.detach(|| pool.install(|| part.par_iter().with_max_len(1).map(score).collect()));
            reports.extend(raising(py, scored)?);
            py.check_signals()?;
        }
        let mut reports = reports.into_iter();
        Ok(has_text.into_iter().map(|has_text| has_text.then(|| reports.next()).flatten()).collect())
    }

    /// The tables of these names, of all texts in order. A row without text is no document; an id is the row's number, from
    /// 0, where none are given.
    fn tables(
        &self,
        py: Python<'_>,
        given: &Bound<'_, PyAny>,
        ids: Option<Vec<String>>,
        names: Vec<String>,
        asked: Asked,
        threads: usize,
    ) -> PyResult<Vec<PyTable>> {
        let pool = raising(py, pool(threads))?;
        let known = Table::ALL.map(|table| (table.name(), table));
        let wanted: Result<Vec<Table>> = names.iter().map(|name| one_of("tables", name, &known)).collect();
        let wanted = raising(py, wanted)?;
        let options = raising(py, asked.options())?;
        let targets = raising(py, asked.targets())?;
        let documents = raising(py, documents(texts(given)?, ids))?;
        let schemas = py.detach(|| pool.install(|| Schemas::new(&self.desk, options.offsets, &Fields::empty())));
        let schemas = raising(py, schemas)?;
        let desk = self.desk.clone().toward(targets);
        let mut batches: Vec<Vec<RecordBatch>> = vec![Vec::new(); wanted.len()];
        for part in parts(&documents) {
            let score = || columnar::tables(&desk, part, &options, &schemas, &wanted);
            let scored = raising(py, py.detach(|| pool.install(score)))?;
            batches.iter_mut().zip(scored).for_each(|(batches, new)| batches.extend(new));
            py.check_signals()?;
        }
        let tables = wanted.iter().zip(batches);
        tables.map(|(table, batches)| PyTable::try_new(batches, schemas.of(*table))).collect()
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
            let scored: Result<Vec<Vec<Option<f64>>>> =
                py.detach(|| pool.install(|| part.par_chunks(CHUNK).map(|part| columns.score(scorer, part)).collect()));
            batches.push(columns.batch(&raising(py, scored)?)?);
            py.check_signals()?;
        }
        PyTable::try_new(batches, columns.schema)
    }
}

impl Desk {
    /// The bundle of a language; without one, the only bundle that there is.
    ///
    /// # Errors
    /// [`Error::Settings`] where there is none, or several to choose from.
    pub fn scorer(&self, lang: Option<&str>) -> Result<&Scorer> {
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

/// The rows that have a text, as documents that share it.
fn documents(rows: Vec<Option<Text>>, ids: Option<Vec<String>>) -> Result<Vec<Document>> {
    if let Some(ids) = ids.as_ref().filter(|ids| ids.len() != rows.len()) {
        return Err(refuse("ids", None, format!("{} ids of {} texts", ids.len(), rows.len()), "an id for each text"));
    }
    let mut ids = ids.map(Vec::into_iter);
    let mut id = |row: usize| ids.as_mut().and_then(Iterator::next).unwrap_or_else(|| row.to_string());
    let rows = rows.into_iter().enumerate();
    // An id is taken for each row, one without text too.
    Ok(rows.map(|(row, text)| (id(row), text)).filter_map(|(id, text)| Some(Document::sharing(id, text?))).collect())
}

/// Documents in parts between which it is looked whether to stop. Their boundaries depend on the documents alone.
fn parts(documents: &[Document]) -> Vec<&[Document]> {
    let (mut parts, mut rest) = (Vec::new(), documents);
    while !rest.is_empty() {
        let mut bytes = 0;
        let within = rest.iter().take(PART_DOCUMENTS).take_while(|document| {
            let is_within = bytes < PART_BYTES;
            bytes += document.text().len();
            is_within
        });
        let (part, others) = rest.split_at(within.count());
        parts.push(part);
        rest = others;
    }
    parts
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
        String::from_utf8(pages.finish().map_err(refused)?)
            .map_err(|error| Error::NotUtf8 { place: place(), offset: error.utf8_error().valid_up_to() })
    };
    raising(py, made())
}

/// A report as JSON.
fn written(report: &Report) -> Result<String> {
    serde_json::to_string(report).map_err(|error| Error::Write { path: "report".into(), source: error.into() })
}
