//! Rows for the tests of the span measures.

use super::marked::{Marked, Relation, Term};
use super::row::SpanRow;
use crate::heads::attribution::{CueClass, Directness};
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::text::Span;

/// A loaded term.
pub(super) fn term(start: usize, end: usize, kind: LoadedKind, p: f64) -> Term {
    Term { span: Span::new(start, end), kind, p }
}

/// A neutral, indirect relation of probability 1.
pub(super) fn relation(source: Option<(usize, usize)>, cue: (usize, usize), content: &[(usize, usize)]) -> Relation {
    let span = |(start, end): (usize, usize)| Span::new(start, end);
    Relation {
        source: source.map(span),
        cue: span(cue),
        content: content.iter().copied().map(span).collect(),
        class: CueClass::Neutral,
        direct: Directness::Indirect,
        p: 1.0,
    }
}

/// 60 rows in 20 groups, of ten words each; a term and a relation in each, of which two in three and three in
/// four are found as they are, and every fifth row has a term found too many.
pub(super) fn rows() -> Vec<SpanRow> {
    found(3, 4)
}

/// The same rows with other terms and relations missed: every `terms`-th and every `relations`-th.
pub(super) fn found(terms: usize, relations: usize) -> Vec<SpanRow> {
    let row = |at: usize| {
        let kind = LoadedKind::ALL[at % LoadedKind::ALL.len()];
        let gold_term = term(5 * (at % 9), 5 * (at % 9) + 4, kind, 1.0);
        let mut found_terms = Vec::new();
        if !at.is_multiple_of(terms) {
            found_terms.push(Term { p: 0.8, ..gold_term });
        }
        if at.is_multiple_of(5) {
            found_terms.push(term(45, 49, kind, 0.3));
        }
        let class = CueClass::ALL[at % CueClass::ALL.len()];
        let gold_relation = Relation { class, ..relation(Some((0, 9)), (10, 14), &[(15, 49)]) };
        let mut other = Relation { p: 0.7, ..gold_relation.clone() };
        if at.is_multiple_of(7) {
            other.class = CueClass::Neutral;
            other.source = None;
        }
        SpanRow {
            group: (at % 20) as u64,
            words: (0..10).map(|word| Span::new(word * 5, word * 5 + 4)).collect(),
            gold: Marked { loaded: Some(vec![gold_term]), relations: Some(vec![gold_relation]) },
            found: Marked {
                loaded: Some(found_terms),
                relations: Some(if at.is_multiple_of(relations) { vec![] } else { vec![other] }),
            },
            listed: Some(vec![Span::new(5, 9)]),
        }
    };
    (0..60).map(row).collect()
}
