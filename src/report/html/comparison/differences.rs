//! The section of differences: which of them may be called one.
//!
//! In: the comparison's differences. Out: those in words, and a table of all. Start at [`section`].

use super::view::{View, left_out, minus};
use crate::report::comparison::Difference;
use crate::report::count;
use crate::report::letter::letter;
use maud::{Markup, html};

/// As many are in the table.
const MOST: usize = 500;

/// The section.
pub(super) fn section(view: View<'_>) -> Markup {
    let all = &view.comparison.differences;
    let called: Vec<&Difference> = all.iter().filter(|difference| difference.differs).collect();
    html! {
        section #differences aria-labelledby="differences-title" {
            h2 #differences-title { "Differences" }
            @if called.is_empty() {
                p {
                    "No measure differs between two of them by more than chance would do: "
                    (count(all.len(), "comparison")) ", none with an interval that leaves 0 out after correction."
                }
            } @else {
                ul.called { @for difference in called { li { (said(view, difference)) } } }
            }
            @if !all.is_empty() {
                details.more {
                    summary { "all comparisons: " (all.len()) }
                    (table(view, &all[..all.len().min(MOST)]))
                    (left_out(MOST, all.len(), "comparison"))
                }
            }
        }
    }
}

fn said(view: View<'_>, difference: &Difference) -> Markup {
    let [first, second] = difference.outlets;
    let (high, low) = if difference.higher == Some(second) { (second, first) } else { (first, second) };
    html! {
        (view.who(high)) " higher than " (view.who(low)) ": " (measure(difference))
        span.note {
            " by " (format!("{:.2}", difference.difference.abs()))
            " (" (ends(difference)) ", p " (format!("{:.3}", difference.p_adjusted)) ")"
        }
    }
}

fn table(view: View<'_>, all: &[Difference]) -> Markup {
    let outlets = |difference: &Difference| difference.outlets.map(letter).join(" − ");
    html! {
        div.scroll tabindex="0" role="region" aria-label="All comparisons" {
            table {
                caption { "First less second outlet, 95 % interval, p after correction" }
                thead { tr {
                    th scope="col" { "Measure" } th scope="col" { "Outlets" } th scope="col" { "Difference" }
                    th scope="col" { "Interval" } th scope="col" { "p" } th scope="col" { "Differs" }
                } }
                tbody {
                    @for difference in all {
                        tr {
                            th scope="row" { (measure(difference)) }
                            td title={ (view.outlet(difference.outlets[0])) " − " (view.outlet(difference.outlets[1])) } {
                                (outlets(difference))
                            }
                            td { (minus(&format!("{:+.2}", difference.difference))) }
                            td { (minus(&format!("{:.2} to {:.2}", difference.low, difference.high))) }
                            td { (format!("{:.3}", difference.p_adjusted)) }
                            td { @if difference.differs { "yes" } @else { "no" } }
                        }
                    }
                }
            }
        }
    }
}

/// The interval without its sign.
fn ends(difference: &Difference) -> String {
    let (low, high) = (difference.low.abs(), difference.high.abs());
    format!("{:.2} to {:.2}", low.min(high), low.max(high))
}

/// A measure in words.
fn measure(difference: &Difference) -> Markup {
    let of = difference.of.as_deref();
    let name = difference.measure.as_str();
    let words = match name.split_once('.') {
        Some(("loaded", "author")) => "loaded terms of the author".to_owned(),
        Some(("loaded", "quoted")) => "loaded terms of sources".to_owned(),
        Some(("loaded", rest)) => format!("loaded terms, {}", rest.replace('.', ", ")),
        Some(("cues", class)) => format!("{class} cues"),
        Some(("names", "loaded")) => "loaded names".to_owned(),
        _ => name.to_owned(),
    };
    html! { (words) @if let Some(of) = of { " (" bdi { (of) } ")" } }
}
