//! How fast the program is on a text: by stage, by head, by document, by thread; and whether it was faster before.
//!
//! In: a [`Subject`] (documents, bundles and how they are scored) and what only the front can tell ([`Outside`]: the
//! clock, memory). Out: a [`Run`]. Start at [`bench()`]. What is timed is listed in `job.rs` over `stage.rs` and
//! `article.rs`; it takes turns (`rounds.rs`) with a loop that never changes (`reference.rs`) and becomes `rows.rs`. A
//! row's middle and interval are in `estimate.rs`, two runs are set beside each other in `against.rs`, and `table.rs`
//! writes both as text. No clock is read here but the one that is handed in.

mod against;
mod article;
pub mod estimate;
mod job;
mod reference;
pub mod rounds;
mod rows;
mod run;
#[cfg(test)]
mod sample;
mod stage;
mod table;

pub use against::{Against, Beside, SMALLEST, Verdict, against, comparable};
pub use article::cut;
pub use estimate::{Estimate, Measured, Ratio, estimate, median, percentile, ratio, ratio_within, sorted};
pub use reference::Reference;
pub use rounds::{FEWEST_ROUNDS, MOST_ROUNDS, Timed, Work, take};
pub use run::{Asked, BENCH_SCHEMA, Group, Latency, Machine, Memory, Row, Run, TextFacts, Throughput};
pub use stage::{Depth, Prepared, write};
pub use table::{write_against, write_run};

use crate::error::{Error, Result};
use crate::score::{Desk, Options};
use crate::text::Document;
use job::{Ground, jobs};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// What is timed.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The bundles.
    pub desk: &'a Desk,
    /// The folder of each of them, by language.
    pub folders: &'a [(String, PathBuf)],
    /// The text.
    pub documents: &'a [Document],
    /// How it is scored.
    pub options: Options,
    /// The pool of all threads.
    pub pool: &'a rayon::ThreadPool,
    /// About how long each thing is timed, in seconds.
    pub seconds: f64,
    /// What the run says of the arguments.
    pub asked: Asked,
    /// Whether the text is the program's own.
    pub shipped: bool,
    /// An earlier run that this one will be compared with, and its file: refused before anything is timed.
    pub earlier: Option<(&'a Run, &'a Path)>,
}

/// What only the front can tell, or do.
pub struct Outside<'a> {
    /// Seconds from some point on.
    pub clock: &'a (dyn Fn() -> f64 + Sync),
    /// The largest resident set so far, in bytes, if the system tells.
    pub memory: &'a (dyn Fn() -> Option<u64> + Sync),
    /// Reads the documents once more, and throws them away.
    pub read: &'a (dyn Fn() -> Result<()> + Sync),
    /// Starts the program and lets it do nothing, if that can be done.
    pub start: Option<&'a (dyn Fn() -> Result<()> + Sync)>,
    /// Is told how many rounds there will be, before each.
    pub progress: &'a mut (dyn FnMut(usize) + Send),
    /// Where it runs.
    pub machine: Machine,
    /// The largest resident set before anything was read, and with the documents.
    pub before: Option<(u64, u64)>,
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside").field("machine", &self.machine).finish_non_exhaustive()
    }
}

/// Times everything. All but the rows `all threads` and those of loading is done on one thread: that of the pool this is
/// called in, which should have no other.
///
/// # Errors
/// [`Error::Data`] for a text without a sentence that a bundle scores; as [`comparable`] and [`Desk::score`], and what `outside` gives.
pub fn bench(subject: &Subject<'_>, outside: Outside<'_>) -> Result<Run> {
    let Subject { desk, documents, options, .. } = *subject;
    let Outside { clock, memory, read, start, progress, machine, before } = outside;
    documents.iter().try_for_each(|document| desk.open(&desk.route(document, &options)))?;
    let loaded = memory();
    for document in documents {
        black_box(desk.score(document, &options)?);
    }
    let of = |(((start, text), loaded), scored)| Memory { start, text, loaded, scored };
    let memory = before.zip(loaded).zip(memory()).map(of);

    let prepared = Prepared::new(desk, documents, options)?;
    let text = facts(documents, prepared.sentences(), subject.shipped);
    if text.sentences == 0 {
        return Err(nothing(&text, desk));
    }
    if let Some((earlier, path)) = subject.earlier {
        comparable((&text, subject.pool.current_num_threads(), &subject.asked), earlier, path)?;
    }
    let ground = Ground::new(subject, prepared)?;
    let (names, mut works): (Vec<_>, Vec<_>) = jobs(&ground, read, start)?.into_iter().unzip();
    let timed = take(&mut works, subject.seconds, clock, progress)?;
    let timed: Vec<_> = names.into_iter().zip(timed).collect();
    Ok(Run {
        schema: BENCH_SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        machine,
        models: ground.scorers.iter().map(|scorer| scorer.name()).collect(),
        asked: subject.asked.clone(),
        threads: subject.pool.current_num_threads(),
        rounds: timed.first().map_or(0, |(_, timed)| timed.rounds.len()),
        rows: rows::rows(&timed, &text, ground.again),
        latency: rows::latency(&timed, &ground),
        speed_up: rows::speed_up(&timed),
        memory,
        text,
    })
}

/// What a run says of a text.
fn facts(documents: &[Document], sentences: usize, shipped: bool) -> TextFacts {
    let mut hash = Sha256::new();
    for document in documents {
        hash.update((document.text().len() as u64).to_le_bytes());
        hash.update(document.text());
    }
    let mut sha256 = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    let bytes = documents.iter().map(|document| document.text().len()).sum();
    TextFacts { shipped, bytes, documents: documents.len(), sentences, sha256 }
}

fn nothing(text: &TextFacts, desk: &Desk) -> Error {
    let langs: Vec<String> = desk.langs().map(|lang| format!("`{lang}`")).collect();
    Error::Data {
        what: "the text to time".into(),
        found: format!("{} bytes without a sentence that is scored", text.bytes),
        expected: format!("sentences in a language that there is a model for: {}", langs.join(", ")),
        cure: "name a text in one of them, or say its language with --lang".into(),
    }
}
