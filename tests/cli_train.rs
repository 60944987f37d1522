//! `parallax train` from end to end on a tiny bundle, and what it says of bad input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;
#[allow(dead_code)]
mod tiny;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use run::{parallax, report};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use tiny::{RECIPE, copy, files, jsonl, rows, tiny, train, train_with};

/// Trains on `data` instead of the tiny data; the folder holds both.
fn train_on(data: impl AsRef<[u8]>) -> (TempDir, Command) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.jsonl");
    fs::write(&path, data).unwrap();
    let mut command = train_with(&tiny().base, &tiny().recipe, &folder.path().join("out"));
    command.arg("--data").arg(path);
    (folder, command)
}

/// Trains with another recipe.
fn train_by(recipe: &str) -> (TempDir, Command) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recipe.toml");
    fs::write(&path, recipe).unwrap();
    let mut command = train_with(&tiny().base, &path, &folder.path().join("out"));
    command.arg("--data").arg(&tiny().data);
    (folder, command)
}

/// The tiny rows with `change` made to the row of a number.
fn changed(number: usize, change: impl FnOnce(&mut Value)) -> String {
    let mut rows = rows();
    change(&mut rows[number]);
    jsonl(&rows)
}

/// Nothing stands under the name `out`, and no temporary file beside it.
fn left_nothing(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name != "out" && !name.starts_with(".parallax-"), "{name} was left");
    }
}

/// The program ends with 2, says all of `said` and a cure, and leaves no bundle.
fn is_refused(folder: &TempDir, command: &mut Command, said: &[&str]) {
    let run = command.assert().code(2).stdout("");
    let text = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    for part in said.iter().chain(&["help: "]) {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    left_nothing(folder.path());
}

/// Scores a sentence with a bundle.
fn scored(bundle: &Path, text: &str) -> Value {
    let mut command = parallax();
    command.args(["score", "--unit", "sentence", "--format", "jsonl", "--model"]).arg(bundle);
    let run = command.write_stdin(text).assert().success();
    report(std::str::from_utf8(&run.get_output().stdout).unwrap())["sentences"][0].clone()
}

#[test]
fn a_users_own_head_is_scored_without_code() {
    let sentence = scored(&tiny().bundle, "The rowing club met on Monday.");
    assert_eq!(sentence["labels"]["genre"], "sport");
    assert_eq!(sentence["genre"].as_object().unwrap().len(), 3);
    assert_eq!(sentence["labels"]["bias"], "0");
    let sentence = scored(&tiny().bundle, "The shameless harbour council betrayed the town again in April!");
    assert_eq!((&sentence["labels"]["genre"], &sentence["labels"]["bias"]), (&json!("politics"), &json!("1")));
    assert_eq!(sentence["labels"]["tone"], "negative");
}

#[test]
fn the_same_inputs_and_seed_give_the_same_bytes_on_any_number_of_threads() {
    let of = |threads: &str| {
        let folder = tempfile::tempdir().unwrap();
        train(&folder.path().join("tiny")).args(["--threads", threads]).assert().success();
        // The card tells the command, which names the folder.
        let mut files = files(&folder.path().join("tiny"));
        files.retain(|(name, _)| name != "CARD.md");
        files
    };
    let one = of("1");
    assert_eq!(
        one.iter().map(|f| f.0.as_str()).collect::<Vec<_>>(),
        [
            "bundle.json",
            "heads.bin",
            "names.txt",
            "receipt.json",
            "spans.bin",
            "stance.bin",
            "tokenizer.json",
            "vectors.bin",
            "words.bin"
        ]
    );
    for (name, other) in [("1 thread again", of("1")), ("2 threads", of("2"))] {
        for (a, b) in one.iter().zip(&other) {
            assert!(a == b, "{} differs with {name}", a.0);
        }
    }
}

#[test]
fn the_receipt_holds_every_input_with_its_hash_and_the_recipe() {
    let receipt = report(&fs::read_to_string(tiny().bundle.join("receipt.json")).unwrap());
    assert_eq!(receipt["recipe"], RECIPE);
    assert_eq!(receipt["inputs"][0]["name"], "data.jsonl");
    assert_eq!(receipt["inputs"][0]["records"], rows().len());
    let bytes = fs::read(&tiny().data).unwrap();
    assert_eq!(receipt["inputs"][0]["sha256"], parallax::model::container::sha256_hex(&bytes));
    assert!(receipt["fits"].as_array().unwrap().iter().all(|fit| fit["gradient_norm"].is_f64()));
    let text = receipt.to_string();
    assert!(!text.contains(env!("CARGO_TARGET_TMPDIR")), "a path stands in the receipt");
}

#[test]
fn heads_trains_those_heads_alone() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    train(&out).args(["--heads", "genre,bias"]).assert().success();
    let manifest = report(&fs::read_to_string(out.join("bundle.json")).unwrap());
    assert_eq!(manifest["heads"], json!(["bias", "genre"]));
    let folder = tempfile::tempdir().unwrap();
    let mut command = train(&folder.path().join("out"));
    is_refused(&folder, command.args(["--heads", "gist"]), &["head gist", "bias, genre, tone, loaded, attribution"]);
}

#[test]
fn only_data_leaves_the_families_of_the_recipe_out() {
    let with_families = format!("{RECIPE}\n[families]\nfiles = [\"missing.jsonl\"]\nnames = \"missing.toml\"\n");
    let (folder, mut command) = train_by(&with_families);
    is_refused(&folder, &mut command, &["missing.toml: cannot be read"]);
    let (_folder, mut command) = train_by(&with_families);
    command.arg("--only-data").assert().success();
}

#[test]
fn families_alone_make_a_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let names = "lang = \"en\"\nplace = [\"Turku\", \"Varna\"]\n";
    fs::write(folder.path().join("names.toml"), names).unwrap();
    let mut families = String::new();
    for number in 0..12 {
        for (text, bias, tone) in [
            ("The council of {place} met.", 0, "0"),
            ("The ⟦E|shameless⟧ council of {place} betrayed {place2}.", 1, "-"),
            ("The council of {place} won a prize.", 0, "+"),
        ] {
            let line = json!({"family": format!("f-{number}"), "variant": format!("v{tone}"), "text": text,
                "b": bias, "s": bias, "t": tone, "S": []});
            families.push_str(&format!("{line}\n"));
        }
    }
    fs::write(folder.path().join("families.jsonl"), families).unwrap();
    let recipe = folder.path().join("recipe.toml");
    fs::write(&recipe, format!("{RECIPE}\n[families]\nfiles = [\"families.jsonl\"]\nnames = \"names.toml\"\n"))
        .unwrap();
    let out = folder.path().join("out");
    train_with(&tiny().base, &recipe, &out).assert().success();
    let manifest = report(&fs::read_to_string(out.join("bundle.json")).unwrap());
    assert_eq!(manifest["heads"], json!(["bias", "subjective", "tone", "loaded"]));
}

#[test]
fn soft_labels_and_weights_are_taken() {
    let data = changed(4, |row| {
        row["labels"]["bias"] = json!({"0": 2, "1": 9});
        row["labels"]["genre"] = json!({"politics": 0.5, "sport": 0.5});
        row["weight"] = json!(2.5);
    });
    let (folder, mut command) = train_on(data);
    command.assert().success();
    let receipt = report(&fs::read_to_string(folder.path().join("out/receipt.json")).unwrap());
    let mass: f64 =
        receipt["heads"]["bias"]["classes"].as_object().unwrap().values().map(|m| m.as_f64().unwrap()).sum();
    assert!((mass - (rows().len() as f64 + 1.5)).abs() < 1e-9, "{mass}");
}

#[test]
fn an_empty_file_is_named() {
    for content in ["", "\n \n", "\u{feff}"] {
        let (folder, mut command) = train_on(content);
        is_refused(&folder, &mut command, &["data.jsonl: found no records"]);
    }
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = train_with(&tiny().base, &tiny().recipe, &folder.path().join("out"));
    is_refused(&folder, command.args(["--data", "nowhere.jsonl"]), &["nowhere.jsonl: cannot be read"]);
}

#[test]
fn with_strict_a_bad_record_stops_the_training() {
    let cut = jsonl(&rows());
    let cut = &cut[..cut.len() - 9];
    let last = rows().len();
    let twice = jsonl(&[rows(), vec![rows()[2].clone()]].concat());
    let without = |key: &str| changed(7, |row| drop(row.as_object_mut().unwrap().shift_remove(key)));
    let cases: [(String, String, &str); 11] = [
        (cut.to_owned(), format!("data.jsonl:{last}: "), "cut short"),
        (without("text"), "data.jsonl:8: ".into(), "no `text`"),
        (without("id"), "data.jsonl:8: ".into(), "no `id`"),
        (twice, format!("data.jsonl:{}: ", last + 1), "before on line 3"),
        (changed(7, |row| row["labels"]["voice"] = json!(1)), "data.jsonl:8: ".into(), "a label named \"voice\""),
        (changed(7, |row| row["labels"]["bias"] = json!(0.5)), "data.jsonl:8: ".into(), "0.5 as the label `bias`"),
        (changed(7, |row| row["labels"]["bias"] = json!({"0": -1})), "data.jsonl:8: ".into(), "the soft label `bias`"),
        (changed(7, |row| row["weight"] = json!(-1)), "data.jsonl:8: ".into(), "-1 as `weight`"),
        (changed(7, |row| row["weight"] = json!("NaN")), "data.jsonl:8: ".into(), "as `weight`"),
        (jsonl(&rows()).replacen("\"bias\":0", "\"bias\":NaN", 1), "data.jsonl:1: ".into(), "invalid JSON"),
        (
            changed(7, |row| row["loaded"] = json!([{"start": 0, "end": 999, "kind": "doubt"}])),
            "data.jsonl:8: ".into(),
            "999",
        ),
    ];
    for (data, place, found) in cases {
        let (folder, mut command) = train_on(data);
        is_refused(&folder, command.arg("--strict"), &[&place, found]);
    }
}

#[test]
fn without_strict_a_bad_record_is_named_and_left_out() {
    let (folder, mut command) = train_on(changed(7, |row| row["text"] = json!(7)));
    command.assert().code(2).stderr(contains("data.jsonl:8: found 7 as `text`").and(contains("help: ")));
    let receipt = report(&fs::read_to_string(folder.path().join("out/receipt.json")).unwrap());
    assert_eq!(receipt["inputs"][0]["records"], rows().len() - 1);
}

#[test]
fn with_skip_bad_the_bad_records_are_counted_at_the_end() {
    let overlapping = json!([{"start": 0, "end": 7, "kind": "doubt"}, {"start": 4, "end": 9, "kind": "naming"}]);
    let (folder, mut command) = train_on(changed(7, |row| row["loaded"] = overlapping));
    let run = command.arg("--skip-bad").assert().success();
    let said = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(said.contains("data.jsonl:8: found the overlapping spans [0, 7] and [4, 9] in `loaded`"), "{said}");
    assert!(said.ends_with("parallax: records skipped: 1\n"), "{said}");
    assert!(folder.path().join("out/receipt.json").is_file());
    let (_folder, mut command) = train_on(jsonl(&rows()));
    command.args(["--skip-bad", "--strict"]).assert().code(2).stderr(contains("cannot be used with"));
}

#[test]
fn bytes_that_are_not_utf_8_are_named_with_their_offset() {
    let mut bytes = jsonl(&rows()).into_bytes();
    let at = bytes.iter().position(|b| *b == b'\n').unwrap() + 20;
    bytes[at] = 0xFF;
    let (folder, mut command) = train_on(bytes);
    is_refused(&folder, command.arg("--strict"), &["data.jsonl:2", &format!("byte offset {at}")]);
}

#[test]
fn a_head_with_one_class_only_is_named() {
    let mut all = rows();
    for row in &mut all {
        row["labels"]["genre"] = json!("sport");
    }
    let (folder, mut command) = train_on(jsonl(&all));
    is_refused(&folder, &mut command, &["head genre: found examples of 1 class only, `sport`", "leave"]);
}

#[test]
fn stances_of_one_polarity_alone_are_refused_with_the_head_and_what_was_found() {
    let mut all = rows();
    for row in &mut all {
        for stance in row["stances"].as_array_mut().into_iter().flatten() {
            stance["polarity"] = json!("neutral");
        }
    }
    let (folder, mut command) = train_on(jsonl(&all));
    is_refused(&folder, &mut command, &["head stance: found examples of 1 class only"]);
}

#[test]
fn fewer_groups_than_folds_are_refused() {
    let two: Vec<Value> =
        rows().into_iter().filter(|row| row["group"] == "article-1" || row["group"] == "article-2").collect();
    let (folder, mut command) = train_on(jsonl(&two));
    is_refused(&folder, &mut command, &["2 groups for 3 folds", "lower the number of folds"]);
}

#[test]
fn records_without_labels_or_in_another_language_are_not_enough() {
    let mut all = rows();
    all.iter_mut().for_each(|row| row["lang"] = json!("fi"));
    let (folder, mut command) = train_on(jsonl(&all));
    is_refused(&folder, &mut command, &["no usable record in en"]);
    let mut all = rows();
    for row in &mut all {
        row["labels"] = json!({});
        row["loaded"] = json!([]);
        row["attributions"] = json!([]);
        row["stances"] = json!([]);
    }
    let (folder, mut command) = train_on(jsonl(&all));
    is_refused(&folder, &mut command, &["no label of any head"]);
}

#[test]
fn spans_alone_make_a_bundle() {
    let mut all = rows();
    all.iter_mut().for_each(|row| row["labels"] = json!({}));
    let (folder, mut command) = train_on(jsonl(&all));
    command.assert().success();
    let out = folder.path().join("out");
    let manifest = report(&fs::read_to_string(out.join("bundle.json")).unwrap());
    assert_eq!(manifest["heads"], json!(["loaded", "attribution", "stance"]));
    let text = folder.path().join("a.txt");
    fs::write(&text, "The shameless chess team betrayed the town again on Monday!").unwrap();
    let mut score = parallax();
    let run = score.args(["score", "--format", "json", "--model"]).arg(&out).arg(&text).assert().success();
    let scored = report(&String::from_utf8(run.get_output().stdout.clone()).unwrap());
    let terms: Vec<&str> =
        scored[0]["loaded"].as_array().unwrap().iter().map(|l| l["text"].as_str().unwrap()).collect();
    assert_eq!(terms, ["shameless", "betrayed"]);
}

#[test]
fn a_recipe_that_cannot_be_used_is_named_with_its_line_or_key() {
    let cases = [
        (format!("{RECIPE}strength = 3\n"), "recipe.toml:15: found unknown field `strength`"),
        (RECIPE.replace("folds = 3", "folds = \"3\""), "recipe.toml:3: found invalid type"),
        (RECIPE.replace("folds = 3", "folds = 1"), "folds: found 1; expected 2 or more"),
        (RECIPE.replace("[10.0, 30.0]", "[nan]"), "stack.l2: found NaN"),
        (RECIPE.replace("[10.0, 30.0]", "[-3.0]"), "stack.l2: found -3"),
        (RECIPE.replace("shortest = 3", "shortest = 0"), "ngrams.shortest: found 0"),
        (RECIPE.replace("shortest = 3", "shortest = 9"), "ngrams.shortest: found 9"),
        (RECIPE.replace("words = 1", "words = 99"), "ngrams.words: found 99"),
        ("[families]\nweight = -0.5\n".into(), "families.weight: found -0.5"),
    ];
    for (recipe, said) in cases {
        let (folder, mut command) = train_by(&recipe);
        is_refused(&folder, &mut command, &[said]);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = train_with(&tiny().base, Path::new("no.toml"), &folder.path().join("out"));
    is_refused(&folder, &mut command, &["no.toml: cannot be read"]);
}

#[test]
fn an_out_that_cannot_be_written_is_named_before_anything_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("below")] {
        let said = format!("{}: cannot be written", out.display());
        // The data is not there: the error about the folder comes first.
        let mut command = train_with(&tiny().base, &tiny().recipe, &out);
        is_refused(&folder, command.args(["--data", "nowhere.jsonl"]), &[&said]);
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }
}

#[test]
fn an_old_bundle_is_replaced_whole_and_its_other_files_are_kept() {
    let old = copy(&tiny().bundle);
    fs::write(old.path().join("NOTES.md"), "mine").unwrap();
    train(old.path()).args(["--name", "new", "--heads", "bias"]).assert().success();
    assert_eq!(fs::read_to_string(old.path().join("NOTES.md")).unwrap(), "mine");
    let names: Vec<String> = files(old.path()).into_iter().map(|f| f.0).collect();
    assert_eq!(
        names,
        [
            "CARD.md",
            "NOTES.md",
            "bundle.json",
            "heads.bin",
            "names.txt",
            "receipt.json",
            "tokenizer.json",
            "vectors.bin",
            "words.bin"
        ]
    );
    assert!(parallax::model::Bundle::load(old.path()).unwrap().heads().iter().all(|head| head.name == "bias"));
}

#[test]
fn an_old_bundle_with_a_place_that_cannot_be_replaced_stays_as_it_was() {
    let old = copy(&tiny().bundle);
    let taken = old.path().join("vectors.bin");
    fs::remove_file(&taken).unwrap();
    fs::create_dir(&taken).unwrap();
    let heads = fs::read(old.path().join("heads.bin")).unwrap();
    let mut command = train(old.path());
    command.args(["--heads", "bias"]).assert().code(2).stderr(contains("cannot be written").and(contains("help: ")));
    assert!(heads == fs::read(old.path().join("heads.bin")).unwrap(), "heads.bin was replaced");
    left_nothing(old.path());
}

#[test]
fn a_training_that_fails_leaves_the_old_bundle() {
    let old = copy(&tiny().bundle);
    let before = files(old.path());
    train(old.path()).args(["--heads", "gist"]).assert().code(2);
    assert!(before == files(old.path()), "the old bundle changed");
}

#[test]
fn a_base_that_is_no_bundle_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = train_with(folder.path(), &tiny().recipe, &folder.path().join("out"));
    is_refused(&folder, command.arg("--data").arg(&tiny().data), &["found no bundle in this folder"]);
}
