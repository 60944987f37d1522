//! The section of texts: every scored sentence, so that each number above leads to its words.
//!
//! In: the comparison's documents. Out: a numbered list of sentences a document, with loaded terms and cues marked and a
//! link to the statement that a sentence tells. Start at [`section`].

use super::super::direction::direction;
use super::marked::{Mark, text};
use super::statements;
use super::view::{View, anchor};
use crate::report::comparison::Place;
use crate::report::count;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The section.
pub(super) fn section(view: View<'_>) -> Markup {
    let marks = marks(view);
    html! {
        section #texts aria-labelledby="texts-title" {
            h2 #texts-title { "The texts" }
            p.about { "Their scored sentences, with loaded terms and cues marked." }
            @for (number, document) in view.comparison.documents.iter().enumerate() {
                article.text aria-labelledby={ "text-" (number) } {
                    h3 id={ "text-" (number) } { (view.who(document.outlet)) }
                    p.facts {
                        @if view.name(document.outlet) != document.id { span { bdi { (document.id) } } }
                        span { "language " (document.lang) }
                        span { (count(document.words, "word")) }
                    }
                    ol dir=(direction(&document.lang)) {
                        @for (at, sentence) in document.sentences.iter().enumerate() {
                            li id=(anchor(number, at)) lang=(sentence.lang) dir=(direction(&sentence.lang)) {
                                @let marks = marks.get(&(number, at)).map_or(&[][..], Vec::as_slice);
                                (text(&sentence.text, sentence.start, view.comparison.offsets, marks))
                                @if let Some(statement) = sentence.statement {
                                    " " a.back dir="ltr" lang="en" href={ "#" (statements::id(statement)) } {
                                        "statement " (statement + 1)
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

/// Loaded terms and cues by document and sentence.
fn marks(view: View<'_>) -> BTreeMap<(usize, usize), Vec<Mark>> {
    let mut marks: BTreeMap<(usize, usize), Vec<Mark>> = BTreeMap::new();
    let mut add = |place: &Place, mark| marks.entry((place.document, place.sentence)).or_default().push(mark);
    for term in view.comparison.loaded.iter().flatten().flat_map(|outlet| &outlet.terms) {
        add(&term.place, Mark::term(term));
    }
    for cue in view.comparison.cues.iter().flatten().flat_map(|outlet| &outlet.places) {
        add(&cue.place, Mark::cue(cue));
    }
    marks
}
