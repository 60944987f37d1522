//! `POST /v1/corrections`: what a reader says of a document → a row of the store.
//!
//! In: a body that was read: the document, and what is to be otherwise in its report; or the number of a correction that
//! is taken back. Out: an answer with the number of the row, once it is on the disk. Start at [`CorrectionRequest`] and `answer`. The document is
//! scored anew, so that what is kept of the report is what this model says and not what a client tells.

use super::App;
use super::answer::Answer;
use super::asked::{Asked, DocumentRequest, json};
use super::gate::Stop;
use super::problem::{Kind, Problem};
use super::read::reports;
use super::score::routed;
use super::sent::{Media, Sent};
use crate::error::Place;
use crate::label::judgement::{Judgement, marks_places};
use crate::label::{Correction, Said, Store, records};
use crate::score::{Desk, Options};
use crate::text::OffsetUnit;
use crate::train::record::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The time now, in RFC 3339, UTC.
pub type Now = Arc<dyn Fn() -> String + Send + Sync>;

/// What errors of a request's correction are placed at.
const PLACE: &str = "<request>";

/// `POST /v1/corrections`: `document` and `correction`, or `undoes`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    /// The document that was read, whole.
    document: Option<DocumentRequest>,
    /// What is to be otherwise in its report; spans in code points of the document.
    correction: Option<Said>,
    /// The number of a correction that is taken back.
    undoes: Option<i64>,
    /// Who says so. Default: nobody.
    annotator: Option<String>,
}

/// The answer to a correction: it is on the disk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CorrectionAnswer {
    /// Its number in the store.
    id: i64,
}

/// Where corrections go.
pub struct Corrections {
    path: PathBuf,
    /// Opened when the first correction comes: who only reads leaves no file behind.
    store: Mutex<Option<Store>>,
    now: Now,
}

impl fmt::Debug for Corrections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Corrections").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Corrections {
    /// Into the store at `path`, at the time that `now` tells.
    #[must_use]
    pub fn new(path: PathBuf, now: Now) -> Self {
        Self { path, store: Mutex::default(), now }
    }

    /// Does something with the store.
    fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match store.as_mut() {
            Some(store) => work(store),
            None => work(store.insert(Store::open(&self.path)?)),
        }
    }

    /// The sentences that were corrected, as records.
    pub(super) fn records(&self) -> Result<Vec<Record>, Problem> {
        // Who only looks leaves no file behind.
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        self.with(|store| Ok(records(&store.all()?).into_iter().map(|one| one.record).collect()))
    }

    fn undo(&self, id: i64, store: &mut Store) -> Result<i64, Problem> {
        let none = || Problem::new(Kind::Unusable, format!("found no correction {id}; expected one of the store"));
        let stored = store.get(id)?.ok_or_else(|| none().at("#/undoes"))?;
        Ok(store.add(&stored.correction.undone(id, &(self.now)()))?)
    }
}

/// Keeps what a request says.
///
/// # Errors
/// A problem, where the request cannot be followed, or nothing can be kept.
pub(super) fn answer(app: &App, sent: &Sent, stop: &Stop) -> Result<Answer, Problem> {
    let kept = app
        .corrections
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::NotFound, "this server keeps no corrections; start it with --store FILE"))?;
    let request: CorrectionRequest = json(sent)?;
    let id = match request {
        CorrectionRequest { document: None, correction: None, undoes: Some(id), .. } => {
            kept.with(|store| kept.undo(id, store))?
        }
        CorrectionRequest { document: Some(document), correction: Some(said), undoes: None, annotator } => {
            let correction = correction(app, document, &said, annotator.as_deref(), &(kept.now)(), stop)?;
            kept.with(|store| Ok(store.add(&correction)?))?
        }
        _ => {
            let detail = "expected `document` and `correction`, or `undoes` alone";
            return Err(Problem::new(Kind::Unusable, detail));
        }
    };
    Ok(Answer { media: Media::Json, bytes: serde_json::to_vec(&CorrectionAnswer { id })? })
}

fn correction(
    app: &App,
    document: DocumentRequest,
    said: &Said,
    annotator: Option<&str>,
    time: &str,
    stop: &Stop,
) -> Result<Correction, Problem> {
    let options = Options { offsets: OffsetUnit::Chars, ..Options::default() };
    let loaded = app.models.now();
    let documents = Asked::one(document, &app.limits)?;
    let read = reports(loaded.desk(), routed(loaded.desk(), documents, &options)?, &options, stop)?;
    let Some((document, report)) = read.first() else { return Err(Problem::internal()) };
    let correction = said.correct((document, report), (annotator, time), &Place::file(Path::new(PLACE)))?;
    check_label(loaded.desk(), &correction)?;
    Ok(correction)
}

/// Refuses a sentence's label that the model which was read with does not have: nothing could learn it.
fn check_label(desk: &Desk, correction: &Correction) -> Result<(), Problem> {
    let (head, value) = (&correction.head, correction.new.as_ref().map(Judgement::value));
    if marks_places(head) {
        return Ok(());
    }
    let Some(scorer) = desk.scorer(&correction.lang)? else { return Ok(()) };
    let refused = |detail: String| Err(Problem::new(Kind::Unusable, detail));
    let heads = scorer.bundle().heads();
    let Some(known) = heads.iter().find(|known| known.name == *head) else {
        let names: Vec<&str> = heads.iter().map(|known| known.name.as_str()).collect();
        return refused(format!("found the head {head:?}; expected one that marks places, or {}", names.join(", ")));
    };
    let label = match &value {
        Some(Value::String(label)) => label.clone(),
        other => other.as_ref().map(Value::to_string).unwrap_or_default(),
    };
    if known.classes.contains(&label) {
        return Ok(());
    }
    refused(format!("found the label {label:?} of the head {head:?}; expected one of {}", known.classes.join(", ")))
}
