//! From files to documents: what the user names, read in order and one at a time.
//!
//! In: [`Source`]s, which are files, folders and streams. Out: [`Inputs`], an iterator of
//! `Result<Document>`: a text file is one document, so is a web page's article (`html/`), a JSONL file is
//! one document a line. What cannot be used is an item too, an error with its place, and the iterator goes on behind it. Start at
//! [`Inputs::new`]. Beside them the user's file of aliases ([`read_aliases`]). Nothing here knows a model, or prints.

mod aliases;
mod files;
pub mod html;
mod ids;
mod input;
mod lines;
mod record;

pub use aliases::{Entry, LARGEST_ALIASES, read_aliases};
pub use files::{EXTENSIONS, Source};
pub use input::{Inputs, Kind, LARGEST_INPUT, Reading};
