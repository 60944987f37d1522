//! What readers correct is learned, looked at, accepted, and taken back; and nobody who asks meanwhile notices.

use crate::server::{Answer, Server, parallax};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const FRAMED: &str = include_str!("../../examples/articles/harbour_framed.txt");
const PLAIN: &str = include_str!("../../examples/articles/harbour_plain.txt");

/// A server with a store and versions of its own.
fn server(folder: &Path) -> Server {
    Server::start(&["--store", folder.join("corrections.db").to_str().unwrap()])
}

fn ok(answer: Answer) -> Value {
    assert!(answer.status == 200 || answer.status == 202, "{answer:?}");
    answer.json()
}

/// The report on a text.
fn report(server: &Server, text: &str) -> Value {
    ok(server.post_json("/v1/score", &json!({ "id": "a", "text": text, "offsets": "chars" })))
}

/// The SHA-256 of the model that answers.
fn model(server: &Server) -> String {
    report(server, FRAMED)["model"]["sha256"].as_str().unwrap().to_owned()
}

/// Says that sentences are not biased that the model calls so, or the other way round; how many.
fn correct(server: &Server, id: &str, text: &str, most: usize) -> usize {
    let sentences = report(server, text)["sentences"].as_array().unwrap().clone();
    for (at, sentence) in sentences.iter().enumerate().take(most) {
        let change = i32::from(sentence["labels"]["bias"] == "0");
        let correction = json!({ "head": "bias", "sentence": at, "change": change });
        let request = json!({ "document": { "id": id, "text": text }, "correction": correction });
        assert_eq!(server.post_json("/v1/corrections", &request).status, 200);
    }
    sentences.len().min(most)
}

/// Where retraining stands once nothing is at work.
fn done(server: &Server) -> Value {
    let start = Instant::now();
    loop {
        let state = ok(server.get("/v1/retrain"));
        if state["state"] != "running" {
            return state;
        }
        assert!(start.elapsed() < Duration::from_secs(300), "{state}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A server whose model was taught some corrections, which wait to be accepted.
fn taught() -> (TempDir, Server, Value) {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let number = correct(&server, "framed", FRAMED, 6) + correct(&server, "plain", PLAIN, 4);
    let begun = server.post_json("/v1/retrain", &json!({ "documents": [{ "id": "framed", "text": FRAMED }] }));
    assert_eq!((begun.status, &begun.json()["state"]), (202, &json!("running")));
    let twice = server.post_json("/v1/retrain", &json!({}));
    assert_eq!((twice.status, &twice.problem()["type"]), (409, &json!("/problems/conflict")));
    let state = done(&server);
    assert_eq!((&state["state"], &state["corrected"]["en"]), (&json!("ready"), &json!(number)), "{state}");
    (folder, server, state)
}

#[test]
fn corrections_are_learned_and_what_changes_is_said_before_it_does() {
    let (folder, server, state) = taught();
    let before = report(&server, FRAMED);
    let change = &state["change"];
    assert_eq!((&change["schema"], &change["added"]["documents"]), (&json!("parallax-change/1"), &json!(2)));
    assert_eq!(change["against"]["sha256"], before["model"]["sha256"], "nothing is in use that was not accepted");
    assert_eq!(change["held_out"]["heads"][0]["head"], "bias");
    let verdicts: Vec<&Value> =
        change["verdicts"]["changes"].as_array().unwrap().iter().filter(|v| v["document"] == "framed").collect();
    assert!(!verdicts.is_empty(), "{}", change["verdicts"]["heads"]);
    let html = state["html"].as_str().unwrap();
    assert!(html.contains("On documents that did not teach it") && html.contains("Moved most"), "{html}");

    ok(server.post_json("/v1/retrain/accept", &json!({})));
    let after = report(&server, FRAMED);
    assert_eq!(after["model"]["sha256"], state["model"]["sha256"]);
    // What was said to change changed, and of the sentences' labels nothing else.
    for (at, (old, new)) in
        before["sentences"].as_array().unwrap().iter().zip(after["sentences"].as_array().unwrap()).enumerate()
    {
        for (head, label) in new["labels"].as_object().unwrap() {
            let said = verdicts.iter().find(|v| v["sentence"] == at && v["head"] == *head);
            let expected = said.map_or(&old["labels"][head], |verdict| &verdict["to"]);
            assert_eq!(label, expected, "{head} of sentence {at}");
        }
    }
    // It is in use after a restart, too, and the first bundle is there to go back to.
    let sha256 = model(&server);
    drop(server);
    let server = self::server(folder.path());
    assert_eq!(model(&server), sha256);
    assert!(server.told.lock().unwrap().contains("en: version"), "{}", server.told.lock().unwrap());
    let listed = ok(server.get("/v1/versions"));
    let english: Vec<(&Value, &Value)> = listed["versions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|version| version["lang"] == "en")
        .map(|version| (&version["number"], &version["place"]))
        .collect();
    assert_eq!(english, [(&Value::Null, &json!("former")), (&json!(1), &json!("current"))]);
    ok(server.post_json("/v1/versions/restore", &json!({ "lang": "en" })));
    assert_eq!(report(&server, FRAMED), before);
    ok(server.post_json("/v1/versions/restore", &json!({ "lang": "en", "number": 1 })));
    assert_eq!(model(&server), sha256);
}

#[test]
fn what_another_process_accepts_answers_within_seconds_and_what_is_rejected_never_does() {
    let (folder, server, state) = taught();
    let before = model(&server);
    let versions = folder.path().join("parallax-versions");
    let run = |args: &[&str]| {
        let output = parallax().arg("versions").args(args).arg("--versions").arg(&versions).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["accept"]);
    let until = |expected: &Value| {
        let start = Instant::now();
        while json!(model(&server)) != *expected {
            assert!(start.elapsed() < Duration::from_secs(20), "{expected} does not answer");
            thread::sleep(Duration::from_millis(100));
        }
    };
    until(&state["model"]["sha256"]);
    assert_eq!(done(&server)["state"], "idle");
    run(&["restore", "0"]);
    until(&json!(before));

    ok(server.post_json("/v1/retrain", &json!({ "lang": "en" })));
    assert_eq!(done(&server)["state"], "ready");
    assert_eq!(ok(server.post_json("/v1/retrain/reject", &json!({})))["state"], "idle");
    assert_eq!(model(&server), before);
}

#[test]
fn requests_in_flight_while_models_are_exchanged_are_each_answered_by_one_model_whole() {
    let (_folder, server, state) = taught();
    let documents: Vec<Value> =
        (0..6).map(|at| json!({ "id": at, "text": if at % 2 == 0 { FRAMED } else { PLAIN } })).collect();
    let request = json!({ "documents": documents });
    let over = AtomicBool::new(false);
    let ask = || {
        let mut client = server.client();
        let mut seen = BTreeSet::new();
        while !over.load(Ordering::Relaxed) {
            let body = request.to_string();
            let answer = client.send("POST", "/v1/score", &[("content-type", "application/json")], body.as_bytes());
            let reports = ok(answer);
            let of: BTreeSet<String> = reports
                .as_array()
                .unwrap()
                .iter()
                .map(|report| report["model"]["sha256"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(of.len(), 1, "two models in one answer");
            seen.extend(of);
        }
        seen
    };
    let seen: BTreeSet<String> = thread::scope(|scope| {
        let clients: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        ok(server.post_json("/v1/retrain/accept", &json!({})));
        for turn in 0..10 {
            let number = if turn % 2 == 0 { Value::Null } else { json!(1) };
            ok(server.post_json("/v1/versions/restore", &json!({ "lang": "en", "number": number })));
        }
        over.store(true, Ordering::Relaxed);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen.contains(state["model"]["sha256"].as_str().unwrap()));
}

#[test]
fn a_server_that_is_stopped_while_it_learns_ends_in_time_and_leaves_no_half_model() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = server(folder.path());
    correct(&server, "framed", FRAMED, 6);
    assert_eq!(server.post_json("/v1/retrain", &json!({})).status, 202);
    server.terminate();
    assert!(server.ended(Duration::from_secs(10)).success());
    let server = self::server(folder.path());
    let state = ok(server.get("/v1/retrain"));
    assert_eq!((&state["state"], &state["corrected"]["en"]), (&json!("idle"), &json!(6)));
    let listed = ok(server.get("/v1/versions"));
    assert!(listed["versions"].as_array().unwrap().iter().all(|version| version["number"].is_null()), "{listed}");
}

#[test]
fn what_cannot_be_done_now_is_said_and_who_only_looks_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let state = ok(server.get("/v1/retrain"));
    assert_eq!(state, json!({ "corrected": {}, "state": "idle" }));
    assert_eq!(ok(server.get("/v1/versions"))["versions"][0]["place"], "current");
    for (path, body, status, said) in [
        ("/v1/retrain", json!({}), 422, "found no correction"),
        ("/v1/retrain", json!({ "lang": "en" }), 422, "no corrected sentence"),
        ("/v1/retrain", json!({ "lang": "xx" }), 422, "no corrected sentence"),
        ("/v1/retrain", json!({ "file": "/etc/passwd" }), 422, "unknown field"),
        ("/v1/retrain/accept", json!({}), 409, "retrain first"),
        ("/v1/retrain/reject", json!({ "lang": "en" }), 409, "retrain first"),
        ("/v1/versions/restore", json!({ "lang": "en", "number": 3 }), 422, "no version 3"),
        ("/v1/versions/restore", json!({ "lang": "../en" }), 422, "a language with a model"),
    ] {
        let problem = server.post_json(path, &body).problem();
        assert_eq!(problem["status"], status, "{path} {body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(said), "{path} {body}: {problem}");
    }
    let other = server.client().send("DELETE", "/v1/retrain", &[], b"");
    assert!(other.problem()["detail"].as_str().unwrap().contains("POST or GET"), "{other:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_label_that_the_model_does_not_have_is_refused_before_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    for (head, change) in [("bias", json!(9)), ("tone", json!("meh")), ("zz", json!("x"))] {
        let correction = json!({ "head": head, "sentence": 0, "change": change });
        let request = json!({ "document": { "id": "a", "text": PLAIN }, "correction": correction });
        let problem = server.post_json("/v1/corrections", &request).problem();
        assert!(problem["status"] == 422 && problem["detail"].as_str().unwrap().contains("expected one"), "{problem}");
    }
    assert_eq!(ok(server.get("/v1/retrain"))["corrected"], json!({}));
}
