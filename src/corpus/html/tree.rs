//! A page's source as a tree, within bounds.
//!
//! In: the source. Out: its tree, or an error for a page that no browser would show. Start at [`parse`].
//! A few thousand bytes can ask for millions of elements, or for elements in elements without end; the
//! source is therefore fed in parts, and after each the tree is measured.

use crate::error::{Error, Place, Result};
use dom_query::{Document as Tree, NodeId};
use html5ever::interface::Tracer;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use std::cell::Cell;

/// How many bytes are parsed between two looks at the tree.
const PART: usize = 2048;

/// Elements in elements; browsers stop at 512.
const DEEPEST: usize = 512;

/// Elements and pieces of text. A long article's page has about 10,000.
const MOST_NODES: usize = 400_000;

/// The tree of `source`, which was read at `place`.
///
/// # Errors
/// [`Error::Input`] for a page that is nested too deeply or has too many elements.
pub(super) fn parse(place: &Place, source: &str) -> Result<Tree> {
    let mut parser = parse_document(Tree::default(), options());
    let mut rest = source;
    while !rest.is_empty() {
        let end = (0..=PART.min(rest.len())).rev().find(|&end| rest.is_char_boundary(end)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parser.process(StrTendril::from_slice(part));
        rest = after;
        let depth = Depth(Cell::new(0));
        parser.tokenizer.sink.trace_handles(&depth);
        if depth.0.get() > DEEPEST {
            return Err(refused(place, format!("a page with more than {DEEPEST} elements inside each other")));
        }
        if parser.tokenizer.sink.sink.tree.len() > MOST_NODES {
            return Err(refused(place, format!("a page with more than {MOST_NODES} elements")));
        }
    }
    Ok(parser.finish())
}

/// Counts the elements that are open, and those that will be opened again in the next block.
struct Depth(Cell<usize>);

impl Tracer for Depth {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

/// Without scripts, as the `dom_smoothie` crate expects: what stands in `noscript` is elements.
fn options() -> ParseOpts {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    ParseOpts { tree_builder, ..ParseOpts::default() }
}

fn refused(place: &Place, found: String) -> Error {
    Error::Input {
        place: place.clone(),
        found,
        expected: "one article's page".into(),
        cure: "save the article's text and score that".into(),
    }
}
