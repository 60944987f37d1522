//! Parquet files, whole and damaged, as the corpus reads them.

use arrow_array::cast::AsArray;
use arrow_array::types::Int16Type;
use arrow_array::{
    Array, ArrayRef, BinaryArray, DictionaryArray, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    StringArray, StringViewArray,
};
use parallax::corpus::{Columns, Entry, Inputs, Kept, Reading, Source};
use parallax::error::Result;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const TEXTS: [Option<&str>; 4] = [Some("It rained on the old town."), None, Some(" "), Some("It snowed.")];

fn parquet(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)));
    let batch = batch.unwrap();
    let properties =
        WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(3)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn strings(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from_iter(texts))
}

fn table() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("words", Arc::new(Int64Array::from(vec![Some(6), Some(0), None, Some(2)])) as ArrayRef),
        ("text", strings(&TEXTS)),
        ("outlet", strings(&[Some("Post"), Some("Post"), Some("Echo"), Some("Echo")])),
        ("score", Arc::new(Float64Array::from(vec![0.5; 4]))),
        ("id", strings(&[Some("a"), Some("b"), Some("c"), None])),
    ]
}

fn read(bytes: &[u8], reading: &Reading, group_by: Option<&str>) -> Vec<Result<Entry>> {
    let folder = tempfile::tempdir().unwrap();
    read_in(folder.path(), bytes, reading, group_by)
}

fn read_in(folder: &Path, bytes: &[u8], reading: &Reading, group_by: Option<&str>) -> Vec<Result<Entry>> {
    let path = folder.join("a.parquet");
    fs::write(&path, bytes).unwrap();
    let mut inputs = Inputs::new(vec![Source::Path(path)], reading.clone());
    if let Some(key) = group_by {
        inputs = inputs.grouped_by(key);
    }
    assert_eq!(inputs.size(), Some(bytes.len() as u64));
    let all: Vec<_> = std::iter::from_fn(|| inputs.next_entry()).collect();
    assert_eq!(inputs.position(), bytes.len() as u64);
    all
}

/// An item as text, with the file's name for its path.
fn told(item: &Result<Entry>) -> String {
    match item {
        Ok(entry) => {
            let id = Path::new(entry.document.id()).file_name().unwrap().to_str().unwrap();
            format!("{} {id}={}", entry.place.line.unwrap(), entry.document.text())
        }
        Err(error) => {
            let text = error.to_string();
            text[text.find("a.parquet").unwrap()..].to_owned()
        }
    }
}

#[test]
fn rows_are_documents_with_the_columns_that_are_kept_and_bad_ones_are_named() {
    let reading = Reading {
        columns: Columns { keep: vec!["words".into(), "outlet".into()], ..Columns::default() },
        ..Reading::default()
    };
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(Default::default())] {
        let all = read(&parquet(table(), compression), &reading, Some("outlet"));
        let expected = [
            "1 a=It rained on the old town.",
            "a.parquet:2: found null as `text`; expected a row with an article",
            "a.parquet:3: found an empty `text`; expected a row with an article",
            "4 a.parquet:4=It snowed.",
        ];
        assert_eq!(all.iter().map(told).collect::<Vec<_>>(), expected);
        let last = all[3].as_ref().unwrap();
        assert_eq!(last.document.group(), Some("Echo"));
        let Kept::Row(batch, row) = &last.kept else { unreachable!("{:?}", last.kept) };
        let words = batch.column(0).as_primitive::<arrow_array::types::Int64Type>().value(*row);
        assert_eq!((batch.num_columns(), words, batch.column(1).as_string::<i32>().value(*row)), (2, 2, "Echo"));
    }
}

#[test]
fn every_type_of_strings_and_whole_numbers_is_read() {
    let texts = ["One.", "Two.", "One."];
    let dictionary: DictionaryArray<Int16Type> = texts.into_iter().collect();
    let columns: [ArrayRef; 4] = [
        Arc::new(StringArray::from_iter_values(texts)),
        Arc::new(LargeStringArray::from_iter_values(texts)),
        Arc::new(StringViewArray::from_iter_values(texts)),
        Arc::new(dictionary),
    ];
    for column in columns {
        let kind = column.data_type().clone();
        let table = vec![("id", Arc::new(Int64Array::from(vec![7, -8, 9])) as ArrayRef), ("text", column)];
        let all = read(&parquet(table, Compression::SNAPPY), &Reading::default(), None);
        assert_eq!(all.iter().map(told).collect::<Vec<_>>(), ["1 7=One.", "2 -8=Two.", "3 9=One."], "{kind}");
    }
}

#[test]
fn a_column_of_a_wrong_type_or_that_is_not_there_is_refused() {
    let error = |columns: Columns, table: Vec<(&str, ArrayRef)>| {
        let reading = Reading { columns, ..Reading::default() };
        let all = read(&parquet(table, Compression::SNAPPY), &reading, None);
        assert_eq!(all.len(), 1);
        told(&all[0])
    };
    let named = |text: &str, id: &str| Columns { text: text.into(), id: id.into(), keep: vec![] };
    assert_eq!(
        error(named("score", "id"), table()),
        "a.parquet: found the column `score` of type Float64; expected a column of strings for the text"
    );
    assert!(
        error(named("text", "score"), table()).contains("the column `score` of type Float64; expected a column of")
    );
    assert!(error(named("body", "id"), table()).starts_with("a.parquet: found no column `body`"));
    assert!(error(named("text", "url"), table()).starts_with("a.parquet: found no column `url`"));
    let bytes: ArrayRef = Arc::new(BinaryArray::from_vec(vec![b"It rained."]));
    assert!(error(named("text", "id"), vec![("text", bytes)]).contains("the column `text` of type Binary"));
    assert!(error(named("text", "id"), vec![("text", strings(&[]))]).starts_with("a.parquet: found an empty input"));
}

#[test]
fn large_rows_are_read_in_small_batches() {
    let text = "It rained. ".repeat(100_000);
    let texts: Vec<String> = (0..40).map(|n| format!("{n} {text}")).collect();
    let column: ArrayRef = Arc::new(StringArray::from_iter_values(&texts));
    let bytes = parquet(vec![("text", column)], Compression::ZSTD(Default::default()));
    let columns = Columns { keep: vec!["text".into()], ..Columns::default() };
    let all = read(&bytes, &Reading { columns, ..Reading::default() }, None);
    for (entry, text) in all.iter().zip(&texts) {
        let entry = entry.as_ref().unwrap();
        let Kept::Row(batch, _) = &entry.kept else { unreachable!() };
        assert!(entry.document.text() == text && batch.num_rows() <= 8, "{}", batch.num_rows());
    }
    assert_eq!(all.len(), texts.len());
}

#[test]
fn no_damage_makes_the_reader_panic() {
    let reading =
        Reading { columns: Columns { keep: vec!["words".into()], ..Columns::default() }, ..Reading::default() };
    let folder = tempfile::tempdir().unwrap();
    let mut refused = 0;
    for (compression, changes) in
        [(Compression::UNCOMPRESSED, &[0x01, 0xFF][..]), (Compression::ZSTD(Default::default()), &[0x80])]
    {
        let whole = parquet(table(), compression);
        for at in 0..whole.len() {
            for change in changes {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                let all = read_in(folder.path(), &bytes, &reading, None);
                refused += usize::from(all.iter().any(Result::is_err));
            }
        }
        for length in (0..whole.len()).step_by(31) {
            let all = read_in(folder.path(), &whole[..length], &reading, None);
            assert!(all.len() == 1 && all[0].is_err(), "{length}");
        }
    }
    assert!(refused > 1000, "{refused}");
}
