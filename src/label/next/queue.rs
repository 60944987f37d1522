//! The order in which sentences are best read.
//!
//! In: [`Candidate`]s, and the vectors of what is labelled already. Out: the [`Next`] ones, the first to be read first.
//! Start at [`queue`].
//!
//! The most uncertain sentences are a pool; of it the one is taken each time that is worth most, (1 − d) × uncertainty −
//! d × likeness to the nearest taken before or labelled (maximal marginal relevance, Carbonell & Goldstein 1998), with d the
//! [`Settings::diversity`]. What is as like as [`NEAR`] to one of those is passed over. If that empties the pool, the next
//! most uncertain are one.
//!
//! For n candidates, a queue of k and a pool of m = max(1,000, 20 k): n log n to sort, and for each of the k and of the
//! labelled the sentences of the pool that share an n-gram with it, at most m. The order of the candidates has no influence,
//! but on which of several alike to the letter is shown.

use super::candidate::Candidate;
use super::vector::{Index, Vector, raise};
use crate::error::Result;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashSet;

/// Sentences whose vectors have this cosine say nearly the same, names apart.
pub const NEAR: f32 = 0.7;

/// The least a pool holds, and how many times the queue.
const POOL: usize = 1_000;
const POOL_OF_QUEUE: usize = 20;

/// How a queue is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How many sentences it has at most. Default 20.
    pub count: usize,
    /// What being unlike the others counts beside uncertainty, 0 to 1. Default 0.5.
    pub diversity: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { count: 20, diversity: 0.5 }
    }
}

/// A sentence of the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Next {
    /// Its place among the candidates.
    pub candidate: usize,
    /// What it was worth when it was taken, −1 to 1.
    pub score: f64,
    /// Its cosine with the nearest of those before it and of the labelled ones, 0 to [`NEAR`].
    pub likeness: f64,
}

/// Text by which sentences are the same: all white space is one space.
pub(super) fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The candidates that are best read next. `vector` gives a candidate's vector; it is asked for those of the pool alone.
///
/// # Errors
/// What `vector` says.
pub fn queue(
    candidates: &[Candidate],
    labelled: &[Vector],
    vector: &(dyn Fn(&Candidate) -> Result<Vector> + Sync),
    settings: &Settings,
) -> Result<Vec<Next>> {
    let order = by_uncertainty(candidates);
    let mut taken: Vec<Vector> = Vec::new();
    let mut queue = Vec::new();
    for pool in order.chunks(POOL.max(POOL_OF_QUEUE.saturating_mul(settings.count))) {
        if queue.len() >= settings.count {
            break;
        }
        let vectors: Vec<Vector> = pool.par_iter().map(|at| vector(&candidates[*at])).collect::<Result<_>>()?;
        let index = Index::new(&vectors);
        let mut nearest = index.nearest(labelled);
        raise(&mut nearest, &index.nearest(&taken));
        let mut is_left = vec![true; pool.len()];
        while queue.len() < settings.count {
            let Some((at, score)) = best(candidates, pool, &nearest, &is_left, settings.diversity) else { break };
            queue.push(Next { candidate: pool[at], score, likeness: f64::from(nearest[at]) });
            is_left[at] = false;
            raise(&mut nearest, &index.cosines(&vectors[at]));
            taken.push(vectors[at].clone());
        }
    }
    Ok(queue)
}

/// The candidates by falling uncertainty, each text once; of the same uncertainty by text.
fn by_uncertainty(candidates: &[Candidate]) -> Vec<usize> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|a, b| {
        let (x, y) = (&candidates[*a], &candidates[*b]);
        y.uncertainty.total_cmp(&x.uncertainty).then_with(|| x.text.cmp(&y.text)).then_with(|| a.cmp(b))
    });
    order.retain(|at| seen.insert(key(&candidates[*at].text)));
    order
}

/// The one of the pool that is worth most, and what it is worth; of several the most uncertain.
fn best(
    candidates: &[Candidate],
    pool: &[usize],
    nearest: &[f32],
    is_left: &[bool],
    diversity: f64,
) -> Option<(usize, f64)> {
    let is_open = |at: &usize| is_left[*at] && nearest[*at] < NEAR;
    let worth = |at: usize| {
        let uncertainty = candidates[pool[at]].uncertainty;
        (at, (1.0 - diversity) * uncertainty - diversity * f64::from(nearest[at]))
    };
    let first_best = |a: &(usize, f64), b: &(usize, f64)| match a.1.total_cmp(&b.1) {
        Ordering::Equal => b.0.cmp(&a.0),
        other => other,
    };
    (0..pool.len()).filter(is_open).map(worth).max_by(first_best)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::Span;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn candidate(number: usize, text: &str, uncertainty: f64) -> Candidate {
        let (span, lang, text) = (Span::new(0, text.len()), "en".to_owned(), text.to_owned());
        Candidate { document: number, sentence: 0, span, lang, text, uncertainty, doubts: Vec::new() }
    }

    /// One feature a word.
    fn words(text: &str) -> Vector {
        Vector::new(0, text.split_whitespace().map(|word| (crc32fast::hash(word.as_bytes()), 1.0)))
    }

    fn texts(candidates: &[Candidate], labelled: &[Vector], settings: Settings) -> Vec<String> {
        let next = queue(candidates, labelled, &|one| Ok(words(&one.text)), &settings).unwrap();
        next.iter().map(|next| candidates[next.candidate].text.clone()).collect()
    }

    const PLAIN: Settings = Settings { count: 9, diversity: 0.0 };

    #[test]
    fn the_least_certain_come_first_and_what_is_nearly_the_same_comes_once() {
        let of = [("a b c d e", 0.5), ("a b c d f", 0.9), ("p q r s", 0.7), ("a  b c d f", 0.95), ("x y z", 0.1)];
        let candidates: Vec<Candidate> = of.iter().map(|(text, u)| candidate(0, text, *u)).collect();
        assert_eq!(texts(&candidates, &[], PLAIN), ["a  b c d f", "p q r s", "x y z"]);
        assert_eq!(texts(&candidates, &[words("p q r s t")], PLAIN), ["a  b c d f", "x y z"]);
        assert_eq!(texts(&candidates, &[], Settings { count: 1, ..PLAIN }).len(), 1);
        assert_eq!(texts(&candidates, &[], Settings { count: 0, ..PLAIN }), [""; 0]);
        assert_eq!(texts(&[], &[], PLAIN), [""; 0]);
    }

    #[test]
    fn what_is_unlike_the_others_comes_before_what_is_a_little_less_certain() {
        let of = [("a b c", 0.9), ("a b d", 0.85), ("p q r", 0.8)];
        let candidates: Vec<Candidate> = of.iter().map(|(text, u)| candidate(0, text, *u)).collect();
        assert_eq!(texts(&candidates, &[], PLAIN), ["a b c", "a b d", "p q r"]);
        assert_eq!(texts(&candidates, &[], Settings { diversity: 0.5, ..PLAIN }), ["a b c", "p q r", "a b d"]);
        // Unlike what is labelled, too.
        let labelled = [words("a b e")];
        assert_eq!(texts(&candidates, &labelled, Settings { diversity: 0.5, ..PLAIN })[0], "p q r");
    }

    #[test]
    fn copies_do_not_empty_the_queue() {
        let mut candidates: Vec<Candidate> =
            (0..POOL + 500).map(|number| candidate(number, &format!("a b c d {number}"), 0.9)).collect();
        candidates.push(candidate(0, "p q r s", 0.2));
        assert_eq!(texts(&candidates, &[], PLAIN), ["a b c d 0", "p q r s"]);
    }

    proptest! {
        #[test]
        fn no_sentence_comes_twice_and_the_order_of_the_documents_changes_nothing(
            of in prop::collection::vec(("[a-f ]{1,12}", 0.0..=1.0f64), 0..40),
            diversity in 0.0..=1.0f64,
            count in 0..30usize,
            turn in 0..40usize,
        ) {
            let settings = Settings { count, diversity };
            let mut candidates: Vec<Candidate> =
                of.iter().enumerate().map(|(number, (text, u))| candidate(number, text, *u)).collect();
            // Texts alike to the letter have one uncertainty: a model sees the text alone.
            let first: Vec<f64> = candidates
                .iter()
                .map(|one| candidates.iter().find(|other| key(&other.text) == key(&one.text)).unwrap().uncertainty)
                .collect();
            candidates.iter_mut().zip(first).for_each(|(one, u)| {
                one.uncertainty = u;
                one.text = key(&one.text);
            });
            let found = texts(&candidates, &[], settings);
            prop_assert!(found.len() <= count);
            prop_assert_eq!(found.iter().map(|text| key(text)).collect::<BTreeSet<_>>().len(), found.len());
            let by = turn % candidates.len().max(1);
            candidates.rotate_left(by);
            prop_assert_eq!(&texts(&candidates, &[], settings), &found);
            candidates.reverse();
            prop_assert_eq!(&texts(&candidates, &[], settings), &found);
            for (at, one) in found.iter().enumerate() {
                let near = Index::new(&[words(one)]).nearest(&found[..at].iter().map(|t| words(t)).collect::<Vec<_>>());
                prop_assert!(near[0] < NEAR + 1e-5, "{one:?} among {found:?}");
            }
        }
    }
}
