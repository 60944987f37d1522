//! Work for clients, bounded: so much at once, so much waiting, so long.
//!
//! In: a piece of work that takes a processor. Out: what it gave, or a [`Problem`]. Start at [`Gate::run`]. Work runs on
//! the threads of a pool, never on those that talk to clients. What nobody waits for any more is told to [`Stop`]; until
//! it does, it keeps its place, so that no more is worked on than allowed.

use super::limits::Limits;
use super::problem::{Kind, Problem};
use rayon::ThreadPool;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;
use tokio::task;
use tokio::time::{Duration, timeout};

/// Lets in so many pieces of work.
#[derive(Debug)]
pub(super) struct Gate {
    /// Places for what is worked on and what waits.
    places: Arc<Semaphore>,
    working: Arc<Semaphore>,
    pool: Arc<ThreadPool>,
    time: Duration,
}

/// Whether nobody waits for a piece of work any more.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A problem, where nobody waits any more.
    pub(super) fn check(&self) -> Result<(), Problem> {
        if self.0.load(Ordering::Relaxed) { Err(Problem::new(Kind::TookTooLong, "stopped")) } else { Ok(()) }
    }
}

/// Stops work when it is dropped.
struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl Gate {
    /// A gate before this pool.
    pub(super) fn new(pool: Arc<ThreadPool>, limits: &Limits) -> Self {
        let working = limits.concurrency.clamp(1, Semaphore::MAX_PERMITS / 2);
        let places = working + limits.queue.min(Semaphore::MAX_PERMITS / 2);
        Self {
            places: Arc::new(Semaphore::new(places)),
            working: Arc::new(Semaphore::new(working)),
            pool,
            time: limits.request_time,
        }
    }

    /// Does the work, after what came before it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Stop) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let full = |_| Problem::new(Kind::QueueFull, "as many requests are waiting as may; try again in a second");
        let _place = self.places.clone().try_acquire_owned().map_err(full)?;
        let waiting = Waiting(Stop::default());
        let stop = waiting.0.clone();
        let done = async {
            let permit = self.working.clone().acquire_owned().await.map_err(|_| Problem::internal())?;
            let pool = self.pool.clone();
            let work = move || {
                let _permit = permit;
                pool.install(|| work(&stop))
            };
            // A panic in the work comes out here, and is nobody else's.
            task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
        };
        timeout(self.time, done).await.unwrap_or_else(|_| {
            let seconds = self.time.as_secs_f64();
            let detail = format!("no answer after {seconds} s; ask for fewer documents at once, or try again later");
            Err(Problem::new(Kind::TookTooLong, detail))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn gate(limits: &Limits) -> Gate {
        Gate::new(Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap()), limits)
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    #[test]
    fn a_full_queue_refuses_and_is_open_again_when_work_is_done() {
        let gate = gate(&Limits { concurrency: 1, queue: 1, ..Limits::default() });
        let (begin, begun) = mpsc::channel::<()>();
        block_on(async {
            let first = gate.run(move |_| Ok(begun.recv().is_ok()));
            let second = gate.run(|_| Ok(true));
            let third = async {
                task::yield_now().await;
                let refused = gate.run(|_| Ok(true)).await.unwrap_err();
                assert_eq!(refused.kind(), Kind::QueueFull);
                begin.send(()).unwrap();
            };
            let (first, second, ()) = tokio::join!(first, second, third);
            assert!(first.unwrap() && second.unwrap());
            assert!(gate.run(|_| Ok(true)).await.unwrap());
        });
    }

    #[test]
    fn work_that_takes_too_long_is_told_to_stop() {
        let gate = gate(&Limits { request_time: Duration::from_millis(20), ..Limits::default() });
        let (told, stopped) = mpsc::channel();
        block_on(async {
            let work = move |stop: &Stop| {
                while stop.check().is_ok() {
                    std::thread::yield_now();
                }
                told.send(()).unwrap();
                Ok(())
            };
            assert_eq!(gate.run(work).await.unwrap_err().kind(), Kind::TookTooLong);
            stopped.recv().unwrap();
        });
    }

    #[test]
    fn a_panic_is_a_problem_of_one_request_alone() {
        let gate = gate(&Limits { concurrency: 1, ..Limits::default() });
        block_on(async {
            let panics = gate.run(|_| if true { panic!("of a test") } else { Ok(()) }).await;
            assert_eq!(panics.unwrap_err().kind(), Kind::Internal);
            assert!(gate.run(|_| Ok(true)).await.unwrap());
        });
    }
}
