//! Places in a text, and the units they can be counted in.
//!
//! In: a text and a byte offset. Out: a [`Span`] in UTF-8 bytes, the unit of everything inside this
//! library, or the same place counted in another [`OffsetUnit`] by [`Offsets`], for output and for
//! labelled data. Start at [`Span`].

use serde::{Deserialize, Serialize};

/// `start..end` in UTF-8 bytes of the original text, end-exclusive, on character boundaries.
///
/// Spans order by start, then by end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte; not below `start`.
    pub end: usize,
}

impl Span {
    /// The span `start..end`, in bytes.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text of this span; empty when the span does not fit `text` (past its end, reversed, or
    /// inside a character), which means that it belongs to another text.
    #[must_use]
    pub fn slice<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Length in bytes; 0 for a reversed span.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Whether the whole of `other` lies inside this span.
    #[must_use]
    pub const fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    #[must_use]
    pub const fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Puts spans in order and makes one of those that overlap; of those that only touch too, where `touching` says so.
pub fn unite(spans: &mut Vec<Span>, touching: bool) {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, last| {
        let joined = next.start < last.end + usize::from(touching);
        if joined {
            last.end = last.end.max(next.end);
        }
        joined
    });
}

/// The last character boundary of `text` at or before byte `at`.
pub(super) fn boundary_before(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or(0)
}

/// What an offset counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// UTF-8 bytes, as in Rust and Go.
    #[default]
    Bytes,
    /// Unicode code points, as in Python.
    Chars,
    /// UTF-16 code units, as in JavaScript, Java and C#.
    Utf16,
}

impl OffsetUnit {
    /// As reports and tables write it: `bytes`, `chars` or `utf16`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Chars => "chars",
            Self::Utf16 => "utf16",
        }
    }
}

/// Bytes between two checkpoints: a conversion reads at most this much text, and the checkpoints of
/// a text take 16 bytes for every 1,024 of it.
const STRIDE: usize = 1024;

/// How many characters and UTF-16 units begin before a checkpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Checkpoint {
    chars: usize,
    utf16: usize,
}

impl Checkpoint {
    /// Adds the characters that begin in `bytes`, which may start or end inside a character.
    fn add(self, bytes: &[u8]) -> Self {
        let begins = bytes.iter().filter(|&&byte| begins_char(byte)).count();
        // A lead byte from 0xF0 on starts a character outside the basic plane: a surrogate pair.
        let pairs = bytes.iter().filter(|&&byte| byte >= 0xF0).count();
        Self { chars: self.chars + begins, utf16: self.utf16 + begins + pairs }
    }
}

/// Whether a byte of UTF-8 is the first of its character.
const fn begins_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// Converts between byte offsets and the other units of one text.
///
/// Built once per text in O(n); a conversion is O(1) from bytes and O(log n) to bytes. For an
/// ASCII text all units agree and nothing is stored.
#[derive(Debug, Clone)]
pub struct Offsets<'t> {
    text: &'t str,
    /// One for every `STRIDE` bytes, the first at offset 0; empty for an ASCII text.
    checkpoints: Vec<Checkpoint>,
}

impl<'t> Offsets<'t> {
    /// The converter of `text`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut checkpoints = Vec::new();
        if !text.is_ascii() {
            checkpoints.reserve_exact(text.len().div_ceil(STRIDE));
            let mut so_far = Checkpoint::default();
            for bytes in text.as_bytes().chunks(STRIDE) {
                checkpoints.push(so_far);
                so_far = so_far.add(bytes);
            }
        }
        Self { text, checkpoints }
    }

    /// The byte offset `byte` in `unit`: how many units begin before it. An offset past the end of
    /// the text counts as its end.
    #[must_use]
    pub fn convert(&self, byte: usize, unit: OffsetUnit) -> usize {
        let byte = byte.min(self.text.len());
        if unit == OffsetUnit::Bytes {
            return byte;
        }
        // `byte` can be one past the last checkpoint's stretch, at the very end of the text.
        let nearest = (byte / STRIDE).min(self.checkpoints.len().saturating_sub(1));
        let Some(checkpoint) = self.checkpoints.get(nearest) else { return byte };
        let here = checkpoint.add(&self.text.as_bytes()[nearest * STRIDE..byte]);
        match unit {
            OffsetUnit::Bytes => byte,
            OffsetUnit::Chars => here.chars,
            OffsetUnit::Utf16 => here.utf16,
        }
    }

    /// Both ends of `span` in `unit`, as (start, end).
    #[must_use]
    pub fn convert_span(&self, span: Span, unit: OffsetUnit) -> (usize, usize) {
        (self.convert(span.start, unit), self.convert(span.end, unit))
    }

    /// The byte offset of the code point number `char` (from 0); the text's length for the number
    /// just after the last one, `None` beyond it.
    #[must_use]
    pub fn byte_of_char(&self, char: usize) -> Option<usize> {
        if self.checkpoints.is_empty() {
            return (char <= self.text.len()).then_some(char);
        }
        // The last checkpoint with at most `char` characters before it; the first one has none.
        let nearest = self.checkpoints.partition_point(|point| point.chars <= char) - 1;
        let from = nearest * STRIDE;
        let mut missing = char - self.checkpoints[nearest].chars;
        for (offset, &byte) in self.text.as_bytes()[from..].iter().enumerate() {
            if begins_char(byte) {
                if missing == 0 {
                    return Some(from + offset);
                }
                missing -= 1;
            }
        }
        (missing == 0).then_some(self.text.len())
    }

    /// The byte offset of a place that counts `unit`s, the inverse of [`Offsets::convert`]; `None` for one past the
    /// end of the text or inside a character.
    #[must_use]
    pub fn byte_of(&self, offset: usize, unit: OffsetUnit) -> Option<usize> {
        match unit {
            OffsetUnit::Bytes => self.text.is_char_boundary(offset).then_some(offset),
            OffsetUnit::Chars => self.byte_of_char(offset),
            OffsetUnit::Utf16 => self.byte_of_utf16(offset),
        }
    }

    /// The span of `start..end` in `unit`, the inverse of [`Offsets::convert_span`]; `None` when they are reversed,
    /// past the end, or inside a character.
    #[must_use]
    pub fn span_of(&self, start: usize, end: usize, unit: OffsetUnit) -> Option<Span> {
        if start > end {
            return None;
        }
        Some(Span::new(self.byte_of(start, unit)?, self.byte_of(end, unit)?))
    }

    fn byte_of_utf16(&self, unit: usize) -> Option<usize> {
        if self.checkpoints.is_empty() {
            return (unit <= self.text.len()).then_some(unit);
        }
        // The last checkpoint with at most so many units before it; the first one has none.
        let nearest = self.checkpoints.partition_point(|point| point.utf16 <= unit) - 1;
        let mut at = nearest * STRIDE;
        // The units that begin before the checkpoint count those of a character that reaches over it.
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        let mut missing = unit - self.checkpoints[nearest].utf16;
        for c in self.text[at..].chars() {
            if missing == 0 {
                break;
            }
            missing = missing.checked_sub(c.len_utf16())?;
            at += c.len_utf8();
        }
        (missing == 0).then_some(at)
    }

    /// The span of the code points `start..end`; `None` when they are reversed or past the end.
    #[must_use]
    pub fn span_of_chars(&self, start: usize, end: usize) -> Option<Span> {
        if start > end {
            return None;
        }
        Some(Span::new(self.byte_of_char(start)?, self.byte_of_char(end)?))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_span_that_does_not_fit_slices_to_nothing() {
        let text = "né";
        assert_eq!(Span::new(0, 3).slice(text), "né");
        assert_eq!(Span::new(0, 2).slice(text), "");
        assert_eq!(Span::new(3, 1).slice(text), "");
        assert_eq!(Span::new(0, 9).slice(text), "");
        assert_eq!(Span::new(3, 1).len(), 0);
    }

    #[test]
    fn containing_and_overlapping_are_end_exclusive() {
        let span = Span::new(2, 5);
        assert!(span.contains(Span::new(2, 5)) && !span.contains(Span::new(4, 6)));
        assert!(span.overlaps(Span::new(4, 6)) && !span.overlaps(Span::new(5, 6)));
    }

    #[test]
    fn an_ascii_text_needs_no_checkpoints() {
        let offsets = Offsets::new("plain");
        assert!(offsets.checkpoints.is_empty());
        assert_eq!(offsets.convert(9, OffsetUnit::Chars), 5);
        assert_eq!(offsets.byte_of_char(5), Some(5));
        assert_eq!(offsets.byte_of_char(6), None);
    }

    #[test]
    fn an_emoji_is_four_bytes_one_char_and_two_utf16_units() {
        let offsets = Offsets::new("a🔥b");
        assert_eq!(offsets.convert(5, OffsetUnit::Bytes), 5);
        assert_eq!(offsets.convert(5, OffsetUnit::Chars), 2);
        assert_eq!(offsets.convert(5, OffsetUnit::Utf16), 3);
        assert_eq!(offsets.span_of_chars(1, 2), Some(Span::new(1, 5)));
        assert_eq!(offsets.span_of_chars(2, 1), None);
        assert_eq!(offsets.span_of(1, 3, OffsetUnit::Utf16), Some(Span::new(1, 5)));
        assert_eq!(offsets.span_of(1, 2, OffsetUnit::Utf16), None);
        assert_eq!(offsets.span_of(1, 2, OffsetUnit::Bytes), None);
        assert_eq!(offsets.span_of(3, 1, OffsetUnit::Utf16), None);
    }

    proptest! {
        #[test]
        fn every_offset_agrees_with_counting_from_the_start(seed in "[a-zé€🔥\u{301}]{0,40}", times in 1usize..120) {
            let text = seed.repeat(times);
            let offsets = Offsets::new(&text);
            for (chars, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(offsets.convert(byte, OffsetUnit::Chars), chars);
                prop_assert_eq!(offsets.byte_of_char(chars), Some(byte));
                for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
                    prop_assert_eq!(offsets.byte_of(offsets.convert(byte, unit), unit), Some(byte));
                }
            }
            let end = text.len();
            prop_assert_eq!(offsets.convert(end, OffsetUnit::Utf16), text.encode_utf16().count());
            prop_assert_eq!(offsets.byte_of_char(text.chars().count()), Some(end));
            prop_assert_eq!(offsets.byte_of_char(text.chars().count() + 1), None);
            for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
                prop_assert_eq!(offsets.byte_of(offsets.convert(end, unit), unit), Some(end));
                prop_assert_eq!(offsets.byte_of(offsets.convert(end, unit) + 1, unit), None);
            }
        }
    }
}
