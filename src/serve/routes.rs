//! The paths that are answered, and what answers each.
//!
//! In: a request under one of [`Endpoint::ALL`]. Out: its answer. Start at `router`. A new path is a new [`Endpoint`]: the
//! router, the metrics and the description in `openapi.rs` all go by these.

use super::answer::{Answer, small};
use super::gate::Stop;
use super::guard::guard;
use super::metrics::OPENMETRICS;
use super::models::ModelsAnswer;
use super::problem::{Kind, Problem};
use super::sent::{Media, Sent};
use super::{App, compare, corrections, next, openapi, page, read, retrain, score, versions};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// A path that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Scores documents.
    Score,
    /// Compares documents.
    Compare,
    /// Reads documents for the page.
    Page,
    /// Compares documents for the page.
    PageCompare,
    /// Ranks sentences to be read next.
    Next,
    /// Keeps a correction.
    Corrections,
    /// Begins a retraining.
    Retrain,
    /// Where retraining stands.
    Stage,
    /// Puts what retraining made into use.
    Accept,
    /// Drops what retraining made.
    Reject,
    /// Lists the versions that retraining made.
    Versions,
    /// Puts an earlier version into use.
    Restore,
    /// Lists the models.
    Models,
    /// A model's card.
    Card,
    /// Whether the server is alive.
    Health,
    /// Counts of requests.
    Metrics,
    /// The description of all this.
    OpenApi,
}

impl Endpoint {
    /// All of them, in the order in which they are described.
    pub const ALL: [Self; 17] = [
        Self::Score,
        Self::Compare,
        Self::Page,
        Self::PageCompare,
        Self::Next,
        Self::Corrections,
        Self::Retrain,
        Self::Stage,
        Self::Accept,
        Self::Reject,
        Self::Versions,
        Self::Restore,
        Self::Models,
        Self::Card,
        Self::Health,
        Self::Metrics,
        Self::OpenApi,
    ];

    /// Its path, with the names of its parameters.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Score => "/v1/score",
            Self::Compare => "/v1/compare",
            Self::Page => "/v1/page",
            Self::PageCompare => "/v1/page/compare",
            Self::Next => "/v1/next",
            Self::Corrections => "/v1/corrections",
            Self::Retrain | Self::Stage => "/v1/retrain",
            Self::Accept => "/v1/retrain/accept",
            Self::Reject => "/v1/retrain/reject",
            Self::Versions => "/v1/versions",
            Self::Restore => "/v1/versions/restore",
            Self::Models => "/v1/models",
            Self::Card => "/v1/models/{name}/card",
            Self::Health => "/healthz",
            Self::Metrics => "/metrics",
            Self::OpenApi => "/openapi.json",
        }
    }

    /// How it is asked.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Score | Self::Compare | Self::Page | Self::PageCompare | Self::Next | Self::Corrections => "POST",
            Self::Retrain | Self::Accept | Self::Reject | Self::Restore => "POST",
            Self::Stage | Self::Versions | Self::Models | Self::Card | Self::Health | Self::Metrics | Self::OpenApi => {
                "GET"
            }
        }
    }

    /// The one that a path leads to; of two that differ in how they are asked the first.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let is_card = || {
            let name = path.strip_prefix("/v1/models/").and_then(|rest| rest.strip_suffix("/card"));
            name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
        };
        let named = Self::ALL.into_iter().find(|endpoint| endpoint.path() == path);
        named.or_else(|| is_card().then_some(Self::Card))
    }

    fn handler(self) -> MethodRouter<Arc<App>> {
        match self {
            Self::Score => post(scored),
            Self::Compare => post(compared),
            Self::Page => post(shown),
            Self::PageCompare => post(shown_compared),
            Self::Next => post(ranked),
            Self::Corrections => post(corrected),
            Self::Retrain => post(retrained),
            Self::Stage => get(stage),
            Self::Accept => post(accepted),
            Self::Reject => post(rejected),
            Self::Versions => get(listed),
            Self::Restore => post(restored),
            Self::Models => get(models),
            Self::Card => get(card),
            Self::Health => get(health),
            Self::Metrics => get(metrics),
            Self::OpenApi => get(description),
        }
    }
}

/// Everything that the server answers.
pub(super) fn router(app: Arc<App>) -> Router {
    let routes =
        Endpoint::ALL.iter().fold(Router::new(), |router, endpoint| router.route(endpoint.path(), endpoint.handler()));
    let routes =
        page::FILES.into_iter().fold(routes, |router, file| router.route(file.path, get(move || file.answer())));
    let guard = from_fn_with_state(app.clone(), guard);
    routes.method_not_allowed_fallback(other_method).fallback(other_path).layer(caught()).layer(guard).with_state(app)
}

/// Makes a panic of a handler the problem of one request.
fn caught() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| Problem::internal().into_response())
}

type Answered = Result<Response, Problem>;

async fn scored(State(app): State<Arc<App>>, request: Request) -> Answered {
    answered(app, request, &[Media::Json, Media::Lines, Media::Text, Media::Html], score::answer).await
}

async fn compared(State(app): State<Arc<App>>, request: Request) -> Answered {
    answered(app, request, &[Media::Json], compare::answer).await
}

async fn shown(State(app): State<Arc<App>>, request: Request) -> Answered {
    answered(app, request, &[Media::Json], read::answer).await
}

async fn shown_compared(State(app): State<Arc<App>>, request: Request) -> Answered {
    answered(app, request, &[Media::Json], compare::shown).await
}

async fn ranked(State(app): State<Arc<App>>, request: Request) -> Answered {
    answered(app, request, &[Media::Json], next::answer).await
}

async fn corrected(State(app): State<Arc<App>>, request: Request) -> Answered {
    answered(app, request, &[Media::Json], corrections::answer).await
}

async fn retrained(State(app): State<Arc<App>>, request: Request) -> Answered {
    let mut response = told(app, request, retrain::start).await?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

async fn accepted(State(app): State<Arc<App>>, request: Request) -> Answered {
    told(app, request, retrain::accept).await
}

async fn rejected(State(app): State<Arc<App>>, request: Request) -> Answered {
    told(app, request, retrain::reject).await
}

async fn restored(State(app): State<Arc<App>>, request: Request) -> Answered {
    told(app, request, versions::restore).await
}

/// Does what a small JSON body says.
async fn told(app: Arc<App>, request: Request, work: fn(&App, &Sent) -> Result<Answer, Problem>) -> Answered {
    answered(app, request, &[Media::Json], move |app, sent, _| work(app, sent)).await
}

/// Reads a body of one of these kinds, and works on it when there is room.
async fn answered(
    app: Arc<App>,
    request: Request,
    media: &'static [Media],
    work: impl FnOnce(&App, &Sent, &Stop) -> Result<Answer, Problem> + Send + 'static,
) -> Answered {
    let sent = Sent::read(&app, request, media).await?;
    let own = app.clone();
    app.gate.run(move |stop| work(&own, &sent, stop)).await?.into_response(&app)
}

async fn stage(State(app): State<Arc<App>>) -> Answered {
    let own = app.clone();
    app.gate.run(move |_| retrain::stage(&own)).await?.into_response(&app)
}

async fn listed(State(app): State<Arc<App>>) -> Answered {
    let own = app.clone();
    app.gate.run(move |_| versions::list(&own)).await?.into_response(&app)
}

async fn models(State(app): State<Arc<App>>) -> Answered {
    let answer = ModelsAnswer::of(&app.models.now())?;
    Ok(small(Media::Json.name(), serde_json::to_string(&answer)?))
}

async fn card(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answered {
    let loaded = app.models.now();
    let none = || Problem::new(Kind::NotFound, "there is no model of this name, or it came without a card");
    Ok(small("text/markdown; charset=utf-8", loaded.card(&name).ok_or_else(none)?))
}

async fn health() -> Response {
    small("text/plain; charset=utf-8", "ok\n")
}

async fn metrics(State(app): State<Arc<App>>) -> Answered {
    Ok(small(OPENMETRICS, app.metrics.text().ok_or_else(Problem::internal)?))
}

async fn description() -> Answered {
    Ok(small(Media::Json.name(), openapi::text()?))
}

async fn other_path(uri: Uri) -> Problem {
    let mut paths = Endpoint::ALL.map(Endpoint::path).to_vec();
    paths.dedup();
    let paths = paths.join(", ");
    Problem::new(Kind::NotFound, format!("found {:?}; expected one of {paths}", uri.path()))
}

async fn other_method(uri: Uri) -> Problem {
    let path = Endpoint::at(uri.path()).map(Endpoint::path);
    let here = Endpoint::ALL.into_iter().filter(|endpoint| Some(endpoint.path()) == path);
    let methods: Vec<&str> = here.map(Endpoint::method).collect();
    let expected = if methods.is_empty() { "another method".to_owned() } else { methods.join(" or ") };
    Problem::new(Kind::MethodNotAllowed, format!("expected {expected}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use axum::body::Body;
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;

    #[test]
    fn a_handler_that_panics_is_a_problem_of_one_request_and_the_next_is_answered() {
        async fn fails() -> Response {
            panic!("of a test")
        }
        let router = Router::new().route("/fails", get(fails)).route("/healthz", get(health)).layer(caught());
        let service = TowerToHyperService::new(router);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for (path, status) in [("/fails", 500), ("/healthz", 200), ("/fails", 500)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = runtime.block_on(service.call(request)).unwrap();
            assert_eq!(response.status().as_u16(), status, "{path}");
            let is_problem = response.headers()["content-type"] == super::super::problem::PROBLEM_JSON;
            assert_eq!(is_problem, status == 500);
        }
    }

    #[test]
    fn a_path_leads_to_its_endpoint() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::at(endpoint.path()).map(Endpoint::path), Some(endpoint.path()));
        }
        assert_eq!(Endpoint::at("/v1/models/en/card"), Some(Endpoint::Card));
        for other in ["", "/", "/v1/models//card", "/v1/models/a/b/card", "/v1/score/"] {
            assert_eq!(Endpoint::at(other), None, "{other}");
        }
    }
}
