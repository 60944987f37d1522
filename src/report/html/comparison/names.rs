//! The section of names: what each calls the same actor or thing.
//!
//! In: the comparison's actors. Out: one row an actor, one cell an outlet. Start at [`section`].

use super::view::{View, left_out, percent};
use crate::report::comparison::{ActorRow, Form, Known, OutletForms};
use crate::report::count;
use maud::{Markup, html};

/// How many actors stand open; the others are behind a line that opens.
const OPEN: usize = 12;

/// As many are on the page.
const MOST: usize = 200;

/// The section.
pub(super) fn section(view: View<'_>) -> Markup {
    let actors = &view.comparison.actors;
    let shown = &actors[..actors.len().min(MOST)];
    let (open, more) = shown.split_at(shown.len().min(OPEN));
    html! {
        section #names aria-labelledby="names-title" {
            h2 #names-title { "Names for the same" }
            @if actors.is_empty() {
                p { "No actor was found in the texts." }
            } @else {
                p.about {
                    "What each calls the same actor or thing, most often mentioned first. A name opens to the sentences \
                     that it stands in; one that judges is marked as loaded."
                }
            }
            @for actor in open { (row(view, actor)) }
            @if !more.is_empty() {
                details.more {
                    summary { (count(more.len(), "more actor")) }
                    @for actor in more { (row(view, actor)) }
                    (left_out(MOST, actors.len(), "actor"))
                }
            }
        }
    }
}

fn row(view: View<'_>, actor: &ActorRow) -> Markup {
    html! {
        div.row {
            h3 { bdi { (actor.name) } }
            p.facts {
                span { (count(actor.mentions, "mention")) }
                span { "known " (how(actor.known)) }
            }
            (view.row("does not name it", |outlet| {
                actor.outlets.iter().find(|forms| forms.outlet == outlet).map(|forms| cell(view, forms))
            }))
        }
    }
}

fn cell(view: View<'_>, outlet: &OutletForms) -> Markup {
    html! {
        ul.forms {
            @for form in &outlet.forms { li { (named(view, form)) } }
        }
        @if outlet.loaded.count > 0 {
            p.facts { span { "loaded names: " (percent(&outlet.loaded)) } }
        }
    }
}

fn named(view: View<'_>, form: &Form) -> Markup {
    let name = html! {
        @if form.loaded { mark.m.loaded.naming.author title="loaded term: naming" { bdi { (form.text) } } } @else { bdi { (form.text) } }
        " × " (form.places.len())
    };
    let note = html! { "known " (how(form.known)) };
    view.evidence(name, form.places.iter().map(|place| (place, note.clone())))
}

/// How a form is known to name an actor, after `known`.
const fn how(known: Known) -> &'static str {
    match known {
        Known::Alias => "by your file of names",
        Known::Table => "by the table of countries",
        Known::Name => "by the name itself",
        Known::Term => "by the name in the term",
        Known::Aligned => "by where it stands in the statement",
    }
}
