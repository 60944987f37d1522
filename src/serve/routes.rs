//! The paths that are answered, and what answers each.
//!
//! In: a request under one of [`Endpoint::ALL`]. Out: its answer. Start at `router`. A new path is a new [`Endpoint`]: the
//! router, the metrics and the description in `openapi.rs` all go by these.

use super::answer::small;
use super::guard::guard;
use super::metrics::OPENMETRICS;
use super::models::ModelsAnswer;
use super::problem::{Kind, Problem};
use super::sent::{Media, Sent};
use super::{App, compare, corrections, next, openapi, page, read, score};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
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
    /// Ranks sentences to be read next.
    Next,
    /// Keeps a correction.
    Corrections,
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
    pub const ALL: [Self; 10] = [
        Self::Score,
        Self::Compare,
        Self::Page,
        Self::Next,
        Self::Corrections,
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
            Self::Next => "/v1/next",
            Self::Corrections => "/v1/corrections",
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
            Self::Score | Self::Compare | Self::Page | Self::Next | Self::Corrections => "POST",
            Self::Models | Self::Card | Self::Health | Self::Metrics | Self::OpenApi => "GET",
        }
    }

    /// The one that a path leads to.
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
            Self::Next => post(ranked),
            Self::Corrections => post(corrected),
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
    // A panic of a handler is the problem of one request.
    let panic = CatchPanicLayer::custom(|_| Problem::internal().into_response());
    let guard = from_fn_with_state(app.clone(), guard);
    routes.method_not_allowed_fallback(other_method).fallback(other_path).layer(panic).layer(guard).with_state(app)
}

type Answered = Result<Response, Problem>;

async fn scored(State(app): State<Arc<App>>, request: Request) -> Answered {
    let sent = Sent::read(&app, request, &[Media::Json, Media::Lines, Media::Text, Media::Html]).await?;
    let own = app.clone();
    app.gate.run(move |stop| score::answer(&own, &sent, stop)).await?.into_response(&app)
}

async fn compared(State(app): State<Arc<App>>, request: Request) -> Answered {
    let sent = Sent::read(&app, request, &[Media::Json]).await?;
    let own = app.clone();
    app.gate.run(move |stop| compare::answer(&own, &sent, stop)).await?.into_response(&app)
}

async fn shown(State(app): State<Arc<App>>, request: Request) -> Answered {
    let sent = Sent::read(&app, request, &[Media::Json]).await?;
    let own = app.clone();
    app.gate.run(move |stop| read::answer(&own, &sent, stop)).await?.into_response(&app)
}

async fn ranked(State(app): State<Arc<App>>, request: Request) -> Answered {
    let sent = Sent::read(&app, request, &[Media::Json]).await?;
    let own = app.clone();
    app.gate.run(move |stop| next::answer(&own, &sent, stop)).await?.into_response(&app)
}

async fn corrected(State(app): State<Arc<App>>, request: Request) -> Answered {
    let sent = Sent::read(&app, request, &[Media::Json]).await?;
    let own = app.clone();
    app.gate.run(move |stop| corrections::answer(&own, &sent, stop)).await?.into_response(&app)
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
    let paths = Endpoint::ALL.map(Endpoint::path).join(", ");
    Problem::new(Kind::NotFound, format!("found {:?}; expected one of {paths}", uri.path()))
}

async fn other_method(uri: Uri) -> Problem {
    let expected = Endpoint::at(uri.path()).map_or("another method", Endpoint::method);
    Problem::new(Kind::MethodNotAllowed, format!("expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_endpoint() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::at(endpoint.path()), Some(endpoint));
        }
        assert_eq!(Endpoint::at("/v1/models/en/card"), Some(Endpoint::Card));
        for other in ["", "/", "/v1/models//card", "/v1/models/a/b/card", "/v1/score/"] {
            assert_eq!(Endpoint::at(other), None, "{other}");
        }
    }
}
