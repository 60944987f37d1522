//! How well sentences that state the same are found: the figures behind the thresholds of `parallax compare`.
//!
//! usage: cargo run --release --example alignment [-- SHARED]
//!
//! In: contrast families of `training/`, filled with one pair of names, each of whose sentences tells the same event; and
//! the posts of FIGNEWS under SHARED (default `../shared`), each in English and in Arabic. Out: for each of the three,
//! how often a sentence's nearest is of its own event, and precision and recall of pairs that are each other's best at
//! several thresholds. Without the posts their part is left out, and said so. The lexicon learnt from those very posts:
//! its figures on posts that it did not see are those of `training/vectors/lexicon.py --without N` (see
//! `training/README.md`).
#![allow(clippy::unwrap_used)]

use parallax::compare::align::{Item, Telling, align};
use parallax::compare::vocabulary::{Passage, Vocabulary};
use parallax::score::{Desk, Scorer};
use parallax::text::{Actors, Span};
use parallax::train::names::Names;
use parallax::train::{contrast, expand};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A sentence: the event it tells, the document it is put in, its language.
type Row = (String, usize, &'static str, String);

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::args().nth(1).map_or_else(|| root.join("../shared"), PathBuf::from);
    let open = |lang: &str| Scorer::open(&root.join("models").join(lang)).unwrap();
    let desk = Desk::new(vec![open("en"), open("ar")]).unwrap();
    for (lang, files) in [
        ("en", &["contrast_en_a", "contrast_en_b", "contrast_en_c", "contrast_en_d", "contrast_en_e"][..]),
        ("ar", &["contrast_ar", "contrast_ar_b"]),
    ] {
        let names = Names::read(&root.join(format!("training/names/{lang}.toml"))).unwrap();
        let mut rows = Vec::new();
        for file in files {
            let families = contrast::read(&root.join(format!("training/contrast/{file}.jsonl"))).unwrap();
            let settings = expand::Settings { instances: 1, seed: 0 };
            let records = expand::expand(&families, &names, &settings).unwrap().records;
            let mut told: BTreeMap<String, usize> = BTreeMap::new();
            for record in records {
                let (path, instance) = record.id.rsplit_once('/').unwrap();
                if instance != "0" || path.contains("hard-negative") {
                    continue;
                }
                let family = record.group.clone();
                let document = told.entry(family.clone()).or_default();
                rows.push((family, *document, if lang == "en" { "en" } else { "ar" }, record.text));
                *document += 1;
            }
        }
        report(&format!("{lang}-{lang}: families"), &desk, &rows);
    }
    let posts = shared.join("data/public/fignews_main.jsonl");
    let Ok(posts) = std::fs::read_to_string(&posts) else {
        println!("en-ar: LEFT OUT, {} cannot be read", posts.display());
        return;
    };
    let mut rows = Vec::new();
    for (number, line) in posts.lines().enumerate() {
        let post: serde_json::Value = serde_json::from_str(line).unwrap();
        for (document, lang, key) in [(0, "en", "text_en"), (1, "ar", "text_ar")] {
            let text = post[key].as_str().unwrap().split("http").next().unwrap_or_default();
            if post["text_en"].as_str().unwrap().split_whitespace().count() >= 6 && number % 5 == 0 {
                rows.push((number.to_string(), document, lang, text.to_owned()));
            }
        }
    }
    report("en-ar: posts, every fifth", &desk, &rows);
}

fn report(name: &str, desk: &Desk, rows: &[Row]) {
    let passages: Vec<Passage<'_>> =
        rows.iter().map(|(_, _, lang, text)| Passage { text, span: Span::new(0, text.len()), lang }).collect();
    let (vocabulary, words) = Vocabulary::of(desk, Actors::shipped(), &passages).unwrap();
    let item = |((_, document, lang, _), words): (&Row, Vec<_>)| Item {
        document: *document,
        outlet: *document,
        lang: usize::from(*lang == "ar"),
        tellings: vec![Telling { span: Span::new(0, 0), words, content: None }],
    };
    let items: Vec<Item> = rows.iter().zip(words).map(|(row, words)| item((row, words))).collect();
    let events: BTreeSet<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    let aligned = align(&vocabulary, &items, |_, _| 0.0);
    let is_same = |a: usize, b: usize| rows[a].0 == rows[b].0;
    let hits = aligned.nearest.iter().flatten().filter(|pair| is_same(pair.a, pair.b)).count();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *sizes.entry(&row.0).or_default() += 1);
    let all: usize = sizes.values().map(|n| n * (n - 1) / 2).sum();
    println!("{name}: {} sentences, {} events", rows.len(), events.len());
    println!(
        "  hit@1 {:.3} (by chance {:.3})",
        hits as f64 / rows.len() as f64,
        all as f64 * 2.0 / (rows.len() as f64).powi(2)
    );
    println!("  threshold  pairs  precision  recall");
    for step in 0..=14 {
        let least = 0.1 + 0.05 * f64::from(step);
        let kept: Vec<bool> = aligned.pairs.iter().filter(|p| p.likeness >= least).map(|p| is_same(p.a, p.b)).collect();
        let right = kept.iter().filter(|right| **right).count();
        let (precision, recall) = (right as f64 / kept.len().max(1) as f64, right as f64 / all as f64);
        println!("  {least:>9.2}  {:>5}  {precision:>9.3}  {recall:>6.3}", kept.len());
    }
}
