//! The head `stance`: where a holder stands toward a target, the author or somebody in the text.

use super::label::labels;

/// The head's name.
pub const NAME: &str = "stance";
/// What the labels mean, in a sentence.
pub const MEANING: &str =
    "where the author or somebody in the sentence stands toward a target: for, against or neutral";

labels! {
    /// Where a holder stands on a target.
    Polarity {
        /// In favour.
        For = "for",
        /// Opposed.
        Against = "against",
        /// Neither.
        Neutral = "neutral",
    }
}
