//! The characters of a page.
//!
//! In: a page's bytes. Out: its source as text. Start at [`decode`]. A byte-order mark decides, then what
//! the page says of itself (`<meta charset>`, `encoding` of an XML declaration), then UTF-8.

use crate::error::{Error, Place, Result};
use crate::text::refuse_binary;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into the page it is looked for what it says of its encoding, in bytes.
const SEARCHED: usize = 4096;

/// The source of the page that was read at `place`; no byte-order mark.
///
/// # Errors
/// [`Error::Input`] for binary data. Where the bytes are not of the page's encoding and not `lossy`:
/// [`Error::NotUtf8`], or [`Error::Input`] for another encoding.
pub(super) fn decode(place: Place, bytes: &[u8], lossy: bool) -> Result<String> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None => (declared(bytes).unwrap_or(UTF_8), 0),
    };
    // UTF-16 has NUL bytes; a page cannot say so of itself without a mark.
    let place = if mark > 0 && encoding != UTF_8 { place } else { refuse_binary(place, bytes)? };
    let (text, found_bad) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if found_bad && !lossy {
        if encoding == UTF_8 {
            let valid = std::str::from_utf8(&bytes[mark..]).err().map_or(0, |error| error.valid_up_to());
            return Err(Error::NotUtf8 { place, offset: mark + valid });
        }
        return Err(Error::Input {
            place,
            found: format!("bytes that are not {}, which the page says it is in", encoding.name()),
            expected: "a page in the encoding that it names".into(),
            cure: "correct its charset, or pass --lossy to replace what cannot be read by U+FFFD".into(),
        });
    }
    Ok(text.into_owned())
}

/// The encoding that the page names, if it is known.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut rest = &bytes[..bytes.len().min(SEARCHED)];
    while let Some(at) = rest.iter().position(|&byte| byte == b'<') {
        rest = &rest[at + 1..];
        let (end, named) = if rest.starts_with(b"!--") {
            (find(rest, b"-->")?, None)
        } else {
            let end = rest.iter().position(|&byte| byte == b'>')?;
            let tag = rest[..end].to_ascii_lowercase();
            let key: Option<&[u8]> = match () {
                () if tag.starts_with(b"meta") => Some(b"charset"),
                () if tag.starts_with(b"?xml") => Some(b"encoding"),
                () => None,
            };
            (end, key.and_then(|key| value(&tag, key)).and_then(|label| Encoding::for_label(&label)))
        };
        if let Some(encoding) = named {
            // Such a page was read this far as ASCII, so it is not in UTF-16.
            return Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding });
        }
        rest = &rest[end..];
    }
    None
}

/// What follows `key` and `=` in a tag, without quotation marks.
fn value(tag: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let after = tag[find(tag, key)? + key.len()..].trim_ascii_start().strip_prefix(b"=")?;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b';' | b'/' | b'?');
    let open: Vec<u8> = after.iter().skip_while(|byte| ends(byte)).copied().collect();
    let end = open.iter().position(ends).unwrap_or(open.len());
    Some(open[..end].to_vec())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String> {
        decode(Place::file("a.html"), bytes, false)
    }

    #[test]
    fn a_page_is_read_in_the_encoding_that_it_names() {
        for head in ["<meta charset=windows-1256>", "<META http-equiv=a content=\"text/html; charset=Windows-1256\">"] {
            let (body, ..) = encoding_rs::WINDOWS_1256.encode("قال الوزير");
            let page = [head.as_bytes(), b"<p>", &body].concat();
            assert!(read(&page).unwrap().ends_with("<p>قال الوزير"));
        }
        assert_eq!(read(b"<?xml version='1.0' encoding='iso-8859-1'?>\xe9").unwrap().chars().last(), Some('é'));
        assert_eq!(read("<!-- <meta charset=windows-1256> -->é".as_bytes()).unwrap().chars().last(), Some('é'));
    }

    #[test]
    fn a_byte_order_mark_is_stronger_than_what_the_page_says() {
        assert_eq!(read("\u{feff}<meta charset=windows-1256>é".as_bytes()).unwrap(), "<meta charset=windows-1256>é");
        let utf_16: Vec<u8> = "\u{feff}<p>é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf_16).unwrap(), "<p>é");
    }

    #[test]
    fn without_a_name_it_is_utf_8_and_says_where_it_is_not() {
        assert_eq!(read("<p>é".as_bytes()).unwrap(), "<p>é");
        assert!(matches!(read(b"<p>caf\xe9 x"), Err(Error::NotUtf8 { offset: 6, .. })));
        assert_eq!(decode(Place::file("a"), b"<p>caf\xe9 x", true).unwrap(), "<p>caf\u{fffd} x");
        assert!(matches!(read(b"<meta charset=utf-16>caf\xe9"), Err(Error::NotUtf8 { .. })));
        assert!(read(b"<p>\0\0").unwrap_err().to_string().contains("binary data"));
    }
}
