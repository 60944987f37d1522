//! Bundles that are cut short, altered, of another format or hostile: an error, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;
#[allow(dead_code)]
mod tiny;

use parallax::error::Error;
use parallax::model::Bundle;
use parallax::model::bundle::Fitted;
use parallax::report::Report;
use parallax::score::{Options, Scorer};
use parallax::text::Document;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tiny::{altered, copy, copy_into, tiny};

const FILES: [&str; 8] = [
    "bundle.json",
    "heads.bin",
    "receipt.json",
    "spans.bin",
    "stance.bin",
    "tokenizer.json",
    "vectors.bin",
    "words.bin",
];

/// Plain and loaded, known words and unknown ones, a quotation, marks and no word at all.
const TEXT: &str = "The harbour council met on Monday. The shameless chess team \u{201c}crowed\u{201d} about Zanzibar \
                    again! \u{1f525} 1,000 naïve \u{645}\u{62f}\u{631}\u{633}\u{629}…\r\n\r\nSo-called experts?";

fn refusal(folder: &Path) -> Error {
    match Bundle::load(folder) {
        Ok(_) => panic!("{} was loaded", folder.display()),
        Err(error) => error,
    }
}

/// The error names the file, and its cure says what to do.
fn is_refused(folder: &Path, name: &str, found: &str) {
    let error = refusal(folder);
    assert!(matches!(error, Error::Bundle { .. } | Error::Read { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(name) && text.contains(found), "{name}, {found}: {text}");
    assert!(!error.cure().is_empty());
}

fn report(bundle: Bundle) -> Report {
    let options = Options { explain: true, ..Options::default() };
    Scorer::new(bundle).score(&Document::new("a", TEXT), &options).unwrap()
}

fn change_manifest(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("bundle.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

fn fitted(folder: &Path) -> Fitted {
    postcard::from_bytes(&fs::read(folder.join("heads.bin")).unwrap()).unwrap()
}

#[test]
fn a_file_cut_short_at_any_byte_is_refused_by_name() {
    for name in FILES {
        let folder = copy(&tiny().bundle);
        let path = folder.path().join(name);
        let file = File::options().write(true).open(&path).unwrap();
        for length in (0..fs::metadata(&path).unwrap().len()).rev() {
            file.set_len(length).unwrap();
            is_refused(folder.path(), name, "found");
        }
    }
}

#[test]
fn a_byte_too_many_is_refused_by_name() {
    for name in FILES {
        let folder = copy(&tiny().bundle);
        let mut bytes = fs::read(folder.path().join(name)).unwrap();
        bytes.push(b'x');
        fs::write(folder.path().join(name), bytes).unwrap();
        is_refused(folder.path(), name, "found");
    }
}

#[test]
fn a_flipped_bit_in_any_file_the_manifest_covers_is_refused_by_name() {
    for name in &FILES[1..] {
        let folder = copy(&tiny().bundle);
        let path = folder.path().join(name);
        let mut bytes = fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(97) {
            bytes[at] ^= 1 << (at % 8);
            fs::write(&path, &bytes).unwrap();
            is_refused(folder.path(), name, "CRC-32");
            bytes[at] ^= 1 << (at % 8);
        }
    }
}

#[test]
fn a_flipped_bit_in_the_manifest_is_refused_or_changes_no_score() {
    let folder = copy(&tiny().bundle);
    let path = folder.path().join("bundle.json");
    let mut bytes = fs::read(&path).unwrap();
    let expected = report(Bundle::load(folder.path()).unwrap()).sentences;
    for at in 0..bytes.len() {
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).unwrap();
        // Name, version, language and SHA-256 are for `models --verify`; scores hang on none of them.
        if let Ok(bundle) = Bundle::load(folder.path()) {
            assert_eq!(report(bundle).sentences, expected, "byte {at}");
        }
        bytes[at] ^= 1 << (at % 8);
    }
}

#[test]
fn bytes_changed_together_with_their_checksums_are_refused_or_scored_without_a_panic() {
    for (name, step) in [
        ("heads.bin", 53),
        ("vectors.bin", 211),
        ("receipt.json", 499),
        ("tokenizer.json", 211),
        ("spans.bin", 4_999),
        ("words.bin", 7),
    ] {
        let folder = copy(&tiny().bundle);
        let mut bytes = fs::read(folder.path().join(name)).unwrap();
        let from_start = (0..bytes.len().min(24)).chain((24..bytes.len()).step_by(step));
        for at in from_start {
            let kept = bytes[at];
            for value in [0x00, 0x7F, 0xFF, kept ^ 1] {
                bytes[at] = value;
                altered(folder.path(), name, &bytes);
                if let Ok(bundle) = Bundle::load(folder.path()) {
                    report(bundle);
                }
            }
            bytes[at] = kept;
        }
    }
}

#[test]
fn a_missing_file_and_an_empty_one_are_named() {
    for name in FILES {
        let folder = copy(&tiny().bundle);
        fs::remove_file(folder.path().join(name)).unwrap();
        is_refused(folder.path(), name, "cannot be read");
        fs::write(folder.path().join(name), "").unwrap();
        is_refused(folder.path(), name, "found");
        fs::remove_file(folder.path().join(name)).unwrap();
        fs::create_dir(folder.path().join(name)).unwrap();
        is_refused(folder.path(), name, "cannot be read");
    }
    is_refused(Path::new("no/such/bundle"), "bundle.json", "cannot be read");
}

#[test]
fn a_newer_format_says_so_whatever_else_it_holds() {
    let folder = copy(&tiny().bundle);
    fs::write(folder.path().join("bundle.json"), r#"{"format":5,"tables":"of another kind"}"#).unwrap();
    is_refused(folder.path(), "bundle.json", "found bundle format 5; expected format 4");
    assert!(refusal(folder.path()).cure().contains("newer parallax"));
    for format in [json!(-1), json!(1.5), json!("1"), json!(null), json!(4_294_967_296_u64)] {
        fs::write(folder.path().join("bundle.json"), json!({"format": format}).to_string()).unwrap();
        is_refused(folder.path(), "bundle.json", "cannot be read");
    }
}

#[test]
fn a_manifest_that_leaves_the_folder_is_refused() {
    for name in ["../x", "..", "a/b", "/etc/hostname", "..\\x", ".", ""] {
        let folder = copy(&tiny().bundle);
        change_manifest(folder.path(), |manifest| manifest["files"][name] = manifest["files"]["heads.bin"].clone());
        is_refused(folder.path(), "", "a file name that leaves the folder");
    }
}

#[test]
fn a_manifest_without_one_of_the_files_is_refused() {
    for name in &FILES[1..] {
        let folder = copy(&tiny().bundle);
        change_manifest(folder.path(), |m| drop(m["files"].as_object_mut().unwrap().shift_remove(*name)));
        // A bundle may be without span heads or word vectors, but not without those that it needs.
        match *name {
            "spans.bin" | "stance.bin" => is_refused(folder.path(), "bundle.json", "the heads"),
            "words.bin" => is_refused(folder.path(), "heads.bin", "tables of unlike size"),
            name => is_refused(folder.path(), "bundle.json", &format!("no entry for {name}")),
        }
    }
}

#[test]
fn a_manifest_of_other_heads_than_the_weights_is_refused() {
    let folder = copy(&tiny().bundle);
    change_manifest(folder.path(), |manifest| manifest["heads"] = json!(["bias", "mood"]));
    is_refused(folder.path(), "bundle.json", "the heads bias, mood");
}

#[test]
fn weights_that_are_not_finite_are_refused() {
    type Change = fn(&mut Fitted);
    let changes: [Change; 8] = [
        |f| f.weights.ngrams[1] = f32::NAN,
        |f| f.weights.classes[1] = f32::INFINITY,
        |f| f.weights.vectors[1] = f32::NAN,
        |f| f.weights.pools[1] = f32::NEG_INFINITY,
        |f| f.weights.intercepts[1] = f64::NAN,
        |f| f.markers[0].intercept = f32::NAN,
        |f| f.heads[0].decision.thresholds[0] = f64::NAN,
        |f| f.heads[0].decision.margin = f64::NAN,
    ];
    for change in changes {
        let folder = copy(&tiny().bundle);
        let mut fitted = fitted(folder.path());
        change(&mut fitted);
        altered(folder.path(), "heads.bin", &postcard::to_stdvec(&fitted).unwrap());
        is_refused(folder.path(), "heads.bin", "weights that are not finite or tables of unlike size");
    }
}

#[test]
fn tables_of_unlike_size_are_refused() {
    type Change = fn(&mut Fitted);
    let changes: [Change; 6] = [
        |f| f.weights.ngrams.truncate(1),
        |f| f.weights.outputs += 1,
        |f| drop(f.heads.pop()),
        |f| drop(f.heads[0].classes.pop()),
        |f| drop(f.markers.pop()),
        |f| f.markers[0].vectors.truncate(1),
    ];
    for change in changes {
        let folder = copy(&tiny().bundle);
        let mut fitted = fitted(folder.path());
        change(&mut fitted);
        altered(folder.path(), "heads.bin", &postcard::to_stdvec(&fitted).unwrap());
        is_refused(folder.path(), "heads.bin", "weights that are not finite or tables of unlike size");
    }
}

#[test]
fn vectors_of_an_impossible_width_are_refused() {
    // width, no scales, no values: sizes that agree by wrapping round.
    for width in [0, 1 << 20, 1 << 63, u64::MAX] {
        let folder = copy(&tiny().base);
        let none: &[u8] = &[];
        altered(folder.path(), "vectors.bin", &postcard::to_stdvec(&(width, none, none)).unwrap());
        is_refused(folder.path(), "bin", "tables of unlike size");
    }
}

#[test]
fn a_tokenizer_that_cannot_be_read_is_named() {
    for json in ["", "{}", "[1]", "\u{feff}{}"] {
        let folder = copy(&tiny().bundle);
        altered(folder.path(), "tokenizer.json", json.as_bytes());
        is_refused(folder.path(), "tokenizer.json", "found");
    }
}

#[test]
fn a_bundle_without_heads_is_refused_where_something_is_to_be_scored() {
    assert!(Bundle::load(&tiny().base).unwrap().heads().is_empty());
    let error = Scorer::open(&tiny().base).unwrap_err();
    assert!(error.to_string().contains("found a bundle without heads"), "{error}");
    assert!(error.cure().contains("parallax train"));
    let mut command = run::parallax();
    command.args(["score", "--model"]).arg(&tiny().base).write_stdin(TEXT);
    let run = command.assert().code(2).stdout("");
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("found a bundle without heads"));
}

#[test]
fn vectors_that_do_not_fit_their_vocabulary_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (vocab, vectors) = (folder.path().join("vocab.txt"), folder.path().join("vectors.f32"));
    let refused = |words: &[u8], numbers: &[f32], said: &str| {
        fs::write(&vocab, words).unwrap();
        fs::write(&vectors, numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>()).unwrap();
        let mut command = run::parallax();
        command.args(["vectors", "--width", "2", "--vocab"]).arg(&vocab).arg("--vectors").arg(&vectors);
        let run = command.arg("--out").arg(folder.path().join("out")).assert().code(2);
        let text = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(text.contains(said) && text.contains(": found ") && text.contains("help: "), "{said}: {text}");
        assert!(!folder.path().join("out").exists());
    };
    refused(b"[UNK]\nthe\n", &[1.0; 3], "vectors.f32: found 12 bytes; expected 16 bytes");
    refused(b"[UNK]\nthe\n", &[1.0, f32::NAN, 1.0, 1.0], "vectors.f32: found NaN");
    refused(b"the\ntown\n", &[1.0; 4], "no [UNK] piece");
    refused(b"[UNK]\nthe\nthe\n", &[1.0; 6], "1 pieces twice");
    refused(b"[UNK]\n\xff\n", &[1.0; 4], "vocab.txt: found bytes that are not UTF-8");
    refused(b"", &[], "no [UNK] piece");
}

fn fixture(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/format-{format}"))
}

/// The report as JSON, numbers of at most four decimals, without what names the bundle's bytes.
fn rounded(report: &Report) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Number(number) if number.is_f64() => {
                // Adding 0 makes a negative zero a plain one.
                *value = json!((number.as_f64().unwrap() * 1e4).round() / 1e4 + 0.0);
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            Value::Object(map) => map.values_mut().for_each(walk),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    walk(&mut value);
    value["model"].as_object_mut().unwrap().shift_remove("sha256");
    value
}

/// Numbers may differ by what another processor's sums make of the last of four decimals; keys may be added.
fn alike(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) => (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1.5e-4,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            b.iter().all(|(key, value)| a.get(key).is_some_and(|found| alike(found, value)))
        }
        (a, b) => a == b,
    }
}

/// A bundle of each format was put in `tests/fixtures` with its report, and has to score the same for as long as
/// the format is read.
fn keeps_scoring_the_same(format: u32) {
    let golden = fixture(format).join("report.json");
    let expected: Value = serde_json::from_slice(&fs::read(&golden).unwrap()).unwrap();
    let found = rounded(&report(Bundle::load(&fixture(format).join("tiny")).unwrap()));
    assert!(alike(&found, &expected), "found {found:#}\nexpected {expected:#}");
}

#[test]
fn a_bundle_of_format_1_keeps_loading_and_scoring_the_same() {
    keeps_scoring_the_same(1);
}

#[test]
fn a_bundle_of_format_2_keeps_loading_and_scoring_the_same() {
    keeps_scoring_the_same(2);
}

#[test]
fn a_bundle_of_format_3_keeps_loading_and_scoring_the_same() {
    keeps_scoring_the_same(3);
    assert_eq!(Bundle::load(&fixture(3).join("tiny")).unwrap().mask().known(), ["اردن", "ولايات متحده"]);
}

/// While the newest format is being made, before it is released, its fixture is made anew by
///
/// ```sh
/// PARALLAX_BLESS=1 cargo test --release --test model_files format_4
/// ```
#[test]
fn a_bundle_of_format_4_keeps_loading_and_scoring_the_same() {
    if std::env::var_os("PARALLAX_BLESS").is_some() {
        let folder = fixture(4);
        let _ = fs::remove_dir_all(&folder);
        copy_into(&tiny().bundle, &folder.join("tiny"));
        fs::remove_file(folder.join("tiny/CARD.md")).unwrap();
        let report = rounded(&report(Bundle::load(&folder.join("tiny")).unwrap()));
        fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report).unwrap() + "\n").unwrap();
    }
    keeps_scoring_the_same(4);
    let report = report(Bundle::load(&fixture(4).join("tiny")).unwrap());
    assert!(report.stances.is_some_and(|stances| !stances.is_empty()));
}
