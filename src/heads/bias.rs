//! Head `bias`: is the sentence biased by its choice of words, in the writer's voice?
//!
//! Classes `0` and `1`. `1`: a careful, neutral reader would call the sentence as a whole biased by
//! its wording. Loaded words inside a plainly attributed and neutrally introduced quotation do not
//! make it biased; a loaded introduction does. It says nothing of whether the sentence is true, of
//! what was left out, or of what an outlet intends.

/// The key of the label.
pub const NAME: &str = "bias";
/// What the labels mean, in a sentence.
pub const MEANING: &str = "1: biased by its choice of words, in the writer's voice; 0: not";
