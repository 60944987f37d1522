//! How fast each stage is, and that none is quadratic. `benches/README.md` says how to read it.
//!
//! In: the shipped bundle, and text made of the shipped contrast families, names filled in with a
//! fixed seed. Out: criterion's times, with bytes and sentences a second. Start at [`stages`].
#![allow(clippy::expect_used, missing_docs)]

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use parallax::features::Extractor;
use parallax::score::{Options, Scorer, Unit};
use parallax::text::{Document, Span, Tokens, mark_quoted, quoted, sentences};
use parallax::train::{contrast, expand, names};
use rayon::prelude::*;
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// Bytes of what is called an article here.
const ARTICLE: usize = 5_000;

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bundle() -> PathBuf {
    home().join("models").join("en")
}

/// Sentences of the English families in a fixed order in which neighbours are of different families.
fn corpus() -> Vec<String> {
    let names = names::Names::read(&home().join("training/names/en.toml")).expect("the name tables");
    let settings = expand::Settings { instances: 4, seed: 1 };
    let mut families = Vec::new();
    for part in ["a", "b", "c", "d", "e"] {
        let path = home().join(format!("training/contrast/contrast_en_{part}.jsonl"));
        families.extend(contrast::read(&path).expect("the contrast families"));
    }
    let records = expand::expand(&families, &names, &settings).expect("the families filled").records;
    // A stride that shares no factor with the length visits every record once.
    let (n, stride) = (records.len(), 7_919);
    assert!(n % stride != 0 && n >= 10_000, "{n} sentences");
    (0..n).map(|i| records[i * stride % n].text.clone()).collect()
}

/// The first sentences up to some size, three a paragraph.
fn prose(corpus: &[String], bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 1_000);
    for (at, sentence) in corpus.iter().cycle().enumerate() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(sentence);
        text.push_str(if at % 3 == 2 { "\n\n" } else { " " });
    }
    text
}

/// Both units of throughput: criterion prints sentences as elements, and bytes.
fn per(group: &mut BenchmarkGroup<'_, WallTime>, elements: usize, bytes: usize) {
    group.throughput(Throughput::ElementsAndBytes { elements: elements as u64, bytes: bytes as u64 });
}

/// Segmentation, tokenization, spans, features and heads, each alone, on one article.
fn stages(c: &mut Criterion) {
    let scorer = Scorer::open(&bundle()).expect("the shipped bundle");
    let text = prose(&corpus(), ARTICLE);
    let spans = sentences(&text);
    let tokenize = |span: &Span| scorer.bundle().tokenizer().tokenize(&text, *span).expect("tokens");
    let quotes = quoted(&text);
    let tokens: Vec<Tokens> = spans
        .iter()
        .map(|span| {
            let mut tokens = tokenize(span);
            mark_quoted(&mut tokens, &quotes);
            tokens
        })
        .collect();
    let extractor: Extractor<'_> = scorer.bundle().extractor();

    let mut group = c.benchmark_group("stage");
    per(&mut group, spans.len(), text.len());
    group.bench_function("segmentation", |b| b.iter(|| sentences(black_box(&text))));
    group.bench_function("quotation", |b| b.iter(|| quoted(black_box(&text))));
    group.bench_function("tokenization", |b| {
        b.iter(|| spans.iter().map(tokenize).map(|t| t.tokens.len()).sum::<usize>())
    });
    let flagged: Vec<Tokens> = tokens
        .iter()
        .map(|t| {
            let mut t = t.clone();
            scorer.bundle().mask().flag(&text, &mut t);
            t
        })
        .collect();
    let (heads, vectors) = (scorer.bundle().span_heads(), scorer.bundle().dense());
    group.bench_function("spans", |b| {
        b.iter(|| flagged.iter().map(|t| heads.find(vectors, &text, black_box(t), false).loaded.len()).sum::<usize>());
    });
    group.bench_function("features", |b| {
        b.iter(|| tokens.iter().map(|t| extractor.extract(&text, black_box(t)).ngrams.len()).sum::<usize>());
    });
    group.bench_function("features and heads", |b| {
        b.iter(|| tokens.iter().map(|t| scorer.logits(&text, black_box(t)).logits[0]).sum::<f64>());
    });
    group.finish();
}

/// The whole line: one sentence, one article, one article with its reasons, ten thousand sentences.
fn score(c: &mut Criterion) {
    let scorer = Scorer::open(&bundle()).expect("the shipped bundle");
    let corpus = corpus();
    let run = |document: &Document, options: &Options| scorer.score(document, options).expect("a report");
    let one = Options { unit: Unit::Sentence, ..Options::default() };

    let mut group = c.benchmark_group("score");
    // The sentence of middling length among the first hundred and one.
    let mut some: Vec<&String> = corpus.iter().take(101).collect();
    some.sort_by_key(|s| s.len());
    let sentence = Document::new("sentence", some[50].as_str());
    per(&mut group, 1, sentence.text().len());
    group.bench_function("one sentence", |b| b.iter(|| run(black_box(&sentence), &one)));

    let article = Document::new("article", prose(&corpus, ARTICLE));
    per(&mut group, sentences(article.text()).len(), article.text().len());
    group.bench_function("one article", |b| b.iter(|| run(black_box(&article), &Options::default())));
    let explain = Options { explain: true, ..Options::default() };
    group.bench_function("one article, explained", |b| b.iter(|| run(black_box(&article), &explain)));

    let many: Vec<Document> =
        corpus.iter().take(10_000).enumerate().map(|(i, s)| Document::new(i.to_string(), s.as_str())).collect();
    per(&mut group, many.len(), many.iter().map(|d| d.text().len()).sum());
    group.sample_size(10);
    group.bench_function("10,000 sentences, one thread", |b| {
        b.iter(|| many.iter().map(|d| run(d, &one).document.words).sum::<usize>());
    });
    group.bench_function("10,000 sentences, all threads", |b| {
        b.iter(|| many.par_iter().map(|d| run(d, &one).document.words).sum::<usize>());
    });
    group.finish();
}

/// One document of 100 kB and one of 1 MB: ten times the bytes, ten times the time.
fn linearity(c: &mut Criterion) {
    let scorer = Scorer::open(&bundle()).expect("the shipped bundle");
    let corpus = corpus();
    let mut group = c.benchmark_group("one document");
    group.sample_size(10);
    for (name, bytes) in [("100 kB", 100_000), ("1 MB", 1_000_000)] {
        let document = Document::new(name, prose(&corpus, bytes));
        per(&mut group, sentences(document.text()).len(), document.text().len());
        group.bench_function(name, |b| b.iter(|| scorer.score(&document, &Options::default()).expect("a report")));
    }
    // A megabyte without a full stop: what a broken scrape or a hostile input looks like.
    let endless = prose(&corpus, 1_000_000).replace(['.', '!', '?', '\n'], " ");
    let document = Document::new("1 MB, no full stop", endless);
    per(&mut group, sentences(document.text()).len(), document.text().len());
    group.bench_function("1 MB, no full stop", |b| {
        b.iter(|| scorer.score(&document, &Options::default()).expect("a report"));
    });
    group.finish();
}

/// Reading the shipped bundle from disk, checks included.
fn load(c: &mut Criterion) {
    let folder = bundle();
    let bytes: u64 = std::fs::read_dir(&folder)
        .expect("the shipped bundle")
        .map(|file| file.and_then(|f| f.metadata()).map_or(0, |m| m.len()))
        .sum();
    let mut group = c.benchmark_group("bundle");
    group.throughput(Throughput::Bytes(bytes));
    group.sample_size(20);
    group.bench_function("load", |b| b.iter(|| Scorer::open(black_box(&folder)).expect("the shipped bundle")));
    group.finish();
}

criterion_group!(benches, stages, score, linearity, load);
criterion_main!(benches);
