//! What one bundle found in its passages of a document, and how such parts become one.
//!
//! In: [`Part`]s, each with its sentences in order. Out: one, in the order of the text, with every number of a
//! sentence or an attribution set right. Start at [`Part::merged`]. What crosses sentences (voice, links, whose
//! loaded term) was found inside each part and stays so.

use super::printer::round;
use crate::heads::voice::Voice;
use crate::report::ByName;
use crate::report::{
    AttributionReport, HeadScore, LoadedRate, LoadedReport, SentenceReport, SourceSummary, StanceReport,
};
use crate::text::Noise;
use std::collections::BTreeMap;

/// The findings in some passages.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// In order.
    pub sentences: Vec<SentenceReport>,
    /// In order of their sentences; `None` if the bundle has no such head, as the next two.
    pub loaded: Option<Vec<LoadedReport>>,
    /// In order of their cues.
    pub attributions: Option<Vec<AttributionReport>>,
    /// By falling number of words.
    pub sources: Option<Vec<SourceSummary>>,
    /// By target, in order of the text; `None` if the bundle has no such head.
    pub stances: Option<Vec<StanceReport>>,
    /// Words in its sentences.
    pub words: usize,
    /// What the rates of loaded terms are made of; `None` if the bundle lacks one of the two span heads.
    pub tally: Option<Tally>,
    /// What was damaged, in the order of the text.
    pub noise: Noise,
}

/// Loaded terms and words, by voice.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    author: (usize, usize),
    quoted: (usize, usize),
}

impl Tally {
    /// Of these terms, and so many words of the author's and of the sources'.
    pub fn of(loaded: &[LoadedReport], (author, quoted): (usize, usize)) -> Self {
        let terms = |voice: Voice| loaded.iter().filter(|l| l.voice == voice).count();
        Self { author: (terms(Voice::Author), author), quoted: (terms(Voice::Quoted), quoted) }
    }

    /// Loaded terms per 100 words of each voice.
    pub fn rate(&self) -> LoadedRate {
        let per_100 = |(terms, words): (usize, usize)| round(100.0 * terms as f64 / words.max(1) as f64);
        LoadedRate { author: per_100(self.author), quoted: per_100(self.quoted) }
    }

    fn and(self, other: Self) -> Self {
        let sum = |a: (usize, usize), b: (usize, usize)| (a.0 + b.0, a.1 + b.1);
        Self { author: sum(self.author, other.author), quoted: sum(self.quoted, other.quoted) }
    }
}

impl Part {
    /// All parts of a document as one. Of what only some bundles find, what they found is kept.
    pub fn merged(parts: Vec<Self>) -> Self {
        if parts.len() <= 1 {
            return parts.into_iter().next().unwrap_or_default();
        }
        let of = |(part, p): (usize, &Self)| {
            let number = move |(at, s): (usize, &SentenceReport)| (s.start, part, at);
            p.sentences.iter().enumerate().map(number).collect::<Vec<_>>()
        };
        let mut order: Vec<(usize, usize, usize)> = parts.iter().enumerate().flat_map(of).collect();
        order.sort_unstable();
        // For each part, the place that each of its sentences gets.
        let mut places: Vec<Vec<usize>> = parts.iter().map(|p| vec![0; p.sentences.len()]).collect();
        for (place, (_, part, at)) in order.iter().enumerate() {
            places[*part][*at] = place;
        }
        let mut whole = Self::default();
        for (mut part, places) in parts.into_iter().zip(&places) {
            whole.words += part.words;
            whole.noise.extend(part.noise);
            whole.tally = match (whole.tally, part.tally) {
                (Some(a), Some(b)) => Some(a.and(b)),
                (a, b) => a.or(b),
            };
            // Attributions are numbered here in the order of the parts, and set in that of the text below.
            let before = whole.attributions.as_ref().map_or(0, Vec::len);
            for attribution in part.attributions.iter_mut().flatten() {
                attribution.sentence = places[attribution.sentence];
            }
            for term in part.loaded.iter_mut().flatten() {
                term.sentence = places[term.sentence];
                term.attribution = term.attribution.map(|number| before + number);
            }
            for stance in part.stances.iter_mut().flatten() {
                stance.sentence = places[stance.sentence];
                stance.attribution = stance.attribution.map(|number| before + number);
            }
            whole.sentences.extend(part.sentences);
            extend(&mut whole.loaded, part.loaded);
            extend(&mut whole.attributions, part.attributions);
            extend(&mut whole.sources, part.sources);
            extend(&mut whole.stances, part.stances);
        }
        whole.sentences.sort_by_key(|s| s.start);
        whole.noise.spans.sort_unstable();
        if let Some(loaded) = &mut whole.loaded {
            loaded.sort_by_key(|l| l.sentence);
        }
        whole.set_attributions_in_order();
        if let Some(stances) = &mut whole.stances {
            set_by_target(stances);
        }
        if let Some(sources) = &mut whole.sources {
            *sources = joined(std::mem::take(sources));
        }
        whole
    }

    /// Sorts the attributions by their sentences, and has the loaded terms follow.
    fn set_attributions_in_order(&mut self) {
        let Some(attributions) = &mut self.attributions else { return };
        let mut order: Vec<usize> = (0..attributions.len()).collect();
        order.sort_by_key(|number| attributions[*number].sentence);
        let mut places = vec![0; order.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number] = place;
        }
        attributions.sort_by_key(|a| a.sentence);
        for term in self.loaded.iter_mut().flatten() {
            term.attribution = term.attribution.map(|number| places[number]);
        }
        for stance in self.stances.iter_mut().flatten() {
            stance.attribution = stance.attribution.map(|number| places[number]);
        }
    }

    /// By head, the mean of the sentences' probabilities; of the heads that every sentence has.
    pub fn means(&self) -> ByName<HeadScore> {
        let mut sums: ByName<(HeadScore, usize)> = ByName::new();
        for (head, score) in self.sentences.iter().flat_map(|s| &s.heads) {
            match sums.get_mut(head) {
                Some((sum, count)) => *count += usize::from(add(sum, score)),
                None => drop(sums.insert(head, (score.clone(), 1))),
            }
        }
        let all = self.sentences.len();
        sums.into_iter().filter(|(_, (_, n))| *n == all).map(|(head, (sum, n))| (head, divide(sum, n))).collect()
    }
}

/// Sorts stances of several parts by target, in order of the targets' first, and by their places.
fn set_by_target(stances: &mut [StanceReport]) {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for stance in stances.iter() {
        let next = numbers.len();
        numbers.entry(stance.target.name.clone()).or_insert(next);
    }
    stances.sort_by_key(|s| (numbers.get(&s.target.name).copied(), s.sentence, s.target.passage.start));
}

fn extend<T>(whole: &mut Option<Vec<T>>, part: Option<Vec<T>>) {
    if let Some(part) = part {
        whole.get_or_insert_default().extend(part);
    }
}

/// The sources of several parts, each name once, by falling number of words.
fn joined(sources: Vec<SourceSummary>) -> Vec<SourceSummary> {
    let mut table: Vec<SourceSummary> = Vec::with_capacity(sources.len());
    let mut rows: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for source in sources {
        match rows.get(&source.name) {
            Some(&row) => {
                let known = &mut table[row];
                known.attributions += source.attributions;
                known.words_direct += source.words_direct;
                known.words_indirect += source.words_indirect;
                for (class, count) in source.cues {
                    *known.cues.entry(class).or_default() += count;
                }
            }
            None => {
                rows.insert(source.name.clone(), table.len());
                table.push(source);
            }
        }
    }
    table.sort_by_key(|s| std::cmp::Reverse((s.words_direct + s.words_indirect, s.attributions)));
    table
}

/// Adds a head's probabilities to their sum, if they are of the same kind.
fn add(sum: &mut HeadScore, score: &HeadScore) -> bool {
    match (sum, score) {
        (HeadScore::Binary(sum), HeadScore::Binary(p)) => *sum += p,
        (HeadScore::Classes(sums), HeadScore::Classes(ps)) => {
            for (class, p) in ps {
                match sums.get_mut(class) {
                    Some(sum) => *sum += p,
                    None => drop(sums.insert(class, *p)),
                }
            }
        }
        _ => return false,
    }
    true
}

fn divide(sum: HeadScore, by: usize) -> HeadScore {
    let by = by.max(1) as f64;
    match sum {
        HeadScore::Binary(sum) => HeadScore::Binary(round(sum / by)),
        HeadScore::Classes(sums) => HeadScore::Classes(sums.into_iter().map(|(c, s)| (c, round(s / by))).collect()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::heads::attribution::{CueClass, Directness};
    use crate::heads::loaded::LoadedKind;
    use crate::report::PassageReport;

    fn passage(start: usize) -> PassageReport {
        PassageReport { start, end: start + 1, text: String::new() }
    }

    /// A sentence at each place, with an attribution and in it a loaded term; `bias` for all of them.
    fn part(places: &[usize], bias: f64, source: &str) -> Part {
        let sentence = |start: &usize| SentenceReport {
            start: *start,
            end: start + 5,
            region: None,
            lang: None,
            voice: None,
            heads: [("bias".to_owned(), HeadScore::Binary(bias))].into(),
            labels: ByName::new(),
            uncertain: Vec::new(),
            explain: Vec::new(),
        };
        let attribution = |(sentence, start): (usize, &usize)| AttributionReport {
            source: None,
            cue: passage(*start),
            content: Vec::new(),
            class: CueClass::Neutral,
            classes: BTreeMap::new(),
            direct: Directness::Indirect,
            p: 1.0,
            sentence,
            explain: None,
        };
        let term = |(sentence, start): (usize, &usize)| LoadedReport {
            passage: passage(*start),
            kind: LoadedKind::Doubt,
            p: 1.0,
            voice: Voice::Author,
            attribution: Some(sentence),
            sentence,
            explain: None,
        };
        let loaded: Vec<LoadedReport> = places.iter().enumerate().map(term).collect();
        let named = |name: Option<&str>, words: usize| SourceSummary {
            name: name.map(str::to_owned),
            attributions: 1,
            words_direct: 0,
            words_indirect: words,
            cues: [(CueClass::Neutral, 1)].into(),
        };
        Part {
            sentences: places.iter().map(sentence).collect(),
            attributions: Some(places.iter().enumerate().map(attribution).collect()),
            stances: None,
            sources: Some(vec![named(Some(source), 3), named(None, 2)]),
            words: 10,
            tally: Some(Tally::of(&loaded, (10, 0))),
            loaded: Some(loaded),
            noise: Noise::default(),
        }
    }

    #[test]
    fn parts_are_one_in_the_order_of_the_text_and_every_number_follows() {
        let whole = Part::merged(vec![part(&[0, 30, 40], 0.2, "Rin"), part(&[10, 20, 50], 0.8, "رن")]);
        let starts: Vec<usize> = whole.sentences.iter().map(|s| s.start).collect();
        assert_eq!(starts, [0, 10, 20, 30, 40, 50]);
        let (attributions, loaded) = (whole.attributions.as_ref().unwrap(), whole.loaded.as_ref().unwrap());
        assert_eq!((attributions.len(), loaded.len(), whole.words), (6, 6, 20));
        for (number, (attribution, term)) in attributions.iter().zip(loaded).enumerate() {
            assert_eq!((attribution.sentence, term.sentence, term.attribution), (number, number, Some(number)));
            assert_eq!((attribution.cue.start, term.passage.start), (starts[number], starts[number]));
        }
        assert_eq!(whole.tally.unwrap().rate(), LoadedRate { author: 30.0, quoted: 0.0 });
        assert_eq!(whole.means(), [("bias".to_owned(), HeadScore::Binary(0.5))].into());
        let sources: Vec<_> = whole.sources.iter().flatten().map(|s| (s.name.as_deref(), s.attributions)).collect();
        assert_eq!(sources, [(None, 2), (Some("Rin"), 1), (Some("رن"), 1)]);
    }

    #[test]
    fn a_head_that_not_every_sentence_has_gets_no_mean_and_findings_of_one_part_are_kept() {
        let mut bare = part(&[10], 0.2, "Rin");
        (bare.loaded, bare.attributions, bare.sources, bare.tally) = (None, None, None, None);
        bare.sentences[0].heads.insert("genre", HeadScore::Binary(0.5));
        let whole = Part::merged(vec![bare, part(&[0], 0.4, "Ola")]);
        assert_eq!(whole.means(), [("bias".to_owned(), HeadScore::Binary(0.3))].into());
        assert_eq!(whole.attributions.unwrap()[0].sentence, 0);
        assert_eq!(whole.loaded.unwrap()[0].attribution, Some(0));
        assert!(whole.tally.is_some() && Part::merged(Vec::new()).means().is_empty());
    }
}
