//! The head `loaded`: words and phrases whose wording judges.
//!
//! In: a sentence's tokens. Out: spans with a [`LoadedKind`] and a probability.

use super::label::labels;

labels! {
    /// How a loaded term judges.
    LoadedKind {
        /// A label that judges who or what it names.
        Naming = "naming",
        /// Evaluative or emotive wording.
        Evaluative = "evaluative",
        /// Exaggeration, intensifier or certainty marker.
        Exaggeration = "exaggeration",
        /// Doubt, distance or euphemism, scare quotes among them.
        Doubt = "doubt",
    }
}
