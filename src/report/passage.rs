//! The text behind a report's offsets, whatever their unit.
//!
//! In: a document's text and offsets into it. Out: the text between them. Start at [`Passages`].

use crate::text::{OffsetUnit, Span};

/// Cuts passages out of one text.
///
/// A cursor goes along with the passages: for all of them in order the text is read once, a passage
/// before the last one is looked for from the start again.
pub(crate) struct Passages<'t> {
    text: &'t str,
    unit: OffsetUnit,
    /// The cursor, in bytes and in units.
    byte: usize,
    count: usize,
}

impl<'t> Passages<'t> {
    /// Passages of `text` by offsets that count `unit`s.
    pub(crate) const fn new(text: &'t str, unit: OffsetUnit) -> Self {
        Self { text, unit, byte: 0, count: 0 }
    }

    /// The text from `start` to `end`, exclusive; empty where they do not fit the text.
    pub(crate) fn between(&mut self, start: usize, end: usize) -> &'t str {
        self.span(start, end).slice(self.text)
    }

    /// The bytes from `start` to `end`, exclusive. They may not fit the text.
    pub(crate) fn span(&mut self, start: usize, end: usize) -> Span {
        let start = self.byte_of(start);
        Span::new(start, self.byte_of(end))
    }

    fn byte_of(&mut self, offset: usize) -> usize {
        let width = match self.unit {
            OffsetUnit::Bytes => return offset,
            OffsetUnit::Chars => |_: char| 1,
            OffsetUnit::Utf16 => char::len_utf16,
        };
        if offset < self.count {
            (self.byte, self.count) = (0, 0);
        }
        for c in self.text[self.byte..].chars() {
            if self.count >= offset {
                break;
            }
            self.byte += c.len_utf8();
            self.count += width(c);
        }
        self.byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_finds_the_same_passages_in_any_order() {
        let text = "é🙂 one. Two 🙂.";
        for (unit, first, second) in [
            (OffsetUnit::Bytes, (0, 11), (12, 21)),
            (OffsetUnit::Chars, (0, 7), (8, 14)),
            (OffsetUnit::Utf16, (0, 8), (9, 16)),
        ] {
            let mut passages = Passages::new(text, unit);
            assert_eq!(passages.between(first.0, first.1), "é🙂 one.", "{unit:?}");
            assert_eq!(passages.between(second.0, second.1), "Two 🙂.", "{unit:?}");
            assert_eq!(passages.between(first.0, first.1), "é🙂 one.", "{unit:?}");
        }
    }

    #[test]
    fn offsets_outside_the_text_give_nothing_in_bytes_and_its_end_in_characters() {
        assert_eq!(Passages::new("abc", OffsetUnit::Bytes).between(1, 9), "");
        assert_eq!(Passages::new("abc", OffsetUnit::Chars).between(1, 9), "bc");
    }
}
