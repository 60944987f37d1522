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

/// The comparison of these texts, as files `0.txt`, `1.txt` and so on.
fn compared(texts: &[&str], args: &[&str]) -> Value {
    let folder = Folder::new();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("{at}.txt")).collect();
    for (name, text) in names.iter().zip(texts) {
        std::fs::write(folder.0.path().join(name), text).unwrap();
    }
    folder.json(&[&names.iter().map(String::as_str).collect::<Vec<_>>(), args].concat())
}

/// The rows of a list, each as its name and what `of` says of it.
fn named<T>(json: &Value, list: &str, of: impl Fn(&Value) -> T) -> Vec<(Option<String>, T)> {
    let row = |row: &Value| (row["name"].as_str().map(str::to_owned), of(row));
    json[list].as_array().unwrap().iter().map(row).collect()
}

fn outlets(row: &Value) -> Vec<u64> {
    row["outlets"].as_array().unwrap().iter().map(|o| o["outlet"].as_u64().unwrap()).collect()
}

/// How often each holder mentions each target, over all outlets.
fn mentions(json: &Value) -> Vec<(Option<String>, String, usize)> {
    let places =
        |row: &Value| row["outlets"].as_array().unwrap().iter().map(|o| o["places"].as_array().unwrap().len()).sum();
    let holder = |row: &Value| row["holder"].as_str().map(str::to_owned);
    let target = |row: &Value| row["target"].as_str().unwrap().to_owned();
    json["stances"].as_array().unwrap().iter().map(|row| (holder(row), target(row), places(row))).collect()
}

#[test]
fn relatives_keep_their_own_words_and_a_short_name_joins_the_one_full_name() {
    let a = "The harbour board met Ada Miller. Bruno Miller, a docker, said that the cranes were unsafe and old.\n";
    let b = "The harbour board met Ada Miller. Carla Miller, a nurse, said that the noise kept her patients awake.\n";
    let json = compared(&[a, b], &[]);
    assert_eq!(named(&json, "actors", outlets), [(Some("Ada Miller".into()), vec![0, 1])]);
    let sources = named(&json, "sources", outlets);
    for (name, outlet) in [("Bruno Miller", 0), ("Carla Miller", 1)] {
        assert!(sources.contains(&(Some(name.into()), vec![outlet])), "{sources:?}");
    }
    let c = "On Monday Ada Miller closed the harbour. Miller said that the cranes were unsafe and old.\n";
    let json = compared(&[a.split(" Bruno").next().unwrap(), c], &[]);
    assert_eq!(named(&json, "actors", outlets), [(Some("Ada Miller".into()), vec![0, 1])]);
    assert_eq!(named(&json, "sources", outlets)[0], (Some("Ada Miller".into()), vec![1]));
}

#[test]
fn without_a_target_every_mention_is_found_under_all_of_its_forms() {
    let a = "Critics attacked Ada Okafor on Friday over the dam. Voters rejected Okafor in the spring. The union \
condemned Okafor for the closure. Fishermen praised Okafor for the new lock.\n";
    let b = "Critics attacked Ada Okafor again on Saturday. Voters rejected Okafor twice. The union condemned Okafor once \
more. Shopkeepers praised Okafor for the new bridge.\n";
    let of = |json: &Value, name: &str| -> usize { mentions(json).iter().filter(|m| m.1 == name).map(|m| m.2).sum() };
    assert_eq!(of(&compared(&[a, b], &[]), "Ada Okafor"), 8);
    // The fullest form opens a sentence; elsewhere the same word has no capital.
    let c = "Residents were blamed for the noise by the mayor. The mayor condemned the residents. The union defended the \
residents.\n";
    let d = "The council met on Tuesday. The river was high, and the residents left.\n";
    let json = compared(&[c, d], &[]);
    assert_eq!(of(&json, "residents"), 4, "{:?}", mentions(&json));
}

#[test]
fn a_pronoun_is_somebody_of_its_own_text_alone() {
    let json = compared(
        &[
            "The council met. He opposed the dam. The river was high.\n",
            "The council met. He backed the dam. The river was low.\n",
        ],
        &["--target", "dam"],
    );
    let found = mentions(&json);
    assert_eq!(found, vec![(Some("nobody named (he)".into()), "dam".into(), 1); 2]);
    assert!(
        json["differences"].as_array().unwrap().iter().all(|d| !d["of"].as_str().is_some_and(|of| of.contains("he")))
    );
    let json = compared(
        &[
            "انعقد المجلس يوم الثلاثاء. وقالت هي إن السد خطر على القرية وعلى الحقول.\n",
            "انعقد المجلس يوم الأربعاء. وقالت هي إن السد مفيد للقرية وللحقول.\n",
        ],
        &[],
    );
    assert!(
        named(&json, "sources", |_| ()).iter().all(|(name, ())| name.as_deref() != Some("هي")),
        "{:#}",
        json["sources"]
    );
}

#[test]
fn a_text_beside_its_copy_tells_nothing_alone() {
    let text = "It rained there for many days. The old mill by the river burned down on Friday. They all left it soon \
after that.\n";
    let json = compared(&[text, text], &[]);
    assert_eq!(json["unique"], serde_json::json!([]));
}

#[test]
fn rates_are_those_that_score_gives() {
    let folder = Folder::new();
    let json = folder.json(&["wire.txt", "tabloid.txt", "arabic.txt"]);
    for (at, file) in ["wire.txt", "tabloid.txt", "arabic.txt"].into_iter().enumerate() {
        let mut command = Command::cargo_bin("parallax").unwrap();
        let models = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models");
        let run = command.current_dir(folder.0.path()).env("PARALLAX_MODELS", models);
        let output = run.args(["score", "--format", "jsonl", file]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        for voice in ["author", "quoted"] {
            let value = json["loaded"][at][voice]["value"].as_f64().unwrap();
            let scored = report["document"]["loaded_per_100_words"][voice].as_f64().unwrap();
            assert!((value - scored).abs() < 0.01, "{file} {voice}: {value}, {scored}");
        }
    }
}

#[test]
fn a_record_with_a_target_of_its_own_is_asked_for_the_others_too() {
    let folder = Folder::new();
    let text = "Critics attacked the dam on Friday. Voters praised the bridge.";
    let at = text.find("bridge").unwrap();
    let own = serde_json::json!({"id": "own", "text": text, "target": [at, at + 6]}).to_string();
    let other = serde_json::json!({"id": "other", "text": "Farmers condemned the dam again."}).to_string();
    std::fs::write(folder.0.path().join("own.jsonl"), format!("{own}\n{other}\n")).unwrap();
    let found = mentions(&folder.json(&["own.jsonl", "--target", "dam"]));
    let of = |target: &str| found.iter().filter(|m| m.1 == target).map(|m| m.2).sum::<usize>();
    assert_eq!((of("dam"), of("bridge")), (2, 1), "{found:?}");
}

#[test]
fn a_reader_is_shown_all_but_what_is_neutral_and_told_how_much_that_is() {
    let folder = Folder::new();
    let a = "Critics attacked the dam on Friday. Officials mentioned the dam in a list. He said that it rained all night.\n";
    std::fs::write(folder.0.path().join("a.txt"), a).unwrap();
    std::fs::write(folder.0.path().join("b.txt"), "Farmers condemned the dam again.\n").unwrap();
    let (code, page, error) = folder.run(&["a.txt", "b.txt", "--target", "dam", "--target", "list"]);
    assert_eq!(code, 0, "{error}");
    // Each of them in one text alone.
    assert!(page.contains("Critics → dam") && page.contains("Farmers → dam"), "{page}");
    assert!(page.contains("(nobody named)"), "{page}");
    assert!(page.contains("more in JSON that are neutral throughout"), "{page}");
    assert!(!page.contains("→ list"), "{page}");
}

#[test]
fn a_page_leaves_the_rest_of_long_tables_to_the_json() {
    let folder = Folder::new();
    let line = |n: usize| {
        let text = format!("{WIRE} The chair thanked the town {n} times.");
        serde_json::json!({"id": n.to_string(), "text": text}).to_string()
    };
    std::fs::write(folder.0.path().join("ten.jsonl"), (0..10).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    let number = folder.json(&["ten.jsonl"])["differences"].as_array().unwrap().len();
    let (_, page, _) = folder.run(&["ten.jsonl", "--format", "html"]);
    assert!(number > 500 && page.contains(&format!("And {} comparisons more in the JSON.", number - 500)), "{number}");
}

#[test]
fn balances_of_a_few_mentions_are_not_compared() {
    let few = "Critics attacked the dam. Critics condemned the dam.";
    let verbs = ["opposed", "blamed", "denounced", "criticised", "decried", "rejected", "fought", "slammed"];
    let more = verbs.iter().fold(few.to_owned(), |text, verb| format!("{text} Critics {verb} the dam."));
    let of = |a: &str, b: &str| {
        let json = compared(&[a, b], &["--target", "dam"]);
        json["differences"].as_array().unwrap().iter().filter(|d| d["of"] == "dam: Critics").count()
    };
    assert_eq!((of(&more, few), of(&more, &more)), (0, 1));
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
    // Of each measure and pair of outlets, the interval and whether it differs; the other way round its ends are too.
    let differences = |json: &Value, order: [u64; 3]| {
        let of = |d: &Value| {
            let [a, b] = [0, 1].map(|at| order[d["outlets"][at].as_u64().unwrap() as usize]);
            let [low, high] = ["low", "high"].map(|key| (d[key].as_f64().unwrap() * 1e6).round() as i64);
            let ends = if a < b { [low, high] } else { [-high, -low] };
            let what = format!("{}{}{}", d["measure"], d["of"], d["differs"]);
            (what, a.min(b), a.max(b), ends, d["p"].to_string())
        };
        let mut all: Vec<_> = json["differences"].as_array().unwrap().iter().map(of).collect();
        all.sort();
        all
    };
    assert_eq!(differences(&one, [0, 1, 2]), differences(&other, [2, 0, 1]));
    let ends = |json: &Value, at: usize| ["low", "high"].map(|key| json["loaded"][at]["author"][key].clone());
    assert_eq!((ends(&one, 0), ends(&one, 2)), (ends(&other, 1), ends(&other, 0)));
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
