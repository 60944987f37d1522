//! The forms that Arabic loaded terms and attributions come in, with the bundle that ships.
//!
//! In: sentences written for this test; where it is there, the Arabic seed article (`SHARED`, else `../shared`). Out: what
//! is found, beside what a reader finds. Start at [`found`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

#[allow(dead_code)]
mod run;

use parallax::heads::attribution::CueClass;
use parallax::report::{AttributionReport, HeadScore, Report};
use parallax::score::{Options, Scorer};
use parallax::text::Document;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SCORER: LazyLock<Scorer> =
    LazyLock::new(|| Scorer::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ar")).unwrap());

fn report(text: &str) -> Report {
    SCORER.score(&Document::new("a", text), &Options::default()).unwrap()
}

/// Each attribution as `source | cue | contents`; nobody is `-`.
fn found(text: &str) -> Vec<String> {
    run::attributions(&report(text))
}

fn terms(text: &str) -> Vec<String> {
    report(text).loaded.unwrap().iter().map(|l| l.passage.text.clone()).collect()
}

#[test]
fn an_attribution_is_found_in_any_order_and_its_cue_without_its_proclitic() {
    for (text, expected) in [
        ("وقال الوزير إن الجسر آمن.", "الوزير | قال | إن الجسر آمن"),
        ("قال المتحدث باسم الوزارة سامي درويش إن الجسر آمن.", "المتحدث باسم الوزارة سامي درويش | قال | إن الجسر آمن"),
        ("وأضافت الشركة أن العمل سيبدأ غدا.", "الشركة | أضافت | أن العمل سيبدأ غدا"),
        ("وأعلنت الوزارة في بيان أن الجسر سيغلق.", "الوزارة | أعلنت | أن الجسر سيغلق"),
        ("\"الجسر آمن\"، قالت المهندسة ليلى الشامي.", "المهندسة ليلى الشامي | قالت | \"الجسر آمن\""),
        ("«لن نغلق السوق»، يقول رئيس البلدية سامي ديب.", "رئيس البلدية سامي ديب | يقول | «لن نغلق السوق»"),
        ("ماكرون: حان الوقت لإنهاء الحرب في القرية", "ماكرون | : | حان الوقت لإنهاء الحرب في القرية"),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn marks_tatweel_and_mixed_text_do_not_shift_a_span() {
    for (text, expected) in [
        ("وَقَالَ الوَزِيرُ إنّ الجِسر آمن.", "الوَزِيرُ | قَالَ | إنّ الجِسر آمن"),
        ("وقـــال الوزيـر إن الجسر آمن.", "الوزيـر | قـــال | إن الجسر آمن"),
        ("\u{200f}وقال الوزير\u{200f} إن الجسر آمن.", "الوزير | قال | إن الجسر آمن"),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn the_cue_tells_how_it_presents_what_is_said() {
    let class = |text: &str| report(text).attributions.unwrap()[0].class;
    for (text, expected) in [
        ("قال المالك إن الجسر آمن.", CueClass::Neutral),
        ("كشف التقرير أن الجسر ضعيف.", CueClass::Endorsing),
        ("زعم المالك أن الجسر آمن.", CueClass::Distancing),
        ("ادعت الشركة أن أحدا لم يصب.", CueClass::Distancing),
        ("توعد زعيم النقابة بإغلاق الميناء.", CueClass::Charged),
    ] {
        assert_eq!(class(text), expected, "{text}");
    }
}

#[test]
fn loaded_terms_are_found_without_their_proclitic_and_plain_facts_are_not_loaded() {
    assert!(terms("ارتكب النظام الوحشي مجزرة بشعة بحق المدنيين العزل.").contains(&"بشعة".to_owned()));
    assert!(terms("إنها كارثة غير مسبوقة بكل المقاييس.").contains(&"غير مسبوقة".to_owned()));
    assert!(terms("أصيب ثلاثة أشخاص في حادث مرور على الطريق السريع.").is_empty());
    assert!(terms("وسائل الإعلام نشرت الخبر يوم الثلاثاء.").is_empty());
}

#[test]
fn a_loaded_sentence_is_told_from_a_plain_one() {
    let bias = |text: &str| match report(text).sentences[0].heads.get("bias").unwrap() {
        HeadScore::Binary(p) => *p,
        HeadScore::Classes(_) => unreachable!(),
    };
    assert!(bias("ارتكب النظام الوحشي مجزرة بشعة بحق المدنيين العزل.") > 0.6);
    assert!(bias("أعلنت الوزارة أن عدد الزوار ارتفع هذا العام.") < 0.1);
}

#[test]
fn attributions_are_found_in_the_arabic_seed() {
    let shared = std::env::var_os("SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("data/seeds/002_19a1884c06daae82.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("\n*** SKIPPED: {} is not there, so the Arabic seed is not read\n", path.display());
        return;
    };
    let attributions = report(&text).attributions.unwrap();
    // By the number of the cue's line; there are at least these, and the source of each ends so.
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    let at = |number: usize| attributions.iter().filter(move |a| line(a.cue.start) == number);
    for number in [3, 5, 11, 13, 15, 17, 31, 35, 37, 39, 41, 43] {
        assert!(at(number).next().is_some(), "no attribution in line {number}");
    }
    for (number, name) in [(5, "كيربي"), (13, "ميلر"), (15, "ميلر"), (17, "الأمريكية"), (31, "بلينكن"), (41, "بلينكن")]
    {
        let ends = |a: &AttributionReport| a.source.as_ref().is_some_and(|s| s.passage.text.ends_with(name));
        assert!(at(number).any(ends), "line {number} is not said by {name}");
    }
    assert!(attributions.iter().all(|a| a.cue.text.is_empty() || !a.cue.text.starts_with("وقال")));
}
