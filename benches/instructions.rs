//! One article, scored again and again: what `instructions.sh` counts the instructions of.
//!
//! In: a language and how many times, as arguments (`en 20`). Out: nothing. Start at [`main`].
#![allow(clippy::expect_used, missing_docs)]

mod text;

use parallax::score::Options;
use parallax::text::Document;
use std::hint::black_box;
use text::{ARTICLE, Corpus, LANGS, desk};

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let lang = LANGS.into_iter().find(|lang| asked.first().is_some_and(|a| a == lang)).unwrap_or(LANGS[0]);
    let times: usize = asked.get(1).and_then(|times| times.parse().ok()).unwrap_or(1);
    let (desk, document) = (desk(), Document::new("article", Corpus::read(lang).prose(ARTICLE, 0)));
    for _ in 0..times {
        black_box(desk.score(black_box(&document), &Options::default()).expect("a report"));
    }
}
