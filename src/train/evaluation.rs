//! A bundle or a recipe, measured on labelled sentences.
//!
//! In: a [`Scorer`] and records, or settings and examples. Out: an [`Evaluation`]: measures with their intervals, by head. Start at
//! [`of_bundle`]. The measures themselves are in [`crate::evaluate`].

use super::crossval::cross_validate;
use super::gold;
use super::params::ParallaxValidParams;
use super::prepare::{Base, Example};
use super::record::Record;
use super::trainer::Progress;
use crate::error::Result;
use crate::evaluate::{Comparison, Measures, Settings, SpanMeasures, compare, compare_spans, measure, measure_spans};
use crate::heads::label::Label;
use crate::model::Bundle;
use crate::score::Scorer;
use serde::Serialize;

/// The measures by head, and the differences to another bundle.
#[derive(Debug, Serialize)]
pub struct Evaluation {
    /// What was measured: a bundle's name and version, or a recipe's cross-validation.
    pub model: String,
    /// The other bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// The sentence heads, and the head `stance`.
    pub measures: Vec<Measures>,
    /// The heads that mark spans.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<SpanMeasures>,
    /// For each head that both bundles have, how they differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comparisons: Vec<Comparison>,
    /// What could not be compared, for a reader.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// Measures a bundle, and how another differs from it, on records in its language.
///
/// # Errors
/// As [`gold::score`], [`measure()`] and [`measure_spans`].
pub fn of_bundle(
    scorer: &Scorer,
    other: Option<&Scorer>,
    records: &[Record],
    settings: &Settings,
) -> Result<Evaluation> {
    let scored = gold::score(scorer, records)?;
    let measures = scored.rows.iter().map(|s| measure(s, settings)).collect::<Result<_>>()?;
    let spans = measure_spans(&scored.spans, settings)?;
    let (comparisons, notes) = (Vec::new(), Vec::new());
    let mut evaluation = Evaluation { model: scored.model, against: None, measures, spans, comparisons, notes };
    let Some(other) = other else { return Ok(evaluation) };
    let other = gold::score(other, records)?;
    evaluation.against = Some(other.model);
    for new in &scored.rows {
        let same = other.rows.iter().find(|o| o.head() == new.head() && o.classes() == new.classes());
        match same {
            Some(old) => evaluation.comparisons.push(compare(new, old, settings)?),
            None => {
                evaluation.notes.push(format!("{}: the other bundle has no such head, or other classes", new.head()));
            }
        }
    }
    // A bundle without such heads has no rows of theirs.
    let of_spans =
        if other.spans.is_empty() { Vec::new() } else { compare_spans(&scored.spans, &other.spans, settings)? };
    for measured in &evaluation.spans {
        if !of_spans.iter().any(|comparison| comparison.head == measured.head.as_str()) {
            evaluation.notes.push(format!("{}: the other bundle has no such head", measured.head));
        }
    }
    evaluation.comparisons.extend(of_spans);
    Ok(evaluation)
}

/// Measures a recipe, which `name` names, by cross-validation in folds of whole groups.
///
/// # Errors
/// As [`cross_validate`], [`measure()`] and [`measure_spans`].
#[allow(clippy::too_many_arguments, reason = "what it passes on to cross_validate, and two more")]
pub fn of_recipe(
    name: &str,
    params: &ParallaxValidParams,
    examples: &[Example],
    only: Option<&[String]>,
    folds: u32,
    base: &Bundle,
    settings: &Settings,
    progress: Progress<'_>,
) -> Result<Evaluation> {
    // The base's own mask has seen texts that may be tested here; each round learns one anew.
    let mask = base.mask().lists();
    let ground = Base { tokenizer: base.tokenizer(), vectors: base.vectors(), words: base.words(), mask: &mask };
    let scored = cross_validate(params, examples, only, folds, ground, progress)?;
    let measures = scored.rows.iter().map(|s| measure(s, settings)).collect::<Result<_>>()?;
    let spans = measure_spans(&scored.spans, settings)?;
    let model = format!("{name} by {folds}-fold cross-validation");
    Ok(Evaluation { model, against: None, measures, spans, comparisons: Vec::new(), notes: Vec::new() })
}
