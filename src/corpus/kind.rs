//! What the bytes of an input are.
//!
//! In: what the user said, the input's name and its first bytes. Out: a [`Kind`] that is not [`Kind::Auto`]. Start at
//! [`Kind::told`].

use super::html;
use std::path::Path;

/// What the bytes of an input are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// By the extension, before `.gz` or `.zst` if it ends in one: JSONL for `.jsonl` and `.ndjson`, CSV for `.csv`, TSV
    /// for `.tsv`, Parquet for `.parquet`, HTML for `.html`, `.htm` and `.xhtml`. Any other input is HTML where it begins
    /// as a page does, text for `.txt`, `.md` and `.text`, Parquet where it begins as such a file does, JSONL where the
    /// first character is `{`, text otherwise.
    #[default]
    Auto,
    /// Plain text: a file is a document.
    Text,
    /// JSON Lines: a line is a document.
    Jsonl,
    /// Comma-separated values with a header (RFC 4180): a row is a document.
    Csv,
    /// The same with tabs for commas.
    Tsv,
    /// Parquet: a row is a document. Only of files, and with the feature `columnar`.
    Parquet,
    /// HTML: a file is a page, and the document its article.
    Html,
}

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

impl Kind {
    /// What an input is: as the user said, else by the extension of its name, else by its first bytes.
    pub(super) fn told(self, bare: &Path, head: &[u8]) -> Self {
        if self != Self::Auto {
            return self;
        }
        let extension = bare.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match extension.as_str() {
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "parquet" => Self::Parquet,
            "html" | "htm" | "xhtml" => Self::Html,
            _ if html::is_html(head) => Self::Html,
            "txt" | "md" | "text" => Self::Text,
            _ if head.starts_with(PARQUET) => Self::Parquet,
            _ => {
                let begins = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
                if begins.starts_with(b"{") { Self::Jsonl } else { Self::Text }
            }
        }
    }
}
