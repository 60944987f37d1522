//! `parallax train --add`: a bundle and a few more labelled sentences → a bundle that is near it, and what changes.
//!
//! In: [`Update`], the arguments beside those of `train`. Out: a new version, which waits to be accepted
//! (`parallax versions accept`), or a folder; and the change as text or JSON. Start at `run`.

use super::asked::sources;
use super::console::Console;
use super::train::Train;
use super::{Outcome, Shared, output};
use crate::corpus::{Inputs, Reading};
use crate::error::{Error, Result};
use crate::model::container::Manifest;
use crate::model::versions::{self, Versions};
use crate::text::Document;
use crate::train::public;
use crate::train::record::Record;
use crate::train::update::candidate::Folders;
use crate::train::update::{self, Change, Settings, candidate, write_change};
use clap::{Args, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Arguments of `parallax train --add`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Teaching --base a few more sentences")]
pub struct Update {
    /// Labelled sentences (JSONL) or a store of corrections to teach --base beside what it knows: in seconds, and
    /// near what it was. Prints what changes; the new version waits for `parallax versions accept`
    #[arg(
        long,
        value_name = "FILE",
        num_args = 1..,
        conflicts_with_all = ["recipe", "data", "extra", "only_data", "heads", "keep", "name"]
    )]
    pub add: Vec<PathBuf>,
    /// With --add: what an added sentence weighs beside one on which the heads are to stay as they are; more of it learns
    /// faster, and forgets faster
    #[arg(long, value_name = "X", default_value_t = 4.0, requires = "add")]
    pub weight: f64,
    /// With --add: texts whose verdicts are set beside each other before and after, as `score` reads them
    /// [default: invented texts that come with parallax]
    #[arg(long, value_name = "FILE|DIR", num_args = 1.., requires = "add")]
    pub reference: Vec<PathBuf>,
    /// With --add: bundle that verdicts are set beside [default: the version in use, or else --base]
    #[arg(long, value_name = "NAME|DIR", requires = "add")]
    pub against: Option<String>,
    /// With --add: folder of versions
    #[arg(long, value_name = "DIR", default_value = versions::DEFAULT, requires = "add")]
    pub versions: PathBuf,
    /// With --add: how to write what changes
    #[arg(long, short, value_enum, default_value_t, requires = "add")]
    pub format: ChangeFormat,
}

/// `--format` of `parallax train --add`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ChangeFormat {
    /// For reading
    #[default]
    Text,
    /// One JSON object, with every verdict that changes
    Json,
}

pub(super) fn run(args: &Train, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let asked = &args.update;
    let base = shared.shelves().find(Some(&args.base), None)?;
    let lang = Manifest::read(&base)?.lang;
    let (records, rejected) = records(args, &lang, console)?;
    let (reference, unread) = reference(&asked.reference, &lang, console)?;
    let rejected = rejected + unread;
    let versions = Versions::new(&asked.versions);
    let against = match &asked.against {
        Some(against) => shared.shelves().find(Some(against), None)?,
        None => versions.current()?.remove(&lang).unwrap_or_else(|| base.clone()),
    };
    let (number, out) = match &args.out {
        Some(out) => (1, out.clone()),
        None => versions.begin(&lang)?,
    };
    let settings = Settings { weight: asked.weight, seed: args.seed.unwrap_or_default(), ..Settings::default() };
    console.start_count("fits", None);
    let shown = Mutex::new(&mut *console);
    let progress = |_: usize| {
        if let Ok(console) = shown.lock() {
            console.advance(1);
        }
    };
    let folders = Folders { base: &base, against: &against, out: &out };
    let make = || candidate(folders, number, &records, &reference, &settings, &progress);
    let made = shared.pool()?.install(make);
    let proposed = made.and_then(|change| match &args.out {
        Some(_) => Ok(change),
        None => versions.propose(&lang, number).map(|()| change),
    });
    if proposed.is_err() && args.out.is_none() {
        // Of a version that nobody proposed nothing is to be left.
        let _ = fs::remove_dir_all(&out);
    }
    let change = proposed?;
    console.end_count();
    output::write_all(None, &written(&change, asked.format)?)?;
    if args.out.is_none() {
        let folder = versions.folder().display();
        console.note(&format!(
            "{}: waits; put it into use with: parallax versions accept --versions {folder}",
            out.display()
        ));
    } else {
        console.note(&format!("{}: version {}", out.display(), change.model.version));
    }
    if args.skip_bad {
        console.note(&format!("records skipped: {rejected}"));
    }
    Ok(if rejected == 0 || args.skip_bad { Outcome::Done } else { Outcome::Incomplete })
}

fn written(change: &Change, format: ChangeFormat) -> Result<Vec<u8>> {
    let refused = |e: String| Error::Write { path: "<stdout>".into(), source: std::io::Error::other(e) };
    let mut text = String::new();
    match format {
        ChangeFormat::Text => write_change(change, &mut text).map_err(|e| refused(e.to_string()))?,
        ChangeFormat::Json => {
            text = serde_json::to_string_pretty(change).map_err(|e| refused(e.to_string()))?;
            text.push('\n');
        }
    }
    Ok(text.into_bytes())
}

/// The records to add; bad ones are said and counted.
fn records(args: &Train, lang: &str, console: &Console) -> Result<(Vec<Record>, usize)> {
    let (mut all, mut bad) = (Vec::new(), 0);
    for path in &args.update.add {
        let (records, mut errors) = read(path, lang)?;
        if args.strict && !errors.is_empty() {
            return Err(errors.swap_remove(0));
        }
        errors.iter().for_each(|error| console.error(error));
        bad += errors.len();
        let others = records.iter().filter(|r| !r.is_in(lang)).count();
        if others > 0 {
            console.note(&format!("{}: records in another language than {lang}, left out: {others}", path.display()));
        }
        all.extend(records);
    }
    Ok((all, bad))
}

/// What every file of SQLite begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Records of a store of corrections, or of a file of labelled sentences.
fn read(path: &Path, lang: &str) -> Result<(Vec<Record>, Vec<Error>)> {
    let refused = |source| Error::Read { path: path.to_path_buf(), source };
    let mut first = Vec::new();
    let file = fs::File::open(path).map_err(refused)?;
    std::io::Read::read_to_end(&mut std::io::Read::take(file, SQLITE.len() as u64), &mut first).map_err(refused)?;
    if first != SQLITE {
        return public::read_lenient(path, lang);
    }
    #[cfg(feature = "label")]
    {
        let stored = crate::label::Store::existing(path)?.all()?;
        Ok((crate::label::records(&stored).into_iter().map(|judged| judged.record).collect(), Vec::new()))
    }
    #[cfg(not(feature = "label"))]
    Err(Error::Input {
        place: crate::error::Place::file(path),
        found: "a store of corrections".into(),
        expected: "labelled sentences in JSONL".into(),
        cure: "use a parallax that was built with the feature `label`".into(),
    })
}

/// The reference corpus, the texts that are named or those that come with parallax; and how many cannot be read.
fn reference(inputs: &[PathBuf], lang: &str, console: &Console) -> Result<(Vec<Document>, usize)> {
    if inputs.is_empty() {
        return Ok((update::reference(lang)?, 0));
    }
    let (mut documents, mut unread) = (Vec::new(), 0);
    for read in Inputs::new(sources(inputs), Reading::default()) {
        match read {
            Ok(document) => documents.push(document),
            Err(error) => {
                console.error(&error);
                unread += 1;
            }
        }
    }
    if documents.is_empty() {
        return Err(Error::Settings {
            setting: "--reference".into(),
            found: "no text that can be read".into(),
            expected: "texts in which verdicts before and after are set beside each other".into(),
        });
    }
    Ok((documents, unread))
}
