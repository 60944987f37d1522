//! What holds of every report on any text, with the bundle that ships.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use parallax::heads::voice::Voice;
use parallax::report::{Explanation, HeadScore, PassageReport, Report};
use parallax::score::{Options, Scorer, Unit};
use parallax::text::{Document, OffsetUnit};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use run::{model, parallax};
use std::fs;
use std::sync::LazyLock;

static SCORER: LazyLock<Scorer> = LazyLock::new(|| Scorer::open(&model()).unwrap());

/// Pieces of text that are known to be difficult, to be put together at random.
const PIECES: [&str; 44] = [
    "The council voted on Tuesday.",
    " ",
    "\n",
    "\r\n",
    "\r\n\r\n",
    "\t",
    "\u{feff}",
    "\u{200b}",
    "\u{200d}",
    "\u{a0}",
    "\u{ad}",
    "U.S. ",
    "Mr. Smith ",
    "e.g. ",
    "3.14 ",
    "1,000 ",
    "…",
    "...",
    "?!",
    "\"",
    "“",
    "”",
    "‘",
    "’",
    "«",
    "»",
    "(",
    ")",
    "- ",
    "• ",
    "https://a.org/b?c=1#d ",
    "@name ",
    "#tag ",
    "authoritiesAbout ",
    "SHAMELESS ",
    "betrayed ",
    "🔥",
    "👩‍👩‍👧‍👦",
    "🇫🇮",
    "e\u{301}",
    "قالت الحكومة إن الخطة فشلت. ",
    "إسرائيل، ",
    "中文。",
    "\u{0}\u{7f}\u{85}\u{2028}",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..40).prop_map(|p| p.concat());
    let anything = prop::collection::vec(any::<char>(), 0..120).prop_map(String::from_iter);
    let mixed = (any::<String>(), pieces.clone(), "\\PC{0,60}").prop_map(|(a, b, c)| a + &b + &c);
    prop_oneof![4 => pieces, 1 => anything, 2 => mixed, 1 => "[a-zA-Z \u{a0}\".,?!\n]{0,400}"]
}

/// Sentences that the span heads find something in, between pieces that are difficult.
fn framed() -> impl Strategy<Value = String> {
    const FRAMED: [&str; 8] = [
        "Spokesman Rin Okafor claimed that the brutal regime “lied shamelessly”. ",
        "“It was a disgraceful betrayal,” he said. “We will not forget. Never.” ",
        "According to the report, the so-called reform failed in 2019. ",
        "Okafor boasted: “We won,” and sneered at https://shameless.org/brutal the losers.\n\n",
        "“The first paragraph is shameful. It goes on.\n\n“And ends here,” said Ana Duarte. ",
        "The claim that savage thugs attacked was denied by Duarte’s office. ",
        "She insisted, “They are liars”",
        "A clearly ridiculous, cowardly stunt! ",
    ];
    let one = prop_oneof![
        2 => prop::sample::select(FRAMED.as_slice()),
        1 => prop::sample::select(PIECES.as_slice()),
    ];
    prop::collection::vec(one, 1..12).prop_map(|p| p.concat())
}

fn options(offsets: OffsetUnit, unit: Unit) -> Options {
    Options { offsets, unit, explain: true, ..Options::default() }
}

fn score(text: &str, options: &Options) -> Report {
    SCORER.score(&Document::new("a", text), options).unwrap()
}

/// Every span of a report in order: of each sentence, then of its tokens.
fn spans(report: &Report) -> Vec<(usize, usize)> {
    let of = |sentence: &parallax::report::SentenceReport| {
        let tokens = sentence.explain.iter().flat_map(|e| &e.contributions).map(|c| (c.start, c.end));
        std::iter::once((sentence.start, sentence.end)).chain(tokens).collect::<Vec<_>>()
    };
    report.sentences.iter().flat_map(of).collect()
}

/// The byte offset of a place that counts characters of this width.
fn byte_of(text: &str, offset: usize, width: fn(char) -> usize) -> usize {
    let mut count = 0;
    for (byte, c) in text.char_indices() {
        if count == offset {
            return byte;
        }
        count += width(c);
    }
    assert_eq!(count, offset, "an offset inside a character or past the end");
    text.len()
}

fn check_numbers(heads: &parallax::report::ByName<HeadScore>) {
    for (head, score) in heads {
        match score {
            HeadScore::Binary(p) => assert!((0.0..=1.0).contains(p), "{head} {p}"),
            HeadScore::Classes(classes) => {
                assert!(classes.values().all(|p| (0.0..=1.0).contains(p)), "{head} {classes:?}");
                let sum: f64 = classes.values().sum();
                // Each is rounded to six decimals.
                assert!((sum - 1.0).abs() < 1e-6 * classes.len() as f64, "{head} sums to {sum}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn loaded_terms_and_attributions_slice_the_text_and_their_reasons_add_up(text in framed()) {
        let report = score(&text, &options(OffsetUnit::Bytes, Unit::Document));
        let (loaded, attributions) = (report.loaded.as_ref().unwrap(), report.attributions.as_ref().unwrap());
        let adds_up = |explain: &Option<Explanation>, p: f64| {
            let explain = explain.as_ref().unwrap();
            let sum: f64 = explain.bias_term + explain.contributions.iter().map(|c| c.value).sum::<f64>();
            assert!((sum - explain.logit).abs() < 1e-6, "{explain:?}");
            assert!((1.0 / (1.0 + (-explain.logit).exp()) - p).abs() < 1e-6, "{explain:?}");
        };
        let slices = |passage: &PassageReport| {
            assert!(passage.start < passage.end);
            assert_eq!(text.get(passage.start..passage.end), Some(passage.text.as_str()));
        };
        let mut end = 0;
        for term in loaded {
            slices(&term.passage);
            adds_up(&term.explain, term.p);
            let sentence = &report.sentences[term.sentence];
            prop_assert!(end <= term.passage.start, "terms are in order and do not overlap");
            prop_assert!(sentence.start <= term.passage.start && term.passage.end <= sentence.end);
            prop_assert!(term.voice != Voice::Mixed);
            let stands = |a: usize| attributions[a].content.iter().any(|c| c.start <= term.passage.start && term.passage.end <= c.end);
            prop_assert!(term.attribution.is_none_or(stands));
            prop_assert!(!term.passage.text.contains(|c: char| c.is_ascii_digit()), "nothing inside a number");
            end = term.passage.end;
        }
        for attribution in attributions {
            let source = attribution.source.iter();
            let passages = source.clone().map(|s| &s.passage).chain([&attribution.cue]).chain(&attribution.content);
            passages.for_each(slices);
            adds_up(&attribution.explain, attribution.p);
            let classes: f64 = attribution.classes.values().sum();
            prop_assert!((classes - 1.0).abs() < 1e-5, "{classes}");
            let cue = (attribution.cue.start, attribution.cue.end);
            prop_assert!(attribution.content.iter().all(|c| c.end <= cue.0 || cue.1 <= c.start), "no content in the cue");
            prop_assert!(attribution.content.windows(2).all(|two| two[0].end <= two[1].start));
            for link in source.filter_map(|s| s.link.as_ref()) {
                slices(&link.passage);
                prop_assert!(link.passage.start < attribution.source.as_ref().unwrap().passage.start);
            }
        }
        prop_assert!(report.sentences.iter().all(|s| s.voice.is_some()));
        let given: usize = report.document.sources.iter().flatten().map(|s| s.attributions).sum();
        prop_assert_eq!(given, attributions.len());
    }

    #[test]
    fn sentences_are_in_order_without_overlap_and_every_span_slices_the_text(text in text()) {
        let report = score(&text, &options(OffsetUnit::Bytes, Unit::Document));
        let mut end = 0;
        for sentence in &report.sentences {
            prop_assert!(end <= sentence.start && sentence.start < sentence.end && sentence.end <= text.len());
            end = sentence.end;
            let slice = text.get(sentence.start..sentence.end);
            prop_assert!(slice.is_some_and(|s| !s.trim().is_empty()), "{:?}", slice);
            for part in sentence.explain.iter().flat_map(|e| &e.contributions) {
                prop_assert!(sentence.start <= part.start && part.start < part.end && part.end <= sentence.end);
                prop_assert_eq!(text.get(part.start..part.end), Some(part.text.as_str()));
            }
        }
    }

    #[test]
    fn contributions_the_rest_and_the_bias_term_add_up_to_each_logit(text in text(), top in prop::option::of(0usize..6)) {
        let options = Options { top, ..options(OffsetUnit::Bytes, Unit::Document) };
        for sentence in score(&text, &options).sentences {
            prop_assert_eq!(sentence.explain.len(), SCORER.bundle().heads().iter().map(|h| h.outputs()).sum::<usize>());
            for reasons in &sentence.explain {
                let parts: f64 = reasons.contributions.iter().map(|c| c.value).sum();
                let sum = reasons.bias_term + parts + reasons.rest;
                prop_assert!((sum - reasons.logit).abs() < 1e-4, "{} {}: {sum}", reasons.head, reasons.logit);
                prop_assert!(top.is_none_or(|top| reasons.contributions.len() <= top));
                prop_assert!(top.is_some() || reasons.rest == 0.0);
                let sizes: Vec<f64> = reasons.contributions.iter().map(|c| c.value.abs()).collect();
                prop_assert!(sizes.is_sorted_by(|a, b| a >= b));
            }
        }
    }

    #[test]
    fn probabilities_are_of_the_logits_between_0_and_1_and_sum_to_1(text in text()) {
        let report = score(&text, &options(OffsetUnit::Bytes, Unit::Document));
        for sentence in &report.sentences {
            check_numbers(&sentence.heads);
            for reasons in &sentence.explain {
                prop_assert!(reasons.logit.is_finite());
                if let Some(&HeadScore::Binary(p)) = sentence.heads.get(&reasons.head) {
                    prop_assert!((p - 1.0 / (1.0 + (-reasons.logit).exp())).abs() < 1e-6);
                }
            }
        }
        check_numbers(&report.document.heads);
        prop_assert_eq!(report.document.sentences, report.sentences.len());
    }

    #[test]
    fn offsets_in_characters_and_utf_16_units_are_the_same_places(text in text()) {
        let bytes = spans(&score(&text, &options(OffsetUnit::Bytes, Unit::Document)));
        type Width = fn(char) -> usize;
        for (unit, width) in [(OffsetUnit::Chars, (|_| 1) as Width), (OffsetUnit::Utf16, char::len_utf16 as Width)] {
            let back = |(start, end)| (byte_of(&text, start, width), byte_of(&text, end, width));
            let spans: Vec<_> = spans(&score(&text, &options(unit, Unit::Document))).into_iter().map(back).collect();
            prop_assert_eq!(&spans, &bytes);
        }
    }

    #[test]
    fn the_same_text_gives_the_same_report(text in text()) {
        let options = options(OffsetUnit::Utf16, Unit::Document);
        prop_assert_eq!(score(&text, &options), score(&text, &options));
    }

    #[test]
    fn a_text_taken_as_one_sentence_is_one(text in text()) {
        let report = score(&text, &options(OffsetUnit::Bytes, Unit::Sentence));
        prop_assert_eq!(report.sentences.len(), 1);
        prop_assert_eq!((report.sentences[0].start, report.sentences[0].end), (0, text.len()));
        check_numbers(&report.sentences[0].heads);
    }
}

#[test]
fn a_folder_is_reported_in_order_of_its_names_with_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..150 {
        let text: String = (0..1 + number * 37 % 60).map(|n| PIECES[(number + n * 11) % (PIECES.len() - 1)]).collect();
        fs::write(folder.path().join(format!("{number:03}.txt")), format!("Number {number}. {text}")).unwrap();
    }
    for format in ["jsonl", "csv", "text"] {
        let of = |threads: &str| {
            let mut command = parallax();
            command.args(["score", "--explain", "--top", "3", "--format", format, "--threads", threads, "--model"]);
            let run = command.arg(model()).arg(folder.path()).assert().success();
            run.get_output().stdout.clone()
        };
        let one = of("1");
        assert!(one == of("2"), "{format} differs on two threads");
        if format == "jsonl" {
            let ids: Vec<String> =
                (0..150).map(|n| folder.path().join(format!("{n:03}.txt")).display().to_string()).collect();
            assert_eq!(run::ids(&one), ids);
        }
    }
}
