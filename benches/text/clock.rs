//! The time that the processor spends on one thread: other work on the machine does not count.
//!
//! In: the kernel's count of it, where there is one (Linux); elsewhere the clock on the wall. Out: a duration, in ticks
//! of some milliseconds. Start at [`Clock::start`].

use std::time::{Duration, Instant};

/// A clock that runs.
pub struct Clock {
    wall: Instant,
    spent: Option<Duration>,
}

impl Clock {
    /// Starts one; it counts what this thread does.
    pub fn start() -> Self {
        Self { wall: Instant::now(), spent: spent() }
    }

    /// The time since it was started.
    pub fn elapsed(&self) -> Duration {
        match (self.spent, spent()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.wall.elapsed(),
        }
    }
}

/// How long this thread has been at work; `None` where the kernel does not say.
fn spent() -> Option<Duration> {
    let counts = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(counts.split(' ').next()?.parse().ok()?))
}
