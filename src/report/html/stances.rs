//! The stances: where each holder stands toward each target.
//!
//! In: what a document's report says of stances, or the [`Standing`] of several documents. Out: a table, each row with
//! its evidence. Start at [`stances`] or [`standing`].

use super::chart;
use super::mark::{sentence_id, stance_id};
use super::prefix;
use super::reason::signed;
use crate::heads::label::Label;
use crate::heads::stance::Polarity;
use crate::report::{StanceReport, StanceSummary, StandReport, Standing, StandingRow, count};
use maud::{Markup, html};

/// A row of a table.
struct Row<'r> {
    stand: &'r StandReport,
    /// In how many documents; `None` in the table of one.
    documents: Option<usize>,
    evidence: Vec<Link>,
}

/// A link to a sentence: the id where it leads, what it is called, and more about it.
struct Link {
    id: String,
    name: String,
    title: String,
}

/// The table of one document; `prefix` is that of its ids.
pub(super) fn stances(summaries: &[StanceSummary], stances: &[StanceReport], prefix: &str) -> Markup {
    let link = |&index: &usize| {
        let stance = stances.get(index)?;
        let id = format!("{prefix}{}", stance_id(index));
        Some(Link { id, name: (stance.sentence + 1).to_string(), title: stance.polarity.to_string() })
    };
    let rows: Vec<Row<'_>> = summaries
        .iter()
        .map(|of| Row { stand: &of.stand, documents: None, evidence: of.stances.iter().filter_map(link).collect() })
        .collect();
    table("Stances", &rows)
}

/// The section on all documents of the page.
pub(super) fn standing(standing: &Standing) -> Markup {
    let (shown, left_out) = standing.shown();
    let rows: Vec<Row<'_>> = shown
        .into_iter()
        .map(|of| Row { stand: &of.stand, documents: Some(of.documents), evidence: links(of) })
        .collect();
    html! {
        section.document #all aria-labelledby="title-all" {
            h2 #title-all { "All " (standing.documents) " documents" }
            (table("Stances of all documents", &rows))
            @if left_out > 0 {
                p { "Not shown, as they have fewer mentions than ten others toward their target: " (count(left_out, "holder")) "." }
            }
        }
    }
}

fn links(row: &StandingRow) -> Vec<Link> {
    let link = |found: &crate::report::Evidence| Link {
        id: format!("{}{}", prefix(found.document + 1), sentence_id(found.sentence)),
        name: format!("{}.{}", found.document + 1, found.sentence + 1),
        title: format!("{}, {}", found.polarity, found.id),
    };
    row.evidence.iter().map(link).collect()
}

fn table(label: &str, rows: &[Row<'_>]) -> Markup {
    let of_several = rows.iter().any(|row| row.documents.is_some());
    html! {
        @if rows.is_empty() {
            p { "No stance was found." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table.stances.stack role="table" {
                    caption {
                        "Who stands where: mentions for, against and neutral; the balance goes from −1 (all against) \
                         to +1 (all for), with its 95 % interval. The stance of a row is the side that most of its \
                         mentions take; neutral only if none takes one."
                        @if of_several { " Mentions in all documents count alike; of the sentences some are named, as document.sentence." }
                    }
                    thead role="rowgroup" {
                        tr role="row" {
                            th scope="col" role="columnheader" { "Holder → target" }
                            th scope="col" role="columnheader" { "Stance" }
                            @for polarity in Polarity::ALL { th.number scope="col" role="columnheader" { (polarity) } }
                            th.number scope="col" role="columnheader" { "Balance" }
                            th.bar scope="col" role="columnheader" { "Interval" }
                            @if of_several { th.number scope="col" role="columnheader" { "Documents" } }
                            th scope="col" role="columnheader" { "Sentences" }
                        }
                    }
                    tbody role="rowgroup" { @for row in rows { (markup(row)) } }
                }
            }
        }
    }
}

fn markup(row: &Row<'_>) -> Markup {
    let of = row.stand;
    let (low, high) = of.interval;
    let author = if row.documents.is_some() { "the authors" } else { "the author" };
    html! {
        tr role="row" {
            th scope="row" role="rowheader" {
                @match &of.holder { Some(name) => bdi dir="auto" { (name) }, None => i { (author) } }
                " → " bdi dir="auto" { (of.target) }
            }
            td role="cell" { span.polarity.(of.polarity) { (of.polarity) } }
            @for polarity in Polarity::ALL {
                td.number role="cell" data-label=(polarity) { (of.counts.get(polarity).copied().unwrap_or_default()) }
            }
            td.number role="cell" data-label="balance" { (signed(of.balance)) }
            td.bar role="cell" {
                (chart::interval(of.balance, low, high))
                span.small { (signed(low)) " to " (signed(high)) }
            }
            @if let Some(documents) = row.documents { td.number role="cell" data-label="documents" { (documents) } }
            td role="cell" data-label="sentences" {
                @for link in &row.evidence {
                    a.evidence href={ "#" (link.id) } title=(link.title) { (link.name) } " "
                }
            }
        }
    }
}
