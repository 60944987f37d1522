//! `parallax bench`: inputs and bundles → how fast they are scored here.
//!
//! In: [`Bench`], the arguments. Out: a [`Run`](crate::bench::Run), as text or JSON, and how it differs from an earlier
//! one; exit code 1 where a row is slower than `--fail-slower` lets it be. Start at `run`. The clock, memory and the
//! machine are read here and handed to [`crate::bench`].

use super::asked::{Asked, sources};
use super::console::Console;
use super::evaluate::MeasureFormat;
use super::output::Output;
use super::score::{RegionsName, UnitName};
use super::{Outcome, Shared, machine};
use crate::bench::{self, Against, Outside, Run, Subject, bench, write_against, write_run};
use crate::corpus::{Inputs, Kind, Reading, Source};
use crate::error::{Error, Place, Result};
use crate::model::Shelves;
use crate::model::container::Manifest;
use crate::score::{Desk, Options};
use crate::text::Document;
use clap::{Args, ValueEnum};
use rayon::ThreadPoolBuilder;
use serde::Serialize;
use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// The text that is timed where none is named, by language: made of this project's contrast families by
/// `examples/bench_text.rs`.
const SHIPPED: [(&str, &str); 2] =
    [("en", include_str!("../../training/bench/en.jsonl")), ("ar", include_str!("../../training/bench/ar.jsonl"))];

/// The most bytes that standard input, or a saved run, may have.
const MOST_STDIN: u64 = 1 << 30;
const MOST_SAVED: u64 = 64 << 20;

/// Arguments of `parallax bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each head is timed with bundles of its own, so this takes several times the memory that scoring does.\n\n\
Exit code: 0 done; 1 a row is slower than --fail-slower lets it be; 2 wrong usage or input."
)]
pub struct Bench {
    /// Text, HTML, JSONL, CSV, TSV or Parquet files, folders or patterns of them, or `-` for
    /// standard input [default: a text that comes with parallax]
    #[arg(value_name = "FILES|DIRS|-")]
    pub inputs: Vec<PathBuf>,
    /// What an input record is
    #[arg(long, value_enum, default_value_t)]
    pub unit: UnitName,
    /// Which regions of a document to score
    #[arg(long, value_enum, default_value_t)]
    pub regions: RegionsName,
    /// How to read and what to score with
    #[command(flatten)]
    pub asked: Asked,
    /// About how long to time each of some twenty-five rows
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    pub seconds: f64,
    /// Take documents until they have so many megabytes, and leave the others; the first is taken whatever its size
    #[arg(long, value_name = "MB", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Compare with an earlier run on the same text, which --save wrote
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// End with exit code 1 where a row is slower by more than so many per cent, and by more than the noise
    #[arg(long, value_name = "PERCENT", requires = "against", value_parser = percent)]
    pub fail_slower: Option<f64>,
    /// Save the run as JSON, for a later --against
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// How to write the run
    #[arg(long, short, value_enum, default_value_t)]
    pub format: MeasureFormat,
    /// Write to a file, which is replaced when all is done
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What is written as JSON: the run, and its comparison.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    run: &'a Run,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<&'a Against>,
}

/// The inputs, which can be read again and again.
struct Texts {
    /// Of the program, by language; empty where the user named something.
    shipped: Vec<&'static str>,
    named: Vec<PathBuf>,
    /// What came in on standard input.
    stdin: Option<Arc<[u8]>>,
    reading: Reading,
    limit: usize,
}

/// The documents of one reading.
struct Gathered {
    documents: Vec<Document>,
    errors: Vec<Error>,
    /// Whether there are more than the limit lets in.
    is_cut: bool,
}

pub(super) fn run(args: &Bench, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let before = machine::peak_memory();
    let earlier = args.against.as_deref().map(|path| Ok((Run::from_json(path, &saved(path)?)?, path))).transpose()?;
    let shelves = shared.shelves();
    let folders = folders(&args.asked, &shelves)?;
    let entries = args.asked.entries()?;
    let asked = asked(args, entries.len());
    let desk = args.asked.scoring.desk(&shelves)?.toward(args.asked.targets(entries)?);
    let texts = Texts::of(args, &desk)?;
    let save = args.save.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let output = Output::open(args.out.as_deref())?;

    let gathered = texts.gather();
    gathered.errors.iter().for_each(|error| console.error(error));
    if gathered.is_cut {
        console.note(&format!("only the first documents up to {} MB are timed; --limit takes more", args.limit));
    }
    let with_text = machine::peak_memory();
    let pool = shared.pool()?;
    let subject = Subject {
        desk: &desk,
        folders: &folders,
        documents: &gathered.documents,
        options: Options { unit: args.unit.unit(), scope: args.regions.scope(), ..Options::default() },
        pool: &pool,
        seconds: args.seconds,
        asked,
        shipped: !texts.shipped.is_empty(),
        earlier: earlier.as_ref().map(|(run, path)| (run, *path)),
    };
    let start = Instant::now();
    let program = machine::program();
    let start_up = || program.clone().map_or(Ok(()), machine::start_up);
    let mut is_counting = false;
    let mut progress = |rounds: usize| {
        if is_counting {
            console.advance(1);
        } else {
            console.start_count("rounds", Some(rounds as u64));
            is_counting = true;
        }
    };
    let outside = Outside {
        clock: &|| start.elapsed().as_secs_f64(),
        memory: &machine::peak_memory,
        read: &|| {
            drop(texts.gather());
            Ok(())
        },
        start: program.is_some().then_some(&start_up),
        progress: &mut progress,
        machine: machine::facts(),
        before: before.zip(with_text),
    };
    let one = ThreadPoolBuilder::new().num_threads(1).build().map_err(|error| Error::Settings {
        setting: "--threads".into(),
        found: error.to_string(),
        expected: "a thread that the system lets run".into(),
    })?;
    let run = one.install(|| bench(&subject, outside))?;
    console.end_count();
    let against = earlier.as_ref().map(|(earlier, path)| bench::against(&run, earlier, path)).transpose()?;

    let mut outputs = vec![written(output, &told(&run, against.as_ref(), args.format)?)?];
    if let Some(save) = save {
        outputs.push(written(save, &json(&Told { run: &run, against: None })?)?);
    }
    Output::finish_all(outputs)?;
    let mut outcome = if gathered.errors.is_empty() { Outcome::Done } else { Outcome::Incomplete };
    for row in against.iter().flat_map(|against| &against.rows) {
        if args.fail_slower.is_some_and(|most| row.slower_percent() > most) {
            console.complain(&format!("{}: {} is {:.1} % slower", row.group, row.name, row.slower_percent()));
            outcome = Outcome::GateFailed;
        }
    }
    Ok(outcome)
}

impl Texts {
    fn of(args: &Bench, desk: &Desk) -> Result<Self> {
        let limit = args.limit as usize * 1_000_000;
        if args.inputs.is_empty() {
            let is_scored = |(lang, _): &&(&str, &str)| desk.langs().any(|known| known == *lang);
            let mut shipped: Vec<&str> = SHIPPED.iter().filter(is_scored).map(|(_, text)| *text).collect();
            if shipped.is_empty() {
                shipped = SHIPPED.iter().map(|(_, text)| *text).collect();
            }
            let reading = Reading { kind: Kind::Jsonl, ..Reading::default() };
            return Ok(Self { shipped, named: Vec::new(), stdin: None, reading, limit });
        }
        let is_stdin = args.inputs.iter().any(|path| path.as_os_str() == "-");
        let stdin = if is_stdin { Some(read("<stdin>".as_ref(), io::stdin(), MOST_STDIN)?.into()) } else { None };
        Ok(Self {
            shipped: Vec::new(),
            named: args.inputs.clone(),
            stdin,
            reading: args.asked.scoring.reading(),
            limit,
        })
    }

    /// Reads documents up to the limit.
    fn gather(&self) -> Gathered {
        let stream = |(number, text): (usize, &&'static str)| Source::Stream {
            name: format!("<text {}>", number + 1).into(),
            read: Box::new(text.as_bytes()),
        };
        let mut all: Vec<Source> = self.shipped.iter().enumerate().map(stream).collect();
        for named in sources(&self.named) {
            all.push(match (named, &self.stdin) {
                (Source::Stream { name, .. }, Some(bytes)) => {
                    Source::Stream { name, read: Box::new(Cursor::new(Arc::clone(bytes))) }
                }
                (named, _) => named,
            });
        }
        let mut gathered = Gathered { documents: Vec::new(), errors: Vec::new(), is_cut: false };
        let mut bytes = 0;
        for item in Inputs::new(all, self.reading.clone()) {
            match item {
                Ok(_) if bytes >= self.limit => {
                    gathered.is_cut = true;
                    break;
                }
                Ok(document) => {
                    bytes += document.text().len();
                    gathered.documents.push(document);
                }
                Err(error) => gathered.errors.push(error),
            }
        }
        gathered
    }
}

/// The folder of every bundle that may be asked to score, by language.
fn folders(asked: &Asked, shelves: &Shelves) -> Result<Vec<(String, PathBuf)>> {
    let with_lang = |folder: PathBuf| Ok((Manifest::read(&folder)?.lang, folder));
    match (asked.scoring.model.is_empty(), asked.scoring.lang.as_deref()) {
        (true, None) => shelves.languages(),
        (true, lang) => Ok(vec![with_lang(shelves.find(None, lang)?)?]),
        (false, _) => asked.scoring.model.iter().map(|model| with_lang(shelves.find(Some(model), None)?)).collect(),
    }
}

/// What the run says of the arguments.
fn asked(args: &Bench, aliases: usize) -> bench::Asked {
    let name = |value: Option<clap::builder::PossibleValue>| value.map(|v| v.get_name().to_owned()).unwrap_or_default();
    bench::Asked {
        unit: name(args.unit.to_possible_value()),
        regions: name(args.regions.to_possible_value()),
        lang: args.asked.scoring.lang.clone(),
        heads: args.asked.scoring.heads.clone(),
        targets: args.asked.target.clone(),
        aliases,
    }
}

/// The run in its format.
fn told(run: &Run, against: Option<&Against>, format: MeasureFormat) -> Result<String> {
    if format == MeasureFormat::Json {
        return json(&Told { run, against });
    }
    let mut text = String::new();
    let written = write_run(run, &mut text).and_then(|()| against.map_or(Ok(()), |a| write_against(a, &mut text)));
    written.map_err(|error| Error::Write { path: "<stdout>".into(), source: io::Error::other(error) })?;
    Ok(text)
}

fn json(told: &Told<'_>) -> Result<String> {
    let json = serde_json::to_string(told).map(|json| json + "\n");
    json.map_err(|error| Error::Write { path: "<stdout>".into(), source: error.into() })
}

fn written(mut output: Output, text: &str) -> Result<Output> {
    let refused = output.refused();
    output.write_all(text.as_bytes()).map_err(refused)?;
    Ok(output)
}

/// The bytes of a saved run.
fn saved(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    read(path, file, MOST_SAVED)
}

/// All of a stream, which may not have more than so many bytes.
fn read(name: &Path, stream: impl Read, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = stream.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|source| Error::Read { path: name.to_path_buf(), source })?;
    if bytes.len() as u64 > most {
        return Err(Error::Input {
            place: Place::file(name),
            found: format!("more than {} MiB", most >> 20),
            expected: "less".into(),
            cure: "take a part of it: a benchmark needs a few megabytes".into(),
        });
    }
    Ok(bytes)
}

/// `--seconds`: more than 0, at most an hour.
fn seconds(value: &str) -> std::result::Result<f64, String> {
    number(value, 3600.0).filter(|seconds| *seconds > 0.0).ok_or_else(|| "expected more than 0, at most 3600".into())
}

/// `--fail-slower`: from 0.
fn percent(value: &str) -> std::result::Result<f64, String> {
    number(value, 1e6).ok_or_else(|| "expected a number from 0, such as 10".into())
}

fn number(value: &str, most: f64) -> Option<f64> {
    value.parse().ok().filter(|value: &f64| (0.0..=most).contains(value))
}
