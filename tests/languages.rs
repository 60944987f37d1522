//! Documents in one language, in several, and in one that no bundle is for.
//!
//! In: tiny bundles, one of them called Arabic. Out: which text is scored by which. Start at [`shelf`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;
#[allow(dead_code)]
mod tiny;

use parallax::score::{Desk, Options, Scorer, Unit};
use parallax::text::{Document, OffsetUnit, Offsets};
use predicates::prelude::*;
use predicates::str::contains;
use proptest::prelude::*;
use run::{parallax, report};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tiny::{copy_into, tiny};

const ENGLISH: &str = "The council met on Monday. The shameless council betrayed the town again, a clerk said.";
const ARABIC: &str = "قال الوزير إن الخطة ستنجح. وإن المجلس سيصوت عليها يوم الثلاثاء المقبل في المدينة.";
const FRENCH: &str = "Le conseil municipal a voté mardi le plan du port, malgré les critiques des habitants.";

/// A folder with the bundles `en`, `ar` and `tlh`, which are one bundle under three names.
fn shelf() -> &'static Path {
    static SHELF: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = tiny().bundle.parent().unwrap().join("shelf");
        for lang in ["en", "ar", "tlh"] {
            let bundle = folder.join(lang);
            copy_into(&tiny().bundle, &bundle);
            let path = bundle.join("bundle.json");
            let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            (manifest["name"], manifest["lang"]) = (lang.into(), lang.into());
            fs::write(path, serde_json::to_vec_pretty(&manifest).unwrap()).unwrap();
        }
        folder
    });
    &SHELF
}

/// `parallax score` with the bundles of [`shelf`].
fn command(args: &[&str], text: &str) -> assert_cmd::Command {
    let mut command = parallax();
    command.args(["score", "--models-dir"]).arg(shelf()).args(args).write_stdin(text);
    command
}

fn scored(args: &[&str], text: &str) -> Value {
    let run = command(args, text).args(["--format", "jsonl", "--input", "text"]).assert().success();
    report(std::str::from_utf8(&run.get_output().stdout).unwrap())
}

fn langs(report: &Value) -> Vec<&str> {
    report["regions"].as_array().unwrap().iter().map(|r| r["lang"].as_str().unwrap()).collect()
}

#[test]
fn each_language_is_scored_by_its_bundle() {
    for (text, lang) in [(ENGLISH, "en"), (ARABIC, "ar")] {
        let report = scored(&[], text);
        assert_eq!((&report["lang"], &report["supported"]), (&lang.into(), &true.into()));
        assert_eq!((&report["model"]["name"], report.get("models")), (&lang.into(), None));
        assert_eq!(report["sentences"].as_array().unwrap().len(), 2);
        assert!(report["sentences"][0].get("lang").is_none() && report["sentences"][0]["region"] == "body");
    }
}

#[test]
fn a_language_without_a_bundle_is_named_and_not_scored() {
    let report = scored(&[], FRENCH);
    assert_eq!((&report["lang"], &report["supported"], &report["model"]), (&"fr".into(), &false.into(), &Value::Null));
    assert_eq!((&report["sentences"], &report["document"]["sentences"]), (&serde_json::json!([]), &0.into()));
    assert_eq!((&report["regions"][0]["masked"], &report["regions"][0]["supported"]), (&true.into(), &false.into()));
    let note = contains("documents in a language without a model, not scored: fr 1; there is `ar`, `en`, `tlh`");
    command(&[], FRENCH).assert().success().stdout(contains("language fr · no model for it: not scored")).stderr(note);
    command(&["--quiet"], FRENCH).assert().success().stderr("");
}

#[test]
fn each_region_of_a_mixed_document_is_scored_by_the_bundle_of_its_language() {
    let text = format!("{ENGLISH}\n\n{ARABIC}\n\n{FRENCH}\n\n{ENGLISH}\n");
    let report = scored(&[], &text);
    assert_eq!((&report["lang"], langs(&report)), (&"en".into(), vec!["en", "ar", "fr", "en"]));
    let masked: Vec<bool> =
        report["regions"].as_array().unwrap().iter().map(|r| r["masked"].as_bool().unwrap()).collect();
    assert_eq!(masked, [false, false, true, false]);
    assert_eq!(report["models"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ar", "en"]);
    let sentences = report["sentences"].as_array().unwrap();
    let of: Vec<&str> = sentences.iter().map(|s| s.get("lang").map_or("", |lang| lang.as_str().unwrap())).collect();
    assert_eq!(of, ["", "", "ar", "ar", "", ""]);
    assert!(sentences.is_sorted_by_key(|s| s["start"].as_u64()));
    assert_eq!(report["document"]["sentences"], 6);
    let mean = sentences.iter().map(|s| s["bias"].as_f64().unwrap()).sum::<f64>() / 6.0;
    assert!((report["document"]["bias"].as_f64().unwrap() - mean).abs() < 1e-5);
    for found in ["loaded", "attributions"] {
        for item in report[found].as_array().unwrap() {
            let place = if found == "loaded" { item } else { &item["cue"] };
            let sentence = &sentences[item["sentence"].as_u64().unwrap() as usize];
            assert!(place["start"].as_u64() >= sentence["start"].as_u64(), "{item}");
            assert!(place["end"].as_u64() <= sentence["end"].as_u64(), "{item}");
        }
    }
}

#[test]
fn a_language_that_is_asked_for_is_that_of_all_text() {
    for lang in ["en", "ar", "tlh"] {
        let report = scored(&["--lang", lang], &format!("{ARABIC}\n\n{FRENCH}"));
        assert_eq!((&report["lang"], langs(&report)), (&lang.into(), vec![lang]));
        assert_eq!((&report["model"]["name"], &report["document"]["sentences"]), (&lang.into(), &3.into()));
    }
}

#[test]
fn a_model_that_is_named_scores_what_is_in_its_language_and_all_text_if_that_is_asked_for() {
    let mixed = format!("{ENGLISH}\n\n{ARABIC}");
    let report = scored(&["--model", "en"], &mixed);
    assert_eq!((langs(&report), &report["document"]["sentences"]), (vec!["en", "ar"], &2.into()));
    let report = scored(&["--model", "ar"], "It rained.");
    assert_eq!((&report["lang"], &report["supported"]), (&"en".into(), &false.into()));
    let report = scored(&["--model", "en", "--lang", "en"], &mixed);
    assert_eq!((langs(&report), &report["document"]["sentences"]), (vec!["en"], &4.into()));
    let report = scored(&["--model", "en", "--model", "ar"], &mixed);
    assert_eq!((langs(&report), &report["document"]["sentences"]), (vec!["en", "ar"], &4.into()));
}

#[test]
fn a_model_for_a_language_that_cannot_be_recognised_scores_everything() {
    let report = scored(&["--model", "tlh"], &format!("{ARABIC}\n\n{FRENCH}"));
    assert_eq!((&report["lang"], &report["document"]["sentences"]), (&"tlh".into(), &3.into()));
    let said = contains("a model for `tlh`, a language that cannot be recognised, beside others");
    command(&["--model", "en", "--model", "tlh"], ENGLISH).assert().code(2).stderr(said);
}

#[test]
fn two_models_for_one_language_and_none_for_the_one_asked_for_are_refused() {
    command(&["--model", "en", "--model", "en"], ENGLISH).assert().code(2).stderr(contains("two models for `en`"));
    let said = contains("--lang: found `fr`").and(contains("`en`, the language of the model `en`"));
    command(&["--model", "en", "--model", "ar", "--lang", "fr"], ENGLISH).assert().code(2).stderr(said);
}

#[test]
fn records_that_are_sentences_have_each_their_language_and_no_regions() {
    let lines = [ENGLISH, ARABIC, FRENCH, "Yes.", "نعم"].map(|text| format!("{}\n", serde_json::json!({"text": text})));
    let args = ["--unit", "sentence", "--input", "jsonl", "--format", "jsonl"];
    let run = command(&args, &lines.concat()).assert().success();
    let output = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let reports: Vec<Value> = output.lines().map(report).collect();
    let of = |r: &Value| (r["lang"].as_str().unwrap().to_owned(), r["sentences"].as_array().unwrap().len());
    let found: Vec<(String, usize)> = reports.iter().map(of).collect();
    let expected = [("en", 1), ("ar", 1), ("fr", 0), ("en", 1), ("ar", 1)];
    assert_eq!(found, expected.map(|(lang, n)| (lang.to_owned(), n)));
    assert!(reports.iter().all(|r| r.get("regions").is_none()));
    assert!(reports[0]["sentences"][0].get("region").is_none());
}

#[test]
fn a_damaged_bundle_matters_where_its_language_comes_and_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    for lang in ["en", "ar"] {
        copy_into(&shelf().join(lang), &folder.path().join(lang));
    }
    fs::write(folder.path().join("ar/heads.bin"), "damaged").unwrap();
    let score = |text: &str| {
        let mut command = parallax();
        command.args(["score", "--models-dir"]).arg(folder.path()).write_stdin(text);
        command
    };
    score(ENGLISH).assert().success();
    score(ARABIC).assert().code(2).stdout("").stderr(contains("heads.bin").count(1));
}

/// Both bundles, asked for any text.
static DESK: LazyLock<Desk> = LazyLock::new(|| {
    let open = |lang| Scorer::open(&shelf().join(lang)).unwrap();
    Desk::new(vec![open("en"), open("ar")]).unwrap()
});

/// English, Arabic, French and what is difficult, in any mixture.
fn mixture() -> impl Strategy<Value = String> {
    const PIECES: [&str; 30] = [
        ENGLISH,
        ARABIC,
        FRENCH,
        "The shameless council ",
        "a clerk said",
        "قالت الحكومة إن الخطة فشلت. ",
        "وقال: «لن ننسى» ",
        "إسرائيل، ",
        "؟ ",
        "“",
        "”",
        "«",
        "»",
        "\"",
        ". ",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "🔥",
        "👩‍👩‍👧‍👦",
        "🇫🇮",
        "e\u{301}",
        "لُ\u{651}",
        "\u{640}",
        "\u{0}",
        "\u{202b}",
        "\u{202c}\u{2066}",
        "\u{2069}\u{200f}",
        "\u{feff}",
    ];
    let pieces = prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..30).prop_map(|p| p.concat());
    prop_oneof![4 => pieces.clone(), 1 => (any::<String>(), pieces).prop_map(|(a, b)| a + &b)]
}

/// Every `start` and `end` that stand together anywhere in a report, with the text beside them.
fn spans(report: &Value, found: &mut Vec<(usize, usize, Option<String>)>) {
    match report {
        Value::Object(map) => {
            if let (Some(start), Some(end)) = (map.get("start"), map.get("end")) {
                let number = |value: &Value| value.as_u64().unwrap() as usize;
                found.push((number(start), number(end), map.get("text").map(|t| t.as_str().unwrap().to_owned())));
            }
            map.values().for_each(|value| spans(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| spans(value, found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_span_of_any_mixture_slices_the_text_and_comes_back_from_every_unit(text in mixture(), as_sentence in any::<bool>()) {
        let offsets = Offsets::new(&text);
        let mut of_units = Vec::new();
        for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
            let unit_of = if as_sentence { Unit::Sentence } else { Unit::Document };
            let options = Options { offsets: unit, unit: unit_of, explain: true, ..Options::default() };
            let report = DESK.score(&Document::new("a", text.as_str()), &options).unwrap();
            let mut found = Vec::new();
            spans(&serde_json::to_value(&report).unwrap(), &mut found);
            let mut bytes = Vec::new();
            for (start, end, said) in found {
                let span = offsets.span_of(start, end, unit);
                prop_assert!(span.is_some(), "{}..{} in {:?}", start, end, unit);
                let span = span.unwrap();
                prop_assert!(text.get(span.start..span.end).is_some());
                prop_assert_eq!(offsets.convert_span(span, unit), (start, end));
                if let Some(said) = said {
                    prop_assert_eq!(span.slice(&text), said);
                }
                bytes.push(span);
            }
            of_units.push(bytes);
        }
        prop_assert_eq!(&of_units[0], &of_units[1]);
        prop_assert_eq!(&of_units[0], &of_units[2]);
    }

    #[test]
    fn regions_and_sentences_of_any_mixture_are_in_order_and_only_scored_regions_have_sentences(text in mixture()) {
        let report = DESK.score(&Document::new("a", text.as_str()), &Options::default()).unwrap();
        let mut end = 0;
        for region in &report.regions {
            prop_assert!(end <= region.start && region.start < region.end);
            prop_assert!(text[end..region.start].chars().all(parallax::text::is_blank));
            end = region.end;
        }
        prop_assert!(text[end..].chars().all(parallax::text::is_blank));
        prop_assert!(report.sentences.is_sorted_by(|a, b| a.end <= b.start));
        for sentence in &report.sentences {
            let lang = sentence.lang.as_ref().unwrap_or(&report.lang);
            let around = report.regions.iter().find(|r| r.start <= sentence.start && sentence.end <= r.end);
            prop_assert!(around.is_some_and(|r| !r.masked && r.lang == *lang && Some(r.kind) == sentence.region));
        }
        let names: Vec<&String> = report.models.keys().collect();
        prop_assert!(report.models.len() != 1, "{:?}", names);
        let again = DESK.score(&Document::new("a", text.as_str()), &Options::default()).unwrap();
        prop_assert_eq!(report, again);
    }
}
