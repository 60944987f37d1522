//! The summary of a document: its headline numbers with words, what they rest on, and what they leave open.
//!
//! In: a report. Out: markup. Start at [`summary`].

use super::chart;
use super::reason::two;
use crate::heads::voice::Voice;
use crate::report::ByName;
use crate::report::{HeadScore, Report, count};
use crate::text::NOISY;
use maud::{Markup, html};

/// The numbers, then what to know about them.
pub(super) fn summary(report: &Report) -> Markup {
    html! {
        p.facts { (facts(report)) }
        @if report.document.sentences > 0 {
            div.tiles {
                @if let Some(rate) = &report.document.loaded_per_100_words {
                    (loaded(report, rate.author, rate.quoted))
                }
                @for (head, score) in &report.document.heads {
                    @match score {
                        HeadScore::Binary(p) => (binary(report, head, *p)),
                        HeadScore::Classes(classes) => (several(head, classes)),
                    }
                }
            }
        }
        (notes(report))
    }
}

fn facts(report: &Report) -> String {
    let mut facts = vec![format!("language {}", report.lang)];
    let models = report.models.values().chain(report.model.iter().filter(|_| report.models.is_empty()));
    facts.extend(models.map(|model| format!("model {} {}", model.name, model.version)));
    if report.model.is_some() {
        facts.extend([count(report.document.words, "word"), count(report.document.sentences, "sentence")]);
    }
    facts.join(" · ")
}

/// A number, what it is, and a line more.
fn tile(number: &str, what: &Markup, more: &Markup, bar: &Markup) -> Markup {
    html! { div.tile { p.big { (number) } p.of { (what) } (bar) p.more { (more) } } }
}

fn loaded(report: &Report, author: f64, quoted: f64) -> Markup {
    let by = |of: bool| report.loaded.iter().flatten().filter(|term| (term.voice == Voice::Author) == of).count();
    tile(
        &format!("{author:.1}"),
        &html! { "loaded terms per 100 words in the author's voice" },
        &html! {
            (format!("{quoted:.1}")) " per 100 words of the sources. Marked: " (by(true)) " of the author's, " (by(false))
            " of the sources'."
        },
        &html! {},
    )
}

fn binary(report: &Report, head: &str, p: f64) -> Markup {
    let what = match head {
        "bias" => "of the sentences expected to be read as biased by their choice of words",
        "subjective" => "of the sentences expected to be read as subjective rather than factual",
        _ => "of the sentences expected to be so",
    };
    let yes = report.sentences.iter().filter(|s| s.label(head) == "1").count();
    let open = report.sentences.iter().filter(|s| s.uncertain.iter().any(|other| other == head)).count();
    tile(
        &format!("{:.0} %", 100.0 * p),
        &html! { b { (head) } ": " (what) },
        &html! { "Answered yes in " (yes) " of " (report.sentences.len()) "; too close to call in " (open) "." },
        &chart::shares(&[("yes", p)]),
    )
}

fn several(head: &str, classes: &ByName<f64>) -> Markup {
    let Some((first, p)) = classes.iter().max_by(|a, b| a.1.total_cmp(b.1)) else { return html! {} };
    let parts: Vec<(&str, f64)> = classes.iter().map(|(class, p)| (known(class), *p)).collect();
    let all: Vec<String> = classes.iter().map(|(class, p)| format!("{class} {}", two(*p))).collect();
    tile(
        &format!("{:.0} %", 100.0 * p),
        &html! { b { (head) } ": of the sentences expected to be " (first) },
        &html! { (all.join(" · ")) },
        &chart::shares(&parts),
    )
}

/// The class of the style sheet: a user's own class is not one.
fn known(class: &str) -> &str {
    if ["negative", "neutral", "positive"].contains(&class) { class } else { "other" }
}

fn notes(report: &Report) -> Markup {
    let masked = report.regions.iter().filter(|region| region.masked).count();
    let noise = report.noise.as_ref().filter(|noise| noise.level > NOISY);
    html! {
        ul.notes {
            @if !report.supported {
                li { b { "No model" } " for the language " (report.lang)
                    @if report.sentences.is_empty() { ": nothing is scored." } @else { ": what is in it is not scored." }
                }
            }
            @if let Some(noise) = noise {
                li { b { "Damaged text" } ": " (format!("{:.1}", 100.0 * noise.level))
                    " % of the words are glued, garbled or cut; trust scores near those places less." }
            }
            @if masked > 0 {
                li {
                    (masked) @if masked == 1 { " part" } @else { " parts" }
                    " of the text left out of the scores: dimmed below."
                }
            }
            li {
                "A score is how likely a careful reader is to label the sentence so. It is about the wording: "
                b { "not about truth, and not about intent" }
                ". A term that is marked is a candidate; some are missed, and some are marked that should not be."
            }
        }
    }
}
