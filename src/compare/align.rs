//! Which sentences of several documents state the same.
//!
//! In: [`Item`]s: for every sentence its document, its outlet and its readings (the sentence itself and the quotations
//! in it). Out: [`Alignment`]: clusters of sentences, and for every sentence its nearest in another outlet. Start at
//! [`align`].
//!
//! Pairs are looked for among sentences that share words, the rarest first (`candidates`); of each pair of documents
//! those count that are each other's best and reach the threshold of their languages. Pairs join to clusters, the most
//! alike first, as long as a cluster holds together and has at most [`MOST_OF_A_DOCUMENT`] sentences of a document.

use super::likeness::likeness;
use super::vocabulary::{Vocabulary, Word};
use crate::text::Span;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A cluster has no more sentences of one document.
pub const MOST_OF_A_DOCUMENT: usize = 2;

/// So many pairs of words are compared at most, give or take: a candidate list is as long as they allow. Sentences of
/// twelve words that say what they are about make 600,000 pairs of sentences.
const MOST_PAIRS: usize = 600_000 * 12 * 12;

/// A candidate list has at least so many sentences.
const FEWEST_CANDIDATES: usize = 12;

/// Two clusters join if pairs between them are on average this share of the threshold, those that were not compared
/// counting as 0.
const HOLD: f64 = 0.6;

/// One way to take a sentence: the whole of it, or a quotation in it.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Where it stands, in its document.
    pub span: Span,
    /// Its words.
    pub words: Vec<Word>,
    /// The attribution whose content it is; `None` of the sentence.
    pub content: Option<usize>,
}

/// A sentence that is aligned.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its document.
    pub document: usize,
    /// Its document's outlet.
    pub outlet: usize,
    /// Its language, by a number.
    pub lang: usize,
    /// The ways to take it, the sentence first.
    pub tellings: Vec<Telling>,
}

/// Two sentences of different outlets and how alike they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The first sentence.
    pub a: usize,
    /// The second, after the first.
    pub b: usize,
    /// How alike, 0 to 1.
    pub likeness: f64,
    /// Which of the first one's tellings is like which of the second one's.
    pub tellings: (usize, usize),
}

/// What states the same.
#[derive(Debug, Clone, Default)]
pub struct Alignment {
    /// Sentences that state the same, in order, and the mean likeness of the pairs that join them.
    pub clusters: Vec<(Vec<usize>, f64)>,
    /// For every sentence the pair with its nearest in another outlet.
    pub nearest: Vec<Option<Pair>>,
    /// The pairs that join clusters.
    pub pairs: Vec<Pair>,
}

/// Aligns sentences, which stand in the order of their documents. `same` gives the threshold for two languages.
#[must_use]
pub fn align(vocabulary: &Vocabulary, items: &[Item], same: impl Fn(usize, usize) -> f64) -> Alignment {
    let candidates = candidates(vocabulary, items);
    let compare = |&(a, b): &(u32, u32)| {
        let (a, b) = (a as usize, b as usize);
        let mut pair = Pair { a, b, likeness: 0.0, tellings: (0, 0) };
        for (i, x) in items[a].tellings.iter().enumerate() {
            for (j, y) in items[b].tellings.iter().enumerate() {
                let like = likeness(vocabulary, &x.words, &y.words);
                if like > pair.likeness + 1e-9 {
                    (pair.likeness, pair.tellings) = (like, (i, j));
                }
            }
        }
        pair
    };
    let pairs: Vec<Pair> = candidates.par_iter().map(compare).filter(|pair| pair.likeness > 0.0).collect();

    let mut nearest: Vec<Option<Pair>> = vec![None; items.len()];
    // Of a sentence and another document, the best pair.
    let mut best: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    for (at, pair) in pairs.iter().enumerate() {
        for (one, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
            if nearest[one].is_none_or(|known| pair.likeness > known.likeness) {
                nearest[one] = Some(*pair);
            }
            let key = (one as u32, items[other].document as u32);
            let known = best.entry(key).or_insert(at);
            if pair.likeness > pairs[*known].likeness {
                *known = at;
            }
        }
    }
    let is_best = |at: usize, one: usize, other: usize| {
        best.get(&(one as u32, items[other].document as u32)).is_some_and(|known| *known == at)
    };
    let chosen = pairs.iter().enumerate().filter(|(at, pair)| {
        let least = same(items[pair.a].lang, items[pair.b].lang);
        pair.likeness >= least && is_best(*at, pair.a, pair.b) && is_best(*at, pair.b, pair.a)
    });
    let mut chosen: Vec<Pair> = chosen.map(|(_, pair)| *pair).collect();
    chosen.sort_by(|x, y| y.likeness.total_cmp(&x.likeness).then((x.a, x.b).cmp(&(y.a, y.b))));
    let known: FxHashMap<(usize, usize), f64> = pairs.iter().map(|pair| ((pair.a, pair.b), pair.likeness)).collect();
    let clusters = joined(items, &chosen, &known, same);
    Alignment { clusters, nearest, pairs: chosen }
}

/// Joins pairs to clusters.
fn joined(
    items: &[Item],
    pairs: &[Pair],
    known: &FxHashMap<(usize, usize), f64>,
    same: impl Fn(usize, usize) -> f64,
) -> Vec<(Vec<usize>, f64)> {
    let mut cluster_of: Vec<usize> = (0..items.len()).collect();
    let mut clusters: Vec<Vec<usize>> = (0..items.len()).map(|at| vec![at]).collect();
    let mut joins: Vec<(usize, f64)> = Vec::new();
    for pair in pairs {
        let (x, y) = (cluster_of[pair.a], cluster_of[pair.b]);
        if x == y {
            joins.push((pair.a, pair.likeness));
            continue;
        }
        let all = || clusters[x].iter().chain(&clusters[y]);
        let is_full =
            |document: usize| all().filter(|at| items[**at].document == document).count() > MOST_OF_A_DOCUMENT;
        if all().any(|at| is_full(items[*at].document)) {
            continue;
        }
        // Sentences of one outlet are not compared, and say nothing on whether the clusters are one.
        let across = || clusters[x].iter().flat_map(|a| clusters[y].iter().map(move |b| (*a.min(b), *a.max(b))));
        let others = || across().filter(|(a, b)| items[*a].outlet != items[*b].outlet);
        let held: f64 = others().map(|key| known.get(&key).copied().unwrap_or(0.0)).sum();
        let needed: f64 = others().map(|(a, b)| HOLD * same(items[a].lang, items[b].lang)).sum();
        if held < needed {
            continue;
        }
        let (keep, gone) = (x.min(y), x.max(y));
        let moved = std::mem::take(&mut clusters[gone]);
        moved.iter().for_each(|at| cluster_of[*at] = keep);
        clusters[keep].extend(moved);
        joins.push((pair.a, pair.likeness));
    }
    let mut sums: FxHashMap<usize, (f64, usize)> = FxHashMap::default();
    for (at, likeness) in joins {
        let sum = sums.entry(cluster_of[at]).or_default();
        *sum = (sum.0 + likeness, sum.1 + 1);
    }
    let of = |(number, mut cluster): (usize, Vec<usize>)| {
        cluster.sort_unstable();
        let (sum, count) = sums.get(&number).copied()?;
        (cluster.len() > 1).then(|| (cluster, sum / count as f64))
    };
    clusters.into_iter().enumerate().filter_map(of).collect()
}

/// Pairs of sentences of different outlets that may be alike, each once, in order: all of them where their words are few;
/// else for each sentence those that share most weight with it.
fn candidates(vocabulary: &Vocabulary, items: &[Item]) -> Vec<(u32, u32)> {
    let number = items.len();
    let apart = |a: usize, b: usize| items[a].outlet != items[b].outlet;
    let words: usize = items.iter().flat_map(|item| &item.tellings).map(|telling| telling.words.len()).sum();
    let Some(wanted) = wanted(number, words) else {
        let of = |a: usize| (a + 1..number).filter(move |b| apart(a, *b)).map(move |b| (a as u32, b as u32));
        return (0..number).flat_map(of).collect();
    };
    let words = |item: &Item| {
        let mut forms: Vec<u32> =
            item.tellings.first().map(|t| t.words.iter().map(|w| w.form).collect()).unwrap_or_default();
        forms.sort_unstable();
        forms.dedup();
        forms
    };
    let forms: Vec<Vec<u32>> = items.iter().map(words).collect();
    let mut holders: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
    for (at, forms) in forms.iter().enumerate() {
        forms.iter().for_each(|form| holders[*form as usize].push(at as u32));
    }
    // Words across languages, and words that are like without being one, lead through each form's nearest.
    let near = neighbours(vocabulary, &holders);
    // A form that many sentences have leads to too many, and tells little: the rarest of a sentence's lead.
    let most = (8 * wanted).max(256);
    let of = |a: usize| {
        let mut shared: FxHashMap<u32, f32> = FxHashMap::default();
        let mut own: Vec<u32> = forms[a].clone();
        own.sort_by_key(|form| (holders[*form as usize].len(), *form));
        let mut visited = 0;
        for form in own {
            for (other, like) in std::iter::once((form, 1.0)).chain(near[form as usize].iter().copied()) {
                let list = &holders[other as usize];
                visited += list.len();
                if visited > 4 * most && list.len() > most {
                    continue;
                }
                for b in list.iter().filter(|b| apart(a, **b as usize)) {
                    *shared.entry(*b).or_default() += like * vocabulary.weight(form);
                }
            }
        }
        let mut shared: Vec<(u32, f32)> = shared.into_iter().collect();
        shared.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        shared.truncate(wanted);
        shared.into_iter().map(|(b, _)| (b.min(a as u32), b.max(a as u32))).collect::<Vec<_>>()
    };
    let mut all: Vec<(u32, u32)> = (0..number).into_par_iter().flat_map_iter(of).collect();
    all.par_sort_unstable();
    all.dedup();
    all
}

/// How long the candidate list of each of so many sentences may be, that have so many words in all; `None` where all pairs
/// are few enough.
fn wanted(sentences: usize, words: usize) -> Option<usize> {
    let pairs = words.saturating_mul(words) / 2;
    // A candidate for each sentence costs twice all pairs by the number of sentences.
    (pairs > MOST_PAIRS).then(|| (MOST_PAIRS.saturating_mul(sentences) / pairs / 2).max(FEWEST_CANDIDATES))
}

/// For each form its nearest others among those that are not everywhere.
fn neighbours(vocabulary: &Vocabulary, holders: &[Vec<u32>]) -> Vec<Vec<(u32, f32)>> {
    /// Beyond this many forms, words lead to the same words alone: a table of all pairs would take too long.
    const MOST_FORMS: usize = 5_000;
    const NEAREST: usize = 3;
    const LEAST: f32 = 0.55;
    let number = holders.len();
    if number > MOST_FORMS {
        return vec![Vec::new(); number];
    }
    let of = |a: usize| {
        let like = |b: usize| (b as u32, vocabulary.likeness(a as u32, b as u32));
        let mut near: Vec<(u32, f32)> =
            (0..number).filter(|b| *b != a).map(like).filter(|(_, like)| *like >= LEAST).collect();
        near.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        near.truncate(NEAREST);
        near
    };
    (0..number).into_par_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_have_fewer_candidates_and_texts_of_an_article_have_all() {
        assert_eq!(wanted(200, 200 * 45), None);
        // Two texts of half a megabyte.
        for (sentences, length) in [(3_000, 45), (9_000, 12), (3_000, 12)] {
            let list = wanted(sentences, sentences * length).unwrap_or(sentences);
            let is_fewest = list == FEWEST_CANDIDATES;
            assert!(is_fewest || list * sentences * length * length <= MOST_PAIRS, "{sentences} {length} {list}");
        }
        assert!(wanted(3_000, 3_000 * 45) < wanted(3_000, 3_000 * 12));
    }
}
