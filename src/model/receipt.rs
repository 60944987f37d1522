//! The training receipt: what a bundle was made from, and how good it measured.
//!
//! It goes into the bundle as `receipt.json`, covered by the manifest's checksums. It holds no time
//! and no path, so that the same inputs give the same bytes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a bundle was made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The program's version.
    pub parallax: String,
    /// The seed.
    pub seed: u64,
    /// SHA-256 of the recipe's text, lower-case hex.
    pub recipe_sha256: String,
    /// The recipe, whole.
    pub recipe: String,
    /// What the other heads came with, where they were kept from another bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// What was added to another bundle, where this one is that one, updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<UpdateReceipt>,
    /// The inputs, in the order they were read.
    pub inputs: Vec<Input>,
    /// By head: how it was fitted and what it scored on held-out folds.
    pub heads: BTreeMap<String, HeadReceipt>,
    /// Every fit that was made, with the objective and gradient recomputed after it.
    pub fits: Vec<FitReceipt>,
}

/// Heads that were kept from another bundle; their fits and scores stand in the receipt beside those that were trained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// SHA-256 of that bundle's manifest, lower-case hex.
    pub sha256: String,
    /// The recipe that they were trained by, whole.
    pub recipe: String,
}

/// What was added to a bundle; all else in the receipt is that bundle's, and the fits' end with the update's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UpdateReceipt {
    /// SHA-256 of that bundle's manifest, lower-case hex.
    pub sha256: String,
    /// Sentences that were added.
    pub sentences: usize,
    /// Documents that they come from.
    pub documents: usize,
    /// By head, how many of them speak of it.
    pub heads: BTreeMap<String, usize>,
    /// SHA-256 of the sentences as they were read, lower-case hex.
    pub records_sha256: String,
}

/// One input file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The file's name, without its folder.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Records that it gave.
    pub records: usize,
}

/// How one head was fitted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadReceipt {
    /// Records with a label of this head.
    pub records: usize,
    /// Mass of each class, weights and votes counted.
    pub classes: BTreeMap<String, f64>,
    /// The L2 strength chosen by grouped cross-validation.
    pub l2: f64,
    /// The held-out log loss of each L2 strength that was tried.
    pub tried: Vec<(f64, f64)>,
    /// Calibration: the factor on the logits, and the shift of each output.
    pub calibration: (f64, Vec<f64>),
    /// Scores on held-out folds: macro-F1, AUC, calibration error and so on.
    pub scores: BTreeMap<String, f64>,
}

/// One fit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FitReceipt {
    /// Which fit.
    pub what: String,
    /// L2 strength α.
    pub l2: f64,
    /// The objective, recomputed in `f64`.
    pub objective: f64,
    /// The gradient's norm, recomputed in `f64`.
    pub gradient_norm: f64,
    /// Rows, repetitions counted.
    pub rows: usize,
}
