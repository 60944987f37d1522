//! Loaded terms: marked in their sentence, listed under it, and the legend of the marks.
//!
//! In: a sentence's text with its terms. Out: words for [`super::lines::wrapped`]. Start at [`marked`].
//! A mark is brackets and the letter of the kind, then `q` in a source's words: `⟦regime⟧N`,
//! `⟦crushed⟧Eq`. Colour repeats what the letter says.

use super::Style;
use super::lines::{flat, printable};
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::heads::voice::Voice;
use crate::report::LoadedReport;
use crate::text::Span;
use anstyle::{AnsiColor, Style as Ansi};

const OPEN: &str = "⟦";
const CLOSE: &str = "⟧";

/// The words of a sentence with its terms marked. `terms` have their spans in bytes of `text`; one that
/// does not fit the text is not marked.
pub(super) fn marked(text: &str, terms: &[(Span, &LoadedReport)], style: Style) -> Vec<String> {
    let mut words = Words { style, done: Vec::new(), word: String::new() };
    let mut open: Vec<(Span, &LoadedReport)> = Vec::new();
    let mut terms: Vec<_> = terms.iter().copied().filter(|(span, _)| !span.slice(text).is_empty()).collect();
    // Of two that start together the longer one is around the other.
    terms.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut waiting = terms.into_iter().peekable();
    let mut at = 0;
    loop {
        let colour = open.last().map(|(_, term)| colour(term.kind)).unwrap_or_default();
        // The one that ends first; of those that end together the innermost, which was opened last.
        let ends =
            open.iter().enumerate().rev().min_by_key(|(_, (span, _))| span.end).map(|(i, (span, _))| (i, span.end));
        let begins = waiting.peek().map(|(span, _)| span.start);
        match (ends, begins) {
            (Some((index, end)), begin) if begin.is_none_or(|begin| end <= begin) => {
                words.add(colour, &text[at..end]);
                let (_, term) = open.remove(index);
                words.add(self::colour(term.kind), &format!("{CLOSE}{}", letters(term)));
                at = end;
            }
            (_, Some(begin)) => {
                words.add(colour, &text[at..begin]);
                if let Some((span, term)) = waiting.next() {
                    words.add(self::colour(term.kind), OPEN);
                    open.push((span, term));
                }
                at = begin;
            }
            _ => {
                words.add(colour, &text[at..]);
                return words.finish();
            }
        }
    }
}

/// The terms of a sentence with their probabilities: `N regime 0.93`.
pub(super) fn listed(terms: &[&LoadedReport], style: Style) -> Vec<String> {
    let entry = |term: &&LoadedReport| {
        let text = format!("{} {} {:.2}", letters(term), flat(&term.passage.text), term.p);
        style.paint(colour(term.kind), &text)
    };
    terms.iter().map(entry).collect()
}

/// What the marks stand for, in parts that stay together.
pub(super) fn legend() -> Vec<String> {
    let kinds = LoadedKind::ALL.iter().map(|&kind| format!("{} {kind} ·", letter(kind)));
    let first = format!("{OPEN}…{CLOSE} loaded:");
    std::iter::once(first).chain(kinds).chain(["q quoted".to_owned()]).collect()
}

const fn letter(kind: LoadedKind) -> char {
    match kind {
        LoadedKind::Naming => 'N',
        LoadedKind::Evaluative => 'E',
        LoadedKind::Exaggeration => 'X',
        LoadedKind::Doubt => 'D',
    }
}

fn letters(term: &LoadedReport) -> String {
    let voice = match term.voice {
        Voice::Author => "",
        Voice::Quoted | Voice::Mixed => "q",
    };
    format!("{}{voice}", letter(term.kind))
}

const fn colour(kind: LoadedKind) -> Ansi {
    match kind {
        LoadedKind::Naming => AnsiColor::Magenta.on_default(),
        LoadedKind::Evaluative => AnsiColor::Red.on_default(),
        LoadedKind::Exaggeration => AnsiColor::Yellow.on_default(),
        LoadedKind::Doubt => AnsiColor::Cyan.on_default(),
    }
}

/// Words put together of pieces. Each piece of a word has its own colour, so that no colour reaches over a
/// line's end.
struct Words {
    style: Style,
    done: Vec<String>,
    word: String,
}

impl Words {
    fn add(&mut self, ansi: Ansi, piece: &str) {
        for (index, part) in printable(piece).split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.end_word();
            }
            let part = if ansi.is_plain() { part.to_owned() } else { self.style.paint(ansi, part) };
            self.word.push_str(&part);
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.done.push(std::mem::take(&mut self.word));
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.end_word();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::PassageReport;

    const PLAIN: Style = Style { colour: false, width: 80 };

    fn term(kind: LoadedKind, voice: Voice) -> LoadedReport {
        let passage = PassageReport { start: 0, end: 0, text: String::new() };
        LoadedReport { passage, kind, p: 0.5, voice, attribution: None, sentence: 0, explain: None }
    }

    fn line(text: &str, spans: &[(usize, usize)]) -> String {
        let term = term(LoadedKind::Evaluative, Voice::Author);
        let terms: Vec<_> = spans.iter().map(|&(start, end)| (Span::new(start, end), &term)).collect();
        marked(text, &terms, PLAIN).join(" ")
    }

    #[test]
    fn every_kind_and_voice_has_its_own_mark_and_all_are_in_the_legend() {
        let mut marks = Vec::new();
        for &kind in LoadedKind::ALL {
            for voice in [Voice::Author, Voice::Quoted] {
                marks.extend(marked("word", &[(Span::new(0, 4), &term(kind, voice))], PLAIN));
            }
            assert!(legend().join(" ").contains(&format!("{} {kind}", letter(kind))));
        }
        assert_eq!(marks[..2], ["⟦word⟧N", "⟦word⟧Nq"]);
        assert_eq!(marks.iter().collect::<std::collections::BTreeSet<_>>().len(), 8, "{marks:?}");
        assert!(super::super::lines::columns(&legend().join(" ")) <= 80);
    }

    #[test]
    fn terms_may_touch_nest_and_cross() {
        assert_eq!(line("one two", &[]), "one two");
        assert_eq!(line("one two", &[(0, 3), (4, 7)]), "⟦one⟧E ⟦two⟧E");
        assert_eq!(line("one two", &[(0, 3), (3, 7)]), "⟦one⟧E⟦ two⟧E");
        assert_eq!(line("one two", &[(4, 7), (0, 7)]), "⟦one ⟦two⟧E⟧E");
        assert_eq!(line("one two", &[(0, 3), (0, 7)]), "⟦⟦one⟧E two⟧E");
        assert_eq!(line("one two six", &[(0, 7), (4, 11)]), "⟦one ⟦two⟧E six⟧E");
        assert_eq!(line("one\n two", &[(0, 8)]), "⟦one two⟧E");
    }

    #[test]
    fn a_term_that_does_not_fit_the_text_is_left_out() {
        assert_eq!(line("été chaud", &[(1, 3), (3, 3), (5, 90), (9, 7)]), "été chaud");
        assert_eq!(line("été chaud", &[(0, 5)]), "⟦été⟧E chaud");
        assert_eq!(line("النظام الوحشي سقط", &[(13, 25)]), "النظام ⟦الوحشي⟧E سقط");
    }

    #[test]
    fn a_colour_ends_with_its_word_and_changes_nothing_else() {
        let style = Style { colour: true, width: 80 };
        let term = term(LoadedKind::Doubt, Voice::Quoted);
        let words = marked("a so called reform", &[(Span::new(2, 11), &term)], style);
        assert_eq!(words.len(), 4);
        assert!(!words[0].contains('\x1b') && !words[3].contains('\x1b'));
        assert!(words[1].starts_with('\x1b') && words[1].ends_with("\x1b[0m"), "{words:?}");
        let plain: Vec<String> = words.iter().map(|word| anstream::adapter::strip_str(word).to_string()).collect();
        assert_eq!(plain, ["a", "⟦so", "called⟧Dq", "reform"]);
    }
}
