//! Scores looked up and added are those that are computed feature by feature.
//!
//! In: both shipped bundles; sentences of the families in both languages, and random text. Out: a failure that names the
//! sentence. Start at [`Pair::check`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use parallax::features::names;
use parallax::fold::{Reader, Tables};
use parallax::heads::span::Found;
use parallax::model::Bundle;
use parallax::report::HeadScore;
use parallax::score::{Options, Scorer, Unit};
use parallax::text::{Document, Span, mark_quoted, quoted};
use proptest::prelude::*;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// Logits differ by no more.
const CLOSE: f64 = 1e-4;

/// Reports round probabilities to six digits.
const ROUNDED: f64 = 1e-6;

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One bundle, read in both ways.
struct Pair {
    scorer: Scorer,
    tables: Tables,
    reader: RefCell<Reader>,
}

impl Pair {
    fn new(lang: &str) -> Self {
        let folder = home().join("models").join(lang);
        let bundle = Bundle::load(&folder).unwrap();
        let tables = Tables::new(&bundle);
        Self { scorer: Scorer::new(bundle), tables, reader: RefCell::default() }
    }

    /// Whether the text was read as one sentence with folding; panics where both ways differ.
    fn check(&self, text: &str) -> bool {
        let bundle = self.scorer.bundle();
        let mut reader = self.reader.borrow_mut();
        let sentence = Span::new(0, text.len());
        let quotes = quoted(text);
        let Some(spans) = reader.read(bundle, &self.tables, text, sentence, &[], &quotes).unwrap() else {
            return false;
        };
        reader.score(bundle, &self.tables, text);

        let mut tokens = bundle.tokenizer().tokenize(text, sentence).unwrap();
        mark_quoted(&mut tokens, &quotes);
        bundle.mask().flag(text, &mut tokens);
        assert_eq!(reader.tokens, tokens, "{text}");
        let expected = bundle.span_heads().find(bundle.dense(), text, &tokens, false);
        same_spans(&spans.loaded, &expected.loaded, text);
        let cues = |relations: &[parallax::heads::attribution::Relation]| -> Vec<Found> {
            relations.iter().map(|r| r.cue.clone()).collect()
        };
        same_spans(&cues(&spans.relations), &cues(&expected.relations), text);
        for (a, b) in spans.relations.iter().zip(&expected.relations) {
            assert_eq!((&a.source, &a.contents), (&b.source, &b.contents), "{text}");
        }
        names::merge(text, &mut tokens);
        let logits = self.scorer.logits(text, &tokens).logits;
        for (a, b) in reader.logits.iter().zip(&logits) {
            assert!((a - b).abs() < CLOSE, "{text}: {:?} and {logits:?}", reader.logits);
        }
        assert_eq!(reader.logits.len(), logits.len());
        true
    }

    /// Panics where a ready sentence has other probabilities than its report.
    fn check_ready(&self, text: &str) {
        let options = Options { unit: Unit::Sentence, ..Options::default() };
        let report = self.scorer.score(&Document::new("a", text), &options).unwrap();
        let mut ready = self.scorer.ready();
        let mut p = ready.score(text).unwrap().iter();
        for head in self.scorer.bundle().heads() {
            let score = &report.sentences[0].heads.get(&head.name).unwrap();
            for class in &head.classes {
                let reported = match score {
                    HeadScore::Binary(p) if class == "1" => *p,
                    HeadScore::Binary(p) => 1.0 - p,
                    HeadScore::Classes(classes) => *classes.get(class).unwrap(),
                };
                assert!((p.next().unwrap() - reported).abs() < ROUNDED, "{text}: {} {class}", head.name);
            }
        }
        assert_eq!(p.next(), None);
    }
}

fn same_spans(a: &[Found], b: &[Found], text: &str) {
    let runs = |found: &[Found]| found.iter().map(|f| f.run).collect::<Vec<_>>();
    assert_eq!(runs(a), runs(b), "{text}");
    for (a, b) in a.iter().zip(b) {
        assert!((a.logit - b.logit).abs() < CLOSE, "{text}: {a:?} and {b:?}");
    }
}

/// The sentences of the families, slots and marks as they stand.
fn families(lang: &str) -> Vec<String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(home().join("training/contrast"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&format!("contrast_{lang}")))
        .collect();
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            texts.push(record["text"].as_str().unwrap().to_owned());
        }
    }
    texts
}

#[test]
fn families_are_read_the_same_in_both_ways() {
    for lang in ["en", "ar"] {
        let pair = Pair::new(lang);
        let texts = families(lang);
        assert!(texts.len() > 1_000, "{lang}: {}", texts.len());
        for text in &texts {
            assert!(pair.check(text), "{lang}: {text}");
            pair.check_ready(text);
        }
    }
}

#[test]
fn text_of_the_other_language_is_read_the_same_in_both_ways() {
    for (bundle, lang) in [("en", "ar"), ("ar", "en")] {
        let pair = Pair::new(bundle);
        families(lang).iter().take(500).for_each(|text| assert!(pair.check(text), "{text}"));
    }
}

/// Megabytes of words of both languages in a fixed disorder, in capitals, with marks and damage between them.
#[test]
fn tokens_of_mixed_text_are_those_of_the_tokenizer() {
    let texts = [families("en"), families("ar")].concat();
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
    let between = [
        " ",
        " ",
        " ",
        "  ",
        ", ",
        "-",
        "",
        "\u{200f} ",
        " \u{201c}",
        "\u{201d} ",
        "’s ",
        ".",
        " #",
        " @",
        "…",
        "\u{fffd}",
    ];
    let pairs = [Pair::new("en"), Pair::new("ar")];
    let (mut state, mut bytes, mut sentence) = (1u64, 0, String::new());
    let mut next = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    while bytes < 3_000_000 {
        sentence.clear();
        for _ in 0..24 {
            let word = words[next(words.len())];
            match next(12) {
                0 => sentence.push_str(&word.to_uppercase()),
                1 => sentence.extend(word.chars().rev()),
                _ => sentence.push_str(word),
            }
            sentence.push_str(between[next(between.len())]);
        }
        bytes += sentence.len();
        let span = Span::new(0, sentence.len());
        for pair in &pairs {
            let (bundle, mut reader) = (pair.scorer.bundle(), pair.reader.borrow_mut());
            if reader.read(bundle, &pair.tables, &sentence, span, &[], &[]).unwrap().is_some() {
                let mut tokens = bundle.tokenizer().tokenize(&sentence, span).unwrap();
                bundle.mask().flag(&sentence, &mut tokens);
                assert_eq!(reader.tokens, tokens, "{sentence}");
            }
        }
    }
}

/// Text with all that tells tokens apart, in both scripts.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-z]{1,9}",
        2 => "[A-Z][a-z]{1,8}",
        1 => "[A-Z]{2,5}",
        1 => Just("said".to_owned()),
        1 => Just("The".to_owned()),
        1 => Just("so-called".to_owned()),
        1 => Just("Israel’s".to_owned()),
        1 => Just("don't".to_owned()),
        1 => Just("U.S.".to_owned()),
        1 => Just("#Gaza".to_owned()),
        1 => Just("وقال".to_owned()),
        1 => Just("غزة".to_owned()),
        1 => Just("والولايات المتحدة".to_owned()),
        2 => "[ءاأبتةجدرسعفقلمنهوي]{2,8}",
        1 => "[0-9]{1,4}[.,]?[0-9]{0,3}",
        1 => "\\PC{1,4}",
        1 => Just("https://a.org/b?c".to_owned()),
        1 => Just("\u{fdfa}".to_owned()),
        1 => Just("🔥👍🏽".to_owned()),
    ];
    let gap = prop_oneof![
        8 => Just(" "), 1 => Just(", "), 1 => Just(". "), 1 => Just(" “"), 1 => Just("” "), 1 => Just(" \""), 1 => Just("\" "),
        1 => Just("-"), 1 => Just(": "), 1 => Just(""), 1 => Just("! "), 1 => Just("، "),
    ];
    proptest::collection::vec((word, gap), 0..30)
        .prop_map(|parts| parts.into_iter().map(|(word, gap)| word + gap).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_the_same_in_both_ways(text in text()) {
        thread_local! {
            static PAIRS: [Pair; 2] = ["en", "ar"].map(Pair::new);
        }
        PAIRS.with(|pairs| pairs.iter().for_each(|pair| { pair.check(&text); }));
    }
}
