//! Which part of a document is what: headline, byline, body, caption, boilerplate, a headline again.
//!
//! In: a text as it arrived. Out: its [`Region`]s, in order. Start at [`RegionHead::regions`]; [`RegionHead::shipped`]
//! is the model of `models/regions`, for every language. It reads a page twice: a logistic model of what each line
//! looks like ([`crate::features::line`]), then one of that and of what the first made of the lines around it. A line
//! is masked from a probability up that was chosen so that body text hardly ever is.

use crate::error::{Error, Result};
use crate::features::line::{FACTS, Part, Row, fact_names, rows};
use crate::text::{Line, Region, RegionKind, Span, lines};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// How many kinds there are.
pub const KINDS: usize = RegionKind::ALL.len();

/// One number a kind, in the order of [`RegionKind::ALL`].
pub type Kinds = [f64; KINDS];

/// The format of the file.
const FORMAT: u32 = 1;

/// The shipped file, and what to call it in an error.
const SHIPPED: &str = include_str!("../../models/regions/weights.json");
const SHIPPED_PATH: &str = "models/regions/weights.json";

/// Lines that are read together: a page of more is no article, and is read in parts of so many.
const MOST_LINES: usize = 4_096;

/// How much of what was said of a line is left in the mean over the lines before or after it, a line on.
const FADING: f64 = 0.7;

/// Tells the regions of a text. The default takes everything for body.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegionHead {
    /// The words that have weights, and the number of each.
    words: FxHashMap<String, usize>,
    first: Layer,
    second: Layer,
    /// The probability of not being scored above which a line is masked, from 0 to 1.
    threshold: f64,
}

/// A logistic model of each kind against the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layer {
    /// The logits of a line without facts.
    pub intercepts: Kinds,
    /// One row a column.
    pub weights: Vec<Kinds>,
}

/// The model as its file has it, every weight under its column's name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u32,
    kinds: Vec<RegionKind>,
    threshold: f64,
    words: Vec<String>,
    first: StoredLayer,
    second: StoredLayer,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLayer {
    intercepts: Kinds,
    weights: BTreeMap<String, Kinds>,
}

/// The columns of the second layer beside the facts: what the first one made of the line and of those around it; then
/// the same again, for lines without an end mark.
#[must_use]
pub fn around_names() -> Vec<String> {
    let places = ["here", "a line before", "two lines before", "a line after", "two lines after", "before", "after"];
    let named = |place: &'static str| RegionKind::ALL.into_iter().map(move |kind| format!("{kind} {place}"));
    let mut names: Vec<String> = places.into_iter().flat_map(named).collect();
    names.extend(["most body before", "most body after"].map(str::to_owned));
    let open: Vec<String> = names.iter().map(|name| format!("{name}, no end mark here")).collect();
    names.extend(open);
    names
}

impl Layer {
    /// The probability of each kind; they sum to 1.
    fn read(&self, columns: impl Iterator<Item = (usize, f64)>) -> Kinds {
        let mut logits = self.intercepts;
        for (column, value) in columns {
            if let Some(weights) = self.weights.get(column) {
                logits.iter_mut().zip(weights).for_each(|(logit, weight)| *logit += value * weight);
            }
        }
        let mut p = logits.map(|z| 1.0 / (1.0 + (-z.clamp(-40.0, 40.0)).exp()));
        let sum: f64 = p.iter().sum();
        p.iter_mut().for_each(|p| *p /= sum);
        p
    }

    fn stored(&self, names: &[String]) -> StoredLayer {
        StoredLayer { intercepts: self.intercepts, weights: names.iter().cloned().zip(self.weights.clone()).collect() }
    }
}

impl StoredLayer {
    fn layer(&self, names: &[String]) -> Option<Layer> {
        let weights: Option<Vec<Kinds>> = names.iter().map(|name| self.weights.get(name).copied()).collect();
        let weights = weights.filter(|_| self.weights.len() == names.len())?;
        let finite = self.intercepts.iter().chain(weights.iter().flatten()).all(|w| w.is_finite());
        finite.then_some(Layer { intercepts: self.intercepts, weights })
    }
}

/// The names of the first layer's columns: the facts, then the words.
fn first_names(words: &[String]) -> Vec<String> {
    fact_names().into_iter().chain(words.iter().map(|word| format!("word: {word}"))).collect()
}

/// The names of the second layer's columns: the facts, then what stands around.
fn second_names() -> Vec<String> {
    fact_names().into_iter().chain(around_names()).collect()
}

impl RegionHead {
    /// The model that ships, for every language.
    #[must_use]
    pub fn shipped() -> &'static Self {
        // A test reads the file that is built in; were it damaged, nothing would be masked.
        static HEAD: LazyLock<RegionHead> =
            LazyLock::new(|| RegionHead::from_json(SHIPPED, Path::new(SHIPPED_PATH)).unwrap_or_default());
        &HEAD
    }

    /// A model of fitted layers: the first one's columns are the facts and `words`, in this order, the second one's
    /// the facts and [`around_names`].
    #[must_use]
    pub fn new(words: &[String], first: Layer, second: Layer, threshold: f64) -> Self {
        let words = words.iter().cloned().zip(0..).collect();
        Self { words, first, second, threshold }
    }

    /// Reads a model from the text of its file, which `path` names in an error.
    ///
    /// # Errors
    /// [`Error::Bundle`] where it is no such file, of another format, or its tables do not belong to the columns of
    /// this program.
    pub fn from_json(json: &str, path: &Path) -> Result<Self> {
        let refuse = |found: String, expected: &str| Error::Bundle {
            path: path.to_path_buf(),
            found,
            expected: expected.to_owned(),
            cure: "make the file again: parallax regions --data FILE --out DIR".to_owned(),
        };
        let stored: Stored =
            serde_json::from_str(json).map_err(|e| refuse(format!("no region weights ({e})"), "region weights"))?;
        if stored.format != FORMAT {
            return Err(refuse(format!("format {}", stored.format), "format 1"));
        }
        if stored.kinds != RegionKind::ALL || !(0.0..=1.0).contains(&stored.threshold) {
            return Err(refuse(
                format!("kinds {:?}, threshold {}", stored.kinds, stored.threshold),
                "the six kinds and a probability",
            ));
        }
        let layers = (stored.first.layer(&first_names(&stored.words)), stored.second.layer(&second_names()));
        let (Some(first), Some(second)) = layers else {
            return Err(refuse("tables with other columns".to_owned(), "a finite weight for each fact and word"));
        };
        Ok(Self::new(&stored.words, first, second, stored.threshold))
    }

    /// The text of its file.
    ///
    /// # Errors
    /// [`Error::Data`] where a number cannot be written, not being finite.
    pub fn to_json(&self) -> Result<String> {
        let mut words: Vec<(&String, usize)> = self.words.iter().map(|(word, number)| (word, *number)).collect();
        words.sort_by_key(|(_, number)| *number);
        let words: Vec<String> = words.into_iter().map(|(word, _)| word.clone()).collect();
        let stored = Stored {
            format: FORMAT,
            kinds: RegionKind::ALL.to_vec(),
            threshold: self.threshold,
            first: self.first.stored(&first_names(&words)),
            second: self.second.stored(&second_names()),
            words,
        };
        let json = serde_json::to_string(&stored).map_err(|e| Error::Data {
            what: "regions".to_owned(),
            found: e.to_string(),
            expected: "finite weights".to_owned(),
            cure: "check the labelled pages".to_owned(),
        })?;
        // A line a column, so that a change of the file can be read.
        Ok(json.replace("],\"", "],\n\"").replace("{\"", "{\n\"") + "\n")
    }

    /// The probability of not being scored above which a line is masked.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The same with another threshold.
    #[must_use]
    pub fn with_threshold(self, threshold: f64) -> Self {
        Self { threshold, ..self }
    }

    /// The regions of a text: in order, without overlap, on character boundaries, without blanks at their ends. Every
    /// visible character is in one. Lines of one kind in a row are one region. A text of one line is body; a blank one
    /// has no regions. Linear in the length of the text.
    #[must_use]
    pub fn regions(&self, text: &str) -> Vec<Region> {
        let mut regions: Vec<Region> = Vec::new();
        let mut rest = lines(text);
        let mut before = 0;
        let mut all = None;
        loop {
            let here: Vec<Line> = rest.by_ref().take(MOST_LINES).collect();
            if here.is_empty() {
                return regions;
            }
            let all = *all.get_or_insert_with(|| match here.len() {
                MOST_LINES => lines(text).count(),
                few => few,
            });
            let kinds = self.kinds(&rows(text, &here, Part { before, all }));
            for (line, kind) in here.iter().zip(kinds) {
                match regions.last_mut().filter(|region| region.kind == kind) {
                    Some(region) => region.span = Span::new(region.span.start, line.span.end),
                    None => regions.push(Region { kind, span: line.span }),
                }
            }
            before += here.len();
        }
    }

    /// The kind of each line of a page.
    #[must_use]
    pub fn kinds(&self, rows: &[Row]) -> Vec<RegionKind> {
        if rows.len() < 2 || self.second.weights.is_empty() {
            return vec![RegionKind::Body; rows.len()];
        }
        rows.iter().zip(self.read(rows)).map(|(row, p)| decide(&p, row.is_repeat, self.threshold)).collect()
    }

    /// The probability of each kind, for each line of a page.
    #[must_use]
    pub fn read(&self, rows: &[Row]) -> Vec<Kinds> {
        let first = self.read_first(rows);
        let second = |(row, around): (&Row, Vec<f64>)| self.second.read(second_columns(row, &around));
        let mut read: Vec<Kinds> = rows.iter().zip(around(&first)).map(second).collect();
        level_lists(rows, &mut read);
        read
    }

    /// What the first layer makes of each line.
    #[must_use]
    pub fn read_first(&self, rows: &[Row]) -> Vec<Kinds> {
        rows.iter().map(|row| self.first.read(self.first_columns(row).into_iter())).collect()
    }

    /// The columns of a line in the first layer.
    fn first_columns(&self, row: &Row) -> Vec<(usize, f64)> {
        first_columns(row, |word| self.words.get(word).copied())
    }
}

/// Gives every item of a list the mean of all its items: a list is one thing, whatever one line of it looks like.
fn level_lists(rows: &[Row], read: &mut [Kinds]) {
    let mut start = 0;
    for run in rows.chunk_by(|a, b| a.is_item && b.is_item) {
        let end = start + run.len();
        if let Some(items) = read.get_mut(start..end).filter(|items| items.len() > 1) {
            let mut mean = [0.0; KINDS];
            for p in items.iter() {
                mean.iter_mut().zip(p).for_each(|(mean, p)| *mean += p / run.len() as f64);
            }
            items.fill(mean);
        }
        start = end;
    }
}

/// The columns of a line in the first layer, given the number of each word that has weights. Words weigh less the more
/// of them there are.
#[must_use]
pub fn first_columns(row: &Row, number: impl Fn(&str) -> Option<usize>) -> Vec<(usize, f64)> {
    let value = 1.0 / (row.words.len().max(1) as f64).sqrt();
    let words = row.words.iter().filter_map(|word| Some((FACTS + number(word)?, value)));
    row.facts.iter().map(|fact| (usize::from(*fact), 1.0)).chain(words).collect()
}

/// The columns of a line in the second layer, given what stands [`around`] it.
pub fn second_columns<'a>(row: &'a Row, around: &'a [f64]) -> impl Iterator<Item = (usize, f64)> + 'a {
    let width = around.len();
    let around = around.iter().enumerate().filter(|(_, value)| **value != 0.0);
    // A line without an end mark takes far more after those around it than one that is plainly a sentence.
    let copies = if row.is_open { 2 } else { 1 };
    let around = around.flat_map(move |(at, value)| (0..copies).map(move |copy| (FACTS + copy * width + at, *value)));
    row.facts.iter().map(|fact| (usize::from(*fact), 1.0)).chain(around)
}

/// The values of the first half of [`around_names`] for each line of a page, from what the first layer made of its lines.
#[must_use]
pub fn around(first: &[Kinds]) -> Vec<Vec<f64>> {
    let body = RegionKind::Body.number();
    let one_way = |lines: &mut dyn Iterator<Item = &Kinds>| {
        let (mut mean, mut most) = ([0.0; KINDS], 0.0_f64);
        let mut found = Vec::with_capacity(first.len());
        for p in lines {
            found.push((mean, most));
            mean.iter_mut().zip(p).for_each(|(mean, p)| *mean = FADING * *mean + (1.0 - FADING) * p);
            most = most.max(p[body]);
        }
        found
    };
    let before = one_way(&mut first.iter());
    let after = one_way(&mut first.iter().rev());
    let none = [0.0; KINDS];
    let at = |at: Option<usize>| at.and_then(|at| first.get(at)).unwrap_or(&none);
    let of = |(line, (before, after)): (usize, (&OneWay, &OneWay))| {
        let near = [Some(line), line.checked_sub(1), line.checked_sub(2), Some(line + 1), Some(line + 2)].map(at);
        let mut values: Vec<f64> = near.into_iter().chain([&before.0, &after.0]).flatten().copied().collect();
        values.extend([before.1, after.1]);
        values
    };
    before.iter().zip(after.iter().rev()).enumerate().map(of).collect()
}

/// The mean of what was said of the lines on one side, the nearest counting most, and the most body among them.
type OneWay = (Kinds, f64);

/// How probable it is that a line is not to be scored. Only one that says something again can be a repeat.
#[must_use]
pub fn masked(p: &Kinds, is_repeat: bool) -> f64 {
    let scored = |kind: &RegionKind| kind.is_scored();
    let counts = |kind: &RegionKind| is_repeat || *kind != RegionKind::Repeat;
    let sum = |kinds: &mut dyn Iterator<Item = RegionKind>| kinds.map(|kind| p[kind.number()]).sum::<f64>();
    let masked = sum(&mut RegionKind::ALL.into_iter().filter(counts).filter(|kind| !scored(kind)));
    let scored = sum(&mut RegionKind::ALL.into_iter().filter(scored));
    masked / (masked + scored).max(f64::MIN_POSITIVE)
}

/// The kind of a line: of those that are masked or of those that are not, the most probable.
#[must_use]
pub fn decide(p: &Kinds, is_repeat: bool, threshold: f64) -> RegionKind {
    let is_masked = masked(p, is_repeat) > threshold;
    let may_be = |kind: &RegionKind| kind.is_scored() != is_masked && (is_repeat || *kind != RegionKind::Repeat);
    let kinds = RegionKind::ALL.into_iter().filter(may_be);
    kinds.max_by(|a, b| p[a.number()].total_cmp(&p[b.number()])).unwrap_or(RegionKind::Body)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_items_of_a_list_get_their_mean_and_other_lines_keep_theirs() {
        let row = |is_item| Row { is_item, ..Row::default() };
        let rows = [row(false), row(true), row(true), row(false), row(false)];
        let p = |first| [first, 1.0 - first, 0.0, 0.0, 0.0, 0.0];
        let mut read = [p(0.0), p(0.5), p(1.0), p(0.25), p(0.5)];
        level_lists(&rows, &mut read);
        assert_eq!(read, [p(0.0), p(0.75), p(0.75), p(0.25), p(0.5)]);
    }

    #[test]
    fn only_a_line_that_says_something_again_is_a_repeat() {
        let p = [0.1, 0.0, 0.1, 0.0, 0.1, 0.7];
        assert_eq!(decide(&p, true, 0.5), RegionKind::Repeat);
        assert!(decide(&p, false, 0.5).is_scored());
    }

    #[test]
    fn the_default_masks_nothing() {
        let text = "Home | News\n\nShare\n\nLeave a Reply";
        let regions = RegionHead::default().regions(text);
        assert_eq!(regions, [Region { kind: RegionKind::Body, span: Span::new(0, text.len()) }]);
    }

    #[test]
    fn a_file_that_is_damaged_or_of_another_program_is_refused() {
        let whole = RegionHead::shipped().to_json().unwrap();
        let path = Path::new("weights.json");
        assert_eq!(RegionHead::from_json(&whole, path).unwrap(), *RegionHead::shipped());
        for damaged in [
            whole[..whole.len() / 2].to_owned(),
            whole.replace("\"format\":1", "\"format\":2"),
            whole.replace("words: 1\"", "words: one\""),
            whole.replace("\"threshold\":0.", "\"threshold\":7."),
            String::new(),
        ] {
            assert!(matches!(RegionHead::from_json(&damaged, path), Err(Error::Bundle { .. })));
        }
    }
}
