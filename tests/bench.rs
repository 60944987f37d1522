//! `parallax bench` on the real program: what a run holds, and when two can be compared. No time is asserted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, model, parallax};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// `parallax bench` with the shipped model, on two threads, as short as it gets.
fn bench() -> assert_cmd::Command {
    let mut command = parallax();
    command.args(["bench", "--seconds", "0.01", "--threads", "2", "--model"]).arg(model());
    command
}

/// A folder with an article in it and a run on that, saved as `run.json`.
fn saved() -> (TempDir, Value) {
    let (folder, article) = file("harbour.txt", ARTICLE);
    bench().arg(&article).arg("--save").arg(folder.path().join("run.json")).assert().success();
    let run = fs::read_to_string(folder.path().join("run.json")).unwrap();
    (folder, serde_json::from_str(&run).unwrap())
}

fn rows<'r>(run: &'r Value, group: &str) -> Vec<&'r Value> {
    run["rows"].as_array().unwrap().iter().filter(|row| row["group"] == group).collect()
}

fn names<'r>(rows: &[&'r Value]) -> Vec<&'r str> {
    rows.iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[test]
fn a_run_holds_every_stage_documents_loading_threads_memory_and_what_was_timed() {
    let (_folder, run) = saved();
    assert_eq!(run["schema"], "parallax-bench/1");
    assert_eq!(run["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run["text"]["documents"], 1);
    assert_eq!(run["text"]["bytes"], ARTICLE.len());
    assert_eq!(run["text"]["sentences"], 3);
    assert_eq!(run["text"]["shipped"], false);
    assert_eq!(run["text"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(run["models"][0]["name"], "en");
    assert_eq!(run["models"][0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!((&run["threads"], &run["asked"]["unit"]), (&2.into(), &"document".into()));
    let stages = [
        "reading",
        "regions and languages",
        "sentences",
        "noise",
        "quoted passages",
        "tokens and names",
        "span heads",
        "sentence heads",
        "attributions, links, stances, report",
        "whole document",
        "report as JSON",
    ];
    assert_eq!(names(&rows(&run, "stage")), stages);
    let heads = [
        "no head",
        "bias",
        "subjective",
        "tone",
        "loaded",
        "attribution",
        "stance, attribution",
        "ready sentences, no report",
    ];
    assert_eq!(names(&rows(&run, "head")), heads);
    assert_eq!(names(&rows(&run, "reference")), ["reference loop"]);
    assert_eq!(names(&rows(&run, "latency")), ["documents, p50", "documents, p99"]);
    assert_eq!(names(&rows(&run, "load")), ["start-up", "bundle en", "bundle en and a first sentence"]);
    assert_eq!(names(&rows(&run, "threads")), ["one thread", "all threads"]);
    let rounds = run["rounds"].as_u64().unwrap() as usize;
    assert!(rounds >= 7, "{rounds}");
    for row in run["rows"].as_array().unwrap() {
        assert_eq!(row["rounds"].as_array().unwrap().len(), rounds, "{row}");
        let seconds = &row["seconds"];
        assert!(seconds["low"].as_f64() <= seconds["median"].as_f64(), "{row}");
        assert!(seconds["median"].as_f64() <= seconds["high"].as_f64(), "{row}");
    }
    let latency = &run["latency"][0];
    assert!(latency["p50"].as_f64() <= latency["p99"].as_f64() && latency["p99"].as_f64() <= latency["max"].as_f64());
    assert!(run["speed_up"]["value"].as_f64().unwrap() > 0.0);
}

#[test]
fn the_stages_add_up_to_the_whole_in_every_round() {
    let (_folder, run) = saved();
    let stages = rows(&run, "stage");
    let of = |name: &str| stages.iter().position(|row| row["name"] == name).unwrap();
    let (first, whole) = (of("regions and languages"), of("whole document"));
    for round in 0..run["rounds"].as_u64().unwrap() as usize {
        let seconds = |row: &Value| row["rounds"][round].as_f64().unwrap();
        let sum: f64 = stages[first..whole].iter().map(|row| seconds(row)).sum();
        assert!((sum - seconds(stages[whole])).abs() < 1e-9, "{sum}");
    }
}

#[test]
fn a_run_names_no_file_and_no_folder() {
    let (folder, run) = saved();
    let said = run.to_string();
    for hidden in ["harbour", folder.path().to_str().unwrap(), env!("CARGO_MANIFEST_DIR"), "council"] {
        assert!(!said.contains(hidden), "{hidden}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn peak_memory_never_falls() {
    let (_folder, run) = saved();
    let of = |key: &str| run["memory"][key].as_u64().unwrap();
    assert!(0 < of("start") && of("start") <= of("text") && of("text") <= of("loaded") && of("loaded") <= of("scored"));
}

#[test]
fn without_files_the_text_that_comes_with_it_is_timed_outside_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    let out = bench().current_dir(folder.path()).args(["--save", "run.json"]).assert().success().get_output().clone();
    let run: Value = serde_json::from_str(&fs::read_to_string(folder.path().join("run.json")).unwrap()).unwrap();
    assert_eq!((&run["text"]["shipped"], &run["text"]["documents"]), (&true.into(), &24.into()));
    assert!(run["text"]["sentences"].as_u64().unwrap() > 500);
    assert_eq!(names(&rows(&run, "latency")).len(), 4);
    assert!((20..=24).contains(&run["latency"][1]["documents"].as_u64().unwrap()));
    let text = String::from_utf8(out.stdout).unwrap();
    for said in [
        "By stage, one thread",
        "whole document",
        "each adds",
        "By thread, of 2",
        "start-up",
        "Peak memory",
        "reference loop",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn with_some_heads_alone_only_those_are_timed() {
    let (_folder, article) = file("harbour.txt", ARTICLE);
    let out =
        bench().arg(article).args(["--heads", "bias,tone", "--format", "json"]).assert().success().get_output().clone();
    let run: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(names(&rows(&run, "head")), ["no head", "bias", "tone", "ready sentences, no report"]);
    assert_eq!(run["asked"]["heads"], serde_json::json!(["bias", "tone"]));
}

#[test]
fn standard_input_is_timed_as_a_file_is() {
    let (folder, run) = saved();
    let out = folder.path().join("out.json");
    let mut command = bench();
    command.args(["-", "--format", "json", "--out"]).arg(&out).write_stdin(ARTICLE).assert().success().stdout("");
    let piped: Value = serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap();
    assert_eq!(piped["text"], run["text"]);
}

#[test]
fn a_run_against_an_earlier_one_has_a_ratio_a_row_and_a_verdict() {
    let (folder, _run) = saved();
    let earlier = folder.path().join("run.json");
    let against = |more: &[&str]| {
        let mut command = bench();
        command.arg(folder.path().join("harbour.txt")).args(more).arg("--against").arg(&earlier);
        command.assert().success().get_output().stdout.clone()
    };
    let run: Value = serde_json::from_slice(&against(&["--format", "json"])).unwrap();
    assert!(run["against"]["reference"]["value"].as_f64().unwrap() > 0.0);
    let rows = run["against"]["rows"].as_array().unwrap();
    assert!(rows.len() > 15 && run["against"]["alone"].as_array().unwrap().is_empty());
    let whole = rows.iter().find(|row| row["name"] == "whole document").unwrap();
    for kind in ["ratio", "normalised"] {
        let ratio = &whole[kind];
        assert!(ratio["low"].as_f64() <= ratio["value"].as_f64() && ratio["value"].as_f64() <= ratio["high"].as_f64());
    }
    assert!(["faster", "slower", "same"].contains(&whole["verdict"].as_str().unwrap()));
    let text = String::from_utf8(against(&["--fail-slower", "100000"])).unwrap();
    assert!(text.contains("the reference loop, which never changes, took"), "{text}");
}

#[test]
fn a_row_that_is_slower_than_allowed_ends_with_exit_code_1() {
    let (folder, mut run) = saved();
    // As if all but the reference loop had taken a thousandth of the time.
    for row in run["rows"].as_array_mut().unwrap().iter_mut().filter(|row| row["group"] != "reference") {
        for round in row["rounds"].as_array_mut().unwrap() {
            *round = (round.as_f64().unwrap() / 1000.0).into();
        }
    }
    let earlier = folder.path().join("fast.json");
    fs::write(&earlier, run.to_string()).unwrap();
    let mut command = bench();
    command.arg(folder.path().join("harbour.txt")).args(["--fail-slower", "50", "--against"]).arg(&earlier);
    command.assert().code(1).stdout(contains("slower")).stderr(contains("stage: whole document is "));
}

#[test]
fn a_run_on_another_text_with_other_threads_or_arguments_is_refused() {
    let (folder, _run) = saved();
    let refused = |text: &str, more: &[&str], said: &str| {
        let path = folder.path().join("text.txt");
        fs::write(&path, text).unwrap();
        let mut command = parallax();
        command.args(["bench", "--seconds", "0.01", "--model"]).arg(model()).arg(path).args(more);
        command.arg("--against").arg(folder.path().join("run.json"));
        command.assert().code(2).stdout("").stderr(contains("--against").and(contains(said)));
    };
    refused("It rained on the harbour.", &["--threads", "2"], "found a run on 1 documents of");
    refused(ARTICLE, &["--threads", "1"], "found a run with --threads 2; expected a run with --threads 1");
    refused(ARTICLE, &["--threads", "2", "--unit", "sentence"], "expected one with --unit sentence");
}

#[test]
fn what_is_no_saved_run_is_refused_with_its_file() {
    for (content, said) in
        [("{", "old.json:1: found JSON that is no run"), ("{\"schema\":\"parallax/1\"}", "the schema")]
    {
        let (_folder, path) = file("old.json", content);
        let mut command = bench();
        command.arg("--against").arg(&path).write_stdin(ARTICLE);
        command.assert().code(2).stdout("").stderr(contains("old.json").and(contains(said)).and(contains("--save")));
    }
    let mut command = bench();
    command.args(["--against", "nowhere.json"]).assert().code(2).stderr(contains("nowhere.json"));
    bench().args(["--fail-slower", "5"]).assert().code(2).stderr(contains("--against"));
    parallax().args(["bench", "--seconds", "0"]).assert().code(2).stderr(contains("more than 0"));
}

#[test]
fn a_text_that_no_model_scores_is_refused_and_nothing_is_saved() {
    let (folder, path) =
        file("fr.txt", "Le conseil a voté lundi pour le nouveau port de la ville, malgré les critiques.\n");
    let save = folder.path().join("run.json");
    let said = contains("without a sentence that is scored").and(contains("`en`"));
    bench().arg(path).arg("--save").arg(&save).assert().code(2).stdout("").stderr(said);
    assert!(!save.exists());
}

#[test]
fn an_input_that_cannot_be_used_is_named_and_the_others_are_timed() {
    let (folder, article) = file("harbour.txt", ARTICLE);
    let missing = folder.path().join("missing.txt");
    let run = bench().arg(article).arg(&missing).assert().code(2);
    run.stdout(contains("1 documents")).stderr(contains("missing.txt"));
}

#[test]
fn the_text_that_comes_with_it_is_in_both_languages() {
    for lang in ["en", "ar"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("training/bench/{lang}.jsonl"));
        let text = fs::read_to_string(path).unwrap();
        assert_eq!(text.lines().count(), 24);
        for line in text.lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            assert!((5_000..6_000).contains(&record["text"].as_str().unwrap().len()), "{line}");
        }
    }
}
