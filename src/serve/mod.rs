//! The server: requests over HTTP in, reports as JSON out.
//!
//! In: documents that clients send. Out: what `score` and `compare` make of them, in the same JSON as the program
//! writes. Start at [`serve`]. This layer computes no score: it reads requests, bounds them, and hands them on.
//!
//! | what | file |
//! |---|---|
//! | connections, and the end of all | [`connections`] |
//! | who may ask, headers, counts | [`guard`], [`metrics`] |
//! | paths and their handlers, their description | [`routes`], [`openapi`] |
//! | a body, read and understood | `sent`, [`asked`] |
//! | how much at once | [`limits`], `gate`, `hold` |
//! | the work | `score`, [`compare`], `read`, [`next`], [`corrections`], [`models`] |
//! | learning from corrections, and what it changes | [`retrain`], [`versions`], `change` |
//! | the page, its style and its scripts | [`page`] |
//! | answers and refusals | `answer`, [`problem`] |
//! | the models, exchanged while requests are in flight | [`state`] |
//!
//! Requests share nothing but the models. Nothing is written but corrections and the versions that are made of them, to the
//! store and the folder that the server was started with, and nothing read that a client names.

mod answer;
pub mod asked;
mod change;
pub mod compare;
pub mod connections;
pub mod corrections;
mod gate;
pub mod guard;
mod hold;
pub mod limits;
pub mod metrics;
pub mod models;
pub mod next;
pub mod openapi;
pub mod page;
pub mod problem;
mod read;
pub mod retrain;
pub mod routes;
mod score;
mod sent;
pub mod state;
pub mod versions;

pub use connections::serve;
pub use corrections::Corrections;
pub use guard::Access;
pub use limits::Limits;
pub use metrics::Clock;
pub use retrain::Retraining;
pub use state::{Loaded, Models};
pub use versions::Served;

use gate::Gate;
use hold::Hold;
use metrics::Metrics;
use rayon::ThreadPool;
use std::sync::Arc;

/// What every request is answered with.
#[derive(Debug)]
pub struct App {
    models: Models,
    access: Access,
    limits: Limits,
    gate: Gate,
    hold: Hold,
    metrics: Metrics,
    corrections: Option<Corrections>,
    retraining: Option<Retraining>,
}

impl App {
    /// Answers with these models those who have access, within the limits, on the threads of the pool. The clock is for
    /// counts of time alone.
    #[must_use]
    pub fn new(loaded: Loaded, access: Access, limits: Limits, pool: Arc<ThreadPool>, clock: Clock) -> Self {
        Self {
            models: Models::new(loaded),
            access,
            gate: Gate::new(pool, &limits),
            hold: Hold::new(limits.held_bytes),
            metrics: Metrics::new(clock),
            corrections: None,
            retraining: None,
            limits,
        }
    }

    /// The same, keeping corrections.
    #[must_use]
    pub fn keeping(self, corrections: Corrections) -> Self {
        Self { corrections: Some(corrections), ..self }
    }

    /// The same, retraining on the corrections that it keeps.
    #[must_use]
    pub fn retraining(self, retraining: Retraining) -> Self {
        Self { retraining: Some(retraining), ..self }
    }

    /// The models, to be looked at or exchanged.
    #[must_use]
    pub const fn models(&self) -> &Models {
        &self.models
    }
}
