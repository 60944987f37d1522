//! Teaching a bundle a few more sentences: corrections → a bundle that is near the one there was.
//!
//! In: a bundle and labelled [`Record`]s, such as readers' corrections. Out: [`Updated`] heads, how they do on documents
//! that were held out, and, set beside the bundle before on a reference corpus, every verdict that changes
//! ([`verdicts()`]). Start at [`update()`]; [`candidate()`] does all of it, from folder to folder.
//!
//! A training from the start needs all sentences that a bundle was ever taught, and minutes; corrections come by the dozen.
//! So the weights that there are count as what is believed before: they change as little as the new sentences
//! allow, and stay as they are on sentences like those that come with the program (`own.rs`). Sentence heads are in
//! `sentences.rs`, span heads in `spans/near.rs`. Tokenizer, vectors, vocabulary, markers, calibration and thresholds
//! stay, and so does the head `stance`.

pub mod candidate;
pub mod change;
mod held_out;
mod own;
pub mod sentences;
pub mod verdicts;

pub use candidate::candidate;
pub use change::{Added, Change, write_change};
use held_out::Folds;
pub use held_out::HeldOut;
pub use own::reference;
pub use verdicts::{Verdicts, verdicts};

use super::prepare::{Base, Example, Origin};
use super::record::{Label, Record};
use super::spans::near::{self, Near};
use crate::error::{Error, Result};
use crate::heads::{attribution, loaded, stance};
use crate::model::Bundle;
use crate::model::bundle::Fitted;
use crate::model::receipt::FitReceipt;
use sentences::Lines;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How an update is made. `examples/update.rs` measures what the defaults are chosen by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What an added sentence weighs beside one on which the heads are to stay as they are; above 0. Default 4.
    pub weight: f64,
    /// On how many sentences sentence heads are to stay as they are, at most. Default 2,000.
    pub standing: usize,
    /// On how many of those span heads are, at most. Default 1,000.
    pub standing_spans: usize,
    /// How closely sentence heads stay near what they were. Default 1 for n-grams, 20,000 for dense features: what is
    /// corrected is learned by its words, and hardly spreads to sentences that only are about the same.
    pub sentences: sentences::Settings,
    /// How closely span heads do. Default 40 for facts, 1,200 for vectors.
    pub spans: near::Settings,
    /// In how many folds the added documents are held out, at most; 2 or more. Default 5.
    pub folds: u32,
    /// Bootstrap replicates for the intervals. Default 1,000.
    pub replicates: usize,
    /// The seed of the bootstrap. Default 0.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            weight: 4.0,
            standing: 2_000,
            standing_spans: 1_000,
            sentences: sentences::Settings { ngrams: 1.0, dense: 20_000.0 },
            spans: near::Settings { dense: 1_200.0, facts: 40.0, max_iterations: 40 },
            folds: 5,
            replicates: 1_000,
            seed: 0,
        }
    }
}

/// What an update gives.
#[derive(Debug)]
pub struct Updated {
    /// The heads after it.
    pub fitted: Fitted,
    /// Proof of every fit.
    pub fits: Vec<FitReceipt>,
    /// What was added.
    pub added: Added,
    /// How both do on documents that were held out; `None` where there are too few.
    pub held_out: Option<HeldOut>,
}

/// Called after each step with the number of steps in all.
pub type Progress<'a> = &'a (dyn Fn(usize) + Sync);

/// Teaches a bundle these records.
///
/// # Errors
/// [`Error::Data`] where no record is of the bundle's language and heads, or one has a label that its head does not
/// have; [`Error::Settings`] for a weight that is not above 0; [`Error::Fit`]; [`Error::Tokenizer`].
pub fn update(bundle: &Bundle, records: &[Record], settings: &Settings, progress: Progress<'_>) -> Result<Updated> {
    let checks = [
        ("weight", settings.weight),
        ("sentences.ngrams", settings.sentences.ngrams),
        ("sentences.dense", settings.sentences.dense),
        ("spans.dense", settings.spans.dense),
        ("spans.facts", settings.spans.facts),
    ];
    if let Some((name, value)) = checks.into_iter().find(|(_, value)| !value.is_finite() || *value <= 0.0) {
        return Err(Error::Settings {
            setting: name.into(),
            found: value.to_string(),
            expected: "a number above 0".into(),
        });
    }
    let (examples, added) = examples(bundle, records, settings)?;
    let learner = Learner::new(bundle, &examples, settings)?;
    let folds = Folds::of(&examples, settings.folds);
    let steps = folds.as_ref().map_or(0, Folds::count) + 1;
    let measured = |folds: &Folds| held_out::held_out(&learner, folds, settings, &|| progress(steps));
    let held_out = folds.as_ref().map(measured).transpose()?;
    let (fitted, fits) = learner.fit(&|_| true)?;
    progress(steps);
    Ok(Updated { fitted, fits, added, held_out })
}

/// The records that can teach, and the sentences on which the heads stay as they are.
fn examples(bundle: &Bundle, records: &[Record], settings: &Settings) -> Result<(Vec<Example>, Added)> {
    let lang = bundle.manifest().lang.as_str();
    let mut heads: BTreeMap<String, usize> = BTreeMap::new();
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let mut examples = Vec::new();
    for record in records.iter().filter(|r| r.is_in(lang)) {
        let mut teaches = false;
        for name in spoken_of(record) {
            let is_learned = name != stance::NAME && bundle.manifest().heads.iter().any(|head| head == name);
            *if is_learned { &mut heads } else { &mut left }.entry(name.to_owned()).or_default() += 1;
            teaches |= is_learned;
        }
        check_labels(bundle, record)?;
        if teaches {
            let weight = settings.weight * record.weight.unwrap_or(1.0);
            examples.push(Example { record: record.clone(), origin: Origin::Labelled, weight });
        }
    }
    if examples.is_empty() {
        let others: Vec<&str> = left.keys().map(String::as_str).collect();
        return Err(Error::Data {
            what: format!("sentences to teach {}", bundle.manifest().name),
            found: match (records.is_empty(), others.is_empty()) {
                (true, _) => "none".to_owned(),
                (_, true) => format!("{} in other languages or without labels", records.len()),
                (_, false) => format!("labels of {} alone", others.join(", ")),
            },
            expected: format!("labelled sentences in `{lang}` of {}", bundle.manifest().heads.join(", ")),
            cure: "correct some sentences first (parallax serve), or give others with --add; \
                   a head of one's own is trained with --data"
                .to_owned(),
        });
    }
    let documents = examples.iter().map(|e| e.record.group.as_str()).collect::<BTreeSet<_>>().len();
    let added = Added { sentences: examples.len(), documents, heads, left };
    let taught: HashSet<&str> = examples.iter().map(|e| e.record.text.as_str()).collect();
    let mut standing = own::sentences(lang, settings.standing)?;
    standing.retain(|text| !taught.contains(text.as_str()));
    examples.extend(standing.into_iter().map(|text| Example {
        record: unlabelled(text, lang),
        origin: Origin::Extra,
        weight: 1.0,
    }));
    Ok((examples, added))
}

/// The heads that a record says something of.
fn spoken_of(record: &Record) -> impl Iterator<Item = &str> {
    let marked = [
        (record.loaded.is_some(), loaded::NAME),
        (record.attributions.is_some(), attribution::NAME),
        (record.stances.is_some(), stance::NAME),
    ];
    let marked = marked.into_iter().filter(|(is, _)| *is).map(|(_, name)| name);
    record.labels.keys().map(String::as_str).chain(marked)
}

fn check_labels(bundle: &Bundle, record: &Record) -> Result<()> {
    for head in bundle.heads() {
        let labels: Vec<&String> = match record.labels.get(&head.name) {
            None => continue,
            Some(Label::Hard(class)) => vec![class],
            Some(Label::Soft(shares)) => shares.keys().collect(),
        };
        if let Some(unknown) = labels.into_iter().find(|label| !head.classes.contains(label)) {
            return Err(Error::Data {
                what: format!("head {}, record {}", head.name, record.id),
                found: format!("the label `{unknown}`, which the model does not have"),
                expected: format!("one of {}", head.classes.join(", ")),
                cure: "correct the label, or train a model with --data".to_owned(),
            });
        }
    }
    Ok(())
}

fn unlabelled(text: String, lang: &str) -> Record {
    Record {
        id: String::new(),
        lang: lang.to_owned(),
        group: String::new(),
        text,
        labels: BTreeMap::new(),
        loaded: None,
        attributions: None,
        stances: None,
        weight: None,
        annotator: None,
    }
}

/// A bundle and the examples that are to change it, read once for all folds.
struct Learner<'a> {
    fitted: &'a Fitted,
    base: Base<'a>,
    examples: &'a [Example],
    lines: Lines<'a>,
    near: Option<Near<'a>>,
}

impl<'a> Learner<'a> {
    fn new(bundle: &'a Bundle, examples: &'a [Example], settings: &Settings) -> Result<Self> {
        let fitted = &bundle.fitted;
        let base = Base::of(bundle);
        let has_spans = |e: &&Example| e.record.loaded.is_some() || e.record.attributions.is_some();
        // What being outside was handicapped by stands in the receipt alone.
        let handicap = |head: &str| {
            bundle.receipt().heads.get(head).and_then(|r| r.scores.get("handicap")).copied().unwrap_or(0.0)
        };
        let handicaps = [handicap(loaded::NAME), handicap(attribution::NAME)];
        let near = examples.iter().any(|e| has_spans(&e)).then(|| {
            Near::new(&fitted.spans, handicaps, examples, settings.standing_spans, base, &fitted.mask, settings.spans)
        });
        Ok(Self {
            fitted,
            base,
            examples,
            lines: Lines::new(fitted, examples, base, settings.sentences)?,
            near: near.transpose()?,
        })
    }

    /// The heads after learning from the examples that `taught` is true of.
    fn fit(&self, taught: &(dyn Fn(usize) -> bool + Sync)) -> Result<(Fitted, Vec<FitReceipt>)> {
        let (weights, mut fits) = self.lines.fit(taught)?;
        let mut fitted = Fitted { weights, ..self.fitted.clone() };
        if let Some(near) = &self.near {
            let (spans, of_spans) = near.fit(taught)?;
            fitted.spans = spans;
            fits.extend(of_spans);
        }
        Ok((fitted, fits))
    }
}
