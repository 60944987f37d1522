//! What a report says of spans and logits: passages, probabilities and reasons in the unit that was asked for.
//!
//! In: spans in bytes. Out: parts of a [`Report`](crate::report::Report). Start at [`Printer`].

use super::Options;
use super::attributions::Attribution;
use super::reading::Term;
use crate::heads::attribution;
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::link::Link;
use crate::model::weights::Logits;
use crate::report::{AttributionReport, Contribution, Explanation, LinkReport, PassageReport, SourceReport};
use crate::text::{Offsets, Span, Tokens};

/// Turns spans into what a report says of them.
#[derive(Clone, Copy)]
pub(super) struct Printer<'a> {
    pub text: &'a str,
    pub offsets: &'a Offsets<'a>,
    pub options: &'a Options,
}

impl Printer<'_> {
    pub fn passage(self, span: Span) -> PassageReport {
        let (start, end) = self.offsets.convert_span(span, self.options.offsets);
        PassageReport { start, end, text: span.slice(self.text).to_owned() }
    }

    pub fn attribution(self, a: &Attribution, link: Option<Link>) -> AttributionReport {
        let classes = CueClass::ALL.iter().copied().zip(a.said.classes.iter().map(|p| round(*p))).collect();
        AttributionReport {
            source: a.source.map(|span| SourceReport {
                passage: self.passage(span),
                link: link.map(|link| LinkReport { passage: self.passage(link.span), p: round(link.p) }),
            }),
            cue: self.passage(a.cue),
            content: a.contents.iter().map(|span| self.passage(*span)).collect(),
            class: a.class,
            classes,
            direct: a.direct,
            p: round(a.said.cue.p()),
            sentence: a.sentence,
            explain: self.reasons(attribution::NAME, "cue", &a.said.cue),
        }
    }

    /// Why a span is one, where that was asked for.
    pub fn reasons(self, head: &str, class: &str, term: &Term) -> Option<Explanation> {
        let reasons = term.reasons.as_ref()?;
        let of = |(span, value): &(Span, f64)| {
            let PassageReport { start, end, text } = self.passage(*span);
            Contribution { start, end, text, value: *value }
        };
        let parts = reasons.contributions.iter().map(of).collect();
        Some(explanation(head, class, term.logit, reasons.bias_term, parts, self.options.top))
    }
}

/// The reasons for one logit: the contributions by falling size, of equal ones in the order given.
pub(super) fn explanation(
    head: &str,
    class: &str,
    logit: f64,
    bias_term: f64,
    mut contributions: Vec<Contribution>,
    top: Option<usize>,
) -> Explanation {
    contributions.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let top = top.unwrap_or(usize::MAX).min(contributions.len());
    let rest = contributions.split_off(top).iter().map(|c| c.value).sum();
    Explanation { head: head.to_owned(), class: class.to_owned(), logit, bias_term, contributions, rest }
}

/// Every token's part in one output's logit, in order of the text.
pub(super) fn parts(
    text: &str,
    offsets: &Offsets<'_>,
    options: &Options,
    tokens: &Tokens,
    logits: &Logits,
    output: usize,
) -> Vec<Contribution> {
    let rows = logits.parts.chunks_exact(logits.logits.len());
    tokens
        .tokens
        .iter()
        .zip(rows)
        .map(|(token, row)| {
            let (start, end) = offsets.convert_span(token.span, options.offsets);
            Contribution { start, end, text: token.span.slice(text).to_owned(), value: row[output] }
        })
        .collect()
}

/// Six decimals: finer than any probability is known, and short in a file.
pub(super) fn round(p: f64) -> f64 {
    (p * 1e6).round() / 1e6
}
