//! How much of the core's speed is left from Parquet to Parquet.
//!
//! In: articles of the bundles' languages, as documents in memory and as a file of Parquet. Out: criterion's times, with bytes of
//! text a second: documents → reports on all threads, which is the core; documents → tables in memory; a file → files. Then
//! the same in turns, and what share of the core's throughput is left, with a 95 % interval: the machine may get slower on the way.
//! The corpus has four times `PARALLAX_LARGEST` MB (default 1), in row groups of 1 MiB. Start at [`corpus`].
#![allow(clippy::expect_used, missing_docs)]

mod text;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use parallax::bench::estimate::ratio_within;
use parallax::bench::rounds::{Work, take};
use parallax::columnar::{Form, Plan, Run, Schemas, Table, tables};
use parallax::corpus::{Inputs, Reading, Source};
use parallax::score::{Desk, Options};
use parallax::text::Document;
use parquet::arrow::ArrowWriter;
use rayon::prelude::*;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use text::{ARTICLE, Corpus, LANGS, desk, is_smoke, largest};

const ROW_GROUP: usize = 1 << 20;

/// As many articles as are asked for, of all different texts.
fn articles(lang: &'static str) -> Vec<Document> {
    let bytes = if is_smoke() { 20_000 } else { 4 * largest() };
    let corpus = Corpus::read(lang);
    (0..bytes.div_ceil(ARTICLE)).map(|part| Document::new(part.to_string(), corpus.prose(ARTICLE, part))).collect()
}

fn write(path: &Path, documents: &[Document]) {
    let ids: ArrayRef = Arc::new(documents.iter().map(|d| Some(d.id())).collect::<StringArray>());
    let texts: ArrayRef = Arc::new(documents.iter().map(|d| Some(d.text())).collect::<StringArray>());
    let batch = RecordBatch::try_from_iter([("id", ids), ("text", texts)]).expect("a batch");
    let mut writer = ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
}

fn run() -> Run {
    Run {
        tables: Table::ALL.into(),
        form: Form::Parquet,
        options: Options::default(),
        keep: Vec::new(),
        part_bytes: ROW_GROUP,
        is_strict: true,
        resume: false,
        plan: Plan::new(),
    }
}

fn from_file(path: &Path, desk: &Desk) -> usize {
    let out = tempfile::tempdir().expect("a folder");
    let mut inputs = Inputs::new(vec![Source::Path(path.to_path_buf())], Reading::default());
    run().over(&mut inputs, desk, out.path(), &|_| ()).expect("tables").documents
}

fn corpus(c: &mut Criterion) {
    let desk = desk();
    let options = Options::default();
    let schemas = Schemas::new(&desk, options.offsets, &arrow_schema::Fields::empty()).expect("schemas");
    for lang in LANGS {
        let folder = tempfile::tempdir().expect("a folder");
        let (documents, path) = (articles(lang), folder.path().join("corpus.parquet"));
        write(&path, &documents);
        let mut group = c.benchmark_group(format!("corpus/{lang}"));
        group.sample_size(10);
        group.throughput(Throughput::Bytes(documents.iter().map(|d| d.text().len() as u64).sum()));
        let words = |d: &Document| desk.score(black_box(d), &options).expect("a report").document.words;
        group.bench_function("reports in memory", |b| b.iter(|| documents.par_iter().map(words).sum::<usize>()));
        group.bench_function("tables in memory", |b| {
            b.iter(|| tables(&desk, &documents, &options, &schemas, &Table::ALL).expect("tables").len());
        });
        group.bench_function("Parquet to Parquet", |b| b.iter(|| from_file(&path, &desk)));
        group.finish();
        if is_smoke() {
            // So little text says nothing of a share.
            continue;
        }
        let start = Instant::now();
        let clock = || start.elapsed().as_secs_f64();
        let mut works = [
            Work::whole(|| {
                black_box(documents.par_iter().map(words).sum::<usize>());
                Ok(())
            }),
            Work::whole(|| tables(&desk, &documents, &options, &schemas, &Table::ALL).map(drop)),
            Work::whole(|| {
                black_box(from_file(&path, &desk));
                Ok(())
            }),
        ];
        let timed = take(&mut works, 10.0, &clock, &mut |_| {}).expect("rounds");
        for (name, made) in ["tables in memory", "Parquet to Parquet"].into_iter().zip(&timed[1..]) {
            let share = ratio_within(&timed[0].rounds, &made.rounds).expect("a ratio");
            let threads = rayon::current_num_threads();
            println!(
                "corpus/{lang}: {name}, share of the core's throughput on {threads} threads: {:.2} [{:.2}, {:.2}]",
                share.value, share.low, share.high
            );
        }
    }
}

criterion_group!(benches, corpus);
criterion_main!(benches);
