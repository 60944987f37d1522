//! `parallax label`: corrections in and out of their store, how far annotators agree, and what to read.
//!
//! In: [`Label`], the arguments. Out: ids, files of labelled records, measures, or sentences to be read. Start at `run`;
//! `agree`, `next` and `suspects` are in files of their own.

use super::console::Console;
use super::folder::Folder;
use super::output::{self, Output};
use super::{Outcome, Shared, agree, next, suspects};
use crate::error::{Error, Place, Result};
use crate::label::exchange::{self, Format, Notes};
use crate::label::records::corrections;
use crate::label::{Correction, Store, records, store};
use crate::train::record::Record;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Map, Value, json};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Arguments of `parallax label`.
#[derive(Debug, Args)]
pub struct Label {
    /// What to do.
    #[command(subcommand)]
    pub command: LabelCommand,
}

/// The commands under `parallax label`.
#[derive(Debug, Subcommand)]
pub enum LabelCommand {
    /// Store corrections from standard input, and say the number of each once it is on the disk
    Add(Add),
    /// Write corrections as labelled sentences, for training or for other tools
    Export(Export),
    /// Read labelled sentences of other tools
    Import(Import),
    /// Measure how far annotators agree with each other and with the model
    Agree(super::Agree),
    /// Rank unlabelled sentences: those that teach most come first
    Next(super::Next),
    /// List labelled sentences that models contradict which did not see them
    Suspects(super::Suspects),
}

/// Where corrections are.
#[derive(Debug, Args)]
pub struct StoreFile {
    /// File of corrections
    #[arg(long, value_name = "FILE", default_value = store::DEFAULT)]
    pub store: PathBuf,
}

/// Arguments of `parallax label add`.
#[derive(Debug, Args)]
#[command(after_help = "Reads one JSON object a line; without `time`, a correction gets the time when it is read.")]
pub struct Add {
    /// Where to.
    #[command(flatten)]
    pub file: StoreFile,
    /// Stop at the first line that cannot be used
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `parallax label export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Where from.
    #[command(flatten)]
    pub file: StoreFile,
    /// Write these labelled sentences (JSONL) instead of the store's; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "store")]
    pub data: Vec<PathBuf>,
    /// How to write them
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ExchangeFormat,
    /// Write to a file, which is replaced when all is done, or to a folder, which `brat` needs
    #[arg(long, short, value_name = "FILE|DIR", required_if_eq("format", "brat"))]
    pub out: Option<PathBuf>,
    /// Write only what this annotator labelled
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// Stop at the first record that cannot be used
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `parallax label import`.
#[derive(Debug, Args)]
pub struct Import {
    /// File, or folder of `brat`
    #[arg(value_name = "FILE|DIR")]
    pub from: PathBuf,
    /// What it is
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ExchangeFormat,
    /// Where to.
    #[command(flatten)]
    pub file: StoreFile,
    /// Write labelled sentences (JSONL) to a file instead of the store
    #[arg(long, short, value_name = "FILE", conflicts_with = "store")]
    pub out: Option<PathBuf>,
    /// Annotator of what names none
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// Language of what names none
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// Stop at the first record that cannot be used, and store nothing
    #[arg(long)]
    pub strict: bool,
}

/// `--format` of `parallax label export` and `import`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ExchangeFormat {
    /// Labelled sentences, one a line, as `parallax train --data` reads them
    #[default]
    Jsonl,
    /// Label Studio's JSON
    LabelStudio,
    /// doccano's JSONL
    Doccano,
    /// brat standoff: a folder of .txt and .ann files
    Brat,
    /// Columns: a token a line, its tags behind it
    Conll,
}

impl ExchangeFormat {
    const fn format(self) -> Format {
        match self {
            Self::Jsonl => Format::Jsonl,
            Self::LabelStudio => Format::LabelStudio,
            Self::Doccano => Format::Doccano,
            Self::Brat => Format::Brat,
            Self::Conll => Format::Conll,
        }
    }
}

pub(super) fn run(args: &Label, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    match &args.command {
        LabelCommand::Add(args) => add(args, console),
        LabelCommand::Export(args) => export(args, console),
        LabelCommand::Import(args) => import(args, console),
        LabelCommand::Agree(args) => agree::run(args, shared, console),
        LabelCommand::Next(args) => next::run(args, shared, console),
        LabelCommand::Suspects(args) => suspects::run(args, shared, console),
    }
}

/// The time, as corrections have it.
fn now() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

/// A line of standard input holds at most so many bytes.
const LONGEST_LINE: u64 = 16 << 20;

fn add(args: &Add, console: &Console) -> Result<Outcome> {
    let mut store = Store::open(&args.file.store)?;
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    let path = Path::new("<stdin>");
    let mut is_whole = true;
    for number in 1.. {
        let mut line = Vec::new();
        let read = io::Read::take(&mut input, LONGEST_LINE).read_until(b'\n', &mut line);
        if read.map_err(|source| Error::Read { path: path.into(), source })? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let place = Place::line(path, number);
        match correction(&line, &place).and_then(|correction| store.add(&correction)) {
            // Said when it is on the disk, and at once.
            Ok(id) => writeln!(out, "{id}").and_then(|()| out.flush()).map_err(output::refused(None))?,
            Err(error @ Error::Store { .. }) => return Err(error),
            Err(error) if args.strict => return Err(error),
            Err(error) => {
                console.error(&error);
                is_whole = false;
            }
        }
    }
    Ok(if is_whole { Outcome::Done } else { Outcome::Incomplete })
}

/// The correction of a line.
fn correction(line: &[u8], place: &Place) -> Result<Correction> {
    let mut map: Map<String, Value> = serde_json::from_slice(line).map_err(|error| Error::Input {
        place: place.clone(),
        found: format!("a line that is no JSON object ({error})"),
        expected: "a correction, one JSON object a line of at most 16 MiB".into(),
        cure: "correct the line".into(),
    })?;
    if !map.contains_key("time") {
        map.insert("time".into(), json!(now()));
    }
    Correction::from_map(map, place)
}

/// The records of a store or of files, with the errors of those that cannot be used.
pub(super) fn labelled(file: &Path, data: &[PathBuf], strict: bool, console: &Console) -> Result<(Vec<Record>, bool)> {
    if data.is_empty() {
        let store = Store::existing(file)?;
        return Ok((records(&store.all()?).into_iter().map(|one| one.record).collect(), true));
    }
    let (mut all, mut is_whole) = (Vec::new(), true);
    for path in data {
        let (records, errors) = exchange::read(path, Format::Jsonl, &mut Notes::default())?;
        is_whole &= said(errors, strict, console)?;
        all.extend(records);
    }
    Ok((all, is_whole))
}

/// Says the errors; whether there were none.
pub(super) fn said(mut errors: Vec<Error>, strict: bool, console: &Console) -> Result<bool> {
    if strict && !errors.is_empty() {
        return Err(errors.swap_remove(0));
    }
    errors.iter().for_each(|error| console.error(error));
    Ok(errors.is_empty())
}

fn export(args: &Export, console: &Console) -> Result<Outcome> {
    let (mut records, is_whole) = labelled(&args.file.store, &args.data, args.strict, console)?;
    if let Some(annotator) = &args.annotator {
        records.retain(|record| record.annotator.as_ref() == Some(annotator));
    }
    let mut notes = Notes::default();
    let files = exchange::write(&records, args.format.format(), &mut notes);
    match (args.format, &args.out) {
        (ExchangeFormat::Brat, Some(path)) => {
            let folder = Folder::open(path)?;
            let mut outputs = folder.outputs(files.iter().map(|(name, _)| name.clone()))?;
            for (output, (_, bytes)) in outputs.iter_mut().zip(&files) {
                let refused = output.refused();
                output.write_all(bytes).map_err(refused)?;
            }
            Output::finish_all(outputs)?;
            folder.keep();
        }
        (_, out) => output::write_all(out.as_deref(), files.first().map_or(&[], |(_, bytes)| bytes))?,
    }
    tell(&notes, console);
    console.note(&format!("{} labelled sentences", records.len()));
    Ok(if is_whole { Outcome::Done } else { Outcome::Incomplete })
}

fn import(args: &Import, console: &Console) -> Result<Outcome> {
    let mut notes = Notes::default();
    let (mut records, errors) = exchange::read(&args.from, args.format.format(), &mut notes)?;
    let is_whole = said(errors, args.strict, console)?;
    for record in &mut records {
        if record.annotator.is_none() {
            record.annotator.clone_from(&args.annotator);
        }
        if let Some(lang) = args.lang.as_ref().filter(|_| record.lang == "und") {
            record.lang.clone_from(lang);
        }
    }
    match &args.out {
        Some(out) => {
            let files = exchange::write(&records, Format::Jsonl, &mut notes);
            output::write_all(Some(out), files.first().map_or(&[], |(_, bytes)| bytes))?;
            console.note(&format!("{} labelled sentences", records.len()));
        }
        None => {
            let time = now();
            let all: Vec<Correction> = records.iter().flat_map(|record| corrections(record, &time)).collect();
            let ids = Store::open(&args.file.store)?.add_all(&all)?;
            console.note(&format!("{} labelled sentences, {} corrections", records.len(), ids.len()));
        }
    }
    tell(&notes, console);
    Ok(if is_whole { Outcome::Done } else { Outcome::Incomplete })
}

/// Says what a format could not.
fn tell(notes: &Notes, console: &Console) {
    for (what, times) in notes.iter() {
        console.note(&format!("{what}: {times}"));
    }
}
