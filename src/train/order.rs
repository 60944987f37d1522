//! From labelled files and a recipe to a bundle in its folder, with its card and receipt.
//!
//! In: an [`Order`]: a recipe, labelled files, a base and a folder. Out: the bundle, as it was read from the folder again. Start
//! at [`Order::read`]. What is fitted is in `trainer`.

use super::card;
use super::params::{ParallaxParams, ParallaxValidParams};
use super::prepare::Base;
use super::sources::Sources;
use super::trainer::{Progress, train_beside};
use crate::error::{Error, Result};
use crate::model::Bundle;
use crate::model::bundle::CARD;
use crate::model::container::{sha256_hex, writable, write_whole};
use crate::model::receipt::{Input, Kept, Receipt};
use linfa::ParamGuard;
use std::path::{Path, PathBuf};

/// Which bundle is to be made, of what.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The file of features, families and settings.
    pub recipe: &'a Path,
    /// Labelled sentences of the kind that will be scored.
    pub data: &'a [PathBuf],
    /// Labelled sentences of another kind, which teach neither probabilities nor thresholds.
    pub extra: &'a [PathBuf],
    /// The folder of the bundle whose tokenizer and vectors are used.
    pub base: &'a Path,
    /// The folder of the new bundle.
    pub out: &'a Path,
    /// Its name; `None` stands for its folder's.
    pub name: Option<&'a str>,
    /// The seed of everything random; `None` stands for the recipe's.
    pub seed: Option<u64>,
    /// Whether the families of the recipe are left out.
    pub only_data: bool,
    /// The heads to train; every head in the data where none is named.
    pub heads: &'a [String],
    /// Whether the other heads of the base are kept as they are.
    pub keep: bool,
    /// Whether a record that cannot be used is an error.
    pub strict: bool,
    /// What the card says it was made by.
    pub command: &'a str,
}

/// An order whose inputs were read.
#[derive(Debug)]
pub struct Placed<'a> {
    order: Order<'a>,
    params: ParallaxValidParams,
    recipe: String,
    sources: Sources,
}

impl<'a> Order<'a> {
    /// Reads recipe and labelled files.
    ///
    /// # Errors
    /// As [`ParallaxParams::read`] and [`Sources::read`]; [`Error::Settings`] for settings that do not hold together;
    /// [`Error::Write`] where the folder cannot be written.
    pub fn read(self) -> Result<Placed<'a>> {
        let (mut params, recipe) = ParallaxParams::read(self.recipe)?;
        let folder = self.out.file_name().map(|name| name.to_string_lossy().into_owned());
        if let Some(name) = self.name.map(str::to_owned).or(folder) {
            params = params.name(&name);
        }
        if let Some(seed) = self.seed {
            params = params.seed(seed);
        }
        if self.only_data {
            params = params.without_families();
        }
        let params = params.check()?;
        writable(self.out)?;
        let sources = Sources::read(&params, self.data, self.extra, self.strict)?;
        Ok(Placed { order: self, params, recipe, sources })
    }
}

impl Placed<'_> {
    /// Records that cannot be used and were left out.
    #[must_use]
    pub fn rejected(&self) -> &[Error] {
        &self.sources.rejected
    }

    /// Trains the bundle, writes it, and reads it again.
    ///
    /// # Errors
    /// As [`train_beside`], [`Bundle::load`] and [`Bundle::save`].
    pub fn fill(&self, progress: Progress<'_>) -> Result<Bundle> {
        let Self { order, params, recipe, sources } = self;
        let base = Bundle::load(order.base)?;
        let only = (!order.heads.is_empty()).then_some(order.heads);
        let kept = order.keep.then_some(&base.fitted);
        let mut trained = train_beside(params, &sources.examples, only, Base::of(&base), kept, progress)?;
        let (mut inputs, mut params) = (sources.inputs.clone(), params.clone());
        if order.keep {
            // What was kept goes on to say how it was made.
            let before = base.receipt().clone();
            trained.heads.extend(before.heads.into_iter().filter(|(head, _)| !order.heads.contains(head)));
            params.card = format!("{}\n\n{}", card_of(&kept_of(&base).recipe).trim(), params.card.trim());
            let known = |input: &Input| inputs.iter().any(|i| i.sha256 == input.sha256);
            let kept: Vec<Input> = before.inputs.into_iter().filter(|input| !known(input)).collect();
            inputs.extend(kept);
            let fits = before.fits.into_iter().filter(|fit| !is_of(&fit.what, order.heads));
            trained.fits = fits.chain(trained.fits).collect();
        }
        let receipt = Receipt {
            kept: order.keep.then(|| kept_of(&base)),
            update: None,
            parallax: env!("CARGO_PKG_VERSION").to_owned(),
            seed: params.seed,
            recipe_sha256: sha256_hex(recipe.as_bytes()),
            recipe: recipe.clone(),
            inputs,
            heads: trained.heads,
            fits: trained.fits,
        };
        let card = card::write(&params, &receipt, order.command);
        let identity = (params.name.as_str(), params.version.as_str(), params.lang.as_str());
        Bundle::new(identity, base.tokenizer, (base.vectors, base.words), trained.fitted, receipt).save(order.out)?;
        write_whole(&order.out.join(CARD), card.as_bytes())?;
        Bundle::load(order.out)
    }
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
