use std::path::{Path, PathBuf};

use super::super::annotation::{CueClass, Directness, LoadedKind, Polarity};
use super::super::contrast;
use super::*;

fn names() -> Names {
    shipped_names("en")
}

fn training(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("training").join(path)
}

fn shipped_names(lang: &str) -> Names {
    Names::read(&training(&format!("names/{lang}.toml"))).unwrap()
}

/// A table in which every form of an entry holds the entry's own mark, for counting.
fn marked_names(folder: &Path) -> Names {
    let mut text = "lang = \"xx\"\n".to_owned();
    for table in ["person", "place", "org", "company"] {
        let entries: Vec<String> = (0..12).map(|n| format!("\"N{table}{n:02}\"")).collect();
        text += &format!("{table} = [{}]\n", entries.join(","));
    }
    for n in 0..12 {
        text += "[[sides]]\n";
        for field in ["name", "adj", "adj_f", "people", "capital", "gov", "leader", "forces", "rebels"] {
            text += &format!("{field} = \"x{field}Side{n:02}\"\n");
        }
        text += "[[parties]]\n";
        for field in ["name", "adj", "adj_f", "leader"] {
            text += &format!("{field} = \"x{field}Party{n:02}\"\n");
        }
    }
    let path = folder.join("names.toml");
    std::fs::write(&path, text).unwrap();
    Names::read(&path).unwrap()
}

fn families(lines: &[&str]) -> Vec<Family> {
    contrast::parse(lines.join("\n").as_bytes(), Path::new("f.jsonl")).unwrap()
}

fn told(text: &str, stances: &str) -> Expansion {
    let line = format!(r#"{{"family":"f","variant":"v","text":"{text}","b":1,"s":1,"t":"-","S":{stances}}}"#);
    expand(&families(&[&line]), &names(), &Settings { instances: 1, seed: 3 }).unwrap()
}

fn shipped() -> Vec<(Names, Vec<Family>)> {
    let read = |file: &str| contrast::read(&training(&format!("contrast/{file}.jsonl"))).unwrap();
    let english = ["a", "b", "c", "d", "e", "f", "g"].map(|part| read(&format!("contrast_en_{part}"))).concat();
    let arabic = ["contrast_ar", "contrast_ar_b", "contrast_ar_c", "contrast_ar_d"].map(read).concat();
    vec![(shipped_names("en"), english), (shipped_names("ar"), arabic)]
}

#[test]
fn every_sentence_with_sides_is_told_both_ways_round() {
    let expansion = told("{A.capital} and {B.capital} talked.", "[]");
    let [one, two] = expansion.records.as_slice() else { unreachable!() };
    assert_eq!((one.id.as_str(), two.id.as_str()), ("f/v/1/0", "f/v/1/1"));
    let (a, b) = one.text.strip_suffix(" talked.").unwrap().split_once(" and ").unwrap();
    assert_eq!(two.text, format!("{b} and {a} talked."));
}

#[test]
fn a_sentence_without_slots_is_given_once() {
    let line = r#"{"family":"f","variant":"v","text":"It rained.","b":0,"s":0,"t":"0"}"#;
    let expansion = expand(&families(&[line]), &names(), &Settings { instances: 9, seed: 0 }).unwrap();
    assert_eq!(expansion.records.len(), 1);
}

#[test]
fn labels_marks_and_stances_come_out_with_their_spans() {
    let expansion = told(
        "⟦s|{A.leader}⟧ ⟦cC|raged⟧ ⟦q|that “the ⟦E|vile⟧ plan” of {P.name} failed⟧.",
        r#"[["{A.leader}","the vile plan","-"],["author","{P.name}","+"],["author","nowhere","-"]]"#,
    );
    let record = &expansion.records[0];
    let slice = |span: Span| span.slice(&record.text).unwrap();
    assert_eq!((record.group.as_str(), record.lang.as_str()), ("f", "en"));
    assert_eq!(record.labels["tone"], Label::Hard("negative".into()));
    assert_eq!(record.labels["bias"], Label::Hard("1".into()));
    let term = record.loaded.as_ref().unwrap()[0];
    assert_eq!((slice(term.span), term.kind), ("vile", LoadedKind::Evaluative));
    let attribution = &record.attributions.as_ref().unwrap()[0];
    assert_eq!((slice(attribution.cue), attribution.class), ("raged", CueClass::Charged));
    assert_eq!(attribution.direct, Directness::Mixed);
    assert!(slice(attribution.source.unwrap()).starts_with("The "));
    let stances = record.stances.as_ref().unwrap();
    assert_eq!(stances.len(), 2);
    assert_eq!((stances[0].holder, stances[0].polarity), (attribution.source, Polarity::Against));
    assert!(slice(stances[1].target).starts_with("the ") && slice(stances[1].target).ends_with("Party"));
    assert_eq!(expansion.skipped_stances, 2, "one in each of two records");
}

#[test]
fn numbered_nested_and_split_marks_belong_to_their_attributions() {
    let expansion = told("⟦q1|⟦s1|⟦s2|Rin⟧⟧ left⟧, ⟦cN1|said⟧ Bo, ⟦q1|and ⟦cD2|claimed⟧ ⟦q2|“rain”⟧⟧.", "[]");
    let record = &expansion.records[0];
    let attributions = record.attributions.as_ref().unwrap();
    let texts = |spans: &[Span]| spans.iter().map(|span| span.slice(&record.text).unwrap()).collect::<Vec<_>>();
    assert_eq!(texts(&attributions[0].content), ["Rin left", "and claimed “rain”"]);
    assert_eq!(texts(&attributions[1].content), ["“rain”"]);
    assert_eq!(attributions[0].source, attributions[1].source);
    assert_eq!(attributions[1].direct, Directness::Direct);
}

#[test]
fn stances_are_found_as_whole_words_and_holders_at_their_source() {
    let sentence: Vec<char> = "The man and he, as he said, war".chars().collect();
    assert_eq!(find(&sentence, "he", &[]), Some(Span { start: 12, end: 14 }));
    assert_eq!(find(&sentence, "he", &[Span { start: 19, end: 21 }]), Some(Span { start: 19, end: 21 }));
    assert_eq!(find(&sentence, "wa", &[]), Some(Span { start: 28, end: 30 }));
    assert_eq!(find(&sentence, "", &[]), None);
}

#[test]
fn the_first_letter_is_capitalised_unless_that_would_move_spans() {
    assert_eq!(capitalised("“the end”"), "“The end”");
    assert_eq!(capitalised("éa"), "Éa");
    assert_eq!(capitalised("ßa"), "ßa");
    assert_eq!(capitalised("40 men"), "40 men");
    assert_eq!(capitalised("…"), "…");
}

#[test]
fn the_same_seed_gives_the_same_records_in_any_order_of_families_and_another_seed_does_not() {
    let a = r#"{"family":"a","variant":"v","text":"{A.name} won.","b":0,"s":0,"t":"0"}"#;
    let b = r#"{"family":"b","variant":"v","text":"{A.name} lost.","b":0,"s":0,"t":"0"}"#;
    let texts = |lines: &[&str], seed| {
        let mut records = expand(&families(lines), &names(), &Settings { instances: 3, seed }).unwrap().records;
        records.sort_by(|x, y| x.id.cmp(&y.id));
        records
    };
    assert_eq!(texts(&[a, b], 1), texts(&[b, a], 1));
    assert_ne!(texts(&[a, b], 1), texts(&[a, b], 2));
}

#[test]
fn all_names_are_dealt_before_one_is_dealt_again_and_on_both_sides_alike() {
    for len in [2, 7, 12] {
        for seed in 0..20 {
            let mut dealt: Vec<usize> =
                (0..len / 2).flat_map(|at| deal(len, Table::Sides, seed, "f", at).unwrap()).collect();
            dealt.sort_unstable();
            dealt.dedup();
            assert_eq!(dealt.len(), len / 2 * 2);
        }
    }
    let first = |entry| (0..4000).filter(|&seed| deal(8, Table::Sides, seed, "f", 0).unwrap()[0] == entry).count();
    assert!((0..8).map(first).all(|count| (420..580).contains(&count)));
    assert_eq!(deal(1, Table::Sides, 0, "f", 0), None);
}

#[test]
fn a_slot_that_the_table_cannot_fill_is_refused_with_file_and_line() {
    let line = r#"{"family":"f","variant":"v","text":"{A.king} won.","b":0,"s":0,"t":"0"}"#;
    let error = expand(&families(&[line]), &names(), &Settings::default()).unwrap_err();
    assert!(error.to_string().contains("f.jsonl:1") && error.to_string().contains("{A.king}"), "{error}");
}

#[test]
fn no_instances_and_families_of_the_same_name_are_refused() {
    let line = r#"{"family":"f","variant":"v","text":"It rained.","b":0,"s":0,"t":"0"}"#;
    let family = families(&[line]);
    assert!(expand(&family, &names(), &Settings { instances: 0, seed: 0 }).is_err());
    assert!(matches!(
        expand(&[family.clone(), family].concat(), &names(), &Settings::default()),
        Err(Error::Data { .. })
    ));
}

#[test]
fn every_shipped_family_expands_with_all_its_stances_and_sound_spans() {
    for (names, families) in shipped() {
        let expansion = expand(&families, &names, &Settings::default()).unwrap();
        println!(
            "{}: {} families, {} sentences, {} records",
            names.lang(),
            families.len(),
            families.iter().map(Family::sentences).sum::<usize>(),
            expansion.records.len()
        );
        assert_eq!(expansion.skipped_stances, 0);
        let ids: HashSet<_> = expansion.records.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(ids.len(), expansion.records.len());
        for record in &expansion.records {
            let attributions = record.attributions.iter().flatten();
            let spans = attributions.flat_map(|a| [a.cue].into_iter().chain(a.source).chain(a.content.iter().copied()));
            let spans = spans.chain(record.loaded.iter().flatten().map(|term| term.span));
            let spans =
                spans.chain(record.stances.iter().flatten().flat_map(|s| [s.target].into_iter().chain(s.holder)));
            for span in spans {
                let slice = span.slice(&record.text).unwrap();
                assert!(!slice.is_empty() && slice.trim() == slice, "{}: {slice:?}", record.id);
            }
            assert!(!record.text.contains(['⟦', '⟧', '{', '}']), "{}", record.text);
        }
    }
}

#[test]
fn every_marked_text_of_a_shipped_sentence_is_what_its_span_slices() {
    for (names, families) in shipped() {
        for family in &families {
            let draw = Draw::new(&names, 0, &family.id, 0);
            for sentence in &family.sentences {
                let (record, _) = record(sentence, &draw).unwrap();
                let mut got: Vec<String> = record
                    .loaded
                    .iter()
                    .flatten()
                    .map(|t| t.span.slice(&record.text).unwrap().to_lowercase())
                    .collect();
                let mut marked = Vec::new();
                for (at, piece) in sentence.pieces.iter().enumerate() {
                    if !matches!(piece, Piece::Open(Mark::Loaded(_))) {
                        continue;
                    }
                    let inside = sentence.pieces[at + 1..].iter().take_while(|piece| **piece != Piece::Close);
                    let text: String = inside
                        .map(|piece| match piece {
                            Piece::Text(text) => text.as_str(),
                            Piece::Slot(slot) => draw.form(slot).unwrap(),
                            _ => "",
                        })
                        .collect();
                    marked.push(text.to_lowercase());
                }
                got.sort();
                marked.sort();
                assert_eq!(got, marked, "{}", record.text);
            }
        }
    }
}

#[test]
fn no_name_is_tied_to_a_label_in_any_shipped_family() {
    let folder = tempfile::tempdir().unwrap();
    let names = marked_names(folder.path());
    for (_, families) in shipped() {
        for family in &families {
            let told = expand(std::slice::from_ref(family), &names, &Settings { instances: 3, seed: 5 }).unwrap();
            for table in ["Side", "Party"] {
                let labels = |n: usize| {
                    let mark = format!("{table}{n:02}");
                    let mut labels: Vec<String> = told
                        .records
                        .iter()
                        .filter(|record| record.text.contains(&mark))
                        .map(|record| format!("{:?}", record.labels))
                        .collect();
                    labels.sort();
                    labels
                };
                let mut used: Vec<_> = (0..12).map(labels).filter(|labels| !labels.is_empty()).collect();
                used.dedup();
                assert!(used.len() <= 1, "{}: {used:?}", family.id);
            }
        }
    }
}
