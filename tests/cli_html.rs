//! What `parallax score` does with web pages and with damaged text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use predicates::prelude::*;
use predicates::str::contains;
use run::{file, ids, report, score};
use std::fs;

fn page() -> String {
    let paragraph = "The harbour board of Ostrel voted on Tuesday to widen the quay, a plan argued over for years. Its \
                     shameless leaders, who had promised a vote, betrayed the crews again, critics said. ";
    format!(
        "<!doctype html><html><head><title>Quay &amp; vote - The Post</title></head><body><nav><a href=/>Home page</a>\
         </nav><article><h1>Quay &amp; vote</h1><p>{paragraph}{paragraph}</p><figure><img src=a><figcaption>The quay in \
         May</figcaption></figure><p>{paragraph}</p></article><footer>All rights reserved</footer></body></html>"
    )
}

#[test]
fn a_page_is_scored_by_its_extension_by_how_it_begins_or_when_told() {
    let html = page();
    for (name, said) in [("a.html", "auto"), ("a.HTM", "auto"), ("a.txt", "auto"), ("a", "auto"), ("a.txt", "html")] {
        let (_folder, path) = file(name, &html);
        let run = score().args(["--format", "jsonl", "--input", said]).arg(&path).assert().success();
        let report = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
        let text = report["text"].as_str().unwrap();
        assert!(text.starts_with("Quay & vote\n\nThe harbour board"), "{text}");
        assert!(!text.contains("Home page") && !text.contains("All rights"), "{text}");
        assert_eq!(report["extraction"], "article");
        for sentence in report["sentences"].as_array().unwrap() {
            let at = |key: &str| usize::try_from(sentence[key].as_u64().unwrap()).unwrap();
            assert!(text.get(at("start")..at("end")).is_some_and(|slice| !slice.trim().is_empty()));
        }
        for term in report["loaded"].as_array().unwrap() {
            let at = |key: &str| usize::try_from(term[key].as_u64().unwrap()).unwrap();
            assert_eq!(text.get(at("start")..at("end")), term["text"].as_str());
        }
    }
    let run = score().args(["--format", "jsonl"]).write_stdin(html.clone()).assert().success();
    assert!(report(std::str::from_utf8(&run.get_output().stdout).unwrap())["text"].is_string());
    let run = score().args(["--format", "jsonl", "--input", "text"]).write_stdin(html).assert().success();
    assert!(report(std::str::from_utf8(&run.get_output().stdout).unwrap())["text"].is_null());
}

#[test]
fn pages_in_folders_are_read() {
    let (folder, _path) = file("b.html", page());
    fs::write(folder.path().join("a.txt"), "It rained.").unwrap();
    let run = score().current_dir(folder.path()).args(["--format", "jsonl", "."]).assert().success();
    assert_eq!(ids(&run.get_output().stdout), ["./a.txt", "./b.html"]);
}

#[test]
fn a_page_without_text_and_one_nested_too_deeply_are_named_with_a_cure() {
    let (_folder, path) = file("empty.html", "<html><script>var a;</script></html>");
    score().arg(&path).assert().code(2).stderr(contains("empty.html: found an empty input").and(contains("help: ")));
    let (_folder, path) = file("deep.html", "<div>".repeat(100_000));
    let said = contains("deep.html: found a page with more than 512 elements inside each other");
    score().arg(&path).assert().code(2).stderr(said.and(contains("help: ")));
}

#[test]
fn a_page_too_large_for_an_article_is_scored_whole_with_a_note() {
    let (_folder, path) =
        file("list.html", format!("<html><body>{}</body></html>", "<p>It rained.</p>".repeat(50_001)));
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().success();
    let run = run.stderr(contains("list.html: no article was found in this page; all of its text is scored"));
    assert_eq!(report(std::str::from_utf8(&run.get_output().stdout).unwrap())["extraction"], "page");
}

#[test]
fn damage_is_reported_with_its_places_and_a_line_where_it_is_much() {
    let text = "According to the board, The next phase is long. The crews went home. .\n";
    let (_folder, path) = file("a.txt", text);
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().success();
    let found = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    let places = found["noise"]["spans"].as_array().unwrap();
    let slices = places.iter().map(|place| {
        let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
        (place["kind"].as_str().unwrap(), &text[at("start")..at("end")])
    });
    assert_eq!(slices.collect::<Vec<_>>(), [("stray_capital", "The"), ("doubled_stop", ". .")]);
    assert!((found["noise"]["level"].as_f64().unwrap() - 2.0 / 13.0).abs() < 1e-6);
    score()
        .arg(&path)
        .assert()
        .success()
        .stdout(contains("damaged text: 15.4 % of words · stray capital 1 · doubled stop 1"));

    let (_folder, path) = file("clean.txt", "According to the board, the next phase is long. The crews went home.\n");
    score().arg(&path).assert().success().stdout(contains("damaged").not());
}
