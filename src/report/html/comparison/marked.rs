//! A passage with its marks.
//!
//! In: a text, where it starts in its document, and places of that document. Out: markup whose text content is the
//! text. Start at [`Mark`] and [`text`]. Marks may overlap: what lies under several is of all their classes.

use super::super::mark::Part;
use super::view::verbatim;
use crate::heads::voice::Voice;
use crate::report::comparison::{CuePlace, LoadedPlace, NamePlace, NumberPlace, Place};
use crate::report::passage::Passages;
use crate::text::OffsetUnit;
use maud::{Markup, html};

/// Something to be marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    start: usize,
    end: usize,
    class: String,
    /// What it is, in words.
    meaning: String,
    /// What stands after its words, so that it is not told by colour alone.
    sign: &'static str,
}

impl Mark {
    fn new(place: &Place, class: String, meaning: String) -> Self {
        Self { start: place.start, end: place.end, class, meaning, sign: "" }
    }

    /// As in the page of one article.
    fn part(place: &Place, part: Part, meaning: String) -> Self {
        Self { sign: part.sign(), ..Self::new(place, format!("m {}", part.class()), meaning) }
    }

    /// Of a loaded term.
    pub(super) fn term(term: &LoadedPlace) -> Self {
        let LoadedPlace { place, kind, voice, p } = term;
        Self::part(place, Part::Loaded(*kind, *voice != Voice::Author), format!("loaded term: {kind}, {voice}, {p:.2}"))
    }

    /// Of a cue.
    pub(super) fn cue(cue: &CuePlace) -> Self {
        Self::part(&cue.place, Part::Cue(cue.class), format!("cue: {}", cue.class))
    }

    /// Of a name.
    pub(super) fn name(name: &NamePlace, actor: &str) -> Self {
        Self::new(&name.place, "name".into(), format!("name of {actor}"))
    }

    /// Of a number.
    pub(super) fn number(number: &NumberPlace) -> Self {
        Self::new(&number.place, "number".into(), format!("number: {}", number.value))
    }
}

/// `text`, which starts at `start` in its document, with those of `marks` that lie in it.
pub(super) fn text(text: &str, start: usize, unit: OffsetUnit, marks: &[Mark]) -> Markup {
    let mut cuts = Passages::new(text, unit);
    let mut spans: Vec<(usize, usize, &Mark)> = Vec::new();
    for mark in marks.iter().filter(|mark| start <= mark.start && mark.start < mark.end) {
        let span = cuts.span(mark.start - start, mark.end - start);
        if span.start < span.end && text.get(span.start..span.end).is_some() {
            spans.push((span.start, span.end, mark));
        }
    }
    html! {
        @for (start, end, over) in pieces(text.len(), spans) {
            @let words = verbatim(text.get(start..end).unwrap_or_default());
            @if over.is_empty() { (words) } @else {
                @let classes: Vec<&str> = over.iter().map(|(_, mark)| mark.class.as_str()).collect();
                @let meanings: Vec<&str> = over.iter().map(|(_, mark)| mark.meaning.as_str()).collect();
                @let signs: String = over.iter().filter(|(last, _)| *last == end).map(|(_, mark)| mark.sign).collect();
                mark class=(classes.join(" ")) title=(meanings.join("; ")) {
                    (words)
                    @if !signs.is_empty() { i.sign aria-hidden="true" data-k=(signs) {} }
                }
            }
        }
    }
}

/// From where to where a piece of the text is, and the marks over it with where they end.
type Piece<'m> = (usize, usize, Vec<(usize, &'m Mark)>);

/// The text cut wherever a mark begins or ends.
fn pieces(length: usize, mut spans: Vec<(usize, usize, &Mark)>) -> Vec<Piece<'_>> {
    spans.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    let mut cuts: Vec<usize> = spans.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    cuts.extend([0, length]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut coming = spans.into_iter().peekable();
    let mut over: Vec<(usize, &Mark)> = Vec::new();
    let piece = |cut: &[usize]| {
        over.retain(|(end, _)| *end > cut[0]);
        while let Some((_, end, mark)) = coming.next_if(|(start, ..)| *start <= cut[0]) {
            over.push((end, mark));
        }
        (cut[0], cut[1], over.clone())
    };
    cuts.windows(2).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::attribution::CueClass;

    fn mark(start: usize, end: usize, class: &str) -> Mark {
        Mark { start, end, class: class.into(), meaning: class.into(), sign: "" }
    }

    #[test]
    fn marks_may_overlap_and_the_text_stays_whole() {
        let marked = text("brave new world", 10, OffsetUnit::Chars, &[mark(10, 19, "a"), mark(16, 25, "b")]);
        assert_eq!(
            marked.into_string(),
            "<mark class=\"a\" title=\"a\">brave </mark><mark class=\"a b\" title=\"a; b\">new</mark>\
             <mark class=\"b\" title=\"b\"> world</mark>"
        );
    }

    #[test]
    fn marks_that_do_not_fit_the_text_are_left_out() {
        for (start, end) in [(0, 3), (4, 4), (11, 12), (10, 90), (90, 99), (12, 11)] {
            assert_eq!(text("é", 10, OffsetUnit::Bytes, &[mark(start, end, "a")]).into_string(), "é");
        }
    }

    #[test]
    fn a_mark_says_what_it_is() {
        let place = Place { document: 0, sentence: 0, start: 0, end: 7, text: "claimed".into() };
        let mark = Mark::cue(&CuePlace { place, class: CueClass::Distancing });
        let marked = text("claimed it", 0, OffsetUnit::Utf16, &[mark]).into_string();
        let sign = "<i class=\"sign\" aria-hidden=\"true\" data-k=\"?\"></i>";
        assert_eq!(
            marked,
            format!("<mark class=\"m cue distancing\" title=\"cue: distancing\">claimed{sign}</mark> it")
        );
    }
}
