//! Counts stances over several documents.
//!
//! In: the [`Report`]s, one after the other. Out: a [`Standing`]. Start at [`StandingTally::add`]. What is kept grows
//! with the number of pairs of holder and target, not with that of documents or mentions.

use super::standing::{folded, name_of, stand};
use crate::heads::stance::Polarity;
use crate::report::{Evidence, Report, STANDING_SCHEMA, Standing, StandingRow};
use crate::text::OffsetUnit;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Sentences that are kept of a pair and a polarity, at most.
const EVIDENCE: usize = 10;

/// Without targets that were asked for, those with most mentions are told, so many at most.
const MOST_MENTIONED: usize = 10;

/// What is counted so far. The default has seen no document.
#[derive(Debug, Clone, Default)]
pub struct StandingTally {
    documents: usize,
    offsets: OffsetUnit,
    /// By target, then by holder; `None` are the authors.
    targets: BTreeMap<String, BTreeMap<Option<String>, Pair>>,
    /// How many pairs there are.
    pairs: usize,
}

/// What is known of one holder and target.
#[derive(Debug, Clone, Default)]
struct Pair {
    /// How many pairs were there before it.
    number: usize,
    /// The holder as it was named first.
    holder: Option<String>,
    counts: BTreeMap<Polarity, usize>,
    mass: BTreeMap<Polarity, f64>,
    documents: usize,
    /// The last document that it stands in, counted from 1.
    last: usize,
    evidence: BTreeMap<Polarity, Vec<Evidence>>,
}

impl Pair {
    fn mentions(&self) -> usize {
        self.counts.values().sum()
    }
}

impl StandingTally {
    /// Counts a document.
    pub fn add(&mut self, report: &Report) {
        self.documents += 1;
        self.offsets = report.offsets;
        for stance in report.stances.iter().flatten() {
            let holder = name_of(&stance.holder);
            let pairs = self.targets.entry(stance.target.name.clone()).or_default();
            let pair = pairs.entry(holder.map(folded)).or_insert_with(|| {
                self.pairs += 1;
                Pair { number: self.pairs, holder: holder.map(str::to_owned), ..Pair::default() }
            });
            *pair.counts.entry(stance.polarity).or_default() += 1;
            for (polarity, p) in &stance.polarities {
                *pair.mass.entry(*polarity).or_default() += p;
            }
            if std::mem::replace(&mut pair.last, self.documents) != self.documents {
                pair.documents += 1;
            }
            let evidence = pair.evidence.entry(stance.polarity).or_default();
            let document = self.documents - 1;
            let is_new = evidence.last().is_none_or(|e| (e.document, e.sentence) != (document, stance.sentence));
            if let Some(sentence) =
                report.sentences.get(stance.sentence).filter(|_| is_new && evidence.len() < EVIDENCE)
            {
                evidence.push(Evidence {
                    polarity: stance.polarity,
                    id: report.id.clone(),
                    document,
                    sentence: stance.sentence,
                    start: sentence.start,
                    end: sentence.end,
                });
            }
        }
    }

    /// How many documents were counted.
    #[must_use]
    pub const fn documents(&self) -> usize {
        self.documents
    }

    /// Where each holder stands toward the targets `asked` for, or, where none is, toward the ten with most mentions.
    #[must_use]
    pub fn standing(&self, asked: &[String]) -> Standing {
        let mut targets: Vec<(&String, &BTreeMap<Option<String>, Pair>)> = self.targets.iter().collect();
        if asked.is_empty() {
            let first = |pairs: &BTreeMap<_, Pair>| pairs.values().map(|pair| pair.number).min();
            let mentions = |pairs: &BTreeMap<_, Pair>| pairs.values().map(Pair::mentions).sum::<usize>();
            targets.sort_by_key(|(_, pairs)| (Reverse(mentions(pairs)), first(pairs)));
            targets.truncate(MOST_MENTIONED);
        } else {
            targets.retain(|(name, _)| asked.contains(name));
            targets.sort_by_key(|(name, _)| asked.iter().position(|asked| asked == *name));
        }
        let mut stances = Vec::new();
        for (target, pairs) in targets {
            let mut rows: Vec<(&Option<String>, &Pair)> = pairs.iter().collect();
            rows.sort_by_key(|(holder, pair)| (holder.is_some(), Reverse(pair.mentions()), pair.number));
            stances.extend(rows.into_iter().map(|(_, pair)| row(target, pair)));
        }
        Standing { schema: STANDING_SCHEMA.to_owned(), documents: self.documents, offsets: self.offsets, stances }
    }
}

fn row(target: &str, pair: &Pair) -> StandingRow {
    StandingRow {
        stand: stand(pair.holder.as_deref(), target, pair.counts.clone(), &pair.mass),
        documents: pair.documents,
        evidence: pair.evidence.values().flatten().cloned().collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::standing::interval;
    use super::*;
    use crate::report::{ActorReport, AuthorWord, HolderReport, PassageReport, StanceReport, TargetReport};

    fn stance(holder: Option<&str>, target: &str, polarity: Polarity, sentence: usize) -> StanceReport {
        let passage = || PassageReport { start: 0, end: 1, text: "x".into() };
        StanceReport {
            holder: holder.map_or(HolderReport::Author(AuthorWord::Author), |name| {
                HolderReport::Named(ActorReport { passage: passage(), name: name.into() })
            }),
            target: TargetReport { passage: passage(), name: target.into() },
            polarity,
            p: 0.9,
            polarities: BTreeMap::from([(polarity, 0.9)]),
            attribution: None,
            sentence,
            certain: true,
            explain: Vec::new(),
        }
    }

    fn tally(documents: &[Vec<StanceReport>]) -> StandingTally {
        let mut tally = StandingTally::default();
        for (number, stances) in documents.iter().enumerate() {
            let sentence = |n: usize| serde_json::json!({"start": 10 * n, "end": 10 * n + 9, "labels": {}});
            let mut report: Report = serde_json::from_value(serde_json::json!({
                "schema": "parallax/1", "id": format!("d{number}"), "lang": "en", "supported": true, "offsets": "bytes",
                "model": null, "regions": [], "sentences": [sentence(0), sentence(1)],
                "document": {"words": 0, "sentences": 2},
            }))
            .unwrap();
            report.stances = Some(stances.clone());
            tally.add(&report);
        }
        tally
    }

    #[test]
    fn mentions_of_all_documents_are_counted_together_and_documents_once() {
        let against = |sentence| stance(Some("Peru"), "dam", Polarity::Against, sentence);
        let tally = tally(&[
            vec![against(0), against(1), stance(None, "dam", Polarity::Neutral, 0)],
            vec![against(0), stance(Some("Peru"), "dam", Polarity::For, 1)],
            vec![],
        ]);
        let standing = tally.standing(&[]);
        assert_eq!((standing.documents, standing.stances.len()), (3, 2));
        assert_eq!((standing.stances[0].stand.holder.as_deref(), standing.stances[0].documents), (None, 1));
        let row = &standing.stances[1];
        assert_eq!(
            (row.stand.holder.as_deref(), row.stand.polarity, row.documents),
            (Some("Peru"), Polarity::Against, 2)
        );
        assert_eq!(
            (row.stand.counts[&Polarity::Against], row.stand.counts[&Polarity::For], row.stand.balance),
            (3, 1, -0.5)
        );
        assert_eq!(row.stand.interval, interval(1, 3, 4));
        assert_eq!(row.evidence.len(), 4);
        assert!(row.evidence.iter().any(|e| e.id == "d1" && e.document == 1 && e.sentence == 1));
    }

    #[test]
    fn targets_asked_for_are_told_in_that_order_and_else_the_ten_most_mentioned() {
        let names: Vec<String> = (0..12).map(|n| format!("t{n}")).collect();
        let of = |(n, name): (usize, &String)| vec![stance(None, name, Polarity::For, 0); n + 1];
        let tally = tally(&names.iter().enumerate().map(of).collect::<Vec<_>>());
        let told = |asked: &[String]| -> Vec<String> {
            tally.standing(asked).stances.into_iter().map(|row| row.stand.target).collect()
        };
        assert_eq!(told(&[]), names.iter().rev().take(10).cloned().collect::<Vec<_>>());
        assert_eq!(told(&["t3".into(), "none".into(), "t1".into()]), ["t3", "t1"]);
    }

    #[test]
    fn what_is_kept_of_a_pair_does_not_grow_with_its_mentions() {
        let many = |n: usize| tally(&vec![vec![stance(Some("Peru"), "dam", Polarity::For, 0); 3]; n]);
        let kept = |n: usize| many(n).standing(&[]).stances[0].evidence.len();
        assert_eq!([kept(5), kept(100)], [5, EVIDENCE]);
    }
}
