//! One labelled sentence: what annotators marked beside what a model marked.
//!
//! In: both sides, the sentence's words and its group. Out: [`SpanRow`], which the measures take once
//! `check` has seen its numbers. Start at [`SpanRow`].

use super::marked::Marked;
use crate::error::{Error, Result};
use crate::text::Span;

/// One labelled sentence; all spans are in bytes of its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpanRow {
    /// The article it comes from; rows of one group are resampled together.
    pub group: u64,
    /// Its words in text order, punctuation left out.
    pub words: Vec<Span>,
    /// What annotators marked.
    pub gold: Marked,
    /// What the model marked. A row counts for a head that both sides looked for.
    pub found: Marked,
    /// What a mere word list marks as loaded, for comparison; `None` where there is no list.
    pub listed: Option<Vec<Span>>,
}

/// Checks the spans and probabilities of every row.
///
/// # Errors
/// [`Error::Data`] for a span that is empty or reversed, and for a probability that is not a number in
/// `0..=1`.
pub(super) fn check(rows: &[SpanRow]) -> Result<()> {
    for (at, row) in rows.iter().enumerate() {
        for (side, marked) in [("gold", &row.gold), ("found", &row.found)] {
            for term in marked.loaded.iter().flatten() {
                check_mark("loaded", at, side, &[term.span], term.p)?;
            }
            for relation in marked.relations.iter().flatten() {
                let spans: Vec<Span> =
                    relation.source.iter().chain([&relation.cue]).chain(&relation.content).copied().collect();
                check_mark("attribution", at, side, &spans, relation.p)?;
            }
        }
    }
    Ok(())
}

fn check_mark(head: &str, row: usize, side: &str, spans: &[Span], p: f64) -> Result<()> {
    if let Some(span) = spans.iter().find(|span| span.is_empty()) {
        return Err(Error::Data {
            what: head.into(),
            found: format!("the span {}..{} among the {side} spans of row {row}", span.start, span.end),
            expected: "a start below the end".into(),
            cure: "give spans in bytes of the sentence, end-exclusive".into(),
        });
    }
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::Data {
            what: head.into(),
            found: format!("the probability {p} among the {side} spans of row {row}"),
            expected: "a number from 0 to 1".into(),
            cure: "check the bundle with `parallax models`; its weights or calibration give no probabilities".into(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::sample::term;
    use super::*;
    use crate::heads::loaded::LoadedKind;

    fn refusal(start: usize, end: usize, p: f64) -> String {
        let found = Marked { loaded: Some(vec![term(start, end, LoadedKind::Doubt, p)]), relations: None };
        check(&[SpanRow::default(), SpanRow { found, ..SpanRow::default() }]).unwrap_err().to_string()
    }

    #[test]
    fn empty_spans_and_numbers_that_are_no_probability_are_refused_with_their_row() {
        assert!(refusal(3, 3, 0.5).contains("the span 3..3 among the found spans of row 1"));
        assert!(refusal(3, 4, f64::NAN).contains("the probability NaN among the found spans of row 1"));
        assert!(refusal(3, 4, 1.5).contains("expected a number from 0 to 1"));
    }
}
