//! The parts of a document: headline, byline, body and what stands around them.
//!
//! In: nothing; these are the types. Out: [`Region`]s with their [`RegionKind`]. Which line is what is told by
//! a trained classifier, `heads/region.rs`.

use super::span::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a part of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegionKind {
    /// The title of the article.
    Headline,
    /// Who wrote it, where and when: a byline or dateline that has a line of its own.
    Byline,
    /// The text of the article.
    Body,
    /// What stands under a picture.
    Caption,
    /// What belongs to the page and not to the article: menus, links to other articles, forms, notices.
    Boilerplate,
    /// The headline, given again.
    Repeat,
}

impl RegionKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Headline, Self::Byline, Self::Body, Self::Caption, Self::Boilerplate, Self::Repeat];

    /// The name that data files and reports use.
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

    /// Whether its sentences are scored; regions of the other kinds are masked.
    #[must_use]
    pub const fn is_scored(self) -> bool {
        matches!(self, Self::Headline | Self::Body)
    }
}

impl fmt::Display for RegionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// What it is.
    pub kind: RegionKind,
    /// Where it stands, without the blanks around it.
    pub span: Span,
}
