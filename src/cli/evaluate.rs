//! `parallax evaluate`: labelled sentences and a bundle or a recipe → measures.
//!
//! In: [`Evaluate`], the arguments. Out: measures as text or JSON; exit code 1 where one is under
//! what `--fail-under` asks. Start at `run`.

use super::console::Console;
use super::{Outcome, Shared};
use crate::error::{Error, Result};
use crate::evaluate::Gate;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

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
    /// Seed of the bootstrap, and with --cv of the training
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
    let _ = (args, shared, console);
    Err(Error::Settings { setting: "evaluate".into(), found: "no measures".into(), expected: "some".into() })
}
