//! What an update gains on sentences of its kind, and loses on others: the measure its defaults are chosen by.
//!
//! In: a bundle, labelled sentences that it was not trained on or contrast families with `--names` to fill them, and, if
//! given, labelled sentences of another kind. Out: a table of each head's macro-F1 (of words, for `loaded`; of cues, for
//! `attribution`) before and after, on groups that were not added and on the other sentences, for more and more groups added.
//!
//! ```sh
//! cargo run --release --example update -- models/en --names training/names/en.toml \
//!   training/contrast/contrast_en_f.jsonl training/contrast/contrast_en_g.jsonl [--other FILE] [--mistakes] [--weight X] …
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use parallax::evaluate::{self, SpanHead, measure, measure_spans};
use parallax::model::{Bundle, Receipt};
use parallax::score::Scorer;
use parallax::train::expand::{self, expand};
use parallax::train::names::Names;
use parallax::train::record::{self, Record};
use parallax::train::update::{Settings, update};
use parallax::train::{contrast, gold, split};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

fn main() {
    let mut settings = Settings { replicates: 0, folds: 2, ..Settings::default() };
    let (mut files, mut other, mut names, mut sizes) = (Vec::new(), None, None, vec![3, 10, 30, 100]);
    let mut mistakes = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|value| value.parse::<f64>().ok()).expect("a number");
        match arg.as_str() {
            "--weight" => settings.weight = number(),
            "--standing" => settings.standing = number() as usize,
            "--standing-spans" => settings.standing_spans = number() as usize,
            "--ngrams" => settings.sentences.ngrams = number(),
            "--dense" => settings.sentences.dense = number(),
            "--spans-dense" => settings.spans.dense = number(),
            "--spans-facts" => settings.spans.facts = number(),
            "--iterations" => settings.spans.max_iterations = number() as u64,
            "--size" => sizes = vec![number() as usize],
            "--other" => other = args.next(),
            "--names" => names = args.next(),
            "--mistakes" => mistakes = true,
            _ => files.push(arg),
        }
    }
    let [base, labelled @ ..] = files.as_slice() else { panic!("name a bundle and labelled sentences") };
    let mut records: Vec<Record> = Vec::new();
    for path in labelled.iter().map(Path::new) {
        let Some(names) = &names else {
            records.extend(record::read(path).unwrap());
            continue;
        };
        let (families, names) = (contrast::read(path).unwrap(), Names::read(Path::new(names)).unwrap());
        records.extend(expand(&families, &names, &expand::Settings { instances: 1, seed: 3 }).unwrap().records);
    }
    let other = other.map(|path| record::read(Path::new(&path)).unwrap());
    let groups: Vec<&str> = records.iter().map(|r| r.group.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    println!("{} sentences in {} groups; {settings:?}", records.len(), groups.len());
    // Half of the groups are tested on; the others are added in an order that their names do not tell.
    let folds = split::folds(groups.iter().copied(), 2).unwrap();
    let of = |fold: u32| groups.iter().zip(&folds).filter(move |(_, f)| **f == fold).map(|(group, _)| *group);
    let mut pool: Vec<&str> = of(0).collect();
    pool.sort_by_key(|group| crc32(group));
    let tested: BTreeSet<&str> = of(1).collect();
    let test: Vec<Record> = records.iter().filter(|r| tested.contains(r.group.as_str())).cloned().collect();
    let load = || Bundle::load(Path::new(base)).unwrap();
    let mut sets = vec![("unseen groups", test)];
    sets.extend(other.map(|records| ("other sentences", records)));
    for (name, records) in &sets {
        println!("{name:<16}    0 groups: {}", measured(&Scorer::new(load()), records));
    }
    for size in sizes {
        let taught: BTreeSet<&str> = pool.iter().take(size).copied().collect();
        let added: Vec<Record> = records.iter().filter(|r| taught.contains(r.group.as_str())).cloned().collect();
        let added = if mistakes { mistaken(&Scorer::new(load()), added) } else { added };
        let started = Instant::now();
        let updated = update(&load(), &added, &settings, &|_| {}).unwrap();
        let seconds = started.elapsed().as_secs_f64();
        let scorer = Scorer::new(load().updated("0", updated.fitted.clone(), Receipt::default()));
        println!("what was added   {:>4} groups: {}", taught.len(), measured(&scorer, &added));
        for (name, records) in &sets {
            let scorer = Scorer::new(load().updated("0", updated.fitted.clone(), Receipt::default()));
            println!("{name:<16} {:>4} groups: {}", taught.len(), measured(&scorer, records));
        }
        println!("{:>16} {} sentences, {seconds:.1} s with 2 folds", "", added.len());
    }
}

/// An order that has nothing to do with names.
fn crc32(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// What a reader would correct who says nothing where the model is right: of each sentence the labels that it gets wrong.
fn mistaken(scorer: &Scorer, mut records: Vec<Record>) -> Vec<Record> {
    let gold = gold::score(scorer, &records).unwrap();
    for rows in gold.rows.iter().filter(|rows| !rows.head().contains("stance")) {
        let labelled = records.iter_mut().filter(|record| record.labels.contains_key(rows.head()));
        for (record, (said, right)) in labelled.zip(rows.predicted().iter().zip(rows.gold())) {
            if said == right {
                record.labels.remove(rows.head());
            }
        }
    }
    records.retain(|record| !record.labels.is_empty());
    records
}

fn measured(scorer: &Scorer, records: &[Record]) -> String {
    let settings = evaluate::Settings { replicates: 0, ..evaluate::Settings::default() };
    let gold = gold::score(scorer, records).unwrap();
    let mut text = String::new();
    for rows in gold.rows.iter().filter(|rows| !rows.head().contains("stance")) {
        let measures = measure(rows, &settings).unwrap();
        text += &format!("{} {:.3} (loss {:.3})  ", rows.head(), measures.macro_f1, measures.log_loss);
    }
    for measures in measure_spans(&gold.spans, &settings).unwrap() {
        let value = |name: &str| measures.values.get(name).copied().flatten().unwrap_or(f64::NAN);
        text += &match measures.head {
            SpanHead::Loaded => format!("loaded {:.3}  ", value("word_f1")),
            _ => format!("cues {:.3} content {:.3}", value("cue_f1"), value("content_f1")),
        };
    }
    text
}
