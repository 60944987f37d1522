//! Where a mark stands in a document, so that it can be found again.
//!
//! In: a text and a span of it. Out: an [`Anchor`]: the place and what stands there and around it, as the W3C Web
//! Annotation Data Model (2017) writes both: a `TextPositionSelector` and a `TextQuoteSelector`. Start at [`Anchor::of`].

use crate::text::{OffsetUnit, Offsets, Span};
use serde::{Deserialize, Serialize};

/// So many code points of context are kept on either side, at most.
pub const CONTEXT: usize = 32;

/// A place in a document, and the words there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Selector>", into = "Vec<Selector>")]
pub struct Anchor {
    /// The first code point.
    pub start: usize,
    /// One past the last code point; above `start`.
    pub end: usize,
    /// The text between them.
    pub exact: String,
    /// The text before it, at most [`CONTEXT`] code points.
    pub prefix: String,
    /// The text after it, at most [`CONTEXT`] code points.
    pub suffix: String,
}

impl Anchor {
    /// The anchor of `span` in `text`; `None` where it is empty or does not fit the text.
    #[must_use]
    pub fn of(text: &str, span: Span) -> Option<Self> {
        let exact = text.get(span.start..span.end).filter(|exact| !exact.is_empty())?;
        let offsets = Offsets::new(text);
        let (start, end) = offsets.convert_span(span, OffsetUnit::Chars);
        let before = text.get(..span.start)?;
        let from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
        Some(Self {
            start,
            end,
            exact: exact.to_owned(),
            prefix: before.get(from..)?.to_owned(),
            suffix: text.get(span.end..)?.chars().take(CONTEXT).collect(),
        })
    }
}

/// One selector of the W3C model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Selector {
    /// Code points from the start of the text, end-exclusive.
    TextPositionSelector { start: usize, end: usize },
    /// The words, and those around them.
    TextQuoteSelector {
        exact: String,
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        suffix: String,
    },
}

impl From<Anchor> for Vec<Selector> {
    fn from(anchor: Anchor) -> Self {
        let Anchor { start, end, exact, prefix, suffix } = anchor;
        vec![Selector::TextPositionSelector { start, end }, Selector::TextQuoteSelector { exact, prefix, suffix }]
    }
}

impl TryFrom<Vec<Selector>> for Anchor {
    type Error = String;

    fn try_from(selectors: Vec<Selector>) -> Result<Self, String> {
        let (mut position, mut quote) = (None, None);
        for selector in selectors {
            match selector {
                Selector::TextPositionSelector { start, end } => position = Some((start, end)),
                Selector::TextQuoteSelector { exact, prefix, suffix } => quote = Some((exact, prefix, suffix)),
            }
        }
        let Some(((start, end), (exact, prefix, suffix))) = position.zip(quote) else {
            return Err("a selector without a TextPositionSelector and a TextQuoteSelector".into());
        };
        let length = exact.chars().count();
        if length == 0 || end.checked_sub(start) != Some(length) {
            return Err(format!("the position {start} to {end} of a quote of {length} code points"));
        }
        if [&prefix, &suffix].iter().any(|context| context.chars().nth(CONTEXT).is_some()) {
            return Err(format!("a prefix or suffix of more than {CONTEXT} code points"));
        }
        Ok(Self { start, end, exact, prefix, suffix })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_anchor_counts_code_points_and_keeps_32_on_either_side() {
        let text = format!("{}🔥 vile plan", "é".repeat(40));
        let at = text.find("vile").unwrap();
        let anchor = Anchor::of(&text, Span::new(at, at + 4)).unwrap();
        assert_eq!((anchor.start, anchor.end, anchor.exact.as_str()), (42, 46, "vile"));
        assert_eq!(anchor.prefix, format!("{}🔥 ", "é".repeat(30)));
        assert_eq!(anchor.suffix, " plan");
        assert_eq!(Anchor::of(&text, Span::new(1, 4)), None);
        assert_eq!(Anchor::of(&text, Span::new(2, 2)), None);
    }

    #[test]
    fn it_is_written_as_two_selectors_and_read_from_them() {
        let anchor = Anchor::of("a vile plan", Span::new(2, 6)).unwrap();
        let json = serde_json::to_value(&anchor).unwrap();
        assert_eq!(
            json,
            json!([
                {"type": "TextPositionSelector", "start": 2, "end": 6},
                {"type": "TextQuoteSelector", "exact": "vile", "prefix": "a ", "suffix": " plan"},
            ])
        );
        assert_eq!(serde_json::from_value::<Anchor>(json).unwrap(), anchor);
    }

    #[test]
    fn a_position_that_is_not_as_long_as_its_quote_is_refused() {
        let of = |start: usize, end: usize, exact: &str| {
            let json = json!([
                {"type": "TextPositionSelector", "start": start, "end": end}, {"type": "TextQuoteSelector", "exact": exact},
            ]);
            serde_json::from_value::<Anchor>(json)
        };
        assert!(of(2, 6, "vile").is_ok());
        for (start, end, exact) in [(2, 5, "vile"), (6, 2, "vile"), (2, 2, ""), (usize::MAX, 0, "a")] {
            assert!(of(start, end, exact).is_err(), "{start} {end} {exact}");
        }
        assert!(serde_json::from_value::<Anchor>(json!([])).is_err());
    }
}
