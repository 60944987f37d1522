//! The head `attribution`: who is made to say what, and how the cue presents it.
//!
//! In: a sentence's tokens. Out: relations of source, cue and contents with a [`CueClass`] and a [`Directness`].

use super::label::labels;

labels! {
    /// What a cue says about the writer's view of what is reported.
    CueClass {
        /// Nothing: *said*, *according to*.
        Neutral = "neutral",
        /// It is true: *revealed*, *confirmed*.
        Endorsing = "endorsing",
        /// It is held at arm's length: *claimed*, *alleged*.
        Distancing = "distancing",
        /// How rather than what: *blasted*, *boasted*.
        Charged = "charged",
    }
}

labels! {
    /// Whether the content is quoted.
    Directness {
        /// Wholly inside quotation marks.
        Direct = "direct",
        /// Not in quotation marks.
        Indirect = "indirect",
        /// Partly inside quotation marks.
        Mixed = "mixed",
    }
}
