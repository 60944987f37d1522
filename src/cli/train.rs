//! `parallax train`: labelled sentences and a recipe → a bundle.
//!
//! In: [`Train`], the arguments. Out: a bundle's folder. Start at `run`.

use super::console::Console;
use super::{Outcome, Shared};
use crate::error::{Error, Result};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `parallax train`.
#[derive(Debug, Args)]
pub struct Train {
    /// Recipe: features, heads and settings
    #[arg(long, value_name = "FILE", default_value = "training/recipes/en.toml")]
    pub recipe: PathBuf,
    /// Labelled sentences in JSONL; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub data: Vec<PathBuf>,
    /// Bundle whose tokenizer and token vectors are used, by its name or folder
    #[arg(long, value_name = "NAME|DIR", default_value = "en")]
    pub base: String,
    /// Folder of the new bundle
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
    /// Name of the new bundle [default: the name of its folder]
    #[arg(long)]
    pub name: Option<String>,
    /// Seed of everything random [default: the recipe's]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Train on --data alone, without the sentences that come with parallax
    #[arg(long, requires = "data")]
    pub only_data: bool,
    /// Train these heads alone, with commas between them [default: every head in the data]
    #[arg(long, value_name = "HEADS", value_delimiter = ',')]
    pub heads: Vec<String>,
    /// Stop at the first record that cannot be used
    #[arg(long)]
    pub strict: bool,
}

pub(super) fn run(args: &Train, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let _ = (args, shared, console);
    Err(Error::Settings { setting: "train".into(), found: "no trainer".into(), expected: "one".into() })
}
