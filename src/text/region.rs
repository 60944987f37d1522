//! What the parts of a document are.
//!
//! In: nothing. Out: plain types. Start at [`Region`]. Which part is which is told by `heads/region.rs`
//! from the text, or known from the input's own marks ([`super::Document::regions`]).

use super::span::Span;
use serde::{Deserialize, Serialize};

/// What a part of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegionKind {
    /// The headline.
    Headline,
    /// A byline or dateline in a line of its own.
    Byline,
    /// The article itself.
    Body,
    /// What stands under a picture, a table or a film.
    Caption,
    /// What the page has around its article: menus, links, forms, notices.
    Boilerplate,
    /// A headline given again.
    Repeat,
}

impl RegionKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 6] =
        [Self::Headline, Self::Byline, Self::Body, Self::Caption, Self::Boilerplate, Self::Repeat];

    /// The name in reports.
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

    /// Whether its sentences are scored.
    #[must_use]
    pub const fn is_scored(self) -> bool {
        matches!(self, Self::Headline | Self::Body)
    }
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region {
    /// What it is.
    pub kind: RegionKind,
    /// Where it stands, in bytes of the document's text.
    pub span: Span,
}
