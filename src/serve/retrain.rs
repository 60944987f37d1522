//! `/v1/retrain`: what readers corrected → a candidate, which is accepted or rejected.
//!
//! In: the corrections of the server's own store. Out: where it stands ([`RetrainAnswer`]), and once a candidate is there,
//! what it would change. Start at `start`; `stage` says where it stands, `accept` and `reject` end it. One
//! retraining is at work at a time, on threads of its own, so that requests are answered meanwhile by the models that there
//! are. A candidate is written whole or not at all, so a server that stops in the middle loses only the work.

use super::App;
use super::answer::Answer;
use super::asked::{Asked, DocumentRequest, json};
use super::change;
use super::problem::{Kind, Problem};
use super::sent::Sent;
use super::versions::Served;
use crate::error::{Error, Result};
use crate::report::ModelName;
use crate::text::Document;
use crate::train::record::Record;
use crate::train::update::candidate::Folders;
use crate::train::update::{self, Change, Settings, candidate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// `POST /v1/retrain`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetrainRequest {
    /// The language whose model is taught. Default: that of the corrections, if all are in one.
    lang: Option<String>,
    /// Texts in which verdicts before and after are set beside each other, with the sentences that were corrected.
    #[serde(default)]
    documents: Vec<DocumentRequest>,
}

/// `POST /v1/retrain/accept` and `/v1/retrain/reject`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// The language whose candidate is meant. Default: that of the only one.
    lang: Option<String>,
    /// The SHA-256 of the model that was looked at: another that waits meanwhile is not taken for it. Default: whichever
    /// waits.
    model: Option<String>,
}

/// Where retraining stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RetrainAnswer {
    /// Sentences that were corrected, by language.
    corrected: BTreeMap<String, usize>,
    /// What is done now.
    #[serde(flatten)]
    stage: Stage,
}

/// What is done now.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "lowercase")]
enum Stage {
    /// Nothing.
    Idle,
    /// A model is being taught.
    Running(Running),
    /// A candidate waits to be accepted or rejected.
    Ready {
        /// The language of its texts.
        lang: String,
        /// What it is called.
        model: ModelName,
        /// What it changes (`parallax-change/1`).
        change: Value,
        /// The same as elements of HTML, in which all text is escaped.
        html: String,
    },
    /// The last retraining failed.
    Failed {
        /// The language that it was for.
        lang: String,
        /// Why.
        problem: Problem,
    },
}

/// A retraining at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct Running {
    /// The language whose model is taught.
    lang: String,
    /// Steps that are done.
    step: usize,
    /// Steps in all; 0 until they are counted.
    of: usize,
}

/// What a server retrains with.
#[derive(Debug)]
pub struct Retraining {
    served: Served,
    threads: usize,
    job: Arc<Mutex<Job>>,
}

/// What became of the last retraining; a candidate is kept on the disk.
#[derive(Debug, Default)]
enum Job {
    #[default]
    None,
    Running(Running),
    Failed(String, Problem),
}

impl Retraining {
    /// Retraining that keeps its versions there, on so many threads of its own.
    #[must_use]
    pub fn new(served: Served, threads: usize) -> Self {
        Self { served, threads: threads.max(1), job: Arc::default() }
    }

    /// The versions.
    #[must_use]
    pub const fn served(&self) -> &Served {
        &self.served
    }

    fn job(&self) -> MutexGuard<'_, Job> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets that the last retraining failed; one that was begun meanwhile goes on.
    fn forget(&self) {
        let mut job = self.job();
        if matches!(&*job, Job::Failed(..)) {
            *job = Job::None;
        }
    }

    /// A server that retrains.
    pub(super) fn of(app: &App) -> Result<&Self, Problem> {
        let none = || Problem::new(Kind::NotFound, "this server keeps no corrections, and so cannot retrain");
        app.retraining.as_ref().ok_or_else(none)
    }
}

/// Begins a retraining.
///
/// # Errors
/// A problem, where one is at work, nothing was corrected, or the request cannot be followed.
pub(super) fn start(app: &App, sent: &Sent) -> Result<Answer, Problem> {
    let request: RetrainRequest = json(sent)?;
    let retraining = Retraining::of(app)?;
    let mut records = corrected(app)?;
    let lang = lang_of(request.lang, &records)?;
    records.retain(|record| record.lang == lang);
    if records.is_empty() {
        let detail = format!("found no corrected sentence in the language {lang:?}; correct one first");
        return Err(Problem::new(Kind::Unusable, detail));
    }
    let reference = reference(Asked::several(request.documents, &app.limits)?, &records, &lang)?;
    {
        let mut job = retraining.job();
        if let Job::Running(running) = &*job {
            let detail = format!("a retraining of the language {:?} is at work; wait until it is done", running.lang);
            return Err(Problem::new(Kind::Conflict, detail));
        }
        *job = Job::Running(Running { lang: lang.clone(), step: 0, of: 0 });
    }
    let served = retraining.served.clone();
    let (job, threads, of) = (retraining.job.clone(), retraining.threads, lang.clone());
    let work = move || {
        let progress = |steps: usize| {
            if let Job::Running(running) = &mut *job.lock().unwrap_or_else(PoisonError::into_inner) {
                (running.step, running.of) = (running.step + 1, steps + 1);
            }
        };
        let taught = || teach(&served, &of, &records, &reference, threads, &progress);
        // A panic must not leave a retraining at work for ever.
        let done = catch_unwind(AssertUnwindSafe(taught));
        *job.lock().unwrap_or_else(PoisonError::into_inner) = match done {
            Ok(Ok(())) => Job::None,
            Ok(Err(error)) => Job::Failed(of, failed(error)),
            Err(_) => Job::Failed(of, Problem::internal()),
        };
    };
    if thread::Builder::new().name("retrain".into()).spawn(work).is_err() {
        *retraining.job() = Job::Failed(lang, Problem::internal());
    }
    stage(app)
}

/// Why nothing came of it, without the names of the server's files.
fn failed(error: Error) -> Problem {
    match error {
        Error::Write { source, .. } => Problem::new(
            Kind::Internal,
            format!("the new model could not be written ({source}); the corrections are kept"),
        ),
        error @ Error::Fit { .. } => Problem::new(Kind::Internal, format!("{error}; {}", error.cure())),
        error => error.into(),
    }
}

/// Writes a candidate and proposes it.
fn teach(
    served: &Served,
    lang: &str,
    records: &[Record],
    reference: &[Document],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<()> {
    let base = served.base(lang)?;
    let against = served.in_use()?.remove(lang).unwrap_or_else(|| base.clone());
    let (number, out) = served.versions().begin(lang)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| Error::Settings {
        setting: "threads".into(),
        found: error.to_string(),
        expected: "as many threads as the system lets run".into(),
    })?;
    let folders = Folders { base: &base, against: &against, out: &out };
    let made = pool.install(|| candidate(folders, number, records, reference, &Settings::default(), progress));
    let proposed = made.and_then(|_| served.versions().propose(lang, number));
    if proposed.is_err() {
        // Of a version that nobody proposed nothing is to be left.
        let _ = fs::remove_dir_all(&out);
    }
    proposed
}

/// Says where it stands.
///
/// # Errors
/// A problem, where store or versions cannot be read.
pub(super) fn stage(app: &App) -> Result<Answer, Problem> {
    let retraining = Retraining::of(app)?;
    let mut corrected_by: BTreeMap<String, usize> = BTreeMap::new();
    for record in corrected(app)? {
        if retraining.served.base(&record.lang).is_ok() {
            *corrected_by.entry(record.lang).or_default() += 1;
        }
    }
    let stage = match &*retraining.job() {
        Job::Running(running) => Stage::Running(running.clone()),
        Job::Failed(lang, problem) => Stage::Failed { lang: lang.clone(), problem: problem.clone() },
        Job::None => waiting(&retraining.served)?,
    };
    Answer::bounded(app, serde_json::to_vec(&RetrainAnswer { corrected: corrected_by, stage })?)
}

/// The candidate that waits, whoever made it.
fn waiting(served: &Served) -> Result<Stage, Problem> {
    let Some((lang, folder)) = served.candidates()?.into_iter().next() else { return Ok(Stage::Idle) };
    // The message of an error would name the file.
    let change = Change::read(&folder).map_err(|_| Problem::internal())?;
    let html = change::markup(&change).into_string();
    Ok(Stage::Ready { lang, model: change.model.clone(), change: serde_json::to_value(&change)?, html })
}

/// Puts the candidate into use: requests that begin from now on are answered by it.
///
/// # Errors
/// A problem, where none waits, or it cannot be read; what was in use then stays so.
pub(super) fn accept(app: &App, sent: &Sent) -> Result<Answer, Problem> {
    let retraining = Retraining::of(app)?;
    let lang = decided(retraining, sent)?;
    let before = retraining.served.number(&lang)?;
    // One that cannot be read is not put into use, and waits on.
    if let Some(folder) = retraining.served.candidates()?.get(&lang) {
        app.models.now().with(folder)?;
    }
    retraining.served.versions().accept(&lang)?;
    if let Err(error) = retraining.served.follow(&app.models) {
        retraining.served.versions().restore(&lang, before)?;
        return Err(error.into());
    }
    retraining.forget();
    stage(app)
}

/// Drops the candidate.
///
/// # Errors
/// A problem, where none waits.
pub(super) fn reject(app: &App, sent: &Sent) -> Result<Answer, Problem> {
    let retraining = Retraining::of(app)?;
    let lang = decided(retraining, sent)?;
    retraining.served.versions().reject(&lang)?;
    retraining.forget();
    stage(app)
}

/// The language whose candidate a request means.
fn decided(retraining: &Retraining, sent: &Sent) -> Result<String, Problem> {
    let request: DecisionRequest = json(sent)?;
    if matches!(&*retraining.job(), Job::Running(_)) {
        return Err(Problem::new(Kind::Conflict, "a retraining is at work; wait until it is done"));
    }
    let waiting = retraining.served.candidates()?;
    let found = match &request.lang {
        Some(lang) => waiting.contains_key(lang).then(|| lang.clone()),
        None => waiting.keys().next().filter(|_| waiting.len() == 1).cloned(),
    };
    if let (Some(asked), Some(folder)) = (&request.model, found.as_ref().and_then(|lang| waiting.get(lang))) {
        let change = Change::read(folder).map_err(|_| Problem::internal())?;
        if *asked != change.model.sha256 {
            let detail = "another model waits than the one that was looked at; look at what it changes first";
            return Err(Problem::new(Kind::Conflict, detail));
        }
    }
    found.ok_or_else(|| {
        let langs: Vec<&str> = waiting.keys().map(String::as_str).collect();
        let detail = match langs.as_slice() {
            [] => "found no model that waits to be accepted; retrain first".to_owned(),
            langs => format!("expected `lang`, of a model that waits to be accepted: {}", langs.join(", ")),
        };
        Problem::new(Kind::Conflict, detail)
    })
}

/// The sentences that were corrected.
fn corrected(app: &App) -> Result<Vec<Record>, Problem> {
    app.corrections.as_ref().map_or_else(|| Ok(Vec::new()), super::Corrections::records)
}

/// The language to teach: that which was asked for, or the only one there is.
fn lang_of(asked: Option<String>, records: &[Record]) -> Result<String, Problem> {
    if let Some(lang) = asked {
        return Ok(lang);
    }
    let langs: HashSet<&str> = records.iter().map(|record| record.lang.as_str()).collect();
    let mut each = langs.iter();
    match (each.next(), each.next()) {
        (Some(only), None) => Ok((*only).to_owned()),
        (None, _) => Err(Problem::new(Kind::Unusable, "found no correction; correct some sentences first")),
        (Some(_), Some(_)) => {
            let mut langs: Vec<&str> = langs.into_iter().collect();
            langs.sort_unstable();
            let detail = format!("found corrections in {}; expected `lang`, one of them", langs.join(", "));
            Err(Problem::new(Kind::Unusable, detail).at("#/lang"))
        }
    }
}

/// What verdicts are compared in: the texts that were sent, what was corrected in others, and the articles that come with the
/// program.
fn reference(documents: Vec<Document>, records: &[Record], lang: &str) -> Result<Vec<Document>, Problem> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut others = Vec::new();
    for record in records {
        let is_there = documents.iter().any(|document| document.text().contains(&record.text));
        if !is_there && seen.insert(&record.text) {
            others.push(Document::new(record.id.clone(), record.text.clone()));
        }
    }
    Ok(documents.into_iter().chain(others).chain(update::reference(lang)?).collect())
}
