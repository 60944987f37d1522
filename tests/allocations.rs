//! Reading sentences takes no memory anew once a few were read, but for the spans that are found.
//!
//! In: both shipped bundles, and sentences of the families. Out: a failure that names the sentence. Start at [`allocations`].
//! The counting allocator is that of the crate `allocation-counter`.
#![allow(clippy::unwrap_used, missing_docs)]

use parallax::fold::{Reader, Tables};
use parallax::heads::{attribution, loaded};
use parallax::score::Scorer;
use parallax::text::{Span, quoted};
use std::path::Path;

/// What one found span may ask for at most: its probabilities, its parts, and what they are looked for with.
const OF_A_SPAN: u64 = 40;

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sentences(lang: &str) -> Vec<String> {
    let text = std::fs::read_to_string(home().join(format!("training/contrast/contrast_{lang}.jsonl"))).unwrap();
    let text_of = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        record["text"].as_str().unwrap().to_owned()
    };
    text.lines().map(text_of).collect()
}

/// For each sentence how often memory was asked for, and how many spans were found, in a second reading.
fn allocations(scorer: &Scorer, texts: &[String]) -> Vec<(u64, u64)> {
    let bundle = scorer.bundle();
    let (tables, mut reader) = (Tables::new(bundle), Reader::default());
    let quotes: Vec<Vec<Span>> = texts.iter().map(|text| quoted(text)).collect();
    let mut counts = Vec::new();
    for round in 0..2 {
        for (text, quotes) in texts.iter().zip(&quotes) {
            let mut found = 0;
            let asked = allocation_counter::measure(|| {
                let span = Span::new(0, text.len());
                let spans = reader.read(bundle, &tables, text, span, &[], quotes).unwrap().unwrap();
                reader.score(bundle, &tables, text);
                found = spans.loaded.len() + spans.relations.len();
            });
            if round == 1 {
                counts.push((asked.count_total, found as u64));
            }
        }
    }
    counts
}

#[test]
fn no_memory_is_asked_for_by_token_or_sentence() {
    for (lang, file) in [("en", "en_a"), ("ar", "ar")] {
        let texts = sentences(file);
        let folder = home().join("models").join(lang);
        let all = allocations(&Scorer::open(&folder).unwrap(), &texts);
        assert!(all.iter().any(|(_, found)| *found > 0) && all.len() > 300);
        for ((asked, found), text) in all.iter().zip(&texts) {
            assert!(*asked <= found * OF_A_SPAN, "{asked} for {found} spans: {text}");
        }
        let heads: Vec<String> = Scorer::open(&folder)
            .unwrap()
            .bundle()
            .manifest()
            .heads
            .iter()
            .filter(|head| !matches!(head.as_str(), loaded::NAME | attribution::NAME | "stance"))
            .cloned()
            .collect();
        let alone = Scorer::open(&folder).unwrap().only(&heads).unwrap();
        let asked: u64 = allocations(&alone, &texts).iter().map(|(asked, _)| asked).sum();
        assert_eq!(asked, 0, "{lang}: the sentence heads alone");
        let mut ready = alone.ready();
        let mut round = || texts.iter().for_each(|text| assert!(!ready.score(text).unwrap().is_empty()));
        round();
        let asked = allocation_counter::measure(round).count_total;
        assert_eq!(asked, 0, "{lang}: ready sentences");
    }
}
