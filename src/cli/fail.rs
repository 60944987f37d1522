//! An error as the user sees it.
//!
//! In: an [`Error`] and how to draw. Out: text: what was found and expected, with file and line, and
//! the cure as help. Start at [`Drawing::render`]. There is never a backtrace.

use crate::error::Error;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, NarratableReportHandler};
use std::fmt;

/// How errors are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) enum Drawing {
    /// Marks, wrapped to a width; on a terminal.
    Graphical { colour: bool, width: usize },
    /// ASCII, a line for the message and one for the help; for files and pipes.
    Lines,
    /// Words alone, for screen readers.
    Narrated,
}

impl Drawing {
    /// The error as text that ends in a line end.
    pub(super) fn render(self, error: &Error) -> String {
        let told = Told(error);
        let mut text = String::new();
        let plain =
            GraphicalTheme { characters: miette::ThemeCharacters::ascii(), styles: miette::ThemeStyles::none() };
        let drawn = match self {
            Self::Graphical { colour, width } => {
                let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
                GraphicalReportHandler::new_themed(theme).with_width(width).render_report(&mut text, &told)
            }
            Self::Lines => {
                GraphicalReportHandler::new_themed(plain).with_wrap_lines(false).render_report(&mut text, &told)
            }
            Self::Narrated => NarratableReportHandler::new().render_report(&mut text, &told),
        };
        if drawn.is_err() || text.is_empty() {
            text = format!("{error}\nhelp: {}", error.cure());
        }
        format!("{}\n", text.trim_end())
    }
}

/// An error with its cure as help. Its message says the cause already, so no cause is handed on.
#[derive(Debug)]
struct Told<'a>(&'a Error);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Told<'_> {}

impl Diagnostic for Told<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.0.cure()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    #[test]
    fn every_drawing_says_place_finding_and_cure() {
        let error = Error::Input {
            place: Place::line("a.jsonl", 7),
            found: "a record without `text`".into(),
            expected: "one JSON object a line".into(),
            cure: "add `text`".into(),
        };
        for drawing in [Drawing::Graphical { colour: false, width: 80 }, Drawing::Lines, Drawing::Narrated] {
            let text = drawing.render(&error);
            assert!(text.contains("a.jsonl:7: found a record without `text`; expected one JSON"), "{text}");
            assert!(text.contains("help: add `text`"), "{text}");
            assert!(!text.contains('\x1b'), "{text}");
        }
    }
}
