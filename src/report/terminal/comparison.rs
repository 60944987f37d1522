//! A comparison for a reader: who is compared, then what differs, then the statements under each other.
//!
//! In: a [`Comparison`] and a [`Style`]. Out: text. Start at [`write()`]. Outlets go by letters, which the head explains; places
//! by the document's number, if an outlet has several, and the sentence's: `A 3`, `B 2:14`. JSON has all of it; a
//! reader is shown the first of long lists, with the number of the others.

use super::super::count;
use super::super::letter::letter;
use super::attribution::NOBODY;
use super::lines::{flat, padded, printable, shortened, wrapped};
use super::{HEADING, QUIET, Style, YES};
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::heads::stance::Polarity;
use crate::report::comparison::{
    ActorRow, Comparison, Difference, Estimate, Form, Place, StanceRow, Statement, Telling, UniqueStatement,
};
use anstyle::{AnsiColor, Style as Ansi};
use std::io::{self, Write};

/// As many rows of a list are shown.
const MOST_ROWS: usize = 20;
/// As many statements.
const MOST_STATEMENTS: usize = 40;
/// As many of what one outlet tells alone.
const MOST_UNIQUE: usize = 5;
/// As many places of a form.
const MOST_PLACES: usize = 4;

const CUE: Ansi = AnsiColor::Cyan.on_default();
const NAME: Ansi = Ansi::new().underline();

/// Writes a comparison.
///
/// # Errors
/// What `out` says.
pub fn write<W: Write>(out: &mut W, comparison: &Comparison, style: Style) -> io::Result<()> {
    let page = Page { of: comparison, style };
    for part in [
        page.head(),
        page.differences(),
        page.names(),
        page.loaded(),
        page.sources(),
        page.stances(),
        page.statements(),
        page.unique(),
        page.method(),
    ] {
        for line in part {
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}

struct Page<'c> {
    of: &'c Comparison,
    style: Style,
}

impl Page<'_> {
    fn width(&self) -> usize {
        self.style.width.max(40)
    }

    fn title(&self, title: &str, what: &str) -> Vec<String> {
        let title = self.style.paint(HEADING, title);
        let mut lines = vec![String::new()];
        let parts: Vec<String> =
            std::iter::once(title).chain(what.split(' ').map(|w| self.style.paint(QUIET, w))).collect();
        lines.extend(wrapped(parts.iter().map(String::as_str), " ", self.width()));
        lines
    }

    /// Parts behind `before`, later lines indented as far.
    fn row(&self, before: &str, parts: &[String], gap: &str) -> Vec<String> {
        let indent = super::lines::columns(before);
        let room = self.width().saturating_sub(indent).max(20);
        let lines = wrapped(parts.iter().map(String::as_str), gap, room);
        let mut before = before.to_owned();
        let mut rows = Vec::new();
        for line in lines {
            rows.push(format!("{before}{line}"));
            before = " ".repeat(indent);
        }
        if rows.is_empty() { vec![before] } else { rows }
    }

    fn more(&self, shown: usize, all: usize, noun: &str) -> Option<String> {
        (all > shown).then(|| self.style.paint(QUIET, &format!("  and {} more in JSON", count(all - shown, noun))))
    }

    /// `A 3`, or `A 2:3` of an outlet with several documents.
    fn at(&self, place: &Place) -> String {
        let outlet = self.of.documents.get(place.document).map_or(0, |document| document.outlet);
        let documents = self.of.outlets.get(outlet).map(|outlet| outlet.documents.as_slice()).unwrap_or_default();
        let number = documents.iter().position(|d| *d == place.document).unwrap_or(0);
        if documents.len() > 1 {
            format!("{} {}:{}", letter(outlet), number + 1, place.sentence + 1)
        } else {
            format!("{} {}", letter(outlet), place.sentence + 1)
        }
    }

    fn places(&self, places: &[Place]) -> String {
        let shown: Vec<String> = places.iter().take(MOST_PLACES).map(|p| self.at(p)).collect();
        // One letter for all: the outlet is said already.
        let numbers: Vec<&str> = shown.iter().map(|p| p.split_once(' ').map_or("", |(_, at)| at)).collect();
        let more = if places.len() > MOST_PLACES { ", …" } else { "" };
        self.style.paint(QUIET, &format!("[{}{more}]", numbers.join(", ")))
    }

    fn head(&self) -> Vec<String> {
        let of = self.of;
        let event = match &of.group_by {
            Some(key) => format!("{} by {}", count(of.outlets.len(), "outlet"), printable(key)),
            None => count(of.outlets.len(), "document"),
        };
        let mut lines = vec![self.style.paint(HEADING, &format!("Comparison of {event}"))];
        for (at, outlet) in of.outlets.iter().enumerate() {
            let langs: std::collections::BTreeSet<&str> =
                outlet.documents.iter().filter_map(|d| Some(of.documents.get(*d)?.lang.as_str())).collect();
            let mut facts: Vec<String> = langs.into_iter().map(printable).collect();
            facts.extend([count(outlet.words, "word"), count(outlet.sentences, "sentence")]);
            if outlet.documents.len() > 1 {
                facts.push(count(outlet.documents.len(), "document"));
            }
            let facts = facts.join(" · ");
            let room = self.width().saturating_sub(facts.len() + 8);
            let name = shortened(&flat(&outlet.name), room.max(12));
            lines.push(format!("  {} {name}  {}", padded(&letter(at), 2), self.style.paint(QUIET, &facts)));
        }
        lines
    }

    fn differences(&self) -> Vec<String> {
        let called: Vec<&Difference> = self.of.differences.iter().filter(|d| d.differs).collect();
        let mut lines = self.title("Differences", "that hold after correction; all others may be chance");
        if called.is_empty() {
            lines.push("  none".to_owned());
        }
        for difference in called.iter().take(MOST_ROWS) {
            let [a, b] = difference.outlets;
            let of = difference.of.as_ref().map(|of| format!(" of {}", flat(of))).unwrap_or_default();
            let (high, low) = if difference.higher == Some(a) { (a, b) } else { (b, a) };
            let what = format!("{}{of}: {} above {}", printable(&difference.measure), letter(high), letter(low));
            let (from, to) = sorted(difference.low.abs(), difference.high.abs());
            let by =
                format!("by {:.2} ({from:.2} to {to:.2}), p {:.3}", difference.difference.abs(), difference.p_adjusted);
            lines.extend(self.row("  ", &[what, self.style.paint(QUIET, &by)], "  "));
        }
        lines.extend(self.more(MOST_ROWS, called.len(), "difference"));
        lines
    }

    fn names(&self) -> Vec<String> {
        let mut lines = self.title("Names", "for the same actor or thing; N marks a loaded naming, [n] its sentences");
        let is_told = |row: &&ActorRow| row.outlets.len() > 1 || row.outlets.iter().any(|o| o.forms.len() > 1);
        let rows: Vec<&ActorRow> = self.of.actors.iter().filter(is_told).collect();
        for row in rows.iter().take(MOST_ROWS) {
            lines.push(format!("  {}", self.style.paint(HEADING, &flat(&row.name))));
            for outlet in &row.outlets {
                let form = |form: &Form| {
                    let mark = if form.loaded { self.style.paint(YES, "N ") } else { String::new() };
                    format!("{mark}{} {} {}", flat(&form.text), form.places.len(), self.places(&form.places))
                };
                let forms: Vec<String> = outlet.forms.iter().map(form).collect();
                lines.extend(self.row(&format!("    {} ", padded(&letter(outlet.outlet), 2)), &forms, "  "));
            }
            let missing: Vec<String> = row.missing.iter().map(|o| letter(*o)).collect();
            if !missing.is_empty() {
                lines.push(
                    self.style.paint(QUIET, &shortened(&format!("    not in {}", missing.join(" ")), self.width())),
                );
            }
        }
        lines.extend(self.more(MOST_ROWS, rows.len(), "name"));
        lines
    }

    fn loaded(&self) -> Vec<String> {
        let Some(loaded) = &self.of.loaded else { return Vec::new() };
        let mut lines = self.title("Loaded terms", "per 100 words of that voice, with 95 % intervals, and by kind");
        for row in loaded {
            let letter = padded(&letter(row.outlet), 2);
            let voices = [("author", &row.author, &row.author_kinds), ("sources", &row.quoted, &row.quoted_kinds)];
            for (at, (voice, all, kinds)) in voices.into_iter().enumerate() {
                let letter = if at == 0 { letter.clone() } else { "  ".to_owned() };
                let kind = |kind: &LoadedKind| Some((*kind, kinds.get(kind)?.count));
                let kinds = LoadedKind::ALL.iter().filter_map(kind).filter(|(_, n)| *n > 0);
                let kinds: Vec<String> = kinds.map(|(kind, n)| format!("{n} {kind}")).collect();
                lines.extend(self.row(&format!("  {letter} {} {}  ", padded(voice, 7), interval(all)), &kinds, ", "));
            }
        }
        lines
    }

    fn sources(&self) -> Vec<String> {
        let (Some(rows), Some(cues)) = (&self.of.sources, &self.of.cues) else { return Vec::new() };
        let mut lines = self.title("Cues", "of each class, and their share");
        for row in cues {
            let class = |(class, estimate): (&_, &Estimate)| {
                format!("{} {class} {:.0} %", estimate.count, 100.0 * estimate.value)
            };
            let classes: Vec<String> = row.classes.iter().filter(|(_, e)| e.count > 0).map(class).collect();
            let classes = if classes.is_empty() { vec!["none".to_owned()] } else { classes };
            lines.extend(self.row(&format!("  {} ", padded(&letter(row.outlet), 2)), &classes, " · "));
        }
        lines.extend(
            self.title("Sources", "words in quotation marks + outside them, share of all attributed words, cues"),
        );
        for row in rows.iter().take(MOST_ROWS) {
            let name = row.name.as_deref().unwrap_or(NOBODY);
            lines.push(format!("  {}", self.style.paint(HEADING, &shortened(&flat(name), self.width() - 4))));
            for outlet in &row.outlets {
                let mut parts = vec![format!(
                    "{} + {} words, {:.0} %",
                    outlet.words_direct,
                    outlet.words_indirect,
                    100.0 * outlet.share
                )];
                let cue = |p: &crate::report::comparison::CuePlace| {
                    format!(
                        "{} {}",
                        self.style.paint(CUE, &flat(&p.place.text)),
                        self.style.paint(QUIET, &format!("{} [{}]", p.class, p.place.sentence + 1))
                    )
                };
                parts.extend(outlet.places.iter().take(MOST_PLACES).map(cue));
                lines.extend(self.row(&format!("    {} ", padded(&letter(outlet.outlet), 2)), &parts, " · "));
            }
        }
        lines.extend(self.more(MOST_ROWS, rows.len(), "source"));
        lines
    }

    fn stances(&self) -> Vec<String> {
        let Some(rows) = &self.of.stances else { return Vec::new() };
        let mut lines =
            self.title("Stances", "toward a target: mentions for, against and neutral; the balance, -1 to 1");
        let is_taken = |row: &&StanceRow| {
            row.outlets.iter().any(|o| o.counts.iter().any(|(polarity, n)| *polarity != Polarity::Neutral && *n > 0))
        };
        let taken: Vec<&StanceRow> = rows.iter().filter(is_taken).collect();
        for row in taken.iter().take(MOST_ROWS) {
            let holder = row.holder.as_deref().unwrap_or("author");
            lines.push(format!(
                "  {}",
                shortened(&format!("{} → {}", flat(holder), flat(&row.target)), self.width() - 4)
            ));
            for outlet in &row.outlets {
                let counts: Vec<String> = outlet.counts.iter().map(|(polarity, n)| format!("{n} {polarity}")).collect();
                let places: Vec<Place> = outlet.places.iter().map(|p| p.place.clone()).collect();
                let parts = [counts.join(", "), interval(&outlet.balance), self.places(&places)];
                lines.extend(self.row(&format!("    {} ", padded(&letter(outlet.outlet), 2)), &parts, "  "));
            }
        }
        lines.extend(self.more(MOST_ROWS, taken.len(), "stance"));
        let neutral = rows.len() - taken.len();
        if neutral > 0 {
            let left_out = format!("  and {} more in JSON that are neutral throughout", neutral);
            lines.push(self.style.paint(QUIET, &left_out));
        }
        lines
    }

    fn statements(&self) -> Vec<String> {
        let what = "in several tellings; (cues) in brackets, N E X D loaded terms as in score, _names_";
        let mut lines = self.title("The same statement", what);
        if self.of.statements.is_empty() {
            lines.push("  none found".to_owned());
        }
        for (number, statement) in self.of.statements.iter().take(MOST_STATEMENTS).enumerate() {
            lines.extend(self.statement(number + 1, statement));
        }
        lines.extend(self.more(MOST_STATEMENTS, self.of.statements.len(), "statement"));
        lines
    }

    fn statement(&self, number: usize, statement: &Statement) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut facts = vec![format!("likeness {:.2}", statement.similarity)];
        let differ =
            [("cues", statement.cues_differ), ("terms", statement.terms_differ), ("names", statement.names_differ)];
        let differ: Vec<&str> = differ.iter().filter(|(_, is)| *is).map(|(what, _)| *what).collect();
        if !differ.is_empty() {
            facts.push(format!("differ: {}", differ.join(", ")));
        }
        let anchors: Vec<String> = statement.anchors.iter().map(|anchor| flat(&anchor.text)).collect();
        if !anchors.is_empty() {
            facts.push(format!("shared: {}", anchors.join(", ")));
        }
        let facts: Vec<String> = facts.iter().map(|fact| self.style.paint(QUIET, fact)).collect();
        lines.extend(self.row(&format!("{number:>4} "), &facts, "  "));
        for conflict in &statement.conflicts {
            let numbers: Vec<String> =
                conflict.numbers.iter().map(|n| format!("{} {}", self.at(&n.place), flat(&n.place.text))).collect();
            let counted = conflict.counted.as_deref().map(|word| format!(" ({})", flat(word))).unwrap_or_default();
            lines.push(self.style.paint(
                YES,
                &shortened(&format!("     numbers differ: {}{counted}", numbers.join(" · ")), self.width()),
            ));
        }
        for telling in &statement.tellings {
            let words = self.marked(telling);
            lines.extend(self.row(&format!("     {} ", padded(&self.at(&telling.place), 6)), &words, " "));
        }
        lines
    }

    /// The words of a telling with its cues, terms and names marked.
    fn marked(&self, telling: &Telling) -> Vec<String> {
        let text = &telling.place.text;
        let mut words: Vec<String> = Vec::new();
        let offsets = crate::text::Offsets::new(text);
        let from = telling.place.start;
        let byte = |at: usize| offsets.byte_of(at.checked_sub(from)?, self.of.offsets);
        let mut marks: Vec<(usize, usize, Ansi, &str, &str)> = Vec::new();
        let mut mark = |place: &Place, ansi: Ansi, open: &'static str, close: &'static str| {
            let Some((start, end)) = byte(place.start).zip(byte(place.end)) else { return };
            if start < end && marks.iter().all(|m| m.1 <= start || end <= m.0) {
                marks.push((start, end, ansi, open, close));
            }
        };
        for cue in &telling.cues {
            mark(&cue.place, CUE, "(", ")");
        }
        for term in &telling.terms {
            let letter = match term.kind {
                LoadedKind::Naming => "N:",
                LoadedKind::Evaluative => "E:",
                LoadedKind::Exaggeration => "X:",
                LoadedKind::Doubt => "D:",
            };
            mark(&term.place, YES, letter, "");
        }
        for name in &telling.names {
            mark(&name.place, NAME, "_", "_");
        }
        marks.sort_by_key(|m| m.0);
        let mut at = 0;
        let mut line = String::new();
        for (start, end, ansi, open, close) in marks {
            line.push_str(&printable(text.get(at..start).unwrap_or_default()));
            // A no-break space keeps a mark's words together; it is a space again in the end.
            let inner = flat(text.get(start..end).unwrap_or_default());
            line.push_str(&self.style.paint(ansi, &format!("{open}{inner}{close}")).replace(' ', "\u{a0}"));
            at = end;
        }
        line.push_str(&printable(text.get(at..).unwrap_or_default()));
        words.extend(line.split([' ', '\t']).filter(|word| !word.is_empty()).map(|word| word.replace('\u{a0}', " ")));
        words
    }

    fn unique(&self) -> Vec<String> {
        let mut lines = self.title("Told by one alone", "most central first");
        for (outlet, _) in self.of.outlets.iter().enumerate() {
            let all: Vec<&UniqueStatement> = self.of.unique.iter().filter(|one| one.outlet == outlet).collect();
            for one in all.iter().take(MOST_UNIQUE) {
                let words: Vec<String> = flat(&one.place.text).split(' ').map(str::to_owned).collect();
                lines.extend(self.row(&format!("  {} ", padded(&self.at(&one.place), 6)), &words, " "));
            }
            lines.extend(
                self.more(MOST_UNIQUE, all.len(), "sentence")
                    .map(|more| more.replacen("and", &format!("{}: and", letter(outlet)), 1)),
            );
        }
        lines
    }

    fn method(&self) -> Vec<String> {
        let mut lines = vec![String::new()];
        for note in &self.of.method.notes {
            let words: Vec<String> = note.split(' ').map(|word| self.style.paint(QUIET, word)).collect();
            lines.extend(self.row("", &words, " "));
        }
        lines
    }
}

fn sorted(a: f64, b: f64) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}

/// `3.10 (1.20 to 5.00)`.
fn interval(estimate: &Estimate) -> String {
    format!("{:.2} ({:.2} to {:.2})", estimate.value, estimate.low, estimate.high)
}
