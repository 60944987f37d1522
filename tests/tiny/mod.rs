//! A vocabulary, labelled sentences and a recipe so small that a bundle is trained in a second.
//!
//! In: nothing. Out: [`Tiny`], made once for each test program below cargo's folder for tests. Start at
//! [`tiny`]; [`altered`] makes the damaged bundles.

use super::run::parallax;
use assert_cmd::Command;
use parallax::model::container::Digests;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// Numbers of a token vector.
const WIDTH: usize = 16;

/// Words with a vector of their own, and its numbers.
const WORDS: [&str; 6] = ["shameless", "splendid", "council", "said", "crowed", "parliament"];
const WORD_WIDTH: usize = 4;

/// Articles, and sentences of each.
const GROUPS: usize = 12;
const SENTENCES: usize = 7;

/// A recipe without families; few n-grams, so that files stay small.
pub const RECIPE: &str = r#"name = "tiny"
version = "1.0.0"
folds = 3
card = "A bundle for tests."

[ngrams]
words = 1
shortest = 3
longest = 3
word_sentences = 3
character_sentences = 6

[stack]
l2 = [10.0, 30.0]
"#;

/// Where the parts of the tiny bundle are.
pub struct Tiny {
    /// The bundle without heads, made by `parallax vectors`.
    pub base: PathBuf,
    /// [`rows`] as a file.
    pub data: PathBuf,
    /// [`RECIPE`] as a file.
    pub recipe: PathBuf,
    /// The bundle trained on all of it.
    pub bundle: PathBuf,
}

/// The tiny bundle and what it is made of.
pub fn tiny() -> &'static Tiny {
    static TINY: OnceLock<Tiny> = OnceLock::new();
    TINY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let at = |name: &str| folder.join(name);
        let tiny = Tiny { base: at("base"), data: at("data.jsonl"), recipe: at("recipe.toml"), bundle: at("tiny") };
        fs::write(&tiny.data, jsonl(&rows())).unwrap();
        fs::write(&tiny.recipe, RECIPE).unwrap();
        let pieces = vocabulary();
        fs::write(at("vocab.txt"), pieces.join("\n") + "\n").unwrap();
        fs::write(at("vectors.f32"), floats(pieces.len() * WIDTH)).unwrap();
        let mut make = parallax();
        make.args(["vectors", "--width", &WIDTH.to_string(), "--vocab"]).arg(at("vocab.txt"));
        fs::write(at("words.txt"), WORDS.join("\n") + "\n").unwrap();
        fs::write(at("words.f32"), floats(WORDS.len() * WORD_WIDTH)).unwrap();
        make.arg("--words").arg(at("words.txt")).arg("--word-vectors").arg(at("words.f32"));
        make.args(["--word-width", &WORD_WIDTH.to_string()]);
        fs::write(at("names.txt"), "أردن\nولايات متحدة\n").unwrap();
        make.arg("--names").arg(at("names.txt"));
        make.arg("--vectors").arg(at("vectors.f32")).arg("--out").arg(&tiny.base).assert().success();
        train_on(&tiny, &tiny.bundle).assert().success();
        tiny
    })
}

/// `parallax train` of the tiny recipe, data and base, as the bundle `out`.
pub fn train(out: &Path) -> Command {
    train_on(tiny(), out)
}

fn train_on(tiny: &Tiny, out: &Path) -> Command {
    let mut command = train_with(&tiny.base, &tiny.recipe, out);
    command.arg("--data").arg(&tiny.data);
    command
}

/// `parallax train` without data.
pub fn train_with(base: &Path, recipe: &Path, out: &Path) -> Command {
    let mut command = parallax();
    command.arg("train").arg("--base").arg(base).arg("--recipe").arg(recipe).arg("--out").arg(out);
    command
}

/// Labelled sentences: the heads `bias`, `tone` and the user's own `genre`; the first half of the
/// articles has loaded terms, attributions and stances marked.
pub fn rows() -> Vec<Value> {
    const ACTORS: [(&str, &str); 6] = [
        ("harbour council", "politics"),
        ("rowing club", "sport"),
        ("weather office", "weather"),
        ("town parliament", "politics"),
        ("chess team", "sport"),
        ("river station", "weather"),
    ];
    const TIMES: [&str; 5] = ["Monday", "Tuesday", "Thursday", "April", "August"];
    // Bias, tone, the sentence with the actor and the time left open, and its loaded words.
    type Told = (u8, &'static str, &'static str, &'static [(&'static str, &'static str)]);
    const TOLD: [Told; SENTENCES] = [
        (0, "neutral", "The {A} met on {T}.", &[]),
        (0, "neutral", "Figures for {T} were published by the {A}.", &[]),
        (0, "negative", "The {A} lost a long dispute in {T}.", &[]),
        (0, "positive", "The {A} won a prize on {T}, a clerk said.", &[]),
        (
            1,
            "negative",
            "The shameless {A} betrayed the town again on {T}!",
            &[("shameless", "evaluative"), ("betrayed", "evaluative")],
        ),
        (
            1,
            "negative",
            "So-called experts of the {A} crowed about {T}.",
            &[("So-called", "doubt"), ("crowed", "evaluative")],
        ),
        (
            1,
            "positive",
            "What a splendid triumph for the {A} this {T}!",
            &[("splendid", "evaluative"), ("triumph", "exaggeration")],
        ),
    ];
    let mut rows = Vec::new();
    for group in 0..GROUPS {
        for (number, (bias, tone, sentence, loaded)) in TOLD.iter().enumerate() {
            let (actor, genre) = ACTORS[(group + number) % ACTORS.len()];
            let text = sentence.replace("{A}", actor).replace("{T}", TIMES[(group * 3 + number) % TIMES.len()]);
            let span = |(word, kind): &(&str, &str)| {
                let start = text.find(word).unwrap();
                json!({"start": start, "end": start + word.len(), "kind": kind})
            };
            let spans: Vec<Value> = loaded.iter().map(span).collect();
            let mut row = json!({
                "id": format!("{group}:{number}"), "lang": "en", "group": format!("article-{group}"), "text": text,
                "labels": {"bias": bias, "tone": tone, "genre": genre},
            });
            if group < GROUPS / 2 {
                row["loaded"] = spans.into();
                row["attributions"] = attributions(row["text"].as_str().unwrap());
                let start = row["text"].as_str().unwrap().find(actor).unwrap();
                let polarity = ["neutral", "against", "for"]
                    [["neutral", "negative", "positive"].iter().position(|t| t == tone).unwrap()];
                let target = [start, start + actor.len()];
                row["stances"] = json!([{"holder": "author", "target": target, "polarity": polarity}]);
            }
            rows.push(row);
        }
    }
    rows
}

/// The attributions of one of the sentences: what the clerk said, and what was crowed about.
fn attributions(text: &str) -> Value {
    let part = |from: usize, to: usize| json!([from, to]);
    if let Some(at) = text.find(", a clerk said") {
        let (source, cue) = (part(at + 2, at + 9), part(at + 10, at + 14));
        return json!([{"source": source, "cue": cue, "content": [part(0, at)], "class": "neutral", "direct": "indirect"}]);
    }
    let Some(at) = text.find(" crowed ") else { return json!([]) };
    let (cue, content) = (part(at + 1, at + 7), part(at + 8, text.len() - 1));
    json!([{"source": part(0, at), "cue": cue, "content": [content], "class": "charged", "direct": "indirect"}])
}

/// Records as a file has them.
pub fn jsonl(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// The words of the sentences, the letters, as beginnings and as continuations, and marks.
fn vocabulary() -> Vec<String> {
    let mut pieces: Vec<String> = ["[UNK]", ".", ",", "!", "?", "-", "'", "\""].map(str::to_owned).into();
    pieces.extend(('a'..='z').flat_map(|letter| [letter.to_string(), format!("##{letter}")]));
    let texts: Vec<String> = rows().iter().map(|row| row["text"].as_str().unwrap().to_lowercase()).collect();
    let words: BTreeSet<&str> =
        texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic())).filter(|w| w.len() > 1).collect();
    pieces.extend(words.into_iter().map(str::to_owned));
    pieces
}

/// Rows of little-endian floats from −1 to 1, the same in every run.
fn floats(count: usize) -> Vec<u8> {
    let mut state = 20u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).flat_map(|_| next().to_le_bytes()).collect()
}

/// A copy of a bundle, to be damaged.
pub fn copy(bundle: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_into(bundle, folder.path());
    folder
}

/// Copies the files of a folder into another, which is made.
pub fn copy_into(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, to.join(from.file_name().unwrap())).unwrap();
    }
}

/// Replaces one file of a bundle and makes the manifest's size and checksums fit it.
pub fn altered(bundle: &Path, name: &str, bytes: &[u8]) {
    fs::write(bundle.join(name), bytes).unwrap();
    let path = bundle.join("bundle.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["files"][name] = serde_json::to_value(Digests::of(bytes)).unwrap();
    fs::write(path, serde_json::to_vec_pretty(&manifest).unwrap()).unwrap();
}

/// The files of a folder with their bytes, by name.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&p).unwrap())).collect();
    files.sort();
    files
}
