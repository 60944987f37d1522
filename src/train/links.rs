//! Fits the linker of sources to names.
//!
//! In: a file of [`passage`]s. Out: a [`Linker`] and a [`LinkReceipt`] of what it got right on passages that
//! it was not fitted to. Start at [`train`]. One logistic model is fitted over all pairs of a mention and
//! a name before it; its probabilities are used as they are, since a logistic model with few weights is
//! calibrated on what it is fitted to, and the receipt shows that it is on what it is not.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::fit::{Solver, Targets, dense};
use super::passage::{self, Passage};
use super::split::folds;
use crate::error::{Error, Result};
use crate::heads::link::{Linker, Reader};
use crate::heads::mention::{MentionKind, Reading};
use crate::heads::pair::FEATURES;
use crate::text::Span;
use ndarray::{Array2, ShapeBuilder};

/// Folds of passages that the threshold is chosen on.
const FOLDS: u32 = 5;

/// L2 strength of the fit: a link is decided by few features, each seen in hundreds of pairs.
const L2: f64 = 1.0;

/// The share of links that have to be right on held-out passages.
pub const PRECISION: f64 = 0.95;

/// The thresholds to choose from, in hundredths.
const THRESHOLDS: std::ops::RangeInclusive<u32> = 30..=95;

/// What was fitted, and how it did on held-out passages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkReceipt {
    /// Passages.
    pub passages: usize,
    /// Mentions in them.
    pub mentions: usize,
    /// Pairs of a mention and a name that it might stand for: the rows of the fit.
    pub pairs: usize,
    /// How many of those are links.
    pub links: usize,
    /// The threshold that was chosen.
    pub threshold: f64,
    /// All mentions, each scored by a model that was fitted without its passage.
    pub held_out: LinkCounts,
    /// Of them, the pronouns.
    pub pronouns: LinkCounts,
    /// Of them, the short names, forms of address with a name, and acronyms.
    pub names: LinkCounts,
    /// Of them, the noun phrases.
    pub phrases: LinkCounts,
}

/// How many links were given, and were right.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LinkCounts {
    /// Mentions.
    pub mentions: usize,
    /// Mentions that stand for a name given before them.
    pub linkable: usize,
    /// Links given.
    pub given: usize,
    /// Links given that are right.
    pub right: usize,
    /// The sum of the given links' probabilities: what `right` is if they are calibrated.
    pub expected: f64,
}

impl LinkCounts {
    /// The share of given links that are right; 1 if none was given.
    #[must_use]
    pub fn precision(&self) -> f64 {
        if self.given == 0 { 1.0 } else { self.right as f64 / self.given as f64 }
    }

    /// The share of linkable mentions whose link was given and right; 0 if there are none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        if self.linkable == 0 { 0.0 } else { self.right as f64 / self.linkable as f64 }
    }

    fn add(&mut self, outcome: &Outcome) {
        self.mentions += 1;
        self.linkable += usize::from(outcome.linkable);
        if let Some((p, right)) = outcome.given {
            self.given += 1;
            self.right += usize::from(right);
            self.expected += p;
        }
    }
}

/// What became of one held-out mention.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    kind: MentionKind,
    linkable: bool,
    /// The given link's probability, and whether it is right.
    given: Option<(f64, bool)>,
}

/// Fits a linker to the passages of a file, and chooses its threshold on held-out ones: the one of the most
/// links that are right, among those with which [`PRECISION`] of the links are right, of all and of the
/// pronouns.
///
/// # Errors
/// As [`passage::read`]; [`Error::Data`] if there are fewer passages than folds, or no threshold reaches
/// the precision; [`Error::Fit`] where a fit does not reach its optimum.
pub fn train(path: &Path) -> Result<(Linker, LinkReceipt)> {
    let passages = passage::read(path)?;
    let fold = folds(passages.iter().map(|p| p.id.as_str()), FOLDS)?;
    let pairs: Vec<Pairs> = passages.iter().map(Pairs::of).collect();
    let mut models = Vec::new();
    for held in 0..FOLDS {
        models.push(fit(pairs.iter().zip(&fold).filter(|(_, f)| **f != held).map(|(p, _)| p))?);
    }
    let mut best: Option<LinkReceipt> = None;
    for hundredths in THRESHOLDS {
        let threshold = f64::from(hundredths) / 100.0;
        let mut receipt = LinkReceipt {
            passages: passages.len(),
            mentions: passages.iter().map(|p| p.mentions.len()).sum(),
            pairs: pairs.iter().map(|p| p.labels.len()).sum(),
            links: pairs.iter().flat_map(|p| &p.labels).filter(|label| **label).count(),
            threshold,
            held_out: LinkCounts::default(),
            pronouns: LinkCounts::default(),
            names: LinkCounts::default(),
            phrases: LinkCounts::default(),
        };
        for (passage, held) in passages.iter().zip(&fold) {
            let Some(model) = models.get(*held as usize) else { continue };
            receipt.score(&Linker { threshold, ..model.clone() }, passage);
        }
        let precise = receipt.held_out.precision() >= PRECISION && receipt.pronouns.precision() >= PRECISION;
        if precise && best.as_ref().is_none_or(|b| receipt.held_out.right > b.held_out.right) {
            best = Some(receipt);
        }
    }
    let receipt = best.ok_or_else(|| Error::Data {
        what: "links".to_owned(),
        found: format!("no threshold with which {PRECISION} of the links are right"),
        expected: "passages that the links can be learned from".to_owned(),
        cure: "add passages, and check the links in the file".to_owned(),
    })?;
    let linker = Linker { threshold: receipt.threshold, ..fit(pairs.iter())? };
    Ok((linker, receipt))
}

impl LinkReceipt {
    fn score(&mut self, linker: &Linker, passage: &Passage) {
        for outcome in outcomes(linker, passage) {
            self.held_out.add(&outcome);
            match outcome.kind {
                kind if kind.is_pronoun() => self.pronouns.add(&outcome),
                kind if kind.is_name() => self.names.add(&outcome),
                MentionKind::Phrase => self.phrases.add(&outcome),
                _ => {}
            }
        }
    }
}

/// The pairs of one passage, and which are links.
#[derive(Debug)]
struct Pairs {
    rows: Vec<[f32; FEATURES]>,
    labels: Vec<bool>,
}

impl Pairs {
    /// Each mention sees whom the earlier sources really stand for.
    fn of(passage: &Passage) -> Self {
        let mut reader = Reader::new(&passage.text, &passage.sentences);
        let mut found = Self { rows: Vec::new(), labels: Vec::new() };
        for linked in &passage.mentions {
            for pair in reader.pairs(&linked.mention) {
                found.rows.push(pair.features);
                found.labels.push(is_same(linked.link, pair.name));
            }
            if linked.source {
                reader.hear(&linked.mention, linked.link);
            }
        }
        found
    }
}

/// Whether a name is the one that was meant: one may have a title or an article more.
fn is_same(meant: Option<Span>, name: Span) -> bool {
    meant.is_some_and(|meant| meant.overlaps(name))
}

fn fit<'a>(pairs: impl Iterator<Item = &'a Pairs>) -> Result<Linker> {
    let (mut rows, mut shares) = (Vec::new(), Vec::new());
    for (row, label) in pairs.flat_map(|p| p.rows.iter().zip(&p.labels)) {
        rows.push(row);
        shares.extend([f64::from(u8::from(!label)), f64::from(u8::from(*label))]);
    }
    let targets = Targets::new("links", 2, &shares, &vec![1.0; rows.len()])?;
    let mut x = Array2::zeros((rows.len(), FEATURES).f());
    for (mut to, row) in x.outer_iter_mut().zip(rows) {
        to.iter_mut().zip(row).for_each(|(to, value)| *to = f64::from(*value));
    }
    let fitted = dense::fit("links", x.view(), &targets, 1.0, Solver { l2: L2, ..Solver::default() })?;
    let weights = fitted.weights.iter().copied().collect();
    Ok(Linker { weights, intercept: fitted.intercepts.first().copied().unwrap_or(0.0), threshold: 1.0 })
}

/// Each mention sees what the linker made of the earlier sources, as in use.
fn outcomes(linker: &Linker, passage: &Passage) -> Vec<Outcome> {
    let mut reader = Reader::new(&passage.text, &passage.sentences);
    let outcome = |linked: &passage::Linked| {
        let given = linker.link_next(&mut reader, &linked.mention, linked.source);
        let tokens = passage.sentences.get(linked.mention.sentence);
        Outcome {
            kind: tokens.map_or(MentionKind::Other, |t| Reading::of(&passage.text, t, linked.mention.span).kind),
            linkable: linked.link.is_some(),
            given: given.map(|link| (link.p, is_same(linked.link, link.span))),
        }
    };
    passage.mentions.iter().map(outcome).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shipped() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("training/links/links_en.jsonl")
    }

    /// What the linker makes of the mentions between `[` and `]`, in order.
    fn links(linker: &Linker, marked: &str) -> Vec<Option<(String, f64)>> {
        let (mut body, mut spans, mut start) = (String::new(), Vec::new(), 0);
        for c in marked.chars() {
            match c {
                '[' => start = body.chars().count(),
                ']' => spans.push([start, body.chars().count()]),
                c => body.push(c),
            }
        }
        let mentions: Vec<_> = spans.iter().map(|s| serde_json::json!({"span": s, "link": null})).collect();
        // The texts that the names are told by are those of the shipped file.
        let shipped = std::fs::read_to_string(shipped()).unwrap();
        let record = serde_json::json!({"id": "x", "lang": "en", "text": body, "mentions": mentions});
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l.jsonl");
        std::fs::write(&path, format!("{shipped}{record}\n")).unwrap();
        let passage = passage::read(&path).unwrap().pop().unwrap();
        let mentions: Vec<_> = passage.mentions.iter().map(|m| m.mention).collect();
        let all = linker.link_all(&body, &passage.sentences, &mentions);
        let sources: Vec<Span> = mentions.iter().map(|m| m.span).collect();
        for (at, (mention, link)) in mentions.iter().zip(&all).enumerate() {
            assert_eq!(linker.link(&body, &passage.sentences, mention, &sources[..at]), *link);
        }
        all.into_iter().map(|link| link.map(|l| (l.span.slice(&body).to_owned(), l.p))).collect()
    }

    fn linked(linker: &Linker, marked: &str) -> Vec<Option<String>> {
        links(linker, marked).into_iter().map(|link| link.map(|(name, _)| name)).collect()
    }

    #[test]
    fn links_on_held_out_passages_are_precise_and_their_probabilities_calibrated() {
        let (linker, receipt) = train(&shipped()).unwrap();
        assert!(linker.is_whole());
        for counts in [receipt.held_out, receipt.pronouns, receipt.names, receipt.phrases] {
            assert!(counts.precision() >= 0.85, "{receipt:?}");
            assert!((counts.expected - counts.right as f64).abs() <= 0.1 * counts.given as f64, "{receipt:?}");
        }
        assert!(receipt.pronouns.recall() >= 0.6 && receipt.names.recall() >= 0.9, "{receipt:?}");
    }

    #[test]
    fn clear_cases_are_linked_and_doubtful_ones_left_open() {
        let (linker, _) = train(&shipped()).unwrap();
        let some = |name: &str| Some(name.to_owned());
        let marked =
            "[Robin Kirby] opened the gate. [Kirby] said it was stiff, and [he] oiled it. [Kirby's] dog ran out.";
        assert_eq!(linked(&linker, marked), [None, some("Robin Kirby"), some("Robin Kirby"), some("Robin Kirby")]);
        let relatives = "Robin Kirby and Jun Kirby opened the gate. [Kirby] said it was stiff.";
        assert_eq!(linked(&linker, relatives), [None]);
        let later = "[Kirby] said it was stiff. [He] oiled it. Robin Kirby opened the gate.";
        assert!(linked(&linker, later).iter().all(|link| link.as_deref() != Some("Robin Kirby")));
        let council = "Wexcombe Borough Council shut the gate. [The council] said it was stiff.";
        assert_eq!(linked(&linker, council), [some("Wexcombe Borough Council")]);
        let quoted = "Robin Kirby opened the gate. \"[I] oiled it,\" [he] said.";
        assert_eq!(linked(&linker, quoted), [None, some("Robin Kirby")]);
    }

    #[test]
    fn any_name_of_the_same_shape_and_either_pronoun_get_the_same_probability() {
        let (linker, _) = train(&shipped()).unwrap();
        let told = |first: &str, last: &str, he: &str| {
            let marked = format!(
                "[{first} {last}] opened the gate in May. [{last}] said it was stiff. Then it broke, [{he}] said."
            );
            links(&linker, &marked).into_iter().map(|link| link.map(|(_, p)| p)).collect::<Vec<_>>()
        };
        let one = told("Robin", "Kirby", "he");
        assert!(one[1].is_some() && one[2].is_some());
        for (first, last) in [("Halima", "Nwosu"), ("Ivo", "Takács"), ("Mei", "Zhang"), ("Reem", "Haddad")] {
            for he in ["he", "she"] {
                assert_eq!(told(first, last, he), one, "{first} {last} {he}");
            }
        }
    }

    #[test]
    fn the_shipped_passages_speak_as_often_of_her_as_of_him_and_link_both_as_often() {
        let passages = passage::read(&shipped()).unwrap();
        let count = |pronoun: &str, linked: bool| {
            let mentions = passages.iter().flat_map(|p| p.mentions.iter().map(move |m| (p, m)));
            let is = |text: &str| text.eq_ignore_ascii_case(pronoun);
            mentions.filter(|(p, m)| is(m.mention.span.slice(&p.text)) && m.link.is_some() == linked).count() as f64
        };
        let (he, she) = (count("he", true), count("she", true));
        assert!((he - she).abs() <= 0.1 * (he + she), "{he} {she}");
        let share = |pronoun: &str| count(pronoun, true) / (count(pronoun, true) + count(pronoun, false));
        assert!((share("he") - share("she")).abs() < 0.1, "{} {}", share("he"), share("she"));
        assert!(passages.len() >= 120);
    }
}
