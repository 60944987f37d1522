//! How good a head is on labelled rows, how sure that is, and whether another model is better.
//!
//! In: [`Rows`], what a head said about rows whose labels are known; [`Scored::new`] checks them. Out:
//! [`Measures`] from [`measure()`] (numbers, 95 % intervals by article, reliability, coverage), a
//! [`Comparison`] of two models from [`compare()`], and [`failed_gates`] for bounds such as `bias.f1=0.7`.
//! For heads that mark spans it is [`SpanRow`]s, [`measure_spans`] and [`compare_spans`]. All results
//! serialize to JSON; [`write_measures`], [`write_span_measures`] and [`write_comparison`] write them as text.
//!
//! Start at [`measure()`]. Each measure is defined in the module of its kind: decisions and scoring rules
//! in [`metrics`], thresholds left open in [`ranking`], calibration in [`reliability`], abstention in
//! [`coverage`], chance in [`bootstrap`], marked words in [`spans`]. Nothing here scores text, reads a file or prints.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail by panicking"))]

pub mod bootstrap;
pub mod compare;
pub mod coverage;
pub mod gate;
pub mod measure;
pub mod metrics;
pub mod named;
pub mod panel;
pub mod ranking;
pub mod reliability;
pub mod scored;
pub mod spans;
pub mod text;
pub mod word_list;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod sample;

pub use bootstrap::Interval;
pub use compare::{Comparison, Difference, compare};
pub use coverage::CoveragePoint;
pub use gate::{FailedGate, Gate, failed_gates};
pub use measure::{Measures, Settings, measure};
pub use named::Named;
pub use panel::{KINDS, Kind};
pub use reliability::{Binning, Bins, ReliabilityBin};
pub use scored::{Rows, Scored};
pub use spans::{SpanHead, SpanMeasures, SpanRow, compare_spans, measure_spans, write_span_measures};
pub use text::{write_comparison, write_measures};
pub use word_list::WordList;
