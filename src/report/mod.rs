//! The [`Report`]: everything found in one document, and how it is written.
//!
//! In: spans and probabilities from the heads. Out: one JSON object a document (schema
//! `parallax/1`), or CSV rows, or text for a reader. Start at [`Report`]; [`json`], [`csv`] and
//! [`terminal`] write it. Keys are added within a schema number, never renamed.

pub mod csv;
pub mod json;
mod passage;
#[cfg(test)]
mod sample;
pub mod terminal;

use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema that every report names.
pub const SCHEMA: &str = "parallax/1";

/// Everything found in one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The document's id: its file name, or the record's `id`.
    pub id: String,
    /// The language it was scored as.
    pub lang: String,
    /// The unit of every `start` and `end` below.
    pub offsets: OffsetUnit,
    /// Which model scored it.
    pub model: ModelName,
    /// The sentences, in order.
    pub sentences: Vec<SentenceReport>,
    /// What holds of the document as a whole.
    pub document: Summary,
}

/// Which model made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelName {
    /// The bundle's name.
    pub name: String,
    /// The bundle's version.
    pub version: String,
    /// SHA-256 of the bundle's manifest, which holds the SHA-256 of its files; lower-case hex.
    pub sha256: String,
}

/// One sentence's span, scores and, if asked for, reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentenceReport {
    /// Where the sentence starts in the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Calibrated probabilities by head (`"bias":0.81`, `"tone":{"negative":0.7,…}`).
    #[serde(flatten)]
    pub heads: BTreeMap<String, HeadScore>,
    /// The label of every head, after its threshold.
    pub labels: BTreeMap<String, String>,
    /// Heads whose label is too close to call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncertain: Vec<String>,
    /// Why, with `--explain`: one entry a logit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explain: Vec<Explanation>,
}

/// A head's probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HeadScore {
    /// Of a yes-or-no head (classes `0` and `1`): the probability of `1`, 0 to 1.
    Binary(f64),
    /// Of any other head: the probability of each class; they sum to 1.
    Classes(BTreeMap<String, f64>),
}

/// The reasons for one logit: they add up to it, with the bias term.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The head.
    pub head: String,
    /// The class whose logit this is; `1` for a yes-or-no head.
    pub class: String,
    /// The calibrated logit.
    pub logit: f64,
    /// What the logit would be of a sentence without tokens: the intercept.
    pub bias_term: f64,
    /// The tokens by falling size of their part; all, or the first of them with `--top`.
    pub contributions: Vec<Contribution>,
    /// The sum of the parts of the tokens that `--top` left out; 0 where none was.
    pub rest: f64,
}

/// A token's part in a logit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Where the token starts in the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The token as it stands in the original text.
    pub text: String,
    /// What it adds to the logit.
    pub value: f64,
}

/// What holds of a document as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Words (tokens with a letter or a digit) in scored sentences.
    pub words: usize,
    /// How many sentences were scored.
    pub sentences: usize,
    /// By head, the mean of the sentences' probabilities: the expected share of sentences of that
    /// class. 0 for a document without sentences.
    #[serde(flatten)]
    pub heads: BTreeMap<String, HeadScore>,
}
