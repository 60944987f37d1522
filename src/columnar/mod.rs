//! Reports as tables of Arrow columns, in memory and in files.
//!
//! In: documents and a [`Desk`]. Out: five tidy tables ([`Table`]), keyed by the document's id, in record batches. Start at
//! [`tables()`]. `schema.rs` says which columns there are, `tables/` holds a file a table, each a list of columns (`column.rs`).
//!
//! [`run`] is the main path of `parallax score --tables`: entries of a corpus → parts (`part.rs`), each finished or not there, in
//! the folder of an unfinished run (`work.rs`) → files of Parquet or JSON Lines (`publish.rs`).

mod column;
mod file;
mod kept;
mod part;
mod publish;
pub mod run;
mod schema;
mod scored;
mod table;
mod tables;
mod work;

pub use column::{CLASS, DOC, HEAD, IS, UNIT};
pub use part::REJECTS;
pub use run::Run;
pub use schema::{SCHEMA, Schemas};
pub use scored::tables;
pub use table::{Form, Table};
pub use work::{FOLDER as WORK_FOLDER, Plan};

use crate::error::Error;
#[cfg(doc)]
use crate::score::Desk;

/// The most bytes that the text of a document in a table may have, so that every offset is a 32-bit integer: 2 GiB less one.
pub const LARGEST_TEXT: usize = i32::MAX as usize;

/// What Arrow refused: columns that do not belong together, which no input can cause.
fn arrow_error(error: impl std::fmt::Display) -> Error {
    Error::Data {
        what: "table".into(),
        found: error.to_string(),
        expected: "columns of one length and of the schema's types".into(),
        cure: "report it, with the document".into(),
    }
}
