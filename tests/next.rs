//! `parallax label next`: what is labelled is left out, reasons are given, and a line of the queue becomes a correction.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![cfg(feature = "label")]

#[allow(dead_code)]
mod run;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, model, parallax};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder for the store, and a queue over the two articles of the examples.
fn next(folder: &Path) -> Command {
    let mut command = parallax();
    command.args(["label", "next", "--model"]).arg(model()).arg("--store").arg(folder.join("corrections.db"));
    command
}

fn articles() -> [PathBuf; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles");
    [folder.join("harbour_framed.txt"), folder.join("harbour_plain.txt")]
}

fn lines(command: &mut Command) -> Vec<Value> {
    let output = command.args(["--format", "jsonl"]).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["sentence"]["text"].as_str().unwrap()).collect()
}

#[test]
fn a_line_of_the_queue_is_a_correction_but_for_its_value_and_is_left_out_then() {
    let folder = TempDir::new().unwrap();
    let queue = lines(next(folder.path()).args(["--count", "5"]).args(articles()));
    assert_eq!(queue.len(), 5);
    let mut corrections = String::new();
    for (line, rank) in queue.iter().zip(1..) {
        assert_eq!(line["next"]["rank"], rank);
        let mut correction = line.as_object().unwrap().clone();
        correction.remove("next");
        correction.insert("head".into(), json!("bias"));
        correction.insert("old".into(), json!(line["seen"]["labels"]["bias"]));
        correction.insert("new".into(), json!(1));
        corrections.push_str(&format!("{}\n", Value::Object(correction)));
    }
    let store = folder.path().join("corrections.db");
    let mut add = parallax();
    add.args(["label", "add", "--strict", "--store"]).arg(&store).write_stdin(corrections).assert().success();
    let others = lines(next(folder.path()).args(["--count", "100"]).args(articles()));
    assert!(others.len() > 5);
    assert!(texts(&queue).iter().all(|text| !texts(&others).contains(text)));
    // Labelled under another head, they are left to be read for this one.
    let tone = lines(next(folder.path()).args(["--count", "100", "--heads", "tone"]).args(articles()));
    assert!(texts(&queue).iter().any(|text| texts(&tone).contains(text)));
    // The same by a file of labelled sentences.
    let export = folder.path().join("mine.jsonl");
    parallax().args(["label", "export", "--store"]).arg(&store).arg("--out").arg(&export).assert().success();
    let elsewhere = TempDir::new().unwrap();
    let again = lines(next(elsewhere.path()).args(["--count", "100"]).args(articles()).arg("--data").arg(&export));
    assert_eq!(texts(&again), texts(&others));
}

#[test]
fn the_queue_is_the_same_whatever_the_threads_and_the_order_of_the_inputs() {
    let folder = TempDir::new().unwrap();
    let mut other = articles();
    other.reverse();
    let one = lines(next(folder.path()).args(["--threads", "1"]).args(articles()));
    let two = lines(next(folder.path()).args(["--threads", "3"]).args(other));
    // A sentence that both articles have is shown in the first of them.
    let of = |lines: &[Value]| -> Vec<(Value, Value)> {
        lines.iter().map(|line| (line["sentence"]["text"].clone(), line["next"]["score"].clone())).collect()
    };
    assert_eq!(of(&one), of(&two));
    assert_eq!(one, lines(next(folder.path()).args(["--threads", "3"]).args(articles())));
    assert!(!folder.path().join("corrections.db").exists(), "a store was made by reading");
}

#[test]
fn places_are_in_the_unit_asked_for_and_reasons_are_sorted() {
    let folder = TempDir::new().unwrap();
    let text = "🔥 The shameless council met on Monday. It voted for the new harbour, its leaders said.";
    let (_input, path) = file("a.txt", text);
    for (unit, of) in [("bytes", text.len()), ("chars", text.chars().count()), ("utf16", text.encode_utf16().count())] {
        let queue = lines(next(folder.path()).args(["--offsets", unit]).arg(&path));
        let ends: Vec<u64> = queue.iter().map(|line| line["next"]["end"].as_u64().unwrap()).collect();
        assert_eq!(ends.iter().max(), Some(&(of as u64)), "{unit}: {queue:?}");
        for line in &queue {
            assert_eq!(line["next"]["offsets"], unit);
            let doubts = line["next"]["doubts"].as_array().unwrap();
            let of = |doubt: &Value| doubt["uncertainty"].as_f64().unwrap();
            assert!(doubts.len() >= 3 && doubts.windows(2).all(|pair| of(&pair[0]) >= of(&pair[1])), "{doubts:?}");
            let chars = (line["sentence"]["start"].as_u64().unwrap(), line["sentence"]["end"].as_u64().unwrap());
            let own: String = text.chars().skip(chars.0 as usize).take((chars.1 - chars.0) as usize).collect();
            assert_eq!(line["sentence"]["text"], own);
        }
    }
}

#[test]
fn text_is_read_from_standard_input_and_written_for_a_reader() {
    let folder = TempDir::new().unwrap();
    let mut command = next(folder.path());
    command.args(["-n", "2"]).write_stdin(ARTICLE);
    let told = contains("  1  <stdin>, sentence ").and(contains("uncertainty 0.")).and(contains("bias "));
    command.assert().success().stdout(told).stderr(contains("2 of 3 sentences that nobody labelled"));
}

#[test]
fn what_cannot_be_is_refused_and_what_cannot_be_read_is_named() {
    let folder = TempDir::new().unwrap();
    next(folder.path())
        .args(["--heads", "stance"])
        .args(articles())
        .assert()
        .code(2)
        .stderr(contains("toward a target"));
    next(folder.path()).args(["--diversity", "1.5"]).args(articles()).assert().code(2).stderr(contains("0 to 1"));
    let missing = folder.path().join("missing.txt");
    next(folder.path()).arg(&missing).args(articles()).assert().code(2).stderr(contains("missing.txt"));
    next(folder.path()).arg("--strict").arg(&missing).args(articles()).assert().code(2).stdout("");
    let (_other, database) = file("other.db", "no database, but a text that is long enough to be looked at as one");
    let mut command = parallax();
    command.args(["label", "next", "--store"]).arg(&database).args(articles());
    command.assert().code(2).stderr(contains("other.db"));
}
