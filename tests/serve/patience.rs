//! Clients that are slow, and the end.

use crate::server::Server;
use serde_json::json;
use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

const HEAD: &str = "POST /v1/score HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\n";

/// Until the server closes the connection.
fn closed(stream: &mut impl Read) -> Duration {
    let start = Instant::now();
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
    start.elapsed()
}

#[test]
fn clients_that_keep_the_server_waiting_are_cut_off() {
    let server = Server::start(&["--lang", "en", "--patience", "1"]);
    let (soon, late) = (Duration::from_millis(500), Duration::from_secs(10));
    thread::scope(|scope| {
        // Nothing, half a head, and a head that comes letter by letter.
        for begin in ["", "GET /healthz", "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: "] {
            let server = &server;
            scope.spawn(move || {
                let mut client = server.client();
                client.stream.write_all(begin.as_bytes()).unwrap();
                let mut slow = client.stream.try_clone().unwrap();
                thread::spawn(move || {
                    while slow.write_all(b"a").is_ok() && !begin.is_empty() {
                        thread::sleep(Duration::from_millis(100));
                    }
                });
                let after = closed(&mut client.stream);
                assert!(after > soon && after < late, "{begin:?}: {after:?}");
            });
        }
        // Idle between two requests.
        scope.spawn(|| {
            let mut client = server.client();
            assert_eq!(client.send("GET", "/healthz", &[], b"").status, 200);
            let after = closed(&mut client.stream);
            assert!(after > soon && after < late, "idle: {after:?}");
        });
        // A body that does not come, or comes letter by letter.
        for framing in ["content-length: 1000\r\n\r\n", "transfer-encoding: chunked\r\n\r\n"] {
            let server = &server;
            scope.spawn(move || {
                let mut client = server.client();
                client.stream.write_all(format!("{HEAD}{framing}").as_bytes()).unwrap();
                let mut slow = client.stream.try_clone().unwrap();
                let part = if framing.starts_with('c') { "a" } else { "1\r\na\r\n" };
                thread::spawn(move || {
                    while slow.write_all(part.as_bytes()).is_ok() {
                        thread::sleep(Duration::from_millis(100));
                    }
                });
                let start = Instant::now();
                let answer = client.answer().unwrap();
                assert_eq!(answer.status, 408);
                assert_eq!(answer.problem()["type"], "/problems/slow-body");
                assert!(start.elapsed() > soon && start.elapsed() < late);
                assert!(closed(&mut client.stream) < late);
            });
        }
        // An answer that nobody takes.
        scope.spawn(|| {
            let mut client = server.client();
            let documents = vec![json!({ "text": "The council voted on Tuesday. ".repeat(4000) }); 10];
            let body = json!({ "documents": documents }).to_string();
            let head = HEAD.replace("text/plain", "application/json");
            write!(client.stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
            let start = Instant::now();
            let is_open = || {
                let counts = server.get("/metrics");
                counts.text().lines().any(|line| line == "parallax_connections 1")
            };
            while !is_open() {
                assert!(start.elapsed() < Duration::from_secs(40), "the connection is still open");
                thread::sleep(Duration::from_millis(200));
            }
        });
    });
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn only_so_many_connections_are_open_and_the_others_wait() {
    let server = Server::start(&["--lang", "en", "--connections", "2", "--patience", "2"]);
    let idle = [server.client(), server.client()];
    let start = Instant::now();
    // Is accepted when one of the others was idle for too long.
    assert_eq!(server.get("/healthz").status, 200);
    assert!(start.elapsed() > Duration::from_millis(500), "{:?}", start.elapsed());
    drop(idle);
}

#[test]
fn what_is_in_flight_is_finished_before_the_end_and_nothing_is_begun() {
    let mut server = Server::start(&["--lang", "en"]);
    let documents = vec![json!({ "text": "The council voted on Tuesday. ".repeat(5000) }); 16];
    let body = json!({ "documents": documents }).to_string();
    let mut idle = server.client();
    assert_eq!(idle.send("GET", "/healthz", &[], b"").status, 200);
    let answer = thread::scope(|scope| {
        let asked = scope.spawn(|| server.post("/v1/score", "application/json", &body));
        let is_begun = || {
            let counts = server.get("/metrics");
            counts.text().lines().any(|line| line == "parallax_documents_total 16")
        };
        while !is_begun() && !asked.is_finished() {
            thread::sleep(Duration::from_millis(2));
        }
        assert!(!asked.is_finished(), "too fast to be seen in flight");
        server.terminate();
        asked.join().unwrap()
    });
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json().as_array().unwrap().len(), 16);
    let status = server.ended(Duration::from_secs(20));
    assert_eq!(status.code(), Some(0), "{}", server.told.lock().unwrap());
    assert!(std::net::TcpStream::connect(server.address).is_err());
    assert!(closed(&mut idle.stream) < Duration::from_secs(1));
    assert!(server.told.lock().unwrap().contains("finishing what is in flight"));
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let mut server = Server::start(&["--lang", "en", "--shutdown-time", "1"]);
    let mut client = server.client();
    client.stream.write_all(format!("{HEAD}content-length: 1000\r\n\r\nabc").as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(200));
    server.terminate();
    let status = server.ended(Duration::from_secs(8));
    assert_eq!(status.code(), Some(2));
    thread::sleep(Duration::from_millis(50));
    assert!(server.told.lock().unwrap().contains("cut off"), "{}", server.told.lock().unwrap());
}
