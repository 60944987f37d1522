//! A bundle with some of its heads alone: less is computed, and less is reported.
//!
//! In: a [`Bundle`], and names of heads. Out: the bundle without the others. Start at [`Bundle::keep`]. What remains gives
//! the same scores as before.

use super::Bundle;
use super::weights::Weights;
use crate::error::{Error, Result};
use crate::heads::{Head, attribution, loaded, stance};

impl Bundle {
    /// Drops all heads but these. `stance` needs `attribution`, whose sources its holders are chosen from.
    ///
    /// # Errors
    /// [`Error::Settings`] where a head is not in the bundle, none is named, or `stance` is without `attribution`.
    pub fn keep(&mut self, heads: &[String]) -> Result<()> {
        let refused = |found: String, expected: String| Error::Settings { setting: "--heads".into(), found, expected };
        let known = self.fitted.names();
        let all = || format!("heads of the bundle {}: {}", self.manifest.name, known.join(", "));
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
        let fitted = &mut self.fitted;
        let outputs = |head: &Head| std::iter::repeat_n(is_kept(&head.name), head.outputs());
        let kept: Vec<bool> = fitted.heads.iter().flat_map(outputs).collect();
        if kept.contains(&false) {
            fitted.weights = only(&fitted.weights, &kept);
        }
        fitted.heads.retain(|head| is_kept(&head.name));
        if fitted.heads.is_empty() {
            // Nothing asks for their pools.
            fitted.markers.clear();
            fitted.weights.pools.clear();
        }
        fitted.spans.loaded.take_if(|_| !is_kept(loaded::NAME));
        fitted.spans.attribution.take_if(|_| !is_kept(attribution::NAME));
        fitted.stance.take_if(|_| !is_kept(stance::NAME));
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
