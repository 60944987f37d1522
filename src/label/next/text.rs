//! The queue for a reader: sentences in order, each with its place and its reasons.
//!
//! In: documents, candidates and their places in the queue. Out: lines, written into any [`fmt::Write`]. Start at
//! [`write_queue`].

use super::candidate::Candidate;
use super::doubt::Doubt;
use super::queue::Next;
use crate::text::{Document, OffsetUnit, Offsets};
use std::fmt::{self, Write};

/// Writes the queue, the last line ended. Control characters, which a terminal might obey, are spaces.
///
/// # Errors
/// Only those of `out`.
pub fn write_queue(queue: &[(&Document, &Candidate, Next)], unit: OffsetUnit, out: &mut impl Write) -> fmt::Result {
    if queue.is_empty() {
        return writeln!(out, "Nothing is left to be read.");
    }
    for ((document, candidate, next), rank) in queue.iter().zip(1..) {
        if rank > 1 {
            writeln!(out)?;
        }
        let (start, end) = Offsets::new(document.text()).convert_span(candidate.span, unit);
        let number = candidate.sentence + 1;
        writeln!(out, "{rank:>3}  {}, sentence {number} ({start}–{end})", flat(document.id()))?;
        writeln!(out, "     {}", flat(&candidate.text))?;
        let doubts: Vec<String> = candidate.doubts.iter().map(told).collect();
        writeln!(out, "     {}", doubts.join(" · "))?;
        writeln!(out, "     uncertainty {:.2}, likeness to the nearest {:.2}", candidate.uncertainty, next.likeness)?;
    }
    Ok(())
}

/// What a head says: the label with its probability, and how uncertain it is.
fn told(doubt: &Doubt) -> String {
    let p = doubt.probabilities.get(&doubt.label).copied().unwrap_or(0.0);
    let mark = doubt.mark.as_ref().map(|mark| format!(" ‘{}’", flat(mark))).unwrap_or_default();
    format!("{}{mark} {} {p:.2} (uncertainty {:.2})", doubt.head, doubt.label, doubt.uncertainty)
}

fn flat(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
