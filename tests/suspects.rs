//! `parallax label suspects`: labels that are wrong are found among those that are right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![cfg(feature = "label")]

#[allow(dead_code)]
mod run;
#[allow(dead_code)]
mod tiny;

use predicates::str::contains;
use run::{file, parallax};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;
use tiny::{jsonl, rows, tiny};

fn suspects(data: &Path) -> assert_cmd::Command {
    let mut command = parallax();
    command.args(["label", "suspects", "--only-data", "--folds", "4", "--recipe"]).arg(&tiny().recipe);
    command.arg("--base").arg(&tiny().base).arg("--data").arg(data);
    command
}

/// Labelled sentences, five of them with the other label of `bias`; and which.
fn flipped() -> (Vec<Value>, BTreeSet<usize>) {
    let mut rows = rows();
    let wrong: BTreeSet<usize> = [4, 16, 37, 55, 70].into();
    for at in &wrong {
        let label = rows[*at]["labels"]["bias"].as_u64().unwrap();
        rows[*at]["labels"]["bias"] = json!(1 - label);
    }
    (rows, wrong)
}

#[test]
fn labels_that_were_turned_round_come_first_with_their_lines() {
    let (rows, wrong) = flipped();
    let (_folder, data) = file("wrong.jsonl", jsonl(&rows));
    let found = suspects(&data).args(["--heads", "bias", "--format", "jsonl", "--count", "5"]).assert().success();
    let text = String::from_utf8(found.get_output().stdout.clone()).unwrap();
    let found: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 5);
    let lines: BTreeSet<usize> = found.iter().map(|one| one["line"].as_u64().unwrap() as usize - 1).collect();
    assert!(lines.intersection(&wrong).count() >= 4, "{lines:?} for {wrong:?}");
    for (one, rank) in found.iter().zip(1..) {
        let row = &rows[one["line"].as_u64().unwrap() as usize - 1];
        assert_eq!((&one["id"], &one["text"], &one["rank"]), (&row["id"], &row["text"], &json!(rank)));
        assert_eq!(one["label"], row["labels"]["bias"].to_string());
        assert_ne!(one["label"], one["held_out"]);
    }
}

#[test]
fn every_head_has_its_list_and_a_store_is_looked_through_too() {
    let (mut rows, _) = flipped();
    // A head of one class says nothing, and is named.
    rows.iter_mut().for_each(|row| row["labels"]["same"] = json!("yes"));
    let (_folder, data) = file("wrong.jsonl", jsonl(&rows));
    let heads = contains("bias: 84 labels");
    let listed = suspects(&data).assert().success().stdout(heads).stdout(contains("tone: 84 labels"));
    listed.stdout(contains("wrong.jsonl:")).stderr(contains("same: all labels are `yes`"));
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("corrections.db");
    parallax().args(["label", "import"]).arg(&data).arg("--store").arg(&store).assert().success();
    let mut of_store = parallax();
    of_store
        .args(["label", "suspects", "--only-data", "--folds", "4", "--heads", "bias", "--recipe"])
        .arg(&tiny().recipe);
    of_store.arg("--base").arg(&tiny().base).arg("--store").arg(&store).current_dir(folder.path());
    of_store.assert().success().stdout(contains("bias: 84 labels")).stdout(contains("corrections.db  "));
}

#[test]
fn what_there_is_nothing_to_find_in_is_refused() {
    let (_folder, data) = file("one.jsonl", jsonl(&[json!({"id": "a", "text": "One.", "labels": {"bias": 0}})]));
    suspects(&data).assert().code(2).stderr(contains("two classes or more"));
    suspects(&data).args(["--heads", "loaded"]).assert().code(2).stderr(contains("marks places"));
    suspects(&data).args(["--heads", "mood"]).assert().code(2).stderr(contains("no labels of `mood`"));
    let (_bad, bad) = file("bad.jsonl", "{}\n");
    suspects(&bad).arg("--strict").assert().code(2).stderr(contains("bad.jsonl:1"));
}

#[test]
fn without_a_recipe_the_defaults_will_do() {
    let (rows, _) = flipped();
    let (folder, data) = file("wrong.jsonl", jsonl(&rows));
    let mut command = parallax();
    command.current_dir(folder.path()).args(["label", "suspects", "--only-data", "--folds", "3", "--heads", "bias"]);
    command.arg("--base").arg(&tiny().base).arg("--data").arg(&data);
    command.assert().success().stdout(contains("bias: 84 labels"));
}
