//! Reports for a reader.
//!
//! In: a report with its document, and a [`Style`]. Out: text: whose report it is, bars for the
//! document, then each sentence with its labels and, where the report has them, its reasons. Start at
//! [`Pages::write`]. Nothing here asks about the terminal: width and colour come with the style.
//!
//! Of a head with several classes the label's reasons are shown; JSON has those of every class.

use super::passage::Passages;
use super::{Explanation, HeadScore, Report, SentenceReport};
use crate::text::Document;
use anstyle::{AnsiColor, Style as Ansi};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// How a page looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether ANSI colours are written.
    pub colour: bool,
    /// Columns; a line is broken before it gets wider, if it has a space. At least 40 are used.
    pub width: usize,
}

const BAR: usize = 20;
const INDENT: usize = 5;
const HEADING: Ansi = Ansi::new().bold();
const QUIET: Ansi = Ansi::new().dimmed();
const YES: Ansi = AnsiColor::Yellow.on_default().bold();

/// Writes a page a report.
pub struct Pages<W> {
    out: W,
    style: Style,
    is_first: bool,
}

impl<W: Write> Pages<W> {
    /// Pages on `out`.
    pub const fn new(out: W, style: Style) -> Self {
        Self { out, style, is_first: true }
    }

    /// Writes the report on `document`.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, document: &Document, report: &Report) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            writeln!(self.out)?;
        }
        self.heading(report)?;
        self.summary(report)?;
        let mut passages = Passages::new(document.text(), report.offsets);
        for (index, sentence) in report.sentences.iter().enumerate() {
            writeln!(self.out)?;
            self.sentence(index + 1, passages.between(sentence.start, sentence.end), sentence)?;
        }
        Ok(())
    }

    /// Gives `out` back.
    pub fn finish(self) -> W {
        self.out
    }

    fn heading(&mut self, report: &Report) -> io::Result<()> {
        let Report { model, document, .. } = report;
        let facts = [
            format!("language {}", printable(&report.lang)),
            format!("model {} {}", printable(&model.name), printable(&model.version)),
            count(document.words, "word"),
            count(document.sentences, "sentence"),
        ];
        writeln!(self.out, "{}", self.paint(HEADING, &printable(&report.id)))?;
        writeln!(self.out, "{}", self.paint(QUIET, &facts.join(" · ")))
    }

    fn summary(&mut self, report: &Report) -> io::Result<()> {
        let rows: Vec<(&str, &str, f64)> = report
            .document
            .heads
            .iter()
            .flat_map(|(head, score)| match score {
                HeadScore::Binary(p) => vec![(head.as_str(), "", *p)],
                HeadScore::Classes(classes) => {
                    // The head's name stands in front of its first class alone.
                    let names = std::iter::once(head.as_str()).chain(std::iter::repeat(""));
                    names.zip(classes).map(|(name, (class, p))| (name, class.as_str(), *p)).collect()
                }
            })
            .collect();
        let wide = |column: fn(&(&str, &str, f64)) -> usize| rows.iter().map(column).max().unwrap_or(0);
        let (head_width, class_width) = (wide(|row| row.0.width()), wide(|row| row.1.width()));
        if !rows.is_empty() {
            writeln!(self.out)?;
        }
        for (head, class, p) in rows {
            let full = ((p.clamp(0.0, 1.0) * BAR as f64).round() as usize).min(BAR);
            let bar = self.paint(YES, &"█".repeat(full));
            let rest = self.paint(QUIET, &"░".repeat(BAR - full));
            let (head, class) = (padded(head, head_width), padded(class, class_width));
            writeln!(self.out, "  {head}  {class}  {p:.2}  {bar}{rest}")?;
        }
        Ok(())
    }

    fn sentence(&mut self, number: usize, text: &str, sentence: &SentenceReport) -> io::Result<()> {
        let words = printable(text);
        let lines = wrapped(words.split_whitespace(), " ", self.room());
        for (index, line) in lines.iter().enumerate() {
            let number = if index == 0 { number.to_string() } else { String::new() };
            writeln!(self.out, "{} {line}", self.paint(QUIET, &format!("{number:>4}")))?;
        }
        let labels: Vec<(String, Ansi)> =
            sentence.heads.iter().map(|(head, score)| label(head, score, sentence)).collect();
        let line: Vec<String> = labels.iter().map(|(text, ansi)| self.paint(*ansi, text)).collect();
        writeln!(self.out, "{:INDENT$}{}", "", line.join("   "))?;
        for reasons in &sentence.explain {
            let is_shown = match sentence.heads.get(&reasons.head) {
                Some(HeadScore::Classes(_)) => sentence.labels.get(&reasons.head) == Some(&reasons.class),
                _ => true,
            };
            if is_shown {
                self.reasons(reasons)?;
            }
        }
        Ok(())
    }

    fn reasons(&mut self, reasons: &Explanation) -> io::Result<()> {
        let name = match reasons.class.as_str() {
            "1" => reasons.head.clone(),
            class => format!("{} {class}", reasons.head),
        };
        let mut parts = vec![format!("{:+.2} bias term", reasons.bias_term)];
        parts.extend(reasons.contributions.iter().map(|part| format!("{:+.2} {}", part.value, printable(&part.text))));
        if reasons.rest != 0.0 {
            parts.push(format!("{:+.2} all else", reasons.rest));
        }
        let head = format!("{} logit {:+.2} =", printable(&name), reasons.logit);
        let parts = std::iter::once(head.as_str()).chain(parts.iter().map(String::as_str));
        for line in wrapped(parts, "  ", self.room()) {
            writeln!(self.out, "{:INDENT$}{}", "", self.paint(QUIET, &line))?;
        }
        Ok(())
    }

    /// Columns beside the indent.
    fn room(&self) -> usize {
        self.style.width.max(40) - INDENT
    }

    fn paint(&self, ansi: Ansi, text: &str) -> String {
        if self.style.colour && !text.is_empty() { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
    }
}

/// A head's label in a sentence, for instance `● bias 0.91` (yes), `○ bias 0.08` (no) or
/// `tone negative 0.70`; `?` where it is too close to call.
fn label(head: &str, score: &HeadScore, sentence: &SentenceReport) -> (String, Ansi) {
    let label = sentence.labels.get(head).map(String::as_str).unwrap_or_default();
    let doubt = if sentence.uncertain.iter().any(|other| other == head) { "?" } else { "" };
    let head = printable(head);
    match score {
        HeadScore::Binary(p) if label == "1" => (format!("● {head} {p:.2}{doubt}"), YES),
        HeadScore::Binary(p) => (format!("○ {head} {p:.2}{doubt}"), QUIET),
        HeadScore::Classes(classes) => {
            let p = classes.get(label).copied().unwrap_or_default();
            let ansi = match label {
                "negative" => AnsiColor::Red.on_default(),
                "positive" => AnsiColor::Green.on_default(),
                "neutral" => QUIET,
                _ => AnsiColor::Cyan.on_default(),
            };
            (format!("{head} {} {p:.2}{doubt}", printable(label)), ansi)
        }
    }
}

/// The text with each control character, which a terminal might obey, turned into a space.
fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn padded(text: &str, width: usize) -> String {
    let text = printable(text);
    let missing = width.saturating_sub(text.width());
    format!("{text}{:missing$}", "")
}

/// The parts in lines of at most `width` columns with `gap` between them; a part is never cut.
fn wrapped<'a>(parts: impl Iterator<Item = &'a str>, gap: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut columns) = (String::new(), 0);
    for part in parts {
        let wide = part.width();
        if columns > 0 && columns + gap.len() + wide > width {
            lines.push(std::mem::take(&mut line));
            columns = 0;
        }
        if columns > 0 {
            line.push_str(gap);
            columns += gap.len();
        }
        line.push_str(part);
        columns += wide;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{document, report};
    use super::*;

    fn page(style: Style) -> String {
        let mut pages = Pages::new(Vec::new(), style);
        pages.write(&document("a\x1b[2J.txt"), &report("a\x1b[2J.txt")).unwrap();
        String::from_utf8(pages.finish()).unwrap()
    }

    #[test]
    fn a_page_reads_from_the_whole_to_the_reasons() {
        let expected = "\
a [2J.txt
language en · model en 0.1.0 · 6 words · 2 sentences

  bias            0.52  ██████████░░░░░░░░░░
  tone  negative  0.62  █████████████░░░░░░░
        positive  0.38  ████████░░░░░░░░░░░░

   1 The \"brutal\" raid failed.
     ● bias 0.91   tone negative 0.75
     bias logit +2.30 =  -0.40 bias term
     +2.50 brutal  +0.20 all else

   2 It rained.é .
     ○ bias 0.12   tone negative 0.50?
";
        assert_eq!(page(Style { colour: false, width: 42 }), expected);
    }

    #[test]
    fn colour_is_written_where_asked_for_and_changes_nothing_else() {
        let plain = page(Style { colour: false, width: 80 });
        let coloured = page(Style { colour: true, width: 80 });
        assert!(!plain.contains('\x1b'));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
        assert_ne!(coloured, plain);
    }
}
