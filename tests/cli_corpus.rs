//! Corpus files: what `parallax` reads from tables, compressed files, patterns and folders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, ids, parallax, score};
use std::fs;
use std::io::Write;
use std::path::Path;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// A table with one row, as the csv crate writes it.
fn table(delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(["outlet", "id", "text"]).unwrap();
    writer.write_record(["The Post", "a", ARTICLE]).unwrap();
    writer.into_inner().unwrap()
}

fn jsonl() -> Vec<u8> {
    let mut line = serde_json::json!({"id": "a", "outlet": "The Post", "text": ARTICLE}).to_string().into_bytes();
    line.push(b'\n');
    line
}

#[cfg(feature = "columnar")]
fn parquet() -> Vec<u8> {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use std::sync::Arc;
    let column = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    let columns = [("outlet", column("The Post")), ("id", column("a")), ("text", column(ARTICLE))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// The one report on a file, without its id.
fn report(path: &Path) -> serde_json::Value {
    let run = score().args(["--format", "jsonl"]).arg(path).assert().success();
    let mut report = run::report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    report.as_object_mut().unwrap().remove("id").unwrap();
    report
}

#[test]
fn an_article_has_the_same_report_in_every_format() {
    let mut files = vec![
        ("a.txt", ARTICLE.into()),
        ("a.csv", table(b',')),
        ("a.tsv", table(b'\t')),
        ("a.jsonl", jsonl()),
        ("a.txt.gz", gzip(ARTICLE.as_bytes())),
        ("a.csv.gz", gzip(&table(b','))),
        ("a.tsv.zst", zst(&table(b'\t'))),
        ("a.ndjson.zst", zst(&jsonl())),
        ("compressed", gzip(&jsonl())),
    ];
    #[cfg(feature = "columnar")]
    files.extend([("a.parquet", parquet()), ("nameless", parquet())]);
    let (folder, first) = file(files[0].0, &files[0].1);
    let expected = report(&first);
    for (name, bytes) in &mut files {
        let path = folder.path().join(*name);
        fs::write(&path, bytes).unwrap();
        assert_eq!(report(&path), expected, "{name}");
    }
}

#[test]
fn every_bad_row_is_named_by_its_line_and_the_good_ones_are_scored() {
    let csv =
        b"id,text,outlet\nfirst,It rained.,x\nshort,row\nempty, ,x\ncode,\"caf\xe9\",x\n\"two\nlines\",It snowed.,x\n\
                long,row,of,fields\nlast,\"It never ends,x\n";
    let (_folder, path) = file("bad.csv", csv);
    let said = contains("bad.csv:3: found a row of 2 fields; expected 3 fields, as the header has")
        .and(contains("bad.csv:4: found an empty `text`"))
        .and(contains("bad.csv:5: found bytes that are not UTF-8 in the field `text`"))
        .and(contains("bad.csv:8: found a row of 4 fields"))
        .and(contains("bad.csv:9: found a quote that is opened in this row and never closed"))
        .and(contains("inputs that could not be used: 5; documents scored: 2"));
    let run = score().args(["--format", "jsonl"]).arg(&path).assert().code(2).stderr(said);
    assert_eq!(ids(&run.get_output().stdout), ["first", "two\nlines"]);
    let strict = score().args(["--strict", "--format", "jsonl"]).arg(&path).assert().code(2);
    strict.stderr(contains("bad.csv:3").and(contains("bad.csv:4").not()));
}

#[test]
fn columns_have_the_names_that_are_said_or_else_the_file_says_which_there_are() {
    let (_folder, path) = file("a.csv", "url,body\nu1,It rained.\n");
    let said = contains("a.csv:1: found no column `text`").and(contains("--text-column; there is `url`, `body`"));
    score().arg(&path).assert().code(2).stdout("").stderr(said);
    let columns = ["--format", "jsonl", "--text-column", "body"];
    let run = score().args(columns).arg(&path).assert().success();
    assert_eq!(ids(&run.get_output().stdout), [format!("{}:2", path.display())]);
    let run = score().args(columns).args(["--id-column", "url"]).arg(&path).assert().success();
    assert_eq!(ids(&run.get_output().stdout), ["u1"]);
    let said = contains("a.csv:1: found no column `link`").and(contains("--id-column"));
    score().args(columns).args(["--id-column", "link"]).arg(&path).assert().code(2).stderr(said);

    let record = "{\"url\":\"u2\",\"body\":\"It snowed.\"}\n";
    let run = score().args(columns).args(["--id-column", "url", "-"]).write_stdin(record).assert().success();
    assert_eq!(ids(&run.get_output().stdout), ["u2"]);
}

#[test]
fn standard_input_may_be_compressed_and_a_table() {
    for (input, bytes) in [("csv", gzip(&table(b','))), ("tsv", zst(&table(b'\t'))), ("auto", gzip(&jsonl()))] {
        let run = score().args(["--format", "jsonl", "--input", input, "-"]).write_stdin(bytes).assert().success();
        assert_eq!(ids(&run.get_output().stdout), ["a"], "{input}");
    }
    let said = contains("<stdin>: found Parquet from a stream").and(contains("help: save it to a file"));
    score().write_stdin("PAR1 and more").assert().code(2).stderr(said);
}

#[test]
fn what_stands_before_damage_is_scored() {
    let rows: String = (0..9000).map(|n| format!("{{\"id\":\"{n}\",\"text\":\"It rained on day {n}.\"}}\n")).collect();
    let packed = gzip(rows.as_bytes());
    let (_folder, path) = file("cut.jsonl.gz", &packed[..packed.len() / 2]);
    let said = contains("cut.jsonl.gz: found gzip data that is damaged or cut short").and(contains("help: copy"));
    let run = score().args(["--heads", "bias", "--format", "jsonl"]).arg(&path).assert().code(2).stderr(said);
    let ids = ids(&run.get_output().stdout);
    assert!(ids.len() > 1000 && ids.iter().enumerate().all(|(n, id)| *id == n.to_string()), "{}", ids.len());
}

#[test]
fn folders_and_patterns_give_their_files_in_order() {
    let (folder, _) = file("b.csv", "id,text\nb,It rained.\n");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("a.tsv.gz", &gzip(b"id\ttext\na\tIt rained.\n"));
    write("c.tar.gz", b"no text");
    write("d.parquet.gz", b"no text");
    fs::create_dir(folder.path().join("deep")).unwrap();
    write("deep/c.csv.zst", &zst(b"id,text\nc,It rained.\n"));
    let run = |input: &str| score().current_dir(folder.path()).args(["--format", "jsonl", input]).assert();
    let found = run(".").success().stderr(contains("not read: 2"));
    assert_eq!(ids(&found.get_output().stdout), ["a", "b", "c"]);
    for (pattern, expected) in [("*.csv", vec!["b"]), ("**/*.csv*", vec!["b", "c"]), ("dee?", vec!["c"])] {
        assert_eq!(ids(&run(pattern).success().get_output().stdout), expected, "{pattern}");
    }
    run("*.jsonl").code(2).stderr(contains("*.jsonl: found nothing that the pattern matches").and(contains("help: ")));
}

#[test]
fn outlets_are_compared_by_a_column() {
    let csv = "outlet,text\nPost,The council voted on Tuesday.\nEcho,The council betrayed the town on Tuesday.\nPost,It rained.\n";
    let (_folder, path) = file("a.csv", csv);
    let mut command = parallax();
    let run = command.args(["compare", "--format", "json", "--group-by", "outlet"]).arg(&path).assert().success();
    let json = run::report(std::str::from_utf8(&run.get_output().stdout).unwrap());
    let outlets: Vec<&str> = json["outlets"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(outlets, ["Post", "Echo"]);
    let mut command = parallax();
    let run = command.args(["compare", "--group-by", "paper"]).arg(&path).assert().code(2);
    run.stderr(contains("found no column `paper`").and(contains("--group-by; there is `outlet`, `text`")));
}

#[cfg(not(feature = "columnar"))]
#[test]
fn a_build_without_parquet_says_how_to_get_it() {
    let (_folder, path) = file("a.parquet", "PAR1");
    let said = contains("a.parquet: found a Parquet file").and(contains("--features columnar"));
    score().arg(&path).assert().code(2).stderr(said);
}

#[cfg(feature = "columnar")]
#[test]
fn a_damaged_or_encrypted_parquet_file_is_refused() {
    let whole = parquet();
    let mut encrypted = whole.clone();
    let end = encrypted.len() - 4;
    encrypted[end..].copy_from_slice(b"PARE");
    for (bytes, cure) in
        [(encrypted, "without encryption"), (whole[..end].to_vec(), "copy or write"), (b"PAR1".into(), "copy")]
    {
        let (_folder, path) = file("a.parquet", bytes);
        let said = contains("a.parquet: found no Parquet file, or one that cannot be read").and(contains(cure));
        score().arg(&path).assert().code(2).stdout("").stderr(said);
    }
}

#[cfg(unix)]
#[test]
fn a_pattern_over_a_name_that_is_not_utf_8_is_an_error_and_no_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let (folder, _path) = file("a.csv", table(b','));
    let odd = folder.path().join("g [x]");
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join(OsStr::from_bytes(b"\xff.csv")), table(b',')).unwrap();
    let run = score().arg(folder.path().join("g*/*.csv")).assert();
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(matches!(run.get_output().status.code(), Some(0 | 2)), "{said}");
    assert!(run.get_output().status.code() == Some(0) || said.contains("not UTF-8"), "{said}");
}
