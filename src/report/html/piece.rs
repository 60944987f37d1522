//! Text with marks in it, as elements that nest, whatever the marks do.
//!
//! In: a part of a text, and the marks that reach into it. Out: markup whose text content is that part. Start at
//! [`Pieces::push`]. Marks may touch, nest or cross. Where two cross, the inner one is closed at the end of the outer
//! one and opened again after it: a mark is then several elements with one `data-r`. A mark that is not shown is an
//! empty element with its id, where it begins.

use super::escape;
use super::mark::Mark;
use crate::text::Span;
use std::fmt::Write;

/// Cuts one text into elements, from its start to its end.
pub(super) struct Pieces<'m> {
    text: &'m str,
    /// By start; the next one is `marks[next]`.
    marks: &'m [Mark],
    next: usize,
    /// Marks that have begun, by their place in `marks`, and may reach further.
    begun: Vec<usize>,
    /// Whether each mark has an element already, which has its id.
    has_id: Vec<bool>,
    /// What ids begin with.
    prefix: &'m str,
}

impl<'m> Pieces<'m> {
    /// Of `text` with `marks`, which are in order and fit the text; `prefix` sets the document's ids apart.
    pub(super) fn new(text: &'m str, marks: &'m [Mark], prefix: &'m str) -> Self {
        Self { text, marks, next: 0, begun: Vec::new(), has_id: vec![false; marks.len()], prefix }
    }

    /// Writes `part` of the text to `out`, with what is marked there. Parts come in order and do not overlap.
    pub(super) fn push(&mut self, out: &mut String, part: Span) {
        self.begun.retain(|&mark| self.marks[mark].span.end > part.start);
        // What is still open begins again here, the outer before the inner.
        let mut waiting: Vec<usize> = std::mem::take(&mut self.begun);
        while self.marks.get(self.next).is_some_and(|mark| mark.span.start < part.end) {
            if self.marks[self.next].span.end > part.start {
                waiting.push(self.next);
            }
            self.next += 1;
        }
        let mut open: Vec<usize> = Vec::new();
        let mut at = part.start;
        for &mark in &waiting {
            let start = self.marks[mark].span.start.max(part.start);
            self.close_until(out, &mut open, &mut at, start);
            escape::push(out, Span::new(at, start).slice(self.text));
            at = start;
            if self.marks[mark].shown {
                self.open(out, mark);
                open.push(mark);
            } else {
                self.anchor(out, mark);
            }
        }
        self.close_until(out, &mut open, &mut at, part.end);
        escape::push(out, Span::new(at, part.end).slice(self.text));
        for &mark in open.iter().rev() {
            self.close(out, mark, part.end);
        }
        self.begun = waiting;
        self.begun.retain(|&mark| self.marks[mark].shown && self.marks[mark].span.end > part.end);
    }

    /// Closes, in order, what ends at or before `end`.
    fn close_until(&self, out: &mut String, open: &mut Vec<usize>, at: &mut usize, end: usize) {
        while let Some(first) = open.iter().map(|&mark| self.marks[mark].span.end).min().filter(|&first| first <= end) {
            escape::push(out, Span::new(*at, first).slice(self.text));
            *at = first;
            // The outermost that ends here, and all inside it.
            let Some(outermost) = open.iter().position(|&mark| self.marks[mark].span.end == first) else { break };
            let inside = open.split_off(outermost);
            for &mark in inside.iter().rev() {
                self.close(out, mark, first);
            }
            for mark in inside.into_iter().filter(|&mark| self.marks[mark].span.end > first) {
                self.again(out, mark);
                open.push(mark);
            }
        }
    }

    /// Opens a mark: its first element has its id, and is a stop of the keyboard; the others continue it.
    fn open(&mut self, out: &mut String, index: usize) {
        let Mark { part, id, .. } = &self.marks[index];
        if std::mem::replace(&mut self.has_id[index], true) {
            self.again(out, index);
            return;
        }
        let (class, prefix) = (part.class(), self.prefix);
        let _ = write!(out, "<span class=\"m {class}\" data-r=\"{prefix}{id}\"");
        if part.is_stop() {
            let _ = write!(
                out,
                " id=\"{prefix}{id}\" role=\"button\" tabindex=\"-1\" aria-description=\"{}\"",
                part.meaning()
            );
        }
        out.push('>');
    }

    /// The place of a mark that is not shown.
    fn anchor(&self, out: &mut String, index: usize) {
        let Mark { part, id, .. } = &self.marks[index];
        if part.is_stop() {
            let _ = write!(out, "<span id=\"{}{id}\"></span>", self.prefix);
        }
    }

    /// Opens a mark that was closed before its end.
    fn again(&self, out: &mut String, index: usize) {
        let Mark { part, id, .. } = &self.marks[index];
        let _ = write!(out, "<span class=\"m {}\" data-r=\"{}{id}\">", part.class(), self.prefix);
    }

    /// Closes a mark at `end`, with its sign if that is where it ends.
    fn close(&self, out: &mut String, index: usize, end: usize) {
        let Mark { part, span, .. } = &self.marks[index];
        if span.end == end && !part.sign().is_empty() {
            let _ = write!(out, "<i class=\"sign\" aria-hidden=\"true\" data-k=\"{}\"></i>", part.sign());
        }
        out.push_str("</span>");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::mark::Part;
    use super::super::tests::text_content;
    use super::*;
    use crate::heads::loaded::LoadedKind;
    use proptest::prelude::*;

    fn mark(start: usize, end: usize, id: usize) -> Mark {
        let part = if id.is_multiple_of(2) { Part::Content } else { Part::Loaded(LoadedKind::Doubt, false) };
        Mark { span: Span::new(start, end), part, id: id.to_string(), shown: true }
    }

    /// Each element as `[id …]`.
    fn shape(text: &str, spans: &[(usize, usize)], parts: &[(usize, usize)]) -> String {
        let mut marks: Vec<Mark> = spans.iter().enumerate().map(|(id, &(start, end))| mark(start, end, id)).collect();
        marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end), mark.part));
        let mut pieces = Pieces::new(text, &marks, "");
        let mut out = String::new();
        for &(start, end) in parts {
            pieces.push(&mut out, Span::new(start, end));
            out.push('|');
        }
        let mut shape = String::new();
        for tag in out.split_inclusive('>') {
            let (text, tag) = tag.split_at(tag.find('<').unwrap_or(tag.len()));
            shape.push_str(text);
            if tag == "</span>" {
                shape.push(']');
            } else if let Some((_, id)) = tag.split_once("data-r=\"") {
                shape.push('[');
                shape.push_str(id.split('"').next().unwrap());
            }
        }
        shape
    }

    #[test]
    fn marks_may_touch_nest_and_cross() {
        assert_eq!(shape("one two", &[], &[(0, 7)]), "one two|");
        assert_eq!(shape("one two", &[(0, 3), (3, 7)], &[(0, 7)]), "[0one][1 two]|");
        assert_eq!(shape("one two", &[(0, 7), (4, 7)], &[(0, 7)]), "[0one [1two]]|");
        assert_eq!(shape("one two", &[(0, 3), (0, 7)], &[(0, 7)]), "[1[0one] two]|");
        assert_eq!(shape("one two six", &[(0, 7), (4, 11)], &[(0, 11)]), "[0one [1two]][1 six]|");
    }

    #[test]
    fn a_mark_over_several_parts_is_an_element_in_each() {
        assert_eq!(shape("one two", &[(1, 6)], &[(0, 3), (3, 4), (4, 7)]), "o[0ne]|[0 ]|[0tw]o|");
        assert_eq!(shape("one two", &[(1, 6), (5, 7)], &[(0, 3), (4, 7)]), "o[0ne]|[0t[1w]][1o]|");
    }

    proptest! {
        #[test]
        fn the_text_is_whole_and_the_elements_balance(
            text in "[a-z<>&\"' \r\n\u{1}éن🔥\u{202E}]{0,30}",
            ends in prop::collection::vec((0usize..31, 0usize..31), 0..12),
            cut in 0usize..31,
        ) {
            let mut at: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            at.push(text.len());
            let byte = |n: usize| at[n.min(at.len() - 1)];
            let spans = ends.iter().map(|&(a, b)| (byte(a.min(b)), byte(a.max(b)))).filter(|(a, b)| a < b);
            let mut marks: Vec<Mark> = spans.enumerate().map(|(id, (start, end))| mark(start, end, id)).collect();
            marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end), mark.part));
            let mut pieces = Pieces::new(&text, &marks, "d1");
            let mut out = String::new();
            pieces.push(&mut out, Span::new(0, byte(cut)));
            pieces.push(&mut out, Span::new(byte(cut), text.len()));
            prop_assert_eq!(text_content(&out), text.clone());
            prop_assert_eq!(out.matches("<span").count(), out.matches("</span>").count());
            // The elements of a mark hold its words, and no others.
            for mark in &marks {
                let open = format!("data-r=\"d1{}\"", mark.id);
                let mut words = String::new();
                for (place, _) in out.match_indices(&open) {
                    let from = place + out[place..].find('>').unwrap() + 1;
                    let mut depth = 1;
                    let mut to = from;
                    while depth > 0 {
                        let tag = to + out[to..].find("span").unwrap();
                        depth = if out[..tag].ends_with('/') { depth - 1 } else { depth + 1 };
                        to = tag + 4;
                    }
                    words.push_str(&text_content(&out[from..to - 6]));
                }
                prop_assert_eq!(words, mark.span.slice(&text));
            }
        }
    }
}
