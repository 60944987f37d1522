//! The article with its marks: paragraphs, each in its language and direction, sentences with their notes.
//!
//! In: a text, its report and marks. Out: markup. Start at [`article`]. The text content of the whole is the original
//! text, every character of it once: all that is shown besides comes from attributes, through the style sheet.

use super::direction::direction;
use super::mark::{Mark, sentence_id};
use super::piece::Pieces;
use super::{chart, reason};
use crate::report::Report;
use crate::text::{Offsets, RegionKind, Span, paragraphs};
use maud::{Markup, PreEscaped, html};

/// The article of the document whose ids begin with `prefix`.
pub(super) fn article(text: &str, report: &Report, marks: &[Mark], prefix: &str) -> Markup {
    let offsets = Offsets::new(text);
    let span = |start, end| offsets.span_of(start, end, report.offsets);
    let regions: Vec<(Span, usize)> = report
        .regions
        .iter()
        .enumerate()
        .filter_map(|(index, region)| Some((span(region.start, region.end)?, index)))
        .collect();
    let sentences: Vec<(Span, usize)> = report
        .sentences
        .iter()
        .enumerate()
        .filter_map(|(index, sentence)| Some((span(sentence.start, sentence.end)?, index)))
        .collect();
    let mut writer = Writer {
        text,
        report,
        prefix,
        pieces: Pieces::new(text, marks, prefix),
        sentences: &sentences,
        next: 0,
        noted: 0,
        region: None,
        out: String::with_capacity(text.len() * 4),
    };
    let mut region = 0;
    for block in blocks(text, &regions) {
        while regions.get(region + 1).is_some_and(|(span, _)| span.start <= block.start) {
            region += 1;
        }
        let inside = regions.get(region).filter(|(span, _)| span.overlaps(block)).map(|&(_, index)| index);
        writer.block(block, inside);
    }
    html! {
        article.text lang=(report.lang) dir=(direction(&report.lang)) data-prefix=(prefix)
            aria-label="The text with its marks" {
            (PreEscaped(writer.out))
        }
    }
}

/// The text in blocks: a new one at every paragraph and every region. The first begins at 0, each ends where the next
/// begins, the last at the end.
fn blocks(text: &str, regions: &[(Span, usize)]) -> Vec<Span> {
    let mut starts: Vec<usize> = paragraphs(text).map(|paragraph| paragraph.start).collect();
    starts.extend(regions.iter().map(|(span, _)| span.start));
    starts.sort_unstable();
    starts.dedup();
    // What is before the first paragraph belongs to it.
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| Span::new(start, end)).collect()
}

struct Writer<'r> {
    text: &'r str,
    report: &'r Report,
    prefix: &'r str,
    pieces: Pieces<'r>,
    /// In order, by their places in the report.
    sentences: &'r [(Span, usize)],
    /// The first sentence that may reach into what is still to be written.
    next: usize,
    /// How many sentences have their note.
    noted: usize,
    /// The region of the block before, by its number.
    region: Option<usize>,
    out: String,
}

impl Writer<'_> {
    /// A block, in the region of this number if it is in one.
    fn block(&mut self, block: Span, region: Option<usize>) {
        let is_first = region.is_some() && self.region.replace(region.unwrap_or_default()) != region;
        let region = region.and_then(|region| self.report.regions.get(region));
        let lang = match (region, self.sentences.get(self.next)) {
            (Some(region), _) => region.lang.as_str(),
            (None, Some(&(_, index))) => self.report.sentences[index].lang.as_deref().unwrap_or(&self.report.lang),
            (None, None) => &self.report.lang,
        };
        let masked = region.filter(|region| region.masked);
        let label = masked.filter(|_| is_first).map(|region| {
            let language = if region.supported { String::new() } else { format!(" in {lang}, no model") };
            format!("not scored: {}{language}", region.kind)
        });
        let class = if masked.is_some() { "masked" } else { "scored" };
        let kind = region.map_or(RegionKind::Body, |region| region.kind).as_str();
        let before = std::mem::take(&mut self.out);
        self.sentences_of(block);
        let inside = PreEscaped(std::mem::replace(&mut self.out, before));
        // A `p` would end where markup in it likes; a `div` holds what is put into it.
        let block = html! {
            div.block.(class).(kind) lang=(lang) dir=(direction(lang)) data-label=[label] { (inside) }
        };
        self.out.push_str(&block.into_string());
    }

    fn sentences_of(&mut self, block: Span) {
        let mut at = block.start;
        while let Some(&(span, index)) = self.sentences.get(self.next).filter(|(span, _)| span.start < block.end) {
            let part = Span::new(span.start.max(at), span.end.min(block.end));
            if !part.is_empty() {
                self.pieces.push(&mut self.out, Span::new(at, part.start));
                self.sentence(index, part);
                at = part.end;
            }
            if span.end > block.end {
                break;
            }
            self.next += 1;
        }
        // White space at the end of a block, of which the style sheet makes nothing.
        let words = Span::new(at, block.end).slice(self.text).trim_end().len();
        self.pieces.push(&mut self.out, Span::new(at, at + words));
        if at + words < block.end {
            self.out.push_str("<span class=\"gap\">");
            self.pieces.push(&mut self.out, Span::new(at + words, block.end));
            self.out.push_str("</span>");
        }
    }

    /// A sentence, or the part of it that is in one block; the first part has the note.
    fn sentence(&mut self, index: usize, part: Span) {
        let sentence = &self.report.sentences[index];
        let id = format!("{}{}", self.prefix, sentence_id(index));
        let is_first = index >= self.noted;
        self.noted = self.noted.max(index + 1);
        let before = std::mem::take(&mut self.out);
        self.pieces.push(&mut self.out, part);
        let words = PreEscaped(std::mem::replace(&mut self.out, before));
        let label = || format!("Sentence {}: {}", index + 1, reason::labels(sentence));
        let sentence = html! {
            span.s id=[is_first.then_some(&id)] data-s=(id) {
                @if is_first {
                    span.note role="button" tabindex="-1" data-r=(id) data-n=(index + 1) aria-label=(label()) {
                        (chart::heads(sentence))
                    }
                }
                (words)
            }
        };
        self.out.push_str(&sentence.into_string());
    }
}
