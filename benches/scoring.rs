//! How fast the whole line is: text → report, in both languages, from a post to one long document.
//!
//! In: both shipped bundles, and the texts of `text/`. Out: criterion's times, with bytes and sentences a second;
//! `benches/README.md` says how to read them. Start at [`whole`]. The stages are in `stages.rs`, and what no newsroom
//! writes in `noisy.rs`.
#![allow(clippy::expect_used, missing_docs)]

mod text;

use criterion::{Criterion, criterion_group, criterion_main};
use parallax::score::{Desk, Options, Scorer, Targets, Unit};
use parallax::text::{Document, sentences};
use rayon::prelude::*;
use std::hint::black_box;
use text::noise::target;
use text::{ARTICLE, Corpus, LANGS, POST, desk, is_smoke, largest, per};

/// Scores a document; its number of words.
fn score(desk: &Desk, document: &Document, options: &Options) -> usize {
    desk.score(black_box(document), options).expect("a report").document.words
}

/// A post, a sentence, an article: each alone, as a reader waits for it.
fn one(c: &mut Criterion) {
    let desk = desk();
    let article = Options::default();
    let sentence = Options { unit: Unit::Sentence, ..article };
    for lang in LANGS {
        let corpus = Corpus::read(lang);
        // The sentence of middling length among the first hundred and one.
        let mut some: Vec<&String> = corpus.sentences.iter().take(101).collect();
        some.sort_by_key(|s| s.len());
        let texts = [
            ("sentence", some[some.len() / 2].clone(), sentence),
            ("post", corpus.prose(POST, 0), article),
            ("article", corpus.prose(ARTICLE, 0), article),
            ("article, explained", corpus.prose(ARTICLE, 0), Options { explain: true, ..article }),
        ];
        let mut group = c.benchmark_group(format!("score one/{lang}"));
        for (name, text, options) in texts {
            let document = Document::new(name, text);
            per(&mut group, sentences(document.text()).len(), document.text().len());
            group.bench_function(name, |b| b.iter(|| score(&desk, &document, &options)));
        }
        group.finish();
    }
}

/// Stances toward a target that was asked for and stands in each sentence.
fn stances(c: &mut Criterion) {
    for lang in LANGS {
        let (name, alias) = target(lang);
        let forms = vec![name.to_owned(), alias.to_owned()];
        let desk = desk().toward(Targets::new(&[name.to_owned()], vec![(name.to_owned(), forms)]));
        let document = Document::new("article", text::noise::toward(&Corpus::read(lang), ARTICLE, 0));
        let mut group = c.benchmark_group(format!("score toward a target/{lang}"));
        per(&mut group, sentences(document.text()).len(), document.text().len());
        group.bench_function("article", |b| b.iter(|| score(&desk, &document, &Options::default())));
        group.finish();
    }
}

/// Many sentences and many articles, on one thread and on all.
fn many(c: &mut Criterion) {
    let desk = desk();
    let (sentence, article) = (Options { unit: Unit::Sentence, ..Options::default() }, Options::default());
    let number = if is_smoke() { 10 } else { 10_000 };
    for lang in LANGS {
        let corpus = Corpus::read(lang);
        let documents = |texts: Vec<String>| -> Vec<Document> {
            texts.into_iter().enumerate().map(|(i, text)| Document::new(i.to_string(), text)).collect()
        };
        let alone = documents(corpus.from(0).take(number).map(str::to_owned).collect());
        let articles = documents((0..number / 50).map(|part| corpus.prose(ARTICLE, part)).collect());
        let mut group = c.benchmark_group(format!("score many/{lang}"));
        group.sample_size(10);
        let heads = ["bias", "subjective", "tone"].map(str::to_owned);
        let scorer = Scorer::open(&text::bundle(lang)).and_then(|scorer| scorer.only(&heads)).expect("its heads");
        let mut ready = scorer.ready();
        let mut first = |d: &Document| ready.score(d.text()).expect("probabilities").first().copied();
        per(&mut group, alone.len(), alone.iter().map(|d| d.text().len()).sum());
        group.bench_function("sentence heads of sentences, no report, one thread", |b| {
            b.iter(|| alone.iter().filter_map(&mut first).sum::<f64>());
        });
        for (name, documents, options) in [("sentences", &alone, sentence), ("articles", &articles, article)] {
            let cut = documents.iter().map(|d| sentences(d.text()).len()).sum();
            per(&mut group, cut, documents.iter().map(|d| d.text().len()).sum());
            group.bench_function(format!("{name}, one thread"), |b| {
                b.iter(|| documents.iter().map(|d| score(&desk, d, &options)).sum::<usize>());
            });
            group.bench_function(format!("{name}, all threads"), |b| {
                b.iter(|| documents.par_iter().map(|d| score(&desk, d, &options)).sum::<usize>());
            });
        }
        group.finish();
    }
}

/// One long document of prose, and the same without a full stop: what a broken scrape looks like.
fn long(c: &mut Criterion) {
    let desk = desk();
    for lang in LANGS {
        let corpus = Corpus::read(lang);
        let mut group = c.benchmark_group(format!("score one long document/{lang}"));
        group.sample_size(10);
        for bytes in [100_000, 1_000_000, 10_000_000, 100_000_000].into_iter().filter(|bytes| *bytes <= largest()) {
            let prose = corpus.prose(bytes, 0);
            let endless = prose.replace(['.', '!', '?', '؟', '\n'], " ");
            for (name, text) in [("prose", prose), ("no full stop", endless)] {
                let document = Document::new(name, text);
                per(&mut group, sentences(document.text()).len(), document.text().len());
                let name = format!("{name}, {}", text::shown(bytes));
                group.bench_function(name, |b| b.iter(|| score(&desk, &document, &Options::default())));
            }
        }
        group.finish();
    }
}

/// All groups.
fn whole(c: &mut Criterion) {
    one(c);
    stances(c);
    many(c);
    long(c);
}

criterion_group!(benches, whole);
criterion_main!(benches);
