//! `parallax score`: inputs → documents → [`Desk`](crate::score::Desk) → reports, in input order.
//!
//! In: [`Score`], the arguments. Out: reports. Start at `run`. Documents are read in batches, a batch
//! is scored on all threads and written in the order it was read: the output is the same for any
//! number of threads, and memory does not grow with the number of documents.

use super::asked::{Asked, given};
use super::console::Console;
use super::folder::Folder;
use super::format::{Format, TableName, Writer};
use super::output::{self, Output};
use super::tables::{self, Tables};
use super::{Outcome, Shared};
use crate::corpus::Inputs;
use crate::error::{Error, Result};
use crate::report::Report;
use crate::report::csv::Table;
use crate::score::{Desk, Options, Route, Scope, StandingTally, Unit};
use crate::text::{Document, Extraction};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// A batch ends with this many documents, or when their texts reach [`BATCH_BYTES`].
const BATCH_DOCUMENTS: usize = 256;
const BATCH_BYTES: usize = 8 << 20;

/// Reasons shown a logit in text and on a page, where `--top` does not say.
const REASONS_TO_READ: usize = 8;

/// Arguments of `parallax score`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code: 0 done; 2 wrong usage, or some input could not be used (see standard error).")]
pub struct Score {
    /// Text, HTML, JSONL, CSV, TSV or Parquet files, folders or patterns of them, or `-` for standard input
    ///
    /// In a folder, files ending in .txt, .md, .text, .html, .htm, .xhtml, .jsonl, .ndjson, .csv, .tsv or .parquet are read,
    /// and all but the last with .gz or .zst behind it, sorted by name; hidden ones are not. A pattern with *, ? or [ that is
    /// no file's name, such as 'news/**/*.csv.gz', stands for what it matches, sorted by name. Without any of these, standard
    /// input is read, unless it is a terminal.
    #[arg(value_name = "FILES|DIRS|-")]
    pub inputs: Vec<PathBuf>,
    /// How to write the reports [default: text; with --tables parquet]
    #[arg(long, short, value_enum)]
    pub format: Option<Format>,
    /// Which table to write, with --format csv [default: sentences; with --out DIR/ all]
    #[arg(long, value_enum, value_name = "TABLE")]
    pub table: Option<TableName>,
    /// What an input record is
    #[arg(long, value_enum, default_value_t)]
    pub unit: UnitName,
    /// Which regions of a document to score
    #[arg(long, value_enum, default_value_t)]
    pub regions: RegionsName,
    /// How to read and what to score with
    #[command(flatten)]
    pub asked: Asked,
    /// Show what each token adds to each logit
    #[arg(long)]
    pub explain: bool,
    /// Explain with the N largest contributions a logit [default: all; in text and html 8]
    #[arg(long, value_name = "N", requires = "explain")]
    pub top: Option<usize>,
    /// Stop at the first input that cannot be used; with --out nothing is written then, and with --tables what is finished
    /// can be gone on with
    #[arg(long)]
    pub strict: bool,
    /// Write to a file, which is replaced when all is done
    ///
    /// With --format csv and without --table it may be a folder, for a file a table: one that is there,
    /// or a name that ends in a slash.
    #[arg(long, short, value_name = "FILE|DIR/")]
    pub out: Option<PathBuf>,
    /// Write to a JSON file who stands where over all documents, with evidence
    ///
    /// Toward the targets of --target, else the ten that are mentioned most. With --format text and html it stands at
    /// the end too, if there are several documents.
    #[arg(long, value_name = "FILE")]
    pub standing: Option<PathBuf>,
    /// Tables for a corpus.
    #[command(flatten)]
    pub tables: Tables,
}

/// `--unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum UnitName {
    /// A document, to be cut into sentences
    #[default]
    Document,
    /// One sentence
    Sentence,
}

/// `--regions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum RegionsName {
    /// Headline and body; the others are masked
    #[default]
    Article,
    /// The whole text, as body
    All,
}

impl UnitName {
    pub(super) const fn unit(self) -> Unit {
        match self {
            Self::Document => Unit::Document,
            Self::Sentence => Unit::Sentence,
        }
    }
}

impl RegionsName {
    pub(super) const fn scope(self) -> Scope {
        match self {
            Self::Article => Scope::Article,
            Self::All => Scope::All,
        }
    }
}

impl Score {
    /// How reports are written, where they are no tables.
    fn format(&self) -> Format {
        self.format.unwrap_or(Format::Text)
    }

    /// Whether a corpus becomes tables.
    fn has_tables(&self) -> bool {
        !self.tables.tables.is_empty() || self.format == Some(Format::Parquet)
    }

    /// Refuses what clap cannot know to be wrong.
    fn check(&self) -> Result<()> {
        self.tables.check_alone()?;
        if self.table.is_none() || self.format() == Format::Csv {
            return Ok(());
        }
        let format = self.format().to_possible_value().map(|value| value.get_name().to_owned());
        Err(Error::Settings {
            setting: "--table".into(),
            found: format!("--format {}", format.unwrap_or_default()),
            expected: "--format csv, the only one that has tables".into(),
        })
    }

    /// The folder for all tables, if that is what `--out` names.
    fn folder(&self) -> Result<Option<Folder>> {
        let is_folder = |out: &&PathBuf| self.format() == Format::Csv && self.table.is_none() && output::is_folder(out);
        self.out.as_ref().filter(is_folder).map(|out| Folder::open(out)).transpose()
    }

    pub(super) fn options(&self) -> Options {
        Options {
            unit: self.unit.unit(),
            scope: self.regions.scope(),
            offsets: self.asked.scoring.offsets.unit(),
            // A page always has its reasons.
            explain: self.explain || self.format() == Format::Html,
            top: self.top.or(matches!(self.format(), Format::Text | Format::Html).then_some(REASONS_TO_READ)),
        }
    }
}

pub(super) fn run(args: &Score, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    if args.has_tables() {
        return tables::run(args, shared, console);
    }
    args.check()?;
    let mut inputs = Inputs::new(given(&args.inputs)?, args.asked.scoring.reading());
    let desk = args.asked.scoring.desk(&shared.shelves())?.toward(args.asked.targets(args.asked.entries()?)?);
    let options = args.options();
    let pool = shared.pool()?;
    // Before the writer: a folder can go away when the files in it have.
    let folder = args.folder()?;
    let is_named = args.out.is_some();
    let refused = output::refused(args.out.as_deref());
    let mut writer = match &folder {
        Some(folder) => {
            let outputs = folder.outputs(Table::ALL.map(|table| format!("{}.csv", table.name())))?;
            Writer::tables(Table::ALL.into_iter().zip(outputs))
        }
        None => {
            let output = Output::open(args.out.as_deref())?;
            Writer::new(args.format(), args.table, output, console.style(is_named))?
        }
    };
    let standing = args.standing.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let (mut tally, mut has_stances) = (StandingTally::default(), false);
    let mut unseen: BTreeSet<&str> = args.asked.target.iter().map(String::as_str).collect();
    // On one terminal, a count would run into the reports.
    if is_named || !io::stdout().is_terminal() {
        console.start_count("documents", None);
    }

    let (mut scored, mut left_out, mut stopped_by) = (0, 0, None);
    let mut unsupported: BTreeMap<String, usize> = BTreeMap::new();
    while stopped_by.is_none() {
        let batch = next_batch(&mut inputs);
        if batch.is_empty() {
            break;
        }
        let batch = match pool.install(|| scored_batch(&desk, batch, &options)) {
            Ok(batch) => batch,
            Err(error) => {
                stopped_by = Some(error);
                break;
            }
        };
        console.advance(batch.len());
        for item in batch {
            match item {
                Ok((document, report)) => {
                    if document.extraction() == Some(Extraction::Page) {
                        let note = "no article was found in this page; all of its text is scored";
                        console.note(&format!("{}: {note}", document.id()));
                    }
                    let answered = report.stances.as_ref().map_or(0, Vec::len);
                    if report.stances.is_some() && answered < document.targets().len() {
                        let missed = document.targets().len() - answered;
                        console.note(&format!("{}: targets in no sentence that is scored: {missed}", document.id()));
                    }
                    writer.write(&document, &report).map_err(&refused)?;
                    tally.add(&report);
                    has_stances |= report.stances.is_some();
                    report.stances.iter().flatten().for_each(|stance| {
                        unseen.remove(stance.target.name.as_str());
                    });
                    if report.supported || !report.sentences.is_empty() {
                        scored += 1;
                    } else {
                        *unsupported.entry(report.lang).or_default() += 1;
                    }
                }
                Err(error) if args.strict => {
                    stopped_by = Some(error);
                    break;
                }
                Err(error) => {
                    console.error(&error);
                    left_out += 1;
                }
            }
        }
    }

    let told = tally.standing(&args.asked.target);
    if tally.documents() > 1 && has_stances && stopped_by.is_none() {
        writer.standing(&told).map_err(&refused)?;
    }
    let outputs = writer.finish().map_err(&refused)?;
    if let Some(error) = stopped_by {
        // What stands on standard output already is completed; a file does not get its name.
        if !is_named {
            Output::finish_all(outputs)?;
        }
        return Err(error);
    }
    Output::finish_all(outputs)?;
    if let Some(mut output) = standing {
        let refused = output.refused();
        let written = serde_json::to_writer_pretty(&mut output, &told).map_err(io::Error::from);
        written.and_then(|()| output.write_all(b"\n")).map_err(refused)?;
        output.finish()?;
    }
    if let Some(folder) = folder {
        folder.keep();
    }
    console.end_count();
    if inputs.skipped() > 0 {
        console.note(&format!("files in folders with another extension, not read: {}", inputs.skipped()));
    }
    if !unsupported.is_empty() {
        let found: Vec<String> = unsupported.iter().map(|(lang, count)| format!("{lang} {count}")).collect();
        let there: Vec<String> = desk.langs().map(|lang| format!("`{lang}`")).collect();
        let (found, there) = (found.join(", "), there.join(", "));
        console.note(&format!("documents in a language without a model, not scored: {found}; there is {there}"));
    }
    if has_stances && !unseen.is_empty() {
        let unseen: Vec<&str> = unseen.into_iter().collect();
        console.note(&format!("targets that no text mentions where it is scored: {}", unseen.join(", ")));
    }
    if left_out == 0 {
        return Ok(Outcome::Done);
    }
    console.note(&format!("inputs that could not be used: {left_out}; documents scored: {scored}"));
    Ok(Outcome::Incomplete)
}

/// The documents of a batch with their reports, in order.
///
/// # Errors
/// What stops all: a bundle that cannot be read.
pub(super) fn scored_batch(
    desk: &Desk,
    batch: Vec<Result<Document>>,
    options: &Options,
) -> Result<Vec<Result<(Document, Report)>>> {
    let route = |read: Result<Document>| read.map(|document| (desk.route(&document, options), document));
    let routed: Vec<Result<(Route, Document)>> = batch.into_par_iter().map(route).collect();
    // Before the threads, so that none of them has to, and a damaged bundle is said once.
    routed.iter().flatten().try_for_each(|(route, _)| desk.open(route))?;
    let score = |read: Result<(Route, Document)>| {
        let (route, document) = read?;
        let report = desk.score_routed(&document, &route, options)?;
        Ok((document, report))
    };
    Ok(routed.into_par_iter().map(score).collect())
}

/// The next items, in order; none at the end.
pub(super) fn next_batch(inputs: &mut Inputs) -> Vec<Result<Document>> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH_DOCUMENTS && bytes < BATCH_BYTES {
        let Some(item) = inputs.next() else { break };
        bytes += item.as_ref().map_or(0, |document| document.text().len());
        batch.push(item);
    }
    batch
}
