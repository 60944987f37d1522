//! What every section of the page needs: outlets by name, places as links, numbers in words.
//!
//! In: a [`Comparison`], whose places name each other by number. Out: markup. Start at [`View`]. A number that names
//! nothing gives an empty name, never a panic: a comparison may come from a file.

use super::super::direction::direction;
use super::super::escape;
use crate::report::comparison::{ComparedSentence, Comparison, Estimate, Place};
use crate::report::count;
use crate::report::letter::letter;
use maud::{Markup, PreEscaped, html};

/// How many columns can stand side by side; of more outlets each has a card of its own.
pub(super) const COLUMNS: usize = 5;

/// A comparison, as it is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'c> {
    pub comparison: &'c Comparison,
    /// How many bytes of every outlet's name are the folder that all of them are in.
    folder: usize,
}

impl<'c> View<'c> {
    pub(super) fn new(comparison: &'c Comparison) -> Self {
        let names: Vec<&str> = comparison.outlets.iter().map(|outlet| outlet.name.as_str()).collect();
        Self { comparison, folder: folder(&names) }
    }

    /// The name of an outlet, without the folder that all are in.
    pub(super) fn outlet(self, outlet: usize) -> &'c str {
        self.comparison.outlets.get(outlet).map_or("", |outlet| outlet.name.get(self.folder..).unwrap_or_default())
    }

    /// Its name, whole.
    pub(super) fn name(self, outlet: usize) -> &'c str {
        self.comparison.outlets.get(outlet).map_or("", |outlet| &outlet.name)
    }

    /// The outlet of a document.
    pub(super) fn outlet_of(self, document: usize) -> usize {
        self.comparison.documents.get(document).map_or(usize::MAX, |document| document.outlet)
    }

    /// The sentence that a place begins in.
    pub(super) fn sentence(self, place: &Place) -> Option<&'c ComparedSentence> {
        self.comparison.documents.get(place.document)?.sentences.get(place.sentence)
    }

    /// The language of a place; of one that is nowhere, none.
    pub(super) fn lang(self, place: &Place) -> &'c str {
        self.sentence(place).map_or("", |sentence| &sentence.lang)
    }

    /// An outlet's letter and name.
    pub(super) fn who(self, outlet: usize) -> Markup {
        html! { span.who { b.letter { (letter(outlet)) } " " bdi { (self.outlet(outlet)) } } }
    }

    /// Several outlets, for a sentence; `all` where it is all of them.
    pub(super) fn whoever(self, outlets: &[usize]) -> Markup {
        html! {
            @if outlets.len() == self.comparison.outlets.len() { "all" } @else {
                @for (number, outlet) in outlets.iter().enumerate() {
                    @if number > 0 { ", " }
                    (self.who(*outlet))
                }
            }
        }
    }

    /// A link to the sentence of a place.
    pub(super) fn link(self, place: &Place, text: Markup) -> Markup {
        html! { a href={ "#" (anchor(place.document, place.sentence)) } { (text) } }
    }

    /// The words at a place, as a link to their sentence.
    pub(super) fn words(self, place: &Place) -> Markup {
        let lang = self.lang(place);
        let text = html! { bdi lang=(lang) dir=(direction(lang)) { (verbatim(&place.text)) } };
        self.link(place, text)
    }

    /// What opens to show the places behind a number.
    pub(super) fn evidence<'p>(self, number: Markup, places: impl IntoIterator<Item = (&'p Place, Markup)>) -> Markup {
        let mut places = places.into_iter().peekable();
        if places.peek().is_none() {
            return number;
        }
        html! {
            details.evidence {
                summary { (number) }
                ul {
                    @for (place, note) in places {
                        li {
                            (self.words(place))
                            " " span.note {
                                (note)
                                " · " (letter(self.outlet_of(place.document))) ", sentence " (place.sentence + 1)
                            }
                        }
                    }
                }
            }
        }
    }

    /// A row of cells, one an outlet in order, each a card on a narrow screen; `cell` gives none where an outlet has
    /// nothing, which is said by `missing`.
    pub(super) fn row(self, missing: &str, cell: impl Fn(usize) -> Option<Markup>) -> Markup {
        let outlets = self.comparison.outlets.len();
        let columns = if outlets <= COLUMNS { format!("cells of-{outlets}") } else { "cells".to_owned() };
        let cells: Vec<_> = (0..outlets).map(|outlet| (outlet, cell(outlet))).collect();
        let without: Vec<usize> = cells.iter().filter(|(_, cell)| cell.is_none()).map(|(outlet, _)| *outlet).collect();
        html! {
            div class=(columns) {
                @for (outlet, cell) in &cells {
                    @match cell {
                        Some(cell) => div.cell { (self.who(*outlet)) (cell) },
                        None if outlets <= COLUMNS => div.cell.missing { (self.who(*outlet)) p { (missing) } },
                        None => {},
                    }
                }
            }
            @if outlets > COLUMNS && !without.is_empty() {
                p.without { (missing) ": " (self.whoever(&without)) }
            }
        }
    }
}

/// What is left out of a list that is too long for a page, as a sentence; nothing where nothing is.
pub(super) fn left_out(shown: usize, all: usize, noun: &str) -> Markup {
    html! { @if all > shown { p.note { "And " (count(all - shown, noun)) " more in the JSON." } } }
}

/// The length of the path, up to a slash, that all names begin with.
fn folder(names: &[&str]) -> usize {
    let Some((first, others)) = names.split_first() else { return 0 };
    let ends = first.match_indices('/').map(|(at, _)| at + 1).rev();
    let is_shared = |end: &usize| others.iter().all(|name| name.get(..*end) == first.get(..*end));
    ends.into_iter().find(is_shared).unwrap_or(0)
}

/// Words of a text, every character as it is.
pub(super) fn verbatim(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len());
    escape::push(&mut out, text);
    PreEscaped(out)
}

/// The `id` of a sentence in the page.
pub(super) fn anchor(document: usize, sentence: usize) -> String {
    format!("d{document}s{sentence}")
}

/// `0.31 (0.12 to 0.50)`.
pub(super) fn interval(estimate: &Estimate) -> String {
    let Estimate { value, low, high, .. } = estimate;
    minus(&format!("{value:.2} ({low:.2} to {high:.2})"))
}

/// Numbers with a true minus, which reads so.
pub(super) fn minus(numbers: &str) -> String {
    numbers.replace('-', "\u{2212}")
}

/// The same as percentages.
pub(super) fn percent(estimate: &Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(|value| value * 100.0);
    format!("{value:.0} % ({low:.0} to {high:.0})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_all_names_are_in_is_left_out_and_no_other() {
        assert_eq!(folder(&["/a/b/c.txt", "/a/b/d/e.txt"]), 5);
        assert_eq!(folder(&["a/c.txt", "b/c.txt"]), 0);
        assert_eq!(folder(&["Herald", "Gazette"]), 0);
        assert_eq!(folder(&["a/é", "a/ê"]), 2);
        assert_eq!(folder(&[]), 0);
    }
}
