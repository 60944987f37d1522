//! `parallax label next`: inputs → sentences that nobody labelled, those that teach most first.
//!
//! In: [`Next`], the arguments. Out: a queue as text or JSON Lines. Start at `run`. Documents are read and scored as
//! `parallax score` does it.

use super::asked::{Scoring, given};
use super::console::Console;
use super::label::{StoreFile, labelled};
use super::score::{RegionsName, UnitName, next_batch, scored_batch};
use super::{Outcome, Shared, output};
use crate::corpus::Inputs;
use crate::error::{Error, Result};
use crate::label::Store;
use crate::label::next::{
    self, Candidate, Labelled, Settings, Vector, candidate, candidates, line, queue, vector, write_queue,
};
use crate::report::Report;
use crate::score::{Desk, Options};
use crate::text::Document;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;

/// Arguments of `parallax label next`.
#[derive(Debug, Args)]
#[command(
    after_help = "A JSON line of the queue is a correction without `head` and `new`: see src/label/next/line.rs."
)]
pub struct Next {
    /// Text, HTML, JSONL, CSV, TSV or Parquet files, folders or patterns of them, or `-` for standard input
    #[arg(value_name = "FILES|DIRS|-")]
    pub inputs: Vec<PathBuf>,
    /// How to read and what to score with; the heads are those whose doubts count
    #[command(flatten)]
    pub scoring: Scoring,
    /// What an input record is
    #[arg(long, value_enum, default_value_t)]
    pub unit: UnitName,
    /// Which regions of a document to score
    #[arg(long, value_enum, default_value_t)]
    pub regions: RegionsName,
    /// Where corrections are, whose sentences are left out; it need not be there.
    #[command(flatten)]
    pub file: StoreFile,
    /// Leave out the sentences of these labelled ones (JSONL) too; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub data: Vec<PathBuf>,
    /// Sentences at most
    #[arg(long, short = 'n', value_name = "N", default_value_t = Settings::default().count)]
    pub count: usize,
    /// What being unlike the others counts beside uncertainty, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = Settings::default().diversity)]
    pub diversity: f64,
    /// How to write the queue
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Write to a file, which is replaced when all is done
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Stop at the first input that cannot be used
    #[arg(long)]
    pub strict: bool,
}

/// `--format` of `parallax label next` and `suspects`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ListFormat {
    /// For reading
    #[default]
    Text,
    /// One JSON object a line
    Jsonl,
}

pub(super) fn run(args: &Next, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let settings = args.settings()?;
    let labelled = args.labelled(console)?;
    let mut inputs = Inputs::new(given(&args.inputs)?, args.scoring.reading());
    let desk = args.scoring.desk(&shared.shelves())?;
    let pool = shared.pool()?;
    let options = args.options();
    let mut read = Read::default();
    console.start_count("documents", None);
    loop {
        let batch = next_batch(&mut inputs);
        if batch.is_empty() {
            break;
        }
        console.advance(batch.len());
        for item in pool.install(|| scored_batch(&desk, batch, &options))? {
            match item {
                Ok((document, report)) => read.add(&desk, document, &report, args, &labelled)?,
                Err(error) if args.strict => return Err(error),
                Err(error) => {
                    console.error(&error);
                    read.left_out += 1;
                }
            }
        }
    }
    console.end_count();
    let known = pool.install(|| known(&desk, &labelled, &read.candidates, &args.scoring.heads))?;
    let of = |candidate: &Candidate| vector(&desk, &candidate.lang, &candidate.text);
    let next = pool.install(|| queue(&read.candidates, &known, &of, &settings))?;
    let text = match args.format {
        ListFormat::Text => in_words(&read, &next, &options)?,
        ListFormat::Jsonl => lines(&desk, &read, &next, &options)?,
    };
    output::write_all(args.out.as_deref(), text.as_bytes())?;
    console.note(&format!(
        "{} of {} sentences that nobody labelled; labelled already: {}",
        next.len(),
        read.candidates.len(),
        read.labelled
    ));
    Ok(if read.left_out == 0 { Outcome::Done } else { Outcome::Incomplete })
}

impl Next {
    /// How the queue is made.
    fn settings(&self) -> Result<Settings> {
        if !(0.0..=1.0).contains(&self.diversity) {
            return Err(Error::Settings {
                setting: "--diversity".into(),
                found: self.diversity.to_string(),
                expected: "a number from 0 to 1".into(),
            });
        }
        candidate::check_heads(&self.scoring.heads)?;
        Ok(Settings { count: self.count, diversity: self.diversity })
    }

    fn options(&self) -> Options {
        let offsets = self.scoring.offsets.unit();
        Options { unit: self.unit.unit(), scope: self.regions.scope(), offsets, ..Options::default() }
    }

    /// What is labelled already.
    fn labelled(&self, console: &Console) -> Result<Labelled> {
        let mut known = Labelled::default();
        if self.file.store.exists() {
            known.add_corrections(&Store::existing(&self.file.store)?.all()?);
        }
        if !self.data.is_empty() {
            known.add_records(&labelled(&self.file.store, &self.data, self.strict, console)?.0);
        }
        Ok(known)
    }
}

/// The documents that were read, and what of them may be read next.
#[derive(Debug, Default)]
struct Read {
    documents: Vec<Document>,
    candidates: Vec<Candidate>,
    /// How many sentences are labelled already.
    labelled: usize,
    /// How many inputs could not be used.
    left_out: usize,
}

impl Read {
    fn add(
        &mut self,
        desk: &Desk,
        document: Document,
        report: &Report,
        args: &Next,
        labelled: &Labelled,
    ) -> Result<()> {
        let heads = &args.scoring.heads;
        let mut found = candidates(desk, (self.documents.len(), &document), report, heads)?;
        let all = found.len();
        labelled.take_away(&mut found, &document, heads);
        self.labelled += all - found.len();
        self.candidates.append(&mut found);
        self.documents.push(document);
        Ok(())
    }
}

/// The vectors of the sentences that are labelled already, in the languages of the candidates.
fn known(desk: &Desk, labelled: &Labelled, candidates: &[Candidate], heads: &[String]) -> Result<Vec<Vector>> {
    let mut langs: Vec<&str> = candidates.iter().map(|candidate| candidate.lang.as_str()).collect();
    langs.sort_unstable();
    langs.dedup();
    let texts: Vec<(&str, &str)> =
        langs.into_iter().flat_map(|lang| labelled.texts(lang, heads).map(move |text| (lang, text))).collect();
    texts.into_par_iter().map(|(lang, text)| vector(desk, lang, text)).collect()
}

fn in_words(read: &Read, queue: &[next::Next], options: &Options) -> Result<String> {
    let mut text = String::new();
    let of = |next: &next::Next| {
        let candidate = &read.candidates[next.candidate];
        (&read.documents[candidate.document], candidate, *next)
    };
    let queue: Vec<_> = queue.iter().map(of).collect();
    let written = write_queue(&queue, options.offsets, &mut text);
    written.map_err(|error| Error::Write { path: "<stdout>".into(), source: std::io::Error::other(error) })?;
    Ok(text)
}

/// A line for each sentence of the queue. Their documents, few of those that were read, are scored again for it: the reports
/// of all would not fit into memory.
fn lines(desk: &Desk, read: &Read, queue: &[next::Next], options: &Options) -> Result<String> {
    let mut reports: BTreeMap<usize, Report> = BTreeMap::new();
    let mut text = String::new();
    for (next, rank) in queue.iter().zip(1..) {
        let candidate = &read.candidates[next.candidate];
        let document = &read.documents[candidate.document];
        let report = match reports.entry(candidate.document) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(desk.score(document, options)?),
        };
        if let Some(line) = line(document, report, candidate, (rank, next), options.offsets) {
            let json = serde_json::to_string(&line);
            let refused = |error: serde_json::Error| Error::Write { path: "<stdout>".into(), source: error.into() };
            text.push_str(&json.map_err(refused)?);
            text.push('\n');
        }
    }
    Ok(text)
}
