use super::*;

fn strict(text: &str) -> Result<Vec<Record>> {
    all(text.as_bytes(), Path::new("f.jsonl"), from_object)
}

fn refusal(text: &str) -> String {
    let error = strict(text).unwrap_err();
    format!("{error} | {}", error.cure())
}

#[test]
fn a_whole_record_is_read() {
    let line = r#"{"id":"a:1","lang":"en","group":"a","text":"Éva said the vile plan failed.","weight":0.5,
        "labels":{"bias":0,"tone":"neutral","mine":true},"loaded":[{"start":13,"end":17,"kind":"evaluative"}],
        "attributions":[{"source":[0,3],"cue":[4,8],"content":[[9,29]],"class":"neutral","direct":"indirect"}],
        "stances":[{"holder":"author","target":[18,22],"polarity":"against"}]}"#
        .replace('\n', "");
    let record = strict(&line).unwrap().remove(0);
    assert_eq!(record.loaded.as_ref().unwrap()[0].span.slice(&record.text), Some("vile"));
    assert_eq!(record.attributions.as_ref().unwrap()[0].cue.slice(&record.text), Some("said"));
    assert_eq!(record.stances.as_ref().unwrap()[0].holder, None);
    assert_eq!(record.labels["bias"], Label::Hard("0".into()));
    assert_eq!(record.labels["mine"], Label::Hard("1".into()));
    assert_eq!((record.weight, record.group.as_str()), (Some(0.5), "a"));
}

#[test]
fn missing_heads_say_nothing_and_missing_group_and_language_fall_back() {
    let record = strict(r#"{"id":7,"text":"A."}"#).unwrap().remove(0);
    assert_eq!((record.id.as_str(), record.group.as_str(), record.lang.as_str()), ("7", "7", "und"));
    assert!(record.labels.is_empty() && record.loaded.is_none() && record.stances.is_none());
}

#[test]
fn an_unknown_language_is_read() {
    assert_eq!(strict(r#"{"id":"a","lang":"tlh","text":"A."}"#).unwrap()[0].lang, "tlh");
}

#[test]
fn votes_become_shares() {
    let record = strict(r#"{"id":"a","text":"A.","labels":{"bias":{"0":6,"1":2}}}"#).unwrap().remove(0);
    let shares = BTreeMap::from([("0".to_owned(), 0.75), ("1".to_owned(), 0.25)]);
    assert_eq!(record.labels["bias"], Label::Soft(shares));
}

#[test]
fn soft_labels_without_votes_or_with_odd_votes_are_refused() {
    for votes in ["{}", r#"{"0":0}"#, r#"{"0":-1,"1":2}"#, r#"{"0":"many"}"#, r#"{"0":1e308,"1":1e308}"#] {
        assert!(strict(&format!(r#"{{"id":"a","text":"A.","labels":{{"bias":{votes}}}}}"#)).is_err(), "{votes}");
    }
}

#[test]
fn labels_that_are_no_class_are_refused() {
    for value in ["null", "0.5", "[0]", "\" \""] {
        assert!(strict(&format!(r#"{{"id":"a","text":"A.","labels":{{"bias":{value}}}}}"#)).is_err(), "{value}");
    }
}

#[test]
fn a_missing_id_is_refused_with_a_cure() {
    assert!(refusal(r#"{"text":"A."}"#).contains("give every record an \"id\""));
}

#[test]
fn a_duplicate_id_is_refused_naming_both_lines() {
    let message = refusal("{\"id\":\"a\",\"text\":\"A.\"}\n\n{\"id\":\"a\",\"text\":\"B.\"}");
    assert!(message.contains("line 3") && message.contains("line 1"), "{message}");
}

#[test]
fn missing_or_blank_text_is_refused() {
    assert!(refusal(r#"{"id":"a"}"#).contains("no `text`"));
    assert!(refusal(r#"{"id":"a","text":"  "}"#).contains("not blank"));
}

#[test]
fn reserved_label_names_are_refused() {
    for word in RESERVED {
        assert!(refusal(&format!(r#"{{"id":"a","text":"A.","labels":{{"{word}":1}}}}"#)).contains("rename"), "{word}");
    }
}

#[test]
fn a_span_outside_the_text_is_refused_with_its_line() {
    let message = refusal(
        "{\"id\":\"a\",\"text\":\"A.\"}\n{\"id\":\"b\",\"text\":\"Aé.\",\"loaded\":[{\"start\":0,\"end\":4,\"kind\":\"doubt\"}]}",
    );
    assert!(message.contains("f.jsonl:2") && message.contains("3 code points"), "{message}");
}

#[test]
fn marks_that_cannot_stand_together_are_refused_with_line_and_spans() {
    let message = |marks: &str| {
        let line = format!(r#"{{"id":"b","text":"The cafe\u0301 owner said so and so.",{marks}}}"#);
        let message = refusal(&format!("{{\"id\":\"a\",\"text\":\"A.\"}}\n{line}"));
        assert!(message.contains("f.jsonl:2"), "{message}");
        message
    };
    let said = r#""class":"neutral","direct":"indirect""#;
    let two = message(r#""loaded":[{"start":0,"end":9,"kind":"doubt"},{"start":4,"end":15,"kind":"naming"}]"#);
    assert!(two.contains("the overlapping spans [0, 9] and [4, 15] in `loaded`"), "{two}");
    let split = message(r#""loaded":[{"start":4,"end":8,"kind":"doubt"}]"#);
    assert!(split.contains("the span [4, 8] (\"cafe\"), which splits a character at 8 in `loaded`"), "{split}");
    let cue = message(&format!(r#""attributions":[{{"source":[0,15],"cue":[10,20],"content":[],{said}}}]"#));
    assert!(cue.contains("the source [0, 15] overlapping the cue [10, 20]"), "{cue}");
    let content = message(&format!(r#""attributions":[{{"cue":[16,20],"content":[[0,15],[10,15]],{said}}}]"#));
    assert!(content.contains("the content [0, 15] overlapping the content [10, 15]"), "{content}");
    let order = message(&format!(r#""attributions":[{{"cue":[16,20],"content":[[21,23],[0,15]],{said}}}]"#));
    assert!(order.contains("the content [21, 23] before the content [0, 15]"), "{order}");
    let one = format!(r#"{{"cue":[16,20],"content":[[21,23]],{said}}}"#);
    let twice = message(&format!(r#""attributions":[{one},{one}]"#));
    assert!(twice.contains("two attributions with the cue [16, 20]"), "{twice}");
}

#[test]
fn weights_must_be_above_zero_and_of_a_size_that_rows_can_be_repeated_by() {
    assert!(strict(r#"{"id":"a","text":"A.","weight":0}"#).is_err());
    assert!(strict(r#"{"id":"a","text":"A.","weight":1e30}"#).is_err());
}

#[test]
fn an_empty_file_is_refused_in_both_readings() {
    assert!(refusal("\n \n").contains("no records"));
    assert!(lenient(b"", Path::new("f"), from_object).is_err());
}

#[test]
fn the_lenient_reading_goes_on_after_bad_lines() {
    let bytes = b"{\"id\":\"a\",\"text\":\"A.\"}\n{\"id\":\n\xff\n{\"id\":\"a\",\"text\":\"B.\"}\n{\"id\":\"b\",\"text\":\"B.\"}";
    let (records, errors) = lenient(bytes, Path::new("f"), from_object).unwrap();
    assert_eq!(records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(errors.len(), 3);
    assert!(matches!(errors[1], Error::NotUtf8 { offset: 30, .. }), "{:?}", errors[1]);
}

#[test]
fn a_file_that_is_not_there_is_a_read_error() {
    assert!(matches!(read(Path::new("no/such/file.jsonl")), Err(Error::Read { .. })));
}

#[test]
fn the_guides_example_is_read() {
    let guide = include_str!("../../training/README.md");
    let example = guide.split("```json\n").nth(1).unwrap().split("```").next().unwrap().replace('\n', "");
    let record = strict(&example).unwrap().remove(0);
    assert_eq!(record.loaded.unwrap()[0].span.slice(&record.text), Some("vile"));
    assert_eq!(record.attributions.unwrap()[0].cue.slice(&record.text), Some("claimed"));
    assert_eq!(record.stances.unwrap()[0].target.slice(&record.text), Some("the vile plan"));
}
