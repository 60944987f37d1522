//! What cannot be used stands in the rejects, and the rest goes on.

use crate::corpus::{files, lines, tables};
use crate::run::file;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::fs;

const LINES: &str = "{\"id\":\"a\",\"text\":\"The plan failed.\"}\n{\"id\":\"b\"}\n{\"id\":\"a\",\"text\":\"Again.\"}\n\
                     {\"id\":\"c\",\"text\":\"It rained.\"}\nno json\n";

#[test]
fn a_bad_record_stands_in_the_rejects_with_its_line_and_its_reason() {
    let (folder, path) = file("corpus.jsonl", LINES);
    let out = folder.path().join("out");
    tables(&[&path], &out).assert().code(2).stderr(contains("corpus.jsonl:2: found a record without `text`"));
    let rejects = fs::read_to_string(out.join("rejects.jsonl")).unwrap();
    let rejects: Vec<Value> = rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found: Vec<(u64, &str)> =
        rejects.iter().map(|r| (r["line"].as_u64().unwrap(), r["reason"].as_str().unwrap())).collect();
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 5]);
    assert!(found[1].1.contains("the id `a` a second time"), "{found:?}");
    assert!(rejects.iter().all(|r| r["input"].as_str().unwrap().ends_with("corpus.jsonl") && r["cure"].is_string()));
    assert_eq!(lines(&out.join("documents.parquet")).lines().count(), 2);
}

#[test]
fn with_strict_the_first_bad_record_stops_and_no_table_has_its_name() {
    let (folder, path) = file("corpus.jsonl", LINES);
    let out = folder.path().join("out");
    tables(&[&path], &out).arg("--strict").assert().code(2).stderr(contains("without `text`"));
    assert!(!out.join("documents.parquet").exists() && !out.join("rejects.jsonl").exists());
}

#[test]
fn a_corpus_without_a_record_that_can_be_used_replaces_nothing() {
    let (folder, path) = file("corpus.jsonl", LINES);
    let out = folder.path().join("out");
    tables(&[&path], &out).assert().code(2);
    let before = files(&out);
    let expected = "no record that can be used, of 5";
    tables(&[&path], &out).args(["--text-column", "body"]).assert().code(2).stderr(contains(expected));
    assert!(files(&out) == before);
}

#[test]
fn tables_of_another_run_do_not_stay_beside_new_ones() {
    let (folder, path) = file("corpus.jsonl", LINES);
    let out = folder.path().join("out");
    tables(&[&path], &out).assert().code(2);
    tables(&[&path], &out)
        .args(["--format", "jsonl"])
        .assert()
        .code(2)
        .stderr(contains("documents.parquet, which this run"));
    tables(&[&path], &out).assert().code(2).stderr(contains("records that could not be used").not());
}

#[test]
fn a_run_that_is_refused_leaves_nothing_to_go_on_with() {
    let (folder, path) = file("corpus.jsonl", LINES);
    let out = folder.path().join("out");
    tables(&[&path], &out).args(["--keep", "lang=id"]).assert().code(2).stderr(contains("two columns `lang`"));
    tables(&[&path], &out).arg("--strict").assert().code(2);
    assert!(files(&out).is_empty());
    tables(&[&path], &out).assert().code(2);
    assert!(out.join("documents.parquet").exists());
}

#[test]
fn options_of_tables_without_tables_are_refused() {
    let (folder, path) = file("corpus.jsonl", LINES);
    for option in [["--keep", "outlet"].as_slice(), &["--resume"]] {
        let said = crate::run::score().args(option).arg(&path).assert().code(2).get_output().stderr.clone();
        assert!(String::from_utf8(said).unwrap().contains("--tables"), "{option:?}");
    }
    tables(&[&path], &folder.path().join("out"))
        .args(["--format", "csv"])
        .assert()
        .code(2)
        .stderr(contains("parquet or jsonl"));
}

#[test]
fn what_tables_do_not_have_is_refused_beside_the_format_too() {
    let (folder, path) = file("corpus.jsonl", LINES);
    let standing = folder.path().join("standing.json");
    let mut command = crate::run::score();
    command.args(["--format", "parquet", "--out"]).arg(folder.path().join("out")).arg("--standing").arg(&standing);
    command.arg(&path).assert().code(2).stderr(contains("--standing: found it beside tables"));
}
