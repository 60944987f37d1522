//! `parallax label`: nothing acknowledged is lost, formats come back as they went out, agreement is measured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![cfg(feature = "label")]

#[allow(dead_code)]
mod run;

use assert_cmd::Command;
use parallax::label::records::corrections;
use parallax::label::{Correction, DocumentName, Store, records, seen};
use parallax::score::{Options, Scorer};
use parallax::text::{Document, OffsetUnit};
use parallax::train::object;
use parallax::train::record::{self, Record};
use predicates::prelude::*;
use predicates::str::contains;
use run::{file, model, parallax};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TIME: &str = "2026-05-04T09:30:00Z";
const SENTENCE: &str = "The mayor 🔥 claimed the vile plan had failed.";

/// A correction of a loaded term, with a note by which it is known.
fn correction(note: &str, annotator: &str) -> Value {
    let text = format!("A first sentence. {SENTENCE}");
    json!({
        "time": TIME, "document": DocumentName::of("a1", &text), "lang": "en", "head": "loaded",
        "selector": [
            {"type": "TextPositionSelector", "start": 42, "end": 46},
            {"type": "TextQuoteSelector", "exact": "vile", "prefix": "claimed the ", "suffix": " plan"},
        ],
        "sentence": {"text": SENTENCE, "start": 18, "end": 18 + SENTENCE.chars().count()},
        "seen": {"labels": {"bias": 0}, "loaded": [{"start": 12, "end": 19, "kind": "doubt"}]},
        "old": null, "new": {"start": 24, "end": 28, "kind": "evaluative"},
        "model": {"name": "en", "version": "1", "sha256": "0"}, "annotator": annotator, "note": note,
    })
}

fn label() -> Command {
    let mut command = parallax();
    command.arg("label");
    command
}

fn store() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corrections.db");
    (folder, path)
}

/// A process that is fed corrections, and says the number of each that is stored.
fn writer(store: &Path) -> Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_parallax"))
        .args(["label", "add", "--store"])
        .arg(store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn no_acknowledged_correction_is_lost_when_the_writer_is_killed_again_and_again() {
    let (_folder, path) = store();
    let (mut sent, mut acknowledged) = (0_usize, Vec::<(i64, usize)>::new());
    // Numbers of a generator of its own, so that a failure can be run again.
    let mut state = 0x2545_f491_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut kills = 0;
    while acknowledged.len() < 1000 {
        let mut child = writer(&path);
        let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let first = sent;
        let said = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&said);
        let reader = std::thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            let ids = lines.filter_map(|line| line.parse::<i64>().ok());
            let counted = ids.inspect(|_| {
                count.fetch_add(1, Ordering::SeqCst);
            });
            counted.collect::<Vec<i64>>()
        });
        // It is fed until so many are said, and goes on to be for a moment: the kill comes at any step of the next ones.
        let (wanted, moment) = (random(30) as usize, Duration::from_micros(random(3000)));
        let mut end = None;
        while end.is_none_or(|end| Instant::now() < end) {
            if said.load(Ordering::SeqCst) >= wanted && end.is_none() {
                end = Some(Instant::now() + moment);
            }
            writeln!(input, "{}", correction(&sent.to_string(), "ann")).unwrap();
            sent += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        drop(input);
        let ids = reader.join().unwrap();
        // It stores what it is sent in order, so that the first number said is of the first one sent.
        acknowledged.extend(ids.into_iter().zip(first..));
        kills += 1;
    }
    assert!(kills >= 30, "{kills} kills");
    let store = Store::existing(&path).unwrap();
    assert_eq!(store.integrity().unwrap(), "ok");
    let all = store.all().unwrap();
    let note = |id: i64| {
        let stored = all.iter().find(|stored| stored.id == id);
        stored.and_then(|stored| stored.correction.note.clone())
    };
    for (id, number) in &acknowledged {
        assert_eq!(note(*id), Some(number.to_string()), "number {id} of {} after {kills} kills", acknowledged.len());
    }
    // Whole, each of them: what was stored but could not be said any more, too.
    let expected = Correction::from_map(
        correction("0", "ann").as_object().unwrap().clone(),
        &parallax::error::Place::file("expected"),
    )
    .unwrap();
    for stored in &all {
        assert_eq!(Correction { note: expected.note.clone(), ..stored.correction.clone() }, expected);
    }
    let notes: BTreeSet<&str> = all.iter().filter_map(|stored| stored.correction.note.as_deref()).collect();
    assert_eq!(notes.len(), all.len(), "stored twice");
    println!("{} acknowledged, {} stored, {kills} kills", acknowledged.len(), all.len());
}

#[test]
fn corrections_are_numbered_and_what_is_none_is_told_with_its_line_and_the_rest_goes_on() {
    let (_folder, path) = store();
    let input = format!("{}\nnot JSON\n\n{}\n", correction("a", "ann"), correction("b", "ann"));
    let mut command = label();
    command.args(["add", "--store"]).arg(&path).write_stdin(input.clone());
    command.assert().code(2).stdout("1\n2\n").stderr(contains("<stdin>:2").and(contains("no JSON object")));
    let mut command = label();
    command.args(["add", "--strict", "--store"]).arg(&path).write_stdin(input);
    command.assert().code(2).stdout("3\n");
    let mut timeless = correction("c", "ann");
    timeless.as_object_mut().unwrap().remove("time");
    label().args(["add", "--store"]).arg(&path).write_stdin(timeless.to_string()).assert().success().stdout("4\n");
    assert!(Store::existing(&path).unwrap().get(4).unwrap().unwrap().correction.time.ends_with('Z'));
}

#[test]
fn a_store_that_is_missing_or_none_is_refused() {
    let (folder, path) = store();
    label().args(["export", "--store"]).arg(&path).assert().code(2).stderr(contains("corrections.db"));
    assert!(!path.exists());
    let (_text, path) = file("notes.db", "These are notes, and no database.".repeat(40));
    let mut command = label();
    command.args(["add", "--store"]).arg(&path).write_stdin(correction("a", "ann").to_string());
    command.assert().code(2).stdout("").stderr(contains("notes.db").and(contains("help: ")));
    drop(folder);
}

#[test]
fn corrections_become_labelled_sentences_that_training_reads() {
    let (folder, path) = store();
    let mut add = label();
    let lines = [correction("a", "ann"), correction("b", "bo")].map(|line| line.to_string()).join("\n");
    add.args(["add", "--store"]).arg(&path).write_stdin(lines).assert().success();
    let out = folder.path().join("labelled.jsonl");
    label().args(["export", "--store"]).arg(&path).arg("--out").arg(&out).assert().success();
    let records = record::read(&out).unwrap();
    assert_eq!(records.len(), 2);
    for record in &records {
        // What the model said under the head stays; of other heads nothing is said.
        assert_eq!(record.loaded.as_ref().unwrap().len(), 2);
        assert_eq!((record.labels.len(), record.group.len()), (0, 64));
    }
    let mut command = label();
    command.args(["export", "--annotator", "bo", "--store"]).arg(&path);
    let written = command.assert().success().get_output().stdout.clone();
    let line: Value = serde_json::from_slice(&written).unwrap();
    assert_eq!((line["annotator"].as_str(), line["text"].as_str()), (Some("bo"), Some(SENTENCE)));
}

/// Labelled sentences in two languages, with what formats find hard.
fn labelled() -> Vec<Value> {
    vec![
        json!({
            "id": "a:0", "lang": "en", "group": "a", "annotator": "ann", "text": "“The 👍🏽 scheme,” she claimed, “is vile.”",
            "labels": {"bias": 1, "tone": "negative"}, "loaded": [{"start": 34, "end": 38, "kind": "evaluative"}],
            "attributions": [{"source": [17, 20], "cue": [21, 28], "content": [[0, 16], [30, 40]], "class": "distancing",
                "direct": "direct"}],
            "stances": [{"holder": [17, 20], "target": [8, 14], "polarity": "against"}],
        }),
        json!({
            "id": "b:0", "lang": "ar", "group": "b", "text": "قال الوزير إن الخطة الكارثية انتهت.", "labels": {"bias": 1},
            "loaded": [{"start": 20, "end": 28, "kind": "evaluative"}],
            "attributions": [{"source": [4, 10], "cue": [0, 3], "content": [[11, 34]], "class": "neutral",
                "direct": "indirect"}],
        }),
        json!({"id": "c:0", "lang": "en", "group": "c", "text": "A line,\r\nand another.", "loaded": []}),
    ]
}

#[test]
fn every_format_goes_out_and_comes_back_the_same() {
    let lines: Vec<String> = labelled().iter().map(Value::to_string).collect();
    let (folder, data) = file("labelled.jsonl", lines.join("\n"));
    let expected = record::read(&data).unwrap();
    for format in ["jsonl", "label-studio", "doccano", "brat", "conll"] {
        let (out, back) = (folder.path().join(format), folder.path().join(format!("{format}.jsonl")));
        let mut command = label();
        command.args(["export", "--format", format, "--data"]).arg(&data).arg("--out").arg(&out).assert().success();
        let mut command = label();
        command.args(["import", "--format", format]).arg(&out).arg("--out").arg(&back).assert().success();
        assert_eq!(record::read(&back).unwrap(), expected, "{format}");
        // Through the store, too: the records come back as they were.
        let store = folder.path().join(format!("{format}.db"));
        let mut command = label();
        command.args(["import", "--format", format]).arg(&out).arg("--store").arg(&store).assert().success();
        let all = Store::existing(&store).unwrap().all().unwrap();
        let stored: Vec<Record> = records(&all).into_iter().map(|one| one.record).collect();
        assert_eq!(stored, expected, "{format}");
        assert_eq!(all.len(), expected.iter().map(|record| corrections(record, TIME).len()).sum::<usize>());
    }
}

#[test]
fn what_a_format_cannot_say_is_noted_and_bad_records_are_told_while_the_rest_is_read() {
    let lines = [
        json!({"id": "a", "text": "One plan.", "labels": {"bias": {"0": 3, "1": 1}}}).to_string(),
        json!({"id": "b", "text": "Two plans.", "loaded": [{"start": 0, "end": 99, "kind": "doubt"}]}).to_string(),
    ];
    let (folder, data) = file("labelled.jsonl", lines.join("\n"));
    let out = folder.path().join("out.json");
    let mut command = label();
    command.args(["export", "--format", "label-studio", "--data"]).arg(&data).arg("--out").arg(&out);
    let said = contains("labelled.jsonl:2").and(contains("soft labels")).and(contains("shares: 1"));
    command.assert().code(2).stderr(said);
    assert_eq!(serde_json::from_slice::<Value>(&fs::read(&out).unwrap()).unwrap().as_array().unwrap().len(), 1);
    fs::remove_file(&out).unwrap();
    let mut command = label();
    command.args(["export", "--strict", "--format", "label-studio", "--data"]).arg(&data).arg("--out").arg(&out);
    command.assert().code(2);
    assert!(!out.exists());
    label().args(["export", "--format", "brat", "--data"]).arg(&data).assert().code(2).stderr(contains("--out"));
}

#[test]
fn agreement_is_measured_between_annotators_and_with_the_model_seen_and_fresh() {
    let (folder, path) = store();
    let lines = [correction("a", "ann"), correction("b", "bo")].map(|line| line.to_string()).join("\n");
    label().args(["add", "--store"]).arg(&path).write_stdin(lines).assert().success();
    let mut command = label();
    command.args(["agree", "--store"]).arg(&path);
    let said = contains("loaded: by word").and(contains("ann – bo")).and(contains("ann – model, as corrected"));
    command.assert().success().stdout(said).stderr(contains("corrected alone"));
    // Ann and bo say the same, the model saw one term of two.
    let mut command = label();
    command.args(["agree", "--format", "json", "--store"]).arg(&path).arg("--model").arg(model());
    let out = command.assert().success().get_output().stdout.clone();
    let json: Value = serde_json::from_slice(&out).unwrap();
    let pairs = json["heads"][0]["pairs"].as_array().unwrap();
    let pair =
        |second: &str| pairs.iter().find(|pair| pair["raters"][0] == "ann" && pair["raters"][1] == second).unwrap();
    assert_eq!((pair("bo")["alpha"].as_f64(), pair("bo")["f1"]["exact"].as_f64()), (Some(1.0), Some(1.0)));
    let seen = pair("model, as corrected");
    assert_eq!((seen["units"].as_u64(), seen["observed"].as_f64()), (Some(8), Some(7.0 / 8.0)));
    assert!(pairs.iter().any(|pair| pair["raters"][1].as_str().unwrap().starts_with("en ")), "{json}");
    drop(folder);
}

#[test]
fn agreement_of_files_tells_annotators_apart_by_name() {
    let line = |id: usize, annotator: &str, tone: &str| {
        json!({"id": format!("{id}{annotator}"), "group": format!("g{id}"), "text": "One plan.", "annotator": annotator,
            "labels": {"tone": tone}})
        .to_string()
    };
    let tone = |at: usize| ["negative", "neutral", "positive"][at % 3];
    let lines: Vec<String> =
        (0..60).flat_map(|at| [line(at, "ann", tone(at)), line(at, "bo", tone(at + usize::from(at < 6)))]).collect();
    let (_folder, data) = file("labelled.jsonl", lines.join("\n"));
    let mut command = label();
    command.args(["agree", "--format", "json", "--data"]).arg(&data);
    let json: Value = serde_json::from_slice(&command.assert().success().get_output().stdout).unwrap();
    let head = &json["heads"][0];
    assert_eq!((head["metric"].as_str(), head["annotators"]["units"].as_u64()), (Some("ordinal"), Some(60)));
    let pair = &head["pairs"][0];
    assert_eq!(pair["observed"].as_f64(), Some(0.9));
    // 0.9 observed, a third by chance: (0.9 - 1/3) / (2/3).
    assert!((pair["kappa"].as_f64().unwrap() - 0.85).abs() < 1e-9, "{pair}");
    assert!(pair["kappa_interval"][0].as_f64() < pair["kappa"].as_f64());
}

#[test]
fn what_was_seen_of_a_sentence_is_the_same_in_every_unit_of_offsets_and_is_a_labelled_record() {
    let scorer = Scorer::open(&model()).unwrap();
    let text = "🔥 Café owners met.\n\nThe mayor claimed the vile plan had failed, and its shameless cronies, she said, had \
                “lied to the town”. Nothing else was decided.";
    let document = Document::new("a1", text);
    let seen = |offsets: OffsetUnit| {
        let report = scorer.score(&document, &Options { offsets, ..Options::default() }).unwrap();
        let count = report.sentences.len();
        assert_eq!(seen::record(&document, &report, count), None);
        (0..count).map(|at| seen::record(&document, &report, at).unwrap()).collect::<Vec<Record>>()
    };
    let all = seen(OffsetUnit::Bytes);
    assert!(all.len() > 1 && all.iter().any(|record| !record.loaded.as_ref().unwrap().is_empty()));
    for unit in [OffsetUnit::Chars, OffsetUnit::Utf16] {
        assert_eq!(seen(unit), all);
    }
    for record in &all {
        assert!(text.contains(&record.text) && record.labels.contains_key("bias"), "{record:?}");
        let again = record::from_map(&object::object(record), &parallax::error::Place::file("seen")).unwrap();
        assert_eq!(again, *record);
    }
}
