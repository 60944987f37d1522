//! The rows of a run, made of what was timed.
//!
//! In: the rounds of each job, in order. Out: [`Row`]s, [`Latency`], the speed-up. Start at [`rows`].

use super::estimate::{Ratio, median, percentile, ratio_within, sorted};
use super::job::{
    ALL, ARTICLES, DOCUMENTS, Ground, LOGITS, NOISE, Name, ONE, QUOTES, ROUTE, SENTENCES, SPANS, TOKENS, WHOLE,
};
use super::rounds::Timed;
use super::run::{Group, Latency, Row, TextFacts};
use crate::text::Document;

/// The name of what is left of the whole.
const REST: &str = "attributions, links, stances, report";

/// The stages that add up to the whole, with [`REST`].
const PARTS: [&str; 7] = [ROUTE, SENTENCES, NOISE, QUOTES, TOKENS, SPANS, LOGITS];

/// The rows, in the order of the jobs. The three of reading become what each adds to the one before, and what is left of
/// the whole gets a row of its own before it.
pub(super) fn rows(jobs: &[(Name, Timed)], text: &TextFacts, again: usize) -> Vec<Row> {
    let rounds = |name: &str| found(jobs, Group::Stage, name).map_or(&[][..], |timed| &timed.rounds);
    let own = |group: Group, name: &str, timed: &Timed| match (group, name) {
        (Group::Stage, SPANS) => difference(&timed.rounds, rounds(TOKENS)),
        (Group::Stage, LOGITS) => difference(&timed.rounds, rounds(SPANS)),
        _ => timed.rounds.clone(),
    };
    let whole = rounds(WHOLE);
    let whole_median = median(whole).unwrap_or_default();
    let parts = PARTS.iter().filter_map(|name| Some(own(Group::Stage, name, found(jobs, Group::Stage, name)?)));
    let rest = parts.fold(whole.to_vec(), |rest, part| difference(&rest, &part));
    let through =
        |row: Row, times: usize| row.through(text.bytes * times, text.sentences * times, whole_median * times as f64);
    let mut rows = Vec::with_capacity(jobs.len() + 4);
    for ((group, name), timed) in jobs {
        if *group == Group::Stage && name == WHOLE {
            rows.extend(Row::new(Group::Stage, REST, rest.clone()).map(|row| through(row, 1)));
        }
        if *group == Group::Latency {
            let of = |share: f64| {
                let of = |items: &Vec<f64>| percentile(&sorted(items)?, share);
                timed.items.iter().filter_map(of).collect::<Vec<f64>>()
            };
            rows.extend(Row::new(Group::Latency, format!("{name}, p50"), of(0.5)));
            rows.extend(Row::new(Group::Latency, format!("{name}, p99"), of(0.99)));
            continue;
        }
        let row = Row::new(*group, name.clone(), own(*group, name, timed));
        rows.extend(row.map(|row| match group {
            Group::Stage | Group::Head => through(row, 1),
            Group::Threads => through(row, again),
            Group::Reference | Group::Latency | Group::Load => row,
        }));
    }
    rows
}

fn difference(of: &[f64], less: &[f64]) -> Vec<f64> {
    of.iter().zip(less).map(|(of, less)| of - less).collect()
}

/// The times of single documents, over all rounds.
pub(super) fn latency(jobs: &[(Name, Timed)], ground: &Ground<'_>) -> Vec<Latency> {
    let kinds = [(DOCUMENTS, ground.subject.documents), (ARTICLES, ground.articles.as_slice())];
    let of = |(name, documents): &(&str, &[Document])| of_kind(name, found(jobs, Group::Latency, name)?, documents);
    kinds.iter().filter_map(of).collect()
}

fn of_kind(name: &str, timed: &Timed, documents: &[Document]) -> Option<Latency> {
    let all = sorted(&timed.items.concat())?;
    let bytes: usize = documents.iter().map(|document| document.text().len()).sum();
    let share = |share: f64| percentile(&all, share).map(|seconds| (seconds * 1e12).round() / 1e12);
    Some(Latency {
        of: name.to_owned(),
        documents: documents.len(),
        bytes: bytes / documents.len().max(1),
        samples: all.len(),
        p50: share(0.5)?,
        p90: share(0.9)?,
        p99: share(0.99)?,
        max: share(1.0)?,
    })
}

/// How many times as fast all threads were as one.
pub(super) fn speed_up(jobs: &[(Name, Timed)]) -> Option<Ratio> {
    let of = |name| found(jobs, Group::Threads, name).map(|timed| timed.rounds.as_slice());
    ratio_within(of(ONE)?, of(ALL)?)
}

fn found<'t>(jobs: &'t [(Name, Timed)], group: Group, name: &str) -> Option<&'t Timed> {
    jobs.iter().find(|((g, n), _)| *g == group && n == name).map(|(_, timed)| timed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_what_is_left_add_up_to_the_whole() {
        let timed = |seconds: f64| Timed { rounds: vec![seconds; 5], items: Vec::new() };
        let parts = [1.0, 2.0, 3.0, 4.0, 10.0, 15.0, 17.0];
        let names = PARTS.iter().zip(parts).chain([(&WHOLE, 40.0)]);
        let jobs: Vec<_> = names.map(|(name, s)| ((Group::Stage, (*name).to_owned()), timed(s))).collect();
        let rows = rows(&jobs, &TextFacts { bytes: 10, sentences: 2, ..TextFacts::default() }, 1);
        let told: Vec<(&str, f64)> = rows.iter().map(|row| (row.name.as_str(), row.seconds.median)).collect();
        let expected = [1.0, 2.0, 3.0, 4.0, 10.0, 5.0, 2.0, 13.0, 40.0];
        assert_eq!(told.iter().map(|(_, s)| *s).collect::<Vec<_>>(), expected);
        assert_eq!(told[7].0, REST);
        let shares = rows.iter().take(8).filter_map(|row| row.throughput).map(|told| told.share);
        assert!((shares.sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
