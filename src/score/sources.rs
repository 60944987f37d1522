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
use std::collections::{BTreeMap, BTreeSet};

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
    let given: Vec<Span> = links.iter().flatten().map(|link| link.span).collect();
    let name = |(a, link): (&Attribution, &Option<Link>)| {
        let source = a.source?;
        let inside = || given.iter().find(|g| source.start <= g.start && g.end <= source.end).copied();
        Some(link.map(|link| link.span).or_else(inside).unwrap_or(source))
    };
    attributions.iter().zip(links).map(name).collect()
}

/// What one source was given.
#[derive(Debug, Default)]
struct Given {
    name: Option<String>,
    attributions: usize,
    words: BTreeSet<usize>,
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
        source.words.extend(attribution.contents.iter().flat_map(|c| reading.words_in(*c)));
        *source.cues.entry(attribution.class).or_default() += 1;
    }
    let summary = |(key, source): (Option<String>, Given)| {
        let words_direct = source.words.iter().filter(|w| reading.words[**w].quoted).count();
        SourceSummary {
            name: key.and(source.name),
            attributions: source.attributions,
            words_direct,
            words_indirect: source.words.len() - words_direct,
            cues: source.cues,
        }
    };
    let mut table: Vec<SourceSummary> = given.into_iter().map(summary).collect();
    table.sort_by_key(|s| std::cmp::Reverse((s.words_direct + s.words_indirect, s.attributions)));
    table
}

#[cfg(test)]
mod tests {
    use super::super::attributions;
    use super::super::sample::read;
    use super::*;

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
