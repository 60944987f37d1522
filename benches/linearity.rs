//! Whether the cost of a byte is flat: from short texts to huge ones, from news prose to every kind of noise.
//!
//! In: the shipped bundles, and the texts of `text/`. Out: a table of nanoseconds a byte; exit code 1 where a byte
//! costs more than [`GROWTH`] times what it does in a shorter text, or more than [`DEARER`] times what it does in
//! prose. Start at [`main`].
//!
//! ```sh
//! cargo bench --bench linearity                      # 1 kB to 1 MB
//! cargo bench --bench linearity -- 'no blanks' en:   # only kinds whose name, after its language, has one of these
//! PARALLAX_LARGEST=10 cargo bench --bench linearity  # to 10 MB; 100 goes to 100 MB
//! ```
//!
//! Of each size as many different texts are scored as make a megabyte, so that no size has it easier in the caches.
//! `cold` is the first megabyte that a bundle just read scores: its words are met for the first time.
#![allow(clippy::expect_used, missing_docs)]

mod text;

use parallax::score::{Desk, Options, Targets};
use parallax::text::Document;
use std::process::ExitCode;
use std::time::Duration;
use text::clock::Clock;
use text::noise::{NOISE, target};
use text::{Corpus, LANGS, is_smoke, shown};

/// No byte of a text may cost so many times what one of a shorter text of its kind does.
const GROWTH: f64 = 1.5;

/// No byte may cost so many times what one of prose does.
const DEARER: f64 = 5.0;

/// The sizes of texts, in bytes.
const SIZES: [usize; 6] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// At least so many bytes are scored at a time; with `--quick` a tenth.
const AT_LEAST: usize = 1_000_000;

/// What is done sooner is done again, until so much time is spent: the clock ticks in milliseconds.
const LONG_ENOUGH: Duration = Duration::from_millis(300);

/// A size that would take longer, at the cost of a byte so far and its growth, is left out, and the cost counts as growing.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a byte costs, in nanoseconds.
struct Costs {
    name: String,
    /// By size; fewer where patience ended.
    warm: Vec<f64>,
    cold: f64,
}

impl Costs {
    /// How many times more than in a shorter text a byte costs, at most.
    fn growth(&self) -> f64 {
        let mut least = f64::INFINITY;
        let mut growth: f64 = 1.0;
        for cost in &self.warm {
            growth = growth.max(cost / least);
            least = least.min(*cost);
        }
        growth
    }

    /// How many times what it costs in prose, at most; warm and cold.
    fn beside(&self, prose: &Self) -> (f64, f64) {
        let warm = self.warm.iter().zip(&prose.warm).map(|(a, b)| a / b).fold(0.0, f64::max);
        (warm, self.cold / prose.cold)
    }
}

/// Both bundles, just read: no word has been met.
fn desk(lang: &str, targets: bool) -> Desk {
    let desk = if targets {
        let (name, alias) = target(lang);
        text::desk()
            .toward(Targets::new(&[name.to_owned()], vec![(name.to_owned(), vec![name.to_owned(), alias.to_owned()])]))
    } else {
        text::desk()
    };
    for text in ["The council met on Tuesday.", "اجتمع المجلس يوم الثلاثاء."] {
        score(&desk, &[Document::new("first", text)]);
    }
    desk
}

/// How long the processor takes to score these.
fn score(desk: &Desk, documents: &[Document]) -> Duration {
    let clock = Clock::start();
    for document in documents {
        std::hint::black_box(desk.score(document, &Options::default()).expect("a report"));
    }
    clock.elapsed()
}

/// The same once they were scored before: the mean of as many times as make it long enough.
fn score_again(desk: &Desk, documents: &[Document]) -> Duration {
    let (mut spent, mut times) = (Duration::ZERO, 0);
    while times == 0 || spent < LONG_ENOUGH && !is_smoke() {
        spent += score(desk, documents);
        times += 1;
    }
    spent / times
}

fn costs(name: String, corpus: &Corpus, run: &Run, targets: bool, make: impl Fn(usize, usize) -> String) -> Costs {
    let texts = |size: usize| -> Vec<Document> {
        (0..run.at_least.div_ceil(size)).map(|part| Document::new("text", make(size, part))).collect()
    };
    let per_byte = |time: Duration, documents: &[Document]| {
        time.as_nanos() as f64 / documents.iter().map(|d| d.text().len()).sum::<usize>() as f64
    };
    let desk = desk(corpus.lang, targets);
    let documents = texts(run.at_least);
    let cold = per_byte(score(&desk, &documents), &documents);
    let mut warm = Vec::new();
    for size in &run.sizes {
        if expected(&warm) * (*size).max(run.at_least) as f64 > PATIENCE.as_nanos() as f64 {
            break;
        }
        let documents = texts(*size);
        score(&desk, &documents);
        warm.push(per_byte(score_again(&desk, &documents), &documents));
    }
    Costs { name, warm, cold }
}

/// What a byte of the next size will cost, if it grows as before.
fn expected(costs: &[f64]) -> f64 {
    match costs {
        [.., before, last] => last * (last / before).max(1.0),
        _ => costs.last().copied().unwrap_or(0.0),
    }
}

/// What is asked for.
struct Run {
    sizes: Vec<usize>,
    at_least: usize,
    /// Kinds whose name has one of these; all if there are none.
    wanted: Vec<String>,
}

impl Run {
    fn asked() -> Self {
        let (flags, wanted): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
        let has = |flag: &str| flags.iter().any(|f| f == flag);
        let mut sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= text::largest()).collect();
        let mut at_least = if has("--quick") { AT_LEAST / 10 } else { AT_LEAST };
        let mut wanted = wanted;
        if is_smoke() {
            sizes.truncate(1);
            at_least = sizes.iter().sum();
            wanted.push("emoji alone".to_owned());
        }
        Self { sizes, at_least, wanted }
    }

    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| name.contains(wanted))
    }
}

fn main() -> ExitCode {
    let run = Run::asked();
    // What is done on all threads is done on this one, whose time is taken.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let is_flat = pool.install(|| LANGS.map(|lang| table(lang, &run)).iter().all(|is_flat| *is_flat));
    if is_flat || is_smoke() {
        return ExitCode::SUCCESS;
    }
    println!(
        "! a byte costs more than {GROWTH} times what it does in a shorter text, or {DEARER} times what it does in prose"
    );
    ExitCode::FAILURE
}

/// Prints the table of a language; whether all its costs are flat.
fn table(lang: &'static str, run: &Run) -> bool {
    let corpus = Corpus::read(lang);
    let named: Vec<String> = run.sizes.iter().map(|size| shown(*size)).collect();
    println!("{:<44}{}{:>8}{:>9}{:>8}{:>9}", "ns a byte", columns(&named), "growth", "× prose", "cold", "× prose");
    let prose = costs(format!("{lang}: prose"), &corpus, run, false, |size, part| corpus.prose(size, part));
    let mut is_flat = print(&prose, &prose, &run.sizes);
    for noise in NOISE {
        let name = format!("{lang}: {}", noise.name);
        if run.wants(&name) {
            let costs = costs(name, &corpus, run, noise.targets, |size, part| (noise.make)(&corpus, size, part));
            is_flat &= print(&costs, &prose, &run.sizes);
        }
    }
    println!();
    is_flat
}

/// Prints a row; whether its costs are flat.
fn print(costs: &Costs, prose: &Costs, sizes: &[usize]) -> bool {
    let mut cells: Vec<String> = costs.warm.iter().map(|cost| format!("{cost:.1}")).collect();
    cells.resize(sizes.len(), "–".into());
    let (warm, cold) = costs.beside(prose);
    let (growth, mark) = (costs.growth(), |bad: bool| if bad { "!" } else { " " });
    let ended = costs.warm.len() < sizes.len();
    println!(
        "{:<44}{}{growth:>7.1}{}{warm:>8.1}{}{:>8.1}{cold:>8.1}{}",
        costs.name,
        columns(&cells),
        mark(growth > GROWTH || ended),
        mark(warm > DEARER),
        costs.cold,
        mark(cold > DEARER),
    );
    growth <= GROWTH && warm <= DEARER && cold <= DEARER && !ended
}

fn columns(cells: &[String]) -> String {
    cells.iter().map(|cell| format!("{cell:>9}")).collect()
}
