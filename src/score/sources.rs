//! The sources of a document: how many words each was given, direct or indirect, with which cues.
//!
//! In: a [`Reading`] and its attributions. Out: whom each source stands for ([`links`]), under which name it is counted
//! ([`names`]), and [`SourceSummary`]s by falling number of words ([`table`]).

use super::attributions::Attribution;
use super::reading::Reading;
use crate::heads::link::{Link, Linker};
use crate::heads::mention::Mention;
use crate::report::SourceSummary;
use crate::text::{Span, normal, without_possessive};
use std::collections::BTreeMap;
use std::ops::Range;

/// For each attribution, whom its source stands for, where the text says.
#[must_use]
pub fn links(linker: &Linker, text: &str, reading: &Reading, attributions: &[Attribution]) -> Vec<Option<Link>> {
    let mut spans: Vec<Span> = attributions.iter().filter_map(|a| a.source).collect();
    spans.sort_unstable_by_key(|s| (s.start, s.end));
    spans.dedup();
    if spans.is_empty() || reading.tokens.is_empty() {
        return vec![None; attributions.len()];
    }
    let sentence = |span: &Span| reading.sentences.partition_point(|s| s.span.end <= span.start);
    let mentions: Vec<Mention> = spans.iter().map(|span| Mention { span: *span, sentence: sentence(span) }).collect();
    let links = linker.link_all(text, &reading.tokens, &mentions);
    let of = |span: Span| {
        let at = spans.binary_search_by_key(&(span.start, span.end), |s| (s.start, s.end)).ok()?;
        links[at]
    };
    attributions.iter().map(|a| of(a.source?)).collect()
}

/// For each attribution, where its source's fullest name stands: that which it is linked to, or that which others
/// are linked to and which stands in it.
#[must_use]
pub fn names(attributions: &[Attribution], links: &[Option<Link>]) -> Vec<Option<Span>> {
    // By place, each with the first link that leads there: a source has at most as many names in it as words.
    let mut given: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (number, link) in links.iter().flatten().enumerate() {
        given.entry((link.span.start, link.span.end)).or_insert(number);
    }
    let inside = |source: Span| {
        let near = given.range((source.start, 0)..(source.end, usize::MAX));
        let first = near.filter(|((_, end), _)| *end <= source.end).min_by_key(|(_, number)| **number);
        first.map(|((start, end), _)| Span::new(*start, *end))
    };
    let name = |(a, link): (&Attribution, &Option<Link>)| {
        let source = a.source?;
        Some(link.map(|link| link.span).or_else(|| inside(source)).unwrap_or(source))
    };
    attributions.iter().zip(links).map(name).collect()
}

/// What one source was given.
#[derive(Debug, Default)]
struct Given {
    name: Option<String>,
    attributions: usize,
    /// Of each content, in any order.
    words: Vec<Range<usize>>,
    cues: BTreeMap<crate::heads::attribution::CueClass, usize>,
}

/// The sources, with the words of content each was given; a word in two contents of one source counts once. `names`
/// has each attribution's source under its fullest name; what nobody is named for is one source.
#[must_use]
pub fn table(
    text: &str,
    reading: &Reading,
    attributions: &[Attribution],
    names: &[Option<Span>],
) -> Vec<SourceSummary> {
    let mut given: BTreeMap<Option<String>, Given> = BTreeMap::new();
    for (attribution, name) in attributions.iter().zip(names) {
        let name = name.map(|span| without_possessive(span.slice(text)));
        let key = name.map(normal);
        let source = given.entry(key).or_default();
        source.name.get_or_insert_with(|| name.unwrap_or_default().to_owned());
        source.attributions += 1;
        source.words.extend(attribution.contents.iter().map(|c| reading.words_in(*c)));
        *source.cues.entry(attribution.class).or_default() += 1;
    }
    let summary = |(key, source): (Option<String>, Given)| {
        let (mut words, mut words_direct) = (0, 0);
        for run in united(source.words) {
            words += run.len();
            words_direct += reading.words[run].iter().filter(|word| word.quoted()).count();
        }
        SourceSummary {
            name: key.and(source.name),
            attributions: source.attributions,
            words_direct,
            words_indirect: words - words_direct,
            cues: source.cues,
        }
    };
    let mut table: Vec<SourceSummary> = given.into_iter().map(summary).collect();
    table.sort_by_key(|s| std::cmp::Reverse((s.words_direct + s.words_indirect, s.attributions)));
    table
}

/// Runs of words in order, those that share a word as one.
fn united(mut runs: Vec<Range<usize>>) -> Vec<Range<usize>> {
    runs.sort_unstable_by_key(|run| (run.start, run.end));
    runs.dedup_by(|next, last| {
        let joined = next.start <= last.end;
        if joined {
            last.end = last.end.max(next.end);
        }
        joined
    });
    runs
}

#[cfg(test)]
mod tests {
    use super::super::attributions;
    use super::super::sample::read;
    use super::*;

    #[test]
    fn a_source_goes_by_the_first_link_that_stands_in_it_and_words_in_two_contents_count_once() {
        let text = "Mayor Ana Duarte said that it rained. Duarte said that it stopped.";
        let (reading, quotes) =
            read(text, &[("Duarte", "said that", "it rained"), ("Duarte", "said that", "it stopped")]);
        let attributions = attributions::find(text, &quotes, &reading);
        let whole = Span::new(0, 16);
        let mut long = attributions[0].clone();
        long.source = Some(whole);
        let link = |start, end| Some(Link { span: Span::new(start, end), p: 1.0 });
        let all = [long, attributions[1].clone(), attributions[1].clone()];
        assert_eq!(names(&all, &[None, link(6, 16), link(10, 16)])[0], Some(Span::new(6, 16)));
        assert_eq!(names(&all, &[None, link(10, 16), link(6, 16)])[0], Some(Span::new(10, 16)));
        assert_eq!(names(&all, &[None, None, link(10, 40)])[0], Some(whole));
        assert_eq!(united(vec![4..6, 0..3, 2..4, 9..9]), [0..6, 9..9]);
    }

    #[test]
    fn a_source_is_counted_under_one_name_with_its_words_and_cues() {
        let text = "Rin said that it rained. “It stopped,” Rin said. It was Ola’s view that it had not. Nobody knew.";
        let told = [
            ("Rin", "said that", "it rained"),
            ("Rin", "said.", "“It stopped,”"),
            ("Ola’s", "view", "that it had not"),
        ];
        let (reading, quotes) = read(text, &told);
        let attributions = attributions::find(text, &quotes, &reading);
        let names: Vec<Option<Span>> = attributions.iter().map(|a| a.source).collect();
        let table = table(text, &reading, &attributions, &names);
        let row =
            |s: &SourceSummary| (s.name.clone().unwrap_or_default(), s.attributions, s.words_direct, s.words_indirect);
        let rows: Vec<_> = table.iter().map(row).collect();
        assert_eq!(rows, [("Rin".to_owned(), 2, 2, 2), ("Ola".to_owned(), 1, 0, 4)]);
    }
}
