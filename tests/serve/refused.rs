//! What the server does not do, and how it says so.

use crate::server::{Client, Server, parallax};
use serde_json::{Value, json};
use std::io::Write;
use std::thread;
use std::time::Duration;

const TOKEN: &str = "a-token-of-some-length";

/// The status and the kind of the problem.
fn problem(answer: &crate::server::Answer) -> (u16, String) {
    let problem = answer.problem();
    (answer.status, problem["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned())
}

#[test]
fn every_refusal_is_a_problem_document_that_says_where() {
    let server = Server::start(&["--max-documents", "3", "--max-document", "2000"]);
    let json = |body: &str| server.post("/v1/score", "application/json", body);
    let cases: [(&str, u16, &str); 20] = [
        ("", 400, "malformed-json"),
        ("{\"text\":", 400, "malformed-json"),
        ("{\"text\":\"a\"} x", 400, "malformed-json"),
        ("{'text':1}", 400, "malformed-json"),
        ("[]", 422, "unusable"),
        ("null", 422, "unusable"),
        ("{}", 422, "unusable"),
        ("{\"text\":1}", 422, "unusable"),
        ("{\"text\":\" \\n \"}", 422, "unusable"),
        ("{\"text\":\"One.\",\"txet\":1}", 422, "unusable"),
        ("{\"text\":\"One.\",\"documents\":[]}", 422, "unusable"),
        ("{\"documents\":[]}", 422, "unusable"),
        ("{\"documents\":[{\"id\":\"a\"}]}", 422, "unusable"),
        ("{\"documents\":[{\"id\":1,\"text\":\"One.\"},{\"id\":\"1\",\"text\":\"Two.\"}]}", 422, "unusable"),
        ("{\"text\":\"One.\",\"lang\":\"tlh\"}", 422, "unusable"),
        ("{\"text\":\"One.\",\"heads\":[\"genre\"]}", 422, "unusable"),
        ("{\"text\":\"One.\",\"heads\":[\"stance\"]}", 422, "unusable"),
        ("{\"text\":\"One.\",\"top\":3}", 422, "unusable"),
        ("{\"text\":\"One.\",\"targets\":[\" \"]}", 422, "unusable"),
        ("{\"text\":\"One.\",\"offsets\":\"lines\"}", 422, "unusable"),
    ];
    for (body, status, kind) in cases {
        assert_eq!(problem(&json(body)), (status, kind.to_owned()), "{body}");
    }
    let at = json("{\"documents\":[{\"text\":\"One.\"},\n {\"text\":7}]}").problem();
    assert_eq!((&at["line"], at["column"].is_u64()), (&2.into(), true), "{at}");
    let at = json("{\"documents\":[{\"text\":\"One.\"},{\"text\":\"\"}]}").problem();
    assert_eq!(at["pointer"], "#/documents/1/text");
    let deep = format!("{{\"text\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(json(&deep).status, 400 | 422));
    assert_eq!(json(&format!("{{\"id\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000))).status, 400);

    let many: Vec<Value> = (0..4).map(|_| json!({ "text": "One." })).collect();
    let many = server.post_json("/v1/score", &json!({ "documents": many }));
    assert_eq!(problem(&many), (413, "too-many-documents".into()));
    let long = server.post_json("/v1/score", &json!({ "text": "One. ".repeat(401) }));
    assert_eq!(problem(&long), (413, "document-too-large".into()));
    let post = |path: &str, media: &str, body: &[u8]| problem(&server.post(path, media, body));
    assert_eq!(post("/v1/score", "application/json", b"{\"text\":\"\xff\"}"), (400, "not-utf-8".into()));
    assert_eq!(post("/v1/score", "text/plain", b"One \xff two."), (400, "not-utf-8".into()));
    assert_eq!(post("/v1/score", "text/plain", b"One\0two."), (422, "unusable".into()));
    assert_eq!(post("/v1/score", "text/plain", b""), (422, "unusable".into()));
    assert_eq!(post("/v1/score?lines=3", "text/plain", b"One."), (422, "unusable".into()));
    assert_eq!(post("/v1/score?lang=en", "application/json", b"{\"text\":\"One.\"}"), (422, "unusable".into()));
    assert_eq!(post("/v1/score", "application/x-ndjson", b"{\"text\":\"One.\"}\n{}\n"), (422, "unusable".into()));
    assert_eq!(post("/v1/score", "image/png", b"x"), (415, "unsupported-media-type".into()));
    assert_eq!(post("/v1/compare", "text/plain", b"One."), (415, "unsupported-media-type".into()));
    assert_eq!(
        post("/v1/compare", "application/json", b"{\"documents\":[{\"text\":\"One.\"}]}"),
        (422, "unusable".into())
    );
    let zipped = [("content-type", "text/plain"), ("content-encoding", "gzip")];
    assert_eq!(
        problem(&server.client().send("POST", "/v1/score", &zipped, b"x")),
        (415, "unsupported-media-type".into())
    );

    for path in ["/desk", "/v1", "/v1/score/", "/v2/score", "/../etc/passwd", "/%00"] {
        assert_eq!(problem(&server.get(path)), (404, "not-found".into()), "{path}");
    }
    for (method, path, allowed) in
        [("GET", "/v1/score", "POST"), ("DELETE", "/v1/models", "GET,HEAD"), ("OPTIONS", "/v1/score", "POST")]
    {
        let answer = server.client().send(method, path, &[], b"");
        assert_eq!(problem(&answer), (405, "method-not-allowed".into()));
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
    }
}

#[test]
fn every_answer_may_load_nothing_and_is_not_stored() {
    let server = Server::start(&["--lang", "en"]);
    for answer in
        [server.get("/healthz"), server.get("/nothing"), server.post_json("/v1/score", &json!({ "text": "One." }))]
    {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn a_body_may_be_as_large_as_allowed_and_no_larger() {
    let server = Server::start(&["--lang", "en", "--max-body", "1000"]);
    let body = |bytes: usize| format!("{{\"text\":\"{}\"}}", "a".repeat(bytes - 11));
    assert_eq!(server.post("/v1/score", "application/json", body(1000)).status, 200);
    let refused = server.post("/v1/score", "application/json", body(1001));
    assert_eq!(problem(&refused), (413, "body-too-large".into()));
    // Without a length told before.
    let mut client = server.client();
    let head = "POST /v1/score HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    client.stream.write_all(head.as_bytes()).unwrap();
    for _ in 0..11 {
        let _ = client.stream.write_all(format!("64\r\n{}\r\n", "a".repeat(100)).as_bytes());
    }
    assert_eq!(problem(&client.answer().unwrap()), (413, "body-too-large".into()));
}

#[test]
fn answers_and_bodies_together_have_bounds() {
    let server = Server::start(&["--lang", "en", "--max-answer", "3000", "--max-held", "20000"]);
    let text = "The council voted on Tuesday. ".repeat(20);
    assert_eq!(server.post_json("/v1/score", &json!({ "text": "The council voted." })).status, 200);
    let large = server.post_json("/v1/score", &json!({ "text": text, "explain": true }));
    assert_eq!(problem(&large), (422, "answer-too-large".into()));
    let held = server.post("/v1/score", "text/plain", "The council voted. ".repeat(2000));
    assert_eq!(problem(&held), (503, "overloaded".into()));
    assert_eq!(held.header("retry-after"), Some("1"));
    assert_eq!(server.post_json("/v1/score", &json!({ "text": "The council voted." })).status, 200);
}

#[test]
fn a_full_queue_is_said_with_when_to_come_again() {
    let server = Server::start(&["--lang", "en", "--concurrency", "1", "--queue", "1", "--threads", "1"]);
    let body = json!({ "documents": vec![json!({ "text": "The council voted on Tuesday. ".repeat(3000) }); 20] });
    let body = body.to_string();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let ask = || {
            scope.spawn(|| {
                let answer = server.post("/v1/score", "application/json", &body);
                if answer.status != 200 {
                    assert_eq!(problem(&answer), (429, "queue-full".into()));
                    assert!(answer.header("retry-after").is_some());
                }
                answer.status
            })
        };
        let asked: Vec<_> = (0..8).map(|_| ask()).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
}

#[test]
fn an_answer_that_takes_too_long_is_said_and_the_server_goes_on() {
    let server = Server::start(&["--lang", "en", "--time-limit", "1", "--threads", "1", "--max-answer", "900000000"]);
    let body = json!({ "explain": true, "documents": vec![json!({ "text": "The council voted on Tuesday. ".repeat(10_000) }); 20] });
    let late = server.post_json("/v1/score", &body);
    assert_eq!(problem(&late), (503, "took-too-long".into()));
    // What was begun is stopped at the end of its document.
    let start = std::time::Instant::now();
    while server.post_json("/v1/score", &json!({ "text": "One." })).status != 200 {
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn who_does_not_know_the_token_is_told_nothing() {
    for args in [&["--listen", "127.0.0.1:0"][..], &["--listen", "0.0.0.0:0"]] {
        let server = Server::with(&[args, &["--lang", "en"]].concat(), |command| {
            command.env("PARALLAX_TOKEN", TOKEN);
        });
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], server.address.port()));
        let ask = |path: &str, authorization: Option<&str>| {
            let headers: Vec<(&str, &str)> = authorization.map(|told| ("authorization", told)).into_iter().collect();
            Client::new(address).send("GET", path, &headers, b"")
        };
        for path in ["/v1/models", "/metrics", "/openapi.json", "/nothing"] {
            for wrong in [None, Some("Bearer a-token-of-some-lengtH"), Some("Basic YTph"), Some(TOKEN)] {
                let answer = ask(path, wrong);
                assert_eq!(problem(&answer), (401, "unauthorized".into()));
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            }
        }
        assert_eq!(ask("/v1/models", Some(&format!("Bearer {TOKEN}"))).status, 200);
        assert_eq!(ask("/healthz", None).status, 200);
        assert!(!server.told.lock().unwrap().contains(TOKEN));
    }
}

#[test]
fn the_token_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let server = Server::start(&["--lang", "en", "--token-file", file.to_str().unwrap()]);
    assert_eq!(server.get("/v1/models").status, 401);
    let told = format!("Bearer {TOKEN}");
    assert_eq!(server.client().send("GET", "/v1/models", &[("authorization", &told)], b"").status, 200);
    // The page's own files hold nothing, and ask for the token themselves.
    for path in ["/", "/desk.js", "/desk.css", "/queue.js", "/queue.css", "/report.js", "/report.css"] {
        let file = server.get(path);
        assert_eq!(file.status, 200, "{path}");
        let policy = file.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(!file.text().contains("<script>") && !file.text().contains(" onclick="), "{path}");
    }
    for path in ["/v1/page", "/v1/next", "/v1/corrections"] {
        assert_eq!(server.post_json(path, &json!({ "text": "It rained." })).status, 401, "{path}");
    }
}

#[test]
fn other_hosts_and_other_origins_are_refused_on_loopback() {
    let server = Server::start(&["--lang", "en"]);
    let ask = |headers: &[(&str, &str)]| server.client().send("GET", "/v1/models", headers, b"");
    assert_eq!(ask(&[("host", "localhost:1")]).status, 200);
    assert_eq!(problem(&ask(&[("host", "example.org")])), (421, "wrong-host".into()));
    assert_eq!(problem(&ask(&[("host", "localhost"), ("origin", "http://example.org")])), (403, "cross-origin".into()));
    assert_eq!(problem(&ask(&[("host", "localhost"), ("origin", "null")])), (403, "cross-origin".into()));
    assert_eq!(ask(&[("host", "localhost:80"), ("origin", "http://localhost:80")]).status, 200);
    let mut client = server.client();
    client.stream.write_all(b"GET /v1/models HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(problem(&client.answer().unwrap()), (400, "bad-request".into()));
}

#[test]
fn it_does_not_start_where_that_would_be_unsafe_or_in_vain() {
    let refused = |args: &[&str]| {
        let output = parallax().arg("serve").args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let told = refused(&["--listen", "0.0.0.0:0"]);
    assert!(told.contains("PARALLAX_TOKEN") && told.contains("--token-file") && told.contains("127.0.0.1"), "{told}");
    assert!(refused(&["--token", "short"]).contains("16"));
    assert!(refused(&["--port", "0", "--model", "nothing"]).contains("no bundle"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert!(refused(&["--port", &port]).contains("--port 0"));
}
