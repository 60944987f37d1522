//! Head `tone`: the sentiment of the writer's voice.
//!
//! Classes `negative`, `neutral`, `positive`. A bad event told plainly is `neutral`.

/// The key of the label.
pub const NAME: &str = "tone";
/// What the labels mean, in a sentence.
pub const MEANING: &str = "negative, neutral or positive in the writer's voice; a bad event told plainly is neutral";
