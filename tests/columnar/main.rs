//! Tables of a corpus: `parallax score --tables`, on the real program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod corpus;
mod kept;
mod read;
mod rejects;
mod resume;
#[allow(dead_code)]
#[path = "../run/mod.rs"]
mod run;
mod same;
mod schema;
mod strings;
