//! What a report says of one sentence, as a labelled record.
//!
//! In: a document, its [`Report`] and the place of a sentence in it. Out: the [`Record`] that a correction keeps as `seen`,
//! spans in code points of the sentence. Start at [`record`]. What reaches into other sentences is cut off at the
//! sentence's ends; a mark whose own words (term, cue, target) stand elsewhere is left out.

use super::correction::DocumentName;
use crate::report::{HolderReport, PassageReport, Report};
use crate::text::{Document, OffsetUnit, Offsets, Span};
use crate::train::annotation::{self, Attribution, Loaded, Stance, attributions_fit, terms_fit};
use crate::train::record::{Label, Record};
use std::collections::BTreeMap;

/// What the report on `document` says of its sentence number `at`; `None` if there is no such sentence, or the report is
/// of another text. The `group` is the document's hash, the `id` that with the sentence's first code point.
#[must_use]
pub fn record(document: &Document, report: &Report, at: usize) -> Option<Record> {
    let text = report.text.as_deref().unwrap_or(document.text());
    let offsets = Offsets::new(text);
    let sentence = report.sentences.get(at)?;
    let whole = offsets.span_of(sentence.start, sentence.end, report.offsets)?;
    let own = text.get(whole.start..whole.end)?;
    let first = offsets.convert(whole.start, OffsetUnit::Chars);
    let view = View { report, offsets: &offsets, whole, first };
    let sha256 = DocumentName::of(document.id(), text).sha256;
    let labels: BTreeMap<String, Label> =
        (&sentence.labels).into_iter().map(|(head, label)| (head.to_owned(), Label::Hard(label.to_string()))).collect();
    Some(Record {
        id: format!("{}:{first}", sha256.get(..12).unwrap_or_default()),
        lang: sentence.lang.clone().unwrap_or_else(|| report.lang.clone()),
        group: sha256,
        text: own.to_owned(),
        labels,
        loaded: view.loaded(at),
        attributions: view.attributions(at),
        stances: view.stances(at),
        weight: None,
        annotator: None,
    })
}

/// A report as seen from one of its sentences.
struct View<'a> {
    report: &'a Report,
    offsets: &'a Offsets<'a>,
    /// The sentence, in bytes.
    whole: Span,
    /// Its first code point.
    first: usize,
}

impl View<'_> {
    /// A passage in code points of the sentence, cut off at its ends; `None` outside it.
    fn inside(&self, passage: &PassageReport) -> Option<annotation::Span> {
        let span = self.offsets.span_of(passage.start, passage.end, self.report.offsets)?;
        let span = Span::new(span.start.max(self.whole.start), span.end.min(self.whole.end));
        let (start, end) = self.offsets.convert_span(span, OffsetUnit::Chars);
        (span.start < span.end).then(|| annotation::Span { start: start - self.first, end: end - self.first })
    }

    fn loaded(&self, at: usize) -> Option<Vec<Loaded>> {
        let here = self.report.loaded.as_ref()?.iter().filter(|term| term.sentence == at);
        let terms = here.filter_map(|term| Some(Loaded { span: self.inside(&term.passage)?, kind: term.kind }));
        Some(fitting(terms, terms_fit))
    }

    fn attributions(&self, at: usize) -> Option<Vec<Attribution>> {
        let here = self.report.attributions.as_ref()?.iter().filter(|attribution| attribution.sentence == at);
        let attributions = here.filter_map(|attribution| {
            Some(Attribution {
                source: attribution.source.as_ref().and_then(|source| self.inside(&source.passage)),
                cue: self.inside(&attribution.cue)?,
                content: attribution.content.iter().filter_map(|content| self.inside(content)).collect(),
                class: attribution.class,
                direct: attribution.direct,
            })
        });
        Some(fitting(attributions, attributions_fit))
    }

    fn stances(&self, at: usize) -> Option<Vec<Stance>> {
        let here = self.report.stances.as_ref()?.iter().filter(|stance| stance.sentence == at);
        let stances = here.filter_map(|stance| {
            let holder = match &stance.holder {
                HolderReport::Author(_) => None,
                // Somebody whose name stands in another sentence cannot be told from here.
                HolderReport::Named(actor) => Some(self.inside(&actor.passage)?),
            };
            Some(Stance { holder, target: self.inside(&stance.target.passage)?, polarity: stance.polarity })
        });
        Some(stances.collect())
    }
}

/// The marks that a record may have together: all of them, as a rule; else the first that fit those before.
fn fitting<M: Clone>(marks: impl Iterator<Item = M>, fit: impl Fn(&[M]) -> bool) -> Vec<M> {
    let all: Vec<M> = marks.collect();
    if fit(&all) {
        return all;
    }
    let mut kept: Vec<M> = Vec::new();
    for mark in all {
        kept.push(mark);
        if !fit(&kept) {
            kept.pop();
        }
    }
    kept
}
