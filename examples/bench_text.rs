//! The text that `parallax bench` times where none is named.
//!
//! In: the contrast families of `training/` that have slots, and the name tables that fill them. Out: articles as JSON Lines, on standard output. Run
//! `cargo run --release --example bench_text -- en > training/bench/en.jsonl`. A changed text cannot be compared with
//! runs on the one before: leave it as it is unless there is a reason.
#![allow(clippy::expect_used, missing_docs)]

use parallax::train::{contrast, expand, names};
use std::collections::BTreeMap;
use std::path::Path;

/// Articles, and bytes of each.
const ARTICLES: usize = 24;
const BYTES: usize = 5_000;

/// Sentences of a paragraph.
const PARAGRAPH: usize = 3;

fn main() {
    let lang = std::env::args().nth(1).expect("a language: en or ar");
    let training = Path::new(env!("CARGO_MANIFEST_DIR")).join("training");
    let names = names::Names::read(&training.join(format!("names/{lang}.toml"))).expect("the name tables");
    let mut files: Vec<_> = std::fs::read_dir(training.join("contrast"))
        .expect("the contrast families")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.file_stem().is_some_and(|s| s.to_string_lossy().starts_with(&format!("contrast_{lang}_"))))
        .collect();
    files.sort();
    let families: Vec<_> = files.iter().flat_map(|path| contrast::read(path).expect("families")).collect();
    let settings = expand::Settings { instances: 1, seed: 6 };
    let records = expand::expand(&families, &names, &settings).expect("the families filled").records;
    // One sentence of each family in turn, so that neighbours tell of different events.
    let mut by_family: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for record in &records {
        by_family.entry(record.group.as_str()).or_default().push(&record.text);
    }
    let longest = by_family.values().map(Vec::len).max().unwrap_or_default();
    let turns = (0..longest).flat_map(|turn| by_family.values().filter_map(move |texts| texts.get(turn)));
    let mut sentences = turns.copied();
    for number in 1..=ARTICLES {
        let mut text = String::new();
        let mut count = 0;
        while text.len() < BYTES {
            let Some(sentence) = sentences.next() else { break };
            text.push_str(sentence);
            count += 1;
            text.push_str(if count % PARAGRAPH == 0 { "\n\n" } else { " " });
        }
        println!("{}", serde_json::json!({ "id": format!("{lang}-{number:02}"), "text": text.trim_end() }));
    }
}
