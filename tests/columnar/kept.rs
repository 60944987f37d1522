//! Columns of the input that the table of documents has too.

use crate::corpus::{lines, parquet, records, tables};
use crate::run::file;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow_schema::DataType;
use parquet::arrow::ArrowWriter;
use predicates::str::contains;
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Records with columns of several types, `rows` of them from number `first` on.
fn batch(first: i64, rows: i64) -> RecordBatch {
    let numbers = || first..first + rows;
    let text = |n: i64| if n == 1 { None } else { Some(format!("The plan number {n} failed. Critics bragged.")) };
    let outlets: DictionaryArray<Int32Type> = numbers().map(|n| ["east", "west"][(n % 2) as usize]).collect();
    let columns: [(&str, ArrayRef); 6] = [
        ("key", Arc::new(Int64Array::from_iter_values(numbers()))),
        ("body", Arc::new(numbers().map(text).collect::<StringArray>())),
        ("day", Arc::new(numbers().map(|n| (n % 3 != 0).then_some(n as i32)).collect::<Date32Array>())),
        ("at", Arc::new(TimestampMillisecondArray::from_iter_values(numbers().map(|n| n * 1000)).with_timezone("UTC"))),
        ("outlet", Arc::new(outlets)),
        ("weight", Arc::new(Float64Array::from_iter_values(numbers().map(|n| n as f64 / 8.0)))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

fn write(path: &Path, batch: &RecordBatch) {
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn kept_columns_of_parquet_keep_their_types_values_and_nulls() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second, out) =
        (folder.path().join("a.parquet"), folder.path().join("b.parquet"), folder.path().join("out"));
    write(&first, &batch(0, 5));
    write(&second, &batch(5, 4));
    let columns = ["--text-column", "body", "--id-column", "key", "--keep", "day,at,medium=outlet,weight"];
    // The row without a text is refused, and its columns are not kept.
    tables(&[&first, &second], &out).args(columns).assert().code(2).stderr(contains("a.parquet:2"));
    let documents = parquet(&out.join("documents.parquet"));
    let schema = documents[0].schema();
    for (new, name) in [("day", "day"), ("at", "at"), ("medium", "outlet"), ("weight", "weight")] {
        let expected = batch(0, 1).schema().field_with_name(name).unwrap().data_type().clone();
        // A dictionary of strings is written as strings.
        let expected = if name == "outlet" { DataType::Utf8 } else { expected };
        assert_eq!(schema.field_with_name(new).unwrap().data_type(), &expected, "{name}");
    }
    let rows: Vec<Value> =
        lines(&out.join("documents.parquet")).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} {} {} {}", row["document"], row["day"], row["at"], row["medium"], row["weight"]))
        .collect();
    let expected = [0, 2, 3, 4, 5, 6, 7, 8].map(|n: i64| {
        let day = if n % 3 == 0 { "null".to_owned() } else { format!("\"1970-01-0{}\"", n + 1) };
        let medium = ["east", "west"][(n % 2) as usize];
        format!("\"{n}\" {day} \"1970-01-01T00:00:0{n}Z\" \"{medium}\" {:?}", n as f64 / 8.0)
    });
    assert_eq!(found, expected);
}

#[test]
fn kept_keys_of_json_lines_are_text() {
    let (folder, path) = file("corpus.jsonl", records(4));
    let out = folder.path().join("out");
    tables(&[&path], &out).args(["--keep", "outlet"]).assert().success();
    let documents = parquet(&out.join("documents.parquet"));
    let outlets = documents[0].column_by_name("outlet").unwrap().as_any().downcast_ref::<StringArray>().unwrap();
    assert_eq!(outlets.iter().flatten().collect::<Vec<_>>(), ["o0", "o1", "o2", "o0"]);
}

#[test]
fn kept_columns_of_other_types_are_made_to_fit_those_of_the_first_input() {
    let lines = "{\"key\":77,\"body\":\"It rained.\",\"weight\":0.5,\"day\":\"2024-01-05\",\"outlet\":\"south\"}\n\
                 {\"key\":78,\"body\":\"It snowed.\",\"weight\":\"heavy\",\"day\":null,\"outlet\":\"south\"}\n";
    let (folder, path) = file("b.jsonl", lines);
    let parquet_path = folder.path().join("c.parquet");
    write(&parquet_path, &batch(2, 2));
    let columns = ["--text-column", "body", "--id-column", "key", "--keep", "weight,day,outlet"];
    let kept = |inputs: &[&Path], code: i32| {
        let out = folder.path().join("out");
        tables(inputs, &out).args(columns).assert().code(code);
        let text = lines_of(&out);
        text.iter().map(|row| format!("{} {} {}", row["weight"], row["day"], row["outlet"])).collect::<Vec<_>>()
    };
    // What is no number is refused, where a number was first.
    let typed = ["0.25 \"1970-01-03\" \"east\"", "0.375 null \"west\"", "0.5 \"2024-01-05\" \"south\""];
    assert_eq!(kept(&[&parquet_path, &path], 2), typed);
    let texts = [
        "\"0.5\" \"2024-01-05\" \"south\"",
        "\"heavy\" null \"south\"",
        "\"0.25\" \"1970-01-03\" \"east\"",
        "\"0.375\" null \"west\"",
    ];
    assert_eq!(kept(&[&path, &parquet_path], 0), texts);
}

fn lines_of(out: &Path) -> Vec<Value> {
    lines(&out.join("documents.parquet")).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
