//! The documents of a comparison as one: their sentences in a row, their outlets, and places in them.
//!
//! In: [`Told`] documents. Out: an [`Event`]. Start at [`Event::new`]. Spans are in bytes until [`Event::place`] writes
//! them in the unit that was asked for.

use super::Told;
use crate::report::comparison::{ComparedDocument, ComparedSentence, Outlet, Place};
use crate::report::{PassageReport, Report};
use crate::text::{OffsetUnit, Offsets, Span};

/// A sentence of one of the documents.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'t> {
    /// Its document.
    pub document: usize,
    /// Its number in the document.
    pub number: usize,
    /// Where it stands.
    pub span: Span,
    /// Its language.
    pub lang: &'t str,
}

/// The documents of a comparison.
#[derive(Debug)]
pub struct Event<'t> {
    told: &'t [Told],
    unit: OffsetUnit,
    offsets: Vec<Offsets<'t>>,
    /// The outlets, in the order of their first documents.
    pub outlets: Vec<Outlet>,
    /// Of each document its outlet.
    pub outlet_of: Vec<usize>,
    /// All sentences, in the order of documents.
    pub sentences: Vec<Sentence<'t>>,
    /// Of each document its first sentence in `sentences`; at the end their number.
    first: Vec<usize>,
    /// Of each document its place in the order of their ids.
    rank: Vec<usize>,
}

impl<'t> Event<'t> {
    /// The event that `told` tell, with places in `unit`.
    #[must_use]
    pub fn new(told: &'t [Told], unit: OffsetUnit) -> Self {
        let mut outlets: Vec<Outlet> = Vec::new();
        let (mut outlet_of, mut sentences, mut first) = (Vec::new(), Vec::new(), vec![0]);
        for (document, one) in told.iter().enumerate() {
            let outlet = outlets.iter().position(|outlet| outlet.name == one.outlet).unwrap_or(outlets.len());
            if outlet == outlets.len() {
                outlets.push(Outlet { name: one.outlet.clone(), documents: vec![], words: 0, sentences: 0 });
            }
            if let Some(outlet) = outlets.get_mut(outlet) {
                outlet.documents.push(document);
                outlet.words += one.report.document.words;
                outlet.sentences += one.report.sentences.len();
            }
            outlet_of.push(outlet);
            for (number, sentence) in one.report.sentences.iter().enumerate() {
                let span = Span::new(sentence.start, sentence.end);
                let lang = sentence.lang.as_deref().unwrap_or(&one.report.lang);
                sentences.push(Sentence { document, number, span, lang });
            }
            first.push(sentences.len());
        }
        let mut by_id: Vec<usize> = (0..told.len()).collect();
        by_id.sort_by_key(|at| told.get(*at).map(|one| one.report.id.as_str()));
        let mut rank = vec![0; told.len()];
        by_id.into_iter().enumerate().for_each(|(place, document)| rank[document] = place);
        let offsets = told.iter().map(|one| Offsets::new(one.document.text())).collect();
        Self { told, unit, offsets, outlets, outlet_of, sentences, first, rank }
    }

    /// Where a document stands in the order of ids, which the order that documents are given in does not change.
    #[must_use]
    pub fn rank(&self, document: usize) -> usize {
        self.rank[document]
    }

    /// What an outlet's draws hang on: its name (FNV-1a), so that others beside it change nothing.
    #[must_use]
    pub fn stream(&self, outlet: usize) -> u64 {
        let name = self.outlets.get(outlet).map_or("", |outlet| &outlet.name);
        name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The report on a document, in bytes.
    #[must_use]
    pub fn report(&self, document: usize) -> &'t Report {
        &self.told[document].report
    }

    /// The text of a document.
    #[must_use]
    pub fn text(&self, document: usize) -> &'t str {
        self.told[document].document.text()
    }

    /// How many documents there are.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.told.len()
    }

    /// The places of a document's sentences in [`Event::sentences`].
    #[must_use]
    pub fn sentences_of(&self, document: usize) -> std::ops::Range<usize> {
        self.first[document]..self.first[document + 1]
    }

    /// The sentence, among all, in which a place of a document begins; of a place outside them that before it.
    #[must_use]
    pub fn sentence_at(&self, document: usize, start: usize) -> usize {
        let range = self.sentences_of(document);
        let within = &self.sentences[range.clone()];
        range.start + within.partition_point(|s| s.span.start <= start).saturating_sub(1)
    }

    /// A place in a document.
    #[must_use]
    pub fn place(&self, document: usize, span: Span) -> Place {
        let (start, end) = self.offsets[document].convert_span(span, self.unit);
        let sentence = self.sentence_at(document, span.start) - self.first[document];
        Place { document, sentence, start, end, text: span.slice(self.text(document)).to_owned() }
    }

    /// The documents as a comparison has them; `statement_of` gives each sentence's statement.
    #[must_use]
    pub fn compared(&self, statement_of: &[Option<usize>]) -> Vec<ComparedDocument> {
        let sentence = |at: usize| {
            let sentence = &self.sentences[at];
            let report = &self.report(sentence.document).sentences[sentence.number];
            let Place { start, end, text, .. } = self.place(sentence.document, sentence.span);
            ComparedSentence {
                start,
                end,
                text,
                lang: sentence.lang.to_owned(),
                voice: report.voice,
                region: report.region,
                statement: statement_of.get(at).copied().flatten(),
            }
        };
        let document = |(number, one): (usize, &Told)| ComparedDocument {
            id: one.report.id.clone(),
            outlet: self.outlet_of[number],
            lang: one.report.lang.clone(),
            words: one.report.document.words,
            sentences: self.sentences_of(number).map(sentence).collect(),
        };
        self.told.iter().enumerate().map(document).collect()
    }
}

/// Where a passage of a report stands.
#[must_use]
pub const fn span(passage: &PassageReport) -> Span {
    Span::new(passage.start, passage.end)
}
