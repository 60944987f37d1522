//! The section of statements: the same told by several, as aligned columns.
//!
//! In: the comparison's statements. Out: one block a statement, with a cell an outlet; on a narrow screen the cells stand
//! under each other. Each telling is in its own direction of writing. Start at [`section`].

use super::super::direction::direction;
use super::marked::{Mark, text};
use super::view::{View, anchor};
use crate::report::comparison::{NumberConflict, Statement, Telling};
use crate::report::count;
use maud::{Markup, html};

/// The `id` of a statement in the page.
pub(super) fn id(statement: usize) -> String {
    format!("statement-{statement}")
}

/// The section; nothing where there is no statement.
pub(super) fn section(view: View<'_>) -> Markup {
    let statements = &view.comparison.statements;
    html! {
        section #statements aria-labelledby="statements-title" {
            h2 #statements-title { "The same statement in several tellings" }
            @if statements.is_empty() {
                p { "No statement was found in more than one of the texts." }
            } @else {
                p.about {
                    (count(statements.len(), "statement")) " that more than one of them makes, in the order of the first \
                     text that has it. Marked are cues, loaded terms, names and numbers; a telling links to its sentence \
                     in the text."
                }
            }
            @for (number, statement) in statements.iter().enumerate() {
                (block(view, number, statement))
            }
        }
    }
}

fn block(view: View<'_>, number: usize, statement: &Statement) -> Markup {
    html! {
        article.statement id=(id(number)) aria-labelledby={ (id(number)) "-title" } {
            h3 id={ (id(number)) "-title" } {
                "Statement " (number + 1)
                @for anchor in &statement.anchors { " " bdi.anchor { (anchor.text) } }
            }
            p.facts {
                span { "likeness " (format!("{:.2}", statement.similarity)) }
                @if statement.cues_differ { span.differs { "cues differ" } }
                @if statement.terms_differ { span.differs { "loaded terms differ" } }
                @if statement.names_differ { span.differs { "names differ" } }
                @for conflict in &statement.conflicts { (conflicting(view, conflict)) }
            }
            (view.row("no telling found", |outlet| {
                let mut tellings = statement.tellings.iter().filter(|t| view.outlet_of(t.place.document) == outlet).peekable();
                tellings.peek()?;
                Some(html! { @for t in tellings { (telling(view, t)) } })
            }))
        }
    }
}

fn conflicting(view: View<'_>, conflict: &NumberConflict) -> Markup {
    html! {
        span.differs {
            "numbers differ"
            @if let Some(counted) = &conflict.counted { " (" bdi { (counted) } ")" }
            ":"
            @for number in &conflict.numbers {
                " " (letter_of(view, number.place.document)) " " (view.words(&number.place))
            }
        }
    }
}

fn letter_of(view: View<'_>, document: usize) -> Markup {
    html! { b.letter { (crate::report::letter::letter(view.outlet_of(document))) } }
}

fn telling(view: View<'_>, telling: &Telling) -> Markup {
    let place = &telling.place;
    let lang = view.lang(place);
    let marks: Vec<Mark> = (telling.names.iter())
        .map(|name| Mark::name(name, view.comparison.actors.get(name.actor).map_or("", |actor| &actor.name)))
        .chain(telling.numbers.iter().map(Mark::number))
        .chain(telling.terms.iter().map(Mark::term))
        .chain(telling.cues.iter().map(Mark::cue))
        .collect();
    html! {
        p.telling lang=(lang) dir=(direction(lang)) {
            (text(&place.text, place.start, view.comparison.offsets, &marks))
        }
        p.facts {
            @if let Some(source) = &telling.source { span { "said by " bdi { (source) } } }
            @for cue in &telling.cues {
                span class={ "class " (cue.class) } { (view.words(&cue.place)) " " (cue.class) }
            }
            a href={ "#" (anchor(place.document, place.sentence)) } { "sentence " (place.sentence + 1) }
        }
    }
}
