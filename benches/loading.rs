//! How long it takes until the first sentence is scored.
//!
//! In: the files of each shipped bundle. Out: criterion's times, to a bundle that is read and checked, and to the first
//! report. Start at [`load`].
#![allow(clippy::expect_used, missing_docs)]

mod text;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use parallax::score::{Options, Scorer};
use parallax::text::Document;
use std::hint::black_box;
use text::{Corpus, LANGS, bundle};

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("bundle");
    for lang in LANGS {
        let folder = bundle(lang);
        let files = std::fs::read_dir(&folder).expect("the shipped bundle");
        let bytes: u64 = files.map(|file| file.and_then(|f| f.metadata()).map_or(0, |m| m.len())).sum();
        group.throughput(Throughput::Bytes(bytes)).sample_size(20);
        let open = || Scorer::open(black_box(&folder)).expect("the shipped bundle");
        group.bench_function(format!("load/{lang}"), |b| b.iter(open));
        let sentence = Corpus::read(lang).sentences.swap_remove(0);
        let document = Document::new("first", sentence);
        group.bench_function(format!("load and score a sentence/{lang}"), |b| {
            b.iter(|| open().score(&document, &Options::default()).expect("a report"));
        });
    }
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
