//! Reports for a reader.
//!
//! In: a report with its document, and a [`Style`]. Out: text: whose report it is, bars for the
//! document, then each sentence with its loaded terms marked, its labels and, where the report has them,
//! its attributions and reasons, and between them what is masked; at the end the sources and the stances. Start at [`Pages::write`]. Nothing here asks
//! about the terminal: width and colour come with the style.
//!
//! Of a head with several classes the label's reasons are shown; JSON has those of every class.

mod attribution;
pub mod comparison;
mod lines;
mod masked;
mod sources;
mod stances;
mod terms;

use super::count;
use super::passage::Passages;
use super::{AttributionReport, Explanation, HeadScore, LoadedReport, RegionReport, Report, SentenceReport, Standing};
use crate::heads::voice::Voice;
use crate::text::{Document, NOISY, NoiseKind};
use anstyle::{AnsiColor, Style as Ansi};
use lines::{flat, padded, printable, shortened, wrapped};
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

impl Style {
    /// Columns beside the indent.
    fn room(self) -> usize {
        self.width.max(40) - INDENT
    }

    fn paint(self, ansi: Ansi, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
    }
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
        let mut masked = report.regions.iter().filter(|region| region.masked).peekable();
        for (index, (sentence, found)) in report.sentences.iter().zip(Found::by_sentence(report)).enumerate() {
            while let Some(region) = masked.next_if(|region| region.start < sentence.start) {
                self.masked(region, passages.between(region.start, region.end))?;
            }
            writeln!(self.out)?;
            let text = passages.between(sentence.start, sentence.end);
            // The units count on from the sentence's start, so its text alone has to be read.
            let mut inside = Passages::new(text, report.offsets);
            let spans = found.loaded.iter().filter_map(|term| {
                let start = term.passage.start.checked_sub(sentence.start)?;
                Some((inside.span(start, term.passage.end.checked_sub(sentence.start)?), *term))
            });
            let words = terms::marked(text, &spans.collect::<Vec<_>>(), self.style);
            self.sentence(index + 1, &words, sentence)?;
            self.found(&found)?;
        }
        for region in masked {
            self.masked(region, passages.between(region.start, region.end))?;
        }
        self.end(report)
    }

    /// Writes where all documents stand, below them.
    ///
    /// # Errors
    /// What `out` says.
    pub fn standing(&mut self, standing: &Standing) -> io::Result<()> {
        writeln!(self.out)?;
        stances::standing(standing, self.style).iter().try_for_each(|line| writeln!(self.out, "{line}"))
    }

    /// Gives `out` back.
    pub fn finish(self) -> W {
        self.out
    }

    fn heading(&mut self, report: &Report) -> io::Result<()> {
        let Report { model, document, .. } = report;
        let mut facts = vec![format!("language {}", printable(&report.lang))];
        if !report.supported {
            let what = if report.sentences.is_empty() { "no model for it: not scored" } else { "no model for it" };
            facts.push(what.to_owned());
        }
        let models = report.models.values().chain(model.iter().filter(|_| report.models.is_empty()));
        facts.extend(models.map(|model| format!("model {} {}", printable(&model.name), printable(&model.version))));
        if model.is_some() {
            facts.extend([count(document.words, "word"), count(document.sentences, "sentence")]);
        }
        writeln!(self.out, "{}", self.paint(HEADING, &printable(&report.id)))?;
        writeln!(self.out, "{}", self.paint(QUIET, &facts.join(" · ")))?;
        let Some(noise) = report.noise.as_ref().filter(|noise| noise.level > NOISY) else { return Ok(()) };
        let kinds = NoiseKind::ALL.iter().filter_map(|kind| {
            let places = noise.spans.iter().filter(|found| found.kind == *kind).count();
            (places > 0).then(|| format!("{} {places}", kind.as_str().replace('_', " ")))
        });
        let kinds = kinds.collect::<Vec<_>>().join(" · ");
        writeln!(self.out, "damaged text: {:.1} % of words · {kinds}", 100.0 * noise.level)
    }

    /// A region that is not scored.
    fn masked(&mut self, region: &RegionReport, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        for line in masked::lines(region, text, self.style) {
            writeln!(self.out, "{:INDENT$}{}", "", self.paint(QUIET, &line))?;
        }
        Ok(())
    }

    fn summary(&mut self, report: &Report) -> io::Result<()> {
        let rows: Vec<(&str, &str, f64)> = report
            .document
            .heads
            .iter()
            .flat_map(|(head, score)| match score {
                HeadScore::Binary(p) => vec![(head, "", *p)],
                HeadScore::Classes(classes) => {
                    // The head's name stands in front of its first class alone.
                    let names = std::iter::once(head).chain(std::iter::repeat(""));
                    names.zip(classes).map(|(name, (class, p))| (name, class, *p)).collect()
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

    fn sentence(&mut self, number: usize, words: &[String], sentence: &SentenceReport) -> io::Result<()> {
        let lines = wrapped(words.iter().map(String::as_str), " ", self.style.room());
        for (index, line) in lines.iter().enumerate() {
            let number = if index == 0 { number.to_string() } else { String::new() };
            writeln!(self.out, "{} {line}", self.paint(QUIET, &format!("{number:>4}")))?;
        }
        let lang = sentence.lang.iter().map(|lang| (format!("in {}", printable(lang)), QUIET));
        let labels = sentence.heads.iter().map(|(head, score)| label(head, score, sentence));
        let voice = sentence.voice.map(|voice| {
            let ansi = if voice == Voice::Author { QUIET } else { AnsiColor::Cyan.on_default() };
            (format!("voice {voice}"), ansi)
        });
        let labels: Vec<(String, Ansi)> = labels.chain(voice).chain(lang).collect();
        let line: Vec<String> = labels.iter().map(|(text, ansi)| self.paint(*ansi, text)).collect();
        writeln!(self.out, "{:INDENT$}{}", "", line.join("   "))?;
        for reasons in &sentence.explain {
            let is_shown = match sentence.heads.get(&reasons.head) {
                Some(HeadScore::Classes(_)) => sentence.label(&reasons.head) == reasons.class,
                _ => true,
            };
            if is_shown {
                self.reasons(reasons, None)?;
            }
        }
        Ok(())
    }

    /// What was found inside a sentence, each with its reasons.
    fn found(&mut self, found: &Found) -> io::Result<()> {
        if !found.loaded.is_empty() {
            let listed = terms::listed(&found.loaded, self.style);
            for line in wrapped(listed.iter().map(String::as_str), "   ", self.style.room()) {
                writeln!(self.out, "{:INDENT$}{line}", "")?;
            }
        }
        for term in &found.loaded {
            if let Some(reasons) = &term.explain {
                self.reasons(reasons, Some(&term.passage.text))?;
            }
        }
        for attribution in &found.attributions {
            for line in attribution::lines(attribution, self.style) {
                writeln!(self.out, "{:INDENT$}{line}", "")?;
            }
            if let Some(reasons) = &attribution.explain {
                self.reasons(reasons, Some(&attribution.cue.text))?;
            }
        }
        Ok(())
    }

    /// What holds of the document, and the legend if there is something to explain.
    fn end(&mut self, report: &Report) -> io::Result<()> {
        let lines = sources::lines(&report.document, self.style);
        if !lines.is_empty() {
            writeln!(self.out)?;
        }
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        let lines = stances::lines(&report.document, report.stances.as_deref(), self.style);
        if !lines.is_empty() {
            writeln!(self.out)?;
        }
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        if report.loaded.as_ref().is_some_and(|terms| !terms.is_empty()) {
            writeln!(self.out)?;
            for line in wrapped(terms::legend().iter().map(String::as_str), " ", self.style.width.max(40)) {
                writeln!(self.out, "{}", self.paint(QUIET, &line))?;
            }
        }
        Ok(())
    }

    /// The reasons for one logit, of a sentence or of a passage in it.
    fn reasons(&mut self, reasons: &Explanation, passage: Option<&str>) -> io::Result<()> {
        let mut name = match reasons.class.as_str() {
            "1" => reasons.head.clone(),
            class => format!("{} {class}", reasons.head),
        };
        if let Some(text) = passage {
            name.push_str(&format!(" ‘{}’", shortened(&flat(text), self.style.room() / 2)));
        }
        let mut parts = vec![format!("{:+.2} bias term", reasons.bias_term)];
        parts.extend(reasons.contributions.iter().map(|part| format!("{:+.2} {}", part.value, printable(&part.text))));
        if reasons.rest != 0.0 {
            parts.push(format!("{:+.2} all else", reasons.rest));
        }
        let head = format!("{} logit {:+.2} =", printable(&name), reasons.logit);
        let parts = std::iter::once(head.as_str()).chain(parts.iter().map(String::as_str));
        for line in wrapped(parts, "  ", self.style.room()) {
            writeln!(self.out, "{:INDENT$}{}", "", self.paint(QUIET, &line))?;
        }
        Ok(())
    }

    fn paint(&self, ansi: Ansi, text: &str) -> String {
        self.style.paint(ansi, text)
    }
}

/// What stands in one sentence, in the report's order.
#[derive(Default)]
struct Found<'r> {
    loaded: Vec<&'r LoadedReport>,
    attributions: Vec<&'r AttributionReport>,
}

impl<'r> Found<'r> {
    /// One a sentence. What names a sentence that the report has not is left out.
    fn by_sentence(report: &'r Report) -> Vec<Self> {
        let mut found: Vec<Self> = report.sentences.iter().map(|_| Self::default()).collect();
        for term in report.loaded.iter().flatten() {
            if let Some(found) = found.get_mut(term.sentence) {
                found.loaded.push(term);
            }
        }
        for attribution in report.attributions.iter().flatten() {
            if let Some(found) = found.get_mut(attribution.sentence) {
                found.attributions.push(attribution);
            }
        }
        found
    }
}

/// A head's label in a sentence, for instance `● bias 0.91` (yes), `○ bias 0.08` (no) or
/// `tone negative 0.70`; `?` where it is too close to call.
fn label(head: &str, score: &HeadScore, sentence: &SentenceReport) -> (String, Ansi) {
    let label = sentence.label(head);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{
        document, full_document, full_report, mixed_document, mixed_report, report, unsupported_report,
    };
    use super::*;
    use crate::text::OffsetUnit;

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

    fn full(unit: OffsetUnit, style: Style) -> String {
        let mut pages = Pages::new(Vec::new(), style);
        pages.write(&full_document("a"), &full_report("a", unit)).unwrap();
        String::from_utf8(pages.finish()).unwrap()
    }

    #[test]
    fn a_full_page_marks_terms_names_voices_and_attributions_and_ends_with_the_sources() {
        let expected = "\
a
language en · model en 0.1.0 · 6 words · 2 sentences

  bias            0.52  ██████████░░░░░░░░░░
  tone  negative  0.62  █████████████░░░░░░░
        positive  0.38  ████████░░░░░░░░░░░░

   1 🔥 The ⟦⟦brutal⟧E regime⟧N fell.
     ● bias 0.75   tone negative 0.50   voice author
     N brutal regime 0.88   E brutal 0.88
     loaded naming ‘brutal regime’ logit +1.50 =  -0.50 bias term  +2.00 regime
     (nobody named) → fell [charged, indirect] 0.50

   2 Okafor claimed the “⟦so-called reform⟧Dq” failed.
     ● bias 0.75   tone negative 0.50   voice mixed
     Dq so-called reform 0.88
     Okafor → claimed [distancing, mixed] 0.50 → the “so-called reform” failed
     attribution cue ‘claimed’ logit +1.50 =  -0.50 bias term  +2.00 claimed

   3 “Never,” she added, “again.”
     ● bias 0.75   tone negative 0.50   voice quoted
     she = Okafor (0.93) → added [neutral, direct] 0.50 → “Never,” … “again.”

Loaded terms per 100 words: author 25.00 · sources 12.50
Sources: words in quotation marks (direct) and outside them, cues by class
                  attributions  direct  indirect  cues
  Okafor                     2       4         2  1 neutral, 1 distancing
  (nobody named)             1       0         0  1 charged

⟦…⟧ loaded: N naming · E evaluative · X exaggeration · D doubt · q quoted
";
        assert_eq!(full(OffsetUnit::Bytes, Style { colour: false, width: 90 }), expected);
    }

    #[test]
    fn marks_stand_in_the_same_places_in_every_unit_of_offsets() {
        let style = Style { colour: false, width: 80 };
        for unit in [OffsetUnit::Chars, OffsetUnit::Utf16] {
            assert_eq!(full(unit, style), full(OffsetUnit::Bytes, style), "{unit:?}");
        }
    }

    #[test]
    fn a_full_page_says_without_colour_all_that_it_says_with_it() {
        for width in [40, 57, 80, 100] {
            let coloured = full(OffsetUnit::Bytes, Style { colour: true, width });
            let plain = full(OffsetUnit::Bytes, Style { colour: false, width });
            assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain, "{width}");
            assert_ne!(coloured, plain);
        }
    }

    #[test]
    fn a_report_whose_numbers_do_not_fit_it_is_still_written() {
        let mut report = full_report("a", OffsetUnit::Bytes);
        for term in report.loaded.iter_mut().flatten() {
            (term.passage.start, term.passage.end, term.sentence) = (0, 9_999, 2 * term.sentence);
        }
        let mut pages = Pages::new(Vec::new(), Style { colour: false, width: 80 });
        pages.write(&full_document("a"), &report).unwrap();
        let text = String::from_utf8(pages.finish()).unwrap();
        assert!(text.contains("🔥 The brutal regime fell."), "{text}");
    }

    #[test]
    fn a_report_with_heads_that_found_nothing_has_no_legend() {
        let mut report = full_report("a", OffsetUnit::Bytes);
        (report.loaded, report.attributions) = (Some(vec![]), Some(vec![]));
        let mut pages = Pages::new(Vec::new(), Style { colour: false, width: 80 });
        pages.write(&full_document("a"), &report).unwrap();
        let text = String::from_utf8(pages.finish()).unwrap();
        assert!(!text.contains('⟦') && !text.contains('→'), "{text}");
    }

    #[test]
    fn masked_regions_stand_in_their_places_and_say_why() {
        let expected = "\
a
language en · model ar 0.1.0 · model en 0.1.0 · 6 words · 2 sentences

  bias            0.52  ██████████░░░░░░░░░░
  tone  negative  0.62  █████████████░░░░░░░
        positive  0.38  ████████░░░░░░░░░░░░

     [masked: caption] 🔥 A picture.

   1 The raid failed.
     ○ bias 0.25   tone negative 0.50

   2 قال الوزير.
     ○ bias 0.25   tone negative 0.50   in ar

     [masked: body in fr, no model] La pluie tombe à l’aube.
";
        for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
            let mut pages = Pages::new(Vec::new(), Style { colour: false, width: 80 });
            pages.write(&mixed_document("a"), &mixed_report("a", unit)).unwrap();
            assert_eq!(String::from_utf8(pages.finish()).unwrap(), expected);
        }
    }

    #[test]
    fn a_document_that_no_model_is_for_says_so_and_has_no_numbers() {
        let mut pages = Pages::new(Vec::new(), Style { colour: false, width: 80 });
        pages.write(&document("a"), &unsupported_report("a")).unwrap();
        let page = String::from_utf8(pages.finish()).unwrap();
        assert!(page.starts_with("a\nlanguage fr · no model for it: not scored\n\n     [masked: body in fr"), "{page}");
        assert!(!page.contains("0."), "{page}");
    }
}
