//! The documents of streams and folders, in every format but Parquet.
#![allow(clippy::unwrap_used)]

use super::entry::Entry;
use super::input::{Inputs, LARGEST_INPUT, Reading};
use super::{Columns, Kind, Source};
use crate::error::Result;
use std::io::{self, Read};

fn read(streams: &[(&str, &'static str)], kind: Kind) -> Vec<String> {
    let source =
        |&(name, text): &(&str, &'static str)| Source::Stream { name: name.into(), read: Box::new(text.as_bytes()) };
    let reading = Reading { kind, ..Reading::default() };
    let inputs = Inputs::new(streams.iter().map(source).collect(), reading);
    inputs.map(|item| item.map_or_else(|e| e.to_string(), |d| format!("{}={}", d.id(), d.text()))).collect()
}

#[test]
fn streams_follow_each_other_and_an_error_stands_in_its_place() {
    let streams = [("one", "It rained."), ("two", " "), ("three.jsonl", "{\"text\":\"It snowed.\"}")];
    let expected = ["one=It rained.", "two: found an empty input; expected text", "three.jsonl:1=It snowed."];
    assert_eq!(read(&streams, Kind::Auto), expected);
}

#[test]
fn an_unknown_kind_is_told_by_the_first_character() {
    let record = "\n{\"text\":\"It rained.\"}";
    assert_eq!(read(&[("a", record)], Kind::Auto), ["a:2=It rained."]);
    assert_eq!(read(&[("a", record)], Kind::Text), [format!("a={record}")]);
    assert_eq!(read(&[("a.txt", record)], Kind::Auto), [format!("a.txt={record}")]);
}

#[test]
fn ids_are_compared_across_sources() {
    let same = [("a", "{\"id\":\"b\",\"text\":\"One.\"}"), ("b", "Two.")];
    let found = read(&same, Kind::Auto);
    assert_eq!(found[0], "b=One.");
    assert!(found[1].starts_with("b: found the id `b` a second time") && found[1].contains("a:1"), "{}", found[1]);
}

fn stream(name: &str, bytes: impl AsRef<[u8]>) -> Source {
    Source::Stream { name: name.into(), read: Box::new(std::io::Cursor::new(bytes.as_ref().to_vec())) }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut read = flate2::read::GzEncoder::new(text, flate2::Compression::fast());
    let mut packed = Vec::new();
    read.read_to_end(&mut packed).unwrap();
    packed
}

/// Each entry's place, id, text and what was kept, or its error with the cure.
fn entries(inputs: &mut Inputs) -> Vec<String> {
    let told = |entry: Entry| {
        let Entry { place, document, kept } = entry;
        format!("{place} {}={} {kept:?}", document.id(), document.text())
    };
    let item = |item: Result<Entry>| item.map_or_else(|e| format!("{e}; {}", e.cure()), told);
    std::iter::from_fn(|| inputs.next_entry()).map(item).collect()
}

fn columns(text: &str, id: &str, keep: &[&str]) -> Reading {
    let keep = keep.iter().map(|&name| name.to_owned()).collect();
    Reading { columns: Columns { text: text.into(), id: id.into(), keep }, ..Reading::default() }
}

#[test]
fn columns_are_read_and_kept_by_name_in_every_format() {
    let csv = "url,outlet,words,body\nu1,\"Post, The\",3,It rained.\nu2,,,It snowed.\n";
    let jsonl = concat!(
        "{\"url\":\"u3\",\"outlet\":\"Post\",\"words\":[1,{\"a\":null}],\"body\":\"It hailed.\"}\n",
        "{\"url\":4,\"words\":1.50,\"outlet\":null,\"text\":7,\"body\":\"It thawed.\"}\n",
    );
    let sources = vec![stream("a.csv", csv), stream("b.tsv", csv.replace(',', "\t")), stream("c.jsonl", jsonl)];
    let mut reading = columns("body", "url", &["words", "outlet"]);
    let expected = [
        "a.csv:2 u1=It rained. Texts([Some(\"3\"), Some(\"Post, The\")])",
        "a.csv:3 u2=It snowed. Texts([Some(\"\"), Some(\"\")])",
        "b.tsv:2: found the id `u1` a second time; expected an id of its own; this one stands at a.csv:2 already; give \
         every record its own id, or none: it is then called FILE:LINE",
        "c.jsonl:1 u3=It hailed. Texts([Some(\"[1,{\\\"a\\\":null}]\"), Some(\"Post\")])",
        "c.jsonl:2 4=It thawed. Texts([Some(\"1.5\"), None])",
    ];
    let found = entries(&mut Inputs::new(sources, reading.clone()));
    assert_eq!([&found[..3], &found[4..]].concat(), expected);
    reading.columns.keep.push("section".into());
    let found = entries(&mut Inputs::new(vec![stream("a.csv", csv)], reading));
    let expected = "a.csv:1: found no column `section`; expected one column `section`; name the column that is meant \
                    with --keep; there is `url`, `outlet`, `words`, `body`";
    assert_eq!(found, [expected]);
}

#[test]
fn each_bad_row_is_named_by_its_line_and_the_rest_is_read() {
    let csv =
        b"id,text\na,It rained.\nb\n\nc, \nd,\"It\nsnowed.\"\ne,caf\xe9 closed\n,It froze.\nf,x,y\ng,\"open\nh,x\n";
    let found = read_bytes("a.csv", csv, &Reading::default());
    let begins = [
        "a.csv:2 a=It rained.",
        "a.csv:3: found a row of 1 field; expected 2 fields, as the header has",
        "a.csv:5: found an empty `text`",
        "a.csv:6 d=It\nsnowed.",
        "a.csv:8: found bytes that are not UTF-8 in the field `text`, the first at byte offset 3 of it",
        "a.csv:9 a.csv:9=It froze.",
        "a.csv:10: found a row of 3 fields",
        "a.csv:11: found a quote that is opened in this row and never closed",
    ];
    assert_eq!(found.len(), begins.len(), "{found:?}");
    assert!(found.iter().zip(begins).all(|(found, begin)| found.starts_with(begin)), "{found:?}");
    let lossy = Reading { lossy: true, ..Reading::default() };
    assert!(read_bytes("a.csv", csv, &lossy)[4].starts_with("a.csv:8 e=caf\u{fffd} closed"));
}

fn read_bytes(name: &str, bytes: &[u8], reading: &Reading) -> Vec<String> {
    entries(&mut Inputs::new(vec![stream(name, bytes)], reading.clone()))
}

#[test]
fn a_table_without_a_header_or_a_row_or_that_is_no_text_is_refused() {
    let read = |bytes: &[u8]| read_bytes("a.csv", bytes, &Reading::default()).join("|");
    assert!(read(b"").starts_with("a.csv: found an empty input"));
    assert!(read(b"\xEF\xBB\xBF\n\n").starts_with("a.csv: found an empty input"));
    assert!(read(b"id,text\n").starts_with("a.csv: found an empty input"));
    assert!(read(b"text,text\nx,y\n").contains("the column `text` twice, as columns 1 and 2"));
    assert!(read(b"i\0d\0").contains("found binary data"));
    assert!(read(b"id,t\xe9xt\n").contains("a.csv:1: found bytes that are not UTF-8 in the field 2 of the header"));
}

#[test]
fn a_key_of_ids_that_is_named_has_to_be_there_and_may_be_null() {
    let jsonl = "{\"url\":null,\"text\":\"It rained.\"}\n{\"id\":\"a\",\"text\":\"It snowed.\"}\n";
    let found = read_bytes("a.jsonl", jsonl.as_bytes(), &columns("text", "url", &[]));
    assert_eq!(found[0], "a.jsonl:1 a.jsonl:1=It rained. None");
    assert!(found[1].starts_with("a.jsonl:2: found a record without `url`"), "{}", found[1]);
}

#[test]
fn compressed_streams_are_told_by_name_or_first_bytes_unless_they_are_to_be_taken_raw() {
    let jsonl = b"{\"id\":\"a\",\"text\":\"It rained.\"}\n";
    let zst = zstd::encode_all(&jsonl[..], 1).unwrap();
    for (name, bytes) in [("a.jsonl.gz", gzip(jsonl)), ("<stdin>", gzip(jsonl)), ("a.zst", zst)] {
        let expected = format!("{name}:1 a=It rained. None");
        assert_eq!(read_bytes(name, &bytes, &Reading::default()), [expected]);
        let raw = Reading { raw: true, ..Reading::default() };
        assert!(read_bytes(name, &bytes, &raw)[0].starts_with(&format!("{name}: found b")));
    }
    let found = read_bytes("a.txt.gz", b"It rained.", &Reading::default());
    assert!(found[0].starts_with("a.txt.gz: found gzip data that is damaged or cut short"), "{found:?}");
}

#[test]
fn a_stream_that_unpacks_to_more_than_may_be_held_is_refused() {
    let packed = zstd::encode_all(io::repeat(b' ').take(LARGEST_INPUT as u64 + 10), 1).unwrap();
    assert!(packed.len() < 1 << 20);
    for name in ["a.txt.zst", "a.jsonl.zst", "a.csv.zst"] {
        let found = read_bytes(name, &packed, &Reading::default());
        assert!(found.len() == 1 && found[0].contains("of more than 256 MiB"), "{found:?}");
    }
}

#[test]
fn the_position_grows_to_the_size_of_all_files() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..9000).map(|n| format!("{n},It rained on day {n}.\n")).collect();
    let csv = format!("id,text\n{rows}");
    std::fs::write(folder.path().join("a.csv.gz"), gzip(csv.as_bytes())).unwrap();
    std::fs::write(folder.path().join("b.csv"), &csv).unwrap();
    std::fs::write(folder.path().join("c.csv"), "no,header\n").unwrap();
    std::fs::write(folder.path().join("d.txt"), "It rained.").unwrap();
    std::fs::write(folder.path().join("e.bin"), "another extension").unwrap();
    let all = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let size = all.filter(|e| e.file_name() != "e.bin").map(|e| e.metadata().unwrap().len()).sum();
    let mut inputs = Inputs::new(vec![Source::Path(folder.path().into())], Reading::default());
    assert_eq!((inputs.size(), inputs.position()), (Some(size), 0));
    let mut last = 0;
    while inputs.next_entry().is_some() {
        assert!(inputs.position() >= last && inputs.position() <= size);
        last = inputs.position();
        assert_eq!(inputs.size(), Some(size));
    }
    assert_eq!((inputs.position(), inputs.skipped()), (size, 1));
    assert_eq!(Inputs::new(vec![stream("a", "b")], Reading::default()).size(), None);
}
