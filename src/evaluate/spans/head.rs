//! The span heads, and the names of what is measured about each.
//!
//! In: a head. Out: its parts, each with precision, recall and F1, and the names of all its measures in
//! order. Start at [`SpanHead`].

use crate::heads::label::{Label, labels};

labels! {
    /// A head that marks spans.
    ///
    /// Measures are named `PART_f1`, `PART_precision` and `PART_recall`, all in `0..=1`; a value is `None`
    /// where nothing was found and there was nothing to find. An *exact* span has the very bytes of the gold
    /// span; an *overlapping* one shares at least a byte with it; *word* measures count the words that share a
    /// byte with any span. The same gold span in two marks makes two found spans right, and no third.
    ///
    /// Besides its parts, each head has `brier` and `ece`: the Brier score and the calibration error of a found
    /// mark's probability, where a found term or cue is right if it overlaps a gold one. Of both less is better.
    SpanHead {
        /// Loaded terms. Parts: `word`; `exact` (the kind ignored); `kind` (exact, with the kind); `overlap`
        /// (the kind ignored); `list` (by words, what a mere word list marks, on the rows that have one); and
        /// exact for the terms of each kind: `naming`, `evaluative`, `exaggeration`, `doubt`.
        Loaded = "loaded",
        /// Attributions. Parts: `cue`, `source`, `content` (exact), each with `_overlap` too, and the last two
        /// with `_word`; `relation` (cue, source and all contents exact) and `relation_overlap` (the cues
        /// overlap; the sources overlap or both are absent; every content of either overlaps one of the other);
        /// and over the cues found exactly, by class: `neutral`, `endorsing`, `distancing`, `charged`. Over the
        /// same cues, `class_f1` is the mean F1 of the classes that occur there, and `direct_accuracy` the share
        /// whose directness is right.
        Attribution = "attribution",
    }
}

/// The parts of the two heads; kinds and classes come last, in the order of their labels.
const LOADED: [&str; 9] = ["word", "exact", "kind", "overlap", "list", "naming", "evaluative", "exaggeration", "doubt"];
const ATTRIBUTION: [&str; 14] = [
    "cue",
    "cue_overlap",
    "source",
    "source_overlap",
    "source_word",
    "content",
    "content_overlap",
    "content_word",
    "relation",
    "relation_overlap",
    "neutral",
    "endorsing",
    "distancing",
    "charged",
];

impl SpanHead {
    /// The parts that have precision, recall and F1, in the order of the report.
    #[must_use]
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Loaded => &LOADED,
            Self::Attribution => &ATTRIBUTION,
        }
    }

    /// The names of all measures, in order: F1, precision and recall of each part, then those of the whole
    /// head, `ece` last.
    #[must_use]
    pub fn measures(self) -> Vec<String> {
        let by_part = self.parts().iter().flat_map(|part| ["f1", "precision", "recall"].map(|m| format!("{part}_{m}")));
        by_part.chain(self.single().iter().map(ToString::to_string)).collect()
    }

    /// Whether a measure of the head has this name.
    #[must_use]
    pub fn has(self, measure: &str) -> bool {
        self.measures().iter().any(|known| known == measure)
    }

    /// The head of that name; `None` if it is not one that marks spans.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::from_label(name)
    }

    /// The measures that belong to no part.
    pub(super) fn single(self) -> &'static [&'static str] {
        match self {
            Self::Loaded => &["brier", "ece"],
            Self::Attribution => &["class_f1", "direct_accuracy", "brier", "ece"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::attribution::CueClass;
    use crate::heads::loaded::LoadedKind;

    #[test]
    fn the_last_parts_are_the_kinds_and_classes_in_their_order() {
        let last = |head: SpanHead, n: usize| head.parts()[head.parts().len() - n..].to_vec();
        let kinds: Vec<&str> = LoadedKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let classes: Vec<&str> = CueClass::ALL.iter().map(|class| class.as_str()).collect();
        assert_eq!(last(SpanHead::Loaded, kinds.len()), kinds);
        assert_eq!(last(SpanHead::Attribution, classes.len()), classes);
    }

    #[test]
    fn measures_are_known_by_name() {
        for name in ["word_f1", "exact_precision", "naming_f1", "list_recall", "brier"] {
            assert!(SpanHead::Loaded.has(name), "{name}");
        }
        for name in ["cue_f1", "source_f1", "content_f1", "class_f1", "relation_f1", "direct_accuracy"] {
            assert!(SpanHead::Attribution.has(name), "{name}");
        }
        assert!(!SpanHead::Loaded.has("f1") && !SpanHead::Loaded.has("cue_f1"));
        assert_eq!(SpanHead::named("bias"), None);
    }
}
