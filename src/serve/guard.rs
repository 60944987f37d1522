//! What stands before every route: who may ask, what is counted, and the headers that every answer has.
//!
//! In: a request. Out: its answer, or a [`Problem`]. Start at `guard`; who may ask is in [`Access`].

use super::App;
use super::page;
use super::problem::{Kind, Problem};
use super::routes::Endpoint;
use crate::error::{Error, Result};
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// A token has at least so many characters.
pub const SHORTEST_TOKEN: usize = 16;

/// What answers may load where they do not say so themselves: nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Headers of every answer that does not set them itself.
const HEADERS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (CONTENT_SECURITY_POLICY, NOTHING),
];

/// Who may ask.
#[derive(Clone)]
pub struct Access {
    /// SHA-256 of the token, so that a comparison tells nothing of its length either.
    token: Option<[u8; 32]>,
    /// Whether only this machine can ask, under a name that is its own.
    is_loopback: bool,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("is_loopback", &self.is_loopback).finish_non_exhaustive()
    }
}

impl Access {
    /// Those who can reach this address and, where there is one, know the token.
    ///
    /// # Errors
    /// [`Error::Settings`] for an address that others than this machine can reach without a token, and for a token
    /// that is shorter than [`SHORTEST_TOKEN`] or has other characters than visible ones of ASCII.
    pub fn new(listen: SocketAddr, token: Option<&str>) -> Result<Self> {
        let is_loopback = listen.ip().is_loopback();
        let cure = "a token in PARALLAX_TOKEN or --token-file FILE";
        match token {
            Some(token) if token.len() < SHORTEST_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Err(Error::Settings {
                    setting: "--token".into(),
                    found: "a token that is too short, or has blanks or other letters than ASCII's".into(),
                    expected: format!(
                        "at least {SHORTEST_TOKEN} visible ASCII characters, such as `openssl rand -hex 32` prints"
                    ),
                })
            }
            None if !is_loopback => Err(Error::Settings {
                setting: "--listen".into(),
                found: format!("{listen}, an address that other machines may reach, and no token"),
                expected: format!("an address of this machine alone, such as 127.0.0.1:8080, or {cure}"),
            }),
            token => Ok(Self { token: token.map(digest), is_loopback }),
        }
    }

    /// Whether a request may be answered.
    ///
    /// # Errors
    /// A problem, where its host, origin or token is not right.
    fn check(&self, request: &Request) -> std::result::Result<(), Problem> {
        let headers = request.headers();
        let host = host(request)?;
        // A page of another site can have its own name lead here, and would be of one origin with us then.
        if self.is_loopback && !is_this_machine(&host) {
            let detail =
                format!("found the host {:?}; expected localhost or an address of this machine", host.as_str());
            return Err(Problem::new(Kind::WrongHost, detail));
        }
        if let Some(origin) = headers.get(ORIGIN) {
            let origin = String::from_utf8_lossy(origin.as_bytes());
            let is_own = origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host.as_str()));
            if !is_own {
                return Err(Problem::new(Kind::CrossOrigin, format!("found a request from {origin:?}")));
            }
        }
        match &self.token {
            Some(token) if !is_open(request.uri().path()) => {
                let told = bearer(headers).map(digest);
                let is_right = told.is_some_and(|told| bool::from(told.as_slice().ct_eq(token.as_slice())));
                let found = if told.is_some() { "a wrong token" } else { "no token" };
                let detail = format!("found {found}; expected the header `Authorization: Bearer TOKEN`");
                if is_right { Ok(()) } else { Err(Problem::new(Kind::Unauthorized, detail)) }
            }
            _ => Ok(()),
        }
    }
}

/// Whether a path may be asked without a token: whoever watches may ask whether it is alive, and the page's own files hold nothing.
fn is_open(path: &str) -> bool {
    path == Endpoint::Health.path() || page::FILES.iter().any(|file| file.path == path)
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// The token that a request tells.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The host that a request is to: that of its target, where it names one, else its header's.
fn host(request: &Request) -> std::result::Result<Authority, Problem> {
    let bad = |found: &str| Problem::new(Kind::BadRequest, format!("found {found}; expected one header Host"));
    let mut hosts = request.headers().get_all(HOST).iter();
    let header = hosts.next();
    if hosts.next().is_some() {
        return Err(bad("several headers Host"));
    }
    let header = header.map(|host| Authority::try_from(host.as_bytes()).map_err(|_| bad("a Host that is none")));
    let host = match (request.uri().authority(), header.transpose()?) {
        (Some(target), _) => target.clone(),
        (None, Some(host)) => host,
        (None, None) => return Err(bad("no header Host")),
    };
    if host.as_str().contains('@') { Err(bad("a Host with a user")) } else { Ok(host) }
}

/// Whether a host is a name of this machine that no name server gives.
fn is_this_machine(host: &Authority) -> bool {
    let host = host.host();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Answers a request, if it may be answered.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = app.metrics.begin();
    let route = Endpoint::at(request.uri().path()).map_or("other", Endpoint::path);
    let mut response = match app.access.check(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    app.metrics.end(begun, route, response.status().as_u16(), response.extensions().get().copied());
    response
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::body::Body;

    const TOKEN: &str = "0123456789abcdef";

    fn asked(access: &Access, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().uri("/v1/models");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        access.check(&request.body(Body::empty()).unwrap()).map_or_else(|problem| problem.status, |()| 200)
    }

    #[test]
    fn an_address_that_others_reach_needs_a_token_of_some_length() {
        let loopback: SocketAddr = "127.0.0.1:80".parse().unwrap();
        for open in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80"] {
            let open: SocketAddr = open.parse().unwrap();
            let told = Access::new(open, None).unwrap_err().to_string();
            assert!(told.contains("PARALLAX_TOKEN") && told.contains("127.0.0.1"), "{told}");
            assert!(Access::new(open, Some(TOKEN)).is_ok());
        }
        for short in ["", "short", "0123456789 abcdef", "0123456789abcdéf"] {
            assert!(Access::new(loopback, Some(short)).is_err(), "{short}");
        }
        assert!(Access::new(loopback, None).is_ok() && Access::new("[::1]:80".parse().unwrap(), None).is_ok());
    }

    #[test]
    fn on_loopback_a_host_is_this_machine_whatever_the_port() {
        let access = Access::new("127.0.0.1:80".parse().unwrap(), None).unwrap();
        for host in ["localhost", "LocalHost:9000", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080"] {
            assert_eq!(asked(&access, &[("host", host)]), 200, "{host}");
        }
        for host in ["example.org", "localhost.example.org", "192.0.2.1", "[::2]", "0.0.0.0"] {
            assert_eq!(asked(&access, &[("host", host)]), 421, "{host}");
        }
        for hosts in
            [&[][..], &[("host", "a b")], &[("host", "user@localhost")], &[("host", "localhost"), ("host", "b")]]
        {
            assert_eq!(asked(&access, hosts), 400, "{hosts:?}");
        }
    }

    #[test]
    fn only_pages_of_the_own_origin_may_ask() {
        let access = Access::new("127.0.0.1:80".parse().unwrap(), None).unwrap();
        let from = |origin: &str| asked(&access, &[("host", "localhost:8080"), ("origin", origin)]);
        assert_eq!(from("http://localhost:8080"), 200);
        for origin in ["http://localhost:8081", "http://example.org", "null", "", "http://127.0.0.1:8080"] {
            assert_eq!(from(origin), 403, "{origin}");
        }
    }

    #[test]
    fn a_token_is_asked_of_everybody_where_there_is_one() {
        let access = Access::new("0.0.0.0:80".parse().unwrap(), Some(TOKEN)).unwrap();
        let told = |authorization: &str| asked(&access, &[("host", "example.org"), ("authorization", authorization)]);
        assert_eq!(told(&format!("Bearer {TOKEN}")), 200);
        assert_eq!(told(&format!("bearer  {TOKEN} ")), 200);
        for wrong in ["", "Bearer", "Bearer ", "Bearer 0123456789abcdeF", TOKEN, "Basic 0123456789abcdef"] {
            assert_eq!(told(wrong), 401, "{wrong}");
        }
        assert_eq!(asked(&access, &[("host", "example.org")]), 401);
    }
}
