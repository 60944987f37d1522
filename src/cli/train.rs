//! `parallax train`: labelled sentences and a recipe → a bundle.
//!
//! In: [`Train`], the arguments. Out: a bundle's folder with its card and receipt. Start at `run`. With `--add` a bundle is
//! not trained from the start: `update.rs`.

use super::card;
use super::console::Console;
use super::update::{self, Update};
use super::{Outcome, Shared};
use crate::error::Result;
use crate::model::container::{sha256_hex, writable};
use crate::model::receipt::{Input, Kept, Receipt};
use crate::model::{Bundle, bundle};
use crate::train::params::{ParallaxParams, ParallaxValidParams};
use crate::train::prepare::Base;
use crate::train::sources::Sources;
use crate::train::train_beside;
use clap::Args;
use linfa::ParamGuard;
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
    let (mut params, recipe) = settings(args, out)?;
    writable(out)?;
    let base = Bundle::load(&shared.shelves().find(Some(&args.base), None)?)?;
    let mut sources = Sources::read(&params, &args.data, &args.extra, args.strict)?;
    for error in &sources.rejected {
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
    let ground = Base::of(&base);
    let only = (!args.heads.is_empty()).then_some(args.heads.as_slice());
    let kept = args.keep.then_some(&base.fitted);
    let fit = || train_beside(&params, &sources.examples, only, ground, kept, &progress);
    let mut trained = shared.pool()?.install(fit)?;
    console.end_count();
    if args.keep {
        // What was kept goes on to say how it was made.
        let before = base.receipt().clone();
        trained.heads.extend(before.heads.into_iter().filter(|(head, _)| !args.heads.contains(head)));
        params.card = format!("{}\n\n{}", card_of(&kept_of(&base).recipe).trim(), params.card.trim());
        let known = |input: &Input| sources.inputs.iter().any(|i| i.sha256 == input.sha256);
        let kept: Vec<Input> = before.inputs.into_iter().filter(|input| !known(input)).collect();
        sources.inputs.extend(kept);
        trained.fits =
            before.fits.into_iter().filter(|fit| !is_of(&fit.what, &args.heads)).chain(trained.fits).collect();
    }
    let receipt = Receipt {
        kept: args.keep.then(|| kept_of(&base)),
        update: None,
        parallax: env!("CARGO_PKG_VERSION").to_owned(),
        seed: params.seed,
        recipe_sha256: sha256_hex(recipe.as_bytes()),
        recipe,
        inputs: sources.inputs,
        heads: trained.heads,
        fits: trained.fits,
    };
    let card = card::write(&params, &receipt, &command(args, out));
    let identity = (params.name.as_str(), params.version.as_str(), params.lang.as_str());
    Bundle::new(identity, base.tokenizer, (base.vectors, base.words), trained.fitted, receipt).save(out)?;
    super::output::write_all(Some(&out.join(bundle::CARD)), card.as_bytes())?;
    let bundle = Bundle::load(out)?;
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
    if args.skip_bad {
        console.note(&format!("records skipped: {}", sources.rejected.len()));
    }
    Ok(if sources.rejected.is_empty() || args.skip_bad { Outcome::Done } else { Outcome::Incomplete })
}

fn settings(args: &Train, out: &Path) -> Result<(ParallaxValidParams, String)> {
    let (mut params, recipe) = ParallaxParams::read(&args.recipe)?;
    let folder = out.file_name().map(|name| name.to_string_lossy().into_owned());
    if let Some(name) = args.name.clone().or(folder) {
        params = params.name(&name);
    }
    if let Some(seed) = args.seed {
        params = params.seed(seed);
    }
    if args.only_data {
        params = params.without_families();
    }
    Ok((params.check()?, recipe))
}

/// Where the other heads of a bundle came from.
fn kept_of(base: &Bundle) -> Kept {
    let receipt = base.receipt();
    receipt.kept.clone().unwrap_or_else(|| Kept { sha256: base.sha256().to_owned(), recipe: receipt.recipe.clone() })
}

/// The text that a recipe gives the card; empty where it gives none.
fn card_of(recipe: &str) -> String {
    let table: toml::Table = toml::from_str(recipe).unwrap_or_default();
    table.get("card").and_then(toml::Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a fit is of one of these heads: what a fit is called begins with the head's name, and goes on, if it does, with
/// a comma, a space or, before a class, an equals sign.
fn is_of(what: &str, heads: &[String]) -> bool {
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with([',', ' ', '=']);
    heads.iter().any(|head| what.strip_prefix(head.as_str()).is_some_and(goes_on))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_is_of_the_head_whose_whole_name_it_begins_with() {
        let heads = ["stance".to_owned(), "tone".to_owned()];
        for what in
            ["stance", "stance, without fold 0", "stance holder", "tone=negative, n-grams", "tone, second layer"]
        {
            assert!(is_of(what, &heads), "{what}");
        }
        for what in ["stance_x, n-grams", "stances", "bias, stance", "toned=1, n-grams", ""] {
            assert!(!is_of(what, &heads), "{what}");
        }
    }
}
