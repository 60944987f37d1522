//! How much the server takes on, and how long it waits.
//!
//! In: nothing. Out: [`Limits`]. Start at its defaults.

use tokio::time::Duration;

/// No request may hold more documents than this, whatever [`Limits::documents`] says.
pub const MOST_DOCUMENTS: usize = 10_000;

/// Bounds on what clients may ask for and how slow they may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body. Default: 8 MiB.
    pub body_bytes: usize,
    /// Bytes of one document's text. Default: 1 MiB.
    pub document_bytes: usize,
    /// Documents of one request; at most [`MOST_DOCUMENTS`]. Default: 256.
    pub documents: usize,
    /// Bytes of an answer. Default: 64 MiB.
    pub answer_bytes: usize,
    /// Bytes of all bodies and answers that are held at once. Default: 512 MiB.
    pub held_bytes: usize,
    /// Requests that are worked on at once. Default: 2; the program sets one a processor.
    pub concurrency: usize,
    /// Requests that wait for that. Default: 512.
    pub queue: usize,
    /// Open connections; others wait to be accepted. Default: 768.
    pub connections: usize,
    /// From when a request was read to its answer. Default: 30 s.
    pub request_time: Duration,
    /// For all of a body to come. Default: 15 s.
    pub body_time: Duration,
    /// For the head of a request to come, and between two requests on one connection. Default: 15 s.
    pub idle_time: Duration,
    /// For a client to take any more of its answer. Default: 15 s.
    pub write_time: Duration,
    /// For requests in flight, when the server is asked to stop. Default: 10 s.
    pub shutdown_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            document_bytes: 1 << 20,
            documents: 256,
            answer_bytes: 64 << 20,
            held_bytes: 512 << 20,
            concurrency: 2,
            queue: 512,
            connections: 768,
            request_time: Duration::from_secs(30),
            body_time: Duration::from_secs(15),
            idle_time: Duration::from_secs(15),
            write_time: Duration::from_secs(15),
            shutdown_time: Duration::from_secs(10),
        }
    }
}
