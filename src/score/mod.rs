//! The main path, top to bottom: text → regions and their languages → sentences → tokens → spans, features → heads →
//! [`Report`].
//!
//! In: a [`Document`] and a [`Desk`] of bundles, or a single [`Scorer`]. Out: its [`Report`]. Start at
//! [`Desk::score`]. `route.rs` says which part of the text is scored and in which language, `scorer.rs` scores
//! what is in one language, and at the end of this file the parts are put together.

mod attributions;
mod desk;
mod part;
mod printer;
mod reaching;
mod reading;
mod ready;
mod route;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sample;
mod scorer;
mod sources;
mod stances;
mod standing;
mod tally;
mod targets;
mod voice;

pub use desk::Desk;
pub use ready::Ready;
pub use route::{Defaults, Passage, Route};
pub use scorer::Scorer;
pub use standing::{interval, standing};
pub use tally::StandingTally;
pub use targets::Targets;
pub use voice::sources_words;

use crate::error::Result;
use crate::report::{ModelName, NoiseReport, RegionReport, Report, SCHEMA, Summary};
use crate::text::{Document, OffsetUnit, Offsets};
use part::Part;
use printer::Printer;
use std::collections::BTreeMap;

/// What one sentence of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// A document is segmented into sentences.
    #[default]
    Document,
    /// A document is one sentence, without regions.
    Sentence,
}

/// Which regions of a document are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Headline and body; the others are masked.
    #[default]
    Article,
    /// The whole text, as one body.
    All,
}

/// How a document is scored and what its report holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether documents are segmented. Default: they are.
    pub unit: Unit,
    /// Which regions are scored. Default: headline and body.
    pub scope: Scope,
    /// The unit of offsets in the report. Default: bytes.
    pub offsets: OffsetUnit,
    /// Whether reasons are given. Default: no.
    pub explain: bool,
    /// How many tokens a reason lists at most; the others are summed as its rest. Default: all.
    pub top: Option<usize>,
}

/// The report on a document: each passage to be scored goes to the bundle of its language, if `scorer` has one.
fn report<'s>(
    document: &Document,
    route: &Route,
    options: &Options,
    targets: &Targets,
    scorer: impl Fn(&str) -> Result<Option<&'s Scorer>>,
) -> Result<Report> {
    let text = document.text();
    let offsets = Offsets::new(text);
    let printer = Printer { text, offsets: &offsets, options };
    let mut parts = Vec::new();
    let mut models: BTreeMap<String, ModelName> = BTreeMap::new();
    let mut model = None;
    for lang in route.langs() {
        let Some(scorer) = scorer(lang)? else { continue };
        let passages: Vec<&Passage> = route.passages.iter().filter(|p| p.kind.is_scored() && p.lang == lang).collect();
        let mut part = scorer.read(document, &passages, targets, printer)?;
        if lang != route.lang {
            part.sentences.iter_mut().for_each(|sentence| sentence.lang = Some(lang.to_owned()));
        }
        parts.push(part);
        models.insert(lang.to_owned(), scorer.name());
        model.get_or_insert_with(|| scorer.name());
    }
    let region = |passage: &Passage| {
        let (start, end) = offsets.convert_span(passage.span, options.offsets);
        let supported = models.contains_key(&passage.lang) || !passage.kind.is_scored();
        let masked = !(passage.kind.is_scored() && supported);
        RegionReport { kind: passage.kind, start, end, lang: passage.lang.clone(), masked, supported }
    };
    let regions = if options.unit == Unit::Sentence { Vec::new() } else { route.passages.iter().map(region).collect() };
    let part = Part::merged(parts);
    let summary = Summary {
        words: part.words,
        sentences: part.sentences.len(),
        loaded_per_100_words: part.tally.map(|tally| tally.rate()),
        heads: part.means(),
        sources: part.sources,
        stances: part.stances.as_ref().map(|stances| standing(stances)),
    };
    Ok(Report {
        schema: SCHEMA.to_owned(),
        id: document.id().to_owned(),
        lang: route.lang.clone(),
        supported: models.contains_key(&route.lang),
        offsets: options.offsets,
        model,
        models: if models.len() > 1 { models } else { BTreeMap::new() },
        regions,
        sentences: part.sentences,
        loaded: part.loaded,
        attributions: part.attributions,
        stances: part.stances,
        document: summary,
        noise: Some(NoiseReport::new(&part.noise, |span| offsets.convert_span(span, options.offsets))),
        extraction: document.extraction(),
        text: document.extraction().map(|_| text.to_owned()),
    })
}
