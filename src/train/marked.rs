//! Labelled sentences as rows for the span measures: what annotators marked beside what the heads find.
//!
//! In: a record, its tokens and the spans found. Out: a [`SpanRow`]. Start at [`row`]; [`word_list`] learns the
//! baseline that stands beside them.

use super::annotation;
use super::gold::group_number;
use super::prepare::{Base, Example, tokenize};
use super::record::Record;
use crate::error::Result;
use crate::evaluate::spans::{Marked, Relation, Term};
use crate::evaluate::{SpanRow, WordList};
use crate::features::{NameMask, facts};
use crate::heads::attribution::{self, CueClass, Directness};
use crate::heads::coding::Run;
use crate::heads::label::Label;
use crate::heads::loaded::{self, LoadedKind};
use crate::heads::{SpanHeads, Spans};
use crate::text::{Offsets, Span, Tokens};

/// The row of a record, given its tokens, what the heads found in it, and the baseline's list.
#[must_use]
pub fn row(record: &Record, tokens: &Tokens, found: &Spans, heads: &SpanHeads, list: Option<&WordList>) -> SpanRow {
    let words = tokens.tokens.iter().filter(|t| !t.shape.is_punctuation()).map(|t| t.span).collect();
    let listed = |list: &WordList| {
        let forms = facts::words(&record.text, tokens);
        let spans = tokens.tokens.iter().zip(forms).filter(|(_, form)| list.contains(form));
        spans.map(|(token, _)| token.span).collect()
    };
    SpanRow {
        group: group_number(&record.group),
        words,
        gold: labelled(record),
        found: marked(tokens, found, heads),
        listed: list.map(listed),
    }
}

/// Whether somebody looked for spans of a head that there is.
#[must_use]
pub fn is_known(record: &Record, heads: &SpanHeads) -> bool {
    heads.names().any(|head| match head {
        loaded::NAME => record.loaded.is_some(),
        attribution::NAME => record.attributions.is_some(),
        _ => false,
    })
}

/// The words that are mostly loaded in these examples.
///
/// # Errors
/// [`crate::Error::Tokenizer`] where a text cannot be tokenized.
pub fn word_list(examples: &[Example], base: Base<'_>, mask: &NameMask) -> Result<WordList> {
    let mut sentences: Vec<(Vec<String>, Vec<bool>)> = Vec::new();
    for record in examples.iter().map(|e| &e.record) {
        let Some(loaded) = &record.loaded else { continue };
        let mut tokens = tokenize(base.tokenizer, &record.text)?;
        mask.flag(&record.text, &mut tokens);
        let offsets = Offsets::new(&record.text);
        let spans: Vec<Span> = loaded.iter().filter_map(|l| bytes(&offsets, l.span)).collect();
        let inside = |span: Span| spans.iter().any(|s| s.overlaps(span));
        let forms = facts::words(&record.text, &tokens);
        sentences.push((forms, tokens.tokens.iter().map(|t| !t.shape.is_punctuation() && inside(t.span)).collect()));
    }
    Ok(WordList::learn(sentences.iter().map(|(words, loaded)| (words.as_slice(), loaded.as_slice()))))
}

/// What annotators marked.
#[must_use]
pub fn labelled(record: &Record) -> Marked {
    let offsets = Offsets::new(&record.text);
    let bytes = |span| bytes(&offsets, span);
    let term = |l: &annotation::Loaded| Some(Term { span: bytes(l.span)?, kind: l.kind, p: 1.0 });
    let relation = |a: &annotation::Attribution| {
        Some(Relation {
            source: a.source.and_then(bytes),
            cue: bytes(a.cue)?,
            content: a.content.iter().filter_map(|c| bytes(*c)).collect(),
            class: a.class,
            direct: a.direct,
            p: 1.0,
        })
    };
    Marked {
        loaded: record.loaded.as_ref().map(|l| l.iter().filter_map(term).collect()),
        relations: record.attributions.as_ref().map(|a| a.iter().filter_map(relation).collect()),
    }
}

fn bytes(offsets: &Offsets<'_>, span: annotation::Span) -> Option<Span> {
    offsets.span_of_chars(span.start, span.end)
}

/// What the heads found.
fn marked(tokens: &Tokens, found: &Spans, heads: &SpanHeads) -> Marked {
    let all = &tokens.tokens;
    let span = |run: Run| Span::new(all[run.first].span.start, all[run.end - 1].span.end);
    let kind = |run: Run| LoadedKind::of_number(run.kind);
    let class = |run: Run| CueClass::of_number(run.kind);
    let term = |f: &crate::heads::span::Found| Term { span: span(f.run), kind: kind(f.run), p: f.p() };
    let relation = |r: &attribution::Relation| {
        let words = || {
            let tokens = r.contents.iter().flat_map(|run| &all[run.first..run.end]);
            tokens.filter(|t| !t.shape.is_punctuation())
        };
        let quoted = words().filter(|t| t.quoted).count();
        Relation {
            source: r.source.map(span),
            cue: span(r.cue.run),
            content: r.contents.iter().map(|run| span(*run)).collect(),
            class: class(r.cue.run),
            direct: Directness::of(quoted, words().count() - quoted),
            p: r.cue.p(),
        }
    };
    Marked {
        loaded: heads.loaded.as_ref().map(|_| found.loaded.iter().map(term).collect()),
        relations: heads.attribution.as_ref().map(|_| found.relations.iter().map(relation).collect()),
    }
}
