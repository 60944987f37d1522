//! The text that is timed: news prose in either language, and its [`noise`].
//!
//! In: the shipped contrast families, names filled in with a fixed seed, and nothing else. Out: texts of any size, the
//! same on every machine. Start at [`Corpus::prose`]; what no newsroom would write is in `noise.rs`.
#![allow(dead_code)]

pub mod clock;
pub mod noise;

use criterion::{BenchmarkGroup, Throughput, measurement::WallTime};
use parallax::score::Desk;
use parallax::train::{contrast, expand, names};
use std::path::{Path, PathBuf};

/// The languages that bundles ship for.
pub const LANGS: [&str; 2] = ["en", "ar"];

/// Bytes of what is called an article here.
pub const ARTICLE: usize = 5_000;

/// Bytes of what is called a post here.
pub const POST: usize = 280;

/// Documents that differ begin so many sentences apart; it shares no factor with any number of sentences here.
const APART: usize = 101;

/// The folder of the repository.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of a language's shipped bundle.
pub fn bundle(lang: &str) -> PathBuf {
    home().join("models").join(lang)
}

/// Both shipped bundles; nothing is read before the first text.
pub fn desk() -> Desk {
    Desk::of_folders(LANGS.map(|lang| (lang.to_owned(), bundle(lang))))
}

/// Whether it is only to be seen that everything runs.
pub fn is_smoke() -> bool {
    std::env::args().any(|arg| arg == "--test")
}

/// Bytes of the longest text: `PARALLAX_LARGEST` in MB, one if nothing is said. To see that it runs, a tenth will do.
pub fn largest() -> usize {
    let asked = std::env::var("PARALLAX_LARGEST").ok().and_then(|mb| mb.parse().ok());
    let megabytes: f64 = if is_smoke() { 0.1 } else { asked.unwrap_or(1.0) };
    (megabytes * 1e6) as usize
}

/// How a number of bytes is shown.
pub fn shown(bytes: usize) -> String {
    if bytes < 1_000_000 { format!("{} kB", bytes / 1_000) } else { format!("{} MB", bytes / 1_000_000) }
}

/// Both units of throughput: criterion prints sentences as elements, and bytes.
pub fn per(group: &mut BenchmarkGroup<'_, WallTime>, elements: usize, bytes: usize) {
    group.throughput(Throughput::ElementsAndBytes { elements: elements as u64, bytes: bytes as u64 });
}

/// Sentences of one language.
pub struct Corpus {
    /// `en` or `ar`.
    pub lang: &'static str,
    /// In a fixed order in which neighbours are of different families.
    pub sentences: Vec<String>,
}

impl Corpus {
    /// The sentences of all shipped families of a language, names filled in.
    pub fn read(lang: &'static str) -> Self {
        let names = names::Names::read(&home().join(format!("training/names/{lang}.toml"))).expect("the name tables");
        let settings = expand::Settings { instances: 4, seed: 1 };
        let folder = std::fs::read_dir(home().join("training/contrast")).expect("the contrast families");
        let mut files: Vec<PathBuf> = folder.map(|file| file.expect("a file").path()).collect();
        files.sort();
        let prefix = format!("contrast_{lang}");
        files.retain(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)));
        let mut families = Vec::new();
        for file in &files {
            families.extend(contrast::read(file).expect("the contrast families"));
        }
        let records = expand::expand(&families, &names, &settings).expect("the families filled").records;
        // A stride that shares no factor with the length visits every record once.
        let (n, stride) = (records.len(), 7_919);
        assert!(n % stride != 0 && n % APART != 0 && n >= 5_000, "{n} sentences");
        Self { lang, sentences: (0..n).map(|i| records[i * stride % n].text.clone()).collect() }
    }

    /// The sentences without end, from another one for each `part`.
    pub fn from(&self, part: usize) -> impl Iterator<Item = &str> {
        let first = part * APART % self.sentences.len();
        self.sentences.iter().cycle().skip(first).map(String::as_str)
    }

    /// The words of [`Corpus::from`].
    pub fn words(&self, part: usize) -> impl Iterator<Item = &str> {
        self.from(part).flat_map(str::split_whitespace)
    }

    /// News prose of about so many bytes, three sentences a paragraph; another text for each `part`.
    pub fn prose(&self, bytes: usize, part: usize) -> String {
        let ends = [" ", " ", "\n\n"].into_iter().cycle();
        filled(bytes, self.from(part).zip(ends).flat_map(|(sentence, end)| [sentence, end]))
    }
}

/// Pieces put together until they are at least so many bytes.
pub fn filled<S: AsRef<str>>(bytes: usize, pieces: impl IntoIterator<Item = S>) -> String {
    let mut text = String::with_capacity(bytes + 1_000);
    for piece in pieces {
        if text.len() >= bytes {
            break;
        }
        text.push_str(piece.as_ref());
    }
    text
}
