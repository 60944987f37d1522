//! What a client sent: a body of a known type, whole, within the limits of size and time.
//!
//! In: a request. Out: [`Sent`]. Start at [`Sent::read`]. Nothing of the body is parsed here.

use super::App;
use super::hold::{Hold, Share};
use super::limits::Limits;
use super::problem::{Kind, Problem};
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use tokio::time::timeout;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// One JSON object.
    Json,
    /// JSON Lines: a document a line.
    Lines,
    /// Plain text: one document.
    Text,
    /// A web page: one document.
    Html,
}

impl Media {
    /// What is named first in messages and answers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Lines => "application/x-ndjson",
            Self::Text => "text/plain",
            Self::Html => "text/html",
        }
    }

    /// The type that a request names, if it is one of `allowed`.
    fn of(headers: &HeaderMap, allowed: &[Self]) -> Result<Self, Problem> {
        let told =
            headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
        let refused = |found: String| {
            let allowed: Vec<&str> = allowed.iter().map(|media| media.name()).collect();
            let detail = format!("found {found}; expected {}, in UTF-8", allowed.join(", "));
            Problem::new(Kind::UnsupportedMediaType, detail)
        };
        let Some(told) = told else { return Err(refused("no Content-Type".into())) };
        let mut parts = told.split(';').map(str::trim);
        let media = match parts.next().unwrap_or_default() {
            "application/json" => Self::Json,
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Self::Lines,
            "text/plain" => Self::Text,
            "text/html" => Self::Html,
            other => return Err(refused(format!("Content-Type {other:?}"))),
        };
        let charset = parts.find_map(|part| part.strip_prefix("charset="));
        let is_utf8 = charset.is_none_or(|name| matches!(name.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"));
        // A page says its encoding itself.
        if !is_utf8 && media != Self::Html {
            return Err(refused(format!("charset {:?}", charset.unwrap_or_default())));
        }
        if headers.get(CONTENT_ENCODING).is_some_and(|value| value != "identity") {
            return Err(refused("a compressed body".into()));
        }
        if allowed.contains(&media) { Ok(media) } else { Err(refused(format!("Content-Type {}", media.name()))) }
    }
}

/// A request's body, and what its query asks for.
#[derive(Debug)]
pub(super) struct Sent {
    /// What the body is.
    pub(super) media: Media,
    /// The body.
    pub(super) bytes: Vec<u8>,
    /// What stands behind the `?`; empty for most.
    pub(super) query: String,
    /// The room that the body takes, while this is there.
    _share: Share,
}

impl Sent {
    /// Reads all of a request.
    ///
    /// # Errors
    /// A problem, where the type is none of `allowed`, the body is too large or too slow or breaks off, or there is no
    /// room for it.
    pub(super) async fn read(app: &App, request: Request, allowed: &[Media]) -> Result<Self, Problem> {
        let media = Media::of(request.headers(), allowed)?;
        let query = request.uri().query().unwrap_or_default().to_owned();
        let limits = &app.limits;
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if declared.is_some_and(|bytes: u64| bytes > limits.body_bytes as u64) {
            return Err(too_large(limits));
        }
        let read = whole(request.into_body(), &app.hold, limits);
        let (bytes, share) = timeout(limits.body_time, read).await.unwrap_or_else(|_| {
            let detail = format!("the body was not there after {} s", limits.body_time.as_secs_f64());
            Err(Problem::new(Kind::SlowBody, detail))
        })?;
        Ok(Self { media, bytes, query, _share: share })
    }
}

/// Reads a body, taking room as it comes.
async fn whole(mut body: Body, hold: &Hold, limits: &Limits) -> Result<(Vec<u8>, Share), Problem> {
    let full = || Problem::new(Kind::Overloaded, "no room for the body among those of other requests; try again later");
    let mut bytes = Vec::new();
    let mut share = hold.take(0).ok_or_else(full)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::new(Kind::BrokenBody, "the body ended before its length, or its chunks are not framed as such")
        })?;
        // Trailers are nothing to us.
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > limits.body_bytes {
            return Err(too_large(limits));
        }
        let more = (bytes.len() + data.len()).saturating_sub(bytes.capacity());
        if more > 0 {
            // Twice as much each time, so that copying does not add up.
            let room = more.max(bytes.capacity()).min(limits.body_bytes.saturating_sub(bytes.len())).max(more);
            share.join(hold.take(room).ok_or_else(full)?);
            bytes.reserve_exact(bytes.capacity() - bytes.len() + room);
        }
        bytes.extend_from_slice(&data);
    }
    Ok((bytes, share))
}

fn too_large(limits: &Limits) -> Problem {
    let detail =
        format!("expected a body of at most {} bytes; send the documents in several requests", limits.body_bytes);
    Problem::new(Kind::BodyTooLarge, detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(content_type: &str) -> Result<Media, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        Media::of(&headers, &[Media::Json, Media::Text]).map_err(|problem| problem.status)
    }

    #[test]
    fn a_type_is_told_with_its_parameters_and_in_any_case() {
        assert_eq!(of("Application/JSON; charset=UTF-8"), Ok(Media::Json));
        assert_eq!(of("text/plain;charset=\"utf-8\""), Ok(Media::Text));
        assert_eq!(of("text/plain; charset=utf-16"), Err(415));
        assert_eq!(of("text/html"), Err(415));
        assert_eq!(of(""), Err(415));
        assert_eq!(Media::of(&HeaderMap::new(), &[Media::Json]).unwrap_err().status, 415);
    }
}
