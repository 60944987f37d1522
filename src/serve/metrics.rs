//! What is counted of requests, for `GET /metrics`.
//!
//! In: requests as they begin and end. Out: text in the exposition format of OpenMetrics, which Prometheus reads. Start at
//! `Metrics::begin`. Nothing of a text, an id or a client is counted.

use super::problem::Kind;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::Arc;
use tokio::time::Duration;

/// The media type of the text.
pub(super) const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The time since some moment, always the same.
pub type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

type Labels<const N: usize> = [(&'static str, String); N];

/// Upper bounds of the buckets of latency, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The counts.
pub struct Metrics {
    registry: Registry,
    clock: Clock,
    requests: Family<Labels<2>, Counter>,
    seconds: Family<Labels<1>, Histogram>,
    rejected: Family<Labels<1>, Counter>,
    in_flight: Gauge,
    connections: Gauge,
    documents: Counter,
    bytes: Counter,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// One more of something, until this is dropped.
#[derive(Debug)]
pub(super) struct Counted(Gauge);

impl Counted {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A request that is in flight.
#[derive(Debug)]
pub(super) struct Begun {
    at: Duration,
    _counted: Counted,
}

impl Metrics {
    /// Nothing counted yet.
    pub(super) fn new(clock: Clock) -> Self {
        let mut registry = Registry::with_prefix("parallax");
        let requests = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let (rejected, documents, bytes) = (Family::default(), Counter::default(), Counter::default());
        let (in_flight, connections) = (Gauge::default(), Gauge::default());
        registry.register("requests", "Requests answered, by route and status", requests.clone());
        registry.register_with_unit("request", "From a request's head to its answer", Unit::Seconds, seconds.clone());
        registry.register("rejected", "Requests refused, by kind of problem", rejected.clone());
        registry.register("in_flight", "Requests that are being answered", in_flight.clone());
        registry.register("connections", "Open connections", connections.clone());
        registry.register("documents", "Documents that were sent to be scored", documents.clone());
        registry.register_with_unit("documents", "Bytes of their texts", Unit::Bytes, bytes.clone());
        Self { registry, clock, requests, seconds, rejected, in_flight, connections, documents, bytes }
    }

    /// A request begins.
    pub(super) fn begin(&self) -> Begun {
        Begun { at: (self.clock)(), _counted: Counted::of(&self.in_flight) }
    }

    /// A request was answered.
    pub(super) fn end(&self, begun: Begun, route: &'static str, status: u16, refused: Option<Kind>) {
        let route = ("route", route.to_owned());
        self.requests.get_or_create(&[route.clone(), ("status", status.to_string())]).inc();
        self.seconds.get_or_create(&[route]).observe((self.clock)().saturating_sub(begun.at).as_secs_f64());
        if let Some(kind) = refused {
            self.rejected.get_or_create(&[("reason", kind.name().to_owned())]).inc();
        }
    }

    /// A connection is open.
    pub(super) fn connection(&self) -> Counted {
        Counted::of(&self.connections)
    }

    /// Documents with texts of these sizes are to be scored.
    pub(super) fn documents(&self, sizes: impl Iterator<Item = usize>) {
        for size in sizes {
            self.documents.inc();
            self.bytes.inc_by(size as u64);
        }
    }

    /// All counts as text.
    pub(super) fn text(&self) -> Option<String> {
        let mut text = String::new();
        encode(&mut text, &self.registry).ok().map(|()| text)
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn requests_are_counted_by_route_and_status_and_timed_by_the_clock() {
        let now = Arc::new(AtomicU64::new(0));
        let clock = now.clone();
        let metrics = Metrics::new(Arc::new(move || Duration::from_millis(clock.load(Ordering::Relaxed))));
        let begun = metrics.begin();
        assert!(metrics.text().unwrap().contains("parallax_in_flight 1\n"));
        now.store(2000, Ordering::Relaxed);
        metrics.end(begun, "/v1/score", 422, Some(Kind::Unusable));
        metrics.documents([3, 4].into_iter());
        let text = metrics.text().unwrap();
        for line in [
            "parallax_requests_total{route=\"/v1/score\",status=\"422\"} 1",
            "parallax_request_seconds_sum{route=\"/v1/score\"} 2.0",
            "parallax_request_seconds_bucket{le=\"1.0\",route=\"/v1/score\"} 0",
            "parallax_rejected_total{reason=\"unusable\"} 1",
            "parallax_in_flight 0",
            "parallax_documents_total 2",
            "parallax_documents_bytes_total 7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in:\n{text}");
        }
    }
}
