//! The forms that Arabic loaded terms and attributions come in, with the bundle that ships.
//!
//! In: sentences written for this test; where it is there, the Arabic seed article (`SHARED`, else `../shared`). Out: what
//! is found, beside what a reader finds. Start at [`found`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

use parallax::heads::attribution::CueClass;
use parallax::report::{AttributionReport, Report};
use parallax::score::{Options, Scorer};
use parallax::text::Document;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SCORER: LazyLock<Scorer> =
    LazyLock::new(|| Scorer::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ar")).unwrap());

fn report(text: &str) -> Report {
    SCORER.score(&Document::new("a", text), &Options::default()).unwrap()
}

/// Each attribution as `source | cue | contents`; nobody is `-`.
fn found(text: &str) -> Vec<String> {
    let of = |a: &AttributionReport| {
        let source = a.source.as_ref().map_or("-", |s| s.passage.text.as_str());
        let contents: Vec<&str> = a.content.iter().map(|c| c.text.as_str()).collect();
        format!("{source} | {} | {}", a.cue.text, contents.join(" … "))
    };
    report(text).attributions.unwrap().iter().map(of).collect()
}
