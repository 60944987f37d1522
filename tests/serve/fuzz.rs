//! Requests that no client should send: ten thousand and more, the same in every run.
//!
//! In: a seed. Out: a server that answered none of them with a 5xx, took no more memory, and goes on.

use crate::server::{Client, Server};
use rand::seq::IndexedRandom;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::Shutdown;
use std::thread;

/// Requests of each thread, and how many threads there are.
const REQUESTS: usize = 3000;
const THREADS: u64 = 4;

/// What a request is, and whether its framing holds, so that another can follow on the same connection.
struct Attack {
    bytes: Vec<u8>,
    is_framed: bool,
}

fn noise(random: &mut ChaCha8Rng, most: usize) -> Vec<u8> {
    let mut bytes = vec![0; random.random_range(0..most)];
    random.fill_bytes(&mut bytes);
    bytes
}

/// Noise in characters that mean something to a parser.
fn marks(random: &mut ChaCha8Rng, most: usize) -> Vec<u8> {
    let set = b"{}[]\",:\\/ \t\r\n\0textdocumentsidlang0123456789.eE+-nullturefals\xc3\xa9\xff\xed\xa0\x80;=&%";
    (0..random.random_range(0..most)).map(|_| *set.choose(random).unwrap()).collect()
}

fn flipped(random: &mut ChaCha8Rng, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..bytes.len());
        match random.random_range(0..4) {
            0 => bytes[at] = random.random(),
            1 => bytes.insert(at, *b"\0\r\n\"{[\xff".choose(random).unwrap()),
            2 if bytes.len() > 1 => drop(bytes.remove(at)),
            _ => bytes[at] ^= 1 << random.random_range(0..8),
        }
    }
    bytes
}

fn valid(random: &mut ChaCha8Rng) -> Vec<u8> {
    let bodies = [
        json!({ "text": "The council voted on Tuesday." }),
        json!({ "documents": [{ "id": "a", "text": "It rained." }, { "text": "قال الوزير إن الخطة ستنجح.", "lang": "ar" }] }),
        json!({ "text": "Its shameless leaders \"won\" again.", "explain": true, "top": 2, "offsets": "utf16" }),
        json!({ "documents": [{ "text": "It rained in Lima." }, { "text": "It rained." }], "targets": ["Peru"] }),
    ];
    bodies.choose(random).unwrap().to_string().into_bytes()
}

fn framed(path: &str, media: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn attack(random: &mut ChaCha8Rng) -> Attack {
    let media = *["application/json", "text/plain", "application/x-ndjson", "text/html", "image/png", ";;=", ""]
        .choose(random)
        .unwrap();
    let path =
        *["/v1/score", "/v1/compare", "/v1/score?explain=1&lang=%ff", "/v1/score?%00=", "/v1/models/%2e%2e/card"]
            .choose(random)
            .unwrap();
    let body = match random.random_range(0..6) {
        0 => noise(random, 400),
        1 => marks(random, 400),
        2 => {
            let valid = valid(random);
            flipped(random, valid)
        }
        3 => {
            let (open, close) = *[("[", "]"), ("{\"text\":", "}"), ("{\"documents\":[", "]}")].choose(random).unwrap();
            let depth = random.random_range(1..3000);
            [open.repeat(depth), close.repeat(depth)].concat().into_bytes()
        }
        4 => [b"{\"text\":\"", &noise(random, 200)[..], b"\"}"].concat(),
        _ => valid(random),
    };
    let whole = framed(path, media, &body);
    let (bytes, is_framed) = match random.random_range(0..10) {
        0 => (noise(random, 600), false),
        1 => (flipped(random, whole), false),
        // A length that is not the body's.
        2 => {
            let length = *["-1", "5", "99999", "18446744073709551616", "0x10", "1,1", ""].choose(random).unwrap();
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {media}\r\ncontent-length: {length}\r\n\r\n"
            );
            ([head.as_bytes(), &body].concat(), false)
        }
        // Chunks that are none, or two framings at once.
        3 => {
            let twice = *["", "content-length: 3\r\n", "transfer-encoding: gzip\r\n"].choose(random).unwrap();
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {media}\r\ntransfer-encoding: chunked\r\n{twice}\r\n"
            );
            let size = *[
                "5\r\nabcde\r\n",
                "zz\r\n",
                "ffffffffffffffffff\r\n",
                "3;x=\0\r\nabc\r\n",
                "0\r\na: b\r\n\r\n",
                "-1\r\n",
            ]
            .choose(random)
            .unwrap();
            ([head.as_bytes(), size.as_bytes(), &marks(random, 100)].concat(), false)
        }
        // Heads that are too long, in one line or many.
        4 => {
            let many = match random.random_range(0..3) {
                0 => format!("x: {}\r\n", "a".repeat(random.random_range(1000..100_000))),
                1 => (0..random.random_range(50..400)).map(|n| format!("x-{n}: {n}\r\n")).collect(),
                _ => format!("cookie: {}\r\nhost: localhost\r\n", "=;".repeat(2000)),
            };
            (format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{many}\r\n").into_bytes(), false)
        }
        // Lines that are no requests.
        5 => {
            let line = *[
                "GET / HTTP/0.9",
                "GET /healthz HTTP/1.0",
                "GET  HTTP/1.1",
                "PRI * HTTP/2.0",
                "CONNECT example.org:80 HTTP/1.1",
                "GET http://example.org/ HTTP/1.1",
                "get /healthz http/1.1",
                "OPTIONS * HTTP/1.1",
                "BREW /v1/score HTTP/1.1",
                "GET /\0 HTTP/1.1",
                "GET /%zz?%zz HTTP/1.1",
                "GET //////.. HTTP/1.1",
            ]
            .choose(random)
            .unwrap();
            (
                format!("{line}\r\nhost: {}\r\n\r\n", ["localhost", "a b", "[::1", "\u{e9}"].choose(random).unwrap())
                    .into_bytes(),
                false,
            )
        }
        _ => (whole, true),
    };
    Attack { bytes, is_framed }
}

/// Sends the requests of one seed; how often each status was answered, and how often none.
fn attacked(server: &Server, seed: u64) -> BTreeMap<u16, usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut statuses = BTreeMap::new();
    let mut kept: Option<Client> = None;
    for number in 0..REQUESTS {
        let Attack { bytes, is_framed } = attack(&mut random);
        let mut client = kept.take().unwrap_or_else(|| server.client());
        let _ = client.stream.write_all(&bytes);
        if is_framed {
            match client.answer() {
                Some(answer) => {
                    *statuses.entry(answer.status).or_insert(0) += 1;
                    assert!(
                        answer.status < 500,
                        "seed {seed}, number {number}: {answer:?}\n{:?}",
                        String::from_utf8_lossy(&bytes)
                    );
                    if answer.status >= 400 {
                        let _ = answer.problem();
                    }
                    let is_last = answer.header("connection") == Some("close");
                    kept = Some(client).filter(|_| !is_last && random.random_range(0..20) > 0);
                }
                None => *statuses.entry(0).or_insert(0) += 1,
            }
            continue;
        }
        let _ = client.stream.shutdown(Shutdown::Write);
        let mut is_answered = false;
        while let Some(answer) = client.answer() {
            is_answered = true;
            *statuses.entry(answer.status).or_insert(0) += 1;
            assert!(
                answer.status < 500,
                "seed {seed}, number {number}: {answer:?}\n{:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
        if !is_answered {
            *statuses.entry(0).or_insert(0) += 1;
        }
    }
    statuses
}

#[test]
fn malformed_requests_are_never_the_servers_fault() {
    let mut server = Server::start(&["--patience", "5"]);
    let round = |first: u64| {
        let mut sum: BTreeMap<u16, usize> = BTreeMap::new();
        thread::scope(|scope| {
            let threads: Vec<_> = (first..first + THREADS)
                .map(|seed| {
                    let server = &server;
                    scope.spawn(move || attacked(server, seed))
                })
                .collect();
            for thread in threads {
                for (status, count) in thread.join().unwrap() {
                    *sum.entry(status).or_insert(0) += count;
                }
            }
        });
        sum
    };
    let statuses = round(0);
    let before = server.memory();
    // The same again: what was kept for them is kept already.
    assert!(round(0).keys().eq(statuses.keys()), "{statuses:?}");
    let after = server.memory();
    eprintln!("statuses: {statuses:?}; resident kB: {before:?}, {after:?}");
    for status in [200, 400, 405, 415, 422] {
        assert!(statuses.contains_key(&status), "{status} in {statuses:?}");
    }
    if let Some((before, after)) = before.zip(after) {
        assert!(after < before + 32 * 1024, "resident before {before} kB, after {after} kB");
    }
    assert!(server.is_running());
    let report = server.post_json("/v1/score", &json!({ "text": "It rained." }));
    assert_eq!(report.status, 200);
    assert!(!server.told.lock().unwrap().contains("panicked"), "{}", server.told.lock().unwrap());
}
