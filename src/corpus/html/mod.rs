//! Web pages: the article in them.
//!
//! In: a page's bytes. Out: a [`Document`] whose text is the article's, one empty line between its
//! paragraphs, with the headline first; headline, byline and captions are known regions. Start at
//! [`document`]. Bytes become characters in `encoding.rs`, characters a tree in `tree.rs`; the `dom_smoothie`
//! crate finds the article; `lines.rs` writes it. All of the page's text is taken where no article is found.

mod encoding;
mod lines;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod tree;

use crate::error::{Place, Result};
use crate::text::{Document, Extraction, Region, RegionKind, Span, normal_form, words};
use dom_query::Document as Tree;
use dom_smoothie::{Config, Readability};
use lines::Line;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most elements that an article is looked for in; of a larger page all text is taken.
const MOST_ELEMENTS: usize = 50_000;

/// A longer byline is none.
const LONGEST_BYLINE: usize = 120;

/// Whether bytes begin as a page does, after a byte-order mark, white space, comments and an XML declaration.
#[must_use]
pub fn is_html(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    loop {
        let close: &[u8] = match () {
            () if rest.starts_with(b"<!--") => b"-->",
            () if rest.starts_with(b"<?xml") => b"?>",
            () => break,
        };
        let Some(end) = rest.windows(close.len()).position(|window| window == close) else { return false };
        rest = rest[end + close.len()..].trim_ascii_start();
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|opening| {
        let begins = rest.get(..opening.len()).is_some_and(|head| head.eq_ignore_ascii_case(opening.as_bytes()));
        begins && rest.get(opening.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
    })
}

/// The article of the page that was read at `place`, under the id `id`.
///
/// Its text is empty where the page shows none. With `lossy`, bytes that are not of the page's encoding
/// become U+FFFD.
///
/// # Errors
/// [`crate::Error::Input`] for binary data and for a page nested too deeply or with too many elements.
/// Where the bytes are not of the page's encoding and not `lossy`: [`crate::Error::NotUtf8`] or
/// [`crate::Error::Input`].
pub fn document(place: &Place, id: impl Into<String>, bytes: &[u8], lossy: bool) -> Result<Document> {
    let source = encoding::decode(place.clone(), bytes, lossy)?;
    let tree = tree::parse(place, &source)?;
    let heading = heading(&tree);
    let (extraction, headline, byline, lines) = match article(&tree) {
        Some(found) => (Extraction::Article, heading.or(found.title), found.byline, found.lines),
        None => (Extraction::Page, heading, None, lines::lines(tree.body().unwrap_or_else(|| tree.root()))),
    };
    Ok(written(id.into(), extraction, headline, byline, lines))
}

/// What was found of an article.
struct Article {
    title: Option<String>,
    byline: Option<String>,
    lines: Vec<Line>,
}

/// The article in a tree, if there is one.
fn article(tree: &Tree) -> Option<Article> {
    let config =
        Config { keep_classes: true, max_elements_to_parse: MOST_ELEMENTS, disable_json_ld: true, ..Config::default() };
    // Heuristics of a foreign crate on a foreign page: should they ever fail, the page's text is still there.
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        Readability::with_document(tree.clone(), None, Some(config)).and_then(|mut page| page.parse()).ok()
    }));
    let found = parsed.ok().flatten()?;
    let content = Tree::fragment(found.content);
    let lines = lines::lines(content.root());
    if lines.is_empty() {
        return None;
    }
    let byline = found
        .byline
        .map(|byline| flat(&byline))
        .filter(|byline| !byline.is_empty() && byline.chars().count() <= LONGEST_BYLINE && !byline.contains("://"));
    Some(Article { title: Some(flat(&found.title)).filter(|title| !title.is_empty()), byline, lines })
}

/// The page's heading, where it has exactly one of the first rank.
fn heading(tree: &Tree) -> Option<String> {
    let headings = tree.select("h1");
    let mut texts = headings.nodes().iter().map(|node| {
        let lines: Vec<String> = lines::lines(*node).into_iter().map(|line| flat(&line.text)).collect();
        lines.join(" ")
    });
    let first = texts.find(|text| !text.is_empty())?;
    texts.all(|text| text.is_empty() || text == first).then_some(first)
}

/// Text in one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The document of an article's parts: headline, byline, lines.
fn written(
    id: String,
    extraction: Extraction,
    headline: Option<String>,
    byline: Option<String>,
    lines: Vec<Line>,
) -> Document {
    let mut text = String::new();
    let mut regions = Vec::new();
    let mut push = |line: &str, kind: Option<RegionKind>| {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(line);
        regions.extend(kind.map(|kind| Region { kind, span: Span::new(start, text.len()) }));
    };
    let mut lines = lines.as_slice();
    if let Some(headline) = headline {
        // Given once: as the first line where the article begins with it, before it otherwise.
        if let Some((first, rest)) = lines.split_first()
            && !first.caption
            && same_words(&first.text, &headline)
        {
            lines = rest;
        }
        push(&headline, Some(RegionKind::Headline));
    }
    if let Some(byline) = byline
        && !lines.iter().take(3).any(|line| line.text.contains(&byline))
    {
        push(&byline, Some(RegionKind::Byline));
    }
    for line in lines {
        push(&line.text, line.caption.then_some(RegionKind::Caption));
    }
    Document::extracted(id, text, extraction, regions)
}

/// Whether two lines say the same, apart from case, accents and punctuation.
fn same_words(a: &str, b: &str) -> bool {
    let forms = |text: &str| -> Vec<String> {
        let mut form = String::new();
        let spans = words(text).filter(|span| span.slice(text).chars().any(char::is_alphanumeric));
        spans
            .map(|span| {
                normal_form(span.slice(text), &mut form);
                form.clone()
            })
            .collect()
    };
    forms(a) == forms(b)
}
