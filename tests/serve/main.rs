//! `parallax serve` as a client meets it: the real program, over real connections.
//!
//! In: texts of our own. Out: what the server answers. `same.rs` sets it beside the other commands, `refused.rs` asks for what
//! it must not do, `retrain.rs` teaches it corrections, `patience.rs` is slow, `fuzz.rs` sends what no client should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod fuzz;
mod patience;
mod refused;
mod retrain;
mod same;
mod server;
