//! How fast the whole line is on what no newsroom writes.
//!
//! In: both shipped bundles, and each kind of [`NOISE`]. Out: criterion's times beside those of prose of one size.
//! Start at [`noisy`]. Whether the cost of a byte grows with the size is told by `linearity.rs`.
#![allow(clippy::expect_used, missing_docs)]

mod text;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use parallax::score::{Desk, Options, Targets};
use parallax::text::Document;
use std::hint::black_box;
use std::time::Duration;
use text::noise::{NOISE, target};
use text::{ARTICLE, Corpus, LANGS, desk, is_smoke, per};

/// Bytes of a text.
const BYTES: usize = 20_000;

fn time(group: &mut BenchmarkGroup<'_, WallTime>, desk: &Desk, name: &str, text: String) {
    let document = Document::new(name, text);
    per(group, 1, document.text().len());
    group.bench_function(name, |b| {
        b.iter(|| desk.score(black_box(&document), &Options::default()).expect("a report"));
    });
}

/// Prose, and every kind.
fn noisy(c: &mut Criterion) {
    let bytes = if is_smoke() { ARTICLE } else { BYTES };
    let plain = desk();
    for lang in LANGS {
        let (name, alias) = target(lang);
        let forms = vec![name.to_owned(), alias.to_owned()];
        let toward = desk().toward(Targets::new(&[name.to_owned()], vec![(name.to_owned(), forms)]));
        let corpus = Corpus::read(lang);
        let mut group = c.benchmark_group(format!("noisy/{lang}"));
        group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_millis(700));
        time(&mut group, &plain, "prose", corpus.prose(bytes, 0));
        for noise in NOISE {
            let desk = if noise.targets { &toward } else { &plain };
            time(&mut group, desk, noise.name, (noise.make)(&corpus, bytes, 0));
        }
        group.finish();
    }
}

criterion_group!(benches, noisy);
criterion_main!(benches);
