//! `parallax compare`: inputs → reports → one [`Comparison`].
//!
//! In: [`Compare`], the arguments. Out: a comparison. Start at `run`. All documents are read and scored before anything
//! is compared, so memory grows with them.

use super::asked::{Asked, sources};
use super::console::Console;
use super::output::{self, Output};
use super::{Outcome, Shared};
use crate::compare::{MOST_OUTLETS, Told, compare, shared_targets};
use crate::corpus::{AliasEntry, Inputs};
use crate::error::{Error, Result};
use crate::report::comparison::Comparison;
use crate::report::html;
use crate::report::terminal::comparison as page;
use crate::score::{Desk, Options, Targets};
use crate::text::{Actors, Document};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

/// More documents than these are refused before they are scored.
const MOST_DOCUMENTS: usize = 20_000;

/// Arguments of `parallax compare`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code: 0 done; 2 wrong usage, or some input could not be used (see standard error).")]
pub struct Compare {
    /// Articles on one event: 2 to 50 text or HTML files or records of JSONL, CSV, TSV or Parquet, folders or patterns of
    /// files, or `-` for standard input
    #[arg(value_name = "FILES|DIRS|-", required = true)]
    pub inputs: Vec<PathBuf>,
    /// Fold the articles of each outlet into one; the outlet of a record is what it has under KEY or in that column
    ///
    /// The outlet of a text or HTML file is the name of the folder that it is in, whatever KEY is; where its path has
    /// no folder, its own name without its ending. Without this option each article is an outlet of its own.
    #[arg(long, short, value_name = "KEY")]
    pub group_by: Option<String>,
    /// How to write the comparison
    #[arg(long, short, value_enum, default_value_t)]
    pub format: CompareFormat,
    /// How to read and what to score with
    #[command(flatten)]
    pub asked: Asked,
    /// Write to a file, which is replaced when all is done
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `--format` of `compare`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CompareFormat {
    /// For reading: tables, then statements under each other
    #[default]
    Text,
    /// One JSON object, indented
    Json,
    /// One JSON object on one line
    Jsonl,
    /// A page for the browser that needs nothing but itself: aligned columns, bars, links from numbers to sentences
    Html,
}

impl Compare {
    /// The actors of the table, the user's file and the targets.
    fn actors(&self, mut entries: Vec<AliasEntry>) -> Actors {
        for target in &self.asked.target {
            if !entries.iter().any(|(name, forms)| name == target || forms.contains(target)) {
                entries.push((target.clone(), vec![target.clone()]));
            }
        }
        Actors::with(entries)
    }

    /// The documents, and whether some input could not be used.
    fn documents(&self, console: &Console) -> Result<(Vec<Document>, bool)> {
        let mut inputs = Inputs::new(sources(&self.inputs), self.asked.scoring.reading());
        if let Some(key) = &self.group_by {
            inputs = inputs.grouped_by(key);
        }
        let (mut documents, mut left_out) = (Vec::new(), Vec::new());
        for read in &mut inputs {
            match read {
                Ok(document) => documents.push(document),
                Err(error) => left_out.push(error),
            }
            if documents.len() > MOST_DOCUMENTS {
                return Err(too_many(documents.len(), "documents", MOST_DOCUMENTS));
            }
        }
        // Where nothing is left to compare, the first error is why.
        if documents.len() < 2 && !left_out.is_empty() {
            return Err(left_out.swap_remove(0));
        }
        left_out.iter().for_each(|error| console.error(error));
        let outlets: BTreeSet<&str> = documents.iter().map(outlet).collect();
        if outlets.len() > MOST_OUTLETS {
            return Err(too_many(outlets.len(), "outlets", MOST_OUTLETS));
        }
        Ok((documents, !left_out.is_empty()))
    }
}

/// The outlet that a document is of: itself, where it is in no group.
fn outlet(document: &Document) -> &str {
    document.group().unwrap_or(document.id())
}

fn too_many(found: usize, what: &str, most: usize) -> Error {
    Error::Settings {
        setting: "FILES|DIRS|-".into(),
        found: format!("{found} {what} or more"),
        expected: format!("at most {most}; --group-by folds the articles of an outlet into one"),
    }
}

pub(super) fn run(args: &Compare, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let entries = args.asked.entries()?;
    let targets = args.asked.targets(entries.clone())?;
    let actors = args.actors(entries.clone());
    let desk = args.asked.scoring.desk(&shared.shelves())?.toward(targets.of_all());
    let (documents, is_incomplete) = args.documents(console)?;
    let pool = shared.pool()?;
    let mut told = pool.install(|| score(&desk, documents))?;
    if args.asked.target.is_empty() {
        // Each text chose its own targets; now all are asked about the same.
        let shared = shared_targets(&told, &actors);
        let desk = desk.toward(Targets::with_forms(shared, entries).of_all());
        let documents = told.into_iter().map(|told| told.document).collect();
        told = pool.install(|| score(&desk, documents))?;
        return finish(args, console, &told, &desk, &actors, is_incomplete, &pool);
    }
    finish(args, console, &told, &desk, &actors, is_incomplete, &pool)
}

/// Compares what was scored, and writes it.
fn finish(
    args: &Compare,
    console: &Console,
    told: &[Told],
    desk: &Desk,
    actors: &Actors,
    is_incomplete: bool,
    pool: &rayon::ThreadPool,
) -> Result<Outcome> {
    let comparison =
        pool.install(|| compare(told, desk, actors, args.asked.scoring.offsets.unit(), args.group_by.as_deref()))?;
    let mut out = Output::open(args.out.as_deref())?;
    let refused = output::refused(args.out.as_deref());
    write(args, console, &comparison, &mut out).map_err(refused)?;
    out.finish()?;
    Ok(if is_incomplete { Outcome::Incomplete } else { Outcome::Done })
}

/// Scores all documents, in order.
fn score(desk: &Desk, documents: Vec<Document>) -> Result<Vec<Told>> {
    let options = Options::default();
    let routed: Vec<_> =
        documents.into_par_iter().map(|document| (desk.route(&document, &options), document)).collect();
    // Before the threads, so that a damaged bundle is said once.
    routed.iter().try_for_each(|(route, _)| desk.open(route))?;
    let told = |(route, document): (_, Document)| {
        let report = desk.score_routed(&document, &route, &options)?;
        Ok(Told { outlet: outlet(&document).to_owned(), document, report })
    };
    routed.into_par_iter().map(told).collect()
}

fn write(args: &Compare, console: &Console, comparison: &Comparison, out: &mut Output) -> std::io::Result<()> {
    match args.format {
        CompareFormat::Text => page::write(out, comparison, console.style(args.out.is_some())),
        CompareFormat::Json => out.write_all(comparison.to_json(true)?.as_bytes()),
        CompareFormat::Jsonl => out.write_all(comparison.to_json(false)?.as_bytes()),
        CompareFormat::Html => out.write_all(html::comparison::page(comparison).as_bytes()),
    }
}
