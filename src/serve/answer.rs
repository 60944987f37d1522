//! What a request is answered with, while it is made and when it is sent.
//!
//! In: bytes. Out: a response. Start at [`Answer`].

use super::App;
use super::hold::Held;
use super::problem::{Kind, Problem};
use super::sent::Media;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A finished answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) media: Media,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// An answer in JSON, if it is not larger than the limits say.
    pub(super) fn bounded(app: &App, bytes: Vec<u8>) -> Result<Self, Problem> {
        let most = app.limits.answer_bytes;
        if bytes.len() > most { Err(too_large(most)) } else { Ok(Self { media: Media::Json, bytes }) }
    }

    /// The response, if there is room to hold it until the client has taken it.
    pub(super) fn into_response(self, app: &App) -> Result<Response, Problem> {
        let full = || Problem::new(Kind::Overloaded, "no room for the answer among others; try again later");
        let share = app.hold.take(self.bytes.len()).ok_or_else(full)?;
        Ok(response(self.media.name(), Held::new(self.bytes, share)))
    }
}

/// The problem of an answer that would be too large.
pub(super) fn too_large(most: usize) -> Problem {
    let detail = format!("the answer has more than {most} bytes; ask for fewer documents, or without `explain`");
    Problem::new(Kind::AnswerTooLarge, detail)
}

/// A small answer of a media type.
pub(super) fn small(media: &'static str, text: impl Into<String>) -> Response {
    response(media, Held::unbounded(text.into().into_bytes()))
}

fn response(media: &'static str, body: Held) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// Bytes that may not become more than allowed, together with those of others.
#[derive(Debug)]
pub(super) struct Bounded<'w> {
    bytes: Vec<u8>,
    written: &'w AtomicUsize,
    most: usize,
}

impl<'w> Bounded<'w> {
    /// No bytes yet; `written` counts those of all, of which there may be `most`.
    pub(super) const fn new(written: &'w AtomicUsize, most: usize) -> Self {
        Self { bytes: Vec::new(), written, most }
    }

    /// The bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = self.written.fetch_add(bytes.len(), Ordering::Relaxed);
        if before.saturating_add(bytes.len()) > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
