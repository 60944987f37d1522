//! One article's original text.
//!
//! In: bytes from outside. Out: a [`Document`], UTF-8 and untouched (byte-order mark and CRLF
//! included), or an error that says why the bytes are not text. Start at [`Document::from_bytes`].
//! Of a web page the text is what was extracted from it ([`Document::extracted`]).

use super::region::Region;
use super::span::Span;
use crate::error::{Error, Place, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// How much of an input is looked at to tell text from binary data, in bytes.
const SNIFFED: usize = 8 * 1024;

/// An input with more than one control character in this many bytes is not text.
const BYTES_PER_CONTROL: usize = 10;

/// How a document's text was taken from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extraction {
    /// The page's article.
    Article,
    /// All of the page's text, because no article was found in it.
    Page,
}

/// An article: its identifier and its original text. All spans point into that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    id: String,
    text: Text,
    extraction: Option<Extraction>,
    regions: Vec<Region>,
    targets: Vec<Span>,
    group: Option<String>,
}

/// A text that a document owns, or one that somebody else holds.
#[derive(Clone)]
enum Text {
    Owned(String),
    Shared(Arc<dyn AsRef<str> + Send + Sync>),
}

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Owned(text) => text,
            Self::Shared(text) => (**text).as_ref(),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl Document {
    /// A document of a text that is already known to be UTF-8.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(id.into(), Text::Owned(text.into()))
    }

    /// A document of a text that stands elsewhere, such as in a row of an Arrow array, and is not copied. It has to be the same
    /// each time it is asked for.
    pub fn sharing(id: impl Into<String>, text: Arc<dyn AsRef<str> + Send + Sync>) -> Self {
        Self::of(id.into(), Text::Shared(text))
    }

    fn of(id: String, text: Text) -> Self {
        Self { id, text, extraction: None, regions: Vec::new(), targets: Vec::new(), group: None }
    }

    /// A document whose text was extracted from a page, with the regions that the page's marks tell: in
    /// order, without overlap. Regions that do not slice the text are left out.
    pub fn extracted(
        id: impl Into<String>,
        text: impl Into<String>,
        extraction: Extraction,
        mut regions: Vec<Region>,
    ) -> Self {
        let text = text.into();
        let mut end = 0;
        regions.retain(|region| {
            let Region { span, .. } = *region;
            let fits = end <= span.start && span.start < span.end && text.get(span.start..span.end).is_some();
            if fits {
                end = span.end;
            }
            fits
        });
        Self { extraction: Some(extraction), regions, ..Self::new(id, text) }
    }

    /// The same document, with the spans toward which stances are asked for. Those that are empty or do not slice the
    /// text are left out.
    #[must_use]
    pub fn with_targets(self, mut targets: Vec<Span>) -> Self {
        targets.retain(|span| span.start < span.end && self.text().get(span.start..span.end).is_some());
        Self { targets, ..self }
    }

    /// A document of bytes read at `place`.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for binary data: a NUL byte, or a high share of control characters, in the
    /// first 8 KiB. [`Error::NotUtf8`] otherwise, with the byte offset of the first invalid
    /// sequence.
    pub fn from_bytes(place: Place, id: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let place = refuse_binary(place, &bytes)?;
        let text = String::from_utf8(bytes)
            .map_err(|error| Error::NotUtf8 { place, offset: error.utf8_error().valid_up_to() })?;
        Ok(Self::new(id, text))
    }

    /// As [`Document::from_bytes`], with each invalid sequence replaced by U+FFFD. Spans then point
    /// into the text with the replacements.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for binary data.
    pub fn from_bytes_lossy(place: Place, id: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        refuse_binary(place, &bytes)?;
        let text =
            String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(Self::new(id, text))
    }

    /// The same document, said to be one of a group, for instance of an outlet.
    #[must_use]
    pub fn in_group(self, group: impl Into<String>) -> Self {
        Self { group: Some(group.into()), ..self }
    }

    /// The group that it was said to be one of.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The identifier, as the input gave it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The original text; of a page what was extracted from it.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// How the text was taken from a page; `None` for text that came as it is.
    #[must_use]
    pub const fn extraction(&self) -> Option<Extraction> {
        self.extraction
    }

    /// The spans toward which stances are asked for, as the input gave them; none for most.
    #[must_use]
    pub fn targets(&self) -> &[Span] {
        &self.targets
    }

    /// The parts whose kind the input itself tells (captions, headline and byline of a page), in order,
    /// without overlap. Of all else nothing is known here.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }
}

/// Gives `place` back for text, an error for binary data.
pub(crate) fn refuse_binary(place: Place, bytes: &[u8]) -> Result<Place> {
    let head = &bytes[..bytes.len().min(SNIFFED)];
    let has_nul = head.contains(&0);
    let controls = head.iter().filter(|&&byte| is_control(byte)).count();
    if !has_nul && controls * BYTES_PER_CONTROL <= head.len() {
        return Ok(place);
    }
    Err(Error::Input {
        place,
        found: "binary data".into(),
        expected: "UTF-8 text".into(),
        cure: "extract the text first (from PDF, Word or an archive), or convert UTF-16 to UTF-8".into(),
    })
}

/// Whether a byte is a control character that text does not use.
const fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Document> {
        Document::from_bytes(Place::file("a.txt"), "a", bytes.to_vec())
    }

    #[test]
    fn the_text_keeps_its_byte_order_mark_and_line_ends() {
        let text = "\u{feff}One.\r\nTwo.\r\n";
        assert_eq!(read(text.as_bytes()).unwrap().text(), text);
    }

    #[test]
    fn an_empty_file_is_an_empty_document() {
        assert_eq!(read(b"").unwrap().text(), "");
    }

    #[test]
    fn a_shared_text_makes_the_same_document_as_an_owned_one() {
        let text: Arc<str> = "One. Two.".into();
        let shared =
            Document::sharing("a", Arc::new(text.clone())).with_targets(vec![Span::new(0, 3), Span::new(5, 50)]);
        assert_eq!(shared, Document::new("a", "One. Two.").with_targets(vec![Span::new(0, 3)]));
        assert_eq!(shared.text().as_ptr(), text.as_ptr());
    }

    #[test]
    fn invalid_utf8_is_refused_with_its_offset() {
        let error = read(b"abc\xff\xfe").unwrap_err();
        assert!(matches!(error, Error::NotUtf8 { offset: 3, .. }), "{error}");
    }

    #[test]
    fn invalid_utf8_is_replaced_when_asked() {
        let document = Document::from_bytes_lossy(Place::file("a.txt"), "a", b"abc\xffd".to_vec()).unwrap();
        assert_eq!((document.id(), document.text()), ("a", "abc\u{fffd}d"));
    }

    #[test]
    fn a_nul_byte_or_many_controls_are_binary_data() {
        for bytes in [&b"text\0text"[..], &b"\x01\x02\x03\x04text"[..]] {
            let error = read(bytes).unwrap_err();
            assert!(error.to_string().contains("found binary data"), "{error}");
        }
    }

    #[test]
    fn one_stray_control_in_a_long_text_is_text() {
        assert!(read(b"A line of prose with one \x1b escape in it.").is_ok());
    }
}
