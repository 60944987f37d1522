//! From files to documents: what the user names, read in order and one at a time.
//!
//! In: [`Source`]s, which are files, folders, patterns and streams. Out: [`Inputs`], an iterator of
//! `Result<Document>`: a text file is one document, so is a web page's article (`html/`), a JSONL file is
//! one document a line (`record.rs` over `lines.rs` and `keys.rs`), CSV and TSV one a row (`csv.rs` over `rows.rs`), and so
//! is Parquet (`parquet/`, feature `columnar`). Any but Parquet may be compressed (`compression.rs`). What cannot be used is
//! an item too, an error with its place, and the iterator goes on behind it. Start at
//! [`Inputs::new`]. Beside them the user's file of aliases ([`read_aliases`]). Nothing here knows a model, or prints.

mod aliases;
mod columns;
mod compression;
mod csv;
mod entry;
mod files;
pub mod html;
mod ids;
mod input;
#[cfg(test)]
mod input_tests;
mod keys;
mod kind;
mod lines;
#[cfg(feature = "columnar")]
mod parquet;
mod pattern;
mod progress;
mod record;
mod rows;

pub use aliases::{AliasEntry, LARGEST_ALIASES, read_aliases};
pub use columns::Columns;
pub use compression::COMPRESSED;
pub use entry::{Entry, Kept};
pub use files::{EXTENSIONS, Source};
pub use input::{Inputs, LARGEST_INPUT, Reading};
pub use kind::Kind;
#[cfg(feature = "columnar")]
pub use parquet::{SharedText, Strings};
