//! What stands in the tables is what stands in the reports, in either form, on any number of threads.

use crate::corpus::{TABLES, files, lines, records, tables};
use crate::run::{file, parallax};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn rows(folder: &Path, table: &str) -> Vec<Map<String, Value>> {
    let text = fs::read_to_string(folder.join(format!("{table}.jsonl"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The rows of each document of a table.
fn by_document(rows: Vec<Map<String, Value>>) -> BTreeMap<String, Vec<Map<String, Value>>> {
    let mut found: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for row in rows {
        found.entry(row["document"].as_str().unwrap().to_owned()).or_default().push(row);
    }
    found
}

/// A number from 0 as the tables count, from 1.
fn ordinal(index: &Value) -> Value {
    index.as_u64().map_or(Value::Null, |index| json!(index + 1))
}

#[test]
fn every_row_says_what_the_report_says() {
    let (folder, path) = file("corpus.jsonl", records(12));
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles");
    let out = folder.path().join("out");
    for unit in ["bytes", "chars"] {
        tables(&[&path, &articles], &out).args(["--format", "jsonl", "--offsets", unit]).assert().success();
        let mut command = parallax();
        command.args(["score", "--format", "jsonl", "--offsets", unit, "--models-dir"]).arg(&models);
        let reports = command.args([&path, &articles]).assert().success().get_output().stdout.clone();
        let documents = rows(&out, "documents");
        let [mut sentences, mut loaded, mut attributions, mut stances] =
            ["sentences", "loaded", "attributions", "stances"].map(|table| by_document(rows(&out, table)));
        let reports: Vec<Value> =
            str::from_utf8(&reports).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(documents.len(), reports.len());
        let mut seen = [0; 4];
        for (row, report) in documents.iter().zip(&reports) {
            let id = report["id"].as_str().unwrap();
            assert_eq!(row["document"], id);
            assert_eq!((&row["lang"], &row["model"]), (&report["lang"], &report["model"]["name"]));
            let document = &report["document"];
            assert_eq!((&row["words"], &row["sentences"]), (&document["words"], &document["sentences"]));
            assert_eq!((&row["bias"], &row["tone_negative"]), (&document["bias"], &document["tone"]["negative"]));
            assert_eq!(row["loaded_author"], document["loaded_per_100_words"]["author"]);
            let parts = [
                (&report["sentences"], sentences.remove(id)),
                (&report["loaded"], loaded.remove(id)),
                (&report["attributions"], attributions.remove(id)),
                (&report["stances"], stances.remove(id)),
            ];
            for (kind, (expected, rows)) in parts.into_iter().enumerate() {
                let (expected, rows) = (expected.as_array().unwrap(), rows.unwrap_or_default());
                assert_eq!(expected.len(), rows.len(), "{id}");
                seen[kind] += rows.len();
                for ((index, expected), row) in expected.iter().enumerate().zip(&rows) {
                    match kind {
                        0 => is_sentence(row, expected, index),
                        1 => is_loaded(row, expected),
                        2 => is_attribution(row, expected, index),
                        _ => is_stance(row, expected),
                    }
                }
            }
        }
        assert!(seen.iter().all(|rows| *rows > 0), "{seen:?}");
        assert!(sentences.is_empty() && loaded.is_empty() && attributions.is_empty() && stances.is_empty());
    }
}

fn is_sentence(row: &Map<String, Value>, report: &Value, index: usize) {
    assert_eq!(row["sentence"], json!(index + 1));
    for key in ["start", "end", "region", "voice", "bias", "subjective"] {
        assert_eq!(row[key], report[key], "{key}");
    }
    assert_eq!(row["tone_positive"], report["tone"]["positive"]);
    assert_eq!(row["label_tone"], report["labels"]["tone"]);
    assert_eq!(row["uncertain"], report.get("uncertain").cloned().unwrap_or(json!([])));
}

fn is_loaded(row: &Map<String, Value>, report: &Value) {
    for key in ["start", "end", "text", "kind", "p", "voice"] {
        assert_eq!(row[key], report[key], "{key}");
    }
    assert_eq!(row["sentence"], ordinal(&report["sentence"]));
    assert_eq!(row["attribution"], ordinal(&report["attribution"]));
}

fn is_attribution(row: &Map<String, Value>, report: &Value, index: usize) {
    assert_eq!(row["attribution"], json!(index + 1));
    for key in ["class", "direct", "p", "content"] {
        assert_eq!(row[key], report[key], "{key}");
    }
    assert_eq!(row["cue_start"], report["cue"]["start"]);
    assert_eq!(row["class_charged"], report["classes"]["charged"]);
    let source = report.get("source").cloned().unwrap_or_default();
    assert_eq!(row["source_text"], source.get("text").cloned().unwrap_or_default());
    let link = source.get("link").cloned().unwrap_or_default();
    assert_eq!(row["link_p"], link.get("p").cloned().unwrap_or_default());
}

fn is_stance(row: &Map<String, Value>, report: &Value) {
    for key in ["polarity", "p"] {
        assert_eq!(row[key], report[key], "{key}");
    }
    assert_eq!(row["p_against"], report["polarities"]["against"]);
    assert_eq!(row["certain"], report.get("certain").cloned().unwrap_or(json!(true)));
    let holder = report["holder"].get("name").unwrap_or(&report["holder"]);
    assert_eq!((&row["holder"], &row["target"]), (holder, &report["target"]["name"]));
    assert_eq!(row["target_end"], report["target"]["end"]);
}

#[test]
fn parquet_and_json_lines_hold_the_same_rows() {
    let (folder, path) = file("corpus.jsonl", records(40));
    let [parquet, jsonl] = ["parquet", "jsonl"].map(|form| {
        let out = folder.path().join(form);
        tables(&[&path], &out).args(["--format", form]).assert().success();
        out
    });
    for table in TABLES {
        let expected = fs::read_to_string(jsonl.join(format!("{table}.jsonl"))).unwrap();
        assert!(lines(&parquet.join(format!("{table}.parquet"))) == expected, "{table}");
    }
}

#[test]
fn the_bytes_are_the_same_on_any_number_of_threads_and_in_every_run() {
    let (folder, path) = file("corpus.jsonl", records(400));
    for form in ["parquet", "jsonl"] {
        let made = |name: &str, threads: &str| {
            let out = folder.path().join(name);
            tables(&[&path], &out).args(["--format", form, "--threads", threads]).assert().success();
            files(&out)
        };
        let one = made("one", "1");
        assert_eq!(one.len(), 6);
        assert!(one == made("two", "2") && one == made("four", "4") && one == made("again", "1"), "{form}");
        ["one", "two", "four", "again"].iter().for_each(|name| fs::remove_dir_all(folder.path().join(name)).unwrap());
    }
}

#[test]
fn only_the_tables_that_are_asked_for_are_written() {
    let (folder, path) = file("corpus.jsonl", records(3));
    let out = folder.path().join("out");
    let mut command = parallax();
    command.args(["score", "--quiet", "--tables=loaded,documents", "--out"]).arg(&out).arg(&path);
    command.arg("--models-dir").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("models")).assert().success();
    let names: Vec<String> = files(&out).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["documents.parquet", "loaded.parquet", "rejects.jsonl"]);
}
