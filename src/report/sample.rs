//! A report and its document, for the writers' tests.

use super::{
    AttributionReport, ByName, Contribution, Explanation, HeadScore, LinkReport, LoadedRate, LoadedReport, ModelName,
    PassageReport, RegionReport, Report, SCHEMA, SentenceReport, SourceReport, SourceSummary, Summary,
};
use crate::heads::attribution::{CueClass, Directness};
use crate::heads::loaded::LoadedKind;
use crate::heads::voice::Voice;
use crate::text::{Document, OffsetUnit, Offsets, RegionKind, Span};
use std::collections::BTreeMap;

const TEXT: &str = "The \"brutal\" raid failed. It rained.é\n.";

pub(super) fn document(id: &str) -> Document {
    Document::new(id, TEXT)
}

pub(super) fn report(id: &str) -> Report {
    let first = SentenceReport {
        explain: vec![Explanation {
            head: "bias".into(),
            class: "1".into(),
            logit: 2.3,
            bias_term: -0.4,
            contributions: vec![Contribution { start: 5, end: 11, text: "brutal".into(), value: 2.5 }],
            rest: 0.2,
        }],
        ..sentence(0, 25, 0.91, 0.75)
    };
    let second = SentenceReport { uncertain: vec!["tone".into()], ..sentence(26, 40, 0.125, 0.5) };
    Report {
        schema: SCHEMA.into(),
        id: id.into(),
        lang: "en".into(),
        supported: true,
        offsets: OffsetUnit::Bytes,
        model: Some(ModelName { name: "en".into(), version: "0.1.0".into(), sha256: "00".into() }),
        models: BTreeMap::new(),
        regions: vec![],
        sentences: vec![first, second],
        loaded: None,
        attributions: None,
        stances: None,
        document: Summary {
            words: 6,
            sentences: 2,
            loaded_per_100_words: None,
            sources: None,
            stances: None,
            heads: heads(0.5175, 0.625),
        },
        noise: None,
        extraction: None,
        text: None,
    }
}

fn sentence(start: usize, end: usize, bias: f64, negative: f64) -> SentenceReport {
    let label = if bias > 0.5 { "1" } else { "0" };
    SentenceReport {
        start,
        end,
        region: Some(RegionKind::Body),
        lang: None,
        voice: None,
        heads: heads(bias, negative),
        labels: ByName::from([("bias", label.into()), ("tone", "negative".into())]),
        uncertain: vec![],
        explain: vec![],
    }
}

fn heads(bias: f64, negative: f64) -> ByName<HeadScore> {
    let tone = ByName::from([("negative", negative), ("positive", 1.0 - negative)]);
    ByName::from([("bias", HeadScore::Binary(bias)), ("tone", HeadScore::Classes(tone))])
}

/// Its characters are of one to four bytes, so that the units of offsets differ.
const FULL_TEXT: &str = "🔥 The brutal regime fell. Okafor claimed the “so-called\nreform” failed. “Never,” she \
                         added, “again.”";

pub(crate) fn full_document(id: &str) -> Document {
    Document::new(id, FULL_TEXT)
}

/// A report that has everything.
pub(crate) fn full_report(id: &str, unit: OffsetUnit) -> Report {
    let reasons = |head: &str, class: &str, token: &str| Explanation {
        head: head.into(),
        class: class.into(),
        logit: 1.5,
        bias_term: -0.5,
        contributions: vec![{
            let PassageReport { start, end, text } = passage(token, unit);
            Contribution { start, end, text, value: 2.0 }
        }],
        rest: 0.0,
    };
    let sentences = [
        ("🔥 The brutal regime fell.", Voice::Author),
        ("Okafor claimed the “so-called\nreform” failed.", Voice::Mixed),
    ]
    .into_iter()
    .chain([("“Never,” she added, “again.”", Voice::Quoted)])
    .map(|(text, voice)| {
        let PassageReport { start, end, .. } = passage(text, unit);
        SentenceReport { voice: Some(voice), ..sentence(start, end, 0.75, 0.5) }
    })
    .collect();
    let loaded = vec![
        LoadedReport {
            explain: Some(reasons("loaded", "naming", "regime")),
            ..term("brutal regime", LoadedKind::Naming, 0, unit)
        },
        term("brutal", LoadedKind::Evaluative, 0, unit),
        LoadedReport {
            voice: Voice::Quoted,
            attribution: Some(0),
            ..term("so-called\nreform", LoadedKind::Doubt, 1, unit)
        },
    ];
    let attributions = vec![
        AttributionReport {
            source: Some(SourceReport { passage: passage("Okafor", unit), link: None }),
            content: vec![passage("the “so-called\nreform” failed", unit)],
            explain: Some(reasons("attribution", "cue", "claimed")),
            ..attribution("claimed", CueClass::Distancing, Directness::Mixed, 1, unit)
        },
        AttributionReport {
            source: Some(SourceReport {
                passage: passage("she", unit),
                link: Some(LinkReport { passage: passage("Okafor", unit), p: 0.93 }),
            }),
            content: vec![passage("“Never,”", unit), passage("“again.”", unit)],
            ..attribution("added", CueClass::Neutral, Directness::Direct, 2, unit)
        },
        attribution("fell", CueClass::Charged, Directness::Indirect, 0, unit),
    ];
    let cues = |of: &[(CueClass, usize)]| of.iter().copied().collect();
    let sources = vec![
        SourceSummary {
            name: Some("Okafor".into()),
            attributions: 2,
            words_direct: 4,
            words_indirect: 2,
            cues: cues(&[(CueClass::Neutral, 1), (CueClass::Distancing, 1)]),
        },
        SourceSummary {
            name: None,
            attributions: 1,
            words_direct: 0,
            words_indirect: 0,
            cues: cues(&[(CueClass::Charged, 1)]),
        },
    ];
    let document = Summary {
        loaded_per_100_words: Some(LoadedRate { author: 25.0, quoted: 12.5 }),
        sources: Some(sources),
        ..report(id).document
    };
    Report { offsets: unit, sentences, loaded: Some(loaded), attributions: Some(attributions), document, ..report(id) }
}

/// The first passage of [`FULL_TEXT`] that says so.
fn passage(text: &str, unit: OffsetUnit) -> PassageReport {
    let start = FULL_TEXT.find(text).unwrap_or(FULL_TEXT.len());
    let (start, end) = Offsets::new(FULL_TEXT).convert_span(Span::new(start, start + text.len()), unit);
    PassageReport { start, end, text: text.into() }
}

fn term(text: &str, kind: LoadedKind, sentence: usize, unit: OffsetUnit) -> LoadedReport {
    let passage = passage(text, unit);
    LoadedReport { passage, kind, p: 0.875, voice: Voice::Author, attribution: None, sentence, explain: None }
}

fn attribution(cue: &str, class: CueClass, direct: Directness, sentence: usize, unit: OffsetUnit) -> AttributionReport {
    let others = [CueClass::Neutral, CueClass::Endorsing, CueClass::Distancing, CueClass::Charged];
    AttributionReport {
        source: None,
        cue: passage(cue, unit),
        content: vec![],
        class,
        classes: others.into_iter().map(|other| (other, if other == class { 0.625 } else { 0.125 })).collect(),
        direct,
        p: 0.5,
        sentence,
        explain: None,
    }
}

/// Caption, body, an Arabic body and a French one that no bundle is for, of two to four bytes a character.
const MIXED_TEXT: &str = "🔥 A picture.\nThe raid failed.\nقال الوزير.\nLa pluie tombe à l’aube.";

pub(super) fn mixed_document(id: &str) -> Document {
    Document::new(id, MIXED_TEXT)
}

/// A report on a document in several languages, with masked regions.
pub(super) fn mixed_report(id: &str, unit: OffsetUnit) -> Report {
    let offsets = Offsets::new(MIXED_TEXT);
    let mut start = 0;
    let mut spans = MIXED_TEXT.split('\n').map(|line| {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        offsets.convert_span(span, unit)
    });
    let mut region = |kind, lang: &str, masked, supported| {
        let (start, end) = spans.next().unwrap_or_default();
        RegionReport { kind, start, end, lang: lang.into(), masked, supported }
    };
    let regions = vec![
        region(RegionKind::Caption, "en", true, true),
        region(RegionKind::Body, "en", false, true),
        region(RegionKind::Body, "ar", false, true),
        region(RegionKind::Body, "fr", true, false),
    ];
    let in_region = |number: usize, lang: Option<&str>| SentenceReport {
        lang: lang.map(str::to_owned),
        ..sentence(regions[number].start, regions[number].end, 0.25, 0.5)
    };
    let name = |lang: &str| ModelName { name: lang.into(), version: "0.1.0".into(), sha256: "00".into() };
    Report {
        offsets: unit,
        models: [("ar".to_owned(), name("ar")), ("en".to_owned(), name("en"))].into(),
        sentences: vec![in_region(1, None), in_region(2, Some("ar"))],
        regions,
        ..report(id)
    }
}

/// A report on a document in a language that no bundle is for.
pub(super) fn unsupported_report(id: &str) -> Report {
    let region =
        RegionReport { kind: RegionKind::Body, start: 0, end: 40, lang: "fr".into(), masked: true, supported: false };
    Report {
        lang: "fr".into(),
        supported: false,
        model: None,
        regions: vec![region],
        sentences: vec![],
        document: Summary {
            words: 0,
            sentences: 0,
            loaded_per_100_words: None,
            sources: None,
            stances: None,
            heads: ByName::new(),
        },
        ..report(id)
    }
}
