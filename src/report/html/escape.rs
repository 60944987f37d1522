//! Text from outside, made fit for a page.
//!
//! In: any text. Out: markup whose text content is that text, character for character; NUL, which a page cannot hold,
//! becomes U+FFFD. Start at [`push`]. What names, labels and attributes hold is escaped by maud; this is for
//! the article itself, in which a reader must see characters that a browser would obey or drop.

use maud::Escaper;
use std::fmt::Write;

/// Writes `text` to `out`, as markup.
pub(super) fn push(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(is_special) {
        escape(out, &rest[..at]);
        let Some(c) = rest[at..].chars().next() else { break };
        special(out, c);
        rest = &rest[at + c.len_utf8()..];
    }
    escape(out, rest);
}

fn escape(out: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = Escaper::new(out).write_str(text);
}

/// What a browser drops, normalises, or lets reorder the text around it.
fn is_special(c: char) -> bool {
    c == '\r' || (c.is_control() && !matches!(c, '\t' | '\n')) || matches!(c, '\u{202D}' | '\u{202E}')
}

/// A carriage return as a reference, as a bare one would become a line feed; any other by its name, shown by the
/// style sheet, inside an element that ends its effect.
fn special(out: &mut String, c: char) {
    if c == '\r' {
        out.push_str("&#13;");
        return;
    }
    // A reference to a control character from U+0080 to U+009F would be read as one of Windows-1252.
    let shown = if c == '\0' { '\u{FFFD}' } else { c };
    let _ = write!(out, "<bdi class=\"control\" data-c=\"U+{:04X}\">{shown}</bdi>", u32::from(c));
}

#[cfg(test)]
mod tests {
    fn of(text: &str) -> String {
        let mut out = String::new();
        super::push(&mut out, text);
        out
    }

    #[test]
    fn markup_in_a_text_is_text() {
        assert_eq!(
            of("<script>alert(\"1\" & '2')</script>"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; '2')&lt;/script&gt;"
        );
        assert_eq!(of("&lt;"), "&amp;lt;");
    }

    #[test]
    fn what_a_browser_would_obey_or_drop_is_named() {
        assert_eq!(of("a\r\nb"), "a&#13;\nb");
        assert_eq!(of("a\0b"), "a<bdi class=\"control\" data-c=\"U+0000\">\u{FFFD}</bdi>b");
        assert_eq!(of("\u{202E}x"), "<bdi class=\"control\" data-c=\"U+202E\">\u{202E}</bdi>x");
        assert_eq!(of("نص\u{200F} 🔥"), "نص\u{200F} 🔥");
    }
}
