//! What is marked in an article, and as what.
//!
//! In: a report with its text. Out: [`Mark`]s with their spans in bytes, in the order in which elements nest. Start at
//! [`marks`]. A mark whose offsets do not fit the text is left out.
//!
//! Every mark has a reason: the card of the same id in [`super::reason`]. The parts of an attribution share one.

use crate::heads::attribution::CueClass;
use crate::heads::loaded::LoadedKind;
use crate::heads::stance::Polarity;
use crate::heads::voice::Voice;
use crate::report::Report;
use crate::text::{Offsets, Span};

/// The part of a mark in what it is about; of two with one span the first is around the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// What somebody is made to say.
    Content,
    /// Who.
    Source,
    /// By which words.
    Cue(CueClass),
    /// What somebody takes a stance on.
    Target(Polarity),
    /// A loaded term, and whether in a source's voice.
    Loaded(LoadedKind, bool),
}

impl Part {
    /// Its classes in the style sheet.
    pub(super) fn class(self) -> String {
        match self {
            Self::Content => "content".into(),
            Self::Source => "source".into(),
            Self::Cue(class) => format!("cue {class}"),
            Self::Target(polarity) => format!("target {polarity}"),
            Self::Loaded(kind, quoted) => format!("loaded {kind} {}", if quoted { "quoted" } else { "author" }),
        }
    }

    /// What it is, for who hears it. Not the first line of its card, as that is not read out of a closed list.
    pub(super) fn meaning(self) -> String {
        match self {
            Self::Content => "what is said".into(),
            Self::Source => "who says it".into(),
            Self::Cue(class) => format!("cue, {class}"),
            Self::Target(polarity) => format!("target of a stance, {polarity}"),
            Self::Loaded(kind, quoted) => {
                format!("loaded term, {kind}, {}", if quoted { "a source's word" } else { "the author's word" })
            }
        }
    }

    /// What stands after the marked words, beside colour and line: so that no mark is told by colour alone.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Content | Self::Source | Self::Cue(CueClass::Neutral) => "",
            Self::Cue(CueClass::Endorsing) => "+",
            Self::Cue(CueClass::Distancing) => "?",
            Self::Cue(CueClass::Charged) => "!",
            Self::Target(Polarity::For) => "▲",
            Self::Target(Polarity::Against) => "▼",
            Self::Target(Polarity::Neutral) => "◆",
            Self::Loaded(LoadedKind::Naming, false) => "N",
            Self::Loaded(LoadedKind::Evaluative, false) => "E",
            Self::Loaded(LoadedKind::Exaggeration, false) => "X",
            Self::Loaded(LoadedKind::Doubt, false) => "D",
            Self::Loaded(LoadedKind::Naming, true) => "Nq",
            Self::Loaded(LoadedKind::Evaluative, true) => "Eq",
            Self::Loaded(LoadedKind::Exaggeration, true) => "Xq",
            Self::Loaded(LoadedKind::Doubt, true) => "Dq",
        }
    }

    /// Whether the keyboard stops at it. Source and content are reached through their cue.
    pub(super) const fn is_stop(self) -> bool {
        !matches!(self, Self::Content | Self::Source)
    }
}

/// Marked words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where, in bytes of the text; not empty.
    pub span: Span,
    /// As what.
    pub part: Part,
    /// The id of its reason, without the prefix of the document.
    pub id: String,
    /// Whether the words are marked; otherwise only the place can be gone to.
    pub shown: bool,
}

/// At most so many marks are shown over one word: where marks cross, each is cut at the others' ends, so that without a
/// limit a page would grow with the square of their number. Heads alone make far fewer; a record can bring any number of targets.
pub(super) const DEEPEST: usize = 16;

/// The id of a sentence, without the prefix of the document.
pub(super) fn sentence_id(index: usize) -> String {
    format!("s{}", index + 1)
}

/// The id of a loaded term.
pub(super) fn loaded_id(index: usize) -> String {
    format!("l{}", index + 1)
}

/// The id of an attribution.
pub(super) fn attribution_id(index: usize) -> String {
    format!("a{}", index + 1)
}

/// The id of a stance.
pub(super) fn stance_id(index: usize) -> String {
    format!("t{}", index + 1)
}

/// The marks of a report on `text`, by start, the longer of two that start together first.
pub(super) fn marks(text: &str, report: &Report) -> Vec<Mark> {
    let offsets = Offsets::new(text);
    let mut marks = Vec::new();
    let mut add = |start: usize, end: usize, part: Part, id: String| {
        if let Some(span) = offsets.span_of(start, end, report.offsets).filter(|span| !span.slice(text).is_empty()) {
            marks.push(Mark { span, part, id, shown: true });
        }
    };
    for (index, term) in report.loaded.iter().flatten().enumerate() {
        let part = Part::Loaded(term.kind, term.voice != Voice::Author);
        add(term.passage.start, term.passage.end, part, loaded_id(index));
    }
    for (index, found) in report.attributions.iter().flatten().enumerate() {
        let id = || attribution_id(index);
        add(found.cue.start, found.cue.end, Part::Cue(found.class), id());
        if let Some(source) = &found.source {
            add(source.passage.start, source.passage.end, Part::Source, id());
        }
        for content in &found.content {
            add(content.start, content.end, Part::Content, id());
        }
    }
    for (index, stance) in report.stances.iter().flatten().enumerate() {
        let target = &stance.target.passage;
        add(target.start, target.end, Part::Target(stance.polarity), stance_id(index));
    }
    marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end), mark.part));
    thin(&mut marks);
    marks
}

/// Hides what would be more than [`DEEPEST`] marks over one word, those that begin last.
fn thin(marks: &mut [Mark]) {
    let mut open: Vec<usize> = Vec::with_capacity(DEEPEST);
    for mark in marks {
        open.retain(|&end| end > mark.span.start);
        mark.shown = open.len() < DEEPEST;
        if mark.shown {
            open.push(mark.span.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::label::Label;
    use crate::report::sample::{full_document, full_report};
    use crate::text::OffsetUnit;
    use std::collections::BTreeSet;

    #[test]
    fn the_same_words_are_marked_whatever_the_offsets_count() {
        let document = full_document("a");
        let of = |unit| marks(document.text(), &full_report("a", unit));
        let bytes = of(OffsetUnit::Bytes);
        assert_eq!(bytes, of(OffsetUnit::Chars));
        assert_eq!(bytes, of(OffsetUnit::Utf16));
        let words: Vec<&str> = bytes.iter().map(|mark| mark.span.slice(document.text())).collect();
        assert_eq!(words[..4], ["brutal regime", "brutal", "fell", "Okafor"]);
    }

    #[test]
    fn every_mark_has_its_own_classes_and_all_but_the_plainest_their_own_sign() {
        let loaded = LoadedKind::ALL.iter().flat_map(|&kind| [false, true].map(|quoted| Part::Loaded(kind, quoted)));
        let cues = CueClass::ALL.iter().map(|&class| Part::Cue(class));
        let targets = Polarity::ALL.iter().map(|&polarity| Part::Target(polarity));
        let all: Vec<Part> = loaded.chain(cues).chain(targets).chain([Part::Source, Part::Content]).collect();
        let classes: BTreeSet<String> = all.iter().map(|part| part.class()).collect();
        let signs: BTreeSet<&str> = all.iter().map(|part| part.sign()).filter(|sign| !sign.is_empty()).collect();
        assert_eq!((classes.len(), signs.len()), (all.len(), all.len() - 3));
    }

    #[test]
    fn no_word_is_under_more_marks_than_can_be_told_apart() {
        let all = |count: usize, length: usize| -> Vec<Mark> {
            let span = |at: usize| Span::new(at, at + length);
            let part = Part::Target(Polarity::Neutral);
            (0..count).map(|at| Mark { span: span(at), part, id: stance_id(at), shown: true }).collect()
        };
        for (length, shown) in [(1, 100), (DEEPEST, 100), (100, DEEPEST), (50, 2 * DEEPEST)] {
            let mut marks = all(100, length);
            thin(&mut marks);
            assert_eq!(marks.iter().filter(|mark| mark.shown).count(), shown, "{length}");
        }
    }

    #[test]
    fn a_mark_that_does_not_fit_the_text_is_left_out() {
        assert!(marks("é", &full_report("a", OffsetUnit::Bytes)).is_empty());
    }
}
