//! A report and its document, for the writers' tests.

use super::{Contribution, Explanation, HeadScore, ModelName, Report, SCHEMA, SentenceReport, Summary};
use crate::text::{Document, OffsetUnit};
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
        offsets: OffsetUnit::Bytes,
        model: ModelName { name: "en".into(), version: "0.1.0".into(), sha256: "00".into() },
        sentences: vec![first, second],
        loaded: None,
        attributions: None,
        document: Summary {
            words: 6,
            sentences: 2,
            loaded_per_100_words: None,
            sources: None,
            heads: heads(0.5175, 0.625),
        },
    }
}

fn sentence(start: usize, end: usize, bias: f64, negative: f64) -> SentenceReport {
    let label = if bias > 0.5 { "1" } else { "0" };
    SentenceReport {
        start,
        end,
        voice: None,
        heads: heads(bias, negative),
        labels: BTreeMap::from([("bias".into(), label.into()), ("tone".into(), "negative".into())]),
        uncertain: vec![],
        explain: vec![],
    }
}

fn heads(bias: f64, negative: f64) -> BTreeMap<String, HeadScore> {
    let tone = BTreeMap::from([("negative".into(), negative), ("positive".into(), 1.0 - negative)]);
    BTreeMap::from([("bias".into(), HeadScore::Binary(bias)), ("tone".into(), HeadScore::Classes(tone))])
}
