//! What an update changes: the record that is kept beside the new bundle, and as text.
//!
//! In: what [`super::update()`] and [`super::verdicts()`] give. Out: [`Change`], as JSON there and back
//! ([`Change::read`]), and as text ([`write_change`]).

use super::candidate::CHANGE;
use super::held_out::HeldOut;
use super::verdicts::{Direction, Moved, Verdict, Verdicts};
use crate::error::{Error, Result};
use crate::evaluate::{Comparison, Interval};
use crate::report::ModelName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::path::Path;

/// The schema of a [`Change`] as JSON.
pub const CHANGE_SCHEMA: &str = "parallax-change/1";

/// What an update changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// [`CHANGE_SCHEMA`].
    pub schema: String,
    /// The bundle that was taught.
    pub base: ModelName,
    /// The bundle that came of it.
    pub model: ModelName,
    /// What it was taught.
    pub added: Added,
    /// Both on documents that did not teach; `None` where the added sentences are of too few.
    pub held_out: Option<HeldOut>,
    /// The bundle that verdicts are set beside: the one in use.
    pub against: ModelName,
    /// The verdicts on the reference corpus.
    pub verdicts: Verdicts,
}

impl Change {
    /// The change that stands beside the bundle in `folder`.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Data`] for a file that is no change of this schema.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(CHANGE);
        let bytes = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        let wrong = |found: String| Error::Data {
            what: path.display().to_string(),
            found,
            expected: format!("a change of the schema {CHANGE_SCHEMA}"),
            cure: "reject the version, and make it anew".into(),
        };
        let change: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if change.schema == CHANGE_SCHEMA { Ok(change) } else { Err(wrong(format!("{:?}", change.schema))) }
    }
}

/// Sentences that were added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Added {
    /// How many teach.
    pub sentences: usize,
    /// Documents that they come from.
    pub documents: usize,
    /// By head, how many speak of it.
    pub heads: BTreeMap<String, usize>,
    /// Heads that an update does not teach, and how many speak of each: they are kept for a training.
    pub left: BTreeMap<String, usize>,
}

/// Measures that are shown of each head, with what they are called.
pub const SHOWN: [(&str, &str); 8] = [
    ("macro_f1", "macro-F1"),
    ("auc", "AUC"),
    ("log_loss", "log loss"),
    ("word_f1", "F1 of words"),
    ("exact_f1", "F1 of exact spans"),
    ("cue_f1", "F1 of cues"),
    ("source_f1", "F1 of sources"),
    ("content_f1", "F1 of contents"),
];

/// Changed verdicts that are written out, at most.
const MOST: usize = 40;

/// Writes the change as text, the first verdicts of each head in full.
///
/// # Errors
/// As `out`.
pub fn write_change(change: &Change, out: &mut impl Write) -> fmt::Result {
    let Change { base, model, added, held_out, against, verdicts, .. } = change;
    writeln!(out, "{} {} → {}", base.name, base.version, model.version)?;
    let heads = |heads: &BTreeMap<String, usize>| {
        heads.iter().map(|(head, n)| format!("{head} {n}")).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "added: {} sentences of {} documents ({})", added.sentences, added.documents, heads(&added.heads))?;
    if !added.left.is_empty() {
        writeln!(out, "kept, but not taught by an update: {}", heads(&added.left))?;
    }
    match held_out {
        None => writeln!(out, "\nnot measured on held-out documents: sentences of two documents or more are needed")?,
        Some(held_out) => {
            writeln!(out, "\non held-out documents ({} in {} folds): before → after", held_out.groups, held_out.folds)?;
            held_out.heads.iter().try_for_each(|head| write_head(head, out))?;
        }
    }
    writeln!(
        out,
        "\nverdicts on the reference corpus ({} sentences in {} documents), against {} {}",
        verdicts.sentences, verdicts.documents, against.name, against.version
    )?;
    for head in &verdicts.heads {
        let direction = |d: &Direction| format!("{} → {} {}", label(&d.from), label(&d.to), d.count);
        let directions: Vec<String> = head.directions.iter().map(direction).collect();
        let directions = if directions.is_empty() { String::new() } else { format!(": {}", directions.join(", ")) };
        writeln!(out, "  {:<11}  {} of {} change{directions}", head.head, head.changed, head.of)?;
    }
    if !verdicts.terms.is_empty() {
        writeln!(out, "\nterms that moved most, in logits")?;
        for of in verdicts.terms.chunk_by(|a, b| (&a.head, &a.class) == (&b.head, &b.class)) {
            let terms: Vec<String> = of.iter().map(|term| format!("{} {:+.2}", term.term, term.by)).collect();
            let head = of.first().map_or(String::new(), |term| format!("{} {}", term.head, term.class));
            writeln!(out, "  {head:<15}  {}", terms.join(", "))?;
        }
    }
    for verdict in verdicts.changes.iter().take(MOST) {
        write_verdict(verdict, out)?;
    }
    if verdicts.changes.len() > MOST {
        writeln!(out, "\n… and {} more", verdicts.changes.len() - MOST)?;
    }
    Ok(())
}

fn write_head(comparison: &Comparison, out: &mut impl Write) -> fmt::Result {
    write!(out, "  {:<11}  {:>4} rows", comparison.head, comparison.n)?;
    for (name, shown) in SHOWN {
        let Some(d) = comparison.differences.get(name) else { continue };
        let (Some(new), Some(other)) = (d.new, d.other) else { continue };
        let interval = d.interval.map(|[low, high]: Interval| format!(" [{low:+.3}, {high:+.3}]")).unwrap_or_default();
        write!(out, "   {shown} {other:.3} → {new:.3}{interval}")?;
    }
    writeln!(out)
}

fn write_verdict(verdict: &Verdict, out: &mut impl Write) -> fmt::Result {
    let Verdict { document, sentence, head, from, to, before, after, text, terms, .. } = verdict;
    let p = |p: &Option<f64>| p.map_or_else(|| "–".to_owned(), |p| format!("{p:.2}"));
    writeln!(out, "\n{document}, sentence {}", sentence + 1)?;
    writeln!(out, "  {head}: {} → {} (p {} → {})", label(from), label(to), p(before), p(after))?;
    writeln!(out, "  {}", text.split_whitespace().collect::<Vec<_>>().join(" "))?;
    if !terms.is_empty() {
        let terms: Vec<String> = terms.iter().map(|Moved { text, by }| format!("{text} {by:+.2}")).collect();
        writeln!(out, "  moved: {}", terms.join(", "))?;
    }
    Ok(())
}

/// A label, or a dash for no mark.
fn label(label: &Option<String>) -> &str {
    label.as_deref().unwrap_or("–")
}
