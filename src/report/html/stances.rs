//! The stances: where each holder stands toward each target.
//!
//! In: what a document's report says of stances. Out: a table, each row with its evidence. Start at [`stances`].

use super::chart;
use super::mark::stance_id;
use super::reason::signed;
use crate::heads::label::Label;
use crate::heads::stance::Polarity;
use crate::report::{StanceReport, StanceSummary};
use maud::{Markup, html};

/// The table; `prefix` is that of the document's ids.
pub(super) fn stances(summaries: &[StanceSummary], stances: &[StanceReport], prefix: &str) -> Markup {
    html! {
        @if summaries.is_empty() {
            p { "No stance was found." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="Stances" {
                table.stances.stack role="table" {
                    caption {
                        "Who stands where: mentions for, against and neutral; the balance goes from −1 (all against) \
                         to +1 (all for), with its 95 % interval. The stance of a row is the side that most of its \
                         mentions take; neutral only if none takes one."
                    }
                    thead role="rowgroup" {
                        tr role="row" {
                            th scope="col" role="columnheader" { "Holder → target" }
                            th scope="col" role="columnheader" { "Stance" }
                            @for polarity in Polarity::ALL { th.number scope="col" role="columnheader" { (polarity) } }
                            th.number scope="col" role="columnheader" { "Balance" }
                            th.bar scope="col" role="columnheader" { "Interval" }
                            th scope="col" role="columnheader" { "Sentences" }
                        }
                    }
                    tbody role="rowgroup" { @for summary in summaries { (row(summary, stances, prefix)) } }
                }
            }
        }
    }
}

fn row(summary: &StanceSummary, stances: &[StanceReport], prefix: &str) -> Markup {
    let StanceSummary { holder, target, polarity, counts, balance, interval: (low, high), .. } = summary;
    let evidence = summary.stances.iter().filter_map(|&index| Some((index, stances.get(index)?)));
    html! {
        tr role="row" {
            th scope="row" role="rowheader" {
                @match holder { Some(name) => bdi dir="auto" { (name) }, None => i { "the author" } }
                " → " bdi dir="auto" { (target) }
            }
            td role="cell" { span.polarity.(polarity) { (polarity) } }
            @for polarity in Polarity::ALL {
                td.number role="cell" data-label=(polarity) { (counts.get(polarity).copied().unwrap_or_default()) }
            }
            td.number role="cell" data-label="balance" { (signed(*balance)) }
            td.bar role="cell" {
                (chart::interval(*balance, *low, *high))
                span.small { (signed(*low)) " to " (signed(*high)) }
            }
            td role="cell" data-label="sentences" {
                @for (index, stance) in evidence {
                    a.evidence href={ "#" (prefix) (stance_id(index)) } title=(stance.polarity) {
                        (stance.sentence + 1)
                    } " "
                }
            }
        }
    }
}
