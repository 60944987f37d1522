//! The user's file of aliases: one thing under several names.
//!
//! In: YAML, a mapping of names to lists of forms, in any language, as blocks or in brackets. Out: each name with its
//! forms, in the file's order, as [`Aliases::new`](crate::text::Aliases::new) takes them. Start at [`read_aliases`].
//!
//! ```yaml
//! ceasefire: [cease-fire, truce, وقف إطلاق النار, هدنة]
//! United States:
//!   - Washington
//!   - البيت الأبيض
//! ```
//!
//! Everything in the file is text: a form `no` is a word, and no truth value. Anchors, aliases of YAML and nested lists
//! are refused.

use crate::error::{Error, Place, Result};
use crate::text::{LONGEST_FORM, form_key, refuse_binary};
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The most bytes that a file of aliases may hold: 16 MiB.
pub const LARGEST_ALIASES: usize = 16 << 20;

const CURE: &str = "write one name a line and its forms behind it: ceasefire: [cease-fire, truce, هدنة]";

/// A name and the forms that it is written in, the name first.
pub type AliasEntry = (String, Vec<String>);

/// Reads a file of aliases.
///
/// # Errors
/// [`Error::Read`] where the file cannot be read, [`Error::NotUtf8`] and, with the line, [`Error::Input`] where it is
/// larger than [`LARGEST_ALIASES`], no YAML, no mapping, or has a name without a form, a form without a word, a form
/// of more than [`LONGEST_FORM`] words, a name twice, or the same form under two names.
pub fn read_aliases(path: &Path) -> Result<Vec<AliasEntry>> {
    let cannot = |source| Error::Read { path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(cannot)?;
    file.take(LARGEST_ALIASES as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > LARGEST_ALIASES {
        let found = format!("a file of more than {} MiB", LARGEST_ALIASES >> 20);
        return Err(refuse(path, None, found, "a list of names"));
    }
    let place = refuse_binary(Place::file(path), &bytes)?;
    let text = String::from_utf8(bytes).map_err(|e| Error::NotUtf8 { place, offset: e.utf8_error().valid_up_to() })?;
    parse(&text, path)
}

/// The entries of a file's text; errors name `path`.
fn parse(text: &str, path: &Path) -> Result<Vec<AliasEntry>> {
    let mut file =
        Reader { path, entries: Vec::new(), owners: FxHashMap::default(), state: State::Start, name_line: 0 };
    // A byte-order mark is no part of the first name.
    for event in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        let (event, span) = event.map_err(|error| {
            let found = format!("no YAML ({})", error.info());
            refuse(path, Some(error.marker().line()), found, "a mapping of names to lists of forms")
        })?;
        file.take(event, span.start.line())?;
    }
    if file.entries.is_empty() {
        return Err(refuse(path, None, "no name".into(), "a mapping of names to lists of forms"));
    }
    Ok(file.entries)
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Name,
    Forms,
    Form,
    End,
}

struct Reader<'p> {
    path: &'p Path,
    entries: Vec<AliasEntry>,
    /// Whose each form is, and the line that it stands on, by its key.
    owners: FxHashMap<String, (usize, usize)>,
    state: State,
    /// The line of the last name.
    name_line: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<()> {
        if is_anchored(&event) {
            return Err(refuse(self.path, Some(line), "an anchor of YAML (&)".into(), "names and forms as text"));
        }
        let end_of_file = matches!(event, Event::DocumentEnd | Event::StreamEnd | Event::Nothing);
        self.state = match (self.state, event) {
            (state, Event::StreamStart) => state,
            (State::Start, Event::DocumentStart(_)) => State::Start,
            (State::Start, Event::MappingStart(..)) => State::Name,
            (State::Start | State::End, _) if end_of_file => State::End,
            (State::Name, Event::Scalar(name, ..)) => {
                self.name(&name, line)?;
                State::Forms
            }
            (State::Name, Event::MappingEnd) => State::End,
            (State::Forms, Event::SequenceStart(..)) => State::Form,
            (State::Forms, Event::Scalar(form, style, ..)) if !is_nothing(&form, style) => {
                self.form(&form, line)?;
                self.has_forms()?;
                State::Name
            }
            (State::Forms, Event::Scalar(..)) => {
                self.has_forms()?;
                State::Name
            }
            (State::Form, Event::Scalar(form, style, ..)) => {
                self.form(if is_nothing(&form, style) { "" } else { &form }, line)?;
                State::Form
            }
            (State::Form, Event::SequenceEnd) => {
                self.has_forms()?;
                State::Name
            }
            (state, event) => {
                let expected = match state {
                    State::Start => "a mapping of names to lists of forms",
                    State::Name => "a name",
                    State::Forms => "a list of forms",
                    State::Form => "a form: a word or a few, as text",
                    State::End => "the end of the file",
                };
                return Err(refuse(self.path, Some(line), found(&event).into(), expected));
            }
        };
        Ok(())
    }

    fn name(&mut self, name: &str, line: usize) -> Result<()> {
        let name = name.trim();
        let owner = self.owners.get(&form_key(name)).and_then(|&(owner, _)| self.entries.get(owner));
        if owner.is_some_and(|(other, _)| other == name) {
            return Err(refuse(self.path, Some(line), format!("the name “{name}” again"), "each name once"));
        }
        self.entries.push((name.to_owned(), Vec::new()));
        self.name_line = line;
        self.form(name, line)
    }

    /// A form of the last name.
    fn form(&mut self, form: &str, line: usize) -> Result<()> {
        let form = form.trim();
        let number = self.entries.len().saturating_sub(1);
        let key = form_key(form);
        let words = key.split(' ').filter(|word| !word.is_empty()).count();
        if words == 0 {
            return Err(refuse(self.path, Some(line), "an empty form".into(), "a form with a word in it"));
        }
        if words > LONGEST_FORM {
            let expected = format!("at most {LONGEST_FORM}");
            return Err(refuse(self.path, Some(line), format!("a form of {words} words"), &expected));
        }
        match self.owners.get(&key) {
            None => {
                self.owners.insert(key, (number, line));
                if let Some((_, forms)) = self.entries.last_mut() {
                    forms.push(form.to_owned());
                }
                Ok(())
            }
            Some(&(owner, _)) if owner == number => Ok(()),
            Some(&(owner, first)) => {
                let other = self.entries.get(owner).map_or("", |(name, _)| name.as_str());
                let found = format!("the form “{form}”, which “{other}” has on line {first}");
                Err(refuse(self.path, Some(line), found, "each form under one name"))
            }
        }
    }

    fn has_forms(&self) -> Result<()> {
        match self.entries.last() {
            Some((name, forms)) if forms.len() < 2 => {
                let found = format!("“{name}” without another form");
                Err(refuse(self.path, Some(self.name_line), found, "at least one form besides the name"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether nothing was written, as behind `ceasefire:`.
fn is_nothing(scalar: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(scalar, "" | "~")
}

/// Whether it has an anchor, for an alias of YAML to repeat.
const fn is_anchored(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(_, _, 1.., _) | Event::SequenceStart(1.., _) | Event::MappingStart(1.., _))
}

const fn found(event: &Event<'_>) -> &'static str {
    match event {
        Event::Alias(_) => "an alias of YAML (*)",
        Event::Scalar(..) => "a single text",
        Event::SequenceStart(..) => "a list",
        Event::MappingStart(..) => "a mapping",
        Event::DocumentStart(_) => "a second document",
        _ => "an end",
    }
}

fn refuse(path: &Path, line: Option<usize>, found: String, expected: &str) -> Error {
    let place = Place { path: path.to_path_buf(), line: line.map(|line| line.max(1)) };
    Error::Input { place, found, expected: expected.to_owned(), cure: CURE.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(text: &str) -> Vec<AliasEntry> {
        parse(text, Path::new("a.yaml")).unwrap()
    }

    fn refused(text: &str) -> String {
        parse(text, Path::new("a.yaml")).unwrap_err().to_string()
    }

    #[test]
    fn names_come_with_their_forms_in_order_and_are_forms_themselves() {
        let text = "\u{feff}# what we follow\nceasefire: [cease-fire, truce, وقف إطلاق النار, هدنة]\n\
                    Norway:\n  - \"NO\"\n  - no\n  - Oslo\n\nÖrtlich: single\n";
        let forms: Vec<Vec<String>> = entries(text).into_iter().map(|(_, forms)| forms).collect();
        assert_eq!(forms[0], ["ceasefire", "cease-fire", "truce", "وقف إطلاق النار", "هدنة"]);
        assert_eq!(forms[1], ["Norway", "NO", "no", "Oslo"]);
        assert_eq!(forms[2], ["Örtlich", "single"]);
    }

    #[test]
    fn a_form_that_is_given_twice_under_its_name_counts_once() {
        assert_eq!(
            entries("truce: [truce, cease-fire, truce]"),
            [("truce".to_owned(), vec!["truce".to_owned(), "cease-fire".to_owned()])]
        );
    }

    #[test]
    fn what_is_no_mapping_of_lists_is_refused_with_its_line() {
        let mapping = "expected a mapping of names to lists of forms";
        assert_eq!(refused("- truce\n"), format!("a.yaml:1: found a list; {mapping}"));
        assert_eq!(refused("truce"), format!("a.yaml:1: found a single text; {mapping}"));
        assert_eq!(refused("# none\n"), format!("a.yaml: found no name; {mapping}"));
        assert_eq!(refused("{}"), format!("a.yaml: found no name; {mapping}"));
        assert_eq!(refused("a: [b]\nc: {d: e}"), "a.yaml:2: found a mapping; expected a list of forms");
        assert_eq!(refused("a: [b, [c]]"), "a.yaml:1: found a list; expected a form: a word or a few, as text");
        for anchored in ["c: [d]\na: &x [b]", "c: [d]\n&x a: [b]", "c: [d]\na: [&x b]", "c: [d]\na: &x b"] {
            assert!(refused(anchored).starts_with("a.yaml:2: found an anchor of YAML (&)"), "{}", refused(anchored));
        }
        assert!(refused("&x {a: [b]}").starts_with("a.yaml:1: found an anchor"));
        assert!(refused("a: [b]\nc: *x").starts_with("a.yaml:2: found "), "{}", refused("a: [b]\nc: *x"));
        assert!(refused("a: [b\nc: d").starts_with("a.yaml:2: found no YAML ("), "{}", refused("a: [b\nc: d"));
        assert!(refused("a: [b]\n---\nc: [d]").starts_with("a.yaml:2: found a second document"));
    }

    #[test]
    fn empty_forms_are_refused_with_their_line() {
        let none = "without another form; expected at least one form besides the name";
        assert_eq!(refused("a: [b]\ntruce:\n"), format!("a.yaml:2: found “truce” {none}"));
        assert_eq!(refused("a: [b]\ntruce: []\n"), format!("a.yaml:2: found “truce” {none}"));
        let empty = "found an empty form; expected a form with a word in it";
        assert_eq!(refused("truce:\n  - cease-fire\n  - \"\"\n"), format!("a.yaml:3: {empty}"));
        assert_eq!(refused("truce:\n  - cease-fire\n  -\n"), format!("a.yaml:3: {empty}"));
        assert!(refused(&format!("a: [{}]", "b ".repeat(17))).contains("a form of 17 words; expected at most 16"));
    }

    #[test]
    fn one_form_under_two_names_is_refused_however_it_is_written() {
        let text = "ceasefire: [cease-fire]\npause:\n  - halt\n  - Cease fire\n";
        assert!(entries(text).len() == 2, "a capital tells forms apart");
        let text = text.replace("Cease fire", "cease fire");
        let expected =
            "a.yaml:4: found the form “cease fire”, which “ceasefire” has on line 1; expected each form under one name";
        assert_eq!(refused(&text), expected);
        assert_eq!(
            refused("a: [b]\nb: [c]").split("; ").next(),
            Some("a.yaml:2: found the form “b”, which “a” has on line 1")
        );
        assert_eq!(refused("a: [b]\na: [c]"), "a.yaml:2: found the name “a” again; expected each name once");
    }

    #[test]
    fn a_file_is_read_and_one_that_is_missing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("aliases.yaml");
        assert!(matches!(read_aliases(&path), Err(Error::Read { .. })));
        std::fs::write(&path, "truce: [هدنة]").unwrap();
        assert_eq!(read_aliases(&path).unwrap().len(), 1);
        std::fs::write(&path, b"truce: [\xff]").unwrap();
        assert!(matches!(read_aliases(&path), Err(Error::NotUtf8 { .. })));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|\n|: |- |\\[|\\]|, |\"|#|&|\\*|  ){0,40}") {
            let _ = parse(&text, Path::new("a.yaml"));
        }
    }
}
