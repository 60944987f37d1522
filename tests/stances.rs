//! Who stands where toward what, with the bundles that ship.
//!
//! In: sentences written for this test; where they are there, the seed articles of the shared data (`SHARED`, else
//! `../shared`). Out: stances, beside what a reader finds. Start at [`toward`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

#[allow(dead_code)]
mod run;

use parallax::heads::stance::Polarity;
use parallax::report::{HolderReport, Report, StanceReport};
use parallax::score::{Desk, Options, Scorer, Targets};
use parallax::text::Document;
use predicates::prelude::*;
use predicates::str::contains;
use run::{file, report, score};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

fn shipped(name: &str) -> (String, PathBuf) {
    (name.to_owned(), Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name))
}

fn desk() -> Desk {
    Desk::of_folders([shipped("en"), shipped("ar")])
}

/// The stances toward `target` in a text; the target may be followed by its aliases.
fn toward(target: &[&str], text: &str) -> Report {
    static SCORERS: LazyLock<[(String, PathBuf); 2]> = LazyLock::new(|| [shipped("en"), shipped("ar")]);
    let forms = target.iter().map(|form| (*form).to_owned()).collect();
    let targets = Targets::new(&[target[0].to_owned()], vec![(target[0].to_owned(), forms)]);
    let desk = Desk::of_folders(SCORERS.iter().cloned()).toward(targets);
    desk.score(&Document::new("a", text), &Options::default()).unwrap()
}

fn holder(stance: &StanceReport) -> &str {
    match &stance.holder {
        HolderReport::Author(_) => "author",
        HolderReport::Named(actor) => &actor.passage.text,
    }
}

/// Each stance as `holder polarity`.
fn found(target: &str, text: &str) -> Vec<String> {
    toward(&[target], text).stances.unwrap().iter().map(|s| format!("{} {}", holder(s), s.polarity)).collect()
}

#[test]
fn verbs_of_action_and_of_speech_tell_a_stance_and_whose() {
    for (target, text, expected) in [
        ("ceasefire", "The ministry rejected calls for a ceasefire on Friday.", "The ministry against"),
        ("ceasefire", "The minister said now was not the time for a ceasefire.", "The minister against"),
        ("dam", "Residents have opposed the dam since March.", "Residents against"),
        ("dam", "The union backed the dam from the start.", "union for"),
        ("ceasefire", "The ceasefire began at noon on Friday.", "author neutral"),
        ("council", "The shameful council lied to us again.", "author against"),
    ] {
        assert_eq!(found(target, text), [expected], "{text}");
    }
}

#[test]
fn arabic_verbs_of_action_and_of_speech_do_too() {
    for (target, text, polarity) in [
        ("هدنة", "رفضت الوزارة الدعوات إلى هدنة.", Polarity::Against),
        ("السد", "أيدت النقابة بناء السد.", Polarity::For),
        ("الهدنة", "بدأت الهدنة ظهر الجمعة.", Polarity::Neutral),
    ] {
        let stances = toward(&[target], text).stances.unwrap();
        assert_eq!(stances.iter().map(|s| s.polarity).collect::<Vec<_>>(), [polarity], "{text}");
    }
}

/// Plain sentences, each with its target, and who is where toward it.
fn assert_plain(sentences: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = sentences
        .iter()
        .filter_map(|(target, text, expected)| {
            let found = found(target, text);
            // An article before the holder is no matter.
            let is_right = matches!(found.as_slice(), [one] if one.trim_start_matches("The ") == *expected);
            (!is_right).then(|| format!("{text} {found:?}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn in_a_plain_sentence_the_subject_of_a_verb_that_takes_a_side_holds_it() {
    assert_plain(&[
        ("tram line", "The mayor supports the tram line.", "mayor for"),
        ("bill", "The president vetoed the bill.", "president against"),
        ("bill", "The governor signed the bill.", "governor for"),
        ("strike", "Thousands marched in support of the strike.", "Thousands for"),
        ("mine", "Villagers sued to stop the mine.", "Villagers against"),
        ("harbour", "The mayor is proud of the harbour.", "mayor for"),
        ("car ban", "Shopkeepers are angry about the car ban.", "Shopkeepers against"),
        ("road", "Campaigners lost their fight against the road.", "Campaigners against"),
        ("ban", "The court struck down the ban.", "court against"),
        ("barricade", "Police finally removed the barricade.", "Police against"),
        ("dam", "BELMORA — The council rejected the dam on Monday.", "council against"),
        ("dam", "Council backs dam", "Council for"),
        ("vaccine programme", "Doctors urged the government to scrap the vaccine programme.", "Doctors against"),
        ("pipeline", "Activists blocked the pipeline.", "Activists against"),
        ("dam", "The tribe has fought the dam in court.", "tribe against"),
        ("reform", "The party objects to the reform.", "party against"),
    ]);
}

#[test]
fn a_negation_turns_a_side_round_and_an_end_of_opposition_is_none() {
    assert_plain(&[
        ("bill", "The senator does not support the bill.", "senator against"),
        ("film", "The fund declined to fund the film.", "fund against"),
        ("contract", "The union no longer opposes the contract.", "union neutral"),
        ("boycott", "The company refused to condemn the boycott.", "company neutral"),
        ("tax", "The opposition would have scrapped the tax.", "opposition against"),
        ("currency reform", "Analysts doubt that the currency reform will work.", "Analysts against"),
    ]);
}

#[test]
fn the_author_takes_a_side_where_nobody_else_does() {
    assert_plain(&[
        ("reform", "The reform deserves to fail.", "author against"),
        ("toll", "The committee met on Tuesday to discuss the toll.", "author neutral"),
        ("pier", "Surveyors measured the pier in the rain.", "author neutral"),
    ]);
}

#[test]
fn an_arabic_verb_before_its_subject_tells_a_stance_and_whose() {
    assert_plain(&[
        ("مشروع السد", "أيد رئيس البلدية مشروع السد.", "رئيس البلدية for"),
        ("مشروع القانون", "رفض النواب مشروع القانون.", "النواب against"),
        ("الهجوم", "أدانت الحكومة الهجوم.", "الحكومة against"),
        ("القرار", "استقبل الأهالي القرار بفرح كبير.", "الأهالي for"),
        ("قانون العمل", "أعلنت النقابة رفضها القاطع لقانون العمل.", "النقابة against"),
        ("القانون", "طالب المتظاهرون بإسقاط القانون.", "المتظاهرون against"),
        ("الاتفاق", "رفض رئيس الوزراء الاتفاق.", "رئيس الوزراء against"),
        ("الضريبة", "تظاهر الآلاف ضد الضريبة.", "الآلاف against"),
        ("التعديل", "لا يؤيد الحزب التعديل.", "الحزب against"),
        ("الخطة", "انتقد الخبراء الخطة.", "الخبراء against"),
    ]);
}

#[test]
fn the_answer_to_a_span_carries_that_span_in_the_unit_asked_for() {
    let text = "🔥 Residents opposed the dam.";
    for (unit, start, end) in [("bytes", 27, 30), ("chars", 24, 27), ("utf16", 25, 28)] {
        let record = format!("{{\"id\":\"r\",\"text\":{text:?},\"target\":[{start},{end}]}}\n");
        let (_folder, path) = file("a.jsonl", record);
        let run = score().args(["--format", "jsonl", "--offsets", unit]).arg(&path).assert().code(0);
        let report = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
        let target = &report["stances"][0]["target"];
        assert_eq!(
            (target["start"].as_u64(), target["end"].as_u64(), target["text"].as_str()),
            (Some(start), Some(end), Some("dam")),
            "{unit}"
        );
        assert_eq!(report["stances"].as_array().unwrap().len(), 1);
        assert_eq!(report["document"]["stances"][0]["stances"][0], 0);
    }
}

#[test]
fn a_target_that_does_not_fit_is_named_by_its_line_and_the_others_are_scored() {
    let lines = [
        r#"{"id":"past","text":"It rained.","target":[3,99]}"#,
        r#"{"id":"odd","text":"It rained.","target":"it"}"#,
        r#"{"id":"inside","text":"é rained.","target":[1,4]}"#,
        r#"{"id":"good","text":"It rained.","target":[0,2]}"#,
    ];
    let (_folder, path) = file("a.jsonl", lines.join("\n"));
    let said = contains("a.jsonl:1: found the target [3, 99]")
        .and(contains("a.jsonl:2: found a string as `target`"))
        .and(contains("a.jsonl:3: found the target [1, 4]"))
        .and(contains("--offsets bytes"));
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().code(2).stderr(said);
    assert_eq!(run::ids(&run.get_output().stdout), ["good"]);
}

#[test]
fn aliases_make_one_target_of_many_words_in_both_languages() {
    let (folder, path) = file("a.txt", "The ministry rejected the truce. Later it dismissed talk of a cease-fire.");
    let aliases = folder.path().join("aliases.yaml");
    std::fs::write(&aliases, "ceasefire: [cease-fire, truce, هدنة]\n").unwrap();
    let run = score()
        .args(["--format", "jsonl", "--target", "ceasefire", "--aliases"])
        .arg(&aliases)
        .arg(&path)
        .assert()
        .code(0);
    let report = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    let names: Vec<_> =
        report["stances"].as_array().unwrap().iter().map(|s| s["target"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ceasefire", "ceasefire"]);
    assert_eq!(report["document"]["stances"][0]["target"], "ceasefire");
}

#[test]
fn targets_in_no_sentence_are_said_and_the_others_answered() {
    let record = r#"{"id":"r","text":"It rained.  Residents opposed the dam. They left the dam alone.","target":[[10,11],[34,37],[53,56]]}"#;
    let (_folder, path) = file("a.jsonl", record);
    let said = contains("r: targets in no sentence that is scored: 1");
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().code(0).stderr(said);
    let report = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    let starts: Vec<_> = report["stances"].as_array().unwrap().iter().map(|s| s["target"]["start"].as_u64()).collect();
    assert_eq!(starts, [Some(34), Some(53)]);
}

#[test]
fn a_holder_is_one_with_an_article_and_in_a_headline() {
    let report = toward(&["dam"], "Council backs dam\n\nThe council backed the dam on Friday. The plan is old.");
    let holders: Vec<_> =
        report.document.stances.unwrap().into_iter().map(|s| (s.stand.holder, s.stances.len())).collect();
    assert_eq!(holders, [(Some("Council".to_owned()), 2)]);
}

#[test]
fn a_target_that_no_text_mentions_is_said() {
    let (_folder, path) = file("a.txt", "Residents opposed the dam.");
    let said = contains("targets that no text mentions where it is scored: zeppelin\n");
    score().args(["--target", "zeppelin", "--target", "dam"]).arg(&path).assert().code(0).stderr(said);
    let silent = contains("no text mentions").not();
    score().args(["--target", "dam"]).arg(&path).assert().code(0).stderr(silent);
}

#[test]
fn a_target_without_a_word_is_refused() {
    for target in ["", " ", &"a ".repeat(17)] {
        let (_folder, path) = file("a.txt", "It rained.");
        let said = contains("--target").and(contains("a name of 1 to 16 words"));
        score().args(["--target", target]).arg(&path).assert().code(2).stderr(said);
    }
}

#[test]
fn white_space_of_several_bytes_before_a_holder_is_no_matter() {
    let text =
        "Peruvian\u{a0}foreign minister\u{3000}Ana Duarte opposed the dam. On Monday Duarte rejected the dam again.";
    let report = toward(&["dam"], text);
    assert_eq!(report.stances.unwrap().len(), 2);
}

#[test]
fn without_a_target_a_document_brings_its_own_ten_at_most() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles/harbour_framed.txt"))
            .unwrap();
    let report = desk().score(&Document::new("a", text.as_str()), &Options::default()).unwrap();
    let stances = report.stances.unwrap();
    let mut names: Vec<&str> = stances.iter().map(|s| s.target.name.as_str()).collect();
    names.dedup();
    assert!((1..=10).contains(&names.len()), "{names:?}");
    for stance in &stances {
        let passage = &stance.target.passage;
        assert_eq!(&text[passage.start..passage.end], passage.text);
        let sentence = &report.sentences[stance.sentence];
        assert!(sentence.start <= passage.start && passage.end <= sentence.end);
        assert!((stance.polarities.values().sum::<f64>() - 1.0).abs() < 1e-5);
    }
    for row in report.document.stances.unwrap() {
        let shown: usize = row.stand.counts.values().sum();
        assert!(shown == row.stances.len() && row.stand.interval.0 <= row.stand.interval.1);
        assert!(row.stances.iter().all(|n| stances[*n].target.name == row.stand.target));
    }
}

#[test]
fn reasons_add_up_to_the_logit() {
    let options = Options { explain: true, ..Options::default() };
    let targets = Targets::new(&["dam".to_owned()], Vec::new());
    let report = desk().toward(targets).score(&Document::new("a", "Residents opposed the dam."), &options).unwrap();
    let stances = report.stances.unwrap();
    assert_eq!(stances[0].explain.len(), 3);
    for reason in &stances[0].explain {
        let sum: f64 = reason.contributions.iter().map(|c| c.value).sum();
        assert!((reason.bias_term + sum + reason.rest - reason.logit).abs() < 1e-9);
    }
}

/// The logits and the holder, as a place in the sentence, of the stances toward `a` and `b`, the first and the second name.
fn told(scorer: &Scorer, sentence: &str, (a, b): (&str, &str)) -> Vec<(Vec<f64>, String)> {
    let (first, second) = (sentence.find("{a}").unwrap(), sentence.find("{b}").unwrap() - 3 + a.len());
    let text = sentence.replace("{a}", a).replace("{b}", b);
    let spans =
        vec![parallax::text::Span::new(first, first + a.len()), parallax::text::Span::new(second, second + b.len())];
    let options = Options { explain: true, ..Options::default() };
    let stances =
        scorer.score(&Document::new("a", text.as_str()).with_targets(spans), &options).unwrap().stances.unwrap();
    let held = |s: &StanceReport| holder(s).replace(a, "{a}").replace(b, "{b}");
    stances.iter().map(|s| (s.explain.iter().map(|e| e.logit).collect(), held(s))).collect()
}

fn assert_even(scorer: &Scorer, sentence: &str, pairs: &[(&str, &str)]) {
    let first = told(scorer, sentence, pairs[0]);
    assert_eq!(first.iter().map(|(logits, _)| logits.len()).collect::<Vec<_>>(), [3, 3], "{sentence}");
    for &pair in &pairs[1..] {
        let other = told(scorer, sentence, pair);
        assert_eq!(first.len(), other.len(), "{sentence} {pair:?}");
        for ((logits, holder), (other_logits, other_holder)) in first.iter().zip(&other) {
            assert_eq!((holder, logits.len()), (other_holder, other_logits.len()), "{sentence} {pair:?}");
            for (x, y) in logits.iter().zip(other_logits) {
                assert!((x - y).abs() < 1e-6, "{sentence} {pair:?}: {x} {y}");
            }
        }
    }
}

#[test]
fn who_is_spoken_of_moves_no_stance() {
    let scorer = Scorer::open(&shipped("en").1).unwrap();
    let pairs =
        [("France", "Peru"), ("Peru", "France"), ("Israel", "Hamas"), ("Hezbollah", "Lebanon"), ("Iran", "Germany")];
    for sentence in ["{a} rejected the plan, and {b} called it a victory.", "Officials in {a} praised {b} on Friday."] {
        assert_even(&scorer, sentence, &pairs);
    }
}

#[test]
fn who_is_spoken_of_in_arabic_moves_no_stance_whether_a_country_or_a_group() {
    let scorer = Scorer::open(&shipped("ar").1).unwrap();
    let pairs = [
        ("فرنسا", "بيرو"),
        ("بيرو", "فرنسا"),
        ("إسرائيل", "حماس"),
        ("حماس", "إسرائيل"),
        ("شيلي", "أميركا"),
        ("طالبان", "داعش"),
        ("داعش", "ميانمار"),
    ];
    for sentence in ["رفضت {a} الهدنة يوم الاثنين، وأيدت {b} الخطة.", "انتقدت {a} موقف {b} من الاتفاق."]
    {
        assert_even(&scorer, sentence, &pairs);
    }
}

#[test]
fn in_arabic_a_group_holds_a_stance_as_a_country_does() {
    for name in ["فرنسا", "إسرائيل", "حماس", "طالبان", "داعش", "حزب الله", "الأونروا", "الحوثيون"]
    {
        let found = found("الهدنة", &format!("رفضت {name} الهدنة يوم الاثنين."));
        assert_eq!(found, [format!("{name} against")]);
    }
}

#[test]
fn a_country_asked_for_by_any_of_its_names_is_found_by_all_of_them() {
    let text = "The union praised Britain. Later it praised the UK again, and the United Kingdom thanked it. \
                British officials in London left.";
    for name in ["UK", "the United Kingdom", "Britain", "بريطانيا"] {
        let desk = desk().toward(Targets::new(&[name.to_owned()], Vec::new()));
        let report = desk.score(&Document::new("a", text), &Options::default()).unwrap();
        let words: Vec<String> = report.stances.unwrap().into_iter().map(|s| s.target.passage.text).collect();
        // Its capital stands for its government.
        let words: Vec<&str> = words.iter().map(|word| word.trim_start_matches("the ")).collect();
        assert_eq!(words, ["Britain", "UK", "United Kingdom", "London"], "{name}");
    }
    let desk = desk().toward(Targets::new(&["London".to_owned()], Vec::new()));
    let report = desk.score(&Document::new("a", text), &Options::default()).unwrap();
    let words: Vec<String> = report.stances.unwrap().into_iter().map(|s| s.target.passage.text).collect();
    assert_eq!(words, ["London"]);
}

#[test]
fn days_and_months_are_no_targets_of_a_document() {
    for text in [
        "Residents have denounced the plan since March.",
        "On Monday residents denounced the plan, and in April, unlike in May, they denounced the council.",
        "رفضت الوزارة الهدنة يوم الاثنين وهاجمت الثلاثاء الخطة.",
    ] {
        let report = desk().score(&Document::new("a", text), &Options::default()).unwrap();
        let names: Vec<String> = report.stances.unwrap().into_iter().map(|s| s.target.name).collect();
        let is_date = |name: &String| {
            ["March", "Monday", "Tuesday", "April", "May", "الاثنين", "الثلاثاء"].iter().any(|date| name == date)
        };
        assert!(!names.is_empty() && !names.iter().any(is_date), "{text}: {names:?}");
    }
}

/// What the seeds say of a ceasefire: the lines that say that the United States are against one.
#[test]
fn of_the_seeds_those_that_say_so_have_the_united_states_against_a_ceasefire() {
    let shared = std::env::var_os("SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("data/seeds");
    if !folder.is_dir() {
        eprintln!("\n*** SKIPPED: {} is not there, so no seed is read\n", folder.display());
        return;
    }
    let forms = ["ceasefire", "cease-fire", "truce", "وقف إطلاق النار", "هدنة"];
    for name in
        ["000_7cee83af6b2abacf.txt", "001_491299173c380ad5.txt", "002_19a1884c06daae82.txt", "003_8e5cfe9cac27bdcd.txt"]
    {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let report = toward(&forms, &text);
        let rows = report.document.stances.unwrap();
        let row = rows.iter().find(|row| row.stand.holder.as_deref() == Some("United States"));
        let row = row.unwrap_or_else(|| panic!("{name}: nobody is the United States in {rows:#?}"));
        assert_eq!(row.stand.polarity, Polarity::Against, "{name}");
        assert!(row.stand.counts[&Polarity::Against] >= 1 && !row.stances.is_empty());
    }
}
