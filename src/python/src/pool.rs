//! The threads that the library works on.
//!
//! In: how many. Out: a pool of so many, the same each time. Start at [`pool`]. A process that was forked has none of its
//! parent's threads, so it gets pools of its own.

use parallax::Error;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The pools of one process, by their number of threads.
struct Pools {
    process: u32,
    by_threads: HashMap<usize, Arc<ThreadPool>>,
}

static POOLS: Mutex<Option<Pools>> = Mutex::new(None);

/// A pool of so many threads; 0 stands for one a processor. To be called with the interpreter's lock held: no fork falls
/// between.
///
/// # Errors
/// [`Error::Settings`] where there cannot be so many.
pub fn pool(threads: usize) -> parallax::Result<Arc<ThreadPool>> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if pools.as_ref().is_none_or(|pools| pools.process != process) {
        // The parent's pools cannot be ended from here: their threads are not in this process.
        std::mem::forget(pools.replace(Pools { process, by_threads: HashMap::new() }));
    }
    let Some(pools) = pools.as_mut() else { unreachable!("pools were just made") };
    if let Some(pool) = pools.by_threads.get(&threads) {
        return Ok(pool.clone());
    }
    let made = ThreadPoolBuilder::new().num_threads(threads).thread_name(|n| format!("parallax-{n}")).build();
    let pool = Arc::new(made.map_err(|e| Error::Settings {
        setting: "threads".into(),
        found: format!("{threads}, and no such pool ({e})"),
        expected: "a number of threads that this machine can start".into(),
    })?);
    pools.by_threads.insert(threads, pool.clone());
    Ok(pool)
}
