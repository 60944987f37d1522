//! The card of a trained bundle: what it is, what made it, what it measured, in Markdown.
//!
//! In: settings, receipt and command. Out: the text of `CARD.md`. What only people can know, the
//! terms of the sources, comes from the recipe's `card`.

use super::params::ParallaxValidParams;
use crate::heads;
use crate::model::receipt::{HeadReceipt, Receipt};
use std::fmt::Write as _;

/// The card's text.
pub(super) fn write(params: &ParallaxValidParams, receipt: &Receipt, command: &str) -> String {
    let mut card = format!("# Bundle `{}` ({}, version {})\n", params.name, params.lang, params.version);
    let mut section = |title: &str, body: &str| {
        let _ = write!(card, "\n## {title}\n\n{body}\n");
    };
    if !params.card.trim().is_empty() {
        section("What it is", params.card.trim());
    }
    section("Heads", &heads_table(receipt));
    section(
        "Held-out scores",
        &format!(
            "Measured in training on grouped folds: logits are of models that did not see the fold. \
             Calibration,\nthresholds and the L2 strength were chosen on these very logits; for the full \
             nested measure run\n`parallax evaluate --cv`.\n\n{}",
            scores_tables(receipt)
        ),
    );
    section("Inputs", &inputs_table(receipt));
    section("Made by", &format!("```sh\n{command}\n```"));
    card
}

fn heads_table(receipt: &Receipt) -> String {
    let mut table = "| head | records | classes | meaning |\n|---|---|---|---|".to_owned();
    for (name, head) in &receipt.heads {
        let classes: Vec<String> = head.classes.iter().map(|(class, mass)| format!("{class} ({mass:.0})")).collect();
        let meaning = heads::meaning(name).unwrap_or("as labelled in the data");
        let _ = write!(table, "\n| `{name}` | {} | {} | {meaning} |", head.records, classes.join(", "));
    }
    table
}

/// A table of the sentence heads, and one of the heads that mark spans.
fn scores_tables(receipt: &Receipt) -> String {
    const SENTENCES: [(&str, &str); 7] = [
        ("macro-F1", "macro_f1"),
        ("AUC", "auc"),
        ("average precision", "average_precision"),
        ("MCC", "mcc"),
        ("Brier", "brier"),
        ("calibration error", "ece"),
        ("log loss", "log_loss"),
    ];
    const SPANS: [(&str, &str); 5] = [
        ("F1 of words", "word_f1"),
        ("F1 of exact spans (terms, cues)", "exact_f1"),
        ("accuracy of kinds and classes", "kind_accuracy"),
        ("precision of links", "link_precision"),
        ("recall of links", "link_recall"),
    ];
    let is_span = |head: &&(&String, &HeadReceipt)| head.1.scores.contains_key("exact_f1");
    let (spans, sentences): (Vec<_>, Vec<_>) = receipt.heads.iter().partition(|head| is_span(&head));
    let tables = [scores_table(&SENTENCES, &sentences), scores_table(&SPANS, &spans)];
    tables.into_iter().filter(|table| !table.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn scores_table(columns: &[(&str, &str)], heads: &[(&String, &HeadReceipt)]) -> String {
    if heads.is_empty() {
        return String::new();
    }
    let titles: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
    let mut table = format!("| head | {} |\n|---|{}", titles.join(" | "), "---|".repeat(columns.len()));
    for (name, head) in heads {
        let of = |head: &HeadReceipt, key: &str| head.scores.get(key).map_or("–".to_owned(), |v| format!("{v:.3}"));
        let cells: Vec<String> = columns.iter().map(|(_, key)| of(head, key)).collect();
        let _ = write!(table, "\n| `{name}` | {} |", cells.join(" | "));
    }
    table
}

fn inputs_table(receipt: &Receipt) -> String {
    let mut table = "| file | records | SHA-256 |\n|---|---|---|".to_owned();
    for input in &receipt.inputs {
        let _ = write!(table, "\n| {} | {} | `{}` |", input.name, input.records, input.sha256);
    }
    table
}
