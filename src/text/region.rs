//! The parts of a document: what its headline, its prose and everything around them are.
//!
//! In: nothing; these are plain types. Out: a [`Region`] is a span of the original text and its [`RegionKind`].
//! Which line is which is told by the classifier in `heads/region.rs`.

use super::span::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a part of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegionKind {
    /// A headline, the line below it, or a heading inside the body.
    Headline,
    /// A line that says who wrote, and when and where: a byline, a date, a dateline by itself.
    Byline,
    /// The text of the article.
    Body,
    /// The words below a picture, and whose picture it is.
    Caption,
    /// What the site put around the article: menus, share buttons, related articles, comment forms, notices.
    Boilerplate,
    /// A headline that is given again.
    Repeat,
}

impl RegionKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Headline, Self::Byline, Self::Body, Self::Caption, Self::Boilerplate, Self::Repeat];

    /// Its name in reports and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Byline => "byline",
            Self::Body => "body",
            Self::Caption => "caption",
            Self::Boilerplate => "boilerplate",
            Self::Repeat => "repeat",
        }
    }

    /// Whether its sentences are scored. The others are masked: shown, and left out of every score.
    #[must_use]
    pub const fn is_scored(self) -> bool {
        matches!(self, Self::Headline | Self::Body)
    }

    /// Its place in [`RegionKind::ALL`].
    #[must_use]
    pub const fn number(self) -> usize {
        self as usize
    }
}

impl fmt::Display for RegionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Region {
    /// What it is.
    pub kind: RegionKind,
    /// Where it stands, without the blanks around it.
    pub span: Span,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_by_its_name_and_numbered_by_its_place() {
        for (number, kind) in RegionKind::ALL.into_iter().enumerate() {
            assert_eq!(kind.number(), number);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn headline_and_body_are_scored_and_nothing_else() {
        let scored: Vec<_> = RegionKind::ALL.into_iter().filter(|kind| kind.is_scored()).collect();
        assert_eq!(scored, [RegionKind::Headline, RegionKind::Body]);
    }
}
