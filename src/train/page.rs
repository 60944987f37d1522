//! Pages whose lines are labelled with what they are, to fit the region head to.
//!
//! In: a file of pages, `training/regions/regions_<lang>.txt`. Out: [`Page`]s. Start at [`read`]. What the kinds mean is
//! said in `training/README.md`. A page begins with `@ id lang group`; each of its lines with the letter of its kind and
//! a blank; an empty line is an empty line of the page. Lines before the first page that begin with `#` are remarks.

use std::collections::HashMap;
use std::path::Path;

use super::lines::{Flaw, bytes};
use crate::error::{Error, Place, Result};
use crate::text::{Line, RegionKind, Span, lines, sentences};

/// A whole page with the kind of each of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Unique in its file.
    pub id: String,
    /// The language as a BCP 47 tag.
    pub lang: String,
    /// The style of the site, which is held out as a whole.
    pub group: String,
    /// The text.
    pub text: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The kind of each.
    pub kinds: Vec<RegionKind>,
}

/// How a page is seen in training beside as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// As it is.
    Whole,
    /// Without its blank lines.
    Dense,
    /// A blank line after each line.
    Loose,
    /// The lines that are scored alone.
    Scored,
    /// The lines of its body alone.
    Body,
    /// The lines of its body alone, without blank lines.
    DenseBody,
    /// As it is, without the full stops at the ends of its body's lines.
    Unstopped,
}

impl Variant {
    /// Every variant.
    pub const ALL: [Self; 7] =
        [Self::Whole, Self::Dense, Self::Loose, Self::Scored, Self::Body, Self::DenseBody, Self::Unstopped];
}

/// A line of the file with its kind; `None` is an empty one.
type Labelled<'a> = Option<(RegionKind, &'a str)>;

/// The letter of a kind in the file.
fn letter(kind: RegionKind) -> char {
    match kind {
        RegionKind::Headline => 'H',
        RegionKind::Byline => 'Y',
        RegionKind::Body => 'B',
        RegionKind::Caption => 'C',
        RegionKind::Boilerplate => 'X',
        RegionKind::Repeat => 'R',
    }
}

/// Reads a file.
///
/// # Errors
/// [`Error::Read`]; [`Error::NotUtf8`]; [`Error::Input`] with file and line: a line without a kind, a page without
/// lines, with an id seen before or whose wrapped lines are of several kinds, or an empty file.
pub fn read(path: &Path) -> Result<Vec<Page>> {
    parse(&bytes(path)?, path)
}

/// As [`read`], of a file's bytes.
///
/// # Errors
/// As [`read`].
pub fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Page>> {
    let text =
        std::str::from_utf8(bytes).map_err(|e| Error::NotUtf8 { place: Place::file(path), offset: e.valid_up_to() })?;
    let mut stored: Vec<(usize, Vec<&str>, Vec<Labelled<'_>>)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let refuse = |flaw: Flaw| Err(flaw.at(Place::line(path, number)));
        if let Some(head) = line.strip_prefix("@ ") {
            stored.push((number, head.split_whitespace().collect(), Vec::new()));
            continue;
        }
        let Some((_, _, page)) = stored.last_mut() else {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            return refuse(Flaw::new(
                "a line before the first page",
                "@ id lang group",
                "begin the page with its head",
            ));
        };
        let parts = line.split_once(' ');
        let kind = |name: &str| RegionKind::ALL.into_iter().find(|kind| name.chars().eq([letter(*kind)]));
        match parts.map(|(name, rest)| (kind(name), rest)) {
            None if line.trim().is_empty() => page.push(None),
            Some((Some(kind), rest)) if !rest.trim().is_empty() => page.push(Some((kind, rest))),
            _ => {
                return refuse(Flaw::new(
                    format!("the line {line:?}"),
                    "a kind (H, Y, B, C, X or R), a blank and a line",
                    "label the line",
                ));
            }
        }
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut pages = Vec::with_capacity(stored.len());
    for (number, head, labelled) in &stored {
        let refuse = |found: String, expected: &str| {
            Flaw::new(found, expected, "correct the page").at(Place::line(path, *number))
        };
        let [id, lang, group] = head[..] else {
            return Err(refuse(format!("a head of {} words", head.len()), "@ id lang group"));
        };
        if let Some(first) = seen.insert(id, *number) {
            return Err(refuse(
                format!("the id {id:?}, and before on line {first}"),
                "ids that are unique in their file",
            ));
        }
        let page = laid_out(id, lang, group, labelled)
            .map_err(|line| refuse(format!("lines of two kinds wrapped into one: {line:?}"), "one kind a paragraph"))?;
        if page.lines.is_empty() {
            return Err(refuse(format!("the page {id:?} without lines"), "at least one line"));
        }
        pages.push(page);
    }
    if pages.is_empty() {
        return Err(Flaw::new("no pages", "at least one", "check that this is the right file").at(Place::file(path)));
    }
    Ok(pages)
}

/// The page of these lines, or the lines of two kinds that would be one paragraph.
fn laid_out(id: &str, lang: &str, group: &str, labelled: &[Labelled<'_>]) -> Result<Page, String> {
    let mut text = String::new();
    let mut ends: Vec<(usize, RegionKind)> = Vec::new();
    for line in labelled {
        if let Some((kind, line)) = line {
            text.push_str(line);
            ends.push((text.len(), *kind));
        }
        text.push('\n');
    }
    let text = text.trim_end().to_owned();
    let lines: Vec<Line> = lines(&text).collect();
    let mut kinds = Vec::with_capacity(lines.len());
    for line in &lines {
        let first = ends.partition_point(|(end, _)| *end <= line.span.start);
        let last = ends.partition_point(|(end, _)| *end < line.span.end);
        let kind = ends.get(first).map_or(RegionKind::Body, |(_, kind)| *kind);
        if ends.iter().take(last + 1).skip(first).any(|(_, other)| *other != kind) {
            return Err(line.span.slice(&text).to_owned());
        }
        kinds.push(kind);
    }
    Ok(Page { id: id.to_owned(), lang: lang.to_owned(), group: group.to_owned(), text, lines, kinds })
}

impl Page {
    /// The page in another layout; `None` where it has no such lines, or lines of several kinds would be one paragraph.
    #[must_use]
    pub fn variant(&self, variant: Variant) -> Option<Self> {
        let keeps = |kind: RegionKind| match variant {
            Variant::Whole | Variant::Dense | Variant::Loose | Variant::Unstopped => true,
            Variant::Scored => kind.is_scored(),
            Variant::Body | Variant::DenseBody => kind == RegionKind::Body,
        };
        let kept = self.lines.iter().zip(&self.kinds).filter(|(_, kind)| keeps(**kind));
        let mut labelled: Vec<Labelled<'_>> = Vec::new();
        for (line, kind) in kept {
            // The lines of a wrapped paragraph stay lines.
            let shown = line.span.slice(&self.text);
            let is_unstopped = variant == Variant::Unstopped && *kind == RegionKind::Body;
            let shown = if is_unstopped { shown.trim_end_matches('.') } else { shown };
            labelled.extend(shown.lines().map(|line| Some((*kind, line))));
            let blank = match variant {
                Variant::Dense | Variant::DenseBody => false,
                Variant::Loose => true,
                _ => line.blank_after,
            };
            if blank {
                labelled.push(None);
            }
        }
        let page = match variant {
            Variant::Whole => Some(self.clone()),
            _ => laid_out(&self.id, &self.lang, &self.group, &labelled).ok(),
        };
        page.filter(|page| page.lines.len() > 1)
    }

    /// How many sentences a line holds.
    #[must_use]
    pub fn sentences(&self, line: usize) -> usize {
        sentences(self.span(line).slice(&self.text)).len()
    }

    /// The line's place.
    #[must_use]
    pub fn span(&self, line: usize) -> Span {
        self.lines.get(line).map_or(Span::new(0, 0), |line| line.span)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use RegionKind::{Body, Boilerplate, Headline};

    const FILE: &str = "# A remark\n\n@ a en wire\nX Home | News\n\nH Ferry stops\nB The ferry stopped on Monday and\nB will \
                        not sail again.\n\nX Share\n\n@ b en wire\nB Text alone.\nB More text.\n";

    fn pages() -> Vec<Page> {
        parse(FILE.as_bytes(), Path::new("f")).unwrap()
    }

    #[test]
    fn every_line_has_its_kind_and_a_wrapped_paragraph_one() {
        let pages = pages();
        assert_eq!(pages[0].kinds, [Boilerplate, Headline, Body, Boilerplate]);
        assert_eq!(pages[0].span(2).slice(&pages[0].text), "The ferry stopped on Monday and\nwill not sail again.");
        assert_eq!((pages[1].id.as_str(), pages[1].kinds.as_slice()), ("b", [Body, Body].as_slice()));
    }

    #[test]
    fn a_variant_has_the_lines_in_another_layout() {
        let page = &pages()[0];
        assert!(page.variant(Variant::Dense).unwrap().lines.iter().skip(1).all(|line| !line.blank_before));
        assert!(page.variant(Variant::Loose).unwrap().lines.iter().all(|line| line.blank_before));
        assert_eq!(page.variant(Variant::Scored).unwrap().kinds, [Headline, Body]);
        assert_eq!(page.variant(Variant::Body), None);
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_line() {
        for (file, line) in [
            ("B text\n", 1),
            ("@ a en g\nB text\nZ text\n", 3),
            ("@ a en g\nB\n", 2),
            ("@ a en\nB text\n", 1),
            ("@ a en g\nB text\n@ a en g\nB text\n", 3),
            ("@ a en g\n\n@ b en g\nB text\n", 1),
            ("@ a en g\nH The ferry and\nB the boat\n", 1),
        ] {
            let error = parse(file.as_bytes(), Path::new("f")).unwrap_err();
            assert!(error.to_string().starts_with(&format!("f:{line}: ")), "{file:?}: {error}");
        }
        assert!(parse(b"# nothing\n", Path::new("f")).is_err());
    }
}
