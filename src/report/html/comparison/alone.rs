//! The section of what one tells and the others leave out.
//!
//! In: the comparison's unique statements. Out: for each outlet a list of sentences. Start at [`section`].

use super::super::direction::direction;
use super::view::{View, verbatim};
use crate::report::comparison::UniqueStatement;
use crate::report::count;
use maud::{Markup, html};

/// How many sentences of an outlet stand open.
const OPEN: usize = 5;

/// The section.
pub(super) fn section(view: View<'_>) -> Markup {
    let unique = &view.comparison.unique;
    html! {
        section #alone aria-labelledby="alone-title" {
            h2 #alone-title { "What one tells and the others leave out" }
            p.about {
                "Sentences without a counterpart in the other texts, the most central to the event first. That a text \
                 leaves something out says nothing of why."
            }
            (view.row("tells nothing that the others do not", |outlet| {
                let told: Vec<_> = unique.iter().filter(|statement| statement.outlet == outlet).collect();
                let (open, more) = told.split_at(told.len().min(OPEN));
                (!told.is_empty()).then(|| html! {
                    ol.told { @for statement in open { (item(view, statement)) } }
                    @if !more.is_empty() {
                        details.more {
                            summary { (count(more.len(), "more sentence")) }
                            ol.told { @for statement in more { (item(view, statement)) } }
                        }
                    }
                })
            }))
        }
    }
}

fn item(view: View<'_>, statement: &UniqueStatement) -> Markup {
    let place = &statement.place;
    let lang = view.lang(place);
    html! {
        li {
            p.telling lang=(lang) dir=(direction(lang)) { (verbatim(&place.text)) }
            p.facts {
                span { "centrality " (format!("{:.2}", statement.centrality)) }
                @if let Some(nearest) = &statement.nearest {
                    span {
                        (view.link(nearest, html! { "nearest elsewhere" })) " " (format!("{:.2}", statement.similarity))
                    }
                }
                (view.link(place, html! { "sentence " (place.sentence + 1) }))
            }
        }
    }
}
