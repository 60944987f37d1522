//! Corpora for the tests, and what the program makes of them.

use crate::run::parallax;
use arrow_array::RecordBatch;
use assert_cmd::Command;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;

/// The tables.
pub const TABLES: [&str; 5] = ["documents", "sentences", "loaded", "attributions", "stances"];

/// `parallax score --tables` with the shipped models, out to `out`.
pub fn tables(inputs: &[&Path], out: &Path) -> Command {
    let mut command = parallax();
    command.args(["score", "--tables", "--quiet", "--out"]).arg(out);
    command.arg("--models-dir").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("models"));
    command.args(inputs);
    command
}

/// JSON Lines of `count` records in both languages, of uneven length, each with a key `outlet`.
pub fn records(count: usize) -> String {
    let english =
        "Officials admitted that the disastrous plan had failed. Okafor, who leads the council, bragged of it. ";
    let arabic = "قال الوزير إن الخطة الكارثية فشلت. ووصفها النائب بأنها مهزلة. ";
    let mut lines = String::new();
    for number in 0..count {
        let sentence = if number % 5 == 4 { arabic } else { english };
        let text = sentence.repeat(1 + (number * 7919) % 9);
        let record =
            serde_json::json!({"id": format!("r{number}"), "text": text, "outlet": format!("o{}", number % 3)});
        writeln!(lines, "{record}").unwrap();
    }
    lines
}

/// What stands in a file of Parquet.
pub fn parquet(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// The rows of Parquet as the program writes rows in JSON Lines.
pub fn lines(path: &Path) -> String {
    let builder = arrow_json::WriterBuilder::new().with_explicit_nulls(true);
    let mut writer = builder.build::<_, arrow_json::writer::LineDelimited>(Vec::new());
    parquet(path).iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    String::from_utf8(writer.into_inner()).unwrap()
}

/// Every file of a folder with its bytes, by name.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}
