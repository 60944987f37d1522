//! A sentence of the queue as one JSON object, made to become corrections.
//!
//! In: a document and its report, a candidate and its place in the queue. Out: a [`Line`]. Start at [`line()`].
//!
//! ```json
//! {"document":{"id":"a1","sha256":"…"},"lang":"en",
//!  "selector":[{"type":"TextPositionSelector","start":22,"end":65},{"type":"TextQuoteSelector","exact":"The mayor …",…}],
//!  "sentence":{"text":"The mayor claimed the vile plan had failed.","start":22,"end":65},
//!  "seen":{"id":"…","labels":{"bias":"1"},"loaded":[…],…},"model":{"name":"en","version":"1","sha256":"…"},
//!  "next":{"rank":1,"sentence":1,"start":22,"end":65,"offsets":"bytes","uncertainty":0.91,"likeness":0.08,"score":0.61,
//!          "doubts":[{"head":"bias","uncertainty":0.97,"label":"1","probabilities":{"0":0.71,"1":0.29}}]}}
//! ```
//!
//! Without `next`, and with `head` and `new`, it is a [correction](crate::label::correction) of a label of the sentence, as
//! `parallax label add` reads it. Its spans are in code points, as there; those of `next` in the unit that was asked for.

use super::candidate::{Candidate, round};
use super::doubt::Doubt;
use super::queue::Next;
use crate::label::correction::{DocumentName, Sentence};
use crate::label::{Anchor, seen};
use crate::report::{ModelName, Report};
use crate::text::{Document, OffsetUnit, Offsets};
use crate::train::object;
use serde::Serialize;
use serde_json::{Map, Value};

/// A sentence of the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its document.
    pub document: DocumentName,
    /// Its language.
    pub lang: String,
    /// Its place, with its words and those around it.
    pub selector: Anchor,
    /// Itself, with its place in code points.
    pub sentence: Sentence,
    /// What the model says of it: a labelled record.
    pub seen: Map<String, Value>,
    /// The model.
    pub model: Option<ModelName>,
    /// Why it is in the queue.
    pub next: Reason,
}

/// Why a sentence is in the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Reason {
    /// Its place in the queue, from 1.
    pub rank: usize,
    /// Its number in its document's report, from 0.
    pub sentence: usize,
    /// Where it starts in the document.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What `start` and `end` count.
    pub offsets: OffsetUnit,
    /// How uncertain it is, 0 to 1: the largest over the heads that count.
    pub uncertainty: f64,
    /// The cosine with the nearest sentence before it or labelled already, 0 to 1.
    pub likeness: f64,
    /// What it was worth when it was taken.
    pub score: f64,
    /// What each head says, the most uncertain first.
    pub doubts: Vec<Doubt>,
}

impl Reason {
    /// Of the sentence at `rank`, from 1, with its place in the text of its document as `offsets` count it.
    #[must_use]
    pub fn new(rank: usize, next: &Next, candidate: &Candidate, offsets: &Offsets<'_>, unit: OffsetUnit) -> Self {
        let (start, end) = offsets.convert_span(candidate.span, unit);
        let mut doubts = candidate.doubts.clone();
        doubts.iter_mut().for_each(|doubt| doubt.uncertainty = round(doubt.uncertainty));
        Self {
            rank,
            sentence: candidate.sentence,
            start,
            end,
            offsets: unit,
            uncertainty: round(candidate.uncertainty),
            likeness: round(next.likeness),
            score: round(next.score),
            doubts,
        }
    }
}

/// The line of a candidate, whose `report` on `document` may have any offsets; `None` where they do not belong together.
#[must_use]
pub fn line(
    document: &Document,
    report: &Report,
    candidate: &Candidate,
    (rank, next): (usize, &Next),
    unit: OffsetUnit,
) -> Option<Line> {
    let text = report.text.as_deref().unwrap_or(document.text());
    let offsets = Offsets::new(text);
    let seen = seen::record(document, report, candidate.sentence)?;
    let (start, end) = offsets.convert_span(candidate.span, OffsetUnit::Chars);
    Some(Line {
        document: DocumentName::of(document.id(), text),
        lang: candidate.lang.clone(),
        selector: Anchor::of(text, candidate.span)?,
        sentence: Sentence { text: candidate.text.clone(), start, end },
        seen: object::object(&seen),
        model: report.models.get(&candidate.lang).or(report.model.as_ref()).cloned(),
        next: Reason::new(rank, next, candidate, &offsets, unit),
    })
}
