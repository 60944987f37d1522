//! What `parallax score` does with what it is given to read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, ids, report, score};
use std::fs;

/// Size of the one-line article, in MiB.
const LONG_LINE: usize = 100;

#[test]
fn an_empty_file_is_named_with_a_cure() {
    for content in ["", " \n\t\n", "\u{feff}"] {
        let (_folder, path) = file("empty.txt", content);
        let said = contains("empty.txt: found an empty input; expected text").and(contains("help: "));
        score().arg(&path).assert().code(2).stdout("").stderr(said);
    }
    let (_folder, path) = file("empty.jsonl", "\n\n");
    score().arg(&path).assert().code(2).stderr(contains("empty.jsonl: found an empty input"));
}

#[test]
fn a_missing_file_is_named_and_the_others_are_scored() {
    let (folder, path) = file("a.txt", ARTICLE);
    let missing = folder.path().join("missing.txt");
    let run = score().args(["--format", "jsonl"]).arg(missing).arg(&path).assert().code(2);
    let run = run.stderr(contains("missing.txt: cannot be read").and(contains("help: check the path")));
    assert_eq!(ids(&run.get_output().stdout), [path.display().to_string()]);
}

#[test]
fn binary_data_is_refused_as_text_and_as_jsonl() {
    for name in ["picture.txt", "picture.jsonl", "picture"] {
        let (_folder, path) = file(name, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0");
        let said = contains("picture").and(contains("found binary data")).and(contains("help: extract the text"));
        score().arg(&path).assert().code(2).stdout("").stderr(said);
    }
}

#[test]
fn a_record_cut_short_is_named_by_line_and_column() {
    let (_folder, path) = file("cut.jsonl", "{\"id\":\"a\",\"text\":\"It rained.\"}\n{\"id\":\"b\",\"text\":\"It ra");
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().code(2);
    let said = contains("cut.jsonl:2: found a record cut short at column 23").and(contains("help: "));
    assert_eq!(ids(&run.stderr(said).get_output().stdout), ["a"]);
}

#[test]
fn every_bad_record_is_named_by_its_line_and_the_good_ones_are_scored() {
    let lines = [
        r#"{"id":"first","text":"It rained."}"#,
        r#"{"id":"no text"}"#,
        r#"{"id":"no string","text":7}"#,
        r#"{"id":"empty","text":" "}"#,
        r#"{"id":["list"],"text":"It rained."}"#,
        r#"["no object"]"#,
        r#"{"id":"comma" "text":"It rained."}"#,
        "",
        r#"{"id":"last","text":"It rained.","source":"other keys are no matter"}"#,
    ];
    let (_folder, path) = file("bad.jsonl", lines.join("\n"));
    let said = contains("bad.jsonl:2: found a record without `text`")
        .and(contains("bad.jsonl:3: found a number as `text`"))
        .and(contains("bad.jsonl:4: found an empty `text`"))
        .and(contains("bad.jsonl:5: found a list as `id`"))
        .and(contains("bad.jsonl:6: found a line that is not a JSON object"))
        .and(contains("bad.jsonl:7: found a record that cannot be read at column 15"))
        .and(contains("inputs that could not be used: 6; documents scored: 2"));
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().code(2).stderr(said);
    assert_eq!(ids(&run.get_output().stdout), ["first", "last"]);
}

#[test]
fn a_record_without_an_id_is_called_by_its_line() {
    let (_folder, path) = file("a.jsonl", "{\"text\":\"It rained.\"}\n{\"id\":7,\"text\":\"It snowed.\"}\n");
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().success();
    assert_eq!(ids(&run.get_output().stdout), [format!("{}:1", path.display()), "7".to_owned()]);
}

#[test]
fn a_duplicate_id_is_refused_and_both_lines_are_named() {
    let record = r#"{"id":"same","text":"It rained."}"#;
    let (_folder, path) = file("twice.jsonl", format!("{record}\n\n{record}\n"));
    let said = contains("twice.jsonl:3: found the id `same` a second time").and(contains("twice.jsonl:1 already"));
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().code(2).stderr(said);
    assert_eq!(ids(&run.get_output().stdout), ["same"]);
}

#[test]
fn invalid_utf8_is_named_by_its_offset_in_the_file_unless_lossy() {
    let (_folder, path) = file("latin.txt", b"The caf\xe9 closed.\n");
    let said =
        contains("latin.txt: found bytes that are not UTF-8").and(contains("byte offset 7")).and(contains("--lossy"));
    score().arg(&path).assert().code(2).stderr(said);
    score().arg("--lossy").arg(&path).assert().success().stdout(contains("The caf\u{fffd} closed."));

    let lines = b"{\"text\":\"It rained.\"}\n{\"text\":\"The caf\xe9 closed.\"}\n";
    let (_folder, path) = file("latin.jsonl", lines);
    score().arg(&path).assert().code(2).stderr(contains("latin.jsonl:2:").and(contains("byte offset 38")));
    score().arg("--lossy").arg(&path).assert().success().stdout(contains("The caf\u{fffd} closed."));
}

#[test]
fn strict_stops_at_the_first_bad_record() {
    let (_folder, path) = file("bad.jsonl", "{\"id\":\"a\",\"text\":\"It rained.\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n");
    let said = contains("bad.jsonl:2").and(contains("bad.jsonl:3").not());
    let run = score().args(["--strict", "--format", "jsonl"]).arg(&path).assert().code(2).stderr(said);
    assert_eq!(ids(&run.get_output().stdout), ["a"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_sentence_and_shifts_no_span() {
    for unit in ["bytes", "chars", "utf16"] {
        let text = format!("\u{feff}{ARTICLE}");
        let (_folder, path) = file("bom.txt", &text);
        let run = score().args(["--format", "jsonl", "--offsets", unit]).arg(&path).assert().success();
        let report = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
        assert_eq!(report["offsets"], unit);
        let units: Vec<u16> = text.encode_utf16().collect();
        let chars: Vec<char> = text.chars().collect();
        let sentences = report["sentences"].as_array().unwrap();
        let text_of = |sentence: &serde_json::Value| {
            let at = |key: &str| sentence[key].as_u64().unwrap() as usize;
            let (start, end) = (at("start"), at("end"));
            match unit {
                "bytes" => text[start..end].to_owned(),
                "chars" => chars[start..end].iter().collect(),
                _ => String::from_utf16(&units[start..end]).unwrap(),
            }
        };
        assert!(sentences.iter().any(|s| text_of(s) == "The council voted on Tuesday."), "{report}");
        assert!(sentences.iter().all(|s| !text_of(s).contains('\u{feff}')), "{report}");
    }
    let (_folder, path) = file("bom.jsonl", "\u{feff}{\"id\":\"a\",\"text\":\"It rained.\"}\n");
    score().arg(&path).assert().success();
}

#[test]
fn crlf_line_ends_give_the_same_sentences() {
    let rows = |content: &str| {
        let (folder, _path) = file("a.txt", content);
        let run = score().current_dir(folder.path()).args(["a.txt", "--format", "csv"]).assert().success();
        let mut reader = csv::Reader::from_reader(run.get_output().stdout.as_slice());
        reader.records().map(|row| row.unwrap()[5].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&ARTICLE.replace('\n', "\r\n")), rows(ARTICLE));
    let (_folder, path) =
        file("a.jsonl", "{\"id\":\"a\",\"text\":\"It rained.\"}\r\n\r\n{\"id\":\"b\",\"text\":\"Or not.\"}\r\n");
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().success();
    assert_eq!(ids(&run.get_output().stdout), ["a", "b"]);
}

#[test]
fn standard_input_is_read_when_named_or_when_nothing_is() {
    for args in [&["-"][..], &[]] {
        let run = score().args(["--format", "jsonl"]).args(args).write_stdin(ARTICLE).assert().success();
        assert_eq!(ids(&run.get_output().stdout), ["<stdin>"]);
    }
}

#[test]
fn standard_input_that_starts_with_a_brace_is_jsonl_unless_told_otherwise() {
    let record = "{\"id\":\"a\",\"text\":\"It rained.\"}\n";
    for (input, expected) in [("auto", "a"), ("jsonl", "a"), ("text", "<stdin>")] {
        let args = ["--format", "jsonl", "--input", input, "-"];
        let run = score().args(args).write_stdin(record).assert().success();
        assert_eq!(ids(&run.get_output().stdout), [expected]);
    }
}

#[test]
fn a_folder_gives_its_text_files_sorted_without_hidden_ones() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join("news").join(name);
    fs::create_dir_all(at("b")).unwrap();
    fs::create_dir_all(at(".git")).unwrap();
    for name in ["c.txt", "a.md", "b/z.TXT", "b/a.text", ".hidden.txt", ".git/x.txt", "photo.jpg"] {
        fs::write(at(name), ARTICLE).unwrap();
    }
    fs::write(at("d.jsonl"), "{\"id\":\"record\",\"text\":\"It rained.\"}\n").unwrap();
    let run = score().current_dir(folder.path()).args(["news", "--format", "jsonl"]).assert().success();
    let run = run.stderr(contains("another extension, not read: 1"));
    assert_eq!(ids(&run.get_output().stdout), ["news/a.md", "news/b/a.text", "news/b/z.TXT", "news/c.txt", "record"]);
}

#[test]
#[cfg(unix)]
fn a_link_back_to_a_folder_is_not_followed() {
    let (folder, _path) = file("a.txt", ARTICLE);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    let run = score().args(["--format", "jsonl"]).arg(folder.path()).assert().success();
    assert_eq!(ids(&run.get_output().stdout).len(), 1);
}

#[test]
fn a_folder_with_nothing_to_read_says_what_would_be_read() {
    let (folder, _path) = file("photo.jpg", "no text");
    let said = contains("found a folder without a file to read").and(contains(".jsonl"));
    score().arg(folder.path()).assert().code(2).stderr(said);
}

#[test]
fn a_file_that_is_named_is_read_whatever_its_extension() {
    let (_folder, path) = file("article.asc", ARTICLE);
    score().arg(&path).assert().success();
}

#[test]
#[cfg(unix)]
fn a_huge_article_in_one_line_is_scored_or_refused_in_4_gb() {
    let sentence = "The council voted on Tuesday and its shameless leaders betrayed the town again. ";
    let (_folder, path) = file("long.txt", sentence.repeat((LONG_LINE << 20) / sentence.len() + 1));
    let mut command = assert_cmd::Command::new("sh");
    let script = "ulimit -v 4000000; exec \"$@\"";
    command.args([
        "-c",
        script,
        "sh",
        env!("CARGO_BIN_EXE_parallax"),
        "score",
        "--out",
        "/dev/null",
        "--format",
        "jsonl",
    ]);
    let run = command.arg("--model").arg(run::model()).arg(&path).assert();
    match run.get_output().status.code() {
        Some(0) => {}
        Some(2) => drop(run.stderr(contains("long.txt: found").and(contains("help: ")))),
        other => panic!("{other:?}"),
    }
}
