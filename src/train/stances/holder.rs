//! Training whose stance it is: a choice among a sentence's candidates.
//!
//! In: rows whose pairs have labelled holders. Out: a [`HolderModel`]. Start at [`train`]. The likelihood is that of
//! the labelled candidate among all of its target's (a conditional logit; McFadden 1974).

use super::pairs::{Holder, Pair, Row};
use crate::error::Result;
use crate::features::keys::Keys;
use crate::heads::holder::{Candidate, HolderModel, Scene, candidates, keys};
use crate::heads::stance::{Polarity, Sentence};
use crate::model::receipt::FitReceipt;
use crate::text::Span;
use crate::train::fit::minimize::minimize;
use crate::train::fit::{Convergence, Solver};
use crate::train::params::ParallaxValidParams;
use crate::train::prepare::Example;
use rustc_hash::FxHashMap;

/// A choice: the keys of every candidate, and which is right.
struct Choice {
    candidates: Vec<Vec<u32>>,
    right: usize,
    weight: f64,
}

/// Fits the model; with no labelled holder it is the default, and there is no fit.
///
/// # Errors
/// [`crate::Error::Fit`] where the optimum was not reached.
pub fn train(
    params: &ParallaxValidParams,
    examples: &[Example],
    rows: &[Row],
) -> Result<(HolderModel, Option<FitReceipt>)> {
    let mut numbers: FxHashMap<String, (u32, u32)> = FxHashMap::default();
    let mut choices = Vec::new();
    for row in rows {
        let example = &examples[row.record];
        let text = example.record.text.as_str();
        let sentence = row.sentence(text);
        for pair in row.pairs.iter().filter(|p| p.polarity != Polarity::Neutral) {
            let all = candidates(&sentence, pair.target);
            let Some(right) = right(&sentence, &all, pair) else { continue };
            let mut of = vec![Vec::new(); all.len()];
            keys(&Scene::new(&sentence, pair.target, &all), |candidate, key| {
                let next = numbers.len() as u32;
                let (number, count) = numbers.entry(key.to_owned()).or_insert((next, 0));
                *count += 1;
                of[candidate].push(*number);
            });
            choices.push(Choice { candidates: of, right, weight: example.weight });
        }
    }
    if choices.is_empty() {
        return Ok((HolderModel::default(), None));
    }
    // In alphabetical order, so that the same records in any order give the same table.
    let mut kept: Vec<(&String, u32)> = numbers
        .iter()
        .filter(|(_, (_, n))| *n >= params.stance.least)
        .map(|(key, (number, _))| (key, *number))
        .collect();
    kept.sort_unstable();
    let mut places = vec![u32::MAX; numbers.len()];
    for (place, (_, number)) in (0u32..).zip(&kept) {
        places[*number as usize] = place;
    }
    renumber(&mut choices, &places);
    let (all, _) = fit(params, &choices, kept.len())?;
    // The keys of most weight are fitted once more by themselves, so that they take over what the others told.
    let mut order: Vec<usize> = (0..kept.len()).collect();
    order.sort_by(|a, b| all[*b].abs().total_cmp(&all[*a].abs()).then(a.cmp(b)));
    order.truncate(params.stance.most_holder);
    order.sort_unstable();
    let mut places = vec![u32::MAX; kept.len()];
    for (place, at) in (0u32..).zip(&order) {
        places[*at] = place;
    }
    renumber(&mut choices, &places);
    let (best, receipt) = fit(params, &choices, order.len())?;
    let table: Keys = order.iter().map(|at| kept[*at].0).collect();
    let model = HolderModel { keys: table, weights: best.iter().map(|weight| *weight as f32).collect() };
    Ok((model, Some(receipt)))
}

/// Gives every key its place; those without one are left out.
fn renumber(choices: &mut [Choice], places: &[u32]) {
    for list in choices.iter_mut().flat_map(|c| &mut c.candidates) {
        list.iter_mut().for_each(|number| *number = places[*number as usize]);
        list.retain(|place| *place != u32::MAX);
    }
}

/// The most likely weights of `keys` keys.
fn fit(params: &ParallaxValidParams, choices: &[Choice], keys: usize) -> Result<(Vec<f64>, FitReceipt)> {
    let l2 = params.stance.holder;
    let evaluate = |weights: &[f64]| {
        let mut gradient: Vec<f64> = weights.iter().map(|w| l2 * w).collect();
        let mut objective = 0.5 * l2 * weights.iter().map(|w| w * w).sum::<f64>();
        for choice in choices {
            let scores: Vec<f64> =
                choice.candidates.iter().map(|list| list.iter().map(|k| weights[*k as usize]).sum()).collect();
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scores.iter().map(|s| (s - most).exp()).sum();
            objective += choice.weight * (most + sum.ln() - scores[choice.right]);
            for (at, (list, score)) in choice.candidates.iter().zip(&scores).enumerate() {
                let p = (score - most).exp() / sum;
                let slope = choice.weight * (p - f64::from(u8::from(at == choice.right)));
                list.iter().for_each(|k| gradient[*k as usize] += slope);
            }
        }
        (objective, gradient)
    };
    let solver = Solver { l2, tolerance: params.base.tolerance, max_iterations: params.stack.max_iterations };
    let what = "stance holder";
    let best = minimize(what, vec![0.0; keys], solver, choices.len(), evaluate)?;
    let (objective, gradient) = evaluate(&best);
    let gradient_norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    let rows = choices.len();
    Convergence { objective, gradient_norm, rows }.check(what)?;
    Ok((best, FitReceipt { what: what.to_owned(), l2, objective, gradient_norm, rows }))
}

/// The candidate that is the labelled holder: that whose words overlap it most; `None` if there is none.
#[must_use]
pub fn right(sentence: &Sentence<'_>, candidates: &[Candidate], pair: &Pair) -> Option<usize> {
    let holder = match pair.holder {
        Holder::Unknown => return None,
        Holder::Author => return candidates.iter().position(|c| *c == Candidate::Author),
        Holder::Named(span) => span,
    };
    let all = &sentence.tokens.tokens;
    let overlap = |span: Span| span.end.min(holder.end).saturating_sub(span.start.max(holder.start));
    let of = |candidate: &Candidate| match candidate {
        Candidate::Author => 0,
        Candidate::Source(number) => sentence.quotes.get(*number).and_then(|q| q.source).map_or(0, overlap),
        Candidate::Named((first, end), _) => overlap(Span::new(all[*first].span.start, all[end - 1].span.end)),
    };
    let best = candidates.iter().enumerate().rev().max_by_key(|(_, c)| of(c))?;
    (of(best.1) > 0).then_some(best.0)
}
