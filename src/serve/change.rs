//! What a retraining changes, as the page shows it.
//!
//! In: a [`Change`]. Out: elements of HTML, in which all text is escaped. Start at [`markup`].

use crate::report::count;
use crate::train::update::change::{Change, SHOWN};
use crate::train::update::verdicts::{Direction, HeadVerdicts, Verdict};
use crate::train::update::{Added, HeldOut, Verdicts};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Verdicts that are shown, at most; all of them are in the JSON.
const MOST: usize = 40;

/// All that changes.
pub(super) fn markup(change: &Change) -> Markup {
    let Change { against, model, added, held_out, verdicts, .. } = change;
    html! {
        p { (version(&against.version, &model.version)) " " (taught(added)) }
        h4 { "On documents that did not teach it" }
        @match held_out {
            None => p { "Not measured: corrections in two documents or more are needed." },
            Some(held_out) => (measures(held_out)),
        }
        h4 { "Verdicts that change" }
        (changed(verdicts))
    }
}

fn version(old: &str, new: &str) -> Markup {
    html! { "Version " (old) " → " b { (new) } "." }
}

fn taught(added: &Added) -> Markup {
    let heads = |heads: &BTreeMap<String, usize>| {
        let heads: Vec<String> = heads.iter().map(|(head, n)| format!("{head} {n}")).collect();
        heads.join(", ")
    };
    html! {
        "It was taught " (count(added.sentences, "sentence")) " of " (count(added.documents, "document"))
        " (" (heads(&added.heads)) ")."
        @if !added.left.is_empty() { " Kept for a training from the start: " (heads(&added.left)) "." }
    }
}

/// Each head's measures, before and after.
fn measures(held_out: &HeldOut) -> Markup {
    html! {
        p.small {
            (count(held_out.groups, "document")) " in " (held_out.folds) " parts, each measured by a model that the others taught."
        }
        div.scroll tabindex="0" role="group" aria-label="Measures before and after" {
            table {
                thead { tr { th scope="col" { "Head" } th scope="col" { "Measure" } th scope="col" { "Before" } th scope="col" { "After" }
                    th scope="col" { "Difference, 95 % interval" } } }
                tbody {
                    @for head in &held_out.heads {
                        @for (name, label) in SHOWN {
                            @if let Some(difference) = head.differences.get(name) {
                                @if let (Some(new), Some(old)) = (difference.new, difference.other) {
                                    tr {
                                        th scope="row" { (head.head) }
                                        td { (label) }
                                        td.number { (format!("{old:.3}")) }
                                        td.number { (format!("{new:.3}")) }
                                        td.number {
                                            (signed(new - old, 3))
                                            @if let Some([low, high]) = difference.interval {
                                                " (" (signed(low, 3)) " to " (signed(high, 3)) ")"
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn changed(verdicts: &Verdicts) -> Markup {
    html! {
        p.small {
            "Of " (count(verdicts.sentences, "sentence")) " in " (count(verdicts.documents, "document"))
            ", as each model reads them."
        }
        @if verdicts.changes.is_empty() { p { "None." } }
        @else {
            ul.heads { @for head in &verdicts.heads { @if head.changed > 0 { li { (directions(head)) } } } }
            ol.verdicts { @for change in verdicts.changes.iter().take(MOST) { li { (verdict(change)) } } }
            @if verdicts.changes.len() > MOST {
                p.small { "And " (verdicts.changes.len() - MOST) " more." }
            }
        }
    }
}

fn directions(head: &HeadVerdicts) -> Markup {
    let direction = |d: &Direction| format!("{} → {}: {}", label(d.from.as_deref()), label(d.to.as_deref()), d.count);
    let directions: Vec<String> = head.directions.iter().map(direction).collect();
    html! { b { (head.head) } " " (head.changed) " of " (head.of) " (" (directions.join(", ")) ")" }
}

/// The words, what was said of them before and after, and why.
fn verdict(verdict: &Verdict) -> Markup {
    let p = |p: Option<f64>| p.map_or_else(|| "–".to_owned(), |p| format!("{p:.2}"));
    html! {
        p.words dir="auto" { (verdict.text) }
        p {
            b { (verdict.head) } ": " bdi { (label(verdict.from.as_deref())) } " → " b { bdi { (label(verdict.to.as_deref())) } }
            " (" (p(verdict.before)) " → " (p(verdict.after)) ") · "
            span.small { bdi { (verdict.document) } ", sentence " (verdict.sentence + 1) }
        }
        @if !verdict.terms.is_empty() {
            p.small {
                "Moved most: "
                @for (at, term) in verdict.terms.iter().enumerate() {
                    @if at > 0 { ", " }
                    bdi { (term.text) } " " (signed(term.by, 2))
                }
            }
        }
    }
}

/// A label as the page calls it, or what stands for no mark.
fn label(label: Option<&str>) -> &str {
    match label {
        None => "no mark",
        Some("1") => "yes",
        Some("0") => "no",
        Some(other) => other,
    }
}

/// A number with its sign, the minus a true one, which reads so.
fn signed(number: f64, digits: usize) -> String {
    format!("{number:+.digits$}").replace('-', "\u{2212}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_changes_is_said_as_text_and_no_words_of_it_are_markup() {
        let model = json!({ "name": "en", "version": "0.2.0", "sha256": "00" });
        let change: Change = serde_json::from_value(json!({
            "schema": "parallax-change/1", "base": model, "model": model, "against": model,
            "added": { "sentences": 1, "documents": 1, "heads": { "bias": 1 }, "left": { "stance": 2 } },
            "held_out": null,
            "verdicts": {
                "documents": 1, "sentences": 2,
                "heads": [{ "head": "bias", "changed": 1, "of": 2, "directions": [{ "from": "0", "to": "1", "count": 1 }] }],
                "changes": [{
                    "document": "<b>a</b>", "sentence": 0, "start": 0, "end": 9, "text": "<script>x</script>", "head": "bias",
                    "from": "0", "to": "1", "before": 0.25, "after": 0.75, "terms": [{ "text": "<i>", "by": -1.5 }],
                }],
                "terms": [],
            },
        }))
        .unwrap();
        let html = markup(&change).into_string();
        for found in [
            "no</bdi> → <b><bdi>yes",
            "(0.25 → 0.75)",
            "&lt;i&gt;</bdi> \u{2212}1.50",
            "stance 2",
            "corrections in two documents",
        ] {
            assert!(html.contains(found), "{found} in {html}");
        }
        for never in ["<script", "<b>a", "<i>"] {
            assert!(!html.contains(never), "{never} in {html}");
        }
    }
}
