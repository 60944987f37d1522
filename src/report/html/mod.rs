//! Reports as a page for the browser.
//!
//! In: reports in order, each with its document. Out: one page that needs nothing but itself: of each document a
//! summary, the article with its marks, its course, sources and stances, and the reasons. Start at [`Pages::write`].
//! `frame` is around the documents; the style sheet and the script are `page.css` and `page.js`.
//!
//! Everything can be read without the script, which shows the reason of the mark in focus and moves the focus. All text
//! from outside is escaped: by maud, or in the article by `escape`. Ids begin with `d` and the document's number.
//! [`comparison`] is the page of several tellings of one event.

mod article;
mod chart;
pub mod comparison;
mod course;
mod direction;
mod escape;
mod excerpt;
mod frame;
mod legend;
mod mark;
mod piece;
mod reason;
mod sources;
mod stances;
mod summary;
#[cfg(test)]
mod tests;

use super::passage::Passages;
use super::{Report, Standing};
use crate::text::Document;
use frame::Frame;
pub use frame::{SCRIPT, STYLE, panel};
use maud::{Markup, html};
use std::io::{self, Write};

/// Writes one page of all reports; [`Pages::finish`] closes it.
#[derive(Debug)]
pub struct Pages<W> {
    out: W,
    /// The ids of the documents so far.
    documents: Vec<String>,
    /// The first document, until it is known whether it is the only one: its name is the page's then.
    first: Option<String>,
}

impl<W: Write> Pages<W> {
    /// A page on `out`.
    pub const fn new(out: W) -> Self {
        Self { out, documents: Vec::new(), first: None }
    }

    /// Writes the report on `document`. Its reasons are shown if it has them.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, document: &Document, report: &Report) -> io::Result<()> {
        self.documents.push(report.id.clone());
        let section = section(document.text(), report, self.documents.len()).into_string();
        if self.documents.len() == 1 {
            self.first = Some(section);
            return Ok(());
        }
        self.begin("Several documents")?;
        writeln!(self.out, "{section}")
    }

    /// Writes where all documents stand, below them.
    ///
    /// # Errors
    /// What `out` says.
    pub fn standing(&mut self, standing: &Standing) -> io::Result<()> {
        self.begin("Several documents")?;
        writeln!(self.out, "{}", stances::standing(standing).into_string())
    }

    /// Writes the table of contents, if there are several documents, closes the page, one without documents included,
    /// and gives `out` back. The table is at the end, as the documents were written when they came; the script puts it
    /// at the beginning.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self) -> io::Result<W> {
        match self.documents.as_slice() {
            [] => self.out.write_all(frame("No document").open().as_bytes())?,
            [only] => {
                let title = only.clone();
                self.begin(&title)?;
            }
            several => self.out.write_all(contents(several).into_string().as_bytes())?,
        }
        self.out.write_all(frame("").close().as_bytes())?;
        Ok(self.out)
    }

    /// Writes the frame and the first document, if that is still to be done.
    fn begin(&mut self, title: &str) -> io::Result<()> {
        let Some(first) = self.first.take() else { return Ok(()) };
        self.out.write_all(frame(title).open().as_bytes())?;
        writeln!(self.out, "{first}")
    }
}

/// Reports, each with its document, as the part of a page that stands in its `main`, for a page of one's own: with
/// [`STYLE`], [`panel`] and [`SCRIPT`] it is as [`Pages`] writes it. Ids begin with `d` and the document's number, from 1.
#[must_use]
pub fn sections(read: &[(Document, Report)]) -> String {
    let ids: Vec<String> = read.iter().map(|(_, report)| report.id.clone()).collect();
    let of = |(at, (document, report)): (usize, &(Document, Report))| section(document.text(), report, at + 1);
    let sections = read.iter().enumerate().map(of).map(Markup::into_string);
    let contents = (ids.len() > 1).then(|| contents(&ids).into_string());
    contents.into_iter().chain(sections).collect()
}

const fn frame(title: &str) -> Frame<'_> {
    Frame {
        title,
        subtitle: "How the text is worded: which words judge, whose they are, and how the sources are presented.",
        styles: &[frame::STYLE],
        scripts: &[frame::SCRIPT],
    }
}

/// What ids of the document of this number, from 1, begin with.
fn prefix(number: usize) -> String {
    format!("d{number}")
}

fn contents(documents: &[String]) -> Markup {
    html! {
        nav.contents #contents aria-label="Documents" {
            h2 { "Documents" }
            ol {
                @for (index, id) in documents.iter().enumerate() {
                    li { a href={ "#" (prefix(index + 1)) } { bdi { (id) } } }
                }
            }
        }
    }
}

/// One document: everything that its report says.
fn section(text: &str, report: &Report, number: usize) -> Markup {
    let prefix = prefix(number);
    let marks = mark::marks(text, report);
    let mut passages = Passages::new(text, report.offsets);
    html! {
        section.document id=(prefix) aria-labelledby={ "title-" (prefix) } {
            h2 id={ "title-" (prefix) } { bdi { (report.id) } }
            (summary::summary(report))
            h3 { "The text" }
            (legend::legend(report))
            (article::article(text, report, &marks, &prefix))
            @let hidden = marks.iter().filter(|mark| !mark.shown).count();
            @if hidden > 0 {
                p.hidden-marks {
                    "Not marked in the text: " (hidden) " of " (marks.len()) " passages, where more than "
                    (mark::DEEPEST) " would lie over one word. They are in the lists below."
                }
            }
            (course::course(report, &prefix))
            @if let Some(sources) = &report.document.sources {
                h3 { "Sources" }
                (sources::sources(sources))
            }
            @if let Some(summaries) = &report.document.stances {
                h3 { "Stances" }
                (stances::stances(summaries, report.stances.as_deref().unwrap_or_default(), &prefix))
            }
            @if !report.sentences.is_empty() {
                h3 { "Sentence by sentence" }
                div.reasons {
                    (reason::reasons(report, &prefix, |sentence| passages.between(sentence.start, sentence.end)))
                }
            }
        }
    }
}
