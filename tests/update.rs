//! `parallax train --add` and `parallax versions`, as the real binary does them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use run::parallax;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The program with the bundles that the repository ships.
fn program() -> assert_cmd::Command {
    let mut command = parallax();
    command.env("PARALLAX_MODELS", Path::new(env!("CARGO_MANIFEST_DIR")).join("models"));
    command
}

/// Sentences of four documents in which a reader calls a harbour's jargon plain.
fn jargon() -> String {
    let sentences = [
        "The berth plan was torpedoed by the tide tables.",
        "A monster crane was lowered on to the quay.",
        "The dredger chewed through the silt for nine days.",
        "The pilots slammed the tug into gear at noon.",
    ];
    let lines = sentences.iter().enumerate().flat_map(|(i, text)| {
        (0..3).map(move |n| {
            json!({
                "id": format!("{i}-{n}"), "lang": "en", "group": format!("port-{i}"),
                "text": format!("{text} It was day {n}."), "labels": {"bias": 0, "tone": "neutral"},
            })
        })
    });
    lines.map(|line| line.to_string() + "\n").collect()
}

/// The probability of bias of the jargon, by the bundle in a folder.
fn bias(model: &str, folder: &Path) -> f64 {
    let out = program()
        .current_dir(folder)
        .args(["score", "--heads", "bias", "--format", "jsonl", "--unit", "sentence", "--model", model])
        .write_stdin("A monster crane was lowered on to the dock.")
        .assert()
        .success();
    let report: Value = serde_json::from_slice(&out.get_output().stdout).unwrap();
    report["sentences"][0]["bias"].as_f64().unwrap()
}

#[test]
fn what_is_added_waits_is_told_and_can_be_accepted_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("added.jsonl"), jargon()).unwrap();
    let out = program()
        .current_dir(at)
        .args(["train", "--base", "en", "--add", "added.jsonl", "--versions", "v", "--format", "json"])
        .assert()
        .success();
    let change: Value = serde_json::from_slice(&out.get_output().stdout).unwrap();
    assert_eq!(change["schema"], "parallax-change/1");
    assert_eq!(
        change["added"],
        json!({"sentences": 12, "documents": 4, "heads": {"bias": 12, "tone": 12}, "left": {}})
    );
    let heads: Vec<&str> =
        change["held_out"]["heads"].as_array().unwrap().iter().map(|head| head["head"].as_str().unwrap()).collect();
    assert_eq!(heads, ["bias", "tone"]);
    let loss = |of: &str| change["held_out"]["heads"][0]["differences"]["log_loss"][of].as_f64().unwrap();
    assert!(loss("new") < loss("other"), "{}", change["held_out"]["heads"][0]);
    let verdicts = &change["verdicts"];
    assert!(verdicts["sentences"].as_u64().unwrap() > 300);
    // Twelve sentences on a harbour are no reason to judge the rest anew.
    let bias_changes = verdicts["heads"].as_array().unwrap().iter().find(|head| head["head"] == "bias").unwrap();
    assert!(bias_changes["changed"].as_u64().unwrap() * 20 < bias_changes["of"].as_u64().unwrap(), "{bias_changes}");
    assert!(verdicts["terms"].as_array().unwrap().iter().all(|term| term["by"].as_f64().unwrap() != 0.0));
    let kept: Value = serde_json::from_slice(&fs::read(at.join("v/en/1/change.json")).unwrap()).unwrap();
    assert_eq!(kept, change);
    assert!(fs::read_to_string(at.join("v/en/1/CARD.md")).unwrap().starts_with("# Bundle `en`, version 0.2.0+1"));

    let versions =
        |args: &[&str]| program().current_dir(at).arg("versions").args(args).args(["--versions", "v"]).assert();
    let listed = |args: &[&str]| String::from_utf8(versions(args).success().get_output().stdout.clone()).unwrap();
    assert!(listed(&[]).contains("en  1  waits"), "{}", listed(&[]));
    versions(&["accept"]).success();
    assert!(listed(&[]).contains("en  1  in use"));
    let (before, after) = (bias("en", at), bias("v/en/1", at));
    assert!(before - after > 0.05, "{before} {after}");
    let said = versions(&["accept"]).code(2);
    assert!(String::from_utf8_lossy(&said.get_output().stderr).contains("none that waits"));
    versions(&["restore", "0"]).success();
    assert!(listed(&[]).contains("en  0  in use"));
    versions(&["restore", "1"]).success();
    versions(&["restore", "9"]).code(2);
    program().current_dir(at).args(["models", "--verify", "v/en/1"]).assert().success();
}

#[test]
fn a_term_that_was_missed_is_found_and_the_same_bytes_come_of_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let record = |id: u32, text: &str, term: &str| {
        let start = text.find(term).unwrap();
        let loaded = json!([{"start": start, "end": start + term.len(), "kind": "evaluative"}]);
        json!({"id": id.to_string(), "lang": "en", "group": format!("g{id}"), "text": text, "loaded": loaded})
            .to_string()
    };
    let texts = [
        "The committee passed the placeholder budget on Monday.",
        "Nobody read the placeholder annex to the treaty.",
        "They signed a placeholder lease in March.",
    ];
    let lines: Vec<String> = texts.iter().zip(0..).map(|(text, id)| record(id, text, "placeholder")).collect();
    fs::write(at.join("added.jsonl"), lines.join("\n")).unwrap();
    for threads in ["1", "2"] {
        program()
            .current_dir(at)
            .args(["train", "--base", "en", "--add", "added.jsonl", "--out", threads, "--threads", threads])
            .assert()
            .success();
    }
    let heads = |folder: &str| ["heads.bin", "spans.bin"].map(|file| fs::read(at.join(folder).join(file)).unwrap());
    assert!(heads("1") == heads("2"));
    let found = |model: &str| {
        let out = program()
            .current_dir(at)
            .args(["score", "--heads", "loaded", "--format", "jsonl", "--model", model])
            .write_stdin("The mayor defended the placeholder tender.")
            .assert()
            .success();
        let report: Value = serde_json::from_slice(&out.get_output().stdout).unwrap();
        report["loaded"].as_array().unwrap().iter().any(|term| term["text"] == "placeholder")
    };
    assert!(!found("en") && found("1"));
}

#[test]
fn what_cannot_be_added_is_said_with_its_line_or_its_label() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let add = |lines: &str| {
        fs::write(at.join("added.jsonl"), lines).unwrap();
        let args = ["train", "--base", "en", "--add", "added.jsonl", "--out", "new", "--strict"];
        let out = program().current_dir(at).args(args).assert().code(2);
        assert!(!at.join("new").exists());
        String::from_utf8_lossy(&out.get_output().stderr).into_owned()
    };
    assert!(add("{\"id\":\"a\"}\n").contains("added.jsonl:1"));
    let of = |lang: &str, head: &str, label: &str| {
        json!({"id": "a", "lang": lang, "text": "It rained.", "labels": {head: label}}).to_string()
    };
    assert!(add(&of("ar", "bias", "0")).contains("1 in other languages"));
    assert!(add(&of("en", "tone", "gloomy")).contains("`gloomy`"));
    assert!(add(&of("en", "genre", "advert")).contains("labels of genre alone"));
    let out =
        program().current_dir(at).args(["train", "--add", "added.jsonl", "--data", "added.jsonl"]).assert().code(2);
    assert!(String::from_utf8_lossy(&out.get_output().stderr).contains("cannot be used with"));
}

#[cfg(feature = "label")]
#[test]
fn a_store_of_corrections_is_added_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("added.jsonl"), jargon()).unwrap();
    program().current_dir(at).args(["label", "import", "added.jsonl", "--store", "c.db"]).assert().success();
    let out =
        program().current_dir(at).args(["train", "--base", "en", "--add", "c.db", "--out", "new"]).assert().success();
    let text = String::from_utf8(out.get_output().stdout.clone()).unwrap();
    assert!(text.contains("added: 12 sentences of 4 documents (bias 12, tone 12)"), "{text}");
    assert!(text.contains("on held-out documents") && text.contains("verdicts on the reference corpus"), "{text}");
}
