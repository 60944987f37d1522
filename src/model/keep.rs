//! Some of a bundle's heads alone: less is computed, and less is reported.
//!
//! In: a [`Bundle`], and names of heads. Out: the bundle without the others ([`Bundle::keep`]), or, of a bundle that others
//! use too, which of its heads are asked for ([`Kept`]). What remains gives the same scores either way.

use super::Bundle;
use super::weights::Weights;
use crate::error::{Error, Result};
use crate::heads::{Head, attribution, loaded, stance};

/// Which heads of a bundle are asked for; the bundle may have others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// For each sentence head, in the order of their outputs, whether it is.
    pub sentence: Vec<bool>,
    /// Whether `loaded` is, and there.
    pub loaded: bool,
    /// Whether `attribution` is, and there.
    pub attribution: bool,
    /// Whether `stance` is, and there.
    pub stance: bool,
}

impl Kept {
    /// All heads of a bundle.
    #[must_use]
    pub fn all(bundle: &Bundle) -> Self {
        Self::where_named(bundle, |_| true)
    }

    /// These heads of a bundle. `stance` needs `attribution`, whose sources its holders are chosen from.
    ///
    /// # Errors
    /// [`Error::Settings`] where a head is not in the bundle, none is named, or `stance` is without `attribution`.
    pub fn of(bundle: &Bundle, heads: &[String]) -> Result<Self> {
        let refused = |found: String, expected: String| Error::Settings { setting: "--heads".into(), found, expected };
        let known = bundle.fitted.names();
        let all = || format!("heads of the bundle {}: {}", bundle.manifest.name, known.join(", "));
        if heads.is_empty() {
            return Err(refused("no head".into(), all()));
        }
        if let Some(unknown) = heads.iter().find(|head| !known.contains(head)) {
            return Err(refused(format!("`{unknown}`"), all()));
        }
        let is_kept = |name: &str| heads.iter().any(|head| head == name);
        if is_kept(stance::NAME) && !is_kept(attribution::NAME) {
            let found = format!("`{}` without `{}`", stance::NAME, attribution::NAME);
            return Err(refused(found, "both: whose a stance is hangs on the attributions".into()));
        }
        Ok(Self::where_named(bundle, is_kept))
    }

    /// Whether a span head is among them.
    #[must_use]
    pub const fn has_spans(&self) -> bool {
        self.loaded || self.attribution
    }

    fn where_named(bundle: &Bundle, is_kept: impl Fn(&str) -> bool) -> Self {
        let fitted = &bundle.fitted;
        Self {
            sentence: fitted.heads.iter().map(|head| is_kept(&head.name)).collect(),
            loaded: fitted.spans.loaded.is_some() && is_kept(loaded::NAME),
            attribution: fitted.spans.attribution.is_some() && is_kept(attribution::NAME),
            stance: fitted.stance.is_some() && is_kept(stance::NAME),
        }
    }
}

impl Bundle {
    /// Drops all heads but these.
    ///
    /// # Errors
    /// As [`Kept::of`].
    pub fn keep(&mut self, heads: &[String]) -> Result<()> {
        let Kept { sentence, loaded, attribution, stance } = Kept::of(self, heads)?;
        let fitted = &mut self.fitted;
        let outputs = |(head, kept): (&Head, &bool)| std::iter::repeat_n(*kept, head.outputs());
        let kept: Vec<bool> = fitted.heads.iter().zip(&sentence).flat_map(outputs).collect();
        if kept.contains(&false) {
            fitted.weights = only(&fitted.weights, &kept);
        }
        let mut sentence = sentence.into_iter();
        fitted.heads.retain(|_| sentence.next().unwrap_or_default());
        if fitted.heads.is_empty() {
            // Nothing asks for their pools.
            fitted.markers.clear();
            fitted.weights.pools.clear();
        }
        fitted.spans.loaded.take_if(|_| !loaded);
        fitted.spans.attribution.take_if(|_| !attribution);
        fitted.stance.take_if(|_| !stance);
        self.manifest.heads = self.fitted.names();
        Ok(())
    }
}

/// The weights of some outputs.
fn only(weights: &Weights, kept: &[bool]) -> Weights {
    let n = weights.outputs.max(1);
    let columns = |table: &[f32]| {
        let of_row = |row: &[f32]| row.iter().zip(kept).filter(|(_, kept)| **kept).map(|(w, _)| *w).collect::<Vec<_>>();
        table.chunks_exact(n).flat_map(of_row).collect()
    };
    let width = weights.vectors.len() / n;
    let rows = weights.vectors.chunks_exact(width.max(1)).zip(kept).filter(|(_, kept)| **kept);
    Weights {
        outputs: kept.iter().filter(|kept| **kept).count(),
        intercepts: weights.intercepts.iter().zip(kept).filter(|(_, kept)| **kept).map(|(w, _)| *w).collect(),
        ngrams: columns(&weights.ngrams),
        classes: columns(&weights.classes),
        vectors: rows.flat_map(|(row, _)| row.iter().copied()).collect(),
        pools: columns(&weights.pools),
    }
}
