//! What a client is told instead of an answer: a problem document (RFC 9457).
//!
//! In: a [`Kind`] of refusal, and what was found. Out: a [`Problem`], which becomes a response of type
//! `application/problem+json`. Start at [`Problem::new`]. An [`Error`] of the library becomes one too.

use super::hold::Held;
use crate::error::Error;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A request target or host that cannot be read.
    BadRequest,
    /// JSON that cannot be parsed.
    MalformedJson,
    /// Text that is not UTF-8.
    NotUtf8,
    /// A body that broke off or is framed wrongly.
    BrokenBody,
    /// No token, or a wrong one.
    Unauthorized,
    /// A request from a page of another origin.
    CrossOrigin,
    /// Nothing under this path.
    NotFound,
    /// A path that is there, asked in another way.
    MethodNotAllowed,
    /// What cannot be done in the state that the server is in.
    Conflict,
    /// A body that did not come in time.
    SlowBody,
    /// A body of too many bytes.
    BodyTooLarge,
    /// A document of too many bytes.
    DocumentTooLarge,
    /// Too many documents.
    TooManyDocuments,
    /// A body of a type that is not read here.
    UnsupportedMediaType,
    /// A host that is not this server.
    WrongHost,
    /// A request that can be read and not be followed.
    Unusable,
    /// An answer of too many bytes.
    AnswerTooLarge,
    /// Too many requests are waiting.
    QueueFull,
    /// Too many bytes of other requests are held.
    Overloaded,
    /// An answer that was not ready in time.
    TookTooLong,
    /// A correction that could not be written.
    NotKept,
    /// The fault of the server.
    Internal,
}

impl Kind {
    /// Its name: the last part of the problem's type, and the label of the metric.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.told().0
    }

    /// The status of the response.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.told().1
    }

    /// Name, status, and what it is in words.
    const fn told(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::BadRequest => ("bad-request", StatusCode::BAD_REQUEST, "The request cannot be read"),
            Self::MalformedJson => ("malformed-json", StatusCode::BAD_REQUEST, "The JSON cannot be parsed"),
            Self::NotUtf8 => ("not-utf-8", StatusCode::BAD_REQUEST, "The text is not UTF-8"),
            Self::BrokenBody => ("broken-body", StatusCode::BAD_REQUEST, "The body broke off"),
            Self::Unauthorized => ("unauthorized", StatusCode::UNAUTHORIZED, "A token is needed"),
            Self::CrossOrigin => ("cross-origin", StatusCode::FORBIDDEN, "Pages of other origins may not ask"),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "There is nothing under this path"),
            Self::MethodNotAllowed => {
                ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "This path is not asked in this way")
            }
            Self::Conflict => ("conflict", StatusCode::CONFLICT, "The server is in another state"),
            Self::SlowBody => ("slow-body", StatusCode::REQUEST_TIMEOUT, "The body did not come in time"),
            Self::BodyTooLarge => ("body-too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Self::DocumentTooLarge => ("document-too-large", StatusCode::PAYLOAD_TOO_LARGE, "A document is too large"),
            Self::TooManyDocuments => {
                ("too-many-documents", StatusCode::PAYLOAD_TOO_LARGE, "There are too many documents")
            }
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "This type of body is not read")
            }
            Self::WrongHost => ("wrong-host", StatusCode::MISDIRECTED_REQUEST, "This server is not that host"),
            Self::Unusable => ("unusable", StatusCode::UNPROCESSABLE_ENTITY, "The request cannot be followed"),
            Self::AnswerTooLarge => {
                ("answer-too-large", StatusCode::UNPROCESSABLE_ENTITY, "The answer would be too large")
            }
            Self::QueueFull => ("queue-full", StatusCode::TOO_MANY_REQUESTS, "Too many requests are waiting"),
            Self::Overloaded => ("overloaded", StatusCode::SERVICE_UNAVAILABLE, "The server holds as much as it may"),
            Self::TookTooLong => ("took-too-long", StatusCode::SERVICE_UNAVAILABLE, "The answer was not ready in time"),
            Self::NotKept => ("not-kept", StatusCode::SERVICE_UNAVAILABLE, "The correction could not be kept"),
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
        }
    }

    /// After how many seconds it may be tried again, where waiting helps.
    const fn retry_after(self) -> Option<&'static str> {
        match self {
            Self::QueueFull | Self::Overloaded => Some("1"),
            Self::TookTooLong => Some("5"),
            _ => None,
        }
    }
}

/// A refusal: an RFC 9457 problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// Which kind of problem: a path, relative to the server, that ends in the kind's name.
    #[serde(rename = "type")]
    pub of: String,
    /// The kind in words.
    pub title: &'static str,
    /// The status of the response.
    pub status: u16,
    /// What was found, what was expected, and what to do.
    pub detail: String,
    /// The part of the body at fault, as a JSON pointer in a fragment (`#/documents/3/text`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Box<str>>,
    /// The line of the body at fault, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    #[serde(skip)]
    kind: Kind,
}

impl Problem {
    /// A problem of a kind; `detail` says what was found, what was expected, and what to do.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let (name, status, title) = kind.told();
        Self {
            of: format!("/problems/{name}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            pointer: None,
            line: None,
            column: None,
            kind,
        }
    }

    /// The server's own fault. Nothing of it is told: it may name files.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(Kind::Internal, "the request could not be answered; the server goes on")
    }

    /// The same problem, found in this part of the body.
    #[must_use]
    pub fn at(self, pointer: impl Into<Box<str>>) -> Self {
        Self { pointer: Some(pointer.into()), ..self }
    }

    /// The same problem, found at this line and, if it is known, column.
    #[must_use]
    pub fn at_line(self, line: usize, column: Option<usize>) -> Self {
        Self { line: Some(line), column, ..self }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

/// An error that a document or an option caused; a bundle that cannot be read is the server's own fault.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let told = |kind| Self::new(kind, format!("{error}; {}", error.cure()));
        match &error {
            Error::Input { place, found, expected, cure } => {
                let problem = Self::new(Kind::Unusable, format!("found {found}; expected {expected}; {cure}"));
                match place.line {
                    Some(line) => problem.at_line(line, None),
                    None => problem,
                }
            }
            Error::NotUtf8 { offset, .. } => Self::new(
                Kind::NotUtf8,
                format!("found bytes that are not UTF-8, the first at byte offset {offset}; expected UTF-8 text"),
            ),
            Error::Settings { setting, found, expected } => {
                let setting = setting.trim_start_matches('-');
                Self::new(Kind::Unusable, format!("{setting}: found {found}; expected {expected}"))
            }
            Error::Tokenizer(_) | Error::Data { .. } => told(Kind::Unusable),
            // Where the file is, is no business of a client's.
            Error::Store { found, .. } => Self::new(Kind::NotKept, format!("the store says: {found}")),
            Error::Read { .. } | Error::Write { .. } | Error::Bundle { .. } | Error::Fit { .. } => Self::internal(),
        }
    }
}

/// JSON that `serde_json` refused, with line and column.
impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        let kind = if error.is_data() { Kind::Unusable } else { Kind::MalformedJson };
        let (line, column) = (error.line(), error.column());
        let told = error.to_string();
        let told = told.split(" at line ").next().unwrap_or_default();
        let problem = Self::new(kind, format!("found {told} at line {line}, column {column}; see /openapi.json"));
        if line > 0 { problem.at_line(line, Some(column)) } else { problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = self.kind;
        let mut response = (kind.status(), Held::unbounded(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = kind.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        if kind == Kind::Unauthorized {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(kind);
        response
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::error::Place;

    #[test]
    fn a_problem_has_the_members_of_rfc_9457_and_says_where() {
        let error = serde_json::from_str::<Vec<u8>>("[1,\n x]").unwrap_err();
        let problem = Problem::from(error);
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["type"], "/problems/malformed-json");
        assert_eq!((&json["status"], &json["line"], &json["column"]), (&400.into(), &2.into(), &2.into()));
        assert!(json["title"].is_string() && json["detail"].as_str().unwrap().contains("line 2"));
    }

    #[test]
    fn what_the_input_is_at_fault_for_is_told_and_what_the_server_is_at_fault_for_is_not() {
        let input = Error::Input {
            place: Place::line("<request>", 7),
            found: "an empty `text`".into(),
            expected: "an article".into(),
            cure: "put it in".into(),
        };
        let problem = Problem::from(input);
        assert_eq!((problem.status, problem.line), (422, Some(7)));
        assert_eq!(problem.detail, "found an empty `text`; expected an article; put it in");
        let read = Error::Read { path: "/secret/place".into(), source: std::io::ErrorKind::NotFound.into() };
        let problem = Problem::from(read);
        assert_eq!(problem.kind(), Kind::Internal);
        assert!(!problem.detail.contains("secret"));
    }
}
