//! How good the span heads are: loaded terms, and who is made to say what.
//!
//! In: [`SpanRow`]s, for each labelled sentence what annotators marked and what a model marked. Out:
//! [`SpanMeasures`] of each head that both looked for ([`measure_spans`]), with 95 % intervals from the same
//! bootstrap by article as for sentence heads; the differences between two models ([`compare_spans`]); and
//! both as text ([`write_span_measures`]). Start at [`measure_spans`]; every measure is defined at
//! [`SpanHead`], what counts as right in `tally`.

pub mod differences;
pub mod head;
mod ledger;
pub mod marked;
pub mod measures;
pub mod row;
mod tally;
pub mod text;

mod attribution;
mod loaded;

#[cfg(test)]
mod sample;

pub use differences::compare_spans;
pub use head::SpanHead;
pub use marked::{Marked, Relation, Term};
pub use measures::{SpanMeasures, measure_spans};
pub use row::SpanRow;
pub use text::write_span_measures;
