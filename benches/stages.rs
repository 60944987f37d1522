//! How fast each stage is, alone, on one article, in both languages.
//!
//! In: a shipped bundle, and what the stages before make of the article. Out: criterion's times, with bytes and
//! sentences a second. Start at [`stages`]; they stand in the order of the line (`src/README.md`).
#![allow(clippy::expect_used, missing_docs)]

mod text;

use criterion::{Criterion, criterion_group, criterion_main};
use parallax::corpus::{Inputs, Reading, Source};
use parallax::features::names;
use parallax::fold::{Reader, Tables};
use parallax::heads::region::RegionHead;
use parallax::report::{csv, html, json};
use parallax::score::{Defaults, Options, Route, Scorer};
use parallax::text::{Document, Span, Tokens, lines, mark_quoted, noise, quoted, sentences};
use std::hint::black_box;
use text::{ARTICLE, Corpus, LANGS, bundle, per};

/// From the input's bytes to the sentences' logits, and from a report to what is written.
fn stages(c: &mut Criterion) {
    for lang in LANGS {
        let scorer = Scorer::open(&bundle(lang)).expect("the shipped bundle");
        let corpus = Corpus::read(lang);
        let document = Document::new("article", corpus.prose(ARTICLE, 0));
        before(c, lang, &scorer, &document);
        looked_up(c, lang, &scorer, &document);
        computed(c, lang, &scorer, &document);
        written(c, lang, &scorer, &document);
    }
}

/// Input, lines, regions, languages, sentences, noise and quotations.
fn before(c: &mut Criterion, lang: &str, scorer: &Scorer, document: &Document) {
    let text = document.text();
    let spans = sentences(text);
    let mut group = c.benchmark_group(format!("stage/{lang}"));
    per(&mut group, spans.len(), text.len());
    let record = serde_json::json!({ "id": "a", "text": text }).to_string() + "\n";
    let paragraphs: String = text.split("\n\n").map(|p| format!("<p>{p}</p>")).collect();
    let page = format!("<!doctype html><html><body><article><h1>News</h1>{paragraphs}</article></body></html>");
    for (name, input) in [("input, JSONL", record), ("input, HTML", page)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let source =
                    Source::Stream { name: "input".into(), read: Box::new(std::io::Cursor::new(input.clone())) };
                Inputs::new(vec![source], Reading::default())
                    .map(|d| d.expect("a document").text().len())
                    .sum::<usize>()
            });
        });
    }
    group.bench_function("lines", |b| b.iter(|| lines(black_box(text)).count()));
    group.bench_function("regions", |b| b.iter(|| RegionHead::shipped().regions(black_box(text))));
    group.bench_function("regions and languages", |b| {
        b.iter(|| Route::new(black_box(document), &Options::default(), &Defaults::default()));
    });
    group.bench_function("sentences", |b| b.iter(|| sentences(black_box(text))));
    let mask = scorer.bundle().mask();
    group.bench_function("noise", |b| b.iter(|| noise(text, black_box(&spans), &|word| mask.is_common(word))));
    group.bench_function("quotations", |b| b.iter(|| quoted(black_box(text))));
    group.finish();
}

/// Tokens, names, spans and logits as they are scored: looked up and added.
fn looked_up(c: &mut Criterion, lang: &str, scorer: &Scorer, document: &Document) {
    let (bundle, text) = (scorer.bundle(), document.text());
    let (spans, quotes) = (sentences(text), quoted(text));
    let (tables, mut reader) = (Tables::new(bundle), Reader::default());
    let mut group = c.benchmark_group(format!("stage, looked up/{lang}"));
    per(&mut group, spans.len(), text.len());
    group.bench_function("tokens, names and spans", |b| {
        b.iter(|| {
            for span in &spans {
                black_box(reader.read(bundle, &tables, text, *span, &[], &quotes).expect("tokens"));
            }
        });
    });
    group.bench_function("tokens, names, spans and heads", |b| {
        b.iter(|| {
            for span in &spans {
                black_box(reader.read(bundle, &tables, text, *span, &[], &quotes).expect("tokens"));
                reader.score(bundle, &tables, text);
                black_box(&reader.logits);
            }
        });
    });
    group.bench_function("tables made", |b| b.iter(|| Tables::new(black_box(bundle))));
    group.finish();
}

/// The same feature by feature: what holds for reasons, for training and for the first time that a word is met.
fn computed(c: &mut Criterion, lang: &str, scorer: &Scorer, document: &Document) {
    let (bundle, text) = (scorer.bundle(), document.text());
    let (spans, quotes) = (sentences(text), quoted(text));
    let tokenize = |span: &Span| bundle.tokenizer().tokenize(text, *span).expect("tokens");
    let flagged = |span: &Span| {
        let mut tokens = tokenize(span);
        mark_quoted(&mut tokens, &quotes);
        bundle.mask().flag(text, &mut tokens);
        tokens
    };
    let tokens: Vec<Tokens> = spans.iter().map(flagged).collect();
    let merged = |tokens: &Tokens| {
        let mut tokens = tokens.clone();
        names::merge(text, &mut tokens);
        tokens
    };
    let whole: Vec<Tokens> = tokens.iter().map(merged).collect();
    let (heads, extractor) = (bundle.span_heads(), bundle.extractor());
    let mut group = c.benchmark_group(format!("stage, computed/{lang}"));
    per(&mut group, spans.len(), text.len());
    group.bench_function("tokens", |b| b.iter(|| spans.iter().map(tokenize).map(|t| t.tokens.len()).sum::<usize>()));
    group.bench_function("tokens and names", |b| {
        b.iter(|| spans.iter().map(flagged).map(|t| t.tokens.len()).sum::<usize>());
    });
    group.bench_function("spans", |b| {
        b.iter(|| {
            tokens.iter().map(|t| heads.find(bundle.dense(), text, black_box(t), false).loaded.len()).sum::<usize>()
        });
    });
    group.bench_function("features", |b| {
        b.iter(|| whole.iter().map(|t| extractor.extract(text, black_box(t)).ngrams.len()).sum::<usize>());
    });
    group.bench_function("features and heads", |b| {
        b.iter(|| whole.iter().map(|t| scorer.logits(text, black_box(t)).logits[0]).sum::<f64>());
    });
    group.finish();
}

/// The report of the article, in each format.
fn written(c: &mut Criterion, lang: &str, scorer: &Scorer, document: &Document) {
    let report = scorer.score(document, &Options::default()).expect("a report");
    let mut group = c.benchmark_group(format!("stage, written/{lang}"));
    per(&mut group, report.sentences.len(), document.text().len());
    group.bench_function("JSON Lines", |b| {
        b.iter(|| {
            let mut out = json::Lines::new(std::io::sink());
            out.write(black_box(&report)).expect("written");
        });
    });
    group.bench_function("CSV, sentences", |b| {
        b.iter(|| {
            let mut out = csv::Rows::new(csv::Table::Sentences, std::io::sink());
            out.write(document, black_box(&report)).and_then(|()| out.finish().map(drop)).expect("written");
        });
    });
    group.bench_function("HTML", |b| {
        b.iter(|| {
            let mut out = html::Pages::new(std::io::sink());
            out.write(document, black_box(&report)).and_then(|()| out.finish().map(drop)).expect("written");
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
