//! What `parallax score` writes, where, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, ids, report, score};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Records of uneven length, so that threads finish out of order.
fn records(count: usize) -> String {
    let mut records = String::new();
    for number in 0..count {
        let text = "The council voted on Tuesday. ".repeat(1 + (number * 7919) % 40);
        writeln!(records, "{{\"id\":\"{number}\",\"text\":\"{text}\"}}").unwrap();
    }
    records
}

#[test]
fn reports_come_in_input_order_whatever_the_thread_count() {
    let (_folder, path) = file("many.jsonl", records(300));
    for format in ["text", "json", "jsonl", "csv"] {
        let output = |threads: &str| {
            let run =
                score().args(["--explain", "--format", format, "--threads", threads]).arg(&path).assert().success();
            run.get_output().stdout.clone()
        };
        let one = output("1");
        assert!(one == output("4"), "{format}: 1 and 4 threads differ");
        if format == "jsonl" {
            assert_eq!(ids(&one), (0..300).map(|number| number.to_string()).collect::<Vec<_>>());
        }
    }
}

#[test]
fn json_is_one_array_of_any_number_of_reports() {
    for count in [1, 2] {
        let run = score().args(["--format", "json", "--input", "jsonl"]).write_stdin(records(count)).assert().success();
        let json = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
        assert_eq!(json.as_array().unwrap().len(), count);
        assert_eq!(json[0]["schema"], "parallax/1");
    }
    let run = score().args(["--format", "json"]).write_stdin("").assert().code(2);
    run.stdout("[]\n");
}

#[test]
fn strict_leaves_a_whole_json_array_on_standard_output() {
    let (_folder, path) = file("bad.jsonl", "{\"id\":\"a\",\"text\":\"It rained.\"}\n{\"id\":\"b\"}\n");
    let run = score().args(["--strict", "--format", "json"]).arg(&path).assert().code(2);
    let json = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    assert_eq!(json.as_array().unwrap().len(), 1);
}

#[test]
fn csv_has_a_row_a_sentence_with_its_own_text_in_every_offset_unit() {
    let text = "🔥 The café closed. \"It, too, burned\", he said.";
    let (_folder, path) = file("a.txt", text);
    let texts = |unit: &str| {
        let run = score().args(["--format", "csv", "--offsets", unit]).arg(&path).assert().success();
        let mut reader = csv::Reader::from_reader(run.get_output().stdout.as_slice());
        assert_eq!(
            &reader.headers().unwrap().iter().collect::<Vec<_>>()[..6],
            ["id", "sentence", "start", "end", "offsets", "text"]
        );
        reader.records().map(|row| row.unwrap()[5].to_owned()).collect::<Vec<_>>()
    };
    let bytes = texts("bytes");
    assert!(bytes.iter().all(|sentence| text.contains(sentence.as_str()) && !sentence.is_empty()), "{bytes:?}");
    assert_eq!(bytes, texts("chars"));
    assert_eq!(bytes, texts("utf16"));
}

/// The tables of `--format csv`, with columns that each has whatever the model finds.
const TABLES: [(&str, &[&str]); 5] = [
    ("sentences", &["id", "sentence", "start", "end", "offsets", "text", "label.bias", "uncertain", "voice"]),
    ("loaded", &["document", "sentence", "start", "end", "text", "kind", "p", "voice", "attribution"]),
    ("attributions", &["document", "attribution", "p", "class.neutral", "cue_text", "link_p", "content_spans"]),
    ("sources", &["document", "name", "attributions", "words_direct", "words_indirect", "neutral", "charged"]),
    ("regions", &["document", "region", "kind", "start", "end", "offsets", "text", "lang", "masked", "supported"]),
];

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn every_table_has_its_columns_and_rows_that_fit_them() {
    let (_folder, path) = file("a.txt", ARTICLE);
    for (table, columns) in TABLES {
        let run = score().args(["--format", "csv", "--table", table]).arg(&path).assert().success();
        let mut reader = csv::Reader::from_reader(run.get_output().stdout.as_slice());
        let header = reader.headers().unwrap().clone();
        for column in columns {
            assert!(header.iter().any(|name| name == *column), "{table}: {column} of {header:?}");
        }
        let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
        assert!(rows.iter().all(|row| row[0] == *path.display().to_string()), "{table}: {rows:?}");
        if table == "sentences" {
            let default = score().args(["--format", "csv"]).arg(&path).assert().success();
            assert_eq!(default.get_output().stdout, run.get_output().stdout);
        }
    }
}

#[test]
fn a_table_of_another_format_is_wrong_usage() {
    for format in ["text", "json", "jsonl"] {
        let said = contains("--table: found --format ").and(contains(format)).and(contains("expected --format csv"));
        score().args(["--table", "loaded", "--format", format, "missing.txt"]).assert().code(2).stdout("").stderr(said);
    }
    score().args(["--table", "verdicts", "--format", "csv"]).write_stdin(ARTICLE).assert().code(2).stdout("");
}

#[test]
fn a_folder_under_out_gets_a_file_a_table_each_as_it_is_written_alone() {
    let (folder, path) = file("a.txt", ARTICLE);
    let new = format!("{}/new/", folder.path().display());
    let old = folder.path().join("old");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("loaded.csv"), "old").unwrap();
    fs::write(old.join("notes.md"), "mine").unwrap();
    for out in [Path::new(&new), &old] {
        score().args(["--format", "csv", "--out"]).arg(out).arg(&path).assert().success().stdout("");
        for (table, _) in TABLES {
            let run = score().args(["--format", "csv", "--table", table]).arg(&path).assert().success();
            let written = fs::read(out.join(format!("{table}.csv"))).unwrap();
            assert!(written == run.get_output().stdout, "{table}");
        }
    }
    let tables = ["attributions.csv", "loaded.csv", "regions.csv", "sentences.csv", "sources.csv", "stances.csv"];
    assert_eq!(names(Path::new(&new)), tables);
    assert_eq!(
        names(&old),
        ["attributions.csv", "loaded.csv", "notes.md", "regions.csv", "sentences.csv", "sources.csv", "stances.csv"]
    );
    assert_eq!(names(folder.path()), ["a.txt", "new", "old"]);
}

#[test]
fn one_table_goes_to_one_file_under_out_and_to_no_folder() {
    let (folder, path) = file("a.txt", ARTICLE);
    let out = folder.path().join("sources.csv");
    score().args(["--format", "csv", "--table", "sources", "--out"]).arg(&out).arg(&path).assert().success();
    assert!(fs::read_to_string(&out).unwrap().starts_with("document,name,"));
    for other in [folder.path().to_path_buf(), folder.path().join("new/")] {
        let run = score().args(["--format", "csv", "--table", "sources", "--out"]).arg(&other).arg(&path).assert();
        run.code(2).stdout("").stderr(contains(format!("{}: cannot be written", other.display())));
    }
    assert_eq!(names(folder.path()), ["a.txt", "sources.csv"]);
}

#[test]
fn a_run_that_fails_leaves_no_table_behind() {
    let (folder, path) = file("bad.jsonl", "{\"text\":\"It rained.\"}\n{}\n");
    let new = format!("{}/new/", folder.path().display());
    score().args(["--strict", "--format", "csv", "--out", &new]).arg(&path).assert().code(2);
    assert_eq!(names(folder.path()), ["bad.jsonl"]);

    let old = folder.path().join("old");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("sentences.csv"), "old").unwrap();
    score().args(["--strict", "--format", "csv", "--out"]).arg(&old).arg(&path).assert().code(2);
    assert_eq!(names(&old), ["sentences.csv"]);
    assert_eq!(fs::read_to_string(old.join("sentences.csv")).unwrap(), "old");

    // The last of the four cannot be written.
    fs::create_dir(old.join("sources.csv")).unwrap();
    let said = contains("sources.csv: cannot be written");
    score().args(["--format", "csv", "--out"]).arg(&old).arg(&path).assert().code(2).stderr(said);
    assert_eq!(names(&old), ["sentences.csv", "sources.csv"]);
    assert_eq!(fs::read_to_string(old.join("sentences.csv")).unwrap(), "old");
}

#[test]
fn text_shows_the_sentences_and_with_explain_the_reasons() {
    let (_folder, path) = file("a.txt", ARTICLE);
    let run = score().arg(&path).assert().success().stdout(contains("The council voted on Tuesday."));
    run.stdout(contains("a.txt").and(contains("bias term").not()).and(contains('\x1b').not()));
    score().arg("--explain").arg(&path).assert().success().stdout(contains("bias term"));
    score().args(["--color", "always"]).arg(&path).assert().success().stdout(contains('\x1b'));
}

#[test]
fn unit_sentence_takes_a_record_as_one_sentence() {
    let run = score()
        .args(["--unit", "sentence", "--format", "jsonl"])
        .write_stdin("It rained. It snowed.")
        .assert()
        .success();
    let report = report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    assert_eq!(report["sentences"].as_array().unwrap().len(), 1);
}

#[test]
fn out_is_written_whole_and_nothing_else_is_left() {
    let (folder, path) = file("a.txt", ARTICLE);
    let out = folder.path().join("out.jsonl");
    fs::write(&out, "old").unwrap();
    score().args(["--format", "jsonl", "--out"]).arg(&out).arg(&path).assert().success().stdout("");
    assert_eq!(ids(&fs::read(&out).unwrap()), [path.display().to_string()]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_strict_run_that_fails_leaves_the_old_file_under_out() {
    let (folder, path) = file("bad.jsonl", "{\"text\":\"It rained.\"}\n{}\n");
    let out = folder.path().join("out.jsonl");
    fs::write(&out, "old").unwrap();
    score().args(["--strict", "--out"]).arg(&out).arg(&path).assert().code(2);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_out_that_cannot_be_written_is_named() {
    let (folder, path) = file("a.txt", ARTICLE);
    for out in
        [path.join("below-a-file.jsonl"), folder.path().join("no/such/folder.jsonl"), folder.path().to_path_buf()]
    {
        let said = contains(format!("{}: cannot be written", out.display())).and(contains("help: "));
        score().arg("--out").arg(&out).arg(&path).assert().code(2).stdout("").stderr(said);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_on_standard_output_and_under_out() {
    let (_folder, path) = file("a.txt", ARTICLE);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
    let output = command.arg("score").arg("--model").arg(run::model()).arg(&path).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("<stdout>: cannot be written") && said.contains("free some space"), "{said}");

    score().args(["--out", "/dev/full"]).arg(&path).assert().code(2).stderr(contains("/dev/full: cannot be written"));
}

#[test]
fn a_closed_pipe_ends_the_run_in_peace() {
    let (_folder, path) = file("many.jsonl", records(2_000));
    for format in ["text", "json", "jsonl", "csv"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
        command.args(["score", "--format", format, "--model"]).arg(run::model()).arg(&path);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
    }
}

#[test]
fn no_error_shows_a_backtrace() {
    let run = score().env("RUST_BACKTRACE", "full").arg("missing.txt").assert().code(2);
    run.stderr(contains("missing.txt").and(contains("backtrace").not()).and(contains("panicked").not()));
}

#[test]
fn errors_obey_no_color() {
    score().env("NO_COLOR", "1").arg("missing.txt").assert().code(2).stderr(contains('\x1b').not());
}

/// Three documents: residents are against the dam in two, the council for it in one.
const THREE: &str = concat!(
    r#"{"id":"a","text":"Residents have opposed the dam since March."}"#,
    "\n",
    r#"{"id":"b","text":"It rained. Residents have opposed the dam since March. The council backed the dam."}"#,
    "\n",
    r#"{"id":"c","text":"It rained."}"#,
    "\n",
);

#[test]
fn several_documents_end_with_where_all_of_them_stand() {
    let (folder, path) = file("three.jsonl", THREE);
    let run = |format: &str, path: &Path| {
        let run = score().args(["--target", "dam", "--format", format]).arg(path).assert().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    let text = run("text", &path);
    let (_, end) = text.split_once("All 3 documents, stances:").expect("a closing block");
    let row = end.lines().find(|line| line.contains("Residents")).expect("a row of the residents");
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(cells[..6], ["Residents", "dam", "against", "0", "2", "0"], "{row}");
    assert!(row.ends_with("in 2") && row.contains("-1.00 ("), "{row}");
    let page = run("html", &path);
    assert!(page.contains("All 3 documents</h2>") && page.contains("href=\"#d2s2\""));
    for format in ["json", "jsonl", "csv"] {
        assert!(!run(format, &path).contains("All 3"), "{format}");
    }
    let one = folder.path().join("one.txt");
    fs::write(&one, "Residents have opposed the dam since March.").unwrap();
    assert!(!run("text", &one).contains("All 1") && !run("html", &one).contains("All 1"));
}

#[test]
fn where_all_documents_stand_goes_to_a_file_with_its_evidence() {
    let (folder, path) = file("three.jsonl", THREE);
    let out = folder.path().join("standing.json");
    let run =
        score().args(["--target", "dam", "--format", "jsonl", "--standing"]).arg(&out).arg(&path).assert().success();
    assert_eq!(ids(&run.get_output().stdout), ["a", "b", "c"]);
    let standing = report(&fs::read_to_string(&out).unwrap());
    assert_eq!((standing["schema"].as_str(), standing["documents"].as_u64()), (Some("parallax-standing/1"), Some(3)));
    let row =
        standing["stances"].as_array().unwrap().iter().find(|row| row["holder"] == "Residents").expect("the residents");
    assert_eq!((row["target"].as_str(), row["counts"]["against"].as_u64()), (Some("dam"), Some(2)));
    assert_eq!((row["documents"].as_u64(), row["balance"].as_f64()), (Some(2), Some(-1.0)));
    assert!(row["interval"][0].as_f64() == Some(-1.0) && row["interval"][1].as_f64().unwrap() > -1.0);
    let evidence = &row["evidence"][1];
    assert_eq!(
        (evidence["id"].as_str(), evidence["start"].as_u64(), evidence["end"].as_u64()),
        (Some("b"), Some(11), Some(54))
    );
    let nowhere = folder.path().join("no/standing.json");
    score().args(["--format", "jsonl", "--standing"]).arg(&nowhere).arg(&path).assert().code(2).stdout("");
}
