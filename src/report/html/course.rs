//! The course of a document: each sentence head as a small line along the text.
//!
//! In: a report. Out: a figure a head, and the same numbers as a table. Start at [`course`].

use super::chart::{self, Series};
use super::mark::sentence_id;
use super::reason::{signed, two};
use crate::report::{HeadScore, Report};
use maud::{Markup, html};

/// A head's values along the text.
struct Track<'r> {
    head: &'r str,
    /// Whether it goes from -1 to 1: positive less negative.
    is_balance: bool,
    values: Vec<Option<f64>>,
}

/// The lines; nothing for a document of fewer than two sentences. A head of several classes has one if these
/// include `negative` and `positive`.
pub(super) fn course(report: &Report, prefix: &str) -> Markup {
    if report.sentences.len() < 2 {
        return html! {};
    }
    let tracks: Vec<Track> =
        report.document.heads.iter().filter_map(|(head, score)| track(report, head, score)).collect();
    if tracks.is_empty() {
        return html! {};
    }
    html! {
        h3 { "Along the text" }
        div.course { @for track in &tracks { (figure(track, prefix)) } }
        details {
            summary { "The same as a table" }
            (table(report, &tracks, prefix))
        }
    }
}

fn track<'r>(report: &'r Report, head: &'r str, score: &HeadScore) -> Option<Track<'r>> {
    let is_balance = matches!(score, HeadScore::Classes(_));
    if is_balance {
        chart::balance(score)?;
    }
    let value = |score: &HeadScore| match score {
        HeadScore::Binary(p) => Some(*p),
        HeadScore::Classes(_) => chart::balance(score),
    };
    let values = report.sentences.iter().map(|sentence| value(sentence.heads.get(head)?)).collect();
    Some(Track { head, is_balance, values })
}

fn figure(track: &Track, prefix: &str) -> Markup {
    let Track { head, is_balance, values } = track;
    let (low, high, top, bottom) = if *is_balance { (-1.0, 1.0, "positive", "negative") } else { (0.0, 1.0, "1", "0") };
    let known = || values.iter().enumerate().filter_map(|(index, value)| Some((index + 1, (*value)?)));
    let most = known().max_by(|a, b| a.1.total_cmp(&b.1));
    let least = known().min_by(|a, b| a.1.total_cmp(&b.1));
    let end = |name: &str, place: Option<(usize, f64)>| {
        place.map(|(sentence, value)| format!("{name} {} in sentence {sentence}", signed(value))).unwrap_or_default()
    };
    let description = format!("{} sentences; {}; {}", values.len(), end("highest", most), end("lowest", least));
    html! {
        figure data-prefix=(prefix) data-count=(values.len()) {
            figcaption { b { (head) } @if *is_balance { ", positive less negative" } @else { ", probability" } }
            div.plot {
                span.top aria-hidden="true" { (top) }
                span.bottom aria-hidden="true" { (bottom) }
                (chart::line(&Series { title: head, description: &description, low, high, values }))
            }
            p.ends aria-hidden="true" { span { "sentence 1" } span { (values.len()) } }
        }
    }
}

fn table(report: &Report, tracks: &[Track], prefix: &str) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Scores by sentence" {
            table.scores {
                caption { "Scores by sentence" }
                thead {
                    tr {
                        th scope="col" { "Sentence" }
                        @for track in tracks { th.number scope="col" { (track.head) } }
                    }
                }
                tbody {
                    @for index in 0..report.sentences.len() {
                        tr {
                            th scope="row" { a href={ "#" (prefix) (sentence_id(index)) } { (index + 1) } }
                            @for track in tracks {
                                td.number {
                                    @if let Some(value) = track.values.get(index).copied().flatten() {
                                        @if track.is_balance { (signed(value)) } @else { (two(value)) }
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
