//! Head `subjective`: does the writer's voice judge, or report?
//!
//! Classes `0` and `1`. `1`: opinion, evaluation, irony, speculation or exaggeration in the writer's
//! voice. `0`: facts, and the neutral report of somebody else's opinion.

/// The key of the label.
pub const NAME: &str = "subjective";
/// What the labels mean, in a sentence.
pub const MEANING: &str =
    "1: opinion, evaluation, irony or speculation in the writer's voice; 0: facts, or opinion reported neutrally";
