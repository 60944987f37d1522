//! `parallax compare` as a user runs it.
//!
//! In: three short texts of our own about one invented event, one of them Arabic. Out: what the program says of them.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use assert_cmd::Command;
use serde_json::Value;
use std::path::PathBuf;

const WIRE: &str = "Dam talks end without a deal\n\nTalks between Peru and Norway on the Ostrava dam ended on Friday \
without a deal. Foreign Minister Ada Okafor said that 40 engineers would leave the site within a week. Peru will pay \
12 million for repairs to the spillway, the ministry said.\n";
const TABLOID: &str = "Shameful collapse of dam talks\n\nThe reckless regime in Lima let the dam talks collapse on Friday. \
Okafor admitted that 60 engineers would leave the site within a week. Fishermen on the lower river have caught no \
salmon since the spring.\n";
const ARABIC: &str = "انهيار محادثات السد\n\nانتهت المحادثات بين بيرو والنرويج بشأن السد يوم الجمعة من دون اتفاق. \
وقالت الوزيرة آدا أوكافور إن 40 مهندسا سيغادرون الموقع خلال أسبوع. وستدفع بيرو 12 مليون لإصلاح السد.\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in [("wire.txt", WIRE), ("tabloid.txt", TABLOID), ("arabic.txt", ARABIC)] {
            std::fs::write(folder.0.path().join(name), text).unwrap();
        }
        folder
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("parallax").unwrap();
        let models = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models");
        command.current_dir(self.0.path()).env("PARALLAX_MODELS", models).arg("compare").args(args);
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn json(&self, args: &[&str]) -> Value {
        let (code, out, error) = self.run(&[args, &["--format", "jsonl"]].concat());
        assert_eq!(code, 0, "{error}");
        assert_eq!(out.lines().count(), 1);
        serde_json::from_str(&out).unwrap()
    }
}

/// Calls `seen` on every place in a comparison.
fn places(value: &Value, seen: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(keys) => {
            if ["document", "sentence", "start", "end", "text"].iter().all(|key| keys.contains_key(*key)) {
                seen(value);
            }
            keys.values().for_each(|value| places(value, seen));
        }
        Value::Array(values) => values.iter().for_each(|value| places(value, seen)),
        _ => {}
    }
}

#[test]
fn every_place_slices_the_original_in_every_unit() {
    let folder = Folder::new();
    for unit in ["bytes", "chars", "utf16"] {
        let json = folder.json(&["wire.txt", "tabloid.txt", "arabic.txt", "--offsets", unit]);
        assert_eq!((&json["schema"], &json["offsets"]), (&"parallax-compare/1".into(), &unit.into()));
        let texts = [WIRE, TABLOID, ARABIC];
        let mut number = 0;
        places(&json, &mut |place| {
            let text = texts[place["document"].as_u64().unwrap() as usize];
            let (start, end) = (place["start"].as_u64().unwrap() as usize, place["end"].as_u64().unwrap() as usize);
            let found = match unit {
                "bytes" => text[start..end].to_owned(),
                "chars" => text.chars().skip(start).take(end - start).collect(),
                _ => {
                    String::from_utf16(&text.encode_utf16().skip(start).take(end - start).collect::<Vec<_>>()).unwrap()
                }
            };
            assert_eq!(place["text"], found.as_str());
            number += 1;
        });
        assert!(number > 20, "{number} places");
    }
}

#[test]
fn one_statement_is_found_in_three_tellings_with_its_differing_numbers() {
    let json = Folder::new().json(&["wire.txt", "tabloid.txt", "arabic.txt"]);
    let of = |statement: &Value| -> Vec<u64> {
        statement["tellings"].as_array().unwrap().iter().map(|t| t["document"].as_u64().unwrap()).collect()
    };
    let statements = json["statements"].as_array().unwrap();
    let engineers = statements.iter().find(|s| s["tellings"][0]["text"].as_str().unwrap().contains("engineers"));
    let engineers = engineers.expect("the engineers leave in several tellings");
    assert_eq!(of(engineers), [0, 1, 2], "{engineers:#}");
    let numbers: Vec<f64> = engineers["conflicts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c["numbers"].as_array().unwrap())
        .map(|n| n["value"].as_f64().unwrap())
        .collect();
    assert!(numbers.contains(&40.0) && numbers.contains(&60.0), "{numbers:?}");
    let alone: Vec<&str> = json["unique"].as_array().unwrap().iter().map(|u| u["text"].as_str().unwrap()).collect();
    assert!(alone.iter().any(|text| text.contains("salmon")), "{alone:?}");
}

#[test]
fn an_actor_has_a_row_over_both_languages() {
    let json = Folder::new().json(&["wire.txt", "tabloid.txt", "arabic.txt"]);
    let peru = json["actors"].as_array().unwrap().iter().find(|row| row["name"] == "Peru").unwrap();
    let forms: Vec<&str> = peru["outlets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|o| o["forms"].as_array().unwrap())
        .map(|f| f["text"].as_str().unwrap())
        .collect();
    assert!(forms.contains(&"Peru") && forms.contains(&"Lima") && forms.contains(&"بيرو"), "{forms:?}");
    let aliases = Folder::new();
    std::fs::write(aliases.0.path().join("names.yaml"), "the dam: [dam, السد]\n").unwrap();
    let json = aliases.json(&["wire.txt", "tabloid.txt", "arabic.txt", "--aliases", "names.yaml"]);
    let dam = json["actors"].as_array().unwrap().iter().find(|row| row["name"] == "the dam").unwrap();
    assert_eq!((&dam["known"], dam["outlets"].as_array().unwrap().len()), (&"alias".into(), 3));
}

#[test]
fn the_order_of_documents_orders_the_outcome_and_changes_nothing_else() {
    let folder = Folder::new();
    let one = folder.json(&["wire.txt", "tabloid.txt", "arabic.txt"]);
    let other = folder.json(&["arabic.txt", "wire.txt", "tabloid.txt"]);
    let tellings = |json: &Value, order: [usize; 3]| {
        let mut all: Vec<Vec<(usize, u64, u64)>> = json["statements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|statement| {
                let of = |t: &Value| {
                    (
                        order[t["document"].as_u64().unwrap() as usize],
                        t["start"].as_u64().unwrap(),
                        t["end"].as_u64().unwrap(),
                    )
                };
                let mut tellings: Vec<_> = statement["tellings"].as_array().unwrap().iter().map(of).collect();
                tellings.sort_unstable();
                tellings
            })
            .collect();
        all.sort_unstable();
        all
    };
    assert_eq!(tellings(&one, [0, 1, 2]), tellings(&other, [2, 0, 1]));
    let rates = |json: &Value, at: usize| json["loaded"][at]["author"]["value"].clone();
    assert_eq!((rates(&one, 0), rates(&one, 2)), (rates(&other, 1), rates(&other, 0)));
}

#[test]
fn the_outcome_is_the_same_for_any_number_of_threads() {
    let folder = Folder::new();
    let run = |threads: &str| {
        folder.run(&["wire.txt", "tabloid.txt", "arabic.txt", "--format", "json", "--threads", threads]).1
    };
    assert_eq!(run("1"), run("2"));
}

#[test]
fn records_are_folded_by_a_key_and_files_by_their_folder() {
    let folder = Folder::new();
    let record =
        |id: &str, outlet: &str, text: &str| serde_json::json!({"id": id, "outlet": outlet, "text": text}).to_string();
    let lines = [record("1", "Wire", WIRE), record("2", "Tabloid", TABLOID), record("3", "Wire", ARABIC)].join("\n");
    std::fs::write(folder.0.path().join("all.jsonl"), &lines).unwrap();
    let json = folder.json(&["all.jsonl", "--group-by", "outlet"]);
    let names: Vec<&Value> = json["outlets"].as_array().unwrap().iter().map(|o| &o["name"]).collect();
    assert_eq!(names, ["Wire", "Tabloid"]);
    assert_eq!(json["outlets"][0]["documents"], serde_json::json!([0, 2]));
    let (code, _, error) = folder.run(&["all.jsonl", "--group-by", "paper"]);
    assert_eq!(code, 2);
    assert!(error.contains("`paper`") && error.contains("`outlet`"), "{error}");
    for name in ["a", "b"] {
        std::fs::create_dir(folder.0.path().join(name)).unwrap();
        std::fs::copy(folder.0.path().join("wire.txt"), folder.0.path().join(name).join("1.txt")).unwrap();
    }
    let json = folder.json(&["a", "b", "--group-by", "outlet"]);
    assert_eq!((&json["outlets"][0]["name"], &json["outlets"][1]["name"]), (&"a".into(), &"b".into()));
}

#[test]
fn fewer_than_two_and_more_than_fifty_outlets_are_refused_with_a_cure() {
    let folder = Folder::new();
    let (code, out, error) = folder.run(&["wire.txt"]);
    assert!(code == 2 && out.is_empty() && error.contains("two documents or more"), "{error}");
    let lines: Vec<String> =
        (0..51).map(|n| serde_json::json!({"id": n.to_string(), "text": WIRE}).to_string()).collect();
    std::fs::write(folder.0.path().join("many.jsonl"), lines.join("\n")).unwrap();
    let (code, _, error) = folder.run(&["many.jsonl"]);
    assert!(code == 2 && error.contains("51 outlets") && error.contains("--group-by"), "{error}");
}

#[test]
fn a_few_sentences_are_no_difference() {
    let json = Folder::new().json(&["wire.txt", "tabloid.txt"]);
    assert!(json["differences"].as_array().unwrap().iter().all(|d| d["differs"] == false && d["higher"].is_null()));
    assert!(json["method"]["notes"].as_array().unwrap().iter().any(|n| n.as_str().unwrap().contains("one document")));
}

#[test]
fn the_page_fits_eighty_columns() {
    let (code, page, error) = Folder::new().run(&["wire.txt", "tabloid.txt", "arabic.txt"]);
    assert_eq!(code, 0, "{error}");
    let wide: Vec<&str> = page.lines().filter(|line| unicode_width::UnicodeWidthStr::width(*line) > 80).collect();
    assert!(wide.is_empty(), "{wide:?}");
    for title in [
        "Comparison of 3 documents",
        "Differences",
        "Names",
        "Loaded terms",
        "Sources",
        "The same statement",
        "Told by one alone",
    ] {
        assert!(page.contains(title), "{title}\n{page}");
    }
}
