//! The bytes that are held for clients: bodies while they are read and worked on, answers until they are sent.
//!
//! In: a size. Out: a [`Share`] of a [`Hold`], or nothing where there is no room. Start at [`Hold::take`]. [`Held`] is an
//! answer with its share, which it gives back as it is sent: a client that does not read its answer takes room from
//! nobody for longer than the connection lasts.

use axum::body::{Body, Bytes, HttpBody};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room is counted in pieces of so many bytes.
const PIECE: usize = 1024;

/// An answer is handed on in parts of so many bytes.
const PART: usize = 64 << 10;

/// Room for a number of bytes, for all requests together.
#[derive(Debug, Clone)]
pub(super) struct Hold(Arc<Semaphore>);

/// Part of the room, until it is dropped.
#[derive(Debug)]
pub(super) struct Share(Option<OwnedSemaphorePermit>);

impl Hold {
    /// Room for so many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / PIECE).min(Semaphore::MAX_PERMITS))))
    }

    /// Room for so many bytes now, if there is any.
    pub(super) fn take(&self, bytes: usize) -> Option<Share> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).ok()?;
        self.0.clone().try_acquire_many_owned(pieces).ok().map(|permit| Share(Some(permit)))
    }
}

impl Share {
    /// Both as one.
    pub(super) fn join(&mut self, other: Self) {
        match (&mut self.0, other.0) {
            (Some(own), Some(other)) => own.merge(other),
            (own @ None, other) => *own = other,
            (Some(_), None) => {}
        }
    }
}

/// An answer's body, and the room that it takes.
#[derive(Debug)]
pub(super) struct Held {
    rest: Bytes,
    _share: Share,
}

impl Held {
    /// An answer that has its room.
    pub(super) fn new(bytes: Vec<u8>, share: Share) -> Self {
        Self { rest: bytes.into(), _share: share }
    }

    /// An answer too small to be counted.
    pub(super) fn unbounded(bytes: Vec<u8>) -> Self {
        Self { rest: bytes.into(), _share: Share(None) }
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let part = self.rest.len().min(PART);
        let part = self.rest.split_to(part);
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

impl IntoResponse for Held {
    fn into_response(self) -> Response {
        Response::new(Body::new(self))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn room_is_given_back_and_no_more_is_given_than_there_is() {
        let hold = Hold::new(4096);
        let mut first = hold.take(1025).unwrap();
        assert!(hold.take(2049).is_none());
        first.join(hold.take(2048).unwrap());
        assert!(hold.take(1).is_none());
        drop(first);
        assert!(hold.take(4096).is_some());
        assert!(hold.take(usize::MAX).is_none());
    }
}
