//! `parallax train`: labelled sentences and a recipe → a bundle.
//!
//! In: [`Train`], the arguments. Out: a bundle's folder with its card and receipt. Start at `run`. With `--add` a bundle is
//! not trained from the start: `update.rs`.

use super::console::Console;
use super::update::{self, Update};
use super::{Outcome, Shared};
use crate::error::Result;
use crate::train::order::Order;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Arguments of `parallax train`.
#[derive(Debug, Args)]
#[command(after_help = "Without --data, trains on the sentences that come with parallax alone.")]
pub struct Train {
    /// Recipe: features, families and settings
    #[arg(long, value_name = "FILE", default_value = "training/recipes/en.toml")]
    pub recipe: PathBuf,
    /// Labelled sentences in JSONL, of the kind that will be scored; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub data: Vec<PathBuf>,
    /// More labelled sentences, of another kind: features are learned from them, but neither
    /// probabilities nor thresholds
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub extra: Vec<PathBuf>,
    /// Bundle whose tokenizer and token vectors are used, by its name or folder
    #[arg(long, value_name = "NAME|DIR", default_value = "en")]
    pub base: String,
    /// Folder of the new bundle
    #[arg(long, short, value_name = "DIR", required_unless_present = "add")]
    pub out: Option<PathBuf>,
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
    /// Keep the other heads of --base as they are; goes with --heads stance
    #[arg(long, requires = "heads")]
    pub keep: bool,
    /// Stop at the first record that cannot be used
    #[arg(long)]
    pub strict: bool,
    /// Go on without records that cannot be used, each named with its line, say at the end how many there were,
    /// and end with exit code 0; without this option it goes on too, and ends with exit code 2
    #[arg(long, conflicts_with = "strict")]
    pub skip_bad: bool,
    /// Teaching --base a few more sentences.
    #[command(flatten)]
    pub update: Update,
}

pub(super) fn run(args: &Train, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    match &args.out {
        _ if !args.update.add.is_empty() => update::run(args, shared, console),
        Some(out) => from_the_start(args, out, shared, console),
        None => unreachable!("--out is required without --add"),
    }
}

fn from_the_start(args: &Train, out: &Path, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let base = shared.shelves().find(Some(&args.base), None)?;
    let command = command(args, out);
    let order = Order {
        recipe: &args.recipe,
        data: &args.data,
        extra: &args.extra,
        base: &base,
        out,
        name: args.name.as_deref(),
        seed: args.seed,
        only_data: args.only_data,
        heads: &args.heads,
        keep: args.keep,
        strict: args.strict,
        command: &command,
    };
    let placed = order.read()?;
    for error in placed.rejected() {
        console.error(error);
    }
    console.start_count("fits", None);
    let shown = Mutex::new((&mut *console, false));
    let progress = |total: usize, _: &str| {
        if let Ok(mut shown) = shown.lock() {
            if !shown.1 {
                shown.0.start_count("fits", Some(total as u64));
                shown.1 = true;
            }
            shown.0.advance(1);
        }
    };
    let bundle = shared.pool()?.install(|| placed.fill(&progress))?;
    console.end_count();
    for (head, receipt) in &bundle.receipt().heads {
        let score = |name: &str| receipt.scores.get(name).map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
        let shown: &[(&str, &str)] = if bundle.span_heads().names().any(|name| name == head) {
            &[("F1 of words", "word_f1"), ("of exact spans", "exact_f1")]
        } else {
            &[("macro-F1", "macro_f1"), ("AUC", "auc"), ("calibration error", "ece")]
        };
        let shown: Vec<String> = shown.iter().map(|(what, name)| format!("{what} {}", score(name))).collect();
        console.note(&format!("{head}: {} records; held out: {}", receipt.records, shown.join(", ")));
    }
    console.note(&format!("{}: heads: {}", out.display(), bundle.manifest().heads.join(", ")));
    let rejected = placed.rejected().len();
    if args.skip_bad {
        console.note(&format!("records skipped: {rejected}"));
    }
    Ok(if rejected == 0 || args.skip_bad { Outcome::Done } else { Outcome::Incomplete })
}

/// The command that makes the same bundle again.
fn command(args: &Train, out: &Path) -> String {
    let mut words = vec!["parallax train".to_owned(), format!("--recipe {}", args.recipe.display())];
    let mut paths = |flag: &str, paths: &[PathBuf]| {
        words.extend(paths.iter().map(|path: &PathBuf| format!("{flag} {}", Path::new(path).display())));
    };
    paths("--data", &args.data);
    paths("--extra", &args.extra);
    paths("--out", &[out.to_path_buf()]);
    words.push(format!("--base {}", args.base));
    if let Some(name) = &args.name {
        words.push(format!("--name {name}"));
    }
    if let Some(seed) = args.seed {
        words.push(format!("--seed {seed}"));
    }
    for (flag, given) in [("--only-data", args.only_data), ("--skip-bad", args.skip_bad), ("--keep", args.keep)] {
        if given {
            words.push(flag.to_owned());
        }
    }
    if !args.heads.is_empty() {
        words.push(format!("--heads {}", args.heads.join(",")));
    }
    words.join(" \\\n  ")
}
