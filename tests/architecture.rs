//! The layers of `src/README.md`, enforced: which part of the source may use which other.
//!
//! In: every file of `src/`. Out: a failure that names file and line. Start at [`LAYERS`]. A new edge
//! or a new layer is a decision: it is made here, in `src/README.md`, and nowhere else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer, and the layers that it may use besides itself, tests included.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("text", &["error"]),
    ("features", &["error", "text"]),
    ("heads", &["error", "text", "features"]),
    ("model", &["error", "text", "features", "heads"]),
    ("fold", &["error", "text", "features", "heads", "model"]),
    ("report", &["error", "text", "heads"]),
    ("score", &["error", "text", "features", "heads", "model", "fold", "report"]),
    ("compare", &["error", "text", "features", "heads", "model", "report", "score"]),
    ("bench", &["error", "text", "features", "heads", "model", "fold", "report", "score"]),
    ("corpus", &["error", "text"]),
    ("columnar", &["error", "text", "heads", "report", "score", "corpus"]),
    ("evaluate", &["error", "text", "heads"]),
    ("train", &["error", "text", "features", "heads", "model", "report", "score", "evaluate"]),
    ("label", &["error", "text", "heads", "report", "score", "evaluate", "train"]),
    ("serve", &["error", "text", "model", "report", "score", "compare", "corpus", "train", "label"]),
    (
        "cli",
        &[
            "error", "text", "features", "heads", "model", "report", "score", "compare", "bench", "corpus", "evaluate",
            "columnar", "train", "label", "serve",
        ],
    ),
    // A package of its own: what it uses it names by `parallax::`.
    (PYTHON, &["error", "text", "heads", "model", "report", "score", "corpus", "evaluate", "columnar", "train"]),
];

/// The compiled module of the wheel.
const PYTHON: &str = "python";

/// The one layer that prints, and reads the environment and the clock.
const FRONT: &str = "cli";

/// How one prints, or reads the environment or the clock.
const OUTSIDE: &[&str] = &[
    "std::env",
    "env::var",
    "env::args",
    "env::current",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "dbg!",
    "stdin()",
    "stdout()",
    "stderr()",
    "std::time",
    "Instant::",
    "SystemTime",
];

/// A file's noun is its name; these are none.
const NO_NOUNS: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "tools"];

/// A file of `src/`: its layer, its path as messages name it, its code without comments.
struct Source {
    layer: String,
    path: PathBuf,
    code: String,
}

impl Source {
    /// `path:line` of a byte of the code; comments are blanked in place, so lines are the file's.
    fn at(&self, byte: usize) -> String {
        format!("src/{}:{}", self.path.display(), 1 + self.code[..byte].matches('\n').count())
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let full = entry.unwrap().path();
            if full.is_dir() {
                folders.push(full);
            } else if full.extension().is_some_and(|e| e == "rs") && !full.ends_with("build.rs") {
                let path = full.strip_prefix(&root).unwrap().to_path_buf();
                let layer = path.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
                let code = fs::read_to_string(&full).unwrap().lines().map(uncommented).collect();
                sources.push(Source { layer, path, code });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 40, "only {} files found in {}", sources.len(), root.display());
    sources
}

/// A line without its comment. A `//` inside a word, as in an address, begins none.
fn uncommented(line: &str) -> String {
    let begins = |at: &usize| *at == 0 || line[..*at].ends_with([' ', '\t', ';', '{', '}', ',', ')']);
    let end = line.match_indices("//").map(|(at, _)| at).find(begins).unwrap_or(line.len());
    format!("{}\n", &line[..end])
}

/// The layers that the code names by `crate::…`, or whatever the library is called there, each with the byte where it
/// stands.
fn used(code: &str, library: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, path) in code.match_indices(library) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || "_$".contains(c)) {
            continue;
        }
        let start = at + path.len();
        if !code[start..].starts_with('{') {
            found.push((start, word(&code[start..])));
            continue;
        }
        let (mut depth, mut wanted) = (0, false);
        for (offset, c) in code[start..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if wanted && !c.is_whitespace() {
                found.push((start + offset, word(&code[start + offset..])));
            }
            wanted = (depth == 1 && (c == ',' || c == '{')) || (wanted && c.is_whitespace());
        }
    }
    // `crate::Error` and `crate::Result` are re-exports of the layer `error`.
    found.retain(|(_, name)| !name.is_empty());
    for (_, name) in &mut found {
        if name == "Error" || name == "Result" {
            "error".clone_into(name);
        }
    }
    found
}

fn word(code: &str) -> String {
    code.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The code before the file's tests; nothing of a file that is all tests.
fn shipped(source: &Source) -> &str {
    if source.path.file_stem().is_some_and(|name| name == "tests" || name.to_string_lossy().ends_with("_tests")) {
        return "";
    }
    let tests = source.code.find("#[cfg(test)]\nmod tests {").or_else(|| source.code.find("mod tests {"));
    &source.code[..tests.unwrap_or(source.code.len())]
}

fn report(broken: &[String]) {
    assert!(broken.is_empty(), "{} broken:\n  {}\n(see src/README.md)", broken.len(), broken.join("\n  "));
}

#[test]
fn each_layer_uses_only_the_layers_below_it() {
    let mut broken = Vec::new();
    for source in sources() {
        if source.layer == "lib" || source.layer == "main" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == source.layer) else { continue };
        let library = if source.layer == PYTHON { "parallax::" } else { "crate::" };
        for (at, name) in used(&source.code, library) {
            if name != source.layer && !allowed.contains(&name.as_str()) {
                let place = source.at(at);
                broken.push(format!("{place}: `{}` uses `{name}`; it may use {}", source.layer, allowed.join(", ")));
            }
        }
        // A path through `super` that leaves the layer would not be seen above.
        for (at, _) in source.code.match_indices("super::super::super") {
            broken.push(format!("{}: three `super` in a row; name it from `crate::`", source.at(at)));
        }
    }
    report(&broken);
}

#[test]
fn every_part_of_the_source_is_a_layer() {
    let found: BTreeSet<String> = sources().into_iter().map(|source| source.layer).collect();
    let mut listed: BTreeSet<String> = LAYERS.iter().map(|(layer, _)| (*layer).to_owned()).collect();
    listed.extend(["lib".to_owned(), "main".to_owned()]);
    assert_eq!(found, listed, "the folders and files right in src/, and the layers of tests/architecture.rs");
}

#[test]
fn the_layers_have_an_order() {
    for (at, (layer, allowed)) in LAYERS.iter().enumerate() {
        for below in *allowed {
            assert!(LAYERS[..at].iter().any(|(name, _)| name == below), "`{layer}` may use `{below}`, listed after it");
        }
    }
}

#[test]
fn only_the_front_prints_or_reads_the_environment_or_the_clock() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.layer != FRONT) {
        let code = shipped(source);
        for word in OUTSIDE {
            for (at, _) in code.match_indices(word) {
                // `env!` is read when the program is built; `sprint!` is not `print!`.
                if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    broken.push(format!("{}: `{}` uses `{word}`; only `{FRONT}` may", source.at(at), source.layer));
                }
            }
        }
    }
    report(&broken);
}

#[test]
fn every_file_is_named_by_a_noun_of_its_own() {
    let named = |source: &Source| {
        let stem = source.path.file_stem().unwrap().to_string_lossy().into_owned();
        NO_NOUNS.contains(&stem.as_str()).then(|| format!("src/{}: what is it?", source.path.display()))
    };
    report(&sources().iter().filter_map(named).collect::<Vec<_>>());
}

#[test]
fn imports_are_found_in_every_shape() {
    let code = "use crate::text::{Span, a};\nuse crate::{\n    heads::Head,\n    model,\n};\nlet e = crate::Error::x();\n$crate::no; mycrate::no;";
    let names: Vec<String> = used(code, "crate::").into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["text", "heads", "model", "error"]);
    assert_eq!(uncommented("a; // use crate::b"), "a; \n");
    assert_eq!(uncommented("\"http://crate\""), "\"http://crate\"\n");
}
