//! Loaded terms of one sentence, counted.
//!
//! In: a row's gold and found terms. Out: [`Counts`] in the order of the head's parts.

use super::ledger::Counts;
use super::marked::Term;
use super::row::SpanRow;
use super::tally::Tally;
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::text::Span;

/// What is right and wrong about the loaded terms of a row.
pub(super) fn count(row: &SpanRow, gold: &[Term], found: &[Term]) -> Counts {
    let spans = |terms: &[Term]| terms.iter().map(|term| term.span).collect::<Vec<Span>>();
    let kinds = |terms: &[Term]| terms.iter().map(|term| (term.span, term.kind)).collect::<Vec<_>>();
    let of = |terms: &[Term], kind: LoadedKind| {
        terms.iter().filter(|term| term.kind == kind).map(|term| term.span).collect::<Vec<Span>>()
    };
    let (gold_spans, found_spans) = (spans(gold), spans(found));
    let mut parts = vec![
        Tally::words(&row.words, &gold_spans, &found_spans),
        Tally::exact(&gold_spans, &found_spans),
        Tally::exact(&kinds(gold), &kinds(found)),
        Tally::overlapping(&gold_spans, &found_spans),
        row.listed.as_ref().map_or(Tally::default(), |listed| Tally::words(&row.words, &gold_spans, listed)),
    ];
    parts.extend(LoadedKind::ALL.iter().map(|&kind| Tally::exact(&of(gold, kind), &of(found, kind))));
    let right = |span: Span| gold_spans.iter().any(|gold| gold.overlaps(span));
    Counts::new(parts, Tally::default(), found.iter().map(|term| (term.p, right(term.span))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::sample::term;
    use super::*;

    #[test]
    fn terms_are_counted_by_word_span_kind_and_overlap() {
        // "the vile plan utterly failed them": gold vile (evaluative), utterly failed (exaggeration).
        let words: Vec<Span> =
            [(0, 3), (4, 8), (9, 13), (14, 21), (22, 28), (29, 33)].map(|(a, b)| Span::new(a, b)).into();
        let gold = [term(4, 8, LoadedKind::Evaluative, 1.0), term(14, 28, LoadedKind::Exaggeration, 1.0)];
        // Found: vile with another kind, utterly alone, them wrongly.
        let found = [
            term(4, 8, LoadedKind::Doubt, 0.9),
            term(14, 21, LoadedKind::Exaggeration, 0.6),
            term(29, 33, LoadedKind::Naming, 0.2),
        ];
        let row = SpanRow { words, listed: Some(vec![Span::new(22, 28)]), ..SpanRow::default() };
        let counts = count(&row, &gold, &found);
        let tally = |found, right, gold, met| Tally { found, right, gold, met };
        assert_eq!(
            counts.parts(),
            [
                tally(3, 2, 3, 2),
                tally(3, 1, 2, 1),
                tally(3, 0, 2, 0),
                tally(3, 2, 2, 2),
                tally(1, 1, 3, 1),
                tally(1, 0, 0, 0),
                tally(0, 0, 1, 0),
                tally(1, 0, 1, 0),
                tally(1, 0, 0, 0),
            ]
        );
        assert_eq!(counts.judged(), [(0.9, true), (0.6, true), (0.2, false)]);
    }

    #[test]
    fn without_a_word_list_its_part_counts_nothing() {
        let counts = count(&SpanRow::default(), &[term(0, 3, LoadedKind::Doubt, 1.0)], &[]);
        assert_eq!(counts.parts()[4], Tally::default());
    }
}
