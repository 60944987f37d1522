//! What to read next: of many sentences that nobody labelled, those that an hour of reading is best spent on.
//!
//! In: documents with their reports, and what is labelled already. Out: a ranked queue, each sentence with its reasons.
//! Start at [`candidates`] and [`queue()`].
//!
//! Two things make a sentence worth reading. The model is **uncertain** of it ([`doubt`]: how near the decision of each head
//! is to falling the other way, which is margin sampling, Scheffer et al. 2001, against the head's own thresholds), and it
//! is **unlike** what was chosen before it and what is labelled ([`vector()`], [`queue()`]: maximal marginal relevance, Carbonell
//! & Goldstein 1998). A sentence that says nearly what another says is never in the queue beside it. `docs/reading.md`
//! shows what this saved in a simulation; the settings' defaults are from there.

pub mod candidate;
pub mod doubt;
pub mod labelled;
pub mod line;
pub mod queue;
pub mod text;
pub mod vector;

pub use candidate::{Candidate, candidates};
pub use doubt::Doubt;
pub use labelled::Labelled;
pub use line::{Line, Reason, line};
pub use queue::{Next, Settings, queue};
pub use text::write_queue;
pub use vector::{Vector, vector};
