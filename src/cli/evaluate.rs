//! `parallax evaluate`: labelled sentences and a bundle or a recipe → measures.
//!
//! In: [`Evaluate`], the arguments. Out: measures as text or JSON; exit code 1 where one is under
//! what `--fail-under` asks. Start at `run`.

use super::console::Console;
use super::{Outcome, Shared, output};
use crate::error::{Error, Result};
use crate::evaluate::{Gate, Settings, failed_gates, write_comparison, write_measures, write_span_measures};
use crate::model::Bundle;
use crate::score::Scorer;
use crate::train::evaluation::{Evaluation, of_bundle, of_recipe};
use crate::train::record::Record;
use crate::train::sources::Sources;
use crate::train::{ParallaxParams, ParamGuard, public};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::sync::Mutex;

/// Arguments of `parallax evaluate`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code: 0 done; 1 a measure is under --fail-under; 2 wrong usage or input.")]
pub struct Evaluate {
    /// Labelled sentences in JSONL; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub data: Vec<PathBuf>,
    /// Bundle to measure, by its name or folder
    #[arg(long, short, value_name = "NAME|DIR", default_value = "en", conflicts_with = "cv")]
    pub model: String,
    /// Another bundle: the differences are shown, with their intervals
    #[arg(long, value_name = "NAME|DIR", conflicts_with = "cv")]
    pub against: Option<String>,
    /// Measure a recipe instead, by cross-validation in K folds of whole groups
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(2..=100))]
    pub cv: Option<u16>,
    /// The recipe for --cv
    #[arg(long, value_name = "FILE", requires = "cv", default_value = "training/recipes/en.toml")]
    pub recipe: PathBuf,
    /// With --cv: more labelled sentences for every training part, never tested on
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "cv")]
    pub extra: Vec<PathBuf>,
    /// With --cv: leave out the sentences that come with parallax
    #[arg(long, requires = "cv")]
    pub only_data: bool,
    /// With --cv: bundle whose tokenizer and token vectors are used, by its name or folder
    #[arg(long, value_name = "NAME|DIR", default_value = "en")]
    pub base: String,
    /// Stop at the first record that cannot be used
    #[arg(long)]
    pub strict: bool,
    /// Go on without records that cannot be used, each named with its line, say at the end how many there were,
    /// and end with exit code 0; without this option it goes on too, and ends with exit code 2
    #[arg(long, conflicts_with = "strict")]
    pub skip_bad: bool,
    /// With --cv: train and measure these heads alone, with commas between them [default: every head in the data]
    #[arg(long, value_name = "HEADS", value_delimiter = ',', requires = "cv")]
    pub heads: Vec<String>,
    /// End with exit code 1 where a measure is worse, for instance bias.f1=0.7; may be given several times
    #[arg(long, value_name = "HEAD.MEASURE=X", value_delimiter = ',')]
    pub fail_under: Vec<Gate>,
    /// How to write the measures
    #[arg(long, short, value_enum, default_value_t)]
    pub format: MeasureFormat,
    /// Write to a file, which is replaced when all is done
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Bootstrap replicates for the intervals
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub replicates: usize,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// `--format` of `parallax evaluate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum MeasureFormat {
    /// Tables, for reading
    #[default]
    Text,
    /// One JSON object
    Json,
}

pub(super) fn run(args: &Evaluate, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let settings = Settings { replicates: args.replicates, seed: args.seed, ..Settings::default() };
    let pool = shared.pool()?;
    let (evaluation, rejected) = match args.cv {
        Some(folds) => cross_validated(args, shared, console, u32::from(folds), &settings)?,
        None => pool.install(|| measured(args, shared, console, &settings))?,
    };
    let text = match args.format {
        MeasureFormat::Json => {
            serde_json::to_string_pretty(&evaluation).map(|json| json + "\n").map_err(|e| e.to_string())
        }
        MeasureFormat::Text => in_words(&evaluation).map_err(|e| e.to_string()),
    };
    let refused = |e: String| Error::Write { path: "<stdout>".into(), source: std::io::Error::other(e) };
    output::write_all(args.out.as_deref(), text.map_err(refused)?.as_bytes())?;
    if args.skip_bad {
        console.note(&format!("records skipped: {rejected}"));
    }
    let failed = failed_gates(&args.fail_under, &evaluation.measures, &evaluation.spans)?;
    for gate in &failed {
        console.complain(&format!("gate failed: {gate}"));
    }
    Ok(match (failed.is_empty(), rejected) {
        (false, _) => Outcome::GateFailed,
        (true, bad) if bad == 0 || args.skip_bad => Outcome::Done,
        (true, _) => Outcome::Incomplete,
    })
}

/// A bundle, and another, measured on labelled sentences.
fn measured(args: &Evaluate, shared: &Shared, console: &Console, settings: &Settings) -> Result<(Evaluation, usize)> {
    let open = |name: &str| Scorer::open(&shared.shelves().find(Some(name), None)?);
    let scorer = open(&args.model)?;
    let other = args.against.as_deref().map(open).transpose()?;
    let (records, rejected) = records(args, scorer.bundle().manifest().lang.as_str(), console)?;
    let evaluation = of_bundle(&scorer, other.as_ref(), &records, settings)?;
    evaluation.notes.iter().for_each(|note| console.note(note));
    Ok((evaluation, rejected))
}

/// A recipe, cross-validated on labelled sentences.
fn cross_validated(
    args: &Evaluate,
    shared: &Shared,
    console: &mut Console,
    folds: u32,
    settings: &Settings,
) -> Result<(Evaluation, usize)> {
    let (mut params, _) = ParallaxParams::read(&args.recipe)?;
    if args.only_data {
        params = params.without_families();
    }
    let params = params.check()?;
    let base = Bundle::load(&shared.shelves().find(Some(&args.base), None)?)?;
    let sources = Sources::read(&params, &args.data, &args.extra, args.strict)?;
    sources.rejected.iter().for_each(|error| console.error(error));
    console.start_count("fits", None);
    let advance = Mutex::new(&mut *console);
    let progress = |_: usize, _: &str| {
        if let Ok(console) = advance.lock() {
            console.advance(1);
        }
    };
    let only = (!args.heads.is_empty()).then_some(args.heads.as_slice());
    let recipe = args.recipe.display().to_string();
    let measure = || of_recipe(&recipe, &params, &sources.examples, only, folds, &base, settings, &progress);
    let evaluation = shared.pool()?.install(measure)?;
    console.end_count();
    Ok((evaluation, sources.rejected.len()))
}

/// The labelled sentences; bad ones are reported and counted.
fn records(args: &Evaluate, lang: &str, console: &Console) -> Result<(Vec<Record>, usize)> {
    let (mut all, mut bad) = (Vec::new(), 0);
    for path in &args.data {
        let (records, errors) = public::read_lenient(path, lang)?;
        bad += errors.len();
        for error in errors {
            if args.strict {
                return Err(error);
            }
            console.error(&error);
        }
        let before = all.len() + records.len();
        all.extend(records.into_iter().filter(|r| r.is_in(lang)));
        if all.len() < before {
            console.note(&format!(
                "{}: records in another language than {lang}, left out: {}",
                path.display(),
                before - all.len()
            ));
        }
    }
    Ok((all, bad))
}

fn in_words(evaluation: &Evaluation) -> Result<String, std::fmt::Error> {
    let mut text = format!("{}\n", evaluation.model);
    for measures in &evaluation.measures {
        text.push('\n');
        write_measures(measures, &mut text)?;
    }
    for measures in &evaluation.spans {
        text.push('\n');
        write_span_measures(measures, &mut text)?;
    }
    if let Some(against) = &evaluation.against {
        text.push_str(&format!("\nagainst {against}\n"));
    }
    for comparison in &evaluation.comparisons {
        text.push('\n');
        write_comparison(comparison, &mut text)?;
    }
    Ok(text)
}
