//! The connections: accepted, bounded in number and patience, and closed in order.
//!
//! In: a listener, and what answers. Out: whether all was finished at the end. Start at [`serve`]. HTTP/1.1 and 1.0 are
//! spoken; what cannot be read as either, hyper answers with a bare 400, 414 or 431.

use super::App;
use super::routes::router;
use super::versions;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{Duration, sleep, timeout};
use tokio_io_timeout::TimeoutStream;

/// The most bytes of a request's head, and what is read ahead of a body.
const BUFFER: usize = 64 << 10;

/// How long nothing is accepted where the system has nothing left to accept with.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers whoever connects until `shutdown` is ready, then finishes what is in flight, for as long as the limits say.
///
/// Returns whether all of it was finished.
pub async fn serve(listener: TcpListener, app: Arc<App>, shutdown: impl Future<Output = ()>) -> bool {
    let limits = app.limits.clone();
    let service = TowerToHyperService::new(router(app.clone()));
    let mut http = http1::Builder::new();
    // Counts from when the connection is ready for a head: it is the longest that one may be idle, too.
    http.timer(TokioTimer::new()).header_read_timeout(limits.idle_time).max_buf_size(BUFFER);
    let places = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let graceful = GracefulShutdown::new();
    let watch = tokio::spawn(versions::watch(app.clone()));
    tokio::pin!(shutdown);
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // The client is gone, or there are too many open files.
            sleep(PAUSE).await;
            continue;
        };
        // Small answers are not to wait for more; where that cannot be had, they do.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_time));
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service.clone());
        let connection = graceful.watch(connection);
        let counted = app.metrics.connection();
        tokio::spawn(async move {
            // A client that goes away is no error of ours.
            let _ = connection.await;
            drop((counted, place));
        });
    }
    drop(listener);
    watch.abort();
    timeout(limits.shutdown_time, graceful.shutdown()).await.is_ok()
}
