//! `parallax evaluate`: measures as text and JSON, gates, and what it says of bad input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;
#[allow(dead_code)]
mod tiny;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use run::{file, parallax, report};
use serde_json::{Value, json};
use std::fs;
use tiny::{jsonl, rows, tiny, train};

/// `parallax evaluate` of the tiny bundle on its own data, with few replicates.
fn evaluate() -> Command {
    let mut command = parallax();
    command.args(["evaluate", "--replicates", "20", "--data"]).arg(&tiny().data).arg("--model").arg(&tiny().bundle);
    command
}

/// `parallax evaluate` of the tiny bundle on other records.
fn evaluate_on(data: &str) -> (tempfile::TempDir, Command) {
    let (folder, path) = file("gold.jsonl", data);
    let mut command = parallax();
    command.args(["evaluate", "--replicates", "20", "--data"]).arg(path).arg("--model").arg(&tiny().bundle);
    (folder, command)
}

/// `parallax evaluate --cv` of the tiny recipe.
fn cross_validate(folds: &str) -> Command {
    let mut command = parallax();
    command.args(["evaluate", "--replicates", "20", "--cv", folds, "--recipe"]).arg(&tiny().recipe);
    command.arg("--base").arg(&tiny().base).arg("--data").arg(&tiny().data);
    command
}

fn json_of(command: &mut Command) -> Value {
    let run = command.args(["--format", "json"]).assert().success();
    report(std::str::from_utf8(&run.get_output().stdout).unwrap())
}

/// The head's measures.
fn measures<'a>(evaluation: &'a Value, head: &str) -> &'a Value {
    evaluation["measures"].as_array().unwrap().iter().find(|measures| measures["head"] == head).unwrap()
}

#[test]
fn every_head_is_measured_as_text() {
    let said = contains("tiny 1.0.0").and(contains("bias")).and(contains("tone")).and(contains("genre"));
    evaluate().assert().success().stdout(said.and(contains("macro"))).stderr("");
}

#[test]
fn every_head_is_measured_as_json_and_the_same_in_every_run() {
    let first = json_of(&mut evaluate());
    for head in ["bias", "tone", "genre"] {
        let measures = measures(&first, head);
        assert_eq!(measures["n"], rows().len(), "{measures}");
    }
    assert_eq!(first, json_of(evaluate().args(["--threads", "1"])));
}

#[test]
fn a_bundle_against_itself_differs_by_nothing() {
    let evaluation = json_of(evaluate().arg("--against").arg(&tiny().bundle));
    assert_eq!(evaluation["against"], "tiny 1.0.0");
    assert_eq!(evaluation["comparisons"].as_array().unwrap().len(), 7);
    evaluate().arg("--against").arg(&tiny().bundle).assert().success().stdout(contains("against tiny 1.0.0"));
}

#[test]
fn span_heads_are_measured_gated_and_cross_validated() {
    let evaluation = json_of(&mut evaluate());
    let heads: Vec<&str> =
        evaluation["spans"].as_array().unwrap().iter().map(|s| s["head"].as_str().unwrap()).collect();
    assert_eq!(heads, ["loaded", "attribution"]);
    for measures in evaluation["spans"].as_array().unwrap() {
        // The tiny model has seen these very sentences, and only half of them are marked.
        assert_eq!(measures["n"], rows().len() / 2, "{measures}");
    }
    assert!(evaluation["spans"][0]["word_f1"].as_f64().unwrap() > 0.9, "{evaluation}");
    evaluate().args(["--fail-under", "attribution.cue_f1=0.9,loaded.word_f1=0.9"]).assert().success();
    evaluate().args(["--fail-under", "attribution.wit=0.9"]).assert().code(2).stderr(contains("the measure `wit`"));
    let held_out = json_of(&mut cross_validate("3"));
    let listed = &held_out["spans"][0]["list_f1"];
    assert!(listed.as_f64().unwrap() > 0.9, "the baseline stands beside: {held_out}");
    assert!(held_out["spans"][1]["relation_f1"].is_number(), "{held_out}");
}

#[test]
fn a_head_that_the_other_bundle_has_not_is_named_and_the_rest_compared() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other");
    train(&other).args(["--heads", "bias"]).assert().success();
    let run = evaluate().args(["--format", "json", "--against"]).arg(&other).assert().success();
    let evaluation = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    assert_eq!(evaluation["comparisons"].as_array().unwrap().len(), 1);
    run.stderr(contains("genre: the other bundle has no such head").and(contains("tone: ")));
}

#[test]
fn a_recipe_is_cross_validated_in_whole_groups_with_as_many_folds_as_its_own() {
    // Groups held out by the outer folds leave inner folds empty where both numbers are the same.
    for folds in ["3", "2"] {
        let evaluation = json_of(&mut cross_validate(folds));
        assert_eq!(measures(&evaluation, "genre")["n"], rows().len());
        assert!(evaluation["model"].as_str().unwrap().contains(&format!("{folds}-fold")));
    }
}

#[test]
fn a_cross_validation_is_the_same_on_any_number_of_threads() {
    let one = json_of(cross_validate("2").args(["--threads", "1"]));
    assert_eq!(one, json_of(cross_validate("2").args(["--threads", "2"])));
}

#[test]
fn more_folds_than_groups_are_refused() {
    cross_validate("50").assert().code(2).stdout("").stderr(contains("12 groups for 50 folds").and(contains("help: ")));
}

#[test]
fn a_gate_that_fails_is_named_and_exits_1() {
    // No tiny model is this good at telling by how much it is wrong.
    let run = evaluate().args(["--fail-under", "tone.log_loss=0.0", "--fail-under", "bias.f1=0.0"]).assert().code(1);
    run.stdout(contains("tiny 1.0.0"))
        .stderr(contains("gate failed: tone.log_loss: found").and(contains("bias").not()));
    let mut wrong = rows();
    wrong.iter_mut().for_each(|row| row["labels"]["bias"] = json!(1 - row["labels"]["bias"].as_i64().unwrap()));
    let (_folder, mut command) = evaluate_on(&jsonl(&wrong));
    let said = contains("gate failed: bias.f1: found").and(contains("expected at least 0.99"));
    command.args(["--fail-under", "bias.f1=0.99"]).assert().code(1).stderr(said);
}

#[test]
fn gates_that_hold_exit_0() {
    evaluate().args(["--fail-under", "bias.f1=0.0,tone.macro_f1=0.0,genre.f1.sport=0"]).assert().success().stderr("");
}

#[test]
fn a_gate_on_what_is_not_measured_exits_2() {
    let refused = |gate: &str, said: &str| {
        evaluate().args(["--fail-under", gate]).assert().code(2).stderr(contains(said));
    };
    refused("bias.sharpness=0.5", "the measure `sharpness`");
    refused("mood.f1=0.5", "the head `mood`");
    refused("tone.f1.angry=0.5", "the class `angry`");
    refused("bias.f1=70", "`70`");
    refused("bias", "HEAD.MEASURE=NUMBER");
}

#[test]
fn a_label_that_the_model_never_saw_is_named_with_its_record() {
    let mut all = rows();
    all[3]["labels"]["genre"] = json!("opera");
    let (_folder, mut command) = evaluate_on(&jsonl(&all));
    let said =
        contains("head genre, record 0:3: found the label `opera`").and(contains("one of politics, sport, weather"));
    command.assert().code(2).stdout("").stderr(said.and(contains("help: ")));
}

#[test]
fn records_without_a_label_of_the_models_heads_are_refused() {
    let mut all = rows();
    for row in &mut all {
        row["labels"] = json!({"mood": "calm"});
        let record = row.as_object_mut().unwrap();
        record.remove("loaded");
        record.remove("attributions");
        record.remove("stances");
    }
    let (_folder, mut command) = evaluate_on(&jsonl(&all));
    let said = contains("no record with a label of its heads")
        .and(contains("labels of bias, genre, tone, loaded, attribution, stance"));
    command.assert().code(2).stdout("").stderr(said.and(contains("help: ")));
}

#[test]
fn a_bundle_without_heads_cannot_be_measured() {
    let mut command = parallax();
    command.arg("evaluate").arg("--data").arg(&tiny().data).arg("--model").arg(&tiny().base);
    command
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("found a bundle without heads").and(contains("parallax train")));
}

#[test]
fn gold_of_one_class_only_is_measured_where_it_can_be() {
    let some: Vec<Value> = rows().into_iter().filter(|row| row["labels"]["bias"] == 0).collect();
    let (_folder, mut command) = evaluate_on(&jsonl(&some));
    let evaluation = json_of(&mut command);
    assert_eq!(measures(&evaluation, "bias")["n"], some.len());
    let (_folder, mut command) = evaluate_on(&jsonl(&some));
    command.args(["--fail-under", "bias.auc=0.1"]).assert().code(1).stderr(contains("one class"));
}

#[test]
fn soft_labels_and_a_single_record_can_be_measured() {
    let mut one = rows();
    one.truncate(1);
    one[0]["labels"]["bias"] = json!({"0": 3, "1": 1});
    let (_folder, mut command) = evaluate_on(&jsonl(&one));
    assert_eq!(measures(&json_of(&mut command), "bias")["n"], 1);
}

#[test]
fn bad_records_are_named_by_line_and_the_others_measured() {
    let data = format!("{}{{\"id\":\"x\"\n", jsonl(&rows()));
    let line = rows().len() + 1;
    let (_folder, mut command) = evaluate_on(&data);
    command.assert().code(2).stdout(contains("tiny 1.0.0")).stderr(contains(format!("gold.jsonl:{line}: ")));
    let (_folder, mut command) = evaluate_on(&data);
    command.arg("--strict").assert().code(2).stdout("").stderr(contains(format!("gold.jsonl:{line}: ")));
    let (_folder, mut command) = evaluate_on(&data);
    let skipped = contains(format!("gold.jsonl:{line}: ")).and(contains("records skipped: 1"));
    command.arg("--skip-bad").assert().success().stdout(contains("tiny 1.0.0")).stderr(skipped);
    evaluate().arg("--skip-bad").assert().success().stderr("parallax: records skipped: 0\n");
    let (_folder, mut command) = evaluate_on("");
    command.assert().code(2).stdout("").stderr(contains("gold.jsonl: found no records"));
}

#[test]
fn out_is_written_whole_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("measures.json");
    evaluate().args(["--format", "json", "--out"]).arg(&out).assert().success().stdout("");
    assert_eq!(report(&fs::read_to_string(&out).unwrap())["model"], "tiny 1.0.0");
    let below = out.join("below");
    evaluate().arg("--out").arg(&below).assert().code(2).stderr(contains("cannot be written"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
