//! Fits the region head to labelled pages.
//!
//! In: [`Page`]s. Out: a [`RegionHead`] and a [`RegionReceipt`] of what it got right on pages of sites that it was not
//! fitted to. Start at [`train`]. The second layer is fitted to what the first one made of pages held out, so that it
//! learns how far to trust it; the threshold is chosen on pages held out from both.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fit::{Csr, Fitted, Solver, Targets, sparse};
use super::page::{Page, Variant};
use super::split::{folds, training_folds};
use crate::error::{Error, Result};
use crate::features::line::{FACTS, Part, Row, rows};
use crate::heads::region::{
    KINDS, Kinds, Layer, RegionHead, around, around_names, decide, first_columns, masked, second_columns,
};
use crate::text::RegionKind;

/// Folds that sites are held out in.
const FOLDS: u32 = 5;

/// L2 strength of the two layers.
const FIRST_L2: f64 = 1.0;
const SECOND_L2: f64 = 1.0;

/// How many sites a word has to stand at the end of a line of to have weights: one site's words say nothing of others.
const LEAST_SITES: usize = 4;

/// The share of the bodies' sentences that may be masked on pages held out; what is wanted is 0.01 at most, and a quarter
/// of it is left for pages that are less like these.
pub const MOST_MASKED: f64 = 0.0075;

/// The thresholds to choose from, in hundredths.
const THRESHOLDS: std::ops::RangeInclusive<u32> = 50..=99;

/// The logit of a kind that the lines of a fit lack.
const MISSING: f64 = -20.0;

/// Decimals that a weight is kept to.
const PRECISION: f64 = 1e4;

/// What a page in another layout counts beside the page as it is.
fn weight(variant: Variant) -> f64 {
    match variant {
        Variant::Whole => 1.0,
        Variant::Dense | Variant::Loose | Variant::Unstopped => 0.4,
        Variant::Scored | Variant::Body | Variant::DenseBody => 0.3,
    }
}

/// How many there are, and of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub some: usize,
    /// Of how many.
    pub all: usize,
}

impl Share {
    /// Counts one.
    fn add(&mut self, is: bool) {
        self.some += usize::from(is);
        self.all += 1;
    }

    /// The share, 0 to 1; 0 of none.
    #[must_use]
    pub fn value(self) -> f64 {
        self.some as f64 / self.all.max(1) as f64
    }

    /// The 95 % interval of Wilson (1927), which is sound for shares near 0 and 1.
    #[must_use]
    pub fn interval(self) -> [f64; 2] {
        let (n, p, z) = (self.all.max(1) as f64, self.value(), 1.959_964);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        [(middle - half).max(0.0), (middle + half).min(1.0)]
    }
}

/// What was got right of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KindCounts {
    /// Lines of this kind that were taken for it.
    pub right: usize,
    /// Lines of this kind.
    pub gold: usize,
    /// Lines taken for it.
    pub found: usize,
}

impl KindCounts {
    /// Of the lines taken for it, the share that are.
    #[must_use]
    pub fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    /// Of its lines, the share taken for it.
    #[must_use]
    pub fn recall(self) -> f64 {
        self.right as f64 / self.gold.max(1) as f64
    }

    /// Their harmonic mean.
    #[must_use]
    pub fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.gold + self.found).max(1) as f64
    }
}

/// What was got right on some pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RegionCounts {
    /// Pages.
    pub pages: usize,
    /// By kind.
    pub kinds: BTreeMap<RegionKind, KindCounts>,
    /// Body lines that were masked.
    pub body_masked: Share,
    /// Sentences of the body that were masked.
    pub body_sentences_masked: Share,
    /// Headlines that were masked.
    pub headlines_masked: Share,
    /// Lines of boilerplate that were masked.
    pub boilerplate_masked: Share,
    /// Lines of any masked kind that were masked.
    pub others_masked: Share,
}

impl RegionCounts {
    fn add(&mut self, page: &Page, found: &[RegionKind]) {
        self.pages += 1;
        for (line, (gold, found)) in page.kinds.iter().zip(found).enumerate() {
            self.kinds.entry(*found).or_default().found += 1;
            let kind = self.kinds.entry(*gold).or_default();
            kind.gold += 1;
            kind.right += usize::from(gold == found);
            let is_masked = !found.is_scored();
            match gold {
                RegionKind::Body => {
                    self.body_masked.add(is_masked);
                    let sentences = page.sentences(line);
                    self.body_sentences_masked.all += sentences;
                    self.body_sentences_masked.some += if is_masked { sentences } else { 0 };
                }
                RegionKind::Headline => self.headlines_masked.add(is_masked),
                RegionKind::Boilerplate => self.boilerplate_masked.add(is_masked),
                _ => {}
            }
            if !gold.is_scored() {
                self.others_masked.add(is_masked);
            }
        }
    }
}

/// A line that was masked, and should not have been, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// The page.
    pub page: String,
    /// What the line is.
    pub gold: RegionKind,
    /// What it was taken for.
    pub found: RegionKind,
    /// The line.
    pub line: String,
}

/// What was fitted, and how it did on pages of sites held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegionReceipt {
    /// Sites.
    pub sites: usize,
    /// Words that have weights.
    pub words: usize,
    /// The threshold of the model.
    pub threshold: f64,
    /// All pages as they are: each fold by a model, and by a threshold, that were chosen without it.
    pub held_out: RegionCounts,
    /// The same by language.
    pub languages: BTreeMap<String, RegionCounts>,
    /// The same pages without blank lines, with one after each line, and without the full stops of the body's lines.
    pub other_layouts: RegionCounts,
    /// The lines of their bodies alone.
    pub bodies: RegionCounts,
    /// The lines of `held_out` that were masked, and should not have been, or the other way round.
    pub slips: Vec<Slip>,
}

/// A page in one layout, and what is known of its lines.
struct Seen {
    page: Page,
    variant: Variant,
    rows: Vec<Row>,
}

/// Fits the model, and measures it on sites held out.
///
/// # Errors
/// [`Error::Data`] where there are too few sites for the folds, or a kind that no page has;
/// [`Error::Fit`] where a fit does not converge.
pub fn train(pages: &[Page]) -> Result<(RegionHead, RegionReceipt)> {
    let missing = RegionKind::ALL.into_iter().find(|kind| !pages.iter().any(|page| page.kinds.contains(kind)));
    if let Some(kind) = missing {
        return Err(Error::Data {
            what: "regions".to_owned(),
            found: format!("no line that is {kind}"),
            expected: "lines of every kind".to_owned(),
            cure: "label more pages".to_owned(),
        });
    }
    let seen = see(pages);
    let fold = folds(seen.iter().map(|s| s.page.group.as_str()), FOLDS)?;
    let held: Result<Vec<Vec<Vec<Kinds>>>> = (0..FOLDS)
        .into_par_iter()
        .map(|held| {
            let rest: Vec<&Seen> = seen.iter().zip(&fold).filter(|(_, f)| **f != held).map(|(s, _)| s).collect();
            let head = fit(&rest)?;
            Ok(seen.iter().zip(&fold).filter(|(_, f)| **f == held).map(|(s, _)| head.read(&s.rows)).collect())
        })
        .collect();
    let mut held: Vec<_> = held?.into_iter().map(Vec::into_iter).collect();
    let read: Vec<Vec<Kinds>> =
        fold.iter().map(|f| held.get_mut(*f as usize).and_then(Iterator::next).unwrap_or_default()).collect();
    let all: Vec<(&Seen, &[Kinds])> = seen.iter().zip(read.iter().map(Vec::as_slice)).collect();
    let threshold = choose(all.iter().copied());
    let by_fold: Vec<f64> =
        (0..FOLDS).map(|held| choose(all.iter().zip(&fold).filter(|(_, f)| **f != held).map(|(s, _)| *s))).collect();
    let head = fit(&seen.iter().collect::<Vec<_>>())?.with_threshold(threshold);
    let mut receipt = RegionReceipt {
        sites: pages.iter().map(|page| &page.group).collect::<BTreeSet<_>>().len(),
        words: vocabulary(&seen.iter().collect::<Vec<_>>()).len(),
        threshold,
        held_out: RegionCounts::default(),
        languages: BTreeMap::new(),
        other_layouts: RegionCounts::default(),
        bodies: RegionCounts::default(),
        slips: Vec::new(),
    };
    for ((seen, read), held) in all.iter().zip(&fold) {
        let threshold = by_fold.get(*held as usize).copied().unwrap_or(threshold);
        receipt.add(seen, read, threshold);
    }
    Ok((head, receipt))
}

/// Fits the model that [`train`] fits, with a threshold that is given, and measures nothing.
///
/// # Errors
/// As [`train`].
pub fn fit_all(pages: &[Page], threshold: f64) -> Result<RegionHead> {
    let seen = see(pages);
    Ok(fit(&seen.iter().collect::<Vec<_>>())?.with_threshold(threshold))
}

impl RegionReceipt {
    fn add(&mut self, seen: &Seen, read: &[Kinds], threshold: f64) {
        let decided = seen.rows.iter().zip(read).map(|(row, p)| decide(p, row.is_repeat, threshold));
        let found: Vec<RegionKind> = decided.collect();
        let page = &seen.page;
        match seen.variant {
            Variant::Whole => {
                self.held_out.add(page, &found);
                self.languages.entry(page.lang.clone()).or_default().add(page, &found);
                for (line, (gold, found)) in page.kinds.iter().zip(&found).enumerate() {
                    if gold.is_scored() != found.is_scored() {
                        let line = page.span(line).slice(&page.text).to_owned();
                        self.slips.push(Slip { page: page.id.clone(), gold: *gold, found: *found, line });
                    }
                }
            }
            Variant::Dense | Variant::Loose | Variant::Unstopped => self.other_layouts.add(page, &found),
            Variant::Body | Variant::DenseBody => self.bodies.add(page, &found),
            Variant::Scored => {}
        }
    }
}

/// Every page in every layout that it has.
fn see(pages: &[Page]) -> Vec<Seen> {
    let of = |page: &Page, variant: Variant| {
        let page = page.variant(variant)?;
        let rows = rows(&page.text, &page.lines, Part { before: 0, all: page.lines.len() });
        Some(Seen { page, variant, rows })
    };
    pages.iter().flat_map(|page| Variant::ALL.into_iter().filter_map(move |variant| of(page, variant))).collect()
}

/// The smallest threshold with which few enough sentences of bodies are masked.
fn choose<'a>(read: impl Iterator<Item = (&'a Seen, &'a [Kinds])>) -> f64 {
    let mut bodies: Vec<(f64, usize)> = Vec::new();
    for (seen, read) in read.filter(|(seen, _)| seen.variant != Variant::Scored) {
        for (line, (row, p)) in seen.rows.iter().zip(read).enumerate() {
            if seen.page.kinds.get(line) == Some(&RegionKind::Body) {
                bodies.push((masked(p, row.is_repeat), seen.page.sentences(line)));
            }
        }
    }
    let all: usize = bodies.iter().map(|(_, sentences)| sentences).sum();
    let holds = |threshold: &f64| {
        let masked: usize = bodies.iter().filter(|(p, _)| p > threshold).map(|(_, sentences)| sentences).sum();
        masked as f64 <= MOST_MASKED * all as f64
    };
    THRESHOLDS.map(|hundredths| f64::from(hundredths) / 100.0).find(holds).unwrap_or(1.0)
}

/// The words that stand at the ends of lines of enough sites, in order.
fn vocabulary(seen: &[&Seen]) -> Vec<String> {
    let mut sites: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for seen in seen.iter().filter(|seen| seen.variant == Variant::Whole) {
        for word in seen.rows.iter().flat_map(|row| &row.words) {
            sites.entry(word).or_default().insert(&seen.page.group);
        }
    }
    sites.into_iter().filter(|(_, sites)| sites.len() >= LEAST_SITES).map(|(word, _)| word.to_owned()).collect()
}

/// Both layers.
fn fit(seen: &[&Seen]) -> Result<RegionHead> {
    let words = vocabulary(seen);
    let fold = training_folds(seen.iter().map(|s| s.page.group.as_str()), FOLDS)?;
    let numbers: BTreeMap<&str, usize> = words.iter().map(String::as_str).zip(0..).collect();
    let columns = |row: &Row| first_columns(row, |word| numbers.get(word).copied());
    let width = FACTS + words.len();
    let layers: Result<Vec<Layer>> = (0..=FOLDS)
        .into_par_iter()
        .map(|held| {
            let rest = seen.iter().zip(&fold).filter(|(_, f)| **f != held).map(|(s, _)| *s);
            layer(rest, width, FIRST_L2, |seen| seen.rows.iter().map(columns).collect())
        })
        .collect();
    let mut layers = layers?;
    let first = layers.pop().unwrap_or_default();
    let held: Vec<RegionHead> =
        layers.into_iter().map(|layer| RegionHead::new(&words, layer, Layer::default(), 1.0)).collect();
    let by_page: Vec<Vec<Vec<f64>>> = seen
        .iter()
        .zip(&fold)
        .map(|(seen, fold)| {
            held.get(*fold as usize).map(|head| around(&head.read_first(&seen.rows))).unwrap_or_default()
        })
        .collect();
    let mut by_page = by_page.into_iter();
    let second = layer(seen.iter().copied(), FACTS + around_names().len(), SECOND_L2, |seen| {
        let around = by_page.next().unwrap_or_default();
        seen.rows.iter().zip(&around).map(|(row, around)| second_columns(row, around).collect()).collect()
    })?;
    Ok(RegionHead::new(&words, first, second, 1.0))
}

/// A logistic model of each kind against the rest.
fn layer<'a>(
    seen: impl Iterator<Item = &'a Seen>,
    width: usize,
    l2: f64,
    mut columns: impl FnMut(&Seen) -> Vec<Vec<(usize, f64)>>,
) -> Result<Layer> {
    let mut x = Csr::new(width);
    let (mut kinds, mut weights) = (Vec::new(), Vec::new());
    for seen in seen {
        for (row, kind) in columns(seen).into_iter().zip(&seen.page.kinds) {
            x.push(row.into_iter().map(|(column, value)| (column as u32, value as f32)));
            kinds.push(*kind);
            weights.push(weight(seen.variant));
        }
    }
    let fits: Result<Vec<_>> = RegionKind::ALL
        .into_par_iter()
        .map(|kind| {
            let what = format!("regions, {kind} against the rest");
            if !kinds.contains(&kind) {
                return Ok(None);
            }
            let shares: Vec<f64> =
                kinds.iter().flat_map(|k| [f64::from(u8::from(*k != kind)), f64::from(u8::from(*k == kind))]).collect();
            let targets = Targets::new(&what, 2, &shares, &weights)?;
            sparse::fit(&what, &x, &targets, Solver { l2, ..Solver::default() }).map(Some)
        })
        .collect();
    let fits = fits?;
    let round = |value: f64| (value * PRECISION).round() / PRECISION;
    let each = |of: &dyn Fn(&Fitted) -> f64, missing: f64| {
        let mut row = [missing; KINDS];
        row.iter_mut().zip(&fits).for_each(|(to, fit)| *to = fit.as_ref().map_or(missing, |fit| round(of(fit))));
        row
    };
    let intercepts = each(&|fit| fit.intercepts.first().copied().unwrap_or(0.0), MISSING);
    let of = |at: usize| each(&|fit| fit.weights[[at, 0]], 0.0);
    Ok(Layer { intercepts, weights: (0..width).map(of).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_none_still_has_an_upper_bound() {
        let none = Share { some: 0, all: 100 };
        assert!(none.value() == 0.0 && none.interval()[0] == 0.0);
        assert!((none.interval()[1] - 0.037).abs() < 0.001, "{:?}", none.interval());
    }
}
