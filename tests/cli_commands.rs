//! Usage, bundles, completions and manual pages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, model, parallax, report, score};
use std::fs;
use std::path::Path;

fn models_dir() -> std::path::PathBuf {
    model().parent().unwrap().to_path_buf()
}

#[test]
fn wrong_usage_exits_2_and_help_and_version_exit_0() {
    parallax().assert().code(2);
    parallax().arg("scores").assert().code(2).stderr(contains("score"));
    parallax().args(["score", "--format", "xml"]).assert().code(2).stderr(contains("jsonl"));
    parallax().args(["score", "--top", "3"]).assert().code(2).stderr(contains("--explain"));
    parallax().arg("train").assert().code(2).stderr(contains("--out"));
    parallax().arg("evaluate").assert().code(2).stderr(contains("--data"));
    parallax().args(["evaluate", "--data", "a", "--cv", "5", "--model", "en"]).assert().code(2);
    parallax().arg("--help").assert().success();
    parallax().arg("--version").assert().success().stdout(contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_model_lists_those_there_are() {
    let mut command = parallax();
    command.args(["score", "--model", "klingon", "--models-dir"]).arg(models_dir());
    let said = contains("klingon: found no bundle of this name").and(contains("`en`")).and(contains("help: "));
    command.write_stdin(ARTICLE).assert().code(2).stdout("").stderr(said);
}

#[test]
fn a_language_without_a_bundle_lists_those_there_are() {
    let mut command = parallax();
    command.args(["score", "--lang", "tlh", "--models-dir"]).arg(models_dir());
    let said = contains("tlh: found no bundle for this language").and(contains("`en`"));
    command.write_stdin(ARTICLE).assert().code(2).stderr(said);
}

#[test]
fn a_model_of_another_language_than_asked_for_is_refused() {
    let said = contains("--lang: found `ar`; expected `en`");
    score().args(["--lang", "ar"]).write_stdin(ARTICLE).assert().code(2).stderr(said);
    score().args(["--lang", "en"]).write_stdin(ARTICLE).assert().success();
}

#[test]
fn a_bundle_is_found_by_environment_above_the_current_folder_and_by_path() {
    let mut command = parallax();
    command.env("PARALLAX_MODELS", models_dir()).args(["score", "--model", "en"]);
    command.write_stdin(ARTICLE).assert().success();
    let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    parallax().current_dir(below).arg("score").write_stdin(ARTICLE).assert().success();
    parallax().current_dir(models_dir()).args(["score", "--model", "./en"]).write_stdin(ARTICLE).assert().success();
}

#[test]
fn a_bundle_is_found_by_its_folders_name_or_its_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for entry in fs::read_dir(model()).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, folder.path().join("folder").join(from.file_name().unwrap())).unwrap();
    }
    for name in ["folder", "en"] {
        let mut command = parallax();
        command.args(["score", "--model", name, "--models-dir"]).arg(folder.path());
        command.write_stdin(ARTICLE).assert().success();
    }
}

#[test]
fn a_bundle_of_a_newer_format_says_so() {
    let (folder, _path) = file("bundle.json", r#"{"format":999,"new":"keys"}"#);
    let mut command = parallax();
    command.arg("score").arg("--model").arg(folder.path());
    command
        .write_stdin(ARTICLE)
        .assert()
        .code(2)
        .stderr(contains("found bundle format 999").and(contains("newer parallax")));
}

#[test]
fn models_lists_bundles_as_text_and_json() {
    let list = |json: &[&str]| {
        let run = parallax().arg("models").args(json).arg("--models-dir").arg(models_dir()).assert().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    assert!(list(&[]).lines().any(|line| line.starts_with("en ")));
    let json = report(&list(&["--json"]));
    let en = json.as_array().unwrap().iter().find(|bundle| bundle["name"] == "en").unwrap();
    assert_eq!(en["lang"], "en");
    assert!(en["heads"].as_array().unwrap().iter().any(|head| head == "bias"));
}

#[test]
fn models_shows_a_bundles_card_and_receipt() {
    let card = fs::read_to_string(model().join("CARD.md")).unwrap();
    let first = card.lines().next().unwrap().to_owned();
    let run = parallax().args(["models", "en", "--verify", "--models-dir"]).arg(models_dir()).assert().success();
    run.stdout(contains(first).and(contains("Training receipt")).and(contains("SHA-256: ")));
    let run = parallax().args(["models", "en", "--json", "--models-dir"]).arg(models_dir()).assert().success();
    let json = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    assert_eq!(json["sha256"].as_str().unwrap().len(), 64);
    assert!(json["receipt"].is_object());
}

#[test]
fn models_names_a_damaged_bundle_and_lists_the_others() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["bad", "good"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let manifest = fs::read_to_string(model().join("bundle.json")).unwrap();
    fs::write(folder.path().join("good/bundle.json"), &manifest).unwrap();
    fs::write(folder.path().join("bad/bundle.json"), &manifest[..manifest.len() / 2]).unwrap();
    let run = parallax().arg("models").arg("--models-dir").arg(folder.path()).assert().code(2);
    run.stdout(contains("good")).stderr(contains("bad").and(contains("a manifest that cannot be read")));
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        parallax().args(["completions", shell]).assert().success().stdout(contains("evaluate"));
    }
}

#[test]
fn the_manual_is_one_page_or_one_a_command() {
    parallax().arg("man").assert().success().stdout(contains(".TH parallax 1"));
    let folder = tempfile::tempdir().unwrap();
    parallax().args(["man", "--dir"]).arg(folder.path()).assert().success().stdout("");
    for page in ["parallax.1", "parallax-score.1", "parallax-train.1", "parallax-evaluate.1", "parallax-models.1"] {
        assert!(folder.path().join(page).is_file(), "{page}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_for_pages_too() {
    for args in [&["completions", "bash"][..], &["man"], &["models"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parallax"));
        let output = command.args(args).env("PARALLAX_MODELS", models_dir()).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn some_heads_alone_score_as_they_do_among_all_and_the_others_are_left_out() {
    let of = |heads: &[&str]| -> serde_json::Value {
        let out = score().args(heads).args(["--format", "jsonl"]).write_stdin(ARTICLE).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    let (all, some) = (of(&[]), of(&["--heads", "tone,loaded"]));
    let sentences = |report: &serde_json::Value| report["sentences"].as_array().unwrap().clone();
    for (all, some) in sentences(&all).iter().zip(sentences(&some)) {
        assert_eq!(all["tone"], some["tone"]);
        assert!(some.get("bias").is_none() && some["labels"].get("bias").is_none(), "{some}");
    }
    let places = |report: &serde_json::Value| {
        let of = |term: &serde_json::Value| (term["start"].clone(), term["end"].clone(), term["p"].clone());
        report["loaded"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(places(&all), places(&some));
    assert!(some.get("attributions").is_none() && some.get("stances").is_none());
    let alone = of(&["--heads", "attribution"]);
    assert!(alone["attributions"].is_array() && alone.get("loaded").is_none());
}

#[test]
fn heads_that_a_bundle_has_not_are_refused_with_those_it_has() {
    let said = contains("--heads: found `genre`").and(contains("bias, subjective, tone"));
    score().args(["--heads", "bias,genre"]).write_stdin(ARTICLE).assert().code(2).stdout("").stderr(said);
    let said = contains("found `stance` without `attribution`");
    score().args(["--heads", "stance"]).write_stdin(ARTICLE).assert().code(2).stderr(said);
}
