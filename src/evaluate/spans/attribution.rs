//! Attributions of one sentence, counted.
//!
//! In: a row's gold and found relations. Out: [`Counts`] in the order of the head's parts.

use super::ledger::Counts;
use super::marked::Relation;
use super::row::SpanRow;
use super::tally::Tally;
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::text::Span;

/// What is right and wrong about the attributions of a row.
pub(super) fn count(row: &SpanRow, gold: &[Relation], found: &[Relation]) -> Counts {
    let cues = |of: &[Relation]| of.iter().map(|r| r.cue).collect::<Vec<Span>>();
    let sources = |of: &[Relation]| of.iter().filter_map(|r| r.source).collect::<Vec<Span>>();
    let contents = |of: &[Relation]| of.iter().flat_map(|r| r.content.iter().copied()).collect::<Vec<Span>>();
    let wholes = |of: &[Relation]| of.iter().map(|r| (r.cue, r.source, sorted(&r.content))).collect::<Vec<_>>();
    let both = |pick: &dyn Fn(&[Relation]) -> Vec<Span>| (pick(gold), pick(found));
    let (gold_cues, found_cues) = both(&cues);
    let (gold_sources, found_sources) = both(&sources);
    let (gold_contents, found_contents) = both(&contents);
    let mut parts = vec![
        Tally::exact(&gold_cues, &found_cues),
        Tally::overlapping(&gold_cues, &found_cues),
        Tally::exact(&gold_sources, &found_sources),
        Tally::overlapping(&gold_sources, &found_sources),
        Tally::words(&row.words, &gold_sources, &found_sources),
        Tally::exact(&gold_contents, &found_contents),
        Tally::overlapping(&gold_contents, &found_contents),
        Tally::words(&row.words, &gold_contents, &found_contents),
        Tally::exact(&wholes(gold), &wholes(found)),
        Tally::meeting(gold, found, meet),
    ];
    let mut classes = vec![Tally::default(); CueClass::ALL.len()];
    let mut direct = Tally::default();
    for (gold, found) in pairs(gold, found) {
        let same = u64::from(gold.class == found.class);
        classes[gold.class.number()].add(Tally { gold: 1, met: same, ..Tally::default() }, 1);
        classes[found.class.number()].add(Tally { found: 1, right: same, ..Tally::default() }, 1);
        let same = u64::from(gold.direct == found.direct);
        direct.add(Tally { found: 1, right: same, gold: 1, met: same }, 1);
    }
    parts.extend(classes);
    let right = |cue: Span| gold_cues.iter().any(|gold| gold.overlaps(cue));
    Counts::new(parts, direct, found.iter().map(|r| (r.p, right(r.cue))).collect())
}

fn sorted(spans: &[Span]) -> Vec<Span> {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    spans
}

/// Whether two relations overlap in all that they have.
fn meet(a: &Relation, b: &Relation) -> bool {
    let sources = match (a.source, b.source) {
        (Some(a), Some(b)) => a.overlaps(b),
        (None, None) => true,
        _ => false,
    };
    let all_meet = |of: &[Span], others: &[Span]| of.iter().all(|one| others.iter().any(|other| other.overlaps(*one)));
    a.cue.overlaps(b.cue) && sources && all_meet(&a.content, &b.content) && all_meet(&b.content, &a.content)
}

/// Relations with the very same cue, one to one. Where one cue has several relations, each found one takes the
/// gold one that it agrees with most, the first of equals.
fn pairs<'a>(gold: &'a [Relation], found: &'a [Relation]) -> Vec<(&'a Relation, &'a Relation)> {
    let mut free = vec![true; gold.len()];
    let mut pairs = Vec::new();
    for found in found {
        let agreement = |gold: &Relation| {
            let same = [
                gold.source == found.source,
                sorted(&gold.content) == sorted(&found.content),
                gold.class == found.class,
                gold.direct == found.direct,
            ];
            same.into_iter().filter(|same| *same).count()
        };
        let best = (0..gold.len())
            .rev()
            .filter(|&at| free[at] && gold[at].cue == found.cue)
            .max_by_key(|&at| agreement(&gold[at]));
        if let Some(at) = best {
            free[at] = false;
            pairs.push((&gold[at], found));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::sample::relation;
    use super::*;
    use crate::heads::attribution::Directness;

    fn tally(found: u64, right: u64, gold: u64, met: u64) -> Tally {
        Tally { found, right, gold, met }
    }

    fn row() -> SpanRow {
        // Ten words of four letters.
        SpanRow { words: (0..10).map(|at| Span::new(at * 5, at * 5 + 4)).collect(), ..SpanRow::default() }
    }

    #[test]
    fn a_relation_that_is_the_same_is_right_in_every_part() {
        let gold = [relation(Some((0, 9)), (10, 14), &[(15, 24), (30, 39)])];
        let counts = count(&row(), &gold, &gold);
        let expected = [1, 1, 1, 1, 2, 2, 2, 4, 1, 1, 1, 0, 0, 0].map(|n| tally(n, n, n, n));
        assert_eq!(counts.parts(), expected);
        assert_eq!(counts.direct(), tally(1, 1, 1, 1));
        assert_eq!(counts.judged(), [(1.0, true)]);
    }

    #[test]
    fn a_shorter_source_spoils_the_exact_relation_but_not_the_overlapping_one() {
        let gold = [relation(Some((0, 9)), (10, 14), &[(15, 24)])];
        let found = [relation(Some((0, 4)), (10, 14), &[(15, 24)])];
        let parts = count(&row(), &gold, &found).parts().to_vec();
        assert_eq!(parts[2], tally(1, 0, 1, 0));
        assert_eq!(parts[3], tally(1, 1, 1, 1));
        assert_eq!(parts[4], tally(1, 1, 2, 1));
        assert_eq!((parts[8], parts[9]), (tally(1, 0, 1, 0), tally(1, 1, 1, 1)));
    }

    #[test]
    fn a_content_that_is_missed_or_a_source_too_many_spoils_the_overlapping_relation() {
        let gold = relation(None, (10, 14), &[(15, 24), (30, 39)]);
        let met = |found: Relation| meet(&gold, &found) && meet(&found, &gold);
        assert!(met(relation(None, (10, 19), &[(15, 39)])));
        assert!(!met(relation(None, (10, 14), &[(15, 24)])));
        assert!(!met(relation(Some((0, 4)), (10, 14), &[(15, 24), (30, 39)])));
        assert!(!met(relation(None, (0, 4), &[(15, 24), (30, 39)])));
    }

    #[test]
    fn a_source_of_two_relations_that_is_found_once_is_met_once() {
        let gold = [relation(Some((0, 4)), (5, 9), &[]), relation(Some((0, 4)), (20, 24), &[])];
        let parts = count(&row(), &gold, &gold[..1]).parts().to_vec();
        assert_eq!(parts[2], tally(1, 1, 2, 1));
    }

    #[test]
    fn class_and_directness_are_judged_on_cues_found_exactly() {
        let with = |cue, class, direct| Relation { class, direct, ..relation(None, cue, &[]) };
        let gold = [
            with((0, 4), CueClass::Neutral, Directness::Direct),
            with((10, 14), CueClass::Charged, Directness::Indirect),
            with((20, 24), CueClass::Charged, Directness::Mixed),
        ];
        let found = [
            with((0, 4), CueClass::Distancing, Directness::Direct),
            with((10, 14), CueClass::Charged, Directness::Mixed),
            with((20, 29), CueClass::Neutral, Directness::Mixed),
        ];
        let counts = count(&row(), &gold, &found);
        assert_eq!(counts.parts()[10..], [tally(0, 0, 1, 0), tally(0, 0, 0, 0), tally(1, 0, 0, 0), tally(1, 1, 1, 1)]);
        assert_eq!(counts.direct(), tally(2, 1, 2, 1));
    }

    #[test]
    fn of_two_relations_with_one_cue_each_is_judged_against_the_one_it_resembles() {
        let charged = Relation { class: CueClass::Charged, ..relation(Some((20, 24)), (0, 4), &[]) };
        let gold = [relation(Some((10, 14)), (0, 4), &[]), charged.clone()];
        let found = [charged, relation(Some((10, 14)), (0, 4), &[])];
        let counts = count(&row(), &gold, &found);
        assert_eq!(counts.parts()[10], tally(1, 1, 1, 1));
        assert_eq!(counts.parts()[13], tally(1, 1, 1, 1));
    }
}
