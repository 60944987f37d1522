//! **Parallax** measures how a news text frames what it tells: bias by word choice, subjectivity and
//! tone, sentence by sentence, with the tokens that carry each score.
//!
//! In: a text. Out: a [`Report`](report::Report) whose every span points into that text and whose
//! every score is the sum of its tokens' parts. The straight line, top to bottom, is in [`score`]:
//!
//! text → [`Document`](text::Document) → regions and their languages → sentences → tokens ([`text`]) →
//! features ([`features`]) → heads ([`heads`], [`model`]) → report ([`report`]).
//!
//! ```
//! use parallax::{score::{Options, Scorer}, text::Document};
//!
//! # fn main() -> parallax::Result<()> {
//! # let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models/en"));
//! let scorer = Scorer::open(folder)?;
//! let text = "The council met on Monday. Its shameless cronies rammed the plan through.";
//! let report = scorer.score(&Document::new("example", text), &Options::default())?;
//! assert_eq!(report.sentences.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Scorer`](score::Scorer) takes all text to be in its bundle's language; a [`Desk`](score::Desk) of several
//! tells languages apart and leaves alone what it has no bundle for.
//!
//! [`compare`] sets the reports of several documents on one event side by side.
//!
//! `label` (a feature, in the default build) keeps what readers correct, and hands it on as labelled sentences.
//!
//! `columnar` (a feature) makes tables of reports, in Arrow's form and in Parquet files.
//!
//! [`train`] fits a bundle to labelled sentences, [`evaluate`] measures one, [`mod@bench`] times it, [`corpus`] reads
//! inputs, and `cli` is the program. `src/README.md` draws the picture.

pub mod bench;
pub mod cli;
#[cfg(feature = "columnar")]
pub mod columnar;
pub mod compare;
pub mod corpus;
pub mod error;
pub mod evaluate;
pub mod features;
pub mod fold;
pub mod heads;
#[cfg(feature = "label")]
pub mod label;
pub mod model;
pub mod report;
pub mod score;
#[cfg(feature = "serve")]
pub mod serve;
pub mod text;
pub mod train;

pub use error::{Error, Result};
