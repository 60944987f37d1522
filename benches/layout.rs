//! What a byte costs before its words are looked up: lines, regions, languages, sentences, noise and quotations, of
//! prose and of every kind of noise.
//!
//! In: the shipped bundles, and the texts of `text/`. Out: a table of nanoseconds a byte for texts of a megabyte, and
//! how many times more that is than in texts of 100 kB. Start at [`main`]. The whole line is in `linearity.rs`.
//!
//! ```sh
//! cargo bench --bench layout                  # all kinds
//! cargo bench --bench layout -- 'no blanks'   # those whose name, after its language, has this
//! ```
#![allow(clippy::expect_used, missing_docs)]

mod text;

use parallax::heads::region::RegionHead;
use parallax::score::{Defaults, Options, Route, Scorer};
use parallax::text::{Document, lines, noise, quoted, sentences};
use std::hint::black_box;
use std::time::Duration;
use text::clock::Clock;
use text::noise::NOISE;
use text::{Corpus, LANGS, bundle, is_smoke};

/// The stages, in the order of [`costs`].
const STAGES: [&str; 6] = ["lines", "regions", "+ languages", "sentences", "noise", "quotations"];

/// The sizes of texts: the second is shown, and its growth over the first.
const SIZES: [usize; 2] = [100_000, 1_000_000];

/// Every stage is repeated for so long: the clock ticks in milliseconds.
const LONG_ENOUGH: Duration = Duration::from_millis(60);

/// Nanoseconds a byte of each stage.
fn costs(scorer: &Scorer, text: &str) -> [f64; STAGES.len()] {
    let document = Document::new("text", text);
    let spans = sentences(text);
    let mask = scorer.bundle().mask();
    let per_byte = |stage: &dyn Fn()| {
        let (mut times, clock) = (0, Clock::start());
        while times == 0 || clock.elapsed() < LONG_ENOUGH && !is_smoke() {
            stage();
            times += 1;
        }
        clock.elapsed().as_nanos() as f64 / (times * text.len()) as f64
    };
    [
        per_byte(&|| {
            black_box(lines(text).count());
        }),
        per_byte(&|| drop(black_box(RegionHead::shipped().regions(text)))),
        per_byte(&|| drop(black_box(Route::new(&document, &Options::default(), &Defaults::default())))),
        per_byte(&|| drop(black_box(sentences(text)))),
        per_byte(&|| drop(black_box(noise(text, &spans, &|word| mask.is_common(word))))),
        per_byte(&|| drop(black_box(quoted(text)))),
    ]
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    for lang in LANGS {
        let (corpus, scorer) = (Corpus::read(lang), Scorer::open(&bundle(lang)).expect("the shipped bundle"));
        println!("{:<44}{}", "ns a byte of 1 MB (times that of 100 kB)", STAGES.map(|s| format!("{s:>16}")).concat());
        let prose = ("prose", Corpus::prose as fn(&Corpus, usize, usize) -> String);
        for (name, make) in [prose].into_iter().chain(NOISE.iter().map(|noise| (noise.name, noise.make))) {
            let name = format!("{lang}: {name}");
            if !wanted.is_empty() && !wanted.iter().any(|w| name.contains(w)) {
                continue;
            }
            let sizes = if is_smoke() { [1_000, 2_000] } else { SIZES };
            let [short, long] = sizes.map(|size| costs(&scorer, &make(&corpus, size, 0)));
            let cell = |at: usize| format!("{:>9.1} ({:>4.1})", long[at], long[at] / short[at]);
            println!("{name:<44}{}", (0..STAGES.len()).map(cell).collect::<String>());
        }
        println!();
    }
}
